public import FairleadModel

/// The node's only source of time. The runtime gives the system's, the simulator and the backtest a virtual one.
///
/// Called on the loop's thread only.
public protocol Clock: AnyObject {
    /// The wall clock. It may step, backward too (a person or a time server sets it): see `SteadyTime`.
    var now: Timestamp { get }
    /// Time since some moment, by a clock that nobody can set and that goes on while the machine sleeps. Never less
    /// than it was.
    var elapsed: TimeSpan { get }
}

/// A clock that stands still until it is moved: the backtest's, and the tests'.
public final class VirtualClock: Clock {
    public private(set) var now: Timestamp
    public private(set) var elapsed = TimeSpan.zero

    public init(_ now: Timestamp) { self.now = now }

    /// Moves forward to `time`; an earlier time changes nothing.
    public func advance(to time: Timestamp) {
        guard time > now else { return }
        let (sum, isOver) = elapsed.nanoseconds.addingReportingOverflow((time - now).nanoseconds)
        elapsed = TimeSpan(nanoseconds: isOver ? .max : sum)
        now = time
    }

    /// Sets the clock, backward too, while no time passes: what a person or a time server can do to a real one.
    public func step(to time: Timestamp) { now = time }
}
