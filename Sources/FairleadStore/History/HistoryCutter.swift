internal import FairleadModel
internal import GRDB

/// What retention removes: every row of inputs before a cut, but for orders that still live or have changed since.
struct HistoryCutter {
    /// Rows removed of one table in one transaction, so that no batch waits long behind it.
    static let piece = 5_000
    /// Free pages given back at a time.
    static let pages = 512

    private let retention: HistoryRetention

    init(_ retention: HistoryRetention) { self.retention = retention }

    /// The sequence before which rows go; nil where all may stay.
    func cut(_ database: Database, now: Timestamp) throws -> UInt64? {
        var cut: UInt64 = 0
        if retention.keepDays > 0, now.isKnown {
            let oldest = now + .hours(-24 * Int64(retention.keepDays))
            cut = try Self.firstYoung(database, oldest)
        }
        if retention.maximumBytes > 0, try Self.usedBytes(database) > retention.maximumBytes {
            let ends = try Row.fetchOne(database, sql: "SELECT min(id), max(id) FROM acknowledgements")
            let oldest = ends.map { ($0[0] as DatabaseValue).integerOrZero } ?? 0
            let newest = ends.map { ($0[1] as DatabaseValue).integerOrZero } ?? 0
            // A tenth of what there is, and at least one input.
            let first = HistoryID.sequence(of: oldest)
            cut = max(cut, first + max(1, (HistoryID.sequence(of: newest) - first) / 10))
        }
        let kept = try Int64.fetchOne(database, sql: "SELECT kept_since FROM history") ?? 0
        let hasOlder = try Self.hasRows(database, before: max(cut, UInt64(clamping: kept)))
        if cut <= UInt64(clamping: kept) { return hasOlder ? UInt64(clamping: kept) : nil }
        return cut
    }

    /// The input of the first row that is young enough; one behind the newest where all are old. Rows are in the order
    /// of time, and what is walked over goes.
    private static func firstYoung(_ database: Database, _ oldest: Timestamp) throws -> UInt64 {
        var (young, newest) = (Int64.max, Int64(0))
        for table in [HistoryTable.acknowledgements, .orderEvents, .fills, .parents] {
            let name = table.rawValue
            let sql = "SELECT id FROM \(name) WHERE ts >= ? ORDER BY id LIMIT 1"
            young = min(young, try Int64.fetchOne(database, sql: sql, arguments: [oldest.nanoseconds]) ?? .max)
            newest = max(newest, try Int64.fetchOne(database, sql: "SELECT max(id) FROM \(name)") ?? 0)
        }
        if young < .max { return HistoryID.sequence(of: young) }
        return newest == 0 ? 0 : HistoryID.sequence(of: newest) + 1
    }

    private static func hasRows(_ database: Database, before cut: UInt64) throws -> Bool {
        guard cut > 0 else { return false }
        let sql = "SELECT id FROM acknowledgements WHERE id <= ? LIMIT 1"
        return try Int64.fetchOne(database, sql: sql, arguments: [HistoryID.last(through: cut - 1)]) != nil
    }

    /// Of pages that hold something.
    static func usedBytes(_ database: Database) throws -> Int {
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        return size * (count - free)
    }

    /// Removes a piece; true when nothing is left before the cut.
    static func remove(_ database: Database, before cut: UInt64) throws -> (count: Int, isDone: Bool) {
        let last = cut == 0 ? 0 : HistoryID.last(through: cut - 1)
        try database.execute(
            sql: "UPDATE history SET kept_since = max(kept_since, ?)",
            arguments: [Int64(clamping: cut)]
        )
        var (count, isDone) = (0, true)
        // What the others are found by goes last: a cut that is interrupted is found again.
        for table in HistoryTable.allCases.reversed() {
            guard let condition = condition(table) else { continue }
            let limit = table == .signals ? Int64(clamping: cut) - 1 : last
            let key = table.key
            try database.execute(
                sql: "DELETE FROM \(table.rawValue) WHERE \(key) IN "
                    + "(SELECT \(key) FROM \(table.rawValue) WHERE \(condition) LIMIT \(piece))",
                arguments: [limit]
            )
            count += database.changesCount
            if database.changesCount == piece {
                isDone = false
                break
            }
        }
        return (count, isDone)
    }

    private static func condition(_ table: HistoryTable) -> String? {
        switch table {
        case .instruments, .strategies: nil
        case .signals: "sequence <= ?"
        case .orders: "updated_id <= ? AND is_live = 0"
        case .acknowledgements, .sizings, .riskRows, .decisions, .routes, .orderEvents, .fills, .parents, .levels,
            .refusals, .fillMeasures, .markouts, .shortfalls, .fundings, .progress, .trades, .arms, .riskChanges,
            .positionDecisions:
            "id <= ?"
        }
    }

    /// Gives freed pages back to the file system, a few at a time.
    static func giveBack(_ database: Database) throws {
        let statement = try database.makeStatement(sql: "PRAGMA incremental_vacuum(\(pages))")
        let rows = try Row.fetchCursor(statement)
        while try rows.next() != nil {}
    }
}

extension DatabaseValue {
    var textOrNil: String? { if case .string(let value) = storage { value } else { nil } }
    var integerOrZero: Int64 { if case .int64(let value) = storage { value } else { 0 } }
}
