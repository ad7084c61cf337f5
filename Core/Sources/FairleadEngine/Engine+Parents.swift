import FairleadModel

/// The life of a parent between its children: what follows each child's end, and how a parent itself ends.
extension Engine {
    /// A child has ended and every fill of it is booked: the parent goes on.
    mutating func childEnded(
        _ order: OrderSlot,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let slot = orders[order].parent
        guard slot != .none, parents[slot].isOpen, parents[slot].child == order else { return }
        parents[slot].child = .none
        disarm(slot)
        if parents[slot].native != .none {
            return nativeChildEnded(slot, order, rejected: reason, at: now, into: &out)
        }
        if orders[order].endReason == .presumedDead, !configuration.unknownOrders.provesDeath {
            return bury(slot, at: now)
        }
        // A person's word is no proof, and a venue's may be wrong: a fill that comes after all finds its levels.
        if orders[order].endReason == .operatorResolved || orders[order].endReason == .presumedDead {
            exits.keep(parents[slot].levels, until: now + configuration.unknownOrders.tombstone)
        }
        let parent = parents[slot]
        if parent.remaining.raw == 0 { return close(slot, .filled, at: now, into: &out) }
        if parent.isScheduled { return sliceChildEnded(slot, order, rejected: reason, at: now, into: &out) }
        if parent.isReducing, parent.stage != .cancelling, orders[order].endReason == .neverSent, !venue.isConnected {
            return park(slot, at: now)
        }
        // An exit that the venue takes nothing of now waits; it is not denied, and none of its reprices is spent.
        if isParkable(parent), reason == .marketHalted { return park(slot, at: now) }
        if isParkable(parent), reason == .throttled || reason == .banned { return postpone(slot, at: now) }
        switch parent.stage {
        case .making: makerEnded(slot, order, rejected: reason, at: now, into: &out)
        case .cancelling: cancelEnded(slot, at: now, into: &out)
        case .exiting: exitEnded(slot, order, rejected: reason, at: now, into: &out)
        case .taking, .resting: restEnded(slot, order, at: now, into: &out)
        case .deferred, .clearing, .parked, .tombstone, .ended, .waiting, .held:
            preconditionFailure("Invariant: a parent has a child only in a stage that sends one")
        }
    }

    private mutating func makerEnded(
        _ slot: ParentSlot,
        _ order: OrderSlot,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        switch orders[order].state {
        case .rejected where reason == .wouldTake:
            parents[slot].postOnlyRejects += 1
            if Int(parents[slot].postOnlyRejects) >= routing.maximumPostOnlyRejects {
                fallBack(slot, .postOnlyRejects, at: now, into: &out)
            } else {
                quoteAgain(slot, at: now, into: &out)
            }
        case .rejected: fallBack(slot, .makerSubmitFailed, at: now, into: &out)
        case .filled:
            // A maker leg smaller than the parent is done: the rest takes.
            fallBack(slot, .none, at: now, into: &out)
        case .cancelled, .expired: close(slot, endOutcome(orders[order]), at: now, into: &out)
        case .created, .submitted, .pendingUnknown, .accepted, .working, .partiallyFilled, .pendingCancel,
            .pendingReplace:
            preconditionFailure("Invariant: an ended child is in a terminal state")
        }
    }

    /// The cancel that we asked for has its outcome; what was filled meanwhile is subtracted already.
    private mutating func cancelEnded(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        switch parent.after {
        case .end: close(slot, parent.outcome, at: now, into: &out)
        case .fallBack: fallBack(slot, parent.fallbackReason, at: now, into: &out)
        case .reprice:
            parents[slot].reprices += 1
            quoteAgain(slot, at: now, into: &out)
        case .hold:
            if parent.isHeld { return hold(slot) }
            route(slot, at: now, into: &out)
        }
    }

