import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper
import Synchronization

/// Everything that the journal determines: the engine, the guard's accounts, the embedded venue and market, and the
/// counters of the edge. The live node, a resumed backtest and a read-only replay run this same code; only what feeds
/// it differs. State is fold(journal), then reconcile(venue).
///
/// With an embedded venue a command takes effect in the very step that caused it, so that the journal's events alone
/// rebuild the venue: each of its events is computed again and compared. The durability gate is then the process's: the
/// venue is part of what a loss of power takes back, and nobody outside has heard of the order.
struct Fold: ~Copyable {
    /// Raised while the fold is in a step. An atomic has an address for life, and with it the whole fold: it is never
    /// moved through registers field by field, which took the compiler minutes and would cost the loop copies.
    let isStepping = Atomic<Bool>(false)
    private(set) var configuration: ResolvedConfiguration
    let isEmbedded: Bool
    /// The market is made here, from a seed.
    let isMarketSynthetic: Bool
    /// More refusals in a row than there can be orders that are refused once each.
    let edgeLimit: Int
    var engine: Engine
    var egressGuard: EgressGuard
    var queue: EgressQueue
    /// nil when the venue is outside of the process.
    var venue: PaperVenue?
    /// nil when the market comes by tape or from the venue. Made by the first epoch.
    var market: SyntheticMarket?
    /// Bars made before the start, which the first epoch reports.
    var backfill: ContiguousArray<BarReport> = []
    var backfillTaken = 0
    var outbox: Outbox
    var names: SignalNames
    /// Why limits are overridden.
    var reasons = OverrideReasons()
    /// What our own edge has to tell the engine: refusals, orders that never left. At most one for each order row.
    private(set) var edge = EdgeEvents()
    var commandHash = CommandChain()

    var epoch = Epoch(number: 0)
    /// The number of a new journal's first epoch: later where an older journal was put aside.
    var firstEpoch: UInt16 = 1
    /// What stood engaged in the journal before a new one: see `JournalLegacy`.
    var legacy: KillBits = []
    /// The number of the last signal.
    var lastSignal = SignalNumber.none
    /// Time of the last step: the journal's time never goes back.
    var time = Timestamp.never
    /// What operators engaged, as the journal has it.
    private(set) var operated: KillBits = []
    /// A configuration that was journaled and not yet put in force.
    var stagedConfiguration: ResolvedConfiguration?
    /// When something that waits in the queue of an embedded venue may leave.
    var egressWake = Timestamp.distantFuture
    /// What a replay found to stand on the kill word at the last drain that it refused.
    var assumedEngaged = KillBits.halt
    /// Market events applied by reference to a tape.
    var tapeOrdinal: UInt64 = 0
    /// The venue's number of the book that the tape's quote in this step shows; 0 outside of one.
    private var quoteID: UInt64 = 0

    init(_ configuration: ResolvedConfiguration, isObserved: Bool) {
        self.configuration = configuration
        engine = Engine(configuration: configuration.engine)
        egressGuard = EgressGuard(configuration.engine)
        let orders = configuration.engine.capacities.orders
        edgeLimit = orders * 4
        queue = EgressQueue(
            orders: orders,
            requests: orders * 2 + 64,
            entries: configuration.runtime.queues.egress
        )
        outbox = Outbox(isObserved: isObserved)
        names = SignalNames(configuration.engine.instruments)
        switch configuration.runtime.market.source {
        case .synthetic: isMarketSynthetic = true
        case .tape, .venue: isMarketSynthetic = false
        }
        switch configuration.runtime.paperConnection {
        case .embedded:
            isEmbedded = true
            venue = PaperVenue(
                configuration: PaperVenueConfiguration(
                    instruments: configuration.engine.instruments,
                    paper: configuration.runtime.paper,
                    hours: configuration.engine.tradingHours,
                    isRecorded: configuration.runtime.market.source == .tape
                )
            )
        case .socket:
            isEmbedded = false
            venue = nil
        }
    }

    // MARK: - One step

