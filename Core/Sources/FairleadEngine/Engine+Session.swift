import FairleadModel

/// The session with the venue: its truth, and the orders of which nothing certain is known.
extension Engine {
    mutating func venueConnected(_ connection: VenueConnection, at now: Timestamp, into out: inout Outbox) {
        venue.isConnected = true
        venue.isReconciled = false
        venue.isListing = false
        venue.session = connection.session
        venue.clockOffset = connection.venueTime - now
        #if MUTANTS
            if Mutant.isOn(.entryLeavesBeforeTheVenueIsReconciled) { venue.isReconciled = true }
        #endif
        if venue.lostSince == .never { venue.lostSince = now }
        market.forgetHalts()
        out.notice(.venueChanged(VenueRecord(venue: connection.venue, condition: .connected)))
        venue.lastListingRequest = .never
        venue.firstListingRequest = .never
        requestReconciliation(at: now, into: &out)
    }

    mutating func venueDisconnected(_ handle: VenueHandle, at now: Timestamp, into out: inout Outbox) {
        guard venue.isConnected else { return }
        venue.isConnected = false
        venue.isReconciled = false
        venue.isListing = false
        // Lost until a listing is complete: connections that come and go begin nothing anew.
        if venue.lostSince == .never { venue.lostSince = now }
        out.notice(.venueChanged(VenueRecord(venue: handle, condition: .disconnected)))
        out.notice(.alarm(Alarm(.venueDisconnected)))
    }

    mutating func venueRestricted(_ restriction: VenueRestriction, isBan: Bool, into out: inout Outbox) {
        if isBan {
            venue.bannedUntil = max(venue.bannedUntil, restriction.until)
        } else {
            venue.throttledUntil = max(venue.throttledUntil, restriction.until)
        }
        out.notice(
            .venueChanged(
                VenueRecord(
                    venue: restriction.venue,
                    condition: isBan ? .banned : .throttled,
                    until: restriction.until
                )
            )
        )
    }

    /// Asks for a listing: at most one a second, so that no answer can make us spin.
    mutating func requestReconciliation(at now: Timestamp, into out: inout Outbox) {
        guard venue.isConnected else { return }
        let earliest = venue.lastListingRequest + Self.reconciliationPause
        guard venue.lastListingRequest == .never || now >= earliest else {
            return deadlines.set(reconciliationOwner, at: earliest)
        }
        venue.lastListingRequest = now
        if venue.firstListingRequest == .never { venue.firstListingRequest = now }
        deadlines.clear(reconciliationOwner)
        #if MUTANTS
            if Mutant.isOn(.listingIsAskedFromTheLastFillOnly) {
                return out.command(
                    .reconcile(ReconciliationRequest(venue: .paper, executionsAfter: executions.highWater))
                )
            }
        #endif
        out.command(.reconcile(ReconciliationRequest(venue: .paper, executionsAfter: executions.listedFrom)))
    }

    /// A new life of the engine over the same journal: whatever was handed out without an answer may live.
    mutating func epochOpened(_ opened: Epoch, at now: Timestamp, into out: inout Outbox) {
        epoch = opened
        #if MUTANTS
            if Mutant.isOn(.idsStartAnewInEachLife) { (epoch, parentCounter) = (Epoch(number: 1), 0) }
        #endif
        venue.isConnected = false
        venue.isReconciled = false
        venue.isListing = false
        // Lost until a listing is complete: connections that come and go begin nothing anew.
        if venue.lostSince == .never { venue.lostSince = now }
        for index in terms.indices {
            var slot = orders.firstLive(InstrumentHandle(index))
            while slot != .none {
                let order = orders[slot]
                switch order.state {
                case .created, .submitted: unanswered(slot, at: now, into: &out)
                case .pendingCancel, .pendingReplace: orders[slot].isAnswerLost = true
                case .pendingUnknown, .accepted, .working, .partiallyFilled, .filled, .cancelled, .rejected, .expired:
                    break
                }
                slot = order.next
            }
        }
    }

