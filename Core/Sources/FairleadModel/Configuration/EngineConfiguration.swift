/// Everything that the engine is told about how to decide: the compiled form of the three configuration documents.
///
/// Decoded from `strategy_config.json`, `risk_limits.json` and `runtime.json` by `FairleadConfiguration`; the defaults
/// here are the only place where a default stands. Optional limits are off when nil.
public struct EngineConfiguration: Hashable, Sendable {
    public var instruments: [Instrument] = []
    public var symbols: [SymbolConfiguration] = []
    public var risk = RiskLimits()
    public var routing = RoutingConfiguration()
    public var policy = PolicyConfiguration()
    public var autotune = AutotuneConfiguration()
    public var adaptive = AdaptiveConfiguration()
    public var twap = TwapConfiguration()
    public var algorithms = AlgorithmConfiguration()
    public var sizing = SizingConfiguration()
    public var quality = QualityConfiguration()
    public var exits = ExitConfiguration()
    public var screener = ScreenerConfiguration()
    public var unknownOrders = UnknownOrderConfiguration()
    public var capacities = EngineCapacities()
    public var bars = BarConfiguration()
    public var returns = ReturnConfiguration()
    /// `correlation_groups`, by name.
    public var correlationGroups: [CorrelationGroup] = []
    /// How long a signal id is remembered (`dedupe_window_hours`, 24).
    public var dedupeWindow = TimeSpan.hours(24)
    /// The calendar of the instruments that trade in sessions.
    public var tradingHours = TradingHours()

    public init() {}

    /// Adds an instrument with its settings and gives its handle.
    @discardableResult
    public mutating func add(_ instrument: Instrument, _ symbol: SymbolConfiguration = SymbolConfiguration())
        -> InstrumentHandle
    {
        instruments.append(instrument)
        symbols.append(symbol)
        return InstrumentHandle(instruments.count - 1)
    }
}

/// What may be set for one symbol. `EngineConfiguration.symbols` runs in step with its instruments.
public struct SymbolConfiguration: Hashable, Sendable {
    /// In the traded universe; an instrument outside is known but not whitelisted.
    public var isWhitelisted = true
    public var isRestricted = false
    public var isBuyBlocked = false
    public var isSellBlocked = false
    /// `max_nav_pct`.
    public var maximumNavFraction: Rate?
    /// `max_leverage`.
    public var maximumLeverage: Rate?
    /// `router.overrides.SYM`, laid over the computed policy.
    public var policyOverride = PolicyOverride.none
    /// `tier`; without one there is no tier cap.
    public var tier: SymbolTier?
    /// `router_quality.buckets.SYM`.
    public var namedBucket: RouterBucket?
    /// The screener trades it.
    public var isScreened = false

    public init() {}

    /// As named, else by tier; a symbol of no tier is of the lowest.
    public var bucket: RouterBucket {
        get { namedBucket ?? tier?.bucket ?? .low }
        set { namedBucket = newValue }
    }
}

