/// `router.policy` of `strategy_config.json`: how evidence becomes a symbol's policy (SPEC 7).
public struct PolicyConfiguration: Hashable, Sendable {
    public var prior = PolicyPrior()
    /// `half_life_hours`: evidence counts half after this time.
    public var halfLife = TimeSpan.hours(24)
    /// `window_days`, 1...7: older evidence counts nothing.
    public var windowDays = 7
    /// `hysteresis_pct`: a quality gets better only when the evidence is past the bound by this share of it.
    public var hysteresis = Rate(raw: 10_000_000)
    /// From here on.
    public var broken = PolicyBounds(fallbackPercent: 90, slipBps: 20, milliseconds: 2500)
    public var degraded = PolicyBounds(fallbackPercent: 60, slipBps: 8, milliseconds: 1500)
    /// Up to here.
    public var good = PolicyBounds(fallbackPercent: 30, slipBps: 4, milliseconds: 800)
    /// `thresholds.good.maker_fill`: from here on.
    public var goodMakerFill = Rate(raw: 70_000_000)

    public init() {}
}

/// What a new symbol is believed to be, and how many samples that counts as.
public struct PolicyPrior: Hashable, Sendable {
    public var makerFill = Rate(raw: 75_000_000)
    public var fallback = Rate(raw: 10_000_000)
    public var slip = Rate(bps: 2)
    /// A symbol of fewer samples says `bootstrap`; from so many on its fallbacks count in full.
    public var weight = 20

    public init() {}
}

/// The bounds of one quality.
public struct PolicyBounds: Hashable, Sendable {
    public var fallback: Rate
    /// Of the 95 % quantile, else of the median.
    public var slip: Rate
    /// Of the median.
    public var acknowledgement: TimeSpan

    public init(fallbackPercent: Int64, slipBps: Int64, milliseconds: Int64) {
        fallback = Rate(raw: fallbackPercent * 1_000_000)
        slip = Rate(bps: slipBps)
        acknowledgement = .milliseconds(milliseconds)
    }
}
