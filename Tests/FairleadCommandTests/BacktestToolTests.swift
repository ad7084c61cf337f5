import FairleadConfiguration
import FairleadModel
import Foundation
import Testing

@testable import fairlead

/// `fairlead backtest` as a tool: settings, several files of signals, grids, Ctrl-C, and what is refused.
@Suite(.serialized)
struct BacktestToolTests {
    private static let start: Int64 = 1_723_075_200

    /// Quotes of one symbol, ten a second.
    private static func recording(seconds: Int64) -> String {
        (0..<seconds * 10).map { number in
            let time = start * 1000 + number * 100
            let bid = 600_000 + number * number % 397
            func text(_ tenths: Int64) -> String { "\(tenths / 10).\(tenths % 10)" }
            let words = #""e":"bookTicker","u":\#(number + 1),"s":"BTCUSDT","b":"\#(text(bid))","B":"1.001","#
            let rest = #""a":"\#(text(bid + 1))","A":"2","E":\#(time),"T":\#(time)"#
            return "\(time * 1_000_000) {\"stream\":\"btcusdt@bookTicker\",\"data\":{\(words)\(rest)}}\n"
        }.joined()
    }

    private static func signals(_ name: String, _ count: Int64, every seconds: Int64) -> String {
        (0..<count).map { number in
            let time = Timestamp(milliseconds: (start + 1 + number * seconds) * 1000).text(.milliseconds)
            return #"{"schema":"fairlead.signal.v1","signal_id":"\#(name)-\#(number)","ts":"\#(time)","#
                + #""symbol":"BTCUSDT","side":"\#(number % 2 == 0 ? "BUY" : "SELL")","size":{"notional":"500"},"#
                + #""execution":{"style":"taker"}}"# + "\n"
        }.joined()
    }

