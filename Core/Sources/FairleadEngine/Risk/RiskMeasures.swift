internal import FairleadModel

/// What several rows need, computed once for a decision.
struct RiskMeasures: BitwiseCopyable {
    /// The rows are written: what they observed is computed.
    private(set) var isTold = false
    /// The quantity that is judged: as sized, or as clamped.
    var quantity: Quantity
    /// Far touch, mark or last; zero when there is none.
    var reference: Price
    /// The order's own price: its limit, else its trigger, else the reference; zero when there is none.
    var price: Price
    /// Zero when there is no price.
    var notional: Money
    /// The worst price that may leave; zero without a reference.
    var collar: Price
    /// nil when unknown, or not positive: no share of it can be computed.
    var nav: Money?
    /// Notional over NAV; nil when it can't be computed. Only for orders that increase.
    var tradeShare: NavShare?
    /// The instrument's worst case with the order over NAV; nil as above.
    var symbolShare: NavShare?
    /// The instrument's worst case with the order. Only for orders that increase.
    var symbolWorst = Quantity.zero
    /// Gross worst case of the account with the order over NAV; nil as above.
    var grossShare: NavShare?
    /// The same of the correlation group that leaves least room.
    var groupShare: NavShare?

    @inline(__always)
    init(_ context: RiskContext, _ limits: RiskLimits, quantity: Quantity) {
        let order = context.order
        let maximumAge = limits.maximumQuoteAge(of: context.terms.assetClass)
        self.quantity = quantity
        reference = context.market.reference(for: order.side, at: order.now, maximumAge: maximumAge)
        price = order.limitPrice.raw > 0 ? order.limitPrice : order.trigger.raw > 0 ? order.trigger : reference
        notional = context.terms.boundedNotional(price, quantity)
        collar = Self.collar(context, rate: order.isReducing ? limits.exitPriceCollar : limits.priceCollar, reference)
        nav = context.account.nav.flatMap { $0.raw > 0 ? $0 : nil }
        guard !order.isReducing else { return }
        symbolWorst = Self.symbolWorst(context, adding: quantity)
        guard let nav, price.raw > 0 else { return }
        tradeShare = NavShare(notional, of: nav)
        let valuation = context.market.valuation
        guard valuation.raw > 0 else { return }
        let symbolNotional = context.terms.boundedNotional(valuation, symbolWorst)
        if context.symbol.maximumNavFraction != nil || context.symbol.tierNavFraction != nil {
            symbolShare = NavShare(symbolNotional, of: nav)
        }
        if let elsewhere = context.correlation.groupElsewhere {
            groupShare = NavShare(elsewhere + symbolNotional, of: nav)
        }
        guard let elsewhere = context.exposure.grossElsewhere else { return }
        grossShare = NavShare(elsewhere + symbolNotional, of: nav)
    }

    /// The rows will be written.
    mutating func tell() {
        isTold = true
        tradeShare?.divide()
        symbolShare?.divide()
        grossShare?.divide()
        groupShare?.divide()
    }

    /// The instrument's worst case with the order: both position sides in hedge mode.
    @inline(__always)
    static func symbolWorst(_ context: RiskContext, adding quantity: Quantity) -> Quantity {
        context.exposure.row.worst(adding: quantity, side: context.order.side) + context.exposure.otherSideWorst
    }

    /// The reference moved by `rate` against us, onto the tick inside the bound.
    private static func collar(_ context: RiskContext, rate: Rate, _ reference: Price) -> Price {
        guard reference.raw > 0 else { return .zero }
        let distance = rate.share(of: reference.raw)
        switch context.order.side {
        case .buy:
            let bound = reference.raw.addingReportingOverflow(distance)
            return context.terms.roundedDown(Price(raw: bound.overflow ? Int64.max : bound.partialValue))
        case .sell: return context.terms.roundedUp(Price(raw: reference.raw - min(distance, reference.raw)))
        }
    }
}

extension RiskLimits {
    /// `max_quote_age_ms` of the asset class.
    @inline(__always)
    func maximumQuoteAge(of assetClass: AssetClass) -> TimeSpan {
        switch assetClass {
        case .crypto: maximumQuoteAgeCrypto
        case .equity: maximumQuoteAgeEquity
        }
    }
}
