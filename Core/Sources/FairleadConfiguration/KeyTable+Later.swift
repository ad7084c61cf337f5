import FairleadModel

// Keys of later parts: known by name, so that a document written for them still says what it means. A limit among
// them is refused, since a limit that nobody watches is worse than none.
extension KeyTable {
    static let strategyLaterKeys: [ConfigurationKey] =
        algorithmKeys + sizingKeys + healthKeys + qualityKeys + policyKeys + autotuneKeys + laterExitKeys

    static let riskLaterKeys: [ConfigurationKey] = laterLimitKeys

    static let runtimeLaterKeys: [ConfigurationKey] = venueKeys + surfaceKeys

    private static var algorithmKeys: [ConfigurationKey] {
        var styles = LaterSection(.strategy, "algorithms", part: 4)
        styles.key("vwap", .tree, "Volume curve settings.")
        styles.key("pov", .tree, "Participation settings.")
        styles.key("iceberg", .tree, "Display settings.")
        styles.key("adaptive", .tree, "Expected-cost settings.")
        return styles.rows
    }

    private static var sizingKeys: [ConfigurationKey] {
        var keys = LaterSection(.strategy, "sizing", part: 4)
        keys.key("kelly.lookback_days", .count(1...3650), "Closed trades of so many days.")
        keys.key("kelly.base_fraction", .fraction, "Used under min_trades.")
        keys.key("kelly.min_trades", .count(1...100_000), "Closed trades before Kelly is believed.")
        keys.key("kelly.kelly_multiplier", .fraction, "Share of the full Kelly fraction.")
        keys.limit("kelly.max_fraction", .fraction, "The largest fraction of NAV.")
        keys.limit("kelly.max_buying_power_fraction", .fraction, "The largest share of buying power.")
        keys.key("regime_multipliers", .tree, "Volatility multipliers per tier and regime.")
        keys.key("correlation_haircut", .flag, "Divides by the correlation with open positions.")
        return keys.rows
    }

    private static var healthKeys: [ConfigurationKey] {
        var health = LaterSection(.strategy, "execution_health", part: 5)
        health.key("max_fallback_ratio", .share, "Warns above.")
        health.key("max_median_slippage_bps", .bps(0...10_000), "Warns above.")
        health.key("max_ack_ms", .milliseconds(0...600_000), "Warns above.")
        return health.rows
    }

    private static var qualityKeys: [ConfigurationKey] {
        var keys = LaterSection(.strategy, "router_quality", part: 5)
        keys.key("base_score", .share, "The score of an untroubled symbol.")
        keys.key("twap_skip_penalty", .share, "Penalty of unused TWAP.")
        keys.key("twap_penalty_basis", .choice(["all", "eligible"]), "Which notional counts.")
        keys.key("drift_thresholds_bps", .tree, "Bounds of GREEN and YELLOW.")
        keys.key("latency_thresholds_ms", .tree, "Bounds of FAST and NORMAL.")
        return keys.rows
    }

    private static var policyKeys: [ConfigurationKey] {
        var keys = LaterSection(.strategy, "router.policy", part: 4)
        keys.key("prior.maker_fill", .share, "Assumed of a new symbol.")
        keys.key("prior.fallback", .share, "Assumed of a new symbol.")
        keys.key("prior.slip_bps", .bps(0...1000), "Assumed of a new symbol.")
        keys.key("prior.weight", .count(0...10_000), "Samples that the prior counts as.")
        keys.key("half_life_hours", KeyCodec<TimeSpan>.hours(1...8760).kind, "Evidence decays by half in this time.")
        keys.key("window_days", .count(1...365), "Days of evidence.")
        keys.key("thresholds", .tree, "Bounds of broken, degraded and good.")
        return keys.rows
    }

    private static var autotuneKeys: [ConfigurationKey] {
        var keys = LaterSection(.strategy, "autotune", part: 4)
        keys.key("apply_enabled", .flag, "Suggestions are applied.")
        keys.key("max_bias_delta", .share, "The largest step of the bias.")
        keys.key("max_offset_step_bps", .bps(0...100), "The largest step of the offset.")
        keys.key("max_offset_abs_bps", .bps(0...100), "The largest offset.")
        keys.key("allow_maker_flip", .flag, "Whether maker_first may be turned.")
        keys.key("symbols", .texts(.line, limit: 1000), "Symbols that may be tuned; * is all.")
        keys.key("qualities", .texts(.line, limit: 4), "Qualities that may be tuned.")
        return keys.rows
    }

    private static var laterExitKeys: [ConfigurationKey] {
        var keys = LaterSection(.strategy, "exits", part: 6)
        keys.key("native_grace_ms", .milliseconds(0...600_000), "A crossed native level gets this long.")
        var profiles = LaterSection(.strategy, "exits", part: 4)
        profiles.key("profit_stages", .tree, "Stops that tighten as profit grows.")
        var signals = LaterSection(.strategy, "signals", part: 6)
        signals.key("webhook_mapping", .tree, "Fields of a webhook's body.")
        return keys.rows + profiles.rows + signals.rows
    }

    private static var laterLimitKeys: [ConfigurationKey] {
        var venue = LaterSection(.risk, "", part: 6)
        venue.limit("trading_hours", .tree, "Sessions outside of which nothing is entered.")
        return venue.rows
    }

    private static var venueKeys: [ConfigurationKey] {
        var keys = LaterSection(.runtime, "venues", part: 6)
        keys.key("binance.api_key", .secret, "Where the key is kept.")
        keys.key("binance.api_secret", .secret, "Where the secret is kept.")
        keys.key("binance.settings", .tree, "Endpoints, budgets, modes.")
        keys.key("ibkr.settings", .tree, "Host, port, client id.")
        keys.key("allow_unverified_key_permissions", .flag, "Live without proof that the key can't withdraw.")
        var unknown = LaterSection(.runtime, "unknown", part: 6)
        unknown.key("min_confirmations", .count(1...100), "Consistent answers before an order is dead.")
        unknown.key("min_age_s", .seconds(0...86_400), "Spread over at least this time.")
        return keys.rows + unknown.rows
    }

    private static var surfaceKeys: [ConfigurationKey] {
        var keys = LaterSection(.runtime, "", part: 6)
        keys.key("http.port", .count(1...65_535), "The dashboard's port on the loopback.")
        keys.key("http.signal_port", .count(1...65_535), "The signal ingress's port.")
        keys.key("http.signal_secret", .secret, "Where the secret of signed signals is kept.")
        keys.key("bus", .tree, "Redis streams.")
        keys.key("dual_run", .tree, "Comparison with a legacy system.")
        keys.key("alerts.webhook_url", .text(.line), "Where alerts go.")
        keys.key("alerts.webhook_secret", .secret, "Where the webhook's secret is kept.")
        keys.key("alerts.telegram_token", .secret, "Where the bot's token is kept.")
        keys.key("alerts.telegram_chat", .text(.line), "The chat.")
        keys.key("alerts.rules", .tree, "Which events alert, and how loudly.")
        return keys.rows
    }
}
