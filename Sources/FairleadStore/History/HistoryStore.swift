internal import FairleadEngine
internal import FairleadModel
internal import FairleadNode
internal import GRDB

/// What waits for its batch.
enum StagedRow {
    case notice(Notice, id: Int64, time: Timestamp)
    case signal(StoredSignal)
    case strategy(Int, String)
    case instruments([Instrument])
    case gap(after: UInt64, through: UInt64)
    case seeds([OrderSeed], gapEnd: UInt64)
}

/// Through which input a history is complete.
struct HistoryPlace: Hashable {
    var sequence: UInt64 = 0
    var time = Timestamp.never
    /// The checksum of the journal's record there; 0 where it isn't known.
    var chain: UInt32 = 0
}

/// An order that lives behind a gap, as the engine holds it.
struct OrderSeed {
    var identity = OrderIdentity()
    var standing = OrderStanding()
    var created: Timestamp
    var updated: Timestamp

    init(_ order: Order) {
        identity.id = order.id
        identity.number = order.number
        identity.instrument = order.instrument
        identity.side = order.side
        identity.positionSide = order.positionSide
        identity.type = order.type
        identity.timeInForce = order.timeInForce
        identity.reduceOnly = order.reduceOnly
        standing.state = order.state
        standing.price = order.price
        standing.quantity = order.quantity
        standing.filled = order.filled
        standing.venueOrderID = order.venueOrderID
        standing.endReason = order.endReason
        standing.trigger = order.isWaiting ? order.condition.trigger : .zero
        created = order.createdAt
        updated = order.updatedAt
    }
}

/// An open history: one connection, its statements, and the place that it stands for.
final class HistoryStore {
    let path: String
    private let queue: DatabaseQueue
    private let file: FileIdentity
    private let retentionInterval: Duration
    private(set) var place: HistoryPlace
    private var rows: HistoryRows?
    private var retainedAt: ContinuousClock.Instant?

    private init(_ path: String, _ queue: DatabaseQueue, _ journal: JournalIdentity, _ options: HistoryOptions) throws {
        self.path = path
        self.queue = queue
        retentionInterval = options.retentionInterval
        guard let file = FileIdentity(path) else { throw HistoryFault.removed(path: path) }
        self.file = file
        let id = "\(journal.id)"
        place = try queue.write { database in
            let sql = "SELECT journal_id, stored_through, stored_ts, chain FROM history"
            guard let row = try Row.fetchOne(database, sql: sql) else {
                let sql = "INSERT INTO history (id, journal_id, stored_through, stored_ts, chain, kept_since) "
                try database.execute(sql: sql + "VALUES (1, ?, 0, NULL, 0, 0)", arguments: [id])
                return HistoryPlace()
            }
            let found = try Self.header(row)
            if found.journal != id { throw HistoryFault.otherJournal(path: path, found: found.journal) }
            return found.place
        }
        // Only what survives a loss of power is ever given: a history that knows more is of a past that is lost.
        if place.sequence > journal.durableThrough {
            throw HistoryFault.damaged(path: path, reason: "it goes on to \(place.sequence), beyond the journal's end")
        }
    }

    /// Journal and place of the one row of `history`.
    static func header(_ row: Row) throws(HistoryFault) -> (journal: String, place: HistoryPlace) {
        let through = try (row[1] as DatabaseValue).integer("stored_through")
        let time = row[2] as DatabaseValue
        let chain = try (row[3] as DatabaseValue).integer("chain")
        guard through >= 0, let chain = UInt32(exactly: chain) else {
            throw .unreadable(column: "stored_through", reason: "is out of range")
        }
        return (
            try (row[0] as DatabaseValue).text("journal_id"),
            HistoryPlace(
                sequence: UInt64(through),
                time: time.isNull ? .never : Timestamp(nanoseconds: try time.integer("stored_ts")),
                chain: chain
            )
        )
    }

    // MARK: - Opening

    struct Opened {
        var store: HistoryStore
        var putAside: HistoryPutAside?
    }

