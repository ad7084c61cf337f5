internal import FairleadEngine
public import FairleadModel
public import FairleadNode
internal import GRDB

/// What belongs to a signal beside its own decisions.
extension HistoryReader {
    /// The signal's own rows, those of the exits that its levels caused, the firings of the level whose exit it is, the
    /// trades that its fills are part of and every fill of those: in the journal's order, each once.
    public func related(to number: SignalNumber) throws(HistoryFault) -> [NoticeEntry] {
        try reading { database in
            let own = try self.rows(of: number, database)
            var rows = own
            for exit in try exits(causedBy: number, database) { rows += try self.rows(of: exit, database) }
            for case .acknowledged(let record) in own.map(\.entry.notice) where record.cause != .none {
                try collect(LevelRecord.self, record.cause, database, &rows) { .levelChanged($0) }
            }
            try trades(of: own.map(\.entry), database, &rows)
            var seen: Set<Int64> = []
            return rows.sorted { $0.id < $1.id }.filter { seen.insert($0.id).inserted }.map(\.entry)
        }
    }

    private func exits(causedBy number: SignalNumber, _ database: Database) throws -> [SignalNumber] {
        let sql = "SELECT signal FROM acknowledgements WHERE caused_by = ?"
        return try Int64.fetchAll(database, sql: sql, arguments: [number.column]).map { SignalNumber(column: $0) }
    }

    /// The closed trades of the positions that a signal's fills went into, as far as one of the fills is in them, with
    /// all their fills.
    private func trades(
        of own: [NoticeEntry],
        _ database: Database,
        _ rows: inout [(id: Int64, entry: NoticeEntry)]
    ) throws {
        var spans: [PositionKey: (first: Timestamp, last: Timestamp)] = [:]
        for entry in own {
            guard case .filled(let fill) = entry.notice else { continue }
            let key = PositionKey(fill.execution.instrument, fill.execution.positionSide)
            spans[key] = (spans[key]?.first ?? entry.time, entry.time)
        }
        for (key, span) in spans {
            guard Int(key.instrument.index) < instruments.count else { continue }
            let place = [
                instruments[Int(key.instrument.index)].symbol.databaseValue, key.side.name.databaseValue,
            ]
            let sql =
                Self.selection(of: ClosedTrade.self)
                + " WHERE symbol = ? AND position_side = ? AND ts >= ? AND opened_ts <= ? ORDER BY ts, id"
            let arguments = StatementArguments(place + [span.first, span.last].map(\.nanoseconds.databaseValue))
            let found = try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
                try entry(row) { (record: ClosedTrade) in .tradeClosed(record) }
            }
            rows += found
            for case .tradeClosed(let trade) in found.map(\.entry.notice) {
                let sql =
                    Self.selection(of: FillRecord.self)
                    + " WHERE symbol = ? AND position_side = ? AND ts BETWEEN ? AND ? ORDER BY ts, id"
                let arguments = StatementArguments(
                    place + [trade.openedAt, trade.closedAt].map(\.nanoseconds.databaseValue)
                )
                let fills = try Row.fetchCursor(database, sql: sql, arguments: arguments)
                while let row = try fills.next() {
                    rows.append(try entry(row) { (record: FillRecord) in .filled(record) })
                }
            }
        }
    }
}
