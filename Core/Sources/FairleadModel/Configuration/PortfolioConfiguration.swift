/// `var` of `risk_limits.json`: the returns that value at risk, expected shortfall and correlations are estimated from.
public struct ReturnConfiguration: Hashable, Sendable {
    /// Under so many common returns nothing is estimated (RULES "VaR, CVaR").
    public static let minimumBars = 100
    /// `lookback_bars`: scenarios that are kept, `minimumBars`...5000. A change needs a restart.
    public var lookbackBars = 500
    /// `half_life_bars`: a return's weight in the covariance halves in so many bars.
    public var halfLifeBars = 100
    public init() {}
}

/// Instruments that move together, with a cap on what they are worth together.
public struct CorrelationGroup: Hashable, Sendable {
    /// The most groups: a symbol's groups are the bits of a word.
    public static let limit = 32
    public var name: String
    public var symbols: [String]
    /// `max_nav_pct`: worst-case gross notional of the group over NAV.
    public var maximumNavFraction: Rate

    public init(name: String, symbols: [String], maximumNavFraction: Rate) {
        self.name = name
        self.symbols = symbols
        self.maximumNavFraction = maximumNavFraction
    }
}

/// `tiers.NAME` of `risk_limits.json`.
public struct TierLimits: Hashable, Sendable {
    /// `per_symbol_nav_pct`: a symbol's worst-case notional over NAV.
    public var maximumNavFraction: Rate?
    /// `blocked_from`: no entry in this risk mode and in graver ones.
    public var blockedFrom: RiskMode?
    public init() {}
}

/// The limits of the four tiers.
public struct TierTable: Hashable, Sendable {
    public var core = TierLimits()
    public var satellite = TierLimits()
    public var tactical = TierLimits()
    public var altExt = TierLimits()
    public init() {}

    public subscript(tier: SymbolTier) -> TierLimits {
        get {
            switch tier {
            case .core: core
            case .satellite: satellite
            case .tactical: tactical
            case .altExt: altExt
            }
        }
        set {
            switch tier {
            case .core: core = newValue
            case .satellite: satellite = newValue
            case .tactical: tactical = newValue
            case .altExt: altExt = newValue
            }
        }
    }
}
