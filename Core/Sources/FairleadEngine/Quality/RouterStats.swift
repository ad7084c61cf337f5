public import FairleadModel

/// What executions came to, for each symbol over a rolling window (SPEC 12.1): fed by every send, answer, fill and end
/// of an order and of a parent, read by `view`. No order asks it; the risk mode asks its global score.
///
/// Bounded by `capacities.fills` (fills, children and parents kept for each symbol) and `capacities.markouts` (fills
/// that wait for a horizon). Full: the oldest goes before its time, and is counted (`droppedSamples`,
/// `givenUpMarkouts`).
public struct RouterStats: ~Copyable {
    var window: StatsWindow
    var baselineBps: Double
    var fills: MeasureRings<FillSample>
    var children: MeasureRings<ChildSample>
    var shortfalls: MeasureRings<ShortfallSample>
    var activities: ContiguousArray<SymbolActivity>
    /// What is remembered of an order and of a parent at work, by their slots.
    var orders: ContiguousArray<OrderNote>
    var parents: ContiguousArray<ParentNote>
    var markouts: MarkoutQueue
    var mids: MidSamples
    /// Made once a configuration: they hold lists.
    private(set) var scoreSettings = QualityScoreSettings()
    private(set) var penaltyBasis = TwapPenaltyBasis.all

    public init(configuration: EngineConfiguration) {
        let capacities = configuration.capacities
        let count = configuration.instruments.count
        window = StatsWindow(length: .zero, minimum: 0)
        baselineBps = 0
        fills = MeasureRings(instruments: count, capacity: capacities.fills)
        children = MeasureRings(instruments: count, capacity: capacities.fills)
        shortfalls = MeasureRings(instruments: count, capacity: capacities.fills)
        activities = ContiguousArray(repeating: SymbolActivity(), count: count)
        orders = ContiguousArray(repeating: OrderNote(), count: capacities.orders)
        parents = ContiguousArray(repeating: ParentNote(), count: capacities.parents)
        markouts = MarkoutQueue(capacity: capacities.markouts)
        mids = MidSamples(instruments: count)
        configure(configuration)
    }

    /// Takes new settings: they hold from the next fill, or the next view, on. More minimum events than there is room
    /// for are as many as there is room for.
    public mutating func configure(_ configuration: EngineConfiguration) {
        window = StatsWindow(length: configuration.quality.window, minimum: configuration.quality.minimumEvents)
        baselineBps = configuration.quality.baseline.inBps
        scoreSettings = QualityScoreSettings(configuration.quality.score)
        penaltyBasis = configuration.quality.score.twapPenaltyBasis
    }

    /// The earliest horizon that a fill waits for.
    public var nextMarkout: Timestamp { markouts.next }

    // MARK: Orders

    /// A child was handed out. `twapNotional` is what a TWAP's child is to trade, at its intended price, in 10^-8; nil
    /// for any other order.
    public mutating func sent(
        _ order: OrderSlot,
        _ instrument: InstrumentHandle,
        twapNotional: Int64? = nil,
        at now: Timestamp
    ) {
        activities[Int(instrument.index)].sends += 1
        activities[Int(instrument.index)].lastOrder = now
        var note = OrderNote()
        if let twapNotional {
            note.child = children.end(instrument)
            let isFull = children.append(ChildSample(intended: twapNotional, at: now), instrument, window)
            if isFull { activities[Int(instrument.index)].dropped += 1 }
        }
        orders[Int(order.index)] = note
    }

    /// The venue has the order: acknowledged, reported alive, or filled before that. Its first word is what latency is
    /// measured to. True for the first.
    @discardableResult
    public mutating func accepted(_ order: OrderSlot, _ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        guard orders[Int(order.index)].answeredAt == .never else { return false }
        orders[Int(order.index)].answeredAt = now
        activities[Int(instrument.index)].acknowledgements += 1
        return true
    }

