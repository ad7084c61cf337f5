internal import FairleadModel

/// Orders that wait for a price. Until it comes they rest outside of the book: they fill nothing, hold no place in a
/// queue, and are listed, cancelled and amended as others are. Then each is the market or limit order that it says,
/// under the same id, and its client is told by a report in state `working`.
///
/// Those of one group are one-cancels-other: a stop that is triggered ends the others, and what a take-profit fills is
/// taken from the stops; one with nothing left ends. The group's take-profits leave each other alone: they are shares.
extension PaperVenue {
    /// Puts a live order among those that wait. A trailing one begins at once where nothing has to be reached first.
    mutating func wait(_ slot: UInt32) {
        let index = Int(orders[slot].order.instrument.index)
        books[index].waiting.append(slot)
        follow(slot, books[index].price(orders[slot].order.condition.reference))
    }

    /// Lets a trailing order follow the price.
    private mutating func follow(_ slot: UInt32, _ price: Price) {
        let row = orders[slot]
        guard row.order.condition.kind == .trailing, price > .zero else { return }
        let isSell = row.order.side == .sell
        if row.best > .zero {
            let best = isSell ? max(row.best, price) : min(row.best, price)
            if best != row.best { orders[slot].best = best }
        } else {
            let activation = row.order.condition.trigger
            let isReached = activation == .zero || (isSell ? price >= activation : price <= activation)
            if isReached { orders[slot].best = price }
        }
    }

    /// Triggers what the present price of a kind has reached, the oldest first. Nothing is triggered while its
    /// instrument is stopped: it is looked at again once that is over.
    @inline(__always)
    mutating func trigger(_ index: Int, _ reference: ConditionReference) {
        if books[index].waiting.isEmpty || books[index].isHalted || holdsTriggers { return }
        triggerReached(index, reference, books[index].price(reference))
    }

    private mutating func triggerReached(_ index: Int, _ reference: ConditionReference, _ price: Price) {
        guard price > .zero else { return }
        triggered.removeAll(keepingCapacity: true)
        var place = 0
        while place < books[index].waiting.count {
            let slot = books[index].waiting[place]
            place += 1
            guard orders[slot].order.condition.reference == reference else { continue }
            follow(slot, price)
            if isReached(orders[slot], at: price) { triggered.append(slot) }
        }
        place = 0
        while place < triggered.count {
            let slot = triggered[place]
            place += 1
            // One before it may have ended it, as its group or its position.
            if orders[slot].isWaiting { trigger(slot) }
        }
    }

    private func isReached(_ row: PaperOrderRow, at price: Price) -> Bool {
        if row.order.condition.kind == .trailing && row.best == .zero { return false }
        return row.order.condition.isReached(row.order.side, trigger: row.trigger, at: price)
    }

    /// Its price has come: it is an order of the book from here on, and the youngest there.
    private mutating func trigger(_ slot: UInt32) {
        withdraw(slot)
        orders[slot].state = .working
        orders[slot].priority = ledger.nextSequence()
        let order = orders[slot].order
        answer(.reported(orders[slot].report(at: time)), to: orders[slot].client)
        if order.condition.kind.isStop { endSiblings(of: slot) }
        let index = Int(order.instrument.index)
        // The price band holds for what comes into the book: a limit that has fallen out of it ends here.
        if order.type == .limit && breaksPercentPrice(order, terms[index], books[index]) { return endByVenue(slot) }
        execute(slot)
    }

    // MARK: One cancels the other

    /// Puts the live others of an order's group into `siblings`.
    private mutating func gatherSiblings(of slot: UInt32) {
        siblings.removeAll(keepingCapacity: true)
        let row = orders[slot]
        guard row.order.condition.group != 0 else { return }
        let index = Int(row.order.instrument.index)
        for other in books[index].waiting where isSibling(other, of: row) { siblings.append(other) }
        for other in books[index].takers where isSibling(other, of: row) { siblings.append(other) }
        for other in books[index].buys where isSibling(other, of: row) { siblings.append(other) }
        for other in books[index].sells where isSibling(other, of: row) { siblings.append(other) }
    }

    private func isSibling(_ slot: UInt32, of row: PaperOrderRow) -> Bool {
        let other = orders[slot]
        return other.client == row.client && other.order.condition.group == row.order.condition.group
            && other.order.id != row.order.id
    }

    private mutating func endSiblings(of slot: UInt32) {
        gatherSiblings(of: slot)
        for place in siblings.indices { endByVenue(siblings[place]) }
    }

    /// What a take-profit has filled, no stop of its group may close again.
    mutating func reduceStops(of slot: UInt32, by quantity: Quantity) {
        guard orders[slot].order.condition.kind == .takeProfit else { return }
        gatherSiblings(of: slot)
        for place in siblings.indices {
            let other = siblings[place]
            let row = orders[other]
            guard row.order.condition.kind.isStop else { continue }
            guard row.remaining > quantity else {
                endByVenue(other)
                continue
            }
            release(row)
            orders[other].order.quantity -= quantity
            reserve(orders[other])
            _ = ledger.nextSequence()
            answer(.reported(orders[other].report(at: time)), to: row.client)
        }
    }

    // MARK: Refusals

    /// What is wrong with what an order waits for; nil for one that waits for nothing.
    func refusalOfCondition(_ order: PaperOrder, _ terms: InstrumentTerms) -> RejectReason? {
        let condition = order.condition
        switch condition.kind {
        case .none: return condition == .none && order.trail.isNone ? nil : .malformed
        case .stop, .takeProfit: if condition.trigger == .zero || !order.trail.isNone { return .malformed }
        case .trailing: if order.trail.isNone || !order.trail.isSound { return .malformed }
        }
        switch order.type {
        case .market, .limit: break
        case .postOnly, .marketableLimit: return .malformed
        }
        if condition.trigger < .zero || condition.trigger > .bound { return .priceOutOfRange }
        return terms.isOnTick(condition.trigger) && terms.isOnTick(order.trail.amount) ? nil : .offTick
    }

    /// True for a stop or take-profit whose price has been reached before it came. A trailing order begins there.
    func wouldTrigger(_ order: PaperOrder, _ book: PaperBook) -> Bool {
        switch order.condition.kind {
        case .none, .trailing: false
        case .stop, .takeProfit:
            order.condition.isReached(
                order.side,
                trigger: order.condition.trigger,
                at: book.price(order.condition.reference)
            )
        }
    }
}
