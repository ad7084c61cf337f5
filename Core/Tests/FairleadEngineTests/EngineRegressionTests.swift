import FairleadEngine
import FairleadModel
import Testing

/// Bugs that the seeded worlds found, each as the shortest story that shows it.
@Suite struct EngineRegressionTests {
    private func amend(_ order: OrderSubmission, price: Int64 = 0, lots: Int64 = 0) -> Event {
        .operated(
            OperatorCommand(
                .amendOrder,
                order: order.id,
                price: EngineBench.price(price),
                quantity: EngineBench.quantity(lots)
            )
        )
    }

    private func replaced(_ order: OrderSubmission, price: Int64, lots: Int64) -> Event {
        .orderReplaced(
            OrderReplacement(
                id: order.id,
                price: EngineBench.price(price),
                quantity: EngineBench.quantity(lots),
                venueTime: .never
            )
        )
    }

    /// Goal: a parent that lives through a restart is credited with what its later children fill, and sends nothing
    /// twice. Method: restart between the maker and its fallback, then fill the taker.
    @Test func childrenAfterARestartAreTheirParents() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.feed(.epochOpened(Epoch(number: 2)))
        bench.connect(session: 2)
        bench.quote(bid: 1000, ask: 1001)
        bench.cancelled(maker, filled: 0, .venue)
        bench.signal(.buy, 60) { $0.style = .taker }
        let first = bench.submissions
        #expect(first.count == 1)
        bench.reject(try #require(first.first), .noLiquidity)
        bench.signal(.buy, 70)
        let second = try #require(bench.submissions.first)
        bench.feed(.epochOpened(Epoch(number: 3)))
        bench.connect(session: 3)
        bench.quote(bid: 1000, ask: 1001)
        bench.reject(second, .noLiquidity)
        let taker = try #require(bench.submissions.first)
        #expect(taker.id.intent == second.id.intent)
        bench.fill(taker, 70, at: 1001, .taker)
        #expect(bench.closed.last?.outcome == .filled)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.position == 70)
    }

