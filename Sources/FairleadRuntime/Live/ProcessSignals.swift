import Foundation
import Glibc

/// The process's signals as calls: SIGINT and SIGTERM end a run, SIGHUP reads the configuration again.
///
/// They are blocked in every thread and taken by one that waits for them, so that no code runs inside a handler.
public final class ProcessSignals: Sendable {
    private let watched: [Int32]

    /// Call on the main thread before any other thread is made: they inherit the mask.
    public init() {
        watched = [SIGINT, SIGTERM, SIGHUP]
        var set = Self.set(watched)
        // SAFETY: the set is ours and lives through the call.
        let result = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        precondition(result == 0, "Invariant: these signals can be blocked")
    }

    /// Calls `body` with each signal, on a thread of its own, until `body` says that it wants no more.
    public func start(_ body: @escaping @Sendable (Int32) -> Bool) {
        let thread = Thread { [watched] in
            var set = Self.set(watched)
            while true {
                var number: Int32 = 0
                // SAFETY: both are ours and live through the call.
                guard unsafe sigwait(&set, &number) == 0 else { continue }
                if !body(number) { return }
            }
        }
        thread.name = "signals of the process"
        thread.start()
    }

    private static func set(_ numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        // SAFETY: the set is ours; each number is a signal's.
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }
}
