import FairleadModel

/// TWAP, VWAP, POV and iceberg (SPEC 9): the schedule lets go of a parent slice by slice, and each slice goes the way
/// of every order: maker first, with its deadline in place of the maker's timeout; of an iceberg at its own limit.
///
/// Only what is reached from here reads a schedule: a parent without one pays a flag for it.
extension Engine {
    /// How often a slice that is kept waiting by something other than its spread looks again.
    static let sliceRetryAfter = TimeSpan.seconds(1)

    // MARK: A slice

    /// Goes on with a parent that has a schedule and no child: begins the slice that is due, sends its next order, or
    /// waits.
    mutating func routeSlice(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let row = Int(slot.index)
        if parents[slot].remaining.raw == 0 { return close(slot, .filled, at: now, into: &out) }
        if parents[slot].isHeld { return hold(slot) }
        if now >= parents[slot].expiresAt { return close(slot, .expired, at: now, into: &out) }
        enterSlice(slot, at: now, into: &out)
        if now >= schedules[row].deadline { return sweep(slot, at: now, into: &out) }
        guard !isKeptBack(slot, at: now, into: &out) else { return }
        guard parents[slot].legRemaining.raw > 0, !schedules[row].isSpent, schedules[row].children < UInt8.max else {
            return waitForSlice(slot, at: now)
        }
        guard !pausesForSpread(slot, at: now, into: &out) else { return }
        sendSlice(slot, at: now, into: &out)
    }

    /// Begins the slice that is due, if it has not begun.
    private mutating func enterSlice(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let row = Int(slot.index)
        guard schedules[row].kind.isTimed else { return enterUntimed(slot, at: now, into: &out) }
        let number = schedules[row].slice(at: now)
        guard !schedules[row].hasBegun || number > schedules[row].slice else { return }
        let middle = marketBook(parents[slot].instrument, at: now).mid ?? parents[slot].arrival
        let released = schedules[row].enter(number, filled: parents[slot].filled, arrival: middle)
        sliceBegan(slot, released: released, into: &out)
    }

    mutating func sliceBegan(_ slot: ParentSlot, released: Quantity, into out: inout Outbox) {
        parents[slot].released = released
        parents[slot].postOnlyRejects = 0
        parents[slot].reprices = 0
        parents[slot].fallbackReason = .none
        noticeProgress(slot, .slice, into: &out)
    }

    /// Whether something other than the schedule holds the next order back: then the parent waits, or has ended.
    private mutating func isKeptBack(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) -> Bool {
        let parent = parents[slot]
        if parent.isReducingNow {
            if holdsExits {
                close(slot, .killSwitch, at: now, into: &out)
                return true
            }
        } else {
            guard state == .active else {
                close(slot, .killSwitch, at: now, into: &out)
                return true
            }
            guard !isLocked(parent.key) else {
                close(slot, .rejected, at: now, into: &out)
                return true
            }
        }
        guard !mayLeave(parent, at: now) else { return false }
        waitForSlice(slot, orUntil: now + Self.sliceRetryAfter, at: now)
        return true
    }

    /// What passes by itself: the venue is there and listed, takes orders, and the instrument trades.
    @inline(__always)
    private func mayLeave(_ parent: Parent, at now: Timestamp) -> Bool {
        guard venue.isConnected, now >= venue.bannedUntil, !isClosed(parent.instrument, at: now) else { return false }
        return parent.isReducingNow || venue.isReconciled && now >= venue.throttledUntil
    }

    /// A spread over the limit keeps the next order back; what rests already stays. Exactly at the limit it doesn't.
    private mutating func pausesForSpread(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) -> Bool {
        let row = Int(slot.index)
        guard isSpreadWide(slot, at: now) else {
            if schedules[row].isSpreadPaused {
                schedules[row].isSpreadPaused = false
                noticeProgress(slot, .spreadResume, into: &out)
            }
            return false
        }
        if !schedules[row].isSpreadPaused {
            schedules[row].isSpreadPaused = true
            noticeProgress(slot, .spreadPause, into: &out)
        }
        waitForSlice(slot, orUntil: now + Self.deferredRetryAfter, at: now)
        return true
    }

    @inline(__always)
    private func isSpreadWide(_ slot: ParentSlot, at now: Timestamp) -> Bool {
        let limit = schedules[Int(slot.index)].pauseSpread
        guard limit.raw > 0, !parents[slot].isReducingNow else { return false }
        let book = marketBook(parents[slot].instrument, at: now)
        guard book.condition == .usable else { return false }
        let twiceMid = Int128(book.bid.raw) + Int128(book.ask.raw)
        return 2 * Int128(book.ask.raw - book.bid.raw) * Int128(FixedPoint.one) > twiceMid * Int128(limit.raw)
    }

