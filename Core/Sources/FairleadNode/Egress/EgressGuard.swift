import FairleadModel

/// The last check in front of every write (SPEC 4, RELIABILITY S-11, S-12): it believes nothing but the order's own
/// values, the instruments' grids, the journal's gate, the kill word, what the venue's session said, and its own
/// account of each parent. Missing inputs fail closed for orders that raise exposure and open for those that reduce it.
struct EgressGuard {
    /// What one release depends on, besides the order.
    struct Moment {
        var now: Timestamp
        /// The same moment by the venue's clock, as far as it is known: an order's validity is meant by that one.
        var venueTime: Timestamp
        /// What stands engaged on the atomic word.
        var engaged: KillBits
        /// The state that the engine is in.
        var state: TradingState
        /// The journal can't keep what happens (a failed write or sync).
        var isJournalBroken: Bool
        /// The record of the event that caused the order is as durable as configured.
        var isDurable: Bool
    }

    private var terms: ContiguousArray<InstrumentTerms>
    private var throttle: OrderThrottle
    var accounts: ParentAccounts
    private(set) var isConnected = false
    private(set) var isReconciled = false
    /// Counts the sessions with the venue.
    private(set) var session: UInt32 = 0
    private(set) var throttledUntil = Timestamp.never
    private(set) var bannedUntil = Timestamp.never
    /// Symbols that a child over its parent has locked, until an operator enables them again.
    private var isLocked: ContiguousArray<Bool>
    /// Increasing orders and amendments that were released over the whole journal.
    private(set) var increasingReleases: UInt64 = 0
    /// Their count when the kill switch was engaged last: "sends since" is the difference.
    private(set) var releasesAtEngage: UInt64 = 0
    /// How often each reason refused, in the order of `EgressRefusal`.
    private(set) var refusals = ContiguousArray<UInt64>(repeating: 0, count: EgressRefusal.allCases.count)

    init(_ configuration: EngineConfiguration) {
        terms = ContiguousArray(configuration.instruments.map(\.terms))
        isLocked = ContiguousArray(repeating: false, count: terms.count)
        throttle = OrderThrottle(configuration.risk)
        accounts = ParentAccounts(
            parents: configuration.capacities.parents,
            orders: configuration.capacities.orders
        )
    }

    /// A change of limits. Instruments stay: they need a restart.
    mutating func configure(_ configuration: EngineConfiguration) {
        throttle.configure(configuration.risk)
        for index in terms.indices where index < configuration.instruments.count {
            terms[index] = configuration.instruments[index].terms
        }
    }

    /// Sends since the last engage.
    var releasesSinceEngage: UInt64 { increasingReleases - releasesAtEngage }

    // MARK: - Verdicts

    /// What the guard says of an order at a moment.
    enum Verdict: Equatable {
        case pass
        case refuse(EgressRefusal)
        /// Nothing is wrong with it, but it may not leave before then.
        case wait(Timestamp)
    }

    /// Takes no token: `released` does.
    func verdict(_ order: OrderSubmission, _ moment: Moment) -> Verdict {
        if let refusal = common(order.isIncreasing, order.instrument, moment) { return .refuse(refusal) }
        if !isReconciled && !order.isIncreasing && !order.reduceOnly { return .refuse(.notReconciled) }
        if moment.venueTime >= order.validUntil || moment.now >= order.expiresAt { return .refuse(.expired) }
        if !isOnGrid(order) { return .refuse(.offGrid) }
        if !isWithinCollar(order) { return .refuse(.collar) }
        if accounts.isOver(order) { return .refuse(.overParent) }
        if accounts.isFull(for: order) && order.isIncreasing { return .refuse(.queueFull) }
        return token(order.isIncreasing, moment)
    }

    func verdict(_ amendment: OrderAmendment, _ moment: Moment) -> Verdict {
        if let refusal = common(amendment.isIncreasing, amendment.instrument, moment) { return .refuse(refusal) }
        if moment.venueTime >= amendment.validUntil { return .refuse(.expired) }
        let instrument = terms[Int(amendment.instrument.index)]
        // What waits for a trigger may be a market order after it.
        let isPriced = amendment.price.raw > 0 || amendment.price == .zero && amendment.trigger.raw > 0
        let isOnGrid =
            isPriced && instrument.isOnTick(amendment.price) && instrument.isOnTick(amendment.trigger)
            && amendment.trigger.raw >= 0 && amendment.quantity.raw > 0 && instrument.isOnLot(amendment.quantity)
        if !isOnGrid { return .refuse(.offGrid) }
        let isWithin = Self.isWithin(amendment.collar, amendment.price, amendment.side, amendment.isIncreasing)
        if !isWithin { return .refuse(.collar) }
        if accounts.isOver(amendment) { return .refuse(.overParent) }
        return token(amendment.isIncreasing, moment)
    }

