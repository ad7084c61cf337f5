import FairleadModel

/// Fills: each is booked once, whatever state its order is in, since the venue's executions are the truth.
extension Engine {
    mutating func orderFilled(_ execution: Execution, at now: Timestamp, into out: inout Outbox) {
        guard executions.insert(execution.executionID, execution.instrument, at: now) else {
            #if MUTANTS
                if Mutant.isOn(.fillIsBookedAsOftenAsItIsTold), let slot = orders.find(execution.id) {
                    bookOwn(execution, slot, at: now, into: &out)
                }
            #endif
            counters.repeatedFills += 1
            return
        }
        #if MUTANTS
            if Mutant.isOn(.fillAfterTheEndIsDropped), let slot = orders.find(execution.id),
                orders[slot].state.isTerminal
            {
                return
            }
            let first = orders.firstLive(execution.instrument)
            if Mutant.isOn(.fillOfAnotherClientIsBookedToOurOrder), execution.id.isNone, first != .none {
                return bookOwn(execution, first, at: now, into: &out)
            }
        #endif
        counters.fills += 1
        let isOvertaken = ledger.isOvertaken(execution)
        if let slot = orders.find(execution.id) {
            if orders[slot].isWaiting { nativeTriggered(slot, at: now, into: &out) }
            bookOwn(execution, slot, at: now, into: &out)
        } else {
            bookExternal(execution, at: now, into: &out)
        }
        // Only a listing tells what the venue's order of them has realised: cash and cost are its word.
        if isOvertaken, !venue.isListing { requestReconciliation(at: now, into: &out) }
    }

    /// A trade that no row of ours made: another client's, or of an order so old that its row is gone.
    private mutating func bookExternal(_ execution: Execution, at now: Timestamp, into out: inout Outbox) {
        counters.externalFills += 1
        let isOurs = !execution.id.isNone
        let kind: AlarmKind = isOurs ? .lateFill : execution.origin == .order ? .externalFill : .venueClosed
        out.notice(
            .alarm(
                Alarm(
                    kind,
                    instrument: execution.instrument,
                    order: execution.id,
                    value: execution.quantity.raw
                )
            )
        )
        let (realized, closed) = book(execution, strategy: nil, by: Self.author(of: execution), at: now)
        // Somebody else trades on this account: nothing is entered in the position until a person has decided.
        let key = PositionKey(execution.instrument, execution.positionSide)
        if !isOurs {
            let traded = SignedQuantity(execution.quantity, side: execution.side)
            externals.traded(key, traded, isFlat: ledger[key].isFlat, at: now)
        } else if !externals.isEmpty {
            noteMixed(execution, by: nil, into: &out)
        }
        exposure.filled(
            execution.instrument,
            execution.positionSide,
            side: execution.side,
            quantity: execution.quantity,
            fromLeaves: .zero,
            isClosing: false
        )
        noticeFill(
            execution,
            number: .none,
            venueOrderID: .none,
            arrival: .zero,
            intended: .zero,
            realized: realized,
            isLate: isOurs,
            isExternal: !isOurs,
            into: &out
        )
        positionMoved(key, closing: closed, into: &out)
        noteOrigin(execution.origin, at: now, into: &out)
    }

    /// An order of ours was filled in a position that a person has said is somebody else's: he decides again. His own
    /// order to close it leaves it what it is.
    private mutating func noteMixed(_ execution: Execution, by source: SignalSource?, into out: inout Outbox) {
        let key = PositionKey(execution.instrument, execution.positionSide)
        guard source != .flatten, externals.mixed(key) else { return }
        out.notice(.alarm(Alarm(.externalFill, instrument: key.instrument, value: ledger[key].quantity.raw)))
    }

    /// A liquidation says that the account as a whole was wrong, not this symbol: nothing is entered anywhere until a
    /// person has looked. What the venue ends for reasons of its own locks the symbol alone, as every trade not ours.
    private mutating func noteOrigin(_ origin: ExecutionOrigin, at now: Timestamp, into out: inout Outbox) {
        switch origin {
        case .order, .deleveraging, .settlement: return
        case .liquidation: changeState(to: .halted, .liquidation, at: now, into: &out)
        }
    }

