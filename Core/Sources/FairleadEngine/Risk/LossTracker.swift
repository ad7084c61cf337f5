public import FairleadModel

/// NAV over time: its peak, the starts of the risk day and the risk week, the drawdown circuit.
///
/// The peak follows accepted readings only. A reading that jumps (RULES "NAV anomaly") moves no peak, and until a
/// transfer or an operator explains it NAV counts as no more than the peak: an error can't loosen a cap, and NAV
/// doesn't go stale.
public struct LossTracker: Hashable, Sendable, BitwiseCopyable {
    /// What became of a reading.
    @frozen public enum Reading: UInt8, Sendable, BitwiseCopyable {
        case accepted
        /// Zero or negative: counted, nothing else changed.
        case skipped
        /// The first of a jump: the caller raises the `navJump` alarm.
        case jumped
        /// Still unexplained.
        case stillJumped
        /// Accepted, and the drawdown circuit has latched with it: the caller kills.
        case latchedCircuit
    }

    /// nil before the first reading.
    public private(set) var nav: Money?
    /// Time of the last reading that was not skipped.
    public private(set) var navTime = Timestamp.never
    public private(set) var peak: Money?
    /// NAV at 00:00 UTC, adjusted for transfers since.
    public private(set) var dayStart: Money?
    /// NAV at 00:00 UTC of Monday, adjusted for transfers since.
    public private(set) var weekStart: Money?
    public private(set) var isCircuitLatched = false
    /// The reading that waits for an explanation; nil when none does.
    public private(set) var jump: Money?
    public private(set) var skippedReadings = 0
    private var day = Int64.min
    private var week = Int64.min
    /// Share of the peak that is lost, rounded down; nil when nothing is known. Kept, since each decision asks for it.
    public private(set) var drawdown: Rate?
    /// Shares of `dayStart` and of `weekStart` that are lost, rounded down.
    private var lossSinceDayStart: Rate?
    private var lossSinceWeekStart: Rate?

    public init() {}

    /// Takes a reading of NAV. Times must not run backwards.
    public mutating func observed(_ reading: Money, at now: Timestamp, _ limits: RiskLimits) -> Reading {
        guard reading > .zero else {
            skippedReadings += 1
            return .skipped
        }
        openDay(at: now, first: reading)
        navTime = now
        if let peak, isJump(reading, over: peak, limits) {
            let isFirst = jump == nil
            jump = reading
            nav = peak
            measure()
            return isFirst ? .jumped : .stillJumped
        }
        jump = nil
        nav = reading
        peak = max(peak ?? reading, reading)
        measure()
        guard let limit = limits.maximumPortfolioDrawdown, !isCircuitLatched, let drawdown, drawdown >= limit else {
            return .accepted
        }
        isCircuitLatched = true
        return .latchedCircuit
    }

    /// A deposit (positive) or withdrawal moved NAV: peak and both starts move with it, and it explains a jump.
    public mutating func transferred(_ amount: Money, at now: Timestamp) {
        guard let nav else { return }
        openDay(at: now, first: nav)
        self.nav = max(.zero, nav + amount)
        peak = peak.map { max(.zero, $0 + amount) }
        dayStart = dayStart.map { max(.zero, $0 + amount) }
        weekStart = weekStart.map { max(.zero, $0 + amount) }
        jump = nil
        measure()
    }

    /// An operator says that the jump is real: it becomes NAV and peak, and day and week are measured as if it
    /// had been there.
    public mutating func confirmJump() {
        guard let jump, let nav else { return }
        dayStart = dayStart.map { $0 + (jump - nav) }
        weekStart = weekStart.map { $0 + (jump - nav) }
        self.nav = jump
        peak = jump
        self.jump = nil
        measure()
    }

    /// An operator resets the circuit. The peak begins anew at the present NAV: with the old one it would latch again
    /// at the next reading.
    public mutating func resetCircuit() {
        isCircuitLatched = false
        peak = nav
        measure()
    }

    private mutating func measure() {
        guard let nav, let peak, let dayStart, let weekStart else {
            drawdown = nil
            lossSinceDayStart = nil
            lossSinceWeekStart = nil
            return
        }
        drawdown = (peak - nav).ratio(to: peak)
        lossSinceDayStart = (dayStart - nav).ratio(to: dayStart)
        lossSinceWeekStart = (weekStart - nav).ratio(to: weekStart)
    }

    /// Share of the NAV at 00:00 UTC that is lost since, rounded down, negative for a profit; nil when nothing is
    /// known. On a new day without a reading yet nothing is lost.
    public func dayLoss(at now: Timestamp) -> Rate? {
        guard nav != nil else { return nil }
        return now.utcDay > day ? .zero : lossSinceDayStart
    }

    /// The same of the NAV at 00:00 UTC of Monday.
    public func weekLoss(at now: Timestamp) -> Rate? {
        guard nav != nil else { return nil }
        return now.utcWeek > week ? .zero : lossSinceWeekStart
    }

    private func isJump(_ reading: Money, over peak: Money, _ limits: RiskLimits) -> Bool {
        reading.exceeds(limits.navJumpMultiplier, of: peak) || reading - peak > limits.navJumpAbsolute
    }

    /// A new UTC day, and with it maybe a week, starts at what NAV was at its midnight: the last reading before, or the
    /// one at midnight itself; without an earlier one the first. Day 0 is a Thursday.
    private mutating func openDay(at now: Timestamp, first: Money) {
        guard now.utcDay > day else { return }
        #if MUTANTS
            if Mutant.isOn(.dayNeverBeginsAnew), dayStart != nil { return }
        #endif
        day = now.utcDay
        let isMidnight = now == Timestamp(nanoseconds: 0) + TimeSpan.hours(24 * day)
        dayStart = isMidnight ? first : nav ?? first
        guard now.utcWeek > week else { return }
        week = now.utcWeek
        weekStart = isMidnight && day == week * 7 - 3 ? first : nav ?? first
    }

    /// Writes, reads or hashes all of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        Self.visit(&nav, &visitor)
        visitor.visit(&navTime)
        Self.visit(&peak, &visitor)
        Self.visit(&dayStart, &visitor)
        Self.visit(&weekStart, &visitor)
        visitor.visit(&isCircuitLatched)
        Self.visit(&jump, &visitor)
        visitor.visit(&skippedReadings)
        visitor.visit(&day)
        visitor.visit(&week)
        if visitor.isReading { measure() }
    }

    private static func visit<Visitor: StateVisitor>(_ value: inout Money?, _ visitor: inout Visitor) {
        var isKnown = value != nil
        var money = value ?? .zero
        visitor.visit(&isKnown)
        visitor.visit(&money)
        if visitor.isReading { value = isKnown ? money : nil }
    }

    /// For tests and the simulator.
    public func checkInvariants() {
        guard let nav else {
            precondition(peak == nil, "Invariant: no peak without NAV")
            precondition(dayStart == nil, "Invariant: no day start without NAV")
            precondition(weekStart == nil, "Invariant: no week start without NAV")
            return
        }
        guard let peak else { preconditionFailure("Invariant: a NAV has a peak") }
        precondition(nav <= peak, "Invariant: NAV is never over its peak")
        precondition(dayStart != nil, "Invariant: a NAV has a day start")
        precondition(weekStart != nil, "Invariant: a NAV has a week start")
        precondition(navTime != .never, "Invariant: a NAV has a time")
        precondition(drawdown == (peak - nav).ratio(to: peak), "Invariant: the kept drawdown is the present one")
    }
}
