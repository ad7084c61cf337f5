public import FairleadModel

/// What the first order of a parent, or the next one of its exit, is.
@frozen public enum RoutePlan: Hashable, Sendable, BitwiseCopyable {
    /// A post-only limit that may give way to a taker. `offset` is how far it stands from its reference.
    case maker(price: Price, quantity: Quantity, offset: Rate)
    /// A limit with immediate-or-cancel at the worst price that may be paid. Always bounded for an entry.
    case taker(bound: Price)
    /// A market order without a bound: exits only.
    case market
    /// The signal's own limit order.
    case limit(price: Price)
    /// The signal's own post-only order. It never falls back to a taker.
    case postOnly(price: Price)
    /// The spread is too wide: decide again later, within the signal's life.
    case `defer`
    /// Nothing is sent; the reason is the book's, or `spread_too_wide`.
    case veto(RouteReason)
}

/// A route decision: the plan, and the first gate that kept it from starting as maker.
public struct RouteChoice: Hashable, Sendable, BitwiseCopyable {
    public var plan: RoutePlan
    /// `.none` for a maker.
    public var reason: RouteReason

    public init(plan: RoutePlan, reason: RouteReason) {
        self.plan = plan
        self.reason = reason
    }

    public var isMaker: Bool {
        switch plan {
        case .maker: true
        case .taker, .market, .limit, .postOnly, .defer, .veto: false
        }
    }
}

/// SPEC 6 as a function: vetted order and context to a plan. It keeps no state and emits nothing.
public enum Router {
    /// Decides how an order goes out.
    ///
    /// A post-only order goes as it is, and so does a limit order unless it asks for maker-first by name and every gate
    /// is open. All else starts as maker where every gate is open. An entry that does not is then subject to
    /// `missing_book_action` and `wide_spread_action`; an exit never is: it always leaves.
    public static func choose(_ context: RouteContext, _ configuration: RoutingConfiguration) -> RouteChoice {
        let quote = MakerQuote.price(context, configuration)
        let reason = RouteGates.firstShut(context, configuration, quote: quote.price)
        if reason == .none {
            let plan = RoutePlan.maker(
                price: quote.price,
                quantity: MakerQuote.quantity(context),
                offset: quote.offset
            )
            return RouteChoice(plan: plan, reason: .none)
        }
        return RouteChoice(plan: plan(context, configuration, reason), reason: reason)
    }

    /// The taker leg of an order, from its start or after a maker leg gave way: never deferred, never past the collar,
    /// the signal's limit or `max_slippage_bps`. A veto says that no bound can be told.
    public static func taker(_ context: RouteContext, _ configuration: RoutingConfiguration) -> RoutePlan {
        context.order.isReducing ? exit(context, configuration) : entry(context, configuration)
    }

    /// What one unit costs or brings with its fee: comparisons are made by it, limits never are. Rounded against us.
    public static func effectivePrice(
        _ price: Price,
        _ side: Side,
        _ liquidity: Liquidity,
        _ terms: InstrumentTerms
    ) -> Price {
        let fee = liquidity == .maker ? terms.makerFee : terms.takerFee
        let paid = Int128(price.raw) * Int128(FixedPoint.one + side.sign * fee.raw)
        let one = Int128(FixedPoint.one)
        switch side {
        case .buy: return Price(raw: FixedPoint.dividedRoundingUp(paid, by: one))
        case .sell: return Price(raw: FixedPoint.dividedRoundingDown(paid, by: one))
        }
    }

    private static func plan(
        _ context: RouteContext,
        _ configuration: RoutingConfiguration,
        _ reason: RouteReason
    ) -> RoutePlan {
        let order = context.order
        switch order.type {
        case .limit:
            return .limit(price: context.terms.rounded(order.limitPrice, order.side, for: .resting))
        case .postOnly:
            return .postOnly(price: context.terms.rounded(order.limitPrice, order.side, for: .resting))
        case .market, .marketableLimit:
            break
        }
        guard !order.isReducing else { return exit(context, configuration) }
        if RouteGates.isTooWide(context.book, configuration) {
            switch configuration.wideSpreadAction {
            case .taker, .clamp: break
            case .defer: return .defer
            case .veto: return .veto(.spreadTooWide)
            }
        }
        return entry(context, configuration)
    }

    private static func entry(_ context: RouteContext, _ configuration: RoutingConfiguration) -> RoutePlan {
        let isUsable = context.book.condition == .usable
        if !isUsable, configuration.missingBookAction == .veto { return .veto(reason(of: context.book)) }
        let far = isUsable ? context.book.far(context.order.side) : context.reference
        guard far.raw > 0 else { return .veto(reason(of: context.book)) }
        let slippage = configuration.takerSlippage
        let worst = far.adjusted(by: context.order.side == .buy ? slippage : -slippage)
        let bound = bounded(worst, context)
        // Rounded away from filling, so that the grid never moves the bound past the collar.
        let rounded = context.terms.rounded(bound, context.order.side, for: .resting)
        let isPrice = rounded >= context.terms.tick && rounded <= Price.bound
        return isPrice ? .taker(bound: rounded) : .veto(reason(of: context.book))
    }

    /// An exit takes at the exit collar; without a collar, or once it was repriced often enough, as a market order.
    private static func exit(_ context: RouteContext, _ configuration: RoutingConfiguration) -> RoutePlan {
        let order = context.order
        if order.limitPrice.raw > 0 {
            return .taker(bound: context.terms.rounded(bounded(order.limitPrice, context), order.side, for: .filling))
        }
        switch configuration.exitOrderType {
        case .market: return .market
        case .marketableLimit:
            let isExhausted = order.exitAttempt > configuration.exitReprices
            return order.collar.raw > 0 && !isExhausted ? .taker(bound: order.collar) : .market
        }
    }

    /// The price itself, or the tighter of collar and the signal's limit.
    private static func bounded(_ price: Price, _ context: RouteContext) -> Price {
        tighter(tighter(price, context.order.collar, context.order.side), context.order.limitPrice, context.order.side)
    }

    private static func tighter(_ price: Price, _ limit: Price, _ side: Side) -> Price {
        guard limit.raw > 0 else { return price }
        return side == .buy ? min(price, limit) : max(price, limit)
    }

    private static func reason(of book: BookView) -> RouteReason {
        switch book.condition {
        case .usable, .missing: .bookMissing
        case .stale: .bookStale
        case .crossed: .bookCrossed
        }
    }
}
