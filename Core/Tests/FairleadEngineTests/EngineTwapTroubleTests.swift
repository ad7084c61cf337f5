import FairleadModel
import Testing

@testable import FairleadEngine

/// A TWAP through what goes wrong: it waits, goes on within its cap, or ends; it never sends twice.
@Suite struct EngineTwapTroubleTests {
    /// Goal: nothing is sent while a slice's order is unknown, however late it gets, and its outcome goes on from
    /// there. Method: the first maker has no answer until the third slice.
    @Test func anUnknownOrderIsWaitedFor() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        let maker = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(maker.id))
        bench.wait(.seconds(25))
        #expect(bench.submissions.isEmpty)
        #expect(bench.state(of: maker) == .pendingUnknown)
        bench.fill(maker, 100, at: 1000)
        bench.report(maker, .cancelled, filled: 100)
        // The first slice's rest is taken, then the third goes on with what the second has missed.
        let taker = try #require(bench.submissions.first)
        #expect(EngineBench.lots(taker) == 400 && taker.timeInForce == .ioc)
        bench.fillWhole(taker, .taker)
        let third = try #require(bench.submissions.first)
        #expect(third.id.slice == 2 && EngineBench.lots(third) == 1000)
    }

    /// Goal: an order whose fate is known only after the deadline is followed by nothing. Method: an unknown maker of
    /// the last slice is resolved a minute later.
    @Test func nothingFollowsTooLong() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 1000, slices: 2)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.wait(.seconds(10))
        let maker = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(maker.id))
        bench.wait(.seconds(70))
        bench.report(maker, .cancelled)
        #expect(bench.submissions.isEmpty)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
    }

    /// Goal: a venue that is away for long stops entries, and a TWAP with them. Method: a venue that counts as
    /// stale before the next slice begins.
    @Test func aLongAbsenceEndsIt() throws {
        var bench = EngineBench.slicing { $0.risk.staleVenueAfter = .seconds(5) }
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.milliseconds(9_999))
        #expect(bench.engine.tradingState == .reducing && bench.closed.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(bench.closed.last?.outcome == .killSwitch && bench.submissions.isEmpty)
    }

    /// Goal: a short absence and a halt keep a TWAP waiting, and it catches up. Method: each over a slice's beginning.
    @Test func itGoesOnAfterAShortAbsence() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.wait(.seconds(8))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(5))
        #expect(bench.submissions.isEmpty && bench.closed.isEmpty)
        bench.connect(session: 2, positions: [EngineBench.held(500, at: 1000, bench.now)])
        bench.wait(.seconds(1))
        let second = try #require(bench.submissions.first)
        #expect(second.id.slice == 1 && EngineBench.lots(second) == 500)
        bench.fillWhole(second)
        bench.halt()
        bench.wait(.seconds(10))
        #expect(bench.submissions.isEmpty && bench.closed.isEmpty)
        bench.halt(false)
        bench.wait(.seconds(1))
        #expect(EngineBench.lots(try #require(bench.submissions.first)) == 500)
    }

    /// Goal: what the venue refuses for the moment, and what never left, is tried again within the slice, and not in a
    /// loop. Method: a throttled maker, then a refusal of our own guard.
    @Test func whatPassesIsTriedAgain() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        let maker = try #require(bench.submissions.first)
        bench.reject(maker, .throttled)
        #expect(bench.submissions.isEmpty && bench.closed.isEmpty)
        bench.wait(.seconds(1))
        let again = try #require(bench.submissions.first)
        #expect(again.id.slice == 0 && again.id.attempt == 1)
        bench.feed(.egressRefused(EgressRefused(id: again.id, reason: .throttled)))
        #expect(bench.submissions.isEmpty && bench.closed.isEmpty)
        bench.wait(.milliseconds(999))
        #expect(bench.submissions.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(try #require(bench.submissions.first).id.attempt == 2)
    }

    /// Goal: a kill and a stop of entries end it, with and without an order at work, and nothing revives it. Method:
    /// each state, between slices and with a maker out.
    @Test(arguments: [OperatorAction.stopEntries, .halt, .kill]) func stopsEndIt(_ action: OperatorAction) throws {
        var waiting = EngineBench.slicing()
        waiting.twap(.buy, 2000)
        waiting.fillWhole(try #require(waiting.submissions.first))
        waiting.operate(action)
        waiting.wait(.seconds(10))
        #expect(waiting.closed.last?.outcome == .killSwitch && waiting.submissions.isEmpty)
        var working = EngineBench.slicing()
        working.twap(.buy, 2000)
        let maker = try #require(working.submissions.first)
        working.accept(maker)
        working.operate(action)
        working.wait(.seconds(10))
        #expect(working.cancels.map(\.id) == [maker.id] || action != .stopEntries)
        working.cancelled(maker, filled: 0)
        #expect(working.closed.last?.outcome == .killSwitch)
        working.operate(.resume)
        working.wait(.seconds(60))
        #expect(working.submissions.isEmpty)
    }

    /// Goal: a reload in the middle changes nothing of a schedule under way, and all of what its orders obey (P2).
    /// Method: another plan, the switch off, and a tighter bound for takers; the second slice comes as planned.
    @Test func aReloadKeepsThePlan() throws {
        var bench = EngineBench.slicing()
        var configuration = bench.engine.configuration
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        configuration.twap.slices = 9
        configuration.twap.interval = .seconds(1)
        configuration.twap.minimumChildNotional = Money(whole: 10_000)
        configuration.twap.spreadPauseFactor = Rate(raw: 1)
        configuration.routing.takerSlippage = Rate(bps: 1)
        bench.engine.stage(configuration)
        bench.feed(.configured)
        bench.wait(.milliseconds(9_999))
        #expect(bench.submissions.isEmpty)
        bench.wait(.milliseconds(1))
        let second = try #require(bench.submissions.first)
        #expect(EngineBench.lots(second) == 500)
        bench.accept(second)
        bench.wait(.seconds(10))
        bench.cancelled(second, filled: 0)
        #expect(try #require(bench.submissions.first).price == EngineBench.price(1001))
    }

    /// Goal: a restart from a snapshot goes on exactly as without one. Method: put away and read back between any two
    /// steps of a story with a pause, and once with an order out.
    @Test func itSurvivesASnapshot() throws {
        var bench = EngineBench.slicing()
        let configuration = bench.engine.configuration
        bench.twap(.buy, 2003)
        bench.restore(configuration)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.restore(configuration)
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        bench.restore(configuration)
        bench.operate(.pauseParent, on: second.id.intent)
        bench.restore(configuration)
        bench.cancelled(second, filled: 0)
        bench.wait(.seconds(20))
        bench.restore(configuration)
        bench.operate(.resumeParent, on: second.id.intent)
        var sizes: [Int64] = []
        while let order = bench.submissions.first {
            sizes.append(EngineBench.lots(order))
            bench.restore(configuration)
            bench.fillWhole(order)
            bench.wait(.seconds(10))
        }
        #expect(sizes == [501, 501, 500])
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: an exit is sliced only where it is asked for, each slice taking at the exit collar, and what the schedule
    /// leaves is left as by any exit. Method: a position of 2,000; the second slice gets nothing.
    @Test func anExitIsSlicedWhereItIsAskedFor() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 2000) { $0.style = .taker }
        bench.twap(.sell, 2000, slices: 2) { $0.intent = .exit }
        let first = try #require(bench.submissions.first)
        #expect(first.reduceOnly && EngineBench.lots(first) == 1000 && first.id.leg == .exit)
        bench.fill(first, 1000, at: 1000, .taker)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        #expect(EngineBench.lots(second) == 1000)
        bench.expireRest(second, filled: 0)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(10))
        let rest = try #require(bench.submissions.first)
        #expect(rest.reduceOnly && EngineBench.lots(rest) == 1000)
        #expect(bench.engine.order(rest.id)?.isTwapChild == false)
        bench.fill(rest, 1000, at: 1000, .taker)
        #expect(bench.closed.last?.outcome == .filled && bench.closed.last?.routedAs == .twap)
        #expect(bench.position == 0)
    }

    /// Goal: a flip is one schedule: it leaves the position first, then enters, and sums to the whole. Method: short
    /// 1,000 from long 700, in two slices of 850.
    @Test func aFlipIsOneSchedule() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 700) { $0.style = .taker }
        bench.twap(.sell, 1700, slices: 2)
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly && EngineBench.lots(exit) == 700)
        bench.fill(exit, 700, at: 1000, .taker)
        // The first slice's rest is 150, under the smallest child: it is carried.
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(10))
        let entry = try #require(bench.submissions.first)
        #expect(!entry.reduceOnly && EngineBench.lots(entry) == 1000)
        bench.fillWhole(entry)
        #expect(bench.position == -1000 && bench.closed.last?.outcome == .filled)
    }

    /// Goal: a flip whose exit outlives the schedule leaves the position, and enters nothing in one piece after the
    /// deadline. Method: nothing trades in either slice; then the exit does.
    @Test func aFlipEntersNothingAfterItsSchedule() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 700) { $0.style = .taker }
        bench.twap(.sell, 1700, slices: 2)
        for _ in 0..<2 {
            bench.expireRest(try #require(bench.submissions.first), filled: 0)
            bench.wait(.seconds(10))
        }
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly && EngineBench.lots(exit) == 700)
        bench.fill(exit, 700, at: 1000, .taker)
        #expect(bench.submissions.isEmpty)
        #expect(bench.position == 0 && bench.closed.last?.outcome == .partiallyFilled)
    }

    /// Goal: between two slices a parent is cancelled by its intent, and its reservation is given back. Method: by
    /// intent; a second time there is nothing to cancel.
    @Test func aParentIsCancelledByItsIntent() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        let first = try #require(bench.submissions.first)
        bench.fillWhole(first)
        bench.operate(.cancelOrder, on: first.id.intent)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
        bench.operate(.cancelOrder, on: first.id.intent)
        #expect(bench.refusals.map(\.reason) == [.orderNotFound])
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
    }
}
