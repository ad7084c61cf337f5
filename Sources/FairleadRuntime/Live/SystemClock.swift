public import FairleadModel
public import FairleadNode
import Glibc

/// The system's time of day.
public final class SystemClock: Clock, Sendable {
    public init() {}

    public var now: Timestamp {
        var time = timespec()
        // SAFETY: the structure is ours and lives through the call.
        let result = unsafe clock_gettime(CLOCK_REALTIME, &time)
        precondition(result == 0, "Invariant: the system has a clock")
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
