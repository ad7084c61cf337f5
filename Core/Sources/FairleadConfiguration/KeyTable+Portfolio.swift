import FairleadModel

// Limits of the portfolio: tails, correlations, tiers; and those that hold in the testnet alone.
extension KeyTable {
    static var tailKeys: [ConfigurationKey] {
        var keys = riskSection()
        keys.limit(
            "max_portfolio_var_pct",
            \.maximumPortfolioVar,
            .fraction,
            "Value at risk of the portfolio with the order, 99 % of a day, over NAV."
        )
        keys.limit(
            "max_position_cvar_pct",
            \.maximumPositionShortfall,
            .fraction,
            "Expected shortfall of the position with the order, 95 % of a day, over NAV."
        )
        keys.limit(
            "max_pair_correlation",
            \.maximumPairCorrelation,
            .fraction,
            "Correlation of an entry with an open position, of either sign."
        )
        return keys.rows
    }

    static var portfolioKeys: [ConfigurationKey] {
        var returns = KeySection(.risk, segments("var"), .restart, .part(\.engine.returns))
        returns.key("lookback_bars", \.lookbackBars, .count(100...5000), "Bars whose returns are the scenarios.")
        returns.key(
            "half_life_bars",
            \.halfLifeBars,
            .count(1...100_000),
            "A return's weight in the covariance halves in so many bars.",
            change: .reload
        )
        var groups = KeySection(.risk, [], .reload, .part(\.engine))
        groups.key(
            "correlation_groups",
            \.correlationGroups,
            .groups,
            "Symbols that move together, with a cap on their gross share of NAV."
        )
        return returns.rows + groups.rows + tierKeys
    }

    private static var tierKeys: [ConfigurationKey] {
        var rows: [ConfigurationKey] = []
        for tier in SymbolTier.allCases {
            let scope = KeyScope<TierLimits>(
                get: { content, _ in content.engine.risk.tiers[tier] },
                set: { content, _, change in change(&content.engine.risk.tiers[tier]) }
            )
            var keys = KeySection(.risk, segments("tiers.\(tier.name)"), .reload, scope)
            keys.limit(
                "per_symbol_nav_pct",
                \.maximumNavFraction,
                .fraction,
                "The position's notional as a share of NAV, of each symbol of the tier."
            )
            keys.limit("blocked_from", \.blockedFrom, .choice, "No entry in this risk mode and in graver ones.")
            rows += keys.rows
        }
        return rows
    }

    // MARK: The testnet

    static let testnetPrefix = "testnet_overrides."

    /// Limits that may be others in the testnet.
    private static let testnetLimits = [
        "price_collar_bps", "circuit_breakers.max_portfolio_dd_nav_pct", "daily_loss_limit_pct",
        "weekly_loss_limit_pct", "max_nav_drawdown_pct", "min_notional", "max_order_notional", "max_order_qty",
        "max_trade_nav_pct", "max_gross_exposure_pct", "max_leverage", "max_effective_leverage",
        "max_concurrent_positions", "max_trades_per_symbol_per_hour", "max_portfolio_var_pct",
        "max_position_cvar_pct",
    ]

    /// A row beside each of those, kept until the environment is known.
    static var testnetKeys: [ConfigurationKey] {
        testnetLimits.map { path in
            guard let limit = limitKeys.first(where: { $0.path == path }) else {
                preconditionFailure("Invariant: a limit of the testnet is one of the account's")
            }
            let place = testnetPrefix + path
            return ConfigurationKey(
                document: .risk,
                segments: segments(place),
                kind: limit.kind,
                status: .enforced,
                change: limit.change,
                isRequired: false,
                isOptional: true,
                summary: "Instead of \(path), in the testnet.",
                read: { content, _ in content.kept(.risk, place) },
                write: { content, _, value in content.keep(.risk, place, value) }
            )
        }
    }

    /// Puts the testnet's limits in force; gives the paths of those that changed place.
    static func applyTestnet(_ content: inout ConfigurationContent) -> [String] {
        var paths: [String] = []
        for path in testnetLimits {
            guard let value = content.kept(.risk, testnetPrefix + path),
                let limit = limitKeys.first(where: { $0.path == path })
            else { continue }
            limit.write(&content, 0, value)
            paths.append(path)
        }
        return paths
    }
}
