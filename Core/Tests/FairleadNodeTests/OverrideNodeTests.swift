import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

/// Overrides and switches of strategies on their way through the journal.
@Suite struct OverrideNodeTests {
    typealias Fixture = NodeFixture

    private static let settings = [
        "strategy_config.screener.enabled": "false", "risk_limits.max_order_notional": "100",
        "risk_limits.pyramiding": "true", "risk_limits.duplicate_order_window_s": "0",
    ]

    private func order(_ value: Int64, until: Timestamp) -> RiskOrder {
        RiskOrder(
            .overrideLimit,
            limit: .orderNotional,
            value: value * FixedPoint.one,
            until: until,
            author: 1000
        )
    }

    /// True when an entry of some 310 is let through.
    private func entersLarge(_ node: inout Node, _ clock: VirtualClock, _ id: String) -> Bool {
        let before = node.withEngine { $0.counters.accepted }
        let signal = Fixture.signal(id, quantity: "0.005", more: #","strategy":"momentum","maker_first":false"#)
        _ = node.offer(signal: signal, source: .file, ticket: 9)
        Fixture.run(&node, clock, for: .seconds(1))
        let after = node.withEngine { $0.counters.accepted }
        return after > before
    }

    private func changes(_ node: borrowing Node) -> [RiskChange] {
        var cursor: UInt64 = 0
        var changes: [RiskChange] = []
        node.notices.read(from: &cursor) { if case .riskChanged(let change) = $0.notice { changes.append(change) } }
        return changes
    }

    /// Goal: an override and a disabled strategy go through the journal with their reason, survive a crash from the
    /// journal and from a snapshot, and end by the engine's own clock; a replay gives the same at every stage. Method:
    /// set at 20 s for 5 min; a crash, started with and without the snapshot; the end; each time an entry of more than
    /// the configured limit.
    @Test func theySurviveACrash() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(Self.settings)
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        var snapshotter = try Snapshotter(disk, interval: 500, kept: 2, marketByteLimit: 1 << 30)
        Fixture.run(&node, clock, for: .seconds(20))
        let isRefused = !entersLarge(&node, clock, "a")
        #expect(isRefused)
        let end = clock.now + .minutes(5)
        let isTaken = node.offer(order(1_000, until: end), reason: "zwei Händler, größer", ticket: 3)
        #expect(isTaken)
        node.pump()
        #expect(node.takeOperatorReplies().map(\.refusal) == [nil])
        let number = try #require(changes(node).last?.number)
        #expect(number > 0)
        #expect(node.overrideReason(number) == "zwei Händler, größer")
        let isEntered = entersLarge(&node, clock, "b")
        #expect(isEntered)
        let strategy = StrategyHandle(index: 2)
        let isSwitched = node.offer(RiskOrder(.disableStrategy, strategy: strategy, author: 1000))
        #expect(isSwitched)
        Fixture.run(&node, clock, for: .seconds(90))
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
        try node.committer.commit()
        while try snapshotter.work(durableThrough: node.committer.durableThrough).isBehind {}
        #expect(snapshotter.newest > number)

        for keepsSnapshots in [true, false] {
            let copy = disk.crash(.process)
            if !keepsSnapshots {
                for name in try copy.list() where name.hasPrefix("snapshot-") { try copy.remove(name) }
            }
            let later = VirtualClock(clock.now)
            var next = try Node.open(Fixture.setup(copy, configuration, later))
            Fixture.run(&next, later, for: .seconds(20))
            #expect(next.overrideReason(number) == "zwei Händler, größer")
            let isDisabled = next.withEngine { $0.isDisabled(strategy) }
            #expect(isDisabled)
            let isHeld = !entersLarge(&next, later, "c")
            #expect(isHeld)
            _ = next.offer(RiskOrder(.enableStrategy, strategy: strategy))
            Fixture.run(&next, later, for: .seconds(1))
            let isEnteredAgain = entersLarge(&next, later, "d")
            #expect(isEnteredAgain)
            Fixture.run(&next, later, for: end - later.now)
            let standing = next.withEngine { $0.overrideCount }
            #expect(standing == 0)
            let ended = changes(next).filter { $0.kind == .expired }
            #expect(ended.map(\.number) == [number])
            #expect(ended.map(\.until) == [end])
            let isRefusedAgain = !entersLarge(&next, later, "e")
            #expect(isRefusedAgain)
            try EmbeddedNodeTests.expectReplay(of: &next, copy)
        }
    }

