/// Reads one JSON text strictly (RFC 8259): UTF-8 without a byte order mark, no comments, no trailing commas, no key
/// twice, nothing after the value. For documents and signals; hot venue messages have scanners of their own.
public struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0
    private var depth = 0
    private var values = 0

    private init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The value of the whole text, or the first thing wrong with it.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, limits)
        guard bytes.count <= limits.bytes else { throw parser.failure(.tooLong, at: limits.bytes) }
        parser.skipSpace()
        let value = try parser.parseValue()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.failure(.trailingContent) }
        return value
    }

    public static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }

    // MARK: Values

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw failure(.tooManyValues) }
        guard let byte = current else { throw failure(.unexpectedEnd) }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", .null)
        default: throw failure(.unexpectedCharacter)
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONValue {
        try enter()
        var members: [JSONMember] = []
        // Only a membership test: the order of a set is never looked at.
        var keys: Set<String> = []
        if try closes(with: UInt8(ascii: "}")) { return .object(members) }
        while true {
            let start = position
            guard let byte = current else { throw failure(.unexpectedEnd) }
            guard byte == UInt8(ascii: "\"") else { throw failure(.unexpectedCharacter) }
            let key = try parseString()
            guard keys.insert(key).inserted else { throw failure(.duplicateKey, at: start, key: key) }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            members.append(JSONMember(key, try parseValue()))
            skipSpace()
            if try ends(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func parseArray() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if try closes(with: UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try parseValue())
            skipSpace()
            if try ends(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func parseLiteral(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in String(describing: word).utf8 {
            guard let found = current else { throw failure(.unexpectedEnd) }
            guard found == byte else { throw failure(.invalidLiteral) }
            position += 1
        }
        return value
    }

    private mutating func parseNumber() throws(JSONError) -> String {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits()
        }
        if current == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
        if let next = current, next &- UInt8(ascii: "0") <= 9 || next == UInt8(ascii: ".") {
            throw failure(.invalidNumber)
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// One digit or more.
    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = current, byte &- UInt8(ascii: "0") <= 9 { position += 1 }
        guard position > start else { throw failure(current == nil ? .unexpectedEnd : .invalidNumber) }
    }

    // MARK: Structure

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else { throw failure(.tooDeep) }
        position += 1
        skipSpace()
    }

    /// True, and consumed, when an array or object is empty.
    private mutating func closes(with bracket: UInt8) throws(JSONError) -> Bool {
        guard let byte = current else { throw failure(.unexpectedEnd) }
        guard byte == bracket else { return false }
        position += 1
        depth -= 1
        return true
    }

    /// After an element: true at the closing bracket, false after a comma.
    private mutating func ends(with bracket: UInt8) throws(JSONError) -> Bool {
        if try closes(with: bracket) { return true }
        try expect(UInt8(ascii: ","))
        skipSpace()
        return false
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard let found = current else { throw failure(.unexpectedEnd) }
        guard found == byte else { throw failure(.unexpectedCharacter) }
        position += 1
    }

    private func failure(_ reason: JSONErrorReason, at offset: Int? = nil, key: String? = nil) -> JSONError {
        let offset = min(offset ?? position, bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<offset where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONError(reason, offset: offset, line: line, column: offset - lineStart + 1, key: key)
    }
}

// MARK: Strings

extension JSONParser {
    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while true {
            guard let byte = current else { throw failure(.unexpectedEnd) }
            if byte == UInt8(ascii: "\"") {
                position += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                try parseEscape(into: &text)
            } else if byte < 0x20 {
                throw failure(.controlCharacter)
            } else if byte < 0x80 {
                text.append(byte)
                position += 1
            } else {
                try parseMultibyte(byte, into: &text)
            }
        }
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard let byte = current else { throw failure(.unexpectedEnd) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try parseUnicodeEscape(from: start, into: &text)
        default: throw failure(.invalidEscape, at: start)
        }
    }

    private mutating func parseUnicodeEscape(from start: Int, into text: inout [UInt8]) throws(JSONError) {
        var code = try parseHexQuad(from: start)
        if code & 0xFC00 == 0xD800 {
            for (ahead, byte) in "\\u".utf8.enumerated() where position + ahead < bytes.count {
                guard bytes[position + ahead] == byte else { throw failure(.loneSurrogate, at: start) }
            }
            guard position + 2 <= bytes.count else { throw failure(.unexpectedEnd) }
            position += 2
            let low = try parseHexQuad(from: start)
            guard low & 0xFC00 == 0xDC00 else { throw failure(.loneSurrogate, at: start) }
            code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure(.loneSurrogate, at: start) }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func parseHexQuad(from start: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current else { throw failure(.unexpectedEnd) }
            let letter = byte | 0x20
            if byte &- UInt8(ascii: "0") <= 9 {
                code = code << 4 | UInt32(byte &- UInt8(ascii: "0"))
            } else if letter &- UInt8(ascii: "a") <= 5 {
                code = code << 4 | UInt32(letter &- UInt8(ascii: "a") + 10)
            } else {
                throw failure(.invalidEscape, at: start)
            }
            position += 1
        }
        return code
    }

    /// A scalar of two to four bytes: the table of RFC 3629, so that no overlong form and no surrogate passes.
    private mutating func parseMultibyte(_ lead: UInt8, into text: inout [UInt8]) throws(JSONError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: throw failure(.invalidUTF8)
        }
        guard position + length <= bytes.count else { throw failure(.invalidUTF8) }
        for index in 1..<length {
            let byte = bytes[position + index]
            guard index == 1 ? second.contains(byte) : 0x80...0xBF ~= byte else { throw failure(.invalidUTF8) }
        }
        text.append(contentsOf: bytes[position..<(position + length)])
        position += length
    }
}
