import FairleadModel

/// What a person orders of a whole parent: to hold it back, to let it go on, to make it smaller.
extension Engine {
    /// Holds a parent back: what it has at work is cancelled and awaited, and nothing more is sent until it is resumed.
    /// Its signal's life goes on meanwhile. Exits are never held.
    mutating func pauseParent(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        guard let slot = openParent(command.order.intent) else { return refuse(command, .orderNotFound, into: &out) }
        if let refusal = refusal(ofPausing: parents[slot]) { return refuse(command, refusal, into: &out) }
        parents[slot].isHeld = true
        if parents[slot].isScheduled { schedules[Int(slot.index)].heldSince = now }
        noticeProgress(slot, .paused, into: &out)
        switch parents[slot].stage {
        case .deferred, .waiting: hold(slot)
        case .making, .resting: cancelChild(slot, then: .hold, at: now, into: &out)
        case .cancelling: parents[slot].after = .hold
        // A slice's order that takes has its outcome at once; the parent is held after it.
        case .taking: break
        case .clearing, .exiting, .parked, .tombstone, .ended, .held:
            preconditionFailure("Invariant: what can't be paused was refused")
        }
    }

    private func refusal(ofPausing parent: Parent) -> OperatorRefusal? {
        if parent.isHeld { return .alreadyPaused }
        switch parent.stage {
        case .tombstone: return .unknownOrder
        case .clearing, .exiting, .parked: return .exitNotPaused
        case .cancelling where parent.after == .end: return .beingCancelled
        case .taking where !parent.isScheduled: return .notPausable
        case .deferred, .making, .cancelling, .taking, .resting, .waiting, .held, .ended: break
        }
        return parent.isReducingNow ? .exitNotPaused : nil
    }

    /// Lets a held parent go on. A schedule goes on where it stood: it ends later by the time that it was held.
    mutating func resumeParent(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        guard let slot = openParent(command.order.intent) else { return refuse(command, .orderNotFound, into: &out) }
        guard parents[slot].isHeld else { return refuse(command, .notPaused, into: &out) }
        if let refusal = refusal(ofResuming: slot, at: now) { return refuse(command, refusal, into: &out) }
        parents[slot].isHeld = false
        if parents[slot].isScheduled {
            let row = Int(slot.index)
            schedules[row].shift(by: now - schedules[row].heldSince)
            schedules[row].heldSince = .never
        }
        // A maker starts anew, with all of its time.
        parents[slot].makerSince = .never
        parents[slot].postOnlyRejects = 0
        noticeProgress(slot, .resumed, into: &out)
        // Else the outcome of the order at work is awaited, and leads on.
        if parents[slot].stage == .held { route(slot, at: now, into: &out) }
    }

    /// It would end at once where no entry may leave, or trade against an order of ours that came to rest meanwhile. A
    /// schedule waits by itself for the venue, for a halt's end and for a price.
    private mutating func refusal(ofResuming slot: ParentSlot, at now: Timestamp) -> OperatorRefusal? {
        let parent = parents[slot]
        guard state == .active else { return .tradingState }
        let reach = reach(of: slot, at: now)
        if parent.isScheduled {
            if isLocked(parent.key) { return .symbolDisabled }
        } else {
            if let refusal = departureRefusal(parent.key, isIncreasing: true) { return refusal }
            if isClosed(parent.instrument, at: now) { return .tradingState }
            if reach.raw == 0 { return .noReferencePrice }
        }
        return reach.raw > 0 && crossesOwn(parent.instrument, parent.side, at: reach) ? .selfCross : nil
    }

    /// A held parent has no order out: it waits for a person, and for its signal's end.
    mutating func hold(_ slot: ParentSlot) {
        precondition(parents[slot].child == .none, "Invariant: a held parent has no order out")
        parents[slot].stage = .held
        deadlines.set(parentOwner(slot), at: parents[slot].expiresAt)
    }

    /// Makes a parent smaller, never below what is filled or at work; or gives what it still sends another limit,
    /// inside the collar. A schedule shares the smaller rest among the slices to come.
    mutating func amendParent(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        guard let slot = openParent(command.order.intent) else { return refuse(command, .orderNotFound, into: &out) }
        let parent = parents[slot]
        let quantity = command.quantity.raw > 0 ? command.quantity : parent.approved
        if let refusal = quantityRefusal(parent, quantity) ?? limitRefusal(parent, command.price, at: now) {
            return refuse(command, refusal, into: &out)
        }
        if quantity < parent.approved { shrink(slot, to: quantity, at: now) }
        if command.price.raw > 0 { parents[slot].limitPrice = command.price }
        noticeProgress(slot, .amended, into: &out)
        switch parents[slot].stage {
        case .waiting: routeSlice(slot, at: now, into: &out)
        case .making: rearm(slot, at: now, into: &out)
        case .resting: moveTip(slot, at: now, into: &out)
        case .deferred, .clearing, .cancelling, .taking, .exiting, .parked, .tombstone, .ended, .held: break
        }
    }

