/// A ratio in units of 10^-8, exact: a fee, a limit that is a fraction of NAV, a distance in basis points.
@frozen public struct Rate: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64

    @inlinable public init(raw: Int64) { self.raw = raw }
    @inlinable public init(bps: Int64) { raw = bps * Rate.bps }

    /// One basis point.
    @inlinable public static var bps: Int64 { 10_000 }
    @inlinable public static var zero: Rate { Rate(raw: 0) }
    @inlinable public static var one: Rate { Rate(raw: FixedPoint.one) }

    /// For statistics and display only.
    @inlinable public var double: Double { Double(raw) / 1e8 }
    /// For statistics and display only.
    @inlinable public var inBps: Double { Double(raw) / 1e4 }

    /// How far `price` lies above `reference`, signed, rounded down; `reference` must be positive.
    @inlinable public static func distance(of price: Price, from reference: Price) -> Rate {
        precondition(reference.raw > 0, "Invariant: a distance has a positive reference")
        let scaled = Int128(price.raw - reference.raw) * Int128(FixedPoint.one)
        return Rate(raw: FixedPoint.dividedRoundingDown(scaled, by: Int128(reference.raw)))
    }

    @inlinable public static func < (a: Rate, b: Rate) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Rate, b: Rate) -> Rate { Rate(raw: a.raw + b.raw) }
    @inlinable public static func - (a: Rate, b: Rate) -> Rate { Rate(raw: a.raw - b.raw) }
    @inlinable public static prefix func - (a: Rate) -> Rate { Rate(raw: -a.raw) }
}
