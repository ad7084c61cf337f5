import FairleadEngine
import FairleadModel
import Testing

/// Fills that come after the end of their order: each is booked once, and never leads to more than was approved.
@Suite struct EngineLateFillTests {
    /// Goal: a fill after the cancel's outcome is booked, told, and the symbol is locked when its rest was sent again.
    /// Method: a maker that times out and is cancelled, its taker filled, then the maker's late fill.
    @Test func aFillAfterTheFallbackIsTruth() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        bench.cancelled(maker, filled: 0)
        let taker = try #require(bench.submissions.first)
        #expect(taker.quantity == EngineBench.quantity(100))
        bench.fill(maker, 40, at: 1000)
        #expect(bench.position == 40)
        #expect(bench.alarms.contains(.lateFill))
        #expect(bench.alarms.contains(.overfill))
        bench.fill(taker, 100, at: 1001, .taker)
        #expect(bench.position == 140)
        #expect(bench.closed.last?.filled == EngineBench.quantity(100))
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
    }

    /// Goal: a fill that the venue announced with the cancel is awaited, not late: the fallback takes only the rest.
    /// Method: cancel with 40 filled, of which none was seen; the fill comes after.
    @Test func anAnnouncedFillIsAwaited() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        bench.cancelled(maker, filled: 40)
        #expect(bench.submissions.isEmpty)
        bench.fill(maker, 40, at: 1000)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(60)])
        #expect(!bench.alarms.contains(.lateFill))
    }

    /// Goal: a late fill of a parent that is over is a position without its levels, and told. Method: cancel an entry
    /// with a stop, then fill it.
    @Test func aFillAfterTheParentsEndIsBooked() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995) { $0.stopLoss = EngineBench.price(990) }
        bench.operate(.cancelOrder, order.id)
        bench.cancelled(order, filled: 0)
        #expect(bench.engine.openParentCount == 0)
        bench.fill(order, 100, at: 995)
        #expect(bench.position == 100)
        #expect(bench.alarms.contains(.lateFill))
        #expect(bench.engine.exitCoverage.missing == 1)
    }

    /// Goal: fills booked in another order than the venue's realise another profit: the venue's word on cash and cost
    /// is asked for (seed 101 of the simulator). Method: a fill that a later one of the same position has overtaken.
    @Test func anOvertakenFillAsksForAListing() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        let first = bench.execution(order, 100, at: 995, number: 7)
        bench.wait(.seconds(2))
        bench.external(.sell, 40, at: 1000, number: 8)
        let before = bench.asksForAListing
        bench.feed(.orderFilled(first))
        let after = bench.asksForAListing
        #expect([before, after] == [false, true])
        #expect(bench.position == 60)
    }

    // MARK: Called dead

    /// An entry of 100 with a stop at 99.0, without an answer, that a person has called dead.
    private func calledDead(_ bench: inout EngineBench) throws -> OrderSubmission {
        bench.signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(995)
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1020), fraction: .one))
            $0.stopLoss = EngineBench.price(990)
        }
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.operate(.resolveDead, order.id)
        #expect(bench.engine.openParentCount == 0)
        return order
    }

    /// Goal: an entry that a person called dead and that is filled after all has its levels, fill by fill, and they go
    /// with the position. Method: two late fills, the second after a snapshot; then the price at the stop.
    @Test func aFillOfAnOrderCalledDeadFindsItsLevels() throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading { configuration = $0 }
        let order = try calledDead(&bench)
        bench.fill(order, 40, at: 995)
        #expect(bench.alarms.contains(.lateFill))
        #expect(bench.engine.exitCoverage.stopLossMissing == 0)
        bench.restore(try #require(configuration))
        bench.fill(order, 60, at: 995)
        bench.quote(bid: 980, ask: 981)
        let stop = try #require(bench.submissions.first)
        #expect(stop.quantity == EngineBench.quantity(100))
        bench.fill(stop, 100, at: 980, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
        #expect(bench.engine.staleLevelKeys == 0)
    }

    /// Goal: levels wait for such a fill as long as a tombstone stands, and give their rows back. Method: a fill before
    /// that, and one after it.
    @Test(arguments: [true, false]) func levelsWaitForTheTombstoneOnly(_ isBefore: Bool) throws {
        var bench = EngineBench.trading { $0.unknownOrders.tombstone = .seconds(60) }
        let order = try calledDead(&bench)
        bench.wait(.seconds(isBefore ? 58 : 62))
        bench.fill(order, 100, at: 995)
        #expect(bench.engine.exitCoverage.stopLossMissing == (isBefore ? 0 : 1))
        bench.wait(.seconds(10))
        #expect(bench.engine.exitCoverage.stopLossMissing == (isBefore ? 0 : 1))
    }

    // MARK: Presumed dead

    /// A venue that may hide an order for a minute.
    private func hiding() -> EngineBench {
        EngineBench.trading {
            $0.unknownOrders.provesDeath = false
            $0.unknownOrders.tombstone = .seconds(60)
        }
    }

    private func presumedDead(_ bench: inout EngineBench, _ order: OrderSubmission) {
        bench.feed(.submitUnanswered(order.id))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(6))
        bench.connect(session: 2)
        bench.quote(bid: 1000, ask: 1001)
        bench.feed(
            .orderNotFound(OrderAbsence(id: order.id, venueTime: bench.now, ledgerSequence: 1, session: 2))
        )
    }

    /// Goal: on paper absence is proof and needs no tombstone (RELIABILITY 4.4): the parent ends, nothing stays
    /// reserved, the symbol trades on. Method: prove an entry dead, then ask for another.
    @Test func onPaperNothingIsBuried() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        presumedDead(&bench, order)
        #expect(bench.engine.order(order.id)?.endReason == .presumedDead)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.closed.last?.outcome == .expired)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: an exit that was proven dead is sent again at once: the position is still open. Method: prove a stop's
    /// exit dead on paper.
    @Test func anExitProvenDeadIsSentAgain() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(exit.id))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(6))
        bench.connect(session: 2, positions: [EngineBench.held(100, at: 1000, bench.now)])
        bench.quote(bid: 1000, ask: 1001)
        bench.feed(
            .orderNotFound(OrderAbsence(id: exit.id, venueTime: bench.now, ledgerSequence: 1, session: 2))
        )
        let again = try #require(bench.submissions.first)
        #expect(again.id != exit.id)
        #expect(again.reduceOnly)
        bench.fill(again, 100, at: 1000, .taker)
        #expect(bench.position == 0)
    }

    /// Goal: where a venue may hide orders, reservation and lock stay for the tombstone and no longer; a fill under it
    /// is credited, told, and ends the parent when it is complete. Method: two fills of a buried order.
    @Test func fillsUnderATombstoneAreCredited() throws {
        var bench = hiding()
        bench.signal(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        let order = try #require(bench.submissions.first)
        presumedDead(&bench, order)
        #expect(bench.engine.openParentCount == 1)
        bench.fill(order, 40, at: 1000)
        #expect(bench.engine.openParentCount == 1)
        #expect(bench.alarms.contains(.lateFill))
        #expect(bench.engine.exitCoverage.registered == 1)
        bench.fill(order, 60, at: 1000)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.position == 100)
        #expect(bench.closed.last?.outcome == .filled)
        #expect(!bench.alarms.contains(.overfill))
    }

    /// Goal: after the tombstone a fill is still booked and told. Method: wait it out, then fill.
    @Test func aFillAfterTheTombstoneIsBooked() throws {
        var bench = hiding()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        presumedDead(&bench, order)
        bench.wait(.seconds(61))
        #expect(bench.engine.openParentCount == 0)
        bench.fill(order, 100, at: 1000)
        #expect(bench.position == 100)
        #expect(bench.alarms.contains(.lateFill))
    }

    /// Goal: what a tombstone reserves counts in the limits, until it ends. Method: a gross cap that two entries would
    /// pass, one of them buried.
    @Test func aTombstoneCountsInTheLimits() throws {
        var bench = EngineBench.trading {
            $0.unknownOrders.provesDeath = false
            $0.unknownOrders.tombstone = .seconds(60)
            $0.risk.maximumGrossExposure = Rate(raw: 15_000_000)
            $0.risk.allowsPyramiding = true
        }
        bench.signal(.buy, 100_000)
        let order = try #require(bench.submissions.first)
        presumedDead(&bench, order)
        bench.signal(.buy, 90_000)
        let vetoes = try #require(bench.acknowledgements.first?.vetoes)
        #expect(vetoes.contains(.portfolioCap))
        #expect(vetoes.contains(.unknownOrder))
        bench.wait(.seconds(61))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 80_000)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }
}
