import FairleadEngine
import FairleadModel
import Testing

/// Amendments that do not go their way.
@Suite struct EngineAmendmentTests {
    /// Goal: an amendment that the egress guard refused leaves the order as it was and amendable. Method: refuse it for
    /// each reason, amend again.
    @Test(arguments: EgressRefusal.allCases.filter { $0 != .overParent })
    func aRefusedAmendmentLeavesTheOrder(_ reason: EgressRefusal) throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.amend(order, price: 996, lots: 60)
        #expect(bench.state(of: order) == .pendingReplace)
        bench.feed(.egressRefused(EgressRefused(id: order.id, reason: reason)))
        let found = bench.engine.order(order.id)
        let row = try #require(found)
        #expect(row.state == .working)
        #expect(row.price == EngineBench.price(995))
        #expect(row.leaves == EngineBench.quantity(100))
        #expect(row.endReason == .none)
        #expect(bench.engine.liveOrderCount == 1)
        #expect(bench.engine.openParentCount == 1)
        #expect(!bench.alarms.contains(.outOfOrder))
    }

    /// Goal: an amendment over its parent is our own defect: everything of ours is cancelled and trading is killed.
    /// Method: refuse an amendment as over its parent.
    @Test func anAmendmentOverItsParentKills() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.amend(order, price: 996)
        bench.feed(.egressRefused(EgressRefused(id: order.id, reason: .overParent)))
        #expect(bench.engine.tradingState == .killed)
        #expect(bench.states.last?.cause == .overSend)
        #expect(bench.cancels.map(\.id) == [order.id])
        #expect(bench.engine.order(order.id)?.leaves == EngineBench.quantity(100))
    }

    /// Goal: after a refusal the order can be amended again and filled. Method: refuse once, amend again, replace,
    /// fill.
    @Test func afterARefusalItGoesOn() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.amend(order, price: 996)
        bench.feed(.egressRefused(EgressRefused(id: order.id, reason: .throttled)))
        bench.amend(order, price: 997)
        #expect(bench.commands.count == 1)
        bench.feed(
            .orderReplaced(
                OrderReplacement(
                    id: order.id,
                    price: EngineBench.price(997),
                    quantity: EngineBench.quantity(100),
                    venueTime: bench.now
                )
            )
        )
        bench.fill(order, 100, at: 997)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: the refusal of an amendment never ends an order whose cancel is out: it lives until the venue says so.
    /// Method: amend, cancel, then the refusal, then a fill that races the cancel.
    @Test func aRefusalDoesNotEndAnOrderBeingCancelled() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.amend(order, lots: 60)
        bench.operate(.cancelOrder, order.id)
        bench.feed(.egressRefused(EgressRefused(id: order.id, reason: .tradingState)))
        #expect(bench.state(of: order) == .pendingCancel)
        #expect(bench.engine.openParentCount == 1)
        bench.fill(order, 40, at: 995)
        bench.cancelled(order, filled: 40)
        #expect(bench.position == 40)
        #expect(!bench.alarms.contains(.lateFill))
        #expect(bench.closed.last?.filled == EngineBench.quantity(40))
    }

    /// Goal: an order whose larger amendment never left is complete at its own quantity. Method: a maker leg, an
    /// amendment up, a cancel that overtakes it, the complete fill, the cancel refused, and the venue's report.
    @Test func anOvertakenAmendmentDoesNotKeepAFilledOrderAlive() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) { $0.makerQuantity = EngineBench.quantity(40) }
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.amend(maker, lots: 80)
        bench.operate(.cancelOrder, maker.id)
        bench.fill(maker, 40, at: 1000)
        bench.feed(.cancelRejected(OrderRejection(id: maker.id, reason: .orderAlreadyEnded, venueTime: bench.now)))
        bench.report(maker, .filled, filled: 40, quantity: 40)
        #expect(bench.state(of: maker) == .filled)
        #expect(bench.engine.liveOrderCount == 0)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.position == 40)
    }

    /// Goal: an amendment under what is filled by then completes the order. Method: amend to 60, fill 60 before the
    /// answer.
    @Test func anAmendmentDownToWhatIsFilledCompletes() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.amend(order, lots: 60)
        bench.fill(order, 60, at: 995)
        #expect(bench.state(of: order) == .pendingReplace)
        bench.feed(
            .orderReplaced(
                OrderReplacement(
                    id: order.id,
                    price: EngineBench.price(995),
                    quantity: EngineBench.quantity(60),
                    venueTime: bench.now
                )
            )
        )
        #expect(bench.state(of: order) == .filled)
        #expect(bench.engine.openParentCount == 0)
    }

    private func replaced(_ bench: inout EngineBench, _ order: OrderSubmission, lots: Int64, at price: Int64) {
        bench.feed(
            .orderReplaced(
                OrderReplacement(
                    id: order.id,
                    price: EngineBench.price(price),
                    quantity: EngineBench.quantity(lots),
                    venueTime: bench.now
                )
            )
        )
    }

    /// Goal: what a person took off a maker leg isn't taken after all because the leg gave way at that moment. Method:
    /// amend to 600 of 1,000 just before the maker's timeout; the venue amends, then cancels.
    @Test func anAmendmentThatTheMakersCancelCrosses() throws {
        var bench = EngineBench.slicing()
        bench.signal(.buy, 1000)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.milliseconds(9_999))
        bench.amend(maker, lots: 600)
        bench.wait(.milliseconds(1))
        #expect(bench.cancels.map(\.id) == [maker.id])
        replaced(&bench, maker, lots: 600, at: 1000)
        bench.cancelled(maker, filled: 0)
        let taker = try #require(bench.submissions.first)
        #expect(EngineBench.lots(taker) == 600)
        bench.fill(taker, 600, at: 1001, .taker)
        #expect(bench.closed.last?.outcome == .filled)
        #expect(bench.position == 600)
    }

    /// Goal: what a person took off the opening leg of a flip isn't sent again. Method: a flip of 100 to -200 at a
    /// limit, whose second leg is amended to 120 and filled.
    @Test func theOpeningLegOfAFlipIsAmendedDown() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100)
        let exit = try bench.rest(.sell, 300, at: 1010)
        #expect(EngineBench.lots(exit) == 100)
        bench.fill(exit, 100, at: 1010)
        let entry = try #require(bench.submissions.first)
        #expect(EngineBench.lots(entry) == 200)
        bench.accept(entry)
        bench.amend(entry, lots: 120)
        replaced(&bench, entry, lots: 120, at: 1010)
        bench.fill(entry, 120, at: 1010)
        #expect(bench.submissions.isEmpty)
        #expect(bench.position == -120)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: an order that only reduces is never amended over what it may close, nor over the limits of one order.
    /// Method: the closing leg of a flip to the size of the whole; a piece of a split exit to that of the exit.
    @Test func aReducingOrderIsNotAmendedOverItsShare() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100)
        let flip = try bench.rest(.sell, 300, at: 1010)
        bench.amend(flip, lots: 300)
        #expect(bench.refusals.map(\.reason) == [.overParent])
        #expect(bench.commands.isEmpty)

        bench = EngineBench.slicing {
            $0.instruments[0].terms.maximumQuantity = EngineBench.quantity(100)
            $0.risk.duplicateOrderWindow = .zero
        }
        for size in [100, 90] as [Int64] { try bench.open(.buy, size) }
        let piece = try bench.rest(.sell, 190, at: 1010) { $0.intent = .exit }
        #expect(EngineBench.lots(piece) == 100)
        bench.amend(piece, lots: 190)
        #expect(bench.refusals.map(\.reason) == [.overParent])
        #expect(bench.commands.isEmpty)
    }
}
