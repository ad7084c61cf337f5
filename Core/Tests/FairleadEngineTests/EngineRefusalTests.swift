import FairleadEngine
import FairleadModel
import Testing

/// What a person orders and does not get: told by name, counted, and nothing is changed.
@Suite struct EngineRefusalTests {
    /// An order at rest and what is asked of it.
    struct Scene: Sendable, CustomStringConvertible {
        var reason: OperatorRefusal
        var price: Int64 = 0
        var lots: Int64 = 0
        var prepare: @Sendable (inout EngineBench, OrderSubmission) throws -> Void = { _, _ in }
        var description: String { reason.name }
    }

    static let amendments: [Scene] = [
        Scene(reason: .priceCollar, price: 1200), Scene(reason: .overParent, lots: 200),
        Scene(reason: .alreadyFilled, lots: 40) { $0.fill($1, 40, at: 995) },
        Scene(reason: .selfCross, price: 1005) { bench, _ in _ = try bench.rest(.sell, 50, at: 1004) },
        Scene(reason: .tradingState, price: 996) { bench, _ in bench.operate(.stopEntries) },
        Scene(reason: .beingAmended, price: 997) { $0.amend($1, price: 996) },
        Scene(reason: .beingCancelled, price: 996) { $0.operate(.cancelOrder, $1.id) },
        Scene(reason: .alreadyEnded, price: 996) { $0.cancelled($1, filled: 0, .venue) },
        Scene(reason: .notConnected, price: 996) { bench, _ in bench.feed(.venueDisconnected(.paper)) },
        Scene(reason: .notReconciled, price: 996) { bench, _ in
            bench.feed(.venueDisconnected(.paper))
            bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        },
        Scene(reason: .symbolDisabled, price: 996) { bench, _ in bench.external(.buy, 1, at: 1000, number: 900) },
        Scene(reason: .noReferencePrice, price: 996) { bench, _ in bench.now = bench.now + .seconds(3600) },
    ]

    /// Goal: each amendment that can't be made is refused by its own name, counted apart from what is out of order, and
    /// leaves the order alone. Method: an order at rest, one circumstance each, an amendment, and what was told.
    @Test(arguments: amendments)
    func amendmentsAreRefusedByName(_ scene: Scene) throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        try scene.prepare(&bench, order)
        let before = bench.engine.order(order.id)
        let counted = bench.engine.counters
        bench.amend(order, price: scene.price, lots: scene.lots)
        let told = try #require(bench.refusals.first)
        #expect(told.reason == scene.reason)
        #expect(told.action == .amendOrder)
        #expect(told.order == order.id)
        #expect(told.number == before?.number)
        #expect(told.instrument == EngineBench.symbol)
        #expect(bench.refusals.count == 1)
        #expect(bench.commands.isEmpty)
        let after = bench.engine.order(order.id)
        #expect(after?.state == before?.state)
        #expect(after?.requestedPrice == before?.requestedPrice)
        #expect(bench.engine.counters.operatorRefusals == counted.operatorRefusals + 1)
        #expect(bench.engine.counters.outOfOrder == counted.outOfOrder)
        #expect(!bench.alarms.contains(.outOfOrder))
    }

    /// Goal: the grid is told apart from the collar. Method: half a tick, then half a lot.
    @Test func amendmentsOffTheGridAreRefused() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        let price = Price(raw: EngineBench.price(995).raw + 5_000_000)
        bench.feed(.operated(OperatorCommand(.amendOrder, order: order.id, price: price)))
        #expect(bench.refusals.first?.reason == .offTick)
        let quantity = Quantity(raw: EngineBench.quantity(50).raw + 50_000)
        bench.feed(.operated(OperatorCommand(.amendOrder, order: order.id, quantity: quantity)))
        #expect(bench.refusals.first?.reason == .offLot)
    }

    /// Goal: an order that is sent and not yet at rest is not amended. Method: before the acceptance, and unknown.
    @Test func amendmentsNeedAnAcceptedOrder() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(995)
        }
        let order = try #require(bench.submissions.first)
        bench.amend(order, price: 996)
        #expect(bench.refusals.first?.reason == .notAccepted)
        bench.feed(.submitUnanswered(order.id))
        bench.amend(order, price: 996)
        #expect(bench.refusals.first?.reason == .unknownOrder)
        #expect(bench.queries.isEmpty)
    }

    /// Goal: an order that can't be cancelled is told so; a second cancel of one being cancelled is no fault.
    /// Method: an id that nobody has, a cancel twice, and once more after its end.
    @Test func cancelsAreRefusedByName() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        var strange = order.id
        strange.parent += 1
        bench.operate(.cancelOrder, strange)
        #expect(bench.refusals.first?.reason == .orderNotFound)
        #expect(bench.refusals.first?.number == SignalNumber.none)
        bench.operate(.cancelOrder, order.id)
        #expect(bench.cancels.count == 1)
        bench.operate(.cancelOrder, order.id)
        #expect(bench.refusals.isEmpty)
        bench.cancelled(order, filled: 0)
        bench.operate(.cancelOrder, order.id)
        #expect(bench.refusals.first?.reason == .alreadyEnded)
        #expect(bench.engine.counters.operatorRefusals == 2)
        #expect(bench.engine.counters.strayEvents == 0)
    }

    /// Goal: only what nobody knows is resolved by hand. Method: each resolution of an order at rest, of one that
    /// ended, and of one whose fills are awaited; then one that is unknown.
    @Test func resolutionsAreRefusedByName() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        for action in [OperatorAction.resolveDead, .resolveOpen, .resolveFilled] {
            bench.operate(action, order.id)
            #expect(bench.refusals.first?.reason == .notUnknown)
            #expect(bench.refusals.first?.action == action)
            #expect(bench.commands.isEmpty)
        }
        bench.cancelled(order, filled: 40, .venue)
        bench.operate(.resolveOpen, order.id)
        #expect(bench.refusals.first?.reason == .fillsAwaited)
        bench.fill(order, 40, at: 995)
        bench.operate(.resolveDead, order.id)
        #expect(bench.refusals.first?.reason == .alreadyEnded)
        bench = EngineBench.trading()
        bench.signal(.buy, 50)
        let lost = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(lost.id))
        bench.operate(.resolveDead, lost.id)
        #expect(bench.refusals.isEmpty)
        #expect(bench.state(of: lost) == .cancelled)
    }
}
