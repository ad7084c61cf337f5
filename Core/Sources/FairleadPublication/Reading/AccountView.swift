public import FairleadModel

/// What the account is worth, of `nav.json` and `nav_state.json`. What is unknown is nil.
public struct AccountView: Hashable, Sendable {
    public var currency: String?
    public var nav: Money?
    public var navTime: Timestamp?
    public var cash: Money?
    public var realized: Money?
    public var unrealized: Money?
    public var fees: Money?
    public var resultToday: Money?
    public var openPositions: UInt64?
    public var peakNav: Money?
    /// Share of the peak that is lost.
    public var drawdown: Double?
    public var drawdownState: DrawdownState?
    /// Share of the day's first NAV that is lost; negative for a profit.
    public var dayLoss: Double?
    public var weekLoss: Double?
    /// NAV is too old to be relied on.
    public var isStale: Bool?

    init(_ nav: StateDocument, _ state: StateDocument) {
        let (now, judged) = (nav.fields, state.fields)
        currency = now.text("reporting_currency")
        self.nav = now.decimal("nav")
        navTime = now.time("nav_ts")
        cash = now.decimal("cash")
        realized = now.decimal("realized_pnl")
        unrealized = now.decimal("unrealized_pnl")
        fees = now.decimal("fees")
        resultToday = now.decimal("result_today")
        openPositions = now.count("open_positions")
        peakNav = judged.decimal("peak_nav")
        drawdown = judged.number("drawdown_ratio")
        drawdownState = judged.text("dd_state").flatMap { LegacyShapes.drawdownState($0) }
        dayLoss = judged.number("day_loss_ratio")
        weekLoss = judged.number("week_loss_ratio")
        isStale = judged.flag("is_stale")
    }
}

/// What the risk gateway sees, of `risk_snapshot.json`. What is unknown is nil.
public struct RiskView: Hashable, Sendable {
    public var tradingState: TradingState?
    public var cause: String?
    public var isFrozen: Bool?
    public var mode: RiskMode?
    public var drawdownState: DrawdownState?
    public var drawdown: Double?
    public var dayLoss: Double?
    public var weekLoss: Double?
    public var isDrawdownLatched: Bool?
    /// Worst case: positions and working orders.
    public var grossExposure: Money?
    public var grossExposureRatio: Double?
    public var openPositions: UInt64?
    public var liveOrders: UInt64?
    public var unknownOrders: UInt64?
    public var limitsSource: String?
    public var disabledStrategies: [String]?

    init(_ document: StateDocument) {
        let fields = document.fields
        tradingState = fields.choice("trading_state") { $0.name }
        cause = fields.text("trading_state_cause")
        isFrozen = fields.flag("is_frozen")
        mode = fields.text("risk_mode").flatMap { LegacyShapes.riskMode($0) }
        drawdownState = fields.text("dd_state").flatMap { LegacyShapes.drawdownState($0) }
        drawdown = fields.number("drawdown_ratio")
        dayLoss = fields.number("day_loss_ratio")
        weekLoss = fields.number("week_loss_ratio")
        isDrawdownLatched = fields.flag("is_drawdown_latched")
        grossExposure = fields.decimal("gross_exposure")
        grossExposureRatio = fields.number("gross_exposure_ratio")
        openPositions = fields.count("open_positions")
        liveOrders = fields.count("live_orders")
        unknownOrders = fields.count("unknown_orders")
        limitsSource = fields.text("limits_source")
        disabledStrategies = fields.texts("disabled_strategies")
    }
}

/// What runs, and whether it agrees with its venue: of `engine_metadata.json` and `synced_state.json`. What is unknown
/// is nil.
public struct EngineView: Hashable, Sendable {
    public var version: String?
    /// "dry_run", "live", "shadow".
    public var mode: String?
    /// "paper", "testnet", "production". Unknown is not paper.
    public var environment: String?
    public var epoch: UInt64?
    public var marketSource: String?
    public var symbols: [String]?
    public var isConnected: Bool?
    public var isReconciled: Bool?
    public var divergences: UInt64?
    public var openParents: UInt64?
    public var liveOrders: UInt64?
    public var unknownOrders: UInt64?

    init(_ metadata: StateDocument, _ synced: StateDocument) {
        let (engine, venue) = (metadata.fields, synced.fields)
        version = engine.text("engine_version") ?? venue.text("engine_version")
        mode = engine.text("mode")
        environment = metadata.environment
        epoch = engine.count("epoch")
        marketSource = engine.text("market_source")
        symbols = engine.texts("symbols")
        isConnected = venue.flag("is_connected")
        isReconciled = venue.flag("is_reconciled")
        divergences = venue.count("divergences")
        openParents = venue.count("open_parents")
        liveOrders = venue.count("live_orders")
        unknownOrders = venue.count("unknown_orders")
    }
}
