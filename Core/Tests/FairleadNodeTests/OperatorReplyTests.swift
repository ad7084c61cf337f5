import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct OperatorReplyTests {
    typealias Fixture = NodeFixture

    /// Goal: whoever orders something hears what came of it, also where the notices are not read.
    /// Method: a resting order amended outside the collar, then inside, then a resume and one without a ticket; the
    /// answers by their tickets, and the same after a replay.
    @Test func operatorsAreAnswered() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(["strategy_config.screener.enabled": "false"])
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(20))
        let bid = node.withEngine { $0.marketRow(InstrumentHandle(0)).bid }
        let terms = configuration.engine.instruments[0].terms
        let limit = terms.roundedDown(Price(raw: bid.raw / 1000 * 995))
        let signal = """
            {"schema":"fairlead.signal.v1","signal_id":"r-1","symbol":"BTCUSDT","side":"BUY",\
            "size":{"quantity":"0.01"},"order_type":"limit","limit_price":"\(limit)","maker_first":false}
            """
        _ = node.offer(signal: Array(signal.utf8), source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .seconds(5))
        var found: Order?
        node.withEngine { engine in engine.forEachLiveOrder { found = $0 } }
        let order = try #require(found)

        let far = terms.roundedDown(Price(raw: bid.raw * 2))
        var isTaken = node.offer(OperatorCommand(.amendOrder, order: order.id, price: far), ticket: 7)
        #expect(isTaken)
        let near = Price(raw: order.price.raw - terms.tick.raw)
        isTaken = node.offer(OperatorCommand(.amendOrder, order: order.id, price: near), ticket: 8)
        #expect(isTaken)
        isTaken = node.offer(OperatorCommand(.cancelAll), ticket: 9)
        #expect(isTaken)
        isTaken = node.offer(OperatorCommand(.reconcile))
        #expect(isTaken)
        node.pump()
        let replies = node.takeOperatorReplies()
        #expect(replies.map(\.ticket) == [7, 8, 9])
        #expect(replies.map(\.refusal) == [.priceCollar, nil, nil])
        #expect(node.takeOperatorReplies().isEmpty)
        let refused = node.withEngine { $0.counters.operatorRefusals }
        #expect(refused == 1)
        Fixture.run(&node, clock, for: .seconds(5))
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
    }

    /// Goal: whoever flattens hears which positions stay, and why. Method: a position, then a flatten while frozen and
    /// one after the resume; the answers, and the position.
    @Test func vetoedClosesAreTold() throws {
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(["strategy_config.screener.enabled": "false"])
        var node = try Node.open(Fixture.setup(MemoryDisk(), configuration, clock))
        Fixture.run(&node, clock, for: .seconds(20))
        let entry = Fixture.signal("in", quantity: "0.005", more: #","maker_first":false"#)
        _ = node.offer(signal: entry, source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .seconds(2))
        node.killSwitch.engage([.halt, .frozen])
        node.pump()
        _ = node.offer(OperatorCommand(.flatten), ticket: 2)
        Fixture.run(&node, clock, for: .seconds(2))
        let frozen = try #require(node.takeOperatorReplies().first)
        #expect(frozen.refusal == nil)
        #expect(frozen.vetoedCloses.map(\.instrument) == [InstrumentHandle(0)])
        #expect(frozen.vetoedCloses.first?.vetoes.contains(.killSwitch) == true)
        let kept = node.withEngine { $0.openPositionCount }
        #expect(kept == 1)
        _ = node.offer(OperatorCommand(.resume), ticket: 3)
        _ = node.offer(OperatorCommand(.flatten), ticket: 4)
        Fixture.run(&node, clock, for: .seconds(2))
        #expect(node.takeOperatorReplies().map(\.vetoedCloses) == [[], []])
        let left = node.withEngine { $0.openPositionCount }
        #expect(left == 0)
    }

    /// Goal: answers that nobody takes don't pile up. Method: room for two, three commands.
    @Test func answersAreBounded() throws {
        let clock = VirtualClock(Fixture.start)
        var setup = Fixture.setup(MemoryDisk(), try Fixture.configuration(), clock)
        setup.capacities.operatorReplies = 2
        var node = try Node.open(setup)
        for ticket in 1...3 as ClosedRange<UInt64> { _ = node.offer(OperatorCommand(.resume), ticket: ticket) }
        node.pump()
        #expect(node.takeOperatorReplies().map(\.ticket) == [2, 3])
        let dropped = node.counters.repliesDropped
        #expect(dropped == 1)
    }
}
