/// Which journal a history belongs to.
public struct HistoryIdentity {
    /// The journal's id, as `journal stat` shows it.
    public var journal: String
    /// Of the configured instruments, by handle.
    public var symbols: [String]
    /// The checksum that the journal's record of a sequence has; nil where it isn't kept any more, or not there yet.
    /// A history whose last record has another checksum is of another past.
    public var checksum: (UInt64) -> JournalMark

    public init(journal: String, symbols: [String], checksum: @escaping (UInt64) -> JournalMark = { _ in .notRetained }) {
        self.journal = journal
        self.symbols = symbols
        self.checksum = checksum
    }
}

/// What a journal says of a sequence.
public enum JournalMark: Hashable, Sendable {
    case checksum(UInt32)
    /// Retention has removed it: nothing can be compared.
    case notRetained
    /// The journal ends before it.
    case beyondEnd
}

/// How long the history is kept. Checked once a minute by the writer's own thread, and removed in small pieces.
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
    /// The first pause after a failure; it doubles with each, up to a minute.
    public var backOff: Duration
    /// A file that is made anew and replaces the old one when it is whole: written without a journal of its own.
    var isBulk = false
    /// Bounds the file, for tests of a full disk.
    var maximumPages: Int?

    public init(retention: HistoryRetention = HistoryRetention(), backOff: Duration = .seconds(1)) {
        self.retention = retention
        self.backOff = backOff
    }
}

/// What a writer came to since its process began.
public struct HistoryCounters: Hashable, Sendable {
    public var rows: UInt64 = 0
    public var batches: UInt64 = 0
    public var failures: UInt64 = 0
    public var recoveries: UInt64 = 0
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

/// Pauses that double from failure to failure, up to a minute.
struct BackOff {
    static let longest = Duration.seconds(60)
    private let first: Duration
    private var pause: Duration
    private var until: ContinuousClock.Instant?

    init(_ first: Duration) {
        self.first = first
        pause = first
    }

    mutating func failed(at now: ContinuousClock.Instant) {
        until = now + pause
        pause = min(pause * 2, Self.longest)
    }

    mutating func succeeded() {
        until = nil
        pause = first
    }

    func isOver(at now: ContinuousClock.Instant) -> Bool { until.map { now >= $0 } ?? true }
}
