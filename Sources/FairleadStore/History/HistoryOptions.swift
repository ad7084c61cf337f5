/// How long the history is kept. Looked at once a minute by the writer's own thread, and removed in small pieces.
public struct HistoryRetention: Hashable, Sendable {
    /// Rows older than so many days are removed; 0 keeps all.
    public var keepDays: Int
    /// The oldest rows are removed while the file is larger; 0 sets no bound.
    public var maximumBytes: Int

    public init(keepDays: Int = 0, maximumBytes: Int = 0) {
        self.keepDays = keepDays
        self.maximumBytes = maximumBytes
    }
}

public struct HistoryOptions: Sendable {
    public var retention: HistoryRetention
    /// A file that is made anew and replaces the old one when it is whole: written without a journal of its own.
    var isBulk = false
    /// Bounds the file, for tests of a full disk.
    var maximumPages: Int?
    /// How often retention looks, for tests.
    var retentionInterval = Duration.seconds(60)

    public init(retention: HistoryRetention = HistoryRetention()) { self.retention = retention }
}

/// What a writer came to since its process began.
public struct HistoryCounters: Hashable, Sendable {
    public var rows: UInt64 = 0
    public var batches: UInt64 = 0
    /// Files that could not be used.
    public var putAside: UInt64 = 0
    /// By retention.
    public var rowsRemoved: UInt64 = 0
}

/// A file that was put aside, and why.
public struct HistoryPutAside: Hashable, Sendable {
    public var path: String
    public var reason: String
}
