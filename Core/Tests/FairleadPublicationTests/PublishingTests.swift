import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// A trading node, and beside it a replica with the state files and the logs.
@Suite struct PublishingTests {
    typealias Fixture = PublicationFixture

    /// What a run came to.
    struct Run {
        var journal: Digest256
        var commands: Digest256
        var fills: UInt64
        var disk: MemoryDisk
        var lines: [String]
    }

    /// How the publisher fares in a run.
    enum Publisher: CaseIterable {
        case off, on, failing, blocked
    }

    private static func play(_ publisher: Publisher, _ published: MemoryDisk, turns: Int = 40) throws -> Run {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        var setup = NodeSetup(disk: disk, configuration: try Fixture.configuration(), clock: clock)
        setup.preparesInline = true
        setup.runID = Digest128(high: 5, low: 6)
        var node = try Node.open(setup)
        var replica = try self.replica(disk, published)
        if publisher == .failing {
            published.setHook { operation, _ in operation == .read || operation == .size ? nil : .fail(.noSpace) }
        }
        for turn in 0..<turns {
            let more = turn % 3 == 0 ? #","stop_loss":"1""# : ""
            let symbol = ["BTCUSDT", "ETHUSDT", "SOLUSDT"][turn % 3]
            _ = node.offer(signal: Fixture.signal("p\(turn)", symbol: symbol, more: more), source: .file, ticket: 1)
            let end = clock.now + .seconds(3)
            while true {
                node.pump()
                if node.nextWake > end { break }
                clock.advance(to: max(node.nextWake, clock.now))
            }
            clock.advance(to: end)
            node.pump()
            try node.committer.commit()
            if publisher == .on || publisher == .failing {
                // Snapshot marks are no part of what a publisher does: they are left to the runtime.
                while try replica.work(
                    durableThrough: node.committer.durableThrough,
                    at: clock.now - Fixture.start
                ).isBehind {}
            }
        }
        if publisher == .on {
            try replica.finish(durableThrough: node.committer.durableThrough, at: clock.now - Fixture.start)
        }
        let isFailing = replica.report.isFailing
        #expect(isFailing == (publisher == .failing))
        let fills = node.withEngine { $0.counters.fills }
        return Run(
            journal: try JournalVerifier.verify(disk).hash,
            commands: node.commandHash,
            fills: fills,
            disk: disk,
            lines: try replayed(disk)
        )
    }

    private static func replica(_ disk: MemoryDisk, _ published: MemoryDisk) throws -> Replica {
        Replica(
            disk,
            observers: [
                StateFiles(published, software: Fixture.software),
                ExecutionLogs(published, fileBytes: 20_000, filesKept: 100),
                ExecutionLogs(health: published, fileBytes: 500, filesKept: 100),
            ],
            snapshotter: try Snapshotter(disk, interval: 3000, kept: 2, marketByteLimit: 1 << 30),
            period: .seconds(1)
        )
    }

    /// What `journal replay` tells of the notices that have a log, in their order.
    private static func replayed(_ disk: MemoryDisk) throws -> [String] {
        var names = RunNames(try JournalReach.configuration(disk).engine.instruments)
        var lines: [String] = []
        var replayer = try Replayer(disk)
        try replayer.run { item in
            if case .record(let record) = item { names.note(record) }
            guard case .notice(let entry) = item, let log = ExecutionLog(entry.notice) else { return }
            var writer = JSONWriter()
            let stamp = RecordStamp(sequence: entry.sequence, time: entry.time)
            NoticeText.write(entry.notice, stamp, names: names, to: &writer)
            lines.append("\(log.rawValue) \(writer.text)")
        }
        return lines
    }

    /// Goal (S-21): with the publisher on, off, failing or blocked, the orders and the journal are the same.
    /// Method: the same run under each; hashes side by side.
    @Test func publishingChangesNoOrder() throws {
        let runs = try Publisher.allCases.map { try Self.play($0, MemoryDisk()) }
        #expect(runs[0].fills > 5)
        #expect(Set(runs.map(\.commands)).count == 1)
        #expect(Set(runs.map(\.journal)).count == 1)
    }

    /// Goal: what is published of a run is what its journal says: files of one cycle that agree and keep their schemas,
    /// and logs that equal the replay's notices. Method: a run with the publisher on; everything read back.
    @Test func whatIsPublishedIsTheJournals() throws {
        let published = MemoryDisk()
        let run = try Self.play(.on, published)
        var cycles: Set<UInt64> = []
        for file in StateFile.allCases {
            let document = try Fixture.document(published, file)
            #expect(try Fixture.schema(file).violation(of: document) == nil, "\(file.fileName)")
            cycles.insert(document["cycle"]?.count ?? 0)
        }
        #expect(cycles.count == 1)
        let (nav, risk) = (try Fixture.document(published, .nav), try Fixture.document(published, .riskSnapshot))
        #expect(nav["nav"] != nil)
        #expect(nav["nav"] == risk["nav"])
        let positions = try Fixture.document(published, .positionsState)["positions"]?.array ?? []
        #expect(!positions.isEmpty)
        let diagnostics = try Fixture.document(published, .diagnostics)["runtime_diagnostics"]
        let counters = diagnostics?["veto_counters"]
        #expect(counters?["total_signals"]?.count ?? 0 >= 40)
        #expect(diagnostics?["exit_pipeline"]?["open_positions_count"]?.integer == Int64(positions.count))
        for log in ExecutionLog.allCases {
            let texts = try Self.texts(published, log)
            let expected = run.lines.filter { $0.hasPrefix(log.rawValue + " ") }
                .map { String($0.dropFirst(log.rawValue.count + 1)) }
            #expect(texts == expected, "\(log.rawValue)")
        }
        #expect(run.lines.contains { $0.hasPrefix("fills ") })
    }

    private static func texts(_ disk: MemoryDisk, _ log: ExecutionLog) throws -> [String] {
        let files = try Fixture.files(disk)
        var texts: [String] = []
        var number = 0
        while let text = files[number == 0 ? log.fileName : "\(log.rawValue).\(number).jsonl"] {
            texts.insert(contentsOf: text.split(separator: "\n").map(String.init), at: 0)
            number += 1
        }
        return texts
    }

    /// Goal: a publisher that fell behind catches up within two periods once its disk works again (L-11).
    /// Method: a full disk for a while; the next two moments after it.
    @Test func filesCatchUp() throws {
        let published = MemoryDisk()
        let run = try Self.play(.failing, published)
        published.setHook(nil)
        var replica = try Self.replica(run.disk, published)
        let last = try JournalVerifier.verify(run.disk).lastSequence
        for second in 0..<2 {
            while try replica.work(durableThrough: last, at: .seconds(Int64(second))).isBehind {}
        }
        let cycle = try Fixture.document(published, .nav)["cycle"]?.count ?? 0
        #expect(cycle + 1 >= last)
    }
}