/// `risk_limits.json`. Fractions and ratios are exact rates; a nil limit is off.
public struct RiskLimits: Hashable, Sendable {
    public var priceCollar = Rate(bps: 100)
    public var exitPriceCollar = Rate(bps: 500)
    public var maximumQuoteAgeCrypto = TimeSpan.milliseconds(2000)
    public var maximumQuoteAgeEquity = TimeSpan.milliseconds(5000)
    public var navFreshness = TimeSpan.seconds(150)
    public var failClosedOnNavStale = true
    /// `circuit_breakers.max_portfolio_dd_nav_pct`; reached at >=, latched until reset.
    public var maximumPortfolioDrawdown: Rate? = Rate(raw: 10_000_000)
    public var dailyLossLimit: Rate?
    public var weeklyLossLimit: Rate?
    public var maximumNavDrawdown: Rate?
    public var minimumNotional: Money?
    public var maximumOrderNotional: Money?
    public var maximumOrderQuantity: Quantity?
    /// `max_trade_nav_pct`.
    public var maximumTradeNavFraction: Rate?
    /// `max_gross_exposure_pct`, a ratio to NAV that may pass 1.
    public var maximumGrossExposure: Rate?
    /// `max_leverage`: the cap of any order's own notional over NAV, together with the symbol's.
    public var maximumLeverage: Rate?
    /// `max_effective_leverage`, working orders included.
    public var maximumEffectiveLeverage: Rate?
    public var maximumConcurrentPositions: Int?
    public var allowsPyramiding = false
    public var cooldownAfterStop: TimeSpan?
    public var maximumTradesPerSymbolPerHour: Int?
    public var ordersPerSecond: Int?
    public var ordersPerTenSeconds: Int?
    public var ordersPerMinute: Int?
    /// The share of each order rate that is kept for exits and cancels.
    public var reservedRateShare = Rate(raw: 20_000_000)
    /// N equal fills in a row (symbol, side, size) within the window disable the symbol.
    public var repeatedExecutionCount: Int?
    public var repeatedExecutionWindow = TimeSpan.seconds(60)
    public var duplicateOrderWindow = TimeSpan.seconds(2)
    /// N consecutive rejects of a symbol within the window latch it and halt.
    public var rejectStormCount: Int? = 5
    public var rejectStormWindow = TimeSpan.seconds(60)
    public var haltAllowsReduce = true
    /// Cut an entry to what the caps leave instead of refusing it.
    public var clampsToLimits = false
    /// `max_portfolio_var_pct`: value at risk of the portfolio, 99 % of a day, over NAV.
    public var maximumPortfolioVar: Rate? = Rate(raw: 12_000_000)
    /// `max_position_cvar_pct`: expected shortfall of one position, 95 % of a day, over NAV.
    public var maximumPositionShortfall: Rate? = Rate(raw: 4_000_000)
    /// `max_pair_correlation`: of an entry with an open position, either sign.
    public var maximumPairCorrelation: Rate?
    public var tiers = TierTable()
    public var requiresDryRun = false
    /// The environment trades for real money.
    public var isLive = false
    /// Some of the limits hold in the testnet alone (`testnet_overrides`).
    public var areTestnetLimits = false
    /// `dd_bands`: drawdowns at which the risk mode becomes cautious and defensive; left 20 % below.
    public var drawdownWarning = Rate(raw: 3_000_000)
    public var drawdownPanic = Rate(raw: 7_000_000)
    public var navJumpMultiplier = Rate(raw: 300_000_000)
    public var navJumpAbsolute = Money(whole: 20_000)
    /// How long a venue may be disconnected or silent before the state becomes `reducing`.
    public var staleVenueAfter = TimeSpan.seconds(10)
    /// `max_clock_skew_ms`: further apart, our clock and the venue's turn the state to `reducing`.
    public var maximumClockSkew: TimeSpan? = .seconds(1)
    /// `override_max_hours`: how long a person may set a limit for.
    public var longestOverride = TimeSpan.hours(24)

    public init() {}
}

@frozen public enum WideSpreadAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case taker = 0
    case clamp
    case `defer`
    case veto
}

@frozen public enum MissingBookAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case taker = 0
    case veto
}

@frozen public enum MakerReprice: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case stay = 0
    case follow
}

@frozen public enum OffsetReference: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case touch = 0
    case mid
}

@frozen public enum TakerOrderType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case marketableLimit = 0
    case market
}

/// `router` of `strategy_config.json`.
public struct RoutingConfiguration: Hashable, Sendable {
    /// What a signal gets that doesn't say.
    public var makerFirst = true
    public var maximumBookAge = TimeSpan.milliseconds(2000)
    public var maximumSpread = Rate(bps: 10)
    public var wideSpreadAction = WideSpreadAction.taker
    public var offsetSpreadClamp = Rate(bps: 1)
    public var missingBookAction = MissingBookAction.taker
    public var offsetReference = OffsetReference.touch
    /// What saves more at fees like Binance's: `docs/decisions/0018-what-the-default-routing-saves.md`.
    public var makerReprice = MakerReprice.follow
    public var maximumReprices = 5
    public var maximumPostOnlyRejects = 2
    /// `slip_max_bps`: how far the market may move against a maker from arrival.
    public var maximumMakerSlip = Rate(bps: 3)
    public var makerTimeout = TimeSpan.milliseconds(10_000)
    /// `max_slippage_bps`: the bound of a marketable limit, from the far touch.
    public var takerSlippage = Rate(bps: 20)
    public var exitOrderType = TakerOrderType.marketableLimit
    public var exitReprices = 3
    public var policyPeriod = TimeSpan.seconds(10)
    /// A policy recomputed longer ago than this is stale.
    public var policyStaleAfter = TimeSpan.seconds(60)
    /// How long a venue may take to answer before the order counts as unanswered.
    public var answerTimeout = TimeSpan.seconds(5)
    /// Added to the send time: the venue refuses a request that arrives later.
    public var requestLifetime = TimeSpan.seconds(5)

