public import FairleadModel

/// What lately happened to each symbol, for the rows that look for a machine gone wild: repeated executions, reject
/// storms, duplicate orders, bursts, cooldowns; and the latches that only an operator clears.
///
/// Everything has a fixed size per instrument. Times must not run backwards.
public struct RepeatGuard: Sendable {
    /// Entry parents remembered per symbol and hour: the largest `max_trades_per_symbol_per_hour`.
    public static let tradesRemembered = 256
    /// Fills or rejects in a row remembered per symbol: the largest count that can be configured.
    public static let runRemembered = 32
    /// Recent parents remembered per symbol for duplicates. Full: the oldest is forgotten, and no longer found.
    public static let parentsRemembered = 32

    struct Row: Hashable, Sendable, BitwiseCopyable {
        var lastStopOut = Timestamp.never
        var repeatedSide = Side.buy
        var repeatedQuantity = Quantity.zero
        var isRepeatLatched = false
        var isRejectLatched = false
        var isOverSent = false
        /// By a person, each direction.
        var isBuyDisabled = false
        var isSellDisabled = false
    }

    /// A parent as a duplicate would look like it.
    struct SentParent: Hashable, Sendable, BitwiseCopyable {
        var intent = IntentID.none
        var time = Timestamp.never
        var price = Price.zero
        var quantity = Quantity.zero
        var side = Side.buy
        var isOpen = false
    }

    private var rows: ContiguousArray<Row>
    private var trades: TimeRings
    private var executions: TimeRings
    private var rejects: TimeRings
    private var parents: ContiguousArray<SentParent>
    /// Per instrument a byte for each of its parents, made of what duplicates have in common: only a parent whose byte
    /// fits is looked at. One line of the cache instead of 28.
    private var marks: ContiguousArray<ParentMarks>
    /// Where the next parent goes, per instrument.
    private var nextParents: ContiguousArray<Int32>

    public init(instrumentCount: Int) {
        rows = ContiguousArray(repeating: Row(), count: instrumentCount)
        trades = TimeRings(instrumentCount: instrumentCount, capacity: Self.tradesRemembered)
        executions = TimeRings(instrumentCount: instrumentCount, capacity: Self.runRemembered)
        rejects = TimeRings(instrumentCount: instrumentCount, capacity: Self.runRemembered)
        parents = ContiguousArray(repeating: SentParent(), count: instrumentCount * Self.parentsRemembered)
        marks = ContiguousArray(repeating: ParentMarks(), count: instrumentCount)
        nextParents = ContiguousArray(repeating: 0, count: instrumentCount)
    }

    @inline(__always)
    func prefetch(_ instrument: InstrumentHandle) {
        let index = Int(instrument.index)
        parents.prefetch(index * Self.parentsRemembered + Int(nextParents[index]))
        trades.prefetch(index)
    }

    // MARK: What happened

    /// An entry parent was approved: counts for the hourly burst, and is what a duplicate is compared with.
    /// `quantity` is what was asked for, before a clamp; `limitPrice` is zero for a market order.
    public mutating func entryApproved(
        _ instrument: InstrumentHandle,
        _ intent: IntentID,
        side: Side,
        quantity: Quantity,
        limitPrice: Price,
        at now: Timestamp
    ) {
        let index = Int(instrument.index)
        trades.append(now, index)
        let place = Int(nextParents[index])
        parents[index * Self.parentsRemembered + place] = SentParent(
            intent: intent,
            time: now,
            price: limitPrice,
            quantity: quantity,
            side: side,
            isOpen: true
        )
        marks[index].set(place, ParentMarks.mark(side, quantity, limitPrice))
        nextParents[index] = Int32((place + 1) % Self.parentsRemembered)
    }

    /// The parent has ended: from now on it is a duplicate's original only within the window.
    public mutating func parentClosed(_ instrument: InstrumentHandle, _ intent: IntentID) {
        let first = Int(instrument.index) * Self.parentsRemembered
        for slot in first..<first + Self.parentsRemembered where parents[slot].intent == intent {
            parents[slot].isOpen = false
        }
    }

