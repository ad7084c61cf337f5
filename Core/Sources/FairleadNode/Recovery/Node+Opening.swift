public import FairleadConfiguration
public import FairleadJournal
import FairleadMarketData
public import FairleadModel
import FairleadPaper

/// What a node is opened with.
public struct NodeSetup {
    /// The journal's directory.
    public var disk: any Disk
    /// Checked as a whole; secrets by reference.
    public var configuration: ResolvedConfiguration
    public var clock: any Clock
    public var killSwitch: KillSwitch
    /// The way to a venue outside; not used where the venue is embedded.
    public var channel: (any ByteChannel)?
    public var capacities = NodeCapacities()
    /// False where nobody reads notices: they are then not made at all, and orders are the same.
    public var isObserved = true
    /// True where no other thread makes segments and syncs (tests, backtests).
    public var preparesInline = false
    /// This router's number at a venue outside, kept over its restarts.
    public var client: UInt32 = 1
    /// Who writes the journal: see `RunManifest`. The run's id also names a new journal.
    public var runID = Digest128.none
    public var binaryHash = Digest256.zero
    /// The wall clock at the start, for the manifest.
    public var wallTime = Timestamp.never
    /// Smaller segments than a configuration may ask for, so that a short simulated run changes them.
    package var segmentByteCount: Int?

    public init(
        disk: any Disk,
        configuration: ResolvedConfiguration,
        clock: any Clock,
        killSwitch: KillSwitch = KillSwitch()
    ) {
        self.disk = disk
        self.configuration = configuration
        self.clock = clock
        self.killSwitch = killSwitch
        capacities.signals = min(capacities.signals, configuration.runtime.queues.inbox)
        capacities.trades = configuration.runtime.queues.inbox
        capacities.notices = configuration.runtime.queues.notices
    }

    var journalOptions: JournalOptions {
        let settings = configuration.runtime.journal
        // An embedded venue is part of what a loss of power takes back: its gate is the process's (`Fold`).
        let durability: Durability =
            switch configuration.runtime.paperConnection {
            case .embedded: .process
            case .socket: settings.durability == .disk ? .disk : .process
            }
        return JournalOptions(
            segmentByteCount: segmentByteCount ?? settings.segmentBytes,
            durability: durability,
            preparesInline: preparesInline,
            journalID: JournalID(high: runID.high, low: runID.low)
        )
    }
}

extension Node {
    /// Opens the journal (and locks it), rebuilds the state, and begins a new life: a new epoch, in which every order
    /// that may have left is unknown until the venue has spoken.
    ///
    /// Nothing trades before the venue is reconciled, and the epoch is durable before this returns: throws where it
    /// can't be made so. Throws `.journal(.quarantined)` on damage (see
    /// `recoverFromVenue`), `.needsFreshJournal` when the configuration names other instruments or table sizes.
    public static func open(_ setup: NodeSetup) throws(NodeError) -> Node {
        var node = try opened(setup)
        let hasLegacy = !node.fold.legacy.isEmpty
        node.begin()
        // Before anything leaves: a life that a loss of power took back would be begun again, and its ids used twice.
        do throws(JournalError) { try node.committer.commit() } catch { throw .journal(error) }
        if hasLegacy { try node.keepLegacy(setup.disk) }
        return node
    }

    /// Starts anew on a journal that can't be trusted: the old files are put aside (`quarantined-...`), a fresh journal
    /// begins in `reducing`, or in what stood engaged as far as the old one can be read, and the venue tells what is.
    /// Epochs go on far after the ones that are readable, so that no client order id is used twice.
    public static func recoverFromVenue(_ setup: NodeSetup) throws(NodeError) -> Node {
        try putAside(setup.disk)
        return try open(setup)
    }

    private static func opened(_ setup: NodeSetup) throws(NodeError) -> Node {
        try checkMarket(setup.configuration)
        var journal = try NodeError.journaling { () throws(JournalError) in
            try JournalWriter(setup.disk, options: setup.journalOptions)
        }
        let isNew = journal.sequence == 0
        var fold: Fold
        if isNew {
            try NodeError.journaling { () throws(JournalError) in
                try appendHead(setup, to: &journal, parent: .none)
            }
            fold = Fold(setup.configuration, isObserved: setup.isObserved)
        } else {
            var none: TapeFeed?
            fold = try FoldLoader.load(setup.disk, isObserved: setup.isObserved, tape: &none)
            try takeOver(setup, &fold, &journal)
        }
        // Of a journal that has not begun its first life, as after a crash in the midst of its making.
        if fold.epoch.number == 0 { (fold.firstEpoch, fold.legacy) = try inheritance(setup.disk) }
        let link = makeLink(setup, session: fold.egressGuard.session)
        setup.killSwitch.raise(fold.operated.union(fold.legacy))
        let time = fold.time
        return Node(
            fold: fold,
            journal: journal,
            link: link,
            killSwitch: setup.killSwitch,
            clock: setup.clock,
            notBefore: time,
            runID: setup.runID,
            capacities: setup.capacities,
            instruments: setup.configuration.engine.instruments.count
        )
    }

