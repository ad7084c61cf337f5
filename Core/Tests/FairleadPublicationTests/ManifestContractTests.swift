import FairleadJournal
import FairleadModel
import FairleadSchema
import Foundation
import Testing

@testable import FairleadPublication

/// `v7_manifest.json`, the schemas and what a run writes, against each other (SPEC 15).
@Suite struct ManifestContractTests {
    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: PublicationFixture.root.appending(path: path)), as: UTF8.self)
    }

    /// Goal: the manifest at the repository's root is the one that the program goes by. Method: byte by byte; with
    /// FAIRLEAD_UPDATE_GOLDEN=1 it is written instead.
    @Test func theManifestIsTheTable() throws {
        if ProcessInfo.processInfo.environment["FAIRLEAD_UPDATE_GOLDEN"] == "1" {
            let url = PublicationFixture.root.appending(path: "v7_manifest.json")
            try Data(StateManifest.text.utf8).write(to: url)
        }
        #expect(
            try Self.text("v7_manifest.json") == StateManifest.text,
            "v7_manifest.json differs: run again with FAIRLEAD_UPDATE_GOLDEN=1"
        )
    }

    /// Goal: each row is whole, and names and paths are each once. Method: the file, read as any program would.
    @Test func eachRowIsWhole() throws {
        let rows = try #require(try JSONParser.parse(try Self.text("v7_manifest.json"))["surfaces"]?.array)
        #expect(rows.count == 21)
        for row in rows {
            #expect(row.object?.map(\.key) == ["name", "path", "owner", "description", "schema", "optional"])
            for key in ["name", "path", "owner", "description", "schema"] {
                #expect(row[key]?.string?.isEmpty == false, "\(key) of \(row["name"]?.string ?? "?")")
            }
            #expect(row["optional"]?.bool == row["path"]?.string?.hasSuffix(".jsonl"))
        }
        for key in ["name", "path"] {
            #expect(Set(rows.compactMap { $0[key]?.string }).count == rows.count, "a \(key) is there twice")
        }
        // SPEC 15's list.
        let names = [
            "nav", "nav_state", "positions_state", "positions_ledger", "risk_snapshot", "router_health", "diagnostics",
            "execution_health", "kpis_v7", "synced_state", "router_policy_suggestions_v6",
            "risk_allocation_suggestions_v6", "symbol_scores_v6", "expectancy_v6", "engine_metadata",
        ]
        let paths = Set(rows.compactMap { $0["path"]?.string })
        for name in names { #expect(paths.contains("logs/state/\(name).json"), "\(name)") }
        for name in ["router_metrics", "route_decisions", "order_events", "fills", "risk_vetoes"] {
            #expect(paths.contains("logs/execution/\(name).jsonl"), "\(name)")
        }
        #expect(paths.contains("logs/router_health.jsonl"))
    }

    /// Goal: each schema that the manifest names is there, says whose it is, and the program carries the same; no state
    /// or log schema is without a row. Method: the folder beside the table and the embedded texts, as values.
    @Test func eachSchemaIsThereAndCarried() throws {
        var named: Set<String> = []
        for surface in StateManifest.surfaces {
            named.insert(surface.schema)
            let schema = try JSONParser.parse(try Self.text(surface.schema))
            #expect(schema["$id"]?.string?.hasPrefix("fairlead.") == true, "\(surface.schema)")
            #expect(schema["title"]?.string?.isEmpty == false, "\(surface.schema)")
        }
        for (path, text) in EmbeddedSchemas.all {
            let isSame = try JSONParser.parse(text) == JSONParser.parse(try Self.text(path))
            #expect(isSame, "\(path) is not as it is carried: run scripts/embed-schemas")
        }
        let carried = Set(EmbeddedSchemas.all.map(\.path))
        #expect(named.isSubset(of: carried))
        for folder in ["schemas/state", "schemas/logs"] {
            let files = try FileManager.default.contentsOfDirectory(
                atPath: PublicationFixture.root.appending(path: folder).path
            )
            for file in files { #expect(named.contains("\(folder)/\(file)"), "\(file) has no row in the manifest") }
        }
    }

    /// Goal: a run writes what the manifest lists and nothing beside it but the engine's own checkpoints, and all of it
    /// keeps its schema. Method: a run; its directories listed, its files and logs checked.
    @Test func aRunWritesWhatIsListed() throws {
        let run = try PublishedRun.play(.on)
        let listed = StateManifest.surfaces.map { $0.path.split(separator: "/").last.map(String.init) ?? "" }
        let own = [StateFiles.checkpointName, ExecutionLogs.checkpointName, ExecutionLogs.healthCheckpointName]
        let written = try run.state.list() + run.logs.list()
        #expect(Set(written).subtracting(own) == Set(listed))
        let contract = StateContract()
        let state = contract.findings(state: run.state)
        #expect(state.findings.map(\.description) == [] && (state.cycle ?? 0) > 100)
        for log in ExecutionLog.allCases {
            let found = contract.findings(log, run.logs)
            #expect(found.findings.prefix(3).map(\.description) == [], "\(log.fileName)")
            #expect(found.lines > 0, "\(log.fileName)")
        }
    }
}
