import FairleadModel
import FairleadSchema
import Testing

/// Two instruments, and room for a few strategies.
struct TestDirectory: SignalDirectory {
    var strategies: [String] = []
    var room = 4

    func instrument(symbol: String) -> InstrumentHandle? {
        ["BTCUSDT", "ETHUSDT"].firstIndex(of: symbol).map { InstrumentHandle($0) }
    }

    mutating func strategy(named name: String) -> StrategyHandle? {
        if !strategies.contains(name) {
            guard strategies.count < room else { return nil }
            strategies.append(name)
        }
        return strategies.firstIndex(of: name).map { StrategyHandle(index: UInt16($0 + 1)) }
    }
}

private func decode(_ bytes: [UInt8]) throws(SignalError) -> DecodedSignal {
    var directory = TestDirectory()
    return try SignalDecoder.decode(bytes, number: SignalNumber(value: 7), source: .file, directory: &directory)
}

private let goodNames = [
    "exit-whole-position.json", "flatten.json", "limit-entry-with-levels.json", "market-entry.json",
    "nav-fraction-short.json", "reduce-with-size.json", "stop-limit-adjusted.json", "trailing-in-stages.json",
    "unknown-fields-are-kept.json",
]

@Suite struct SignalDecoderTests {
    /// Goal: schema and decoder accept the same examples. Method: each example file through both, and through the
    /// encoder back to the same signal, whose text the schema accepts too.
    @Test(arguments: goodNames) func acceptsTheExamples(_ name: String) throws {
        let bytes = try Fixtures.bytes("signals/" + name)
        let schema = try Fixtures.schema("signal.v1")
        #expect(schema.violation(of: try JSONParser.parse(bytes)) == nil)
        let signal = try decode(bytes)
        let symbol = signal.terms.instrument.index == 0 ? "BTCUSDT" : "ETHUSDT"
        let text = try SignalEncoder.encode(
            signal.terms,
            signalID: signal.signalID,
            symbol: symbol,
            strategy: signal.strategy,
            sender: signal.sender,
            meta: signal.meta
        )
        #expect(try decode(text) == signal)
        #expect(schema.violation(of: try JSONParser.parse(text)) == nil)
    }

    /// Goal: no example is forgotten. Method: the folder's listing against the names above.
    @Test func allExamplesAreTested() throws {
        #expect(try Fixtures.names(in: "signals") == (goodNames + ["invalid.json"]).sorted())
    }

