import FairleadModel

/// Reads JSON tokens of one line in place, whole words at a time, without a copy or an allocation.
///
/// Each method takes the bytes, since a view can't be stored. The line ends at `end`, where a line feed stands, and
/// `LineReader.padding` readable bytes follow: words may be loaded across the end, and what they hold beyond it never
/// counts. Every load is checked against the buffer's bounds all the same.
struct JSONScanner {
    /// Nesting that is skipped at most; deeper lines are refused.
    static let depthLimit = 64

    var position: Int
    let start: Int
    let end: Int

    init(_ line: Range<Int>) {
        position = line.lowerBound
        start = line.lowerBound
        end = line.upperBound
    }

    func fault(_ field: TapeField, _ reason: TapeFaultReason) -> TapeFault {
        TapeFault(field, reason, column: position - start + 1)
    }

    @inline(__always) static func byte(_ text: Span<UInt8>, _ index: Int) -> UInt8 { text[index] }

    @inline(__always) static func word(_ text: Span<UInt8>, _ index: Int) -> UInt64 {
        // SAFETY: the load checks its bounds; every pattern of bits is a number.
        UInt64(littleEndian: unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    @inline(__always) mutating func skipSpaces(_ text: Span<UInt8>) {
        while position < end, isSpace(text[position]) { position &+= 1 }
    }

    @inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// Takes one byte, spaces before it skipped; the line feed at the end never matches.
    @inline(__always) mutating func take(
        _ byte: UInt8,
        _ text: Span<UInt8>,
        _ field: TapeField
    ) throws(TapeFault) {
        if text[position] != byte {
            skipSpaces(text)
            guard position < end, text[position] == byte else { throw fault(field, .syntax) }
        }
        position &+= 1
    }

    /// The first quote or backslash at or after `from`; `end` when there is none.
    @inline(__always) func quote(_ text: Span<UInt8>, from: Int) -> Int {
        var index = from
        while index < end {
            let word = Self.word(text, index)
            let quotes = word ^ 0x2222_2222_2222_2222
            let slashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let ones: UInt64 = 0x0101_0101_0101_0101
            let hits = ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & 0x8080_8080_8080_8080
            if hits != 0 { return min(end, index &+ (hits.trailingZeroBitCount &>> 3)) }
            index &+= 8
        }
        return end
    }

    /// A string without escapes: the range of its bytes. Names, numbers and symbols never have one.
    @inline(__always) mutating func string(
        _ text: Span<UInt8>,
        _ field: TapeField
    ) throws(TapeFault) -> Range<Int> {
        try take(0x22, text, field)
        let close = quote(text, from: position)
        guard close < end, text[close] == 0x22 else { throw fault(field, .syntax) }
        let range = position..<close
        position = close &+ 1
        return range
    }

    /// A key and its colon. Keys of one or two bytes as a number, the first byte lowest; 0 for all others.
    @inline(__always) mutating func key(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) -> UInt16 {
        let word = Self.word(text, position)
        // "x": and "xy": in one comparison each. A quote as the key's only byte would be an empty key.
        if word & 0xFFFF_00FF == 0x3A22_0022 { return shortKey(word, 0xFF, 4) }
        if word & 0xFF_FF00_00FF == 0x3A_2200_0022 { return shortKey(word, 0xFFFF, 5) }
        let name = try string(text, field)
        try take(0x3A, text, field)
        switch name.count {
        case 1: return UInt16(text[name.lowerBound])
        case 2: return UInt16(text[name.lowerBound]) | UInt16(text[name.lowerBound + 1]) << 8
        default: return 0
        }
    }

    @inline(__always) private mutating func shortKey(_ word: UInt64, _ mask: UInt64, _ length: Int) -> UInt16 {
        position &+= length
        return UInt16(truncatingIfNeeded: (word &>> 8) & mask)
    }

    /// After a member: true when another follows, false when the object is closed.
    @inline(__always) mutating func more(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) -> Bool {
        if text[position] == 0x2C {
            position &+= 1
            skipSpaces(text)
            return true
        }
        skipSpaces(text)
        guard position < end else { throw fault(field, .syntax) }
        let byte = text[position]
        position &+= 1
        if byte == 0x2C {
            skipSpaces(text)
            return true
        }
        guard byte == 0x7D else { throw fault(field, .syntax) }
        return false
    }

    /// A quoted decimal number, in units of 10^-8.
    @inline(__always) mutating func decimal(
        _ text: Span<UInt8>,
        _ field: TapeField
    ) throws(TapeFault) -> Int64 {
        let digits = try string(text, field)
        do {
            return try DecimalText.parse(text.extracting(digits))
        } catch {
            throw fault(field, .decimal(error))
        }
    }

    /// Eight ASCII digits at once, or nil when the word holds another byte.
    @inline(__always) static func eightDigits(_ word: UInt64) -> UInt64? {
        guard word & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030 else { return nil }
        guard (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030 else { return nil }
        let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) &>> 8
        let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) &>> 16
        return ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) &>> 32
    }

