import FairleadModel

/// How a parent's orders go out: maker first, with a taker fallback that awaits the maker's end.
extension Engine {
    /// Sends the next order of a parent without a child, or ends it.
    mutating func route(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        if parents[slot].isScheduled { return routeSlice(slot, at: now, into: &out) }
        if parents[slot].remaining.raw == 0 { return close(slot, .filled, at: now, into: &out) }
        if let outcome = obstacle(slot, at: now) { return close(slot, outcome, at: now, into: &out) }
        if parents[slot].stage != .parked, isClosed(parents[slot].instrument, at: now) { return park(slot, at: now) }
        // Nobody would send it again. A flip is an entry too, and that is not to be an old one.
        if parents[slot].isReducing, !venue.isConnected { return park(slot, at: now) }
        let context = routeContext(slot, at: now)
        let choice = Router.choose(context, routing)
        // A pause let a maker leg smaller than the parent fill meanwhile: it is done, and the rest takes.
        if choice.isMaker, parents[slot].isMakerPartDone { return fallBack(slot, .none, at: now, into: &out) }
        guard maySteer(slot) else { return follow(choice, slot, context, at: now, into: &out) }
        var (steered, steeredChoice) = (context, choice)
        steer(slot, &steered, &steeredChoice, at: now, into: &out)
        follow(steeredChoice, slot, steered, at: now, into: &out)
    }

    /// Does what was chosen for a parent's next order.
    private mutating func follow(
        _ choice: RouteChoice,
        _ slot: ParentSlot,
        _ context: RouteContext,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        parents[slot].routeReason = choice.reason
        let moment: RouteMoment = parents[slot].children == 0 ? .start : .requote
        switch choice.plan {
        case .maker(let price, let quantity, let offset):
            parents[slot].routedAs = .maker
            noticeRoute(slot, moment, context, price: price, offset: offset, at: now, into: &out)
            startMaker(slot, price: price, quantity: quantity, at: now, into: &out)
        case .taker(let bound):
            parents[slot].routedAs = .taker
            noticeRoute(slot, moment, context, price: bound, at: now, into: &out)
            sendTaker(slot, bound: bound, at: now, into: &out)
        case .market:
            parents[slot].routedAs = .market
            noticeRoute(slot, moment, context, price: .zero, at: now, into: &out)
            sendMarket(slot, at: now, into: &out)
        case .limit(let price):
            parents[slot].routedAs = .limit
            noticeRoute(slot, moment, context, price: price, at: now, into: &out)
            rest(slot, .limit, price: price, at: now, into: &out)
        case .postOnly(let price):
            parents[slot].routedAs = .maker
            noticeRoute(slot, moment, context, price: price, at: now, into: &out)
            rest(slot, .postOnly, price: price, at: now, into: &out)
        case .defer:
            if parents[slot].stage != .deferred {
                noticeRoute(slot, moment, context, price: .zero, at: now, into: &out)
            }
            parents[slot].stage = .deferred
            deadlines.set(parentOwner(slot), at: min(parents[slot].expiresAt, now + Self.deferredRetryAfter))
        case .veto(let reason):
            parents[slot].routeReason = reason
            noticeRoute(slot, moment, context, price: .zero, at: now, into: &out)
            close(slot, .rejected, at: now, into: &out)
        }
    }

    /// Why no further order of a parent may leave; nil when one may. Asked again before each leg.
    @inline(__always)
    private func obstacle(_ slot: ParentSlot, at now: Timestamp) -> ParentOutcome? {
        #if MUTANTS
            if Mutant.isOn(.expiredSignalIsSentAfterWaiting), now >= parents[slot].expiresAt { return nil }
        #endif
        if now >= parents[slot].expiresAt { return .expired }
        if parents[slot].isReducingNow {
            return holdsExits ? .killSwitch : nil
        }
        // A position must be left whenever that is; nothing is entered in one piece behind a schedule.
        if parents[slot].hasLeftSchedule { return .expired }
        switch state {
        case .active: break
        case .reducing, .halted, .killed: return .killSwitch
        }
        let key = parents[slot].key
        if !venue.isReconciled || isLocked(key) || isClosed(key.instrument, at: now) { return .rejected }
        return nil
    }

