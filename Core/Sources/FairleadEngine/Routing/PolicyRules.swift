public import FairleadModel

/// What is known of how well a symbol was executed lately, already shrunk toward the prior and decayed. Part 1 knows
/// the prior alone. A nil is unknown and fires no row.
public struct Effectiveness: Hashable, Sendable, BitwiseCopyable {
    public var makerFill: Rate?
    public var fallback: Rate?
    /// Signed cost against the intended price, in rates: `Rate(bps: 4)`.
    public var slipMedian: Rate?
    public var slip95: Rate?
    /// Median.
    public var acknowledgement: TimeSpan?
    /// Decayed number of maker starts, rounded down.
    public var samples: Int

    public init(
        makerFill: Rate? = nil,
        fallback: Rate? = nil,
        slipMedian: Rate? = nil,
        slip95: Rate? = nil,
        acknowledgement: TimeSpan? = nil,
        samples: Int = 0
    ) {
        self.makerFill = makerFill
        self.fallback = fallback
        self.slipMedian = slipMedian
        self.slip95 = slip95
        self.acknowledgement = acknowledgement
        self.samples = samples
    }

    /// SPEC 7's prior, of the weight of 20 samples: what a new symbol is believed to be.
    public static let prior = Effectiveness(
        makerFill: Rate(raw: 75_000_000),
        fallback: Rate(raw: 10_000_000),
        slipMedian: Rate(bps: 2),
        slip95: Rate(bps: 2)
    )
    public static let priorWeight = 20

    /// The 95 % quantile, else the median.
    var slip: Rate? { slip95 ?? slipMedian }
}

/// SPEC 7's table: effectiveness and regime to a policy. Pure.
public enum PolicyRules {
    /// The policy of a symbol. The regime may be assumed for want of bars; the reason then says so. What a person has
    /// set of it is laid over what follows from evidence and regime.
    public static func policy(
        _ evidence: Effectiveness,
        regime observed: MarketRegime,
        isRegimeAssumed: Bool,
        reference: OffsetReference,
        override: PolicyOverride = .none
    ) -> RouterPolicy {
        let quality = override.quality ?? quality(evidence)
        let regime = override.regime ?? observed
        let label = override.takerBias ?? override.bias.map { TakerBias(of: $0) } ?? takerBias(quality, regime)
        return RouterPolicy(
            quality: quality,
            takerBias: label,
            makerFirst: override.makerFirst ?? makerFirst(quality, regime),
            regime: regime,
            isRegimeAssumed: isRegimeAssumed && override.regime == nil,
            isBootstrap: evidence.samples < Effectiveness.priorWeight && override.quality == nil,
            isOverridden: override != .none,
            bias: override.bias ?? biasValue(label),
            offset: override.offset ?? offset(evidence, regime, reference)
        )
    }

    /// The first row that holds: broken, degraded, good; else ok.
    public static func quality(_ evidence: Effectiveness) -> PolicyQuality {
        if isAtLeast(evidence, fallbackPercent: 90, slipBps: 20, milliseconds: 2500) { return .broken }
        if isAtLeast(evidence, fallbackPercent: 60, slipBps: 8, milliseconds: 1500) { return .degraded }
        guard let makerFill = evidence.makerFill, let fallback = evidence.fallback else { return .ok }
        guard makerFill >= percent(70), fallback <= percent(30) else { return .ok }
        if let slip = evidence.slip, slip > Rate(bps: 4) { return .ok }
        if let latency = evidence.acknowledgement, latency > .milliseconds(800) { return .ok }
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
        if evidence.samples > 0 {
            if let makerFill = evidence.makerFill, makerFill > percent(70) { tenths -= 5 }
            if let fallback = evidence.fallback, fallback > percent(50) { tenths += 10 }
            if let fallback = evidence.fallback, fallback > percent(80) { tenths += 15 }
            if let slip = evidence.slipMedian, slip > Rate(bps: 5) { tenths += 8 }
            if let slip = evidence.slipMedian, slip < Rate(bps: 1) { tenths -= 2 }
        }
        let least: Int64 = reference == .touch ? 0 : 5
        return Rate(raw: min(100, max(least, tenths)) * Rate.bps / 10)
    }

    private static func isAtLeast(
        _ evidence: Effectiveness,
        fallbackPercent: Int64,
        slipBps: Int64,
        milliseconds: Int64
    ) -> Bool {
        if let fallback = evidence.fallback, fallback >= percent(fallbackPercent) { return true }
        if let slip = evidence.slip, slip >= Rate(bps: slipBps) { return true }
        if let latency = evidence.acknowledgement, latency >= .milliseconds(milliseconds) { return true }
        return false
    }

    private static func percent(_ value: Int64) -> Rate { Rate(raw: value * 1_000_000) }
}
