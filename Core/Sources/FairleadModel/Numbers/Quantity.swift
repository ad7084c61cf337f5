/// An amount of an instrument in units of 10^-8, exact, never negative. The side of a trade is a separate value.
@frozen public struct Quantity: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64

    @inlinable public init(raw: Int64) {
        precondition(raw >= 0, "Invariant: a quantity is never negative")
        self.raw = raw
    }

    @inlinable public static var zero: Quantity { Quantity(raw: 0) }
    /// The largest quantity that is accepted from outside: 10^10.
    @inlinable public static var bound: Quantity { Quantity(raw: 10_000_000_000 * FixedPoint.one) }

    @inlinable public static func < (a: Quantity, b: Quantity) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Quantity, b: Quantity) -> Quantity { Quantity(raw: a.raw + b.raw) }
    /// Traps where the result would be negative; see `subtracting` for the clamped form.
    @inlinable public static func - (a: Quantity, b: Quantity) -> Quantity { Quantity(raw: a.raw - b.raw) }
    @inlinable public static func += (a: inout Quantity, b: Quantity) { a = a + b }
    @inlinable public static func -= (a: inout Quantity, b: Quantity) { a = a - b }

    /// `self - other`, and zero where `other` is larger.
    @inlinable public func subtracting(_ other: Quantity) -> Quantity {
        Quantity(raw: raw > other.raw ? raw - other.raw : 0)
    }
}

/// A position's quantity in units of 10^-8: positive long, negative short.
@frozen public struct SignedQuantity: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64

    @inlinable public init(raw: Int64) { self.raw = raw }
    @inlinable public init(_ quantity: Quantity, side: Side) { raw = side == .buy ? quantity.raw : -quantity.raw }

    @inlinable public static var zero: SignedQuantity { SignedQuantity(raw: 0) }

    @inlinable public var magnitude: Quantity { Quantity(raw: abs(raw)) }
    /// The side that made this position; nil when flat.
    @inlinable public var side: Side? { raw > 0 ? .buy : raw < 0 ? .sell : nil }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(raw: a.raw + b.raw) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(raw: a.raw - b.raw) }
    @inlinable public static func += (a: inout Self, b: Self) { a = a + b }
    @inlinable public static prefix func - (a: Self) -> Self { Self(raw: -a.raw) }
}
