/// The numeric limits of the risk table that a person may set for a bounded time. Raw values are part of the journal's
/// format: never renumber, only append.
///
/// Those that are left out are no numbers, bound a price, keep an exit from opening anything, or hold elsewhere as
/// well: see `VetoReason.overrideObstacle`.
@frozen public enum OverridableLimit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case quoteAge = 0
    case navAge
    case drawdownCircuit
    case dayLoss
    case weekLoss
    case navDrawdown
    case groupShare
    case pairCorrelation
    case portfolioVar
    case positionShortfall
    case minimumNotional
    case orderNotional
    case orderQuantity
    case tradeShare
    case symbolShare
    case tierShare
    case grossExposure
    case leverage
    case effectiveLeverage
    case concurrentPositions
    case cooldown
    case tradesPerHour
    case repeatedExecutions
    case duplicateWindow
    case rejects

    /// The row of the risk table that reads it.
    public var rule: VetoReason {
        switch self {
        case .quoteAge: .staleMarketData
        case .navAge: .navStale
        case .drawdownCircuit: .portfolioDrawdownCircuit
        case .dayLoss: .dayLossLimit
        case .weekLoss: .weekLossLimit
        case .navDrawdown: .navDrawdownLimit
        case .groupShare, .pairCorrelation: .correlationCap
        case .portfolioVar: .varLimit
        case .positionShortfall: .cvarLimit
        case .minimumNotional: .minNotional
        case .orderNotional: .maxOrderNotional
        case .orderQuantity: .maxOrderQuantity
        case .tradeShare: .perTradeNav
        case .symbolShare: .symbolCap
        case .tierShare: .tierCap
        case .grossExposure: .portfolioCap
        case .leverage: .leverageExceeded
        case .effectiveLeverage: .effectiveLeverageExceeded
        case .concurrentPositions: .maxConcurrent
        case .cooldown: .cooldown
        case .tradesPerHour: .burstLimit
        case .repeatedExecutions: .repeatedExecution
        case .duplicateWindow: .duplicateOrder
        case .rejects: .rejectStorm
        }
    }

    /// What a person types: the row's name; the second number of a row goes by its key.
    public var name: String { self == .pairCorrelation ? "max_pair_correlation" : rule.name }

    /// Its key in `risk_limits.json`; a star stands for a symbol, a tier or a group.
    public var key: String {
        switch self {
        case .quoteAge: "max_quote_age_ms"
        case .navAge: "nav_freshness_seconds"
        case .drawdownCircuit: "circuit_breakers.max_portfolio_dd_nav_pct"
        case .dayLoss: "daily_loss_limit_pct"
        case .weekLoss: "weekly_loss_limit_pct"
        case .navDrawdown: "max_nav_drawdown_pct"
        case .groupShare: "correlation_groups.*.max_nav_pct"
        case .pairCorrelation: "max_pair_correlation"
        case .portfolioVar: "max_portfolio_var_pct"
        case .positionShortfall: "max_position_cvar_pct"
        case .minimumNotional: "min_notional"
        case .orderNotional: "max_order_notional"
        case .orderQuantity: "max_order_qty"
        case .tradeShare: "max_trade_nav_pct"
        case .symbolShare: "symbols.*.max_nav_pct"
        case .tierShare: "tiers.*.per_symbol_nav_pct"
        case .grossExposure: "max_gross_exposure_pct"
        case .leverage: "max_leverage"
        case .effectiveLeverage: "max_effective_leverage"
        case .concurrentPositions: "max_concurrent_positions"
        case .cooldown: "cooldown_minutes_after_stop"
        case .tradesPerHour: "max_trades_per_symbol_per_hour"
        case .repeatedExecutions: "repeated_execution.count"
        case .duplicateWindow: "duplicate_order_window_s"
        case .rejects: "reject_storm.count"
        }
    }

    /// For a person, after "no entry": what the number holds back.
    public var meaning: String {
        switch self {
        case .quoteAge: "on market data older than this"
        case .navAge: "while the NAV is older than this"
        case .drawdownCircuit: "from this drawdown on: trading is killed, and latched until reset"
        case .dayLoss: "from this loss since 00:00 UTC on"
        case .weekLoss: "from this loss since Monday 00:00 UTC on"
        case .navDrawdown: "from this drawdown on, while it lasts"
        case .groupShare: "that brings a correlation group over this share of NAV"
        case .pairCorrelation: "whose correlation with an open position is higher"
        case .portfolioVar: "that brings the portfolio's value at risk over this share of NAV"
        case .positionShortfall: "that brings its position's expected shortfall over this share of NAV"
        case .minimumNotional: "smaller than this; the venue's own minimum holds too"
        case .orderNotional: "larger than this"
        case .orderQuantity: "of more units than this; the venue's own maximum holds too"
        case .tradeShare: "larger than this share of NAV"
        case .symbolShare: "that brings its position over this share of NAV"
        case .tierShare: "that brings its position over its tier's share of NAV"
        case .grossExposure: "that brings gross exposure over this multiple of NAV"
        case .leverage: "larger than this multiple of NAV"
        case .effectiveLeverage: "that brings exposure with working orders over this multiple of NAV"
        case .concurrentPositions: "that opens a position beyond so many"
        case .cooldown: "for so long after a stop-out of its symbol"
        case .tradesPerHour: "beyond so many of its symbol within an hour"
        case .repeatedExecutions: "after so many equal fills in a row: the symbol is latched until it is enabled"
        case .duplicateWindow: "equal to another of the last while"
        case .rejects: "after so many rejects in a row: trading is halted, the symbol latched"
        }
    }

    public var unit: LimitUnit {
        switch self {
        case .quoteAge: .milliseconds
        case .navAge, .duplicateWindow: .seconds
        case .cooldown: .minutes
        case .minimumNotional, .orderNotional: .money
        case .orderQuantity: .quantity
        case .concurrentPositions, .tradesPerHour, .repeatedExecutions, .rejects: .count
        case .drawdownCircuit, .dayLoss, .weekLoss, .navDrawdown, .groupShare, .pairCorrelation, .portfolioVar,
            .positionShortfall, .tradeShare, .symbolShare, .tierShare, .grossExposure, .leverage, .effectiveLeverage:
            .rate
        }
    }

    /// The values that it may have, as `risk_limits.json` has them, in the unit's raw numbers.
    public var bounds: ClosedRange<Int64> {
        let one = FixedPoint.one
        switch self {
        case .quoteAge: return unit.one...3_600_000 * unit.one
        case .navAge: return unit.one...86_400 * unit.one
        case .duplicateWindow: return 0...86_400 * unit.one
        case .cooldown: return 0...43_200 * unit.one
        case .minimumNotional, .orderNotional: return 1...Int64.max
        case .orderQuantity: return 1...Quantity.bound.raw
        case .concurrentPositions: return 1...10_000
        case .tradesPerHour: return 1...256
        case .repeatedExecutions: return 2...32
        case .rejects: return 1...32
        case .drawdownCircuit, .dayLoss, .weekLoss, .navDrawdown, .groupShare, .pairCorrelation, .portfolioVar,
            .positionShortfall, .tradeShare, .symbolShare, .tierShare:
            return 1...one
        case .grossExposure: return 1...100 * one
        case .leverage, .effectiveLeverage: return 1...200 * one
        }
    }

    /// A larger number lets more out. A limit that is off lets out most.
    public var isLooserWhenLarger: Bool {
        switch self {
        case .minimumNotional, .cooldown, .duplicateWindow: false
        case .quoteAge, .navAge, .drawdownCircuit, .dayLoss, .weekLoss, .navDrawdown, .groupShare, .pairCorrelation,
            .portfolioVar, .positionShortfall, .orderNotional, .orderQuantity, .tradeShare, .symbolShare, .tierShare,
            .grossExposure, .leverage, .effectiveLeverage, .concurrentPositions, .tradesPerHour, .repeatedExecutions,
            .rejects:
            true
        }
    }

    /// Whose entries alone it may be set for. A latch is the symbol's or the account's, whoever brought it about.
    public var scope: LimitScope {
        switch self {
        case .drawdownCircuit: .account
        case .repeatedExecutions, .rejects: .symbol
        case .quoteAge, .navAge, .dayLoss, .weekLoss, .navDrawdown, .groupShare, .pairCorrelation, .portfolioVar,
            .positionShortfall, .minimumNotional, .orderNotional, .orderQuantity, .tradeShare, .symbolShare,
            .tierShare, .grossExposure, .leverage, .effectiveLeverage, .concurrentPositions, .cooldown, .tradesPerHour,
            .duplicateWindow:
            .any
        }
    }

    /// The limit of a row's name or of a key; nil for what is neither.
    public init?(typed text: String) {
        guard let known = Self.allCases.first(where: { $0.name == text || $0.key == text }) else { return nil }
        self = known
    }

    /// True when `value` lets out more than `other`; nil is a limit that is off.
    public func isLooser(_ value: Int64?, than other: Int64?) -> Bool {
        guard let other else { return false }
        guard let value else { return true }
        return isLooserWhenLarger ? value > other : value < other
    }
}