    /// The journal's head: who writes it, and under which configuration.
    static func appendHead(
        _ setup: NodeSetup,
        to journal: inout JournalWriter,
        parent: Digest128
    ) throws(JournalError) {
        let time = setup.clock.now
        let record = ConfigurationRecord(document: setup.configuration.canonicalText)
        _ = try journal.append(.manifest(manifest(setup, .running, record.hash, parent: parent)), at: time)
        _ = try journal.append(.configuration(record), at: time)
    }

    static func manifest(
        _ setup: NodeSetup,
        _ status: RunManifest.Status,
        _ hash: Digest256,
        parent: Digest128
    ) -> RunManifest {
        RunManifest(
            runID: setup.runID,
            parentRunID: parent,
            binaryHash: setup.binaryHash,
            configurationHash: hash,
            seed: setup.configuration.runtime.paper.seed,
            status: status,
            wallTime: setup.wallTime
        )
    }

    /// A journal goes on under the configuration of this start, where the two are of one shape.
    private static func takeOver(
        _ setup: NodeSetup,
        _ fold: inout Fold,
        _ journal: inout JournalWriter
    ) throws(NodeError) {
        let (old, new) = (fold.configuration, setup.configuration)
        if fold.tapeOrdinal > 0 { throw .otherKind("this journal is a backtest's; start with another home") }
        guard old.engine.instruments == new.engine.instruments else {
            throw .needsFreshJournal("other instruments, or in another order")
        }
        guard old.engine.capacities == new.engine.capacities, old.engine.bars == new.engine.bars else {
            throw .needsFreshJournal("other capacities or bars")
        }
        guard old.runtime.paperConnection == new.runtime.paperConnection,
            old.runtime.market.source == new.runtime.market.source
        else { throw .needsFreshJournal("another venue or market") }
        guard fold.isEmbedded || old.runtime.paperClient == new.runtime.paperClient else {
            throw .needsFreshJournal("another client number at the venue")
        }
        if fold.isEmbedded {
            guard old.runtime.paper == new.runtime.paper,
                old.runtime.market.synthetic == new.runtime.market.synthetic
            else { throw .needsFreshJournal("other settings of the embedded venue or market") }
        }
        let record = ConfigurationRecord(document: new.canonicalText)
        let time = max(setup.clock.now, fold.time)
        let manifest = manifest(setup, .resumed, record.hash, parent: .none)
        let isSame = old == new
        try NodeError.journaling { () throws(JournalError) in
            _ = try journal.append(.manifest(manifest), at: time)
            if !isSame { _ = try journal.append(.configuration(record), at: time) }
        }
        if !isSame { fold.stagedConfiguration = new }
    }

    static func makeLink(_ setup: NodeSetup, session: UInt32) -> RemoteLink? {
        switch setup.configuration.runtime.paperConnection {
        case .embedded: return nil
        case .socket:
            guard let channel = setup.channel else {
                preconditionFailure("Invariant: a venue outside of the process has a channel")
            }
            var settings = PaperClientConfiguration(
                client: setup.client,
                instruments: setup.configuration.engine.instruments
            )
            settings.answerTimeout = setup.configuration.engine.routing.answerTimeout
            return RemoteLink(
                session: PaperClientSession(configuration: settings, lastSession: session),
                channel: channel,
                byteCapacity: setup.capacities.venueBytes
            )
        }
    }

    /// The synthetic market's settings are refused before anything is written.
    static func checkMarket(_ configuration: ResolvedConfiguration) throws(NodeError) {
        guard case .synthetic = configuration.runtime.market.source else { return }
        do throws(SyntheticMarketError) {
            _ = try SyntheticMarket(
                configuration.runtime.market.synthetic,
                instruments: configuration.engine.instruments,
                startingAt: Timestamp(nanoseconds: 0)
            )
        } catch {
            throw .market(error)
        }
    }

    /// The first step of a life.
    mutating func begin() {
        // A crash may have cut off what our own edge had to tell.
        settleEdge()
        let isFirst = fold.epoch.number == 0
        // Before there is a life that could trade: what was before this journal nobody knows any more.
        let engaged = isFirst && fold.firstEpoch > 1 ? fold.legacy.union(.stopEntries) : fold.legacy
        for action in engaged.actions { step(.operated(OperatorCommand(action)), at: clock.now) }
        let next = isFirst ? fold.firstEpoch : fold.epoch.number + 1
        precondition(next > fold.epoch.number, "Invariant: an epoch is never used twice")
        let now = readClock()
        step(.epochOpened(Epoch(number: next)), at: now)
        if fold.stagedConfiguration != nil { step(.configured, at: now) }
        link?.session.start(at: now)
        drainLink()
    }

