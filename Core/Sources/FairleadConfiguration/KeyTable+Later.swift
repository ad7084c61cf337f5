import FairleadModel

// Keys of later parts: known by name, so that a document written for them still says what it means. A limit among
// them is refused, since a limit that nobody watches is worse than none.
extension KeyTable {
    static let strategyLaterKeys: [ConfigurationKey] =
        algorithmKeys + haircutKeys + laterExitKeys

    static let riskLaterKeys: [ConfigurationKey] = laterLimitKeys + bandKeys

    static let runtimeLaterKeys: [ConfigurationKey] = venueKeys + surfaceKeys

    private static var algorithmKeys: [ConfigurationKey] {
        var styles = LaterSection(.strategy, "algorithms", part: 4)
        styles.key("vwap", .tree, "Volume curve settings.")
        styles.key("pov", .tree, "Participation settings.")
        styles.key("iceberg", .tree, "Display settings.")
        styles.key("adaptive", .tree, "Expected-cost settings.")
        return styles.rows
    }

    private static var haircutKeys: [ConfigurationKey] {
        var keys = LaterSection(.strategy, "sizing", part: 4)
        keys.key("correlation_haircut", .flag, "Divides by the correlation with open positions.")
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
        var keys = LaterSection(.risk, "", part: 4)
        keys.limit("weekly_loss_limit_pct", .fraction, "Loss since Monday 00:00 UTC.")
        keys.limit("max_portfolio_var_pct", .fraction, "Value at risk of the portfolio.")
        keys.limit("max_position_cvar_pct", .fraction, "Expected shortfall of a position.")
        keys.limit("correlation_groups", .tree, "Gross share of NAV per group.")
        keys.limit("max_pair_correlation", .fraction, "Correlation of an entry with an open position.")
        keys.limit("tiers", .tree, "Caps per tier.")
        keys.limit("symbols.*.tier", .text(.line), "The symbol's tier.")
        var venue = LaterSection(.risk, "", part: 6)
        venue.limit("testnet_overrides", .tree, "Limits in the testnet environment.")
        venue.limit("trading_hours", .tree, "Sessions outside of which nothing is entered.")
        return keys.rows + venue.rows
    }

    private static var bandKeys: [ConfigurationKey] {
        var keys = LaterSection(.risk, "", part: 4)
        keys.key("var.lookback_bars", .count(100...100_000), "Bars of the scenarios.")
        keys.key("var.half_life_bars", .count(1...100_000), "Half-life of the covariance.")
        return keys.rows
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
