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
    /// What closed the position of each entry: its level, or another signal.
    private static let exits = [
        "long-to-profit": "take_profit", "long-to-stop": "stop_loss", "short-to-profit": "take_profit",
        "short-to-stop": "stop_loss", "unprotected": "signal",
    ]

    /// Goal: `state validate` finds nothing on it, and `why` tells each of its ids to its end, the exit included.
    /// Method: the run; each id of the script, with what its disposition must have caused, in that order; of each that
    /// traded how its position ended.
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
            let chain = try bench.json(told.output)
            let events = chain["events"]?.array ?? []
            let kinds = events.compactMap { $0["event"]?.string }
            let answer = try #require(events.first { $0["event"] == "signal_acknowledged" }, "\(id)")
            let disposition = answer["disposition"]?.string ?? ""
            dispositions[disposition, default: 0] += 1
            var place = kinds.startIndex
            for kind in disposition == "accepted" ? Self.traded : disposition == "vetoed" ? Self.vetoed : [] {
                let next = try #require(kinds[place...].firstIndex(of: kind), "\(id): no \(kind) in \(kinds)")
                place = next
            }
            #expect(chain["trades"]?.array?.count == (disposition == "accepted" ? 1 : 0), "\(id)")
            if let exit = Self.exits[id] { try expectExit(bench, out, id, exit, chain) }
        }
        #expect(dispositions == ["accepted": 6, "vetoed": 13, "invalid": 1])
        let closing = try bench.json(try bench.run("why", "unprotected-out", "--out", out, "--json").output)
        #expect(closing["trades"]?[0]?["entered_by"]?[0]?["signal_id"] == "unprotected")
        #expect(closing["caused_by"] == .null)
    }

    /// The exit of an entry, with the numbers of every stage; a level's names the entry in its turn.
    private func expectExit(
        _ bench: CommandProcess,
        _ out: String,
        _ id: String,
        _ exit: String,
        _ told: JSONValue
    ) throws {
        let trade = try #require(told["trades"]?[0], "\(id)")
        #expect(trade["exit"]?.string == exit, "\(id)")
        #expect(trade["pnl"]?.string != nil, "\(id)")
        #expect(trade["entered_by"]?[0]?["signal_id"]?.string == id)
        let close = try #require(trade["closed_by"]?[0], "\(id)")
        #expect(close["average_price"]?.string != nil, "\(id)")
        guard exit != "signal" else {
            #expect(close["signal_id"] == "unprotected-out")
            return #expect(told["exits"] == .array([]))
        }
        let exits = told["exits"]?.array ?? []
        #expect(exits.count == 1, "\(id)")
        let row = try #require(exits.first)
        #expect(row["level"]?["kind"]?.string == exit, "\(id)")
        #expect(row["signal"] == close["signal"], "\(id)")
        #expect(row["realized_pnl"] == close["realized_pnl"], "\(id)")
        let events = row["events"]?.array ?? []
        let kinds = events.compactMap { $0["event"]?.string }
        // Nobody sent it: it begins with its size.
        for kind in Self.traded.dropFirst() { #expect(kinds.contains(kind), "\(id): no \(kind) in \(kinds)") }
        let number = try #require(row["signal"]?.string)
        let back = try bench.json(try bench.run("why", number, "--out", out, "--json").output)
        #expect(back["caused_by"]?["signal_id"]?.string == id)
        #expect(back["caused_by"]?["level"] == row["level"], "\(id)")
        #expect(back["events"]?.array == events, "\(id)")
    }
}
