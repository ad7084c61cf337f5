import FairleadModel

/// Adaptive routing in the engine: which orders it is asked for, what it is told, and what is learnt at their end.
extension Engine {
    /// False where `steer` would change nothing.
    @inline(__always)
    func maySteer(_ slot: ParentSlot) -> Bool { adaptive.isOn || adaptive.notes[Int(slot.index)].isDecided }

    /// Steers a parent's first route by expected cost, where it asks for that and no outer gate is shut. What was
    /// chosen once holds for all of the parent's further legs.
    mutating func steer(
        _ slot: ParentSlot,
        _ context: inout RouteContext,
        _ choice: inout RouteChoice,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        if !adaptive.notes[Int(slot.index)].isDecided {
            guard adaptive.isOn, isAdaptive(parents[slot]), let question = armQuestion(slot, context, choice) else {
                return
            }
            let decision = adaptive.decide(question, at: now)
            adaptive.note(slot, decision, question, at: now)
            out.notice(.armChosen(decision))
            context.arm = adaptive.quote(slot)
            if context.arm != nil { choice = Router.choose(context, routing) }
        }
        #if MUTANTS
            if RuleMutants.gate == RouteReason.adaptiveTake.rawValue { return }
        #endif
        if adaptive.isTaking(slot) {
            choice = RouteChoice(plan: Router.taker(context, routing), reason: .adaptiveTake)
        }
    }

    /// An entry in one piece that asks for it, or that says nothing of its route where adaptive routing is the default.
    /// What says itself how it wants to stand is left alone, and so is a flip, whose first leg only reduces.
    private func isAdaptive(_ parent: Parent) -> Bool {
        guard parent.style == .adaptive || (parent.style == .auto && adaptive.settings.isDefault) else { return false }
        guard parent.orderType == .market, parent.makerFirst == nil, !parent.isScheduled, !parent.isImmediate else {
            return false
        }
        return parent.reduceQuantity.raw == 0 && parent.makerPrice.raw == 0 && parent.makerQuantity.raw == 0
    }

    /// What the choice looks at; nil where a gate is shut that it does not open: all but `maker_not_requested` and
    /// `quality_ok`, which it answers itself.
    private mutating func armQuestion(
        _ slot: ParentSlot,
        _ context: RouteContext,
        _ standing: RouteChoice
    ) -> ArmQuestion? {
        var trial = context
        trial.arm = ArmQuote(depth: .zero)
        guard RouteGates.firstShut(trial, routing) == .none, let mid = context.book.mid else { return nil }
        let parent = parents[slot]
        let market = market[parent.instrument]
        let grid = context.terms
        var question = ArmQuestion(
            number: parent.number,
            intent: parent.intent,
            instrument: parent.instrument,
            side: parent.side,
            bid: context.book.bid,
            ask: context.book.ask,
            features: ArmFeatures(
                ownShare: Self.ownShare(market, parent.side),
                spreadTicks: Int32(clamping: (context.book.ask.raw - context.book.bid.raw) / grid.tick.raw),
                regime: context.policy.regime
            ),
            standing: .take,
            standingQuote: .zero,
            joinQuote: MakerQuote.price(trial, routing).price,
            deeperQuote: .zero,
            makerFee: grid.makerFee,
            takerFee: grid.takerFee,
            notional: grid.notional(mid, parent.legRemaining).raw8,
            riskMode: stance.mode
        )
        let near = context.book.near(parent.side)
        trial.arm = ArmQuote(depth: deeperDepth(parent.instrument, near, grid.tick))
        question.deeperQuote = MakerQuote.price(trial, routing).price
        if !isDeeper(question.deeperQuote, than: question.joinQuote, near, parent.side) { question.deeperQuote = .zero }
        if case .maker(let price, _, _) = standing.plan {
            let isBehind = parent.side == .buy ? price < near : price > near
            question.standing = isBehind ? .deeperLong : .joinLong
            question.standingQuote = price
        }
        return question
    }

    /// How far behind the touch the deeper arms quote: so many ticks, no more than a step deeper than the last quote.
    private func deeperDepth(_ instrument: InstrumentHandle, _ near: Price, _ tick: Price) -> Price {
        let settings = adaptive.settings
        let wanted = Price(raw: Int64(settings.deeperTicks) * tick.raw)
        let reach = near.adjusted(by: adaptive.lastOffset(instrument) + settings.offsetStep) - near
        // One tick is the least that is deeper: a grid that coarse may pass the step, never the largest offset.
        return max(tick, min(wanted, reach))
    }

    /// A quote behind the other one and within the largest offset.
    private func isDeeper(_ quote: Price, than join: Price, _ near: Price, _ side: Side) -> Bool {
        guard quote.raw > 0, side == .buy ? quote < join : quote > join else { return false }
        let depth = Price(raw: (near.raw - quote.raw) * side.sign)
        return Rate.distance(of: near + depth, from: near) <= adaptive.settings.maximumOffset
    }

    /// The order's own side's share of what both touches show.
    private static func ownShare(_ market: InstrumentMarket, _ side: Side) -> Rate {
        let (bid, ask) = (Int128(market.bidQuantity.raw), Int128(market.askQuantity.raw))
        guard bid + ask > 0 else { return Rate(raw: FixedPoint.one / 2) }
        let own = side == .buy ? bid : ask
        return Rate(raw: FixedPoint.dividedRoundingDown(own * Int128(FixedPoint.one), by: bid + ask))
    }

    /// A parent has ended: what its arm came to. One that somebody ended, or the venue refused, before the market could
    /// say anything is no sample.
    mutating func measureArm(_ slot: ParentSlot, _ parent: Parent, _ outcome: ParentOutcome, at now: Timestamp) {
        let note = adaptive.notes[Int(slot.index)]
        guard note.isDecided else { return }
        let isUntold = parent.filled.raw == 0 && note.gaveWayAt.raw == 0
        switch outcome {
        case .cancelled, .killSwitch, .rejected: if isUntold { return adaptive.forget(slot) }
        case .expired: adaptive.gaveWay(slot, middle: marketBook(parent.instrument, at: now).mid)
        case .open, .filled, .partiallyFilled: break
        }
        adaptive.ended(
            slot,
            parent.instrument,
            parent.side,
            filled: Double(parent.makerFilled.raw) / Double(parent.approved.raw),
            cost: parent.remaining.raw == 0 ? allInCost(parent, from: note.middle) : nil,
            at: now
        )
        adaptive.forget(slot)
    }

    /// What a filled parent cost over a price, fees included, in bps of it.
    private func allInCost(_ parent: Parent, from middle: Price) -> Double {
        let arrival = terms[Int(parent.instrument.index)].notional(middle, parent.filled)
        let paid = (parent.filledNotional.raw - arrival.raw) * Int128(parent.side.sign) + parent.fees.raw
        return Double(paid) / Double(arrival.raw) * 10_000
    }
}
