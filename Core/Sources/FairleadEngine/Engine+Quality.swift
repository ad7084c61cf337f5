public import FairleadModel

/// What the engine measures of its executions. No order asks it; the risk mode asks the global score (`RiskStance`).
extension Engine {
    /// What executions of an instrument came to, over its window at `now`; nil before its first order.
    public func routerStats(_ instrument: InstrumentHandle, at now: Timestamp) -> RouterStatsView? {
        stats.view(instrument, at: now)
    }

    /// Every fill that still waits for a horizon, oldest first, with those that it has: what a run's end leaves untold.
    public func forEachPendingMarkout(_ body: (MarkoutMeasure) -> Void) { stats.markouts.forEachPending(body) }
    public var pendingMarkoutCount: Int { stats.markouts.count }
    /// Fills that were told before their last horizon, since there was no room for them to wait.
    public var givenUpMarkouts: UInt64 { stats.markouts.givenUp }

    // MARK: Orders

    /// A child was handed out.
    mutating func measureSent(_ slot: OrderSlot, at now: Timestamp) {
        let notional = orders[slot].isTwapChild ? intendedNotional(orders[slot], orders[slot].quantity) : nil
        stats.sent(slot, orders[slot].instrument, twapNotional: notional, at: now)
    }

    /// An order's state has changed: what the venue's word was, where it was the venue's.
    mutating func measureState(_ slot: OrderSlot, at now: Timestamp) {
        let instrument = orders[slot].instrument
        switch orders[slot].state {
        // What we did, and fills, which are measured by themselves.
        case .created, .submitted, .pendingUnknown, .pendingCancel, .pendingReplace, .partiallyFilled, .filled: break
        case .accepted, .working: measureAccepted(slot, at: now)
        case .rejected: stats.rejected(slot, instrument, at: now)
        case .cancelled, .expired:
            switch orders[slot].endReason {
            case .neverSent: stats.unsent(slot, instrument)
            case .presumedDead, .operatorResolved: break
            case .none, .requested, .immediateOrCancel, .timeInForce, .venue:
                stats.cancelled(slot, instrument, at: now)
            }
        }
    }

    @inline(__always)
    private func intendedNotional(_ order: Order, _ quantity: Quantity) -> Int64 {
        terms[Int(order.instrument.index)].notional(order.intended, quantity).raw8
    }

    // MARK: Fills

    /// A fill of our own, before its order's state follows. Gives the middle of the book; zero without a usable one.
    mutating func measureFill(
        _ execution: Execution,
        of slot: OrderSlot,
        parent: ParentSlot?,
        isLate: Bool,
        at now: Timestamp,
        into out: inout Outbox
    ) -> Price {
        measureAccepted(slot, at: now)
        let order = orders[slot]
        let measure = FillMeasure(
            execution,
            number: order.number,
            notional: terms[Int(execution.instrument.index)].notional(execution.price, execution.quantity).raw8,
            intended: order.intended,
            arrival: parent.map { parents[$0].arrival } ?? .zero,
            decision: parent.map { stats.parents[Int($0.index)].decision } ?? .zero,
            mid: marketBook(execution.instrument, at: now).mid ?? .zero,
            latency: stats.latency(of: slot, sentAt: order.createdAt, at: now),
            isTwapChild: order.isTwapChild,
            isLate: isLate
        )
        let credit = order.isTwapChild ? intendedNotional(order, execution.quantity) : nil
        out.notice(.fillMeasured(measure))
        stats.filled(
            measure,
            of: slot,
            childNotional: credit,
            isEligible: parent.map { isTwapEligible(parents[$0]) } ?? false,
            expectedBps: expectedCost(execution).inBps,
            at: now,
            into: &out
        )
        return measure.mid
    }

    /// An order of this size would have been sliced where `twap.enabled` is on.
    @inline(__always)
    private func isTwapEligible(_ parent: Parent) -> Bool {
        let notional = terms[Int(parent.instrument.index)].notional(parent.arrival, parent.approved)
        return notional >= configuration.twap.minimumNotional
    }

    /// The instrument's fee, and the baseline of slippage.
    @inline(__always)
    private func expectedCost(_ execution: Execution) -> Rate {
        let grid = terms[Int(execution.instrument.index)]
        let fee = execution.liquidity == .maker ? grid.makerFee : grid.takerFee
        return configuration.quality.baseline + fee
    }

    /// A parent was credited with a fill, with the middle of the book at it and the price that its order intended.
    mutating func measureCredit(_ parent: ParentSlot, _ counted: Quantity, mid: Price, intended: Price) {
        guard counted.raw > 0 else { return }
        let grid = terms[Int(parents[parent].instrument.index)]
        stats.credited(
            parent,
            midNotional: mid.raw > 0 ? grid.notional(mid, counted) : nil,
            intendedNotional: intended.raw > 0 ? grid.notional(intended, counted) : nil
        )
    }

    /// Takes the middle of every horizon that has come, as the book stands before the event at work changes it.
    @inline(__always)
    mutating func resolveMarkouts(at now: Timestamp, into out: inout Outbox) {
        guard stats.nextMarkout < now else { return }
        stats.resolveMarkouts(market, maximumAge: routing.maximumBookAge, at: now, into: &out)
    }

    // MARK: Parents

    /// A parent begins: what was decided, and at which price.
    mutating func measureDecision(_ slot: ParentSlot, _ signal: SignalTerms, at now: Timestamp) {
        guard signal.time.isKnown, now - signal.time >= MidSamples.resolution,
            let mid = stats.mids.mid(signal.instrument, at: signal.time)
        else { return stats.opened(slot, decision: parents[slot].arrival, .received) }
        stats.opened(slot, decision: mid, .signalTime)
    }

    /// A parent has ended: what it came to, against the price that it was decided at.
    mutating func measureShortfall(_ slot: ParentSlot, _ parent: Parent, at now: Timestamp, into out: inout Outbox) {
        let note = stats.parents[Int(slot.index)]
        let instrument = parent.instrument
        let end =
            marketBook(instrument, at: now).mid
            ?? market.referenceWithoutBook(instrument, at: now, isReducing: false) ?? .zero
        let shortfall = Shortfall(
            ShortfallTerms(
                side: parent.side,
                quantity: parent.approved,
                filled: parent.filled,
                decision: note.decision,
                arrival: parent.arrival,
                end: end,
                filledNotional: parent.filledNotional,
                midNotional: note.isMidMissing ? nil : note.midNotional,
                fees: parent.fees,
                multiplier: terms[Int(instrument.index)].multiplier
            )
        )
        var measure = ShortfallMeasure(
            number: parent.number,
            intent: parent.intent,
            instrument: instrument,
            strategy: parent.strategy,
            side: parent.side,
            basis: note.basis,
            quantity: parent.approved,
            filled: parent.filled,
            decision: note.decision,
            arrival: parent.arrival,
            end: end,
            notional: shortfall.notional.raw8,
            fees: shortfall.fees.raw8
        )
        measure.take(shortfall)
        stats.ended(measure, at: now)
        out.notice(.shortfallMeasured(measure))
    }
}

extension ShortfallMeasure {
    /// Rounds each part to 10^-8, so that they still sum.
    mutating func take(_ shortfall: Shortfall) {
        delay = shortfall.delay?.raw8
        spread = shortfall.spread?.raw8
        impact = shortfall.impact?.raw8
        opportunity = shortfall.opportunity?.raw8
        if let spread, let impact {
            trading = Int64(clamping: Int128(spread) + Int128(impact))
        } else {
            trading = shortfall.trading?.raw8
        }
    }
}