    /// The first order of a slice, or the next one of the same kind.
    private mutating func sendSlice(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let context = routeContext(slot, at: now)
        let choice = Router.choose(context, routing)
        let isFirst = parents[slot].children == 0
        let moment: RouteMoment = isFirst ? .start : schedules[Int(slot.index)].children == 0 ? .slice : .requote
        parents[slot].routeReason = choice.reason
        switch choice.plan {
        case .maker(let price, let quantity, let offset):
            guard !isDust(slot, quantity, at: price) else { return keepDust(slot, at: now, into: &out) }
            noticeRoute(slot, moment, context, price: price, offset: offset, at: now, into: &out)
            startMaker(slot, price: price, quantity: quantity, at: now, into: &out)
        case .taker(let bound):
            guard !isDust(slot, parents[slot].legRemaining, at: bound) else {
                return keepDust(slot, at: now, into: &out)
            }
            noticeRoute(slot, moment, context, price: bound, at: now, into: &out)
            sendTaker(slot, bound: bound, at: now, into: &out)
        case .market:
            guard !isDust(slot, parents[slot].legRemaining, at: context.reference) else {
                return keepDust(slot, at: now, into: &out)
            }
            noticeRoute(slot, moment, context, price: .zero, at: now, into: &out)
            sendMarket(slot, at: now, into: &out)
        case .defer, .veto:
            // No book, or a spread that the router waits out: so does the slice, and it is told once.
            let isTold = parents[slot].stage == .waiting
            if !isTold { noticeRoute(slot, moment, context, price: .zero, at: now, into: &out) }
            waitForSlice(slot, orUntil: now + Self.deferredRetryAfter, at: now)
        case .limit(let price):
            sendTip(slot, .limit, moment, context, price: price, at: now, into: &out)
        case .postOnly(let price):
            sendTip(slot, .postOnly, moment, context, price: price, at: now, into: &out)
        }
    }

    /// What a slice has left is too small an order by itself: it is carried to the next one.
    @inline(__always)
    func isDust(_ slot: ParentSlot, _ quantity: Quantity, at price: Price) -> Bool {
        let row = Int(slot.index)
        // What volume has let go whole may be as small as the venue allows: no later slice would carry it.
        let isLast = !schedules[row].kind.isTimed && parents[slot].released == parents[slot].approved
        let own = schedules[row].minimumNotional
        let minimum = isLast ? terms[Int(parents[slot].instrument.index)].minimumNotional : own
        return isDust(slot, quantity, at: price, minimum: minimum)
    }

    /// A rest that is no order by itself waits for the next slice; where none comes any more, the parent ends.
    private mutating func keepDust(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let kind = schedules[Int(slot.index)].kind
        if !kind.isTimed, parents[slot].released == parents[slot].approved {
            return sweep(slot, at: now, into: &out)
        }
        waitForSlice(slot, at: now)
    }

    @inline(__always)
    private func isDust(_ slot: ParentSlot, _ quantity: Quantity, at price: Price, minimum: Money) -> Bool {
        let grid = terms[Int(parents[slot].instrument.index)]
        if quantity < max(grid.lot, grid.minimumQuantity) { return true }
        return price.raw > 0 && grid.notional(price, quantity) < minimum
    }

    // MARK: A child's end

    /// A child of a slice has ended and every fill of it is booked.
    mutating func sliceChildEnded(
        _ slot: ParentSlot,
        _ order: OrderSlot,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let ended = orders[order]
        switch parents[slot].stage {
        case .cancelling:
            switch parents[slot].after {
            case .end: close(slot, parents[slot].outcome, at: now, into: &out)
            case .fallBack: takeSlice(slot, parents[slot].fallbackReason, at: now, into: &out)
            case .reprice:
                parents[slot].reprices += 1
                // The cancel's outcome came after the slice's end.
                if now >= sliceDeadline(slot) { return takeSlice(slot, .makerTimeout, at: now, into: &out) }
                routeSlice(slot, at: now, into: &out)
            case .hold: routeSlice(slot, at: now, into: &out)
            }
        case .making: sliceMakerEnded(slot, ended, rejected: reason, at: now, into: &out)
        case .taking: sliceTakerEnded(slot, ended, rejected: reason, at: now, into: &out)
        case .exiting: sliceExitEnded(slot, ended, rejected: reason, at: now, into: &out)
        case .resting: tipEnded(slot, ended, rejected: reason, at: now, into: &out)
        case .deferred, .clearing, .parked, .tombstone, .ended, .waiting, .held:
            preconditionFailure("Invariant: a slice has a child only while it makes, takes, rests, exits or cancels")
        }
    }

