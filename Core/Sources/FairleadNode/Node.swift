public import FairleadConfiguration
public import FairleadEngine
public import FairleadJournal
import FairleadMarketData
public import FairleadModel
import FairleadPaper

/// The synchronous shell around the engine: inbox, journal, apply, durability gate, egress queue and guard, the venue's
/// session, reconciliation, timers. It touches the world by three ports alone: `ByteChannel`, `Disk`, `Clock`. The
/// network runtime and the fault simulator only drive it.
///
/// One owner, one thread. Callbacks append to the inbox (`offer...`, `channel...`); `pump` does all the work and is
/// never entered twice. The kill switch alone may be engaged from any thread.
public struct Node: ~Copyable {
    var fold: Fold
    var journal: JournalWriter
    /// nil when the venue is embedded.
    var link: RemoteLink?
    public let killSwitch: KillSwitch
    /// Who writes the journal: stands in the manifests of this life's beginning and end.
    let runID: Digest128
    let clock: any Clock
    var steadyTime: SteadyTime
    let capacities: NodeCapacities

    var operators: BoundedQueue<OperatorInput>
    var riskOrders: ContiguousArray<RiskOrderInput> = []
    var positionOrders: ContiguousArray<PositionOrderInput> = []
    var signals: ContiguousArray<SignalInput> = []
    var signalsHead = 0
    var marketInbox: MarketInbox
    var pendingConfiguration: ResolvedConfiguration?
    var pendingMark: SnapshotMark?
    var replies: ContiguousArray<SignalReply> = []
    var operatorReplies: ContiguousArray<OperatorReply> = []

    /// The signal that came to the door last, decoded or refused.
    var lastReceived: ReceivedSignal?
    /// What observers read; see `NoticeRing.read`.
    public internal(set) var notices: NoticeRing
    public internal(set) var counters = NodeCounters()
    /// Why the journal doesn't take everything; nil while it does.
    public internal(set) var journalFault: JournalError?
    /// An input that had to be applied could not be journaled: nothing is appended any more, and the process must end.
    public internal(set) var isJournalLost = false
    /// Last sample of each instrument that went into the journal's reserve.
    var samples: ContiguousArray<Timestamp>
    /// What the journal refers to instead of holding it, in a backtest.
    var tape: TapeProgress?

    var isPumping = false
    /// The clock, read once per pump.
    var pumpTime = Timestamp.never
    var stepsLeft = 0
    /// Work was left over by the last pump.
    var hasMore = false
    /// When `pump` wants to be called again, at the latest; `never` when work is left over. Each `offer` and each word
    /// of the channel wants it at once, whatever stands here. In the node's own time: see `wakeDelay`.
    public internal(set) var nextWake = Timestamp.never
    /// What the steps told since it was taken last; nil where nobody takes it.
    var kept: ContiguousArray<KeptItem>?
    /// When an order that waits for a token of a remote venue may go.
    var remoteWake = Timestamp.distantFuture

    init(
        fold: consuming Fold,
        journal: consuming JournalWriter,
        link: RemoteLink?,
        killSwitch: KillSwitch,
        clock: any Clock,
        notBefore earliest: Timestamp,
        runID: Digest128,
        capacities: NodeCapacities,
        instruments: Int
    ) {
        steadyTime = SteadyTime(clock, notBefore: earliest)
        self.fold = fold
        self.journal = journal
        self.link = link
        self.killSwitch = killSwitch
        self.runID = runID
        self.clock = clock
        self.capacities = capacities
        operators = BoundedQueue(
            capacity: capacities.operators,
            blank: OperatorInput(command: OperatorCommand(.reconcile), receivedAt: .never)
        )
        marketInbox = MarketInbox(instruments: instruments, trades: capacities.trades)
        notices = NoticeRing(capacity: capacities.notices)
        samples = ContiguousArray(repeating: .never, count: instruments)
    }

    // MARK: - What arrives

    /// An operator's command. Halt, kill and stop-entries are engaged on the kill switch before this returns; the
    /// others wait for the next pump, and where a `ticket` is given their answer comes by `takeOperatorReplies`. False
    /// when too many wait.
    public mutating func offer(_ command: OperatorCommand, ticket: UInt64 = 0) -> Bool {
        switch command.action {
        case .stopEntries, .journalStop: return killSwitch.engage(.stopEntries)
        case .halt: return killSwitch.engage(.halt)
        case .haltFrozen: return killSwitch.engage([.halt, .frozen])
        case .kill: return killSwitch.engage(.kill)
        case .resume, .cancelAll, .cancelAllIncludingProtective, .flatten, .cancelOrder, .amendOrder, .resolveDead,
            .resolveOpen, .resolveFilled, .reconcile, .enableSymbol, .confirmNav, .cancelEntries, .pauseParent,
            .resumeParent, .amendParent, .disableSymbol, .disableBuys, .disableSells, .resetDrawdown:
            let input = OperatorInput(command: command, ticket: ticket, receivedAt: readClock())
            let isTaken = operators.append(input)
            if !isTaken { counters.operatorsRefused += 1 }
            return isTaken
        }
    }

