internal import FairleadModel
internal import Foundation
internal import GRDB

/// The file of a history: opened, judged, put aside.
enum HistoryDatabase {
    /// How long a write or a read waits for another's lock, in seconds.
    static let patience = 0.25

    /// Opens the file for writing, makes it where there is none, and brings its tables up to this version.
    ///
    /// `maximumPages` bounds the file, for tests of a full disk.
    static func open(
        _ path: String,
        isBulk: Bool = false,
        maximumPages: Int? = nil
    ) throws(HistoryFault) -> DatabaseQueue {
        try makeFile(path)
        var configuration = Configuration()
        configuration.label = "history"
        configuration.foreignKeysEnabled = false
        // A transaction that a failing disk leaves open ends with its connection; it is no reason to trap.
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            // Before the first table: pages that retention frees can then be given back a few at a time.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            if isBulk {
                // A file that is made anew and replaces the old one only when it is whole.
                try database.execute(sql: "PRAGMA journal_mode = OFF")
                try database.execute(sql: "PRAGMA synchronous = OFF")
                try database.execute(sql: "PRAGMA cache_size = -65536")
            } else {
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                // A loss of power may cost the newest rows, never the file: the journal has them.
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                try database.execute(sql: "PRAGMA journal_size_limit = 16777216")
            }
            if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        return try guarding(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try check(queue, path)
            try HistorySchema.migrator.migrate(queue)
            return queue
        }
    }

    /// Opens the file for reading only. Throws `.missing` where there is none.
    static func openReading(_ path: String) throws(HistoryFault) -> DatabaseQueue {
        guard FileIdentity(path) != nil else { throw .missing(path: path) }
        var configuration = Configuration()
        configuration.label = "history reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        return try guarding(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let found = try check(queue, path)
            if found < HistorySchema.version {
                throw HistoryFault.refused(path: path, reason: "its tables are of schema \(found); a run renews them")
            }
            return queue
        }
    }

    /// The version of the tables, 0 of an empty file.
    @discardableResult
    private static func check(_ queue: DatabaseQueue, _ path: String) throws -> Int {
        let found = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        if found > HistorySchema.version {
            throw HistoryFault.newerSchema(path: path, found: found, known: HistorySchema.version)
        }
        return found
    }

    /// Nobody but its owner reads the file; SQLite gives its companions the same mode.
    private static func makeFile(_ path: String) throws(HistoryFault) {
        if FileIdentity(path) != nil { return }
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else { throw .refused(path: path, reason: "the file can't be made") }
    }

    /// Does what SQLite may refuse, and gives the refusal its name.
    static func guarding<Result>(_ path: String, _ body: () throws -> Result) throws(HistoryFault) -> Result {
        do {
            return try body()
        } catch let fault as HistoryFault {
            throw fault
        } catch let error as DatabaseError {
            throw fault(error, path)
        } catch {
            throw .refused(path: path, reason: "\(error)")
        }
    }

    private static func fault(_ error: DatabaseError, _ path: String) -> HistoryFault {
        let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(path: path)
        case .SQLITE_FULL: return .full(path: path, reason: reason)
        // A statement that doesn't fit the tables, or a row that contradicts another: not what we wrote.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_FORMAT,
            .SQLITE_SCHEMA:
            return .damaged(path: path, reason: reason)
        default: return .refused(path: path, reason: reason)
        }
    }
}
