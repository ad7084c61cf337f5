import FairleadModel

/// What a size was made from, and what a trade came to, at random.
extension RandomRecords {
    private mutating func rate(orElse none: Rate) -> Rate { flag() ? none : Rate(raw: raw()) }
    mutating func factors() -> SizingFactors {
        var factors = SizingFactors()
        factors.basis = choice()
        factors.fraction = rate(orElse: SizingFactors.missing)
        factors.winRate = rate(orElse: SizingFactors.missing)
        factors.payoff = rate(orElse: SizingFactors.missing)
        factors.confidenceFactor = rate(orElse: .one)
        factors.multiplier = rate(orElse: .one)
        factors.correlationLoad = rate(orElse: .zero)
        factors.regimeMultiplier = rate(orElse: .one)
        factors.navFraction = rate(orElse: SizingFactors.missing)
        factors.trades = UInt32(truncatingIfNeeded: word())
        factors.regime = flag() ? nil : choice()
        factors.clamps = SizingClamps(bits: UInt8.random(in: 0...3, using: &random))
        return factors
    }

    mutating func trade() -> ClosedTrade {
        ClosedTrade(
            number: number(),
            instrument: instrument(),
            positionSide: choice(),
            strategy: StrategyHandle(index: flag() ? 0 : 3),
            side: choice(),
            exit: choice(),
            openedAt: time(),
            closedAt: time(),
            quantity: quantity(),
            entryNotional: raw(),
            profit: raw(),
            fees: raw(),
            funding: raw(),
            profitRate: Rate(raw: raw())
        )
    }
}
