import FairleadModel

/// Protective levels at the venue (`exits.native`): placed as reduce-only orders that wait for their price, one group a
/// position, the stops before the take-profits; kept in step with their levels, and cancelled with them.
///
/// A level stays watched. One that the price reaches has `exits.native_grace_ms` to be triggered by the venue; then its
/// order is cancelled, the outcome awaited, and the scanned exit sent.
extension Engine {
    /// Between two amendments of one order.
    static let nativeMovePause = TimeSpan.seconds(1)
    /// The share of an order, one over this, that a larger one has to add where limits allow no order for all.
    static let nativeSlack: Int64 = 8

    /// Brings the orders at the venue in step with their levels, instrument by instrument.
    @inline(never)
    mutating func settleNatives(at now: Timestamp, into out: inout Outbox) {
        // What one pass changes is looked at again, a few times; what is left waits for the next event.
        var passes = terms.count * 4
        while passes > 0, let instrument = exits.popChanged() {
            passes -= 1
            cancelUnwanted(instrument, at: now, into: &out)
            for row in 0..<PositionSide.rows {
                settle(PositionKey(instrument, PositionSide(row: row)), at: now, into: &out)
            }
        }
    }

    private mutating func cancelUnwanted(_ instrument: InstrumentHandle, at now: Timestamp, into out: inout Outbox) {
        #if MUTANTS
            if Mutant.isOn(.nativeOrdersOutliveTheirLevel) { return }
        #endif
        var slot = parents.firstOpen(instrument)
        while slot != .none {
            let parent = parents[slot]
            if parent.native != .none, parent.child != .none, !exits.wants(slot, parent.firing) {
                requestEnd(slot, .cancelled, at: now, into: &out)
            }
            slot = parent.next
        }
    }

    /// The levels of a position: its stops first, the take-profits only once those stand.
    private mutating func settle(_ key: PositionKey, at now: Timestamp, into out: inout Outbox) {
        settle(key, .stopLoss, at: now, into: &out)
        settle(key, .takeProfit, at: now, into: &out)
    }

    private mutating func settle(_ key: PositionKey, _ kind: LevelKind, at now: Timestamp, into out: inout Outbox) {
        var next = exits.heads[key.row]
        while next != ExitRegistry.absent {
            let row = Int(next)
            next = exits.rows[row].nextInPosition
            if exits.rows[row].kind == kind { settle(row, at: now, into: &out) }
        }
    }

    private mutating func settle(_ row: Int, at now: Timestamp, into out: inout Outbox) {
        let native = exits.natives[row]
        switch exits.rows[row].state {
        case .armed: break
        case .crossed:
            // Of an order of which nothing is known nobody may wait that it triggers.
            if native.isLeaving || isKnown(native.parent) || isKnown(native.replacement) { return }
            return exits.fireNext(row, at: now)
        case .free, .waiting, .fired, .paused, .spent: return
        }
        if native.replacement != .none {
            if stands(native.replacement) { exits.replaceNative(row) }
            return
        }
        let open = exits.open(row)
        let quantity = min(open, largestNative(row))
        guard mayStand(row, quantity) else { return exits.dropNatives(row) }
        guard native.parent != .none else {
            // The take-profits come once the stops stand; those that stand stay.
            let level = exits.rows[row]
            guard level.kind == .stopLoss || stopsStand(PositionKey(level.instrument, level.positionSide)) else {
                return
            }
            return placeNative(row, quantity, at: now, into: &out)
        }
        guard stands(native.parent) else { return }
        let order = orders[parents[native.parent].child]
        guard order.state == .working, order.isWaiting else { return }
        if outgrows(quantity, order.quantity, of: open) {
            #if MUTANTS
                if Mutant.isOn(.nativeStopStaysSmallWhenThePositionGrows) { return }
            #endif
            placeNative(row, quantity, at: now, into: &out)
        } else if open < order.quantity || order.condition.trigger != exits.rows[row].price {
            amendNative(row, parents[native.parent].child, min(open, order.quantity), at: now, into: &out)
        }
    }