    /// A run of digits and how many they are. Beyond 19 the number is wrong, and the caller refuses it by the count.
    @inline(__always) mutating func digits(_ text: Span<UInt8>) -> (value: UInt64, count: Int) {
        let first = position
        var value: UInt64 = 0
        while let eight = Self.eightDigits(Self.word(text, position)) {
            value = value &* 100_000_000 &+ eight
            position &+= 8
        }
        while text[position] &- 0x30 <= 9 {
            value = value &* 10 &+ UInt64(text[position] &- 0x30)
            position &+= 1
        }
        return (value, position &- first)
    }

    /// A whole number that is not negative, of at most 18 digits.
    @inline(__always) mutating func wholeNumber(
        _ text: Span<UInt8>,
        _ field: TapeField
    ) throws(TapeFault) -> Int64 {
        skipSpaces(text)
        let number = digits(text)
        guard number.count > 0 else { throw fault(field, .syntax) }
        guard number.count <= 18 else { throw fault(field, .outOfRange) }
        return Int64(bitPattern: number.value)
    }

    @inline(__always) mutating func boolean(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) -> Bool {
        skipSpaces(text)
        let word = Self.word(text, position)
        if word & 0xFFFF_FFFF == 0x6575_7274 {
            position &+= 4
            return true
        }
        guard word & 0xFF_FFFF_FFFF == 0x65_736C_6166 else { throw fault(field, .syntax) }
        position &+= 5
        return false
    }

    /// Skips one value of any kind.
    @inline(__always) mutating func skip(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) {
        let first = position
        if text[position] == 0x22 {
            let close = quote(text, from: position &+ 1)
            if close < end, text[close] == 0x22 {
                position = close &+ 1
                return
            }
        } else if digits(text).count > 0, text[position] == 0x2C {
            return
        }
        position = first
        try skipAny(text, field)
    }

    /// Strings with escapes, numbers and words, objects and arrays by their depth.
    @inline(never) private mutating func skipAny(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) {
        skipSpaces(text)
        var depth = 0
        repeat {
            guard position < end else { throw fault(field, .syntax) }
            switch text[position] {
            case 0x22: try skipString(text, field)
            case 0x7B, 0x5B:
                depth += 1
                guard depth <= Self.depthLimit else { throw fault(field, .tooLong) }
                position += 1
            case 0x7D, 0x5D:
                guard depth > 0 else { throw fault(field, .syntax) }
                depth -= 1
                position += 1
            case 0x2C, 0x3A:
                guard depth > 0 else { throw fault(field, .syntax) }
                position += 1
            default: skipWord(text)
            }
        } while depth > 0
    }

    private mutating func skipString(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) {
        position += 1
        while true {
            let close = quote(text, from: position)
            guard close < end else { throw fault(field, .syntax) }
            if text[close] == 0x22 {
                position = close + 1
                return
            }
            // An escape: the byte after it is part of the string, whatever it is. The string search checks the end.
            position = min(close + 2, end)
        }
    }

    /// A number or a word, and spaces: up to the next byte that ends a value.
    private mutating func skipWord(_ text: Span<UInt8>) {
        position += 1
        while position < end {
            switch text[position] {
            case 0x2C, 0x3A, 0x7D, 0x5D, 0x7B, 0x5B, 0x22: return
            default: position += 1
            }
        }
    }
}
