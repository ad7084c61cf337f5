import FairleadConfiguration
import FairleadJournal
import Testing

@testable import FairleadEngine
@testable import FairleadModel
@testable import FairleadNode

/// Signals with wrong fields, through the node: each is refused by field and reason, counted, and changes nothing else.
@Suite struct SignalMutationTests {
    typealias Fixture = NodeFixture

    /// Goal: no field of a signal takes a wrong value in silence. Method: each field of the schema with each of its
    /// wrong values (other types, unknown words, extreme numbers, texts too long), absent where it is required, and
    /// twice; each alone, on each of three good signals.
    @Test func eachFieldIsRefusedByNameAndReason() throws {
        var bench = try MutationBench()
        for base in WrongSignals.bases {
            for wrong in WrongSignals.all {
                let reply = try bench.refusal(of: WrongSignals.text(base, [wrong]))
                Self.expectNamed(reply, wrong, "\(wrong)")
            }
            for field in WrongSignals.required {
                let reply = try bench.refusal(of: WrongSignals.text(base, without: field))
                #expect(reply.faults.contains { $0.field == field && $0.reason == .missingField }, "\(reply)")
            }
            for member in base.object ?? [] {
                let reply = try bench.refusal(of: WrongSignals.text(base, twice: member))
                #expect(reply.field == "signal" && reply.reason == .malformed, "\(reply)")
                #expect(reply.detail.contains("duplicate_key \"\(member.key)\""), "\(reply)")
            }
        }
        let cases = WrongSignals.bases.count * WrongSignals.all.count
        print("signal fields: \(WrongSignals.all.count) wrong values, \(cases) cases")
        #expect(Set(WrongSignals.all.map(\.key)) == Set(SignalDecoder.fields))
        try bench.finish()
    }

    /// Goal: no fault hides another, and no refused signal leaves a trace but its count and its record. Method: 10,000
    /// signals from a printed seed with one to four wrong fields, over a position and an order at rest; each wrong
    /// field must be named, and state, commands and journal are compared.
    @Test func mutatedSignalsChangeNothing() throws {
        let seed: UInt64 = 0x51C_0001
        print("signal mutations: 10000 cases, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var bench = try MutationBench()
        for number in 0..<10_000 {
            let base = WrongSignals.bases[Int(random.next(below: UInt64(WrongSignals.bases.count)))]
            var wrongs: [WrongField] = []
            for _ in 0...random.next(below: 4) {
                let wrong = WrongSignals.all[Int(random.next(below: UInt64(WrongSignals.all.count)))]
                if !wrongs.contains(where: { $0.key == wrong.key }) { wrongs.append(wrong) }
            }
            let reply = try bench.refusal(of: WrongSignals.text(base, wrongs))
            let replacesSymbol = wrongs.contains { $0.key == "contract" }
            for wrong in wrongs where !(replacesSymbol && wrong.key == "symbol") {
                Self.expectNamed(reply, wrong, "case \(number) of seed \(seed)")
            }
            if number % 1000 == 0 { try bench.expectUnchanged("case \(number) of seed \(seed)") }
        }
        try bench.finish()
    }

    private static func expectNamed(_ reply: SignalError, _ wrong: WrongField, _ note: String) {
        let named = reply.faults.first { $0.field == wrong.field && $0.reason == wrong.reason }
        #expect(named != nil, "\(note): \(wrong) is not named in \(reply)")
        #expect(reply.faults.allSatisfy { !$0.field.isEmpty && !$0.detail.isEmpty }, "\(note): \(reply)")
    }
}

/// A node with a position and an order at rest, whose state may not move any more.
private struct MutationBench: ~Copyable {
    private var node: Node
    private let disk = MemoryDisk()
    private let clock = VirtualClock(NodeFixture.start)
    private var before = EngineCounters()
    private var hash = Digest256.zero
    private var commands: UInt64 = 0
    private var sent: UInt64 = 0

