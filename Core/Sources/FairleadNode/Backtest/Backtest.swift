import FairleadConfiguration
public import FairleadEngine
public import FairleadJournal
public import FairleadMarketData
public import FairleadModel
import FairleadPaper

/// What a backtest came to. Hashes are equal for equal inputs, whatever machine, build or number of resumptions.
public struct BacktestResult: Sendable {
    public var statistics: RunStatistics
    /// The last input's sequence and the journal's time at the end.
    public var sequence: UInt64
    public var endTime: Timestamp
    public var commandHash: Digest256
    public var commandCount: UInt64
    public var stateHash: Digest256
    /// Tape records applied, over all resumptions.
    public var marketEvents: UInt64
    /// Signal lines given to the engine, and those that lie after the tape's end.
    public var signalLines: Int
    public var unusedSignalLines: Int
    /// What each tape held, in the order in which they were given.
    public var tapes: [TapeReport]
    /// SHA-256 over the digests of the tapes, in their order.
    public var tapeSource: Digest256
    /// Every strategy that was named, in the order first seen; the unnamed one and the screener come first.
    public var strategies: [StrategyReport]
    /// Of each instrument whose depth came.
    public var depth: [DepthReport]
}

/// A strategy by name, with what the ledger says that it made.
public struct StrategyReport: Sendable {
    /// Empty for the unnamed one.
    public var name: String
    public var realized: Money
    public var fees: Money
    public var funding: Money
    public var fills: UInt64

    /// Realised less fees and funding.
    public var result: Money { realized - fees - funding }
}

/// What became of an instrument's recorded depth at the venue.
public struct DepthReport: Sendable {
    public var symbol: String
    /// Updates and snapshots that changed the book; updates that were missing; quotes that stood in for the book.
    public var applied: UInt64
    public var gaps: UInt64
    public var quotesInstead: UInt64
}

/// What a tape held, and the first of its lines that was refused.
public struct TapeReport: Sendable {
    public var counts: TapeCounts
    public var firstMalformed: MalformedLine?
}

/// Plays tapes and signals through the node in virtual time, on the embedded paper venue. Market data is journaled by
/// reference. A backtest that was killed resumes from its journal: same epoch, no recovery events, same hashes.
public struct Backtest: ~Copyable {
    private var node: Node
    /// Lent to the replay while a run is resumed; never nil afterwards.
    private var tape: TapeFeed?
    private let clock: VirtualClock
    private let signals: [SignalTape.Line]
    private var nextSignal: Int
    private var cursor: UInt64 = 0
    private var statistics: RunStatistics
    private let watchers: [any BacktestObserver]
    private var audience: Audience
    /// True when a journal was there already.
    public let isResumed: Bool

    /// Begins or resumes. `setup.configuration` must name the embedded venue and the tape as the market; the clock of
    /// `setup` is replaced by a virtual one. Statistics of a resumed run count from the start: the journal is replayed.
    ///
    /// `watchers` see a resumed run from its start, too.
    ///
    /// `observers` are given everything that a replica of this journal would be given, in the same order; a resumed run
    /// gives it all again, from the beginning.
    ///
    /// Throws `.otherTapes` when the journal was made with others, `.needsFreshJournal` with another configuration.
    public init(
        _ setup: NodeSetup,
        tape: consuming TapeFeed,
        signals: SignalTape,
        watchers: [any BacktestObserver] = [],
        observers: [any ReplicaObserver] = []
    ) throws(NodeError) {
        var setup = setup
        Self.checkKind(setup.configuration)
        guard let first = tape.next else { throw .emptyTape }
        try tape.checkDepth(of: setup.configuration)
        let clock = VirtualClock(first.time)
        setup.clock = clock
        setup.preparesInline = true
        let source = tape.source
        var played: TapeFeed? = consume tape
        var counted = RunStatistics(setup.configuration.engine.instruments)
        var audience = Audience(setup, observers)
        let resumed = try Self.resumed(setup, &played, &counted, watchers, &audience)
        let (referenced, wasThere) = (resumed.referenced, resumed.wasThere)
        node = resumed.makeNode(setup, clock)
        self.tape = played
        self.clock = clock
        self.signals = signals.lines
        self.watchers = watchers
        statistics = counted
        self.audience = audience
        isResumed = wasThere
        nextSignal = 0
        if !observers.isEmpty { node.kept = [] }
        node.tape = TapeProgress(source: source, referenced: referenced)
        begin(at: first.time)
    }

    private mutating func begin(at start: Timestamp) {
        node.stepsLeft = .max
        nextSignal = Int(clamping: node.fold.lastSignal.value)
        node.settleEdge()
        if node.fold.epoch.number == 0 { node.step(.epochOpened(Epoch(number: 1)), at: start) }
        clock.advance(to: node.fold.time)
        count()
    }

