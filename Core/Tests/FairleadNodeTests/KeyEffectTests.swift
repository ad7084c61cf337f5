import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Foundation
import Testing

@testable import FairleadNode

/// Each key that says `enforced` changes something that a person can see.
@Suite struct KeyEffectTests {
    typealias Fixture = NodeFixture

    /// `key=value`, then what both runs have besides: the run with the value must differ from the run without.
    static let cases = """
        strategy_config.router.maker_first=false
        strategy_config.router.max_book_age_ms=1
        strategy_config.router.max_spread_bps=0
        strategy_config.router.wide_spread_action=veto strategy_config.router.max_spread_bps=0
        strategy_config.router.offset_reference=mid
        strategy_config.router.maker_reprice=stay
        strategy_config.router.slip_max_bps=0
        strategy_config.router.maker_timeout_ms=5
        strategy_config.router.max_slippage_bps=40
        strategy_config.router.exit_order_type=market
        strategy_config.router.overrides.BTCUSDT.quality=degraded strategy_config.router.overrides.BTCUSDT.quality=good
        strategy_config.router.overrides.BTCUSDT.taker_bias=prefer_taker \
        strategy_config.router.overrides.BTCUSDT.taker_bias=balanced
        strategy_config.router.overrides.BTCUSDT.maker_first=false \
        strategy_config.router.overrides.BTCUSDT.maker_first=true
        strategy_config.router.overrides.BTCUSDT.regime=panic strategy_config.router.overrides.BTCUSDT.regime=normal
        strategy_config.router.overrides.BTCUSDT.bias=0.9 strategy_config.router.overrides.BTCUSDT.bias=0.1
        strategy_config.router.overrides.BTCUSDT.offset_bps=7 strategy_config.router.overrides.BTCUSDT.offset_bps=8
        strategy_config.router.policy.prior.maker_fill=0.5
        strategy_config.router.policy.prior.fallback=0.5
        strategy_config.router.policy.prior.slip_bps=5
        strategy_config.router.policy.prior.weight=0
        strategy_config.router.policy.thresholds.good.maker_fill=0.9
        strategy_config.router.policy.thresholds.good.fallback=0.05
        strategy_config.router.policy.thresholds.good.slip_bps=1
        strategy_config.router.policy.thresholds.good.ack_ms=0
        strategy_config.router.policy.thresholds.degraded.fallback=0.05 \
        strategy_config.router.policy.thresholds.good.fallback=0.05
        strategy_config.router.policy.thresholds.degraded.slip_bps=1 \
        strategy_config.router.policy.thresholds.good.slip_bps=1
        strategy_config.router.policy.thresholds.degraded.ack_ms=0 \
        strategy_config.router.policy.thresholds.good.ack_ms=0
        strategy_config.router.policy.thresholds.broken.fallback=0.05 \
        strategy_config.router.policy.thresholds.degraded.fallback=0.05 \
        strategy_config.router.policy.thresholds.good.fallback=0.05
        strategy_config.router.policy.thresholds.broken.slip_bps=1 \
        strategy_config.router.policy.thresholds.degraded.slip_bps=1 \
        strategy_config.router.policy.thresholds.good.slip_bps=1
        strategy_config.router.policy.thresholds.broken.ack_ms=0 \
        strategy_config.router.policy.thresholds.degraded.ack_ms=0 \
        strategy_config.router.policy.thresholds.good.ack_ms=0
        strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.twap.min_notional_usd=100 strategy_config.twap.enabled=true
        strategy_config.twap.slices=2 strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.twap.interval_s=3 \
        strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.twap.min_child_notional=90 \
        strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.twap.jitter=1 strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.twap.spread_pause_factor=0.00001 \
        strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.router_quality.normal_spread_bps.c_low=0.001 \
        strategy_config.twap.enabled=true strategy_config.twap.min_notional_usd=100
        strategy_config.exits.trigger_reference=mid strategy_config.router.maker_reprice=stay
        strategy_config.screener.enabled=false
        strategy_config.screener.rsi_bars=5
        strategy_config.screener.rsi_low=60
        strategy_config.screener.atr_bars=5
        strategy_config.screener.stop_atrs=1
        strategy_config.screener.profit_atrs=1
        strategy_config.screener.notional=300
        strategy_config.screener.symbols=BTCUSDT
        risk_limits.price_collar_bps=20 strategy_config.router.maker_reprice=stay
        risk_limits.exit_price_collar_bps=120
        risk_limits.max_quote_age_ms=1
        risk_limits.nav_freshness_seconds=60
        risk_limits.circuit_breakers.max_portfolio_dd_nav_pct=0.2
        risk_limits.daily_loss_limit_pct=0.02
        risk_limits.weekly_loss_limit_pct=0.02
        risk_limits.max_nav_drawdown_pct=0.02
        risk_limits.max_portfolio_var_pct=0.000001
        risk_limits.max_position_cvar_pct=0.000001
        risk_limits.max_pair_correlation=0.000001
        risk_limits.var.half_life_bars=2 runtime.market.synthetic.backfill_bars=150
        risk_limits.tiers.CORE.per_symbol_nav_pct=0.0001 risk_limits.symbols.BTCUSDT.tier=CORE
        risk_limits.tiers.CORE.blocked_from=normal risk_limits.symbols.BTCUSDT.tier=CORE
        risk_limits.tiers.SATELLITE.per_symbol_nav_pct=0.0001 risk_limits.symbols.BTCUSDT.tier=SATELLITE
        risk_limits.tiers.SATELLITE.blocked_from=normal risk_limits.symbols.BTCUSDT.tier=SATELLITE
        risk_limits.tiers.TACTICAL.per_symbol_nav_pct=0.0001 risk_limits.symbols.BTCUSDT.tier=TACTICAL
        risk_limits.tiers.TACTICAL.blocked_from=normal risk_limits.symbols.BTCUSDT.tier=TACTICAL
        risk_limits.tiers.ALT-EXT.per_symbol_nav_pct=0.0001 risk_limits.symbols.BTCUSDT.tier=ALT-EXT
        risk_limits.tiers.ALT-EXT.blocked_from=normal risk_limits.symbols.BTCUSDT.tier=ALT-EXT
        risk_limits.symbols.BTCUSDT.tier=CORE risk_limits.tiers.CORE.blocked_from=normal
        risk_limits.testnet_overrides.price_collar_bps=20 runtime.environment=testnet \
        strategy_config.router.maker_reprice=stay
        risk_limits.testnet_overrides.circuit_breakers.max_portfolio_dd_nav_pct=0.2 runtime.environment=testnet
        risk_limits.testnet_overrides.daily_loss_limit_pct=0.02 runtime.environment=testnet
        risk_limits.testnet_overrides.weekly_loss_limit_pct=0.02 runtime.environment=testnet
        risk_limits.testnet_overrides.max_nav_drawdown_pct=0.02 runtime.environment=testnet
        risk_limits.testnet_overrides.min_notional=5000 runtime.environment=testnet
        risk_limits.testnet_overrides.max_order_notional=300 runtime.environment=testnet
        risk_limits.testnet_overrides.max_order_qty=0.001 runtime.environment=testnet
        risk_limits.testnet_overrides.max_trade_nav_pct=0.001 runtime.environment=testnet
        risk_limits.testnet_overrides.max_gross_exposure_pct=0.001 runtime.environment=testnet
        risk_limits.testnet_overrides.max_leverage=0.001 runtime.environment=testnet
        risk_limits.testnet_overrides.max_effective_leverage=0.001 runtime.environment=testnet
        risk_limits.testnet_overrides.max_concurrent_positions=1 runtime.environment=testnet
        risk_limits.testnet_overrides.max_trades_per_symbol_per_hour=1 runtime.environment=testnet
        risk_limits.testnet_overrides.max_portfolio_var_pct=0.000001 runtime.environment=testnet
        risk_limits.testnet_overrides.max_position_cvar_pct=0.000001 runtime.environment=testnet
        risk_limits.min_notional=5000
        risk_limits.max_order_notional=300
        risk_limits.max_order_qty=0.001
        risk_limits.max_trade_nav_pct=0.001
        risk_limits.max_gross_exposure_pct=0.001
        risk_limits.max_leverage=0.001
        risk_limits.max_effective_leverage=0.001
        risk_limits.max_concurrent_positions=1
        risk_limits.pyramiding=true
        risk_limits.clamp=true risk_limits.max_order_notional=300
        risk_limits.cooldown_minutes_after_stop=9
        risk_limits.dd_bands.warn=0.000001 risk_limits.dd_bands.panic=0.5
        risk_limits.dd_bands.panic=0.000002 risk_limits.dd_bands.warn=0.000001 risk_limits.dd_bands.panic=0.5
        risk_limits.max_trades_per_symbol_per_hour=1
        risk_limits.order_rate_limit.per_1s=4
        risk_limits.order_rate_limit.per_10s=4
        risk_limits.order_rate_limit.per_1m=4
        risk_limits.order_rate_limit.reserved_ratio=0.5
        risk_limits.repeated_execution.count=7
        risk_limits.universe=ETHUSDT
        risk_limits.restricted_symbols=BTCUSDT
        risk_limits.symbols.BTCUSDT.max_nav_pct=0.0001
        risk_limits.symbols.BTCUSDT.max_leverage=0.0001
        risk_limits.symbols.BTCUSDT.side_blocked=both
        risk_limits.reject_storm.count=2
        runtime.paper.starting_balance=500
        runtime.paper.hedge_mode=true
        runtime.paper.seed=9 runtime.paper.order_latency.max_ms=40
        runtime.paper.order_latency.min_ms=20 runtime.paper.order_latency.max_ms=40
        runtime.paper.order_latency.max_ms=90
        runtime.paper.answer_latency.min_ms=20 runtime.paper.answer_latency.max_ms=40
        runtime.paper.answer_latency.max_ms=90
        runtime.paper.order_latency.median_ms=8
        runtime.paper.order_latency.p99_ms=18 runtime.paper.order_latency.median_ms=8
        runtime.paper.order_latency.quantiles_ms=6,7
        runtime.paper.answer_latency.median_ms=8
        runtime.paper.answer_latency.p99_ms=18 runtime.paper.answer_latency.median_ms=8
        runtime.paper.answer_latency.quantiles_ms=6,7
        runtime.market.synthetic.seed=5
        runtime.market.synthetic.speed=3
        runtime.market.synthetic.backfill_bars=70
        runtime.market.synthetic.symbols.BTCUSDT.start_price=50000
        runtime.market.synthetic.symbols.BTCUSDT.daily_volatility_pct=0.3
        runtime.market.synthetic.symbols.BTCUSDT.spread_ticks=40
        runtime.market.synthetic.symbols.BTCUSDT.trades_per_second=40
        strategy_config.screener.fast_bars=4 runtime.bars.seconds=1
        strategy_config.screener.slow_bars=12 runtime.bars.seconds=1
        strategy_config.screener.rsi_high=40 runtime.bars.seconds=1
        strategy_config.router.offset_spread_clamp_bps=5 strategy_config.router.max_spread_bps=0 \
        strategy_config.router.wide_spread_action=clamp strategy_config.router.overrides.BTCUSDT.offset_bps=7
        strategy_config.router.reprice_max=0
        strategy_config.router.rejects_max=1
        strategy_config.router.missing_book_action=veto strategy_config.router.max_book_age_ms=1
        strategy_config.router.request_lifetime_ms=10 runtime.paper.order_latency.min_ms=300 \
        runtime.paper.order_latency.max_ms=300
        strategy_config.exits.scan_period_ms=10000
        strategy_config.screener.signal_lifetime_s=1 runtime.paper.order_latency.min_ms=2000 \
        runtime.paper.order_latency.max_ms=2000
        risk_limits.duplicate_order_window_s=60
        risk_limits.fail_closed_on_nav_stale=false risk_limits.nav_freshness_seconds=1
        risk_limits.non_prod.require_dry_run=false runtime.mode=live
        runtime.mode=live
        runtime.environment=production runtime.mode=live
        risk_limits.repeated_execution.window_s=1 risk_limits.repeated_execution.count=2
        runtime.dedupe_window_hours=0
        runtime.bars.seconds=7
        """

