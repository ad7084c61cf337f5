public import FairleadModel

/// The time that a process lives by: the wall clock's, where that goes on; and where somebody set the wall clock back,
/// time that goes on all the same, so that every deadline comes.
///
/// A clock that was set forward is followed at once: what a signal says of its own end is meant by the wall. One that
/// was set back is waited for: time runs a tenth slower than it passes until the wall has caught up. Deadlines come
/// late by a ninth at most, and never twice. Owned by the thread that reads it; a reading costs two of the system's
/// clocks. Why so: `docs/decisions/0006-steady-time.md`.
public struct SteadyTime: Sendable {
    /// While it waits for the wall, one part in so many of the time that passes is left out.
    static let slowing: Int64 = 10
    /// From such a difference on, what was learned of another clock has to be learned again.
    static let tolerance = TimeSpan.seconds(1)

    /// As it was read last.
    public private(set) var now: Timestamp
    /// The clock's `elapsed` at that reading.
    private var elapsed: TimeSpan
    /// How far it is ahead of the wall.
    public private(set) var lead = TimeSpan.zero
    /// `now` less `elapsed`, when another clock was compared with this one last.
    private var comparedShift: Int128

    /// Begins at the wall's time; at `earliest` where the wall is behind it.
    public init(_ clock: any Clock, notBefore earliest: Timestamp = .never) {
        let wall = clock.now
        now = max(wall, earliest)
        elapsed = clock.elapsed
        lead = now - wall
        comparedShift = Int128(now.nanoseconds) - Int128(elapsed.nanoseconds)
    }

    /// Reads the clock. Never earlier than the reading before.
    public mutating func read(_ clock: any Clock) -> Timestamp {
        let (wall, elapsed) = (clock.now, clock.elapsed)
        let passed = TimeSpan(nanoseconds: max(0, elapsed.nanoseconds - self.elapsed.nanoseconds))
        self.elapsed = max(self.elapsed, elapsed)
        let even = now + passed
        if wall >= even {
            lead = .zero
            now = wall
        } else {
            let behind = even - wall
            let left = min(behind, TimeSpan(nanoseconds: passed.nanoseconds / Self.slowing))
            lead = TimeSpan(nanoseconds: behind.nanoseconds - left.nanoseconds)
            now = even + -left
        }
        return now
    }

    /// How long it is from the last reading until this time comes, as time passes.
    public func span(until time: Timestamp) -> TimeSpan {
        let wanted = max(.zero, time - now)
        if wanted == .zero || lead == .zero || wanted.nanoseconds > Int64.max / 2 { return wanted }
        let slowed = wanted.nanoseconds / (Self.slowing - 1) + 1
        return TimeSpan(nanoseconds: wanted.nanoseconds + min(slowed, lead.nanoseconds))
    }

    /// True once after the wall was set, or this time slowed, by more than the tolerance: what is known of the
    /// difference to another clock no longer holds.
    mutating func takeShift() -> Bool {
        let shift = Int128(now.nanoseconds) - Int128(elapsed.nanoseconds)
        guard abs(shift - comparedShift) > Int128(Self.tolerance.nanoseconds) else { return false }
        comparedShift = shift
        return true
    }
}
