import FairleadEngine
import FairleadModel
import Testing

/// A cancel that somebody wants is asked for until the order has ended, whatever comes between.
@Suite struct EngineOrderCancelTests {
    private func refuse(_ reason: RejectReason, _ order: OrderSubmission, _ bench: inout EngineBench) {
        bench.feed(.cancelRejected(OrderRejection(id: order.id, reason: reason, venueTime: bench.now)))
    }

    /// Goal: a refused cancel is asked for again a second later, though the order fills in part before. Method: a halt
    /// over a resting entry, its cancel throttled, a partial fill; then the second cancel's outcome.
    @Test func aFillForgetsNoRefusedCancel() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.operate(.halt)
        #expect(bench.cancels.map(\.id) == [order.id])
        refuse(.throttled, order, &bench)
        bench.fill(order, 10, at: 995)
        bench.forget()
        bench.wait(.milliseconds(999))
        #expect(bench.cancels.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(bench.cancels.map(\.id) == [order.id])
        bench.wait(.seconds(60))
        #expect(bench.cancels.count == 1)
        bench.cancelled(order, filled: 10)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: a cancel that came before its order is asked for again once that shows. Method: an order without an
    /// answer, a halt, a cancel that finds nothing; then the late acknowledgement, or a fill.
    @Test(arguments: [true, false]) func anOrderThatShowsLateIsCancelled(_ isFill: Bool) throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(995)
        }
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.operate(.halt)
        #expect(bench.cancels.map(\.id) == [order.id])
        refuse(.orderNotFound, order, &bench)
        if isFill { bench.fill(order, 10, at: 995) } else { bench.accept(order) }
        bench.forget()
        bench.wait(.seconds(1))
        #expect(bench.cancels.map(\.id) == [order.id])
        #expect(bench.state(of: order) == .pendingCancel)
    }

    /// Goal: a new session changes nothing about it. Method: a refused cancel, a partial fill, a new connection whose
    /// listing shows the order.
    @Test func aNewSessionCancelsWhatWasToBeCancelled() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.operate(.halt)
        refuse(.throttled, order, &bench)
        bench.fill(order, 10, at: 995)
        bench.feed(.venueDisconnected(.paper))
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        bench.feed(.reconciliationBegan(.paper))
        bench.report(order, .partiallyFilled, filled: 10)
        bench.wait(.seconds(1))
        #expect(bench.cancels.map(\.id) == [order.id])
    }

    /// Goal: a maker's fallback is not lost with its cancel. Method: the cancel of the timeout is throttled, the maker
    /// fills in part; then its end, and the taker of the rest.
    @Test func aFallbackOutlivesARefusedCancel() throws {
        var bench = EngineBench.trading { $0.routing.makerFirst = true }
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        #expect(maker.type == .postOnly)
        bench.accept(maker)
        bench.wait(.seconds(10))
        #expect(bench.cancels.map(\.id) == [maker.id])
        refuse(.throttled, maker, &bench)
        bench.fill(maker, 10, at: 1000)
        bench.forget()
        bench.wait(.seconds(1))
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.quote(bid: 1000, ask: 1001)
        bench.cancelled(maker, filled: 10)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(90)])
    }

    /// Goal: a cancel on its way is not sent twice. Method: one that is refused, asked for again by a person before its
    /// second is over.
    @Test func aCancelUnderWayIsNotRepeated() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.operate(.cancelOrder, order.id)
        refuse(.throttled, order, &bench)
        bench.operate(.cancelOrder, order.id)
        #expect(bench.cancels.map(\.id) == [order.id])
        bench.forget()
        bench.wait(.seconds(5))
        #expect(bench.cancels.isEmpty)
    }
}