    mutating func startMaker(
        _ slot: ParentSlot,
        price: Price,
        quantity: Quantity,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        parents[slot].beginMaking(at: now)
        let parent = parents[slot]
        let wanted = min(quantity, min(parent.legRemaining, parent.maximumChild))
        let child = send(
            slot,
            .maker,
            .postOnly,
            .gtc,
            price: price,
            quantity: wanted,
            intended: price,
            at: now,
            into: &out
        )
        guard child != nil else { return }
        stats.parents[Int(slot.index)].isMaker = true
        armMaker(slot, at: now)
    }

    /// A maker leg is quoted again: after a post-only reject, or to follow the touch. The gates are asked again.
    mutating func quoteAgain(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        if let outcome = obstacle(slot, at: now) { return close(slot, outcome, at: now, into: &out) }
        if now >= parent.makerSince + makerTimeout(slot) {
            return fallBack(slot, .makerTimeout, at: now, into: &out)
        }
        if parent.isMakerPartDone {
            return fallBack(slot, .none, at: now, into: &out)
        }
        // The market may have run away while the last quote had no outcome.
        if let middle = market.price(parent.instrument, .mid),
            slipTrigger(parent, from: parent.arrival).isReached(at: middle)
        {
            return fallBack(slot, .slippage, at: now, into: &out)
        }
        let context = routeContext(slot, at: now)
        let choice = Router.choose(context, routing)
        guard case .maker(let price, let quantity, let offset) = choice.plan else {
            parents[slot].routeReason = choice.reason
            return fallBack(slot, .makerSubmitFailed, at: now, into: &out)
        }
        noticeRoute(slot, .requote, context, price: price, offset: offset, at: now, into: &out)
        startMaker(slot, price: price, quantity: quantity, at: now, into: &out)
    }

    /// Deadline and price triggers of a resting maker: timeout, slippage from arrival, and the touch moving away.
    private mutating func armMaker(_ slot: ParentSlot, at now: Timestamp) {
        let parent = parents[slot]
        let until = parent.isScheduled ? sliceDeadline(slot) : parent.makerSince + makerTimeout(slot)
        deadlines.set(parentOwner(slot), at: min(until, parent.expiresAt))
        let arrival = parent.isScheduled ? schedules[Int(slot.index)].arrival : parent.arrival
        triggers.set(slipOwner(slot), slipTrigger(parent, from: arrival))
        watchTouch(slot, at: now)
    }

    /// How long a maker leg may rest: as configured, unless adaptive routing has chosen less.
    @inline(__always)
    private func makerTimeout(_ slot: ParentSlot) -> TimeSpan { adaptive.timeout(slot, routing.makerTimeout) }

    /// Waits for the touch to move a tick away from where it stands now. A quote that stands away from the touch on
    /// purpose is measured by the touch, not by itself; one at a price of the signal's own follows nothing.
    private mutating func watchTouch(_ slot: ParentSlot, at now: Timestamp) {
        let parent = parents[slot]
        guard routing.makerReprice == .follow, Int(parent.reprices) < routing.maximumReprices else { return }
        guard parent.makerPrice.raw == 0 else { return }
        let tick = terms[Int(parent.instrument.index)].tick
        let touch = marketBook(parent.instrument, at: now).near(parent.side)
        let quote = orders[parent.child].price
        let from = parent.side == .buy ? max(touch, quote) : touch.raw > 0 ? min(touch, quote) : quote
        triggers.set(
            repriceOwner(slot),
            PriceTrigger(
                instrument: parent.instrument,
                source: parent.side == .buy ? .bid : .ask,
                direction: parent.side == .buy ? .atOrAbove : .atOrBelow,
                price: parent.side == .buy ? from + tick : from - tick
            )
        )
    }