    /// A submit has no answer: the order may live, and its full quantity stays reserved.
    mutating func submitUnanswered(_ id: ClientOrderID, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(id) else { return }
        unanswered(slot, at: now, into: &out)
    }

    private mutating func unanswered(_ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        let wasUnknown = orders[slot].state == .pendingUnknown
        if orders[slot].state == .pendingCancel {
            // Neither submit nor cancel is answered: what it is comes first.
            orders[slot].isAnswerLost = true
            ask(slot, at: now, into: &out)
            return
        }
        #if MUTANTS
            if Mutant.isOn(.orderWithoutAnswerIsTakenForDead) { return notSent(slot, at: now, into: &out) }
        #endif
        guard step(slot, .submitUnanswered, at: now, into: &out), !wasUnknown else { return }
        out.notice(.alarm(Alarm(.unknownOrder, instrument: orders[slot].instrument, order: orders[slot].id)))
        ask(slot, at: now, into: &out)
        #if MUTANTS
            let parent = parents[orders[slot].parent]
            if Mutant.isOn(.orderWithoutAnswerIsSentAgainUnderANewId), parent.isOpen, parent.child == slot {
                parents[orders[slot].parent].child = .none
                route(orders[slot].parent, at: now, into: &out)
            }
            if Mutant.isOn(.reservationIsGivenBackWhenNoAnswerComes), parent.isOpen, parent.child == slot {
                let quantity = parent.reservedOpening
                let (instrument, positionSide) = (parent.instrument, parent.positionSide)
                exposure.release(instrument, positionSide, side: parent.side, quantity: quantity, isClosing: false)
                parents[orders[slot].parent].reservedOpening = .zero
            }
        #endif
    }

    /// The answer to a cancel or an amendment is lost: it stays live at its larger quantity, and the venue is asked.
    mutating func answerLost(_ id: ClientOrderID, _ input: OrderInput, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(id) else { return }
        #if MUTANTS
            if Mutant.isOn(.unansweredCancelIsTakenForCancelled), input == .cancelUnanswered,
                end(slot, .cancelled, .requested, at: now, into: &out)
            {
                return ended(slot, at: now, into: &out)
            }
        #endif
        guard step(slot, input, at: now, into: &out) else { return }
        orders[slot].isAnswerLost = true
        ask(slot, at: now, into: &out)
    }

    mutating func egressRefused(_ refused: EgressRefused, at now: Timestamp, into out: inout Outbox) {
        counters.egressRefusals += 1
        guard let slot = located(refused.id) else { return }
        if refused.reason == .overParent {
            guards.overSent(orders[slot].instrument)
            out.notice(.alarm(Alarm(.overSend, instrument: orders[slot].instrument, order: refused.id)))
        }
        // An order is amended only once the venue has it: then it is the amendment that did not leave.
        if orders[slot].isAmending {
            amendmentNotSent(slot, at: now, into: &out)
        } else {
            notSent(slot, at: now, into: &out)
        }
        // Our own children would have been more than their parent: nothing of ours is to be believed any more.
        if refused.reason == .overParent { changeState(to: .killed, .overSend, at: now, into: &out) }
    }

    /// Nothing of the order was written.
    mutating func notSent(_ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        guard end(slot, .neverSent, .neverSent, at: now, into: &out) else { return }
        ended(slot, at: now, into: &out)
    }

    // MARK: What the venue lists

    /// The venue's own view of an order.
    mutating func orderReported(_ report: OrderReport, at now: Timestamp, into out: inout Outbox) {
        guard let slot = orders.find(report.id) else {
            if report.id.isNone || report.state.isTerminal { return }
            // Ours, alive at the venue, and no row knows it: that must not be. It is cancelled, and told.
            counters.strayEvents += 1
            out.notice(.alarm(Alarm(.unknownOrder, instrument: report.instrument, order: report.id)))
            out.command(
                .cancel(
                    OrderCancellation(
                        id: report.id,
                        venueOrderID: report.venueOrderID,
                        instrument: report.instrument
                    )
                )
            )
            return
        }
        orders[slot].reportedSession = venue.session
        if report.venueOrderID != .none { orders[slot].venueOrderID = report.venueOrderID }
        if report.state.isTerminal {
            reportedEnded(slot, report, at: now, into: &out)
        } else {
            reportedLive(slot, report, at: now, into: &out)
        }
    }

