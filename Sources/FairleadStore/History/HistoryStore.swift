internal import FairleadEngine
internal import FairleadModel
internal import GRDB

/// What waits for its batch.
enum StagedRow {
    case notice(Notice, id: Int64, time: Timestamp)
    case signal(StoredSignal)
    case strategy(Int, String)
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
        created = order.createdAt
        updated = order.updatedAt
    }
}

/// An open history: one connection, its statements, and the place that it stands for.
final class HistoryStore {
    let path: String
    private let queue: DatabaseQueue
    private let file: FileIdentity
    private(set) var names: HistoryNames
    private(set) var place: HistoryPlace
    private var rows: HistoryRows?
    private var retainedAt: ContinuousClock.Instant?

    private init(_ path: String, _ queue: DatabaseQueue, _ identity: HistoryIdentity) throws {
        self.path = path
        self.queue = queue
        guard let file = FileIdentity(path) else { throw HistoryFault.removed(path: path) }
        self.file = file
        var names = HistoryNames(identity.symbols)
        place = try queue.write { database in
            let sql = "SELECT journal_id, stored_through, stored_ts, chain FROM history"
            guard let row = try Row.fetchOne(database, sql: sql) else {
                let sql = "INSERT INTO history (id, journal_id, stored_through, stored_ts, chain, kept_since) "
                try database.execute(sql: sql + "VALUES (1, ?, 0, NULL, 0, 0)", arguments: [identity.journal])
                return HistoryPlace()
            }
            let found = try Self.header(row)
            guard found.journal == identity.journal else {
                throw HistoryFault.otherJournal(path: path, found: found.journal)
            }
            for row in try Row.fetchAll(database, sql: "SELECT handle, name FROM strategies ORDER BY handle") {
                let index = try (row[0] as DatabaseValue).integer("handle")
                names.setStrategy(Int(clamping: min(max(index, 0), 65_535)), try (row[1] as DatabaseValue).text("name"))
            }
            return found.place
        }
        self.names = names
        try Self.compare(place, identity, path)
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

    /// A history that knows more than the journal, or another record at its end, is of a past that is lost.
    private static func compare(_ place: HistoryPlace, _ identity: HistoryIdentity, _ path: String) throws(HistoryFault) {
        guard place.sequence > 0 else { return }
        switch identity.checksum(place.sequence) {
        case .notRetained: return
        case .beyondEnd:
            throw .damaged(path: path, reason: "it goes on to \(place.sequence), behind the journal's end")
        case .checksum(let found):
            if place.chain == 0 || place.chain == found { return }
            throw .damaged(path: path, reason: "the journal has another record at \(place.sequence)")
        }
    }

    // MARK: - Opening

    struct Opened {
        var store: HistoryStore
        var putAside: HistoryPutAside?
    }

    /// Opens the history of a journal. One that can't be used is put aside, and a new one begun.
    static func open(_ path: String, _ identity: HistoryIdentity, _ options: HistoryOptions) throws(HistoryFault) -> Opened {
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
        _ identity: HistoryIdentity,
        _ options: HistoryOptions
    ) throws(HistoryFault) -> HistoryStore {
        let queue = try HistoryDatabase.open(path, isBulk: options.isBulk, maximumPages: options.maximumPages)
        return try HistoryDatabase.guarding(path) { try HistoryStore(path, queue, identity) }
    }

    // MARK: - Writing

    /// All rows and the place, or nothing. Throws `.removed` when the file is no longer the one that was opened.
    func write(_ staged: [StagedRow], _ place: HistoryPlace) throws(HistoryFault) {
        guard FileIdentity(path) == file else { throw .removed(path: path) }
        try HistoryDatabase.guarding(path) {
            try queue.write { database in
                let rows = self.rows ?? HistoryRows(database, names)
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
        case .gap(let after, let through):
            try database.execute(
                sql: "INSERT INTO gaps (after, through) VALUES (?, ?)",
                arguments: [Int64(clamping: after), Int64(clamping: through)]
            )
        case .seeds(let orders, let gapEnd): try rows.insert(seeds: orders, gapEnd: gapEnd)
        }
    }

    // MARK: - Retention

    static let retentionInterval = Duration.seconds(60)

    /// Removes what is older than retention allows, a piece at a time; how many rows went.
    func retain(_ retention: HistoryRetention, now: Timestamp) throws(HistoryFault) -> UInt64 {
        guard retention.keepDays > 0 || retention.maximumBytes > 0 else { return 0 }
        let clock = ContinuousClock.now
        if let retainedAt, clock - retainedAt < Self.retentionInterval { return 0 }
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