    /// True where an order of `quantity` is to take the place of the one that stands; not for the few lots more that a
    /// price on the move lets a limit allow.
    private func outgrows(_ quantity: Quantity, _ standing: Quantity, of open: Quantity) -> Bool {
        guard quantity < open else { return quantity > standing }
        return quantity.raw - standing.raw > standing.raw / Self.nativeSlack
    }

    /// The most that one order of a level may be, at the level's own price. What is open beyond it is closed by
    /// scanned exits once the order has filled; an order that stands is not made smaller for it.
    private func largestNative(_ row: Int) -> Quantity {
        let level = exits.rows[row]
        return RiskGateway.maximumChild(terms[Int(level.instrument.index)], limits, at: level.price)
    }

    /// The venue has it, and it waits there.
    private func stands(_ slot: ParentSlot) -> Bool {
        guard isKnown(slot) else { return false }
        switch orders[parents[slot].child].state {
        case .accepted, .working, .pendingReplace: return orders[parents[slot].child].isWaiting
        case .created, .submitted, .pendingUnknown, .partiallyFilled, .pendingCancel, .filled, .cancelled, .rejected,
            .expired:
            return false
        }
    }

    private func isKnown(_ slot: ParentSlot) -> Bool {
        guard slot != .none, parents[slot].isOpen, parents[slot].child != .none else { return false }
        return orders[parents[slot].child].state != .pendingUnknown
    }

    /// A level that can be an order at its venue.
    private func mayStand(_ row: Int, _ quantity: Quantity) -> Bool {
        let level = exits.rows[row]
        guard exits.placesNatives, level.price.raw > 0, quantity.raw > 0, !exits.natives[row].isRefused else {
            return false
        }
        let grid = terms[Int(level.instrument.index)]
        guard quantity >= grid.minimumQuantity, quantity <= grid.maximumQuantity, grid.isOnLot(quantity) else {
            return false
        }
        return grid.reduceOnlyExemptFromMinimum || grid.notional(level.price, quantity) >= grid.minimumNotional
    }

    /// Every stop of a position that has a price waits at the venue.
    private func stopsStand(_ key: PositionKey) -> Bool {
        var next = exits.heads[key.row]
        while next != ExitRegistry.absent {
            let row = Int(next)
            let level = exits.rows[row]
            next = level.nextInPosition
            guard level.kind == .stopLoss, level.isLive, level.price.raw > 0 else { continue }
            guard level.state == .armed, stands(exits.natives[row].parent) else { return false }
        }
        return true
    }

    // MARK: Placing and moving

    /// True where an order that only reduces may leave now.
    private func mayPlace(_ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        guard venue.isConnected, venue.isReconciled, !holdsExits, !isClosed(instrument, at: now) else { return false }
        guard now >= max(venue.throttledUntil, venue.bannedUntil) else { return false }
        // Exits keep what entries leave them.
        return parents.roomLeft > parents.capacity / 8 && orders.roomLeft > orders.capacity / 8
    }

    /// Places a level at the venue; beside its present order where that is too small.
    private mutating func placeNative(_ row: Int, _ quantity: Quantity, at now: Timestamp, into out: inout Outbox) {
        let level = exits.rows[row]
        guard now >= exits.natives[row].retryAt else { return exits.graces.set(row, at: exits.natives[row].retryAt) }
        guard mayPlace(level.instrument, at: now) else {
            return exits.graces.set(row, at: now + ExitRegistry.nativeRetryAfter)
        }
        exits.graces.clear(row)
        var signal = internalSignal(
            level.instrument,
            side: level.exitSide,
            size: .quantity(quantity),
            source: .exitScanner
        )
        signal.positionSide = level.positionSide
        signal.intent = .exit
        let isBeside = exits.natives[row].parent != .none
        let slot = consider(
            signal,
            firing: exits.nextFiring(row),
            isStopLoss: level.kind == .stopLoss,
            trigger: level.price,
            at: now,
            into: &out
        )
        // Risk may let less pass: then it is watched.
        guard let slot, parents[slot].approved == quantity, parents[slot].maximumChild >= quantity else {
            exits.natives[row].isRefused = !isBeside
            if isBeside { exits.retryNative(row, at: now) }
            if let slot { close(slot, .rejected, at: now, into: &out) }
            return
        }
        sendNative(slot, condition(of: row), limit: nativeLimit(row), at: now, into: &out)
        guard parents[slot].isOpen else { return exits.retryNative(row, at: now) }
        if isBeside { exits.natives[row].replacement = slot } else { exits.natives[row].parent = slot }
    }

