import FairleadModel
import Foundation
import Testing

/// The SQLite history and its readers, by the commands that a person types.
@Suite(.serialized)
struct HistoryProcessTests {
    private static func backtest(_ bench: CommandProcess, _ out: String, _ more: [String] = []) -> [String] {
        BacktestProcessTests.words(bench, out) + more
    }

    /// Goal: a backtest's history is the same in every run, killed and resumed or not, and the same as one made of the
    /// journal; the readers answer the same from it and from the journal.
    /// Method: two runs, one of them killed; `rebuild-history --check` of both; each reader's JSON with the history
    /// and with its file gone; then the file made again.
    @Test func backtestsAgree() throws {
        let bench = try BacktestProcessTests.bench()
        let whole = try bench.start(Self.backtest(bench, "whole"))
        whole.waitUntilExit()
        #expect(whole.terminationStatus == 0)
        let killed = try bench.start(Self.backtest(bench, "killed"))
        Thread.sleep(forTimeInterval: 0.7)
        bench.end(killed, SIGKILL)
        let resumed = try bench.start(Self.backtest(bench, "killed", ["--resume"]))
        resumed.waitUntilExit()
        #expect(resumed.terminationStatus == 0)
        var compared: Set<Int64> = []
        for out in ["whole", "killed"] {
            let check = try bench.run("journal", "rebuild-history", "--check", "--out", bench.path(out), "--json")
            #expect(check.status == 0, "\(out): \(check.output)\(check.errors)")
            let found = try bench.json(check.output)
            #expect(found["is_equal"] == .bool(true))
            compared.insert(found["rows_compared"]?.integer ?? 0)
        }
        #expect(compared.count == 1)
        #expect(compared.first ?? 0 > 200)
        try expectReaders(bench)
    }

    /// What a program reads has every row; a table that ends early says so.
    private func expectWhole(_ bench: CommandProcess, _ out: String, count: Int) throws {
        #expect(count > 20)
        let csv = try bench.run("fills", "--csv", "--out", out).output
        #expect(csv.components(separatedBy: "\r\n").count == count + 2)
        let json = try bench.json(try bench.run("fills", "--json", "--out", out).output)
        #expect(json["fills"]?.array?.count == count)
        #expect(json["total"]?.integer == Int64(count))
        #expect(try bench.run("fills", "--plain", "--out", out).output.split(separator: "\n").count >= count)
        let table = try bench.run("fills", "--out", out).output
        #expect(table.contains("20 of \(count), --limit for more"), "\(table.prefix(80))")
        let whole = try bench.run("fills", "--limit", "\(count)", "--out", out).output
        #expect(!whole.contains("--limit for more"))
        let orders = try bench.run("orders", "--all", "--limit", "2", "--out", out).output
        #expect(orders.contains("2 of "), "\(orders.prefix(80))")
    }