    /// Goal: a listing is asked from before fills that may still be under way. Method: book the second of two fills,
    /// lose the connection, look at what the listing is asked from.
    @Test func aListingReachesBackBehindOvertakenFills() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.accept(order)
        bench.feed(.orderFilled(bench.execution(order, 30, at: 1000, number: 9)))
        bench.feed(.venueDisconnected(.paper))
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        let asked = bench.commands.compactMap {
            if case .reconcile(let it) = $0 { it.executionsAfter.value } else { nil }
        }
        #expect(asked == [0])
    }

    /// Goal: moving the price of a maker leg smaller than its parent leaves the rest of the parent alone. Method: amend
    /// the price only, then refuse another amendment, fill the leg and see the rest taken.
    @Test func amendingAPriceDropsNothing() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) { $0.makerQuantity = EngineBench.quantity(40) }
        let maker = try #require(bench.submissions.first)
        #expect(maker.quantity == EngineBench.quantity(40))
        bench.accept(maker)
        bench.feed(amend(maker, price: 999))
        bench.feed(replaced(maker, price: 999, lots: 40))
        bench.feed(amend(maker, price: 1000))
        bench.feed(.replaceRejected(OrderRejection(id: maker.id, reason: .priceOutOfRange, venueTime: bench.now)))
        bench.fill(maker, 40, at: 999)
        #expect(bench.submissions.first?.quantity == EngineBench.quantity(60))
    }

    /// Goal: an amendment to a larger quantity counts while a cancel overtakes its answer. Method: shrink, then grow
    /// again, cancel before the answer, and let the larger quantity fill.
    @Test func aCancelledAmendmentStaysReserved() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.makerQuantity = EngineBench.quantity(40)
        }
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.feed(amend(maker, lots: 80))
        bench.feed(.operated(OperatorCommand(.cancelOrder, order: maker.id)))
        #expect(bench.engine.order(maker.id)?.leaves == EngineBench.quantity(80))
        bench.feed(replaced(maker, price: 1000, lots: 80))
        bench.fill(maker, 80, at: 1000)
        #expect(bench.engine.order(maker.id)?.state == .filled)
        #expect(!bench.alarms.contains(.overfill))
        #expect(bench.position == 80)
    }

    /// Goal: a repriced maker leg never makes more than the signal's maker quantity. Method: fill 30 of a leg of 40,
    /// follow the touch, look at the next leg.
    @Test func repricedMakerLegKeepsItsSize() throws {
        var bench = EngineBench.trading {
            $0.routing.makerReprice = .follow
            $0.routing.maximumMakerSlip = Rate(bps: 50)
        }
        bench.signal(.buy, 100) { $0.makerQuantity = EngineBench.quantity(40) }
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.fill(maker, 30, at: 1000)
        bench.quote(bid: 1001, ask: 1002)
        #expect(bench.cancels.count == 1)
        bench.cancelled(maker, filled: 30)
        let next = try #require(bench.submissions.first)
        #expect(next.quantity == EngineBench.quantity(10))
        #expect(next.price == EngineBench.price(1001))
    }

    /// Goal: nothing immediate rests as a maker. Method: market signals with IOC and FOK.
    @Test(arguments: [TimeInForce.ioc, .fok]) func immediateSignalsTake(_ timeInForce: TimeInForce) throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) { $0.timeInForce = timeInForce }
        let order = try #require(bench.submissions.first)
        #expect(order.type == .marketableLimit)
        #expect(order.timeInForce == timeInForce)
    }

    /// Goal: a listing that fails concludes nothing. Method: tell a position and a balance, then fail the listing.
    @Test func aFailedListingConcludesNothing() {
        var bench = EngineBench.trading()
        bench.feed(.reconciliationBegan(.paper))
        bench.feed(
            .positionReported(
                PositionReport(
                    instrument: EngineBench.symbol,
                    positionSide: .both,
                    quantity: SignedQuantity(raw: 500_000),
                    averagePrice: EngineBench.price(1000),
                    venueTime: bench.now
                )
            )
        )
        bench.feed(.balanceReported(BalanceReport(venue: .paper, cash: 1, available: 1, venueTime: bench.now)))
        bench.feed(.reconciliationFailed(.paper))
        #expect(bench.position == 0)
        #expect(bench.engine.cash == Money(whole: 100_000))
        #expect(!bench.alarms.contains(.divergence))
    }

    /// Goal: a frozen halt holds the next piece of an exit that is at work. Method: freeze between two attempts.
    @Test func frozenHoldsAnExitAtWork() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        bench.feed(.operated(OperatorCommand(.haltFrozen)))
        bench.cancelled(exit, filled: 0, .immediateOrCancel)
        #expect(bench.submissions.isEmpty)
        #expect(bench.closed.last?.outcome == .killSwitch)
    }

    /// Goal: a deferred entry ends at its expiry. Method: a wide spread, defer, and the moment itself.
    @Test func aDeferredEntryExpires() {
        var bench = EngineBench.trading { $0.routing.wideSpreadAction = .defer }
        bench.quote(bid: 1000, ask: 1020)
        let end = bench.now + .milliseconds(400)
        bench.signal(.buy, 100) { $0.expiresAt = end }
        #expect(bench.submissions.isEmpty)
        bench.wait(.milliseconds(400))
        #expect(bench.closed.last?.outcome == .expired)
    }

    /// Goal: an increasing amendment waits for reconciliation. Method: amend while the connection is lost.
    @Test func amendmentsWaitForReconciliation() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(995)
        }
        let order = try #require(bench.submissions.first)
        bench.accept(order)
        bench.feed(.venueDisconnected(.paper))
        bench.feed(amend(order, price: 996))
        #expect(bench.commands.isEmpty)
        #expect(bench.engine.order(order.id)?.state == .working)
    }

    /// Goal: an order that refused its cancel and is proven absent ends. Method: cancel, refuse, restart the session,
    /// tell that it isn't there.
    @Test func anAbsentOrderWithARefusedCancelEnds() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.accept(order)
        bench.feed(.operated(OperatorCommand(.cancelAll)))
        bench.feed(.cancelRejected(OrderRejection(id: order.id, reason: .unspecified, venueTime: bench.now)))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(6))
        bench.connect(session: 2)
        bench.feed(
            .orderNotFound(OrderAbsence(id: order.id, venueTime: bench.now, ledgerSequence: 1, session: 2))
        )
        #expect(bench.engine.order(order.id)?.state == .expired)
        #expect(bench.engine.liveOrderCount == 0)
    }

    /// Goal: a full table refuses entries by name, keeps room for exits, never traps. Method: eight rows, resting
    /// entries until refused, then exits.
    @Test func fullTablesKeepRoomForExits() throws {
        var bench = EngineBench.trading {
            $0.capacities.parents = 8
            $0.capacities.orders = 8
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
        bench.signal(.buy, 100)
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        for step in 0..<9 as Range<Int64> {
            bench.signal(.buy, 60 + step) {
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(990)
            }
        }
        #expect(bench.acknowledgements.first?.vetoes.all == [.orderRateLimit])
        bench.signal(.sell, 50) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        for step in 0..<3 as Range<Int64> { bench.signal(.sell, 5 + step) { $0.intent = .exit } }
        #expect(bench.acknowledgements.first?.vetoes.primary == .orderRateLimit)
    }

    /// Goal: an operator who says "filled" keeps the rest reserved until its fills are booked. Method: resolve an
    /// unknown exit as filled, then list its fill.
    @Test func resolvedFilledWaitsForItsFills() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(exit.id))
        bench.feed(.operated(OperatorCommand(.resolveFilled, order: exit.id)))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 1)
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.position == 0)
    }

    /// Goal: a query that gets no answer is asked again until it has one. Method: reconnect with a working order that
    /// the listing doesn't show, and count queries.
    @Test func absentOrdersAreAskedForAgain() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(995)
        }
        bench.accept(try #require(bench.submissions.first))
        bench.feed(.venueDisconnected(.paper))
        bench.connect(session: 2)
        bench.wait(.seconds(2))
        let queries = bench.commands.filter { if case .query = $0 { true } else { false } }
        #expect(queries.count >= 2)
    }
}