    /// A signal's JSON. False when the queue is full: nothing was taken, and the source must be told so.
    public mutating func offer(signal bytes: [UInt8], source: SignalSource, ticket: UInt64) -> Bool {
        guard signals.count - signalsHead < capacities.signals else {
            counters.signalsRefused += 1
            return false
        }
        signals.append(SignalInput(bytes: bytes, source: source, ticket: ticket, receivedAt: readClock()))
        return true
    }

    /// An event of an outside market. False when it was dropped (and counted).
    @discardableResult
    public mutating func offer(market event: Event) -> Bool { marketInbox.offer(event, at: readClock()) }

    /// A configuration that was checked against the running one (`ResolvedConfiguration.reload`); the newest counts.
    /// The next pump takes it, or drops it where the journal doesn't: `configuration` tells which.
    public mutating func offer(configuration: ResolvedConfiguration) { pendingConfiguration = configuration }

    /// A snapshot was written: the journal shall say so.
    public mutating func offer(snapshot mark: SnapshotMark) { pendingMark = mark }

    /// The channel's connection stands.
    public mutating func channelOpened() { link?.hasOpened = true }

    /// The channel's connection is gone, or could not be made.
    public mutating func channelClosed() { link?.hasClosed = true }

    /// Bytes of the channel. False when there is no room: nothing was taken, stop reading until the next pump.
    public mutating func channelReceived(_ bytes: Span<UInt8>) -> Bool {
        guard let isTaken = link?.bytes.append(bytes) else { return false }
        if !isTaken { counters.venueBytesRefused += 1 }
        return isTaken
    }

    // MARK: - Time

    /// The node's time of this moment: see `SteadyTime`.
    public mutating func readClock() -> Timestamp { steadyTime.read(clock) }

    /// The node's time as it was read last.
    public var now: Timestamp { steadyTime.now }

    /// How long from this moment, as time passes, until `pump` wants to be called: zero when it does now, the longest
    /// span when it waits for nothing but callers.
    public mutating func wakeDelay() -> TimeSpan {
        if nextWake == .distantFuture { return TimeSpan(nanoseconds: .max) }
        _ = readClock()
        return steadyTime.span(until: nextWake)
    }

    // MARK: - What may be asked

    /// The configuration in force.
    public var configuration: ResolvedConfiguration { fold.configuration }
    public var epoch: Epoch { fold.epoch }
    /// The journal's time: of the last step.
    public var time: Timestamp { fold.time }
    /// The last input's sequence.
    public var sequence: UInt64 { journal.sequence }
    /// For the thread that syncs: see `JournalCommitter`.
    public var committer: JournalCommitter { journal.committer }
    public var isConnected: Bool { fold.egressGuard.isConnected }
    public var isReconciled: Bool { fold.egressGuard.isReconciled }
    /// Why there is no connection with a venue outside of the process; nil while there is one, and where nothing more
    /// is known than that it is gone.
    public var venueFault: String? {
        guard let link, let fault = link.session.lastFault, fault != .connectionLost else { return nil }
        return fault.text(link.session.configuration)
    }
    /// Increasing orders released over the whole journal, and those since the last engage: "zero sends since".
    public var increasingReleases: UInt64 { fold.egressGuard.increasingReleases }
    public var releasesSinceEngage: UInt64 { fold.egressGuard.releasesSinceEngage }
    /// How often the guard refused for a reason.
    public func refusals(_ reason: EgressRefusal) -> UInt64 { fold.egressGuard.refusals[Int(reason.rawValue)] }
    /// Commands that wait to leave.
    public var waitingCommands: Int { fold.queue.count }
    public var commandCount: UInt64 { fold.commandHash.count }
    /// The hash of all commands so far, over all epochs.
    public var commandHash: Digest256 { fold.commandHash.value }
    /// The name of a strategy; nil for a handle that was never given.
    public func strategyName(_ handle: StrategyHandle) -> String? {
        Int(handle.index) < fold.names.strategies.count ? fold.names.strategies[Int(handle.index)] : nil
    }

    /// Takes the answers to signals that came up since the last call.
    public mutating func takeReplies() -> ContiguousArray<SignalReply> {
        defer { replies = [] }
        return replies
    }

    /// Takes the answers to operators that came up since the last call.
    public mutating func takeOperatorReplies() -> ContiguousArray<OperatorReply> {
        defer { operatorReplies = [] }
        return operatorReplies
    }

    /// Whoever may read the engine: screens and commands, between pumps.
    public borrowing func withEngine<Result>(_ body: (borrowing Engine) -> Result) -> Result { body(fold.engine) }
}

/// What the node counted since it was started.
public struct NodeCounters: Hashable, Sendable {
    /// Inputs that found their queue full.
    public var operatorsRefused: UInt64 = 0
    public var signalsRefused: UInt64 = 0
    public var venueBytesRefused: UInt64 = 0
    public var repliesDropped: UInt64 = 0
    /// Market events that a broken journal could not take: not applied.
    public var marketEventsDropped: UInt64 = 0
    /// Inputs that were applied without a record, after the journal was lost.
    public var unjournaledInputs: UInt64 = 0
    /// Steps taken.
    public var steps: UInt64 = 0
    public init() {}
}

/// What a step told, with the sequence of its cause.
struct KeptItem: Sendable {
    var sequence: UInt64
    var item: ReplayItem
}

/// How far a backtest's tape was applied, and how far the journal says so.
struct TapeProgress {
    var source: Digest256
    var referenced: UInt64 = 0
}
