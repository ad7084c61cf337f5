public import FairleadModel

/// The deterministic state machine in the middle of the house: facts in, orders and notices out.
///
/// One owner, one thread. It reads no clock, does no I/O and draws no randomness; the same events at the same times
/// give the same commands, byte for byte. Each part (risk, router, ledger, ...) is a struct with its own state; the
/// extensions call them in one fixed order and pass what one needs of another. Memory is taken at the start.
///
/// The struct is 4 KB, and is handed on by its address: see `byAddress`.
public struct Engine: ~Copyable {
    var configuration: EngineConfiguration
    // The parts of the configuration that every event asks for, laid out for it.
    var terms: ContiguousArray<InstrumentTerms>
    var symbols: ContiguousArray<SymbolFacts>
    /// Per instrument: it trades in the sessions of `configuration.tradingHours`.
    let tradesInSessions: ContiguousArray<Bool>
    var limits: RiskLimits
    var routing: RoutingConfiguration

    var orders: OrderTable
    var parents: ParentTable
    /// At each parent's slot: its schedule, where it has one.
    var schedules: ContiguousArray<ParentSchedule>
    /// POVs at work: without one a trade of the market is nothing to a parent.
    var participants = 0
    var signals: SignalWindow
    var executions: ExecutionWindow
    var ledger: PositionLedger
    var trades: TradeLog
    var exposure: ExposureTable
    var portfolio: PortfolioRisk
    var losses = LossTracker()
    var stance = RiskStance()
    var rates = RateWindows()
    var guards: RepeatGuard
    var overrides = OverrideTable()
    var switches = StrategySwitches()
    var externals: ExternalPositions
    var market: MarketState
    var bars: BarBuilder
    var regimes: AtrRegime
    var volatilities: VolatilityTable
    var volumes: VolumeCurve
    var policies: PolicyTable
    /// What the policies are computed from.
    var effectiveness: EffectivenessTable
    /// Which entries leave the static policy, by expected cost.
    public internal(set) var adaptive: AdaptiveRouter
    var screener: Screener
    var exits: ExitRegistry
    var deadlines: DeadlineHeap
    var triggers: PriceTriggers
    /// Our own resting orders by price.
    var ownBook: PriceTriggers
    var venue = VenueState()
    /// What executions cost: watched. No order asks it; its global score is one of the causes of a cautious risk mode.
    var stats: RouterStats

    var epoch = Epoch(number: 0)
    var parentCounter: UInt32 = 0
    var internalSignals: UInt64 = 0
    var state = TradingState.active
    var stateCause = StateCause.start
    var isFrozen = false
    var isStarted = false
    var isNavSourceFailed = false
    /// The global quality score of SPEC 12.2 at the last recompute of the policies.
    var routerScore = QualityScoreSettings().baseScore
    var lastHousekeeping = Timestamp.never
    var lastExitScan = Timestamp.never
    var lastExitTrigger = Timestamp.never
    public internal(set) var counters = EngineCounters()
    /// Per instrument: orders of which nothing certain is known, and parents whose order was presumed dead lately.
    var unresolved: ContiguousArray<Int>
    var buried: ContiguousArray<Int>
    /// Per position key: until when a person's flatten waits for the outcome of other exits; `.never` where none does.
    var flattens: ContiguousArray<Timestamp>
    var awaitedFlattens = 0
    /// Per position key: what the listing that is being told says of it. Nothing is concluded before it is complete.
    var listedPositions: ContiguousArray<ListedPosition>
    var listedCash: BalanceReport?

    /// Never read. An existential makes the compiler hand the struct on by its address: without one, a method that only
    /// reads it is given a copy of all of it at each call, and the checker of moves takes minutes over the fields.
    private let byAddress: (any Sendable)? = nil

    /// True between a signal's terms and their `.signalReceived`: what is staged is not part of the state, so that no
    /// snapshot may be taken here.
    public private(set) var hasStagedSignal = false
    private var stagedSignal = SignalTerms(
        number: .none,
        digest: .none,
        instrument: .none,
        side: .buy,
        size: .wholePosition
    )
    private var stagedConfiguration: EngineConfiguration?

