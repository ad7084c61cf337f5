import FairleadModel
import FairleadNode
import Foundation
import GRDB
import Testing

@testable import FairleadStore

/// Losing the history, in every way: the writer says so, and comes back with everything in it.
@Suite struct HistoryFaultTests {
    private static func whole(_ fixture: HistoryFixture, _ directory: HistoryDirectory) throws -> String {
        let path = directory.path + "/reference.sqlite"
        try fixture.write(to: path)
        return path
    }

    private static func expectEqual(_ path: String, _ reference: String) throws {
        let (difference, rows) = try HistoryComparison.difference(path, reference)
        #expect(difference == nil, "\(difference.map { "\($0)" } ?? "")")
        #expect(rows > 100)
    }

    /// Goal: a file that is removed while it is written is noticed, and made again. Method: it is unlinked between two
    /// batches; the writer fails, is opened again, and its new file holds everything.
    @Test func removedUnderTheWriter() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 21, minutes: 2, signals: 25)
        let writer = HistoryWriter(path: directory.file)
        try fixture.show(to: writer, through: 600, piece: 300)
        for name in directory.names { try FileManager.default.removeItem(atPath: directory.path + "/" + name) }
        var rest = try Replayer(fixture.disk)
        try rest.show(to: writer, piece: 5_000)
        #expect(writer.hasFailed)
        #expect(writer.fault == .removed(path: directory.file))
        #expect(writer.health.failures == 1)
        try fixture.show(to: writer)
        #expect(!writer.hasFailed)
        #expect(writer.health.fault == nil)
        try Self.expectEqual(directory.file, try Self.whole(fixture, directory))
    }

    /// Goal: what is no database, or half of one, is put aside and made again. Method: garbage, a file cut in the
    /// middle, one whose tables are gone, and one that says of no journal, each under a new writer.
    @Test(arguments: ["garbage", "cut", "tables", "empty row"]) func damagedFile(_ kind: String) throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 22, minutes: 2, signals: 25)
        try fixture.write(to: directory.file)
        let file = URL(fileURLWithPath: directory.file)
        switch kind {
        case "garbage": try Data(repeating: 0x5A, count: 70_000).write(to: file)
        case "cut":
            let bytes = try Data(contentsOf: file)
            try bytes.prefix(bytes.count / 3).write(to: file)
        case "tables": try directory.execute("DROP TABLE fills")
        default: try directory.execute("UPDATE history SET stored_through = -4")
        }
        let writer = HistoryWriter(path: directory.file)
        // A file whose tables are wrong is only found out when they are written; the second opening puts it aside.
        try directory.rewind(kind)
        try fixture.show(to: writer)
        if writer.hasFailed { try fixture.show(to: writer) }
        #expect(!writer.hasFailed, "\(writer.health.fault ?? "")")
        #expect(writer.counters.putAside == 1)
        #expect(writer.putAside?.path.contains(".damaged-1") == true)
        #expect(directory.names.contains { $0.hasPrefix("history.sqlite.damaged-1") })
        try Self.expectEqual(directory.file, try Self.whole(fixture, directory))
    }

    /// Goal: a history of another journal is kept, under a name that tells of which. Method: one file, two journals.
    @Test func otherJournal() throws {
        let directory = try HistoryDirectory()
        let first = try HistoryFixture(seed: 23, minutes: 1, signals: 10)
        let second = try HistoryFixture(seed: 24, minutes: 2, signals: 25)
        try first.write(to: directory.file)
        let writer = try second.write(to: directory.file)
        let name = "history.sqlite.of-\("\(try first.journal.id)".prefix(8))-1"
        #expect(directory.names.contains(name))
        #expect(writer.putAside?.path.hasSuffix(name) == true)
        try Self.expectEqual(directory.file, try Self.whole(second, directory))
        let kept = try HistoryReader(path: directory.path + "/" + name)
        #expect(kept.storedThrough == first.last)
    }

    /// Goal: a history that knows more than what survived is not believed, and one whose last record is another isn't
    /// either. Method: a journal that ends earlier; a checksum that is changed.
    @Test func anotherPast() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 25, minutes: 2, signals: 25)
        try fixture.write(to: directory.file)
        let writer = HistoryWriter(path: directory.file)
        writer.open(JournalIdentity(id: try fixture.journal.id, durableThrough: fixture.last - 1))
        #expect(!writer.hasFailed)
        #expect(writer.storedThrough == 0)
        #expect(writer.putAside?.reason.contains("beyond the journal's end") == true)
        try fixture.write(to: directory.file)
        try directory.execute("UPDATE history SET chain = chain + 1, stored_through = stored_through - 10")
        let other = HistoryWriter(path: directory.file)
        try fixture.show(to: other)
        #expect(other.hasFailed)
        try fixture.show(to: other)
        #expect(!other.hasFailed)
        try Self.expectEqual(directory.file, try Self.whole(fixture, directory))
    }

    /// Goal: a file of a later version is left as it is, by writer and reader. Method: `user_version` raised.
    @Test func newerSchema() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 26, minutes: 1, signals: 5)
        try fixture.write(to: directory.file)
        try directory.execute("PRAGMA user_version = 10")
        let writer = HistoryWriter(path: directory.file)
        try fixture.show(to: writer)
        #expect(writer.fault == .newerSchema(path: directory.file, found: 10, known: HistorySchema.version))
        #expect(writer.counters.putAside == 0)
        #expect(throws: HistoryFault.self) { try HistoryReader(path: directory.file) }
        #expect(!directory.names.contains { $0.contains("damaged") })
    }

    /// Goal: a full disk stops the history, and more room lets it go on where it was. Method: a bound of pages between
    /// those of an empty file and those that the journal needs, then none.
    @Test func fullDisk() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 27, minutes: 2, signals: 25)
        var options = HistoryOptions()
        let reference = try Self.whole(fixture, directory)
        let empty = try HistoryDatabase.open(directory.path + "/empty.sqlite")
        options.maximumPages = (try Self.pages(empty) + Self.pages(try HistoryDatabase.openReading(reference))) / 2
        let writer = HistoryWriter(path: directory.file, options: options)
        try fixture.show(to: writer, piece: 100)
        #expect(writer.hasFailed)
        guard case .full = writer.fault else {
            Issue.record("\(writer.health.fault ?? "no fault")")
            return
        }
        let reader = try HistoryReader(path: directory.file)
        #expect(reader.storedThrough > 0)
        #expect(reader.storedThrough < fixture.last)
        let other = HistoryWriter(path: directory.file)
        try fixture.show(to: other)
        #expect(other.counters.putAside == 0)
        try Self.expectEqual(directory.file, reference)
    }

    private static func pages(_ queue: DatabaseQueue) throws -> Int {
        try queue.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    }

    /// Goal: a lock of another process makes a batch fail, not wait for ever, and nothing of it is lost. Method: a
    /// second connection holds the write lock over a batch, then gives it up.
    @Test func lockedByAnother() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 28, minutes: 2, signals: 25)
        let writer = HistoryWriter(path: directory.file)
        try fixture.show(to: writer, through: 500, piece: 100)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: directory.file, configuration: configuration)
        try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        var rest = try Replayer(fixture.disk)
        try rest.show(to: writer, piece: 100)
        #expect(writer.fault == .locked(path: directory.file))
        try fixture.show(to: writer)
        #expect(writer.hasFailed)
        try other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try fixture.show(to: writer)
        #expect(!writer.hasFailed)
        #expect(writer.counters.putAside == 0)
        try Self.expectEqual(directory.file, try Self.whole(fixture, directory))
    }

    /// Goal: a place where nothing can be written is told, and used once it can be. Method: a directory that isn't
    /// there, one without the right to write, and a directory in the file's place.
    @Test func placeThatCannotBeWritten() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 29, minutes: 1, signals: 5)
        let missing = HistoryWriter(path: directory.path + "/none/history.sqlite")
        try fixture.show(to: missing)
        #expect(missing.hasFailed)
        #expect(missing.storedThrough == 0)
        try FileManager.default.createDirectory(
            atPath: directory.path + "/none",
            withIntermediateDirectories: true
        )
        try fixture.show(to: missing)
        #expect(!missing.hasFailed)

        try FileManager.default.createDirectory(atPath: directory.file, withIntermediateDirectories: true)
        let taken = HistoryWriter(path: directory.file)
        try fixture.show(to: taken)
        #expect(taken.hasFailed)

        // Root may write everywhere.
        if geteuid() == 0 { return }
        let closed = directory.path + "/closed"
        try FileManager.default.createDirectory(
            atPath: closed,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o500]
        )
        let writer = HistoryWriter(path: closed + "/history.sqlite")
        try fixture.show(to: writer)
        #expect(writer.hasFailed)
    }
}

extension HistoryDirectory {
    /// Tables that are wrong are met only where something is left to write.
    func rewind(_ kind: String) throws {
        if kind == "tables" { try execute("UPDATE history SET stored_through = 0, chain = 0") }
    }
}
