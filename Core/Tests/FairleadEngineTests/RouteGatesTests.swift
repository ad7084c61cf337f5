import FairleadModel
import Testing

@testable import FairleadEngine

struct RouteGatesTests {
    private static let gates = RouteReason.allCases.filter { $0 != .none && $0 != .adaptiveTake }

    /// Shuts one gate and leaves those before it in the table open.
    private static func shut(
        _ gate: RouteReason,
        _ context: inout RouteContext,
        _ configuration: inout RoutingConfiguration
    ) {
        switch gate {
        case .none, .adaptiveTake: break
        case .makerNotRequested: context.order.makerFirst = false
        case .reduceOnly: context.order.isReducing = true
        case .makerContextInvalid: context.order.makerQuantity = Quantity(raw: 1)
        case .bookMissing: context.book = .missing
        case .bookStale: context.book.condition = .stale
        case .bookCrossed:
            context.book = BookView(condition: .crossed, bid: cents(100_05), ask: cents(100_05), age: .zero)
        case .routerHealthStale: context.policyAge = .seconds(61)
        case .qualityOk: context.policy.quality = .ok
        case .qualityDegraded: context.policy.quality = .degraded
        case .qualityBroken: context.policy.quality = .broken
        case .policyMakerOff: context.policy.makerFirst = false
        case .preferTaker: context.policy.takerBias = .preferTaker
        case .spreadTooWide: context.book.ask = cents(105_00)
        }
    }

    /// A context whose maker price is given, so that a missing book is told by its own gate.
    private static func context() -> RouteContext {
        var context = openContext()
        context.order.makerPrice = cents(99_95)
        return context
    }

    /// Goal: with every gate open an order starts as maker. Method: the fixture, both sides.
    @Test(arguments: Side.allCases) func opensWhenNothingIsWrong(side: Side) {
        #expect(RouteGates.firstShut(openContext(side), RoutingConfiguration()) == .none)
        #expect(Router.choose(openContext(side), RoutingConfiguration()).isMaker)
    }

    /// Goal: each gate keeps an order from starting as maker, by its own name. Method: shut it alone, look at the
    /// decision, and at every other gate.
    @Test(arguments: gates) func shutsAlone(gate: RouteReason) {
        var context = Self.context()
        var configuration = RoutingConfiguration()
        Self.shut(gate, &context, &configuration)
        #expect(RouteGates.firstShut(context, configuration) == gate)
        let choice = Router.choose(context, configuration)
        #expect(choice.reason == gate)
        #expect(!choice.isMaker)
        for other in Self.gates where other != gate {
            #expect(!RouteGates.isShut(other, context, configuration), "\(other.name) shuts with \(gate.name)")
        }
    }

    /// Goal: the first gate in the table's order gives the reason, and opening it lets the next one tell. Method: shut
    /// all gates from one on, last first, so that where two exclude each other the earlier one stands.
    @Test(arguments: gates) func comesBeforeAllLaterGates(gate: RouteReason) {
        var context = Self.context()
        var configuration = RoutingConfiguration()
        for later in Self.gates.reversed() where later.rawValue > gate.rawValue {
            Self.shut(later, &context, &configuration)
        }
        let next = Self.gates.first { $0.rawValue > gate.rawValue } ?? .none
        #expect(RouteGates.firstShut(context, configuration) == next)
        Self.shut(gate, &context, &configuration)
        #expect(RouteGates.firstShut(context, configuration) == gate)
    }

    /// Goal: limits are exact. Method: each bound at, just under and just over.
    @Test func standsExactlyAtItsBounds() {
        let configuration = RoutingConfiguration()
        var context = openContext()
        context.policyAge = configuration.policyStaleAfter
        #expect(RouteGates.firstShut(context, configuration) == .none)
        context.policyAge = TimeSpan(nanoseconds: configuration.policyStaleAfter.nanoseconds + 1)
        #expect(RouteGates.firstShut(context, configuration) == .routerHealthStale)
        context.policyAge = nil
        #expect(RouteGates.firstShut(context, configuration) == .routerHealthStale)

        // 10 bps of the middle, exactly: 99.95 and 100.05.
        context = openContext()
        context.book = book(99_95, 100_05)
        #expect(RouteGates.firstShut(context, configuration) == .none)
        context.book.ask = Price(raw: context.book.ask.raw + 1)
        #expect(RouteGates.firstShut(context, configuration) == .spreadTooWide)
    }

    /// Goal: style, flag and configuration ask for a maker in that order, and only a named wish changes a limit order.
    /// Method: the combinations as a table.
    @Test func asksForAMaker() {
        var off = RoutingConfiguration()
        off.makerFirst = false
        let on = RoutingConfiguration()
        func order(_ type: OrderType, _ style: ExecutionStyle, _ flag: Bool?) -> RouteOrder {
            RouteOrder(side: .buy, type: type, style: style, quantity: thousandths(1), makerFirst: flag)
        }
        #expect(order(.market, .auto, nil).requestsMaker(on))
        #expect(!order(.market, .auto, nil).requestsMaker(off))
        #expect(order(.market, .auto, true).requestsMaker(off))
        #expect(!order(.market, .auto, false).requestsMaker(on))
        #expect(order(.market, .makerFirst, false).requestsMaker(off))
        #expect(!order(.market, .taker, true).requestsMaker(on))
        #expect(!order(.limit, .auto, nil).requestsMaker(on))
        #expect(order(.limit, .auto, true).requestsMaker(off))
        #expect(!order(.postOnly, .auto, nil).requestsMaker(on))
    }

    /// Goal: a maker price that can't be derived is an invalid context, and comes before the missing book. Method: no
    /// book and no price of the signal's own.
    @Test func cannotDeriveFromAMissingBook() {
        var context = openContext()
        context.book = .missing
        #expect(RouteGates.firstShut(context, RoutingConfiguration()) == .makerContextInvalid)
    }
}
