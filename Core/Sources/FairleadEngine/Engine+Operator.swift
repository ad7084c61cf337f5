import FairleadModel

/// A person's orders, and the states of trading.
extension Engine {
    mutating func operated(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        switch command.action {
        case .stopEntries: changeState(to: .reducing, .operatorOrder, at: now, into: &out)
        case .journalStop: changeState(to: .reducing, .journal, at: now, into: &out)
        case .halt: changeState(to: .halted, .operatorOrder, at: now, into: &out)
        case .haltFrozen: changeState(to: .halted, .operatorOrder, frozen: true, at: now, into: &out)
        case .kill: changeState(to: .killed, .operatorOrder, at: now, into: &out)
        case .resume: resume(at: now, into: &out)
        case .cancelAll: cancelAll(includingProtective: false, at: now, into: &out)
        case .cancelAllIncludingProtective: cancelAll(includingProtective: true, at: now, into: &out)
        case .flatten: flatten(command.instrument, at: now, into: &out)
        case .cancelOrder: cancel(command, at: now, into: &out)
        case .amendOrder: amend(command, at: now, into: &out)
        case .resolveDead, .resolveOpen, .resolveFilled: resolve(command, at: now, into: &out)
        case .reconcile: requestReconciliation(at: now, into: &out)
        case .confirmNav:
            guard losses.jump != nil else { return refuse(command, .noNavJump, into: &out) }
            losses.confirmJump()
        case .enableSymbol:
            if Int(command.instrument.index) < terms.count { guards.enabled(command.instrument) }
        case .disableSymbol: disable(command, [.buy, .sell], at: now, into: &out)
        case .disableBuys: disable(command, [.buy], at: now, into: &out)
        case .disableSells: disable(command, [.sell], at: now, into: &out)
        case .resetDrawdown:
            guard losses.isCircuitLatched else { return refuse(command, .notLatched, into: &out) }
            losses.resetCircuit()
        case .cancelEntries: endEntries(.cancelled, at: now, into: &out)
        case .pauseParent: pauseParent(command, at: now, into: &out)
        case .resumeParent: resumeParent(command, at: now, into: &out)
        case .amendParent: amendParent(command, at: now, into: &out)
        }
    }

    /// Changes the trading state. Engaging more than once keeps the stricter of the two; only `resume` leads back.
    mutating func changeState(
        to target: TradingState,
        _ cause: StateCause,
        frozen: Bool = false,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let before = state
        let wasFrozen = isFrozen
        if target.rawValue > state.rawValue {
            state = target
            stateCause = cause
        } else if target == state, cause == .operatorOrder || cause == .journal && endsByItself {
            // An operator's word outlives the venue's or the clock's, and so does the journal's: none ends by itself.
            stateCause = cause
        }
        // `halt_allows_reduce` off holds exits while halted, and while killed as well.
        let haltsExits = target.rawValue >= TradingState.halted.rawValue && !limits.haltAllowsReduce
        isFrozen = isFrozen || frozen || haltsExits
        guard before != state || wasFrozen != isFrozen else { return }
        noticeState(from: before, cause: cause, into: &out)
        switch state {
        case .active, .reducing: break
        case .halted, .killed: endEntries(.killSwitch, at: now, into: &out)
        }
    }

    private mutating func resume(at now: Timestamp, into out: inout Outbox) {
        let before = state
        // Only a circuit that has latched begins anew: otherwise a halt would forget the peak.
        if losses.isCircuitLatched { losses.resetCircuit() }
        state = .active
        stateCause = .operatorOrder
        isFrozen = false
        exits.touchAll()
        if before != .active { noticeState(from: before, cause: .operatorOrder, into: &out) }
    }

    /// `reducing` ends by itself where the venue or the clock was its cause, once that is over.
    mutating func recover(into out: inout Outbox) {
        guard state == .reducing, endsByItself else { return }
        state = .active
        stateCause = .recovered
        noticeState(from: .reducing, cause: .recovered, into: &out)
    }

    private var endsByItself: Bool { stateCause == .staleVenue || stateCause == .clockSkew }

    private func noticeState(from before: TradingState, cause: StateCause, into out: inout Outbox) {
        out.notice(
            .tradingStateChanged(
                TradingStateRecord(
                    from: before,
                    to: state,
                    cause: cause,
                    isFrozen: isFrozen,
                    increasingSends: counters.increasingSends
                )
            )
        )
    }

    /// Ends every parent that may still open something; a flip's exit leg goes with it. What it reduced stays reduced.
    private mutating func endEntries(_ outcome: ParentOutcome, at now: Timestamp, into out: inout Outbox) {
        for index in terms.indices {
            endParents(InstrumentHandle(index), outcome, at: now, into: &out) { !$0.isReducing }
        }
    }

    /// Lets nothing of a symbol be entered on these sides from now on, and ends what still may; exits go on.
    private mutating func disable(
        _ command: OperatorCommand,
        _ sides: [Side],
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard Int(command.instrument.index) < terms.count else { return refuse(command, .unknownSymbol, into: &out) }
        guards.disabled(command.instrument, buys: sides.contains(.buy), sells: sides.contains(.sell))
        endParents(command.instrument, .cancelled, at: now, into: &out) {
            !$0.isReducing && sides.contains($0.side)
        }
    }

    private mutating func cancelAll(includingProtective: Bool, at now: Timestamp, into out: inout Outbox) {
        forgetFlattens()
        for index in terms.indices {
            endParents(InstrumentHandle(index), .cancelled, at: now, into: &out) {
                includingProtective || $0.firing.isNone
            }
            if includingProtective { exits.removeAll(of: InstrumentHandle(index), into: &out) }
        }
    }

