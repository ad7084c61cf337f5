import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadPaper
import Testing

@testable import FairleadNode

@Suite struct EmbeddedNodeTests {
    typealias Fixture = NodeFixture

    /// Goal: the demonstration trades by itself, and a replay of its journal computes the same commands and state.
    /// Method: ten minutes of the synthetic market with the screener, then a replay in a fresh engine.
    @Test func tradesAndReplays() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Node.open(Fixture.setup(disk, try Fixture.configuration(), clock))
        Fixture.run(&node, clock, for: .minutes(10))
        let isReconciled = node.isReconciled
        #expect(isReconciled)
        let counters = node.withEngine { $0.counters }
        #expect(counters.sends > 0)
        #expect(counters.fills > 0)
        #expect(counters.outOfOrder == 0)
        #expect(counters.externalFills == 0)
        node.withEngine { $0.checkInvariants() }
        node.fold.egressGuard.accounts.checkInvariants()
        let refusals = EgressRefusal.allCases.map { node.refusals($0) }
        #expect(refusals.allSatisfy { $0 == 0 }, "\(refusals)")
        try Self.expectReplay(of: &node, disk)
    }

    /// A fresh engine over the journal comes to the live node's commands and state.
    static func expectReplay(of node: inout Node, _ disk: MemoryDisk) throws {
        var replayer = try Replayer(disk)
        try replayer.run()
        let result = replayer.result()
        let (sequence, commands, hash) = (node.sequence, node.commandCount, node.commandHash)
        let stateHash = node.fold.stateHash()
        #expect(result.sequence == sequence)
        #expect(result.commandCount == commands)
        #expect(result.commandHash == hash)
        #expect(result.stateHash == stateHash)
        #expect(result.journalHash == (try JournalVerifier.verify(disk)).hash)
    }

    /// Goal: a halt of the embedded venue is in the journal, and a replay halts its own venue by it. Method: a
    /// position, a halt, an exit that waits for its end; then the replay.
    @Test func haltsReplay() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(["strategy_config.screener.enabled": "false"])
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(20))
        _ = node.offer(signal: Fixture.signal("in", side: "BUY", quantity: "0.005"), source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .seconds(30))
        let entries = node.withEngine { $0.counters.fills }
        #expect(entries > 0)
        let bitcoin = InstrumentHandle(0)
        node.fold.venue?.setHalted(true, bitcoin, at: clock.now)
        Fixture.run(&node, clock, for: .seconds(1))
        let isHalted = node.withEngine { $0.marketRow(bitcoin).isHalted }
        #expect(isHalted)
        _ = node.offer(OperatorCommand(.flatten))
        Fixture.run(&node, clock, for: .seconds(70))
        let waiting = node.withEngine { ($0.counters.fills, $0.openParentCount) }
        #expect(waiting == (entries, 1))
        node.fold.venue?.setHalted(false, bitcoin, at: clock.now)
        Fixture.run(&node, clock, for: .seconds(10))
        let positions = node.withEngine { $0.openPositionCount }
        #expect(positions == 0)
        try Self.expectReplay(of: &node, disk)
    }

    /// Goal: a person reads at which fact a replay differs, and not the program's own types. Method: a node hears as
    /// recorded a quote that its market never made.
    @Test func aDifferenceIsToldInWords() throws {
        let clock = VirtualClock(Fixture.start)
        var node = try Node.open(Fixture.setup(MemoryDisk(), try Fixture.configuration(), clock))
        Fixture.run(&node, clock, for: .seconds(2))
        let quote = Quote(
            instrument: InstrumentHandle(0),
            bid: Price(raw: 1),
            bidQuantity: Quantity(raw: 1),
            ask: Price(raw: 2),
            askQuantity: Quantity(raw: 1),
            venueTime: clock.now
        )
        do throws(NodeError) {
            try node.fold.replay(.event(.quoted(quote)), at: clock.now, sequence: 1703, next: nil)
            Issue.record("a quote that nobody made is taken")
        } catch {
            #expect("\(error)" == "replay differs at sequence 1703 (BTCUSDT quoted)")
            if case .diverged(_, _, let detail) = error { #expect(detail.contains("Quote(")) }
        }
    }

    /// Goal: a life that a loss of power follows at once was a life: its epoch is never begun again. Method: open, lose
    /// every sector that no sync had reached, open.
    @Test func anEpochIsDurableBeforeItsLifeBegins() throws {
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration()
        var disk = MemoryDisk()
        for life in 1...3 {
            let node = try Node.open(Fixture.setup(disk, configuration, clock))
            #expect(node.fold.epoch.number == UInt16(life))
            disk = disk.crash(.power(keeps: { _, _ in false }))
        }
    }

    /// Goal: an exit that waited at the throttle when the process died never left, in a replay either, though its time
    /// would have come before the next life. Method: two exits at once under a limit of two messages a second, a crash
    /// before the second's time, a start long after it.
    @Test func whatWaitedWhenALifeEndedNeverLeft() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration([
            "strategy_config.screener.enabled": "false", "risk_limits.order_rate_limit.per_1s": "2",
            "strategy_config.router.maker_reprice": "stay",
        ])
        var waited: UInt64 = 0
        do {
            var node = try Node.open(Fixture.setup(disk, configuration, clock))
            Fixture.run(&node, clock, for: .seconds(20))
            _ = node.offer(signal: Fixture.signal("in", side: "BUY", quantity: "0.009"), source: .file, ticket: 1)
            Fixture.run(&node, clock, for: .seconds(30))
            for number in 1...3 {
                let exit = Fixture.signal("out\(number)", side: "SELL", quantity: "0.00\(number)")
                _ = node.offer(signal: exit, source: .file, ticket: UInt64(number + 1))
            }
            node.pump()
            #expect(node.fold.egressWake < .distantFuture, "nothing waits")
            waited = node.withEngine { $0.counters.sends }
        }
        let left = disk.crash(.process)
        clock.advance(to: clock.now + .seconds(15))
        var node = try Node.open(Fixture.setup(left, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(30))
        #expect(node.withEngine { $0.counters.sends } >= waited)
        let refused = node.refusals(.notConnected)
        #expect(refused > 0)
        try Self.expectReplay(of: &node, left)
    }

    /// Goal: a process that is about to end lets no entry out, exits go on, and the next start knows nothing of it.
    /// Method: a position, the word, then an entry and an exit; a replay, and a restart that enters again.
    @Test func stoppingHoldsEntriesOnly() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(["strategy_config.screener.enabled": "false"])
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(2))
        _ = node.offer(signal: Fixture.signal("a", more: #","maker_first":false"#), source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .seconds(2))
        let sends = node.increasingReleases
        #expect(sends == 1)
        node.killSwitch.engage(.stopping)
        let entry = Fixture.signal("b", symbol: "ETHUSDT", quantity: "0.2", more: #","maker_first":false"#)
        _ = node.offer(signal: entry, source: .file, ticket: 2)
        let exit = Fixture.signal("c", side: "SELL", more: #","intent":"exit""#)
        _ = node.offer(signal: exit, source: .file, ticket: 3)
        Fixture.run(&node, clock, for: .seconds(2))
        let (after, open) = (node.increasingReleases, node.withEngine { $0.openPositionCount })
        #expect(after == sends)
        #expect(open == 0)
        try Self.expectReplay(of: &node, disk)
        let copy = disk.crash(.process)
        var second = try Node.open(Fixture.setup(copy, configuration, clock))
        Fixture.run(&second, clock, for: .seconds(2))
        let again = Fixture.signal("d", symbol: "ETHUSDT", quantity: "0.2", more: #","maker_first":false"#)
        _ = second.offer(signal: again, source: .file, ticket: 4)
        Fixture.run(&second, clock, for: .seconds(2))
        let entered = second.increasingReleases
        #expect(entered == sends + 1)
    }

    /// Goal: an input that waited while the venue's inner clock went on is journaled where a replay finds it.
    /// Method: signals handed in some milliseconds before the pump that takes them, from a printed seed, so that orders
    /// arrive at the venue in between without an event; then a replay, which compares every answer.
    @Test func lateInputsReplay() throws {
        let seed: UInt64 = 2343
        print("late inputs: seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration([
            "strategy_config.screener.enabled": "false", "runtime.market.synthetic.speed": "0.1",
            "risk_limits.pyramiding": "true", "risk_limits.max_trades_per_symbol_per_hour": "250",
            "risk_limits.max_gross_exposure_pct": "5", "risk_limits.max_effective_leverage": "5",
        ])
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(20))
        for round in 0..<150 {
            let (symbol, lots) = [("BTCUSDT", "0.00"), ("ETHUSDT", "0.0"), ("SOLUSDT", "")][round % 3]
            let side = random.next(below: 2) == 0 ? "BUY" : "SELL"
            let quantity = "\(lots)\(random.next(in: 4...9))"
            let signal = Fixture.signal("late-\(round)", symbol: symbol, side: side, quantity: quantity)
            let isTaken = node.offer(signal: signal, source: .file, ticket: 1)
            #expect(isTaken)
            clock.advance(to: clock.now + .milliseconds(Int64(random.next(below: 8))))
            node.pump()
            clock.advance(to: clock.now + .milliseconds(Int64(random.next(below: 20))))
        }
        Fixture.run(&node, clock, for: .seconds(30))
        let fills = node.withEngine { $0.counters.fills }
        #expect(fills > 10)
        try Self.expectReplay(of: &node, disk)
    }

    /// Goal: observing changes nothing (S-21).
    /// Method: the same run observed and not; commands and journal have the same hashes.
    @Test func observingChangesNothing() throws {
        var hashes: [Digest256] = []
        var journals: [Digest256] = []
        for isObserved in [true, false] {
            let disk = MemoryDisk()
            let clock = VirtualClock(Fixture.start)
            var setup = Fixture.setup(disk, try Fixture.configuration(), clock)
            setup.isObserved = isObserved
            var node = try Node.open(setup)
            Fixture.run(&node, clock, for: .minutes(5))
            let (hash, end) = (node.commandHash, node.notices.end)
            hashes.append(hash)
            journals.append(try JournalVerifier.verify(disk).hash)
            #expect((end > 0) == isObserved)
        }
        #expect(hashes[0] == hashes[1])
        #expect(journals[0] == journals[1])
    }

    /// Goal: a stop at any record is recovered: engine and venue agree, nothing is sent twice, and the journal of both
    /// lives replays. Method: the journal of five minutes cut after each 397th record and each of the last 30, restart,
    /// ten seconds more.
    @Test func restartsAfterEachRecord() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration()
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .minutes(5))
        let end = node.sequence
        let sequences = Array(stride(from: 1, to: end, by: 397)) + Array(end - 30...end)
        for sequence in sequences {
            let copy = disk.crash(.process)
            try JournalCut.cut(copy, after: sequence)
            let later = VirtualClock(clock.now + .minutes(3))
            var second = try Node.open(Fixture.setup(copy, configuration, later))
            Fixture.run(&second, later, for: .seconds(10))
            Self.expectAgreement(&second, "cut after \(sequence)")
            if sequence % 5 == 0 { try Self.expectReplay(of: &second, copy) }
        }
    }

    /// The embedded venue and the engine agree on positions and open orders, and no id was used twice.
    static func expectAgreement(_ node: inout Node, _ what: String) {
        let isReconciled = node.isReconciled
        #expect(isReconciled, "\(what)")
        let unknown = node.withEngine { $0.unknownOrderCount }
        #expect(unknown == 0, "\(what)")
        let instruments = node.configuration.engine.instruments.count
        for index in 0..<instruments {
            let handle = InstrumentHandle(index)
            let ours = node.withEngine { $0.position(PositionKey(handle, .both)).quantity }
            let venue = node.fold.venue?.position(handle, .both).quantity
            #expect(ours == venue, "\(what): position of \(index)")
        }
        let counters = node.withEngine { $0.counters }
        #expect(counters.externalFills == 0, "\(what)")
        #expect(counters.overfills == 0, "\(what)")
    }

    /// Goal: the kill word stops entries in the very step, is journaled, replays, and survives a restart.
    /// Method: engaged between two pumps of a trading run, at 5 moments; then resume lets it trade again.
    @Test func killReplays() throws {
        for moment in 0..<5 {
            let disk = MemoryDisk()
            let clock = VirtualClock(Fixture.start)
            let configuration = try Fixture.configuration()
            var node = try Node.open(Fixture.setup(disk, configuration, clock))
            Fixture.run(&node, clock, for: .seconds(60 + Int64(moment) * 7))
            let isTaken = node.offer(OperatorCommand(moment % 2 == 0 ? .halt : .kill))
            #expect(isTaken)
            let sends = node.increasingReleases
            Fixture.run(&node, clock, for: .seconds(60))
            let (after, since) = (node.increasingReleases, node.releasesSinceEngage)
            #expect(after == sends)
            #expect(since == 0)
            try Self.expectReplay(of: &node, disk)
            _ = node.offer(OperatorCommand(.resume))
            Fixture.run(&node, clock, for: .minutes(3))
            let engaged = node.killSwitch.engaged
            #expect(engaged == [])
            try Self.expectReplay(of: &node, disk)
        }
    }

    /// Goal: signals are numbered over restarts, their texts journaled, strategies known again, duplicates found.
    /// Method: two signals of one strategy, a broken one, a restart, the first again.
    @Test func signalsAreNumbered() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(["strategy_config.screener.enabled": "false"])
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(5))
        let more = #","strategy":"swing","meta":{"k":1}"#
        _ = node.offer(signal: Fixture.signal("a", more: more), source: .file, ticket: 11)
        _ = node.offer(signal: Array("{\"signal_id\":7}".utf8), source: .file, ticket: 12)
        node.pump()
        let replies = node.takeReplies()
        #expect(replies.map(\.ticket) == [11, 12])
        #expect(replies.map(\.number.value) == [1, 2])
        guard case .invalid(let error) = replies[1].outcome else { return #expect(Bool(false), "must be invalid") }
        #expect(error.faults.contains { $0.field == "signal_id" })
        let next = disk.crash(.process)
        var second = try Node.open(Fixture.setup(next, configuration, clock))
        _ = second.offer(signal: Fixture.signal("a", more: more), source: .file, ticket: 13)
        second.pump()
        #expect(second.takeReplies().map(\.number.value) == [3])
        let name = second.strategyName(StrategyHandle(index: 2))
        #expect(name == "swing")
        let duplicates = second.withEngine { $0.counters.duplicates }
        #expect(duplicates == 1)
        var texts: [String] = []
        var replayer = try Replayer(next)
        try replayer.run { item in
            if case .record(let record) = item, case .text(let text) = record.body { texts.append(text.text) }
        }
        #expect(texts == ["swing", "a", #"{"k":1}"#, "", error.description, "a", #"{"k":1}"#])
    }

    /// Goal: every queue's end is an answer: refused and counted, never growth.
    /// Method: one more of each than there is room for.
    @Test func fullQueues() throws {
        let clock = VirtualClock(Fixture.start)
        var setup = Fixture.setup(MemoryDisk(), try Fixture.configuration(), clock)
        setup.capacities.signals = 3
        setup.capacities.operators = 2
        setup.capacities.trades = 2
        setup.capacities.replies = 2
        var node = try Node.open(setup)
        for ticket in 0..<4 as Range<UInt64> {
            let isTaken = node.offer(signal: [0x7B], source: .standardInput, ticket: ticket)
            #expect(isTaken == (ticket < 3))
        }
        for number in 0..<3 {
            let isTaken = node.offer(OperatorCommand(.reconcile))
            #expect(isTaken == (number < 2))
        }
        let trade = Trade(
            instrument: InstrumentHandle(0),
            price: Price(raw: 100_000_000),
            quantity: Quantity(raw: 100_000),
            aggressor: .buy,
            venueTime: .never
        )
        for number in 0..<3 {
            let isTaken = node.offer(market: .traded(trade))
            #expect(isTaken == (number < 2))
        }
        let quote = Quote(
            instrument: InstrumentHandle(0),
            bid: Price(raw: 10_000_000),
            bidQuantity: Quantity(raw: 1),
            ask: Price(raw: 20_000_000),
            askQuantity: Quantity(raw: 1),
            venueTime: .never
        )
        for _ in 0..<5 { node.offer(market: .quoted(quote)) }
        let merged = node.marketInbox.merged
        #expect(merged == 4)
        node.pump()
        let counters = node.counters
        #expect(counters.signalsRefused == 1)
        #expect(counters.operatorsRefused == 1)
        #expect(counters.repliesDropped == 1)
        let dropped = node.marketInbox.dropped
        #expect(dropped == 1)
    }
}
