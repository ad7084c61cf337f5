import FairleadModel

extension KeyTable {
    /// `diagnostics` of `strategy_config.json`: observed, never traded on.
    static var diagnosticsKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("diagnostics"), .reload, .part(\.runtime.diagnostics))
        keys.key("enabled", \.isEnabled, .flag, "Diagnostics are computed and published.")
        keys.key("veto_metrics.window_signals", \.windowSignals, .count(1...10_000), "Signals of the window.")
        keys.key(
            "veto_metrics.window_seconds",
            \.windowSpan,
            .seconds(1...31_536_000),
            "Its time, whichever is shorter."
        )
        keys.key(
            "exit_pipeline.tp_sl_canary_enabled",
            \.isCanaryEnabled,
            .flag,
            "A position under water without a level raises a canary."
        )
        keys.key(
            "exit_pipeline.tp_sl_underwater_threshold_pct",
            \.underwaterThreshold,
            .signedFraction,
            "The unrealised result from which it does, a fraction of the cost."
        )
        let idle = KeyCodec<TimeSpan>.seconds(0...31_536_000)
        keys.key("liveness.enabled", \.liveness.isEnabled, .flag, "Idle times are judged.")
        keys.key(
            "liveness.max_idle_signals_seconds",
            \.liveness.maximumIdleSignals,
            idle,
            "No signal for as long; 0: off."
        )
        keys.key(
            "liveness.max_idle_orders_seconds",
            \.liveness.maximumIdleOrders,
            idle,
            "No order for as long; 0: off."
        )
        keys.key(
            "liveness.max_idle_exits_seconds",
            \.liveness.maximumIdleExits,
            idle,
            "No exit for as long; 0: off."
        )
        keys.key(
            "liveness.max_idle_exit_scans_seconds",
            \.liveness.maximumIdleExitScans,
            idle,
            "No scan of the levels for as long; 0: off."
        )
        keys.key(
            "liveness.max_idle_router_events_seconds",
            \.liveness.maximumIdleRouterEvents,
            idle,
            "No order event for as long; 0: off."
        )
        return keys.rows
    }

    /// `execution_health`: what warns.
    static var executionHealthKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("execution_health"), .reload, .part(\.runtime.executionHealth))
        keys.key("max_fallback_ratio", \.maximumFallback, .share, "high_fallback_ratio warns above.")
        keys.key(
            "max_median_slippage_bps",
            \.maximumMedianSlip,
            .bps(0...10_000),
            "elevated_median_slippage warns above."
        )
        keys.key("max_ack_ms", \.maximumAcknowledgement, .milliseconds(0...600_000), "slow_ack warns above.")
        return keys.rows
    }
}
