import FairleadConfiguration
import FairleadJournal
import FairleadModel
import Foundation
import Synchronization

/// The threads that may block on the disk for the journal: one for its syncs, for which orders may wait, and one for
/// what would hold the syncs up: the next segment and seals (64 MiB to write, 64 MiB to hash). Snapshots are the
/// replica's.
final class JournalThread: Sendable {
    private let committer: JournalCommitter
    private let isStopping = Atomic<Bool>(false)
    private let running = Atomic<Int>(0)
    /// Between two looks: short where orders wait for the disk.
    private let pause: Double
    /// Between two looks at the segments: a full one lasts longer than this at any rate that the engine reaches.
    private let segmentPause: Double
    private let onDurable: @Sendable () -> Void
    private let onFault: @Sendable (String) -> Void

    init(
        _ committer: JournalCommitter,
        settings: JournalConfiguration,
        waitsForDisk: Bool,
        onDurable: @escaping @Sendable () -> Void,
        onFault: @escaping @Sendable (String) -> Void
    ) {
        self.committer = committer
        self.onDurable = onDurable
        self.onFault = onFault
        pause = waitsForDisk ? max(0.000_2, settings.maximumSyncDelay.seconds) : 0.05
        segmentPause = waitsForDisk ? 0.01 : 0.05
        running.store(2, ordering: .relaxed)
        Self.start("journal") { [self] in keep() }
        Self.start("segments") { [self] in prepare() }
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }

    /// Ends the threads and waits for them, at most `seconds`.
    func stop(within seconds: Double) {
        isStopping.store(true, ordering: .relaxed)
        // Not the wall clock, which may be set meanwhile.
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !hasEnded, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.005) }
    }

    /// True when no thread touches the journal any more.
    var hasEnded: Bool { running.load(ordering: .acquiring) == 0 }

    /// Syncs, and nothing that takes longer: orders wait for it.
    private func keep() {
        var hasFailed = false
        while !isEnding {
            do throws(JournalError) {
                let before = committer.durableThrough
                try committer.commit()
                if committer.durableThrough > before { onDurable() }
                committer.prefaultAhead()
            } catch {
                // Final: the node sees it too and stops entries. It is said once.
                if !hasFailed { onFault("\(error)") }
                hasFailed = true
                onDurable()
                Thread.sleep(forTimeInterval: 0.2)
            }
            Thread.sleep(forTimeInterval: pause)
        }
        running.wrappingSubtract(1, ordering: .releasing)
    }

    /// The next segment first, since the writer may need it soon; then one seal at a time. A refusal, mostly of a full
    /// disk, stays with the committer until it is over, and holds no sync up.
    private func prepare() {
        var hasFailed = false
        while !isEnding {
            do throws(JournalError) {
                repeat {
                    // A node that found no room meanwhile goes on now, and not at its next event.
                    if try committer.prepareNextSegment() { onDurable() }
                } while try committer.sealOne() && !isEnding
                hasFailed = false
            } catch {
                if !hasFailed { onFault("\(error)") }
                hasFailed = true
                onDurable()
            }
            Thread.sleep(forTimeInterval: hasFailed ? 0.2 : segmentPause)
        }
        running.wrappingSubtract(1, ordering: .releasing)
    }

    private var isEnding: Bool { isStopping.load(ordering: .relaxed) }
}
