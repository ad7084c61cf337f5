import FairleadModel

// Keys of later parts: known by name, so that a document written for them still says what it means. A limit among
// them is refused, since a limit that nobody watches is worse than none.
extension KeyTable {
    static let strategyLaterKeys: [ConfigurationKey] = laterSignalKeys

    static let riskLaterKeys: [ConfigurationKey] = laterLimitKeys

    static let runtimeLaterKeys: [ConfigurationKey] = venueKeys + surfaceKeys

    private static var laterSignalKeys: [ConfigurationKey] {
        var signals = LaterSection(.strategy, "signals", part: 6)
        signals.key("webhook_mapping", .tree, "Fields of a webhook's body.")
        return signals.rows
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
