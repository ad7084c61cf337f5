/// Writes JSON text into bytes, value by value, without a tree in between. What it writes is always valid: a number
/// that isn't finite becomes null, control characters are escaped, and the order of calls is checked.
public struct JSONWriter: Sendable {
    @frozen public enum Style: Sendable, BitwiseCopyable {
        /// One line, no spaces.
        case compact
        /// Two spaces a level, for people.
        case pretty
    }

    /// The order in which an object's keys are written from a `JSONValue`.
    @frozen public enum KeyOrder: Sendable, BitwiseCopyable {
        case given
        /// By their UTF-8 bytes: the same value gives the same text.
        case sorted
    }

    /// The text so far.
    public private(set) var bytes: [UInt8] = []
    private let style: Style
    private let keyOrder: KeyOrder
    private var depth = 0
    private var needsComma = false
    private var followsKey = false

    public init(_ style: Style = .compact, keys: KeyOrder = .given) {
        self.style = style
        keyOrder = keys
    }

    /// The text of a value.
    public static func bytes(of value: JSONValue, _ style: Style = .compact, keys: KeyOrder = .given) -> [UInt8] {
        var writer = JSONWriter(style, keys: keys)
        writer.value(value)
        return writer.bytes
    }

    /// The text of a value as a `String`.
    public static func text(of value: JSONValue, _ style: Style = .compact, keys: KeyOrder = .given) -> String {
        String(decoding: bytes(of: value, style, keys: keys), as: UTF8.self)
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Empties it and keeps its memory, for a next text.
    public mutating func removeAll() {
        precondition(depth == 0, "Invariant: a JSON text is closed before the next one begins")
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// A line feed after a whole text, as JSON lines have it; the next text may follow.
    public mutating func endLine() {
        precondition(depth == 0, "Invariant: a JSON line ends outside of all objects and arrays")
        bytes.append(0x0A)
        needsComma = false
    }

    // MARK: Structure

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func key(_ key: String) {
        precondition(!followsKey, "Invariant: a JSON key is followed by its value")
        beforeValue()
        quoted(key)
        bytes.append(UInt8(ascii: ":"))
        if style == .pretty { bytes.append(0x20) }
        followsKey = true
    }

    private mutating func open(_ bracket: UInt8) {
        beforeValue()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        precondition(depth > 0, "Invariant: what is closed was opened")
        precondition(!followsKey, "Invariant: a JSON key is followed by its value")
        depth -= 1
        if needsComma, style == .pretty { breakLine() }
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func beforeValue() {
        if followsKey {
            followsKey = false
            return
        }
        precondition(depth > 0 || !needsComma, "Invariant: a JSON text is one value")
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if style == .pretty, depth > 0 { breakLine() }
        needsComma = true
    }

    private mutating func breakLine() {
        bytes.append(0x0A)
        for _ in 0..<(2 * depth) { bytes.append(0x20) }
    }

    // MARK: Values

    public mutating func null() { raw("null") }
    public mutating func bool(_ flag: Bool) { raw(flag ? "true" : "false") }
    public mutating func integer(_ value: some BinaryInteger) { raw(value.description) }

    /// A statistic. NaN and infinity are written as null: JSON has no word for them.
    public mutating func number(_ value: Double) { raw(value.isFinite ? value.description : "null") }

    /// A number by its text, which must be a JSON number (a parsed lexeme is).
    public mutating func number(lexeme: String) {
        precondition(Self.isNumber(lexeme), "Invariant: a JSON number's lexeme is a JSON number")
        raw(lexeme)
    }

    public mutating func string(_ text: String) {
        beforeValue()
        quoted(text)
    }

    /// A decimal as a string, exact.
    public mutating func decimal(_ value: some DecimalValue) {
        beforeValue()
        bytes.append(UInt8(ascii: "\""))
        value.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A raw amount in units of 10^-8 as a decimal string.
    public mutating func decimal(raw: Int64) { decimal(Rate(raw: raw)) }

    /// A moment as ISO 8601; null when it is not known.
    public mutating func timestamp(_ time: Timestamp, _ precision: TimestampPrecision = .milliseconds) {
        guard time.isKnown else { return null() }
        beforeValue()
        bytes.append(UInt8(ascii: "\""))
        time.append(precision, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// An identifier as its text; null for `.none`.
    public mutating func identifier(_ value: some IdentifierValue) {
        beforeValue()
        let start = bytes.count
        bytes.append(UInt8(ascii: "\""))
        value.append(to: &bytes)
        if bytes.count == start + 1 {
            bytes.removeLast()
            bytes.append(contentsOf: "null".utf8)
        } else {
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// A whole value; keys in the writer's order.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .number(let lexeme): number(lexeme: lexeme)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in keyOrder == .given ? members : members.sorted(by: Self.precedes) {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    private static func precedes(_ a: JSONMember, _ b: JSONMember) -> Bool {
        a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
    }

    private mutating func raw(_ text: String) {
        beforeValue()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x00..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u".utf8)
                HexText.append(UInt32(byte), digits: 4, to: &bytes)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// True when the text is a number of RFC 8259.
    static func isNumber(_ text: String) -> Bool {
        do throws(JSONError) {
            return try JSONParser.parse(text).lexeme == text
        } catch {
            return false
        }
    }
}