    private mutating func exitEnded(
        _ slot: ParentSlot,
        _ order: OrderSlot,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let ended = orders[order]
        // The venue says that there is nothing (more) to reduce: it is right, and our view is behind.
        if reason == .reduceOnlyRejected {
            requestReconciliation(at: now, into: &out)
            return close(slot, .rejected, at: now, into: &out)
        }
        if parents[slot].isReducingNow == false { return route(slot, at: now, into: &out) }
        if ended.endReason == .neverSent {
            if parents[slot].firing.isNone {
                out.notice(.alarm(Alarm(.exitFailed, instrument: ended.instrument, order: ended.id)))
            }
            return close(slot, .rejected, at: now, into: &out)
        }
        if ended.filled < ended.quantity {
            // Even the unbounded order left something, or the signal's own limit did: a level fires again after a
            // pause.
            guard ended.type != .market, parents[slot].limitPrice.raw == 0 else {
                out.notice(.alarm(Alarm(.exitFailed, instrument: ended.instrument, order: ended.id)))
                return close(slot, .expired, at: now, into: &out)
            }
            parents[slot].reprices += 1
        }
        sendExit(slot, at: now, into: &out)
    }

    /// The venue takes nothing now: an exit waits until it does, and none of its reprices is spent.
    private mutating func postpone(_ slot: ParentSlot, at now: Timestamp) {
        parents[slot].stage = .deferred
        let free = max(venue.throttledUntil, venue.bannedUntil, now + Self.deferredRetryAfter)
        deadlines.set(parentOwner(slot), at: min(parents[slot].expiresAt, free))
    }

    private mutating func restEnded(
        _ slot: ParentSlot,
        _ order: OrderSlot,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let ended = orders[order]
        // A split order goes on with its next piece, and a flip with its second leg.
        if ended.state == .filled { return route(slot, at: now, into: &out) }
        close(slot, endOutcome(ended), at: now, into: &out)
    }

    func endOutcome(_ order: Order) -> ParentOutcome {
        switch order.state {
        case .rejected: .rejected
        case .expired: .expired
        case .filled: .filled
        case .created, .submitted, .pendingUnknown, .accepted, .working, .partiallyFilled, .pendingCancel,
            .pendingReplace, .cancelled:
            order.endReason == .neverSent ? .rejected : .cancelled
        }
    }

    /// A child was presumed dead where absence is no full proof. What it had reserved, and the symbol's entry lock,
    /// stay: venues have been seen to hide an order for half an hour.
    private mutating func bury(_ slot: ParentSlot, at now: Timestamp) {
        parents[slot].stage = .tombstone
        buried[Int(parents[slot].instrument.index)] += 1
        deadlines.set(parentOwner(slot), at: now + configuration.unknownOrders.tombstone)
    }

    /// Ends a parent as soon as it may: now without a live child, else after the child's cancel.
    mutating func requestEnd(_ slot: ParentSlot, _ outcome: ParentOutcome, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        guard parent.isOpen, parent.stage != .tombstone else { return }
        guard parent.child != .none else { return close(slot, outcome, at: now, into: &out) }
        parents[slot].outcome = outcome
        cancelChild(slot, then: .end, at: now, into: &out)
    }

    /// Asks for the cancel of a parent's child; what follows its outcome is `then`, unless an end was asked for before.
    mutating func cancelChild(_ slot: ParentSlot, then after: AfterCancel, at now: Timestamp, into out: inout Outbox) {
        let isEnding = parents[slot].stage == .cancelling && parents[slot].after == .end
        parents[slot].stage = .cancelling
        parents[slot].after = isEnding ? .end : after
        disarm(slot)
        requestCancel(parents[slot].child, at: now, into: &out)
    }

    /// Sends the cancel of a live order, once: again only when its answer is lost or refused.
    mutating func requestCancel(_ order: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        let state = orders[order].state
        guard !state.isTerminal else { return }
        let isAsked = orders[order].wantsCancel && (state == .pendingCancel || state == .pendingUnknown)
        orders[order].wantsCancel = true
        guard !isAsked else { return }
        step(order, .cancelRequested, at: now, into: &out)
        sendCancel(order, into: &out)
    }

    mutating func sendCancel(_ order: OrderSlot, into out: inout Outbox) {
        let row = orders[order]
        out.command(
            .cancel(OrderCancellation(id: row.id, venueOrderID: row.venueOrderID, instrument: row.instrument))
        )
    }