    /// What a run shows: every notice with its numbers, in order.
    private static func trace(_ changes: [String: String]) throws -> String {
        let clock = VirtualClock(Fixture.start)
        var node = try Node.open(Fixture.setup(MemoryDisk(), try Fixture.configuration(changes), clock))
        var text = ""
        var cursor: UInt64 = 0
        let instruments = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
        for step in 0..<16 {
            Fixture.run(&node, clock, for: .seconds(2))
            let symbol = instruments[step % 3]
            let exit = step % 4 == 3
            let more =
                exit
                ? #","intent":"flatten""# : step % 4 == 1 ? #","stop_loss":"1""# : ""
            let quantity = ["0.01", "0.2", "3"][step % 3]
            let signal = Fixture.signal("k\(step / 2 * 2)", symbol: symbol, quantity: quantity, more: more)
            _ = node.offer(signal: signal, source: .commandLine, ticket: UInt64(step + 1))
            node.pump()
            _ = node.notices.read(from: &cursor) { entry in
                var writer = JSONWriter()
                let stamp = RecordStamp(sequence: entry.sequence, time: entry.time)
                NoticeText.write(entry.notice, stamp, names: NoNames(), to: &writer)
                text += writer.text + "\n"
            }
        }
        return text
    }

    private static let plain = Result { try trace([:]) }

