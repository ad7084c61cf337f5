/// Why a text is not an identifier of ours.
@frozen public enum IdentifierError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    /// Not of the fixed length, or over the limit.
    case wrongLength = 0
    /// The prefix (`fl-`, `i-`, `s-`) is another's: an order that we did not make.
    case foreignPrefix
    /// A byte where another was expected: upper case, a missing dash, no digit.
    case malformed
    /// A field that no order of ours has: an unknown leg, parent 0, signal 0.
    case outOfRange

    public var name: String {
        switch self {
        case .wrongLength: "wrong_length"
        case .foreignPrefix: "foreign_prefix"
        case .malformed: "malformed"
        case .outOfRange: "out_of_range"
        }
    }
}

/// An identifier with a text form that is read strictly: what is printed is the only text that is accepted.
public protocol IdentifierValue {
    init(text: Span<UInt8>) throws(IdentifierError)
    /// Appends the text; `.none` appends nothing.
    func append(to text: inout [UInt8])
}

extension IdentifierValue {
    @inlinable public init(text: String) throws(IdentifierError) { try self.init(text: text.utf8.span) }
    @inlinable public init(text: Substring) throws(IdentifierError) { try self.init(text: text.utf8.span) }
    @inlinable public init(text: [UInt8]) throws(IdentifierError) { try self.init(text: text.span) }

    /// The text form, empty for `.none`.
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ClientOrderID: IdentifierValue, CustomStringConvertible {
    /// Bytes of the text form.
    public static let textLength = 34
    /// The highest slot that the text form holds: 24 bits.
    public static let slotLimit: UInt32 = 0xFF_FFFF

    /// Reads `fl-eeee-pppppppp-ll-ssss-aa-tttttt`. Allocates nothing.
    @inlinable public init(text: Span<UInt8>) throws(IdentifierError) {
        guard text.count >= 3, text[0] == UInt8(ascii: "f"), text[1] == UInt8(ascii: "l"), text[2] == UInt8(ascii: "-")
        else { throw .foreignPrefix }
        guard text.count == Self.textLength else { throw .wrongLength }
        guard text[7] == UInt8(ascii: "-"), text[16] == UInt8(ascii: "-"), text[19] == UInt8(ascii: "-"),
            text[24] == UInt8(ascii: "-"), text[27] == UInt8(ascii: "-")
        else {
            throw .malformed
        }
        let epoch = try HexText.parse(text, from: 3, digits: 4)
        let parent = try HexText.parse(text, from: 8, digits: 8)
        let leg = try HexText.parse(text, from: 17, digits: 2)
        let slice = try HexText.parse(text, from: 20, digits: 4)
        let attempt = try HexText.parse(text, from: 25, digits: 2)
        let slot = try HexText.parse(text, from: 28, digits: 6)
        guard parent > 0, let knownLeg = OrderLeg(rawValue: UInt8(leg)) else { throw .outOfRange }
        self.init(
            epoch: Epoch(number: UInt16(epoch)),
            parent: parent,
            leg: knownLeg,
            slice: UInt16(slice),
            attempt: UInt8(attempt),
            slot: slot
        )
    }

    /// Appends 34 bytes, or nothing for `.none`.
    @inlinable public func append(to text: inout [UInt8]) {
        if isNone { return }
        precondition(slot <= Self.slotLimit, "Invariant: an order's slot fits the 24 bits of its text")
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "-"), count: Self.textLength))
        var bytes = text.mutableSpan
        bytes[start] = UInt8(ascii: "f")
        bytes[start + 1] = UInt8(ascii: "l")
        HexText.write(UInt32(epoch.number), digits: 4, to: &bytes, at: start + 3)
        HexText.write(parent, digits: 8, to: &bytes, at: start + 8)
        HexText.write(UInt32(leg.rawValue), digits: 2, to: &bytes, at: start + 17)
        HexText.write(UInt32(slice), digits: 4, to: &bytes, at: start + 20)
        HexText.write(UInt32(attempt), digits: 2, to: &bytes, at: start + 25)
        HexText.write(slot, digits: 6, to: &bytes, at: start + 28)
    }
}

extension IntentID: IdentifierValue, CustomStringConvertible {
    /// Bytes of the text form.
    public static let textLength = 15

    /// Reads `i-eeee-pppppppp`.
    public init(text: Span<UInt8>) throws(IdentifierError) {
        guard text.count >= 2, text[0] == UInt8(ascii: "i"), text[1] == UInt8(ascii: "-") else { throw .foreignPrefix }
        guard text.count == Self.textLength else { throw .wrongLength }
        guard text[6] == UInt8(ascii: "-") else { throw .malformed }
        let epoch = try HexText.parse(text, from: 2, digits: 4)
        let parent = try HexText.parse(text, from: 7, digits: 8)
        guard parent > 0 else { throw .outOfRange }
        self.init(epoch: Epoch(number: UInt16(epoch)), parent: parent)
    }

    public func append(to text: inout [UInt8]) {
        if isNone { return }
        text.append(UInt8(ascii: "i"))
        text.append(UInt8(ascii: "-"))
        HexText.append(UInt32(epoch.number), digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        HexText.append(parent, digits: 8, to: &text)
    }
}

extension SignalNumber: IdentifierValue, CustomStringConvertible {
    /// Reads `s-<number>`: decimal, from 1, no leading zero.
    public init(text: Span<UInt8>) throws(IdentifierError) {
        guard text.count >= 2, text[0] == UInt8(ascii: "s"), text[1] == UInt8(ascii: "-") else { throw .foreignPrefix }
        guard text.count >= 3, text.count <= 22 else { throw .wrongLength }
        guard text[2] != UInt8(ascii: "0") else { throw .outOfRange }
        var number: UInt64 = 0
        for index in 2..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { throw .malformed }
            let tens = number.multipliedReportingOverflow(by: 10)
            let sum = tens.partialValue.addingReportingOverflow(UInt64(digit))
            guard !tens.overflow, !sum.overflow else { throw .outOfRange }
            number = sum.partialValue
        }
        self.init(value: number)
    }

    public func append(to text: inout [UInt8]) {
        if self == .none { return }
        text.append(UInt8(ascii: "s"))
        text.append(UInt8(ascii: "-"))
        DecimalText.append(integer: value, to: &text)
    }
}

/// Lower-case hexadecimal of fixed width, as identifiers carry it.
@usableFromInline enum HexText {
    /// At most eight digits.
    @inlinable static func parse(_ text: Span<UInt8>, from start: Int, digits: Int) throws(IdentifierError) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<(start + digits) {
            let byte = text[index]
            if byte &- UInt8(ascii: "0") <= 9 {
                value = value << 4 | UInt32(byte &- UInt8(ascii: "0"))
            } else if byte &- UInt8(ascii: "a") <= 5 {
                value = value << 4 | UInt32(byte &- UInt8(ascii: "a") + 10)
            } else {
                throw .malformed
            }
        }
        return value
    }

    /// Overwrites `digits` bytes from `start`.
    @inlinable static func write(_ number: UInt32, digits: Int, to bytes: inout MutableSpan<UInt8>, at start: Int) {
        var rest = number
        var index = start + digits
        while index > start {
            index -= 1
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            bytes[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            rest >>= 4
        }
    }

    @inlinable static func append(_ number: UInt32, digits: Int, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits))
        var bytes = text.mutableSpan
        write(number, digits: digits, to: &bytes, at: start)
    }
}
