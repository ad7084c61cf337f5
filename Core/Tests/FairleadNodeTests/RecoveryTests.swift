import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadPaper
import Testing

@testable import FairleadNode

@Suite struct RecoveryTests {
    typealias Fixture = NodeFixture

    static func node(_ disk: MemoryDisk, _ clock: VirtualClock, _ changes: [String: String] = [:]) throws -> Node {
        try Node.open(Fixture.setup(disk, try Fixture.configuration(changes), clock))
    }

    /// Goal: no snapshot stands between a signal's terms and the event that uses them: a start from it would trap
    /// (found by the simulator's seed 89).
    /// Method: signals through a node, then a snapshot is asked for at every record of its journal.
    @Test func noSnapshotPartsASignal() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Self.node(disk, clock)
        Fixture.run(&node, clock, for: .seconds(2))
        for number in 0..<3 {
            _ = node.offer(signal: Fixture.signal("parted-\(number)"), source: .file, ticket: 1)
            Fixture.run(&node, clock, for: .seconds(1))
        }
        try node.committer.commit()
        var reader = try JournalReader(disk, from: 1)
        var terms = 0
        var replayer = try Replayer(disk)
        while let record = try reader.next() {
            guard record.header.type.isInput, record.sequence > replayer.appliedThrough else { continue }
            try replayer.run(through: record.sequence)
            guard case .signalTerms = record.body else { continue }
            terms += 1
            #expect(replayer.snapshot() == nil)
        }
        #expect(terms == 3)
    }

    /// Goal: a start from a snapshot is the start from the whole journal.
    /// Method: the snapshotter follows a run; a replay from its newest snapshot and one from the beginning agree, and
    /// so do a restart with and without the snapshots.
    @Test func snapshotsAreTheFold() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Self.node(disk, clock)
        var snapshotter = try Snapshotter(disk, interval: 1000, kept: 2, marketByteLimit: 1 << 30)
        var marks = 0
        for _ in 0..<12 {
            Fixture.run(&node, clock, for: .seconds(30))
            try node.committer.commit()
            while true {
                let (mark, isBehind) = try snapshotter.work(durableThrough: node.committer.durableThrough)
                if let mark {
                    marks += 1
                    node.offer(snapshot: mark)
                }
                if !isBehind { break }
            }
        }
        #expect(marks >= 3)
        let newest = snapshotter.newest
        var fast = try Replayer(disk, from: .newest)
        #expect(fast.appliedThrough == newest)
        try fast.run()
        var slow = try Replayer(disk)
        try slow.run()
        let (a, b) = (fast.result(), slow.result())
        #expect(a.stateHash == b.stateHash)
        #expect(a.commandHash == b.commandHash)
        #expect(a.sequence == b.sequence)

        var hashes: [Digest256] = []
        for keepsSnapshots in [true, false] {
            let copy = disk.crash(.process)
            if !keepsSnapshots {
                for name in try copy.list() where name.hasPrefix("snapshot-") { try copy.remove(name) }
            }
            let later = VirtualClock(clock.now)
            var restarted = try Self.node(copy, later)
            Fixture.run(&restarted, later, for: .minutes(1))
            hashes.append(restarted.fold.stateHash())
            EmbeddedNodeTests.expectAgreement(&restarted, "snapshots kept: \(keepsSnapshots)")
        }
        #expect(hashes[0] == hashes[1])
    }

    /// Goal: a disk that is full stops entries at once, says why, and lets what is open be closed; room brings the
    /// journal back, an operator the entries. Method: the disk fills under a trading node.
    @Test func fullDiskStopsEntries() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Self.node(disk, clock, ["strategy_config.screener.enabled": "false"])
        Fixture.run(&node, clock, for: .seconds(2))
        let taker = #","maker_first":false"#
        _ = node.offer(signal: Fixture.signal("a", more: taker), source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .seconds(2))
        let held = node.withEngine { $0.openPositionCount }
        #expect(held == 1)
        disk.freeByteCount = 0
        var guardLimit = 0
        while node.journalFault == nil && guardLimit < 3000 {
            Fixture.run(&node, clock, for: .seconds(5))
            guardLimit += 1
        }
        let engaged = node.killSwitch.engaged
        #expect(engaged.contains(.journal))
        Fixture.run(&node, clock, for: .seconds(5))
        let state = node.withEngine { $0.tradingState }
        #expect(state == .reducing)
        let cause = node.withEngine { $0.tradingStateCause }
        #expect(cause == .journal, "the disk, and no person")
        let sends = node.increasingReleases
        _ = node.offer(signal: Fixture.signal("b", symbol: "ETHUSDT", more: taker), source: .file, ticket: 2)
        _ = node.offer(OperatorCommand(.flatten))
        Fixture.run(&node, clock, for: .seconds(5))
        let replies = node.takeReplies()
        guard case .journalUnavailable = replies.last?.outcome else { return #expect(Bool(false), "\(replies)") }
        let after = node.increasingReleases
        #expect(after == sends)
        let left = node.withEngine { $0.openPositionCount }
        #expect(left == 0, "a flatten works on the reserve")
        let isLost = node.isJournalLost
        #expect(!isLost)
        let dropped = node.counters.marketEventsDropped
        #expect(dropped > 0)

        disk.freeByteCount = 1 << 30
        Fixture.run(&node, clock, for: .seconds(2))
        let fault = node.journalFault
        #expect(fault == nil)
        _ = node.offer(OperatorCommand(.resume))
        Fixture.run(&node, clock, for: .seconds(2))
        let open = node.killSwitch.engaged
        #expect(open == [])
        _ = node.offer(
            signal: Fixture.signal("c", symbol: "ETHUSDT", quantity: "0.2", more: taker),
            source: .file,
            ticket: 3
        )
        Fixture.run(&node, clock, for: .seconds(5))
        let held2 = node.withEngine { $0.openPositionCount }
        #expect(held2 == 1)
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
    }

    /// Goal: after a failed sync no entry leaves any more, whatever later syncs say; exits do (D2).
    /// Method: one failed sync under a node with a position, then an entry and a flatten.
    @Test func failedSyncStopsEntries() throws {
        let world = try RemoteNodeTests.world()
        try Self.failedSync(world)
    }

    private static func failedSync(_ given: consuming RemoteWorld) throws {
        var world = given
        world.give(RemoteNodeTests.taker)
        world.run(for: .seconds(1))
        let bought = world.venueFilled(.buy)
        #expect(bought > 0)
        world.disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
        world.commit()
        world.disk.setHook(nil)
        world.run(for: .seconds(1))
        #expect(world.node.killSwitch.engaged.contains(.journal))
        world.give(Fixture.signal("b", symbol: "ETHUSDT", more: #","maker_first":false"#))
        _ = world.node.offer(OperatorCommand(.flatten))
        world.run(for: .seconds(5))
        #expect(world.venueFilled(.buy) == bought)
        #expect(world.venueFilled(.sell) == bought)
        RemoteNodeTests.expectAgreement(world, "after the flatten")
        world.commit()
        world.run(for: .seconds(1))
        #expect(world.node.killSwitch.engaged.contains(.journal), "a later sync proves nothing")
    }

    /// Goal: a damaged journal doesn't trade; a start from the venue puts it aside, uses no id twice and only reduces.
    /// Method: one byte in the middle changed; the typed error; then recovery with the venue outside.
    @Test func quarantineAndRecovery() throws {
        var world = try RemoteNodeTests.world()
        world.give(RemoteNodeTests.taker)
        world.run(for: .seconds(2))
        try world.node.committer.commit()
        world.run(for: .seconds(2))
        let bought = world.venueFilled(.buy)
        let disk = world.disk.crash(.process)
        let names = try disk.list()
        let segment = try #require(names.first { $0.hasSuffix(".segment") })
        disk.corrupt(segment, at: 1500, xor: 0x40)
        var setup = Fixture.setup(disk, world.configuration, world.clock)
        let channel = PipeChannel()
        setup.channel = channel
        do {
            _ = try Node.open(setup)
            Issue.record("a damaged journal must not open")
        } catch {
            guard case .journal(.quarantined) = error else { return #expect(Bool(false), "\(error)") }
        }
        if let connection = world.connection { world.server.closed(connection, at: world.clock.now) }
        world.connection = nil
        world.node = try Node.recoverFromVenue(setup)
        world.channel = channel
        world.disk = disk
        world.run(for: .seconds(10))
        #expect(world.node.epoch.number >= 256)
        let state = world.node.withEngine { $0.tradingState }
        #expect(state == .reducing)
        let isReconciled = world.isReconciled
        #expect(isReconciled)
        world.give(Fixture.signal("z", more: #","maker_first":false"#))
        world.run(for: .seconds(5))
        #expect(world.venueFilled(.buy) == bought)
        let position = world.node.withEngine { $0.position(PositionKey(InstrumentHandle(0), .both)).quantity.raw }
        #expect(position == bought, "the venue's position is ours")
        let kept = try disk.list().filter { $0.hasPrefix("quarantined-1-journal") }
        #expect(!kept.isEmpty)
    }

    /// Goal: killed is latched, also over a journal that can't be trusted: a start from the venue comes up killed, and
    /// a person's resume ends it (SPEC 4).
    /// Method: kill, then a byte changed before, and in another run behind the kill's record; recover, look, resume.
    @Test(arguments: [true, false]) func recoveryKeepsTheKill(isDamagedBefore: Bool) throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Self.node(disk, clock)
        Fixture.run(&node, clock, for: .seconds(2))
        let before = try DamagedJournalTests.end(disk)
        _ = node.offer(OperatorCommand(.kill))
        Fixture.run(&node, clock, for: .seconds(1))
        let behind = try DamagedJournalTests.end(disk)
        Fixture.run(&node, clock, for: .seconds(5))
        try node.committer.commit()
        let copy = disk.crash(.process)
        let segment = try #require(try DamagedJournalTests.segments(copy).first)
        copy.corrupt(segment, at: isDamagedBefore ? before - 200 : behind + 200, xor: 0x40)
        let next = VirtualClock(clock.now)
        var second = try Node.recoverFromVenue(Fixture.setup(copy, try Fixture.configuration([:]), next))
        let state = second.withEngine { $0.tradingState }
        #expect(state == .killed)
        Fixture.run(&second, next, for: .seconds(2))
        #expect(!(try copy.list()).contains { $0.hasPrefix("engaged-") })
        try EmbeddedNodeTests.expectReplay(of: &second, copy)
        _ = second.offer(OperatorCommand(.resume))
        Fixture.run(&second, next, for: .seconds(1))
        let isOpen = second.killSwitch.engaged.isEmpty
        #expect(isOpen)
    }

    /// Goal: two processes never write one journal (S-30).
    /// Method: a second node on the disk of a first that lives.
    @Test func oneWriter() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let first = try Self.node(disk, clock)
        do {
            _ = try Self.node(disk, clock)
            Issue.record("a second writer must be refused")
        } catch {
            guard case NodeError.journal(.disk(let refused)) = error else { return #expect(Bool(false), "\(error)") }
            #expect(refused.kind == .locked)
        }
        let sequence = first.sequence
        #expect(sequence > 0)
    }

    /// Goal: a configuration that the journal doesn't take is not in force, and does not come in force later either.
    /// Method: a disk whose sync fails, a reload, then a sound disk and a minute more.
    @Test func aConfigurationThatIsNotJournaledIsDropped() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Self.node(disk, clock)
        Fixture.run(&node, clock, for: .seconds(5))
        disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
        do throws(JournalError) { try node.committer.commit() } catch {}
        let old = node.configuration
        node.offer(configuration: try Fixture.configuration(["risk_limits.max_order_notional": "321"]))
        node.pump()
        let isKept = node.configuration == old
        #expect(isKept)
        disk.setHook(nil)
        Fixture.run(&node, clock, for: .minutes(1))
        let isStillKept = node.configuration == old
        #expect(isStillKept)
    }

    /// Goal: a configuration is changed while running, journaled, replayed, and known after a restart; one that doesn't
    /// fit the journal is refused by name. Method: a lower limit by reload; other capacities by restart.
    @Test func configurationsAreJournaled() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var node = try Self.node(disk, clock)
        Fixture.run(&node, clock, for: .minutes(1))
        let changed = try Fixture.configuration(["risk_limits.max_order_notional": "321"])
        let old = node.configuration
        guard case .success = changed.reload(over: old) else { return #expect(Bool(false), "must be reloadable") }
        node.offer(configuration: changed)
        Fixture.run(&node, clock, for: .minutes(2))
        let limit = node.configuration.engine.risk.maximumOrderNotional
        #expect(limit == Money(whole: 321))
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
        let copy = disk.crash(.process)
        do {
            _ = try Self.node(copy, clock, ["runtime.capacities.orders": "1024"])
            Issue.record("other capacities need a fresh journal")
        } catch {
            guard case NodeError.needsFreshJournal = error else { return #expect(Bool(false), "\(error)") }
        }
        let next = disk.crash(.process)
        var second = try Self.node(next, clock)
        Fixture.run(&second, clock, for: .seconds(30))
        let limitNow = second.configuration.engine.risk.maximumOrderNotional
        #expect(limitNow != Money(whole: 321), "this start's configuration counts")
        try EmbeddedNodeTests.expectReplay(of: &second, next)
    }
}
