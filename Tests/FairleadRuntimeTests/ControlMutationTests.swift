import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import FairleadTransport
import Testing

/// Requests that are wrong in one field or in some bytes: each is refused by name, counted, and changes nothing.
@Suite(.serialized)
struct ControlMutationTests {
    /// A request that is wrong in one place, and what must be told.
    private struct WrongRequest {
        var line: [UInt8]
        var code: ControlError.Code
        var field: String
    }

    private static let order = "fl-0001-00000001-01-0000-00-000000"

    /// Every command with all of its fields.
    private static let good: [JSONValue] = [
        ["command": "status"], ["command": "health"], ["command": "orders"], ["command": "positions"],
        ["command": "fills", "limit": 7], ["command": "stop_entries"], ["command": "halt", "frozen": true],
        ["command": "kill"], ["command": "resume", "confirm": true], ["command": "cancel_all", "protective": true],
        ["command": "flatten", "confirm": true, "symbol": "BTCUSDT"],
        [
            "command": "adopt_position", "symbol": "BTCUSDT", "take_profit": "66000", "stop_loss": "58000",
            "confirm": true,
        ],
        ["command": "close_position", "symbol": "BTCUSDT", "confirm": true],
        ["command": "ignore_position", "symbol": "BTCUSDT", "confirm": true],
        ["command": "cancel", "order": .string(order)],
        ["command": "amend", "order": .string(order), "price": "62000.5", "quantity": "0.01"],
        ["command": "resolve", "order": .string(order), "as": "dead", "confirm": true],
        ["command": "pause_parent", "parent": "i-0001-00000001"], ["command": "resume_parent", "parent": "s-1"],
        ["command": "cancel_parent", "parent": .string(order)],
        ["command": "amend_parent", "parent": "i-0001-00000001", "price": "62000.5", "quantity": "0.01"],
        ["command": "reconcile"],
        ["command": "enable_symbol", "symbol": "BTCUSDT", "confirm": true],
        ["command": "disable_symbol", "symbol": "BTCUSDT", "side": "buy"],
        ["command": "enable_strategy", "strategy": "screener", "confirm": true],
        ["command": "disable_strategy", "strategy": "screener"],
        [
            "command": "override_limit", "rule": "max_order_notional", "value": "5000", "until": "1h30m",
            "reason": "x", "symbol": "BTCUSDT", "strategy": "screener", "confirm": true,
        ],
        [
            "command": "remove_override", "rule": "symbol_cap", "symbol": "BTCUSDT", "strategy": "screener",
            "confirm": true,
        ],
        ["command": "overrides"], ["command": "reset_drawdown", "confirm": true],
        ["command": "confirm_nav", "confirm": true], ["command": "paper_reset", "confirm": true],
        ["command": "reload"], ["command": "signal", "signal": ["schema": "x"]], ["command": "notices"],
    ]

