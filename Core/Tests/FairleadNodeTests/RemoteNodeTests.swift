import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadPaper
import Testing

@testable import FairleadNode

@Suite struct RemoteNodeTests {
    typealias Fixture = NodeFixture

    static let lot = Int64(100_000)

    /// A buy of 0.01 BTC, on a connected and reconciled world.
    static func world(_ changes: [String: String] = [:]) throws -> RemoteWorld {
        var world = try RemoteWorld(changes)
        world.run(for: .seconds(2))
        return world
    }

    /// Taken at the touch: filled within the latencies.
    static let taker = Fixture.signal("a", more: #","maker_first":false"#)

    static func expectAgreement(_ world: borrowing RemoteWorld, _ what: String) {
        let differences = world.differences()
        #expect(differences.isEmpty, "\(what): \(differences)")
    }

    /// Goal: a signal becomes a fill at a venue in another process, and both ledgers agree.
    /// Method: one entry and one flatten over the pipe, then the venue's ledger against the engine's.
    @Test func tradesOverThePipe() throws {
        var world = try Self.world()
        let isReconciled = world.isReconciled
        #expect(isReconciled)
        world.give(Fixture.signal("a"))
        world.run(for: .seconds(30))
        #expect(world.venueFilled(.buy) == 10 * Self.lot)
        Self.expectAgreement(world, "after the entry")
        _ = world.node.offer(OperatorCommand(.flatten))
        world.run(for: .seconds(30))
        #expect(world.venueFilled(.sell) == 10 * Self.lot)
        Self.expectAgreement(world, "after the flatten")
        let replies = world.node.takeReplies()
        #expect(replies.count == 1)
    }

    /// Goal: an order never leaves before its record is durable, and leaves when it is (S-16).
    /// Method: `disk` durability with the commits held back: no order at the venue until the commit.
    @Test func ordersWaitForTheDisk() throws {
        var world = try Self.world(["runtime.journal.durability": "disk"])
        world.holdsCommits = true
        let before = world.node.increasingReleases
        world.give(Fixture.signal("a"))
        world.run(for: .milliseconds(200))
        #expect(world.node.increasingReleases == before)
        #expect(world.node.waitingCommands == 1)
        world.commit()
        world.run(for: .milliseconds(200))
        #expect(world.node.increasingReleases == before + 1)
        world.holdsCommits = false
        world.run(for: .seconds(30))
        #expect(world.venueFilled(.buy) == 10 * Self.lot)
        Self.expectAgreement(world, "at the end")
    }

    /// Goal: a cancel reaches an order that waits for the disk, and nothing of it is ever written.
    /// Method: cancel-all while the commits are held back, then the commit.
    @Test func cancelReachesWaitingOrders() throws {
        var world = try Self.world(["runtime.journal.durability": "disk"])
        world.holdsCommits = true
        world.give(Fixture.signal("a"))
        world.run(for: .milliseconds(100))
        #expect(world.node.waitingCommands == 1)
        _ = world.node.offer(OperatorCommand(.cancelAll))
        world.run(for: .milliseconds(100))
        #expect(world.node.waitingCommands == 0)
        world.holdsCommits = false
        world.run(for: .seconds(30))
        #expect(world.venueFilled(.buy) == 0)
        #expect(world.node.increasingReleases == 0)
        Self.expectAgreement(world, "at the end")
        let open = world.node.withEngine { $0.openParentCount }
        #expect(open == 0)
    }

    /// Goal: after `engage` returned no increasing order leaves, at whatever step it is engaged; exits still do (S-11).
    /// Method: a kill at each fourth millisecond of an entry's first 80 milliseconds; the venue's fills must not grow
    /// by entries after it.
    @Test func killAtEveryStep() throws {
        for step in stride(from: 0, to: 80, by: 4) {
            var world = try Self.world()
            world.give(Self.taker)
            for _ in 0..<step { world.run(for: .milliseconds(1)) }
            let isSettled = world.node.killSwitch.engage(.kill)
            #expect(isSettled)
            let sends = world.node.increasingReleases
            world.run(for: .seconds(3))
            #expect(world.node.increasingReleases == sends, "step \(step)")
            #expect(world.node.releasesSinceEngage == 0, "step \(step)")
            Self.expectAgreement(world, "step \(step)")
            let state = world.node.withEngine { $0.tradingState }
            #expect(state == .killed)
            world.give(Fixture.signal("b"))
            _ = world.node.offer(OperatorCommand(.flatten))
            world.run(for: .seconds(3))
            #expect(world.venueFilled(.buy) == world.venueFilled(.sell), "step \(step): flatten works while killed")
            try world.crash()
            world.run(for: .seconds(1))
            let after = world.node.withEngine { $0.tradingState }
            #expect(after == .killed, "killed survives a restart")
            #expect(world.node.killSwitch.engaged.contains(.kill))
        }
    }

    /// Goal: the line cut at any byte loses no fill, sends nothing twice, and leaves nothing unknown (recovery
    /// theorem).
    /// Method: one entry with the line cut after every 29th byte of what both sides say, then half a minute of quiet.
    @Test func cutAtBytes() throws {
        for bytes in stride(from: 1, to: 900, by: 29) {
            var world = try Self.world()
            world.bytesUntilCut = bytes
            world.give(Self.taker)
            world.run(for: .seconds(30))
            #expect(world.cuts == 1)
            #expect(world.venueFilled(.buy) <= 10 * Self.lot, "cut after \(bytes)")
            Self.expectAgreement(world, "cut after \(bytes)")
            let unknown = world.node.withEngine { $0.unknownOrderCount }
            #expect(unknown == 0, "cut after \(bytes)")
            let isReconciled = world.isReconciled
            #expect(isReconciled, "cut after \(bytes)")
        }
    }

    /// Goal: a loss of power at any moment of a trade recovers: what was not durable had not left (S-16, D1).
    /// Method: `disk` durability; the unsynced part of the disk is lost at each eighth millisecond of an entry.
    @Test func powerLossAtEveryMillisecond() throws {
        for step in stride(from: 0, to: 80, by: 8) {
            var world = try Self.world(["runtime.journal.durability": "disk"])
            world.give(Self.taker)
            for _ in 0..<step { world.run(for: .milliseconds(1)) }
            try world.crash(.power(keeps: { _, _ in false }))
            world.run(for: .seconds(15))
            #expect(world.venueFilled(.buy) <= 10 * Self.lot, "step \(step)")
            Self.expectAgreement(world, "step \(step)")
            let unknown = world.node.withEngine { $0.unknownOrderCount }
            #expect(unknown == 0, "step \(step)")
        }
    }

    /// Goal: a crash at any moment of a trade, with what was stored so far, recovers (D1).
    /// Method: the process ends after each eighth millisecond of an entry's first 80, and of its flatten's.
    @Test func crashAtEveryMillisecond() throws {
        for step in stride(from: 0, to: 160, by: 8) {
            var world = try Self.world()
            world.give(Self.taker)
            for elapsed in 0..<step {
                if elapsed == 80 { _ = world.node.offer(OperatorCommand(.flatten)) }
                world.run(for: .milliseconds(1))
            }
            try world.crash()
            world.run(for: .seconds(15))
            #expect(world.venueFilled(.buy) <= 10 * Self.lot, "step \(step)")
            Self.expectAgreement(world, "step \(step)")
            let unknown = world.node.withEngine { $0.unknownOrderCount }
            #expect(unknown == 0, "step \(step)")
            world.node.withEngine { $0.checkInvariants() }
        }
    }
}
