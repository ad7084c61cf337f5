internal import FairleadModel

// Rows about the order itself: its price, its quantity, its notional, and the market that it meets.

extension RiskGateway {
    /// The first defect with its numbers; a flag where there are none. A quantity of zero that another row explains
    /// (nothing left to reduce, no NAV, no funds, no price, no edge) is not told twice.
    @inline(__always)
    static func invalidOrder(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome {
        if hasWrongPositionSide(context) { return RuleOutcome(flag: true) }
        if context.order.levelCount > context.trading.levelRowsLeft {
            return RuleOutcome(
                status: .broken,
                unit: .count,
                observed: Int64(context.order.levelCount),
                threshold: Int64(context.trading.levelRowsLeft)
            )
        }
        if let defect = context.order.levelDefect {
            return RuleOutcome(
                status: .broken,
                unit: defect.unit,
                observed: defect.observed,
                threshold: defect.threshold
            )
        }
        return priceDefect(context, measures) ?? quantityDefect(context, measures) ?? RuleOutcome(flag: false)
    }

    /// `BOTH` in hedge mode, `LONG` or `SHORT` in one-way mode; and an entry that opens the other side than it names.
    @inline(__always)
    private static func hasWrongPositionSide(_ context: RiskContext) -> Bool {
        switch context.order.positionSide {
        case .both: context.terms.isHedged
        case .long: !context.terms.isHedged || (context.order.side == .sell) != context.order.isReducing
        case .short: !context.terms.isHedged || (context.order.side == .buy) != context.order.isReducing
        }
    }

    @inline(__always)
    private static func priceDefect(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome? {
        let price = context.order.limitPrice
        switch context.order.type {
        case .market:
            guard price != .zero else { return nil }
            return RuleOutcome(status: .broken, unit: .price, observed: price.raw, threshold: 0)
        case .limit, .postOnly, .marketableLimit:
            if price.raw <= 0 { return RuleOutcome(status: .broken, unit: .price, observed: price.raw, threshold: 0) }
            if price > Price.bound {
                return RuleOutcome(status: .broken, unit: .price, observed: price.raw, threshold: Price.bound.raw)
            }
            if !context.terms.isOnTick(price) {
                return RuleOutcome(
                    status: .broken,
                    unit: .price,
                    observed: price.raw,
                    threshold: context.terms.tick.raw
                )
            }
            return percentPriceDefect(context, measures)
        }
    }

    /// The venue's bound on both sides of its mark; measured by the reference where no mark is known.
    @inline(__always)
    private static func percentPriceDefect(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome? {
        let base = context.market.mark.raw > 0 ? context.market.mark : measures.reference
        let price = context.order.limitPrice
        guard base.raw > 0, context.terms.breaksPercentPrice(price, mark: base) else { return nil }
        let observed = Rate.ratioRoundedUp(abs(price.raw - base.raw), of: base.raw)
        // The bound of the side of the mark that it lies on, whichever side of the book it is.
        let bound = context.terms.percentPriceReach(price > base ? .buy : .sell)
        return RuleOutcome(status: .broken, unit: .rate, observed: observed, threshold: bound.raw)
    }

    @inline(__always)
    private static func quantityDefect(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome? {
        let quantity = measures.quantity
        let lot = context.terms.lot
        if quantity == .zero {
            guard !isZeroExplained(context) else { return nil }
            let requested = context.order.requestedQuantity
            return RuleOutcome(status: .broken, unit: .quantity, observed: requested.raw, threshold: lot.raw)
        }
        if !context.terms.isOnLot(quantity) {
            return RuleOutcome(status: .broken, unit: .quantity, observed: quantity.raw, threshold: lot.raw)
        }
        let minimum = context.terms.minimumQuantity
        if quantity < minimum {
            return RuleOutcome(status: .broken, unit: .quantity, observed: quantity.raw, threshold: minimum.raw)
        }
        // Keeps the running sums inside what arithmetic can hold, whatever the venue would allow.
        if !context.order.isReducing {
            if measures.symbolWorst > Quantity.bound {
                return RuleOutcome(
                    status: .broken,
                    unit: .quantity,
                    observed: measures.symbolWorst.raw,
                    threshold: Quantity.bound.raw
                )
            }
        }
        return nil
    }

    private static func isZeroExplained(_ context: RiskContext) -> Bool {
        switch context.order.shortfall {
        case .navUnknown, .noFunds, .noReferencePrice, .negativeEdge: true
        case .noPosition: context.order.wantsReduction
        case .none, .belowLot:
            context.order.wantsReduction && context.exposure.row.reducible(by: context.order.side) == .zero
        }
    }

    /// How much worse than the reference the limit is, rounded up; negative on the passive side, which this row lets
    /// be. An order without a limit gets its bound from the collar itself.
    @inline(__always)
    static func priceCollar(_ context: RiskContext, _ limits: RiskLimits, _ measures: RiskMeasures) -> RuleOutcome {
        let order = context.order
        guard order.limitPrice.raw > 0 else { return .off }
        let bound = order.isReducing ? limits.exitPriceCollar : limits.priceCollar
        let reference = measures.reference
        guard reference.raw > 0 else { return .missing(.rate, threshold: bound.raw, isReducing: order.isReducing) }
        let adverse = order.side == .buy ? order.limitPrice - reference : reference - order.limitPrice
        let scaled = Int128(adverse.raw) * Int128(FixedPoint.one)
        return RuleOutcome(
            isBroken: scaled > Int128(reference.raw) * Int128(bound.raw),
            .rate,
            observed: FixedPoint.dividedRoundingUp(scaled, by: Int128(reference.raw)),
            threshold: bound.raw
        )
    }

    @inline(__always)
    static func staleMarketData(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        let maximum = limits.maximumQuoteAge(of: context.terms.assetClass)
        guard let age = context.market.age(at: context.order.now) else {
            return .missing(.milliseconds, threshold: maximum.milliseconds, isReducing: context.order.isReducing)
        }
        return RuleOutcome(
            isBroken: age > maximum,
            .milliseconds,
            observed: age.millisecondsRoundedUp,
            threshold: maximum.milliseconds
        )
    }

    /// Broken below the larger of the venue's and the configured minimum. The configured one guards entries; an exit
    /// goes where the venue exempts it, and is residual where the venue doesn't.
    @inline(__always)
    static func minNotional(_ context: RiskContext, _ limits: RiskLimits, _ measures: RiskMeasures) -> RuleOutcome {
        var minimum = context.terms.minimumNotional
        if context.order.isReducing {
            if context.terms.reduceOnlyExemptFromMinimum { return .off }
        } else if let configured = limits.minimumNotional {
            minimum = max(minimum, configured)
        }
        guard minimum > .zero, measures.quantity > .zero else { return .off }
        guard measures.price.raw > 0 else {
            return .missing(.money, threshold: minimum.raw8RoundedDown, isReducing: context.order.isReducing)
        }
        return RuleOutcome(
            isBroken: measures.notional < minimum,
            isTold: measures.isTold,
            observed: measures.notional.raw8RoundedDown,
            threshold: minimum.raw8RoundedDown
        )
    }

    /// An exit over it is split (`maximumChild`), never denied.
    @inline(__always)
    static func maxOrderNotional(
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures
    ) -> RuleOutcome {
        guard let maximum = limits.maximumOrderNotional else { return .off }
        guard measures.price.raw > 0 else {
            return .missing(.money, threshold: maximum.raw8RoundedDown, isReducing: context.order.isReducing)
        }
        return RuleOutcome(
            isBroken: measures.notional > maximum && !context.order.isReducing,
            isTold: measures.isTold,
            observed: measures.notional.raw8RoundedUp,
            threshold: maximum.raw8RoundedDown
        )
    }

    /// The smaller of the venue's and the configured maximum. An exit over it is split, never denied.
    @inline(__always)
    static func maxOrderQuantity(
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures
    ) -> RuleOutcome {
        let maximum = maximumQuantity(context.terms, limits)
        return RuleOutcome(
            isBroken: measures.quantity > maximum && !context.order.isReducing,
            .quantity,
            observed: measures.quantity.raw,
            threshold: maximum.raw
        )
    }

    private static func maximumQuantity(_ terms: InstrumentTerms, _ limits: RiskLimits) -> Quantity {
        guard let configured = limits.maximumOrderQuantity else { return terms.maximumQuantity }
        return min(configured, terms.maximumQuantity)
    }

    /// The largest child of a split exit: on the lot grid, within the per-order limits, and at least what the venue
    /// takes.
    static func maximumChild(_ terms: InstrumentTerms, _ limits: RiskLimits, at price: Price) -> Quantity {
        var largest = maximumQuantity(terms, limits)
        if let notional = limits.maximumOrderNotional, price.raw > 0 {
            largest = min(largest, terms.quantity(worth: notional, at: price))
        }
        return max(terms.roundedDown(largest), max(terms.lot, terms.minimumQuantity))
    }

    /// A part of a position that the venue takes no order for: under its minimum quantity, or under its minimum
    /// notional without an exemption.
    static func isResidual(_ context: RiskContext, _ measures: RiskMeasures) -> Bool {
        let left = context.exposure.row.reducible(by: context.order.side)
        guard left > .zero else { return false }
        if measures.quantity < max(context.terms.lot, context.terms.minimumQuantity) { return true }
        guard !context.terms.reduceOnlyExemptFromMinimum, measures.price.raw > 0 else { return false }
        return measures.notional < context.terms.minimumNotional
    }

    /// The price that the order may reach (its limit, else its collar) against the best own resting order. For an exit
    /// the row passes and the verdict says to cancel that order first.
    @inline(__always)
    static func selfCross(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome {
        let best = context.exposure.ownOppositeBest
        guard best != .zero else { return RuleOutcome(flag: false) }
        let reach = context.order.limitPrice.raw > 0 ? context.order.limitPrice : measures.collar
        return RuleOutcome(
            isBroken: crossesOwnOrder(context, measures) && !context.order.isReducing,
            .price,
            observed: reach == .zero ? RiskRow.missing : reach.raw,
            threshold: best.raw
        )
    }

    /// An order without any bound crosses whatever rests.
    static func crossesOwnOrder(_ context: RiskContext, _ measures: RiskMeasures) -> Bool {
        let best = context.exposure.ownOppositeBest
        guard best != .zero else { return false }
        let reach = context.order.limitPrice.raw > 0 ? context.order.limitPrice : measures.collar
        guard reach != .zero else { return true }
        switch context.order.side {
        case .buy: return reach >= best
        case .sell: return reach <= best
        }
    }
}
