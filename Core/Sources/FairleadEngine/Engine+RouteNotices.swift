import FairleadModel

/// What observers are told of a parent's route: at its start, before each further order, at a fallback, at its end.
extension Engine {
    /// `price` is the order's limit; zero for a market order.
    @inline(__always)
    mutating func noticeRoute(
        _ slot: ParentSlot,
        _ moment: RouteMoment,
        _ context: RouteContext,
        price: Price,
        offset: Rate = .zero,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard out.isObserved else { return }
        tellRoute(slot, moment, context, price: price, offset: offset, at: now, into: &out)
    }

    /// What a parent came to. Its leg at work is that of its end.
    @inline(__always)
    mutating func noticeRouteEnd(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        guard out.isObserved else { return }
        tellRoute(slot, .end, routeContext(slot, at: now), price: .zero, offset: .zero, at: now, into: &out)
    }

    /// The venue has spoken of the order at work: its acknowledgement, or whatever came first.
    @inline(__always)
    mutating func noteFirstWord(_ order: OrderSlot, at now: Timestamp) {
        let slot = orders[order].parent
        guard slot != .none, parents[slot].child == order, parents[slot].acknowledgedAt == .never else { return }
        parents[slot].acknowledgedAt = now
    }

    /// The order at work was filled, in part or in full.
    @inline(__always)
    mutating func noteFirstFill(_ order: OrderSlot, at now: Timestamp) {
        let slot = orders[order].parent
        guard slot != .none, parents[slot].child == order, parents[slot].filledAt == .never else { return }
        parents[slot].firstFilled(at: now)
    }

    /// `mutating` though it only reads: see `Engine`.
    private mutating func tellRoute(
        _ slot: ParentSlot,
        _ moment: RouteMoment,
        _ context: RouteContext,
        price: Price,
        offset: Rate,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let parent = parents[slot]
        let isEnd = moment == .end
        let isMakerStart = parent.makerSince != .never || (moment == .start && parent.routeReason == .none)
        let isMakerFinal =
            isEnd && parent.routedAs == .maker && parent.filled.raw > 0 && parent.makerFilled == parent.filled
        out.notice(
            .routed(
                RouteDecision(
                    number: parent.number,
                    intent: parent.intent,
                    instrument: parent.instrument,
                    side: parent.side,
                    moment: moment,
                    policy: context.policy,
                    bid: context.book.bid,
                    ask: context.book.ask,
                    price: isEnd ? parent.averagePrice(multiplier: ledger.multiplier(parent.instrument)) : price,
                    effectivePrice: isEnd ? paidPrice(parent) : expectedPrice(parent, context, price),
                    quantity: isEnd ? parent.filled : parent.legRemaining,
                    spread: context.book.spread,
                    bookAge: context.book.age,
                    offset: offset,
                    latency: latency(parent, isEnd: isEnd, at: now),
                    makerStart: isMakerStart,
                    isMakerFinal: isMakerFinal,
                    usedFallback: parent.fallbackReason != .none,
                    routedAs: parent.routedAs,
                    vetoReason: parent.routeReason,
                    fallbackReason: parent.fallbackReason
                )
            )
        )
    }

    private func latency(_ parent: Parent, isEnd: Bool, at now: Timestamp) -> RouteLatency {
        // A decision and its order are one step of the engine.
        let decidedAt = isEnd && parent.sentAt != .never ? parent.sentAt : now
        var latency = RouteLatency(signalToDecision: decidedAt - parent.acceptedAt)
        guard parent.sentAt != .never else { return latency }
        latency.decisionToSend = .zero
        guard parent.acknowledgedAt != .never else { return latency }
        latency.sendToAcknowledgement = parent.acknowledgedAt - parent.sentAt
        if parent.filledAt != .never { latency.acknowledgementToFill = parent.filledAt - parent.acknowledgedAt }
        return latency
    }

    /// What one unit is to cost or bring at a limit; of a market order at the touch that it takes from.
    private func expectedPrice(_ parent: Parent, _ context: RouteContext, _ price: Price) -> Price {
        let far = context.book.far(parent.side)
        guard price.raw > 0 else {
            // An order that doesn't leave has no price; an exit at the market leaves at any.
            guard parent.isReducingNow, context.book.condition == .usable else { return .zero }
            return Router.effectivePrice(far, parent.side, .taker, context.terms)
        }
        let rests: Bool
        switch parent.routedAs {
        case .maker: rests = true
        case .limit, .twap, .vwap, .pov, .iceberg:
            rests = far.raw == 0 || (parent.side == .buy ? price < far : price > far)
        case .taker, .makerThenTaker, .market: rests = false
        }
        return Router.effectivePrice(price, parent.side, rests ? .maker : .taker, context.terms)
    }

    /// What one unit has cost or brought, the fees included. Rounded against us.
    private func paidPrice(_ parent: Parent) -> Price {
        guard parent.filled.raw > 0 else { return .zero }
        let units = Int128(parent.filled.raw) * Int128(ledger.multiplier(parent.instrument))
        let paid = parent.filledNotional.raw + parent.fees.raw * Int128(parent.side.sign)
        switch parent.side {
        case .buy: return Price(raw: FixedPoint.dividedRoundingUp(paid, by: units))
        case .sell: return Price(raw: FixedPoint.dividedRoundingDown(paid, by: units))
        }
    }
}
