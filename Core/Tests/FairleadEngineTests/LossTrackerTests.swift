import FairleadModel
import Testing

@testable import FairleadEngine

private let midnight = Timestamp(nanoseconds: 0) + TimeSpan.hours(24 * 20_000)
private func hour(_ count: Int64) -> Timestamp { midnight + TimeSpan.hours(count) }

/// Goal: nothing is made up before the first reading, which is peak and start of the day.
/// Method: a fresh tracker, then one reading.
@Test func nothingIsKnownBeforeTheFirstReading() {
    var tracker = LossTracker()
    #expect(tracker.drawdown == nil)
    #expect(tracker.dayLoss(at: hour(1)) == nil)
    #expect(tracker.observed(money(10_000), at: hour(1), RiskLimits()) == .accepted)
    #expect(tracker.drawdown == .zero)
    #expect(tracker.dayLoss(at: hour(1)) == .zero)
    #expect(tracker.peak == money(10_000))
    #expect(tracker.navTime == hour(1))
    tracker.checkInvariants()
}

/// Goal: drawdown is from the peak, the day's loss from its start, both rounded down.
/// Method: up, then down by amounts that divide and that don't.
@Test func drawdownAndDayLoss() {
    var tracker = LossTracker()
    _ = tracker.observed(money(10_000), at: hour(1), RiskLimits())
    _ = tracker.observed(money(12_000), at: hour(2), RiskLimits())
    _ = tracker.observed(money(11_400), at: hour(3), RiskLimits())
    #expect(tracker.drawdown == rate(0.05))
    #expect(tracker.dayLoss(at: hour(3)) == rate(-0.14))
    _ = tracker.observed(money(11_999.99999), at: hour(4), RiskLimits())
    #expect(tracker.drawdown == .zero)
    tracker.checkInvariants()
}

/// Goal: the circuit latches exactly at its limit, says so once, and stays through a recovery until it is reset.
/// Method: a step above the limit, at it, back at the peak, reset below the old peak.
@Test func circuitLatchesAtItsLimit() {
    var tracker = LossTracker()
    _ = tracker.observed(money(10_000), at: hour(1), RiskLimits())
    #expect(tracker.observed(Money(raw: money(9000).raw + 1), at: hour(2), RiskLimits()) == .accepted)
    #expect(!tracker.isCircuitLatched)
    #expect(tracker.observed(money(9000), at: hour(3), RiskLimits()) == .latchedCircuit)
    #expect(tracker.observed(money(8000), at: hour(4), RiskLimits()) == .accepted)
    #expect(tracker.observed(money(10_000), at: hour(5), RiskLimits()) == .accepted)
    #expect(tracker.isCircuitLatched)
    _ = tracker.observed(money(8000), at: hour(6), RiskLimits())
    tracker.resetCircuit()
    #expect(tracker.drawdown == .zero)
    #expect(tracker.observed(money(7900), at: hour(7), RiskLimits()) == .accepted)
    #expect(!tracker.isCircuitLatched)
    tracker.checkInvariants()
}

/// Goal: a jump moves no peak and loosens no cap until it is explained; exactly at either bound it is none.
/// Method: both bounds of RULES, a tick over each, repeated, confirmed, explained by a transfer, gone by itself.
@Test func navJumps() {
    func jumping(from first: Double, to second: Money) -> (LossTracker, LossTracker.Reading) {
        var tracker = LossTracker()
        _ = tracker.observed(money(first), at: hour(1), RiskLimits())
        let reading = tracker.observed(second, at: hour(2), RiskLimits())
        tracker.checkInvariants()
        return (tracker, reading)
    }
    #expect(jumping(from: 1000, to: money(3000)).1 == .accepted)
    #expect(jumping(from: 1000, to: Money(raw: money(3000).raw + 1)).1 == .jumped)
    #expect(jumping(from: 100_000, to: money(120_000)).1 == .accepted)
    #expect(jumping(from: 100_000, to: Money(raw: money(120_000).raw + 1)).1 == .jumped)

    var (tracker, _) = jumping(from: 1000, to: money(9000))
    #expect(tracker.nav == money(1000))
    #expect(tracker.peak == money(1000))
    #expect(tracker.navTime == hour(2))
    #expect(tracker.observed(money(9001), at: hour(3), RiskLimits()) == .stillJumped)
    var confirmed = tracker
    confirmed.confirmJump()
    #expect(confirmed.nav == money(9001))
    #expect(confirmed.peak == money(9001))
    #expect(confirmed.dayLoss(at: hour(3)) == .zero)
    confirmed.checkInvariants()
    var transferred = tracker
    transferred.transferred(money(8000), at: hour(3))
    #expect(transferred.observed(money(9001), at: hour(4), RiskLimits()) == .accepted)
    transferred.checkInvariants()
    #expect(tracker.observed(money(1001), at: hour(4), RiskLimits()) == .accepted)
    #expect(tracker.jump == nil)
    #expect(tracker.peak == money(1001))
}