    // MARK: - Quarantine

    /// More lives than are lost with one journal.
    private static let epochsPerJournal: UInt16 = 256

    /// What a fresh journal begins with: its first epoch, and what stands engaged.
    private static func inheritance(_ disk: any Disk) throws(NodeError) -> (firstEpoch: UInt16, engaged: KillBits) {
        let names: [String]
        do throws(DiskError) { names = try disk.list() } catch { throw .journal(.disk(error)) }
        return (try firstEpoch(disk, after: lastQuarantine(names)), JournalLegacy.noted(in: names))
    }

    /// The first epoch of a fresh journal: 1 in a new place. Where journals were put aside it lies far behind all that
    /// are known of them, and is noted beside them, so that it is known even where nothing of this journal is left.
    private static func firstEpoch(_ disk: any Disk, after aside: UInt64) throws(NodeError) -> UInt16 {
        guard aside > 0 else { return 1 }
        let (first, isOver) = try lastKnownEpoch(disk).addingReportingOverflow(epochsPerJournal)
        if isOver { throw .needsFreshJournal("the epochs of client order ids are used up") }
        do throws(DiskError) {
            try disk.write("\(quarantinePrefix)\(aside)\(epochMark)\(first)", Array("\(first)\n".utf8))
            try disk.syncDirectory()
        } catch {
            throw .journal(.disk(error))
        }
        return first
    }

    /// The highest epoch that is noted beside the journals that were put aside, or can be read of them.
    private static func lastKnownEpoch(_ disk: any Disk) throws(NodeError) -> UInt16 {
        var last: UInt16 = 0
        do throws(DiskError) {
            for name in try disk.list() where name.hasPrefix(quarantinePrefix) {
                guard let mark = name.firstRange(of: epochMark) else { continue }
                last = max(last, UInt16(name[mark.upperBound...]) ?? 0)
            }
        } catch {
            throw .journal(.disk(error))
        }
        try NodeError.journaling { () throws(JournalError) in
            try JournalRemains.forEachRecord(disk) { record in
                if case .event(.epochOpened(let epoch)) = record.body { last = max(last, epoch.number) }
            }
        }
        return last
    }

    /// The number of the journal that was put aside last; 0 where none was.
    private static func lastQuarantine(_ names: [String]) -> UInt64 {
        var last: UInt64 = 0
        for name in names where name.hasPrefix(quarantinePrefix) {
            let digits = name.dropFirst(quarantinePrefix.count).prefix { $0 != "-" }
            last = max(last, UInt64(digits) ?? 0)
        }
        return last
    }

    private static let quarantinePrefix = "quarantined-"
    private static let epochMark = "-epoch-"

    /// Renames the journal's files under a number of their own, after what stands engaged was noted. Bounded by the
    /// directory.
    private static func putAside(_ disk: any Disk) throws(NodeError) {
        do throws(DiskError) {
            try JournalLegacy.note(JournalLegacy.engaged(atEndOf: disk), on: disk)
            let names = try disk.list()
            let number = lastQuarantine(names) + 1
            for name in names where name.hasPrefix("journal-") || name.hasPrefix("snapshot-") {
                try disk.rename(name, to: "\(quarantinePrefix)\(number)-\(name)")
            }
            try disk.syncDirectory()
        } catch {
            throw .journal(.disk(error))
        }
    }

    /// The new journal says what the old one said, and so durably that the note is no longer needed.
    private mutating func keepLegacy(_ disk: any Disk) throws(NodeError) {
        fold.legacy = []
        let committer = journal.committer
        try NodeError.journaling { () throws(JournalError) in _ = try committer.commit() }
        do throws(DiskError) { try JournalLegacy.forget(disk) } catch { throw .journal(.disk(error)) }
    }

    // MARK: - The end

    /// Ends the run: commits, notes the end, and gives the lock back. What is left at the venue was decided before
    /// (`on_stop`).
    public consuming func close(status: RunManifest.Status, wallTime: Timestamp) throws(NodeError) {
        let hash = ConfigurationRecord(document: fold.configuration.canonicalText).hash
        let time = fold.time
        let seed = fold.configuration.runtime.paper.seed
        let runID = runID
        try NodeError.journaling { () throws(JournalError) in
            _ = try journal.append(
                .manifest(
                    RunManifest(
                        runID: runID,
                        binaryHash: .zero,
                        configurationHash: hash,
                        seed: seed,
                        status: status,
                        wallTime: wallTime
                    )
                ),
                at: time
            )
            try journal.committer.commit()
        }
    }
}
