import FairleadModel

/// The order manager: what venue and edge say of an order, through the transition table.
extension Engine {
    mutating func orderAccepted(_ acceptance: OrderAcceptance, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(acceptance.id) else { return }
        if acceptance.venueOrderID != .none { orders[slot].venueOrderID = acceptance.venueOrderID }
        guards.accepted(orders[slot].instrument)
        noteFirstWord(slot, at: now)
        measureAccepted(slot, at: now)
        step(slot, .accepted, venueTime: acceptance.venueTime, at: now, into: &out)
    }

    mutating func orderRejected(_ rejection: OrderRejection, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(rejection.id) else { return }
        let instrument = orders[slot].instrument
        counters.rejects += 1
        let moved = step(
            slot,
            .rejected,
            venueTime: rejection.venueTime,
            reject: rejection.reason,
            at: now,
            into: &out
        )
        guard moved else { return }
        noteFirstWord(slot, at: now)
        // What would have taken or been triggered at once, or a halt, is the market's doing, not a storm.
        let isStormy =
            rejection.reason != .wouldTake && rejection.reason != .marketHalted && rejection.reason != .wouldTrigger
        if isStormy, guards.rejected(instrument, at: now, limitsInForce(instrument, at: now)) {
            out.notice(.alarm(Alarm(.rejectStorm, instrument: instrument, order: rejection.id)))
            changeState(to: .halted, .rejectStorm, at: now, into: &out)
        }
        ended(slot, rejected: rejection.reason, at: now, into: &out)
    }

    mutating func orderEnded(_ end: OrderEnd, as input: OrderInput, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(end.id) else { return }
        // What the venue filled and we haven't seen is on its way: the row and its reservation wait for it.
        let missing = end.cumulativeFilled.subtracting(orders[slot].filled)
        guard self.end(slot, input, end.reason, venueTime: end.venueTime, at: now, into: &out) else { return }
        orders[slot].owed = min(missing, orders[slot].quantity.subtracting(orders[slot].filled))
        #if MUTANTS
            if Mutant.isOn(.fillsOwedByACancelAreNotAwaited) { orders[slot].owed = .zero }
        #endif
        ended(slot, at: now, into: &out)
    }

    mutating func cancelRejected(_ rejection: OrderRejection, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(rejection.id) else { return }
        switch rejection.reason {
        case .orderNotFound, .orderAlreadyEnded:
            guard orders[slot].isLive else {
                step(slot, .cancelRejected, venueTime: rejection.venueTime, at: now, into: &out)
                return
            }
            // It has ended, or it never lived: the answer to a query tells which. Until then it stays what it is.
            orders[slot].isAnswerLost = true
            ask(slot, at: now, into: &out)
        case .unspecified, .wouldTake, .reduceOnlyRejected, .belowMinimumNotional, .offTick, .offLot,
            .quantityOutOfRange, .priceOutOfRange, .insufficientMargin, .unknownInstrument, .duplicateOrderID,
            .requestExpired, .noLiquidity, .throttled, .banned, .positionSideMismatch, .malformed, .marketHalted,
            .wouldTrigger, .alreadyTriggered:
            step(slot, .cancelRejected, venueTime: rejection.venueTime, at: now, into: &out)
        }
    }

    mutating func orderReplaced(_ replacement: OrderReplacement, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(replacement.id) else { return }
        let order = orders[slot]
        let isAwaited =
            replacement.price == order.requestedPrice && replacement.quantity == order.requestedQuantity
        guard order.isLive, isAwaited else {
            // The answer to an older amendment, told again; the venue's report is what counts.
            step(slot, order.state == .pendingReplace ? .accepted : .replaced, at: now, into: &out)
            return
        }
        let quantity = max(replacement.quantity, order.filled)
        if order.condition.isNone {
            orders[slot].price = replacement.price
        } else {
            orders[slot].price = order.requestedLimit
            orders[slot].condition.trigger = replacement.price
        }
        orders[slot].quantity = quantity
        orders[slot].forgetAmendment()
        let surplus = order.quantity.subtracting(quantity)
        // A cancel that was asked for meanwhile still has its outcome to come, and what follows it goes by the new
        // size.
        guard order.state == .pendingReplace else { return shrinkParent(slot, by: surplus) }
        finishReplace(
            slot,
            .replaced,
            surplus: surplus,
            venueTime: replacement.venueTime,
            at: now,
            into: &out
        )
    }