    /// The touch has moved away from a maker leg: it is quoted again where that comes to another price. Each cancel
    /// costs the place in the queue.
    mutating func followTouch(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        guard parents[slot].stage == .making, parents[slot].child != .none else { return }
        let choice = Router.choose(routeContext(slot, at: now), routing)
        if case .maker(let price, _, _) = choice.plan, price == orders[parents[slot].child].price {
            return watchTouch(slot, at: now)
        }
        cancelChild(slot, then: .reprice, at: now, into: &out)
    }

    /// The middle at which a maker leg has slipped too far from arrival (a slice's, from its beginning). Exactly at the
    /// bound it hasn't.
    @inline(__always)
    private func slipTrigger(_ parent: Parent, from arrival: Price) -> PriceTrigger {
        let slip = Rate(raw: routing.maximumMakerSlip.raw * parent.side.sign)
        let bound = arrival.adjusted(by: slip)
        return PriceTrigger(
            instrument: parent.instrument,
            source: .mid,
            direction: parent.side == .buy ? .atOrAbove : .atOrBelow,
            price: Price(raw: parent.side == .buy ? bound.raw + 1 : bound.raw - 1)
        )
    }

    mutating func disarm(_ slot: ParentSlot) {
        triggers.clear(slipOwner(slot))
        triggers.clear(repriceOwner(slot))
        deadlines.clear(parentOwner(slot))
    }

    /// The maker gives way: its cancel is awaited first, so that a fill that races it reduces what is taken.
    mutating func abandonMaker(
        _ slot: ParentSlot,
        _ reason: FallbackReason,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard parents[slot].stage == .making else { return }
        parents[slot].fallbackReason = reason
        cancelChild(slot, then: .fallBack, at: now, into: &out)
        #if MUTANTS
            if Mutant.isOn(.takerIsSentBeforeTheMakerIsGone), parents[slot].child != .none {
                parents[slot].child = .none
                fallBack(slot, reason, at: now, into: &out)
            }
        #endif
    }

    /// Takes what the maker leg left. Expiry, state and collar are checked again.
    mutating func fallBack(_ slot: ParentSlot, _ reason: FallbackReason, at now: Timestamp, into out: inout Outbox) {
        parents[slot].fallbackReason = reason
        parents[slot].routedAs = .makerThenTaker
        if reason != .none { stats.parents[Int(slot.index)].isFallenBack = true }
        adaptive.gaveWay(slot, middle: marketBook(parents[slot].instrument, at: now).mid)
        if let outcome = obstacle(slot, at: now) { return close(slot, outcome, at: now, into: &out) }
        let context = routeContext(slot, at: now)
        let plan = Router.taker(context, routing)
        switch plan {
        case .taker(let bound):
            noticeRoute(slot, .fallback, context, price: bound, at: now, into: &out)
            sendTaker(slot, bound: bound, at: now, into: &out)
        case .maker, .market, .limit, .postOnly, .defer, .veto:
            noticeRoute(slot, .fallback, context, price: .zero, at: now, into: &out)
            close(slot, .rejected, at: now, into: &out)
        }
    }

    mutating func sendTaker(_ slot: ParentSlot, bound: Price, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        parents[slot].stage = parent.isReducingNow ? .exiting : .taking
        let isFillOrKill = parent.timeInForce == .fok && parent.filled.raw == 0
        let quantity = nextPiece(parent)
        let far = marketBook(parent.instrument, at: now).far(parent.side)
        send(
            slot,
            parent.isReducingNow ? .exit : .taker,
            .marketableLimit,
            isFillOrKill ? .fok : .ioc,
            price: bound,
            quantity: quantity,
            intended: far.raw > 0 ? far : bound,
            at: now,
            into: &out
        )
    }