    private mutating func sliceMakerEnded(
        _ slot: ParentSlot,
        _ ended: Order,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        if ended.wasNeverThere { return retrySlice(slot, at: now, into: &out) }
        switch ended.state {
        case .filled: routeSlice(slot, at: now, into: &out)
        case .rejected where reason == .wouldTake:
            parents[slot].postOnlyRejects += 1
            if Int(parents[slot].postOnlyRejects) >= routing.maximumPostOnlyRejects {
                takeSlice(slot, .postOnlyRejects, at: now, into: &out)
            } else {
                routeSlice(slot, at: now, into: &out)
            }
        case .rejected where reason?.passes == true: retrySlice(slot, at: now, into: &out)
        case .rejected: takeSlice(slot, .makerSubmitFailed, at: now, into: &out)
        // Somebody else has ended it: as elsewhere, that ends the parent.
        case .cancelled, .expired: close(slot, .cancelled, at: now, into: &out)
        case .created, .submitted, .pendingUnknown, .accepted, .working, .partiallyFilled, .pendingCancel,
            .pendingReplace:
            preconditionFailure("Invariant: an ended child is in a terminal state")
        }
    }

    private mutating func sliceTakerEnded(
        _ slot: ParentSlot,
        _ ended: Order,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        // What even the last one left is nobody's any more.
        if schedules[Int(slot.index)].isSwept {
            return close(slot, ended.state == .rejected ? .rejected : .expired, at: now, into: &out)
        }
        if ended.wasNeverThere || reason?.passes == true { return retrySlice(slot, at: now, into: &out) }
        if ended.state == .rejected { return close(slot, .rejected, at: now, into: &out) }
        // A piece of a slice that was larger than one order may be; else what it left is carried.
        if ended.state != .filled { schedules[Int(slot.index)].isSpent = true }
        routeSlice(slot, at: now, into: &out)
    }

    private mutating func sliceExitEnded(
        _ slot: ParentSlot,
        _ ended: Order,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        // The venue says that there is nothing (more) to reduce: it is right, and our view is behind.
        if reason == .reduceOnlyRejected {
            requestReconciliation(at: now, into: &out)
            return close(slot, .rejected, at: now, into: &out)
        }
        if ended.wasNeverThere || reason?.passes == true { return retrySlice(slot, at: now, into: &out) }
        if ended.state != .filled { schedules[Int(slot.index)].isSpent = true }
        routeSlice(slot, at: now, into: &out)
    }

    /// Nothing of an order was ever at the venue, or it takes none for the moment: the slice tries again soon.
    mutating func retrySlice(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        if now >= parents[slot].expiresAt { return close(slot, .expired, at: now, into: &out) }
        if parents[slot].isHeld { return hold(slot) }
        waitForSlice(slot, orUntil: now + Self.sliceRetryAfter, at: now)
    }

    /// The maker of a slice has given way: what the slice has left is taken, unless the spread pauses it.
    private mutating func takeSlice(
        _ slot: ParentSlot,
        _ reason: FallbackReason,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let row = Int(slot.index)
        parents[slot].fallbackReason = reason
        if reason != .none { stats.parents[row].isFallenBack = true }
        if parents[slot].isHeld { return hold(slot) }
        if now >= parents[slot].expiresAt { return close(slot, .expired, at: now, into: &out) }
        if now >= schedules[row].deadline { return sweep(slot, at: now, into: &out) }
        guard !isKeptBack(slot, at: now, into: &out) else { return }
        guard parents[slot].legRemaining.raw > 0, schedules[row].children < UInt8.max else {
            return routeSlice(slot, at: now, into: &out)
        }
        guard !pausesForSpread(slot, at: now, into: &out) else { return }
        let context = routeContext(slot, at: now)
        guard case .taker(let bound) = Router.taker(context, routing),
            !isDust(slot, parents[slot].legRemaining, at: bound)
        else {
            schedules[row].isSpent = true
            return routeSlice(slot, at: now, into: &out)
        }
        noticeRoute(slot, .fallback, context, price: bound, at: now, into: &out)
        sendTaker(slot, bound: bound, at: now, into: &out)
    }

