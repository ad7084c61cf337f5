internal import FairleadModel

/// A byte for each parent that `RepeatGuard` remembers of an instrument: equal for parents that duplicate each other,
/// and for one in 256 that don't. All are compared at once, eight to a word.
struct ParentMarks: BitwiseCopyable, Sendable {
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private var words = SIMD4<UInt64>.zero

    /// What a parent is marked with: all that makes a duplicate, mixed.
    @inline(__always)
    static func mark(_ side: Side, _ quantity: Quantity, _ price: Price) -> UInt8 {
        let terms = UInt64(bitPattern: quantity.raw) ^ UInt64(bitPattern: price.raw) &* 0x9E37_79B9_7F4A_7C15
        return UInt8(truncatingIfNeeded: (terms &* 0xD6E8_FEB8_6659_FD93) >> 56) ^ side.rawValue
    }

    subscript(place: Int) -> UInt8 { UInt8(truncatingIfNeeded: words[place >> 3] >> UInt64((place & 7) * 8)) }

    @inline(__always)
    mutating func set(_ place: Int, _ mark: UInt8) {
        let shift = UInt64((place & 7) * 8)
        words[place >> 3] = words[place >> 3] & ~(0xFF << shift) | UInt64(mark) << shift
    }

    /// The places that may hold a mark: all that do, and rarely one that doesn't.
    @inline(__always)
    func places(of mark: UInt8) -> Places {
        let differences = words ^ SIMD4(repeating: UInt64(mark) &* Self.lowBits)
        // The highest bit of each byte that is zero; a borrow may set one above such a byte too.
        return Places(found: (differences &- SIMD4(repeating: Self.lowBits)) & ~differences & Self.highBits)
    }

    /// Walks the places that were found.
    struct Places: BitwiseCopyable {
        var found: SIMD4<UInt64>

        @inline(__always)
        mutating func next() -> Int? {
            guard found.x | found.y | found.z | found.w != 0 else { return nil }
            for word in 0..<4 where found[word] != 0 {
                let bit = found[word].trailingZeroBitCount
                found[word] &= found[word] &- 1
                return word << 3 | bit >> 3
            }
            return nil
        }
    }
}
