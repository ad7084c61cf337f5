public import FairleadModel

/// What sizing asks of the engine.
extension Engine {
    /// Sizes a signal, and tells it. Most sizes are given, and no look at trades or volatilities is spent on them.
    mutating func size(
        _ signal: SignalTerms,
        reducible: Quantity,
        wantsReduction: Bool,
        at now: Timestamp,
        into out: inout Outbox
    ) -> SizedOrder {
        let facts = marketFacts(signal.instrument)
        var input = SizingInput(
            terms: terms[Int(signal.instrument.index)],
            side: signal.side,
            limitPrice: signal.limitPrice,
            reference: facts.reference(for: signal.side, at: now, maximumAge: routing.maximumBookAge),
            nav: losses.nav,
            available: availableFunds,
            wantsReduction: wantsReduction,
            reducible: reducible
        )
        if !wantsReduction {
            switch signal.size {
            case .kelly:
                weigh(signal, &input, at: now)
                look(atVolatilityOf: signal.instrument, &input)
            case .quantity, .notional, .navFraction, .wholePosition:
                if configuration.sizing.regimeAppliesToAll { look(atVolatilityOf: signal.instrument, &input) }
            }
        }
        let sized = Sizer.size(signal.size, input)
        out.notice(.sized(Sizer.record(signal, sized, nav: losses.nav)))
        return sized
    }

    /// What Kelly's rule looks at.
    private mutating func weigh(_ signal: SignalTerms, _ input: inout SizingInput, at now: Timestamp) {
        forgetTrades(at: now)
        input.confidence = signal.confidence
        input.tally = trades.tally(of: signal.strategy)
        input.correlationLoad = correlationLoad(signal.instrument, signal.side)
        input.kelly = configuration.sizing.kelly
    }

    private mutating func look(atVolatilityOf instrument: InstrumentHandle, _ input: inout SizingInput) {
        let regime = volatilities.regime(instrument).regime
        let tier = configuration.symbols[Int(instrument.index)].tier
        input.regime = regime
        input.regimeMultiplier = configuration.sizing.regimes[tier][regime]
    }

    /// How much an entry of `side` would move together with the open positions, those in flight counted as filled
    /// (`CorrelationHaircut.load`). A walk over the scenarios for each of them.
    mutating func correlationLoad(_ instrument: InstrumentHandle, _ side: Side) -> Rate {
        var load = Rate.zero
        guard configuration.sizing.correlationHaircut else { return load }
        for index in terms.indices {
            let other = InstrumentHandle(index)
            guard exposure.isOpen(other) else { continue }
            let (low, high) = exposure.range(other)
            let isLong = high >= -low
            let rho = other == instrument ? 1 : portfolio.returns.correlation(instrument, other)
            load = load + CorrelationHaircut.share((rho, isLong == (side == .buy)))
        }
        return load
    }

    // MARK: - Reading

    /// The volatility regime of sizing, and whether it is only assumed for want of bars.
    public func volatilityRegime(_ instrument: InstrumentHandle) -> (regime: SizingRegime, isAssumed: Bool) {
        volatilities.regime(instrument)
    }

    /// Short volatility over long; nil where too few bars are known.
    public func volatilityRatio(_ instrument: InstrumentHandle) -> Double? { volatilities.ratio(instrument) }
}
