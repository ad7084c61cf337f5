import FairleadModel

extension KeyTable {
    /// `strategy_config.json`, enforced.
    static let strategyKeys: [ConfigurationKey] =
        routerKeys + routerTimingKeys + overrideKeys + policyKeys + policyThresholdKeys + autotuneKeys + adaptiveKeys
        + twapKeys
        + algorithmKeys + bucketKeys + exitKeys + screenerKeys + statisticsKeys + scoreKeys + sizingKeys
        + diagnosticsKeys
        + executionHealthKeys

    private static var routerKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("router"), .reload, .part(\.engine.routing))
        keys.key("maker_first", \.makerFirst, .flag, "Whether a signal that does not say starts as maker.")
        keys.key(
            "max_book_age_ms",
            \.maximumBookAge,
            .milliseconds(1...600_000),
            "An older book is stale: no maker start, nothing is collared from it."
        )
        keys.key(
            "max_spread_bps",
            \.maximumSpread,
            .bps(0...10_000),
            "A wider spread is answered by wide_spread_action."
        )
        keys.key("wide_spread_action", \.wideSpreadAction, .choice, "What happens when the spread is too wide.")
        keys.key(
            "offset_spread_clamp_bps",
            \.offsetSpreadClamp,
            .bps(0...10_000),
            "The largest maker offset in a wide spread under the action clamp."
        )
        keys.key("missing_book_action", \.missingBookAction, .choice, "What happens when there is no usable book.")
        keys.key("offset_reference", \.offsetReference, .choice, "What a maker's offset is measured from.")
        keys.key("maker_reprice", \.makerReprice, .choice, "Whether a maker follows a touch that moved away.")
        keys.key("reprice_max", \.maximumReprices, .count(0...100), "How often a maker follows.")
        keys.key(
            "rejects_max",
            \.maximumPostOnlyRejects,
            .count(1...100),
            "After so many post-only rejects the rest goes as taker."
        )
        keys.key(
            "slip_max_bps",
            \.maximumMakerSlip,
            .bps(0...10_000),
            "A maker gives way when the market moved against it by more, from arrival."
        )
        keys.key(
            "maker_timeout_ms",
            \.makerTimeout,
            .milliseconds(1...86_400_000),
            "A maker gives way after this time."
        )
        keys.key(
            "max_slippage_bps",
            \.takerSlippage,
            .bps(0...10_000),
            "The price bound of a marketable limit, from the far touch."
        )
        keys.key("exit_order_type", \.exitOrderType, .choice, "The order that an exit leaves as.")
        keys.key("exit_reprices", \.exitReprices, .count(0...100), "Repeats of a bounded exit before a market order.")
        return keys.rows
    }

    private static var routerTimingKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("router"), .reload, .part(\.engine.routing))
        keys.key("policy_period_s", \.policyPeriod, .seconds(1...3600), "The policy is recomputed every so often.")
        keys.key(
            "policy_stale_after_s",
            \.policyStaleAfter,
            .seconds(1...86_400),
            "A policy recomputed longer ago is stale: no maker start."
        )
        keys.key(
            "answer_timeout_ms",
            \.answerTimeout,
            .milliseconds(10...600_000),
            "A venue's answer later than this makes the order unknown."
        )
        keys.key(
            "request_lifetime_ms",
            \.requestLifetime,
            .milliseconds(10...600_000),
            "The venue refuses a request that arrives later after its sending."
        )
        return keys.rows
    }

    private static var overrideKeys: [ConfigurationKey] {
        let scope = KeyScope<PolicyOverride>(
            get: { content, index in content.engine.symbols[index].policyOverride },
            set: { content, index, change in change(&content.engine.symbols[index].policyOverride) }
        )
        var keys = KeySection(.strategy, segments("router.overrides.*"), .reload, scope)
        keys.limit("quality", \.quality, .choice, "Stands in for the computed quality: what follows from it follows.")
        keys.limit("taker_bias", \.takerBias, .choice, "Replaces the computed bias by its name.")
        keys.limit("maker_first", \.makerFirst, .flag, "Whether the policy allows a maker start.")
        keys.limit("regime", \.regime, .choice, "Stands in for the observed regime: what follows from it follows.")
        keys.limit("bias", \.bias, .share, "0 maker, 1 taker; must not contradict taker_bias.")
        keys.limit("offset_bps", \.offset, .bps(0...1000), "How far from its reference a maker quotes.")
        return keys.rows
    }

    private static var exitKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("exits"), .reload, .part(\.engine.exits))
        keys.key("trigger_reference", \.triggerReference, .choice, "The price that take-profits and stops watch.")
        keys.key("scan_period_ms", \.scanPeriod, .milliseconds(10...60_000), "How often all levels are scanned.")
        keys.key(
            "refire_backoff_ms",
            \.refireBackoff,
            .milliseconds(10...600_000),
            "The first pause before a level fires again whose exit left position; doubles up to 32 times this."
        )
        keys.key("native", \.isNative, .flag, "Whether levels rest at the venue as orders, and are watched beside.")
        keys.key(
            "native_grace_ms",
            \.nativeGrace,
            .milliseconds(0...600_000),
            "How long a reached level waits for its order at the venue before that is cancelled and an exit is sent."
        )
        keys.key(
            "profit_stages.profit",
            \.stageProfits,
            .ratios(from: 0, to: 10, limit: ProfitStages.limit),
            "Profits as fractions of the entry price: at each the stop of a signal without stages of its own tightens."
        )
        keys.key(
            "profit_stages.stop",
            \.stageStops,
            .ratios(from: -1, to: 10, limit: ProfitStages.limit),
            "To which each of them tightens it, as a fraction of the entry price; negative: still at a loss."
        )
        return keys.rows
    }

    private static var screenerKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("screener"), .reload, .part(\.engine.screener))
        keys.key("enabled", \.isEnabled, .flag, "The reference strategy trades screener.symbols.")
        keys.key("fast_bars", \.fastBars, .count(1...1000), "Bars of the fast average.", change: .restart)
        keys.key(
            "slow_bars",
            \.slowBars,
            .count(2...5000),
            "Bars of the slow average, over fast_bars.",
            change: .restart
        )
        keys.key("rsi_bars", \.rsiBars, .count(2...1000), "Bars of the RSI.", change: .restart)
        keys.key("rsi_low", \.rsiLow, .count(0...100), "A short entry needs an RSI over this.")
        keys.key("rsi_high", \.rsiHigh, .count(0...100), "A long entry needs an RSI under this.")
        keys.key("atr_bars", \.atrBars, .count(2...1000), "Bars of the ATR.", change: .restart)
        keys.key("stop_atrs", \.stopAtrs, .ratio(upTo: 100), "The stop's distance in ATRs.")
        keys.key("profit_atrs", \.profitAtrs, .ratio(upTo: 100), "The take-profit's distance in ATRs.")
        keys.key("notional", \.notional, .money(isAboveZero: true), "Size of each entry in the quote currency.")
        keys.key("signal_lifetime_s", \.signalLifetime, .seconds(1...86_400), "A signal expires after this time.")
        var lists = KeySection(.strategy, segments("screener"), .reload, .part(\.engine))
        lists.custom(
            "symbols",
            .texts(.symbol, limit: instrumentLimit),
            "The instruments that the screener trades.",
            get: { symbols(of: $0, where: \.isScreened) },
            set: { mark(&$0, $1) { $0.isScreened = $1 } }
        )
        return keys.rows + lists.rows
    }

    private static var statisticsKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("router_quality"), .reload, .part(\.engine.quality))
        keys.key("baseline_bps", \.baseline, .bps(-1000...1000), "The slippage that drift is measured from.")
        keys.key(
            "stats_window.seconds",
            \.window,
            .seconds(1...604_800),
            "Older fills leave the statistics of their symbol."
        )
        keys.key(
            "stats_window.min_events",
            \.minimumEvents,
            .count(0...65_536),
            "So many fills stay whatever their age; at most runtime.capacities.fills."
        )
        return keys.rows
    }

    /// The instruments for which a flag holds, in their order.
    static func symbols(of engine: EngineConfiguration, where flag: (SymbolConfiguration) -> Bool) -> [String] {
        zip(engine.instruments, engine.symbols).filter { flag($0.1) }.map(\.0.symbol)
    }

    /// Sets a flag for the listed instruments and clears it for the others.
    static func mark(
        _ engine: inout EngineConfiguration,
        _ listed: [String],
        _ set: (inout SymbolConfiguration, Bool) -> Void
    ) {
        for index in engine.instruments.indices {
            set(&engine.symbols[index], listed.contains(engine.instruments[index].symbol))
        }
    }
}