    /// The last resort of an exit: no price bound, and the event says so.
    mutating func sendMarket(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        precondition(parent.isReducingNow, "Invariant: no entry leaves without a price bound")
        parents[slot].stage = .exiting
        let far = marketBook(parent.instrument, at: now).far(parent.side)
        let order = send(
            slot,
            .exit,
            .market,
            .ioc,
            price: .zero,
            quantity: nextPiece(parent),
            intended: far,
            at: now,
            into: &out
        )
        guard let order else { return }
        out.notice(.alarm(Alarm(.exitUnbounded, instrument: parent.instrument, order: orders[order].id)))
    }

    /// The quantity of the next order of a leg. Of a split exit no piece is left over that the venue takes no order
    /// for.
    private func nextPiece(_ parent: Parent) -> Quantity {
        let piece = min(parent.legRemaining, parent.maximumChild)
        let left = parent.legRemaining.subtracting(piece)
        if left.raw == 0 { return piece }
        let smallest = smallestOrder(parent)
        guard left < smallest, parent.legRemaining.subtracting(smallest) >= smallest else { return piece }
        return parent.legRemaining.subtracting(smallest)
    }

    /// The smallest order that the venue takes of an exit, by its limit or what the position is valued at.
    private func smallestOrder(_ parent: Parent) -> Quantity {
        let grid = terms[Int(parent.instrument.index)]
        let minimum = grid.reduceOnlyExemptFromMinimum ? Money.zero : grid.minimumNotional
        let price = parent.limitPrice.raw > 0 ? parent.limitPrice : marketFacts(parent.instrument).valuation
        return TwapPlan.smallest(grid, minimum, at: price)
    }

    /// The worst price that a parent's next order may have; zero where it has no bound, and of an entry where none is
    /// known.
    mutating func reach(of slot: ParentSlot, at now: Timestamp) -> Price {
        if parents[slot].orderType == .limit || parents[slot].orderType == .postOnly { return parents[slot].limitPrice }
        guard case .taker(let bound) = Router.taker(routeContext(slot, at: now), routing) else { return .zero }
        return bound
    }

    /// The next piece of an exit.
    mutating func sendExit(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        if let outcome = obstacle(slot, at: now) { return close(slot, outcome, at: now, into: &out) }
        let canLeave = venue.isConnected || !parents[slot].isReducing
        guard canLeave, !isClosed(parents[slot].instrument, at: now) else { return park(slot, at: now) }
        if parents[slot].legRemaining < smallestOrder(parents[slot]) {
            // A partial fill has left what the venue takes no order for: it stays, marked. A level tells it itself.
            if parents[slot].firing.isNone {
                out.notice(.alarm(Alarm(.residual, instrument: parents[slot].instrument)))
            }
            return close(slot, .expired, at: now, into: &out)
        }
        // What of our own came to rest in its way meanwhile is cancelled before it; it has waited long enough.
        cancelOwn(against: slot, at: now, into: &out)
        let context = routeContext(slot, at: now)
        switch Router.taker(context, routing) {
        case .taker(let bound):
            noticeRoute(slot, .requote, context, price: bound, at: now, into: &out)
            sendTaker(slot, bound: bound, at: now, into: &out)
        case .market:
            noticeRoute(slot, .requote, context, price: .zero, at: now, into: &out)
            sendMarket(slot, at: now, into: &out)
        case .maker, .limit, .postOnly, .defer, .veto:
            preconditionFailure("Invariant: an exit takes, at a bound or at the market")
        }
    }

    /// The signal's own limit order, for its time in force.
    mutating func rest(
        _ slot: ParentSlot,
        _ type: OrderType,
        price: Price,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        parents[slot].stage = .resting
        let parent = parents[slot]
        let child = send(
            slot,
            .direct,
            type,
            parent.timeInForce,
            price: price,
            quantity: nextPiece(parent),
            intended: price,
            at: now,
            into: &out
        )
        guard child != nil, parent.expiresAt != .distantFuture else { return }
        deadlines.set(parentOwner(slot), at: parent.expiresAt)
    }