    private struct NoNames: NameTable {
        func symbol(of instrument: InstrumentHandle) -> String? { "i\(instrument.index)" }
        func venue(of instrument: InstrumentHandle) -> VenueHandle? { nil }
        func name(of strategy: StrategyHandle) -> String? { nil }
        func signalID(of number: SignalNumber) -> String? { nil }
    }

    /// Goal: an enforced key has a reader that has an effect.
    /// Method: a node on the synthetic market with the screener and signals by hand, with and without the key's value;
    /// what the two tell differs.
    @Test(arguments: cases.split(separator: "\n").map(String.init))
    func aKeyHasAnEffect(_ line: String) throws {
        let words = line.split(separator: " ").map { word -> (String, String) in
            let parts = word.split(separator: "=", maxSplits: 1)
            return (String(parts[0]), String(parts[1]))
        }
        let base = Dictionary(words.dropFirst(), uniquingKeysWith: { $1 })
        let changed = base.merging([words[0]]) { $1 }
        let differs = try Self.trace(changed) != (base.isEmpty ? Self.plain.get() : Self.trace(base))
        #expect(differs, "\(words[0].0) changes nothing")
    }

    /// Keys that this scenario can't reach, with the file that drives them and a word that stands in it.
    static let elsewhere = """
        strategy_config.router.policy_stale_after_s Core/Tests/FairleadEngineTests/RouteGatesTests.swift policyAge
        strategy_config.router.adaptive.mode \
        Core/Tests/FairleadEngineTests/EngineAdaptiveTests.swift adaptive.mode
        strategy_config.router.adaptive.is_default \
        Core/Tests/FairleadEngineTests/EngineAdaptiveTests.swift adaptive.isDefault
        strategy_config.router.adaptive.symbols \
        Core/Tests/FairleadEngineTests/AdaptiveRouterTests.swift $0.symbols
        strategy_config.router.adaptive.exploration \
        Core/Tests/FairleadEngineTests/AdaptiveRouterTests.swift $0.exploration
        strategy_config.router.adaptive.regret_budget \
        Core/Tests/FairleadEngineTests/AdaptiveRouterTests.swift $0.regretBudget
        strategy_config.router.adaptive.min_samples \
        Core/Tests/FairleadEngineTests/AdaptiveRouterTests.swift $0.minimumSamples
        strategy_config.router.adaptive.hysteresis_bps \
        Core/Tests/FairleadEngineTests/AdaptiveRouterTests.swift $0.hysteresis
        strategy_config.router.adaptive.weight_step \
        Core/Tests/FairleadEngineTests/AdaptiveRouterTests.swift $0.weightStep
        strategy_config.router.adaptive.offset_step_bps \
        Core/Tests/FairleadEngineTests/EngineAdaptiveTests.swift adaptive.offsetStep
        strategy_config.router.adaptive.max_offset_bps \
        Core/Tests/FairleadEngineTests/EngineAdaptiveTests.swift adaptive.maximumOffset
        strategy_config.router.adaptive.deeper_ticks \
        Core/Tests/FairleadEngineTests/EngineAdaptiveTests.swift adaptive.deeperTicks
        strategy_config.router.adaptive.short_timeout_ms \
        Core/Tests/FairleadEngineTests/EngineAdaptiveTests.swift adaptive.shortTimeout
        strategy_config.router.adaptive.half_life_hours \
        Core/Tests/FairleadEngineTests/ArmModelTests.swift $0.halfLife
        strategy_config.router.adaptive.prior_weight \
        Core/Tests/FairleadEngineTests/ArmModelTests.swift $0.priorWeight
        strategy_config.router.adaptive.alarm_pause_s \
        Core/Tests/FairleadEngineTests/AdaptiveRecoveryTests.swift $0.alarmPause
        strategy_config.router.adaptive.seed \
        Core/Tests/FairleadEngineTests/AdaptiveRecoveryTests.swift $0.seed
        strategy_config.algorithms.vwap.duration_s \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift vwapDuration
        strategy_config.algorithms.vwap.slices \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift vwapSlices
        strategy_config.algorithms.vwap.min_history_days \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift vwapMinimumDays
        strategy_config.algorithms.vwap.history_days \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift vwapDays
        strategy_config.algorithms.pov.participation_rate \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift povRate
        strategy_config.algorithms.pov.max_participation_rate \
        Core/Tests/FairleadEngineTests/EnginePovTests.swift povMaximumRate
        strategy_config.algorithms.pov.duration_s \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift povDuration
        strategy_config.algorithms.pov.child_timeout_s \
        Core/Tests/FairleadEngineTests/EnginePovTests.swift povChildTimeout
        strategy_config.algorithms.iceberg.jitter \
        Core/Tests/FairleadEngineTests/AlgorithmDefaultsTests.swift icebergJitter
        strategy_config.twap.catch_up_slices Core/Tests/FairleadEngineTests/EngineTwapTests.swift twap.catchUpSlices
        strategy_config.router_quality.buckets.SYM \
        Core/Tests/FairleadEngineTests/EngineTwapPauseTests.swift symbols[0].bucket
        strategy_config.router_quality.normal_spread_bps.a_high \
        Core/Tests/FairleadEngineTests/EngineTwapPauseTests.swift normalSpreadHigh
        strategy_config.router_quality.normal_spread_bps.b_medium \
        Core/Tests/FairleadEngineTests/EngineTwapPauseTests.swift .medium
        strategy_config.exits.profit_stages.profit Core/Tests/FairleadEngineTests/MovingStopTests.swift stageProfits
        strategy_config.exits.profit_stages.stop Core/Tests/FairleadEngineTests/MovingStopTests.swift stageStops
        risk_limits.correlation_groups Core/Tests/FairleadEngineTests/EngineRiskRowTests.swift correlationGroups
        risk_limits.var.lookback_bars Core/Tests/FairleadEngineTests/PortfolioRiskTests.swift lookbackBars
        risk_limits.stale_venue_after_ms Core/Tests/FairleadEngineTests/EngineSessionTests.swift staleVenueAfter
        risk_limits.max_clock_skew_ms Core/Tests/FairleadEngineTests/EngineClockSkewTests.swift maximumClockSkew
        risk_limits.override_max_hours Core/Tests/FairleadEngineTests/EngineOverrideTests.swift longestOverride
        risk_limits.halt_allows_reduce Core/Tests/FairleadEngineTests/RiskGatewayStatesTests.swift haltAllowsReduce
        risk_limits.nav_anomalies.max_multiplier_intraday Core/Tests/FairleadEngineTests/LossTrackerTests.swift navJumps
        risk_limits.nav_anomalies.max_gap_abs_usd Core/Tests/FairleadEngineTests/LossTrackerTests.swift navJumps
        runtime.paper.initial_margin_pct Core/Tests/FairleadNodeTests/AccountNodeTests.swift initial_margin_pct
        runtime.paper.maintenance_margin_pct Core/Tests/FairleadNodeTests/AccountNodeTests.swift maintenance_margin_pct
        runtime.paper.liquidation_fee_bps Core/Tests/FairleadNodeTests/AccountNodeTests.swift liquidation_fee_bps
        runtime.paper.funding_interval_min Core/Tests/FairleadNodeTests/AccountNodeTests.swift funding_interval_min
        runtime.instruments[].funding_bps Core/Tests/FairleadNodeTests/AccountNodeTests.swift fundingRate
        runtime.instruments[].trading_hours Core/Tests/FairleadNodeTests/AccountNodeTests.swift hours
        runtime.instruments[].multiplier_up Core/Tests/FairleadPaperTests/PaperAccountTests.swift multiplierUp
        runtime.instruments[].multiplier_down Core/Tests/FairleadPaperTests/PaperAccountTests.swift multiplierDown
        runtime.trading_hours.open Core/Tests/FairleadNodeTests/AccountNodeTests.swift trading_hours.open
        runtime.trading_hours.close Core/Tests/FairleadNodeTests/AccountNodeTests.swift trading_hours.close
        runtime.trading_hours.early_close Core/Tests/FairleadNodeTests/AccountNodeTests.swift trading_hours.early_close
        runtime.trading_hours.early_closes Core/Tests/FairleadNodeTests/AccountNodeTests.swift early_closes
        runtime.trading_hours.holidays Core/Tests/FairleadNodeTests/AccountNodeTests.swift trading_hours.holidays
        runtime.unknown.tombstone_s Core/Tests/FairleadEngineTests/EngineLateFillTests.swift unknownOrders.tombstone
        runtime.capacities.levels Core/Tests/FairleadEngineTests/ExitRegistryTests.swift tableFull
        runtime.capacities.fills Core/Tests/FairleadEngineTests/RouterStatsTests.swift capacities.fills
        runtime.capacities.markouts Core/Tests/FairleadEngineTests/EngineQualityTests.swift capacities.markouts
        strategy_config.router_quality.baseline_bps Core/Tests/FairleadEngineTests/RouterStatsTests.swift \
        quality.baseline
        strategy_config.router_quality.stats_window.seconds Core/Tests/FairleadEngineTests/RouterStatsTests.swift \
        quality.window
        strategy_config.router_quality.stats_window.min_events Core/Tests/FairleadEngineTests/RouterStatsTests.swift \
        quality.minimumEvents
        strategy_config.execution_health.max_fallback_ratio \
        Core/Tests/FairleadPublicationTests/ExecutionHealthTests.swift maximumFallback
        strategy_config.execution_health.max_median_slippage_bps \
        Core/Tests/FairleadPublicationTests/ExecutionHealthTests.swift maximumMedianSlip
        strategy_config.execution_health.max_ack_ms \
        Core/Tests/FairleadPublicationTests/ExecutionHealthTests.swift maximumAcknowledgement
        strategy_config.autotune.apply_enabled \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift isApplyEnabled
        strategy_config.autotune.max_bias_delta \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift maximumBiasDelta
        strategy_config.autotune.max_offset_step_bps \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift maximumOffsetStep
        strategy_config.autotune.max_offset_abs_bps \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift maximumOffset
        strategy_config.autotune.allow_maker_flip \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift allowsMakerFlip
        strategy_config.autotune.symbols \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift settings.symbols
        strategy_config.autotune.qualities \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift $0.qualities
        strategy_config.autotune.mode_stale_after_s \
        Core/Tests/FairleadEngineTests/AutotuneSuggestionTests.swift modeStaleAfter
        strategy_config.router.policy.half_life_hours \
        Core/Tests/FairleadEngineTests/EffectivenessTableTests.swift evidenceDecays
        strategy_config.router.policy.window_days \
        Core/Tests/FairleadEngineTests/EffectivenessTableTests.swift theWindowEnds
        strategy_config.router.policy.hysteresis_pct \
        Core/Tests/FairleadEngineTests/RouterPolicyTests.swift settings.hysteresis
        strategy_config.router_quality.base_score \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift $0.base
        strategy_config.router_quality.bucket_penalties.a_high \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift highBucketPenalty
        strategy_config.router_quality.bucket_penalties.b_medium \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift mediumBucketPenalty
        strategy_config.router_quality.bucket_penalties.c_low \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift lowBucketPenalty
        strategy_config.router_quality.drift_thresholds_bps.green \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift greenDrift
        strategy_config.router_quality.drift_thresholds_bps.yellow \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift yellowDrift
        strategy_config.router_quality.drift_penalties.yellow \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift yellowDriftPenalty
        strategy_config.router_quality.drift_penalties.red \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift redDriftPenalty
        strategy_config.router_quality.latency_thresholds_ms.fast \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift fastLatency
        strategy_config.router_quality.latency_thresholds_ms.normal \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift normalLatency
        strategy_config.router_quality.latency_penalties.normal \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift normalLatencyPenalty
        strategy_config.router_quality.latency_penalties.slow \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift slowLatencyPenalty
        strategy_config.router_quality.twap_skip_penalty \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift twapSkipPenalty
        strategy_config.router_quality.twap_penalty_basis \
        Core/Tests/FairleadEngineTests/GlobalQualityTests.swift twapPenaltyBasis
        strategy_config.sizing.kelly.lookback_days \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift lookbackDays
        strategy_config.sizing.kelly.base_fraction \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift kelly.baseFraction
        strategy_config.sizing.kelly.min_trades \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift kelly.minimumTrades
        strategy_config.sizing.kelly.kelly_multiplier \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift kelly.multiplier
        strategy_config.sizing.kelly.max_fraction \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift kelly.maximumFraction
        strategy_config.sizing.kelly.max_buying_power_fraction \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift kelly.maximumBuyingPowerFraction
        strategy_config.sizing.correlation_haircut \
        Core/Tests/FairleadEngineTests/EnginePortfolioTests.swift sizing.correlationHaircut
        strategy_config.sizing.regime_applies_to_all \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift regimeAppliesToAll
        strategy_config.sizing.regime_multipliers.core.low \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift core.low
        strategy_config.sizing.regime_multipliers.core.normal \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift core.normal
        strategy_config.sizing.regime_multipliers.core.high \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift core.high
        strategy_config.sizing.regime_multipliers.core.crisis \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift core.crisis
        strategy_config.sizing.regime_multipliers.satellite.low \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift satellite.low
        strategy_config.sizing.regime_multipliers.satellite.normal \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift satellite.normal
        strategy_config.sizing.regime_multipliers.satellite.high \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift satellite.high
        strategy_config.sizing.regime_multipliers.satellite.crisis \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift satellite.crisis
        strategy_config.sizing.regime_multipliers.tactical.low \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift tactical.low
        strategy_config.sizing.regime_multipliers.tactical.normal \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift tactical.normal
        strategy_config.sizing.regime_multipliers.tactical.high \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift tactical.high
        strategy_config.sizing.regime_multipliers.tactical.crisis \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift tactical.crisis
        strategy_config.sizing.regime_multipliers.alt_ext.low \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift altExt.low
        strategy_config.sizing.regime_multipliers.alt_ext.normal \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift altExt.normal
        strategy_config.sizing.regime_multipliers.alt_ext.high \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift altExt.high
        strategy_config.sizing.regime_multipliers.alt_ext.crisis \
        Core/Tests/FairleadEngineTests/EngineKellyTests.swift altExt.crisis
        strategy_config.exits.native Core/Tests/FairleadEngineTests/EngineNativeTests.swift exits.isNative
        strategy_config.exits.native_grace_ms \
        Core/Tests/FairleadEngineTests/EngineNativeGraceTests.swift exits.nativeGrace
        runtime.market.source Core/Tests/FairleadNodeTests/BacktestTests.swift runtime.market.source
        runtime.market.tapes Core/Tests/FairleadNodeTests/BacktestTests.swift runtime.market.tapes
        runtime.market.depth Core/Tests/FairleadNodeTests/RecordedRunTests.swift theTouchStaysTheTouch
        runtime.paper.queue_model Core/Tests/FairleadNodeTests/RecordedRunTests.swift tradesCoverPassiveFills
        runtime.journal.snapshot_records Core/Tests/FairleadNodeTests/RecoveryTests.swift Snapshotter(
        runtime.journal.snapshots_kept Core/Tests/FairleadNodeTests/RecoveryTests.swift Snapshotter(
        runtime.journal.market_max_bytes Core/Tests/FairleadJournalTests/JournalCutTests.swift marketByteLimit
        runtime.on_stop Tests/FairleadRuntimeTests/LiveRunTests.swift stoppingDoesWhatTheReloadSaid
        runtime.reporting_currency Tests/FairleadRuntimeTests/LiveRunTests.swift "currency"
        runtime.control.clients Tests/FairleadRuntimeTests/ControlSocketTests.swift clients
        runtime.control.socket Tests/FairleadRuntimeTests/LiveFixture.swift controlSocket
        runtime.home Tests/FairleadRuntimeTests/LiveFixture.swift HomePaths(
        runtime.logs.directory Tests/FairleadRuntimeTests/LiveRunTests.swift paths.logs
        runtime.history.enabled Tests/FairleadRuntimeTests/HistoryPlaceTests.swift Self.runtime("enabled"
        runtime.history.file Tests/FairleadRuntimeTests/HistoryPlaceTests.swift Self.runtime("file"
        runtime.history.keep_days Tests/FairleadRuntimeTests/HistoryPlaceTests.swift Self.runtime("keep_days"
        runtime.history.max_bytes Tests/FairleadRuntimeTests/HistoryPlaceTests.swift Self.runtime("max_bytes"
        runtime.state.directory Tests/FairleadRuntimeTests/PublishingRunTests.swift state.directory
        runtime.state.publish_ms Tests/FairleadRuntimeTests/PublishingRunTests.swift state.publish_ms
        strategy_config.diagnostics.enabled \
        Core/Tests/FairleadPublicationTests/StateFilesTests.swift diagnostics.enabled
        strategy_config.diagnostics.veto_metrics.window_signals \
        Core/Tests/FairleadPublicationTests/VetoMetricsTests.swift windowSignals
        strategy_config.diagnostics.veto_metrics.window_seconds \
        Core/Tests/FairleadPublicationTests/VetoMetricsTests.swift windowSpan
        strategy_config.diagnostics.exit_pipeline.tp_sl_canary_enabled \
        Core/Tests/FairleadPublicationTests/ExitPipelineContractTests.swift tp_sl_canary_enabled
        strategy_config.diagnostics.exit_pipeline.tp_sl_underwater_threshold_pct \
        Core/Tests/FairleadPublicationTests/ExitPipelineContractTests.swift tp_sl_underwater_threshold_pct
        strategy_config.diagnostics.liveness.enabled \
        Core/Tests/FairleadPublicationTests/LivenessDiagnosticsTests.swift off.isEnabled
        strategy_config.diagnostics.liveness.max_idle_signals_seconds \
        Core/Tests/FairleadPublicationTests/LivenessDiagnosticsTests.swift max_idle_signals_seconds
        strategy_config.diagnostics.liveness.max_idle_orders_seconds \
        Core/Tests/FairleadPublicationTests/LivenessDiagnosticsTests.swift max_idle_orders_seconds
        strategy_config.diagnostics.liveness.max_idle_exits_seconds \
        Core/Tests/FairleadPublicationTests/LivenessDiagnosticsTests.swift max_idle_exits_seconds
        strategy_config.diagnostics.liveness.max_idle_exit_scans_seconds \
        Core/Tests/FairleadPublicationTests/LivenessDiagnosticsTests.swift max_idle_exit_scans_seconds
        strategy_config.diagnostics.liveness.max_idle_router_events_seconds \
        Core/Tests/FairleadPublicationTests/LivenessDiagnosticsTests.swift max_idle_router_events_seconds
        runtime.logs.file_bytes Tests/FairleadRuntimeTests/LineSinkTests.swift aBatchIsSpreadOverFiles
        runtime.logs.files_kept Tests/FairleadRuntimeTests/LineSinkTests.swift fewerKeptFilesPruneTheRest
        """