    /// Goal: no wrong field of any command passes, and no refusal does anything.
    /// Method: each wrong value of each field of each command, then 10,000 drawn from a printed seed, over the socket
    /// of a live engine; code, field and a reason come back, the count moves by one each, and the state is as it was.
    @Test func wrongFieldsAreRefusedAndChangeNothing() throws {
        let seed: UInt64 = 20_261
        let quiet = ConfigurationOverride(path: "screener.enabled", value: "false")
        let live = try LiveFixture(overrides: [quiet])
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        let before = try live.ask(.status)
        let wrongs = Self.good.flatMap(Self.wrongRequests)
        print("control fields: \(wrongs.count) wrong requests, 10000 cases, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let drawn = (0..<10_000).map { _ in wrongs[Int(random.next(below: UInt64(wrongs.count)))] }
        let client = try ControlClient(path: live.paths.controlSocket)
        for wrong in wrongs + drawn {
            let answer = try JSONParser.parse(try client.request(wrong.line))
            let text = String(decoding: wrong.line, as: UTF8.self)
            let error = answer["error"]
            #expect(answer["ok"]?.bool == false, "\(text.prefix(200)) was understood")
            #expect(error?["code"]?.string == wrong.code.rawValue, "\(text.prefix(200)): \(answer)")
            #expect(error?["field"]?.string == wrong.field, "\(text.prefix(200)): \(answer)")
            #expect(error?["message"]?.string?.isEmpty == false, "\(text.prefix(200)): \(answer)")
        }
        let after = try live.ask(.status)
        #expect(after["losses"]?["requests"]?.integer == Int64(wrongs.count + drawn.count))
        for key in ["trading_state", "is_frozen", "cash", "realized_pnl", "counters"] {
            #expect(after[key] == before[key], "\(key)")
        }
        #expect(try live.ask(.orders)["orders"] == [])
        #expect(try live.ask(.positions)["positions"] == [])
    }

    /// Goal: no bytes crash the decoder or are refused without a field and a reason.
    /// Method: 10,000 mutations of the good lines of every command from a printed seed; each is understood or refused.
    @Test func mutatedBytesAreUnderstoodOrRefused() {
        let seed: UInt64 = 20_260
        print("control bytes: 10000 cases, seed \(seed)")
        #expect(Self.good.compactMap { $0["command"]?.string } == ControlCommand.names)
        var random = DeterministicRandom(seed: seed)
        var refused = 0
        for number in 0..<10_000 {
            var bytes = JSONWriter.bytes(of: Self.good[number % Self.good.count])
            for _ in 0...random.next(below: 3) {
                let at = Int(random.next(below: UInt64(bytes.count)))
                switch random.next(below: 4) {
                case 0: bytes[at] = Array("{}[]\",:0-.e".utf8)[Int(random.next(below: 11))]
                case 1: bytes.insert(bytes[at], at: at)
                case 2: if bytes.count > 1 { bytes.remove(at: at) }
                default: bytes[at] = UInt8(random.next(below: 256))
                }
            }
            do throws(ControlError) { _ = try ControlRequest.decode(bytes) } catch {
                refused += 1
                let isTold = !error.field.isEmpty && !error.message.isEmpty
                #expect(isTold, "case \(number) of seed \(seed): \(error)")
            }
        }
        #expect((5_000..<10_000).contains(refused), "\(refused) refused")
    }

    // MARK: - Wrong requests

    private static func wrongRequests(of request: JSONValue) -> [WrongRequest] {
        let members = request.object ?? []
        var list: [WrongRequest] = []
        func add(_ key: String, _ value: JSONValue?, _ code: ControlError.Code, field: String? = nil) {
            let kept = members.filter { $0.key != key } + (value.map { [JSONMember(key, $0)] } ?? [])
            list.append(WrongRequest(line: JSONWriter.bytes(of: .object(kept)), code: code, field: field ?? key))
        }
        for key in ["x", "Command", "confirmed", "price "] { add(key, 1, .unknownField) }
        add("", 1, .unknownField, field: #""""#)
        for value in [true, [], [:], ["a": 1]] as [JSONValue] { add("id", value, .wrongType) }
        for value in [.null, nil] as [JSONValue?] { add("command", value, .missingField) }
        for value in [1, true, "", [], .string(long)] as [JSONValue] { add("command", value, .wrongType) }
        for value in ["nope", "Halt", "status ", "\u{0}"] as [JSONValue] { add("command", value, .unknownCommand) }
        for member in members {
            for (value, code, field) in wrongValues(of: member.key) { add(member.key, value, code, field: field) }
        }
        return list
    }

    private static let long = String(repeating: "x", count: 129)
    private static let noText: [JSONValue] = [1, true, [], ["a": 1], "", .string(long)]
    private static let noFlag: [JSONValue] = [0, 1, "true", "", [], [:]]
    private static let noDecimal: [JSONValue] = [true, [], [:]]
    private static let badDecimal: [JSONValue] = [
        "", "x", "1e3", "NaN", "-1", "0", 0, "99999999999999999999", "0.000000000000000000001", .number("1e400"),
    ]
    private static let badLimit: [JSONValue] = [
        0, -1, 1001, "7", true, [], .number("1.5"), .number("1e2"), .number("99999999999999999999"),
    ]
    private static let badEnd: [JSONValue] = [
        "x", "2", "h", "0s", "-1h", "1m1h", "1h1h", "1.5h", "9999999999d", "99999999d", "2026-13-01T00:00:00Z",
        "2026-01-01",
    ]
    private static let badOrder: [JSONValue] = ["abc", "fl-", "fl-0001", "FL-0001-00000001-01-0000-00-000000"]

    /// What must not stand under a key; nil: it is absent.
    private static func wrongValues(of key: String) -> [(JSONValue?, ControlError.Code, String)] {
        func each(_ values: [JSONValue?], _ code: ControlError.Code) -> [(JSONValue?, ControlError.Code, String)] {
            values.map { ($0, code, key) }
        }
        switch key {
        case "frozen", "protective": return each(noFlag, .wrongType)
        case "confirm": return each(noFlag, .wrongType) + each([nil, false, .null], .notConfirmed)
        case "limit": return each(badLimit, .outOfRange)
        case "symbol", "strategy": return each(noText, .wrongType)
        case "rule":
            let others: [JSONValue] = ["nope", "kill_switch", "price_collar", "nothing_to_reduce", "order_rate_limit"]
            return each(noText, .wrongType) + each(others, .outOfRange) + each([nil, .null], .missingField)
        case "value":
            return each(noDecimal, .wrongType) + each(badDecimal, .outOfRange) + each([nil, .null], .missingField)
        case "until":
            return each(noText, .wrongType) + each(badEnd, .outOfRange) + each([nil, .null], .missingField)
        case "reason":
            let others: [JSONValue] = ["", " ", .string(String(repeating: "x", count: 201)), "a\nb", "\u{202E}a"]
            return each([1, true, [], ["a": 1]], .wrongType) + each(others, .outOfRange)
                + each([nil, .null], .missingField)
        case "order":
            return each(noText, .wrongType) + each(badOrder, .outOfRange) + each([nil, .null], .missingField)
        case "parent":
            let others: [JSONValue] = ["abc", "fl-", "i-0001", "s-", "S-12"]
            return each(noText, .wrongType) + each(others, .outOfRange) + each([nil, .null], .missingField)
        case "as":
            return each(noText, .wrongType) + each(["maybe", "Dead"], .outOfRange) + each([nil, .null], .missingField)
        case "side": return each(noText, .wrongType) + each(["BUY", "long"], .outOfRange)
        case "price", "quantity", "take_profit", "stop_loss":
            return each(noDecimal, .wrongType) + each(badDecimal, .outOfRange)
        case "signal": return each([nil, .null], .missingField)
        default: return []
        }
    }
}