    /// The venue has ended the order: cancelled or expired.
    public mutating func cancelled(_ order: OrderSlot, _ instrument: InstrumentHandle, at now: Timestamp) {
        if orders[Int(order.index)].answeredAt == .never { orders[Int(order.index)].answeredAt = now }
        activities[Int(instrument.index)].cancels += 1
    }

    /// The venue did not take the order.
    public mutating func rejected(_ order: OrderSlot, _ instrument: InstrumentHandle, at now: Timestamp) {
        if orders[Int(order.index)].answeredAt == .never { orders[Int(order.index)].answeredAt = now }
        activities[Int(instrument.index)].rejects += 1
    }

    /// Nothing of an order was written: no venue was asked for it.
    public mutating func unsent(_ order: OrderSlot, _ instrument: InstrumentHandle) {
        let number = orders[Int(order.index)].child
        guard children.holds(instrument, number) else { return }
        var child = children[instrument, number]
        child.intended = 0
        children[instrument, number] = child
    }

    /// From handing out to the venue's first word; to now where there was none. Never negative.
    @inline(__always)
    public func latency(of order: OrderSlot, sentAt: Timestamp, at now: Timestamp) -> TimeSpan {
        let answeredAt = orders[Int(order.index)].answeredAt
        return max(.zero, (answeredAt == .never ? now : answeredAt) - sentAt)
    }

    // MARK: Fills

    /// A fill of our own (`update_on_fill`), which begins to wait for its horizons. `childNotional` is what it fills of
    /// a TWAP's child, at the child's intended price; nil for any other order. `expectedBps` is what a fill of its kind
    /// is to cost, fee and slippage together.
    public mutating func filled(
        _ measure: FillMeasure,
        of order: OrderSlot,
        childNotional: Int64? = nil,
        isEligible: Bool = false,
        expectedBps: Double = 0,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let instrument = measure.instrument
        let index = Int(instrument.index)
        let sample = FillSample(measure, isEligible: isEligible, at: now)
        accepted(order, instrument, at: now)
        activities[index].fills += 1
        activities[index].lastFill = now
        if let slippage = sample.slippageBps { activities[index].drifted(by: slippage) }
        if let cost = sample.costBps { activities[index].cost.add(cost - expectedBps) }
        if let childNotional { credit(order, instrument, childNotional) }
        let number = fills.end(instrument)
        if fills.append(sample, instrument, window) { activities[index].dropped += 1 }
        markouts.append(measure, sample: number, at: now, into: &out)
    }

    private mutating func credit(_ order: OrderSlot, _ instrument: InstrumentHandle, _ notional: Int64) {
        let number = orders[Int(order.index)].child
        guard children.holds(instrument, number) else { return }
        var child = children[instrument, number]
        child.filled = Int64(clamping: Int128(child.filled) + Int128(notional))
        children[instrument, number] = child
    }

    /// Takes the middle of every horizon before `now`. `market` must stand as it did until now.
    mutating func resolveMarkouts(
        _ market: borrowing MarketState,
        maximumAge: TimeSpan,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        markouts.resolve(before: now, market, maximumAge: maximumAge, samples: &fills, into: &out)
    }

    // MARK: Parents

    /// A parent begins.
    mutating func opened(_ parent: ParentSlot, decision: Price, _ basis: DecisionBasis) {
        var note = ParentNote()
        note.decision = decision
        note.basis = basis
        parents[Int(parent.index)] = note
    }

    /// A parent was credited with a fill, worth `midNotional` at the middle of its book and `intendedNotional` at the
    /// price that was intended; nil without one.
    mutating func credited(_ parent: ParentSlot, midNotional: Money?, intendedNotional: Money?) {
        let row = Int(parent.index)
        if let midNotional { parents[row].midNotional += midNotional } else { parents[row].isMidMissing = true }
        if let intendedNotional {
            parents[row].intendedNotional += intendedNotional
        } else {
            parents[row].isIntendedMissing = true
        }
    }

