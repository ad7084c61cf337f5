import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import Foundation
import Testing

/// `fairlead backtest` and the readers of its journal, as processes.
@Suite(.serialized)
struct BacktestProcessTests {
    private static let start = Timestamp(milliseconds: 1_723_075_200_000)

    /// A recording of the synthetic market in the words of Binance's combined stream.
    private static func recording(_ lines: Int) throws -> String {
        let configuration = try ConfigurationDecoder.resolve(InitialDocuments.documents).get()
        let instruments = configuration.engine.instruments
        var market = try SyntheticMarket(
            configuration.runtime.market.synthetic,
            instruments: instruments,
            startingAt: start
        )
        var text = ""
        for number in 1...lines {
            let next = market.next()
            let time = next.time.nanoseconds
            let stamp = #""E":\#(time / 1_000_000),"T":\#(time / 1_000_000)"#
            if case .quoted(let quote) = next.event {
                let symbol = instruments[Int(quote.instrument.index)].symbol
                text += "\(time) {\"stream\":\"\(symbol.lowercased())@bookTicker\",\"data\":{\"e\":\"bookTicker\","
                text += "\"u\":\(number),\"s\":\"\(symbol)\",\"b\":\"\(quote.bid)\",\"B\":\"\(quote.bidQuantity)\","
                text += "\"a\":\"\(quote.ask)\",\"A\":\"\(quote.askQuantity)\",\(stamp)}}\n"
            }
        }
        return text
    }

    private static func signals(_ count: Int) -> String {
        (0..<count).map { number in
            let time = Timestamp(nanoseconds: start.nanoseconds + Int64(number + 1) * 3_000_000_000)
            let symbol = ["BTCUSDT", "ETHUSDT", "SOLUSDT"][number % 3]
            let style = number % 2 == 0 ? #","execution":{"style":"taker"}"# : ""
            return #"{"schema":"fairlead.signal.v1","signal_id":"t-\#(number)","ts":"\#(time.text(.milliseconds))","#
                + #""symbol":"\#(symbol)","side":"\#(number % 5 < 3 ? "BUY" : "SELL")","size":{"notional":"250"}"#
                + style + "}\n"
        }.joined()
    }

    static func bench() throws -> CommandProcess {
        let bench = try CommandProcess()
        try bench.configure("risk_limits", [("\"pyramiding\": false", "\"pyramiding\": true")])
        try Data(try recording(9_000).utf8).write(to: URL(fileURLWithPath: bench.path("tape")))
        try Data(signals(40).utf8).write(to: URL(fileURLWithPath: bench.path("signals")))
        return bench
    }

    static func words(_ bench: CommandProcess, _ out: String) -> [String] {
        [
            "backtest", "--config", bench.path("config"), "--data", bench.path("tape"), "--signals",
            bench.path("signals"), "--out", bench.path(out), "--json",
        ]
    }

    private static func summary(_ bench: CommandProcess, _ out: String) throws -> JSONValue {
        try bench.json(try String(contentsOfFile: bench.path("\(out)/summary.json"), encoding: .utf8))
    }

    /// Goal: a backtest's summary keeps its fields, its hashes are the same in every run and in a replay, killed or
    /// read from meanwhile or not, and all readers answer from its journal.
    /// Method: one run alone; one followed by a stopped and by a hasty `journal tail`; one killed and resumed; the
    /// hashes of all, of `journal replay`, and what `fills`, `orders` and `why` list.
    @Test func runsAreTheSame() throws {
        let bench = try Self.bench()
        let whole = try bench.start(Self.words(bench, "whole"))
        whole.waitUntilExit()
        #expect(whole.terminationStatus == 0)
        let summary = try Self.summary(bench, "whole")
        #expect(
            summary.object?.map(\.key) == [
                "environment", "currency", "signals", "acknowledgements", "vetoes", "invalid", "orders", "rejects",
                "fills", "maker_fills", "maker_share", "fill_ratio", "filled_parents", "maker_parents",
                "fallback_parents", "outcomes", "fallbacks", "route_reasons", "take_profit_exits", "stop_loss_exits",
                "notional", "slippage_bps", "fee_bps", "net_cost_bps", "fees", "funding", "realized_pnl", "result",
                "unrealized_pnl", "pnl", "starting_balance", "max_drawdown_ratio", "alarms", "divergences",
                "lost_notices", "strategies", "levels_and_flattens", "symbols", "execution", "markout_bps",
                "realized_spread_bps", "price_impact_bps", "markout_fills", "shortfall", "shortfall_bps",
                "market_events", "malformed_lines",
                "tapes", "depth", "signal_lines", "unused_signal_lines", "sequence", "end_ts", "commands",
                "configuration_hash", "inputs_hash", "journal_hash", "command_hash", "state_hash",
            ]
        )
        #expect(summary["fills"]?.integer ?? 0 > 5)