/// Whose entries a limit may be overridden for.
@frozen public enum LimitScope: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case account = 0
    /// Of one symbol, or of all.
    case symbol
    /// Of one symbol, of one strategy, of both together, or of all.
    case any
}

/// What a limit's raw number counts.
@frozen public enum LimitUnit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// 10^-8: a fraction or a ratio.
    case rate = 0
    /// 10^-8 of the reporting currency.
    case money
    /// 10^-8.
    case quantity
    case count
    // Times are nanoseconds, whatever they are typed in.
    case milliseconds
    case seconds
    case minutes

    public var name: String {
        switch self {
        case .rate: "ratio"
        case .money: "money"
        case .quantity: "quantity"
        case .count: "count"
        case .milliseconds: "ms"
        case .seconds: "s"
        case .minutes: "min"
        }
    }

    /// The raw number of one.
    public var one: Int64 {
        switch self {
        case .rate, .money, .quantity: FixedPoint.one
        case .count: 1
        case .milliseconds: 1_000_000
        case .seconds: 1_000_000_000
        case .minutes: 60_000_000_000
        }
    }

    /// Exact text of a raw number, without the unit.
    public func text(_ raw: Int64) -> String {
        switch self {
        case .rate, .money, .quantity: return DecimalText.text(raw: raw)
        case .count: return String(raw)
        case .milliseconds, .seconds, .minutes:
            // What a limit may be typed with divides without a rest; more digits are cut.
            return DecimalText.text(raw: Int64(clamping: Int128(raw) * Int128(FixedPoint.one) / Int128(one)))
        }
    }

    /// The raw number of a decimal text; what the unit can't hold exactly is refused.
    public func raw(_ text: String) throws(DecimalError) -> Int64 {
        let value = try DecimalText.parse(text.utf8.span)
        let scaled = Int128(value) * Int128(one)
        guard scaled % Int128(FixedPoint.one) == 0 else { throw .tooPrecise }
        guard let raw = Int64(exactly: scaled / Int128(FixedPoint.one)) else { throw .outOfRange }
        return raw
    }
}

