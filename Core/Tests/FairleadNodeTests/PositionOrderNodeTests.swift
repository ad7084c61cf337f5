import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

/// Decisions about positions on their way through the journal.
@Suite struct PositionOrderNodeTests {
    typealias Fixture = NodeFixture

    private static let key = PositionKey(InstrumentHandle(0), .both)

    private func open(_ disk: MemoryDisk, _ clock: VirtualClock, operators: Int = 8) throws -> Node {
        let settings = ["strategy_config.screener.enabled": "false"]
        var setup = Fixture.setup(disk, try Fixture.configuration(settings), clock)
        setup.capacities.operators = operators
        var node = try Node.open(setup)
        Fixture.run(&node, clock, for: .seconds(20))
        return node
    }

    private func enter(_ node: inout Node, _ clock: VirtualClock) {
        let signal = Fixture.signal("a", quantity: "0.005", more: #","maker_first":false"#)
        _ = node.offer(signal: signal, source: .file, ticket: 9)
        Fixture.run(&node, clock, for: .seconds(2))
    }

    private func order(_ action: PositionAction) -> PositionOrder {
        PositionOrder(action, instrument: InstrumentHandle(0), author: 1000)
    }

    /// Goal: a decision goes through the journal, is answered, survives a crash, and a replay gives the same. Method: a
    /// position that a person says is somebody else's; refused once more as one that nobody can adopt by nothing; a
    /// crash of the process.
    @Test func aDecisionSurvivesACrash() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try open(disk, clock)
        enter(&node, clock)
        let isRefused = node.offer(order(.adopt), ticket: 3)
        let isTaken = node.offer(order(.ignore), ticket: 4)
        #expect(isRefused && isTaken)
        node.pump()
        let replies = node.takeOperatorReplies()
        #expect(replies.map(\.ticket) == [3, 4])
        #expect(replies.map(\.refusal) == [.nothingToDecide, nil])
        #expect(replies.map(\.isJournaled) == [true, true])
        let state = node.withEngine { $0.external(Self.key).state }
        #expect(state == .ignored)
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
        try node.committer.commit()
        let later = VirtualClock(clock.now)
        let next = try open(disk.crash(.process), later)
        let after = next.withEngine { $0.external(Self.key).state }
        #expect(after == .ignored)
    }

    /// Goal: no position is adopted that the journal doesn't hold, and who asked is told so; what only stops or closes
    /// is done all the same. Method: a disk whose sync has failed; an adoption, then a close.
    @Test func nothingIsAdoptedWithoutTheJournal() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try open(disk, clock)
        enter(&node, clock)
        _ = node.offer(order(.ignore))
        node.pump()
        disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
        do throws(JournalError) { try node.committer.commit() } catch {}
        node.pump()
        _ = node.offer(order(.adopt), ticket: 5)
        node.pump()
        #expect(node.takeOperatorReplies().map(\.isJournaled) == [false])
        var state = node.withEngine { $0.external(Self.key).state }
        #expect(state == .ignored)
        _ = node.offer(order(.close), ticket: 6)
        node.pump()
        #expect(node.takeOperatorReplies().map(\.refusal) == [nil])
        state = node.withEngine { $0.external(Self.key).state }
        #expect(state == .closing)
    }

    /// Goal: more decisions at a time than there is room for are refused at the door. Method: room for one.
    @Test func theDoorIsBounded() throws {
        var node = try open(MemoryDisk(), VirtualClock(Fixture.start), operators: 1)
        let first = node.offer(order(.close))
        let second = node.offer(order(.close))
        #expect(first && !second)
        let refused = node.counters.operatorsRefused
        #expect(refused == 1)
    }
}
