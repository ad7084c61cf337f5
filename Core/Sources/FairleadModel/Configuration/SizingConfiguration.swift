/// `sizing` of `strategy_config.json` (SPEC 5).
public struct SizingConfiguration: Hashable, Sendable {
    public var kelly = KellyConfiguration()
    public var regimes = RegimeMultipliers()
    /// The volatility multiplier also of entries whose size is given: SPEC names it among what makes a Kelly size.
    public var regimeAppliesToAll = false
    /// Kelly sizes are divided by 1 and the correlation with open positions.
    public var correlationHaircut = true

    public init() {}
}

/// How a size of kind `kelly` is made. All rates are shares of 1.
public struct KellyConfiguration: Hashable, Sendable, BitwiseCopyable {
    /// Closed trades of so many days count, one that is exactly so old too.
    public var lookbackDays = 20
    /// What a strategy gets of which too little is known.
    public var baseFraction = Rate(raw: 2_000_000)
    /// From so many closed trades on its edge is believed.
    public var minimumTrades = 15
    /// The share of the full Kelly fraction; not of the base fraction.
    public var multiplier = Rate(raw: 50_000_000)
    /// Of NAV.
    public var maximumFraction = Rate(raw: 15_000_000)
    public var maximumBuyingPowerFraction = Rate(raw: 25_000_000)

    public init() {}

    public var lookback: TimeSpan { .hours(Int64(lookbackDays) * 24) }
}

/// One tier's row of the table of volatility multipliers; none is over 1, since sizing never raises.
public struct TierMultipliers: Hashable, Sendable, BitwiseCopyable {
    public var low: Rate
    public var normal: Rate
    public var high: Rate
    public var crisis: Rate

    /// In hundredths.
    public init(low: Int64, normal: Int64, high: Int64, crisis: Int64) {
        self.low = Rate(raw: low * 1_000_000)
        self.normal = Rate(raw: normal * 1_000_000)
        self.high = Rate(raw: high * 1_000_000)
        self.crisis = Rate(raw: crisis * 1_000_000)
    }

    public subscript(regime: SizingRegime) -> Rate {
        switch regime {
        case .low: low
        case .normal: normal
        case .high: high
        case .crisis: crisis
        }
    }
}

/// RULES, Sizing: what a volatility regime leaves of a size, by tier.
public struct RegimeMultipliers: Hashable, Sendable, BitwiseCopyable {
    public var core = TierMultipliers(low: 100, normal: 100, high: 75, crisis: 50)
    public var satellite = TierMultipliers(low: 100, normal: 100, high: 70, crisis: 40)
    public var tactical = TierMultipliers(low: 100, normal: 90, high: 60, crisis: 30)
    public var altExt = TierMultipliers(low: 90, normal: 80, high: 50, crisis: 20)

    public init() {}

    /// A symbol without a tier has the row of CORE.
    public subscript(tier: SymbolTier?) -> TierMultipliers {
        switch tier {
        case .core, nil: core
        case .satellite: satellite
        case .tactical: tactical
        case .altExt: altExt
        }
    }
}