    /// A parent was filled. Gives true when this latches the symbol: the caller raises the alarm.
    public mutating func executed(
        _ instrument: InstrumentHandle,
        side: Side,
        quantity: Quantity,
        at now: Timestamp,
        _ limits: RiskLimits
    ) -> Bool {
        let index = Int(instrument.index)
        if rows[index].repeatedSide != side || rows[index].repeatedQuantity != quantity { executions.removeAll(index) }
        rows[index].repeatedSide = side
        rows[index].repeatedQuantity = quantity
        executions.append(now, index)
        executions.drop(before: now + -limits.repeatedExecutionWindow, index)
        guard let limit = limits.repeatedExecutionCount, !rows[index].isRepeatLatched else { return false }
        guard executions.count(index) >= min(limit, Self.runRemembered) else { return false }
        rows[index].isRepeatLatched = true
        return true
    }

    /// The venue refused an order. Gives true when this latches the symbol: the caller halts and raises the alarm.
    public mutating func rejected(_ instrument: InstrumentHandle, at now: Timestamp, _ limits: RiskLimits) -> Bool {
        let index = Int(instrument.index)
        rejects.append(now, index)
        rejects.drop(before: now + -limits.rejectStormWindow, index)
        guard let limit = limits.rejectStormCount, !rows[index].isRejectLatched else { return false }
        guard rejects.count(index) >= min(limit, Self.runRemembered) else { return false }
        rows[index].isRejectLatched = true
        return true
    }

    /// The venue accepted an order: the rejects are no longer in a row.
    public mutating func accepted(_ instrument: InstrumentHandle) {
        if rejects.count(Int(instrument.index)) > 0 { rejects.removeAll(Int(instrument.index)) }
    }

    public mutating func stoppedOut(_ instrument: InstrumentHandle, at now: Timestamp) {
        rows[Int(instrument.index)].lastStopOut = now
    }

    /// Children exceeded their parent: no new exposure in the symbol until an operator enables it.
    public mutating func overSent(_ instrument: InstrumentHandle) { rows[Int(instrument.index)].isOverSent = true }

    /// An operator lets nothing be entered, in one direction or in both, until the symbol is enabled.
    public mutating func disabled(_ instrument: InstrumentHandle, buys: Bool, sells: Bool) {
        let index = Int(instrument.index)
        rows[index].isBuyDisabled = rows[index].isBuyDisabled || buys
        rows[index].isSellDisabled = rows[index].isSellDisabled || sells
    }

    /// An operator enables the symbol again: all latches and runs are cleared, the hourly count and the cooldown stay.
    public mutating func enabled(_ instrument: InstrumentHandle) {
        let index = Int(instrument.index)
        rows[index].isRepeatLatched = false
        rows[index].isRejectLatched = false
        rows[index].isOverSent = false
        rows[index].isBuyDisabled = false
        rows[index].isSellDisabled = false
        executions.removeAll(index)
        rejects.removeAll(index)
    }

    // MARK: What the gateway asks

    public func isOverSent(_ instrument: InstrumentHandle) -> Bool { rows[Int(instrument.index)].isOverSent }

    /// Everything that holds the symbol's entries until an operator enables it.
    public func holds(_ instrument: InstrumentHandle) -> SymbolHolds {
        let row = rows[Int(instrument.index)]
        return SymbolHolds(
            isRepeatLatched: row.isRepeatLatched,
            isRejectLatched: row.isRejectLatched,
            isOverSent: row.isOverSent,
            isBuyDisabled: row.isBuyDisabled,
            isSellDisabled: row.isSellDisabled
        )
    }

    /// A person lets nothing be entered on this side.
    @inline(__always)
    public func isDisabled(_ instrument: InstrumentHandle, _ side: Side) -> Bool {
        let row = rows[Int(instrument.index)]
        return side == .buy ? row.isBuyDisabled : row.isSellDisabled
    }