        let watched = try bench.start(Self.words(bench, "watched"))
        let journal = bench.path("watched/journal")
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: journal + "/lock") || !watched.isRunning })
        let tail = ["journal", "tail", "--follow", "--journal", journal]
        let stopped = try bench.start(tail)
        let reader = try bench.start(tail)
        kill(stopped.processIdentifier, SIGSTOP)
        watched.waitUntilExit()
        bench.end(reader, SIGKILL)
        bench.end(stopped, SIGKILL)

        let killed = try bench.start(Self.words(bench, "killed"))
        Thread.sleep(forTimeInterval: 0.7)
        bench.end(killed, SIGKILL)
        #expect(
            try bench.run(
                "backtest",
                "--config",
                bench.path("config"),
                "--data",
                bench.path("tape"),
                "--signals",
                bench.path("signals"),
                "--out",
                bench.path("killed"),
                "--resume"
            ).status == 0
        )
        let replay = try bench.json(try bench.run("journal", "replay", "--out", bench.path("whole"), "--json").output)
        for hash in ["journal_hash", "command_hash", "state_hash"] {
            let expected = summary[hash]
            #expect(expected?.string?.count == 64)
            #expect(try Self.summary(bench, "watched")[hash] == expected, "\(hash), watched")
            #expect(try Self.summary(bench, "killed")[hash] == expected, "\(hash), killed and resumed")
            #expect(replay[hash] == expected, "\(hash), replayed")
        }
        for file in ["summary.json", "report.html", "inputs.json"] {
            let bytes = FileManager.default.contents(atPath: bench.path("whole/\(file)"))
            #expect(bytes?.isEmpty == false)
            for other in ["watched", "killed"] {
                #expect(
                    FileManager.default.contents(atPath: bench.path("\(other)/\(file)")) == bytes,
                    "\(other) \(file)"
                )
            }
        }
        try expectReaders(bench, summary)
    }

    private func expectReaders(_ bench: CommandProcess, _ summary: JSONValue) throws {
        let out = bench.path("whole")
        try expectPlain(bench, out)
        try expectRecords(bench, out)
        let fills = try bench.json(try bench.run("fills", "--out", out, "--limit", "1000", "--json").output)
        #expect(fills["fills"]?.array?.count == summary["fills"]?.integer.map { Int($0) })
        #expect(fills["kept_since"] == .null)
        let orders = try bench.json(try bench.run("orders", "--all", "--out", out, "--json").output)
        #expect(orders["orders"]?.array?.count == summary["orders"]?.integer.map { Int($0) })
        #expect(orders["orders"]?.array?.allSatisfy { $0["time_in_force"]?.string?.isEmpty == false } == true)
        for found in [fills, orders] { #expect(found["environment"]?.string == "paper") }
        let slip = try bench.run("fills", "--symbol", "BTCUSD", "--out", out)
        #expect(slip.status == 65)
        #expect(slip.errors.contains("BTCUSD is not one of BTCUSDT, ETHUSDT, SOLUSDT; did you mean BTCUSDT?"))
        let intent = fills["fills"]?[0]?["intent_id"]?.string ?? ""
        for id in [intent, fills["fills"]?[0]?["signal_id"]?.string ?? ""] {
            let why = try bench.run("why", id, "--out", out, "--json")
            #expect(why.status == 0, "\(id): \(why.errors)")
            #expect(why.output.contains(#""event":"execution_fill""#))
        }
        #expect(try bench.run("why", "nobody", "--out", out).status == 65)
        #expect(try bench.run("positions", "--out", out, "--json").status == 0)
        #expect(try bench.run("fills", "--data", "x").status == 2)
        #expect(try bench.run("fills", "--out", bench.path("nowhere")).status == 69)
    }

    /// `--plain` of what is no table is a path, a tab and a value on every line.
    private func expectPlain(_ bench: CommandProcess, _ out: String) throws {
        let config = bench.path("config")
        let id = try bench.json(try bench.run("fills", "--out", out, "--json").output)["fills"]?[0]?["intent_id"]?
            .string
        for words in [
            ["why", id ?? "", "--out", out], ["journal", "verify", "--out", out], ["journal", "stat", "--out", out],
            ["journal", "replay", "--out", out], ["version"], ["config", "validate", "--config", config],
            ["doctor", "--config", config, "--home", bench.path("nowhere")],
        ] {
            let found = try bench.run(words: words + ["--plain"])
            let lines = found.output.split(separator: "\n")
            #expect(found.status == 0, "\(words): \(found.errors)")
            #expect(!lines.isEmpty && lines.allSatisfy { $0.count(where: { $0 == "\t" }) == 1 }, "\(words): \(lines)")
        }
    }

    /// Records have the names of docs/JOURNAL.md, ids are text, and PAPER stands on the screens.
    private func expectRecords(_ bench: CommandProcess, _ out: String) throws {
        let verified = try bench.json(try bench.run("journal", "verify", "--out", out, "--json").output)
        #expect(verified["journal"]?.string?.count == 32)
        #expect(verified["records"]?.array?.contains { $0["type"]?.string == "signal_terms" } == true)
        let stat = try bench.json(try bench.run("journal", "stat", "--out", out, "--json").output)
        #expect(stat["journal"] == verified["journal"])
        #expect(try bench.run("journal", "export", "--out", out).output.contains(#""record":"signal_terms""#))
        for words in [["verify"], ["stat"], ["replay"]] {
            #expect(try bench.run(words: ["journal"] + words + ["--out", out]).output.hasPrefix("PAPER  journal"))
        }
    }

    /// Goal: lines of a tape that can't be used are counted and told, with field, reason and place of the first.
    /// Method: two spoiled lines in a recording; the summary and stderr.
    @Test func malformedLinesAreTold() throws {
        let bench = try CommandProcess()
        var lines = try Self.recording(600).split(separator: "\n").map(String.init)
        lines[10] = lines[10].replacingOccurrences(of: #""b":""#, with: #""b":"x"#)
        lines.append("no line")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: bench.path("tape")))
        let words = ["backtest", "--config", bench.path("config"), "--data", bench.path("tape"), "--out"]
        let found = try bench.run(words: words + [bench.path("out"), "--json"])
        let summary = try bench.json(found.output)
        #expect(summary["malformed_lines"]?.integer == 2)
        let tape = summary["tapes"]?[0]
        #expect(tape?["lines"]?.lexeme == "\(lines.count)")
        #expect(tape?["first_malformed"]?["line"]?.integer == 11)
        #expect(tape?["first_malformed"]?["field"]?.string == "b")
        #expect(tape?["first_malformed"]?["reason"]?.string?.isEmpty == false)
        #expect(found.errors.contains("2 of \(lines.count) lines are malformed"))
        #expect(found.errors.contains("line 11, column"))
    }

    /// Goal: a tape that can't be played ends with 65 and a sentence, and leaves no directory behind.
    /// Method: a file that isn't there, one without an event, and a directory.
    @Test func unusableTapesLeaveNothing() throws {
        let bench = try CommandProcess()
        try Data("\n".utf8).write(to: URL(fileURLWithPath: bench.path("empty")))
        for (tape, said) in [
            ("nofile", "can't be opened: no such file"), ("empty", "no market event"), ("config", "it is a directory"),
        ] {
            let words = ["backtest", "--config", bench.path("config"), "--data", bench.path(tape)]
            let found = try bench.run(words: words + ["--out", bench.path("out")])
            #expect(found.status == 65, "\(tape)")
            #expect(found.errors.contains(bench.path(tape)) && found.errors.contains(said), "\(found.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.path("out")))
        }
    }

    /// Goal: a damaged journal ends with 6, is left by `--recover-from-venue` in `reducing`, and a mode that no
    /// adapter is there for ends with 78.
    /// Method: an engine's life, a byte of its journal changed with records behind it, and both starts.
    @Test func damageIsRefusedAndLeft() throws {
        let bench = try CommandProcess()
        let place = ["--home", bench.path("home"), "--config", bench.path("config")]
        let first = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("home")["is_reconciled"]?.bool == true })
        bench.end(first, SIGINT)
        #expect(first.terminationStatus == 0)
        let file = URL(fileURLWithPath: bench.path("home/journal/journal-00000000000000000001.segment"))
        let handle = try FileHandle(forUpdating: file)
        try handle.seek(toOffset: 60_000)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: 64))
        try handle.close()
        #expect(try bench.run("run", place[0], place[1], place[2], place[3]).status == 6)
        #expect(try bench.run("journal", "verify", place[0], place[1], place[2], place[3]).status == 6)
        let recovered = try bench.start(["run", "--recover-from-venue"] + place)
        #expect(try bench.waitUntil { try bench.status("home")["is_reconciled"]?.bool == true })
        let status = try bench.status("home")
        #expect(status["trading_state"]?.string == "reducing")
        #expect(status["epoch"]?.integer ?? 0 >= 256)
        let attention = status["attention"]?.array ?? []
        #expect(attention.first?["what"]?.string == "reducing (operator): no new exposure, exits go out")
        #expect(attention.first?["next"]?.string == "fairlead resume")
        let killed = try bench.run("kill", place[0], place[1], place[2], place[3], "--plain")
        #expect(killed.status == 0)
        #expect(killed.output.contains("trading_state\tkilled\n"))
        bench.end(recovered, SIGINT)
        #expect(recovered.terminationStatus == 0)
        let again = try bench.start(["run", "--recover-from-venue"] + place)
        #expect(try bench.waitUntil { try bench.status("home")["is_reconciled"]?.bool == true })
        #expect(try bench.status("home")["trading_state"]?.string == "killed")
        bench.end(again, SIGINT)

        try bench.configure("runtime", [("\"mode\": \"dry_run\"", "\"mode\": \"live\"")])
        let live = try bench.run("run", place[0], bench.path("live"), place[2], place[3])
        #expect(live.status == 78, "\(live.errors)")
    }
}
