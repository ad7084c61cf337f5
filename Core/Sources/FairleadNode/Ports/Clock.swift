public import FairleadModel

/// The node's only source of time. The runtime gives the system's, the simulator and the backtest a virtual one.
///
/// Called on the loop's thread only. It may step backward (a person sets the clock); the node never lets the journal's
/// time do so.
public protocol Clock: AnyObject {
    var now: Timestamp { get }
}

/// A clock that stands still until it is moved: the backtest's, and the tests'.
public final class VirtualClock: Clock {
    public private(set) var now: Timestamp

    public init(_ now: Timestamp) { self.now = now }

    /// Moves forward to `time`; an earlier time changes nothing.
    public func advance(to time: Timestamp) { now = max(now, time) }

    /// Sets the clock, backward too: what a person or a time server can do to a real one.
    public func step(to time: Timestamp) { now = time }
}
