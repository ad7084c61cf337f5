public import FairleadModel

/// The one registry of protective levels: take-profits and stop-losses of signals, watched by the engine.
///
/// A signal's levels get their rows when it is accepted and wait. Each fill of its entry arms them for the position as
/// it is then; they fire at or past their price, one live exit each, and fire again with a growing pause while an exit
/// ends and leaves something. They go when the position is flat. Several signals on one position add their levels; a
/// stop-loss that fires holds all others of the position, since it closes all of it. Full: the signal that brings a
/// level is refused (`LevelError.tableFull`).
///
/// The engine tells it, in this order: `positionChanged` on every change of a position, `entryFilled` on each fill of
/// an entry with levels, `entryEnded` once that entry can't fill any more, `exitEnded` when a fired level's exit has
/// ended.
public struct ExitRegistry: ~Copyable {
    static let absent = UInt32.max
    /// Pauses double up to 2^5 times the first.
    static let refireLimit: UInt8 = 5
    /// Before an order that the venue did not take is placed again.
    static let nativeRetryAfter = TimeSpan.seconds(5)

    var rows: ContiguousArray<ProtectiveLevel>
    /// At each stop's row: how it moves.
    var plans: ContiguousArray<StopPlan>
    /// At each level's row: what it has at the venue.
    var natives: ContiguousArray<NativeOrder>
    /// A stack of free rows.
    var free: ContiguousArray<UInt32>
    var freeCount: Int
    /// Per position key: its first row.
    var heads: ContiguousArray<UInt32>
    /// Per position key, as last told.
    var positions: ContiguousArray<SignedQuantity>
    let terms: ContiguousArray<InstrumentTerms>
    var triggers: PriceTriggers
    var refires: DeadlineHeap
    /// Of levels with orders at the venue: the end of a grace, or of the pause before one is tried again.
    var graces: DeadlineHeap
    /// Open parents of such orders.
    var nativeCount = 0
    /// Levels with a time in `keptUntil`.
    var keptCount = 0
    /// A bit an instrument whose levels or orders have changed since `popChanged` gave it.
    var changed: ContiguousArray<UInt64>
    var hasChanged = false
    var serial: UInt64 = 0
    /// The price that levels are watched by: mark, last or mid.
    public private(set) var source: PriceSource
    var backoff: TimeSpan
    /// Of the configuration: levels are placed at the venue, and have so long to be triggered there.
    private(set) var isNative: Bool
    private(set) var grace: TimeSpan
    /// Of the configuration: what stops tighten by that bring no stages of their own.
    private var stages: ProfitStages

    public init(configuration: EngineConfiguration) {
        let capacity = configuration.capacities.levels
        let instruments = configuration.instruments.count
        rows = ContiguousArray(repeating: ProtectiveLevel(), count: capacity)
        plans = ContiguousArray(repeating: StopPlan(), count: capacity)
        free = ContiguousArray((0..<UInt32(capacity)).reversed())
        freeCount = capacity
        heads = ContiguousArray(repeating: Self.absent, count: instruments * PositionSide.allCases.count)
        positions = ContiguousArray(repeating: .zero, count: instruments * PositionSide.allCases.count)
        terms = ContiguousArray(configuration.instruments.map(\.terms))
        triggers = PriceTriggers(owners: capacity * 2, instruments: instruments)
        refires = DeadlineHeap(owners: capacity)
        natives = ContiguousArray(repeating: NativeOrder(), count: capacity)
        graces = DeadlineHeap(owners: capacity)
        changed = ContiguousArray(repeating: 0, count: (instruments + 63) / 64)
        isNative = configuration.exits.isNative
        grace = configuration.exits.nativeGrace
        source = Self.source(configuration.exits.triggerReference)
        backoff = configuration.exits.refireBackoff
        stages = configuration.exits.profitStages
    }

    /// Takes new settings; armed levels are watched by the new price from now on.
    public mutating func configure(_ exits: ExitConfiguration) {
        source = Self.source(exits.triggerReference)
        backoff = exits.refireBackoff
        stages = exits.profitStages
        grace = exits.nativeGrace
        // Those that stand are taken away where they are no longer wanted.
        touchAll()
        isNative = exits.isNative
        touchAll()
        for row in rows.indices where rows[row].state == .armed { watch(row) }
    }

    /// Free rows.
    public var roomLeft: Int { freeCount }

    /// Gives a signal's levels their rows, to wait for its first fill. `.none` for a signal without levels.
    ///
    /// Prices are put on the tick grid as SPEC 2 rounds triggers. `reference` is what the price was when the signal was
    /// accepted; zero when unknown: then only take-profits against stop-loss are compared.
    public mutating func register(_ signal: SignalTerms, reference: Price) throws(LevelError) -> LevelGroup {
        let levels = try checked(signal, reference)
        let count = signal.levelCount
        guard count > 0 else { return .none }
        guard freeCount >= count else { throw .tableFull }
        var group = LevelGroup(first: Self.absent, number: signal.number)
        var before = Rate.zero
        for index in 0..<Int(levels.takeProfits.count) {
            var level = ProtectiveLevel()
            level.price = levels.takeProfits[index].price
            level.fractionBefore = before
            level.fraction = levels.takeProfits[index].fraction
            before = before + level.fraction
            insert(level, signal, &group)
        }
        if signal.hasStop {
            var level = ProtectiveLevel()
            level.kind = .stopLoss
            level.price = levels.stopLoss
            level.fraction = .one
            let isShort = signal.side == .sell
            let usable = stages.fault(isShort: isShort) == nil ? stages : ProfitStages()
            let plan = StopPlan(signal.stop, initial: levels.stopLoss, stages: usable)
            level.isMoving = plan.isMoving
            level.hasPlan = plan.isMoving || plan.sendsLimit
            let row = insert(level, signal, &group)
            plans[row] = plan
        }
        return group
    }

