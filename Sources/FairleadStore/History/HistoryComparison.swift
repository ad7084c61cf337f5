internal import GRDB

/// The first place where two histories differ.
public struct HistoryDifference: Hashable, Sendable, CustomStringConvertible {
    public var table: String
    public var id: Int64
    public var first: String
    public var second: String

    public var description: String { "\(table), row \(id): \(first) against \(second)" }
}

/// Compares two histories row by row, and writes one down as text.
public enum HistoryComparison {
    /// Every table's rows in the order of their keys, a line each: what two runs of the same must agree in.
    public static func dump(_ path: String) throws(HistoryFault) -> [String] {
        let queue = try HistoryDatabase.openReading(path)
        return try HistoryDatabase.guarding(path) {
            try queue.read { database in
                var lines: [String] = []
                for table in HistoryTable.allCases {
                    let cursor = try rows(table, database)
                    while let row = try cursor.next() { lines.append("\(table.rawValue)|\(text(row))") }
                }
                return lines
            }
        }
    }

    /// The first difference of the rows that both should have, of inputs from `sequence` on; nil when there is none.
    /// Counts what was compared. From a later beginning orders count that were made there.
    public static func difference(
        _ first: String,
        _ second: String,
        from sequence: UInt64 = 0
    ) throws(HistoryFault) -> (difference: HistoryDifference?, rows: Int) {
        let (one, other) = (try HistoryDatabase.openReading(first), try HistoryDatabase.openReading(second))
        return try HistoryDatabase.guarding(first) {
            try one.read { database in
                try other.read { otherDatabase in try compare(database, otherDatabase, sequence) }
            }
        }
    }

    private static func compare(
        _ one: Database,
        _ other: Database,
        _ first: UInt64
    ) throws -> (difference: HistoryDifference?, rows: Int) {
        var count = 0
        for table in HistoryTable.allCases {
            let (left, right) = (try rows(table, one, first), try rows(table, other, first))
            while true {
                let (a, b) = (try left.next(), try right.next())
                if a == nil, b == nil { break }
                if let a, let b, a == b {
                    count += 1
                    continue
                }
                let id = min(a.map(key) ?? .max, b.map(key) ?? .max)
                let shown = [a, b].map { row in row.map { key($0) == id ? text($0) : "no row" } ?? "no row" }
                let difference = HistoryDifference(table: table.rawValue, id: id, first: shown[0], second: shown[1])
                return (difference, count)
            }
        }
        return (nil, count)
    }

    private static func rows(
        _ table: HistoryTable,
        _ database: Database,
        _ first: UInt64 = 0
    ) throws -> RowCursor {
        let last = first > 1 ? HistoryID.last(through: first - 1) : 0
        let condition: String
        switch table {
        case .instruments, .strategies: condition = "? >= 0"
        case .signals: condition = "sequence << 24 > ?"
        case .orderEvents: condition = "min(id, order_id) > ?"
        case .acknowledgements, .sizings, .riskRows, .decisions, .routes, .orders, .fills, .parents, .levels,
            .refusals, .fillMeasures, .markouts, .shortfalls, .fundings, .progress, .trades, .arms, .riskChanges,
            .positionDecisions:
            condition = "id > ?"
        }
        return try Row.fetchCursor(
            database,
            sql: "SELECT * FROM \(table.rawValue) WHERE \(condition) ORDER BY \(table.key)",
            arguments: [last]
        )
    }

    private static func key(_ row: Row) -> Int64 { (row[0] as DatabaseValue).integerOrZero }

    private static func text(_ row: Row) -> String {
        row.map { column, value in "\(column)=\(value.isNull ? "" : text(value))" }.joined(separator: "|")
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: ""
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .blob(let data): "\(data.count) bytes"
        }
    }
}
