import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation
import Synchronization

/// The thread that may block on the disk for the journal: syncs, the next segment, seals; and a second one beside it
/// for snapshots, which read the journal back and would hold the syncs up.
final class JournalThread: Sendable {
    private let committer: JournalCommitter
    private let isStopping = Atomic<Bool>(false)
    private let running = Atomic<Int>(0)
    /// Between two looks: short where orders wait for the disk.
    private let pause: Double
    private let settings: JournalConfiguration
    private let disk: any Disk
    private let onDurable: @Sendable () -> Void
    private let onSnapshot: @Sendable (SnapshotMark) -> Void
    private let onFault: @Sendable (String) -> Void

    init(
        _ committer: JournalCommitter,
        disk: any Disk,
        settings: JournalConfiguration,
        waitsForDisk: Bool,
        onDurable: @escaping @Sendable () -> Void,
        onSnapshot: @escaping @Sendable (SnapshotMark) -> Void,
        onFault: @escaping @Sendable (String) -> Void
    ) {
        self.committer = committer
        self.disk = disk
        self.settings = settings
        self.onDurable = onDurable
        self.onSnapshot = onSnapshot
        self.onFault = onFault
        pause = waitsForDisk ? max(0.000_2, settings.maximumSyncDelay.seconds) : 0.05
        running.store(2, ordering: .relaxed)
        Self.start("journal") { [self] in keep() }
        Self.start("snapshots") { [self] in snapshot() }
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }

    /// Ends both threads and waits for them, at most `seconds`.
    func stop(within seconds: Double) {
        isStopping.store(true, ordering: .relaxed)
        let deadline = Date(timeIntervalSinceNow: seconds)
        while running.load(ordering: .relaxed) > 0, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
    }

    private func keep() {
        var hasFailed = false
        while !isStopping.load(ordering: .relaxed) {
            do throws(JournalError) {
                let before = committer.durableThrough
                try committer.prepareNextSegment()
                try committer.commit()
                if committer.durableThrough > before { onDurable() }
                while try committer.sealOne() {}
                hasFailed = false
            } catch {
                // The node sees it too and stops entries; it is said once.
                if !hasFailed { onFault("\(error)") }
                hasFailed = true
                onDurable()
                Thread.sleep(forTimeInterval: 0.2)
            }
            Thread.sleep(forTimeInterval: pause)
        }
        running.wrappingSubtract(1, ordering: .relaxed)
    }

    private func snapshot() {
        do throws(NodeError) {
            var snapshotter = try Snapshotter(
                disk,
                interval: settings.snapshotRecords,
                kept: settings.snapshotsKept,
                marketByteLimit: settings.marketMaximumBytes
            )
            while !isStopping.load(ordering: .relaxed) {
                let done = try snapshotter.work(durableThrough: committer.durableThrough)
                if let mark = done.mark { onSnapshot(mark) }
                if !done.isBehind { Thread.sleep(forTimeInterval: 0.25) }
            }
        } catch {
            onFault("snapshots ended: \(error)")
        }
        running.wrappingSubtract(1, ordering: .relaxed)
    }
}
