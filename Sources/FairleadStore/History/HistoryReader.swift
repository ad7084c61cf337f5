public import FairleadModel
internal import FairleadNode
internal import GRDB

/// Answers from a history that may be written meanwhile. Reads only; each answer is of one moment.
public final class HistoryReader {
    public let path: String
    /// The journal that the history is of.
    public let journal: String
    /// The input through which it was complete when it was opened, and the engine's time there.
    public let storedThrough: UInt64
    public let storedTime: Timestamp
    /// The first input of which nothing is missing from there on: behind the newest gap, and what retention has left.
    public let keptSince: UInt64
    /// By handle, with symbol, venue and multiplier only.
    public let instruments: [Instrument]
    private let queue: DatabaseQueue
    private let names: HistoryNames

    public init(path: String) throws(HistoryFault) {
        self.path = path
        let queue = try HistoryDatabase.openReading(path)
        var names = HistoryNames()
        var instruments: [Instrument] = []
        let head = try HistoryDatabase.guarding(path) {
            try queue.read { try Self.head($0, path, &instruments, &names) }
        }
        (self.queue, self.names, self.instruments) = (queue, names, instruments)
        (journal, storedThrough, storedTime) = (head.journal, head.place.sequence, head.place.time)
        keptSince = head.keptSince
    }

    private static func head(
        _ database: Database,
        _ path: String,
        _ instruments: inout [Instrument],
        _ names: inout HistoryNames
    ) throws -> (journal: String, place: HistoryPlace, keptSince: UInt64) {
        let columns = "journal_id, stored_through, stored_ts, chain, kept_since"
        guard let row = try Row.fetchOne(database, sql: "SELECT \(columns) FROM history") else {
            throw HistoryFault.damaged(path: path, reason: "it says of no journal")
        }
        let found = try HistoryStore.header(row)
        let kept = (row[4] as DatabaseValue).integerOrZero
        let through = try Int64.fetchOne(database, sql: "SELECT max(through) FROM gaps")
        let gap = through.map { $0 < .max ? $0 + 1 : $0 } ?? 0
        for row in try Row.fetchAll(database, sql: "SELECT handle, name FROM strategies ORDER BY handle") {
            let index = try (row[0] as DatabaseValue).integer("handle")
            names.setStrategy(Int(clamping: min(max(index, 0), 65_535)), try (row[1] as DatabaseValue).text("name"))
        }
        let sql = "SELECT symbol, venue, multiplier FROM instruments ORDER BY handle"
        for row in try Row.fetchAll(database, sql: sql) { instruments.append(try instrument(row)) }
        _ = names.update(instruments)
        return (found.journal, found.place, UInt64(clamping: max(kept, gap)))
    }

    /// Symbol, venue and multiplier; the rest of its terms is not the history's to tell.
    private static func instrument(_ row: Row) throws(HistoryFault) -> Instrument {
        let name = try (row[1] as DatabaseValue).text("venue")
        let venue = (0...UInt8.max).map { VenueHandle(index: $0) }.first { $0.name == name }
        let multiplier = Int32(exactly: try (row[2] as DatabaseValue).integer("multiplier"))
        guard let venue, let multiplier else { throw .unreadable(column: "venue", reason: "'\(name)' is no venue") }
        let terms = InstrumentTerms(
            tick: Price(raw: 1),
            lot: Quantity(raw: 1),
            minimumQuantity: .zero,
            maximumQuantity: .bound,
            multiplier: multiplier,
            venue: venue
        )
        return Instrument(symbol: try (row[0] as DatabaseValue).text("symbol"), terms: terms, origin: "")
    }

    /// By handle.
    public var strategies: [String] { names.strategies }

    func reading<Result>(_ body: (Database) throws -> Result) throws(HistoryFault) -> Result {
        try HistoryDatabase.guarding(path) { try queue.read(body) }
    }

    // MARK: - Signals

    /// The first signal of a sender's id; nil where none is known.
    public func signal(id: String) throws(HistoryFault) -> SignalNumber? {
        try number("SELECT min(number) FROM signals WHERE signal_id = ?", id.databaseValue)
    }

    /// The signal that was accepted as this intent.
    public func signal(intent: IntentID) throws(HistoryFault) -> SignalNumber? {
        let text = intent.description.databaseValue
        if let found = try number("SELECT min(signal) FROM acknowledgements WHERE intent_id = ?", text) { return found }
        // Accepted before this history begins.
        return try number("SELECT min(signal) FROM orders WHERE intent_id = ?", text)
    }

