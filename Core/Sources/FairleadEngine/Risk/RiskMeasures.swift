internal import FairleadModel

/// What several rows need, computed once for a decision.
struct RiskMeasures: BitwiseCopyable {
    /// The quantity that is judged: as sized, or as clamped.
    var quantity: Quantity
    /// Far touch, mark or last; zero when there is none.
    var reference: Price
    /// The order's own price: its limit, else the reference; zero when there is neither.
    var price: Price
    /// Zero when there is no price.
    var notional: Money
    /// The worst price that may leave; zero without a reference.
    var collar: Price
    /// nil when unknown, or not positive: no share of it can be computed.
    var nav: Money?
    /// Notional over NAV, rounded up; nil when it can't be computed. Only for orders that increase.
    var tradeShare: Rate?
    /// The instrument's worst case with the order over NAV, rounded up; nil as above.
    var symbolShare: Rate?
    /// Gross worst case of the account with the order over NAV, rounded up; nil as above.
    var grossShare: Rate?

    @inline(__always)
    init(_ context: RiskContext, _ limits: RiskLimits, quantity: Quantity) {
        let order = context.order
        let maximumAge = limits.maximumQuoteAge(of: context.terms.assetClass)
        self.quantity = quantity
        reference = context.market.reference(for: order.side, at: order.now, maximumAge: maximumAge)
        price = order.limitPrice.raw > 0 ? order.limitPrice : reference
        notional = context.terms.boundedNotional(price, quantity)
        collar = Self.collar(context, rate: order.isReducing ? limits.exitPriceCollar : limits.priceCollar, reference)
        nav = context.account.nav.flatMap { $0.raw > 0 ? $0 : nil }
        guard !order.isReducing, let nav, price.raw > 0 else { return }
        tradeShare = notional.shareRoundedUp(of: nav)
        let valuation = context.market.valuation
        guard valuation.raw > 0 else { return }
        let symbolWorst = Self.symbolWorst(context, adding: quantity)
        let symbolNotional = context.terms.boundedNotional(valuation, symbolWorst)
        if context.symbol.maximumNavFraction != nil { symbolShare = symbolNotional.shareRoundedUp(of: nav) }
        guard let elsewhere = context.exposure.grossElsewhere else { return }
        grossShare = (elsewhere + symbolNotional).shareRoundedUp(of: nav)
    }

    /// The instrument's worst case with the order: both position sides in hedge mode.
    static func symbolWorst(_ context: RiskContext, adding quantity: Quantity) -> Quantity {
        context.exposure.row.worst(adding: quantity, side: context.order.side) + context.exposure.otherSideWorst
    }

    /// The reference moved by `rate` against us, onto the tick inside the bound.
    private static func collar(_ context: RiskContext, rate: Rate, _ reference: Price) -> Price {
        guard reference.raw > 0 else { return .zero }
        let one = Int128(FixedPoint.one)
        switch context.order.side {
        case .buy:
            let bound = FixedPoint.dividedRoundingDown(Int128(reference.raw) * (one + Int128(rate.raw)), by: one)
            return context.terms.roundedDown(Price(raw: bound))
        case .sell:
            let bound = FixedPoint.dividedRoundingUp(Int128(reference.raw) * (one - Int128(rate.raw)), by: one)
            return context.terms.roundedUp(Price(raw: bound))
        }
    }
}

extension RiskLimits {
    /// `max_quote_age_ms` of the asset class.
    func maximumQuoteAge(of assetClass: AssetClass) -> TimeSpan {
        switch assetClass {
        case .crypto: maximumQuoteAgeCrypto
        case .equity: maximumQuoteAgeEquity
        }
    }
}

extension InstrumentTerms {
    @inline(__always)
    func boundedNotional(_ price: Price, _ quantity: Quantity) -> Money {
        Money.boundedNotional(price, quantity, multiplier: multiplier)
    }
}

extension Money {
    /// About 10^16 of the currency: more than any limit that makes sense, and 2^20 of it still fit a sum.
    static var exposureBound: Money { Money(raw: Int128(1) << 107) }

    /// `notional`, cut off at `exposureBound`: no input can make a sum of notionals overflow.
    @inline(__always)
    static func boundedNotional(_ price: Price, _ quantity: Quantity, multiplier: Int32) -> Money {
        let (product, overflow) = (Int128(price.raw) * Int128(quantity.raw))
            .multipliedReportingOverflow(by: Int128(multiplier))
        return overflow ? exposureBound : Money(raw: min(product, exposureBound.raw))
    }

    /// This sum times a rate, rounded up, and cut off at `exposureBound`. Neither may be negative.
    func boundedProduct(_ rate: Rate) -> Money {
        if rate == .one { return self }
        let one = Int128(FixedPoint.one)
        let (product, overflow) = raw.multipliedReportingOverflow(by: Int128(rate.raw))
        let quotient = overflow ? Int128.max : product / one
        if quotient >= Money.exposureBound.raw { return Money.exposureBound }
        return Money(raw: quotient * one == product ? quotient : quotient + 1)
    }

    /// `self / base` as a rate, rounded up and saturating, so that `share > limit` holds exactly when the true ratio is
    /// larger. `self` must not be negative, `base` must be positive.
    func shareRoundedUp(of base: Money) -> Rate {
        let scaled = raw.multipliedReportingOverflow(by: Int128(FixedPoint.one))
        guard !scaled.overflow else { return Rate(raw: Int64.max) }
        let quotient = scaled.partialValue / base.raw
        let isExact = quotient * base.raw == scaled.partialValue
        return Rate(raw: Int64(clamping: isExact ? quotient : quotient + 1))
    }

    /// In units of 10^-8, rounded up and saturating: an observation that is over its cap also reads so.
    var raw8RoundedUp: Int64 {
        let one = Int128(FixedPoint.one)
        let quotient = raw / one
        return Int64(clamping: raw > quotient * one ? quotient + 1 : quotient)
    }
}
