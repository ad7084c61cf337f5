internal import FairleadModel

/// Requests as they reach the book: each is answered once, under its number.
extension PaperVenue {
    mutating func perform(_ arrival: PaperArrival) {
        switch arrival.request {
        case .submit(let order): submit(order, arrival)
        case .cancel(let id): cancel(id, arrival)
        case .amend(let amendment): amend(amendment, arrival)
        case .query(let id): query(id, arrival)
        case .list(let listing): reply(.listing(listing), arrival)
        case .time: reply(.time(time), arrival)
        }
    }

    private mutating func reply(_ response: PaperResponse, _ arrival: PaperArrival) {
        answer(response, to: arrival.client, number: arrival.number, connection: arrival.connection)
    }

    // MARK: Submit

    private mutating func submit(_ order: PaperOrder, _ arrival: PaperArrival) {
        if order.id.isNone {
            reply(.rejected(rejection(order.id, .malformed)), arrival)
            return
        }
        if isUsed(order.id, client: arrival.client) {
            reply(.rejected(rejection(order.id, .duplicateOrderID)), arrival)
            return
        }
        if orders.isFull {
            reply(.rejected(rejection(order.id, .throttled)), arrival)
            return
        }
        let refusal = refusal(of: order, filled: .zero, replacing: nil)
        let sequence = ledger.nextSequence()
        var row = PaperOrderRow(order, client: arrival.client, venueOrderID: VenueOrderID(value: sequence))
        row.priority = sequence
        if let refusal {
            row.state = .rejected
            remember(row)
            reply(.rejected(rejection(order.id, refusal)), arrival)
            return
        }
        row.isReducing = isReducing(order)
        if !order.condition.isNone { row.state = .accepted }
        let slot = remember(row)
        enter(slot)
        reply(
            .accepted(OrderAcceptance(id: order.id, venueOrderID: row.venueOrderID, venueTime: time)),
            arrival
        )
        if row.isWaiting { wait(slot) } else { execute(slot) }
    }

    @discardableResult
    mutating func remember(_ row: PaperOrderRow) -> UInt32 {
        let (slot, forgotten) = orders.insert(row)
        if let forgotten, let index = clientIndex(forgotten.client) { clients[index].forget(forgotten.order.id) }
        return slot
    }

    private func isUsed(_ id: ClientOrderID, client: UInt32) -> Bool {
        if orders.slot(of: id, client: client) != nil { return true }
        guard let index = clientIndex(client) else { return false }
        return clients[index].mayHaveForgotten(id)
    }

    /// Counts a new live order in its book and its position.
    mutating func enter(_ slot: UInt32) {
        let row = orders[slot]
        books[Int(row.order.instrument.index)].liveOrders += 1
        reserve(row)
        if row.order.timeInForce == .gtd { insertExpiry(PaperExpiry(time: row.order.expiresAt, slot: slot)) }
    }

    private mutating func insertExpiry(_ expiry: PaperExpiry) {
        var position = expiries.count
        while position > 0 && expiries[position - 1].time > expiry.time { position -= 1 }
        expiries.insert(expiry, at: position)
    }

    /// Takes what an order can take now, then lets the rest wait, rest or end.
    mutating func execute(_ slot: UInt32) {
        let order = orders[slot].order
        let index = Int(order.instrument.index)
        if order.timeInForce == .fok && !canFillWhole(orders[slot]) {
            expire(slot, .immediateOrCancel)
            return
        }
        if !books[index].isHalted { take(slot) }
        guard orders[slot].isLive else { return }
        if order.isImmediate {
            expire(slot, .immediateOrCancel)
            return
        }
        settle(slot)
    }

    private func canFillWhole(_ row: PaperOrderRow) -> Bool {
        fillable(row, up: reachable(row)) == row.remaining
    }

    /// Puts a live order where it waits: among the takers while it still meets the touch, else in its queue.
    func isStillTaking(_ row: PaperOrderRow) -> Bool {
        row.order.type == .market
            || books[Int(row.order.instrument.index)].crosses(row.order.side, row.order.price)
    }

    private mutating func settle(_ slot: UInt32) {
        let row = orders[slot]
        let index = Int(row.order.instrument.index)
        if isStillTaking(row) {
            orders[slot].isTaking = true
            books[index].takers.append(slot)
        } else {
            rest(slot)
        }
    }

    // MARK: Cancel and amend

    private mutating func cancel(_ id: ClientOrderID, _ arrival: PaperArrival) {
        guard let slot = orders.slot(of: id, client: arrival.client) else {
            reply(.cancelRejected(rejection(id, .orderNotFound)), arrival)
            return
        }
        guard orders[slot].isLive else {
            reply(.cancelRejected(rejection(id, .orderAlreadyEnded)), arrival)
            return
        }
        finish(slot, .cancelled)
        reply(.cancelled(end(of: slot, .requested)), arrival)
    }

    private mutating func amend(_ amendment: PaperAmendment, _ arrival: PaperArrival) {
        guard let slot = orders.slot(of: amendment.id, client: arrival.client) else {
            reply(.replaceRejected(rejection(amendment.id, .orderNotFound)), arrival)
            return
        }
        let row = orders[slot]
        guard row.isLive else {
            reply(.replaceRejected(rejection(amendment.id, .orderAlreadyEnded)), arrival)
            return
        }
        var order = row.order
        order.price = amendment.price
        order.quantity = amendment.quantity
        order.validUntil = amendment.validUntil
        if amendment.trigger > .zero {
            guard row.isWaiting else {
                reply(.replaceRejected(rejection(amendment.id, .alreadyTriggered)), arrival)
                return
            }
            order.condition.trigger = amendment.trigger
        }
        if let refusal = refusal(ofAmending: row, to: order, slot: slot) {
            reply(.replaceRejected(rejection(amendment.id, refusal)), arrival)
            return
        }
        // A total at or below what is filled leaves nothing to work: the order ends as if it had been cancelled.
        if order.quantity <= row.filled {
            finish(slot, .cancelled)
            reply(.cancelled(end(of: slot, .requested)), arrival)
            return
        }
        withdraw(slot)
        release(row)
        orders[slot].order = order
        orders[slot].priority = ledger.nextSequence()
        reserve(orders[slot])
        reply(
            .replaced(
                OrderReplacement(
                    id: order.id,
                    price: row.isWaiting ? order.condition.trigger : order.price,
                    quantity: order.quantity,
                    venueTime: time
                )
            ),
            arrival
        )
        if row.isWaiting { return wait(slot) }
        if !books[Int(order.instrument.index)].isHalted { take(slot) }
        if orders[slot].isLive { settle(slot) }
    }

    // MARK: Query

    private mutating func query(_ id: ClientOrderID, _ arrival: PaperArrival) {
        if let slot = orders.slot(of: id, client: arrival.client) {
            reply(.reported(orders[slot].report(at: time)), arrival)
        } else if isUsed(id, client: arrival.client) {
            reply(.forgotten(id), arrival)
        } else {
            reply(
                .notFound(OrderAbsence(id: id, venueTime: time, ledgerSequence: ledger.sequence, session: 0)),
                arrival
            )
        }
    }
}

extension PaperOrder {
    /// True when nothing of it may wait.
    var isImmediate: Bool {
        switch timeInForce {
        case .ioc, .fok: true
        case .gtc, .gtd: type == .marketableLimit
        }
    }
}
