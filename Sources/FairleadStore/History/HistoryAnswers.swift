public import FairleadModel
public import FairleadNode
internal import GRDB

/// Everything that is stored of a signal, in the journal's order.
public struct SignalStory {
    /// The sender's.
    public var signalID: String?
    /// What was wrong with it.
    public var refusal: String?
    public var meta: String?
    /// What it asked for; nil of a refused signal and of the engine's own.
    public var terms: SignalTerms?
    /// Of its receipt.
    public var stamp = RecordStamp(sequence: 0, time: .never)
    public var entries: [NoticeEntry] = []

    /// Of an exit that a level fired: the entry signal that brought the level.
    public var cause: SignalNumber {
        for case .acknowledged(let record) in entries.map(\.notice) where record.cause != .none { return record.cause }
        return .none
    }
}

/// A fill with the names that belong to it.
public struct StoredFill {
    public var entry: NoticeEntry
    public var signalID: String?
    public var strategy: String?

    public init(entry: NoticeEntry, signalID: String?, strategy: String?) {
        self.entry = entry
        self.signalID = signalID
        self.strategy = strategy
    }
}

/// An order as it stands: its last change, and the times of the first and the last.
public struct StoredOrder {
    /// Ascending in the order of creation.
    public var id: Int64
    public var change: OrderChange
    public var created: Timestamp
    public var updated: Timestamp
}

/// Which rows of a list are wanted: the newest `limit` of those that pass.
public struct HistoryFilter: Sendable {
    public var symbol: String?
    /// At or after this moment; nil for all.
    public var since: Timestamp?
    public var limit: Int

    /// More than a history holds.
    public static let noLimit = Int(Int32.max)

    public init(symbol: String? = nil, since: Timestamp? = nil, limit: Int) {
        self.symbol = symbol
        self.since = since
        self.limit = limit
    }

    /// Found by an index on time.
    var isByTime: Bool { since != nil || symbol != nil }

    func condition(time: String, symbol column: String) -> (sql: String, arguments: [DatabaseValue]) {
        var parts: [String] = []
        var arguments: [DatabaseValue] = []
        if let symbol {
            parts.append("\(column) = ?")
            arguments.append(symbol.databaseValue)
        }
        if let since {
            parts.append("\(time) >= ?")
            arguments.append(since.nanoseconds.databaseValue)
        }
        return (parts.isEmpty ? "" : " WHERE " + parts.joined(separator: " AND "), arguments)
    }
}
