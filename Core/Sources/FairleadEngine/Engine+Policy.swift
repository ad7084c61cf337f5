public import FairleadModel

/// How executions become the router's policy: what a parent and an order's first word are told to the evidence, and
/// what the evidence makes of it every `policy_period_s`.
extension Engine {
    /// Computes all policies, and sets the time of the next.
    mutating func computePolicies(at now: Timestamp, into out: inout Outbox) {
        effectiveness.evaluate(at: now)
        let allocator = allocator
        policies.recompute(
            at: now,
            regimes: regimes,
            evidence: effectiveness,
            allocator: allocator,
            expectancies: configuration.autotune.isApplyEnabled ? autotuneExpectancies(at: now) : [],
            into: &out
        )
        routerScore = stats.globalScore(configuration.symbols, at: now)
        deadlines.set(policyOwner, at: now + routing.policyPeriod)
    }

    /// The risk mode, as housekeeping last saw it.
    public var allocator: AllocatorState {
        AllocatorState(mode: lastHousekeeping == .never ? nil : stance.mode, time: lastHousekeeping)
    }

    /// What autotune suggests for each instrument, as of its last evidence and of the trades that are kept.
    public func suggestions(at now: Timestamp) -> [AutotuneSuggestion] {
        autotuneExpectancies(at: now).enumerated().map { index, expectancy in
            let instrument = InstrumentHandle(index)
            return policies.suggestion(policies[instrument].computed, effectiveness[instrument], expectancy)
        }
    }

    /// The venue has an order, by its own word or by a fill. An answer after `answer_timeout_ms` tells no latency: the
    /// order went unanswered, and what brought the answer was a query or a new session.
    @inline(__always)
    mutating func measureAccepted(_ slot: OrderSlot, at now: Timestamp) {
        let instrument = orders[slot].instrument
        if stats.accepted(slot, instrument, at: now) {
            let latency = now - orders[slot].createdAt
            if latency <= routing.answerTimeout { effectiveness.answered(instrument, after: latency, at: now) }
        }
    }

    /// A parent has ended. It is a sample where it started as maker, unless somebody ended it before the market could
    /// say anything.
    mutating func measureMaker(_ slot: ParentSlot, _ parent: Parent, _ outcome: ParentOutcome, at now: Timestamp) {
        let note = stats.parents[Int(slot.index)]
        guard note.isMaker else { return }
        let isUntold = parent.filled.raw == 0 && !note.isFallenBack
        switch outcome {
        case .cancelled, .killSwitch: if isUntold { return }
        case .open, .filled, .partiallyFilled, .expired, .rejected: break
        }
        // A flip's first leg reduces, and a maker leg may be smaller than its parent: neither is the maker's doing.
        let entered = parent.filled.subtracting(parent.reduceQuantity)
        let asked = parent.makerQuantity.raw > 0 ? min(parent.makerQuantity, entered) : entered
        let sample = MakerSample(
            isFilled: !note.isFallenBack && asked.raw > 0 && parent.makerFilled >= asked,
            isFallenBack: note.isFallenBack,
            slip: note.isIntendedMissing ? nil : slip(parent, intended: note.intendedNotional)
        )
        effectiveness.ended(sample, parent.instrument, at: now)
    }

    /// `side * (paid - intended) / intended`; nil where nothing was filled.
    private func slip(_ parent: Parent, intended: Money) -> Rate? {
        guard intended.raw > 0 else { return nil }
        let cost = (parent.filledNotional.raw - intended.raw) * Int128(parent.side.sign)
        return Rate(raw: FixedPoint.dividedRoundingDown(cost * Int128(FixedPoint.one), by: intended.raw))
    }
}