    /// The checks that do not look at the order's numbers.
    private func common(_ isIncreasing: Bool, _ instrument: InstrumentHandle, _ moment: Moment) -> EgressRefusal? {
        guard Int(instrument.index) < terms.count else { return .offGrid }
        if isIncreasing {
            if moment.isJournalBroken || moment.engaged.contains(.journal) { return .notDurable }
            if !moment.isDurable { return .notDurable }
            #if MUTANTS
                let mayTrade = isConnected && isReconciled && !isLocked[Int(instrument.index)]
                if Mutant.isOn(.waitingEntryLeavesInSpiteOfAKill), mayTrade { return nil }
            #endif
            if !moment.engaged.isEmpty || moment.state != .active { return .tradingState }
            if isLocked[Int(instrument.index)] { return .overParent }
            if !isConnected { return .notConnected }
            if !isReconciled { return .notReconciled }
            return nil
        }
        if moment.engaged.contains(.frozen) { return .tradingState }
        if !isConnected { return .notConnected }
        // A failed journal lets reducing orders out undurably (RELIABILITY D2); a working one does not.
        return moment.isDurable || moment.isJournalBroken ? nil : .notDurable
    }

    private func isOnGrid(_ order: OrderSubmission) -> Bool {
        let instrument = terms[Int(order.instrument.index)]
        guard order.quantity.raw > 0, order.quantity <= .bound else { return false }
        guard instrument.isOnLot(order.quantity) else { return false }
        if order.isIncreasing && order.quantity > instrument.maximumQuantity { return false }
        let trigger = order.condition.trigger
        guard trigger.raw >= 0, trigger <= .bound, instrument.isOnTick(trigger) else { return false }
        switch order.type {
        case .market: return order.price == .zero
        case .limit, .postOnly, .marketableLimit:
            return order.price.raw > 0 && order.price <= .bound && instrument.isOnTick(order.price)
        }
    }

    private func isWithinCollar(_ order: OrderSubmission) -> Bool {
        switch order.type {
        // A market order has no bound of its own: only for what reduces.
        case .market: !order.isIncreasing
        case .limit, .postOnly, .marketableLimit:
            Self.isWithin(order.collar, order.price, order.side, order.isIncreasing)
        }
    }

    /// An increasing order without a collar is outside of it.
    private static func isWithin(_ collar: Price, _ price: Price, _ side: Side, _ isIncreasing: Bool) -> Bool {
        if collar == .zero { return !isIncreasing }
        switch side {
        case .buy: return price <= collar
        case .sell: return price >= collar
        }
    }

    private func token(_ isIncreasing: Bool, _ moment: Moment) -> Verdict {
        if isIncreasing {
            let isHeld =
                moment.now < max(throttledUntil, bannedUntil) || moment.now < throttle.freesAt(isIncreasing: true)
            return isHeld ? .refuse(.throttled) : .pass
        }
        if moment.now < bannedUntil { return .wait(bannedUntil) }
        let free = throttle.freesAt(isIncreasing: false)
        return free <= moment.now ? .pass : .wait(free)
    }

    // MARK: - What happened

    mutating func released(_ order: OrderSubmission, at now: Timestamp) {
        accounts.released(order, session: session)
        throttle.take(at: now)
        if order.isIncreasing { increasingReleases += 1 }
    }

    mutating func released(_ amendment: OrderAmendment, at now: Timestamp) {
        accounts.released(amendment)
        throttle.take(at: now)
        if amendment.isIncreasing { increasingReleases += 1 }
    }

    /// Counts a refusal; a child over its parent locks its symbol for increasing orders.
    mutating func refused(_ reason: EgressRefusal, _ instrument: InstrumentHandle) {
        refusals[Int(reason.rawValue)] += 1
        if reason == .overParent && Int(instrument.index) < isLocked.count { isLocked[Int(instrument.index)] = true }
    }

    mutating func engaged() { releasesAtEngage = increasingReleases }

    /// Every journaled event passes here, before the engine has it.
    mutating func observe(_ event: Event) {
        accounts.observe(event)
        switch event {
        case .epochOpened, .venueDisconnected:
            isConnected = false
            isReconciled = false
        case .venueConnected(let connection):
            session = connection.session
            isConnected = true
            isReconciled = false
            #if MUTANTS
                if Mutant.isOn(.entryLeavesBeforeTheVenueIsReconciled) { isReconciled = true }
            #endif
        case .reconciliationCompleted: isReconciled = isConnected
        case .venueThrottled(let restriction): throttledUntil = restriction.until
        case .venueBanned(let restriction): bannedUntil = restriction.until
        case .operated(let command):
            guard command.action == .enableSymbol else { return }
            for index in isLocked.indices
            where command.instrument == .none || Int(command.instrument.index) == index {
                isLocked[index] = false
            }
        case .configured, .timer, .quoted, .traded, .marked, .barReported, .signalReceived, .signalRefused,
            .orderAccepted, .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected,
            .orderReplaced, .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .balanceReported, .positionReported,
            .reconciliationBegan, .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            break
        }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        throttle.visitState(&visitor)
        visitor.visit(&isConnected)
        visitor.visit(&isReconciled)
        visitor.visit(&session)
        visitor.visit(&throttledUntil)
        visitor.visit(&bannedUntil)
        visitor.visit(&isLocked, limit: terms.count, blank: false) { $1.visit(&$0) }
        visitor.visit(&increasingReleases)
        visitor.visit(&releasesAtEngage)
        visitor.visit(&refusals, limit: EgressRefusal.allCases.count, blank: 0) { $1.visit(&$0) }
        accounts.visitState(&visitor)
    }
}
