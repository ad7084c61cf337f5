/// One value of a JSON text (RFC 8259). A number keeps its lexeme: it is never a `Double` on the way to a decimal.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number as written: "61800.20" stays so.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order written; no key twice.
    case object([JSONMember])
}

/// A key and its value.
public struct JSONMember: Hashable, Sendable {
    public var key: String
    public var value: JSONValue
    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue {
    /// The value under a key; nil when it is absent, or when this is no object. Costs a walk over the members.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.key == key { return member.value }
        return nil
    }

    /// The element at an index; nil beyond the end, or when this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var isNull: Bool { self == .null }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var object: [JSONMember]? { if case .object(let members) = self { members } else { nil } }
    /// A number's text as written.
    public var lexeme: String? { if case .number(let text) = self { text } else { nil } }

    /// A number that is written as an integer and fits; nil for "1.0" and "1e3".
    public var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    /// The name of its kind, for error messages: "a string", "an object".
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// An integer as a number.
    public static func integer(_ value: some BinaryInteger & Sendable) -> JSONValue { .number(value.description) }
    /// A decimal as a string, exact: how money stands in our JSON.
    public static func decimal(_ value: some DecimalValue) -> JSONValue { .string(value.description) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByIntegerLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Keeps the order written. A key twice is a programmer's mistake that the parser would refuse.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }
    public init(integerLiteral value: Int64) { self = .integer(value) }
}
