import FairleadModel

/// What a POV may have done, and what an iceberg shows.
extension ParentSchedule {
    /// What the volume so far has earned: `n = rho V / (1 - rho)` of what others have traded, rounded down to lots.
    ///
    /// Others' volume is what the feed prints less what of it is our own. A paper venue fills beside the market: its
    /// feed never holds our fills, and nothing is subtracted. An exchange prints them like anybody's; there `printsOwn`
    /// takes off what is filled and what is at work, which its print may outrun: too little for a moment, never too
    /// much. Fills of our other parents in the same instrument count as others' then; one entry an instrument is the
    /// rule.
    func earned(filled: Quantity, working: Quantity) -> Quantity {
        let own = printsOwn ? filled.raw + working.raw : 0
        let others = max(0, traded - own)
        let exact = Int128(others) * Int128(rate.raw) / Int128(FixedPoint.one - rate.raw)
        #if MUTANTS
            if Mutant.isOn(.povForgetsItsRate) { return min(total, Quantity(raw: others)) }
            if Mutant.isOn(.povLetsTheWholeGoAtOnce) { return total }
        #endif
        guard exact < Int128(total.raw) else { return total }
        let earned = Int64(exact) / lot.raw * lot.raw
        // No rest is left over that no order can be made of.
        let rest = total.raw - earned
        guard rest < smallest.raw else { return Quantity(raw: earned) }
        return Quantity(raw: max(0, min(earned, (total.raw - smallest.raw) / lot.raw * lot.raw)))
    }

    /// Counts a trade of its instrument. Time that a person holds the parent earns nothing.
    mutating func note(_ quantity: Quantity) {
        guard heldSince == .never else { return }
        let sum = traded.addingReportingOverflow(quantity.raw)
        traded = sum.overflow ? .max : sum.partialValue
    }

    /// Whether the slice at work is done with, so that another may begin. Of an iceberg each order is a tip of its own.
    func isOver(filled: Quantity, released: Quantity, at now: Timestamp) -> Bool {
        if !hasBegun { return true }
        guard slice < .max else { return false }
        return kind == .iceberg ? children > 0 : filled >= released || now >= timeout
    }

    /// Begins a slice of what is let go by now.
    mutating func enter(until: Timestamp, arrival middle: Price) {
        if hasBegun { slice += 1 }
        children = 0
        isSpent = false
        hasBegun = true
        arrival = middle
        timeout = until
        carried = .zero
    }

    /// A person has held it: its clock stood.
    mutating func shift(by span: TimeSpan) {
        begin = begin + span
        if end != .distantFuture { end = end + span }
        if timeout != .never, timeout != .distantFuture { timeout = timeout + span }
    }

    /// The next tip: what is displayed less its jitter, never more, and no rest under the smallest order where that can
    /// be helped.
    func tip(of remaining: Quantity) -> Quantity {
        #if MUTANTS
            if Mutant.isOn(.icebergShowsTheWhole) { return remaining }
            if Mutant.isOn(.icebergTipGrows) { return min(remaining, Quantity(raw: display.raw * 2)) }
        #endif
        var size = display.raw
        if rate.raw > 0 {
            var random = DeterministicRandom(seed: seed &+ UInt64(slice))
            let less = random.next(in: 0...rate.raw)
            size -= Int64(Int128(size) * Int128(less) / Int128(FixedPoint.one))
        }
        size = max(size / lot.raw * lot.raw, min(smallest.raw, display.raw))
        guard remaining.raw > size else { return remaining }
        let rest = remaining.raw - size
        if rest < smallest.raw {
            if remaining.raw <= display.raw { return remaining }
            let less = (remaining.raw - smallest.raw) / lot.raw * lot.raw
            if less >= smallest.raw { size = min(size, less) }
        }
        return Quantity(raw: size)
    }
}
