import FairleadModel

extension KeyTable {
    /// `risk_limits.json`, enforced: the rows of SPEC 4 in their order.
    static let riskKeys: [ConfigurationKey] =
        limitKeys + portfolioKeys + listKeys + symbolKeys + testnetKeys

    /// The limits of the account: what `testnet_overrides` may change is among them.
    static let limitKeys: [ConfigurationKey] =
        priceAndNavKeys + lossKeys + sizeKeys + pacingKeys + venueGuardKeys + tailKeys

    static func riskSection(_ prefix: String = "") -> KeySection<RiskLimits> {
        KeySection(.risk, segments(prefix), .reload, .part(\.engine.risk))
    }

    private static var priceAndNavKeys: [ConfigurationKey] {
        var keys = riskSection()
        keys.key(
            "price_collar_bps",
            \.priceCollar,
            .bps(1...5000),
            "How much worse than the reference an entry's limit may be. Live must set it."
        )
        keys.key(
            "exit_price_collar_bps",
            \.exitPriceCollar,
            .bps(1...9000),
            "The same for exits; at least price_collar_bps."
        )
        keys.key(
            "max_quote_age_ms",
            \.maximumQuoteAgeCrypto,
            .milliseconds(1...3_600_000),
            "No entry on older market data: crypto."
        )
        keys.key(
            "max_quote_age_equity_ms",
            \.maximumQuoteAgeEquity,
            .milliseconds(1...3_600_000),
            "No entry on older market data: equities."
        )
        keys.key(
            "nav_freshness_seconds",
            \.navFreshness,
            .seconds(1...86_400),
            "An older NAV is stale: no entry."
        )
        keys.key(
            "fail_closed_on_nav_stale",
            \.failClosedOnNavStale,
            .flag,
            "Whether a stale NAV stops entries. Live refuses false."
        )
        var anomalies = riskSection("nav_anomalies")
        anomalies.key(
            "max_multiplier_intraday",
            \.navJumpMultiplier,
            .ratio(upTo: 1000),
            "A NAV over so many times its peak moves no peak before it is confirmed; at least 1."
        )
        anomalies.key(
            "max_gap_abs_usd",
            \.navJumpAbsolute,
            .money(isAboveZero: true),
            "A NAV this much over its peak moves no peak before it is confirmed."
        )
        return keys.rows + anomalies.rows
    }

    private static var lossKeys: [ConfigurationKey] {
        var circuit = riskSection("circuit_breakers")
        circuit.limit(
            "max_portfolio_dd_nav_pct",
            \.maximumPortfolioDrawdown,
            .fraction,
            "Drawdown from the peak NAV that kills trading; latched until reset."
        )
        var bands = riskSection("dd_bands")
        bands.key(
            "warn",
            \.drawdownWarning,
            .fraction,
            "Drawdown from which the risk mode is cautious; left 20 % below it."
        )
        bands.key(
            "panic",
            \.drawdownPanic,
            .fraction,
            "Drawdown from which the risk mode is defensive; left 20 % below it. Over warn."
        )
        var keys = riskSection()
        keys.limit(
            "daily_loss_limit_pct",
            \.dailyLossLimit,
            .fraction,
            "Loss since 00:00 UTC that stops entries. Live must set it."
        )
        keys.limit(
            "weekly_loss_limit_pct",
            \.weeklyLossLimit,
            .fraction,
            "Loss since Monday 00:00 UTC that stops entries."
        )
        keys.limit(
            "max_nav_drawdown_pct",
            \.maximumNavDrawdown,
            .fraction,
            "Drawdown that stops entries while it lasts; not latched."
        )
        return circuit.rows + bands.rows + keys.rows
    }

    private static var sizeKeys: [ConfigurationKey] {
        var keys = riskSection()
        keys.limit(
            "min_notional",
            \.minimumNotional,
            .money(isAboveZero: true),
            "The smallest order; the venue's own holds too."
        )
        keys.limit(
            "max_order_notional",
            \.maximumOrderNotional,
            .money(isAboveZero: true),
            "The largest order. Live must set it."
        )
        keys.limit("max_order_qty", \.maximumOrderQuantity, .quantity, "The largest order in units of its instrument.")
        keys.limit("max_trade_nav_pct", \.maximumTradeNavFraction, .fraction, "An entry's notional as a share of NAV.")
        keys.limit(
            "max_gross_exposure_pct",
            \.maximumGrossExposure,
            .ratio(upTo: 100),
            "Gross exposure over NAV; a ratio that may pass 1. Live must set it."
        )
        keys.limit("max_leverage", \.maximumLeverage, .ratio(upTo: 200), "One order's own notional over NAV, at most.")
        keys.limit(
            "max_effective_leverage",
            \.maximumEffectiveLeverage,
            .ratio(upTo: 200),
            "Gross exposure with working orders over NAV, at most."
        )
        keys.limit(
            "max_concurrent_positions",
            \.maximumConcurrentPositions,
            .count(1...10_000),
            "Open positions, entries in flight included."
        )
        keys.key("pyramiding", \.allowsPyramiding, .flag, "Whether an open position may be added to.")
        keys.key("clamp", \.clampsToLimits, .flag, "Cuts an entry to what the caps leave instead of refusing it.")
        return keys.rows
    }

