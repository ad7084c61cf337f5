internal import FairleadModel

/// How orders meet the market, with what it and its trades can prove and nothing more.
///
/// The touch is that of the quotes, or of the recorded book while that is in sync (`PaperVenue+Depth`).
extension PaperVenue {
    // MARK: A new touch

    /// Takers first, then resting orders that the opposite touch reached (where trades don't decide that), then what
    /// the touch says of the queues.
    mutating func matchQuote(_ index: Int) {
        if books[index].isOutOfReach { return }
        if !books[index].takers.isEmpty { continueTaking(index) }
        if queueModel == .touch {
            meetTouch(index, .buy)
            meetTouch(index, .sell)
        }
        learnQueues(index, .buy)
        learnQueues(index, .sell)
    }

    /// Lets each waiting taker take from the new touch. One that the touch has left comes to rest at its price.
    private mutating func continueTaking(_ index: Int) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: books[index].takers)
        for position in scratch.indices {
            let slot = scratch[position]
            let row = orders[slot]
            // A fill may have ended another reducing order of the walk.
            guard row.isLive, row.isTaking else { continue }
            if isStillTaking(row) {
                take(slot)
            } else {
                withdraw(slot)
                rest(slot)
            }
        }
    }

    /// Takes from the touch what is left of it, at its price; from a book level by level.
    mutating func take(_ slot: UInt32) {
        let row = orders[slot]
        let index = Int(row.order.instrument.index)
        guard books[index].crosses(row.order.side, row.order.price) else { return }
        if let place = depthInSync(index) {
            walk(slot, index, place)
            return
        }
        let quantity = fillable(row, up: books[index].available(against: row.order.side))
        guard quantity > .zero else { return }
        spend(quantity, index, against: row.order.side)
        fill(slot, books[index].touch(against: row.order.side), quantity, .taker)
    }

    /// Resting orders at or through the opposite touch fill at their own price, as far as the touch's quantity reaches.
    private mutating func meetTouch(_ index: Int, _ side: Side) {
        while let slot = books[index][side].first {
            guard books[index].crosses(side, orders.price(of: slot)) else { return }
            let row = orders[slot]
            let quantity = fillable(row, up: books[index].available(against: side))
            guard quantity > .zero else { return }
            spend(quantity, index, against: side)
            fill(slot, row.order.price, quantity, .maker)
        }
    }

    /// An order's queue is at most what its level displays, and nothing where the touch is behind it.
    private mutating func learnQueues(_ index: Int, _ side: Side) {
        let touch = side == .buy ? books[index].bid : books[index].ask
        let displayed = side == .buy ? books[index].bidQuantity : books[index].askQuantity
        guard touch > .zero else { return }
        for slot in books[index][side] {
            let price = orders.price(of: slot)
            if price == touch {
                learn(slot, displayed, index)
            } else if side == .buy ? price > touch : price < touch {
                learn(slot, .zero, index)
            } else {
                return
            }
        }
    }

    // MARK: A trade

    /// A trade's volume fills what it went through, best price first; then, at its own price, what stood behind a queue
    /// that has now traded. Its volume is given out once.
    mutating func matchTrade(_ index: Int, _ trade: Trade) {
        if queueModel != .touch {
            giveOut(index, trade)
            return
        }
        let left = fillThrough(index, .buy, trade, trade.quantity)
        let rest = fillThrough(index, .sell, trade, left)
        fillAt(index, trade.aggressor.opposite, trade, rest)
    }

    private mutating func fillThrough(
        _ index: Int,
        _ side: Side,
        _ trade: Trade,
        _ volume: Quantity
    ) -> Quantity {
        var left = volume
        while left > .zero, !books[index][side].isEmpty {
            let slot = books[index][side][0]
            let price = orders.price(of: slot)
            let isThrough = side == .buy ? price > trade.price : price < trade.price
            guard isThrough else { break }
            let row = orders[slot]
            let quantity = fillable(row, up: left)
            guard quantity > .zero else { break }
            left -= quantity
            fill(slot, row.order.price, quantity, .maker)
        }
        return left
    }

    private mutating func fillAt(_ index: Int, _ side: Side, _ trade: Trade, _ volume: Quantity) {
        guard volume > .zero else { return }
        gatherAt(index, side, trade.price)
        var given = Quantity.zero
        var position = 0
        while position < scratch.count {
            let slot = scratch[position]
            position += 1
            // A fill may have ended another reducing order of the walk.
            guard orders[slot].isLive else { continue }
            let ahead = orders[slot].queueAhead
            if ahead != .unseen { orders[slot].queueAhead = ahead.subtracting(volume) }
            let reached = volume.subtracting(ahead).subtracting(given)
            let quantity = fillable(orders[slot], up: reached)
            guard quantity > .zero else { continue }
            given += quantity
            fill(slot, trade.price, quantity, .maker)
        }
    }

    /// Puts the slots of the orders that rest at a price into `scratch`, the oldest first.
    mutating func gatherAt(_ index: Int, _ side: Side, _ price: Price) {
        scratch.removeAll(keepingCapacity: true)
        // Plain counts: an iterator allocates in an unoptimised build, and the allocation test runs on one.
        var place = 0
        while place < books[index][side].count {
            let slot = books[index][side][place]
            place += 1
            let own = orders.price(of: slot)
            if own == price {
                scratch.append(slot)
            } else if side == .buy ? own < price : own > price {
                break
            }
        }
    }

    // MARK: A fill

    /// How much of an order may fill out of `limit`: a reducing one never more than its position.
    func fillable(_ row: PaperOrderRow, up limit: Quantity) -> Quantity {
        let quantity = min(row.remaining, limit)
        guard row.isReducing else { return quantity }
        let position = ledger.positions[ledger.positionIndex(row.order.instrument, row.order.positionSide)]
        return min(quantity, position.closable(by: row.order.side))
    }

    /// Books a fill, tells everybody of the account, and ends what it leaves without purpose.
    mutating func fill(_ slot: UInt32, _ price: Price, _ quantity: Quantity, _ liquidity: Liquidity) {
        let before = orders[slot]
        let order = before.order
        let terms = terms[Int(order.instrument.index)]
        let rate = feeRate(before, liquidity, terms)
        let notional = Money.notional(price, quantity, multiplier: terms.multiplier)
        var execution = Execution(
            id: order.id,
            executionID: ExecutionID(value: ledger.nextSequence()),
            instrument: order.instrument,
            side: order.side,
            positionSide: order.positionSide,
            price: price,
            quantity: quantity,
            fee: PaperLedger.fee(notional, rate),
            liquidity: liquidity,
            venueTime: time,
            origin: before.client == Self.liquidator ? .liquidation : .order
        )
        ledger.book(
            PaperExecution(execution: execution, client: before.client, venueOrderID: before.venueOrderID),
            multiplier: terms.multiplier
        )
        release(before)
        orders[slot].filled += quantity
        orders[slot].state = .partiallyFilled
        reserve(orders[slot])
        answer(.filled(execution), to: before.client)
        execution.id = .none
        for index in clients.indices where clients[index].number != before.client {
            answer(.filled(execution), to: clients[index].number)
        }
        if orders[slot].remaining == .zero { finish(slot, .filled) }
        if order.condition.group != 0 { reduceStops(of: slot, by: quantity) }
        endSpentReducing(order.instrument, order.positionSide, touched: slot)
    }

    /// Cancels reducing orders whose position is gone: one that stayed would open the other way on some venues.
    private mutating func endSpentReducing(
        _ instrument: InstrumentHandle,
        _ side: PositionSide,
        touched: UInt32
    ) {
        let position = ledger.positionIndex(instrument, side)
        guard ledger.positions[position].reducingOrders > 0 else { return }
        let index = Int(instrument.index)
        spent.removeAll(keepingCapacity: true)
        // The order that filled may not stand in a list yet.
        if isSpent(touched, position) { endByVenue(touched) }
        for slot in books[index].takers where isSpent(slot, position) { spent.append(slot) }
        for slot in books[index].buys where isSpent(slot, position) { spent.append(slot) }
        for slot in books[index].sells where isSpent(slot, position) { spent.append(slot) }
        for slot in books[index].waiting where isSpent(slot, position) { spent.append(slot) }
        for place in spent.indices { endByVenue(spent[place]) }
    }

    private func isSpent(_ slot: UInt32, _ position: Int) -> Bool {
        let row = orders[slot]
        guard row.isLive, row.isReducing else { return false }
        guard ledger.positionIndex(row.order.instrument, row.order.positionSide) == position else { return false }
        return ledger.positions[position].closable(by: row.order.side) == .zero
    }

    mutating func endByVenue(_ slot: UInt32) {
        finish(slot, .cancelled)
        answer(.cancelled(end(of: slot, .venue)), to: orders[slot].client)
    }

    // MARK: Places and ends

    /// Puts a live order into its queue, behind what its level displays.
    mutating func rest(_ slot: UInt32) {
        let row = orders[slot]
        let index = Int(row.order.instrument.index)
        orders[slot].isTaking = false
        let ahead = queueAhead(index, of: row.order.side, at: row.order.price)
        orders[slot].queueAhead = ahead
        orders[slot].levelQuantity = ahead == .unseen ? .zero : ahead
        orders[slot].credit = .zero
        orders[slot].creditAdvance = .zero
        orders[slot].joinedAt = books[index].shownAt
        let position = place(of: row, in: books[index][row.order.side])
        books[index][row.order.side].insert(slot, at: position)
        if position == 0 { learnBest(index, row.order.side) }
    }

    /// Keeps the best price of a side in step with the head of its queue.
    private mutating func learnBest(_ index: Int, _ side: Side) {
        switch side {
        case .buy: books[index].bestBuy = books[index].buys.first.map { orders.price(of: $0) } ?? .zero
        case .sell: books[index].bestSell = books[index].sells.first.map { orders.price(of: $0) } ?? .zero
        }
    }

    /// Takes a live order out of where it waits; its record and its reservation stay.
    mutating func withdraw(_ slot: UInt32) {
        let row = orders[slot]
        let index = Int(row.order.instrument.index)
        if row.isWaiting {
            if let position = books[index].waiting.firstIndex(of: slot) { books[index].waiting.remove(at: position) }
            return
        }
        if row.isTaking {
            orders[slot].isTaking = false
            if let position = books[index].takers.firstIndex(of: slot) { books[index].takers.remove(at: position) }
            return
        }
        let position = place(of: row, in: books[index][row.order.side])
        guard position < books[index][row.order.side].count else { return }
        guard books[index][row.order.side][position] == slot else { return }
        books[index][row.order.side].remove(at: position)
        if position == 0 { learnBest(index, row.order.side) }
    }

    /// The first place in a queue whose order does not stand before `row`: better price, then older.
    private func place(of row: PaperOrderRow, in list: ContiguousArray<UInt32>) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            let otherPrice = orders.price(of: list[middle])
            let isBetter = row.order.side == .buy ? otherPrice > row.order.price : otherPrice < row.order.price
            let isOlder = orders.rows[Int(list[middle])].priority < row.priority
            let isBefore = isBetter || (otherPrice == row.order.price && isOlder)
            if isBefore { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Ends a live order: out of its book, its reservation and its expiry. The owner is told by the caller.
    mutating func finish(_ slot: UInt32, _ state: OrderState) {
        let row = orders[slot]
        withdraw(slot)
        release(row)
        books[Int(row.order.instrument.index)].liveOrders -= 1
        if row.order.timeInForce == .gtd, let position = expiries.firstIndex(where: { $0.slot == slot }) {
            expiries.remove(at: position)
        }
        orders[slot].state = state
        orders.end(slot)
        if state != .filled { _ = ledger.nextSequence() }
    }

    /// Ends an order at its time, or the rest of an immediate one.
    mutating func expire(_ slot: UInt32, _ reason: EndReason) {
        finish(slot, .expired)
        answer(.expired(end(of: slot, reason)), to: orders[slot].client)
    }

    func end(of slot: UInt32, _ reason: EndReason) -> OrderEnd {
        OrderEnd(
            id: orders[slot].order.id,
            cumulativeFilled: orders[slot].filled,
            reason: reason,
            venueTime: time
        )
    }

    /// Counts what a live order may still do to its position; `release` takes the same away again.
    mutating func reserve(_ row: PaperOrderRow) {
        let position = ledger.positionIndex(row.order.instrument, row.order.positionSide)
        if row.isReducing {
            ledger.positions[position].reducingOrders += 1
        } else if row.order.side == .buy {
            ledger.positions[position].openBuy += row.remaining
        } else {
            ledger.positions[position].openSell += row.remaining
        }
    }

    mutating func release(_ row: PaperOrderRow) {
        let position = ledger.positionIndex(row.order.instrument, row.order.positionSide)
        if row.isReducing {
            ledger.positions[position].reducingOrders -= 1
        } else if row.order.side == .buy {
            ledger.positions[position].openBuy -= row.remaining
        } else {
            ledger.positions[position].openSell -= row.remaining
        }
    }
}