    /// Applies one fact that is journaled. Its commands wait in the queue, its notices in the outbox.
    mutating func apply(_ event: Event, at now: Timestamp, cause sequence: UInt64) {
        precondition(now >= time, "Invariant: the journal's time never goes back")
        let wasStepping = isStepping.exchange(true, ordering: .relaxed)
        precondition(!wasStepping, "Invariant: one step at a time, on one thread")
        time = now
        egressGuard.observe(event)
        observe(event)
        outbox.clear()
        engine.apply(event, at: now, into: &outbox)
        for index in outbox.commands.indices {
            commandHash.add(outbox.commands[index])
            enqueue(outbox.commands[index], cause: sequence)
        }
        outbox.settle()
        isStepping.store(false, ordering: .relaxed)
    }

    /// One market event of a tape, with what a tape knows beyond the event.
    mutating func applyTape(
        _ event: Event,
        updateID: UInt64,
        at now: Timestamp,
        ordinal: UInt64,
        cause sequence: UInt64
    ) {
        tapeOrdinal = ordinal
        quoteID = updateID
        apply(event, at: now, cause: sequence)
        quoteID = 0
    }

    /// Depth of a tape: the embedded venue's alone. Like a tape's events it stands in the journal by its ordinal.
    mutating func applyTape(
        _ update: DepthUpdate,
        _ levels: ContiguousArray<DepthLevel>,
        at now: Timestamp,
        ordinal: UInt64
    ) {
        precondition(now >= time, "Invariant: the journal's time never goes back")
        time = now
        tapeOrdinal = ordinal
        venue?.shown(update, levels, at: now)
    }

    /// The fold's own part in an event: epochs, operators, and what the embedded venue sees of the market.
    private mutating func observe(_ event: Event) {
        switch event {
        case .quoted(let quote): venue?.quoted(quote, updateID: quoteID, at: time)
        case .traded(let trade): venue?.traded(trade, at: time)
        case .marked(let mark): venue?.marked(mark, at: time)
        case .epochOpened(let opened): open(opened)
        case .configured: takeStagedConfiguration()
        case .operated(let command): note(command.action)
        case .timer, .barReported, .signalReceived, .signalRefused, .orderAccepted, .orderRejected, .orderFilled,
            .orderCancelled, .orderExpired, .cancelRejected, .orderReplaced, .replaceRejected, .orderReported,
            .orderNotFound, .submitUnanswered, .cancelUnanswered, .replaceUnanswered, .egressRefused, .neverSent,
            .venueConnected, .venueDisconnected, .venueThrottled, .venueBanned, .balanceReported, .positionReported,
            .reconciliationBegan, .reconciliationCompleted, .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            break
        }
    }

    /// A life begins: the first connects to its embedded venue, a later one has lost its session and connects anew.
    private mutating func open(_ opened: Epoch) {
        let isFirst = epoch.number == 0
        epoch = opened
        if isFirst { venue?.connect(at: time) } else { venue?.command(.reconnect(.paper), at: time) }
        if isFirst && isMarketSynthetic { makeMarket() }
    }

    mutating func makeMarket() {
        let settings = configuration.runtime.market.synthetic
        let instruments = configuration.engine.instruments
        do throws(SyntheticMarketError) {
            var made = try SyntheticMarket(settings, instruments: instruments, startingAt: time)
            backfill = made.barsBackfilled(
                count: settings.backfillBars,
                length: configuration.engine.bars.length,
                endingAt: time
            )
            market = consume made
        } catch {
            preconditionFailure("Invariant: a synthetic market is checked before the first epoch: \(error)")
        }
    }

    private mutating func takeStagedConfiguration() {
        guard let staged = stagedConfiguration else { return }
        stagedConfiguration = nil
        configuration = staged
        egressGuard.configure(staged.engine)
        engine.stage(staged.engine)
    }

    private mutating func note(_ action: OperatorAction) {
        if action == .resume { operated = [] }
        let bits = KillBits(action)
        if !bits.isEmpty { engage(bits) }
    }

    /// From a snapshot.
    mutating func restoreOperated(_ bits: KillBits) { operated = bits }

    private mutating func engage(_ bits: KillBits) {
        operated.formUnion(bits)
        egressGuard.engaged()
    }

    // MARK: - The way out

    private mutating func enqueue(_ command: Command, cause sequence: UInt64) {
        if case .cancel(let cancellation) = command {
            if queue.removeSubmit(cancellation.id) {
                edge.append(.neverSent(cancellation.id))
                return
            }
            // An amendment that waits is overtaken by the cancel, whose outcome is the order's.
            _ = queue.removeReplace(cancellation.id)
        }
        guard !queue.append(QueuedCommand(command: command, cause: sequence, queuedAt: time)) else { return }
        refuse(command, .queueFull)
    }

