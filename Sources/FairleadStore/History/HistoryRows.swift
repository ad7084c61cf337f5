internal import FairleadModel
internal import GRDB

/// Writes rows through statements that are prepared once. Of one connection, inside its transactions only.
final class HistoryRows {
    private let database: Database
    private var walk: ColumnWalk
    private var statements: [HistoryTable: Statement] = [:]

    init(_ database: Database) {
        self.database = database
        walk = .writing(HistoryNames())
    }

    var names: HistoryNames {
        get { walk.names }
        set { walk.names = newValue }
    }

    // MARK: - Records

    func insert<Record: HistoryRecord>(_ record: Record, _ id: Int64, _ time: Timestamp) throws {
        let statement = try statement(Record.table) {
            Self.insertion(Record.table, ["id", "ts"] + Self.columns(of: Record.self))
        }
        begin(id, time)
        var record = record
        record.visitColumns(&walk)
        try run(statement)
    }

    /// A change of an order: its row, made or brought up to it, and the event.
    func insert(_ change: OrderChange, _ id: Int64, _ time: Timestamp) throws {
        if change.id.isNone { return }
        var identity = OrderIdentity(change)
        var standing = OrderStanding(change)
        var step = OrderStep(change)
        begin(id, time)
        identity.visitColumns(&walk)
        standing.visitColumns(&walk)
        put(id, time, isLive: !change.to.isTerminal)
        try run(try statement(.orders) { Self.orderInsertion })
        begin(id, time)
        walk.put(change.id.description.databaseValue)
        step.visitColumns(&walk)
        standing.visitColumns(&walk)
        try run(try statement(.orderEvents) { Self.eventInsertion })
    }

    private func put(_ id: Int64, _ time: Timestamp, isLive: Bool) {
        walk.put(id.databaseValue)
        walk.put(time.nanoseconds.databaseValue)
        walk.put((isLive ? 1 : 0).databaseValue)
    }

    func insert(_ signal: StoredSignal) throws {
        let statement = try statement(.signals) {
            Self.insertion(.signals, StoredSignal.columns)
        }
        walk.restart()
        var signal = signal
        signal.visitColumns(&walk)
        try run(statement)
    }

    func insert(strategy index: Int, _ name: String) throws {
        walk.restart()
        walk.put(index.databaseValue)
        walk.put(name.databaseValue)
        try run(
            try statement(.strategies) {
                "INSERT INTO strategies (handle, name) VALUES (?, ?)"
                    + " ON CONFLICT (handle) DO UPDATE SET name = excluded.name"
            }
        )
    }

    func insert(_ instruments: [Instrument]) throws {
        for (index, instrument) in instruments.enumerated() {
            walk.restart()
            walk.put(index.databaseValue)
            walk.put(instrument.symbol.databaseValue)
            walk.put(instrument.terms.venue.name.databaseValue)
            walk.put(instrument.terms.multiplier.databaseValue)
            try run(
                try statement(.instruments) {
                    "INSERT INTO instruments (handle, symbol, venue, multiplier) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (handle) DO UPDATE SET symbol = excluded.symbol, venue = excluded.venue,"
                        + " multiplier = excluded.multiplier"
                }
            )
        }
    }

    func insert(_ notice: Notice, _ id: Int64, _ time: Timestamp) throws {
        switch notice {
        case .acknowledged(let record): try insert(record, id, time)
        case .sized(let record): try insert(record, id, time)
        case .riskRow(let record): try insert(record, id, time)
        case .riskDecided(let record): try insert(record, id, time)
        case .routed(let record): try insert(record, id, time)
        case .armChosen(let record): try insert(record, id, time)
        case .orderChanged(let change): try insert(change, id, time)
        case .filled(let record): try insert(record, id, time)
        case .parentClosed(let record): try insert(record, id, time)
        case .levelChanged(let record): try insert(record, id, time)
        case .progressed(let record): try insert(record, id, time)
        case .tradeClosed(let record): try insert(record, id, time)
        case .operatorRefused(let record): try insert(record, id, time)
        case .fillMeasured(let record): try insert(record, id, time)
        case .markoutMeasured(let record): try insert(record, id, time)
        case .shortfallMeasured(let record): try insert(record, id, time)
        case .funded(let record): try insert(record, id, time)
        case .riskChanged(let record): try insert(record, id, time)
        case .positionDecided(let record): try insert(record, id, time)
        case .positionChanged, .profitMeasured, .tradingStateChanged, .riskModeChanged, .divergence, .alarm,
            .venueChanged, .policyComputed, .barClosed:
            break
        }
    }