    /// Goal: each invalid signal is refused with its field and reason, and the schema agrees where a schema can tell.
    /// Method: the list of invalid signals, each with what must be said of it.
    @Test func refusesTheInvalidOnesByFieldAndReason() throws {
        let schema = try Fixtures.schema("signal.v1")
        let cases = try #require(JSONParser.parse(try Fixtures.bytes("signals/invalid.json")).array)
        #expect(cases.count > 100)
        for (index, example) in cases.enumerated() {
            let signal = try #require(example["signal"])
            let note: Comment = "case \(index): \(JSONWriter.text(of: signal).prefix(200))"
            let error = try #require(throws: SignalError.self, note) { try decode(JSONWriter.bytes(of: signal)) }
            #expect(error.field == example["field"]?.string, note)
            #expect(error.reason.name == example["reason"]?.string, note)
            #expect(!error.detail.isEmpty, note)
            let violation = schema.violation(of: signal)
            #expect(
                (violation == nil) == example["schema_accepts"]?.bool,
                "\(note) \(violation?.description ?? "accepted by the schema")"
            )
        }
    }

    /// Goal: every field lands in its place. Method: the fullest example, field by field.
    @Test func fillsInTheTerms() throws {
        let signal = try decode(try Fixtures.bytes("signals/limit-entry-with-levels.json"))
        let terms = signal.terms
        #expect(signal.signalID == "momentum/2024-08-08T12:34:56Z/BTCUSDT")
        #expect(terms.digest == Digest128(of: signal.signalID))
        #expect(terms.number == SignalNumber(value: 7))
        #expect(terms.instrument.index == 0)
        #expect(terms.strategy.index == 1)
        #expect(signal.strategy == "momentum")
        #expect(signal.sender == "research-host-7")
        #expect(terms.positionSide == .long)
        #expect(terms.size == .notional(Money(raw8: 250_050_000_000)))
        #expect(terms.confidence == Rate(raw: 80_000_000))
        #expect(terms.orderType == .limit)
        #expect(terms.limitPrice.description == "61800.2")
        #expect(terms.timeInForce == .gtd)
        #expect(terms.time == Timestamp(milliseconds: 1_723_120_496_789))
        #expect(terms.expiresAt - terms.time == .seconds(60))
        #expect(terms.style == .makerFirst)
        #expect(terms.makerFirst == true)
        #expect(terms.makerPrice.description == "61800.1")
        #expect(terms.makerQuantity.description == "0.005")
        #expect(terms.takeProfits.count == 2)
        #expect(
            terms.takeProfits[1]
                == TakeProfitLevel(price: Price(raw: 63_000 * FixedPoint.one), fraction: Rate(raw: 50_000_000))
        )
        #expect(terms.stopLoss.description == "61000")
        #expect(signal.meta == #"{"model":"m-17","features":[1,2.5,null],"note":"café 😀"}"#)
    }

    /// Goal: unknown fields are carried, with their exact numbers. Method: an example that has them.
    @Test func keepsUnknownFieldsInMeta() throws {
        let signal = try decode(try Fixtures.bytes("signals/unknown-fields-are-kept.json"))
        #expect(signal.meta == #"{"a":{"b":[]},"chart":"https://example.test/x?a=1","score":0.125000000000001}"#)
    }

    /// Goal: a Kelly size is a share of 1, for an entry. Method: a share, all of it; an exit and a reducing entry are
    /// in the list of invalid ones.
    @Test func takesAKellySize() throws {
        for (text, raw) in [("\"0.5\"", 50_000_000), ("1", 100_000_000), ("0.00000001", 1)] as [(String, Int64)] {
            let signal = try decode(
                Array(
                    (#"{"schema":"fairlead.signal.v1","signal_id":"k","symbol":"BTCUSDT","side":"BUY","#
                        + #""size":{"kelly":\#(text)}}"#).utf8
                )
            )
            #expect(signal.terms.size == .kelly(Rate(raw: raw)))
        }
    }

    /// Goal: the defaults of an absent field are those of the contract. Method: the smallest signal.
    @Test func leavesTheRestAtItsDefault() throws {
        let signal = try decode(try Fixtures.bytes("signals/market-entry.json"))
        let plain = SignalTerms(
            number: SignalNumber(value: 7),
            digest: Digest128(of: "demo-1"),
            instrument: InstrumentHandle(0),
            side: .buy,
            size: .quantity(Quantity(raw: 1_000_000))
        )
        #expect(signal == DecodedSignal(terms: plain, signalID: "demo-1", strategy: "", sender: "", meta: "{}"))
    }

    /// Goal: all faults are told, the first of the schema's order first. Method: a signal with five.
    @Test func tellsAllFaults() throws {
        let text =
            #"{"schema":"fairlead.signal.v1","stop_loss":0,"side":"up","size":{"kelly":2},"#
            + #""signal_id":"x","order_type":"stop","limit_price":"5","symbol":"XRP"}"#
        let error = try #require(throws: SignalError.self) { try decode(Array(text.utf8)) }
        #expect(error.faults.map(\.field) == ["symbol", "side", "size.kelly", "order_type", "stop_loss"])
        #expect(error.reason == .unknownSymbol)
        #expect(error.signalID == "x")
        #expect(error.description.hasPrefix("symbol: unknown_symbol: XRP is not configured; side: unknown_value"))
    }

    /// Goal: a full table of strategies refuses a new name and no signal that is invalid takes a place.
    /// Method: a table of one place.
    @Test func refusesAStrategyTooMany() throws {
        var directory = TestDirectory(room: 1)
        func signal(_ strategy: String, _ side: String) -> [UInt8] {
            let text =
                #"{"schema":"fairlead.signal.v1","signal_id":"x","symbol":"BTCUSDT","strategy":"\#(strategy)","#
                + #""side":"\#(side)","size":{"quantity":1}}"#
            return Array(text.utf8)
        }
        let number = SignalNumber(value: 1)
        #expect(throws: SignalError.self) {
            try SignalDecoder.decode(signal("a", "no"), number: number, source: .file, directory: &directory)
        }
        #expect(directory.strategies.isEmpty)
        _ = try SignalDecoder.decode(signal("b", "BUY"), number: number, source: .file, directory: &directory)
        let error = try #require(throws: SignalError.self) {
            try SignalDecoder.decode(signal("c", "BUY"), number: number, source: .file, directory: &directory)
        }
        #expect(error.field == "strategy")
    }

    /// Goal: size and nesting of the text are bounded, and broken JSON is told with its place. Method: one text each.
    @Test func boundsTheText() throws {
        let start = Array(
            #"{"schema":"fairlead.signal.v1","signal_id":"x","symbol":"BTCUSDT","side":"BUY","size":{"quantity":1}"#
                .utf8
        )
        func padded(_ count: Int) -> [UInt8] { start + Array(repeating: 0x20, count: count - start.count - 1) + [0x7D] }
        #expect(throws: Never.self) { try decode(padded(SignalLimits.signal)) }
        let long = try #require(throws: SignalError.self) { try decode(padded(SignalLimits.signal + 1)) }
        #expect(long.field == "signal")
        #expect(long.reason == .tooLong)
        let deep = #"{"meta":"# + String(repeating: "[", count: 5000)
        #expect(try #require(throws: SignalError.self) { try decode(Array(deep.utf8)) }.reason == .malformed)
        let twice = try #require(throws: SignalError.self) { try decode(start + Array(#","side":"SELL"}"#.utf8)) }
        #expect(twice.reason == .malformed)
        #expect(twice.detail.contains("duplicate_key \"side\""))
    }

    /// Goal: a signal cut short is always refused. Method: every prefix of every example.
    @Test(arguments: goodNames) func refusesEveryTruncation(_ name: String) throws {
        var bytes = try Fixtures.bytes("signals/" + name)
        while bytes.last == 0x0A { bytes.removeLast() }
        for length in 0..<bytes.count {
            let error = try #require(throws: SignalError.self) { try decode(Array(bytes[..<length])) }
            #expect(error.field == "signal")
            #expect(error.reason == .malformed)
        }
    }

    /// Goal: whatever arrives is decoded within its bounds or refused with field, reason and detail. Method: 14,000
    /// mutations of the examples; what is accepted must survive the encoder.
    @Test func survivesMutations() throws {
        var random = SeededRandom(printedAs: "SignalDecoderTests.survivesMutations")
        var accepted = 0
        for name in goodNames {
            let bytes = try Fixtures.bytes("signals/" + name)
            for _ in 0..<2000 {
                let changed = mutated(bytes, &random)
                do throws(SignalError) {
                    let signal = try decode(changed)
                    accepted += 1
                    try expectBounded(signal, random.seed)
                } catch {
                    #expect(!error.field.isEmpty && !error.detail.isEmpty, "seed \(random.seed)")
                    #expect(error.faults.count <= SignalError.limit, "seed \(random.seed)")
                }
            }
        }
        #expect(accepted > 100, "Mutations must reach past the parser, seed \(random.seed)")
    }

    private func expectBounded(_ signal: DecodedSignal, _ seed: UInt64) throws(SignalError) {
        let terms = signal.terms
        #expect(terms.limitPrice >= .zero && terms.limitPrice <= .bound, "seed \(seed)")
        #expect(terms.confidence >= .zero && terms.confidence <= .one, "seed \(seed)")
        #expect(signal.meta.utf8.count <= SignalLimits.meta, "seed \(seed)")
        switch terms.size {
        case .quantity(let quantity): #expect(quantity > .zero && quantity <= .bound, "seed \(seed)")
        case .notional(let money): #expect(money > .zero && money <= .bound, "seed \(seed)")
        case .navFraction(let rate): #expect(rate > .zero && rate <= .one, "seed \(seed)")
        case .wholePosition: #expect(terms.intent != .entry, "seed \(seed)")
        case .kelly(let share):
            #expect(share > .zero && share <= .one, "seed \(seed)")
            #expect(terms.intent == .entry && !terms.reduceOnly, "seed \(seed)")
        }
        let symbol = terms.instrument.index == 0 ? "BTCUSDT" : "ETHUSDT"
        var text: [UInt8] = []
        #expect(throws: Never.self, "seed \(seed)") {
            text = try SignalEncoder.encode(
                terms,
                signalID: signal.signalID,
                symbol: symbol,
                strategy: signal.strategy,
                sender: signal.sender,
                meta: signal.meta
            )
        }
        // The signal's text may be longer than it came in (nanoseconds, defaults), never so long that it is refused.
        #expect(try decode(text) == signal, "seed \(seed)")
    }
}
