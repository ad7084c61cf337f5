public import FairleadModel

/// The venue's own rules: the first that an order breaks is the reason that it is told.
extension PaperVenue {
    /// Why an order is refused; nil when it is taken. `replacing` is the slot of the order that it amends.
    func refusal(of order: PaperOrder, filled: Quantity, replacing slot: UInt32?) -> RejectReason? {
        if order.validUntil <= time { return .requestExpired }
        let index = Int(order.instrument.index)
        guard index < books.count else { return .unknownInstrument }
        let terms = terms[index]
        let book = books[index]
        if book.isHalted, let refusal = refusalWhileStopped(order, index) { return refusal }
        let isHedgedSide = order.positionSide != .both
        if terms.isHedged != isHedgedSide { return .positionSideMismatch }
        if let refusal = refusalOfShape(order) ?? refusalOfCondition(order, terms) { return refusal }
        if let refusal = refusalOfGrid(order, terms, book) { return refusal }
        let position = ledger.positions[ledger.positionIndex(order.instrument, order.positionSide)]
        if isReducing(order) && position.closable(by: order.side) == .zero { return .reduceOnlyRejected }
        if order.condition.isNone, order.isImmediate || order.type == .market && !book.isHalted {
            if book.touch(against: order.side) == .zero { return .noLiquidity }
        }
        if order.type == .postOnly && book.crosses(order.side, order.price) { return .wouldTake }
        if wouldTrigger(order, book) { return .wouldTrigger }
        if !isReducing(order), let refusal = refusalOfSize(order, filled: filled, replacing: slot) { return refusal }
        return nil
    }

    func refusal(ofAmending row: PaperOrderRow, to order: PaperOrder, slot: UInt32) -> RejectReason? {
        if order.type == .market && !row.isWaiting { return .malformed }
        if order.quantity <= row.filled {
            return order.validUntil <= time ? .requestExpired : nil
        }
        return refusal(of: order, filled: row.filled, replacing: slot)
    }

    /// Asked for, or the side that closes a hedged position and so could do nothing else.
    func isReducing(_ order: PaperOrder) -> Bool {
        switch order.positionSide {
        case .both: order.reduceOnly
        case .long: order.side == .sell
        case .short: order.side == .buy
        }
    }

    private func refusalOfShape(_ order: PaperOrder) -> RejectReason? {
        let isPriceless = order.type == .market
        if isPriceless != (order.price == .zero) { return .malformed }
        if order.reduceOnly && !isReducing(order) { return .reduceOnlyRejected }
        switch order.timeInForce {
        case .gtc: return nil
        case .ioc, .fok: return order.type == .postOnly ? .malformed : nil
        case .gtd:
            if !order.expiresAt.isKnown { return .malformed }
            return order.expiresAt <= time ? .requestExpired : nil
        }
    }

    private func refusalOfGrid(_ order: PaperOrder, _ terms: InstrumentTerms, _ book: PaperBook) -> RejectReason? {
        if order.price < .zero || order.price > .bound { return .priceOutOfRange }
        if !terms.isOnTick(order.price) { return .offTick }
        if order.quantity == .zero { return .quantityOutOfRange }
        if order.quantity < terms.minimumQuantity { return .quantityOutOfRange }
        if order.quantity > terms.maximumQuantity || order.quantity > .bound { return .quantityOutOfRange }
        if !terms.isOnLot(order.quantity) { return .offLot }
        let trigger = order.condition.trigger
        let worth = trigger > .zero ? trigger : book.touch(against: order.side)
        let price = order.price > .zero ? order.price : worth
        let notional = Money.notional(price, order.quantity, multiplier: terms.multiplier)
        if notional > PaperBounds.notional { return .quantityOutOfRange }
        let isExempt = isReducing(order) && terms.reduceOnlyExemptFromMinimum
        // Without a touch a market order has no notional yet; it is refused for that below.
        if notional < terms.minimumNotional && !isExempt && price > .zero { return .belowMinimumNotional }
        // One that waits is measured once it is triggered.
        return order.condition.isNone && breaksPercentPrice(order, terms, book) ? .priceOutOfRange : nil
    }

    /// What only an order that may grow a position has to meet: the bound of quantities, and margin.
    private func refusalOfSize(_ order: PaperOrder, filled: Quantity, replacing slot: UInt32?) -> RejectReason? {
        let index = ledger.positionIndex(order.instrument, order.positionSide)
        var before = ledger.positions[index]
        if let slot {
            let replaced = orders[slot]
            if replaced.order.side == .buy {
                before.openBuy -= replaced.remaining
            } else {
                before.openSell -= replaced.remaining
            }
        }
        var after = before
        let added = order.quantity.subtracting(filled)
        let open = before.openBuy + before.openSell + before.quantity.magnitude
        if open + added > .bound { return .quantityOutOfRange }
        if order.side == .buy { after.openBuy += added } else { after.openSell += added }
        let reference = books[Int(order.instrument.index)].reference
        let price = reference > .zero ? reference : order.price
        let multiplier = terms[Int(order.instrument.index)].multiplier
        let requiredAfter = required(after, order.positionSide, price, multiplier)
        let present = required(ledger.positions[index], order.positionSide, price, multiplier)
        guard requiredAfter > present else { return nil }
        // The sum holds this position's present need only where it had a price for it.
        let others = requirement - (reference > .zero ? present : .zero)
        return others + requiredAfter > equity ? .insufficientMargin : nil
    }

    /// Cash and unrealised profit at the reference prices.
    public var equity: Money {
        var sum = ledger.cash
        for index in ledger.positions.indices where ledger.positions[index].quantity.raw != 0 {
            let position = ledger.positions[index]
            let reference = books[index / 3].reference
            guard reference > .zero else { continue }
            let value = Money.value(reference, position.quantity, multiplier: terms[index / 3].multiplier)
            sum += value - position.cost
        }
        return sum
    }

    /// Margin that positions and open orders bind, at the reference prices.
    public var requirement: Money {
        var sum = Money.zero
        for index in ledger.positions.indices {
            let position = ledger.positions[index]
            if position.quantity.raw == 0 && position.openBuy == .zero && position.openSell == .zero { continue }
            let side = PositionSide(rawValue: UInt8(index % 3)) ?? .both
            sum += required(position, side, books[index / 3].reference, terms[index / 3].multiplier)
        }
        return sum
    }

    /// The worse of "all buys fill" and "all sells fill", times the initial margin, rounded up.
    private func required(
        _ position: PaperPosition,
        _ side: PositionSide,
        _ price: Price,
        _ multiplier: Int32
    ) -> Money {
        let long = position.quantity.raw + position.openBuy.raw
        let short = position.openSell.raw - position.quantity.raw
        let worst: Int64
        switch side {
        case .both: worst = max(long, short)
        case .long: worst = long
        case .short: worst = short
        }
        let exposure = Money.notional(price, Quantity(raw: max(0, worst)), multiplier: multiplier)
        let one = Int128(FixedPoint.one)
        return Money(raw: (exposure.raw + one - 1) / one * Int128(initialMargin.raw))
    }
}
