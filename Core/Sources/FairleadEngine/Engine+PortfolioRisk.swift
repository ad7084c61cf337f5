public import FairleadModel

/// What the rows about tails and correlations see, and what people may read of both.
extension Engine {
    /// Fills in what an entry's rows about the portfolio see. `closing` is the exit leg of a flip, which goes first.
    @inline(__always)
    mutating func addPortfolio(to context: inout RiskContext, closing: Quantity) {
        let isPriced = context.exposure.grossElsewhere != nil
        context.tails = tailFacts(context.order, closing: closing, isPriced: isPriced)
        context.correlation = correlationFacts(context.order, context.symbol.groupNavFraction)
    }

    /// The portfolio's value at risk and the position's expected shortfall, each with the order; only what a limit asks
    /// for. Costs a walk over the scenarios, and nothing with too few of them. The portfolio has both legs of a flip,
    /// the position may have either.
    @inline(__always)
    private mutating func tailFacts(
        _ order: OrderFacts,
        closing: Quantity,
        isPriced: Bool
    ) -> TailFacts {
        var facts = TailFacts()
        guard limits.maximumPortfolioVar != nil || limits.maximumPositionShortfall != nil else { return facts }
        let instrument = order.instrument
        let price = marketFacts(instrument).valuation
        guard price.raw > 0 else { return facts }
        let unit = Double(price.raw) * Double(terms[Int(instrument.index)].multiplier) / 1e16
        let quantity = order.quantity.raw + closing.raw
        if limits.maximumPortfolioVar != nil, isPriced {
            portfolio.follow(&exposure)
            let signed = order.side == .buy ? quantity : -quantity
            facts.portfolioEvidence = .insufficient
            if let estimate = portfolio.estimate(adding: Double(signed) * unit, of: instrument) {
                facts.portfolioEvidence = .known
                facts.portfolioVar = estimate.valueAtRisk
            }
        }
        if limits.maximumPositionShortfall != nil {
            var (low, high) = exposure.range(instrument)
            switch order.side {
            case .buy: high += quantity
            case .sell: low -= quantity
            }
            let loss = portfolio.shortfall(of: instrument, low: Double(low) * unit, high: Double(high) * unit)
            facts.positionEvidence = loss == nil ? .insufficient : .known
            facts.positionShortfall = loss ?? 0
        }
        return facts
    }

    /// Of the instrument's groups the one that leaves least room, and the largest correlation with an open position.
    @inline(__always)
    private mutating func correlationFacts(
        _ order: OrderFacts,
        _ groupCap: Rate?
    ) -> CorrelationFacts {
        var facts = CorrelationFacts()
        let groups = symbols[Int(order.instrument.index)].groups
        if groups != 0 { addGroup(groups, order.instrument, groupCap, to: &facts) }
        if limits.maximumPairCorrelation != nil { addPair(order.instrument, to: &facts) }
        return facts
    }

    /// `override` stands in for the cap of each group.
    private mutating func addGroup(
        _ groups: UInt32,
        _ instrument: InstrumentHandle,
        _ override: Rate?,
        to facts: inout CorrelationFacts
    ) {
        let nav = losses.nav ?? .zero
        var least: Money?
        var isUnpriced = false
        eachGroup(groups) { group in
            let cap = override ?? configuration.correlationGroups[group].maximumNavFraction
            guard let elsewhere = exposure.grossElsewhere(inGroup: group, instrument) else {
                isUnpriced = true
                facts.groupCap = cap
                return
            }
            let room = nav.share(cap) - elsewhere
            if isUnpriced { return }
            if let least, room >= least { return }
            least = room
            facts.groupCap = cap
            facts.groupElsewhere = elsewhere
        }
        if isUnpriced { facts.groupElsewhere = nil }
    }

    /// A walk over the scenarios for each open position of another instrument.
    private mutating func addPair(_ instrument: InstrumentHandle, to facts: inout CorrelationFacts) {
        var isKnown = false
        var isMissing = false
        for index in terms.indices where index != Int(instrument.index) {
            let other = InstrumentHandle(index)
            guard exposure.isOpen(other) else { continue }
            guard let rho = portfolio.returns.correlation(instrument, other) else {
                isMissing = true
                continue
            }
            isKnown = true
            facts.pairCorrelation = max(facts.pairCorrelation, Rate.nearest(abs(rho)))
        }
        // Alone there is nothing to be alike with.
        facts.pairEvidence = isKnown || !isMissing ? .known : .insufficient
    }

    /// A closed or backfilled bar's return joins the scenarios.
    mutating func keepReturn(_ bar: BarReport) { portfolio.apply(bar) }

    /// Makes the scenarios' results anew: after a bar, and at the policy's timer for present prices.
    mutating func revaluePortfolio() { portfolio.follow(&exposure, isForced: true) }

    // MARK: Views

    /// The portfolio as it stands, working entries counted as filled where that loses more; nil with too few returns,
    /// or while an exposure has no price. Cold: it makes the results anew.
    public func portfolioEstimate(isShortfall: Bool) -> LossEstimate? {
        guard exposure.gross != nil else { return nil }
        return portfolio.presentEstimate(exposure, isShortfall ? .position : .portfolio)
    }

    /// Expected shortfall of an instrument's position at its worst, 95 % of a day, by the method that says more; nil
    /// with too few returns, or without a price.
    public func positionShortfall(_ instrument: InstrumentHandle) -> Double? {
        let unit = exposure.unitWorth(instrument)
        guard unit > 0 else { return nil }
        let (low, high) = exposure.range(instrument)
        return portfolio.shortfall(of: instrument, low: Double(low) * unit, high: Double(high) * unit)
    }

    /// Returns that are kept of an instrument.
    public func returnCount(_ instrument: InstrumentHandle) -> Int { portfolio.returns.count(instrument) }
    /// Worst-case notional of a correlation group; nil while an exposure of it has no price.
    public func groupExposure(_ group: Int) -> Money? { exposure.gross(ofGroup: group) }
    /// Share of the NAV at 00:00 UTC of Monday that is lost; nil when nothing is known.
    public func weekLoss(at now: Timestamp) -> Rate? { losses.weekLoss(at: now) }
    /// NAV that the week's loss is measured from.
    public var weekStartNav: Money? { losses.weekStart }
    /// The router's global score, as of the policy's last recompute.
    public var globalRouterScore: Double { routerScore }
}
