import FairleadModel

/// Which parents are let go little by little, and by what.
extension Engine {
    /// Whether a signal asks for a schedule, or leaves it to the configuration.
    @inline(__always)
    func mayBeSliced(_ signal: SignalTerms) -> Bool {
        signal.style.isScheduled || (configuration.twap.isEnabled && signal.style == .auto)
    }

    /// Gives a new parent its schedule, where its signal asks for one or its size does. An exit is sliced only where it
    /// is asked for.
    mutating func planSchedule(_ slot: ParentSlot, _ signal: SignalTerms, at now: Timestamp, into out: inout Outbox) {
        // One slice is no schedule: what comes to no more goes as any other order.
        parents[slot].style = .auto
        guard let schedule = schedule(parents[slot], signal, at: now) else { return }
        schedules[Int(slot.index)] = schedule
        parents[slot].style = schedule.kind.style
        parents[slot].isScheduled = true
        parents[slot].released = schedule.display
        parents[slot].routedAs = RoutedAs(schedule.kind.style)
        // Its limit bounds every slice, and none but an iceberg's rests at it by itself.
        if schedule.kind != .iceberg, parents[slot].orderType == .limit { parents[slot].orderType = .marketableLimit }
        if schedule.kind == .pov { participants += 1 }
        noticeProgress(slot, .planned, into: &out)
        if schedule.kind == .vwap, !schedule.isCurved { noticeProgress(slot, .flatCurve, into: &out) }
    }

    private func schedule(_ parent: Parent, _ signal: SignalTerms, at now: Timestamp) -> ParentSchedule? {
        guard !parent.isImmediate else { return nil }
        guard signal.style == .iceberg || parent.orderType != .postOnly else { return nil }
        // A slice is judged by the lower of what is paid and the limit, so that none is made too small.
        let hasLowLimit = parent.limitPrice.raw > 0 && parent.limitPrice < parent.arrival
        let subject = AlgorithmPlan.Subject(
            quantity: parent.approved,
            instrument: parent.instrument,
            terms: terms[Int(parent.instrument.index)],
            normalSpread: configuration.quality.normalSpread(
                of: configuration.symbols[Int(parent.instrument.index)].bucket
            ),
            reference: hasLowLimit ? parent.limitPrice : parent.arrival,
            expiresAt: parent.expiresAt,
            seed: UInt64(parent.intent.epoch.number) << 32 | UInt64(parent.intent.parent)
        )
        switch signal.style {
        case .auto, .makerFirst, .taker, .twap: return twap(parent, signal, subject, at: now)
        // Who asks for a choice by expected cost gets it, whatever the size.
        case .adaptive: return nil
        case .vwap: return AlgorithmPlan.vwap(subject, signal, configuration, volumes, at: now)
        case .pov:
            // Paper fills beside the market; see `ParentSchedule.earned`.
            return AlgorithmPlan.pov(subject, signal.algorithm, configuration, printsOwn: false, at: now)
        case .iceberg:
            guard parent.orderType == .limit || parent.orderType == .postOnly else { return nil }
            return AlgorithmPlan.iceberg(subject, signal, configuration, at: now)
        }
    }

    private func twap(
        _ parent: Parent,
        _ signal: SignalTerms,
        _ subject: AlgorithmPlan.Subject,
        at now: Timestamp
    ) -> ParentSchedule? {
        let isAsked = signal.style == .twap
        guard isAsked || isLargeEnough(parent) else { return nil }
        guard isAsked || (parent.orderType != .limit && parent.makerPrice.raw == 0 && parent.makerQuantity.raw == 0)
        else { return nil }
        return TwapPlan.schedule(
            parent.approved,
            signal.twap,
            configuration.twap,
            subject.terms,
            normalSpread: subject.normalSpread,
            reference: subject.reference,
            expiresAt: subject.expiresAt,
            seed: subject.seed,
            at: now
        )
    }

    /// The size from which an entry is sliced without being asked to.
    private func isLargeEnough(_ parent: Parent) -> Bool {
        guard configuration.twap.isEnabled, parent.reduceQuantity.raw == 0, parent.arrival.raw > 0 else { return false }
        let notional = terms[Int(parent.instrument.index)].notional(parent.arrival, parent.approved)
        return notional >= configuration.twap.minimumNotional
    }
}