    mutating func endParents(
        _ instrument: InstrumentHandle,
        _ outcome: ParentOutcome,
        at now: Timestamp,
        into out: inout Outbox,
        where isMeant: (Parent) -> Bool
    ) {
        var slot = parents.firstOpen(instrument)
        while slot != .none {
            let parent = parents[slot]
            if isMeant(parent) { requestEnd(slot, outcome, at: now, into: &out) }
            slot = parent.next
        }
    }

    /// Closes positions: of one instrument, or of all.
    private mutating func flatten(_ which: InstrumentHandle, at now: Timestamp, into out: inout Outbox) {
        for index in terms.indices where which == .none || Int(which.index) == index {
            for row in 0..<PositionSide.rows {
                flatten(PositionKey(InstrumentHandle(index), PositionSide(row: row)), at: now, into: &out)
            }
        }
    }

    private mutating func cancel(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        if command.order.meansParent {
            guard let slot = openParent(command.order.intent) else {
                return refuse(command, .orderNotFound, into: &out)
            }
            return requestEnd(slot, .cancelled, at: now, into: &out)
        }
        guard let slot = orders.find(command.order) else { return refuse(command, .orderNotFound, into: &out) }
        guard orders[slot].isLive else { return refuse(command, .alreadyEnded, into: &out) }
        endOrder(slot, .cancelled, at: now, into: &out)
    }

    /// Amends a resting order of ours: a new limit inside the collar, or a smaller quantity. Never more than approved.
    /// Where no entry may leave, one at rest may still become smaller; where exits are held, no amendment leaves.
    private mutating func amend(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        guard let slot = orders.find(command.order) else { return refuse(command, .orderNotFound, into: &out) }
        let order = orders[slot]
        let parent = parents[order.parent]
        let price = command.price.raw > 0 ? command.price : order.price
        let quantity = command.quantity.raw > 0 ? command.quantity : order.quantity
        // Only smaller, and no nearer to the market: it raises nothing, and may leave where no entry may.
        let isShrinking =
            quantity < order.quantity && (order.side == .buy ? price <= order.price : price >= order.price)
        let isIncreasing = order.isIncreasing && !isShrinking
        let refusal =
            stateRefusal(ofAmending: slot) ?? termsRefusal(order, parent, price, quantity, at: now)
            ?? departureRefusal(PositionKey(order.instrument, order.positionSide), isIncreasing: isIncreasing)
        if let refusal { return refuse(command, refusal, into: &out) }
        guard step(slot, .replaceRequested, at: now, into: &out) else { return }
        orders[slot].requestedPrice = price
        orders[slot].requestedQuantity = quantity
        out.command(
            .replace(
                OrderAmendment(
                    id: order.id,
                    venueOrderID: order.venueOrderID,
                    instrument: order.instrument,
                    side: order.side,
                    price: price,
                    quantity: quantity,
                    approved: parent.approved,
                    collar: collar(order.instrument, order.side, isReducing: order.reduceOnly, at: now),
                    validUntil: venue.time(at: now) + routing.requestLifetime,
                    isIncreasing: isIncreasing
                )
            )
        )
    }

    /// Exits are held as well: frozen, or not allowed by the configuration, while halted or killed.
    @inline(__always)
    var holdsExits: Bool {
        (isFrozen || !limits.haltAllowsReduce) && state.rawValue >= TradingState.halted.rawValue
    }

    /// An operator says what became of an unknown order. The venue is asked afterwards, and wins.
    private mutating func resolve(_ command: OperatorCommand, at now: Timestamp, into out: inout Outbox) {
        guard let slot = orders.find(command.order) else { return refuse(command, .orderNotFound, into: &out) }
        let isOwing = orders[slot].isListed && orders[slot].owed.raw > 0
        guard orders[slot].state == .pendingUnknown || isOwing else {
            return refuse(command, orders[slot].isLive ? .notUnknown : .alreadyEnded, into: &out)
        }
        if isOwing, command.action != .resolveDead { return refuse(command, .fillsAwaited, into: &out) }
        switch command.action {
        case .resolveOpen:
            guard step(slot, .accepted, at: now, into: &out) else { return }
            orders[slot].isAnswerLost = true
            ask(slot, at: now, into: &out)
        case .resolveFilled:
            // Its fills are in the next listing; until they are booked the rest stays reserved.
            let leaves = orders[slot].leaves
            guard end(slot, .cancelled, .operatorResolved, at: now, into: &out) else { return }
            orders[slot].owed = leaves
            ended(slot, at: now, into: &out)
        case .resolveDead:
            if isOwing { orders[slot].owed = .zero }
            guard isOwing || end(slot, .cancelled, .operatorResolved, at: now, into: &out) else { return }
            ended(slot, at: now, into: &out)
        case .stopEntries, .halt, .haltFrozen, .kill, .resume, .cancelAll, .cancelAllIncludingProtective, .flatten,
            .cancelOrder, .amendOrder, .reconcile, .enableSymbol, .confirmNav, .cancelEntries, .pauseParent,
            .resumeParent, .amendParent, .disableSymbol, .disableBuys, .disableSells, .resetDrawdown, .journalStop:
            preconditionFailure("Invariant: only the three resolutions come here")
        }
        requestReconciliation(at: now, into: &out)
    }

    /// A signal of the engine's own making. Its number has the top bit set; its digest is that number.
    mutating func internalSignal(
        _ instrument: InstrumentHandle,
        side: Side,
        size: SignalSize,
        source: SignalSource
    ) -> SignalTerms {
        internalSignals += 1
        let number = SignalNumber(value: 1 << 63 | internalSignals)
        return SignalTerms(
            number: number,
            digest: Digest128(high: UInt64(source.rawValue), low: number.value),
            instrument: instrument,
            side: side,
            size: size,
            source: source
        )
    }
}
