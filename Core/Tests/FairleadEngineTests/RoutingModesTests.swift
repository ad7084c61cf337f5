import FairleadModel
import Testing

@testable import FairleadEngine

struct RoutingModesTests {
    private let configuration = RoutingConfiguration()

    private func plan(_ context: RouteContext, _ change: (inout RoutingConfiguration) -> Void = { _ in }) -> RoutePlan {
        var configuration = configuration
        change(&configuration)
        return Router.choose(context, configuration).plan
    }

    /// Goal: a maker stands at the touch of its own side by default. Method: both sides, offset 0.
    @Test func quotesAtTheTouch() {
        #expect(
            plan(openContext(.buy)) == .maker(price: cents(100_00), quantity: thousandths(1000), offset: .zero)
        )
        #expect(
            plan(openContext(.sell)) == .maker(price: cents(100_05), quantity: thousandths(1000), offset: .zero)
        )
    }

    /// Goal: the offset moves away from the market, rounded to the passive side. Method: 2 bps from touch and middle.
    @Test func movesAwayAndRoundsPassively() {
        var context = openContext(.buy)
        context.policy.offset = Rate(bps: 2)
        // 100.00 less 2 bps is 99.98: on the grid of 0.05 that is 99.95 for a buy.
        #expect(
            plan(context) == .maker(price: cents(99_95), quantity: thousandths(1000), offset: Rate(bps: 2))
        )
        context = openContext(.sell)
        context.policy.offset = Rate(bps: 2)
        // 100.05 and 2 bps is 100.07001: 100.10 for a sell.
        #expect(
            plan(context) == .maker(price: cents(100_10), quantity: thousandths(1000), offset: Rate(bps: 2))
        )
        // The middle is 100.025: 100.00 and 100.05 on the passive sides, with no offset at all.
        context.policy.offset = .zero
        #expect(
            plan(context) { $0.offsetReference = .mid }
                == .maker(price: cents(100_05), quantity: thousandths(1000), offset: .zero)
        )
    }

    /// Goal: the signal's own maker price and quantity are used, and never cross. Method: a passive price, a crossing
    /// one, a quantity off the lot and one over the order's.
    @Test func usesTheSignalsOwnQuote() {
        var context = openContext(.buy)
        context.order.makerPrice = cents(99_97)
        context.order.makerQuantity = Quantity(raw: thousandths(200).raw + 5)
        #expect(plan(context) == .maker(price: cents(99_95), quantity: thousandths(200), offset: .zero))
        context.order.makerPrice = cents(102_00)
        context.order.makerQuantity = thousandths(5000)
        #expect(plan(context) == .maker(price: cents(100_00), quantity: thousandths(1000), offset: .zero))
    }

    /// Goal: a wide spread does what is configured. Method: 500 bps under each of the four actions.
    @Test func wideSpreadActions() {
        var context = openContext(.buy)
        context.book = book(100_00, 105_00)
        context.order.collar = cents(106_05)
        context.policy.offset = Rate(bps: 5)
        // The far touch and 20 bps: 105.21, on the passive side 105.20.
        #expect(plan(context) { $0.wideSpreadAction = .taker } == .taker(bound: cents(105_20)))
        #expect(plan(context) { $0.wideSpreadAction = .defer } == .defer)
        #expect(plan(context) { $0.wideSpreadAction = .veto } == .veto(.spreadTooWide))
        let clamped = plan(context) { $0.wideSpreadAction = .clamp }
        // 100.00 less 1 bp, not 5, is 99.99.
        #expect(clamped == .maker(price: cents(99_95), quantity: thousandths(1000), offset: Rate(bps: 1)))
        context.order.makerFirst = false
        #expect(plan(context) { $0.wideSpreadAction = .defer } == .defer)
        #expect(plan(context) { $0.wideSpreadAction = .clamp } == .taker(bound: cents(105_20)))
    }

    /// Goal: an exit is never deferred nor refused for its book. Method: wide, missing, stale and crossed books under
    /// the strictest actions.
    @Test func exitsAlwaysLeave() {
        let books = [
            book(100_00, 105_00), .missing, book(100_05, 100_00),
            BookView(condition: .stale, bid: cents(100_00), ask: cents(100_05), age: .seconds(9)),
        ]
        for book in books {
            var context = openContext(.sell)
            context.book = book
            context.order.isReducing = true
            context.order.collar = cents(95_00)
            let choice = plan(context) {
                $0.wideSpreadAction = .veto
                $0.missingBookAction = .veto
            }
            #expect(choice == .taker(bound: cents(95_00)))
        }
    }

    /// Goal: an exit is repriced as often as configured and then goes to market; also without any collar. Method: the
    /// attempts one by one.
    @Test func exitsEndAtMarket() {
        var context = openContext(.sell)
        context.order.isReducing = true
        context.order.collar = cents(95_00)
        for attempt in 0...3 {
            context.order.exitAttempt = attempt
            #expect(plan(context) == .taker(bound: cents(95_00)))
        }
        context.order.exitAttempt = 4
        #expect(plan(context) == .market)
        context.order.exitAttempt = 0
        context.order.collar = .zero
        #expect(plan(context) == .market)
        context.order.collar = cents(95_00)
        #expect(plan(context) { $0.exitOrderType = .market } == .market)
    }

    /// Goal: a missing, stale or crossed book goes to a taker collared from last or mark, or to a veto. Method: each
    /// with and without a reference, under both actions.
    @Test func missingBooks() {
        let cases: [(BookView, RouteReason)] = [
            (.missing, .bookMissing), (book(100_05, 100_00), .bookCrossed),
            (BookView(condition: .stale, bid: cents(50_00), ask: cents(50_05), age: .seconds(9)), .bookStale),
        ]
        for (book, reason) in cases {
            var context = openContext(.buy)
            context.order.makerFirst = false
            context.book = book
            context.order.collar = cents(101_00)
            #expect(plan(context) == .veto(reason))
            context.reference = cents(100_00)
            // 20 bps over the reference, never from the book.
            #expect(plan(context) == .taker(bound: cents(100_20)))
            #expect(plan(context) { $0.missingBookAction = .veto } == .veto(reason))
        }
    }

    /// Goal: the taker's bound is the tightest of slippage, collar and limit. Method: tighten one after the other.
    @Test func boundsTheTaker() {
        var context = openContext(.buy)
        context.order.makerFirst = false
        // 100.05 and 20 bps is 100.2501: on the passive side of the grid 100.25.
        #expect(plan(context) == .taker(bound: cents(100_25)))
        context.order.collar = cents(100_15)
        #expect(plan(context) == .taker(bound: cents(100_15)))
        context.order.type = .marketableLimit
        context.order.limitPrice = cents(100_10)
        #expect(plan(context) == .taker(bound: cents(100_10)))
        #expect(Router.taker(context, configuration) == .taker(bound: cents(100_10)))
        context = openContext(.sell)
        context.order.makerFirst = false
        // 100.00 less 20 bps is 99.80.
        #expect(plan(context) == .taker(bound: cents(99_80)))
    }

    /// Goal: limit and post-only orders go as the signal wrote them. Method: both, with a wide spread in the way.
    @Test func keepsTheSignalsOwnOrders() {
        var context = openContext(.buy)
        context.book = book(100_00, 105_00)
        context.order.type = .limit
        context.order.limitPrice = cents(99_50)
        #expect(plan(context) { $0.wideSpreadAction = .veto } == .limit(price: cents(99_50)))
        context.order.type = .postOnly
        #expect(plan(context) { $0.wideSpreadAction = .veto } == .postOnly(price: cents(99_50)))
        context.book = book(100_00, 100_05)
        context.order.type = .limit
        context.order.makerFirst = true
        #expect(plan(context) == .maker(price: cents(99_50), quantity: thousandths(1000), offset: .zero))
    }

    /// Goal: prices are compared with their fees, rounded against us. Method: both sides as maker (2 bps) and taker
    /// (5).
    @Test func effectivePrices() {
        #expect(Router.effectivePrice(cents(100_00), .buy, .taker, routingTerms) == cents(100_05))
        #expect(Router.effectivePrice(cents(100_00), .buy, .maker, routingTerms) == cents(100_02))
        #expect(Router.effectivePrice(cents(100_00), .sell, .taker, routingTerms) == cents(99_95))
        #expect(Router.effectivePrice(Price(raw: 1), .buy, .taker, routingTerms) == Price(raw: 2))
        #expect(Router.effectivePrice(Price(raw: 1), .sell, .taker, routingTerms) == Price(raw: 0))
    }

    /// Goal: whatever the book, no maker crosses and no entry passes collar, limit or slippage. Method: 20,000 random
    /// contexts from a printed seed, each plan held against the rules.
    @Test(arguments: [101, 102] as [UInt64]) func neverCrosses(seed: UInt64) {
        print("route plan seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var makers = 0
        var takers = 0
        for _ in 0..<20_000 {
            let context = Self.randomContext(&random)
            var configuration = RoutingConfiguration()
            configuration.offsetReference = random.chance(1, in: 2) ? .touch : .mid
            configuration.wideSpreadAction = random.chance(1, in: 2) ? .clamp : .taker
            let side = context.order.side
            switch Router.choose(context, configuration).plan {
            case .maker(let price, let quantity, _):
                makers += 1
                hold(routingTerms.isOnTick(price) && quantity <= context.order.quantity, context)
                hold(side == .buy ? price < context.book.ask : price > context.book.bid, context)
                let limit = context.order.limitPrice
                hold(limit.raw == 0 || (side == .buy ? price <= limit : price >= limit), context)
            case .taker(let bound):
                takers += 1
                let far = context.book.condition == .usable ? context.book.far(side) : context.reference
                let slip = Rate(raw: side.sign * Rate.distance(of: bound, from: far).raw)
                hold(routingTerms.isOnTick(bound) && slip <= configuration.takerSlippage, context)
                hold(side == .buy ? bound <= context.order.collar : bound >= context.order.collar, context)
            case .veto:
                hold(context.book.condition != .usable || context.book.far(side) < routingTerms.tick, context)
            case .market, .limit, .postOnly, .defer: Issue.record("Not a plan of this context")
            }
        }
        #expect(makers > 1000)
        #expect(takers > 1000)
    }

    /// A plain check: a macro for each of some hundred thousand comparisons would take longer than all other tests.
    private func hold(_ isTrue: Bool, _ context: RouteContext) {
        if !isTrue { Issue.record("A rule is broken in \(context)") }
    }

    private static func randomContext(_ random: inout DeterministicRandom) -> RouteContext {
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        let bid = random.next(in: 1...4000) * 5
        var context = openContext(side)
        context.book = book(bid, bid + random.next(in: -2...12) * 5)
        context.reference = random.chance(1, in: 4) ? .zero : cents(bid)
        let worst = Price(raw: cents(bid).raw + side.sign * random.next(in: 0...cents(1_00).raw))
        context.order.collar = routingTerms.rounded(max(worst, cents(5)), side, for: .resting)
        if random.chance(1, in: 3) { context.order.makerPrice = Price(raw: random.next(in: 1...cents(bid + 100).raw)) }
        if random.chance(1, in: 3) { context.order.makerFirst = false }
        if random.chance(1, in: 4) {
            context.order.type = .marketableLimit
            context.order.style = random.chance(1, in: 2) ? .makerFirst : .auto
            context.order.limitPrice = cents(max(5, bid + random.next(in: -10...10) * 5))
        }
        context.policy.offset = Rate(raw: random.next(in: 0...(10 * Rate.bps)))
        return context
    }
}
