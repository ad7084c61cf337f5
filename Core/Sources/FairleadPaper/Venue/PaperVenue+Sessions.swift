public import FairleadModel

/// Halts, sessions and the opening auction: when an instrument's orders meet the market.
extension PaperVenue {
    /// How long an opening waits for its first trade; then there is no auction, and trading simply begins.
    static var openingPatience: TimeSpan { .minutes(5) }

    /// Stops or resumes an instrument's trading: while halted nothing fills and submits are rejected; cancels work.
    /// Outside of its session it stays stopped when it is resumed.
    public mutating func setHalted(_ isHalted: Bool, _ instrument: InstrumentHandle, at now: Timestamp) {
        advance(to: now)
        let index = Int(instrument.index)
        guard index < books.count else { return }
        calendar.sessions[index].isHalted = isHalted
        showHalt(index)
        watchMargin()
    }

    /// True while nothing of an instrument fills: somebody has stopped it, or it is outside of its session.
    public func isHalted(_ instrument: InstrumentHandle) -> Bool {
        Int(instrument.index) < books.count && books[Int(instrument.index)].isHalted
    }

    /// True while the venue's word has stopped it, whatever its session.
    public func isStoppedByWord(_ instrument: InstrumentHandle) -> Bool {
        Int(instrument.index) < books.count && calendar.sessions[Int(instrument.index)].isHalted
    }

    /// Brings the book in step with its session, and tells where that changes something.
    private mutating func showHalt(_ index: Int) {
        let isStopped = calendar.sessions[index].isStopped
        guard books[index].isHalted != isStopped else { return }
        haltChanges += 1
        tellEmbedded(HaltReport(instrument: InstrumentHandle(index), isHalted: isStopped))
        books[index].isHalted = isStopped
        guard !isStopped else { return }
        if books[index].liveOrders > 0 { matchQuote(index) }
        for reference in ConditionReference.allCases { trigger(index, reference) }
    }

    /// True while an order of an instrument waits for the opening instead of being refused.
    func isQueueing(_ index: Int) -> Bool {
        calendar.sessions[index].phase != .continuous && !calendar.sessions[index].isHalted
    }

    /// Why an order can't be taken while nothing trades; nil when it can, to wait for the opening.
    func refusalWhileStopped(_ order: PaperOrder, _ index: Int) -> RejectReason? {
        isQueueing(index) && !order.isImmediate ? nil : .marketHalted
    }

    // MARK: The day

    /// The phase of an instrument has come to its end: a session begins, or trades though nothing opened it, or ends.
    mutating func turnPhase(_ index: Int) {
        switch calendar.sessions[index].phase {
        case .closed:
            guard let session = hours.session(from: time) else {
                calendar.sessions[index].until = time + Self.calendarPatience
                return
            }
            guard session.contains(time) else {
                calendar.sessions[index].until = session.open
                return
            }
            calendar.sessions[index].phase = .opening
            calendar.sessions[index].close = session.close
            calendar.sessions[index].until = min(session.close, time + Self.openingPatience)
        case .opening: beginTrading(index)
        case .continuous: endSession(index)
        }
    }

    private mutating func beginTrading(_ index: Int) {
        let close = calendar.sessions[index].close
        calendar.sessions[index].phase = .continuous
        calendar.sessions[index].until = close
        showHalt(index)
        if close <= time { endSession(index) }
        calendar.findNext()
    }

    /// The session ends: what still takes was for the day, and expires. What rests stays for the next one.
    private mutating func endSession(_ index: Int) {
        calendar.sessions[index].phase = .closed
        calendar.sessions[index].close = .distantFuture
        calendar.sessions[index].until = hours.session(from: time)?.open ?? time + Self.calendarPatience
        showHalt(index)
        spent.removeAll(keepingCapacity: true)
        spent.append(contentsOf: books[index].takers)
        for place in spent.indices where orders[spent[place]].isLive && orders[spent[place]].client != Self.liquidator {
            expire(spent[place], .timeInForce)
        }
    }

    // MARK: The opening

    /// The first trade of a session is its opening print: what waited takes part at its price, up to its volume, given
    /// out once. Orders without a limit go first, then the better limit, buys before sells; the older first among
    /// equals.
    mutating func meetOpening(_ index: Int, _ trade: Trade) {
        guard calendar.sessions[index].phase == .opening, !calendar.sessions[index].isHalted else { return }
        scratch.removeAll(keepingCapacity: true)
        for slot in books[index].takers where orders[slot].order.price == .zero { scratch.append(slot) }
        for side in [Side.buy, .sell] {
            let first = scratch.count
            for slot in books[index].takers where orders[slot].order.price > .zero {
                if orders[slot].order.side == side { queue(slot, from: first) }
            }
            for slot in books[index][side] { queue(slot, from: first) }
        }
        fillAtOpening(trade)
        beginTrading(index)
    }

    /// Puts an order into its place of price and age among those from `first` on; all of them are of one side.
    private mutating func queue(_ slot: UInt32, from first: Int) {
        var place = scratch.count
        while place > first, isBefore(orders[slot], orders[scratch[place - 1]]) { place -= 1 }
        scratch.insert(slot, at: place)
    }

    private func isBefore(_ row: PaperOrderRow, _ other: PaperOrderRow) -> Bool {
        if row.order.price == other.order.price { return row.priority < other.priority }
        return row.order.side == .buy ? row.order.price > other.order.price : row.order.price < other.order.price
    }

    /// Gives the print's volume to the orders in `scratch` that take its price.
    private mutating func fillAtOpening(_ trade: Trade) {
        var left = trade.quantity
        var place = 0
        while left > .zero, place < scratch.count {
            let slot = scratch[place]
            place += 1
            // A fill may have ended another reducing order of the walk.
            guard orders[slot].isLive, takes(orders[slot].order, trade.price) else { continue }
            let quantity = fillable(orders[slot], up: left)
            guard quantity > .zero else { continue }
            left -= quantity
            fill(slot, trade.price, quantity, orders[slot].isTaking ? .taker : .maker)
        }
    }

    private func takes(_ order: PaperOrder, _ price: Price) -> Bool {
        if order.price == .zero { return true }
        return order.side == .buy ? order.price >= price : order.price <= price
    }
}