    /// A parent has ended: its shortfall joins the window, where it is known.
    mutating func ended(_ measure: ShortfallMeasure, at now: Timestamp) {
        let index = Int(measure.instrument.index)
        guard measure.total != nil, measure.notional > 0, let delay = measure.delay, let trading = measure.trading,
            let opportunity = measure.opportunity
        else {
            activities[index].unmeasuredParents += 1
            return
        }
        var sample = ShortfallSample()
        sample.time = now
        sample.notional = measure.notional
        (sample.delay, sample.trading) = (delay, trading)
        (sample.opportunity, sample.fees) = (opportunity, measure.fees)
        if let spread = measure.spread, let impact = measure.impact {
            (sample.spread, sample.impact, sample.isSplit) = (spread, impact, true)
        }
        if shortfalls.append(sample, measure.instrument, window) { activities[index].dropped += 1 }
    }
}

/// What is counted of a symbol over the whole journal.
struct SymbolActivity: BitwiseCopyable, Sendable {
    var lastOrder = Timestamp.never
    var lastFill = Timestamp.never
    /// EMA of slippage against the intended price, over all fills; meaningful once `hasDrift`.
    var driftBps = 0.0
    var hasDrift = false
    /// Costs over what was expected, in bps.
    var cost = CostDrift()
    var sends: UInt64 = 0
    var acknowledgements: UInt64 = 0
    var fills: UInt64 = 0
    var cancels: UInt64 = 0
    var rejects: UInt64 = 0
    /// Parents that ended without a known shortfall.
    var unmeasuredParents: UInt64 = 0
    /// Rows that left a full ring before their time.
    var dropped: UInt64 = 0

    /// EMA 0.3, starting at the first slippage.
    mutating func drifted(by slippageBps: Double) {
        driftBps = hasDrift ? 0.3 * slippageBps + 0.7 * driftBps : slippageBps
        hasDrift = true
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&lastOrder)
        visitor.visit(&lastFill)
        visitor.visit(&driftBps)
        visitor.visit(&hasDrift)
        cost.visitState(&visitor)
        visitor.visit(&sends)
        visitor.visit(&acknowledgements)
        visitor.visit(&fills)
        visitor.visit(&cancels)
        visitor.visit(&rejects)
        visitor.visit(&unmeasuredParents)
        visitor.visit(&dropped)
    }
}

/// Beside an order's row.
struct OrderNote: BitwiseCopyable, Sendable {
    /// The venue's first word.
    var answeredAt = Timestamp.never
    /// Its row among the TWAP's children.
    var child = UInt64.max

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&answeredAt)
        visitor.visit(&child)
    }
}

/// Beside a parent's row.
struct ParentNote: BitwiseCopyable, Sendable {
    /// `sum of q_i * mid_i` of its fills.
    var midNotional = Money.zero
    var decision = Price.zero
    var basis = DecisionBasis.received
    /// A fill had no middle.
    var isMidMissing = false
    /// `sum of q_i * intended_i` of its fills.
    var intendedNotional = Money.zero
    /// A fill's order had no intended price.
    var isIntendedMissing = false
    /// It has sent a maker that it would give way from, and has given way.
    var isMaker = false
    var isFallenBack = false

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&midNotional)
        visitor.visit(&decision)
        visitor.visit(&basis)
        visitor.visit(&isMidMissing)
        visitor.visit(&intendedNotional)
        visitor.visit(&isIntendedMissing)
        visitor.visit(&isMaker)
        visitor.visit(&isFallenBack)
    }
}

extension RouterStats {
    /// Writes, reads or hashes the whole state; settings are not part of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        fills.visitState(&visitor)
        children.visitState(&visitor)
        shortfalls.visitState(&visitor)
        for index in activities.indices { activities[index].visitState(&visitor) }
        for index in orders.indices { orders[index].visitState(&visitor) }
        for index in parents.indices { parents[index].visitState(&visitor) }
        markouts.visitState(&visitor)
        mids.visitState(&visitor)
    }

    public func checkInvariants() {
        fills.checkInvariants()
        children.checkInvariants()
        shortfalls.checkInvariants()
        markouts.checkInvariants()
    }
}
