/// Why a text is not a decimal number that we accept.
@frozen public enum DecimalError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    case empty = 0
    /// Over `DecimalText.lengthLimit` bytes.
    case tooLong
    /// A byte that is no digit, point or leading minus: '+', exponents, spaces, "NaN", hexadecimal.
    case unexpectedCharacter
    /// No digit before the point, or none at all.
    case missingInteger
    /// A point without a digit after it.
    case missingFraction
    /// "007": another text for the same number.
    case leadingZero
    /// More significant fraction digits than the scale holds.
    case tooPrecise
    /// Beyond the type's bound.
    case outOfRange
    /// A minus where the value can't be negative.
    case negative

    public var name: String {
        switch self {
        case .empty: "empty"
        case .tooLong: "too_long"
        case .unexpectedCharacter: "unexpected_character"
        case .missingInteger: "missing_integer"
        case .missingFraction: "missing_fraction"
        case .leadingZero: "leading_zero"
        case .tooPrecise: "too_precise"
        case .outOfRange: "out_of_range"
        case .negative: "negative"
        }
    }

    /// The sentence for a person.
    public var explanation: String {
        switch self {
        case .empty: "is empty"
        case .tooLong: "is longer than \(DecimalText.lengthLimit) bytes"
        case .unexpectedCharacter: "is not a plain decimal number (digits, one point, a leading minus)"
        case .missingInteger: "has no digit before the point"
        case .missingFraction: "has no digit after the point"
        case .leadingZero: "has a leading zero"
        case .tooPrecise: "has more fraction digits than can be kept"
        case .outOfRange: "is out of range"
        case .negative: "must not be negative"
        }
    }
}

/// Decimal text to fixed point and back, exactly: the only door between them.
///
/// Accepted: digits, one leading '-', and a point with digits on both sides. Nothing else: no '+', exponent, space,
/// hexadecimal, leading zero or bare point. Fraction digits beyond the scale only where they are zeros. A minus before
/// zero reads as zero, since an integer has no negative zero that could hide in it, and some venues write one.
public enum DecimalText {
    /// The longest text that is looked at, in bytes.
    public static let lengthLimit = 40
    /// Digits before the point that a raw `Int64` of 10^-8 can hold.
    @usableFromInline static let integerDigits = 11

    /// The raw value in units of 10^-8. Allocates nothing.
    @inlinable public static func parse(_ text: Span<UInt8>) throws(DecimalError) -> Int64 {
        let count = text.count
        guard count > 0 else { throw .empty }
        guard count <= lengthLimit else { throw .tooLong }
        let isNegative = text[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        let start = index
        var whole: UInt64 = 0
        while index < count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            guard index - start < integerDigits else { throw digitsRefused(text, from: start) }
            whole = whole * 10 + UInt64(digit)
            index += 1
        }
        guard index > start else {
            throw index < count && text[index] != UInt8(ascii: ".") ? .unexpectedCharacter : .missingInteger
        }
        guard index - start == 1 || text[start] != UInt8(ascii: "0") else { throw .leadingZero }
        var fraction: UInt64 = 0
        if index < count {
            fraction = try parseFraction(text, from: index)
        }
        let magnitude = whole * UInt64(FixedPoint.one) + fraction
        guard magnitude <= UInt64(Int64.max) else { throw .outOfRange }
        return isNegative ? -Int64(magnitude) : Int64(magnitude)
    }

    /// The fraction after the point at `point`, in units of 10^-8.
    @inlinable static func parseFraction(_ text: Span<UInt8>, from point: Int) throws(DecimalError) -> UInt64 {
        guard text[point] == UInt8(ascii: ".") else { throw .unexpectedCharacter }
        var index = point + 1
        guard index < text.count else { throw .missingFraction }
        var fraction: UInt64 = 0
        let kept = min(text.count, index + FixedPoint.digits)
        while index < kept {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { throw .unexpectedCharacter }
            fraction = fraction * 10 + UInt64(digit)
            index += 1
        }
        for _ in (index - point - 1)..<FixedPoint.digits { fraction *= 10 }
        while index < text.count {
            guard text[index] == UInt8(ascii: "0") else {
                throw text[index] &- UInt8(ascii: "0") <= 9 ? .tooPrecise : .unexpectedCharacter
            }
            index += 1
        }
        return fraction
    }

    /// Which of its faults a text with too many integer digits is told.
    @usableFromInline static func digitsRefused(_ text: Span<UInt8>, from start: Int) -> DecimalError {
        if text[start] == UInt8(ascii: "0") { return .leadingZero }
        for index in start..<text.count where text[index] &- UInt8(ascii: "0") > 9 && text[index] != UInt8(ascii: ".") {
            return .unexpectedCharacter
        }
        return .outOfRange
    }

