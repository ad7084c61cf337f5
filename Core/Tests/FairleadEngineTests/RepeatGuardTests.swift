import FairleadModel
import Testing

@testable import FairleadEngine

private let symbol = InstrumentHandle(index: 1)
private let other = InstrumentHandle(index: 0)
private let start = Timestamp(milliseconds: 1_000_000)
private func intent(_ parent: UInt32) -> IntentID { IntentID(epoch: Epoch(number: 1), parent: parent) }

extension RepeatGuard {
    /// The facts of a market buy of 1.
    fileprivate mutating func facts(
        _ instrument: InstrumentHandle,
        at now: Timestamp,
        _ limits: RiskLimits = RiskLimits()
    ) -> HistoryFacts {
        facts(
            instrument,
            side: .buy,
            quantity: quantity(1),
            limitPrice: .zero,
            rates: RateCounts(),
            at: now,
            limits
        )
    }
}

/// Goal: a trade exactly one hour old still counts, a nanosecond later it doesn't; symbols are apart.
/// Method: three entries, counted at their bounds.
@Test("burst_limit: a trade exactly one hour old still counts")
func burstCountsTheHour() {
    var history = RepeatGuard(instrumentCount: 2)
    for parent in 1...3 as ClosedRange<UInt32> {
        history.entryApproved(
            symbol,
            intent(parent),
            side: .buy,
            quantity: quantity(1),
            limitPrice: .zero,
            at: start + .minutes(Int64(parent))
        )
    }
    #expect(history.facts(other, at: start).tradesInLastHour == 0)
    #expect(history.facts(symbol, at: start + .minutes(61)).tradesInLastHour == 3)
    let later = Timestamp(nanoseconds: (start + .minutes(61)).nanoseconds + 1)
    #expect(history.facts(symbol, at: later).tradesInLastHour == 2)
    history.checkInvariants()
}

/// Goal: more trades than are remembered never count as fewer than what is remembered.
/// Method: twice the capacity within the hour.
@Test("burst_limit: a full memory stays full")
func burstMemoryIsBounded() {
    var history = RepeatGuard(instrumentCount: 2)
    for parent in 0..<UInt32(RepeatGuard.tradesRemembered * 2) {
        history.entryApproved(
            symbol,
            intent(parent + 1),
            side: .buy,
            quantity: quantity(1),
            limitPrice: .zero,
            at: start + .seconds(Int64(parent))
        )
    }
    #expect(history.facts(symbol, at: start + .minutes(10)).tradesInLastHour == RepeatGuard.tradesRemembered)
    history.checkInvariants()
}

/// Goal: N equal fills in a row within the window latch, once; another side or size, or time, begins anew.
/// Method: runs that are broken in each way, then one that is not.
@Test("repeated_execution: the same symbol, side and size in a row within the window")
func repeatedExecutions() {
    var limits = RiskLimits()
    limits.repeatedExecutionCount = 3
    func run(_ fills: [(Side, Double, Int64)]) -> (RepeatGuard, [Bool]) {
        var history = RepeatGuard(instrumentCount: 2)
        let latched = fills.map { side, size, second in
            history.executed(symbol, side: side, quantity: quantity(size), at: start + .seconds(second), limits)
        }
        history.checkInvariants()
        return (history, latched)
    }
    #expect(run([(.buy, 1, 0), (.buy, 1, 1), (.buy, 1, 2), (.buy, 1, 3)]).1 == [false, false, true, false])
    #expect(run([(.buy, 1, 0), (.buy, 1, 1), (.sell, 1, 2), (.buy, 1, 3)]).1 == [false, false, false, false])
    #expect(run([(.buy, 1, 0), (.buy, 1, 1), (.buy, 2, 2), (.buy, 2, 3)]).1 == [false, false, false, false])
    // Exactly a window apart still counts.
    #expect(run([(.buy, 1, 0), (.buy, 1, 30), (.buy, 1, 60)]).1 == [false, false, true])
    #expect(run([(.buy, 1, 0), (.buy, 1, 30), (.buy, 1, 61)]).1 == [false, false, false])

    var (history, _) = run([(.buy, 1, 0), (.buy, 1, 1), (.buy, 1, 2)])
    #expect(history.facts(symbol, at: start + .hours(2), limits).isRepeatLatched == true)
    #expect(history.facts(other, at: start + .hours(2), limits).isRepeatLatched == false)
    history.enabled(symbol)
    #expect(history.facts(symbol, at: start + .hours(2), limits).isRepeatLatched == false)
    limits.repeatedExecutionCount = nil
    #expect(history.executed(symbol, side: .buy, quantity: quantity(1), at: start + .hours(2), limits) == false)
}

