/// How far adaptive routing goes (`router.adaptive.mode`).
@frozen public enum AdaptiveMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Nothing is decided and nothing learnt: the static policy routes.
    case off = 0
    /// Decides, learns and tells; the static policy routes.
    case shadow
    case live

    public var name: String {
        switch self {
        case .off: "off"
        case .shadow: "shadow"
        case .live: "live"
        }
    }
}

/// `router.adaptive` of `strategy_config.json`: the route by expected cost, and its guard rails (SPEC 12.4).
public struct AdaptiveConfiguration: Hashable, Sendable {
    public var mode = AdaptiveMode.off
    /// Signals that name no style are routed by expected cost too.
    public var isDefault = false
    /// Symbols that may be routed by expected cost; `*` is all, none is none.
    public var symbols = [AutotuneConfiguration.everySymbol]
    /// The largest share of decisions that try an arm for what it teaches; at most `explorationLimit`.
    public var exploration = Rate(bps: 200)
    /// What all tries of a UTC day may be expected to cost over the best arm, in the quote currency.
    public var regretBudget = Money(whole: 5)
    /// Orders of a symbol, decayed, that an arm's estimate must rest on before it replaces the static policy's.
    public var minimumSamples = 50
    /// By how much another arm must be cheaper than the present one.
    public var hysteresis = Rate(raw: 2000)
    /// How far the share of orders that leave the static arm moves at each decision.
    public var weightStep = Rate(raw: 5_000_000)
    /// How much deeper a quote stands than the symbol's last one, at most.
    public var offsetStep = Rate(bps: 2)
    /// How far behind its touch a quote stands, at most.
    public var maximumOffset = Rate(bps: 10)
    /// How many ticks behind its touch the deeper arms quote.
    public var deeperTicks = 1
    /// How long the short arms rest. The long ones rest for `router.maker_timeout_ms`, which also bounds this.
    public var shortTimeout = TimeSpan.milliseconds(3000)
    /// Evidence counts half after this time.
    public var halfLife = TimeSpan.hours(24)
    /// Orders that what is assumed beforehand counts as.
    public var priorWeight = 20
    /// How long a symbol is left to the static policy after an alarm of its costs.
    public var alarmPause = TimeSpan.seconds(3600)
    /// What the draws are seeded with, beside each intent's number.
    public var seed = 1

    public init() {}

    /// Of `exploration`: 5 %.
    public static let explorationLimit = Rate(bps: 500)

    public func routes(_ symbol: String) -> Bool {
        symbols.contains { $0 == AutotuneConfiguration.everySymbol || $0 == symbol }
    }
}