    /// A sum of money in units of 10^-16: up to 16 fraction digits, at most `Money.bound` in size.
    public static func parseMoney(_ text: Span<UInt8>) throws(DecimalError) -> Int128 {
        guard text.count > 0 else { throw .empty }
        guard text.count <= lengthLimit else { throw .tooLong }
        let isNegative = text[0] == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        // 40 digits may pass Int128: a value past the bound stays at the bound's double, and is refused below.
        let ceiling = 2 * Money.bound.raw / Money.one
        var whole: Int128 = 0
        var index = start
        while index < text.count, text[index] &- UInt8(ascii: "0") <= 9 {
            whole = min(whole * 10 + Int128(text[index] &- UInt8(ascii: "0")), ceiling)
            index += 1
        }
        guard index > start else {
            throw index < text.count && text[index] != UInt8(ascii: ".") ? .unexpectedCharacter : .missingInteger
        }
        guard index - start == 1 || text[start] != UInt8(ascii: "0") else { throw .leadingZero }
        var fraction: Int128 = 0
        if index < text.count {
            guard text[index] == UInt8(ascii: ".") else { throw .unexpectedCharacter }
            index += 1
            guard index < text.count else { throw .missingFraction }
            var weight = Money.one / 10
            while index < text.count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { throw .unexpectedCharacter }
                guard weight > 0 || digit == 0 else { throw .tooPrecise }
                fraction += Int128(digit) * weight
                weight /= 10
                index += 1
            }
        }
        let magnitude = whole * Money.one + fraction
        guard magnitude <= Money.bound.raw else { throw .outOfRange }
        return isNegative ? -magnitude : magnitude
    }

    /// Appends the shortest exact text of a raw value in units of 10^-8: "61800.2", "0", "-0.00000001".
    @inlinable public static func append(raw: Int64, to text: inout [UInt8]) {
        let whole = raw.magnitude / 100_000_000
        var fraction = raw.magnitude % 100_000_000
        var fractionDigits = fraction == 0 ? 0 : FixedPoint.digits
        while fractionDigits > 0, fraction % 10 == 0 {
            fraction /= 10
            fractionDigits -= 1
        }
        let sign = raw < 0 ? 1 : 0
        let point = sign + digits(in: whole)
        // One growth of the array for the whole text: its checks cost more than the digits.
        let start = text.count
        let length = point + (fractionDigits > 0 ? 1 + fractionDigits : 0)
        text.append(contentsOf: repeatElement(UInt8(ascii: "."), count: length))
        var bytes = text.mutableSpan
        if sign > 0 { bytes[start] = UInt8(ascii: "-") }
        write(whole, to: &bytes, from: start + sign, upTo: start + point)
        if fractionDigits > 0 { write(fraction, to: &bytes, from: start + point + 1, upTo: start + length) }
    }

    /// Appends the shortest exact text of a sum of money, with up to 16 fraction digits.
    public static func append(money: Money, to text: inout [UInt8]) {
        if money.raw < 0 { text.append(UInt8(ascii: "-")) }
        let magnitude = money.raw.magnitude
        let one = UInt128(Money.one)
        // 2^127 / 10^16 has 23 digits: the upper part is printed on its own.
        let whole = magnitude / one
        if whole >= one {
            append(integer: UInt64(whole / one), to: &text)
            append(padded: UInt64(whole % one), digits: 16, to: &text)
        } else {
            append(integer: UInt64(whole), to: &text)
        }
        var fraction = UInt64(magnitude % one)
        guard fraction > 0 else { return }
        var digits = 16
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        text.append(UInt8(ascii: "."))
        append(padded: fraction, digits: digits, to: &text)
    }

    /// Appends a whole number.
    @inlinable public static func append(integer: UInt64, to text: inout [UInt8]) {
        append(padded: integer, digits: digits(in: integer), to: &text)
    }

    /// Appends the lowest `digits` digits of a number, zeros in front.
    @inlinable static func append(padded number: UInt64, digits: Int, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits))
        var bytes = text.mutableSpan
        write(number, to: &bytes, from: start, upTo: start + digits)
    }

    /// Overwrites a field with a number's lowest digits, from the last to the first: dividing by the constant 10 is a
    /// multiplication, dividing by a variable is not.
    @inlinable static func write(_ number: UInt64, to bytes: inout MutableSpan<UInt8>, from start: Int, upTo end: Int) {
        var index = end
        var rest = number
        while index > start {
            index -= 1
            bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    @inlinable static func digits(in number: UInt64) -> Int {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }

    /// `append(raw:)` as a `String`, for cold paths.
    public static func text(raw: Int64) -> String {
        var bytes: [UInt8] = []
        append(raw: raw, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
