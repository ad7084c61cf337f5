public import FairleadModel

/// What closed trades say of each symbol, for autotune and for people. No order is sized by it.
extension Engine {
    /// Of the trades that are kept: those that were closed within `sizing.kelly.lookback_days`. Costs a pass over them.
    public func expectancies() -> ExpectancyTables {
        var tables = ExpectancyTables(instruments: terms.count)
        for index in 0..<trades.count { tables.add(trades[index]) }
        return tables
    }

    /// What a symbol's score looks at; nil for one that was not traded: no closed trade, and no execution in the window
    /// of its statistics.
    public func scoreInput(
        _ instrument: InstrumentHandle,
        _ expectancy: Expectancy,
        at now: Timestamp
    ) -> SymbolScoreInput? {
        let view = routerStats(instrument, at: now).flatMap { $0.eventCount > 0 ? $0 : nil }
        guard expectancy.count > 0 || view != nil else { return nil }
        var input = SymbolScoreInput()
        if expectancy.count > 0 {
            input.expectancy = expectancy.expectancy
            input.hitRate = expectancy.hitRate
            input.fees = expectancy.fees
            input.profit = expectancy.profit
        }
        if let view {
            // The published one: by the same settings.
            let bucket = configuration.symbols[Int(instrument.index)].bucket
            input.quality = QualityScore(view, bucket, configuration.quality.score).score
            input.slippageBps = view.slippageBps?.p50
        }
        input.volatilityScale = volatilityRatio(instrument)
        return input
    }

    /// What autotune believes of each instrument's trades. Under 30 of them nothing: a few lucky ones move no policy.
    func autotuneExpectancies(at now: Timestamp) -> [AutotuneExpectancy] {
        expectancies().symbols.enumerated().map { index, expectancy in
            guard expectancy.isMature else { return .none }
            return AutotuneExpectancy(
                expectancy: expectancy.expectancy,
                hitRate: expectancy.hitRate,
                score: scoreInput(InstrumentHandle(index), expectancy, at: now).map { SymbolScore($0).score }
            )
        }
    }
}