    public init(configuration: EngineConfiguration) {
        let count = configuration.instruments.count
        precondition(configuration.symbols.count == count, "Invariant: each instrument has its settings")
        let capacities = configuration.capacities
        self.configuration = configuration
        terms = ContiguousArray(configuration.instruments.map(\.terms))
        symbols = Self.symbolFacts(configuration)
        tradesInSessions = ContiguousArray(configuration.instruments.map { $0.hours == .sessions })
        limits = configuration.risk
        routing = configuration.routing
        orders = OrderTable(capacity: capacities.orders, instruments: count)
        parents = ParentTable(capacity: capacities.parents, instruments: count)
        schedules = ContiguousArray(repeating: ParentSchedule(), count: capacities.parents)
        signals = SignalWindow(capacity: capacities.signals)
        executions = ExecutionWindow(capacity: capacities.executions)
        ledger = PositionLedger(instruments: configuration.instruments)
        trades = TradeLog(instruments: count)
        exposure = ExposureTable(configuration.instruments)
        exposure.setGroups(ContiguousArray(symbols.map(\.groups)))
        portfolio = PortfolioRisk(configuration: configuration)
        guards = RepeatGuard(instrumentCount: count)
        externals = ExternalPositions(instruments: count)
        market = MarketState(instruments: count)
        bars = BarBuilder(configuration: configuration.bars, instruments: count)
        regimes = AtrRegime(instruments: count)
        volatilities = VolatilityTable(instruments: count)
        volumes = VolumeCurve(barLength: configuration.bars.length, instruments: count)
        policies = PolicyTable(configuration: configuration)
        effectiveness = EffectivenessTable(configuration: configuration)
        adaptive = AdaptiveRouter(configuration: configuration)
        screener = Screener(configuration: configuration)
        screener.strategy = .screener
        exits = ExitRegistry(configuration: configuration)
        deadlines = DeadlineHeap(owners: Self.deadlineOwners(capacities))
        triggers = PriceTriggers(owners: capacities.parents * 2, instruments: count)
        ownBook = PriceTriggers(owners: capacities.orders, instruments: count)
        stats = RouterStats(configuration: configuration)
        unresolved = ContiguousArray(repeating: 0, count: count)
        buried = ContiguousArray(repeating: 0, count: count)
        flattens = ContiguousArray(repeating: .never, count: count * 3)
        listedPositions = ContiguousArray(repeating: ListedPosition(), count: count * 3)
    }

    /// When the engine wants a `.timer` event; `distantFuture` when it waits for nothing.
    public var nextTimer: Timestamp {
        min(min(deadlines.next, exits.nextGrace), min(exits.nextRefire, bars.nextClose))
    }

    /// Puts a signal's terms in place for the `.signalReceived` that follows.
    public mutating func stage(_ terms: SignalTerms) {
        stagedSignal = terms
        signals.prefetch(terms.digest)
        hasStagedSignal = true
    }

    /// Puts a configuration in place for the `.configured` that follows. Instruments and capacities must be the same
    /// as at the start: the configuration's decoder refuses a reload that changes them.
    public mutating func stage(_ configuration: EngineConfiguration) { stagedConfiguration = configuration }