    private mutating func reportedEnded(
        _ slot: OrderSlot,
        _ report: OrderReport,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        switch report.state {
        case .rejected:
            orderRejected(
                OrderRejection(id: report.id, reason: .unspecified, venueTime: report.venueTime),
                at: now,
                into: &out
            )
        case .filled:
            // It ends with its fills; those that we have not seen are in the next listing.
            if orders[slot].filled < report.filled { return requestReconciliation(at: now, into: &out) }
            // All are booked: what an amendment asked for beyond them never came to be.
            guard orders[slot].isLive, report.filled.raw > 0 else { return }
            let surplus = orders[slot].quantity.subtracting(orders[slot].filled)
            orders[slot].quantity = orders[slot].filled
            orders[slot].forgetAmendment()
            shrinkParent(slot, by: surplus)
            step(slot, .completelyFilled, venueTime: report.venueTime, at: now, into: &out)
            ended(slot, at: now, into: &out)
        case .cancelled, .expired:
            guard orders[slot].isLive else { return }
            orderEnded(
                OrderEnd(
                    id: report.id,
                    cumulativeFilled: report.filled,
                    reason: orders[slot].wantsCancel ? .requested : .venue,
                    venueTime: report.venueTime
                ),
                as: report.state == .expired ? .expired : .cancelled,
                at: now,
                into: &out
            )
        case .created, .submitted, .pendingUnknown, .accepted, .working, .partiallyFilled, .pendingCancel,
            .pendingReplace:
            preconditionFailure("Invariant: a report of an end is terminal")
        }
    }

    private mutating func reportedLive(
        _ slot: OrderSlot,
        _ report: OrderReport,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        if orders[slot].isWaiting, report.state != .accepted { nativeTriggered(slot, at: now, into: &out) }
        switch orders[slot].state {
        case .submitted, .pendingUnknown:
            step(slot, .accepted, venueTime: report.venueTime, at: now, into: &out)
            // A cancel may have been asked for while it was unknown.
            if orders[slot].wantsCancel { requestCancel(slot, at: now, into: &out) }
        case .pendingCancel:
            guard orders[slot].isAnswerLost else { return }
            orders[slot].isAnswerLost = false
            sendCancel(slot, into: &out)
        case .pendingReplace:
            guard orders[slot].isAnswerLost else { return }
            // Once triggered, an order that waited shows its limit in place of its trigger.
            let isTriggered = !orders[slot].condition.isNone && !orders[slot].isWaiting
            let isDone =
                report.quantity == orders[slot].requestedQuantity
                && (isTriggered || report.price == orders[slot].requestedPrice)
            if isDone {
                orderReplaced(
                    OrderReplacement(
                        id: report.id,
                        price: orders[slot].requestedPrice,
                        quantity: report.quantity,
                        venueTime: report.venueTime
                    ),
                    at: now,
                    into: &out
                )
            } else {
                replaceRejected(
                    OrderRejection(id: report.id, reason: .unspecified, venueTime: report.venueTime),
                    at: now,
                    into: &out
                )
            }
        case .created, .accepted, .working, .partiallyFilled: adopt(report, slot, at: now, into: &out)
        case .filled, .cancelled, .rejected, .expired:
            // Ended for us and alive for the venue: the venue wins, and is told to end it.
            counters.divergences += 1
            sendCancel(slot, into: &out)
        }
    }