    private static func checkKind(_ configuration: ResolvedConfiguration) {
        precondition(configuration.runtime.paperConnection == .embedded, "Invariant: a backtest's venue is embedded")
        precondition(configuration.runtime.market.source == .tape, "Invariant: a backtest's market is a tape")
    }

    // MARK: - Running

    /// Plays up to `records` tape records; false when the run is over and `finish` may be called.
    public mutating func run(records: Int) throws(NodeError) -> Bool {
        for _ in 0..<records {
            guard let next = tape?.next else { return false }
            while nextSignal < signals.count, signals[nextSignal].time < next.time { try give(signals[nextSignal]) }
            guard let record = try tape?.taken() else { return false }
            if record.ordinal <= node.fold.tapeOrdinal { continue }
            try move(to: record.time)
            node.applyTape(record, tape?.levels ?? [])
            count()
            for watcher in watchers { watcher.played(record) }
            if node.isJournalLost || node.journalFault != nil { throw .journal(node.journalFault ?? .noSpace(nil)) }
            if let kept = node.kept, kept.count >= Audience.batch { try audience.tell(&node) }
        }
        try audience.reach(&node)
        return tape?.next != nil
    }

    /// How far the tape was played: records so far.
    public var played: UInt64 { node.fold.tapeOrdinal }
    /// The tape's time at that record.
    public var time: Timestamp { clock.now }
    /// Orders that were handed out so far, over all resumptions.
    public var orders: UInt64 { statistics.orders }

    private mutating func give(_ line: SignalTape.Line) throws(NodeError) {
        nextSignal += 1
        try move(to: line.time)
        _ = node.offer(signal: line.bytes, source: .file, ticket: UInt64(line.number))
        node.takeSignals()
        _ = node.takeReplies()
        if let received = node.lastReceived.take() { for watcher in watchers { watcher.received(received) } }
        count()
    }

    /// In pieces: a long silence of the tape, with all its timers, overruns neither the ring of notices nor what is
    /// kept for observers.
    private mutating func move(to time: Timestamp) throws(NodeError) {
        clock.advance(to: time)
        node.pumpTime = clock.now
        repeat {
            // A step tells a few dozen notices at most.
            node.stepsLeft = max(1, node.notices.capacity / 256)
            node.advance(to: clock.now)
            count()
            if let kept = node.kept, kept.count >= Audience.batch { try audience.tell(&node) }
        } while node.stepsLeft == 0
        node.stepsLeft = .max
    }

    private mutating func count() {
        if cursor < node.notices.start {
            statistics.lostNotices += node.notices.start - cursor
            cursor = node.notices.start
        }
        while cursor < node.notices.end {
            let entry = node.notices[cursor]
            statistics.add(entry.notice)
            for watcher in watchers { watcher.noticed(entry.notice, at: entry.time) }
            cursor += 1
        }
    }

    /// Ends the run at the tape's last moment, and says what it came to. Signals after it are not given.
    public consuming func finish() throws(NodeError) -> BacktestResult {
        try move(to: clock.now)
        node.settleEdge()
        count()
        // Fills whose last horizon lies after the tape's end, with those that were reached.
        var statistics = statistics
        node.withEngine { $0.forEachPendingMarkout { statistics.execution.add($0) } }
        // The last market events are referred to without an event of their own: a run that was killed after its end and
        // is resumed refers to nothing new, and its journal stays as it was.
        try NodeError.journaling { () throws(JournalError) in
            try node.referToTape(at: max(clock.now, node.fold.time))
            _ = try node.journal.committer.commit()
        }
        try audience.reach(&node)
        return BacktestResult(
            statistics: statistics,
            sequence: node.sequence,
            endTime: node.time,
            commandHash: node.commandHash,
            commandCount: node.commandCount,
            stateHash: node.fold.stateHash(),
            marketEvents: node.fold.tapeOrdinal,
            signalLines: nextSignal,
            unusedSignalLines: signals.count - nextSignal,
            tapes: tapeContents(),
            tapeSource: tape?.source ?? .zero,
            strategies: strategies(),
            depth: depthReports()
        )
    }

    /// Ends the process's part before the run is over: what was played is in the journal, and `init` goes on there.
    public consuming func pause() throws(NodeError) {
        try NodeError.journaling { () throws(JournalError) in _ = try node.journal.committer.commit() }
    }

    private func strategies() -> [StrategyReport] {
        node.fold.names.strategies.enumerated().map { index, name in
            let result = node.fold.engine.result(of: StrategyHandle(index: UInt16(index)))
            return StrategyReport(
                name: name,
                realized: result.realized,
                fees: result.fees,
                funding: result.funding,
                fills: result.fills
            )
        }
    }