    /// Whether anything is known of a number.
    public func knows(_ number: SignalNumber) throws(HistoryFault) -> Bool {
        let value = number.column.databaseValue
        if try self.number("SELECT number FROM signals WHERE number = ?", value) != nil { return true }
        return try self.number("SELECT signal FROM acknowledgements WHERE signal = ? LIMIT 1", value) != nil
    }

    private func number(_ sql: String, _ argument: DatabaseValue) throws(HistoryFault) -> SignalNumber? {
        try reading { database in
            let row = try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [argument])
            guard let value = row?[0] as DatabaseValue?, !value.isNull else { return nil }
            return SignalNumber(column: try value.integer("number"))
        }
    }

    /// Everything that is stored of a signal.
    public func story(of number: SignalNumber) throws(HistoryFault) -> SignalStory {
        try reading { database in
            var story = SignalStory()
            try signal(number, database, &story)
            story.entries = try rows(of: number, database).sorted { $0.id < $1.id }.map(\.entry)
            return story
        }
    }

    /// Everything that the engine said of a signal, in no order.
    func rows(of number: SignalNumber, _ database: Database) throws -> [(id: Int64, entry: NoticeEntry)] {
        var rows: [(id: Int64, entry: NoticeEntry)] = []
        try collect(SignalAcknowledgement.self, number, database, &rows) { .acknowledged($0) }
        try collect(SizingRecord.self, number, database, &rows) { .sized($0) }
        try collect(RiskDecision.self, number, database, &rows) { .riskDecided($0) }
        let decisions = rows.filter { if case .riskDecided = $0.entry.notice { true } else { false } }.map(\.id)
        var last: Int64 = 0
        for decision in decisions.sorted() {
            try riskRows(number, after: last, before: decision, database, &rows)
            last = decision
        }
        try collect(RouteDecision.self, number, database, &rows) { .routed($0) }
        try collect(ArmDecision.self, number, database, &rows) { .armChosen($0) }
        try orderEvents(number, database, &rows)
        try collect(FillRecord.self, number, database, &rows) { .filled($0) }
        try collect(ParentRecord.self, number, database, &rows) { .parentClosed($0) }
        try collect(LevelRecord.self, number, database, &rows) { .levelChanged($0) }
        try collect(ProgressRecord.self, number, database, &rows) { .progressed($0) }
        try collect(ClosedTrade.self, number, database, &rows) { .tradeClosed($0) }
        try collect(OperatorRefused.self, number, database, &rows) { .operatorRefused($0) }
        try collect(FillMeasure.self, number, database, &rows) { .fillMeasured($0) }
        try collect(MarkoutMeasure.self, number, database, &rows) { .markoutMeasured($0) }
        try collect(ShortfallMeasure.self, number, database, &rows) { .shortfallMeasured($0) }
        return rows
    }

    private func signal(_ number: SignalNumber, _ database: Database, _ story: inout SignalStory) throws {
        let sql = "SELECT \(StoredSignal.columns.joined(separator: ", ")) FROM signals WHERE number = ?"
        guard let row = try Row.fetchOne(database, sql: sql, arguments: [number.column]) else { return }
        var found = StoredSignal(number)
        var walk = ColumnWalk.reading(row, from: 0, names)
        found.visitColumns(&walk)
        if let fault = walk.fault { throw fault }
        story.signalID = found.signalID
        story.refusal = found.refusal
        story.meta = found.meta
        story.terms = found.terms
        story.stamp = RecordStamp(sequence: found.sequence, time: found.time)
    }

    func collect<Record: HistoryRecord>(
        _ type: Record.Type,
        _ number: SignalNumber,
        _ database: Database,
        _ rows: inout [(id: Int64, entry: NoticeEntry)],
        _ wrap: (Record) -> Notice
    ) throws {
        let sql = Self.selection(of: type) + " WHERE signal = ?"
        let cursor = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [number.column])
        while let row = try cursor.next() { rows.append(try entry(row, wrap)) }
    }

    /// A decision's rows stand right before it, behind those of the decision before.
    private func riskRows(
        _ number: SignalNumber,
        after last: Int64,
        before decision: Int64,
        _ database: Database,
        _ rows: inout [(id: Int64, entry: NoticeEntry)]
    ) throws {
        let sql = Self.selection(of: RiskRow.self) + " WHERE id > ? AND id < ? AND signal = ?"
        let first = max(last, decision - Int64(VetoReason.allCases.count) - 1)
        let cursor = try Row.fetchCursor(
            database.cachedStatement(sql: sql),
            arguments: [first, decision, number.column]
        )
        while let row = try cursor.next() { rows.append(try entry(row) { (record: RiskRow) in .riskRow(record) }) }
    }

    static func selection<Record: HistoryRecord>(of type: Record.Type) -> String {
        let columns = HistoryRows.columns(of: Record.self)
        return "SELECT id, ts, \(columns.joined(separator: ", ")) FROM \(Record.table.rawValue)"
    }

    func entry<Record: HistoryRecord>(
        _ row: Row,
        _ wrap: (Record) -> Notice
    ) throws(HistoryFault) -> (id: Int64, entry: NoticeEntry) {
        let (id, time) = try Self.stamp(row)
        var record = Record.blank
        var walk = ColumnWalk.reading(row, from: 2, names)
        record.visitColumns(&walk)
        if let fault = walk.fault { throw fault }
        let sequence = HistoryID.sequence(of: id)
        return (id, NoticeEntry(sequence: sequence, time: time, notice: wrap(record)))
    }

    private static func stamp(_ row: Row) throws(HistoryFault) -> (Int64, Timestamp) {
        (
            try (row[0] as DatabaseValue).integer("id"),
            Timestamp(nanoseconds: try (row[1] as DatabaseValue).integer("ts"))
        )
    }

    private func orderEvents(
        _ number: SignalNumber,
        _ database: Database,
        _ rows: inout [(id: Int64, entry: NoticeEntry)]
    ) throws {
        let identity = HistoryRows.identityColumns.map { "o.\($0)" }
        let event = (HistoryRows.stepColumns + HistoryRows.standingColumns).map { "e.\($0)" }
        let sql =
            "SELECT e.id, e.ts, \((identity + event).joined(separator: ", ")) FROM orders o"
            + " JOIN order_events e ON e.order_id = o.id WHERE o.signal = ?"
        let cursor = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [number.column])
        while let row = try cursor.next() {
            let (id, time) = try Self.stamp(row)
            var (identity, step, standing) = (OrderIdentity(), OrderStep(), OrderStanding())
            var walk = ColumnWalk.reading(row, from: 2, names)
            identity.visitColumns(&walk)
            step.visitColumns(&walk)
            standing.visitColumns(&walk)
            if let fault = walk.fault { throw fault }
            let notice = Notice.orderChanged(OrderChange(identity, standing, step))
            rows.append((id, NoticeEntry(sequence: HistoryID.sequence(of: id), time: time, notice: notice)))
        }
    }

    // MARK: - Lists

    /// The newest fills, oldest first.
    public func fills(_ filter: HistoryFilter) throws(HistoryFault) -> [StoredFill] {
        try reading { database in
            let columns = HistoryRows.columns(of: FillRecord.self)
            let (condition, arguments) = filter.condition(time: "f.ts", symbol: "f.symbol")
            let sql =
                "SELECT f.id, f.ts, \(columns.map { "f.\($0)" }.joined(separator: ", ")), s.signal_id,"
                + " coalesce((SELECT strategy FROM parents p WHERE p.intent_id = f.intent_id LIMIT 1), s.strategy,"
                + " (SELECT source FROM acknowledgements a WHERE a.intent_id = f.intent_id AND a.source = 'screener'))"
                + " FROM fills f LEFT JOIN signals s ON s.number = f.signal\(condition)"
                + " ORDER BY \(filter.isByTime ? "f.ts DESC, " : "")f.id DESC LIMIT ?"
            var found: [StoredFill] = []
            let cursor = try Row.fetchCursor(
                database,
                sql: sql,
                arguments: StatementArguments(arguments + [filter.limit.databaseValue])
            )
            while let row = try cursor.next() {
                let entry = try entry(row) { (record: FillRecord) in .filled(record) }.entry
                let last = columns.count + 2
                found.append(
                    StoredFill(
                        entry: entry,
                        signalID: (row[last] as DatabaseValue).textOrNil,
                        strategy: (row[last + 1] as DatabaseValue).textOrNil
                    )
                )
            }
            return found.reversed()
        }
    }

    /// How many fills pass, whatever the limit.
    public func fillCount(_ filter: HistoryFilter) throws(HistoryFault) -> Int {
        try count("fills f", filter.condition(time: "f.ts", symbol: "f.symbol"))
    }

    /// How many orders pass, whatever the limit.
    public func orderCount(_ filter: HistoryFilter) throws(HistoryFault) -> Int {
        try count("orders", filter.condition(time: "updated_ts", symbol: "symbol"))
    }

    private func count(
        _ table: String,
        _ condition: (sql: String, arguments: [DatabaseValue])
    ) throws(HistoryFault) -> Int {
        try reading { database in
            let sql = "SELECT count(*) FROM \(table)\(condition.sql)"
            return try Int.fetchOne(database, sql: sql, arguments: StatementArguments(condition.arguments)) ?? 0
        }
    }

    /// Every live order and the newest closed ones, `limit` in all unless more are live; oldest first.
    public func orders(_ filter: HistoryFilter) throws(HistoryFault) -> [StoredOrder] {
        try reading { database in
            var live = filter
            live.limit = HistoryFilter.noLimit
            // Else the planner walks all that a symbol ever had for the few that live.
            var found = try orders(live, "is_live = 1", database, by: " INDEXED BY orders_live")
            var closed = filter
            closed.limit = max(0, filter.limit - found.count)
            found += try orders(closed, "is_live = 0", database)
            return found.sorted { $0.id < $1.id }
        }
    }

    private func orders(
        _ filter: HistoryFilter,
        _ state: String,
        _ database: Database,
        by index: String = ""
    ) throws -> [StoredOrder] {
        let (condition, arguments) = filter.condition(time: "updated_ts", symbol: "symbol")
        let columns = HistoryRows.identityColumns + HistoryRows.standingColumns
        let sql =
            "SELECT id, ts, updated_ts, \(columns.joined(separator: ", ")) FROM orders\(index)"
            + "\(condition.isEmpty ? " WHERE" : condition + " AND") \(state)"
            + " ORDER BY \(filter.isByTime ? "updated_ts DESC, " : "")id DESC LIMIT ?"
        let cursor = try Row.fetchCursor(
            database,
            sql: sql,
            arguments: StatementArguments(arguments + [filter.limit.databaseValue])
        )
        var found: [StoredOrder] = []
        while let row = try cursor.next() {
            let (id, created) = try Self.stamp(row)
            let updated = Timestamp(nanoseconds: try (row[2] as DatabaseValue).integer("updated_ts"))
            var (identity, standing) = (OrderIdentity(), OrderStanding())
            var walk = ColumnWalk.reading(row, from: 3, names)
            identity.visitColumns(&walk)
            standing.visitColumns(&walk)
            if let fault = walk.fault { throw fault }
            let change = OrderChange(identity, standing, OrderStep())
            found.append(StoredOrder(id: id, change: change, created: created, updated: updated))
        }
        return found
    }

    /// The senders' ids of signals.
    public func signalIDs(of numbers: [SignalNumber]) throws(HistoryFault) -> [(number: SignalNumber, id: String)] {
        try reading { database in
            var found: [(SignalNumber, String)] = []
            let statement = try database.cachedStatement(sql: "SELECT signal_id FROM signals WHERE number = ?")
            for number in numbers {
                let id = try String.fetchOne(statement, arguments: [number.column])
                if let id { found.append((number, id)) }
            }
            return found
        }
    }

    /// When the first signal from an input on was acknowledged; nil where none was.
    public func time(from sequence: UInt64) throws(HistoryFault) -> Timestamp? {
        let last = sequence == 0 ? 0 : HistoryID.last(through: sequence - 1)
        return try reading { database in
            let sql = "SELECT ts FROM acknowledgements WHERE id > ? ORDER BY id LIMIT 1"
            return try Int64.fetchOne(database, sql: sql, arguments: [last]).map { Timestamp(nanoseconds: $0) }
        }
    }

    /// Rows of each table.
    public func counts() throws(HistoryFault) -> [(table: String, rows: Int)] {
        try reading { database in
            try HistoryTable.allCases.map { table in
                (table.rawValue, try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table.rawValue)") ?? 0)
            }
        }
    }
}
