import FairleadModel

// Sizes of kind `kelly` (SPEC 5). A signal asks for a share of the Kelly fraction of NAV; each factor after that only
// makes it smaller, and each division rounds down.

extension Sizer {
    /// The strategy's fraction, times confidence and multiplier, within its two bounds; then the haircut for positions
    /// that move together, the volatility regime, and the share of it that the signal asks for.
    static func kelly(_ share: Rate, _ input: SizingInput) -> SizedOrder {
        let edge = KellyEdge(input.tally, input.kelly)
        var factors = SizingFactors(edge)
        let confidence = min(.one, max(.zero, input.confidence))
        factors.confidenceFactor = Rate(raw: 25_000_000) + Rate(raw: 75_000_000).share(confidence)
        if edge.basis == .edge { factors.multiplier = input.kelly.multiplier }
        factors.correlationLoad = max(.zero, input.correlationLoad)
        factors.regime = input.regime
        factors.regimeMultiplier = min(.one, input.regimeMultiplier)
        guard edge.basis != .noEdge, let fraction = edge.fraction else { return none(.negativeEdge, factors) }
        guard let nav = input.nav, nav > .zero else { return none(.navUnknown, factors) }

        let asked = converted(nav.share(fraction).share(share), input)
        guard asked.shortfall == .none else { return none(asked.shortfall, factors) }
        var applied = fraction.share(factors.confidenceFactor).share(factors.multiplier)
        if applied > input.kelly.maximumFraction {
            applied = input.kelly.maximumFraction
            factors.clamps.insert(.maximumFraction)
        }
        var worth = nav.share(applied)
        if let available = input.available {
            let bound = available.share(input.kelly.maximumBuyingPowerFraction)
            if worth > bound {
                worth = bound
                factors.clamps.insert(.buyingPower)
            }
        }
        worth = worth.divided(by: .one + factors.correlationLoad)
        worth = worth.share(factors.regimeMultiplier).share(share)
        factors.navFraction = worth.ratio(to: nav) ?? .zero
        var sized = converted(worth, input)
        sized.requestedQuantity = asked.requestedQuantity
        sized.quantity = min(sized.quantity, asked.quantity)
        sized.factors = factors
        return sized
    }

    private static func none(_ shortfall: SizingShortfall, _ factors: SizingFactors) -> SizedOrder {
        SizedOrder(quantity: .zero, requestedQuantity: .zero, shortfall: shortfall, factors: factors)
    }
}

extension SizingFactors {
    init(_ edge: KellyEdge) {
        self.init()
        basis = edge.basis
        trades = UInt32(clamping: edge.trades)
        fraction = edge.fraction ?? Self.missing
        winRate = edge.winRate ?? Self.missing
        payoff = edge.payoff ?? Self.missing
    }
}

extension Rate {
    /// This rate times a share, rounded down.
    func share(_ share: Rate) -> Rate {
        Rate(raw: FixedPoint.dividedRoundingDown(Int128(raw) * Int128(share.raw), by: Int128(FixedPoint.one)))
    }
}
