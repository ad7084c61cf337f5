internal import FairleadModel
public import FairleadNode
internal import GRDB

extension HistoryReader {
    /// Everything that tells what executions cost, in the journal's order: measured fills, ends of parents, shortfalls
    /// and mark-outs.
    public func costs() throws(HistoryFault) -> [NoticeEntry] {
        try reading { database in
            var rows: [(id: Int64, entry: NoticeEntry)] = []
            try collectAll(FillMeasure.self, database, &rows) { .fillMeasured($0) }
            try collectAll(ParentRecord.self, database, &rows) { .parentClosed($0) }
            try collectAll(ShortfallMeasure.self, database, &rows) { .shortfallMeasured($0) }
            try collectAll(MarkoutMeasure.self, database, &rows) { .markoutMeasured($0) }
            rows.sort { $0.id < $1.id }
            return rows.map(\.entry)
        }
    }

    private func collectAll<Record: HistoryRecord>(
        _ type: Record.Type,
        _ database: Database,
        _ rows: inout [(id: Int64, entry: NoticeEntry)],
        _ wrap: (Record) -> Notice
    ) throws {
        let cursor = try Row.fetchCursor(database, sql: Self.selection(of: type))
        while let row = try cursor.next() { rows.append(try entry(row, wrap)) }
    }
}