    /// Hands out the order of a protective level, to wait at the venue for its price.
    mutating func sendNative(
        _ slot: ParentSlot,
        _ condition: OrderCondition,
        limit: Price,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        parents[slot].stage = .resting
        parents[slot].routedAs = limit.raw > 0 ? .limit : .market
        parents[slot].limitPrice = limit
        send(
            slot,
            .exit,
            limit.raw > 0 ? .limit : .market,
            .gtc,
            price: limit,
            quantity: parents[slot].approved,
            intended: condition.trigger,
            condition: condition,
            at: now,
            into: &out
        )
    }

    /// Makes a child order and hands it out.
    @discardableResult
    private mutating func send(
        _ slot: ParentSlot,
        _ leg: OrderLeg,
        _ type: OrderType,
        _ timeInForce: TimeInForce,
        price: Price,
        quantity: Quantity,
        intended: Price,
        condition: OrderCondition = .none,
        at now: Timestamp,
        into out: inout Outbox
    ) -> OrderSlot? {
        let parent = parents[slot]
        precondition(quantity.raw > 0 && quantity <= parent.remaining, "Invariant: children never exceed their parent")
        let life = UInt32(epoch.number &- parent.intent.epoch.number)
        guard let place = orders.nextSlot, parent.children < UInt16.max, life <= ClientOrderID.lifeLimit else {
            out.notice(.alarm(Alarm(.capacity, instrument: parent.instrument, value: Int64(orders.capacity))))
            close(slot, .rejected, at: now, into: &out)
            return nil
        }
        var order = Order()
        order.id = ClientOrderID(
            // The parent's, not the present one: its children are found by it after a restart too.
            epoch: parent.intent.epoch,
            parent: parent.intent.parent,
            leg: leg,
            slice: parent.isScheduled ? schedules[Int(slot.index)].slice : parent.children,
            attempt: parent.isScheduled ? schedules[Int(slot.index)].children : parent.reprices,
            // An earlier life may have sent an order of this parent that its journal lost.
            slot: ClientOrderID.slot(row: place.index, life: life)
        )
        if parent.isScheduled { schedules[Int(slot.index)].children += 1 }
        order.isTwapChild = parent.isScheduled
        (order.number, order.parent) = (parent.number, slot)
        (order.price, order.quantity, order.intended) = (price, quantity, intended)
        // The collar is of the present price, which is not that at which one that waits will come to the book.
        if type != .market, condition.isNone { order.collar = collar(of: parent, at: now) }
        (order.condition, order.isWaiting) = (condition, !condition.isNone)
        order.createdAt = now
        order.expiresAt = parent.expiresAt
        order.validUntil = venue.time(at: now) + routing.requestLifetime
        order.session = venue.session
        (order.instrument, order.side, order.positionSide) = (parent.instrument, parent.side, parent.positionSide)
        order.type = type
        order.timeInForce = timeInForce
        order.reduceOnly = parent.isReducingNow
        order.isIncreasing = !parent.isReducingNow
        #if MUTANTS
            order.takeBugs()
        #endif
        let child = orders.insert(order)
        parents[slot].sent(child, at: now)
        measureSent(child, at: now)
        counters.sends += 1
        if order.isIncreasing { counters.increasingSends += 1 }
        rates.note(at: now)
        step(child, .submitted, at: now, into: &out)
        out.command(.submit(submission(order, approved: parent.approved)))
        return child
    }

    private func submission(_ order: Order, approved: Quantity) -> OrderSubmission {
        OrderSubmission(
            id: order.id,
            instrument: order.instrument,
            side: order.side,
            positionSide: order.positionSide,
            type: order.type,
            timeInForce: order.timeInForce,
            price: order.price,
            quantity: order.quantity,
            approved: approved,
            collar: order.collar,
            validUntil: order.validUntil,
            expiresAt: order.expiresAt,
            reduceOnly: order.reduceOnly,
            isIncreasing: order.isIncreasing,
            number: order.number,
            condition: order.condition
        )
    }

