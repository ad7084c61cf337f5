import FairleadModel
import Foundation
import Testing

/// The inputs of the scripted run: its documents are the project's, its recordings lie beside it.
private enum ScriptedRun {
    static let root: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root
    }()
    static let config = root.appending(path: "config/scripted-run").path
    static let signals = root.appending(path: "config/scripted-run/signals.jsonl")
    static let tapes = ["btc", "eth"].map { symbol in
        root.deletingLastPathComponent()
            .appending(path: "shared/marketdata/binance-usdm/usdm_\(symbol)usdt_20240808.gz").path
    }
    static var hasTapes: Bool { tapes.allSatisfy { FileManager.default.fileExists(atPath: $0) } }
}

/// The scripted run (`config/scripted-run`) as a person plays it.
@Suite(.enabled(if: ScriptedRun.hasTapes, "the recordings are not beside the project"))
struct ScriptedRunProcessTests {
    private static let vetoed = ["signal_received", "sizing", "risk_row", "risk_decision", "signal_acknowledged"]
    private static let traded =
        vetoed + ["route_decision", "order_lifecycle", "execution_fill", "parent_closed", "shortfall_measured"]

    /// Goal: `state validate` finds nothing on it, and `why` tells each of its ids to its end. Method: the run; each id
    /// of the script, with what its disposition must have caused, in that order.
    @Test func filesAgreeAndEveryIdIsTold() throws {
        let bench = try CommandProcess()
        let out = bench.path("out")
        let words =
            ["backtest", "--config", ScriptedRun.config, "--signals", ScriptedRun.signals.path, "--out", out, "--json"]
            + ScriptedRun.tapes.flatMap { ["--data", $0] }
        let run = try bench.run(words: words)
        #expect(run.status == 0, "\(run.errors)")
        let validated = try bench.run("state", "validate", "--out", out)
        #expect(validated.status == 0, "\(validated.output)")
        #expect(validated.output.contains("nothing found"))

        var dispositions: [String: Int] = [:]
        let lines = try String(contentsOf: ScriptedRun.signals, encoding: .utf8).split(separator: "\n")
        let ids = Set(try lines.map { try #require(try bench.json(String($0))["signal_id"]?.string) })
        for id in ids.sorted() {
            let told = try bench.run("why", id, "--out", out, "--json")
            #expect(told.status == 0, "\(id): \(told.errors)")
            let events = try bench.json(told.output)["events"]?.array ?? []
            let kinds = events.compactMap { $0["event"]?.string }
            let answer = try #require(events.first { $0["event"] == "signal_acknowledged" }, "\(id)")
            let disposition = answer["disposition"]?.string ?? ""
            dispositions[disposition, default: 0] += 1
            var place = kinds.startIndex
            for kind in disposition == "accepted" ? Self.traded : disposition == "vetoed" ? Self.vetoed : [] {
                let next = try #require(kinds[place...].firstIndex(of: kind), "\(id): no \(kind) in \(kinds)")
                place = next
            }
        }
        #expect(dispositions == ["accepted": 6, "vetoed": 13, "invalid": 1])
    }
}