    private mutating func bookOwn(
        _ execution: Execution,
        _ slot: OrderSlot,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let before = orders[slot]
        let parent = before.parent
        let isItsParent = parents[parent].intent == before.id.intent
        let isParentOpen = isItsParent && parents[parent].isOpen
        let isLate = before.state.isTerminal && before.owed.raw == 0
        let room = isLate ? before.quantity.subtracting(before.filled) : before.leaves
        let counted = min(execution.quantity, room)
        if counted < execution.quantity { overfilled(slot, by: execution.quantity - counted, into: &out) }
        orders[slot].filled += counted
        if before.owed.raw > 0 { orders[slot].owed -= counted }
        if isLate { lateFilled(execution, into: &out) }
        let (realized, closed) = book(execution, before.number, parent, isItsParent, isOpen: isParentOpen, at: now)
        if !externals.isEmpty { noteMixed(execution, by: isItsParent ? parents[parent].source : nil, into: &out) }
        let credited = isParentOpen ? min(counted, creditable(parent)) : .zero
        if isParentOpen, credited < counted { overfilled(slot, by: counted - credited, into: &out) }
        noteExposure(execution, credited, parent: isParentOpen ? parent : .none)
        let mid = tellOwn(
            execution,
            of: slot,
            parent: isItsParent ? parent : nil,
            realized: realized,
            isLate: isLate,
            at: now,
            into: &out
        )
        let isEntryFill = isParentOpen && !parents[parent].isReducingNow
        if isParentOpen {
            noteFirstFill(slot, at: now)
            credit(parent, execution, credited, mid: mid, intended: before.intended)
        }
        positionMoved(PositionKey(execution.instrument, execution.positionSide), closing: closed, into: &out)
        if isEntryFill || isLate { arm(before, isEntryFill ? parents[parent].levels : nil, at: now, into: &out) }
        guard !isLate else {
            let isDone = isParentOpen && parents[parent].child == .none && parents[parent].remaining.raw == 0
            if isDone { close(parent, .filled, at: now, into: &out) }
            return
        }
        if !before.state.isTerminal {
            #if MUTANTS
                if Mutant.isOn(.partialFillIsTakenForTheWhole) {
                    step(slot, .completelyFilled, venueTime: execution.venueTime, at: now, into: &out)
                    return ended(slot, at: now, into: &out)
                }
            #endif
            let isComplete = orders[slot].filled >= before.total
            let input: OrderInput = isComplete ? .completelyFilled : .partlyFilled
            step(slot, input, venueTime: execution.venueTime, at: now, into: &out)
        }
        ended(slot, at: now, into: &out)
    }

    /// The levels of an entry follow its fill; those of one that was called dead too, which `given` has no longer.
    private mutating func arm(_ order: Order, _ given: LevelGroup?, at now: Timestamp, into out: inout Outbox) {
        let key = PositionKey(order.instrument, order.positionSide)
        let levels = given ?? exits.kept(order.number, of: key)
        if levels.isNone { return }
        let entry = ledger[key].averagePrice(multiplier: ledger.multiplier(key.instrument))
        let price = levelPrice(key.instrument, at: now) ?? .zero
        exits.entryFilled(levels, entry: entry, price: price, into: &out)
    }

    /// Tells a fill of our own and measures it; `parent` is its parent where that is still in its row. Gives the middle
    /// of the book, zero without a usable one.
    private mutating func tellOwn(
        _ execution: Execution,
        of slot: OrderSlot,
        parent: ParentSlot?,
        realized: Money,
        isLate: Bool,
        at now: Timestamp,
        into out: inout Outbox
    ) -> Price {
        noticeFill(
            execution,
            number: orders[slot].number,
            venueOrderID: orders[slot].venueOrderID,
            arrival: parent.map { parents[$0].arrival } ?? .zero,
            intended: orders[slot].intended,
            realized: realized,
            isLate: isLate,
            isExternal: false,
            into: &out
        )
        return measureFill(execution, of: slot, parent: parent, isLate: isLate, at: now, into: &out)
    }

    /// The venue filled more than was asked for: its bug, our truth. No new exposure in the symbol until a person
    /// looks.
    private mutating func overfilled(_ slot: OrderSlot, by excess: Quantity, into out: inout Outbox) {
        counters.overfills += 1
        guards.overSent(orders[slot].instrument)
        out.notice(
            .alarm(
                Alarm(.overfill, instrument: orders[slot].instrument, order: orders[slot].id, value: excess.raw)
            )
        )
    }

    /// A fill after the end, without having been announced: booked, and told.
    private mutating func lateFilled(_ execution: Execution, into out: inout Outbox) {
        counters.lateFills += 1
        out.notice(
            .alarm(
                Alarm(
                    .lateFill,
                    instrument: execution.instrument,
                    order: execution.id,
                    value: execution.quantity.raw
                )
            )
        )
    }

