internal import FairleadModel

// Exact arithmetic of the rows. Each function first tries 64 bits, in which nearly every decision stays: a division of
// 128 bits costs ten times one by a constant. The results are the same; a test compares them.

extension InstrumentTerms {
    @inline(__always)
    func boundedNotional(_ price: Price, _ quantity: Quantity) -> Money {
        Money.boundedNotional(price, quantity, multiplier: multiplier)
    }
}

extension Money {
    /// About 10^16 of the currency: more than any limit that makes sense, and 2^20 of it still fit a sum.
    static var exposureBound: Money { Money(raw: Int128(1) << 107) }

    /// `notional`, cut off at `exposureBound`: no input can make a sum of notionals overflow.
    @inline(__always)
    static func boundedNotional(_ price: Price, _ quantity: Quantity, multiplier: Int32) -> Money {
        let product = Int128(price.raw) * Int128(quantity.raw)
        if multiplier == 1 { return Money(raw: min(product, exposureBound.raw)) }
        let (scaled, overflow) = product.multipliedReportingOverflow(by: Int128(multiplier))
        return overflow ? exposureBound : Money(raw: min(scaled, exposureBound.raw))
    }

    /// This sum times a rate, rounded up, and cut off at `exposureBound`. Neither may be negative.
    @inline(__always)
    func boundedProduct(_ rate: Rate) -> Money { rate == .one ? self : checkedProduct(rate) }

    private func checkedProduct(_ rate: Rate) -> Money {
        let one = Int128(FixedPoint.one)
        let (product, overflow) = raw.multipliedReportingOverflow(by: Int128(rate.raw))
        let quotient = overflow ? Int128.max : product / one
        if quotient >= Money.exposureBound.raw { return Money.exposureBound }
        return Money(raw: quotient * one == product ? quotient : quotient + 1)
    }

    /// `self / base` as a rate, rounded up and saturating, so that `share > limit` holds exactly when the true ratio is
    /// larger. `self` must not be negative, `base` must be positive.
    func shareRoundedUp(of base: Money) -> Rate {
        // Under 2^100 the product stays under 2^127, and needs no check.
        if raw >= 0, raw >> 100 == 0 {
            let scaled = UInt128(truncatingIfNeeded: raw) &* UInt128(FixedPoint.one)
            let divisor = UInt128(truncatingIfNeeded: base.raw)
            let quotient = scaled / divisor
            return Rate(raw: Int64(clamping: quotient &* divisor == scaled ? quotient : quotient &+ 1))
        }
        let (scaled, overflow) = raw.multipliedReportingOverflow(by: Int128(FixedPoint.one))
        guard !overflow else { return Rate(raw: Int64.max) }
        let quotient = scaled / base.raw
        return Rate(raw: Int64(clamping: quotient * base.raw == scaled ? quotient : quotient + 1))
    }

    /// In units of 10^-8, rounded down and saturating. 10^8 is 2^8 times 390,625: the first part is a shift, the second
    /// a division by hand, 32 bits at a time.
    @inline(__always)
    var raw8RoundedDown: Int64 {
        // Below this the quotient has 63 bits: all sums under 92 thousand millions.
        guard raw >= 0, raw >> 72 < 390_625 / 2 else { return raw8 }
        let upper = UInt64(truncatingIfNeeded: raw >> 40)
        let quotient = upper / 390_625
        let lower = (upper &- quotient &* 390_625) << 32 | UInt64(truncatingIfNeeded: raw >> 8) & 0xFFFF_FFFF
        return Int64(truncatingIfNeeded: quotient << 32 | lower / 390_625)
    }

    /// In units of 10^-8, rounded up and saturating: an observation that is over its cap also reads so. Not negative.
    @inline(__always)
    var raw8RoundedUp: Int64 {
        let down = raw8RoundedDown
        return down == Int64.max || Int128(down) &* Int128(FixedPoint.one) == raw ? down : down &+ 1
    }
}

/// A sum over NAV. The division is made where somebody reads it: whether it is over a limit is two products.
struct NavShare: BitwiseCopyable {
    private let sum: Money
    private let nav: Money
    /// `sum` times 10^8, where `isSmall`: what is compared with a limit times `nav`.
    private let scaled: Int128
    /// Sums under 2^86 (8 thousand millions of the currency): times 10^8, or a limit under 2^40, they fit 128 bits.
    private let isSmall: Bool
    /// Saturating, so that it is over a limit exactly when the true ratio is. Set by `divide`.
    private(set) var roundedUp = Rate(raw: RiskRow.missing)

    /// `sum` must not be negative, `nav` must be positive.
    @inline(__always)
    init(_ sum: Money, of nav: Money) {
        self.sum = sum
        self.nav = nav
        scaled = sum.raw &* Int128(FixedPoint.one)
        // A negative one, shifted, is no zero either.
        isSmall = (sum.raw | nav.raw) >> 86 == 0
    }

    mutating func divide() { roundedUp = sum.shareRoundedUp(of: nav) }

    @inline(__always)
    func exceeds(_ limit: Rate) -> Bool {
        guard isSmall, limit.raw >> 40 == 0 else { return exceedsByDivision(limit) }
        return scaled > nav.raw &* Int128(limit.raw)
    }

    @inline(never)
    private func exceedsByDivision(_ limit: Rate) -> Bool { sum.shareRoundedUp(of: nav) > limit }
}

extension Rate {
    /// `part / whole`, signed, rounded up and saturating; `whole` must be positive.
    @inline(__always)
    static func ratioRoundedUp(_ part: Int64, of whole: Int64) -> Int64 {
        let (scaled, overflow) = part.multipliedReportingOverflow(by: FixedPoint.one)
        guard !overflow else {
            return FixedPoint.dividedRoundingUp(Int128(part) * Int128(FixedPoint.one), by: Int128(whole))
        }
        let quotient = scaled / whole
        return scaled > quotient * whole ? quotient + 1 : quotient
    }

    /// `value` times this rate, rounded down and saturating. Neither may be negative.
    @inline(__always)
    func share(of value: Int64) -> Int64 {
        let (product, overflow) = value.multipliedReportingOverflow(by: raw)
        guard !overflow else {
            return FixedPoint.dividedRoundingDown(Int128(value) * Int128(raw), by: Int128(FixedPoint.one))
        }
        return product / FixedPoint.one
    }
}
