/// A price in units of 10^-8 of the quote currency, exact.
///
/// One fixed scale for all instruments: a venue may change a tick size while we run, and a count of ticks would then
/// change its meaning in the journal. Prices from outside are bounded at the door (`Price.bound`), so that arithmetic
/// inside can't overflow. Negative only for combinations (spreads); no part 1 instrument allows it.
@frozen public struct Price: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64

    @inlinable public init(raw: Int64) { self.raw = raw }

    /// No price. Never a valid price of an order.
    @inlinable public static var zero: Price { Price(raw: 0) }
    /// The largest price that is accepted from outside: 10^9.
    @inlinable public static var bound: Price { Price(raw: 1_000_000_000 * FixedPoint.one) }

    @inlinable public static func < (a: Price, b: Price) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Price, b: Price) -> Price { Price(raw: a.raw + b.raw) }
    @inlinable public static func - (a: Price, b: Price) -> Price { Price(raw: a.raw - b.raw) }

    /// Halfway between two prices, rounded down to 10^-8.
    @inlinable public static func middle(_ a: Price, _ b: Price) -> Price {
        Price(raw: Int64((Int128(a.raw) + Int128(b.raw)) >> 1))
    }

    /// This price moved by a rate of itself, rounded down: `adjusted(by: Rate(bps: 100))` is 1 % higher.
    @inlinable public func adjusted(by rate: Rate) -> Price {
        // 64 bits hold the product for nearly every price; the division rounds down for negative ones too.
        let (product, overflow) = raw.multipliedReportingOverflow(by: rate.raw)
        if !overflow {
            let quotient = product / FixedPoint.one
            return Price(raw: raw + (product < quotient * FixedPoint.one ? quotient - 1 : quotient))
        }
        let moved = FixedPoint.dividedRoundingDown(Int128(raw) * Int128(rate.raw), by: Int128(FixedPoint.one))
        return Price(raw: raw + moved)
    }
}
