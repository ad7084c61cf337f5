import FairleadModel
import Foundation
import Testing

@testable import FairleadJournal

/// The journal that version 1 wrote. Never make it again: a later build must read these bytes, or refuse them by name.
@Suite struct GoldenJournalTests {
    private static let seed: UInt64 = 1
    private static var file: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Golden/journal-version-1.segment")
    }

    /// Every event twice and every other record, with the engine's time counted up.
    private func bodies() -> [RecordBody] {
        var samples = Samples(seed: Self.seed)
        var bodies = [samples.body(.manifest), samples.body(.configuration)]
        for _ in 0..<2 { for kind in EventKind.allCases { bodies.append(.event(samples.event(kind))) } }
        for type in RecordType.allCases { bodies.append(samples.body(type)) }
        return bodies
    }

    private func written(_ bodies: [RecordBody]) throws -> [UInt8] {
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(12_288))
        for (index, body) in bodies.enumerated() {
            _ = try writer.append(body, at: Timestamp(nanoseconds: Int64(index)))
        }
        return try disk.readAll(JournalFormat.segmentName(1), limit: 1 << 20)
    }

    /// Goal: this build reads what version 1 wrote, and writes the same bytes. Method: every record of the
    /// committed segment, its hash, and what this build writes of the same records. The generator (run with
    /// `FAIRLEAD_WRITE_GOLDEN=1` where the file is missing) may change; the file may not.
    @Test func versionOneIsReadAndWritten() throws {
        if ProcessInfo.processInfo.environment["FAIRLEAD_WRITE_GOLDEN"] == "1",
            !FileManager.default.fileExists(atPath: Self.file.path)
        {
            try Data(try written(bodies())).write(to: Self.file)
        }
        let golden = [UInt8](try Data(contentsOf: Self.file))
        let disk = MemoryDisk()
        disk.place(JournalFormat.segmentName(1), golden)
        let (records, end) = try readAll(disk)
        #expect(end == .clean)
        #expect(records.count == 79)
        #expect(records.map(\.time.nanoseconds) == (0..<Int64(records.count)).map { $0 })
        let report = try JournalVerifier.verify(disk)
        #expect(report.events.map(\.kind.rawValue) == Array(0..<34))
        #expect(report.events.allSatisfy { $0.count >= 2 })
        #expect(Set(records.map(\.header.type.rawValue)) == [1, 2, 3, 4, 5, 16, 17, 18, 19])
        #expect(report.hash.description == Self.hash)
        #expect(try written(records.map(\.body)) == golden)
    }

    private static let hash = "0742dffc061f8dfead56e0134e55f5231295545423dc5eb9b19c161b5c402a3f"
}
