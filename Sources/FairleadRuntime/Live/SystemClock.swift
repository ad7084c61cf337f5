public import FairleadModel
public import FairleadNode
import Glibc

/// The system's time of day, and the time since the machine was started, sleep included.
public final class SystemClock: Clock, Sendable {
    public init() {}

    public var now: Timestamp { Timestamp(nanoseconds: Self.nanoseconds(CLOCK_REALTIME)) }
    public var elapsed: TimeSpan { TimeSpan(nanoseconds: Self.nanoseconds(CLOCK_BOOTTIME)) }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        // SAFETY: the structure is ours and lives through the call.
        let result = unsafe clock_gettime(clock, &time)
        precondition(result == 0, "Invariant: the system has its clocks")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
