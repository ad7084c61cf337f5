import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct ReplicaTests {
    typealias Fixture = NodeFixture

    /// A node that trades, and a replica beside it.
    struct Pair: ~Copyable {
        let disk: MemoryDisk
        let clock: VirtualClock
        var node: Node
        var replica: Replica
        private var number = 0

        init(_ observers: [any ReplicaObserver], disk: MemoryDisk = MemoryDisk(), interval: Int = 1000) throws {
            let clock = VirtualClock(NodeFixture.start)
            var setup = Fixture.setup(disk, try Fixture.configuration(), clock)
            setup.segmentByteCount = 64 << 10
            let opened = try Node.open(setup)
            let follower = try Pair.replica(disk, observers, interval)
            self.disk = disk
            self.clock = clock
            node = opened
            replica = follower
        }

        static func replica(_ disk: MemoryDisk, _ observers: [any ReplicaObserver], _ interval: Int = 1000) throws
            -> Replica
        {
            let snapshotter = try Snapshotter(disk, interval: interval, kept: 2, marketByteLimit: 1 << 30)
            return Replica(disk, observers: observers, snapshotter: snapshotter, period: .seconds(1))
        }

        /// Two seconds of the market and a signal, then the replica catches up.
        mutating func turn(works: Bool = true) throws {
            number += 1
            _ = node.offer(signal: Fixture.signal("t\(number)"), source: .file, ticket: 1)
            Fixture.run(&node, clock, for: .seconds(2))
            try node.committer.commit()
            if works { try follow() }
        }

        mutating func follow() throws {
            while true {
                let done = try replica.work(
                    durableThrough: node.committer.durableThrough,
                    at: clock.now - NodeFixture.start
                )
                if let mark = done.mark { node.offer(snapshot: mark) }
                if !done.isBehind { return }
            }
        }

        mutating func finish() throws {
            try node.committer.commit()
            try replica.finish(durableThrough: node.committer.durableThrough, at: clock.now - NodeFixture.start)
        }
    }

    /// Goal: an observer is given what the journal tells, item for item, and a late one everything from the beginning.
    /// Method: a node trades beside its replica; what an observer kept is compared with a replay, as is what one kept
    /// that came when all was over.
    @Test func anObserverIsGivenTheJournal() throws {
        let observer = RecordingObserver()
        var pair = try Pair([observer])
        for _ in 0..<20 { try pair.turn() }
        let within = observer.storedThrough
        let durable = pair.node.committer.durableThrough
        #expect(within > 1000)
        #expect(within <= durable)
        try pair.finish()
        let expected = try RecordingObserver.replayed(pair.disk)
        #expect(observer.lines.map(\.text) == expected)
        #expect(expected.contains { $0.contains("execution_fill") })
        #expect(observer.moments == observer.moments.sorted())
        let snapshot = pair.replica.newestSnapshot
        #expect(snapshot > 0)

        let late = RecordingObserver()
        var replica = try Pair.replica(pair.disk, [late])
        try replica.finish(durableThrough: durable, at: .zero)
        #expect(late.lines.map(\.text) == expected)
        #expect(late.places == [1])
    }

    /// Goal: nothing is shown that a loss of power takes back. Method: the durable end is held back; nothing beyond it
    /// is told.
    @Test func onlyWhatIsDurableIsTold() throws {
        let observer = RecordingObserver()
        var pair = try Pair([observer])
        try pair.turn(works: false)
        let durable: UInt64 = 40
        for second in 0..<5 {
            _ = try pair.replica.work(durableThrough: durable, at: .seconds(Int64(second)))
        }
        #expect(observer.storedThrough == durable)
        #expect(observer.lines.allSatisfy { $0.sequence <= durable })
    }

    /// Goal: a replica that begins at a snapshot knows the names that were told before it, and tells nothing twice.
    /// Method: a replica is given up in the middle of a run and another begins with the same observer, over snapshots.
    @Test func aRestartGoesOnWhereItWas() throws {
        let observer = RecordingObserver()
        var pair = try Pair([observer], interval: 200)
        for turn in 0..<30 {
            try pair.turn()
            if turn % 7 == 6 { pair.replica = try Pair.replica(pair.disk, [observer], 200) }
        }
        try pair.finish()
        #expect(observer.places.contains { $0 > 200 }, "no replica began at a snapshot")
        let expected = try RecordingObserver.replayed(pair.disk)
        #expect(observer.lines.map(\.text) == expected)
    }

    /// Goal: an observer that failed is given everything again, the others nothing twice, and trading is the same.
    /// Method: one of two observers is broken for a while.
    @Test func aFailedObserverCatchesUp() throws {
        let (sound, broken) = (RecordingObserver(), RecordingObserver())
        var pair = try Pair([sound, broken], interval: 300)
        for turn in 0..<60 {
            if turn == 5 { broken.isBroken = true }
            if turn == 20 { broken.isBroken = false }
            try pair.turn()
            if turn == 12 {
                #expect(broken.hasFailed)
                let report = pair.replica.report
                #expect(report.isFailing)
                #expect(report.observers.map(\.hasFailed) == [false, true])
            }
        }
        let isFailing = pair.replica.report.isFailing
        #expect(!isFailing)
        try pair.finish()
        let expected = try RecordingObserver.replayed(pair.disk)
        #expect(broken.health.failures > 1)
        #expect(sound.lines.map(\.text) == expected)
        #expect(broken.lines.map(\.text) == expected)
    }

    /// Goal: where the journal no longer holds what an observer lacks, it goes on from the oldest place that there is,
    /// and the gap is told. Method: the first segments vanish behind a snapshot; a new observer begins.
    @Test func aGapIsTold() throws {
        var pair = try Pair([RecordingObserver()], interval: 1500)
        for _ in 0..<60 { try pair.turn() }
        let snapshot = pair.replica.newestSnapshot
        #expect(snapshot > 0)
        try pair.finish()
        try JournalRetention.apply(pair.disk, keepFrom: snapshot, marketByteLimit: 0)
        let reach = try JournalReach(pair.disk)
        #expect(!reach.isWhole)
        let late = RecordingObserver()
        var replica = try Pair.replica(pair.disk, [late])
        try replica.finish(durableThrough: pair.node.committer.durableThrough, at: .zero)
        let missed = replica.report.observers[0].missed
        #expect(missed == 1...reach.sequence)
        #expect(late.lines.allSatisfy { $0.sequence > reach.sequence })
        #expect(!late.lines.isEmpty)
    }

    /// Goal: damage that an observer would have to be read through stops nothing: it goes on from a snapshot behind the
    /// damage, and the gap is told; without such a snapshot the damage is. Method: an observer fails, a segment that it
    /// lacks rots under the running node, and it is sound again.
    @Test(arguments: [1500, 1_000_000]) func whatLiesBehindDamageIsGoneOnWith(interval: Int) throws {
        let observer = RecordingObserver()
        var pair = try Pair([observer], interval: interval)
        for _ in 0..<5 { try pair.turn() }
        observer.isBroken = true
        for _ in 0..<60 { try pair.turn() }
        let stored = observer.storedThrough
        let segments = try pair.disk.list().filter { $0.hasSuffix(".segment") }.sorted()
        try #require(segments.count > 4)
        pair.disk.corrupt(segments[1], at: 20_000, xor: 1)
        observer.isBroken = false
        if interval > 100_000 {
            var refusal: NodeError?
            for _ in 0..<40 where refusal == nil {
                do { try pair.turn() } catch let error as NodeError { refusal = error }
            }
            guard case .journal(.quarantined) = refusal else {
                Issue.record("not \(String(describing: refusal))")
                return
            }
            return
        }
        // Nothing is thrown: whoever is told of an error begins with another replica, which knows of no damage.
        for _ in 0..<40 { try pair.turn() }
        let report = pair.replica.report
        let missed = try #require(report.observers[0].missed)
        #expect(missed.lowerBound == stored + 1)
        #expect(!report.isFailing)
        #expect(observer.storedThrough > missed.upperBound)
        let durable = pair.node.committer.durableThrough
        #expect(report.sequence + 1000 > durable)
    }
}
