public import FairleadModel

/// Whose fills are believed (SPEC 20).
public enum RunMode: UInt8, Sendable, CaseIterable {
    /// Own signals; the paper venue fills.
    case dryRun = 0
    /// Orders go to a venue for real.
    case live
    /// Decides, sends nothing. Comes with the dual-run part.
    case shadow
}

/// Which world the engine trades in.
public enum RunEnvironment: UInt8, Sendable, CaseIterable {
    case paper = 0
    case testnet
    case production
}

/// What is left behind when the engine stops.
public enum StopAction: UInt8, Sendable, CaseIterable {
    /// Working orders stay at the venue; the next start finds them.
    case leave = 0
    /// Working entries are cancelled; protective orders stay.
    case cancelEntries
}

/// Where the paper venue lives.
public enum PaperConnection: UInt8, Sendable, CaseIterable {
    /// In this process, a part of the journal's fold.
    case embedded = 0
    /// In a process of its own, over a local socket.
    case socket
}

/// What feeds the market.
public enum MarketSource: UInt8, Sendable, CaseIterable {
    case synthetic = 0
    /// Recorded files.
    case tape
    /// The venue's own stream: a paper venue in another process.
    case venue
}

/// What of recorded files reaches the paper venue.
public enum MarketDepth: UInt8, Sendable, CaseIterable {
    /// Quotes, trades and marks.
    case touch = 0
    /// Depth too: orders meet the book's levels, and the touch where there is no book.
    case book
}

/// What an order's intent must survive before the order leaves.
public enum JournalDurability: UInt8, Sendable, CaseIterable {
    /// A crash of the process.
    case process = 0
    /// A loss of power.
    case disk
}

/// `journal` of `runtime.json`.
public struct JournalConfiguration: Hashable, Sendable {
    /// Under the home directory unless absolute.
    public var directory = "journal"
    /// `process`, and `disk` when live and not said otherwise.
    public var durability = JournalDurability.process
    /// Size of each preallocated segment in bytes.
    public var segmentBytes = 64 << 20
    /// The market lane's segments kept. Full: the oldest sealed ones are removed.
    public var marketMaximumBytes = 4 << 30
    /// How long records may wait for a group's fdatasync.
    public var maximumSyncDelay = TimeSpan.milliseconds(2)
    /// A snapshot is taken after so many records.
    public var snapshotRecords = 1_000_000
    /// Snapshots kept; with each the segments that it needs.
    public var snapshotsKept = 3

    public init() {}
}

/// `market` of `runtime.json`.
public struct MarketConfiguration: Hashable, Sendable {
    public var source = MarketSource.synthetic
    public var synthetic = SyntheticMarketConfiguration()
    /// Recorded files in the order of their time.
    public var tapes: [String] = []
    /// A journal holds it: records of a tape are numbered by what is read of it.
    public var depth = MarketDepth.book

    public init() {}
}

/// `control` of `runtime.json`: the local socket by which a person drives the engine.
public struct ControlConfiguration: Hashable, Sendable {
    /// Under the home directory unless absolute. Mode 0600.
    public var socket = "fairlead.sock"
    /// Clients at once; one more is refused.
    public var clients = 8

    public init() {}
}

/// `logs` of `runtime.json`.
public struct LogConfiguration: Hashable, Sendable {
    /// Under the home directory unless absolute.
    public var directory = "logs"
    /// A file is rotated when it would pass this size in bytes.
    public var fileBytes = 64 << 20
    /// Rotated files kept of each log.
    public var filesKept = 5

    public init() {}
}

/// `history` of `runtime.json`: the SQLite file that `why`, `orders` and `fills` answer from.
public struct HistoryConfiguration: Hashable, Sendable {
    /// False: nothing is written, and the readers replay the journal.
    public var isKept = true
    /// Under the home directory unless absolute.
    public var file = "history.sqlite"
    /// Rows older than so many days are removed; 0 keeps all.
    public var keepDays = 0
    /// The oldest rows are removed while the file is larger; 0 sets no bound.
    public var maximumBytes = 16 << 30

    public init() {}
}

/// `state` of `runtime.json`: the files that tell other programs how things stand.
public struct StateConfiguration: Hashable, Sendable {
    /// Under the home directory unless absolute.
    public var directory = "logs/state"
    /// How often they are written.
    public var period = TimeSpan.seconds(1)

    public init() {}
}

/// `diagnostics` of `strategy_config.json`: what is counted of signals, orders and exits. None of it changes an order.
public struct DiagnosticsConfiguration: Hashable, Sendable {
    public var isEnabled = true
    /// The window covers so many signals, or so much time, whichever is shorter.
    public var windowSignals = 500
    public var windowSpan = TimeSpan.seconds(3600)
    /// Whether positions under water without a level are told as a canary, and from which loss on (negative).
    public var isCanaryEnabled = true
    public var underwaterThreshold = Rate(raw: -2_000_000)
    public var liveness = LivenessConfiguration()

    public init() {}
}

/// `execution_health` of `strategy_config.json`: what warns in `execution_health.json`, over each of these.
public struct ExecutionHealthConfiguration: Hashable, Sendable {
    public var maximumFallback = Rate(raw: 50_000_000)
    public var maximumMedianSlip = Rate(bps: 4)
    public var maximumAcknowledgement = TimeSpan.milliseconds(800)

    public init() {}
}

/// `diagnostics.liveness`: idle for at least so long is told; zero: that one is not judged.
public struct LivenessConfiguration: Hashable, Sendable {
    public var isEnabled = true
    public var maximumIdleSignals = TimeSpan.seconds(600)
    public var maximumIdleOrders = TimeSpan.seconds(1200)
    public var maximumIdleExits = TimeSpan.seconds(3600)
    public var maximumIdleExitScans = TimeSpan.seconds(60)
    public var maximumIdleRouterEvents = TimeSpan.seconds(1800)

    public init() {}
}

/// `queues` of `runtime.json`: the bounds of what waits between the parts of the node.
public struct QueueConfiguration: Hashable, Sendable {
    /// Inputs waiting for the engine. Full: market data is merged to the newest, sources are told to wait.
    public var inbox = 65_536
    /// Commands waiting for a venue's channel. Full: entries are refused (`queue_full`).
    public var egress = 4_096
    /// Notices waiting for observers. Full: dropped and counted.
    public var notices = 65_536

    public init() {}
}

/// `runtime.json`, but for what the engine itself is told (`EngineConfiguration`). The defaults stand here only.
public struct RuntimeConfiguration: Hashable, Sendable {
    public var mode = RunMode.dryRun
    public var environment = RunEnvironment.paper
    /// Where the engine keeps its files; relative to where it is started.
    public var home = "run"
    public var onStop = StopAction.leave
    /// The currency that NAV and limits are counted in.
    public var reportingCurrency = "USDT"
    public var paperConnection = PaperConnection.embedded
    /// The socket of a paper venue in another process.
    public var paperSocket = "paper.sock"
    /// This engine's number at a paper venue outside, 1 to 65535, kept over restarts: its orders are found under it.
    public var paperClient = 1
    public var paper = PaperConfiguration()
    public var market = MarketConfiguration()
    public var journal = JournalConfiguration()
    public var control = ControlConfiguration()
    public var logs = LogConfiguration()
    public var history = HistoryConfiguration()
    public var state = StateConfiguration()
    /// In `strategy_config.json`, where the systems before had it.
    public var diagnostics = DiagnosticsConfiguration()
    public var executionHealth = ExecutionHealthConfiguration()
    public var queues = QueueConfiguration()

    public init() {}
}
