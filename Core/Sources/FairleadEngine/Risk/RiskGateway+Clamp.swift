internal import FairleadModel

// `clampsToLimits`: an entry over a cap is cut to what the caps leave instead of being refused.

extension RiskGateway {
    /// The rows that a smaller quantity can satisfy.
    static let clampable: VetoReasons = {
        var reasons = VetoReasons()
        for reason: VetoReason in [
            .maxOrderNotional, .maxOrderQuantity, .perTradeNav, .symbolCap, .tierCap, .correlationCap, .portfolioCap,
            .leverageExceeded, .effectiveLeverageExceeded, .buyingPower,
        ] {
            reasons.insert(reason)
        }
        return reasons
    }()

    /// Cuts the quantity where only caps stand in its way and the rest passes every row; otherwise leaves it alone, so
    /// that the order is refused for what it asked.
    static func clamp(
        _ measures: inout RiskMeasures,
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ out: inout Outbox
    ) {
        let broken = evaluate(context, limits, measures, isRecorded: false, into: &out)
        guard !broken.isEmpty, broken.bits & ~clampable.bits == 0 else { return }
        let allowed = largestAllowed(context, limits, measures)
        guard allowed > .zero, allowed < measures.quantity else { return }
        let cut = RiskMeasures(context, limits, quantity: allowed)
        if evaluate(context, limits, cut, isRecorded: false, into: &out).isEmpty { measures = cut }
    }

    /// The largest quantity on the lot grid that every notional and quantity cap allows; never over what was asked.
    /// Zero where nothing is allowed, or where what a cap needs is unknown.
    static func largestAllowed(_ context: RiskContext, _ limits: RiskLimits, _ measures: RiskMeasures) -> Quantity {
        let terms = context.terms
        var allowed = min(context.order.quantity, terms.maximumQuantity)
        if let maximum = limits.maximumOrderQuantity { allowed = min(allowed, maximum) }
        guard measures.price.raw > 0 else { return .zero }
        if let maximum = limits.maximumOrderNotional {
            allowed = min(allowed, terms.quantity(worth: maximum, at: measures.price))
        }
        if let available = context.account.available {
            let funds = available.divided(by: context.account.marginRate)
            allowed = min(allowed, terms.quantity(worth: funds, at: measures.price))
        }
        if let share = smallest(limits.maximumTradeNavFraction, leverageCap(context, limits)) {
            guard let nav = measures.nav else { return .zero }
            allowed = min(allowed, terms.quantity(worth: nav.share(share), at: measures.price))
        }
        if let share = smallest(context.symbol.maximumNavFraction, context.symbol.tierNavFraction) {
            guard let nav = measures.nav else { return .zero }
            allowed = min(allowed, headroom(context, worth: nav.share(share)))
        }
        if let share = context.correlation.groupCap {
            guard let nav = measures.nav, let elsewhere = context.correlation.groupElsewhere else { return .zero }
            allowed = min(allowed, headroom(context, worth: nav.share(share) - elsewhere))
        }
        if let share = smallest(limits.maximumGrossExposure, limits.maximumEffectiveLeverage) {
            guard let nav = measures.nav, let elsewhere = context.exposure.grossElsewhere else { return .zero }
            allowed = min(allowed, headroom(context, worth: nav.share(share) - elsewhere))
        }
        return terms.roundedDown(allowed)
    }

    private static func smallest(_ first: Rate?, _ second: Rate?) -> Rate? {
        guard let first else { return second }
        guard let second else { return first }
        return min(first, second)
    }

    /// How much the order may add before the instrument's worst case is worth more than `money`.
    private static func headroom(_ context: RiskContext, worth money: Money) -> Quantity {
        let total = context.terms.quantity(worth: money, at: context.market.valuation)
        let room = total.subtracting(context.exposure.otherSideWorst).raw
        let row = context.exposure.row
        switch context.order.side {
        case .buy: return Quantity(raw: max(0, room - row.highest))
        case .sell: return Quantity(raw: max(0, room + row.lowest))
        }
    }
}

extension Money {
    /// This sum times a share, rounded down.
    func share(_ rate: Rate) -> Money {
        let product = raw.multipliedReportingOverflow(by: Int128(rate.raw))
        guard !product.overflow else { return Money(raw: (raw / Int128(FixedPoint.one)) * Int128(rate.raw)) }
        return Money(raw: FixedPoint.floorDivide(product.partialValue, by: Int128(FixedPoint.one)))
    }

    /// The largest sum whose product with `rate` (rounded up) is not more than this one; zero where there is none.
    func divided(by rate: Rate) -> Money {
        guard raw > 0, rate.raw > 0 else { return raw > 0 ? self : .zero }
        let scaled = raw.multipliedReportingOverflow(by: Int128(FixedPoint.one))
        guard !scaled.overflow else { return Money(raw: (raw / Int128(rate.raw)) * Int128(FixedPoint.one)) }
        return Money(raw: scaled.partialValue / Int128(rate.raw))
    }
}