    /// Keys whose reader no test drives from the key yet; a change of this list is a decision. Instruments stand in
    /// the file only, where no override of this scenario reaches them.
    static let undriven = """
        strategy_config.router.policy_period_s
        strategy_config.router.answer_timeout_ms
        strategy_config.router.exit_reprices
        strategy_config.exits.refire_backoff_ms
        risk_limits.max_quote_age_equity_ms
        risk_limits.reject_storm.window_s
        runtime.instruments[].symbol
        runtime.instruments[].asset_class
        runtime.instruments[].tick
        runtime.instruments[].lot
        runtime.instruments[].min_quantity
        runtime.instruments[].max_quantity
        runtime.instruments[].min_notional
        runtime.instruments[].multiplier
        runtime.instruments[].percent_price_pct
        runtime.instruments[].maker_fee_bps
        runtime.instruments[].taker_fee_bps
        runtime.instruments[].reduce_only_exempt
        runtime.instruments[].origin
        runtime.instruments[].date
        runtime.paper.client
        runtime.paper.connection
        runtime.paper.socket
        runtime.journal.directory
        runtime.journal.durability
        runtime.journal.segment_bytes
        runtime.journal.sync_max_delay_ms
        runtime.queues.inbox
        runtime.queues.egress
        runtime.queues.notices
        runtime.capacities.orders
        runtime.capacities.parents
        runtime.capacities.signals
        runtime.capacities.executions
        runtime.unknown.escalate_s
        runtime.unknown.first_query_ms
        runtime.unknown.query_backoff_max_ms
        runtime.bars.history
        """

    /// Goal: no enforced key is without a proof that nobody knows of.
    /// Method: each key of the table stands in one of the three lists, none of them names a key that is not enforced,
    /// and what is proven elsewhere stands there.
    @Test func eachEnforcedKeyIsAccountedFor() throws {
        func words(_ text: String) -> [[String]] {
            text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 2).map(String.init) }
        }
        var listed = Set(words(Self.cases).map { String($0[0].prefix { $0 != "=" }) })
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        for row in words(Self.elsewhere) {
            let text = try String(contentsOf: root.appendingPathComponent(row[1]), encoding: .utf8)
            #expect(text.contains(row[2]), "\(row)")
            listed.insert(row[0])
        }
        for row in words(Self.undriven) { #expect(listed.insert(row[0]).inserted, "\(row[0]) is proven") }
        let enforced = Set(
            KeyTable.keys.filter { $0.status == .enforced }.map {
                "\($0.document.rawValue).\($0.path)".replacingOccurrences(of: ".SYM.", with: ".BTCUSDT.")
            }
        )
        #expect(listed.symmetricDifference(enforced).sorted() == [])
    }
}