    /// Tells the engine, by the edge, that a command did not leave.
    mutating func refuse(_ command: Command, _ reason: EgressRefusal) {
        switch command {
        case .submit(let order):
            egressGuard.refused(reason, order.instrument)
            edge.append(.egressRefused(EgressRefused(id: order.id, reason: reason)))
        case .replace(let amendment):
            egressGuard.refused(reason, amendment.instrument)
            edge.append(.egressRefused(EgressRefused(id: amendment.id, reason: reason)))
        case .cancel(let cancellation): edge.append(.cancelUnanswered(cancellation.id))
        case .reconcile(let request): edge.append(.reconciliationFailed(request.venue))
        // The engine asks again by its own timers.
        case .query, .reconnect: break
        }
    }

    /// The session is gone: nothing that waits here will ever leave in it. Called before the engine hears of the loss,
    /// so that it doesn't take for unknown what never left.
    mutating func abandonQueue() {
        while let command = queue.takeFirst() { refuse(command, .notConnected) }
    }

    /// What the edge has to tell, in order.
    mutating func nextEdgeEvent() -> Event? { edge.popFirst() }
    var hasEdgeEvents: Bool { !edge.isEmpty }

    /// May this command leave now?
    func verdict(_ command: Command, _ moment: EgressGuard.Moment) -> EgressGuard.Verdict {
        switch command {
        case .submit(let order): return egressGuard.verdict(order, moment)
        case .replace(let amendment): return egressGuard.verdict(amendment, moment)
        case .cancel, .query, .reconcile:
            if !egressGuard.isConnected { return .refuse(.notConnected) }
            return moment.now < egressGuard.bannedUntil ? .wait(egressGuard.bannedUntil) : .pass
        case .reconnect: return .pass
        }
    }

    mutating func released(_ command: Command, at now: Timestamp) {
        switch command {
        case .submit(let order): egressGuard.released(order, at: now)
        case .replace(let amendment): egressGuard.released(amendment, at: now)
        case .cancel, .query, .reconcile, .reconnect: break
        }
    }

    /// Hands the queue to the embedded venue, as far as the guard lets it, and notes when what waits may go.
    ///
    /// `engaged` is what stands on the kill word, sampled once: a drain is one release (see `KillSwitch`).
    mutating func drainEmbedded(engaged: KillBits) {
        egressWake = .distantFuture
        if queue.isEmpty { return }
        let moment = EgressGuard.Moment(
            now: time,
            venueTime: engine.venueState.time(at: time),
            engaged: engaged.union(operated),
            state: engine.tradingState,
            isJournalBroken: false,
            isDurable: true
        )
        for lane in EgressLane.allCases {
            lane: while let queued = queue.first(lane) {
                switch verdict(queued.command, moment) {
                case .pass:
                    queue.removeFirst(lane)
                    released(queued.command, at: time)
                    venue?.command(queued.command, at: time)
                case .refuse(let reason):
                    queue.removeFirst(lane)
                    refuse(queued.command, reason)
                case .wait(let until):
                    egressWake = min(egressWake, until)
                    break lane
                }
            }
        }
    }

    /// The same at a later moment, when nothing new happened but the time that something waited for has come.
    mutating func drainEmbedded(engaged: KillBits, at now: Timestamp) {
        time = max(time, now)
        venue?.advance(to: time)
        drainEmbedded(engaged: engaged)
    }
}

/// Events of our own edge that wait for their step, first in, first out. Its memory is kept.
struct EdgeEvents {
    private var events: ContiguousArray<Event> = []
    private var head = 0

    init() { events.reserveCapacity(256) }

    var isEmpty: Bool { head == events.count }
    var first: Event? { isEmpty ? nil : events[head] }

    mutating func append(_ event: Event) { events.append(event) }

    mutating func popFirst() -> Event? {
        guard !isEmpty else { return nil }
        let event = events[head]
        head += 1
        if head == events.count {
            events.removeAll(keepingCapacity: true)
            head = 0
        }
        return event
    }
}