    mutating func replaceRejected(_ rejection: OrderRejection, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(rejection.id) else { return }
        guard orders[slot].isLive else {
            step(slot, .replaceRejected, venueTime: rejection.venueTime, at: now, into: &out)
            return
        }
        if rejection.reason == .orderNotFound || rejection.reason == .orderAlreadyEnded {
            orders[slot].isAnswerLost = true
            ask(slot, at: now, into: &out)
            return
        }
        orders[slot].forgetAmendment()
        finishReplace(slot, .replaceRejected, surplus: .zero, venueTime: rejection.venueTime, at: now, into: &out)
        if orders[slot].isWaiting { nativeMoveRefused(slot, rejection.reason, at: now, into: &out) }
    }

    /// An amendment was held back by our own edge: the order lives on as it was, and a cancel that was asked for since
    /// still has its outcome to come.
    mutating func amendmentNotSent(_ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        orders[slot].forgetAmendment()
        guard orders[slot].state == .pendingReplace else { return }
        finishReplace(slot, .replaceRejected, surplus: .zero, venueTime: .never, at: now, into: &out)
    }

    /// An amendment has its outcome: the order goes on at its quantity, or is complete at it.
    private mutating func finishReplace(
        _ slot: OrderSlot,
        _ input: OrderInput,
        surplus: Quantity,
        venueTime: Timestamp,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard step(slot, input, venueTime: venueTime, at: now, into: &out) else { return }
        shrinkParent(slot, by: surplus)
        guard orders[slot].state == .partiallyFilled, orders[slot].filled >= orders[slot].quantity else { return }
        step(slot, .completelyFilled, venueTime: venueTime, at: now, into: &out)
        ended(slot, at: now, into: &out)
    }

    /// A child that was amended down takes its parent's size with it: nobody asked for the rest any more.
    mutating func shrinkParent(_ slot: OrderSlot, by surplus: Quantity) {
        let order = orders[slot]
        guard surplus.raw > 0, parents[order.parent].isOpen, parents[order.parent].child == slot else { return }
        let parent = parents[order.parent]
        // What a slice's order gives up stays with its parent's schedule; a flip's first leg is what the position was.
        guard !parent.isScheduled, parent.isReducing || !parent.isReducingNow else { return }
        guard parent.stage == .resting || parent.stage == .making || parent.stage == .cancelling else { return }
        let wanted = parent.approved - surplus
        let isClosing = parent.isReducing
        releaseReserved(parent, surplus, isClosing: isClosing)
        parents[order.parent].approved = wanted
        parents[order.parent].released = wanted
        if isClosing {
            parents[order.parent].reduceQuantity = wanted
            parents[order.parent].reservedClosing -= surplus
        } else {
            parents[order.parent].reservedOpening -= surplus
        }
    }

    /// Gives back what an order stands for: what waits at the venue for its price stands apart.
    mutating func releaseReserved(_ parent: Parent, _ quantity: Quantity, isClosing: Bool) {
        if parent.native == .waiting {
            exposure.unprotect(parent.instrument, parent.positionSide, side: parent.side, quantity: quantity)
        } else {
            exposure.release(
                parent.instrument,
                parent.positionSide,
                side: parent.side,
                quantity: quantity,
                isClosing: isClosing
            )
        }
    }

    /// Moves an order by one input. True when its state was set; false when it was repeated, late or out of order.
    @discardableResult
    mutating func step(
        _ slot: OrderSlot,
        _ input: OrderInput,
        venueTime: Timestamp = .never,
        reject: RejectReason? = nil,
        at now: Timestamp,
        into out: inout Outbox
    ) -> Bool {
        let before = orders[slot].state
        let target: OrderState
        switch OrderTransition.step(from: before, on: input) {
        case .to(let state): target = state
        case .resume: target = orders[slot].filled.raw > 0 ? .partiallyFilled : .working
        case .repeated:
            counters.repeatedEvents += 1
            return false
        case .lateFill:
            return false
        case .outOfOrder:
            counters.outOfOrder += 1
            let order = orders[slot]
            out.notice(.alarm(Alarm(.outOfOrder, instrument: order.instrument, order: order.id)))
            if order.isLive { ask(slot, at: now, into: &out) }
            return false
        }
        orders[slot].state = target
        orders[slot].updatedAt = now
        noteUnknown(slot, from: before, to: target, at: now)
        measureState(slot, at: now)
        listOwn(slot)
        if !orders[slot].condition.isNone { exits.touch(orders[slot].instrument) }
        noticeOrder(slot, from: before, venueTime: venueTime, reject: reject, into: &out)
        return true
    }

    /// Moves an order to its end for a reason; an end that doesn't fit leaves its reason alone too.
    mutating func end(
        _ slot: OrderSlot,
        _ input: OrderInput,
        _ reason: EndReason,
        venueTime: Timestamp = .never,
        at now: Timestamp,
        into out: inout Outbox
    ) -> Bool {
        let before = orders[slot].endReason
        orders[slot].endReason = reason
        let isEnded = step(slot, input, venueTime: venueTime, at: now, into: &out)
        if !isEnded { orders[slot].endReason = before }
        return isEnded
    }

