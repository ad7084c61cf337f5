import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct BacktestTests {
    typealias Fixture = NodeFixture

    static let lines = 3_000

    /// A recording made of the synthetic market, in the words of Binance's combined stream.
    static let recording: [UInt8] = {
        var text = ""
        do {
            let configuration = try Fixture.configuration()
            let instruments = configuration.engine.instruments
            var market = try SyntheticMarket(
                configuration.runtime.market.synthetic,
                instruments: instruments,
                startingAt: Fixture.start
            )
            var number = 0
            for _ in 0..<lines {
                number += 1
                let next = market.next()
                let time = next.time.nanoseconds
                let stamp = #""E":\#(time / 1_000_000),"T":\#(time / 1_000_000)"#
                switch next.event {
                case .quoted(let quote):
                    let symbol = instruments[Int(quote.instrument.index)].symbol
                    text += "\(time) {\"stream\":\"\(symbol.lowercased())@bookTicker\",\"data\":{\"e\":\"bookTicker\","
                    text += "\"u\":\(number),\"s\":\"\(symbol)\",\"b\":\"\(quote.bid)\",\"B\":\"\(quote.bidQuantity)\","
                    text += "\"a\":\"\(quote.ask)\",\"A\":\"\(quote.askQuantity)\",\(stamp)}}\n"
                case .traded(let trade):
                    let symbol = instruments[Int(trade.instrument.index)].symbol
                    text += "\(time) {\"stream\":\"\(symbol.lowercased())@trade\",\"data\":{\"e\":\"trade\",\(stamp),"
                    text += "\"s\":\"\(symbol)\",\"t\":\(number),\"p\":\"\(trade.price)\",\"q\":\"\(trade.quantity)\","
                    text += "\"X\":\"MARKET\",\"m\":\(trade.aggressor == .sell)}}\n"
                default: break
                }
            }
        } catch {
            Issue.record("the recording could not be made: \(error)")
        }
        return Array(text.utf8)
    }()

    static func tape(_ configuration: ResolvedConfiguration) throws -> TapeFeed {
        var merger = TapeMerger()
        let isAdded = merger.add(MemoryByteSource(recording), instruments: configuration.engine.instruments)
        #expect(isAdded)
        let digest = try FileDigest(of: MemoryByteSource(recording))
        return try TapeFeed(merger, digests: [digest], depth: .book)
    }

    static func configuration() throws -> ResolvedConfiguration {
        try Fixture.configuration([
            "runtime.market.source": "tape", "runtime.market.tapes": #"["tape"]"#,
            "strategy_config.screener.enabled": "false", "risk_limits.cooldown_minutes_after_stop": "0.05",
        ])
    }

    /// A signal every two seconds, some of them wrong, some that flatten.
    static let signals: SignalTape = {
        var text = ""
        for number in 0..<120 {
            let time = Timestamp(nanoseconds: Fixture.start.nanoseconds + Int64(number) * 2_000_000_000 + 500_000)
            let symbol = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"][number % 7 == 0 ? 3 : number % 3]
            let quantity = ["0.01", "0.2", "3"][number % 3]
            let flatten = number % 4 == 3
            let size = flatten ? "" : #","size":{"quantity":"\#(quantity)"}"#
            text += #"{"schema":"fairlead.signal.v1","signal_id":"s\#(number)","ts":"\#(time.text(.milliseconds))","#
            text += #""symbol":"\#(symbol)","side":"\#(flatten ? "SELL" : "BUY")","order_type":"market","#
            text += #""intent":"\#(flatten ? "flatten" : "entry")"\#(size)}"# + "\n"
        }
        return SignalTape(Array(text.utf8))
    }()

    static func setup(_ disk: MemoryDisk, isObserved: Bool = true) throws -> NodeSetup {
        var setup = Fixture.setup(disk, try configuration(), VirtualClock(Fixture.start))
        setup.isObserved = isObserved
        return setup
    }

    static func whole(_ disk: MemoryDisk, isObserved: Bool = true) throws -> BacktestResult {
        let setup = try setup(disk, isObserved: isObserved)
        var backtest = try Backtest(setup, tape: try tape(setup.configuration), signals: signals)
        while try backtest.run(records: 1000) {}
        return try backtest.finish()
    }

    /// Goal: a backtest trades, two runs are equal, observing changes nothing, and a replay with the tape agrees.
    /// Method: the recording played three times and replayed; all hashes side by side.
    @Test func runsAreEqual() throws {
        let disks = [MemoryDisk(), MemoryDisk(), MemoryDisk()]
        let first = try Self.whole(disks[0])
        let second = try Self.whole(disks[1])
        let unobserved = try Self.whole(disks[2], isObserved: false)
        #expect(first.statistics.signals == UInt64(first.signalLines))
        #expect(first.statistics.fills > 5)
        #expect(first.statistics.lostNotices == 0)
        #expect(first.statistics.acknowledgements[Int(SignalDisposition.invalid.rawValue)] > 0)
        #expect(first.stateHash == second.stateHash)
        #expect(first.commandHash == second.commandHash)
        #expect(first.stateHash == unobserved.stateHash)
        #expect(first.commandHash == unobserved.commandHash)
        let journals = try disks.map { try JournalVerifier.verify($0).hash }
        #expect(Set(journals).count == 1)

        var replayer = try Replayer(disks[0], tape: try Self.tape(try Self.configuration()))
        try replayer.run()
        let replayed = replayer.result()
        #expect(replayed.commandHash == first.commandHash)
        #expect(replayed.stateHash == first.stateHash)
        #expect(replayed.journalHash == journals[0])
        try expectMeasured(first, second)
    }

    /// Goal: a tape that is silent for days loses no notice. Method: three quotes, the last after three days of timers;
    /// what is told of them is more than the ring of notices holds.
    @Test func aLongSilenceLosesNothing() throws {
        var text = ""
        for (number, hours) in [0, 1, 72].enumerated() {
            let time = Self.start(after: hours).nanoseconds
            text += "\(time) {\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":\(number + 1),"
            text += "\"s\":\"BTCUSDT\",\"b\":\"60000.0\",\"B\":\"1.000\",\"a\":\"60000.1\",\"A\":\"1.000\","
            text += "\"E\":\(time / 1_000_000),\"T\":\(time / 1_000_000)}}\n"
        }
        let bytes = Array(text.utf8)
        let configuration = try Self.configuration()
        var merger = TapeMerger()
        let isAdded = merger.add(MemoryByteSource(bytes), instruments: configuration.engine.instruments)
        #expect(isAdded)
        let tape = try TapeFeed(merger, digests: [try FileDigest(of: MemoryByteSource(bytes))], depth: .book)
        let setup = Fixture.setup(MemoryDisk(), configuration, VirtualClock(Fixture.start))
        var backtest = try Backtest(setup, tape: tape, signals: SignalTape([UInt8]()))
        while try backtest.run(records: 1000) {}
        let result = try backtest.finish()
        #expect(result.statistics.lostNotices == 0)
    }

    private static func start(after hours: Int) -> Timestamp { Fixture.start + .hours(Int64(hours)) }

    /// Every fill and every ended parent of a run is measured, the fills before its end too that no horizon was left
    /// for.
    private func expectMeasured(_ run: BacktestResult, _ again: BacktestResult) throws {
        let execution = run.statistics.execution
        #expect(execution.fills == run.statistics.fills)
        #expect(execution.slippageBps.value != nil)
        #expect(execution.horizons[0].markoutBps.count > 0)
        #expect(execution.horizons[0].markoutBps.count <= Int(run.statistics.fills))
        let parents = execution.shortfall.parents + execution.shortfall.unmeasuredParents
        #expect(parents == run.statistics.outcomes.reduce(0, +))
        #expect(execution.shortfall.parents > 0)
        let members = JSONValue.object(execution.members)
        #expect(members == .object(again.statistics.execution.members))
        #expect(members["shortfall"]?["total"]?.string != nil)
        #expect(members["markout_bps"]?.object?.map(\.key) == ["50ms", "1s", "5s", "30s", "60s", "300s"])
    }

    /// Goal: a killed backtest resumes to the hashes of the one that was not: same epoch, no recovery events.
    /// Method: killed after 21 different numbers of records, resumed, killed again, resumed, finished.
    @Test func resumesToTheSameHashes() throws {
        let reference = MemoryDisk()
        let whole = try Self.whole(reference)
        let journal = try JournalVerifier.verify(reference).hash
        for stop in stride(from: 37, to: Self.lines - 700, by: 109) {
            var disk = MemoryDisk()
            for records in [stop, 211] {
                let setup = try Self.setup(disk)
                var backtest = try Backtest(setup, tape: try Self.tape(setup.configuration), signals: Self.signals)
                _ = try backtest.run(records: records)
                disk = disk.crash(.process)
            }
            let setup = try Self.setup(disk)
            var backtest = try Backtest(setup, tape: try Self.tape(setup.configuration), signals: Self.signals)
            let isResumed = backtest.isResumed
            #expect(isResumed)
            while try backtest.run(records: 1000) {}
            let result = try backtest.finish()
            #expect(result.stateHash == whole.stateHash, "killed after \(stop)")
            #expect(result.commandHash == whole.commandHash, "killed after \(stop)")
            #expect(result.statistics.fills == whole.statistics.fills, "killed after \(stop)")
            let members = JSONValue.object(result.statistics.execution.members)
            #expect(members == .object(whole.statistics.execution.members), "killed after \(stop)")
            #expect(try JournalVerifier.verify(disk).hash == journal, "killed after \(stop)")
        }
    }

    /// Goal: a journal cut after any of its records resumes to the same hashes.
    /// Method: the finished journal cut after each 59th input, then run to its end.
    @Test func resumesFromAnyRecord() throws {
        let reference = MemoryDisk()
        let whole = try Self.whole(reference)
        for sequence in stride(from: 2, to: whole.sequence, by: 59) {
            let disk = reference.crash(.process)
            try JournalCut.cut(disk, after: sequence)
            let result = try Self.whole(disk)
            #expect(result.stateHash == whole.stateHash, "cut after \(sequence)")
            #expect(result.commandHash == whole.commandHash, "cut after \(sequence)")
            #expect(result.sequence == whole.sequence, "cut after \(sequence)")
        }
    }

    /// Goal: a journal is never continued, or replayed, with other tapes, or none.
    /// Method: the tape's digest changed; no tape at all.
    @Test func otherTapesAreRefused() throws {
        let disk = MemoryDisk()
        _ = try Self.whole(disk)
        var merger = TapeMerger()
        let configuration = try Self.configuration()
        _ = merger.add(MemoryByteSource(Self.recording), instruments: configuration.engine.instruments)
        let digest = try FileDigest(of: MemoryByteSource([1, 2, 3]))
        let other = try TapeFeed(merger, digests: [digest], depth: .book)
        var replayer = try Replayer(disk, tape: other)
        do {
            try replayer.run()
            Issue.record("another tape must be refused")
        } catch {
            guard case .otherTapes = error else { return #expect(Bool(false), "\(error)") }
        }
        var none = try Replayer(disk)
        do {
            try none.run()
            Issue.record("a missing tape must be refused")
        } catch {
            guard case .tapesMissing = error else { return #expect(Bool(false), "\(error)") }
        }
    }
}
