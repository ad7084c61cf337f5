/// A sum of money in units of 10^-16 of its currency, exact: a price times a quantity needs no rounding.
@frozen public struct Money: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int128

    @inlinable public init(raw: Int128) { self.raw = raw }
    /// From units of 10^-8, as amounts stand in text and in events.
    @inlinable public init(raw8: Int64) { raw = Int128(raw8) * Int128(FixedPoint.one) }
    @inlinable public init(whole: Int64) { raw = Int128(whole) * Money.one }

    /// One unit of the currency.
    @inlinable public static var one: Int128 { 10_000_000_000_000_000 }
    @inlinable public static var zero: Money { Money(raw: 0) }

    /// Price times quantity times multiplier. Always positive for positive prices.
    @inlinable public static func notional(_ price: Price, _ quantity: Quantity, multiplier: Int32 = 1) -> Money {
        Money(raw: Int128(price.raw) * Int128(quantity.raw) * Int128(multiplier))
    }

    /// What a position is worth: negative for a short one.
    @inlinable public static func value(_ price: Price, _ quantity: SignedQuantity, multiplier: Int32 = 1) -> Money {
        Money(raw: Int128(price.raw) * Int128(quantity.raw) * Int128(multiplier))
    }

    /// In units of 10^-8, rounded down, saturating at the ends of `Int64`: for display and for records.
    @inlinable public var raw8: Int64 {
        // 64 bits hold up to 922 units, which most results and fees are.
        let low = Int64(truncatingIfNeeded: raw)
        if Int128(low) == raw {
            let quotient = low / FixedPoint.one
            return low < quotient * FixedPoint.one ? quotient - 1 : quotient
        }
        return Int64(clamping: FixedPoint.floorDivide(raw, by: Int128(FixedPoint.one)))
    }

    /// For statistics and display only, never for a decision.
    @inlinable public var double: Double { FixedPoint.nearestDouble(raw) / 1e16 }

    @inlinable public var magnitude: Money { Money(raw: raw < 0 ? -raw : raw) }

    /// This sum times a rate, rounded up to 10^-16: a fee or a rebate, the rest against us.
    @inlinable public func times(_ rate: Rate) -> Money {
        let product = raw * Int128(rate.raw)
        let one = Int128(FixedPoint.one)
        return Money(raw: product >= 0 ? (product + one - 1) / one : -((-product) / one))
    }

    /// True when `self / base > rate`, exactly and without a division. `base` must be positive.
    @inlinable public func exceeds(_ rate: Rate, of base: Money) -> Bool {
        FixedPoint.compareProducts(raw, Int128(FixedPoint.one), base.raw, Int128(rate.raw)) > 0
    }

    /// True when `self / base >= rate`, exactly and without a division. `base` must be positive.
    @inlinable public func reaches(_ rate: Rate, of base: Money) -> Bool {
        FixedPoint.compareProducts(raw, Int128(FixedPoint.one), base.raw, Int128(rate.raw)) >= 0
    }

    /// `self / base` as a rate of 10^-8, rounded down and saturating; nil when `base` is not positive.
    @inlinable public func ratio(to base: Money) -> Rate? {
        guard base.raw > 0 else { return nil }
        let scaled = raw.multipliedReportingOverflow(by: Int128(FixedPoint.one))
        guard !scaled.overflow else { return Rate(raw: raw < 0 ? Int64.min : Int64.max) }
        return Rate(raw: Int64(clamping: FixedPoint.floorDivide(scaled.partialValue, by: base.raw)))
    }

    @inlinable public static func < (a: Money, b: Money) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Money, b: Money) -> Money { Money(raw: a.raw + b.raw) }
    @inlinable public static func - (a: Money, b: Money) -> Money { Money(raw: a.raw - b.raw) }
    @inlinable public static prefix func - (a: Money) -> Money { Money(raw: -a.raw) }
    @inlinable public static func += (a: inout Money, b: Money) { a = a + b }
    @inlinable public static func -= (a: inout Money, b: Money) { a = a - b }
}
