import FairleadModel
import Testing

@Suite struct JSONTests {
    /// Goal: values come through with lexemes, order and escapes intact. Method: one text, value by value.
    @Test func readsAllKinds() throws {
        let text =
            #" {"n": 61800.20, "e": -1.5E+3, "s": "a\"\\\/\b\f\n\r\té\ud83d\ude00é", "#
            + #""l": [true, false, null, {}, []]} "#
        let value = try JSONParser.parse(text)
        #expect(value["n"] == .number("61800.20"))
        #expect(value["e"]?.lexeme == "-1.5E+3")
        #expect(value["s"]?.string == "a\"\\/\u{08}\u{0C}\n\r\té😀é")
        #expect(value["l"] == [true, false, .null, [:], []])
        #expect(value["l"]?[1] == false)
        #expect(value["absent"] == nil)
        #expect(value.object?.map(\.key) == ["n", "e", "s", "l"])
    }

    /// Goal: what RFC 8259 doesn't allow is refused with reason and place. Method: one text a fault
    /// with its byte offset.
    @Test(arguments: [
        ("", JSONErrorReason.unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{\"a\":1", .unexpectedEnd, 6),
        ("[1,]", .unexpectedCharacter, 3), ("{\"a\":1,}", .unexpectedCharacter, 7), ("{a:1}", .unexpectedCharacter, 1),
        ("[1 2]", .unexpectedCharacter, 3), ("{\"a\" 1}", .unexpectedCharacter, 5),
        ("// x\n1", .unexpectedCharacter, 0),
        ("\u{FEFF}1", .unexpectedCharacter, 0), ("'a'", .unexpectedCharacter, 0), ("NaN", .unexpectedCharacter, 0),
        ("Infinity", .unexpectedCharacter, 0), ("+1", .unexpectedCharacter, 0), (".5", .unexpectedCharacter, 0),
        ("1 1", .trailingContent, 2), ("{}x", .trailingContent, 2), ("tru", .unexpectedEnd, 3),
        ("trux", .invalidLiteral, 3),
        ("nul!", .invalidLiteral, 3), ("01", .invalidNumber, 1), ("1.", .unexpectedEnd, 2), ("1.x", .invalidNumber, 2),
        ("-", .unexpectedEnd, 1), ("-x", .invalidNumber, 1), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
        ("1.2.3", .invalidNumber, 3), (#""\x""#, .invalidEscape, 1), (#""\u12g4""#, .invalidEscape, 1),
        (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1), (#""\ud800A""#, .loneSurrogate, 1),
        ("\"a\nb\"", .controlCharacter, 2), ("\"a", .unexpectedEnd, 2), (#"{"a":1,"b":2,"a":3}"#, .duplicateKey, 13),
        (#"{"a":1,"a":3}"#, .duplicateKey, 7),
    ])
    func refusesByNameAndPlace(_ text: String, _ reason: JSONErrorReason, _ offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(error.reason == reason)
        #expect(error.offset == offset)
    }

    /// Goal: no byte sequence outside UTF-8 passes. Method: overlong forms, surrogates, stray and missing
    /// continuations.
    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(_ bytes: [UInt8]) throws {
        let error = try #require(throws: JSONError.self) { try JSONParser.parse([0x22] + bytes + [0x22]) }
        #expect(error.reason == .invalidUTF8)
        #expect(error.offset == 1)
    }

    /// Goal: limits hold at the limit and one past it. Method: nesting, length and number of values.
    @Test func holdsItsLimits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(64)) }
        #expect(try #require(throws: JSONError.self) { try JSONParser.parse(nested(65)) }.reason == .tooDeep)
        let endless = String(repeating: "[", count: 500_000)
        #expect(try #require(throws: JSONError.self) { try JSONParser.parse(endless) }.reason == .tooDeep)
        let limits = JSONLimits(bytes: 10, depth: 4, values: 4)
        #expect(throws: Never.self) { try JSONParser.parse("[1,2,3]   ", limits: limits) }
        let long = try #require(throws: JSONError.self) { try JSONParser.parse("[1,2,3]    ", limits: limits) }
        #expect(long.reason == .tooLong)
        let many = try #require(throws: JSONError.self) { try JSONParser.parse("[1,2,3,4]", limits: limits) }
        #expect(many.reason == .tooManyValues)
    }

    /// Goal: an error tells line and column. Method: a fault on the third line.
    @Test func tellsLineAndColumn() throws {
        let error = try #require(throws: JSONError.self) { try JSONParser.parse("{\n \"a\": 1,\n  \"a\": 2}") }
        #expect(error == JSONError(.duplicateKey, offset: 13, line: 3, column: 3, key: "a"))
        #expect(error.description == "duplicate_key \"a\" at line 3, column 3 (byte 13)")
    }

    /// Goal: the writer's text is exact in both styles. Method: one value in each.
    @Test func writesCompactAndPretty() {
        let value: JSONValue = ["b": [1, .number("2.50")], "a": "x\"\\\u{01}\n\u{7F}é", "c": [:], "d": []]
        let compact = #"{"b":[1,2.50],"a":"x\"\\\u0001\n\u007fé","c":{},"d":[]}"#
        #expect(JSONWriter.text(of: value) == compact)
        let pretty =
            "{\n  \"a\": \"x\\\"\\\\\\u0001\\n\\u007fé\",\n  \"b\": [\n    1,\n"
            + "    2.50\n  ],\n  \"c\": {},\n  \"d\": []\n}"
        #expect(JSONWriter.text(of: value, .pretty, keys: .sorted) == pretty)
    }

    /// Goal: nothing that isn't JSON is ever written. Method: numbers without a value, moments that are not known, ids
    /// that are none, each in a text that must parse.
    @Test func writesNullForWhatIsNotThere() throws {
        var writer = JSONWriter()
        writer.beginArray()
        writer.number(.nan)
        writer.number(-.infinity)
        writer.number(1e-7)
        writer.timestamp(.never)
        writer.identifier(ClientOrderID.none)
        writer.identifier(SignalNumber(value: 7))
        writer.decimal(Price(raw: 6_180_020_000_000))
        writer.decimal(raw: -1)
        writer.timestamp(Timestamp(milliseconds: 1))
        writer.endArray()
        #expect(
            writer.text
                == #"[null,null,1e-07,null,null,"s-7","61800.2","-0.00000001","1970-01-01T00:00:00.001Z"]"#
        )
        #expect(try JSONParser.parse(writer.bytes).array?.count == 9)
        writer.endLine()
        writer.null()
        #expect(writer.text.hasSuffix("]\nnull"))
    }

    /// Goal: write and parse are inverse. Method: 2,000 random values in both styles.
    @Test func roundTrips() throws {
        var random = SeededRandom(printedAs: "JSONTests.roundTrips")
        for _ in 0..<2_000 {
            let value = randomValue(depth: 4, &random)
            try #require(try JSONParser.parse(JSONWriter.bytes(of: value)) == value, "seed \(random.seed)")
            try #require(try JSONParser.parse(JSONWriter.bytes(of: value, .pretty)) == value, "seed \(random.seed)")
        }
    }

    private func randomValue(depth: Int, _ random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(DecimalText.text(raw: random.anyRaw()))
        case 3: return .integer(random.anyRaw())
        case 4: return .string(randomText(&random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomValue(depth: depth - 1, &random) }
            )
        default:
            return .object(
                (0..<Int.random(in: 0..<4, using: &random)).map {
                    JSONMember("\($0)" + randomText(&random), randomValue(depth: depth - 1, &random))
                }
            )
        }
    }