    private mutating func noteUnknown(
        _ slot: OrderSlot,
        from before: OrderState,
        to target: OrderState,
        at now: Timestamp
    ) {
        let instrument = Int(orders[slot].instrument.index)
        if target == .pendingUnknown, before != .pendingUnknown {
            orders[slot].unknownSince = now
            orders[slot].queries = 0
            unresolved[instrument] += 1
        } else if before == .pendingUnknown, target != .pendingUnknown {
            unresolved[instrument] -= 1
            orders[slot].isAnswerLost = false
        }
        if target != .pendingCancel, target != .pendingReplace, target != .pendingUnknown { answered(slot, at: now) }
    }

    /// No answer is waited for any more. Whoever wanted the order cancelled still does: that is asked for again, soon.
    mutating func answered(_ slot: OrderSlot, at now: Timestamp) {
        orders[slot].isAnswerLost = false
        guard orders[slot].isLive, orders[slot].wantsCancel else { return deadlines.clear(orderOwner(slot)) }
        let present = deadlines.deadline(of: orderOwner(slot))
        setOrderDeadline(slot, at: min(present, now + Self.cancelRetryAfter))
    }

    func noticeOrder(
        _ slot: OrderSlot,
        from before: OrderState,
        venueTime: Timestamp,
        reject: RejectReason?,
        into out: inout Outbox
    ) {
        guard out.isObserved else { return }
        let order = orders[slot]
        out.notice(
            .orderChanged(
                OrderChange(
                    id: order.id,
                    number: order.number,
                    venueOrderID: order.venueOrderID,
                    instrument: order.instrument,
                    side: order.side,
                    positionSide: order.positionSide,
                    type: order.type,
                    timeInForce: order.timeInForce,
                    price: order.price,
                    quantity: order.quantity,
                    filled: order.filled,
                    from: before,
                    to: order.state,
                    reduceOnly: order.reduceOnly,
                    venueTime: venueTime,
                    endReason: order.endReason,
                    rejectReason: reject,
                    trigger: order.isWaiting ? order.condition.trigger : .zero
                )
            )
        )
    }

    /// The row of an order by its id; counts an event that finds none.
    mutating func located(_ id: ClientOrderID) -> OrderSlot? {
        guard let slot = orders.find(id) else {
            counters.strayEvents += 1
            return nil
        }
        return slot
    }

    /// Keeps the book of our own resting orders, by which a self-cross is seen.
    mutating func listOwn(_ slot: OrderSlot) {
        guard orders[slot].isResting else { return ownBook.clear(Int(slot.index)) }
        let side = orders[slot].side
        ownBook.set(
            Int(slot.index),
            PriceTrigger(
                instrument: orders[slot].instrument,
                source: side == .buy ? .bid : .ask,
                direction: side == .buy ? .atOrBelow : .atOrAbove,
                price: orders[slot].price
            )
        )
    }

    /// The best price of our own resting orders on the side opposite to `side`; zero when there is none.
    func ownOppositeBest(_ instrument: InstrumentHandle, _ side: Side) -> Price {
        switch side {
        case .buy: ownBook.nearest(instrument, .ask, .atOrAbove) ?? .zero
        case .sell: ownBook.nearest(instrument, .bid, .atOrBelow) ?? .zero
        }
    }

    /// An order has reached a terminal state. Its slot is given back and its parent goes on, once no fill is owed.
    mutating func ended(
        _ slot: OrderSlot,
        rejected reason: RejectReason? = nil,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let order = orders[slot]
        guard order.state.isTerminal, order.isListed else { return }
        if order.owed.raw > 0 {
            // The fill comes on the stream or with the next listing; a query makes sure that somebody asks.
            setOrderDeadline(slot, at: now + configuration.unknownOrders.firstQueryAfter)
            return
        }
        ownBook.clear(Int(slot.index))
        deadlines.clear(orderOwner(slot))
        orders.retire(slot)
        childEnded(slot, rejected: reason, at: now, into: &out)
    }

    /// Asks the venue for one order, and plans the next time.
    mutating func ask(_ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        let order = orders[slot]
        let doublings = Int64(min(order.queries, 16))
        let settings = configuration.unknownOrders
        let pause = min(
            settings.queryBackoffLimit.nanoseconds,
            settings.firstQueryAfter.nanoseconds << doublings
        )
        orders[slot].queries = order.queries == UInt16.max ? order.queries : order.queries + 1
        setOrderDeadline(slot, at: now + TimeSpan(nanoseconds: pause))
        if venue.isConnected { out.command(.query(OrderQuery(id: order.id, instrument: order.instrument))) }
    }
}