    private func condition(of row: Int) -> OrderCondition {
        let level = exits.rows[row]
        return OrderCondition(
            level.kind == .stopLoss ? .stop : .takeProfit,
            trigger: level.price,
            reference: exits.source == .last ? .last : .mark,
            group: UInt16(PositionKey(level.instrument, level.positionSide).row + 1)
        )
    }

    /// What the order of a stop-limit may cost once it is triggered; zero for a market order.
    private func nativeLimit(_ row: Int) -> Price {
        let level = exits.rows[row]
        guard level.hasPlan else { return .zero }
        return exits.plans[row].limit(from: level.price, isLong: level.isLong, terms[Int(level.instrument.index)])
    }

    /// Brings quantity and trigger of a waiting order in step with its level: smaller, tighter, never the other way.
    private mutating func amendNative(
        _ row: Int,
        _ slot: OrderSlot,
        _ quantity: Quantity,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let due = exits.natives[row].movedAt + Self.nativeMovePause
        guard exits.natives[row].movedAt == .never || now >= due else { return exits.graces.set(row, at: due) }
        let instrument = orders[slot].instrument
        guard venue.isConnected, !holdsExits, !isClosed(instrument, at: now), now >= venue.bannedUntil else {
            return exits.graces.set(row, at: now + ExitRegistry.nativeRetryAfter)
        }
        guard step(slot, .replaceRequested, at: now, into: &out) else { return }
        exits.natives[row].movedAt = now
        exits.graces.clear(row)
        orders[slot].requestedPrice = exits.rows[row].price
        orders[slot].requestedQuantity = quantity
        orders[slot].requestedLimit = nativeLimit(row)
        let order = orders[slot]
        out.command(
            .replace(
                OrderAmendment(
                    id: order.id,
                    venueOrderID: order.venueOrderID,
                    instrument: order.instrument,
                    side: order.side,
                    price: order.requestedLimit,
                    quantity: quantity,
                    approved: parents[order.parent].approved,
                    collar: .zero,
                    validUntil: venue.time(at: now) + routing.requestLifetime,
                    isIncreasing: false,
                    trigger: order.requestedPrice
                )
            )
        )
    }

    // MARK: What the venue tells

    /// The venue has triggered an order, as its report or its first fill tells: it is an exit at work.
    mutating func nativeTriggered(_ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        orders[slot].isWaiting = false
        listOwn(slot)
        let order = orders[slot]
        let parent = order.parent
        guard parent != .none, parents[parent].isOpen, parents[parent].child == slot,
            parents[parent].native == .waiting
        else { return }
        let held = parents[parent].reservedClosing
        exposure.unprotect(order.instrument, order.positionSide, side: order.side, quantity: held)
        exposure.reserve(order.instrument, order.positionSide, side: order.side, quantity: held, isClosing: true)
        parents[parent].native = .triggered
        // What it costs is measured from here on: until now it was no intent to trade.
        parents[parent].acceptedAt = now
        parents[parent].sentAt = now
        parents[parent].arrival = marketBook(order.instrument, at: now).mid ?? parents[parent].arrival
        stats.opened(parent, decision: parents[parent].arrival, .received)
        let firing = parents[parent].firing
        guard exits.nativeTriggered(parent, firing, quantity: order.leaves, into: &out) else { return }
        lastExitTrigger = now
        let key = PositionKey(order.instrument, order.positionSide)
        let isStop = parents[parent].isStopLoss
        let number = exits.number(of: firing)
        endEntries(of: key, closedBy: number, order.side, isStop: isStop, at: now, into: &out)
        if isStop {
            // The whole position is in the triggered stop: what goes on closing parts of it would close them twice
            // (seed 335). So would a flip that still closes: it ends, with what it was to open (seed 1817).
            endExits(of: key, order.side, besides: parent, includingTakers: true, at: now, into: &out)
        }
        guard order.type == .limit, parents[parent].stage == .resting else { return }
        parents[parent].expiresAt = now + Self.stopLimitLife
        deadlines.set(parentOwner(parent), at: parents[parent].expiresAt)
    }

