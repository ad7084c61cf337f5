import FairleadModel

/// Why a person's order can't be carried out: each reason has its name, and whoever asked is told it.
extension Engine {
    /// Counts a refusal and tells it. Nothing else has changed.
    mutating func refuse(_ command: OperatorCommand, _ reason: OperatorRefusal, into out: inout Outbox) {
        counters.operatorRefusals += 1
        let slot = orders.find(command.order)
        let parent = command.order.meansParent ? openParent(command.order.intent) : nil
        let number = slot.map { orders[$0].number } ?? parent.map { parents[$0].number }
        let instrument = slot.map { orders[$0].instrument } ?? parent.map { parents[$0].instrument }
        out.notice(
            .operatorRefused(
                OperatorRefused(
                    command.action,
                    reason,
                    order: command.order,
                    number: number ?? .none,
                    instrument: instrument ?? command.instrument
                )
            )
        )
    }

    /// What the order's own state says against an amendment; nil when it can be amended.
    func stateRefusal(ofAmending slot: OrderSlot) -> OperatorRefusal? {
        let order = orders[slot]
        switch order.state {
        case .filled, .cancelled, .rejected, .expired: return .alreadyEnded
        case .created, .submitted: return .notAccepted
        case .pendingUnknown: return .unknownOrder
        case .pendingCancel: return .beingCancelled
        case .pendingReplace: return .beingAmended
        case .accepted, .working, .partiallyFilled: break
        }
        guard order.isResting else { return .notResting }
        if order.isTwapChild { return .sliceOfTwap }
        let parent = parents[order.parent]
        return parent.isOpen && parent.child == slot ? nil : .beingCancelled
    }

    /// What price and quantity say against an amendment: the grid, what is filled, what was approved, the collar, and
    /// our own orders on the other side.
    func termsRefusal(
        _ order: Order,
        _ parent: Parent,
        _ price: Price,
        _ quantity: Quantity,
        at now: Timestamp
    ) -> OperatorRefusal? {
        let grid = terms[Int(order.instrument.index)]
        guard grid.isOnTick(price) else { return .offTick }
        guard grid.isOnLot(quantity) else { return .offLot }
        guard quantity > order.filled else { return .alreadyFilled }
        let exposed = parent.filled.raw + quantity.subtracting(order.filled).raw
        // A flip's first leg closes what the position was, and no piece of a split exit is over the limits of an order.
        let most = parent.isReducingNow ? parent.reduceQuantity : parent.approved
        guard exposed <= most.raw, quantity <= parent.maximumChild else { return .overParent }
        let worst = collar(order.instrument, order.side, isReducing: order.reduceOnly, at: now)
        if worst.raw == 0, !order.reduceOnly { return .noReferencePrice }
        if worst.raw > 0, order.side == .buy ? price > worst : price < worst { return .priceCollar }
        return crossesOwn(order.instrument, order.side, at: price) ? .selfCross : nil
    }

    /// Whether an order at this price would trade against our own resting one.
    func crossesOwn(_ instrument: InstrumentHandle, _ side: Side, at price: Price) -> Bool {
        let opposite = ownOppositeBest(instrument, side)
        return opposite.raw > 0 && (side == .buy ? price >= opposite : price <= opposite)
    }

    /// What holds an amendment back that is right in itself; nil when it may leave.
    func departureRefusal(_ key: PositionKey, isIncreasing: Bool) -> OperatorRefusal? {
        if isIncreasing {
            guard state == .active else { return .tradingState }
            guard venue.isReconciled else { return venue.isConnected ? .notReconciled : .notConnected }
            return isLocked(key) ? .symbolDisabled : nil
        }
        guard venue.isConnected else { return .notConnected }
        return holdsExits ? .tradingState : nil
    }
}
