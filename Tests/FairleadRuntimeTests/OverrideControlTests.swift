import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import Foundation
import Glibc
import Testing

/// Overrides and switches of strategies, asked for as the command line asks.
@Suite(.serialized)
struct OverrideControlTests {
    private static let quiet = ConfigurationOverride(path: "screener.enabled", value: "false")

    private func request(
        _ limit: OverridableLimit,
        _ value: Int64,
        until: OverrideEnd = .after(.hours(2)),
        symbol: String? = nil,
        strategy: String? = nil
    ) -> OverrideRequest {
        OverrideRequest(limit, value: value, until: until, reason: "größer", symbol: symbol, strategy: strategy)
    }

    private func error(_ live: LiveFixture, _ command: ControlCommand) throws -> JSONValue? {
        try live.ask(String(decoding: ControlRequest(command).line, as: UTF8.self))["error"]
    }

    /// Goal: a dry run tells what would be and changes nothing; an override that is set is told by list and status with
    /// its author, outlives a restart of the process, and is gone once it is removed. Method: a live engine, looser and
    /// tighter, stopped and started.
    @Test func anOverrideIsSetListedKeptAndRemoved() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        let configured = try live.files.resolve(environment: [:]).engine.risk.maximumOrderNotional
        let limit = try #require(configured).raw8
        let looser = limit + FixedPoint.one
        let trial = try live.ask(.overrideLimit(request(.orderNotional, looser), isTrial: true))
        #expect(trial["effect"]?.string == "loosens")
        #expect(trial["configured"]?.string == OverridableLimit.orderNotional.unit.text(limit))
        #expect(trial["value"]?.string == OverridableLimit.orderNotional.unit.text(looser))
        #expect(trial["meaning"]?.string == "no entry larger than this")
        #expect(try live.ask(.overrides)["overrides"] == [])
        let same = try live.ask(.overrideLimit(request(.orderNotional, limit), isTrial: true))
        #expect(same["effect"]?.string == "keeps")
        let tighter = request(.orderNotional, limit - 1, symbol: "BTCUSDT", strategy: "screener")
        let set = try live.ask(.overrideLimit(tighter, isTrial: false))
        let row = try #require(set["overrides"]?.array?.first)
        #expect(row["effect"]?.string == "tightens")
        #expect(row["reason"]?.string == "größer")
        #expect(row["author_uid"]?.integer == Int64(getuid()))
        #expect(row["symbol"]?.string == "BTCUSDT")
        #expect(row["strategy"]?.string == "screener")
        _ = try live.ask(.disableStrategy("screener"))
        let status = try live.ask(.status)
        #expect(status["overrides"] == set["overrides"])
        #expect(status["disabled_strategies"] == ["screener"])
        let attention = (status["attention"]?.array ?? []).compactMap { $0["what"]?.string }
        #expect(attention.contains { $0.hasPrefix("max_order_notional of BTCUSDT, screener is ") })
        #expect(attention.contains { $0.hasPrefix("no entry of strategy screener") })
        live.stop()
        try live.start(overrides: [Self.quiet])
        #expect(try live.ask(.overrides)["overrides"] == set["overrides"])
        #expect(try live.ask(.overrides)["disabled_strategies"] == ["screener"])
        let enabled = try live.ask(.enableStrategy("screener"))
        #expect(enabled["disabled_strategies"] == [])
        let elsewhere = try error(live, .removeOverride(.orderNotional, symbol: nil, strategy: nil))
        #expect(elsewhere?["reason"]?.string == "no_override")
        let removal = ControlCommand.removeOverride(.orderNotional, symbol: "BTCUSDT", strategy: "screener")
        #expect(try live.ask(removal)["overrides"] == [])
    }

    /// Goal: a symbol that a person has disabled, or that has latched, is told by status and health with what to type,
    /// and no longer once it is enabled. Method: one side, then both; two equal fills in a row where two latch.
    @Test func heldSymbolsAreTold() throws {
        let settings = ["repeated_execution.count": "2", "pyramiding": "true", "duplicate_order_window_s": "0"]
        let latching = settings.map { ConfigurationOverride(path: $0.key, value: $0.value) }
        let live = try LiveFixture(overrides: [Self.quiet] + latching)
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        func attention() throws -> [String] {
            (try live.ask(.status)["attention"]?.array ?? []).map {
                "\($0["what"]?.string ?? "")  -> \($0["next"]?.string ?? "")"
            }
        }
        func health() throws -> JSONValue? {
            try live.ask(.health)["components"]?.array?.first { $0["name"]?.string == "symbols" }
        }
        #expect(try live.ask(.status)["held_symbols"] == [])
        _ = try live.ask(.disableSymbol("SOLUSDT", side: .sell))
        let sells = "no sell of SOLUSDT: a person has disabled its sells  -> fairlead risk enable SOLUSDT"
        #expect(try attention().contains(sells))
        _ = try live.ask(.disableSymbol("SOLUSDT", side: nil))
        let both = "no entry of SOLUSDT: a person has disabled it  -> fairlead risk enable SOLUSDT"
        #expect(try attention().contains(both))
        #expect(try health()?["is_healthy"]?.bool == true)
        #expect(try health()?["reason"]?.string == "no entry of SOLUSDT: a person has disabled it")
        for number in 1...2 {
            let signal: JSONValue = [
                "schema": "fairlead.signal.v1", "signal_id": .string("again-\(number)"), "symbol": "BTCUSDT",
                "side": "BUY", "size": ["quantity": "0.002"], "order_type": "market",
                "execution": ["style": "taker"],
            ]
            _ = try live.ask(.signal(JSONWriter.bytes(of: signal)))
            let isFilled = try live.waitUntil {
                try live.ask(.status)["counters"]?["fills"]?.integer ?? 0 >= Int64(number)
            }
            #expect(isFilled)
        }
        let latched = "no entry of BTCUSDT: latched by repeated_execution  -> fairlead risk enable BTCUSDT"
        #expect(try live.waitUntil { try attention().contains(latched) })
        #expect(try health()?["is_healthy"]?.bool == false)
        let row = try live.ask(.status)["held_symbols"]?.array?.first
        #expect(row?["symbol"]?.string == "BTCUSDT")
        #expect(row?["latches"] == ["repeated_execution"])
        _ = try live.ask(.enableSymbol("BTCUSDT"))
        _ = try live.ask(.enableSymbol("SOLUSDT"))
        #expect(try live.ask(.status)["held_symbols"] == [])
        #expect(try health()?["reason"]?.string == "none is latched or disabled")
    }

    /// Goal: what the engine or the host refuses comes back by code, reason and field, and nothing is set. Method: one
    /// request for each.
    @Test func refusalsAreTold() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        let one = FixedPoint.one
        let day = request(.orderNotional, one, until: .after(.seconds(86_401)))
        let refused: [(ControlCommand, String, String)] = [
            (.overrideLimit(day, isTrial: true), "refused", "until_out_of_range"),
            (.overrideLimit(day, isTrial: false), "refused", "until_out_of_range"),
            (
                .overrideLimit(request(.rejects, 3, strategy: "screener"), isTrial: false), "refused",
                "scope_not_possible"
            ),
            (.overrideLimit(request(.rejects, 3, symbol: "NOPE"), isTrial: false), "unknown_symbol", ""),
            (.overrideLimit(request(.dayLoss, one, strategy: "nope"), isTrial: true), "unknown_strategy", ""),
            (.removeOverride(.rejects, symbol: nil, strategy: nil), "refused", "no_override"),
            (.disableStrategy("nope"), "unknown_strategy", ""), (.enableStrategy("nope"), "unknown_strategy", ""),
        ]
        for (command, code, reason) in refused {
            let error = try error(live, command)
            #expect(error?["code"]?.string == code, "\(command)")
            #expect(error?["reason"]?.string ?? "" == reason, "\(command)")
        }
        let message = try error(live, .overrideLimit(day, isTrial: true))?["message"]?.string ?? ""
        #expect(message.contains("override_max_hours"))
        #expect(message.contains("1d"))
        #expect(try live.ask(.overrides)["overrides"] == [])
    }

    /// Goal: a reload keeps overrides and says so; the limit itself changes beneath. Method: the file changed under an
    /// override of the same key.
    @Test func aReloadTellsWhatStands() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        let value = 1_234 * FixedPoint.one
        let set = try live.ask(.overrideLimit(request(.orderNotional, value), isTrial: false))
        let end = try #require(set["overrides"]?.array?.first?["until"]?.string)
        let path = live.files.path(of: .risk)
        let before = try String(contentsOfFile: path, encoding: .utf8)
        let line = try #require(before.split(separator: "\n").first { $0.contains("\"max_order_notional\"") })
        let text = before.replacingOccurrences(of: line, with: "  \"max_order_notional\": 321,")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let reload = try live.ask(.reload)
        let warnings = (reload["warnings"]?.array ?? []).compactMap(\.string)
        #expect(warnings.contains { $0.contains("max_order_notional") && $0.contains("1234") && $0.contains(end) })
        let row = try live.ask(.overrides)["overrides"]?.array?.first
        #expect(row?["value"]?.string == "1234")
        #expect(row?["configured"]?.string == "321")
        #expect(row?["until"]?.string == end)
    }

    /// Goal: ends are read as they are written, exactly, and nothing else is. Method: texts both ways.
    @Test func endsAreRead() throws {
        let spans: [(String, Int64)] = [
            ("90s", 90), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("1h30m", 5_400), ("1d1h1m1s", 90_061),
            ("90m", 5_400),
        ]
        for (text, seconds) in spans { #expect(try OverrideEnd(text: text) == .after(.seconds(seconds))) }
        #expect(OverrideEnd.after(.seconds(5_400)).text == "1h30m")
        let moment = Timestamp(milliseconds: 1_800_000_000_000)
        #expect(try OverrideEnd(text: moment.text()) == .at(moment))
        #expect(OverrideEnd.after(.seconds(60)).moment(from: moment) == moment + .minutes(1))
        for text in ["", "1", "m", "1m1h", "1 h", "+1h", "1.5h", "0h"] {
            #expect(throws: ControlError.self) { _ = try OverrideEnd(text: text) }
        }
    }
}
