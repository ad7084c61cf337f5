import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

// How the desk does, in one small file, and what its closed trades would change of its sizes.
extension StateDocuments {
    /// The key indicators: of the account, of the trades that are kept, of the executions in their window.
    func addIndicators(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine
    ) {
        var account: [JSONMember] = []
        account.append("nav", engine.nav)
        account.append("result_today", engine.resultToday)
        account.append("realized_pnl", engine.realized)
        account.append("unrealized_pnl", engine.unrealized)
        account.append("fees", engine.fees)
        account.append("funding", engine.funding)
        account.append("drawdown_ratio", engine.drawdown)
        account.append("day_loss_ratio", engine.dayLoss(at: moment.time))
        account.append("week_loss_ratio", engine.weekLoss(at: moment.time))
        account.append("gross_exposure", engine.grossExposure)
        account.append("risk_mode", engine.riskMode.name)
        account.append("trading_state", engine.tradingState.name)
        members.append("account", .object(account))
        members.append("trades", Self.trades(engine.expectancies().all))
        members.append("execution", Self.execution(moment, engine))
        let counted = engine.counters
        let flow: JSONValue = [
            "signals": .integer(counted.signals), "own_signals": .integer(counted.ownSignals),
            "accepted": .integer(counted.accepted), "vetoed": .integer(counted.vetoed),
            "duplicates": .integer(counted.duplicates), "invalid": .integer(counted.invalid),
            "orders": .integer(counted.sends), "fills": .integer(counted.fills),
            "rejects": .integer(counted.rejects), "divergences": .integer(counted.divergences),
            "unknown_orders": .integer(engine.unknownOrderCount),
        ]
        members.append("flow", flow)
        let coverage = engine.managedCoverage
        var protection: [JSONMember] = []
        protection.append("open_positions", engine.openPositionCount)
        protection.append("tp_sl_missing", coverage.missing)
        protection.append("stop_loss_missing", coverage.stopLossMissing)
        members.append("protection", .object(protection))
    }

    private static func trades(_ all: Expectancy) -> JSONValue {
        var row: [JSONMember] = []
        row.append("count", all.count)
        row.append("hit_rate", all.hitRate)
        row.append("expectancy", all.expectancy)
        row.append("profit_factor", all.profitFactor)
        if all.count > 0 {
            row.append("profit", .statistic(all.profit))
            row.append("fees", .statistic(all.fees))
            row.append("max_drawdown", .statistic(all.maximumDrawdown))
        }
        return .object(row)
    }

    private static func execution(_ moment: ReplicaMoment, _ engine: borrowing Engine) -> JSONValue {
        let configuration = moment.configuration.engine
        var views: [(view: RouterStatsView, bucket: RouterBucket)] = []
        var (starts, filled, fallen) = (0.0, 0.0, 0.0)
        for index in configuration.instruments.indices {
            let handle = InstrumentHandle(index)
            if let view = engine.routerStats(handle, at: moment.time) {
                views.append((view, configuration.symbols[index].bucket))
            }
            let evidence = engine.effectiveness(handle)
            starts += evidence.starts
            filled += (evidence.makerFill?.double ?? 0) * evidence.starts
            fallen += (evidence.fallback?.double ?? 0) * evidence.starts
        }
        let global = GlobalQuality(views, configuration.quality.score)
        var row: [JSONMember] = []
        row.append("quality_score", .statistic(global.quality.score))
        row.append("avg_slippage_bps", global.averageSlippageBps)
        row.append("avg_latency_ms", global.averageLatencyMilliseconds)
        if starts > 0 {
            row.append("maker_fill_ratio", .statistic(filled / starts))
            row.append("fallback_ratio", .statistic(fallen / starts))
        }
        return .object(row)
    }

    // MARK: - Allocation

    /// What closed trades would change of each strategy's and each symbol's size. Analysis: nothing is applied.
    func addAllocation(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ names: RunNames
    ) {
        let configuration = moment.configuration.engine
        let kelly = configuration.sizing.kelly
        let allocator = engine.allocator
        let mode = allocator.mode(at: moment.time, configuration.autotune)
        let tables = engine.expectancies()
        var strategies: [JSONMember] = []
        for (index, name) in names.strategies.enumerated() where index < tables.strategies.count {
            let expectancy = tables.strategies[index]
            guard expectancy.count > 0 else { continue }
            let edge = KellyEdge(engine.tradeTally(of: StrategyHandle(index: UInt16(index))), kelly)
            var row = Self.allocation(expectancy, AllocationSuggestion(expectancy, mode: mode))
            row.append("kelly_basis", edge.basis.name)
            row.append("kelly_fraction", edge.fraction.map { max(.zero, $0) })
            strategies.append(name.isEmpty ? "unnamed" : name, .object(row))
        }
        var symbols: [JSONMember] = []
        for (index, instrument) in configuration.instruments.enumerated() where tables.symbols[index].count > 0 {
            let expectancy = tables.symbols[index]
            let input = engine.scoreInput(InstrumentHandle(index), expectancy, at: moment.time)
            let score = input.map { SymbolScore($0).score }
            var row = Self.allocation(expectancy, AllocationSuggestion(expectancy, score: score, mode: mode))
            row.append("score", score)
            symbols.append(instrument.symbol, .object(row))
        }
        members.append("risk_mode", mode.name)
        members.append("lookback_days", kelly.lookbackDays)
        members.append("strategies", .object(strategies))
        members.append("symbols", .object(symbols))
    }

    private static func allocation(_ expectancy: Expectancy, _ suggestion: AllocationSuggestion) -> [JSONMember] {
        var row: [JSONMember] = []
        row.append("trades", expectancy.count)
        row.append("mature", expectancy.isMature)
        row.append("action", suggestion.action.rawValue)
        row.append("multiplier", suggestion.multiplier)
        row.append("strength", .statistic(suggestion.strength))
        row.append("expectancy", expectancy.expectancy)
        row.append("hit_rate", expectancy.hitRate)
        return row
    }
}
