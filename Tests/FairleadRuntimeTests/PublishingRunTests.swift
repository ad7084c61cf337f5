import FairleadConfiguration
import FairleadModel
import FairleadPublication
import Foundation
import Testing

@testable import FairleadRuntime

/// A whole engine that publishes, in real time.
@Suite(.serialized)
struct PublishingRunTests {
    private static let fast = [
        ConfigurationOverride(path: "runtime.state.publish_ms", value: "50"),
        ConfigurationOverride(path: "runtime.state.directory", value: "published"),
        // Its position would be one that the tests' own signals find.
        ConfigurationOverride(path: "screener.enabled", value: "false"),
    ]

    private static func document(_ live: LiveFixture, _ file: StateFile) throws -> JSONValue? {
        let path = live.directory.path + "/home/published/" + file.fileName
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return try JSONParser.parse(Array(bytes))
    }

    private static func cycle(_ live: LiveFixture) throws -> UInt64 {
        UInt64(clamping: try document(live, .nav)?["cycle"]?.integer ?? 0)
    }

    /// Goal: a running engine publishes every period (`state.publish_ms`) where it is told to (`state.directory`), goes
    /// on after a restart, and its last state is published at the stop. Method: the files and logs of two lives.
    @Test func aRunPublishes() throws {
        let live = try LiveFixture(overrides: Self.fast)
        #expect(try live.waitUntil { try Self.cycle(live) > 0 })
        let first = try Self.cycle(live)
        #expect(try live.waitUntil { try Self.cycle(live) > first })
        let signal = """
            {"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"p-1","symbol":"BTCUSDT",\
            "side":"BUY","size":{"notional":"500"},"execution":{"style":"taker"}}}
            """
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        #expect(try live.ask(signal)["result"]?["disposition"]?.string == "accepted")
        #expect(try live.waitUntil { try Self.document(live, .positionsState)?["count"]?.integer == 1 })
        live.stop()
        let last = try Self.cycle(live)
        for file in StateFile.allCases {
            #expect(try Self.document(live, file)?["cycle"]?.integer == Int64(last), "\(file.fileName)")
        }
        #expect(try Self.document(live, .nav)?["nav"] == Self.document(live, .riskSnapshot)?["nav"])
        let fills = FileManager.default.contents(atPath: live.paths.logs + "/execution/fills.jsonl") ?? Data()
        #expect(fills.split(separator: 0x0A).count == 1)
        #expect(String(decoding: fills, as: UTF8.self).contains("\"signal_id\":\"p-1\""))

        try live.start(overrides: Self.fast)
        #expect(try live.waitUntil { try Self.cycle(live) > last })
        // Files of one cycle are renamed one after the other.
        #expect(try live.waitUntil { try Self.document(live, .engineMetadata)?["epoch"]?.integer == 2 })
        let again = FileManager.default.contents(atPath: live.paths.logs + "/execution/fills.jsonl") ?? Data()
        #expect(again == fills)
    }

    /// Goal: a journal that can't be replayed is told for as long as it is followed, with what a start needs: a person
    /// must not hear of it at the restart. Method: what the replica's thread says of it, before and after it tries
    /// again; then another journal.
    @Test func aJournalThatCantBeReplayedIsTold() throws {
        let live = try LiveFixture(overrides: Self.fast)
        #expect(try live.waitUntil { try Self.cycle(live) > 0 })
        let publishing = try #require(live.run).host.publishing
        publishing.diverged("replay differs at sequence 7 (BTCUSDT quoted)")
        let said =
            "the journal can't be replayed (replay differs at sequence 7 (BTCUSDT quoted)): "
            + "only run --recover-from-venue starts again"
        let cycle = try Self.cycle(live)
        #expect(try live.waitUntil { try Self.cycle(live) > cycle })
        let rows = try live.ask(.status)["attention"]?.array ?? []
        #expect(rows.contains(["what": .string(said), "next": "fairlead doctor"]))
        #expect(!rows.contains { $0["what"]?.string?.contains("not everything is published") == true })
        #expect(try live.ask(.health)["is_healthy"] == false)
        publishing.begin()
        #expect(try live.ask(.status)["attention"]?.array?.contains { $0["what"]?.string == said } == false)
    }

    /// Goal: a publisher that can't write is told, trading goes on, and it catches up by itself.
    /// Method: a directory stands where a file should be; status tells; then it is taken away.
    @Test func aBrokenPublisherIsTold() throws {
        let live = try LiveFixture(overrides: Self.fast)
        #expect(try live.waitUntil { try Self.cycle(live) > 0 })
        let directory = live.directory.path + "/home/published"
        try FileManager.default.removeItem(atPath: directory + "/nav.json")
        try FileManager.default.createDirectory(atPath: directory + "/nav.json/x", withIntermediateDirectories: true)
        #expect(try live.waitUntil { try live.ask(.status)["publishing"]?["faults"]?.array?.isEmpty == false })
        let attention = try live.ask(.status)["attention"]?.array ?? []
        #expect(attention.contains { $0["what"]?.string?.contains("not everything is published") == true })
        #expect(try live.ask(.status)["is_connected"]?.bool == true)
        try FileManager.default.removeItem(atPath: directory + "/nav.json")
        #expect(try live.waitUntil { try live.ask(.status)["publishing"]?["faults"]?.array?.isEmpty == true })
        #expect(try live.waitUntil { try Self.cycle(live) > 0 })
    }

    /// Goal: directories of logs that somebody removes are made again while the engine runs, with all they had.
    /// Method: remove them after a cycle, and wait for the next files and lines.
    @Test func removedLogsAreMadeAgain() throws {
        let live = try LiveFixture(overrides: Self.fast.filter { $0.path != "runtime.state.directory" })
        let state = live.paths.logs + "/state/nav.json"
        #expect(live.waitUntil { FileManager.default.fileExists(atPath: state) })
        try FileManager.default.removeItem(atPath: live.paths.logs)
        let names = ["/state/nav.json", "/execution/logs.checkpoint", "/fairlead.log"]
        #expect(
            live.waitUntil(seconds: 20) {
                names.allSatisfy { FileManager.default.fileExists(atPath: live.paths.logs + $0) }
            }
        )
        #expect(try live.waitUntil { try live.ask(.health)["is_healthy"]?.bool == true })
    }

    /// Goal: a history that can't be used is not put aside in silence.
    /// Method: spoil the file between two lives, and look for the line.
    @Test func aHistoryThatIsPutAsideIsTold() throws {
        let live = try LiveFixture(overrides: Self.fast)
        #expect(live.waitUntil { FileManager.default.fileExists(atPath: live.paths.history) })
        live.stop()
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: live.paths.history + suffix) {
            try FileManager.default.removeItem(atPath: live.paths.history + suffix)
        }
        try Data("this is no database".utf8).write(to: URL(fileURLWithPath: live.paths.history))
        try live.start(overrides: Self.fast)
        let path = live.paths.logs + "/fairlead.log"
        #expect(
            try live.waitUntil(seconds: 20) {
                let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                return lines.contains {
                    $0.contains(#""event":"history""#) && $0.contains(#""level":"warning""#)
                        && $0.contains("is put aside as \(live.paths.history).damaged-1")
                }
            }
        )
    }
}