    private func depthReports() -> [DepthReport] {
        var reports: [DepthReport] = []
        for (index, instrument) in node.fold.configuration.engine.instruments.enumerated() {
            guard let counts = node.fold.venue?.depthCounts(InstrumentHandle(index)) ?? nil else { continue }
            reports.append(
                DepthReport(
                    symbol: instrument.symbol,
                    applied: counts.applied,
                    gaps: counts.gaps,
                    quotesInstead: counts.quotesInstead
                )
            )
        }
        return reports
    }

    private mutating func tapeContents() -> [TapeReport] {
        var contents: [TapeReport] = []
        for index in 0..<(tape?.tapeCount ?? 0) {
            guard let counts = tape?.counts(ofTape: index) else { continue }
            contents.append(TapeReport(counts: counts, firstMalformed: tape?.firstMalformed(ofTape: index) ?? nil))
        }
        return contents
    }

    /// Whoever may read the engine between two pieces of the run.
    public borrowing func withEngine<Result>(_ body: (borrowing Engine) -> Result) -> Result {
        node.withEngine(body)
    }

    // MARK: - Resuming

    private struct Resumed: ~Copyable {
        var fold: Fold
        var journal: JournalWriter
        var referenced: UInt64
        var wasThere: Bool

        consuming func makeNode(_ setup: NodeSetup, _ clock: VirtualClock) -> Node {
            Node(
                fold: fold,
                journal: journal,
                link: nil,
                killSwitch: setup.killSwitch,
                clock: clock,
                // The tape's time is what counts: it is played again from its beginning, up to where the journal ends.
                notBefore: .never,
                runID: setup.runID,
                capacities: setup.capacities,
                instruments: setup.configuration.engine.instruments.count
            )
        }
    }

    /// Cuts the journal back to its last complete input and replays it, with the tape.
    private static func resumed(
        _ setup: NodeSetup,
        _ tape: inout TapeFeed?,
        _ statistics: inout RunStatistics,
        _ watchers: [any BacktestObserver],
        _ audience: inout Audience
    ) throws(NodeError) -> Resumed {
        try cutBack(setup)
        var journal = try NodeError.journaling { () throws(JournalError) in
            try JournalWriter(setup.disk, options: setup.journalOptions)
        }
        if journal.sequence == 0 {
            try NodeError.journaling { () throws(JournalError) in
                try appendHead(setup, &journal)
            }
            let fold = Fold(setup.configuration, isObserved: setup.isObserved)
            try audience.begin(after: journal.sequence, fold)
            return Resumed(fold: fold, journal: journal, referenced: 0, wasThere: false)
        }
        var loaded = try FoldLoader.beginning(setup.disk, isObserved: setup.isObserved)
        guard loaded.fold.configuration == setup.configuration else {
            throw .needsFreshJournal("a backtest is resumed under its own configuration")
        }
        try audience.begin(after: loaded.sequence, loaded.fold)
        var feed = try JournalFeed(setup.disk, after: loaded.sequence)
        var referenced: UInt64 = 0
        var counted = statistics
        var door = JournaledDoor()
        var told = audience
        while let record = try feed.next() {
            told.take(record)
            if case .marketReference(let reference) = record.body { referenced = reference.ordinal }
            if let received = door.note(record.body) { for watcher in watchers { watcher.received(received) } }
            try FoldLoader.apply(
                record,
                following: feed.following,
                to: &loaded.fold,
                tape: &tape,
                played: { record in for watcher in watchers { watcher.played(record) } }
            ) { fold in
                for notice in fold.outbox.notices {
                    counted.add(notice)
                    for watcher in watchers { watcher.noticed(notice, at: fold.time) }
                }
                told.take(fold.outbox, sequence: record.sequence, at: fold.time)
            }
        }
        statistics = counted
        audience = told
        return Resumed(fold: loaded.fold, journal: journal, referenced: referenced, wasThere: true)
    }

    private static func appendHead(_ setup: NodeSetup, _ journal: inout JournalWriter) throws(JournalError) {
        try Node.appendHead(setup, to: &journal, parent: .none)
    }

    private static func cutBack(_ setup: NodeSetup) throws(NodeError) {
        let complete: UInt64?
        do throws(JournalError) {
            let writer = try JournalWriter(setup.disk, options: setup.journalOptions)
            let (last, whole) = (writer.recovery.lastSequence, writer.recovery.lastCompleteSequence)
            complete = last > whole ? whole : nil
        } catch {
            throw .journal(error)
        }
        guard let complete else { return }
        try NodeError.journaling { () throws(JournalError) in try JournalCut.cut(setup.disk, after: complete) }
    }
}
