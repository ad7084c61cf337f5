import FairleadModel
import Testing

@testable import FairleadEngine

/// What follows when a level is reached whose order is at the venue: it triggers there, or it doesn't.
@Suite struct EngineNativeGraceTests {
    /// A long position of 100 lots with its stop, and where asked its take-profit, accepted by the venue.
    private func protected(
        _ bench: inout EngineBench,
        profit: Int64 = 0,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) throws -> (stop: OrderSubmission, profit: OrderSubmission?) {
        _ = try bench.enter(100, profit: profit, adjust)
        let stop = try #require(bench.placed.first)
        bench.accept(stop)
        let placed = bench.placed.first
        if let placed { bench.accept(placed) }
        return (stop, placed)
    }

    /// Goal: a level that the venue triggers in time sends no exit of ours; it has fired once, the take-profit goes,
    /// and no position is left unprotected in between. Method: price at the stop, the trigger within the grace, its
    /// fills.
    @Test func theVenueTriggersIt() throws {
        var bench = EngineBench.native()
        let (stop, profit) = try protected(&bench, profit: 1020)
        bench.quote(bid: 979, ask: 980)
        #expect(bench.commands.isEmpty)
        bench.wait(.milliseconds(1_500))
        #expect(bench.commands.isEmpty)
        bench.trigger(stop)
        #expect(bench.levelEvents.filter { $0 == .fired }.count == 1)
        #expect(bench.cancels.map(\.id) == [profit?.id])
        bench.fill(stop, 60, at: 979, .taker)
        bench.wait(.seconds(10))
        #expect(bench.submissions.isEmpty, "the rest of it is at work")
        bench.fill(stop, 40, at: 978, .taker)
        #expect(bench.position == 0)
        bench.cancelled(try #require(profit), filled: 0, .venue)
        bench.wait(.seconds(10))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.levelEvents.filter { $0 == .fired }.count == 1)
    }

