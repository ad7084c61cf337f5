import FairleadModel
import Testing

@Suite struct DecimalTextTests {
    /// Goal: plain decimals are read exactly. Method: texts next to the raw value that they must give.
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("-0.00", 0), ("1", 100_000_000), ("61800.2", 6_180_020_000_000), ("0.00000001", 1),
        ("-0.00000001", -1), ("50123.45000000", 5_012_345_000_000), ("1.000000000000", 100_000_000),
        ("92233720368.54775807", Int64.max), ("-92233720368.54775807", -Int64.max), ("0.1", 10_000_000),
    ])
    func readsPlainDecimals(_ text: String, _ raw: Int64) throws {
        #expect(try DecimalText.parse(text.utf8.span) == raw)
    }

    /// Goal: every other way to write a number is refused, by its name. Method: one text a fault.
    @Test(arguments: [
        ("", DecimalError.empty), ("+1", .unexpectedCharacter), ("1e5", .unexpectedCharacter),
        ("1E5", .unexpectedCharacter), ("NaN", .unexpectedCharacter), ("inf", .unexpectedCharacter),
        ("-inf", .unexpectedCharacter), ("0x10", .unexpectedCharacter), (" 1", .unexpectedCharacter),
        ("1 ", .unexpectedCharacter), ("1,5", .unexpectedCharacter), ("--1", .unexpectedCharacter),
        ("1.2.3", .unexpectedCharacter), ("1.5-", .unexpectedCharacter), ("1.000000000x", .unexpectedCharacter),
        ("١", .unexpectedCharacter), ("123456789012e1", .unexpectedCharacter), (".5", .missingInteger),
        ("-", .missingInteger), ("-.5", .missingInteger), (".", .missingInteger), ("1.", .missingFraction),
        ("01", .leadingZero), ("-007", .leadingZero), ("000000000000", .leadingZero),
        ("0.000000001", .tooPrecise), ("1.123456789", .tooPrecise), ("92233720368.54775808", .outOfRange),
        ("99999999999", .outOfRange), ("100000000000", .outOfRange), ("123456789012345678901234567890", .outOfRange),
        ("0.0000000000000000000000000000000000000000", .tooLong),
    ])
    func refusesByName(_ text: String, _ error: DecimalError) {
        #expect(throws: error) { try DecimalText.parse(text.utf8.span) }
    }

    /// Goal: print and parse are inverse and the text is the shortest. Method: 20,000 random raws.
    @Test func roundTrips() throws {
        var random = SeededRandom(printedAs: "DecimalTextTests.roundTrips")
        for _ in 0..<20_000 {
            let raw = max(random.anyRaw(), -Int64.max)
            let text = DecimalText.text(raw: raw)
            let back = try DecimalText.parse(text.utf8.span)
            try #require(back == raw, "\(text), seed \(random.seed)")
            let isShortest = !text.contains(".") || !text.hasSuffix("0")
            try #require(isShortest && !text.hasSuffix("."), "\(text), seed \(random.seed)")
        }
        #expect(DecimalText.text(raw: 0) == "0")
        #expect(DecimalText.text(raw: 6_180_020_000_000) == "61800.2")
        #expect(DecimalText.text(raw: -1) == "-0.00000001")
        #expect(DecimalText.text(raw: Int64.min) == "-92233720368.54775808")
    }

    /// Goal: no bytes at all make the parser trap. Method: 20,000 random texts of the bytes that matter, refused or
    /// read; what was read prints to a text that reads the same.
    @Test func survivesAnyBytes() throws {
        var random = SeededRandom(printedAs: "DecimalTextTests.survivesAnyBytes")
        let alphabet = Array("0011223456789..--+eE xNn".utf8) + [0, 0x80, 0xFF]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...44, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if let raw = try accepted({ () throws(DecimalError) in try DecimalText.parse(text.span) }) {
                let again = try DecimalText.parse(DecimalText.text(raw: raw).utf8.span)
                try #require(again == raw, "seed \(random.seed)")
            }
            if let money = try accepted({ () throws(DecimalError) in try Money(text: text) }) {
                try #require(try Money(text: money.description) == money, "seed \(random.seed)")
            }
        }
    }

    private func accepted<Value>(_ body: () throws(DecimalError) -> Value) throws -> Value? {
        do throws(DecimalError) { return try body() } catch { return nil }
    }

    /// Goal: values from outside stay within their bounds. Method: at the bound and one unit past it.
    @Test func boundsAtTheDoor() throws {
        #expect(try Price(text: "1000000000") == Price.bound)
        #expect(throws: DecimalError.outOfRange) { try Price(text: "1000000000.00000001") }
        #expect(throws: DecimalError.negative) { try Price(text: "-1") }
        #expect(try Quantity(text: "10000000000") == Quantity.bound)
        #expect(throws: DecimalError.outOfRange) { try Quantity(text: "10000000000.1") }
        #expect(throws: DecimalError.negative) { try Quantity(text: "-0.1") }
        #expect(try SignedQuantity(text: "-0.5") == SignedQuantity(raw: -50_000_000))
        #expect(try Rate(text: "-0.0001") == Rate(bps: -1))
        #expect(throws: DecimalError.outOfRange) { try Rate(text: "1000000.1") }
        #expect(try Money(text: "1000000000000000") == Money.bound)
        #expect(throws: DecimalError.outOfRange) { try Money(text: "1000000000000000.0000000000000001") }
        #expect(throws: DecimalError.outOfRange) { try Money(text: "9999999999999999999999999999999999999999") }
    }

    /// Goal: sums of money keep all 16 digits. Method: texts, and random sums that print and read back.
    @Test func moneyRoundTrips() throws {
        #expect(try Money(text: "200").description == "200")
        #expect(try Money(text: "-0.0000000000000001").raw == -1)
        #expect(throws: DecimalError.tooPrecise) { try Money(text: "0.00000000000000001") }
        #expect(Money(raw: Int128.max).description == "17014118346046923173168.7303715884105727")
        #expect(Money(raw: Int128.min).description == "-17014118346046923173168.7303715884105728")
        var random = SeededRandom(printedAs: "DecimalTextTests.moneyRoundTrips")
        for _ in 0..<5_000 {
            let money = Money(raw: Int128(random.anyRaw()) * Int128(random.next() >> 24))
            guard money.magnitude <= Money.bound else { continue }
            try #require(try Money(text: money.description) == money, "\(money), seed \(random.seed)")
        }
    }
}
