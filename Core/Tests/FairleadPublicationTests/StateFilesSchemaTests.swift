import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadPublication

/// The check of a run's files: what `fairlead state validate` finds, by file and field.
@Suite struct StateFilesSchemaTests {
    /// A run's state files with one text of one file replaced.
    private static func damaged(_ run: PublishedRun, _ file: StateFile, _ change: (String) -> String) throws
        -> MemoryDisk
    {
        let disk = MemoryDisk()
        for other in StateFile.allCases {
            var text = String(decoding: try run.state.readAll(other.fileName, limit: 1 << 24), as: UTF8.self)
            if other == file {
                let new = change(text)
                #expect(new != text, "\(file.fileName) was not changed")
                text = new
            }
            try disk.write(other.fileName, Array(text.utf8))
        }
        return disk
    }

    private static func findings(_ disk: MemoryDisk) -> [String] {
        StateContract().findings(state: disk).findings.map { "\($0.file) \($0.field)" }
    }

    /// Goal: each kind of fault is found, with the file's and the field's name. Method: a run's files, one change each.
    @Test func eachFaultIsNamed() throws {
        let run = try PublishedRun.play(.on, turns: 8)
        let cases: [(StateFile, (String) -> String, String)] = [
            (.nav, { $0.replacing("\"open_positions\": ", with: "\"open_position\": ") }, "nav.json open_positions"),
            (.nav, { $0.replacing("\"paper\"", with: "\"papers\"") }, "nav.json environment"),
            (.nav, { String($0.dropLast(20)) }, "nav.json "),
            (.nav, { _ in "[]" }, "nav.json "),
            (
                .diagnostics, { $0.replacing("\"idle_orders\": false", with: "\"idle_orders\": 0") },
                "diagnostics.json runtime_diagnostics.liveness.idle_orders"
            ),
            (
                .diagnostics, { $0.replacing("\"total_signals\": ", with: "\"total_signals\": -") },
                "diagnostics.json runtime_diagnostics.veto_counters.total_signals"
            ),
            (
                .diagnostics, { $0.replacing("\"total_vetoes\": ", with: "\"total_vetoes\": 1") },
                "diagnostics.json runtime_diagnostics.veto_counters.by_reason"
            ),
            (.routerHealth, { $0.replacing("\"count\": 3", with: "\"count\": 4") }, "router_health.json summary.count"),
            (.positionsState, { $0.replacing("\"count\": ", with: "\"count\": 1") }, "positions_state.json count"),
            (
                .riskSnapshot, { $0.replacing("\"trading_state\": \"active\"", with: "\"trading_state\": \"halted\"") },
                "kpis_v7.json account.trading_state"
            ),
            (.syncedState, { $0.replacing("\"cycle\": ", with: "\"cycle\": 1") }, "synced_state.json cycle"),
            (
                .expectancy, { $0.replacing("\"journal_id\": \"0", with: "\"journal_id\": \"1") },
                "expectancy_v6.json journal_id"
            ),
        ]
        for (file, change, expected) in cases {
            let found = Self.findings(try Self.damaged(run, file, change))
            #expect(found.contains(expected), "\(file.fileName): \(found), not \(expected)")
        }
        #expect(Self.findings(run.state) == [])
    }

    /// Goal: files that are missing, strange or unsorted are found. Method: each alone.
    @Test func filesAreCounted() throws {
        let run = try PublishedRun.play(.on, turns: 3)
        let disk = try Self.damaged(run, .nav) { text in
            // The first member put behind the last.
            let lines = text.split(separator: "\n").map(String.init)
            let last = lines.count - 2
            var moved = [lines[0]] + lines[2...last] + [lines[1]] + [lines[last + 1]]
            moved[moved.count - 3] += ","
            moved[moved.count - 2] = String(moved[moved.count - 2].dropLast())
            return moved.joined(separator: "\n")
        }
        try disk.remove("kpis_v7.json")
        try disk.write("notes.json", Array("{}".utf8))
        let found = StateContract().findings(state: disk).findings
        let texts = found.map(\.description)
        #expect(texts.contains("kpis_v7.json: is missing"))
        #expect(texts.contains("notes.json: is not in the manifest"))
        #expect(found.contains { $0.file == "nav.json" && $0.reason == "its key is out of order" }, "\(texts)")
        #expect(found.count == 3)
    }

    /// Goal: a line of a log that breaks its schema, goes back, or is half there is found by its number. Method: lines
    /// of a run, changed one by one.
    @Test func linesAreNumbered() throws {
        let run = try PublishedRun.play(.on, turns: 8)
        let text = String(decoding: try run.logs.readAll("fills.jsonl", limit: 1 << 24), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count > 3)
        func findings(_ lines: [String], end: String = "\n") throws -> [String] {
            let disk = MemoryDisk()
            try disk.write("fills.jsonl", Array((lines.joined(separator: "\n") + end).utf8))
            return StateContract().findings(.fills, disk).findings.map { "\($0.file): \($0.field)" }
        }
        #expect(try findings(lines) == [])
        var other = lines
        other[1] = other[1].replacing("\"side\":\"", with: "\"side\":\"X")
        #expect(try findings(other) == ["fills.jsonl line 2: side"])
        other = lines
        other[2] = "{"
        #expect(try findings(other) == ["fills.jsonl line 3: "])
        #expect(try findings([lines[lines.count - 1]] + lines).contains("fills.jsonl line 1: sequence"))
        #expect(try findings(lines, end: "\n{\"event\"") == ["fills.jsonl: "])
        let bounded = StateContract().findings(.fills, run.logs, byteLimit: 2 * lines[0].utf8.count + 10)
        #expect(bounded.findings.isEmpty && (1...2).contains(bounded.lines))
    }
}
