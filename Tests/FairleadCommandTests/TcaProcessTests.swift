import FairleadModel
import Foundation
import Testing

/// `fairlead tca` as processes.
@Suite(.serialized)
struct TcaProcessTests {
    /// Goal: the report of a backtest is the same from its history and from its journal, in every form. Method: a run,
    /// its report with the history and by the journal's directory alone, and the sums against the run's summary.
    @Test func theReportIsOfWhatWasExecuted() throws {
        let bench = try BacktestProcessTests.bench()
        #expect(try bench.run(words: BacktestProcessTests.words(bench, "out")).status == 0)
        let summary = try bench.json(try String(contentsOfFile: bench.path("out/summary.json"), encoding: .utf8))
        let told = try bench.run("tca", "report", "--out", bench.path("out"), "--json", "--html", bench.path("c.html"))
        #expect(told.status == 0, "\(told.errors)")
        let report = try bench.json(told.output)
        #expect(report["by_total"]?[0]?["fills"] == summary["fills"])
        #expect(report["by_symbol"]?.array?.count ?? 0 > 0)
        #expect(report["by_route"]?.array?.count ?? 0 > 0)
        #expect(report["by_hour"]?.array?.count ?? 0 > 0)
        #expect(try String(contentsOfFile: bench.path("c.html"), encoding: .utf8).hasPrefix("<!doctype html>"))
        let journal = ["tca", "report", "--journal", bench.path("out/journal"), "--data", bench.path("tape"), "--json"]
        #expect(try bench.run(words: journal).output == told.output)
        let csv = try bench.run("tca", "report", "--out", bench.path("out"), "--csv")
        #expect(csv.output.hasPrefix("by,name,parents,"))
        #expect(csv.output.contains("\nsymbol,BTCUSDT,"))
        #expect(try bench.run("tca", "report", "--out", bench.path("out"), "--csv", "--json").status == 2)
    }

    /// Goal: a comparison is the same whatever the threads, and its forms name every arm. Method: some arrivals of a
    /// recording of the synthetic market, with one job and with two.
    @Test func aComparisonRepeats() throws {
        let bench = try BacktestProcessTests.bench()
        func words(_ jobs: String, _ more: String...) -> [String] {
            [
                "tca", "compare", "--config", bench.path("config"), "--data", bench.path("tape"), "--headline-only",
                "--limit", "2", "--interval-ms", "5000", "--arms", "thresholds", "--jobs", jobs,
            ] + more
        }
        let first = try bench.run(words: words("1", "--json", "--html", bench.path("a.html")))
        #expect(first.status == 0, "\(first.errors)")
        let second = try bench.run(words: words("2", "--json", "--html", bench.path("b.html")))
        #expect(first.output == second.output)
        let pages = try ["a.html", "b.html"].map { try String(contentsOfFile: bench.path($0), encoding: .utf8) }
        #expect(pages[0] == pages[1])
        let arms = try bench.json(first.output)["recordings"]?[0]?["sections"]?[0]?["arms"]?.array ?? []
        #expect(arms.map { $0["arm"]?.string } == ["always_taker", "thresholds"])
        #expect(arms.allSatisfy { $0["arrivals"]?.integer == 4 && $0["completed"]?.integer == 0 })
        #expect(try bench.run("tca", "compare", "--data", bench.path("tape"), "--arms", "bogus").status == 2)
        #expect(try bench.run("tca", "compare", "--data", bench.path("tape"), "--fees", "2").status == 2)
        #expect(try bench.run("tca", "compare", "--data", bench.path("missing")).status == 65)
    }
}
