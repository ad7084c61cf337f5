import FairleadModel
import Testing

@Suite struct IdentifierTextTests {
    /// Goal: a client order id has one text of 34 characters. Method: a known id printed and read back.
    @Test func clientOrderIDHasItsText() throws {
        let id = ClientOrderID(
            epoch: Epoch(number: 1),
            parent: 0x2A,
            leg: .taker,
            slice: 3,
            attempt: 0xFF,
            slot: 0xAB_CDEF
        )
        #expect(id.description == "fl-0001-0000002a-02-0003-ff-abcdef")
        #expect(id.description.utf8.count == ClientOrderID.textLength)
        #expect(try ClientOrderID(text: id.description) == id)
        #expect(ClientOrderID.none.description.isEmpty)
    }

    /// Goal: only our own texts are read. Method: foreign, damaged and impossible ids with the error each must give.
    @Test(arguments: [
        ("", IdentifierError.foreignPrefix), ("web_abc", .foreignPrefix),
        ("FL-0001-0000002a-02-0003-ff-abcdef", .foreignPrefix), ("fl-0001", .wrongLength),
        ("fl-0001-0000002a-02-0003-ff-abcdef0", .wrongLength), ("fl-0001-0000002A-02-0003-ff-abcdef", .malformed),
        ("fl-0001_0000002a-02-0003-ff-abcdef", .malformed), ("fl-0001-000000g0-02-0003-ff-abcdef", .malformed),
        ("fl-0001-0000002a-04-0003-ff-abcdef", .outOfRange), ("fl-0001-00000000-00-0000-00-000000", .outOfRange),
    ])
    func refusesWhatIsNotOurs(_ text: String, _ error: IdentifierError) {
        #expect(throws: error) { try ClientOrderID(text: text) }
    }

    /// Goal: ids survive their text. Method: random ids of all three kinds, and every one-byte change of some texts is
    /// either refused or another id.
    @Test func roundTrips() throws {
        var random = SeededRandom(printedAs: "IdentifierTextTests.roundTrips")
        for round in 0..<5_000 {
            let id = ClientOrderID(
                epoch: Epoch(number: .random(in: 0...0xFFFF, using: &random)),
                parent: .random(in: 1...UInt32.max, using: &random),
                leg: OrderLeg.allCases.randomElement(using: &random) ?? .direct,
                slice: .random(in: 0...0xFFFF, using: &random),
                attempt: .random(in: 0...0xFF, using: &random),
                slot: .random(in: 0...ClientOrderID.slotLimit, using: &random)
            )
            try #require(try ClientOrderID(text: id.description) == id, "seed \(random.seed)")
            try #require(try IntentID(text: id.intent.description) == id.intent, "seed \(random.seed)")
            let number = SignalNumber(value: max(1, random.next() >> UInt64.random(in: 0..<64, using: &random)))
            try #require(try SignalNumber(text: number.description) == number, "seed \(random.seed)")
            guard round < 50 else { continue }
            let text = Array(id.description.utf8)
            for index in text.indices {
                var changed = text
                changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                do throws(IdentifierError) {
                    #expect(try ClientOrderID(text: changed) != id, "seed \(random.seed)")
                } catch {
                    #expect(IdentifierError.allCases.contains(error))
                }
            }
        }
    }

    /// Goal: signal numbers and intents are strict as well. Method: one text a fault.
    @Test func refusesLooseNumbers() {
        #expect(throws: IdentifierError.foreignPrefix) { try SignalNumber(text: "7") }
        #expect(throws: IdentifierError.wrongLength) { try SignalNumber(text: "s-") }
        #expect(throws: IdentifierError.outOfRange) { try SignalNumber(text: "s-0") }
        #expect(throws: IdentifierError.outOfRange) { try SignalNumber(text: "s-18446744073709551616") }
        #expect(throws: IdentifierError.malformed) { try SignalNumber(text: "s-1x") }
        #expect(throws: IdentifierError.outOfRange) { try IntentID(text: "i-0001-00000000") }
        #expect(throws: IdentifierError.malformed) { try IntentID(text: "i-0001+00000001") }
        #expect(throws: IdentifierError.wrongLength) { try IntentID(text: "i-0001-1") }
    }

    /// Goal: digests are those of SHA-256. Method: the standard's vectors for "" and "abc".
    @Test func digestsAreSha256() {
        #expect(Digest128(of: "").description == "e3b0c44298fc1c149afbf4c8996fb924")
        #expect(Digest128(of: "abc").description == "ba7816bf8f01cfea414140de5dae2223")
        #expect(Digest128(of: "abc") != Digest128(of: "abd"))
    }
}