    private static var pacingKeys: [ConfigurationKey] {
        var keys = riskSection()
        keys.limit(
            "cooldown_minutes_after_stop",
            \.cooldownAfterStop,
            .minutes(0...43_200),
            "No entry of a symbol for so long after its stop-out."
        )
        keys.limit(
            "max_trades_per_symbol_per_hour",
            \.maximumTradesPerSymbolPerHour,
            .count(1...256),
            "Entries of one symbol within an hour."
        )
        var rates = riskSection("order_rate_limit")
        rates.limit("per_1s", \.ordersPerSecond, .count(1...1_000_000), "Orders a second and venue.")
        rates.limit("per_10s", \.ordersPerTenSeconds, .count(1...1_000_000), "Orders in ten seconds and venue.")
        rates.limit("per_1m", \.ordersPerMinute, .count(1...1_000_000), "Orders a minute and venue.")
        rates.key(
            "reserved_ratio",
            \.reservedRateShare,
            .share,
            "The share of each rate kept for exits and cancels."
        )
        var repeated = riskSection("repeated_execution")
        repeated.limit(
            "count",
            \.repeatedExecutionCount,
            .count(2...32),
            "So many equal fills in a row disable the symbol."
        )
        repeated.key("window_s", \.repeatedExecutionWindow, .seconds(1...86_400), "Within this time.")
        return keys.rows + rates.rows + repeated.rows
    }

    private static var venueGuardKeys: [ConfigurationKey] {
        var keys = riskSection()
        keys.key(
            "duplicate_order_window_s",
            \.duplicateOrderWindow,
            .seconds(0...86_400),
            "The same symbol, side, quantity and price within this time is a duplicate."
        )
        keys.key("halt_allows_reduce", \.haltAllowsReduce, .flag, "Whether exits pass while halted.")
        keys.key(
            "stale_venue_after_ms",
            \.staleVenueAfter,
            .milliseconds(100...3_600_000),
            "A venue silent for so long turns the state to reducing."
        )
        keys.limit(
            "max_clock_skew_ms",
            \.maximumClockSkew,
            .milliseconds(1...600_000),
            "Our clock and the venue's further apart turn the state to reducing, until they agree."
        )
        keys.key(
            "override_max_hours",
            \.longestOverride,
            .hours(1...168),
            "How long a person may override a limit for (risk override)."
        )
        var storm = riskSection("reject_storm")
        storm.limit("count", \.rejectStormCount, .count(1...32), "So many venue rejects in a row halt trading.")
        storm.key("window_s", \.rejectStormWindow, .seconds(1...86_400), "Within this time.")
        var environment = riskSection("non_prod")
        environment.key(
            "require_dry_run",
            \.requiresDryRun,
            .flag,
            "No order leaves for real outside production."
        )
        return keys.rows + storm.rows + environment.rows
    }

    private static var listKeys: [ConfigurationKey] {
        var keys = KeySection(.risk, [], .reload, .part(\.engine))
        keys.custom(
            "universe",
            .texts(.symbol, limit: instrumentLimit),
            "The instruments that may be entered; left out: all that are configured.",
            get: { symbols(of: $0, where: \.isWhitelisted) },
            set: { mark(&$0, $1) { $0.isWhitelisted = $1 } }
        )
        keys.custom(
            "restricted_symbols",
            .texts(.symbol, limit: instrumentLimit),
            "Instruments that may not be entered.",
            get: { symbols(of: $0, where: \.isRestricted) },
            set: { mark(&$0, $1) { $0.isRestricted = $1 } }
        )
        return keys.rows
    }

    private static var symbolKeys: [ConfigurationKey] {
        let scope = KeyScope<SymbolConfiguration>(
            get: { content, index in content.engine.symbols[index] },
            set: { content, index, change in change(&content.engine.symbols[index]) }
        )
        var keys = KeySection(.risk, segments("symbols.*"), .reload, scope)
        keys.limit("max_nav_pct", \.maximumNavFraction, .fraction, "The position's notional as a share of NAV.")
        keys.limit("max_leverage", \.maximumLeverage, .ratio(upTo: 200), "One order's own notional over NAV, at most.")
        keys.limit("tier", \.tier, .choice, "What a tier's limits apply to; none: no tier's limits.")
        keys.custom(
            "side_blocked",
            KeyCodec<BlockedSide>.choice,
            "The direction that may not be entered.",
            get: { BlockedSide(buy: $0.isBuyBlocked, sell: $0.isSellBlocked) },
            set: { symbol, side in
                symbol.isBuyBlocked = side.blocksBuy
                symbol.isSellBlocked = side.blocksSell
            }
        )
        return keys.rows
    }
}