    /// The schedule is over: what the last slice may still fill goes out once more, within its bound, and the parent
    /// ends. Not where a late answer has made it too late for that. What is left of an exit goes on as any other exit:
    /// a position must be left.
    private mutating func sweep(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let row = Int(slot.index)
        guard schedules[row].kind.isTimed else { return endUntimed(slot, at: now, into: &out) }
        enterSlice(slot, at: now, into: &out)
        if parents[slot].isReducingNow { return leaveSchedule(slot, at: now, into: &out) }
        let isLate = now >= schedules[row].deadline + routing.answerTimeout
        let isClosed = state != .active || isLocked(parents[slot].key)
        guard !isClosed else {
            return close(slot, state == .active ? .rejected : .killSwitch, at: now, into: &out)
        }
        guard !schedules[row].isSwept, !isLate, mayLeave(parents[slot], at: now) else {
            return close(slot, .expired, at: now, into: &out)
        }
        let context = routeContext(slot, at: now)
        let minimum = terms[Int(parents[slot].instrument.index)].minimumNotional
        guard case .taker(let bound) = Router.taker(context, routing),
            !isDust(slot, parents[slot].legRemaining, at: bound, minimum: minimum)
        else { return close(slot, .expired, at: now, into: &out) }
        schedules[row].isSwept = true
        noticeProgress(slot, .sweep, into: &out)
        noticeRoute(slot, .fallback, context, price: bound, at: now, into: &out)
        sendTaker(slot, bound: bound, at: now, into: &out)
    }

    mutating func leaveSchedule(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        noticeProgress(slot, .sweep, into: &out)
        forgetParticipant(slot)
        parents[slot].isScheduled = false
        parents[slot].released = parents[slot].approved
        parents[slot].reprices = 0
        // Its orders are counted on from where no slice has been.
        let schedule = schedules[Int(slot.index)]
        parents[slot].children = max(parents[slot].children, schedule.slices, schedule.slice &+ 1)
        route(slot, at: now, into: &out)
    }

    // MARK: Waiting

    /// Waits for the next slice, or for an earlier moment; never beyond the signal's life.
    mutating func waitForSlice(_ slot: ParentSlot, orUntil other: Timestamp = .distantFuture, at now: Timestamp) {
        parents[slot].stage = .waiting
        let row = Int(slot.index)
        var next = schedules[row].sliceEnd
        // Past its timeout a slice of a POV waits for volume.
        if !schedules[row].kind.isTimed, next <= now { next = schedules[row].deadline }
        deadlines.set(parentOwner(slot), at: min(next, other, parents[slot].expiresAt))
    }

    /// When the maker of a slice gives way.
    @inline(__always)
    func sliceDeadline(_ slot: ParentSlot) -> Timestamp { schedules[Int(slot.index)].sliceEnd }

    /// What observers are told of a parent between its orders.
    mutating func noticeProgress(_ slot: ParentSlot, _ event: ProgressEvent, into out: inout Outbox) {
        guard out.isObserved else { return }
        let parent = parents[slot]
        let schedule = schedules[Int(slot.index)]
        var record = ProgressRecord(
            event,
            number: parent.number,
            intent: parent.intent,
            instrument: parent.instrument,
            side: parent.side,
            approved: parent.approved,
            filled: parent.filled,
            due: parent.released,
            limitPrice: parent.limitPrice
        )
        if parent.isScheduled {
            record.slice = schedule.hasBegun ? schedule.slice + 1 : 0
            record.slices = schedule.slices
            record.carried = schedule.carried
            if schedule.sliceEnd != .distantFuture { record.until = schedule.sliceEnd }
            if schedule.deadline != .distantFuture { record.deadline = schedule.deadline }
            record.algorithm = schedule.kind.style
        }
        out.notice(.progressed(record))
    }
}

extension Order {
    /// Nothing of it was written, or it was proven never to have lived.
    var wasNeverThere: Bool { endReason == .neverSent || endReason == .presumedDead }
}

extension RejectReason {
    /// The venue's state or the market's, not the order's own fault: the same order may be taken a little later.
    var passes: Bool {
        switch self {
        case .throttled, .banned, .marketHalted, .requestExpired, .noLiquidity, .priceOutOfRange: true
        case .unspecified, .wouldTake, .reduceOnlyRejected, .belowMinimumNotional, .offTick, .offLot,
            .quantityOutOfRange, .insufficientMargin, .unknownInstrument, .duplicateOrderID, .orderNotFound,
            .orderAlreadyEnded, .positionSideMismatch, .malformed, .wouldTrigger, .alreadyTriggered:
            false
        }
    }
}
