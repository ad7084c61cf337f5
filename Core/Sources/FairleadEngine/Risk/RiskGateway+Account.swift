internal import FairleadModel

// Rows about the account: NAV, losses, caps and funds. All are entry-only.

extension RiskGateway {
    @inline(__always)
    static func navStale(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        guard limits.failClosedOnNavStale else { return .off }
        let maximum = limits.navFreshness.milliseconds
        guard context.account.nav != nil, context.account.navTime != .never else {
            return .missing(.milliseconds, threshold: maximum, isReducing: context.order.isReducing)
        }
        let age = max(.zero, context.order.now - context.account.navTime)
        return RuleOutcome(
            isBroken: context.account.isNavSourceFailed || age > limits.navFreshness,
            .milliseconds,
            observed: age.millisecondsRoundedUp,
            threshold: maximum
        )
    }

    /// Latched: stays broken after NAV has recovered, and after the limit was loosened, until an operator resets it.
    @inline(__always)
    static func portfolioDrawdownCircuit(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        let outcome = loss(context.account.drawdown, limits.maximumPortfolioDrawdown)
        guard context.account.isCircuitLatched else { return outcome }
        return RuleOutcome(
            status: .broken,
            unit: .rate,
            observed: context.account.drawdown?.raw ?? RiskRow.missing,
            threshold: outcome.threshold
        )
    }

    /// A loss or drawdown is broken at its limit. Rounded down, so that `>=` is exact.
    @inline(__always)
    static func loss(_ observed: Rate?, _ limit: Rate?) -> RuleOutcome {
        guard let limit else { return .off }
        guard let observed else { return .missing(.rate, threshold: limit.raw, isReducing: false) }
        return RuleOutcome(isBroken: observed >= limit, .rate, observed: observed.raw, threshold: limit.raw)
    }

    /// A cap is broken above its limit, exactly.
    @inline(__always)
    static func cap(_ observed: NavShare?, _ limit: Rate?) -> RuleOutcome {
        guard let limit else { return .off }
        guard let observed else { return .missing(.rate, threshold: limit.raw, isReducing: false) }
        return RuleOutcome(
            isBroken: observed.exceeds(limit),
            .rate,
            observed: observed.roundedUp.raw,
            threshold: limit.raw
        )
    }

    /// Kelly's f over the strategy's closed trades, broken at 0 and under it, and where it never won. Unknown while too
    /// little is known of the strategy: its entries go by the base fraction. Off for a size that the signal gave.
    @inline(__always)
    static func negativeEdge(_ context: RiskContext) -> RuleOutcome {
        switch context.order.edgeBasis {
        case .given: .off
        case .base: RuleOutcome(status: .unknown, unit: .rate, observed: RiskRow.missing, threshold: 0)
        case .edge, .noEdge:
            RuleOutcome(
                isBroken: context.order.edgeBasis == .noEdge,
                .rate,
                observed: context.order.edge.raw,
                threshold: 0
            )
        }
    }

    /// The smaller of the symbol's and the global cap.
    @inline(__always)
    static func leverageCap(_ context: RiskContext, _ limits: RiskLimits) -> Rate? {
        guard let symbol = context.symbol.maximumLeverage else { return limits.maximumLeverage }
        guard let global = limits.maximumLeverage else { return symbol }
        return min(symbol, global)
    }

    /// The margin that the order needs against what is free. Neither SPEC nor RULES has a key for an initial margin,
    /// and the venue's margin model is part 3's: until then each unit of notional is paid in full (`marginRate` 1),
    /// so that the account never holds more than its NAV, whatever `max_gross_exposure_pct` allows. An entry that was
    /// sized to nothing for want of NAV or funds is refused here.
    @inline(__always)
    static func buyingPower(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome {
        switch context.order.shortfall {
        case .navUnknown: return .missing(.money, threshold: 0, isReducing: false)
        case .none, .noFunds, .noReferencePrice, .belowLot, .noPosition, .negativeEdge: break
        }
        guard let available = context.account.available else {
            return .missing(.money, threshold: 0, isReducing: false)
        }
        guard measures.price.raw > 0 else {
            return .missing(.money, threshold: available.raw8RoundedDown, isReducing: false)
        }
        let margin = measures.notional.boundedProduct(context.account.marginRate)
        return RuleOutcome(
            isBroken: margin > available || available <= .zero,
            isTold: measures.isTold,
            observed: margin.raw8RoundedUp,
            threshold: available.raw8RoundedDown
        )
    }
}