    private func quantityRefusal(_ parent: Parent, _ quantity: Quantity) -> OperatorRefusal? {
        if quantity == parent.approved { return nil }
        let working = parent.child == .none ? Quantity.zero : orders[parent.child].leaves
        guard terms[Int(parent.instrument.index)].isOnLot(quantity) else { return .offLot }
        guard quantity < parent.approved else { return .overParent }
        guard quantity > parent.filled else { return .alreadyFilled }
        if parent.stage == .tombstone { return .unknownOrder }
        guard quantity.raw >= parent.filled.raw + working.raw else { return .childAtWork }
        // A flip's first leg is what the position was: it stays whole.
        return parent.isReducing || quantity >= parent.reduceQuantity ? nil : .exitNotPaused
    }

    private func limitRefusal(_ parent: Parent, _ price: Price, at now: Timestamp) -> OperatorRefusal? {
        guard price.raw > 0 else { return nil }
        guard terms[Int(parent.instrument.index)].isOnTick(price) else { return .offTick }
        guard parent.isScheduled || parent.child == .none else { return .childAtWork }
        let worst = collar(parent.instrument, parent.side, isReducing: parent.isReducingNow, at: now)
        if worst.raw == 0, !parent.isReducingNow { return .noReferencePrice }
        let isOutside = worst.raw > 0 && (parent.side == .buy ? price > worst : price < worst)
        if isOutside { return .priceCollar }
        if crossesOwn(parent.instrument, parent.side, at: price) { return .selfCross }
        // A tip at work is shown anew at its limit: it would end where no entry may leave.
        return parent.stage == .resting && !parent.isReducingNow && state != .active ? .tradingState : nil
    }

    /// Gives back what nobody asks for any more.
    private mutating func shrink(_ slot: ParentSlot, to quantity: Quantity, at now: Timestamp) {
        let parent = parents[slot]
        let surplus = parent.approved - quantity
        exposure.release(
            parent.instrument,
            parent.positionSide,
            side: parent.side,
            quantity: surplus,
            isClosing: parent.isReducing
        )
        parents[slot].approved = quantity
        if parent.isReducing {
            parents[slot].reduceQuantity = quantity
            parents[slot].reservedClosing -= surplus
        } else {
            parents[slot].reservedOpening -= surplus
        }
        guard parent.isScheduled else {
            parents[slot].released = quantity
            return
        }
        let row = Int(slot.index)
        guard schedules[row].kind.isTimed else {
            schedules[row].shrink(to: quantity, smallest: .zero)
            parents[slot].released = min(parent.released, quantity)
            return
        }
        let reference = marketFacts(parent.instrument).valuation
        let smallest = TwapPlan.smallest(
            terms[Int(parent.instrument.index)],
            schedules[row].minimumNotional,
            at: reference.raw > 0 ? reference : parent.arrival
        )
        let before = schedules[row].scheduled(through: schedules[row].slice)
        schedules[row].shrink(to: quantity, smallest: smallest)
        let after = schedules[row].scheduled(through: schedules[row].slice)
        let released = schedules[row].hasBegun ? parent.released + after.subtracting(before) : .zero
        parents[slot].released = min(released, after)
    }

    /// A maker at work whose terms have changed: its slice may end at another moment, and a quote beyond the new limit
    /// is made anew.
    private mutating func rearm(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        guard parent.isScheduled else { return }
        deadlines.set(parentOwner(slot), at: min(sliceDeadline(slot), parent.expiresAt))
        let quote = orders[parent.child].price
        let isBeyond =
            parent.limitPrice.raw > 0
            && (parent.side == .buy ? quote > parent.limitPrice : quote < parent.limitPrice)
        if isBeyond { cancelChild(slot, then: .reprice, at: now, into: &out) }
    }

    /// The open parent of an intent; nil where it has ended or never was.
    func openParent(_ intent: IntentID) -> ParentSlot? {
        guard !intent.isNone else { return nil }
        for index in terms.indices {
            var slot = parents.firstOpen(InstrumentHandle(index))
            while slot != .none {
                if parents[slot].intent == intent { return slot }
                slot = parents[slot].next
            }
        }
        return nil
    }
}