    /// An order that was never told of is made; one that is known lives.
    func insert(_ seed: OrderSeed, _ id: Int64) throws {
        var seed = seed
        begin(id, seed.created)
        seed.identity.visitColumns(&walk)
        seed.standing.visitColumns(&walk)
        put(id, seed.updated, isLive: true)
        try run(
            try database.makeStatement(
                sql: Self.insertion(.orders, ["id", "ts"] + Self.identityColumns + Self.movingColumns)
                    + " ON CONFLICT (client_order_id) DO UPDATE SET is_live = 1"
            )
        )
    }

    func execute(_ sql: String, _ values: [DatabaseValue]) throws {
        try database.execute(sql: sql, arguments: StatementArguments(values))
    }

    // MARK: - Statements

    private func begin(_ id: Int64, _ time: Timestamp) {
        walk.restart()
        walk.put(id.databaseValue)
        walk.put(time.nanoseconds.databaseValue)
    }

    private func run(_ statement: Statement) throws {
        statement.setUncheckedArguments(StatementArguments(walk.values))
        try statement.execute()
    }

    private func statement(_ table: HistoryTable, _ text: () -> String) throws -> Statement {
        if let statement = statements[table] { return statement }
        let statement = try database.makeStatement(sql: text())
        statements[table] = statement
        return statement
    }

    static func columns(_ visit: (inout ColumnWalk) -> Void) -> [String] {
        var walk = ColumnWalk.naming()
        visit(&walk)
        return walk.columns
    }

    private static func insertion(_ table: HistoryTable, _ columns: [String]) -> String {
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return "INSERT INTO \(table.rawValue) (\(columns.joined(separator: ", "))) VALUES (\(places))"
    }

    static func columns<Record: HistoryRecord>(of type: Record.Type) -> [String] {
        columns { walk in
            var blank = Record.blank
            blank.visitColumns(&walk)
        }
    }

    static let identityColumns = columns { walk in
        var blank = OrderIdentity()
        blank.visitColumns(&walk)
    }

    static let standingColumns = columns { walk in
        var blank = OrderStanding()
        blank.visitColumns(&walk)
    }

    static let stepColumns = columns { walk in
        var blank = OrderStep()
        blank.visitColumns(&walk)
    }

    private static let movingColumns = standingColumns + ["updated_id", "updated_ts", "is_live"]

    private static var orderInsertion: String {
        insertion(.orders, ["id", "ts"] + identityColumns + movingColumns)
            + " ON CONFLICT (client_order_id) DO UPDATE SET "
            + movingColumns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    }

    private static var eventInsertion: String {
        let columns = stepColumns + standingColumns
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return "INSERT INTO order_events (id, ts, order_id, \(columns.joined(separator: ", "))) VALUES "
            + "(?, ?, (SELECT id FROM orders WHERE client_order_id = ?), \(places))"
    }
}

extension Notice {
    /// It has a row in the history.
    var isStored: Bool {
        switch self {
        case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .filled, .parentClosed,
            .levelChanged, .progressed, .operatorRefused, .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded,
            .tradeClosed, .riskChanged, .positionDecided:
            true
        case .positionChanged, .profitMeasured, .tradingStateChanged, .riskModeChanged, .divergence, .alarm,
            .venueChanged, .policyComputed, .barClosed:
            false
        }
    }
}

extension HistoryRows {
    /// The orders that live behind a gap. Those that the history held for live and the engine doesn't have any more
    /// have ended where nothing was told.
    func insert(seeds: [OrderSeed], gapEnd: UInt64) throws {
        try execute(
            "UPDATE orders SET is_live = 0 WHERE is_live = 1 AND updated_id <= ?",
            [HistoryID.last(through: gapEnd).databaseValue]
        )
        for (index, seed) in seeds.enumerated() {
            let id = try HistoryID.make(gapEnd, place: HistoryID.placeLimit / 2 + Int64(index))
            try insert(seed, id)
        }
    }
}
