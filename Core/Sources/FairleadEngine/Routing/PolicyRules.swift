public import FairleadModel

/// SPEC 7's table: effectiveness and regime to a policy. Pure.
public enum PolicyRules {
    /// The policy of a symbol of a quality. The regime may be assumed for want of bars; the reason then says so. What a
    /// person has set of it is laid over what follows from evidence and regime.
    public static func policy(
        _ computed: PolicyQuality,
        _ evidence: Effectiveness,
        _ settings: PolicyConfiguration,
        regime observed: MarketRegime,
        isRegimeAssumed: Bool,
        reference: OffsetReference,
        override: PolicyOverride = .none
    ) -> RouterPolicy {
        let quality = override.quality ?? computed
        let regime = override.regime ?? observed
        let label = override.takerBias ?? override.bias.map { TakerBias(of: $0) } ?? takerBias(quality, regime)
        return RouterPolicy(
            quality: quality,
            takerBias: label,
            makerFirst: override.makerFirst ?? makerFirst(quality, regime),
            regime: regime,
            isRegimeAssumed: isRegimeAssumed && override.regime == nil,
            isBootstrap: evidence.starts < Double(settings.prior.weight) && override.quality == nil,
            isOverridden: override != .none,
            bias: override.bias ?? biasValue(label),
            offset: override.offset ?? offset(evidence.believed(settings.prior), regime, reference)
        )
    }

    /// The quality of what was observed. A quality gets worse at its bounds, and better only past them by the settings'
    /// hysteresis, so that evidence at a bound doesn't make it flap.
    public static func quality(
        _ observed: Effectiveness,
        _ settings: PolicyConfiguration,
        from current: PolicyQuality = .good
    ) -> PolicyQuality {
        let now = level(observed, settings)
        guard now.rawValue < current.rawValue else { return now }
        let certain = level(observed, settings.tightened)
        return certain.rawValue < current.rawValue ? certain : current
    }

    /// The first row that holds: broken, degraded, good; else ok.
    ///
    /// At `broken` the slip counts in full (while those that bad are half a sample at least: a lone one is believed for
    /// one half-life), and so does the fallback once there are as many samples as the prior weighs. Latency always
    /// does.
    static func level(_ observed: Effectiveness, _ settings: PolicyConfiguration) -> PolicyQuality {
        let believed = observed.believed(settings.prior)
        if isAtLeast(believed, settings.broken) { return .broken }
        if observed.extremeSlips >= EffectivenessTable.leastWeight, let slip = observed.slip,
            slip >= settings.broken.slip
        {
            return .broken
        }
        if observed.starts >= Double(settings.prior.weight), let fallback = observed.fallback,
            fallback >= settings.broken.fallback
        {
            return .broken
        }
        if isAtLeast(believed, settings.degraded) { return .degraded }
        guard let makerFill = believed.makerFill, let fallback = believed.fallback else { return .ok }
        guard makerFill >= settings.goodMakerFill, fallback <= settings.good.fallback else { return .ok }
        if let slip = believed.slip, slip > settings.good.slip { return .ok }
        if let latency = believed.acknowledgement, latency > settings.good.acknowledgement { return .ok }
        return .good
    }

    /// Nothing rests in a panic market; a symbol that fails as maker doesn't start as one.
    static func takerBias(_ quality: PolicyQuality, _ regime: MarketRegime) -> TakerBias {
        switch (regime, quality) {
        case (.panic, _): .preferTaker
        case (.quiet, .good), (.normal, .good), (.hot, .good): .preferMaker
        case (.quiet, .ok), (.normal, .ok), (.hot, .ok): .balanced
        case (.quiet, .degraded), (.normal, .degraded), (.hot, .degraded): .preferTaker
        case (.quiet, .broken), (.normal, .broken), (.hot, .broken): .preferTaker
        }
    }