    /// The history part of a context. `rates` come from the venue's `RateWindows`.
    public mutating func facts(
        _ instrument: InstrumentHandle,
        side: Side,
        quantity: Quantity,
        limitPrice: Price,
        rates: RateCounts,
        at now: Timestamp,
        _ limits: RiskLimits
    ) -> HistoryFacts {
        let index = Int(instrument.index)
        trades.drop(before: now + -TimeSpan.hours(1), index)
        executions.drop(before: now + -limits.repeatedExecutionWindow, index)
        rejects.drop(before: now + -limits.rejectStormWindow, index)
        var facts = HistoryFacts()
        facts.rates = rates
        facts.lastStopOut = rows[index].lastStopOut
        facts.tradesInLastHour = trades.count(index)
        facts.repeatedExecutions = executions.count(index)
        facts.isRepeatLatched = rows[index].isRepeatLatched
        facts.consecutiveRejects = rejects.count(index)
        facts.isRejectLatched = rows[index].isRejectLatched
        facts.isDuplicateOrder = hasDuplicate(
            index,
            side: side,
            quantity: quantity,
            limitPrice: limitPrice,
            since: now + -limits.duplicateOrderWindow
        )
        return facts
    }

    /// Another parent of the same side, quantity and price that is open, or was sent at `since` or later.
    private func hasDuplicate(
        _ index: Int,
        side: Side,
        quantity: Quantity,
        limitPrice: Price,
        since: Timestamp
    ) -> Bool {
        var candidates = marks[index].places(of: ParentMarks.mark(side, quantity, limitPrice))
        while let place = candidates.next() {
            let parent = parents[index * Self.parentsRemembered + place]
            if parent.quantity == quantity, parent.side == side, parent.price == limitPrice, !parent.intent.isNone,
                parent.isOpen || parent.time >= since
            {
                return true
            }
        }
        return false
    }

    /// The marks are made of the parents, and are no state of their own.
    private mutating func markAll() {
        for slot in parents.indices {
            let parent = parents[slot]
            marks[slot / Self.parentsRemembered].set(
                slot % Self.parentsRemembered,
                ParentMarks.mark(parent.side, parent.quantity, parent.price)
            )
        }
    }

    // MARK: State

    /// Writes, reads or hashes all of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in rows.indices {
            visitor.visit(&rows[index].lastStopOut)
            visitor.visit(&rows[index].repeatedSide)
            visitor.visit(&rows[index].repeatedQuantity)
            visitor.visit(&rows[index].isRepeatLatched)
            visitor.visit(&rows[index].isRejectLatched)
            visitor.visit(&rows[index].isOverSent)
            visitor.visit(&rows[index].isBuyDisabled)
            visitor.visit(&rows[index].isSellDisabled)
            visitor.visit(&nextParents[index])
        }
        trades.visitState(&visitor)
        executions.visitState(&visitor)
        rejects.visitState(&visitor)
        for index in parents.indices {
            visitor.visit(&parents[index].intent)
            visitor.visit(&parents[index].time)
            visitor.visit(&parents[index].price)
            visitor.visit(&parents[index].quantity)
            visitor.visit(&parents[index].side)
            visitor.visit(&parents[index].isOpen)
        }
        if visitor.isReading { markAll() }
    }

    /// Slow: for tests and the simulator.
    public func checkInvariants() {
        trades.checkInvariants()
        executions.checkInvariants()
        rejects.checkInvariants()
        for next in nextParents {
            precondition(next >= 0 && next < Int32(Self.parentsRemembered), "Invariant: the next parent has a slot")
        }
        for slot in parents.indices where !parents[slot].intent.isNone {
            let parent = parents[slot]
            let mark = marks[slot / Self.parentsRemembered][slot % Self.parentsRemembered]
            let expected = ParentMarks.mark(parent.side, parent.quantity, parent.price)
            precondition(mark == expected, "Invariant: a parent's mark is made of the parent")
        }
    }
}