    /// What the router sees of a parent's leg at work. It changes nothing: a reader that is not mutating, and that the
    /// compiler does not inline, is handed a copy of the engine. Inlined, so that the context is made in its place.
    @inline(__always)
    mutating func routeContext(_ slot: ParentSlot, at now: Timestamp) -> RouteContext {
        let parent = parents[slot]
        let isReducing = parent.isReducingNow
        let order = RouteOrder(
            side: parent.side,
            type: parent.orderType,
            style: parent.isImmediate ? .taker : parent.style,
            quantity: parent.legRemaining,
            limitPrice: parent.limitPrice,
            makerFirst: parent.makerFirst,
            makerPrice: parent.makerPrice,
            makerQuantity: parent.makerQuantity.subtracting(parent.makerFilled),
            isReducing: isReducing,
            collar: collar(parent.instrument, parent.side, isReducing: isReducing, at: now),
            exitAttempt: Int(parent.reprices)
        )
        return RouteContext(
            order: order,
            terms: terms[Int(parent.instrument.index)],
            book: marketBook(parent.instrument, at: now),
            reference: market.referenceWithoutBook(parent.instrument, at: now, isReducing: isReducing) ?? .zero,
            policy: policies[parent.instrument],
            policyAge: policies.age(at: now),
            arm: adaptive.quote(slot)
        )
    }

    /// Risk's own bound of a parent's next order, not the order's price: the guard compares the two.
    @inline(__always)
    private func collar(of parent: Parent, at now: Timestamp) -> Price {
        collar(parent.instrument, parent.side, isReducing: parent.isReducingNow, at: now)
    }

    /// The worst price that may leave now: risk's collar around the present reference. Zero without one (exits only).
    @inline(__always)
    func collar(_ instrument: InstrumentHandle, _ side: Side, isReducing: Bool, at now: Timestamp) -> Price {
        let facts = marketFacts(instrument)
        let reference = facts.reference(for: side, at: now, maximumAge: routing.maximumBookAge)
        guard reference.raw > 0 else { return .zero }
        let grid = terms[Int(instrument.index)]
        var rate = isReducing ? limits.exitPriceCollar : limits.priceCollar
        var purpose: RoundingPurpose = isReducing ? .filling : .resting
        // Inside the venue's percent-price rule, by a tenth of it: the mark moves while the order is under way.
        let reach = grid.percentPriceReach(side)
        let inside = Rate(raw: reach.raw - reach.raw / 10)
        if inside.raw > 0, inside < rate {
            rate = inside
            purpose = .resting
        }
        let worst = grid.rounded(reference.adjusted(by: side == .buy ? rate : -rate), side, for: purpose)
        // The venue measures it from its mark, which a fast touch runs ahead of.
        guard inside.raw > 0, facts.mark.raw > 0 else { return worst }
        let edge = grid.rounded(facts.mark.adjusted(by: side == .buy ? inside : -inside), side, for: .resting)
        return side == .buy ? min(worst, edge) : max(worst, edge)
    }

    @inline(__always)
    func marketBook(_ instrument: InstrumentHandle, at now: Timestamp) -> BookView {
        market.book(instrument, at: now, maximumAge: routing.maximumBookAge)
    }
}

#if MUTANTS
    extension Order {
        /// Seeded bugs of the moment at which a child is made.
        mutating func takeBugs() {
            if Mutant.isOn(.exitGoesToTheWrongSide), reduceOnly { side = side.opposite }
            if Mutant.isOn(.makerLosesItsPostOnlyFlag), id.leg == .maker { type = .limit }
            if Mutant.isOn(.expiredSignalIsSentAfterWaiting), timeInForce != .gtd { expiresAt = .distantFuture }
        }
    }
#endif
