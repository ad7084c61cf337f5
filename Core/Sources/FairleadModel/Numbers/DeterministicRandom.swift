/// Our own random numbers: xoshiro256**, seeded by SplitMix64. The same seed gives the same numbers on every machine.
///
/// Not a `RandomNumberGenerator`: the standard library's ways to draw from one may change with its version, and a
/// journal must replay under the next toolchain too.
public struct DeterministicRandom: Hashable, Sendable, BitwiseCopyable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    public init(seed: UInt64) {
        var state = seed
        a = Self.splitMix(&state)
        b = Self.splitMix(&state)
        c = Self.splitMix(&state)
        d = Self.splitMix(&state)
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let scrambled = rotated(b &* 5, by: 7) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = rotated(d, by: 45)
        return scrambled
    }

    /// A number in `0..<bound`, each equally likely. `bound` must be positive.
    public mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "Invariant: a random bound is positive")
        // Lemire's multiplication; the rejected sliver is what makes it exact.
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let sliver = (0 &- bound) % bound
            while product.low < sliver { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A number in `range`, each equally likely.
    public mutating func next(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        if width == UInt64.max { return Int64(bitPattern: next()) }
        return range.lowerBound &+ Int64(bitPattern: next(below: width + 1))
    }

    /// True in `numerator` of `denominator` cases.
    public mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
        next(below: denominator) < numerator
    }

    /// In [0, 1), with 53 random bits. For statistics and synthetic data, never for a price.
    public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&a)
        visitor.visit(&b)
        visitor.visit(&c)
        visitor.visit(&d)
    }

    private static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private func rotated(_ value: UInt64, by count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
}