    private func expectReaders(_ bench: CommandProcess) throws {
        let out = bench.path("whole")
        let fills = try bench.json(try bench.run("fills", "--out", out, "--limit", "1000", "--json").output)
        let first = try #require(fills["fills"]?[0])
        try expectWhole(bench, out, count: fills["fills"]?.array?.count ?? 0)
        let questions = [
            ["fills", "--limit", "1000"], ["fills", "--limit", "3"], ["fills", "--symbol", "ETHUSDT"],
            ["fills", "--since", "2024-08-08T00:01:00Z"], ["orders", "--all"], ["orders", "--all", "--limit", "4"],
            ["orders", "--all", "--symbol", "BTCUSDT"], ["why", first["intent_id"]?.string ?? ""],
            ["why", first["signal_id"]?.string ?? ""], ["why", first["client_order_id"]?.string ?? ""],
            ["why", first["signal"]?.string ?? ""], ["fills", "--csv", "--limit", "1000"],
        ]
        func answers() throws -> [String] {
            try questions.map { words in
                let json = words.contains("--csv") ? [] : ["--json"]
                let found = try bench.run(words: words + ["--out", out, "--verbose"] + json)
                #expect(found.status == 0, "\(words): \(found.errors)")
                return found.errors.components(separatedBy: " in ")[0] + "\n" + found.output
            }
        }
        let fast = try answers()
        #expect(fast.allSatisfy { $0.hasPrefix("from the history") }, "\(fast.map { $0.prefix(60) })")
        for name in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"] {
            let path = "\(out)/\(name)"
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        }
        let slow = try answers()
        #expect(slow.allSatisfy { $0.hasPrefix("from the journal") })
        for (question, pair) in zip(questions, zip(fast, slow)) {
            #expect(Self.answer(pair.0) == Self.answer(pair.1), "\(question)")
        }
        let made = try bench.run("journal", "rebuild-history", "--out", out, "--json")
        #expect(made.status == 0, "\(made.errors)")
        #expect(try answers() == fast)
        #expect(try bench.run("journal", "rebuild-history", "--check", "--journal", "x").status == 2)
    }

    private static func answer(_ text: String) -> Substring {
        text.firstIndex(of: "\n").map { text[text.index(after: $0)...] } ?? ""
    }

    /// Goal: a history that was tampered with is found out, and one that can't be read is no obstacle.
    /// Method: garbage in its place: the readers say so and answer from the journal, `--check` fails, a rebuild mends.
    @Test func damagedIsNoObstacle() throws {
        let bench = try BacktestProcessTests.bench()
        let run = try bench.start(Self.backtest(bench, "out"))
        run.waitUntilExit()
        let out = bench.path("out")
        let before = try bench.run("fills", "--out", out, "--json").output
        try Data(repeating: 0x41, count: 9_000).write(to: URL(fileURLWithPath: out + "/history.sqlite"))
        let after = try bench.run("fills", "--out", out, "--json")
        #expect(after.status == 0)
        #expect(after.output == before)
        #expect(after.errors.contains("journal rebuild-history --out \(out) makes it again"), "\(after.errors)")
        #expect(try bench.run("journal", "rebuild-history", "--check", "--out", out).status == 1)
        #expect(try bench.run("journal", "rebuild-history", "--out", out).status == 0)
        #expect(try bench.run("journal", "rebuild-history", "--check", "--out", out).status == 0)
    }

    /// Goal: killed at any moment, the history equals the journal after the restart; deleted under a running engine, it
    /// is made again; a clean stop leaves it at the journal's end.
    /// Method: a live engine with the screener on a fast market, killed three times; `--check` each time.
    @Test func survivesKills() throws {
        let bench = try CommandProcess()
        try bench.configure("runtime", [("\"speed\": 1", "\"speed\": 20")])
        let words = ["run", "--home", bench.path("home"), "--config", bench.path("config")]
        let check = [
            "journal", "rebuild-history", "--check", "--home", bench.path("home"), "--config", bench.path("config"),
            "--json",
        ]
        var engine = try bench.start(words)
        var rows: Int64 = 0
        for turn in 1...3 {
            #expect(try bench.waitUntil { try bench.status("home")["counters"]?["fills"]?.integer ?? 0 >= Int64(turn) })
            bench.end(engine, SIGKILL)
            engine = try bench.start(words)
            #expect(try bench.waitUntil { try bench.status("home")["is_reconciled"]?.bool == true })
            let found = try bench.run(words: check)
            #expect(found.status == 0, "turn \(turn): \(found.output)\(found.errors)")
            rows = try bench.json(found.output)["rows_compared"]?.integer ?? 0
        }
        #expect(rows > 20)
        let files = try FileManager.default.contentsOfDirectory(atPath: bench.path("home"))
        #expect(!files.contains { $0.contains("damaged") }, "\(files)")
        let history = bench.path("home/history.sqlite")
        try FileManager.default.removeItem(atPath: history)
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: history) })
        #expect(
            try bench.waitUntil {
                let found = try bench.run(words: check)
                let compared = found.status == 0 ? try bench.json(found.output)["rows_compared"]?.integer : nil
                return compared ?? 0 >= rows
            }
        )
        bench.end(engine, SIGINT)
        let last = try bench.json(try bench.run(words: check).output)
        let stat = ["journal", "stat", "--home", bench.path("home"), "--config", bench.path("config"), "--json"]
        let end = try bench.json(try bench.run(words: stat).output)["last_sequence"]
        #expect(last["stored_through"] == end)
        #expect(last["is_equal"] == .bool(true))
    }
}
