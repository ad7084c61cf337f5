import FairleadEngine
import FairleadModel
import Testing

/// One of SPEC 6's gates shut in a whole engine: by the symbol's policy override, by the signal, or by the market.
private struct GateScene {
    /// The gates that are shut, in the order in which they are applied: last in the table first, so that of two that
    /// exclude each other (a book can't be missing and crossed) the earlier one stands.
    var gates: [RouteReason]

    init(_ gates: [RouteReason]) { self.gates = gates.sorted { $0.rawValue > $1.rawValue } }

    func configure(_ configuration: inout EngineConfiguration) {
        var policy = PolicyOverride()
        for gate in gates {
            switch gate {
            case .qualityOk: policy.quality = .ok
            case .qualityDegraded: policy.quality = .degraded
            case .qualityBroken: policy.quality = .broken
            case .policyMakerOff: policy.makerFirst = false
            case .preferTaker: policy.takerBias = .preferTaker
            case .none, .makerNotRequested, .reduceOnly, .makerContextInvalid, .bookMissing, .bookStale, .bookCrossed,
                .routerHealthStale, .spreadTooWide, .adaptiveTake:
                break
            }
        }
        configuration.symbols[0].policyOverride = policy
    }

    /// The market, and the time since the policy and the book were made.
    func prepare(_ bench: inout EngineBench) {
        if gates.contains(.routerHealthStale) {
            // Without a timer nothing recomputes the policy; at 60 s it is still fresh.
            bench.now = bench.now + .seconds(60) + TimeSpan(nanoseconds: 1)
            bench.quote(bid: 1000, ask: 1001)
        }
        for gate in gates {
            switch gate {
            case .bookMissing: bench.quote(bid: 1000, ask: 0)
            case .bookStale: bench.now = bench.now + .milliseconds(2_000)
            case .bookCrossed: bench.quote(bid: 1001, ask: 1001)
            case .spreadTooWide: bench.quote(bid: 1000, ask: 1002)
            case .none, .makerNotRequested, .reduceOnly, .makerContextInvalid, .routerHealthStale, .qualityOk,
                .qualityDegraded, .qualityBroken, .policyMakerOff, .preferTaker, .adaptiveTake:
                break
            }
        }
        // The venue's mark: what an order is bounded by where there is no book.
        bench.feed(
            .marked(MarkPrice(instrument: EngineBench.symbol, price: EngineBench.price(1000), venueTime: bench.now))
        )
    }

    func ask(_ bench: inout EngineBench) {
        let isExit = gates.contains(.reduceOnly)
        let gates = gates
        bench.signal(isExit ? .sell : .buy, 100) {
            $0.intent = isExit ? .exit : .entry
            // Given, so that a missing book is told by its own gate.
            $0.makerPrice = EngineBench.price(isExit ? 1003 : 999)
            if gates.contains(.makerNotRequested) { $0.makerFirst = false }
            if gates.contains(.makerContextInvalid) { $0.makerQuantity = Quantity(raw: 1) }
        }
    }

    /// The first route decision and the order that went with it.
    func decide() throws -> (decision: RouteDecision, order: OrderSubmission) {
        var bench = EngineBench(configure)
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.quote(bid: 1000, ask: 1001)
        bench.connect(session: 1, positions: gates.contains(.reduceOnly) ? [position] : [])
        prepare(&bench)
        ask(&bench)
        return (try #require(bench.routes.first), try #require(bench.submissions.first))
    }

    private var position: PositionReport {
        PositionReport(
            instrument: EngineBench.symbol,
            positionSide: .both,
            quantity: SignedQuantity(EngineBench.quantity(100), side: .buy),
            averagePrice: EngineBench.price(1000),
            venueTime: .never
        )
    }
}

private let gates = RouteReason.allCases.filter { $0 != .none && $0 != .adaptiveTake }

/// Goal: with every gate open an entry starts as a maker. Method: the scene with nothing shut.
@Test("route gates: all open is a maker") func allGatesOpen() throws {
    let (decision, order) = try GateScene([]).decide()
    #expect(decision.vetoReason == .none)
    #expect(decision.makerStart && decision.routedAs == .maker)
    #expect(order.type == .postOnly && order.price == EngineBench.price(999))
}

/// Goal: each gate alone sends the order as a bounded taker, and the decision names it. Method: its scene; decision and
/// order.
@Test("route gates: shut alone", arguments: gates) func gateShutsAlone(gate: RouteReason) throws {
    let (decision, order) = try GateScene([gate]).decide()
    #expect(decision.vetoReason == gate)
    #expect(!decision.makerStart && decision.routedAs == .taker)
    #expect(order.type == .marketableLimit && order.timeInForce == .ioc && order.price.raw > 0)
    #expect(order.reduceOnly == (gate == .reduceOnly))
}

/// Goal: where several gates are shut the first in SPEC 6's order is the reason. Method: shut a gate together with each
/// later one, and with all later ones at once.
@Test("route gates: the first shut is the reason", arguments: gates) func firstGateIsTheReason(
    gate: RouteReason
) throws {
    let later = gates.filter { $0.rawValue > gate.rawValue }
    for other in later where canBothBeShut(gate, other) {
        #expect(try GateScene([gate, other]).decide().decision.vetoReason == gate, "with \(other.name)")
    }
    let all = later.filter { canBothBeShut(gate, $0) }
    #expect(try GateScene([gate] + all).decide().decision.vetoReason == gate)
}

/// A symbol has one quality, and a book one condition: of these the scene can show one at a time.
private func canBothBeShut(_ first: RouteReason, _ second: RouteReason) -> Bool {
    let exclusive: [[RouteReason]] = [
        [.qualityOk, .qualityDegraded, .qualityBroken], [.bookMissing, .bookCrossed, .spreadTooWide],
    ]
    return !exclusive.contains { $0.contains(first) && $0.contains(second) }
}

/// Goal: the bounds of the gates are exact in a whole engine. Method: book age, policy age and spread at their limit.
@Test("route gates: open at their limits") func gatesAtTheirLimits() throws {
    func first(_ configure: (inout EngineConfiguration) -> Void, _ prepare: (inout EngineBench) -> Void) throws
        -> RouteReason
    {
        var bench = EngineBench.trading(configure)
        prepare(&bench)
        bench.signal(.buy, 100)
        return try #require(bench.routes.first).vetoReason
    }
    let nanosecond = TimeSpan(nanoseconds: 1)
    // Younger than `max_book_age_ms`: at it, it is stale.
    #expect(try first({ _ in }, { $0.now = $0.now + .milliseconds(2_000) + -nanosecond }) == .none)
    // Recomputed longer ago than 60 s: at it, it is not.
    #expect(
        try first({ _ in }) {
            $0.now = $0.now + .seconds(60)
            $0.quote(bid: 1000, ask: 1001)
        } == .none
    )
    // 0.1 of 100.05 is 9.995002498... bps.
    let spread = Rate(raw: 99_950)
    #expect(try first({ $0.routing.maximumSpread = Rate(raw: spread.raw + 1) }, { _ in }) == .none)
    #expect(try first({ $0.routing.maximumSpread = spread }, { _ in }) == .spreadTooWide)
}

extension EngineBench {
    /// The route decisions of the last event, without those of ends.
    var routes: [RouteDecision] {
        notices.compactMap { if case .routed(let decision) = $0, decision.moment != .end { decision } else { nil } }
    }

    /// All route decisions.
    var allRoutes: [RouteDecision] {
        allNotices.compactMap { if case .routed(let decision) = $0 { decision } else { nil } }
    }
}