    /// Ends a parent: what it had reserved is given back, its level learns of it, observers are told.
    mutating func close(_ slot: ParentSlot, _ outcome: ParentOutcome, at now: Timestamp, into out: inout Outbox) {
        precondition(parents[slot].child == .none, "Invariant: a parent ends only without a live child")
        precondition(parents[slot].isOpen, "Invariant: a parent ends once")
        disarm(slot)
        deadlines.clear(parentOwner(slot))
        release(slot)
        if parents[slot].style.isScheduled { parents[slot].routedAs = RoutedAs(parents[slot].style) }
        if participants > 0 { forgetParticipant(slot) }
        let parent = parents[slot]
        let final: ParentOutcome
        if parent.remaining.raw == 0 {
            final = .filled
        } else if parent.filled.raw > 0, outcome != .killSwitch {
            final = .partiallyFilled
        } else {
            final = outcome
        }
        if parent.stage == .tombstone { buried[Int(parent.instrument.index)] -= 1 }
        parents[slot].stage = .ended
        parents[slot].outcome = final
        // An order that was never triggered was no intent to trade yet.
        let isMeasured = parent.native != .waiting
        if isMeasured { noticeRouteEnd(slot, at: now, into: &out) }
        parents.retire(slot)
        guards.parentClosed(parent.instrument, parent.intent)
        if parent.filled.raw > 0 { noteExecuted(parent, at: now, into: &out) }
        noticeClosed(parent, final, into: &out)
        if isMeasured {
            measureShortfall(slot, parent, at: now, into: &out)
            measureMaker(slot, parent, final, at: now)
            measureArm(slot, parent, final, at: now)
        }
        if !parent.levels.isNone { exits.entryEnded(parent.levels) }
        // Another exit than its own may have held the position back from the venue, or from its stop.
        if parent.native != .none {
            exits.nativeCount -= 1
        } else if parent.reduceQuantity.raw > 0 {
            exits.touch(parent.instrument)
            exits.exitMadeRoom(parent.key, at: now)
        }
        guard !parent.firing.isNone, parent.native == .none else { return }
        exits.exitEnded(parent.firing, closed: parent.filled, at: now, into: &out)
    }

    private mutating func release(_ slot: ParentSlot) {
        let parent = parents[slot]
        if parent.reservedOpening.raw > 0 {
            exposure.release(
                parent.instrument,
                parent.positionSide,
                side: parent.side,
                quantity: parent.reservedOpening,
                isClosing: false
            )
        }
        if parent.reservedClosing.raw > 0 { releaseReserved(parent, parent.reservedClosing, isClosing: true) }
        parents[slot].reservedOpening = .zero
        parents[slot].reservedClosing = .zero
    }

    private mutating func noteExecuted(_ parent: Parent, at now: Timestamp, into out: inout Outbox) {
        let latched = guards.executed(
            parent.instrument,
            side: parent.side,
            quantity: parent.filled,
            at: now,
            limitsInForce(parent.instrument, at: now)
        )
        if latched { out.notice(.alarm(Alarm(.repeatedExecution, instrument: parent.instrument))) }
        if parent.isStopLoss { guards.stoppedOut(parent.instrument, at: now) }
    }

    @inline(__always)
    private func noticeClosed(_ parent: Parent, _ outcome: ParentOutcome, into out: inout Outbox) {
        guard out.isObserved else { return }
        out.notice(
            .parentClosed(
                ParentRecord(
                    number: parent.number,
                    intent: parent.intent,
                    instrument: parent.instrument,
                    strategy: parent.strategy,
                    side: parent.side,
                    outcome: outcome,
                    routedAs: parent.routedAs,
                    fallbackReason: parent.fallbackReason,
                    isReducing: parent.isReducing,
                    source: parent.source,
                    approved: parent.approved,
                    filled: parent.filled,
                    averagePrice: parent.averagePrice(multiplier: ledger.multiplier(parent.instrument)),
                    arrival: parent.arrival,
                    fees: parent.fees.raw8,
                    makerFilled: parent.makerFilled
                )
            )
        )
    }
}

extension RoutedAs {
    /// Of a parent that was let go little by little.
    init(_ style: ExecutionStyle) {
        switch style {
        case .vwap: self = .vwap
        case .pov: self = .pov
        case .iceberg: self = .iceberg
        case .auto, .makerFirst, .taker, .twap, .adaptive: self = .twap
        }
    }
}
