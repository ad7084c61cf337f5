/// Why a text is not the JSON that we accept.
@frozen public enum JSONErrorReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// The text ends inside a value, or is empty.
    case unexpectedEnd = 0
    case unexpectedCharacter
    /// Something follows the value.
    case trailingContent
    case invalidLiteral
    /// "01", "1.", ".5", "+1", "NaN".
    case invalidNumber
    /// An unknown escape, or a \u without four hexadecimal digits.
    case invalidEscape
    /// Half of a surrogate pair.
    case loneSurrogate
    case invalidUTF8
    /// A byte below 0x20 inside a string.
    case controlCharacter
    case duplicateKey
    /// Arrays and objects within each other beyond `JSONLimits.depth`.
    case tooDeep
    /// More bytes than `JSONLimits.bytes`.
    case tooLong
    /// More values in all than `JSONLimits.values`.
    case tooManyValues

    public var name: String {
        switch self {
        case .unexpectedEnd: "unexpected_end"
        case .unexpectedCharacter: "unexpected_character"
        case .trailingContent: "trailing_content"
        case .invalidLiteral: "invalid_literal"
        case .invalidNumber: "invalid_number"
        case .invalidEscape: "invalid_escape"
        case .loneSurrogate: "lone_surrogate"
        case .invalidUTF8: "invalid_utf8"
        case .controlCharacter: "control_character"
        case .duplicateKey: "duplicate_key"
        case .tooDeep: "too_deep"
        case .tooLong: "too_long"
        case .tooManyValues: "too_many_values"
        }
    }
}

/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: JSONErrorReason
    /// In bytes from the start of the text.
    public var offset: Int
    /// From 1.
    public var line: Int
    /// In bytes, from 1.
    public var column: Int
    /// The key concerned, where the reason has one.
    public var key: String?

    public init(_ reason: JSONErrorReason, offset: Int, line: Int, column: Int, key: String? = nil) {
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = column
        self.key = key
    }

    /// "duplicate_key "a" at line 2, column 7 (byte 19)".
    public var description: String {
        let concerned = key.map { " \"\($0)\"" } ?? ""
        return "\(reason.name)\(concerned) at line \(line), column \(column) (byte \(offset))"
    }
}

/// How much of a JSON text is accepted before anything is believed of it.
@frozen public struct JSONLimits: Hashable, Sendable, BitwiseCopyable {
    /// Longest text in bytes.
    public var bytes: Int
    /// Arrays and objects within each other.
    public var depth: Int
    /// Values in all, members and elements counted one by one.
    public var values: Int

    public init(bytes: Int = 1 << 20, depth: Int = 64, values: Int = 100_000) {
        self.bytes = bytes
        self.depth = depth
        self.values = values
    }
}