    /// A working order as the venue has it: its word on limit and quantity wins.
    private mutating func adopt(_ report: OrderReport, _ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        let order = orders[slot]
        if !order.condition.isNone, report.state == .accepted { return adoptWaiting(report, slot, at: now) }
        if order.isAnswerLost { answered(slot, at: now) }
        guard report.price != order.price || report.quantity != order.quantity, order.price.raw > 0 else { return }
        let quantity = max(report.quantity, order.filled)
        let parent = parents[order.parent]
        let isHeld = parent.isOpen && parent.child == slot
        guard isHeld, parent.filled + quantity.subtracting(order.filled) <= parent.approved else {
            // More than its parent wants any more: it must not live.
            requestCancel(slot, at: now, into: &out)
            return
        }
        orders[slot].price = report.price
        orders[slot].quantity = quantity
        listOwn(slot)
    }

    /// "No such order": evidence only together with everything that RELIABILITY 4 asks for.
    mutating func orderNotFound(_ absence: OrderAbsence, at now: Timestamp, into out: inout Outbox) {
        guard let slot = located(absence.id), orders[slot].isLive else { return }
        let order = orders[slot]
        #if MUTANTS
            let isUnknown = order.state == .pendingUnknown
            if Mutant.isOn(.oneNotFoundIsTakenForDeath),
                end(slot, isUnknown ? .presumedDead : .expired, .presumedDead, at: now, into: &out)
            {
                return ended(slot, at: now, into: &out)
            }
        #endif
        let isExpiredThere = absence.venueTime > order.validUntil
        let isNewSession = absence.session > order.session
        let isAbsentFromListing = venue.isReconciled && order.reportedSession != absence.session
        guard isExpiredThere, isNewSession, isAbsentFromListing else {
            if isExpiredThere, !isNewSession { requestReconnect(at: now, into: &out) }
            return
        }
        let input: OrderInput
        switch order.state {
        case .pendingUnknown, .pendingCancel, .pendingReplace: input = .presumedDead
        case .created, .submitted, .accepted, .working, .partiallyFilled, .filled, .cancelled, .rejected, .expired:
            input = .expired
        }
        guard end(slot, input, .presumedDead, venueTime: absence.venueTime, at: now, into: &out) else { return }
        ended(slot, at: now, into: &out)
    }

    private mutating func requestReconnect(at now: Timestamp, into out: inout Outbox) {
        guard venue.isConnected, now - venue.lastReconnectRequest >= Self.reconnectPause else { return }
        venue.lastReconnectRequest = now
        out.command(.reconnect(.paper))
    }

    mutating func reconciliationBegan() {
        venue.isListing = true
        for row in listedPositions.indices { listedPositions[row] = ListedPosition() }
        listedCash = nil
    }

    mutating func balanceReported(_ report: BalanceReport, at now: Timestamp) {
        guard !venue.isListing else {
            listedCash = report
            return
        }
        adopt(report, recosted: .zero, at: now)
    }

    /// Takes the venue's cash. What it differs by is a transfer, less what positions were taken to have cost more:
    /// fills that overtook each other realise another profit than the venue's, and leave another cost.
    private mutating func adopt(_ report: BalanceReport, recosted: Money, at now: Timestamp) {
        let isFirst = ledger.cash == nil
        let transfer = ledger.adopt(cash: Money(raw8: report.cash), at: now) - recosted
        venue.available = Money(raw8: report.available)
        guard !isFirst, transfer.magnitude >= Self.leastTransfer else { return }
        losses.transferred(transfer, at: now)
    }

    /// The venue's word on a position: once its listing is complete it wins where it differs from ours, and the
    /// difference is told.
    mutating func positionReported(_ report: PositionReport, at now: Timestamp, into out: inout Outbox) {
        let key = PositionKey(report.instrument, report.positionSide)
        guard !venue.isListing else {
            listedPositions[key.row] = ListedPosition(quantity: report.quantity, averagePrice: report.averagePrice)
            return
        }
        // Fills may be on their way: only a complete listing, with the executions in it, tells who is right.
        if ledger[key].quantity != report.quantity { requestReconciliation(at: now, into: &out) }
    }

