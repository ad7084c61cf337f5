import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import Foundation
import Testing

@testable import FairleadReport

/// The report of a small backtest on a synthetic tape.
@Suite struct RunPageTests {
    private static let start = Timestamp(milliseconds: 1_723_075_200_000)
    private static let hostile = "</td><script>alert(1)</script>"

    private static func configuration() throws -> ResolvedConfiguration {
        let values = [
            "runtime.capacities.orders": "512", "runtime.capacities.parents": "512",
            "runtime.capacities.signals": "4096", "runtime.capacities.executions": "4096",
            "runtime.capacities.levels": "512", "runtime.journal.segment_bytes": "2097152",
            "runtime.queues.notices": "4096", "runtime.market.source": "tape", "runtime.market.depth": "touch",
            "runtime.market.tapes": "tape",
            "strategy_config.screener.enabled": "false", "risk_limits.cooldown_minutes_after_stop": "0.05",
            "strategy_config.router.maker_timeout_ms": "1500", "risk_limits.pyramiding": "true",
        ]
        let overrides = values.sorted { $0.key < $1.key }.map { ConfigurationOverride(path: $0.key, value: $0.value) }
        return try ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides).get()
    }

    /// Quotes and trades of the synthetic market, in the words of Binance's combined stream.
    private static let recording: [UInt8] = {
        var text = ""
        do {
            let configuration = try configuration()
            let instruments = configuration.engine.instruments
            let settings = configuration.runtime.market.synthetic
            var market = try SyntheticMarket(settings, instruments: instruments, startingAt: start)
            for number in 1...4000 {
                let next = market.next()
                let stamp = next.time.nanoseconds / 1_000_000
                let times = #""E":\#(stamp),"T":\#(stamp)"#
                if case .quoted(let quote) = next.event {
                    let symbol = instruments[Int(quote.instrument.index)].symbol
                    text += #"\#(next.time.nanoseconds) {"stream":"\#(symbol.lowercased())@bookTicker","data":"#
                    text += #"{"e":"bookTicker","u":\#(number),"s":"\#(symbol)","b":"\#(quote.bid)","#
                    text += #""B":"\#(quote.bidQuantity)","a":"\#(quote.ask)","A":"\#(quote.askQuantity)",\#(times)}}"#
                    text += "\n"
                } else if case .traded(let trade) = next.event {
                    let symbol = instruments[Int(trade.instrument.index)].symbol
                    text += #"\#(next.time.nanoseconds) {"stream":"\#(symbol.lowercased())@trade","data":"#
                    text += #"{"e":"trade",\#(times),"s":"\#(symbol)","t":\#(number),"p":"\#(trade.price)","#
                    text += #""q":"\#(trade.quantity)","X":"MARKET","m":\#(trade.aggressor == .sell)}}"# + "\n"
                }
            }
        } catch {
            Issue.record("the recording could not be made: \(error)")
        }
        return Array(text.utf8)
    }()

    /// Two strategies' files: one names itself with markup, the other is named from outside.
    private static var signals: SignalTape {
        var texts = ["", ""]
        for number in 0..<90 {
            let time = (start + .milliseconds(Int64(number) * 1500 + 500)).text(.milliseconds)
            let symbol = number % 11 == 0 ? "XRPUSDT" : ["BTCUSDT", "ETHUSDT", "SOLUSDT"][number % 3]
            let size = number % 13 == 5 ? "900000" : "250"
            let intent = number % 4 == 3 ? #""intent":"flatten""# : #""size":{"notional":"\#(size)"}"#
            let strategy = number % 2 == 0 ? #","strategy":"\#(hostile)""# : ""
            texts[number % 2] +=
                #"{"schema":"fairlead.signal.v1","signal_id":"<b>\#(number)</b>","ts":"\#(time)","#
                + #""symbol":"\#(symbol)","side":"\#(number % 5 < 3 ? "BUY" : "SELL")",\#(intent)\#(strategy)}"# + "\n"
        }
        return SignalTape([SignalFile(Array(texts[0].utf8)), SignalFile(strategy: "second", Array(texts[1].utf8))])
    }

    private static func backtest(_ disk: MemoryDisk, _ seen: RunCollector) throws -> Backtest {
        let configuration = try configuration()
        var merger = TapeMerger()
        let isAdded = merger.add(MemoryByteSource(recording), instruments: configuration.engine.instruments)
        #expect(isAdded)
        let tape = try TapeFeed(merger, digests: [try FileDigest(of: MemoryByteSource(recording))], depth: .touch)
        var setup = NodeSetup(disk: disk, configuration: configuration, clock: VirtualClock(start))
        setup.runID = Digest128(high: 1, low: 2)
        return try Backtest(setup, tape: tape, signals: signals, watchers: [seen])
    }

    private static func page(_ disk: MemoryDisk) throws -> (text: String, result: BacktestResult, seen: RunCollector) {
        let seen = RunCollector(try configuration().engine.instruments)
        var backtest = try backtest(disk, seen)
        while try backtest.run(records: 700) {}
        let result = try backtest.finish()
        let head = ReportHead(
            version: "1.0",
            configurationHash: try configuration().hash,
            configurationSource: "config",
            settings: [ReportHead.Setting("router.maker_timeout_ms", "1500")],
            currency: "USDT",
            startingBalance: Money(whole: 100_000),
            tapes: [ReportHead.Tape(path: "tape<i>", digest: "\(result.tapeSource)")],
            signals: [ReportHead.Signals(path: "a.jsonl", strategy: "second", digest: "00")],
            journalHash: "\(try JournalVerifier.verify(disk).hash)",
            inputsHash: Digest128(of: "inputs")
        )
        return (RunPage(head, result, seen).text, result, seen)
    }

    /// Goal: the page is the same bytes for the same run, well-formed, small, and asks the network for nothing.
    /// Method: two runs; the page as XML, its size, and the words by which a page loads or runs something.
    @Test func pagesAreEqualAndSelfContained() throws {
        let first = try Self.page(MemoryDisk())
        let second = try Self.page(MemoryDisk())
        #expect(first.result.statistics.fills > 10)
        #expect(first.text == second.text)
        try WellFormed.check(first.text)
        #expect(first.text.utf8.count < 400_000)
        for word in ["<script", "http:", "https:", "<link", "<img", "@import", "url(", "onload", "onclick"] {
            #expect(!first.text.contains(word), "\(word)")
        }
        #expect(first.text.contains("default-src &#39;none&#39;"))
        for heading in [
            ">PAPER<", "Equity and drawdown", "What trading cost", "Fills and positions", "Strategies", "Symbols",
            "Signals that did not trade", "How orders were routed", "Orders", "Inputs and hashes",
        ] {
            #expect(first.text.contains(heading), "\(heading)")
        }
    }

    /// Goal: names from outside appear, and only as text.
    /// Method: a strategy, signal ids and a tape's path with markup in them.
    @Test func namesAreOnlyText() throws {
        let text = try Self.page(MemoryDisk()).text
        #expect(text.contains("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(text.contains("&lt;b&gt;"))
        #expect(text.contains("tape&lt;i&gt;"))
        #expect(!text.contains("<b>") && !text.contains("<i>"))
    }

    /// Goal: a run that was killed and resumed tells the same, byte for byte.
    /// Method: killed after different numbers of records, twice each, then run to its end.
    @Test(arguments: [1, 513, 1999, 3500])
    func resumedRunsTellTheSame(_ records: Int) throws {
        let whole = try Self.page(MemoryDisk())
        var disk = MemoryDisk()
        for more in [records, 150] {
            var backtest = try Self.backtest(disk, RunCollector(try Self.configuration().engine.instruments))
            _ = try backtest.run(records: more)
            if more == 150 { try backtest.pause() }
            disk = disk.crash(.process)
        }
        let resumed = try Self.page(disk)
        #expect(resumed.result.stateHash == whole.result.stateHash)
        #expect(resumed.text == whole.text)
        #expect(
            resumed.seen.strategyRows(resumed.result.strategies) == whole.seen.strategyRows(whole.result.strategies)
        )
    }

    /// Goal: what is told agrees with what was counted elsewhere.
    /// Method: sums over strategies, symbols and routes against the run's statistics and the ledger.
    @Test func sumsAgree() throws {
        let (_, result, seen) = try Self.page(MemoryDisk())
        let run = result.statistics
        let signals = seen.strategies.reduce(0) { $0 + $1.signals }
        #expect(signals + seen.internalSignals + seen.unreadSignals == run.signals)
        let parents = seen.strategies.reduce(0) { $0 + $1.trades.parents }
        #expect(parents + seen.ownTrades.parents == seen.trades.parents)
        #expect(seen.symbols.reduce(0) { $0 + $1.trades.fills } == run.fills)
        #expect(seen.symbols.reduce(Money.zero) { $0 + $1.trades.fees } == run.fees)
        #expect(seen.symbols.reduce(Money.zero) { $0 + $1.trades.slippage } == run.slippage)
        #expect(seen.symbols.reduce(Money.zero) { $0 + $1.realized } == run.realized)
        #expect(result.strategies.reduce(Money.zero) { $0 + $1.fees } == run.fees)
        #expect(zip(seen.vetoes, run.vetoes).allSatisfy { $0.count == $1 })
        #expect(seen.orderCount == run.orders)
        #expect(seen.routes.reduce(0) { $0 + $1.filledParents } == run.filledParents)
        let order = try #require(VetoReason.allCases.first { $0 == .maxOrderNotional })
        let example = try #require(seen.vetoes[Int(order.rawValue)].example)
        #expect(example.signalID.hasPrefix("<b>"))
        #expect(example.row?.rule == .maxOrderNotional)
        #expect(example.row?.observed ?? 0 > example.row?.threshold ?? 0)
        let names = result.strategies.map(\.name)
        #expect(names.contains("second") && names.contains(Self.hostile))
        let charted = (0..<seen.clock.count).reduce(0) { sum, row in
            sum + seen.symbols.reduce(0) { $0 + $1.fills.reduce(0) { $0 + $1[row].count } }
        }
        #expect(charted == Int(run.fills))
    }
}