    /// True when a level of the instrument is reached at `price`: one or two comparisons, however many wait.
    @inline(__always)
    public func isDue(_ instrument: InstrumentHandle, at price: Price) -> Bool {
        triggers.isDue(instrument, source, at: price)
    }

    /// The next level of the instrument that is reached at `price`, the price of `source`; nil when none is. Its exit
    /// is live from now on: it must be followed by `exitEnded`, also when it could not be sent. One whose order is at
    /// the venue doesn't fire; its grace begins at `now`.
    public mutating func nextFired(
        _ instrument: InstrumentHandle,
        at price: Price,
        now: Timestamp = .never,
        into out: inout Outbox
    ) -> FiredLevel? {
        while let row = triggers.firstFired(instrument, source, at: price) {
            guard row < rows.count else {
                // It waits for its next price from here on, in the place that it has.
                advance(row - rows.count, to: price, into: &out)
                continue
            }
            triggers.clear(row)
            rows[row].trigger = price
            if !natives[row].isNone {
                cross(row, at: now, for: grace)
                continue
            }
            if let fired = fire(row, into: &out) { return fired }
        }
        return nil
    }

    /// When a level next fires again; `distantFuture` when none waits to.
    public var nextRefire: Timestamp { refires.next }

    /// The next level whose pause is over; nil when none is. As with `nextFired`, its exit is live from now on.
    public mutating func nextRefired(at now: Timestamp, into out: inout Outbox) -> FiredLevel? {
        while let row = refires.popDue(at: now) {
            if let fired = fire(row, into: &out) { return fired }
        }
        return nil
    }

    /// The exit of a fired level has ended, after `closed` of it was filled (0 when it could not be sent), and
    /// `positionChanged` has told the position. What is left of the level's share fires again after a pause, with an
    /// alarm; less than the venue's smallest order does not.
    public mutating func exitEnded(
        _ firing: LevelFiring,
        closed: Quantity,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard let row = find(firing) else { return }
        rows[row].closed += closed
        let left = open(row)
        guard left.raw > 0 else { return spend(row) }
        rows[row].state = .paused
        // A stop-loss at work closes all: what is left is its share now.
        if isStopping(row, besides: row) { return }
        // No order takes it: it stays, marked, and is quiet until the position has grown.
        guard isOrder(row, left) else {
            return out.notice(.alarm(Alarm(.residual, instrument: rows[row].instrument, value: left.raw)))
        }
        if escalate(row, left: left, at: now, into: &out) { return }
        let pause = TimeSpan(nanoseconds: Int64(clamping: Int128(backoff.nanoseconds) << Int128(rows[row].refires)))
        rows[row].refires = min(Self.refireLimit, rows[row].refires + 1)
        refires.set(row, at: now + pause)
        out.notice(.levelChanged(rows[row].record(.refired, trigger: rows[row].trigger, quantity: left)))
        out.notice(.alarm(Alarm(.exitFailed, instrument: rows[row].instrument, value: left.raw)))
    }

    /// An exit of the position that is over holds nothing back any more: its stop-loss, where that waits to fire again,
    /// does so now.
    mutating func exitMadeRoom(_ key: PositionKey, at now: Timestamp) {
        var next = heads[key.row]
        while next != Self.absent {
            let row = Int(next)
            next = rows[row].nextInPosition
            let isWaiting = refires.deadline(of: row) != .distantFuture
            if rows[row].kind == .stopLoss, isWaiting { refires.set(row, at: min(now, refires.deadline(of: row))) }
        }
    }

    /// Positions, those with levels and those without, by position key.
    public var coverage: ExitCoverage {
        var result = ExitCoverage()
        for key in positions.indices where positions[key].raw != 0 {
            var hasLevel = false
            var hasStop = false
            var next = heads[key]
            while next != Self.absent {
                let level = rows[Int(next)]
                if level.isLive, level.isLong == (positions[key].raw > 0) {
                    hasLevel = true
                    // One that only trails has no price before it begins to.
                    if level.kind == .stopLoss, level.price.raw > 0 { hasStop = true }
                }
                next = level.nextInPosition
            }
            result.positions += 1
            if hasLevel { result.registered += 1 } else { result.missing += 1 }
            if !hasStop { result.stopLossMissing += 1 }
        }
        return result
    }

    /// Writes, reads or hashes all levels and what they wait for.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for row in rows.indices {
            var isFree = rows[row].state == .free
            visitor.visit(&isFree)
            if isFree { rows[row] = ProtectiveLevel() } else { rows[row].visitState(&visitor) }
            if rows[row].hasPlan { plans[row].visitState(&visitor) } else { plans[row] = StopPlan() }
            if isFree { natives[row] = NativeOrder() } else { natives[row].visitState(&visitor) }
        }
        if visitor.isReading { keptCount = rows.count { $0.keptUntil != .never } }
        visitor.visit(&freeCount)
        for place in free.indices { visitor.visit(&free[place]) }
        for key in heads.indices {
            visitor.visit(&heads[key])
            visitor.visit(&positions[key])
        }
        visitor.visit(&serial)
        triggers.visitState(&visitor)
        refires.visitState(&visitor)
        graces.visitState(&visitor)
        visitor.visit(&nativeCount)
        for word in changed.indices { visitor.visit(&changed[word]) }
        visitor.visit(&hasChanged)
    }

    /// The source of prices for a configured reference.
    static func source(_ reference: TriggerReference) -> PriceSource {
        switch reference {
        case .mark: .mark
        case .last: .last
        case .mid: .mid
        }
    }
}