    private func randomText(_ random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Goal: no bytes make the parser trap, and every truncation of a text is refused. Method: 20,000 mutations of a
    /// document, and each of its prefixes.
    @Test func survivesMutationsAndTruncations() throws {
        let document = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é",{"b":null}],"c":{"d":true,"e":false}}"#.utf8)
        for length in 0..<document.count {
            #expect(throws: JSONError.self) { try JSONParser.parse(Array(document[..<length])) }
        }
        var random = SeededRandom(printedAs: "JSONTests.survivesMutations")
        for _ in 0..<20_000 {
            let bytes = mutated(document, &random)
            do {
                let value = try JSONParser.parse(bytes)
                #expect(try JSONParser.parse(JSONWriter.bytes(of: value)) == value, "seed \(random.seed)")
            } catch {
                #expect(error.offset <= bytes.count, "seed \(random.seed)")
            }
        }
    }
}

/// One to four changes of a text: bytes flipped, removed, doubled, or replaced by bytes that JSON is made of.
func mutated(_ text: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = text
    let structure = Array("{}[]\",:\\0-.eE+ntu \n".utf8) + [0, 0x80, 0xFF]
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(structure[Int.random(in: 0..<structure.count, using: &random)], at: index)
        case 3: bytes[index] = structure[Int.random(in: 0..<structure.count, using: &random)]
        default:
            let end = Int.random(in: index...min(bytes.count, index + 24), using: &random)
            let piece = Array(bytes[index..<end])
            bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
        }
    }
    return bytes
}