    static func makerFirst(_ quality: PolicyQuality, _ regime: MarketRegime) -> Bool {
        switch quality {
        case .good, .ok: true
        case .degraded: regime != .panic
        case .broken: false
        }
    }

    static func biasValue(_ bias: TakerBias) -> Rate {
        switch bias {
        case .preferMaker: percent(25)
        case .balanced: percent(50)
        case .preferTaker: percent(75)
        }
    }

    /// The base offset by regime and, once there are samples, by evidence; in the range of its reference.
    static func offset(_ evidence: Effectiveness, _ regime: MarketRegime, _ reference: OffsetReference) -> Rate {
        var tenths: Int64 = reference == .touch ? 0 : 20
        switch regime {
        case .quiet: tenths -= 5
        case .normal: break
        case .hot: tenths += 5
        case .panic: tenths += 10
        }
        if evidence.starts > 0 {
            if let makerFill = evidence.makerFill, makerFill > percent(70) { tenths -= 5 }
            if let fallback = evidence.fallback, fallback > percent(50) { tenths += 10 }
            if let fallback = evidence.fallback, fallback > percent(80) { tenths += 15 }
            if let slip = evidence.slipMedian, slip > Rate(bps: 5) { tenths += 8 }
            if let slip = evidence.slipMedian, slip < Rate(bps: 1) { tenths -= 2 }
        }
        let range = offsets(reference)
        return min(range.upperBound, max(range.lowerBound, Rate(raw: tenths * Rate.bps / 10)))
    }

    /// The offsets that a policy may have, by what they are measured from.
    static func offsets(_ reference: OffsetReference) -> ClosedRange<Rate> {
        switch reference {
        case .touch: Rate.zero...Rate(bps: 10)
        case .mid: Rate(raw: Rate.bps / 2)...Rate(bps: 10)
        }
    }

    private static func isAtLeast(_ believed: Effectiveness, _ bounds: PolicyBounds) -> Bool {
        if let fallback = believed.fallback, fallback >= bounds.fallback { return true }
        if let slip = believed.slip, slip >= bounds.slip { return true }
        if let latency = believed.acknowledgement, latency >= bounds.acknowledgement { return true }
        return false
    }

    private static func percent(_ value: Int64) -> Rate { Rate(raw: value * 1_000_000) }
}

extension PolicyConfiguration {
    /// The bounds that a quality must be past to get better: each moved by the hysteresis, but no further than a
    /// quarter of the way to the prior. Evidence that fades goes to the prior; were that not past the bound, nothing
    /// would end a bad quality.
    var tightened: PolicyConfiguration {
        var tight = self
        tight.broken = tightened(broken)
        tight.degraded = tightened(degraded)
        tight.good = tightened(good)
        let higher = Rate(raw: goodMakerFill.raw + Self.share(hysteresis, of: goodMakerFill.raw))
        let toward = Rate(raw: goodMakerFill.raw + (prior.makerFill.raw - goodMakerFill.raw) / 4)
        tight.goodMakerFill = max(goodMakerFill, min(higher, toward))
        return tight
    }

    private func tightened(_ bounds: PolicyBounds) -> PolicyBounds {
        var tight = bounds
        tight.fallback = lowered(bounds.fallback, prior.fallback)
        tight.slip = lowered(bounds.slip, prior.slip)
        let span = bounds.acknowledgement.nanoseconds
        tight.acknowledgement = TimeSpan(nanoseconds: span - min(span / 2, Self.share(hysteresis, of: span)))
        return tight
    }

    private func lowered(_ bound: Rate, _ assumed: Rate) -> Rate {
        let lower = Rate(raw: bound.raw - Self.share(hysteresis, of: bound.raw))
        return min(bound, max(lower, Rate(raw: bound.raw + (assumed.raw - bound.raw) / 4)))
    }

    private static func share(_ rate: Rate, of value: Int64) -> Int64 {
        FixedPoint.dividedRoundingDown(Int128(value) * Int128(rate.raw), by: Int128(FixedPoint.one))
    }
}
