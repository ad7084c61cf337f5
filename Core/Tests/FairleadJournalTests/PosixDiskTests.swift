import FairleadModel
import Foundation
import Testing

@testable import FairleadJournal

/// A directory of a test's own, removed at its end.
private final class Scratch {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "fairlead-journal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }
    deinit { do { try FileManager.default.removeItem(atPath: path) } catch { print("left \(path): \(error)") } }

    func mode(_ name: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
}

@Suite struct PosixDiskTests {
    /// Goal: a journal on a real file system is the journal. Method: append over rotations, commit, seal, close, and
    /// read it all; files are for their owner only.
    @Test func aRealJournal() throws {
        let scratch = try Scratch()
        let directory = scratch.path + "/journal"
        let disk = try PosixDisk(path: directory)
        var samples = Samples(seed: 51)
        var written: [[UInt8]] = []
        do {
            var writer = try JournalWriter(disk, options: smallOptions(16_384, .disk))
            for _ in 0..<800 {
                let event = samples.event(samples.random.choice())
                let sequence = try writer.append(event, at: noon)
                written.append(EventCodec.encode(event))
                if sequence % 50 == 0 {
                    try writer.committer.work()
                    try writer.appendSeals(at: noon)
                    #expect(Bool(writer.isReleased(sequence)))
                }
            }
            try writer.close()
        }
        let report = try JournalVerifier.verify(try PosixDisk(path: directory, make: false))
        #expect(report.isSound)
        #expect(report.segments.count > 2)
        #expect(report.segments.first?.seal == .sealed)
        let inputs = try readAll(disk).records.filter { $0.header.type == .event }
        #expect(inputs.map(\.body.payload) == written)
        #expect(try scratch.mode("journal") == 0o700)
        for name in try disk.list() { #expect(try scratch.mode("journal/" + name) == 0o600) }
    }

    /// Goal: two processes never write one journal, and a reader needs no lock. Method: a child process tries while
    /// this one holds it; reading works meanwhile.
    @Test func anotherProcessIsLockedOut() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        let writer = try JournalWriter(try PosixDisk(path: path), options: smallOptions())
        await #expect(processExitsWith: .success) { [path = path as String] in
            let disk = try PosixDisk(path: path)
            do {
                _ = try JournalWriter(disk, options: smallOptions())
                exit(3)
            } catch {
                guard case JournalError.disk(let refusal) = error, refusal.kind == .locked else { exit(4) }
            }
            _ = try JournalReader(disk)
        }
        try writer.close()
        let again = try JournalWriter(try PosixDisk(path: path), options: smallOptions())
        #expect(Bool(!again.recovery.isNew))
    }

    /// What this thread has made the system write to storage so far; 0 for ever where files live in memory.
    private func writtenByteCount() throws -> Int {
        let text = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("write_bytes: ") })
        return try #require(Int(line.dropFirst("write_bytes: ".count)))
    }

    /// Goal: a sync writes the pages of its records, not the page cache's large folios around them. Method: counts the
    /// bytes written for one record at a time, in a new journal and again where it was opened again.
    @Test(arguments: [Durability.disk, .process]) func aSyncWritesPages(durability: Durability) throws {
        let scratch = try Scratch()
        for life in 0..<3 {
            var writer = try JournalWriter(
                try PosixDisk(path: scratch.path),
                options: smallOptions(4 << 20, durability)
            )
            // The first syncs may write what was prefaulted, and what was read on the way here.
            for _ in 0..<100 {
                _ = try writer.append(.signalReceived, at: noon)
                try writer.committer.commit()
            }
            let before = try writtenByteCount()
            for _ in 0..<20 {
                _ = try writer.append(.signalReceived, at: noon)
                try writer.committer.commit()
                writer.committer.prefaultAhead()
            }
            let each = (try writtenByteCount() - before) / 20
            #expect(each <= 64 << 10, "life \(life)")
            try writer.close()
        }
    }

    /// Goal: refusals of the system have their kind. Method: missing and existing files, a link, a missing directory.
    @Test func refusalsAreTyped() throws {
        let scratch = try Scratch()
        let disk = try PosixDisk(path: scratch.path)
        #expect(throws: DiskError(.read, "none", .notFound)) { try disk.read("none", from: 0, count: 1) }
        #expect(throws: DiskError(.remove, "none", .notFound)) { try disk.remove("none") }
        _ = try disk.createSegment("one", byteCount: 4096)
        #expect(throws: DiskError(.createSegment, "one", .alreadyExists)) {
            _ = try disk.createSegment("one", byteCount: 4096)
        }
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "/etc/passwd")
        #expect(throws: DiskError.self) { try disk.read("link", from: 0, count: 1) }
        #expect(try disk.list() == ["one"])
        #expect(throws: DiskError(.openDirectory, scratch.path + "/a/b", .notFound)) {
            _ = try PosixDisk(path: scratch.path + "/a/b")
        }
        #expect(FileManager.default.createFile(atPath: scratch.path + "/empty", contents: Data()))
        #expect(throws: DiskError(.openSegment, "empty", .empty)) { _ = try disk.openSegment("empty") }
        try disk.replace("small", [1, 2, 3])
        try disk.replace("small", [4])
        #expect(try disk.readAll("small", limit: 1) == [4])
        #expect(throws: DiskError(.read, "small", .tooLarge)) { try disk.readAll("small", limit: 0) }
    }
}
