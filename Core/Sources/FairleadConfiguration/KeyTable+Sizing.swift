import FairleadModel

extension KeyTable {
    static var sizingKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("sizing"), .reload, .part(\.engine.sizing))
        keys.key(
            "kelly.lookback_days",
            \.kelly.lookbackDays,
            .count(1...3650),
            "Closed trades of so many days count; at most the newest 8192 of all strategies."
        )
        keys.key(
            "kelly.base_fraction",
            \.kelly.baseFraction,
            .fraction,
            "Of NAV, where too little is known of the strategy: under min_trades, or no loss yet."
        )
        keys.key(
            "kelly.min_trades",
            \.kelly.minimumTrades,
            .count(1...100_000),
            "Closed trades before Kelly is believed; from there on no edge is a veto (negative_edge)."
        )
        keys.key(
            "kelly.kelly_multiplier",
            \.kelly.multiplier,
            .fraction,
            "Share of the full Kelly fraction; not of base_fraction."
        )
        keys.key("kelly.max_fraction", \.kelly.maximumFraction, .fraction, "The largest fraction of NAV.")
        keys.key(
            "kelly.max_buying_power_fraction",
            \.kelly.maximumBuyingPowerFraction,
            .fraction,
            "The largest share of buying power."
        )
        keys.key(
            "regime_applies_to_all",
            \.regimeAppliesToAll,
            .flag,
            "Entries whose size is given are cut by regime_multipliers too, not only those of size kelly."
        )
        keys.key(
            "correlation_haircut",
            \.correlationHaircut,
            .flag,
            "A size of Kelly is divided by 1 and the summed correlation with open positions of its direction."
        )
        return keys.rows + multiplierKeys("core", \.core) + multiplierKeys("satellite", \.satellite)
            + multiplierKeys("tactical", \.tactical) + multiplierKeys("alt_ext", \.altExt)
    }

    private static func multiplierKeys(
        _ tier: String,
        _ path: any WritableKeyPath<RegimeMultipliers, TierMultipliers> & Sendable
    ) -> [ConfigurationKey] {
        let prefix = segments("sizing.regime_multipliers.\(tier)")
        let scope = KeyScope<TierMultipliers>(
            get: { content, _ in content.engine.sizing.regimes[keyPath: path] },
            set: { content, _, change in change(&content.engine.sizing.regimes[keyPath: path]) }
        )
        let name = tier == "alt_ext" ? "ALT-EXT" : tier.uppercased()
        var keys = KeySection(.strategy, prefix, .reload, scope)
        keys.key("low", \.low, .fraction, "What low volatility leaves of a size of tier \(name).")
        keys.key("normal", \.normal, .fraction, "What normal volatility leaves.")
        keys.key("high", \.high, .fraction, "What high volatility leaves.")
        keys.key("crisis", \.crisis, .fraction, "What a crisis leaves.")
        return keys.rows
    }
}
