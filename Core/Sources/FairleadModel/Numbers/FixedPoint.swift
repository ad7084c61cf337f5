/// The one scale of prices, quantities and rates, and the divisions that say how they round.
public enum FixedPoint {
    /// 10^8: the raw value of 1.
    @inlinable public static var one: Int64 { 100_000_000 }
    /// Digits after the decimal point.
    public static let digits = 8

    /// Division toward negative infinity. `divisor` must be positive.
    @inlinable @inline(__always) public static func floorDivide(_ dividend: Int128, by divisor: Int128) -> Int128 {
        precondition(divisor > 0, "Invariant: a divisor is positive")
        // Nearly every dividend fits 64 bits, where a division costs a tenth; by a constant it is a multiplication.
        if let small = Int64(exactly: dividend), let by = Int64(exactly: divisor) {
            let quotient = small / by
            return Int128(small < quotient * by ? quotient - 1 : quotient)
        }
        let quotient = dividend / divisor
        return dividend < quotient * divisor ? quotient - 1 : quotient
    }

    /// `Double(value)`, bit for bit. The library's own conversion of 128 bits is generic and asks for metadata:
    /// thousands of instructions where these are twenty.
    @inlinable public static func nearestDouble(_ value: Int128) -> Double {
        if let small = Int64(exactly: value) { return Double(small) }
        let magnitude = value.magnitude
        let high = UInt64(truncatingIfNeeded: magnitude >> 64)
        let shift = UInt64.bitWidth - high.leadingZeroBitCount
        var top = UInt64(truncatingIfNeeded: magnitude >> UInt128(shift))
        // What is cut off decides a tie that the 64 bits alone would see.
        if UInt128(top) << UInt128(shift) != magnitude { top |= 1 }
        let scaled = Double(top) * Double(sign: .plus, exponent: shift, significand: 1)
        return value < 0 ? -scaled : scaled
    }

    /// `floorDivide` for a result that must fit 64 bits; saturates, since inputs are bounded at the door.
    @inlinable public static func dividedRoundingDown(_ dividend: Int128, by divisor: Int128) -> Int64 {
        Int64(clamping: floorDivide(dividend, by: divisor))
    }

    /// Division toward positive infinity. `divisor` must be positive.
    @inlinable public static func dividedRoundingUp(_ dividend: Int128, by divisor: Int128) -> Int64 {
        Int64(clamping: -floorDivide(-dividend, by: divisor))
    }

    /// The sign of `a * b - c * d`, with saturating products; exact for all values that pass the door.
    @inlinable public static func compareProducts(_ a: Int128, _ b: Int128, _ c: Int128, _ d: Int128) -> Int {
        let left = saturatingProduct(a, b)
        let right = saturatingProduct(c, d)
        return left < right ? -1 : left > right ? 1 : 0
    }

    @inlinable static func saturatingProduct(_ a: Int128, _ b: Int128) -> Int128 {
        let product = a.multipliedReportingOverflow(by: b)
        guard product.overflow else { return product.partialValue }
        return (a < 0) == (b < 0) ? Int128.max : Int128.min
    }
}