    /// Goal: the timer that ends an override comes at its very nanosecond where the venue is embedded. Method: an end
    /// that no other timer shares; the notice's time.
    @Test func theEndIsExact() throws {
        let clock = VirtualClock(Fixture.start)
        var node = try Node.open(Fixture.setup(MemoryDisk(), try Fixture.configuration(Self.settings), clock))
        Fixture.run(&node, clock, for: .seconds(20))
        let end = clock.now + TimeSpan(nanoseconds: 3_333_333_333)
        _ = node.offer(order(1_000, until: end), reason: "x")
        Fixture.run(&node, clock, for: .seconds(10))
        var cursor: UInt64 = 0
        var times: [Timestamp] = []
        node.notices.read(from: &cursor) { entry in
            if case .riskChanged(let change) = entry.notice, change.kind == .expired { times.append(entry.time) }
        }
        #expect(times == [end])
    }

    /// Goal: no override is set that the journal doesn't hold, and who asked is told so; a strategy is disabled all the
    /// same. Method: a disk whose sync has failed.
    @Test func nothingIsSetWithoutTheJournal() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Node.open(Fixture.setup(disk, try Fixture.configuration(Self.settings), clock))
        Fixture.run(&node, clock, for: .seconds(5))
        disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
        do throws(JournalError) { try node.committer.commit() } catch {}
        node.pump()
        let end = clock.now + .minutes(5)
        _ = node.offer(order(1_000, until: end), reason: "x", ticket: 4)
        _ = node.offer(RiskOrder(.disableStrategy, strategy: .screener), ticket: 5)
        node.pump()
        let replies = node.takeOperatorReplies()
        #expect(replies.map(\.ticket) == [4, 5])
        #expect(replies.first?.isJournaled == false)
        let standing = node.withEngine { $0.overrideCount }
        #expect(standing == 0)
        let isDisabled = node.withEngine { $0.isDisabled(.screener) }
        #expect(isDisabled)
    }

    /// Goal: a refusal is answered by its reason, and too many orders at a time are refused at the door. Method: an end
    /// in the past; one more than there is room for.
    @Test func refusalsAreAnswered() throws {
        let clock = VirtualClock(Fixture.start)
        var setup = Fixture.setup(MemoryDisk(), try Fixture.configuration(Self.settings), clock)
        setup.capacities.operators = 2
        var node = try Node.open(setup)
        Fixture.run(&node, clock, for: .seconds(5))
        _ = node.offer(order(1_000, until: clock.now), reason: "x", ticket: 1)
        _ = node.offer(RiskOrder(.removeOverride, limit: .dayLoss), ticket: 2)
        let isTaken = node.offer(RiskOrder(.removeOverride, limit: .dayLoss), ticket: 3)
        #expect(!isTaken)
        node.pump()
        #expect(node.takeOperatorReplies().map(\.refusal) == [.untilOutOfRange, .noOverride])
        let refused = node.counters.operatorsRefused
        #expect(refused == 1)
    }

    /// Goal: the reasons that are kept are those of overrides that stand. Method: 200 texts, of which three stand.
    @Test func reasonsAreBounded() {
        var reasons = OverrideReasons()
        for number in 1...200 as ClosedRange<UInt64> {
            reasons.add(number, "reason \(number)") { [5, 77, 100].contains($0) }
        }
        #expect(reasons.all.map(\.number) == [5, 77, 100, 200])
        #expect(reasons[77] == "reason 77")
        #expect(reasons[78] == nil)
        for number in 201...400 as ClosedRange<UInt64> { reasons.add(number, "x") { _ in true } }
        #expect(reasons.all.count == OverrideTable.capacity + 1)
    }
}