    private static func bench() throws -> CommandProcess {
        let bench = try CommandProcess()
        for (name, text) in [
            ("tape", recording(seconds: 60)), ("a", signals("a", 8, every: 6)), ("b", signals("b", 8, every: 7)),
            ("again", signals("a", 2, every: 6)),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: bench.path(name)))
        }
        return bench
    }

    private static func summary(_ bench: CommandProcess, _ out: String) throws -> JSONValue {
        try bench.json(try String(contentsOfFile: bench.path("\(out)/summary.json"), encoding: .utf8))
    }

    /// Goal: one line is enough: instruments are guessed and said, files are named by strategy, an id that was seen is
    /// a duplicate whichever file it comes from, and the screen says what to open.
    /// Method: a run without --config of three files; its summary, its screen, its configuration used again.
    @Test func oneLineIsEnough() throws {
        let bench = try Self.bench()
        let data = ["--data", bench.path("tape"), "--signals", "first=" + bench.path("a")]
        let more = ["--signals", "second=" + bench.path("b"), "--signals", bench.path("again")]
        let found = try bench.run(words: ["backtest"] + data + more + ["--out", bench.path("out")])
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.errors.contains("BTCUSDT tick 0.1 lot 0.001"))
        #expect(found.output.hasPrefix("PAPER  backtest  BTCUSDT\n"))
        for word in ["net cost", "pnl", "drawdown", "out/report.html", "first", "second"] {
            #expect(found.output.contains(word), "\(word)")
        }
        let summary = try Self.summary(bench, "out")
        #expect(summary["acknowledgements"]?["duplicate"]?.integer == 2)
        let rows = summary["strategies"]?.array ?? []
        #expect(rows.map { $0["strategy"]?.string } == ["", "first", "second"])
        #expect(rows.map { $0["signals"]?.integer } == [2, 8, 8])
        #expect(rows.dropFirst().allSatisfy { $0["fills"]?.integer ?? 0 > 0 })
        let again = ["--config", bench.path("out/config"), "--out", bench.path("again.out"), "--json"]
        #expect(try bench.run(words: ["backtest"] + data + more + again).status == 0)
        #expect(try Self.summary(bench, "again.out") == summary)
        let replay = try bench.json(try bench.run("journal", "replay", "--out", bench.path("out"), "--json").output)
        #expect(replay["state_hash"] == summary["state_hash"])
    }

    /// Goal: fees, latency, balance and any key are set by flags, stand in the journal's configuration, and change what
    /// they should.
    /// Method: a run with all of them; its costs, its first balance, and the replay of its journal.
    @Test func settingsCount() throws {
        let bench = try Self.bench()
        let words = [
            "backtest", "--data", bench.path("tape"), "--signals", bench.path("a"), "--out", bench.path("out"),
            "--maker-fee-bps", "-0.5", "--taker-fee-bps", "7", "--latency-ms", "3..9", "--balance", "5000",
            "--set", "max_order_notional=400", "--set", "instruments.BTCUSDT.min_notional=5", "--json",
        ]
        #expect(try bench.run(words: words).status == 0)
        let refused = try Self.summary(bench, "out")
        #expect(refused["vetoes"]?["max_order_notional"]?.integer == 8)
        #expect(refused["starting_balance"]?.string == "5000")
        let freed = words.map { $0 == "max_order_notional=400" ? "max_order_notional=4000" : $0 }
            .map { $0 == bench.path("out") ? bench.path("free") : $0 }
        #expect(try bench.run(words: freed).status == 0)
        let summary = try Self.summary(bench, "free")
        let fee = Double(summary["fee_bps"]?.lexeme ?? "") ?? 0
        #expect((6.99...7.01).contains(fee), "\(fee)")
        let replay = try bench.json(try bench.run("journal", "replay", "--out", bench.path("free"), "--json").output)
        #expect(replay["state_hash"] == summary["state_hash"])
        let report = try String(contentsOfFile: bench.path("free/report.html"), encoding: .utf8)
        #expect(report.contains("paper.order_latency.max_ms = 9"))
    }

    /// Goal: what can't be set is refused by its name, before anything is written.
    /// Method: one wrong flag at a time, its exit code and its sentence.
    @Test(arguments: [
        (["--set", "router.max_spred_bps=1"], Int32(78), "did you mean \"router.max_spread_bps\"?"),
        (["--set", "router.max_spread_bps=wide"], 78, "max_spread_bps"),
        (["--set", "router.max_spread_bps"], 2, "router.max_spread_bps needs a value: KEY=VALUE"),
        (["--set", "max_leverage=1", "--set", "max_leverage=2"], 2, "max_leverage is set twice"),
        (["--set", "market.source=synthetic"], 2, "market.source can't be set"),
        (["--set", "max_leverage=0.001..9:0.001"], 2, "at most 1000 are run"),
        (["--set", "paper.seed=1..40:1", "--set", "max_leverage=1..40:1"], 2, "the grid has 1600 values"),
        (["--taker-fee-bps", "5000"], 78, "taker_fee_bps: must be at most 1000"),
        (["--latency-ms", "9..3"], 78, "max_ms: must be at least min_ms"),
        (["--latency-ms", "x"], 78, "min_ms"), (["--balance", "0"], 78, "starting_balance"),
        (["--sort", "net_cost_bp"], 2, "did you mean net_cost_bps?"), (["--jobs", "0"], 2, "--jobs is 1 to 256"),
        (["--signals", "=x"], 2, "--signals NAME=FILE"), (["--signals", "n=nofile"], 65, "nofile: can't be read"),
    ])
    func wrongSettingsAreNamed(_ words: [String], _ status: Int32, _ said: String) throws {
        let bench = try Self.bench()
        let base = ["backtest", "--data", bench.path("tape"), "--out", bench.path("out")]
        let found = try bench.run(words: base + words)
        #expect(found.status == status, "\(found.errors)")
        #expect(found.errors.contains(said), "\(found.errors)")
        #expect(!FileManager.default.fileExists(atPath: bench.path("out")))
    }

    private static func grid(_ bench: CommandProcess, _ out: String, _ more: [String]) -> [String] {
        ["backtest", "--data", bench.path("tape"), "--signals", bench.path("a"), "--out", bench.path(out)] + more
    }

    /// Goal: a grid is a run a combination, told best first, equal for any number of workers, and what is whole is not
    /// run again.
    /// Method: two by two with one and with three workers; the files compared; a wider grid in the same place.
    @Test func gridsAreEqualAndKept() throws {
        let bench = try Self.bench()
        let axes = ["--taker-fee-bps", "1,6", "--set", "router.max_slippage_bps=10..20:10"]
        #expect(try bench.run(words: Self.grid(bench, "one", axes + ["--jobs", "1"])).status == 0)
        let three = try bench.run(words: Self.grid(bench, "three", axes + ["--jobs", "3"]))
        #expect(three.output.contains("4 runs, best net_cost_bps first"))
        for file in ["grid.csv", "grid.json", "report.html"] {
            let bytes = FileManager.default.contents(atPath: bench.path("one/\(file)"))
            #expect(
                bytes?.isEmpty == false && bytes == FileManager.default.contents(atPath: bench.path("three/\(file)"))
            )
        }
        let rows = try String(contentsOfFile: bench.path("one/grid.csv"), encoding: .utf8).split(separator: "\n")
        #expect(rows.map { $0.split(separator: ",")[0] } == ["run", "1", "2", "3", "4"])
        let places = try FileManager.default.contentsOfDirectory(atPath: bench.path("one/runs"))
        #expect(places.count == 4)
        for place in places {
            let report = FileManager.default.contents(atPath: bench.path("one/runs/\(place)/report.html"))
            #expect(report?.isEmpty == false)
            #expect(report == FileManager.default.contents(atPath: bench.path("three/runs/\(place)/report.html")))
            #expect(!FileManager.default.fileExists(atPath: bench.path("one/runs/\(place)/stderr.txt")))
        }
        let wider = ["--taker-fee-bps", "1,6,8", "--set", "router.max_slippage_bps=10..20:10", "--sort", "fees"]
        let found = try bench.run(words: Self.grid(bench, "one", wider + ["--json"]))
        #expect(found.errors.contains("4 of 6 runs are there already"))
        #expect(try bench.json(found.output)["runs"]?.array?.count == 6)
    }

    /// Goal: a run that fails is told with its last words and its command line, and the others go on.
    /// Method: a file in the place of one run's journal; the table, the exit code, and the run done when it is gone.
    @Test func failingRunsAreTold() throws {
        let bench = try Self.bench()
        let axes = ["--taker-fee-bps", "1,6"]
        #expect(try bench.run(words: Self.grid(bench, "out", axes)).status == 0)
        let rows = try String(contentsOfFile: bench.path("out/grid.csv"), encoding: .utf8).split(separator: "\n")
        let place = try #require(rows[2].split(separator: ",").last { $0.hasPrefix("runs/") })
        let directory = bench.path("out/\(place)")
        try FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/journal"))
        let found = try bench.run(words: Self.grid(bench, "out", axes))
        #expect(found.status == 1)
        #expect(found.errors.contains("1 of 2 runs failed; run 2: exit 1: fairlead: "), "\(found.errors)")
        #expect(found.errors.contains("again: "))
        #expect(found.output.contains("failed"))
        let page = try String(contentsOfFile: bench.path("out/report.html"), encoding: .utf8)
        #expect(page.contains("Failed"))
        try FileManager.default.removeItem(atPath: directory + "/journal")
        #expect(try bench.run(words: Self.grid(bench, "out", axes)).status == 0)
    }

    /// Goal: Ctrl-C ends a run cleanly with 130 and the line by which it goes on, to the same bytes; other inputs don't
    /// go on with it.
    /// Method: SIGINT once the journal is there; the words on stderr; the resumed run against a whole one.
    @Test func interruptedRunsGoOn() throws {
        let bench = try CommandProcess()
        try Data(Self.recording(seconds: 3000).utf8).write(to: URL(fileURLWithPath: bench.path("tape")))
        try Data(Self.signals("a", 60, every: 10).utf8).write(to: URL(fileURLWithPath: bench.path("a")))
        let config = ["--config", bench.path("config")]
        #expect(try bench.run(words: Self.grid(bench, "whole", config)).status == 0)
        let process = try bench.start(Self.grid(bench, "cut", config))
        let journal = bench.path("cut/journal/lock")
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: journal) || !process.isRunning })
        bench.end(process, SIGINT)
        #expect(process.terminationStatus == 130)
        #expect(!FileManager.default.fileExists(atPath: bench.path("cut/summary.json")))
        let other = try bench.run(words: Self.grid(bench, "cut", config + ["--resume", "--balance", "7"]))
        #expect(other.status == 1)
        #expect(other.errors.contains("holds a run of other inputs (configuration)"), "\(other.errors)")
        #expect(try bench.run(words: Self.grid(bench, "cut", config + ["--resume"])).status == 0)
        for file in ["summary.json", "report.html"] {
            let bytes = FileManager.default.contents(atPath: bench.path("whole/\(file)"))
            #expect(bytes?.isEmpty == false && bytes == FileManager.default.contents(atPath: bench.path("cut/\(file)")))
        }
    }

    /// Goal: the line of progress fits a terminal and says how far it is and how long it takes.
    /// Method: lines at several shares, and the numbers in them.
    @Test func progressIsALine() {
        let line = ProgressLine.line(0.25, "00:12:31  1.2 M/s  87 orders", 30)
        #expect(line == "[#####...............]  25 %  00:12:31  1.2 M/s  87 orders  1:30 left")
        #expect(ProgressLine.line(nil, "words", 1) == "words")
        #expect(ProgressLine.line(1, "", 1).hasPrefix("[####################] 100 %"))
        #expect(ProgressLine.line(0.5, String(repeating: "x", count: 200), 1).count == 79)
        #expect(ProgressLine.clock(3723) == "1:02:03")
        #expect(ProgressLine.rate(1_234_567) == "1.23 M")
        #expect(ProgressLine.rate(12_345) == "12.3 k")
        #expect(ProgressLine.rate(.nan) == "0")
    }
}
