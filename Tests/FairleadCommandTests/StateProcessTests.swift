import FairleadModel
import Foundation
import Testing

/// `fairlead state` over the files of a backtest, as a person types it.
@Suite(.serialized)
struct StateProcessTests {
    /// A bench with a backtest in `out`.
    private static func bench() throws -> CommandProcess {
        let bench = try BacktestProcessTests.bench()
        let run = try bench.run(words: BacktestProcessTests.words(bench, "out"))
        #expect(run.status == 0, "\(run.errors)")
        return bench
    }

    private static func file(_ bench: CommandProcess, _ name: String) -> URL {
        URL(fileURLWithPath: bench.path("out/logs/state/\(name)"))
    }

    /// Goal: a run's files and logs are found well; a damaged field, a missing file and a strange one are named, with
    /// 65; where nothing was published it is 69. Method: a backtest's files, whole and damaged.
    @Test func validateNamesFileAndField() throws {
        let bench = try Self.bench()
        let out = bench.path("out")
        let well = try bench.run("state", "validate", "--out", out, "--json")
        #expect(well.status == 0, "\(well.output)\(well.errors)")
        let report = try bench.json(well.output)
        #expect(report["is_valid"] == true && report["files"] == 15 && report["findings"] == [])
        #expect(report["cycle"]?.integer ?? 0 > 100 && report["lines"]?.integer ?? 0 > 100)
        #expect(try bench.run("state", "validate", "--out", out).output.contains("nothing found"))

        let nav = Self.file(bench, "nav.json")
        let text = try String(contentsOf: nav, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "\"paper\"", with: "\"papers\"").utf8).write(to: nav)
        try Data("{}".utf8).write(to: Self.file(bench, "notes.json"))
        try FileManager.default.removeItem(at: Self.file(bench, "kpis_v7.json"))
        let damaged = try bench.run("state", "validate", "--out", out)
        #expect(damaged.status == 65)
        for line in ["nav.json: environment: is \"papers\"", "kpis_v7.json: is missing", "notes.json: is not in the"] {
            #expect(damaged.output.contains(line), "\(line) is not in \(damaged.output)")
        }
        let json = try bench.json(try bench.run("state", "validate", "--out", out, "--json").output)
        let fields = json["findings"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(json["is_valid"] == false && fields.contains("environment"))
        #expect(try bench.run("state", "validate", "--home", bench.path("nowhere")).status == 69)
    }

    /// Goal: a file, a field and the list are shown; what is not there is told by its name. Method: each by its words.
    @Test func showPrintsFieldsAndFiles() throws {
        let bench = try Self.bench()
        let out = bench.path("out")
        func show(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
            try bench.run(words: ["state", "show"] + words + ["--out", out])
        }
        let nav = try bench.json(try String(contentsOf: Self.file(bench, "nav.json"), encoding: .utf8))
        #expect(try show("nav", "nav").output == "\(nav["nav"]?.string ?? "?")\n")
        #expect(try bench.json(try show("nav.json", "--json").output) == nav)
        let screen = try show("nav").output
        #expect(screen.hasPrefix("PAPER  nav.json  cycle ") && screen.contains("reporting_currency\t"))
        let list = try bench.json(try show("--json").output)["files"]?.array ?? []
        #expect(list.count == 15 && list.allSatisfy { $0["fault"] == .null && $0["cycle"] == nav["cycle"] })
        let symbol = try show("router_health", "router_health.per_symbol.BTCUSDT.symbol", "--json").output
        #expect(symbol == "\"BTCUSDT\"\n")
        #expect(try show("router_health", "symbols[0].symbol").output == "BTCUSDT\n")
        let missing = try show("nav", "navs")
        #expect(missing.status == 65 && missing.errors.contains("nav.json: navs: is missing"))
        #expect(try show("bogus").status == 2)
        try Data("{".utf8).write(to: Self.file(bench, "nav.json"))
        #expect(try show("nav").status == 65)
        try FileManager.default.removeItem(at: Self.file(bench, "nav.json"))
        #expect(try show("nav").status == 69)
    }

    /// Goal: a watched file is shown again at a new cycle and not before. Method: one that stands still, then another
    /// cycle put in its place.
    @Test func watchWaitsForACycle() throws {
        let bench = try Self.bench()
        let out = bench.path("out")
        let once = try bench.run("state", "watch", "nav", "nav", "--count", "1", "--json", "--out", out)
        #expect(once.status == 0, "\(once.errors)")
        #expect(try bench.json(once.output)["value"]?.string != nil)
        let watcher = try bench.start(["state", "watch", "nav", "--count", "2", "--out", out])
        Thread.sleep(forTimeInterval: 1)
        #expect(watcher.isRunning)
        let nav = Self.file(bench, "nav.json")
        let text = try String(contentsOf: nav, encoding: .utf8)
        let next = text.replacingOccurrences(of: "\"cycle\": ", with: "\"cycle\": 9")
        try Data(next.utf8).write(to: nav, options: .atomic)
        #expect(bench.waitUntil { !watcher.isRunning })
        #expect(watcher.terminationStatus == 0)
    }

    /// Goal: changes of policies are told from the log and from the history. Method: a backtest's, both ways.
    @Test func historyComesFromBoth() throws {
        let bench = try Self.bench()
        let out = bench.path("out")
        let stored = try bench.json(try bench.run("state", "history", "--sqlite", "--json", "--out", out).output)
        let entries = stored["entries"]?.array ?? []
        #expect(!entries.isEmpty && entries.allSatisfy { $0["quality"]?.string != nil && $0["symbol"]?.string != nil })
        let logged = try bench.run("state", "history", "--json", "--out", out)
        let log = URL(fileURLWithPath: bench.path("out/logs/router_health.jsonl"))
        var lines = 0
        if FileManager.default.fileExists(atPath: log.path) {
            lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").count
        }
        #expect(try bench.json(logged.output)["entries"]?.array?.count == lines)
        let cut = try bench.run("state", "history", "--sqlite", "--limit", "1", "--out", out)
        #expect(cut.errors.contains("the newest 1, --limit for more") == (entries.count > 1))
        #expect(try bench.run("state", "history", "--limit", "0", "--out", out).status == 2)
    }
}