    /// Applies one fact. Never fails: what doesn't fit is counted, told in a notice, and changes nothing.
    public mutating func apply(_ event: Event, at now: Timestamp, into out: inout Outbox) {
        if !isStarted { start(at: now, into: &out) }
        #if MUTANTS
            if case .reconciliationFailed = event, Mutant.isOn(.failedListingIsTakenForFlat), venue.isConnected {
                reconciliationBegan()
                let report = ReconciliationReport(
                    venue: .paper,
                    session: venue.session,
                    ledgerSequence: 0,
                    venueTime: now
                )
                return reconciliationCompleted(report, at: now, into: &out)
            }
        #endif
        switch event {
        case .quoted(let quote): quoted(quote, at: now, into: &out)
        case .traded(let trade): traded(trade, at: now, into: &out)
        case .marked(let mark): marked(mark, at: now, into: &out)
        case .barReported(let report): barReported(report, at: now, into: &out)
        case .timer: fireDue(at: now, into: &out)
        case .epochOpened(let opened): epochOpened(opened, at: now, into: &out)
        case .configured: configured()
        case .operated(let command): operated(command, at: now, into: &out)
        case .riskOrdered(let order): riskOrdered(order, at: now, into: &out)
        case .positionOrdered(let order): positionOrdered(order, at: now, into: &out)
        case .signalReceived:
            precondition(hasStagedSignal, "Invariant: a received signal is staged")
            hasStagedSignal = false
            signalReceived(stagedSignal, at: now, into: &out)
        case .signalRefused(let refusal): signalRefused(refusal, at: now, into: &out)
        case .orderAccepted(let acceptance): orderAccepted(acceptance, at: now, into: &out)
        case .orderRejected(let rejection): orderRejected(rejection, at: now, into: &out)
        case .orderFilled(let execution): orderFilled(execution, at: now, into: &out)
        case .orderCancelled(let end): orderEnded(end, as: .cancelled, at: now, into: &out)
        case .orderExpired(let end): orderEnded(end, as: .expired, at: now, into: &out)
        case .cancelRejected(let rejection): cancelRejected(rejection, at: now, into: &out)
        case .orderReplaced(let replacement): orderReplaced(replacement, at: now, into: &out)
        case .replaceRejected(let rejection): replaceRejected(rejection, at: now, into: &out)
        case .orderReported(let report): orderReported(report, at: now, into: &out)
        case .orderNotFound(let absence): orderNotFound(absence, at: now, into: &out)
        case .submitUnanswered(let id): submitUnanswered(id, at: now, into: &out)
        case .cancelUnanswered(let id): answerLost(id, .cancelUnanswered, at: now, into: &out)
        case .replaceUnanswered(let id): answerLost(id, .replaceUnanswered, at: now, into: &out)
        case .egressRefused(let refused): egressRefused(refused, at: now, into: &out)
        case .neverSent(let id):
            if let slot = located(id) { notSent(slot, at: now, into: &out) }
        case .venueConnected(let connection): venueConnected(connection, at: now, into: &out)
        case .venueDisconnected(let handle): venueDisconnected(handle, at: now, into: &out)
        case .venueThrottled(let restriction): venueRestricted(restriction, isBan: false, into: &out)
        case .venueBanned(let restriction): venueRestricted(restriction, isBan: true, into: &out)
        case .balanceReported(let report): balanceReported(report, at: now)
        case .positionReported(let report): positionReported(report, at: now, into: &out)
        case .reconciliationBegan: reconciliationBegan()
        case .reconciliationCompleted(let report): reconciliationCompleted(report, at: now, into: &out)
        case .reconciliationFailed: retryReconciliation(at: now)
        case .haltReported(let report): haltReported(report, at: now, into: &out)
        case .fundingPaid(let payment): fundingPaid(payment, at: now, into: &out)
        }
        followUp(at: now, into: &out)
    }

    /// What any event may have made due.
    @inline(__always)
    private mutating func followUp(at now: Timestamp, into out: inout Outbox) {
        if awaitedFlattens > 0 { goOnFlattening(at: now, into: &out) }
        if exits.hasChanged { settleNatives(at: now, into: &out) }
    }

    /// The risk part of each symbol's settings, with its tier and its groups.
    private static func symbolFacts(_ configuration: EngineConfiguration) -> ContiguousArray<SymbolFacts> {
        let groups = ExposureTable.groupBits(configuration)
        return ContiguousArray(
            zip(configuration.symbols, groups).map { SymbolFacts($0, configuration.risk, groups: $1) }
        )
    }

    private mutating func start(at now: Timestamp, into out: inout Outbox) {
        isStarted = true
        venue.lostSince = now
        ledger.roll(to: now)
        computePolicies(at: now, into: &out)
        deadlines.set(housekeepingOwner, at: now + configuration.exits.scanPeriod)
    }

    /// Takes the staged configuration: what a reload may change. Lowering a limit blocks increases and trades nothing.
    private mutating func configured() {
        guard let next = stagedConfiguration else { preconditionFailure("Invariant: a configuration is staged") }
        precondition(next.instruments == configuration.instruments, "Invariant: a reload keeps the instruments")
        precondition(next.capacities == configuration.capacities, "Invariant: a reload keeps the capacities")
        stagedConfiguration = nil
        configuration = next
        symbols = Self.symbolFacts(next)
        exposure.setGroups(ContiguousArray(symbols.map(\.groups)))
        portfolio.configure(next)
        #if MUTANTS
            if Mutant.isOn(.limitsOfYesterdayStayInForce) { return }
        #endif
        limits = next.risk
        routing = next.routing
        policies.configure(next)
        effectiveness.configure(next)
        adaptive.configure(next)
        exits.configure(next.exits)
        screener.configure(next)
        stats.configure(next)
    }
}
