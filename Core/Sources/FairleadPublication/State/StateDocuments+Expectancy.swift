import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

// What closed trades say of symbols, strategies and hours, and what a symbol deserves by it.
extension StateDocuments {
    /// Of the trades that were closed within `sizing.kelly.lookback_days`; who has none stands in no table.
    func addExpectancy(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ names: RunNames
    ) {
        let instruments = moment.configuration.engine.instruments
        let tables = engine.expectancies()
        var strategies: [JSONMember] = []
        for (index, name) in names.strategies.enumerated() where index < tables.strategies.count {
            Self.append(tables.strategies[index], name.isEmpty ? "unnamed" : name, to: &strategies)
        }
        var symbols: [JSONMember] = []
        for (index, instrument) in instruments.enumerated() {
            Self.append(tables.symbols[index], instrument.symbol, to: &symbols)
        }
        var hours: [JSONMember] = []
        for (hour, expectancy) in tables.hours.enumerated() {
            Self.append(expectancy, hour < 10 ? "0\(hour)" : "\(hour)", to: &hours)
        }
        members.append("lookback_days", moment.configuration.engine.sizing.kelly.lookbackDays)
        members.append("closed_trades", engine.closedTradeCount)
        members.append("dropped_trades", engine.droppedTradeCount)
        members.append("unmeasured_trades", engine.unmeasuredTradeCount)
        members.append("symbols", .object(symbols))
        members.append("strategies", .object(strategies))
        members.append("hours", .object(hours))
    }

    private static func append(_ expectancy: Expectancy, _ name: String, to rows: inout [JSONMember]) {
        guard expectancy.count > 0 else { return }
        var row: [JSONMember] = []
        row.append("count", expectancy.count)
        row.append("mature", expectancy.isMature)
        row.append(statistic: "hit_rate", expectancy.hitRate)
        row.append(statistic: "avg_return", expectancy.averageReturn)
        row.append(statistic: "avg_win", expectancy.averageWin)
        row.append(statistic: "avg_loss", expectancy.averageLoss)
        row.append(statistic: "expectancy", expectancy.expectancy)
        row.append(statistic: "expectancy_per_risk", expectancy.expectancyPerRisk)
        row.append(statistic: "max_drawdown", expectancy.maximumDrawdown)
        row.append(statistic: "dd_adjusted", expectancy.drawdownAdjusted)
        rows.append(name, .object(row))
    }

    // MARK: - Scores

    /// Of each symbol that was traded: with a closed trade, or with an execution in the window of its statistics.
    func addScores(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        let instruments = moment.configuration.engine.instruments
        let tables = engine.expectancies()
        var rows: [JSONMember] = []
        for (index, instrument) in instruments.enumerated() {
            let handle = InstrumentHandle(index)
            let expectancy = tables.symbols[index]
            guard let input = engine.scoreInput(handle, expectancy, at: moment.time) else { continue }
            rows.append(instrument.symbol, Self.json(input, expectancy, SymbolScore(input)))
        }
        members.append("symbols", .object(rows))
    }

    private static func json(_ input: SymbolScoreInput, _ expectancy: Expectancy, _ score: SymbolScore) -> JSONValue {
        var row: [JSONMember] = []
        row.append("score", .statistic(score.score))
        row.append("trades", expectancy.count)
        row.append("mature", expectancy.isMature)
        let components: JSONValue = [
            "expectancy": .statistic(score.expectancy), "router": .statistic(score.router),
            "slippage": .statistic(score.slippage), "fees": .statistic(score.fees),
            "volatility": .statistic(score.volatility),
        ]
        row.append("components", components)
        var inputs: [JSONMember] = []
        inputs.append(statistic: "expectancy", input.expectancy)
        inputs.append(statistic: "hit_rate", input.hitRate)
        inputs.append(statistic: "quality_score", input.quality)
        inputs.append(statistic: "slippage_p50", input.slippageBps)
        inputs.append(statistic: "fees", input.fees)
        inputs.append(statistic: "pnl", input.profit)
        inputs.append(statistic: "volatility_scale", input.volatilityScale)
        row.append("inputs", .object(inputs))
        return .object(row)
    }
}

extension [JSONMember] {
    /// A statistic; left out when it is not known.
    fileprivate mutating func append(statistic key: String, _ value: Double?) {
        if let value { append(JSONMember(key, .statistic(value))) }
    }
}