    /// Takes the listed position where it differs from ours, and tells it. True when it did.
    private mutating func compare(
        _ key: PositionKey,
        _ quantity: SignedQuantity,
        _ averagePrice: Price,
        at now: Timestamp,
        into out: inout Outbox
    ) -> Bool {
        let ours = ledger[key].quantity
        guard ours != quantity else { return false }
        counters.divergences += 1
        out.notice(
            .divergence(
                DivergenceRecord(instrument: key.instrument, positionSide: key.side, ours: ours, venue: quantity)
            )
        )
        out.notice(.alarm(Alarm(.divergence, instrument: key.instrument, value: quantity.raw - ours.raw)))
        ledger.adopt(key, quantity, averagePrice: averagePrice, at: now)
        trades.replaced(key, isFlat: quantity.raw == 0)
        exposure.setPosition(key.instrument, key.side, quantity)
        positionMoved(key, into: &out)
        return true
    }

    mutating func reconciliationCompleted(
        _ report: ReconciliationReport,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard venue.isConnected, venue.isListing, report.session == venue.session else { return }
        venue.isListing = false
        venue.isReconciled = true
        let asked = venue.firstListingRequest
        venue.judgeSkew(report.venueTime, asked: asked, at: now, limit: limits.maximumClockSkew)
        venue.firstListingRequest = .never
        venue.compareClocks(report.venueTime, asked: venue.lastListingRequest, at: now)
        executions.listed(at: now)
        var recosted = Money.zero
        // Before the first listing of a journal there is nothing to compare with: it is where we start.
        let isFirst = ledger.cash == nil
        var isDiverged = false
        venue.lostSince = .never
        for index in terms.indices {
            let instrument = InstrumentHandle(index)
            for row in 0..<PositionSide.rows {
                let side = PositionSide(row: row)
                let key = PositionKey(instrument, side)
                let listed = listedPositions[key.row]
                let difference = ledger.adoptCost(key, listed.quantity, averagePrice: listed.averagePrice)
                trades.recosted(key, by: difference)
                recosted += difference
                if compare(key, listed.quantity, listed.averagePrice, at: now, into: &out) { isDiverged = true }
            }
            askForAbsent(instrument, at: now, into: &out)
        }
        if let listedCash { adopt(listedCash, recosted: recosted, at: now) }
        listedCash = nil
        out.notice(.venueChanged(VenueRecord(venue: report.venue, condition: .reconciled)))
        sampleNav(at: now, into: &out)
        watchRisk(at: now, into: &out)
        settleClocks(at: now, into: &out)
        sendParked(at: now, into: &out)
        exits.touchAll()
        // The listing holds every execution: what still differs has no explanation.
        if isDiverged, !isFirst { changeState(to: .killed, .divergence, at: now, into: &out) }
    }

    /// A venue whose clock is too far from ours is no venue to enter by; once they agree that ends by itself.
    private mutating func settleClocks(at now: Timestamp, into out: inout Outbox) {
        guard venue.isClockSkewed else { return recover(into: &out) }
        guard state == .active || stateCause == .staleVenue && state == .reducing else { return }
        if state == .reducing { recover(into: &out) }
        changeState(to: .reducing, .clockSkew, at: now, into: &out)
    }

    /// Live orders that the listing has not shown have ended, or never lived: each is asked for.
    private mutating func askForAbsent(_ instrument: InstrumentHandle, at now: Timestamp, into out: inout Outbox) {
        var slot = orders.firstLive(instrument)
        while slot != .none {
            let order = orders[slot]
            if order.reportedSession != venue.session, order.session != venue.session {
                orders[slot].queries = 0
                // Asked for until it is answered, whatever its state.
                orders[slot].isAnswerLost = true
                ask(slot, at: now, into: &out)
            }
            slot = order.next
        }
    }
}

extension Engine {
    /// Nothing may be concluded from a failed listing; it is asked for again.
    mutating func retryReconciliation(at now: Timestamp) {
        venue.isReconciled = false
        venue.isListing = false
        deadlines.set(reconciliationOwner, at: now + Self.reconciliationPause)
    }
}