    /// Goal: a triggered stop ends what else would close its position: an exit in slices (seed 335), and a flip in
    /// slices that still closes, whose next slice would close what the stop closes (seed 1817). Method: a TWAP that
    /// sells 90 % of the position as an exit, and one that sells one and a half of it; the first slice is not filled.
    @Test(arguments: [(90, .exit), (150, .entry)] as [(Int64, Intent)])
    func aTriggeredStopEndsWhatStillClosesInSlices(_ quantity: Int64, _ intent: Intent) throws {
        var bench = EngineBench.native()
        let (stop, _) = try protected(&bench)
        bench.twap(.sell, quantity, slices: 3) { $0.intent = intent }
        let slice = try #require(bench.exits.first)
        bench.accept(slice)
        bench.trigger(stop)
        #expect(bench.cancels.map(\.id) == [slice.id])
        bench.expireRest(slice, filled: 0)
        #expect(bench.closed.last?.outcome == .cancelled)
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
        bench.fill(stop, 100, at: 979, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: the venue may be first: its trigger is heard before our price has come to the level, as a report or as a
    /// fill whose report is lost. Method: both.
    @Test(arguments: [true, false]) func theVenueIsFirst(_ isReported: Bool) throws {
        var bench = EngineBench.native()
        let (stop, _) = try protected(&bench)
        if isReported { bench.trigger(stop) }
        bench.fill(stop, 100, at: 979, .taker)
        bench.quote(bid: 979, ask: 980)
        bench.wait(.seconds(10))
        #expect(bench.position == 0)
        #expect(bench.exits.isEmpty)
        #expect(bench.levelEvents.contains(.fired))
    }

    /// Goal: a level that is reached and not triggered in time is closed by us: the order is cancelled, its outcome
    /// awaited, what it filled meanwhile subtracted. Method: the grace's end to the millisecond; a fill that races the
    /// cancel.
    @Test(arguments: [0, 30] as [Int64]) func theGraceEnds(_ raced: Int64) throws {
        var bench = EngineBench.native { $0.exits.nativeGrace = .milliseconds(500) }
        let (stop, _) = try protected(&bench)
        bench.quote(bid: 979, ask: 980)
        bench.wait(.milliseconds(499))
        #expect(bench.commands.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(bench.cancels.map(\.id) == [stop.id])
        #expect(bench.exits.isEmpty)
        if raced > 0 { bench.fill(stop, raced, at: 979, .taker) }
        #expect(bench.exits.isEmpty, "its outcome is awaited")
        bench.cancelled(stop, filled: raced)
        bench.wait(.zero)
        let exit = try #require(bench.exits.first)
        #expect(exit.quantity == EngineBench.quantity(100 - raced))
        bench.fill(exit, 100 - raced, at: 979, .taker)
        bench.wait(.seconds(10))
        #expect(bench.position == 0)
        #expect(bench.submissions.isEmpty)
        #expect(bench.levelEvents.filter { $0 == .fired }.count == 1)
    }

    /// Goal: an outcome that doesn't come holds no exit: two seconds after the cancel it is sent, and the order only
    /// reduces. Method: no answer to the cancel; then the order fills after all.
    @Test func noOutcomeHoldsAnExit() throws {
        var bench = EngineBench.native()
        let (stop, _) = try protected(&bench)
        bench.quote(bid: 979, ask: 980)
        bench.wait(.seconds(2))
        #expect(bench.cancels.map(\.id) == [stop.id])
        bench.feed(.cancelUnanswered(stop.id))
        bench.wait(.milliseconds(1_900))
        #expect(bench.exits.isEmpty)
        bench.wait(.milliseconds(100))
        let exit = try #require(bench.exits.first)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 40, at: 979, .taker)
        bench.fill(stop, 60, at: 979, .taker)
        #expect(bench.position == 0)
        bench.cancelled(exit, filled: 40, .venue)
        bench.cancelled(stop, filled: 60, .venue)
        bench.wait(.seconds(10))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: the order of a stop-limit is a limit order once it is triggered, and has five seconds; then the rest is
    /// closed at the market. Method: a trigger, a partial fill, the end.
    @Test func aStopLimitHasFiveSeconds() throws {
        var bench = EngineBench.native()
        let (stop, _) = try protected(&bench) { $0.stop.limitPrice = EngineBench.price(970) }
        #expect(stop.type == .limit)
        #expect(stop.price == EngineBench.price(970))
        bench.quote(bid: 960, ask: 961)
        bench.trigger(stop)
        bench.fill(stop, 10, at: 970)
        bench.wait(.milliseconds(4_900))
        #expect(bench.cancels.isEmpty)
        bench.wait(.milliseconds(200))
        #expect(bench.cancels.map(\.id) == [stop.id])
        bench.cancelled(stop, filled: 10)
        bench.wait(.zero)
        let exit = try #require(bench.exits.first)
        #expect(exit.quantity == EngineBench.quantity(90))
        #expect(exit.price != EngineBench.price(970))
        #expect(bench.levelEvents.contains(.escalated))
    }

    /// Goal: take-profits close their shares at the venue, and the stop shrinks with each. Method: two shares; the
    /// first triggers and fills, then the second.
    @Test func sharesAreClosedOneByOne() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100) {
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1020), fraction: Rate(raw: 40_000_000)))
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1040), fraction: Rate(raw: 60_000_000)))
        }
        let stop = try #require(bench.placed.first)
        bench.accept(stop)
        let profits = bench.placed.sorted { $0.quantity < $1.quantity }
        #expect(profits.map(\.quantity) == [EngineBench.quantity(40), EngineBench.quantity(60)])
        for profit in profits { bench.accept(profit) }
        bench.quote(bid: 1020, ask: 1021)
        bench.trigger(profits[0])
        #expect(bench.cancels.isEmpty)
        bench.fill(profits[0], 40, at: 1020, .taker)
        // The venue takes the same from the stop by itself; what it says of it is no surprise.
        let shrink = try #require(bench.amendments.first)
        #expect(shrink.id == stop.id)
        #expect(shrink.quantity == EngineBench.quantity(60))
        bench.reportWaiting(stop, quantity: 60)
        bench.replaced(shrink)
        bench.quote(bid: 1040, ask: 1041)
        bench.trigger(profits[1])
        bench.fill(profits[1], 60, at: 1040, .taker)
        #expect(bench.position == 0)
        #expect(bench.cancels.map(\.id) == [stop.id])
        #expect(bench.alarms.isEmpty)
    }

    /// Goal: what the venue takes from a stop by its group's rule is taken over where nothing was asked of it. Method:
    /// a report with a smaller quantity, and the position's own change after it.
    @Test func theVenueShrinksIt() throws {
        var bench = EngineBench.native()
        let (stop, _) = try protected(&bench)
        bench.reportWaiting(stop, quantity: 70)
        #expect(bench.engine.order(stop.id)?.quantity == EngineBench.quantity(70))
        // It protects less than there is: a larger one is placed.
        #expect(bench.placed.map(\.quantity) == [EngineBench.quantity(100)])
    }

    /// Goal: two signals on one position have their stops and take-profits in one group, each stop for all of it; the
    /// first to be triggered ends the others' orders. Method: two entries, the higher stop triggers.
    @Test func twoSignalsShareAPosition() throws {
        var bench = EngineBench.native { $0.risk.allowsPyramiding = true }
        let (first, _) = try protected(&bench)
        bench.signal(.buy, 50) { $0.stopLoss = EngineBench.price(990) }
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 50, at: 1000)
        let placed = bench.placed
        #expect(placed.map(\.quantity) == [EngineBench.quantity(150), EngineBench.quantity(150)])
        #expect(placed.map(\.condition.group) == [1, 1])
        for order in placed { bench.accept(order) }
        bench.cancelled(first, filled: 0)
        let near = try #require(placed.first { $0.condition.trigger == EngineBench.price(990) })
        let far = try #require(placed.first { $0.condition.trigger == EngineBench.price(980) })
        bench.quote(bid: 989, ask: 990)
        bench.trigger(near)
        #expect(bench.cancels.map(\.id) == [far.id])
        bench.cancelled(far, filled: 0, .venue)
        bench.fill(near, 150, at: 989, .taker)
        bench.wait(.seconds(10))
        #expect(bench.position == 0)
        #expect(bench.exits.isEmpty)
    }

    /// Goal: a stop that we close ourselves takes the take-profit's order with it. Method: a refused stop cannot be, so
    /// the grace of a stop ends; its exit and the take-profit's cancel leave together.
    @Test func aScannedStopCancelsTheSibling() throws {
        var bench = EngineBench.native { $0.exits.nativeGrace = .zero }
        let (stop, profit) = try protected(&bench, profit: 1020)
        bench.quote(bid: 979, ask: 980)
        bench.wait(.zero)
        #expect(bench.cancels.map(\.id) == [stop.id])
        bench.cancelled(stop, filled: 0)
        bench.wait(.zero)
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(100)])
        #expect(bench.cancels.map(\.id) == [profit?.id])
    }

    /// Goal: a short in hedge mode is protected the same, on its own side. Method: its stop and take-profit, and the
    /// venue's trigger.
    @Test func aHedgedShort() throws {
        var bench = EngineBench.hedged {
            $0.exits.isNative = true
            $0.instruments[0].terms.minimumNotional = .zero
        }
        bench.signal(.sell, 100) {
            $0.positionSide = .short
            $0.stopLoss = EngineBench.price(1020)
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(980), fraction: .one))
        }
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        let stop = try #require(bench.placed.first)
        #expect(stop.side == .buy)
        #expect(stop.positionSide == .short)
        #expect(stop.condition.trigger == EngineBench.price(1020))
        #expect(stop.condition.group == 3)
        bench.accept(stop)
        let profit = try #require(bench.placed.first)
        bench.accept(profit)
        bench.quote(bid: 979, ask: 980)
        bench.trigger(profit)
        bench.fill(profit, 100, at: 980, .taker)
        #expect(bench.lots(.short) == 0)
        #expect(bench.cancels.map(\.id) == [stop.id])
    }

    /// Goal: exits pass while entries are stopped, also to the venue; while exits are held too nothing is placed, and
    /// it is made up for. Method: a fill in `reducing`, one while frozen, a resume.
    @Test func statesOfTrading() throws {
        var bench = EngineBench.native()
        var entry = try bench.enter(0)
        bench.operate(.stopEntries)
        bench.fill(entry, 40, at: 1000)
        #expect(bench.placed.count == 1)

        bench = EngineBench.native()
        entry = try bench.enter(0)
        bench.operate(.haltFrozen)
        bench.fill(entry, 40, at: 1000)
        bench.cancelled(entry, filled: 40)
        bench.wait(.seconds(20))
        #expect(bench.placed.isEmpty)
        bench.operate(.resume)
        bench.wait(.seconds(5))
        #expect(bench.placed.count == 1)
    }
}
