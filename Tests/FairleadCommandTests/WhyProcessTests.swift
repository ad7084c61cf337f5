import FairleadModel
import Foundation
import Testing

/// `why` of an entry with levels, by the real program: its exit is told, and the exit names it.
@Suite(.serialized)
struct WhyProcessTests {
    /// Goal: an entry's chain goes on to the exit of its level with every stage, by each id it has; the exit's names
    /// the entry; the running engine, its history and its journal say the same. Method: an entry with levels close to
    /// the price on a fast market, both ends asked while the engine runs and after it was stopped, with the history
    /// and from the journal alone.
    @Test func anEntryAndItsExit() throws {
        let bench = try CommandProcess()
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        try bench.configure("runtime", [("\"speed\": 1", "\"speed\": 20")])
        let place = ["--home", bench.path("run"), "--config", bench.path("config")]
        let engine = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("run")["is_reconciled"]?.bool == true })
        let entry = try #require(try Self.enter(bench, place))
        #expect(
            try bench.waitUntil(within: 180) {
                let fills = try bench.json(try bench.run(words: ["fills", "--json"] + place).output)["fills"]?.array
                let status = try bench.status("run")
                return (fills?.count ?? 0) > 1 && status["open_positions"]?.integer == 0
            }
        )
        func why(_ id: String, _ words: [String] = place) throws -> JSONValue {
            let told = try bench.run(words: ["why", id, "--json"] + words)
            #expect(told.status == 0, "\(id): \(told.errors)")
            return try bench.json(told.output)
        }
        var found = try why(entry)
        _ = try bench.waitUntil {
            found = try why(entry)
            return found["trades"]?.array?.isEmpty == false
        }
        let exit = try Self.expectEntry(found)
        try Self.expectExit(try why(exit), entry, exit)
        // Markouts follow for minutes; they are the one thing that goes on.
        bench.end(engine, SIGINT)

        let events = found["events"]?.array ?? []
        let order = try #require(events.first { $0["event"] == "order_lifecycle" })
        let ids = [order["signal"], order["intent_id"], order["client_order_id"]].compactMap { $0?.string }
        #expect(ids.count == 3)
        let whole = try why(entry)
        for id in ids + [entry] {
            let journal = try why(id, ["--journal", bench.path("run/journal")])
            for key in ["caused_by", "events", "exits", "trades"] {
                #expect(try why(id)[key] == whole[key], "\(id): \(key)")
                #expect(journal[key] == whole[key], "\(id) from the journal: \(key)")
            }
        }
        let left = try #require(whole["exits"]?[0]?["events"]?.array)
        let leftOrder = try #require(left.first { $0["event"] == "order_lifecycle" })
        for id in [exit, leftOrder["intent_id"]?.string ?? "", leftOrder["client_order_id"]?.string ?? ""] {
            try Self.expectExit(try why(id), entry, exit)
            try Self.expectExit(try why(id, ["--journal", bench.path("run/journal")]), entry, exit)
        }
        try Self.expectScreens(bench, place, entry, exit)
    }

    /// Goal: a position that another signal closes is told from both ends, also where the entry is from before the
    /// newest snapshot. Method: an entry with levels far away, a snapshot, and a flatten of a strategy's; both asked of
    /// the history and of the journal alone.
    @Test func anEntryAndWhatClosedIt() throws {
        let bench = try CommandProcess()
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        try bench.configure(
            "runtime",
            [
                ("\"speed\": 1", "\"speed\": 20"), ("\"snapshot_records\": 1000000", "\"snapshot_records\": 1000"),
                ("\"snapshots_kept\": 3", "\"snapshots_kept\": 1000"),
            ]
        )
        let place = ["--home", bench.path("run"), "--config", bench.path("config")]
        let engine = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("run")["is_reconciled"]?.bool == true })
        let entry = try #require(try Self.enter(bench, place, distance: 0.04))
        #expect(try bench.waitUntil { try bench.status("run")["open_positions"]?.integer == 1 })
        #expect(try bench.waitUntil { try bench.status("run")["live_orders"]?.integer == 0 })
        func snapshots() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: bench.path("run/journal"))
                .count { $0.hasPrefix("snapshot-") && $0.hasSuffix(".state") }
        }
        let before = try snapshots()
        #expect(try bench.waitUntil { try snapshots() > before + 1 })
        let line =
            #"{"schema":"fairlead.signal.v1","signal_id":"out","symbol":"BTCUSDT","side":"SELL","#
            + #""intent":"flatten","order_type":"market"}"# + "\n"
        #expect(try bench.waitUntil { try bench.run(words: ["signal", "send", "-"] + place, input: line).status == 0 })
        #expect(try bench.waitUntil { try bench.status("run")["open_positions"]?.integer == 0 })
        bench.end(engine, SIGINT)
        for words in [place, ["--journal", bench.path("run/journal")]] {
            for id in [entry, "out"] {
                let told = try bench.run(words: ["why", id, "--json"] + words)
                #expect(told.status == 0, "\(id): \(told.errors)")
                let found = try bench.json(told.output)
                #expect(found["caused_by"] == .null)
                #expect(found["exits"] == .array([]), "\(id)")
                #expect(found["trades"]?.array?.count == 1, "\(id), \(words)")
                let trade = found["trades"]?[0]
                #expect(trade?["entered_by"]?.array?.map { $0["signal_id"] } == [.string(entry)], "\(id), \(words)")
                #expect(trade?["closed_by"]?.array?.map { $0["signal_id"] } == ["out"], "\(id), \(words)")
                #expect(trade?["pnl"]?.string != nil)
            }
        }
    }

    /// Buys with both levels so near, a ratio; gives its id. A market that stands still, or is not there yet, is
    /// waited for.
    private static func enter(
        _ bench: CommandProcess,
        _ place: [String],
        distance: Double = 0.0002
    ) throws -> String? {
        var entry: String?
        _ = try bench.waitUntil {
            let market = try bench.status("run")["market"]?.array ?? []
            let row = market.first { $0["symbol"] == "BTCUSDT" }
            guard let bid = row?["bid"]?.string.flatMap({ Double($0) }), bid > 0 else { return false }
            let id = "why-\(UUID().uuidString.prefix(8))"
            let line =
                #"{"schema":"fairlead.signal.v1","signal_id":"\#(id)","symbol":"BTCUSDT","side":"BUY","#
                + #""size":{"notional":"300"},"execution":{"style":"taker"},"#
                + #""take_profit":"\#(Int(bid * (1 + distance)))","stop_loss":"\#(Int(bid * (1 - distance)))"}"# + "\n"
            let sent = try bench.run(words: ["signal", "send", "-"] + place, input: line)
            if sent.status == 0 { entry = id }
            return entry != nil
        }
        return entry
    }

    private static let stages = [
        "sizing", "risk_row", "risk_decision", "signal_acknowledged", "route_decision", "order_lifecycle",
        "execution_fill", "parent_closed",
    ]

    private static func expectStages(_ events: [JSONValue], _ stages: [String]) {
        let kinds = events.compactMap { $0["event"]?.string }
        var place = kinds.startIndex
        for stage in stages {
            guard let next = kinds[place...].firstIndex(of: stage) else {
                Issue.record("no \(stage) in \(kinds)")
                return
            }
            place = next
        }
    }

    /// Looks at an entry's whole chain; gives the number of the exit that filled.
    private static func expectEntry(_ found: JSONValue) throws -> String {
        #expect(found["caused_by"] == .null)
        expectStages(found["events"]?.array ?? [], ["signal_received"] + stages)
        let exits = found["exits"]?.array ?? []
        let exit = try #require(exits.last { $0["average_price"]?.isNull == false })
        expectStages(exit["events"]?.array ?? [], stages)
        #expect(exit["level"]?["change"] == "fired")
        #expect(exit["level"]?["trigger_price"]?.string != nil)
        #expect(exit["realized_pnl"]?.string != nil)
        let fills = (exit["events"]?.array ?? []).filter { $0["event"] == "execution_fill" }
        #expect(!fills.isEmpty)
        let number = try #require(exit["signal"]?.string)
        #expect(fills.allSatisfy { $0["signal"]?.string == number })
        let trade = try #require(found["trades"]?.array?.last)
        #expect(trade["entered_by"]?[0]?["signal_id"] == found["id"])
        #expect(trade["closed_by"]?.array?.last?["signal"]?.string == number)
        #expect(trade["pnl"]?.string != nil)
        return number
    }

    private static func expectExit(_ found: JSONValue, _ entry: String, _ number: String) throws {
        #expect(found["caused_by"]?["signal_id"]?.string == entry)
        #expect(found["caused_by"]?["level"]?["change"] == "fired")
        expectStages(found["events"]?.array ?? [], stages)
        #expect(found["events"]?.array?.allSatisfy { $0["signal"]?.string == number } == true)
        #expect(found["exits"] == .array([]))
        #expect(found["trades"]?.array?.last?["entered_by"]?[0]?["signal_id"]?.string == entry)
    }

    /// What a person reads names the other end, with the command that shows it: which works.
    private static func expectScreens(
        _ bench: CommandProcess,
        _ place: [String],
        _ entry: String,
        _ exit: String
    ) throws {
        let told = try bench.run(words: ["why", exit] + place).output
        let first = try #require(told.split(separator: "\n").dropFirst().first)
        #expect(first.hasPrefix("exit of  \(entry): its "), "\(first)")
        #expect(first.contains(", reached at "))
        #expect(first.contains("why \(entry) --config "), "\(first)")
        let whole = try bench.run(words: ["why", entry] + place).output
        let lines = whole.split(separator: "\n")
        let head = try #require(lines.first { $0.hasPrefix("exit  ") && $0.contains(exit) })
        #expect(head.contains(", realised ") && head.contains(", reached at "), "\(head)")
        let trade = try #require(lines.first { $0.contains("  trade  ") })
        #expect(trade.contains("BTCUSDT BUY") && trade.contains(": pnl "), "\(trade)")
        #expect(lines.contains { $0.contains("entered by  \(entry)  ") })
        #expect(lines.contains { $0.contains("closed by   \(exit)  ") })
        let command = try #require(head.components(separatedBy: "-> ").last)
        let again = try bench.run(words: command.split(separator: " ").dropFirst().map(String.init))
        #expect(again.status == 0)
        #expect(again.output == told)
    }
}
