import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import FairleadTransport
import Foundation
import Testing

/// A whole engine with its socket, in real time, on the demonstration's configuration.
@Suite(.serialized)
struct LiveRunTests {
    private static func signal(_ id: String, _ symbol: String, _ notional: Int, intent: String = "entry") -> String {
        """
        {"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"\(id)","strategy":"hand",\
        "symbol":"\(symbol)","side":"BUY","intent":"\(intent)","size":{"notional":"\(notional)"},\
        "execution":{"style":"taker"}}}
        """
    }

    /// Goal: a person's whole control of a run, each step with the state that follows from it.
    /// Method: start, send signals, halt, resume, flatten, stop and start again, and look by the socket between them.
    @Test func aPersonIsInControl() throws {
        let live = try LiveFixture(overrides: [ConfigurationOverride(path: "screener.enabled", value: "false")])
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })

        let accepted = try live.ask(Self.signal("a-1", "BTCUSDT", 500))
        #expect(accepted["result"]?["disposition"]?.string == "accepted")
        let again = try live.ask(Self.signal("a-1", "BTCUSDT", 500))
        #expect(again["result"]?["disposition"]?.string == "duplicate")
        let vetoed = try live.ask(Self.signal("a-2", "ETHUSDT", 50_000))
        #expect(vetoed["result"]?["disposition"]?.string == "vetoed")
        #expect(vetoed["result"]?["reasons"]?.array?.contains("max_order_notional") == true)
        let invalid = try live.ask(Self.signal("a-3", "NOPE", 500))
        #expect(invalid["error"]?["code"]?.string == "invalid_signal")
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.count == 1 })
        #expect(try live.ask(.fills(limit: 10))["fills"]?.array?.isEmpty == false)

        let halted = try live.ask(.halt(isFrozen: false))
        #expect(halted["trading_state"]?.string == "halted")
        #expect(halted["sends_since_engage"]?.integer == 0)
        let refused = try live.ask(Self.signal("a-4", "SOLUSDT", 500))
        #expect(refused["result"]?["reasons"]?.array?.contains("kill_switch") == true)
        #expect(try live.ask(.status)["engaged"]?.array == ["halt"])
        #expect(try live.ask(.resume)["trading_state"]?.string == "active")

        let before = try live.ask(.positions)["positions"]?[0]?["quantity"]
        live.stop()
        try live.start(overrides: [ConfigurationOverride(path: "screener.enabled", value: "false")])
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        #expect(try live.ask(.status)["epoch"]?.integer == 2)
        #expect(try live.ask(.positions)["positions"]?[0]?["quantity"] == before)
        #expect(try live.ask(Self.signal("a-1", "BTCUSDT", 500))["result"]?["disposition"]?.string == "duplicate")

        _ = try live.ask(.flatten(symbol: nil))
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.isEmpty == true })
        #expect(try live.ask(.reconcile)["divergences"]?.integer == 0)
        let started = Date()
        #expect(live.stop().contains("no order was working"))
        #expect(Date().timeIntervalSince(started) < 5)
    }

    /// Goal: the kill switch survives a restart, and resuming needs a confirmation.
    /// Method: kill, stop, start, look; resume without and with the word.
    @Test func aKillSurvivesARestart() throws {
        let live = try LiveFixture()
        #expect(try live.ask(.kill)["trading_state"]?.string == "killed")
        live.stop()
        try live.start()
        #expect(try live.ask(.status)["trading_state"]?.string == "killed")
        #expect(try live.ask(#"{"command":"resume"}"#)["error"]?["code"]?.string == "not_confirmed")
        #expect(try live.ask(.status)["trading_state"]?.string == "killed")
        #expect(try live.ask(.resume)["trading_state"]?.string != "killed")
    }

    /// Goal: a reload is all or nothing.
    /// Method: write a file with a fault, a change that needs a restart, and one that doesn't, and reload after each.
    @Test func aReloadIsAllOrNothing() throws {
        let live = try LiveFixture()
        let path = live.files.path(of: .risk)
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        func write(_ changed: String) throws { try Data(changed.utf8).write(to: URL(fileURLWithPath: path)) }

        try write(text.replacingOccurrences(of: "\"price_collar_bps\": 100", with: "\"price_collar_bps\": -1"))
        #expect(try live.ask(#"{"command":"reload"}"#)["error"]?["code"]?.string == "invalid_configuration")
        try write(text.replacingOccurrences(of: "\"price_collar_bps\": 100", with: "\"price_collar_bps\": 50"))
        let changes = try live.ask(.reload)["changes"]?.array
        #expect(changes == ["risk_limits.json: price_collar_bps: 100 -> 50"])
        #expect(try live.ask(.reload)["changes"]?.array == [])
    }

    /// Goal: signals of a file are followed as it grows.
    /// Method: start on a file with one signal, append another, and count what the engine received.
    @Test func aFileOfSignalsIsFollowed() throws {
        let live = try LiveFixture(overrides: [ConfigurationOverride(path: "screener.enabled", value: "false")])
        live.stop()
        let path = live.directory.path + "/signals.jsonl"
        func line(_ id: String) -> Data {
            let text =
                #"{"schema":"fairlead.signal.v1","signal_id":"\#(id)","symbol":"BTCUSDT","side":"BUY","#
                + #""size":{"notional":"1"}}"#
            return Data((text + "\n").utf8)
        }
        try line("f-1").write(to: URL(fileURLWithPath: path))
        try live.start(
            overrides: [ConfigurationOverride(path: "screener.enabled", value: "false")],
            signals: path
        )
        #expect(try live.waitUntil { try live.ask(.status)["counters"]?["signals"]?.integer == 1 })
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: line("f-2") + Data("no signal\n".utf8))
        #expect(try live.waitUntil { try live.ask(.status)["counters"]?["signals"]?.integer == 3 })
        #expect(try live.ask(.status)["counters"]?["invalid"]?.integer == 1)
    }

    /// Goal: a follower that doesn't read changes nothing, and one that reads is told of everything.
    /// Method: attach a follower that never reads, then one that does, send a signal, and read its acknowledgement.
    @Test func followersDoNoHarm() throws {
        let live = try LiveFixture()
        let stuck = try ControlClient(path: live.paths.controlSocket)
        try stuck.send(ControlRequest(.notices).line)
        let reader = try ControlClient(path: live.paths.controlSocket)
        _ = try reader.request(ControlRequest(.notices).line)
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        #expect(try live.ask(Self.signal("n-1", "BTCUSDT", 50_000))["result"]?["disposition"]?.string == "vetoed")
        var found = false
        while !found, let line = try reader.receive() {
            let notice = try JSONParser.parse(line)["notice"]
            found = notice?["event"]?.string == "signal_acknowledged" && notice?["signal_id"]?.string == "n-1"
        }
        #expect(found)
    }

    /// Goal: status says what is wrong and what to type, and is healthy only where every part is.
    /// Method: a sound engine, then halted, then with a log that can't be written; entries go on in between.
    @Test func statusTellsWhatToDo() throws {
        let live = try LiveFixture(overrides: [ConfigurationOverride(path: "screener.enabled", value: "false")])
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        #expect(try live.ask(.status)["attention"]?.array == [])
        #expect(try live.ask(.status)["currency"]?.string == "USDT")
        #expect(try live.ask(.status)["risk_mode"]?.string == "normal")
        #expect(try live.ask(.status)["dd_state"]?.string == "normal")
        #expect(try live.ask(.status)["market"]?.array?.allSatisfy { $0["is_halted"]?.bool == false } == true)
        #expect(try live.ask(.halt(isFrozen: false))["trading_state"]?.string == "halted")
        let halted = try live.ask(.status)["attention"]?.array ?? []
        #expect(halted.first?["what"]?.string == "halted (operator): no new exposure, exits go out")
        #expect(halted.first?["next"]?.string == "fairlead resume")
        #expect(try live.ask(.resume)["trading_state"]?.string == "active")

        // In one step: what is published goes on being written there.
        try FileManager.default.moveItem(atPath: live.paths.logs, toPath: live.paths.logs + "-before")
        try Data().write(to: URL(fileURLWithPath: live.paths.logs))
        let signal = Self.signal("w-1", "BTCUSDT", 500)
        #expect(try live.ask(signal)["result"]?["disposition"]?.string == "accepted")
        #expect(try live.waitUntil { (try live.ask(.status)["losses"]?["log_lines"]?.integer ?? 0) > 0 })
        let status = try live.ask(.status)
        #expect(status["is_healthy"]?.bool == false)
        #expect(status["attention"]?.array?.contains { $0["next"]?.string == "fairlead doctor" } == true)
        let parts = try live.ask(.health)["components"]?.array ?? []
        #expect(parts.first { $0["name"]?.string == "log" }?["is_healthy"]?.bool == false)
        #expect(try live.ask(Self.signal("w-2", "ETHUSDT", 500))["result"]?["disposition"]?.string == "accepted")
    }

    /// Goal: a NAV that jumped stands in `status` with what to type, and a person's word makes it NAV and peak.
    /// Method: a bound of a cent and a venue that pays for fills; a confirmation without the word, and with it.
    @Test func aNavThatJumpedIsConfirmed() throws {
        let live = try LiveFixture()
        live.stop()
        let path = live.files.path(of: .runtime)
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "\"taker_fee_bps\": 5", with: "\"taker_fee_bps\": -100")
        #expect(text.contains("-100"))
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: live.paths.home)
        try live.start(
            overrides: [
                ConfigurationOverride(path: "screener.enabled", value: "false"),
                ConfigurationOverride(path: "nav_anomalies.max_gap_abs_usd", value: "0.01"),
            ]
        )
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        let early = try live.ask(#"{"command":"confirm_nav","confirm":true}"#)
        #expect(early["error"]?["code"]?.string == "refused")
        #expect(early["error"]?["reason"]?.string == "no_nav_jump")
        for symbol in ["BTCUSDT", "ETHUSDT", "SOLUSDT"] { _ = try live.ask(Self.signal("j-\(symbol)", symbol, 900)) }
        var status: JSONValue = .null
        let hasJumped = try live.waitUntil {
            status = try live.ask(.status)
            return status["nav_jump"]?.string != nil
        }
        #expect(hasJumped)
        let line = status["attention"]?.array?.first { $0["next"]?.string == "fairlead risk confirm-nav" }
        #expect(line?["what"]?.string?.hasPrefix("nav_jump: NAV reads ") == true)
        #expect(try live.ask(#"{"command":"confirm_nav"}"#)["error"]?["code"]?.string == "not_confirmed")
        let confirmed = try live.waitUntil {
            let answer = try live.ask(#"{"command":"confirm_nav","confirm":true}"#)["result"] ?? .null
            guard answer["nav_jump"] == .null else { return false }
            return answer["nav"] == answer["peak_nav"] && answer["nav"]?.string != nil
        }
        #expect(confirmed)
    }

    /// Goal: `on_stop` is what the last reload said, and entries that work are cancelled by it.
    /// Method: reload it, let an entry rest far from the market, stop, and look at the sentence and at the next start.
    @Test func stoppingDoesWhatTheReloadSaid() throws {
        let overrides = [ConfigurationOverride(path: "screener.enabled", value: "false")]
        let live = try LiveFixture(overrides: overrides)
        let strategy = live.files.path(of: .strategy)
        let runtime = live.files.path(of: .runtime)
        func replace(_ path: String, _ old: String, _ new: String) throws {
            var text = try String(contentsOfFile: path, encoding: .utf8)
            let section = try #require(text.range(of: path == strategy ? "\"screener\"" : "{"))
            let place = try #require(text.range(of: old, range: section.lowerBound..<text.endIndex))
            text.replaceSubrange(place, with: new)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        // The files say what the override said, so that the reload changes on_stop alone.
        try replace(strategy, "\"screener\": {\n    \"enabled\": true", "\"screener\": {\n    \"enabled\": false")
        try replace(runtime, "\"on_stop\": \"leave\"", "\"on_stop\": \"cancel_entries\"")
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        #expect(try live.ask(.reload)["changes"]?.array == ["runtime.json: on_stop: leave -> cancel_entries"])
        let market = try live.ask(.status)["market"]?.array?.first { $0["symbol"]?.string == "BTCUSDT" }
        let bid = try #require(market?["bid"]?.string.flatMap(Double.init))
        let signal =
            #"{"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"o-1","symbol":"BTCUSDT","#
            + #""side":"BUY","size":{"notional":"500"},"order_type":"limit","limit_price":"\#(Int(bid * 0.993))"}}"#
        let answer = try live.ask(signal)
        #expect(answer["result"]?["disposition"]?.string == "accepted", "\(answer)")
        #expect(
            try live.waitUntil {
                try live.ask(.orders)["orders"]?.array?.contains { $0["state"]?.string == "working" } == true
            }
        )
        #expect(live.stop() == "entries are cancelled (on_stop: cancel_entries)")
        try live.start(overrides: overrides)
        #expect(try live.ask(.orders)["orders"]?.array == [])
    }

    /// Goal: lines of what another run of the journal began tell a signal by its sender's id.
    /// Method: let an entry rest far from the market, start again, cancel it, and look at the line.
    @Test func namesSurviveARestart() throws {
        let overrides = [ConfigurationOverride(path: "screener.enabled", value: "false")]
        let live = try LiveFixture(overrides: overrides)
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        let market = try live.ask(.status)["market"]?.array?.first { $0["symbol"]?.string == "BTCUSDT" }
        let bid = try #require(market?["bid"]?.string.flatMap(Double.init))
        let signal =
            #"{"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"r-1","symbol":"BTCUSDT","#
            + #""side":"BUY","size":{"notional":"500"},"order_type":"limit","limit_price":"\#(Int(bid * 0.993))"}}"#
        #expect(try live.ask(signal)["result"]?["disposition"]?.string == "accepted")
        #expect(try live.waitUntil { try live.ask(.orders)["orders"]?[0]?["state"]?.string == "working" })
        live.stop()
        try live.start(overrides: overrides)
        let run = try #require(live.run?.runID)
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        _ = try live.ask(.cancelAll(includesProtective: false))
        var line = ""
        let isTold = try live.waitUntil(seconds: 20) {
            let log = try String(contentsOfFile: live.paths.logs + "/fairlead.log", encoding: .utf8)
            let lines = log.split(separator: "\n").filter { $0.contains(run) && $0.contains(#""event":"cancelled""#) }
            line = lines.first.map { String($0) } ?? ""
            return !lines.isEmpty
        }
        #expect(isTold && line.contains(#""signal_id":"r-1""#), "\(line)")
    }

    /// Goal: positions show what stands behind them.
    /// Method: enter with a stop and a target, wait for the fill, and look at the row.
    @Test func positionsShowTheirProtection() throws {
        let live = try LiveFixture(overrides: [ConfigurationOverride(path: "screener.enabled", value: "false")])
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        let signal =
            #"{"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"p-1","symbol":"BTCUSDT","#
            + #""side":"BUY","size":{"notional":"500"},"execution":{"style":"taker"},"#
            + #""take_profit":"90000","stop_loss":"30000"}}"#
        let answer = try live.ask(signal)
        #expect(answer["result"]?["disposition"]?.string == "accepted", "\(answer)")
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.isEmpty == false })
        let row = try #require(try live.ask(.positions)["positions"]?.array?.first)
        #expect(row["stop_loss"]?.string == "30000" && row["take_profit"]?.string == "90000")
        #expect(row["pnl_at_stop_loss"]?.string?.hasPrefix("-") == true)
    }
}