    init() throws {
        let configuration = try NodeFixture.configuration(["strategy_config.screener.enabled": "false"])
        node = try Node.open(NodeFixture.setup(disk, configuration, clock))
        NodeFixture.run(&node, clock, for: .seconds(20))
        let entry = NodeFixture.signal("good", quantity: "0.005", more: #","maker_first":false"#)
        _ = node.offer(signal: entry, source: .file, ticket: 1)
        NodeFixture.run(&node, clock, for: .seconds(2))
        let bid = node.withEngine { $0.marketRow(InstrumentHandle(1)).bid }
        let limit = configuration.engine.instruments[1].terms.roundedDown(Price(raw: bid.raw / 1000 * 995))
        let resting = """
            {"schema":"fairlead.signal.v1","signal_id":"rests","symbol":"ETHUSDT","side":"BUY",\
            "size":{"quantity":"0.1"},"order_type":"limit","limit_price":"\(limit)","maker_first":false}
            """
        _ = node.offer(signal: Array(resting.utf8), source: .file, ticket: 2)
        NodeFixture.run(&node, clock, for: .seconds(2))
        _ = node.takeReplies()
        let (positions, orders) = node.withEngine { ($0.openPositionCount, $0.liveOrderCount) }
        #expect(positions == 1)
        #expect(orders > 0)
        before = node.withEngine { $0.counters }
        commands = node.commandCount
        hash = node.stateHash()
    }

    /// Hands a signal in, and gives the faults that its sender is told.
    mutating func refusal(of signal: [UInt8]) throws -> SignalError {
        let isTaken = node.offer(signal: signal, source: .file, ticket: 9)
        #expect(isTaken)
        node.pump()
        sent += 1
        let replies = node.takeReplies()
        let reply = try #require(replies.first)
        guard case .invalid(let error) = reply.outcome else {
            Issue.record("taken: \(String(decoding: signal, as: UTF8.self))")
            throw NodeError.noConfiguration
        }
        return error
    }

    /// The counts of signals moved by as many as were refused; with them put back, the state is what it was.
    mutating func expectUnchanged(_ note: String) throws {
        let now = node.withEngine { $0.counters }
        #expect(now.signals == before.signals + sent, "\(note)")
        #expect(now.invalid == before.invalid + sent, "\(note)")
        let count = node.commandCount
        #expect(count == commands, "\(note)")
        node.fold.engine.counters = before
        let found = node.stateHash()
        node.fold.engine.counters = now
        #expect(found == hash, "\(note)")
    }

    /// The same once more, in the journal too; then a good signal is taken as ever.
    mutating func finish() throws {
        try expectUnchanged("at the end")
        let entry = NodeFixture.signal("after", symbol: "SOLUSDT", quantity: "1", more: #","maker_first":false"#)
        _ = node.offer(signal: entry, source: .file, ticket: 3)
        NodeFixture.run(&node, clock, for: .seconds(2))
        let counters = node.withEngine { $0.counters }
        #expect(counters.accepted == before.accepted + 1)
        var refusals: UInt64 = 0
        var reader = try JournalReader(disk)
        while let record = try reader.next() {
            guard case .text(let text) = record.body, text.kind == .refusal else { continue }
            refusals += 1
            #expect(text.text.contains(": "), "\(text.text)")
        }
        #expect(refusals == sent)
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
    }
}

/// A field with a value that must be refused, and how.
private struct WrongField: CustomStringConvertible {
    /// The member of the signal, and what it is replaced by.
    var key: String
    var value: JSONValue
    /// What must be told.
    var field: String
    var reason: InvalidSignalReason

    var description: String { "\(key): \(JSONWriter.text(of: value).prefix(60)) (\(field): \(reason.name))" }
}

/// Good signals, and every way of this file to make them wrong.
private enum WrongSignals {
    static let required = ["schema", "signal_id", "symbol", "side", "size"]

    static let bases: [JSONValue] = [
        [
            "schema": "fairlead.signal.v1", "signal_id": "m-1", "symbol": "BTCUSDT", "side": "BUY",
            "size": ["quantity": "0.01"],
        ],
        [
            "schema": "fairlead.signal.v1", "signal_id": "m-2", "ts": "2024-08-08T00:00:20Z", "source": "desk",
            "strategy": "s", "venue": "paper", "account": "default", "symbol": "ETHUSDT", "side": "SELL",
            "position_side": "both", "intent": "entry", "reduce_only": false, "size": ["notional": "250"],
            "confidence": "0.5", "order_type": "market", "time_in_force": "GTC", "meta": ["a": [1, .null]],
        ],
        [
            "schema": "fairlead.signal.v1", "signal_id": "m-3", "symbol": "SOLUSDT", "side": "BUY",
            "size": ["nav_pct": "0.01"], "confidence": "1", "maker_first": true, "maker_qty": "1",
            "execution": ["style": "auto"], "expires_at": "2025-08-08T00:00:20Z",
        ],
    ]

    static let all: [WrongField] = texts + words + flags + times + decimals + sizes + executions + levels + later

    static func text(_ base: JSONValue, _ wrongs: [WrongField]) -> [UInt8] {
        var members = base.object ?? []
        for wrong in wrongs {
            members.removeAll { $0.key == wrong.key }
            members.append(JSONMember(wrong.key, wrong.value))
        }
        return JSONWriter.bytes(of: .object(members))
    }

    static func text(_ base: JSONValue, without field: String) -> [UInt8] {
        JSONWriter.bytes(of: .object((base.object ?? []).filter { $0.key != field }))
    }

    static func text(_ base: JSONValue, twice member: JSONMember) -> [UInt8] {
        JSONWriter.bytes(of: .object((base.object ?? []) + [member]))
    }

    // MARK: - Wrong values

    private static let long = String(repeating: "x", count: 300)

    private static func wrong(
        _ key: String,
        _ reason: InvalidSignalReason,
        _ values: [JSONValue],
        field: String? = nil
    ) -> [WrongField] {
        values.map { WrongField(key: key, value: $0, field: field ?? key, reason: reason) }
    }

    private static let noText: [JSONValue] = [.null, true, 1, .number("1e400"), [], ["x"], ["a": "b"]]

    private static var texts: [WrongField] {
        var list: [WrongField] = []
        for key in ["signal_id", "source", "strategy", "venue", "account", "symbol"] {
            list += wrong(key, .wrongType, noText)
            list += wrong(key, .tooLong, [.string(long)])
            list += wrong(key, .outOfRange, [""])
            list += wrong(key, .malformed, ["caf\u{E9}", "a\u{0}b", "a\nb", "\u{7F}", "\u{1F600}"])
        }
        list += wrong("schema", .wrongType, noText)
        list += wrong("schema", .unknownValue, ["", "fairlead.signal.v2", "FAIRLEAD.SIGNAL.V1", .string(long)])
        list += wrong("symbol", .malformed, ["btcusdt", "BTC/USDT", "BTC USDT"])
        list += wrong("symbol", .unknownSymbol, ["BTCUSD", "XRPUSDT", "_"])
        list += wrong("venue", .notSupported, ["binance", "PAPER"])
        list += wrong("account", .notSupported, ["other", "Default"])
        list += wrong("meta", .wrongType, [.null, true, 1, "text", [1]])
        list += wrong("meta", .tooLong, [["a": .string(String(repeating: "x", count: 4100))]])
        return list
    }

    private static var words: [WrongField] {
        var list = wrong("order_type", .notSupported, ["stop", "trailing_stop", "pegged"])
        for key in ["side", "position_side", "intent", "order_type", "time_in_force"] {
            list += wrong(key, .wrongType, noText)
            list += wrong(key, .unknownValue, ["", "nope", "BUY ", .string(long), "\u{0}"])
        }
        return list
    }

    private static var flags: [WrongField] {
        let values: [JSONValue] = [.null, 0, 1, "true", "", [], ["a": true]]
        return wrong("reduce_only", .wrongType, values) + wrong("maker_first", .wrongType, values)
    }

    private static var times: [WrongField] {
        var list: [WrongField] = []
        for key in ["ts", "expires_at"] {
            list += wrong(key, .wrongType, [.null, true, 1_723_075_200, .number("1e400"), [], ["a": 1]])
            list += wrong(key, .malformed, ["", "now", "2024-08-08", "2024-08-08T00:00:20", .string(long)])
            list += wrong(key, .outOfRange, ["1969-12-31T23:59:59Z", "9999-12-31T00:00:00Z"])
        }
        return list
    }

    private static let noDecimal: [JSONValue] = [.null, true, [], [1], ["a": 1]]
    private static let malformedDecimals: [JSONValue] = ["", "x", "1.", ".5", "+1", "NaN", "inf", "0x10", " 1", "01"]
    private static let excessiveDecimals: [JSONValue] = [
        "99999999999999999999", "9223372036854775807", "1.00000000000000000001", "12345678901234567890123456789012345",
    ]
    private static let unpositive: [JSONValue] = ["0", 0, "-1", .number("-0.5")]

    /// Decimals over zero at a place: `put` makes the member's value out of the decimal.
    private static func positives(
        _ key: String,
        _ field: String,
        _ put: (JSONValue) -> JSONValue = { $0 }
    ) -> [WrongField] {
        var list = wrong(key, .wrongType, noDecimal.map(put), field: field)
        list += wrong(key, .malformed, malformedDecimals.map(put), field: field)
        list += wrong(key, .outOfRange, (excessiveDecimals + unpositive).map(put), field: field)
        list += wrong(key, .tooLong, [put(.string(String(repeating: "1", count: 300)))], field: field)
        return list
    }

    private static var decimals: [WrongField] {
        var list: [WrongField] = []
        for key in ["limit_price", "maker_price", "maker_qty"] { list += positives(key, key) }
        list += positives("stop_loss", "stop_loss.price") { .object([JSONMember("price", $0)]) }
        list += wrong("stop_loss", .wrongType, [.null, true, [], [1]])
        list += wrong("stop_loss", .malformed, malformedDecimals)
        list += wrong("stop_loss", .outOfRange, excessiveDecimals + unpositive)
        list += wrong("confidence", .wrongType, noDecimal)
        list += wrong("confidence", .malformed, malformedDecimals)
        list += wrong("confidence", .outOfRange, excessiveDecimals)
        list += wrong("confidence", .outOfRange, ["-0.1", "1.01", 2])
        return list
    }

    private static var sizes: [WrongField] {
        var list: [WrongField] = []
        for way in ["quantity", "notional", "nav_pct", "kelly"] {
            list += positives("size", "size." + way) { .object([JSONMember(way, $0)]) }
        }
        list += wrong("size", .wrongType, [.null, true, 1, "0.01", [1]])
        list += wrong("size", .missingField, [[:]])
        list += wrong("size", .contradiction, [["quantity": "1", "notional": "1"]])
        list += wrong("size", .outOfRange, [["nav_pct": "1.01"], ["nav_pct": 10]], field: "size.nav_pct")
        list += wrong("size", .outOfRange, [["kelly": "1.01"], ["kelly": 2]], field: "size.kelly")
        list += wrong("size", .unknownValue, [["lots": 1]], field: "size.lots")
        return list
    }

    private static var executions: [WrongField] {
        let style = "execution.style"
        let unbuilt: JSONValue = ["style": "taker", "slices": 4]
        var list = wrong("execution", .wrongType, [.null, true, 1, "taker", ["taker"]])
        list += wrong("execution", .missingField, [[:], ["x": 1]], field: style)
        list += wrong("execution", .wrongType, noText.map { ["style": $0] }, field: style)
        list += wrong("execution", .unknownValue, [["style": "nope"], ["style": ""]], field: style)
        list += wrong("execution", .notSupported, [["style": "venue_algo"]], field: style)
        list += wrong("execution", .notSupported, [unbuilt], field: "execution.slices")
        func sliced(_ key: String, _ value: JSONValue) -> JSONValue {
            .object([JSONMember("style", "twap"), JSONMember(key, value)])
        }
        let badSlices: [JSONValue] = [0, 1, 1001, .number("2.5"), .number("1e3"), -4]
        list += wrong("execution", .outOfRange, badSlices.map { sliced("slices", $0) }, field: "execution.slices")
        list += wrong("execution", .wrongType, noText.map { sliced("slices", $0) }.suffix(1), field: "execution.slices")
        let badInterval: [JSONValue] = [0, "0.999", 86_401, "1.0001"]
        list += wrong(
            "execution",
            .outOfRange,
            badInterval.map { sliced("interval_s", $0) },
            field: "execution.interval_s"
        )
        list += wrong("execution", .malformed, [sliced("interval_s", "x")], field: "execution.interval_s")
        let badJitter: [JSONValue] = ["1.1", 2, "0.00001"]
        list += wrong("execution", .outOfRange, badJitter.map { sliced("jitter", $0) }, field: "execution.jitter")
        list += wrong("execution", .notSupported, [sliced("duration_s", 60)], field: "execution.duration_s")
        return list
    }

    private static var levels: [WrongField] {
        let many = JSONValue.array(Array(repeating: ["price": "1", "fraction": "0.1"], count: 6))
        let overfull: JSONValue = [["price": "70000", "fraction": "0.9"], ["price": "71000", "fraction": "0.2"]]
        var list = wrong("take_profit", .wrongType, [.null, true])
        list += wrong("take_profit", .outOfRange, [[], many, overfull])
        list += wrong("take_profit", .wrongType, [[1], ["x"], [.null]], field: "take_profit[0]")
        list += wrong("take_profit", .missingField, [[:], ["fraction": "1"]], field: "take_profit.price")
        list += wrong("take_profit", .notSupported, [["price": "1", "kind": "x"]], field: "take_profit.kind")
        list += positives("take_profit", "take_profit.price") { .object([JSONMember("price", $0)]) }
        list += positives("take_profit", "take_profit[0].fraction") { [["price": "70000", "fraction": $0]] }
        return list
    }

    private static var later: [WrongField] {
        var list: [WrongField] = []
        for key in ["contract", "oca_group"] {
            list += wrong(key, .notSupported, [.null, true, 1, "x", [], [:], .string(long)])
        }
        list += wrong("trailing_stop", .wrongType, [.null, true, 1, "x", [], .string(long)])
        list += wrong("trailing_stop", .missingField, [[:]])
        list += positives("trailing_stop", "trailing_stop.amount") { .object([JSONMember("amount", $0)]) }
        list += wrong("profit_stages", .wrongType, [.null, true, 1, "x", [:], .string(long)])
        list += wrong("profit_stages", .outOfRange, [[]])
        return list
    }
}