extension VetoReason {
    /// Why no number of this row can be overridden; nil where one can.
    public var overrideObstacle: String? {
        switch self {
        case .killSwitch: "the trading state is no number: resume ends it"
        case .notReconciled: "the venue is asked, not believed: reconcile"
        case .signalExpired: "its end is the signal's own"
        case .restrictedSymbol, .notWhitelisted: "it is a list of the configuration, not a number"
        case .sideBlocked, .strategyDisabled: "it is a switch: risk enable and risk disable set it"
        case .invalidOrder: "the instrument's own bounds are the venue's"
        case .nothingToReduce: "what keeps an exit from opening anything is never loosened"
        case .negativeEdge: "it has no number: the strategy's trades say it"
        case .priceCollar: "a bound of price holds for whoever sends: change price_collar_bps and reload"
        case .tierBlock: "it is a switch of the tier, not a number"
        case .alreadyInTrade: "it is a switch (pyramiding), not a number"
        case .orderRateLimit: "the guard before the socket and the venue hold the same rates"
        case .selfCross: "no order of ours may meet another"
        case .buyingPower: "what is free is what the account has"
        case .unknownOrder: "an order that nobody knows the truth about is resolved, not ignored"
        case .marketClosed: "the market's hours are not ours to set"
        case .noReferencePrice: "without a price there is no collar"
        case .environmentGuard: "it keeps orders out of the wrong environment"
        case .staleMarketData, .navStale, .portfolioDrawdownCircuit, .dayLossLimit, .weekLossLimit, .navDrawdownLimit,
            .correlationCap, .varLimit, .cvarLimit, .minNotional, .maxOrderNotional, .maxOrderQuantity, .perTradeNav,
            .symbolCap, .tierCap, .portfolioCap, .leverageExceeded, .effectiveLeverageExceeded, .maxConcurrent,
            .cooldown, .burstLimit, .repeatedExecution, .duplicateOrder, .rejectStorm:
            nil
        }
    }
}
