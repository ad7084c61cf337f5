import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

extension StateDocuments {
    /// What the risk gateway sees of the account: state, drawdown, exposure, and the limits that are on.
    func addRisk(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ names: RunNames
    ) {
        members.append("nav", engine.nav)
        members.append("trading_state", engine.tradingState.name)
        members.append("trading_state_cause", engine.tradingStateCause.name)
        members.append("is_frozen", engine.isFrozenNow)
        members.append("risk_mode", engine.riskMode.name)
        members.append("dd_state", engine.drawdownState.name)
        members.append("drawdown_ratio", engine.drawdown)
        members.append("day_loss_ratio", engine.dayLoss(at: moment.time))
        members.append("week_loss_ratio", engine.weekLoss(at: moment.time))
        members.append("router_quality_score", .statistic(engine.globalRouterScore))
        members.append("is_drawdown_latched", engine.isDrawdownLatched)
        members.append("gross_exposure", engine.grossExposure)
        if let nav = engine.nav, nav > .zero, let gross = engine.grossExposure {
            members.append("gross_exposure_ratio", gross.ratio(to: nav))
        }
        members.append("open_positions", engine.openPositionCount)
        members.append("live_orders", engine.liveOrderCount)
        members.append("unknown_orders", engine.unknownOrderCount)
        let risk = moment.configuration.engine.risk
        members.append("tails", tails(moment, engine))
        members.append("correlation_groups", groups(moment, engine))
        members.append("tiers", Self.tiers(risk.tiers, engine.riskMode))
        members.append("limits", Self.limits(risk))
        let source = risk.areTestnetLimits ? "testnet_overrides" : moment.configuration.runtime.environment.word
        members.append("limits_source", source)
        members.append("overrides", Self.overrides(engine, names))
        members.append("disabled_strategies", Self.disabledStrategies(engine, names))
        members.append("symbols", symbols(moment, engine))
    }

    /// The limits that people have set for a while; what holds for nobody in particular is left out.
    private static func overrides(_ engine: borrowing Engine, _ names: RunNames) -> JSONValue {
        var standing: [LimitOverride] = []
        engine.forEachOverride { standing.append($0) }
        var rows: [JSONValue] = []
        for row in standing {
            let whole = row.json(
                configured: engine.configuredLimit(row.limit, row.instrument),
                reason: names.overrideReason(row.number),
                symbol: row.instrument == .none ? nil : names.symbol(of: row.instrument),
                strategy: row.strategy == .none ? nil : names.name(of: row.strategy)
            )
            rows.append(.object((whole.object ?? []).filter { !$0.value.isNull }))
        }
        return .array(rows)
    }

    private static func disabledStrategies(_ engine: borrowing Engine, _ names: RunNames) -> JSONValue {
        var rows: [JSONValue] = []
        for (index, name) in names.strategies.enumerated()
        where engine.isDisabled(StrategyHandle(index: UInt16(clamping: index))) {
            rows.append(.string(name.isEmpty ? "unnamed" : name))
        }
        return .array(rows)
    }

    private func symbols(_ moment: ReplicaMoment, _ engine: borrowing Engine) -> JSONValue {
        var rows: [JSONMember] = []
        for (index, instrument) in moment.configuration.engine.instruments.enumerated() {
            let handle = InstrumentHandle(index)
            var row: [JSONMember] = []
            row.append("is_halted", engine.isHalted(handle))
            row.append("unknown_orders", engine.unknownOrders(handle))
            row.append("is_buy_disabled", engine.isDisabled(handle, .buy))
            row.append("is_sell_disabled", engine.isDisabled(handle, .sell))
            let latches = engine.holds(handle).latches
            if !latches.isEmpty { row.append("latches", .array(latches.map(JSONValue.string))) }
            row.append("tier", moment.configuration.engine.symbols[index].tier?.name)
            if let nav = engine.nav, nav > .zero, let loss = engine.positionShortfall(handle) {
                row.append("cvar_ratio", .statistic(loss / nav.double))
            }
            rows.append(instrument.symbol, .object(row))
        }
        return .object(rows)
    }

    /// The limits as configured, by their keys; one that is off is left out. What stands in for them for a while is
    /// told by `overrides`.
    private static func limits(_ limits: RiskLimits) -> JSONValue {
        var rows: [JSONMember] = []
        rows.append("circuit_breakers.max_portfolio_dd_nav_pct", limits.maximumPortfolioDrawdown)
        rows.append("daily_loss_limit_pct", limits.dailyLossLimit)
        rows.append("weekly_loss_limit_pct", limits.weeklyLossLimit)
        rows.append("max_nav_drawdown_pct", limits.maximumNavDrawdown)
        rows.append("max_portfolio_var_pct", limits.maximumPortfolioVar)
        rows.append("max_position_cvar_pct", limits.maximumPositionShortfall)
        rows.append("max_pair_correlation", limits.maximumPairCorrelation)
        rows.append("min_notional", limits.minimumNotional)
        rows.append("max_order_notional", limits.maximumOrderNotional)
        if let quantity = limits.maximumOrderQuantity { rows.append("max_order_qty", .decimal(quantity)) }
        rows.append("max_trade_nav_pct", limits.maximumTradeNavFraction)
        rows.append("max_gross_exposure_pct", limits.maximumGrossExposure)
        rows.append("max_leverage", limits.maximumLeverage)
        rows.append("max_effective_leverage", limits.maximumEffectiveLeverage)
        if let count = limits.maximumConcurrentPositions { rows.append("max_concurrent_positions", count) }
        if let count = limits.maximumTradesPerSymbolPerHour { rows.append("max_trades_per_symbol_per_hour", count) }
        rows.append("price_collar_bps", .statistic(limits.priceCollar.inBps))
        rows.append("exit_price_collar_bps", .statistic(limits.exitPriceCollar.inBps))
        rows.append("nav_freshness_seconds", .statistic(limits.navFreshness.seconds))
        return .object(rows)
    }

    // MARK: - Diagnostics

    func addDiagnostics(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ names: RunNames,
        _ counters: DiagnosticsCounters
    ) {
        let settings = moment.configuration.runtime.diagnostics
        guard settings.isEnabled else {
            members.append("runtime_diagnostics", .object([]))
            return
        }
        let times: [Liveness.Watch: Timestamp] = [
            .signals: counters.lastSignal, .orders: counters.lastOrder, .exits: engine.exitTriggerTime,
            .exitScans: engine.exitScanTime, .router: counters.lastRouterEvent,
        ]
        let liveness = Liveness(times, at: moment.time, settings.liveness)
        let blocks: JSONValue = [
            "veto_counters": counters.json(at: moment.time, settings, names: names),
            "exit_pipeline": exitPipeline(moment, engine, settings, counters), "liveness": liveness.json,
        ]
        members.append("runtime_diagnostics", blocks)
    }
}