/// Goal: zero and negative readings are skipped and counted, and change nothing else.
/// Method: both, and the time of the last good reading.
@Test func senselessReadingsAreSkipped() {
    var tracker = LossTracker()
    _ = tracker.observed(money(1000), at: hour(1), RiskLimits())
    #expect(tracker.observed(.zero, at: hour(2), RiskLimits()) == .skipped)
    #expect(tracker.observed(money(-5), at: hour(3), RiskLimits()) == .skipped)
    #expect(tracker.skippedReadings == 2)
    #expect(tracker.nav == money(1000))
    #expect(tracker.navTime == hour(1))
}

/// Goal: deposits and withdrawals move peak and day start, so that they are neither a profit nor a loss.
/// Method: a withdrawal of half, then a real loss.
@Test func transfersAreNoLoss() {
    var tracker = LossTracker()
    _ = tracker.observed(money(10_000), at: hour(1), RiskLimits())
    tracker.transferred(money(-5000), at: hour(2))
    #expect(tracker.drawdown == .zero)
    #expect(tracker.dayLoss(at: hour(2)) == .zero)
    _ = tracker.observed(money(4900), at: hour(3), RiskLimits())
    #expect(tracker.drawdown == rate(0.02))
    #expect(tracker.dayLoss(at: hour(3)) == rate(0.02))
    tracker.transferred(money(-100_000), at: hour(4))
    #expect(tracker.drawdown == nil)
}

/// Goal: the risk day is UTC and starts at what NAV was at midnight.
/// Method: a reading before midnight, none yet today, one after, one at the very midnight.
@Test func theDayStartsAtMidnight() {
    var tracker = LossTracker()
    _ = tracker.observed(money(10_000), at: hour(1), RiskLimits())
    _ = tracker.observed(money(9800), at: hour(23), RiskLimits())
    #expect(tracker.dayLoss(at: hour(23)) == rate(0.02))
    #expect(tracker.dayLoss(at: hour(24)) == .zero)
    _ = tracker.observed(money(9702), at: hour(25), RiskLimits())
    #expect(tracker.dayLoss(at: hour(25)) == rate(0.01))
    _ = tracker.observed(money(9600), at: hour(48), RiskLimits())
    #expect(tracker.dayStart == money(9600))
    tracker.checkInvariants()
}

/// Goal: a snapshot brings back the same tracker.
/// Method: written and read by visitors, empty and with a pending jump.
@Test func lossTrackerSurvivesASnapshot() {
    var full = LossTracker()
    _ = full.observed(money(1000), at: hour(1), RiskLimits())
    _ = full.observed(money(800), at: hour(2), RiskLimits())
    _ = full.observed(money(9000), at: hour(3), RiskLimits())
    _ = full.observed(.zero, at: hour(4), RiskLimits())
    for tracker in [LossTracker(), full] {
        var original = tracker
        var writer = WordVisitor()
        original.visitState(&writer)
        var restored = full
        var reader = WordVisitor(reading: writer.words)
        restored.visitState(&reader)
        #expect(reader.isAtEnd)
        #expect(restored == tracker)
    }
}

/// Goal: the week is measured from the NAV at Monday 00:00 UTC, moves with transfers, and outlives its days. Method:
/// Sunday, a reading at Monday's midnight, losses over days, a transfer, a confirmed jump, the next Monday without one.
@Test func weekLossSinceMonday() {
    // Day 20,003 since the epoch is a Monday.
    let monday = hour(24 * 3)
    #expect(monday.utcWeek == hour(24 * 3 - 1).utcWeek + 1)
    var tracker = LossTracker()
    #expect(tracker.weekLoss(at: monday) == nil)
    _ = tracker.observed(money(9000), at: hour(24 * 3 - 1), RiskLimits())
    #expect(tracker.weekLoss(at: hour(24 * 3 - 1)) == .zero)
    _ = tracker.observed(money(10_000), at: monday, RiskLimits())
    #expect(tracker.weekStart == money(10_000))
    _ = tracker.observed(money(9500), at: hour(24 * 3 + 5), RiskLimits())
    _ = tracker.observed(money(9300), at: hour(24 * 4), RiskLimits())
    #expect(tracker.dayLoss(at: hour(24 * 4)) == .zero)
    #expect(tracker.weekLoss(at: hour(24 * 4)) == rate(0.07))
    tracker.transferred(money(-5000), at: hour(24 * 5))
    #expect(tracker.weekStart == money(5000))
    #expect(tracker.weekLoss(at: hour(24 * 5)) == rate(0.14))
    tracker.checkInvariants()
    // Eight days after Monday nothing is lost yet, and the week starts at the last reading before it.
    #expect(tracker.weekLoss(at: hour(24 * 11)) == .zero)
    _ = tracker.observed(money(4000), at: hour(24 * 11), RiskLimits())
    #expect(tracker.weekStart == money(4300))
    #expect(tracker.dayLoss(at: hour(24 * 11)) == .zero)
    #expect(tracker.observed(money(40_000), at: hour(24 * 11 + 1), RiskLimits()) == .jumped)
    // From the peak of 5,000 that NAV counts as: the week had it from its start.
    tracker.confirmJump()
    #expect(tracker.weekStart == money(4300 + 35_000))
    tracker.checkInvariants()
    var writer = WordVisitor()
    tracker.visitState(&writer)
    var read = LossTracker()
    var reader = WordVisitor(reading: writer.words)
    read.visitState(&reader)
    #expect(read == tracker)
}