    /// An order of a level has ended, and every fill of it is booked.
    mutating func nativeChildEnded(
        _ slot: ParentSlot,
        _ order: OrderSlot,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let parent = parents[slot]
        let isAsked = parent.stage == .cancelling
        let end: NativeEnd
        if parent.native == .triggered {
            end = orders[order].state == .filled ? .filled : .done
        } else if let reason {
            end = reason == .wouldTrigger ? .atOnce : reason.passes ? .later : .refused
        } else if isAsked {
            end = .refused
        } else {
            end = .later
        }
        close(slot, isAsked ? parent.outcome : endOutcome(orders[order]), at: now, into: &out)
        exits.nativeEnded(slot, parent.firing, end, at: now, into: &out)
    }

    /// An amendment was refused: what would be triggered at once is closed now.
    mutating func nativeMoveRefused(
        _ slot: OrderSlot,
        _ reason: RejectReason,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        // The news of it is on its way, or was lost.
        if reason == .alreadyTriggered { return nativeTriggered(slot, at: now, into: &out) }
        let parent = parents[orders[slot].parent]
        guard parent.isOpen, parent.child == slot, exits.wants(orders[slot].parent, parent.firing) else { return }
        let row = Int(parent.firing.row)
        exits.touch(orders[slot].instrument)
        if reason == .wouldTrigger, exits.rows[row].state == .armed { exits.cross(row, at: now, for: .zero) }
    }

    /// The venue's word on an order that waits there: trigger and quantity are what it says. Old news, which shows it
    /// as it was before it was triggered or became smaller, changes nothing.
    mutating func adoptWaiting(_ report: OrderReport, _ slot: OrderSlot, at now: Timestamp) {
        let order = orders[slot]
        guard order.isWaiting, report.quantity <= order.quantity else { return }
        if order.isAnswerLost { answered(slot, at: now) }
        exits.touch(order.instrument)
        orders[slot].condition.trigger = report.price
        guard report.quantity < order.quantity else { return }
        orders[slot].quantity = report.quantity
        shrinkParent(slot, by: order.quantity - report.quantity)
    }

    // MARK: Time

    /// A level's grace is over, or a pause before its order is tried again.
    mutating func graceOver(_ row: Int, at now: Timestamp, into out: inout Outbox) {
        exits.touch(exits.rows[row].instrument)
        guard exits.rows[row].state == .crossed else { return }
        let native = exits.natives[row]
        // An outcome that may never come holds no exit: the order only reduces, and its cancel has left before it.
        if native.isLeaving || native.isNone { return exits.fireNext(row, at: now) }
        exits.natives[row].isLeaving = true
        exits.graces.set(row, at: now + Self.clearingLimit)
    }

    /// Slow: see `checkInvariants`.
    func checkNatives() {
        var count = 0
        for index in terms.indices {
            var slot = parents.firstOpen(InstrumentHandle(index))
            while slot != .none {
                if parents[slot].native != .none { count += 1 }
                slot = parents[slot].next
            }
        }
        precondition(count == exits.nativeCount, "Invariant: the parents of orders at the venue are counted")
        for row in exits.natives.indices {
            for slot in [exits.natives[row].parent, exits.natives[row].replacement] where slot != .none {
                precondition(parents[slot].isOpen, "Invariant: a level's order at the venue has an open parent")
                precondition(
                    parents[slot].native != .none && parents[slot].firing.row == UInt32(row),
                    "Invariant: a level's order at the venue is of that level"
                )
            }
        }
    }
}