    /// Opens the history of a journal. One that can't be used is put aside, and a new one begun.
    static func open(
        _ path: String,
        _ identity: JournalIdentity,
        _ options: HistoryOptions
    ) throws(HistoryFault) -> Opened {
        do throws(HistoryFault) {
            return Opened(store: try connect(path, identity, options))
        } catch {
            let word: String
            switch error {
            case .damaged, .unreadable: word = "damaged"
            case .otherJournal(_, let found): word = "of-\(found.prefix(8))"
            case .missing, .newerSchema, .removed, .locked, .full, .refused, .tooManyRows: throw error
            }
            let aside = HistoryPutAside(path: try HistoryFile.putAside(path, as: word), reason: "\(error)")
            return Opened(store: try connect(path, identity, options), putAside: aside)
        }
    }

    private static func connect(
        _ path: String,
        _ identity: JournalIdentity,
        _ options: HistoryOptions
    ) throws(HistoryFault) -> HistoryStore {
        let queue = try HistoryDatabase.open(path, isBulk: options.isBulk, maximumPages: options.maximumPages)
        return try HistoryDatabase.guarding(path) { try HistoryStore(path, queue, identity, options) }
    }

    // MARK: - Writing

    /// All rows and the place, or nothing. Throws `.removed` when the file is no longer the one that was opened.
    func write(_ staged: [StagedRow], _ place: HistoryPlace, _ names: HistoryNames) throws(HistoryFault) {
        guard FileIdentity(path) == file else { throw .removed(path: path) }
        try HistoryDatabase.guarding(path) {
            try queue.write { database in
                let rows = self.rows ?? HistoryRows(database)
                rows.names = names
                self.rows = rows
                for row in staged { try insert(row, rows, database) }
                let sql = "UPDATE history SET stored_through = ?, stored_ts = ?, chain = ?"
                let time = place.time.isKnown ? place.time.nanoseconds : nil
                try database.cachedStatement(sql: sql)
                    .execute(arguments: [Int64(clamping: place.sequence), time, Int64(place.chain)])
            }
        }
        self.place = place
    }

    private func insert(_ row: StagedRow, _ rows: HistoryRows, _ database: Database) throws {
        switch row {
        case .notice(let notice, let id, let time): try rows.insert(notice, id, time)
        case .signal(let signal): try rows.insert(signal)
        case .strategy(let index, let name): try rows.insert(strategy: index, name)
        case .instruments(let instruments): try rows.insert(instruments)
        case .gap(let after, let through):
            try database.execute(
                sql: "INSERT INTO gaps (after, through) VALUES (?, ?)",
                arguments: [Int64(clamping: after), Int64(clamping: through)]
            )
        case .seeds(let orders, let gapEnd): try rows.insert(seeds: orders, gapEnd: gapEnd)
        }
    }

    /// Everything is in the file itself, and nothing beside it.
    func close() throws(HistoryFault) {
        rows = nil
        try HistoryDatabase.guarding(path) {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
            try queue.close()
        }
    }

    // MARK: - Retention

    /// Removes what is older than retention allows, a piece at a time; how many rows went.
    func retain(_ retention: HistoryRetention, now: Timestamp) throws(HistoryFault) -> UInt64 {
        guard retention.keepDays > 0 || retention.maximumBytes > 0 else { return 0 }
        let clock = ContinuousClock.now
        if let retainedAt, clock - retainedAt < retentionInterval { return 0 }
        var removed = 0
        var isDone = false
        try HistoryDatabase.guarding(path) {
            let cutter = HistoryCutter(retention)
            if let cut = try queue.read({ try cutter.cut($0, now: now) }) {
                (removed, isDone) = try queue.write { try HistoryCutter.remove($0, before: cut) }
            } else {
                isDone = true
            }
            try queue.writeWithoutTransaction { try HistoryCutter.giveBack($0) }
        }
        // While there is more, the next batch goes on.
        if isDone { retainedAt = clock }
        return UInt64(removed)
    }
}
