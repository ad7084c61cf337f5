import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadSchema
import Foundation
import Testing

@testable import FairleadPublication

/// The run of `config/scripted-run` on two recordings beside the project: what `diagnostics.json` says at its moments.
///
/// The tapes are minutes long, so its thresholds are seconds and fractions of a thousandth.
enum ScriptedRun {
    /// A moment of the script, and what it is there for.
    struct Checkpoint: Sendable, CustomTestStringConvertible {
        var name: String
        /// Since the tape's beginning.
        var seconds: Int64
        var testDescription: String { name }
    }

    static let checkpoints = [
        Checkpoint(name: "before-the-first-signal", seconds: 3),
        Checkpoint(name: "vetoed-and-in-a-position", seconds: 21),
        Checkpoint(name: "long-take-profit", seconds: 45),
        Checkpoint(name: "long-stop-loss", seconds: 72),
        Checkpoint(name: "short-take-profit", seconds: 120),
        Checkpoint(name: "underwater-and-idle", seconds: 225),
        Checkpoint(name: "short-stop-loss", seconds: 290),
        Checkpoint(name: "flat-at-the-end", seconds: 340),
    ]
    private static let tapes = ["usdm_btcusdt_20240808.gz", "usdm_ethusdt_20240808.gz"]

    private static let root: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root
    }()
    static let golden = root.appending(path: "Core/Tests/FairleadPublicationTests/Golden/ScriptedRun")
    static var hasTapes: Bool { (try? tapePaths()) != nil }

    private static func tapePaths() throws -> [String] {
        try tapes.map { name in
            let path = root.deletingLastPathComponent().appending(path: "shared/marketdata/binance-usdm/\(name)").path
            _ = try FileByteSource(path: path)
            return path
        }
    }

    static func text(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: "config/scripted-run/\(name)")))
    }

    private static func configuration() throws -> ResolvedConfiguration {
        let documents = ConfigurationDocuments(
            strategy: try text("strategy_config.json"),
            risk: try text("risk_limits.json"),
            runtime: try text("runtime.json")
        )
        return try ConfigurationDecoder.resolve(documents).get()
    }

    /// `runtime_diagnostics` at each checkpoint, in their order.
    static func play() throws -> [JSONValue] {
        let configuration = try configuration()
        let paths = try tapePaths()
        let depth = configuration.runtime.market.depth
        var merger = TapeMerger()
        let symbols = TapeSymbols(configuration.engine.instruments)
        for path in paths {
            let number = merger.tapeCount
            let tape = try TapeFile.open(path: path, symbols: symbols, content: depth.content, tape: number)
            let isAdded = merger.add(tape)
            #expect(isAdded)
        }
        let feed = try TapeFeed(merger, digests: try paths.map { try FileDigest(path: $0) }, depth: depth)
        let first = feed.next
        let start = try #require(first).time
        var setup = NodeSetup(disk: MemoryDisk(), configuration: configuration, clock: VirtualClock(.never))
        setup.preparesInline = true
        let published = MemoryDisk()
        var backtest = try Backtest(
            setup,
            tape: feed,
            signals: SignalTape(try text("signals.jsonl")),
            observers: [StateFiles(published, software: PublicationFixture.software)]
        )
        var found: [JSONValue] = []
        for checkpoint in checkpoints {
            var isRunning = true
            while isRunning, backtest.time - start < .seconds(checkpoint.seconds) {
                isRunning = try backtest.run(records: 20)
            }
            let document = try PublicationFixture.document(published, .diagnostics)
            let violation = try PublicationFixture.schema(.diagnostics).violation(of: document)
            #expect(violation == nil, "\(checkpoint.name)")
            found.append(document["runtime_diagnostics"] ?? .null)
        }
        return found
    }
}

@Suite(.enabled(if: ScriptedRun.hasTapes, "the recordings are not beside the project"))
struct ScriptedRunTests {
    /// Goal: the kept texts are of a run that has all that it is there for, whoever wrote them anew. Method: the facts
    /// by their words.
    @Test func theScriptHasEverythingInIt() throws {
        func kept(_ name: String) throws -> JSONValue {
            try JSONParser.parse(Array(try Data(contentsOf: ScriptedRun.golden.appending(path: "\(name).json"))))
        }
        func flag(_ moment: JSONValue, _ keys: String...) -> JSONValue? {
            keys.reduce(Optional(moment)) { $0?[$1] }
        }
        let first = try kept("before-the-first-signal")
        for watch in ["signals", "orders", "exits", "router"] {
            #expect(flag(first, "liveness", "missing", watch) == true)
            #expect(flag(first, "liveness", "idle_" + watch) == true)
        }
        let last = try kept("flat-at-the-end")
        let reasons = try #require(flag(last, "veto_counters", "by_reason")?.object)
        #expect(reasons.count >= 10)
        #expect(reasons.compactMap(\.value.count).reduce(0, +) == flag(last, "veto_counters", "total_vetoes")?.count)
        let idle = try kept("underwater-and-idle")
        #expect(flag(idle, "liveness", "idle_router") == true)
        #expect(flag(idle, "exit_pipeline", "underwater_without_tp_sl_count")?.count == 1)
        #expect(flag(idle, "exit_pipeline", "tp_sl_canary") == true)
        var triggers: Set<String> = []
        for name in ["long-take-profit", "long-stop-loss", "short-take-profit", "short-stop-loss"] {
            triggers.insert(try #require(flag(try kept(name), "exit_pipeline", "last_exit_trigger_ts")?.string))
        }
        #expect(triggers.count == 4, "each of the four exits has fired by its moment")
    }

    /// Goal: a run that has everything in it shows each thing in diagnostics.json as SPEC 13 says. Method: the script's
    /// eight moments, byte for byte; FAIRLEAD_UPDATE_GOLDEN=1 writes them anew. The thresholds are printed.
    @Test func everyMomentIsTold() throws {
        print("thresholds:", String(decoding: try ScriptedRun.text("strategy_config.json"), as: UTF8.self))
        let found = try ScriptedRun.play()
        for (checkpoint, diagnostics) in zip(ScriptedRun.checkpoints, found) {
            let text = JSONWriter.text(of: diagnostics, .pretty) + "\n"
            let file = ScriptedRun.golden.appending(path: "\(checkpoint.name).json")
            if ProcessInfo.processInfo.environment["FAIRLEAD_UPDATE_GOLDEN"] == "1" {
                try FileManager.default.createDirectory(at: ScriptedRun.golden, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            let kept = try String(contentsOf: file, encoding: .utf8)
            #expect(kept == text, "\(checkpoint.name) differs: run again with FAIRLEAD_UPDATE_GOLDEN=1")
        }
    }
}