    /// Moves a fill from what the parent had reserved to the position.
    private mutating func noteExposure(_ execution: Execution, _ credited: Quantity, parent: ParentSlot) {
        guard parent != .none else {
            exposure.filled(
                execution.instrument,
                execution.positionSide,
                side: execution.side,
                quantity: execution.quantity,
                fromLeaves: .zero,
                isClosing: false
            )
            return
        }
        let isClosing = parents[parent].isReducingNow
        let reserved = isClosing ? parents[parent].reservedClosing : parents[parent].reservedOpening
        let taken = min(reserved, credited)
        exposure.filled(
            execution.instrument,
            execution.positionSide,
            side: execution.side,
            quantity: execution.quantity,
            fromLeaves: taken,
            isClosing: isClosing
        )
        if isClosing {
            parents[parent].reservedClosing -= taken
        } else {
            parents[parent].reservedOpening -= taken
        }
    }

    /// Whose result a fill is: the signal's strategy; for exits of the scanner and the operator, the position's.
    @inline(__always)
    func strategy(of parent: ParentSlot, isOpen: Bool) -> StrategyHandle? {
        guard isOpen else { return nil }
        switch parents[parent].source {
        case .exitScanner, .flatten: return nil
        case .file, .standardInput, .commandLine, .screener: return parents[parent].strategy
        }
    }

    /// What a parent may still be credited with beside its live child: less than its rest when a fill comes for a child
    /// that was thought to have ended, after another one was sent for the same rest.
    private func creditable(_ parent: ParentSlot) -> Quantity {
        let row = parents[parent]
        return row.child == .none ? row.remaining : row.remaining.subtracting(orders[row.child].leaves)
    }

    private mutating func credit(
        _ parent: ParentSlot,
        _ execution: Execution,
        _ counted: Quantity,
        mid: Price,
        intended: Price
    ) {
        parents[parent].filled += counted
        if parents[parent].native != .none { exits.nativeFilled(parents[parent].firing, counted) }
        if execution.liquidity == .maker { parents[parent].makerFilled += counted }
        parents[parent].filledNotional += terms[Int(execution.instrument.index)].notional(execution.price, counted)
        parents[parent].fees += Money(raw8: execution.fee)
        measureCredit(parent, counted, mid: mid, intended: intended)
        #if MUTANTS
            if Mutant.isOn(.makerFillIsNotCountedToItsParent), execution.liquidity == .maker {
                parents[parent].filled -= counted
            }
        #endif
    }

    func noticeFill(
        _ execution: Execution,
        number: SignalNumber,
        venueOrderID: VenueOrderID,
        arrival: Price,
        intended: Price,
        realized: Money,
        isLate: Bool,
        isExternal: Bool,
        into out: inout Outbox
    ) {
        out.notice(
            .filled(
                FillRecord(
                    execution: execution,
                    number: number,
                    venueOrderID: venueOrderID,
                    arrival: arrival,
                    intended: intended,
                    realized: realized.raw8,
                    isLate: isLate,
                    isExternal: isExternal
                )
            )
        )
    }

    /// A position changed: its levels follow it, and observers are told, of the trade that it closed too.
    mutating func positionMoved(_ key: PositionKey, closing trade: ClosedTrade? = nil, into out: inout Outbox) {
        if let trade { out.notice(.tradeClosed(trade)) }
        let position = ledger[key]
        exits.positionChanged(key.instrument, key.side, to: position.quantity, into: &out)
        if position.isFlat, !externals.isEmpty { externals.flattened(key) }
        noticePosition(key, into: &out)
    }

    func noticePosition(_ key: PositionKey, into out: inout Outbox) {
        guard out.isObserved else { return }
        let position = ledger[key]
        let multiplier = ledger.multiplier(key.instrument)
        let mark = marketFacts(key.instrument).valuation
        out.notice(
            .positionChanged(
                PositionRecord(
                    instrument: key.instrument,
                    positionSide: key.side,
                    quantity: position.quantity,
                    averagePrice: position.averagePrice(multiplier: multiplier),
                    mark: mark,
                    realized: position.realized.raw8,
                    unrealized: mark.raw > 0 ? position.unrealized(mark: mark, multiplier: multiplier).raw8 : nil,
                    fees: position.fees.raw8,
                    funding: position.funding.raw8
                )
            )
        )
    }
}