/// Goal: N rejects in a row within the window latch, once; an acceptance or time begins anew.
/// Method: runs that are broken in each way, then one that is not; enabled again.
@Test("reject_storm: consecutive rejects within the window")
func rejectStorm() {
    let limits = RiskLimits()
    var history = RepeatGuard(instrumentCount: 2)
    for second in 0..<4 as Range<Int64> {
        #expect(history.rejected(symbol, at: start + .seconds(second), limits) == false)
    }
    history.accepted(symbol)
    for second in 10..<14 as Range<Int64> {
        #expect(history.rejected(symbol, at: start + .seconds(second), limits) == false)
    }
    // The first of them is over a minute old: four remain.
    #expect(history.rejected(symbol, at: start + .milliseconds(70_001), limits) == false)
    #expect(history.facts(symbol, at: start + .milliseconds(70_001), limits).consecutiveRejects == 4)
    #expect(history.rejected(symbol, at: start + .milliseconds(70_002), limits) == true)
    #expect(history.rejected(symbol, at: start + .milliseconds(70_003), limits) == false)
    history.accepted(symbol)
    #expect(history.facts(symbol, at: start + .hours(1), limits).isRejectLatched == true)
    #expect(history.facts(other, at: start + .hours(1), limits).isRejectLatched == false)
    history.enabled(symbol)
    #expect(history.facts(symbol, at: start + .hours(1), limits).isRejectLatched == false)
    #expect(history.facts(symbol, at: start + .hours(1), limits).consecutiveRejects == 0)
}

/// Goal: an equal order is a duplicate while the first is open, and through the last moment of the window after it.
/// Method: each field changed alone; open, closed, at the window's end and past it.
@Test("duplicate_order: open, or sent within the window")
func duplicateOrders() {
    var history = RepeatGuard(instrumentCount: 2)
    let limits = RiskLimits()
    history.entryApproved(symbol, intent(1), side: .buy, quantity: quantity(1), limitPrice: price(9), at: start)
    func isDuplicate(
        _ instrument: InstrumentHandle = symbol,
        side: Side = .buy,
        size: Double = 1,
        limit: Double = 9,
        after: TimeSpan
    ) -> Bool {
        history.facts(
            instrument,
            side: side,
            quantity: quantity(size),
            limitPrice: price(limit),
            rates: RateCounts(),
            at: start + after,
            limits
        ).isDuplicateOrder
    }
    #expect(isDuplicate(after: .zero))
    #expect(isDuplicate(after: .minutes(5)))
    #expect(!isDuplicate(other, after: .zero))
    #expect(!isDuplicate(side: .sell, after: .zero))
    #expect(!isDuplicate(size: 2, after: .zero))
    #expect(!isDuplicate(limit: 0, after: .zero))
    history.parentClosed(symbol, intent(2))
    #expect(isDuplicate(after: .minutes(5)))
    history.parentClosed(symbol, intent(1))
    #expect(isDuplicate(after: .milliseconds(2000)))
    #expect(!isDuplicate(after: .milliseconds(2001)))
}

/// Goal: stop-outs and over-sends are kept by symbol, and enabling clears the latch but no cooldown.
/// Method: both on one symbol, read back on both.
@Test("cooldown, kill_switch: stop-outs and over-sends by symbol")
func stopOutsAndOverSends() {
    var history = RepeatGuard(instrumentCount: 2)
    history.stoppedOut(symbol, at: start)
    history.overSent(symbol)
    #expect(history.facts(symbol, at: start).lastStopOut == start)
    #expect(history.facts(other, at: start).lastStopOut == .never)
    #expect(history.isOverSent(symbol))
    #expect(!history.isOverSent(other))
    history.enabled(symbol)
    #expect(!history.isOverSent(symbol))
    #expect(history.facts(symbol, at: start).lastStopOut == start)
}

/// Goal: a snapshot brings back the same history.
/// Method: every kind of memory filled, written and read by visitors, compared by its words.
@Test func repeatGuardSurvivesASnapshot() {
    var history = RepeatGuard(instrumentCount: 2)
    var limits = RiskLimits()
    limits.repeatedExecutionCount = 1
    for parent in 1...40 as ClosedRange<UInt32> {
        let now = start + .seconds(Int64(parent))
        history.entryApproved(symbol, intent(parent), side: .sell, quantity: quantity(3), limitPrice: price(1), at: now)
        _ = history.executed(symbol, side: .sell, quantity: quantity(3), at: now, limits)
        _ = history.rejected(other, at: now, limits)
    }
    history.overSent(other)
    history.stoppedOut(symbol, at: start)
    var writer = WordVisitor()
    history.visitState(&writer)
    var restored = RepeatGuard(instrumentCount: 2)
    var reader = WordVisitor(reading: writer.words)
    restored.visitState(&reader)
    #expect(reader.isAtEnd)
    var again = WordVisitor()
    restored.visitState(&again)
    #expect(again.words == writer.words)
    restored.checkInvariants()
    #expect(restored.facts(symbol, at: start + .seconds(41), limits).isRepeatLatched == true)
    #expect(restored.isOverSent(other))
}
