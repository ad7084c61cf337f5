import FairleadModel
import Foundation
import Testing

/// What a person orders and does not get, as the command line tells it.
@Suite(.serialized)
struct RefusalProcessTests {
    /// Goal: a script hears of keys that do nothing yet. Method: `config validate --json` with one, and without.
    @Test func validationTellsWarnings() throws {
        let bench = try CommandProcess()
        let sound = try bench.json(
            try bench.run("config", "validate", "--config", bench.path("config"), "--json").output
        )
        #expect(sound["warnings"] == [])
        try bench.configure(
            "strategy_config",
            [("\"$schema\"", "\"signals\": {\"webhook_mapping\": {}}, \"$schema\"")]
        )
        let found = try bench.run("config", "validate", "--config", bench.path("config"), "--json")
        #expect(found.status == 0)
        let warning = try bench.json(found.output)["warnings"]?[0]
        #expect(warning?["document"]?.string == "strategy_config.json")
        #expect(warning?["path"]?.string == "signals.webhook_mapping")
        #expect(warning?["reason"]?.string?.isEmpty == false)
    }

    /// Goal: an amendment, a cancel and a resolution that the engine refuses end with 4 and the reason's name, which
    /// `why`, the log and the counters have too.
    /// Method: an order at rest in a running engine; an amendment far off, a resolution of what is certain, a cancel,
    /// and the cancel again; then an id that nobody has.
    @Test func refusalsAreTold() throws {
        let bench = try CommandProcess()
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        let engine = try bench.start(["run", "--home", bench.path("a"), "--config", bench.path("config")])
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        let place = ["--home", bench.path("a"), "--config", bench.path("config")]
        func orders(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
            try bench.run(words: ["orders"] + words + place)
        }
        let isSent = try bench.waitUntil {
            let market = try bench.status("a")["market"]?.array?.first { $0["symbol"]?.string == "BTCUSDT" }
            guard let bid = market?["bid"]?.string.flatMap(Double.init) else { return false }
            let signal =
                #"{"schema":"fairlead.signal.v1","signal_id":"\#(UUID().uuidString)","symbol":"BTCUSDT","#
                + #""side":"BUY","size":{"notional":"300"},"order_type":"limit","maker_first":false,"#
                + #""limit_price":"\#(Int(bid * 0.993))"}"# + "\n"
            return try bench.run(words: ["signal", "send", "-"] + place, input: signal).status == 0
        }
        #expect(isSent)
        var found: JSONValue = .null
        let isResting = try bench.waitUntil {
            found = try bench.json(try orders("list", "--json").output)["orders"]?[0] ?? .null
            return found["state"]?.string == "working"
        }
        #expect(isResting)
        let id = try #require(found["client_order_id"]?.string)

        let far = try orders("amend", id, "--price", "1000000")
        #expect(far.status == 4)
        #expect(far.errors.contains("refused: price_collar: "), "\(far.errors)")
        #expect(far.output.isEmpty)
        let certain = try orders("resolve", id, "--as", "dead", "--yes")
        #expect(certain.status == 4)
        #expect(certain.errors.contains("refused: not_unknown: "), "\(certain.errors)")
        #expect(try orders("cancel", id).status == 0)
        let isGone = try bench.waitUntil { try bench.json(try orders("list", "--json").output)["orders"] == [] }
        #expect(isGone)
        let again = try orders("cancel", id)
        #expect(again.status == 4)
        #expect(again.errors.contains("refused: already_ended: "), "\(again.errors)")
        #expect(try orders("cancel", "fl-0001-000000ff-01-0000-00-000003").status == 65)

        let calm = try bench.run(words: ["risk", "confirm-nav", "--yes"] + place)
        #expect(calm.status == 4)
        #expect(calm.errors.contains("refused: no_nav_jump: "), "\(calm.errors)")

        #expect(try bench.status("a")["counters"]?["operator_refusals"]?.integer == 4)
        // The history that it answers from is written once a second.
        var why = ""
        _ = try bench.waitUntil {
            why = try bench.run(words: ["why", id] + place).output
            return why.contains("already_ended")
        }
        for reason in ["price_collar", "not_unknown", "already_ended"] {
            #expect(why.contains("reason=\(reason)"), "\(why)")
        }
        bench.end(engine, SIGINT)
        let log = try String(contentsOfFile: bench.path("a/logs/fairlead.log"), encoding: .utf8)
        #expect(log.contains(#""event":"refused""#))
        #expect(log.contains(#""reason":"price_collar""#))
    }