    public init() {}
}

@frozen public enum TriggerReference: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case mark = 0
    case last
    case mid
}

public struct ExitConfiguration: Hashable, Sendable {
    public var triggerReference = TriggerReference.mark
    public var scanPeriod = TimeSpan.seconds(1)
    /// The pause before a level fires again whose exit ended with position remaining; doubles up to 32 times this.
    public var refireBackoff = TimeSpan.seconds(1)
    /// Levels are placed at the venue where it can hold them; they are watched all the same.
    public var isNative = false
    /// How long a level that was reached waits for its order at the venue to be triggered.
    public var nativeGrace = TimeSpan.seconds(2)
    /// What the stop of a signal that brings no stages of its own tightens by. Both lists have the same length.
    public var stageProfits: [Rate] = []
    public var stageStops: [Rate] = []
    public init() {}

    /// The two lists as stages; none where they don't fit each other, which the decoder refuses.
    public var profitStages: ProfitStages {
        var stages = ProfitStages()
        guard stageProfits.count == stageStops.count, stageProfits.count <= ProfitStages.limit else { return stages }
        for (profit, stop) in zip(stageProfits, stageStops) {
            stages.append(ProfitStage(profit: profit, stop: stop))
        }
        return stages
    }
}

/// The reference strategy: EMA cross with an RSI band and ATR stops.
public struct ScreenerConfiguration: Hashable, Sendable {
    public var isEnabled = false
    public var fastBars = 9
    public var slowBars = 21
    public var rsiBars = 14
    public var rsiLow = 35
    public var rsiHigh = 65
    public var atrBars = 14
    /// Stop-loss and take-profit in ATRs, as rates (2.0 and 3.0).
    public var stopAtrs = Rate(raw: 200_000_000)
    public var profitAtrs = Rate(raw: 300_000_000)
    /// Notional of each entry.
    public var notional = Money(whole: 200)
    public var signalLifetime = TimeSpan.seconds(30)
    public init() {}
}

public struct BarConfiguration: Hashable, Sendable {
    /// Length of a bar (`bars.seconds`, 60; 5 in the demo configuration).
    public var length = TimeSpan.seconds(60)
    /// Bars kept per instrument.
    public var history = 512
    public init() {}
}

/// `unknown` of `runtime.json`; RELIABILITY 4.
public struct UnknownOrderConfiguration: Hashable, Sendable {
    public var escalateAfter = TimeSpan.seconds(300)
    public var tombstone = TimeSpan.seconds(3600)
    /// A fact of the venue, no key: absence of an order there is proof and needs no tombstone (RELIABILITY 4.4). So on
    /// paper, which refuses a request after its `valid_until`.
    public var provesDeath = true
    public var firstQueryAfter = TimeSpan.milliseconds(250)
    public var queryBackoffLimit = TimeSpan.seconds(30)
    public init() {}
}

/// Every table is sized at start; what happens when one is full is said at each. A change needs a restart.
public struct EngineCapacities: Hashable, Sendable {
    /// Rows of the order table, live and recently closed together. Full: entries are vetoed (`order_rate_limit`).
    public var orders = 16_384
    /// Rows of the parent table. Full: signals are vetoed (`order_rate_limit`).
    public var parents = 16_384
    /// Signal ids remembered. Full: the oldest is forgotten before its window ends, and counted.
    public var signals = 262_144
    /// Execution ids remembered; older ones are below the ledger's high-water mark.
    public var executions = 65_536
    /// Protective levels. Full: the signal that brings one is vetoed (`invalid_order`).
    public var levels = 4_096
    /// Fills, TWAP children and ended parents kept for each instrument's statistics. Full: the oldest leaves the window
    /// early, and is counted.
    public var fills = 512
    /// Fills that wait for their mark-outs. Full: the oldest is told with the horizons that it has, and is counted.
    public var markouts = 4_096
    public init() {}
}
