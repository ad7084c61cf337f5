public import FairleadModel

/// SPEC 6's gates: maker-first runs only if none is shut. Each row of the table is a case of `isShut`.
public enum RouteGates {
    /// The first gate that is shut, in the table's order; `.none` when maker-first may run.
    public static func firstShut(_ context: RouteContext, _ configuration: RoutingConfiguration) -> RouteReason {
        firstShut(context, configuration, quote: MakerQuote.price(context, configuration).price)
    }

    /// The same with the maker's price told, which costs more than all gates together.
    @inline(__always)
    static func firstShut(
        _ context: RouteContext,
        _ configuration: RoutingConfiguration,
        quote: Price
    ) -> RouteReason {
        // A plain count: a range allocates at each step of an unoptimised build, and the allocation test runs on one.
        var row = RouteReason.none.rawValue
        while row < RouteReason.spreadTooWide.rawValue {
            row += 1
            guard let gate = RouteReason(rawValue: row) else {
                preconditionFailure("Invariant: the gates are numbered without a gap")
            }
            #if MUTANTS
                if RuleMutants.gate == row { continue }
            #endif
            if isShut(gate, context, configuration, quote: quote) { return gate }
        }
        return .none
    }

    /// Whether one gate is shut, whatever the others say.
    static func isShut(
        _ gate: RouteReason,
        _ context: RouteContext,
        _ configuration: RoutingConfiguration
    ) -> Bool {
        isShut(gate, context, configuration, quote: MakerQuote.price(context, configuration).price)
    }

    @inline(__always)
    static func isShut(
        _ gate: RouteReason,
        _ context: RouteContext,
        _ configuration: RoutingConfiguration,
        quote: Price
    ) -> Bool {
        switch gate {
        // The last is no gate: it is said where all of them are open.
        case .none, .adaptiveTake: false
        // Adaptive routing answers these two itself, by expected cost.
        case .makerNotRequested: context.arm == nil && !context.order.requestsMaker(configuration)
        case .reduceOnly: context.order.isReducing
        case .makerContextInvalid:
            // A book that is old or crossed gives a number here and is told by its own gate below.
            quote.raw <= 0 || MakerQuote.quantity(context).raw <= 0
        case .bookMissing: !context.book.hasBothSides || context.book.condition == .missing
        case .bookStale: context.book.condition == .stale
        case .bookCrossed: context.book.hasBothSides && context.book.bid >= context.book.ask
        case .routerHealthStale: isStale(context.policyAge, configuration)
        case .qualityOk: context.arm == nil && context.policy.quality == .ok
        case .qualityDegraded: context.policy.quality == .degraded
        case .qualityBroken: context.policy.quality == .broken
        case .policyMakerOff: !context.policy.makerFirst
        case .preferTaker: context.policy.takerBias == .preferTaker
        case .spreadTooWide: isTooWide(context.book, configuration) && configuration.wideSpreadAction != .clamp
        }
    }

    /// A spread over `router_max_spread_bps`, exactly and without rounding; false without a usable book.
    static func isTooWide(_ book: BookView, _ configuration: RoutingConfiguration) -> Bool {
        guard book.condition == .usable else { return false }
        let twiceMid = Int128(book.bid.raw) + Int128(book.ask.raw)
        let spread = Int128(book.ask.raw - book.bid.raw)
        return 2 * spread * Int128(FixedPoint.one) > twiceMid * Int128(configuration.maximumSpread.raw)
    }

    private static func isStale(_ age: TimeSpan?, _ configuration: RoutingConfiguration) -> Bool {
        guard let age else { return true }
        return age > configuration.policyStaleAfter
    }
}