    /// Goal: a flatten that is held back says so and ends with 4; `why` begins with what was asked, `meta` included.
    /// Method: a position by a signal with levels and `meta`, `halt --frozen`, `flatten`, `resume`, `flatten` again;
    /// the replies name the program as it was called.
    @Test func heldClosesAreTold() throws {
        let bench = try CommandProcess()
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        let engine = try bench.start(["run", "--home", bench.path("a"), "--config", bench.path("config")])
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        let place = ["--home", bench.path("a"), "--config", bench.path("config")]
        func ask(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
            try bench.run(words: words + place)
        }
        var id = ""
        let isHeld = try bench.waitUntil {
            id = UUID().uuidString
            let signal =
                #"{"schema":"fairlead.signal.v1","signal_id":"\#(id)","symbol":"BTCUSDT","side":"BUY","#
                + #""size":{"notional":"300"},"execution":{"style":"taker"},"expires_at":"2100-01-01T00:00:00Z","#
                + #""take_profit":"900000","stop_loss":"1000.5","note":"n-1","meta":{"model":"m-17"}}"# + "\n"
            return try bench.run(words: ["signal", "send", "-"] + place, input: signal).status == 0
        }
        #expect(isHeld)
        #expect(
            try bench.waitUntil { try bench.json(try ask("positions", "--json").output)["positions"]?[0] != nil }
        )
        let asked = try #require(try bench.json(try ask("why", id, "--json").output)["events"]?[0])
        #expect(asked["event"]?.string == "signal_received")
        #expect(asked["size"] == ["notional": "300"])
        #expect(asked["order_type"]?.string == "market")
        #expect(asked["style"]?.string == "taker")
        #expect(asked["time_in_force"]?.string == "GTC")
        #expect(asked["expires_at"]?.string == "2100-01-01T00:00:00.000Z")
        #expect(asked["take_profit"] == [["price": "900000", "fraction": "1"]])
        #expect(asked["stop_loss"]?.string == "1000.5")
        #expect(asked["limit_price"] == .null)
        #expect(asked["meta"] == ["model": "m-17", "note": "n-1"])
        let shown = try ask("why", id).output
        for part in ["style=taker", "stop_loss=1000.5", #""price":"900000""#, #"meta={"model":"m-17","note":"n-1"}"#] {
            #expect(shown.contains(part), "\(shown)")
        }
        #expect(try ask("why", id, "--plain").output.contains("events.0.meta.model\tm-17"))

        #expect(try ask("halt", "--frozen").status == 0)
        let frozen = try ask("flatten", "--yes")
        #expect(frozen.status == 4)
        #expect(frozen.output.isEmpty, "\(frozen.output)")
        #expect(frozen.errors.contains("refused: BTCUSDT stays: kill_switch"), "\(frozen.errors)")
        let program = CommandProcess.executable.path
        #expect(frozen.errors.contains("\(program) resume"), "\(frozen.errors)")
        let told = try ask("flatten", "--yes", "--json")
        #expect(told.status == 4)
        let vetoed = try #require(try bench.json(told.output)["vetoed"]?[0])
        #expect(vetoed["reasons"] == ["kill_switch"])
        #expect(try ask("why", vetoed["signal"]?.string ?? "").output.contains("kill_switch"))

        #expect(try ask("resume", "--yes").status == 0)
        let cancelled = try ask("cancel-all")
        #expect(cancelled.output.contains("cancelling; \(program) orders"), "\(cancelled.output)")
        let closing = try ask("flatten", "--yes")
        #expect(closing.status == 0)
        #expect(closing.output.contains("closing; \(program) positions"), "\(closing.output)")
        #expect(try bench.waitUntil { try bench.json(try ask("positions", "--json").output)["positions"] == [] })
        bench.end(engine, SIGINT)
    }
}
