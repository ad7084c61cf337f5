public import FairleadModel

/// Where and how much a maker leg quotes.
public enum MakerQuote {
    /// The price of a maker leg and how far it was moved away from its reference; zero when there is none.
    ///
    /// The signal's own price, or one derived from the book: the touch of the order's own side, or the middle, moved
    /// away from the market by the policy's offset. Either is rounded to the passive side, kept at least a tick away
    /// from the far touch, and never worse than the signal's limit.
    public static func price(
        _ context: RouteContext,
        _ configuration: RoutingConfiguration
    ) -> (price: Price, offset: Rate) {
        let order = context.order
        if order.makerPrice.raw > 0 { return (passive(order.makerPrice, context), .zero) }
        guard context.book.hasBothSides else { return (.zero, .zero) }
        if let arm = context.arm { return (armed(arm, context, configuration), armOffset(arm, context)) }
        let offset = offset(context, configuration)
        let reference =
            switch configuration.offsetReference {
            case .touch: context.book.near(order.side)
            case .mid: Price.middle(context.book.bid, context.book.ask)
            }
        let moved =
            switch order.side {
            case .buy: reference.adjusted(by: -offset)
            case .sell: reference.adjusted(by: offset)
            }
        return (passive(moved, context), offset)
    }

    /// The price of an arm: its own distance behind its touch, at most `router_offset_spread_clamp_bps` where a wide
    /// spread is clamped.
    private static func armed(
        _ arm: ArmQuote,
        _ context: RouteContext,
        _ configuration: RoutingConfiguration
    ) -> Price {
        let near = context.book.near(context.order.side)
        var depth = arm.depth
        if configuration.wideSpreadAction == .clamp, RouteGates.isTooWide(context.book, configuration) {
            depth = min(depth, near.adjusted(by: configuration.offsetSpreadClamp) - near)
        }
        return passive(context.order.side == .buy ? near - depth : near + depth, context)
    }

    private static func armOffset(_ arm: ArmQuote, _ context: RouteContext) -> Rate {
        let near = context.book.near(context.order.side)
        return Rate.distance(of: near + arm.depth, from: near)
    }

    /// The quantity of a maker leg on the lot grid: the signal's own, at most the order's; else the whole order.
    public static func quantity(_ context: RouteContext) -> Quantity {
        let order = context.order
        let asked = order.makerQuantity.raw > 0 ? min(order.makerQuantity, order.quantity) : order.quantity
        return context.terms.roundedDown(asked)
    }

    /// The policy's offset; at most `router_offset_spread_clamp_bps` where a wide spread is clamped.
    static func offset(_ context: RouteContext, _ configuration: RoutingConfiguration) -> Rate {
        let isClamped =
            configuration.wideSpreadAction == .clamp && RouteGates.isTooWide(context.book, configuration)
        let offset = max(.zero, context.policy.offset)
        return isClamped ? min(offset, configuration.offsetSpreadClamp) : offset
    }

    /// On tick, on the passive side, within the signal's limit, and never crossing the far touch; not positive when
    /// there is no such price.
    static func passive(_ price: Price, _ context: RouteContext) -> Price {
        let order = context.order
        let tick = context.terms.tick
        let far = context.book.far(order.side)
        var bounded = price
        switch order.side {
        case .buy:
            if far.raw > 0 { bounded = min(bounded, Price(raw: far.raw - 1)) }
            if order.limitPrice.raw > 0 { bounded = min(bounded, order.limitPrice) }
        case .sell:
            if far.raw > 0 { bounded = max(bounded, Price(raw: far.raw + 1)) }
            if order.limitPrice.raw > 0 { bounded = max(bounded, order.limitPrice) }
        }
        let rounded = context.terms.rounded(bounded, order.side, for: .resting)
        return rounded < tick || rounded > Price.bound ? .zero : rounded
    }
}
