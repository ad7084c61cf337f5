import FairleadRuntime
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM or a closed terminal as a question that a loop asks between two pieces of work.
final class StopRequest: Sendable {
    private let asked = Atomic<Bool>(false)

    /// Call before any other thread is made.
    init() {
        let process = ProcessSignals()
        let began = Mutex<ContinuousClock.Instant?>(nil)
        process.start { [self] _ in
            if !asked.exchange(true, ordering: .acquiringAndReleasing) {
                began.withLock { $0 = .now }
            } else if let first = began.withLock({ $0 }), .now - first > .milliseconds(300) {
                // Twice at once is one order, given to the process and to its group.
                Glibc.exit(ExitStatus.interrupted.rawValue)
            }
            return true
        }
    }

    var isAsked: Bool { asked.load(ordering: .acquiring) }
}
