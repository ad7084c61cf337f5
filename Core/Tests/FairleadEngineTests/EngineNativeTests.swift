import FairleadModel
import Testing

@testable import FairleadEngine

extension EngineBench {
    /// A bench that places levels at the venue.
    static func native(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) -> EngineBench {
        trading {
            $0.exits.isNative = true
            $0.instruments[0].terms.minimumNotional = .zero
            $0.risk.duplicateOrderWindow = .zero
            adjust(&$0)
        }
    }

    /// A long position with a stop at 98 and, where asked, a take-profit for all of it at 102; gives the entry, still
    /// open for the rest of its 100 lots.
    mutating func enter(
        _ lots: Int64,
        profit: Int64 = 0,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) throws -> OrderSubmission {
        signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = Self.price(1000)
            $0.stopLoss = Self.price(980)
            if profit > 0 { $0.takeProfits.append(TakeProfitLevel(price: Self.price(profit), fraction: .one)) }
            adjust(&$0)
        }
        let entry = try #require(submissions.first)
        accept(entry)
        if lots > 0 { fill(entry, lots, at: 1000) }
        return entry
    }

    /// What of the commands was placed to wait.
    var placed: [OrderSubmission] { submissions.filter { !$0.condition.isNone } }
    /// Exits that take at once.
    var exits: [OrderSubmission] { submissions.filter { $0.condition.isNone && $0.reduceOnly } }

    var amendments: [OrderAmendment] {
        commands.compactMap { if case .replace(let amendment) = $0 { amendment } else { nil } }
    }

    var levelEvents: [LevelEvent] {
        allNotices.compactMap { if case .levelChanged(let record) = $0 { record.event } else { nil } }
    }

    /// The venue has triggered it.
    mutating func trigger(_ order: OrderSubmission) { report(order, .working) }

    mutating func replaced(_ amendment: OrderAmendment) {
        feed(
            .orderReplaced(
                OrderReplacement(
                    id: amendment.id,
                    price: amendment.trigger,
                    quantity: amendment.quantity,
                    venueTime: now
                )
            )
        )
    }

    mutating func replaceRejected(_ amendment: OrderAmendment, _ reason: RejectReason) {
        feed(.replaceRejected(OrderRejection(id: amendment.id, reason: reason, venueTime: now)))
    }

    /// What the venue's listing says of an order that waits.
    mutating func reportWaiting(_ order: OrderSubmission, quantity: Int64? = nil) {
        var report = OrderReport(
            id: order.id,
            venueOrderID: VenueOrderID(value: 1),
            instrument: order.instrument,
            side: order.side,
            price: order.condition.trigger,
            quantity: order.quantity,
            filled: .zero,
            state: .accepted,
            venueTime: now
        )
        if let quantity { report.quantity = Self.quantity(quantity) }
        feed(.orderReported(report))
    }
}

/// Protective levels that rest at the venue: placed, resized, moved, cancelled.
@Suite struct EngineNativeTests {
    /// Goal: with the first fill the stop goes to the venue, and the take-profit once the venue has the stop: both only
    /// reduce, for what is filled, in one group. Method: a partial fill of a resting entry.
    @Test func theStopGoesFirst() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(40, profit: 1020)
        let stop = try #require(bench.placed.first)
        #expect(bench.submissions.count == 1)
        #expect(stop.type == .market)
        #expect(stop.timeInForce == .gtc)
        #expect(stop.side == .sell)
        #expect(stop.quantity == EngineBench.quantity(40))
        #expect(stop.reduceOnly)
        #expect(!stop.isIncreasing)
        #expect(stop.id.leg == .exit)
        #expect(stop.condition == OrderCondition(.stop, trigger: EngineBench.price(980), reference: .mark, group: 1))
        bench.forget()
        bench.wait(.seconds(3))
        #expect(bench.submissions.isEmpty, "nothing before the venue has the stop")
        bench.accept(stop)
        let profit = try #require(bench.placed.first)
        #expect(profit.quantity == EngineBench.quantity(40))
        #expect(
            profit.condition
                == OrderCondition(.takeProfit, trigger: EngineBench.price(1020), reference: .mark, group: 1)
        )
        bench.accept(profit)
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.exitCoverage.stopLossMissing == 0)
    }

    /// Goal: nothing of it happens by default, nor where the venue can't watch the price that levels are watched by.
    /// Method: the same entry with the key off, and with levels watched by the middle.
    @Test(arguments: [true, false]) func offItIsWatchedOnly(_ isOff: Bool) throws {
        var bench = EngineBench.native {
            $0.exits.isNative = !isOff
            if !isOff { $0.exits.triggerReference = .mid }
        }
        _ = try bench.enter(100, profit: 1020)
        #expect(bench.submissions.isEmpty)
        bench.quote(bid: 970, ask: 971)
        #expect(bench.exits.count == 1)
    }

    /// Goal: a refused stop is watched as before, with its take-profit; one whose price has been reached already is
    /// closed at once. Method: both refusals.
    @Test func aRefusalIsWatched() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100, profit: 1020)
        bench.reject(try #require(bench.placed.first), .insufficientMargin)
        bench.wait(.seconds(60))
        #expect(bench.placed.isEmpty)
        bench.quote(bid: 970, ask: 971)
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(100)])

        bench = EngineBench.native()
        _ = try bench.enter(100)
        bench.reject(try #require(bench.placed.first), .wouldTrigger)
        bench.wait(.zero)
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(100)])
        #expect(bench.alarms.filter { $0 == .rejectStorm || $0 == .exitFailed }.isEmpty)
    }

    /// Goal: what the venue could not take for a moment is placed again, watched meanwhile. Method: a throttled stop,
    /// and one that never left.
    @Test func itIsTriedAgain() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100)
        let stop = try #require(bench.placed.first)
        bench.reject(stop, .throttled)
        bench.wait(.milliseconds(4_900))
        #expect(bench.placed.isEmpty)
        bench.wait(.milliseconds(200))
        let again = try #require(bench.placed.first)
        #expect(again.id != stop.id)
        bench.feed(.egressRefused(EgressRefused(id: again.id, reason: .throttled)))
        bench.wait(.milliseconds(5_100))
        #expect(bench.placed.count == 1)
    }

    /// Goal: of an order of which nothing is known nobody waits that it triggers: the exit goes at once, and the order
    /// is cancelled. Method: an unanswered stop, then the price through it.
    @Test func anUnknownOneIsWatched() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100)
        let stop = try #require(bench.placed.first)
        bench.feed(.submitUnanswered(stop.id))
        bench.quote(bid: 970, ask: 971)
        bench.wait(.zero)
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(100)])
        #expect(bench.engine.order(stop.id)?.wantsCancel == true)
    }

    // MARK: - Resizing

    /// Goal: a position that grows gets a larger stop beside the old one, which goes once the venue has the new one: it
    /// is never without. Method: two fills of one entry; the new one's answer, then the old one's end.
    @Test func itGrowsBesideTheOld() throws {
        var bench = EngineBench.native()
        let entry = try bench.enter(40)
        let small = try #require(bench.placed.first)
        bench.accept(small)
        bench.fill(entry, 50, at: 1000)
        let large = try #require(bench.placed.first)
        #expect(large.quantity == EngineBench.quantity(90))
        #expect(large.condition == small.condition)
        #expect(bench.cancels.isEmpty)
        bench.accept(large)
        #expect(bench.cancels.map(\.id) == [small.id])
        bench.cancelled(small, filled: 0)
        bench.wait(.seconds(30))
        #expect(bench.commands.filter { if case .reconcile = $0 { false } else { true } }.isEmpty)
        // The old one's end, whatever it was, is not the level's.
        bench.quote(bid: 979, ask: 980)
        #expect(bench.exits.isEmpty)
        bench.trigger(large)
        bench.fill(large, 90, at: 979, .taker)
        #expect(bench.position == 0)
    }

    /// Goal: a larger one that is refused leaves the smaller one where it is, and is tried again. Method: a refusal,
    /// and the next try.
    @Test func theOldStaysUntilTheNewIsThere() throws {
        var bench = EngineBench.native()
        let entry = try bench.enter(40)
        let small = try #require(bench.placed.first)
        bench.accept(small)
        bench.fill(entry, 50, at: 1000)
        bench.reject(try #require(bench.placed.first), .insufficientMargin)
        #expect(bench.cancels.isEmpty)
        bench.wait(.milliseconds(5_100))
        #expect(bench.placed.map(\.quantity) == [EngineBench.quantity(90)])
        #expect(bench.cancels.isEmpty)
    }

    /// Goal: a position that shrinks has its orders amended to it, and one that is flat has them cancelled; exits of
    /// others are not held back by what waits. Method: a reduction by hand, then a close of all.
    @Test func itShrinksWithThePosition() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100, profit: 1020)
        let stop = try #require(bench.placed.first)
        bench.accept(stop)
        let profit = try #require(bench.placed.first)
        bench.accept(profit)
        bench.signal(.sell, 30) { $0.intent = .reduce }
        let reduce = try #require(bench.exits.first)
        bench.fill(reduce, 30, at: 1000, .taker)
        #expect(bench.amendments.map(\.id) == [stop.id, profit.id])
        #expect(bench.amendments.map(\.quantity) == [EngineBench.quantity(70), EngineBench.quantity(70)])
        #expect(bench.amendments.map(\.trigger) == [EngineBench.price(980), EngineBench.price(1020)])
        for amendment in bench.amendments { bench.replaced(amendment) }
        #expect(bench.engine.order(stop.id)?.quantity == EngineBench.quantity(70))
        bench.feed(.operated(OperatorCommand(.flatten)))
        let flat = try #require(bench.exits.first)
        #expect(flat.quantity == EngineBench.quantity(70))
        bench.fill(flat, 70, at: 1000, .taker)
        #expect(Set(bench.cancels.map(\.id)) == [stop.id, profit.id])
        bench.cancelled(stop, filled: 0)
        bench.cancelled(profit, filled: 0)
        bench.wait(.seconds(30))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.liveOrderCount == 0)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: of a position that is over the limits of one order as much waits at the venue as one order may be, and the
    /// rest is closed at once when that has filled, without an alarm (seed 551). Method: a growing position, by
    /// quantity and by notional at the stop's own price; a few lots more are not worth another order.
    @Test(arguments: [true, false]) func aLargePositionHasAsMuchAsOneOrderMayBe(_ isNotional: Bool) throws {
        var bench = EngineBench.native {
            $0.risk.allowsPyramiding = true
            if isNotional {
                // 60 lots at the stop's 980.
                $0.risk.maximumOrderNotional = $0.instruments[0].terms.notional(
                    EngineBench.price(980),
                    EngineBench.quantity(60)
                )
            } else {
                $0.risk.maximumOrderQuantity = EngineBench.quantity(60)
            }
        }
        bench.signal(.buy, 55) { $0.stopLoss = EngineBench.price(980) }
        bench.fill(try #require(bench.submissions.first), 55, at: 1000, .taker)
        let small = try #require(bench.placed.first)
        #expect(small.quantity == EngineBench.quantity(55))
        bench.accept(small)
        bench.signal(.buy, 50)
        bench.fill(try #require(bench.submissions.first), 50, at: 1000, .taker)
        bench.wait(.seconds(30))
        #expect(bench.placed.isEmpty, "60 are not an eighth more than 55")
        #expect(bench.amendments.isEmpty)
        bench.quote(bid: 979, ask: 980)
        bench.forget()
        bench.trigger(small)
        bench.fill(small, 55, at: 979, .taker)
        bench.wait(.zero)
        #expect(bench.levelEvents.filter { $0 != .registered } == [.fired, .refired, .fired])
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(50)])
        #expect(bench.alarms.isEmpty)
    }

    /// Goal: a smaller order grows to what one order may be, and no further. Method: 40 of 105.
    @Test func itGrowsToTheLimitOfOneOrder() throws {
        var bench = EngineBench.native {
            $0.risk.allowsPyramiding = true
            $0.risk.maximumOrderQuantity = EngineBench.quantity(60)
        }
        bench.signal(.buy, 40) { $0.stopLoss = EngineBench.price(980) }
        bench.fill(try #require(bench.submissions.first), 40, at: 1000, .taker)
        let small = try #require(bench.placed.first)
        bench.accept(small)
        bench.signal(.buy, 50)
        bench.fill(try #require(bench.submissions.first), 50, at: 1000, .taker)
        let large = try #require(bench.placed.first)
        #expect(large.quantity == EngineBench.quantity(60))
        bench.accept(large)
        #expect(bench.cancels.map(\.id) == [small.id])
        bench.cancelled(small, filled: 0)
        bench.wait(.seconds(30))
        #expect(bench.placed.isEmpty)
    }

    /// Goal: an exit that rests holds nothing back from the stop, nor the stop from an exit: both only reduce.
    /// Method: a resting reduction of 30 while the position grows to 100; then a close of the rest by hand.
    @Test func whatRestsHoldsNothingBack() throws {
        var bench = EngineBench.native()
        let entry = try bench.enter(60)
        bench.accept(try #require(bench.placed.first))
        _ = try bench.rest(.sell, 30, at: 1050) { $0.intent = .reduce }
        bench.fill(entry, 40, at: 1000)
        #expect(bench.placed.map(\.quantity) == [EngineBench.quantity(100)])
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(70)])
    }

    // MARK: - Moving

    /// Goal: a stop that trails moves its order after it, at most once a second, and never back. Method: prices up, up
    /// within the second, and down.
    @Test func itFollowsAMovingStop() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100) { $0.stop.trail = .amount(EngineBench.price(20)) }
        let stop = try #require(bench.placed.first)
        bench.accept(stop)
        bench.quote(bid: 1009, ask: 1010)
        let first = try #require(bench.amendments.first)
        #expect(first.id == stop.id)
        #expect(first.trigger == EngineBench.price(990))
        #expect(first.price == .zero)
        bench.replaced(first)
        bench.quote(bid: 1019, ask: 1020)
        #expect(bench.amendments.isEmpty, "not within the second")
        bench.wait(.seconds(1))
        let second = try #require(bench.amendments.first)
        #expect(second.trigger == EngineBench.price(1000))
        bench.replaced(second)
        bench.quote(bid: 1004, ask: 1005)
        bench.wait(.seconds(10))
        #expect(bench.amendments.isEmpty)
        #expect(bench.engine.order(stop.id)?.condition.trigger == EngineBench.price(1000))
    }

    /// Goal: a move that would be triggered at once is an exit now, behind the order's cancel; another refusal leaves
    /// the order where it was. Method: both answers.
    @Test func aRefusedMove() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100) { $0.stop.trail = .amount(EngineBench.price(20)) }
        let stop = try #require(bench.placed.first)
        bench.accept(stop)
        bench.quote(bid: 1009, ask: 1010)
        bench.replaceRejected(try #require(bench.amendments.first), .throttled)
        #expect(bench.engine.order(stop.id)?.condition.trigger == stop.condition.trigger)
        bench.wait(.seconds(1))
        bench.replaceRejected(try #require(bench.amendments.first), .wouldTrigger)
        bench.wait(.zero)
        #expect(bench.cancels.map(\.id) == [stop.id])
        #expect(bench.exits.isEmpty)
        bench.cancelled(stop, filled: 0)
        bench.wait(.zero)
        #expect(bench.exits.map(\.quantity) == [EngineBench.quantity(100)])
    }

    // MARK: - Restart, people

    /// Goal: a snapshot holds all of it, and orders without an answer are found by a listing. Method: a stop that was
    /// sent, a new life, its report in the listing; then the take-profit follows.
    @Test func aRestartFindsThem() throws {
        var bench = EngineBench.native()
        let configuration = bench.engine.configuration
        _ = try bench.enter(100, profit: 1020)
        let stop = try #require(bench.placed.first)
        bench.restore(configuration)
        bench.feed(.epochOpened(Epoch(number: 2)))
        #expect(bench.state(of: stop) == .pendingUnknown)
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        bench.feed(.reconciliationBegan(.paper))
        bench.reportWaiting(stop)
        #expect(bench.state(of: stop) == .working)
        bench.feed(.positionReported(EngineBench.held(100, at: 1000, bench.now)))
        bench.feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 2, ledgerSequence: 0, venueTime: bench.now)
            )
        )
        let profit = try #require(bench.placed.first)
        #expect(profit.condition.kind == .takeProfit)
        bench.accept(profit)
        bench.restore(configuration)
        bench.quote(bid: 979, ask: 980)
        bench.trigger(stop)
        #expect(bench.cancels.map(\.id) == [profit.id])
        bench.fill(stop, 100, at: 979, .taker)
        #expect(bench.position == 0)
    }

    /// Goal: a person who cancels a level's order has it watched from then on; one who cancels everything leaves
    /// nothing; a reload that turns the key off takes the orders away and watches. Method: each.
    @Test func peopleComeFirst() throws {
        var bench = EngineBench.native()
        _ = try bench.enter(100)
        var stop = try #require(bench.placed.first)
        bench.accept(stop)
        bench.operate(.cancelOrder, stop.id)
        bench.cancelled(stop, filled: 0)
        bench.wait(.seconds(30))
        #expect(bench.placed.isEmpty)
        #expect(bench.engine.exitCoverage.stopLossMissing == 0)

        bench = EngineBench.native()
        _ = try bench.enter(100)
        stop = try #require(bench.placed.first)
        bench.accept(stop)
        bench.operate(.cancelAllIncludingProtective)
        #expect(bench.cancels.map(\.id).contains(stop.id))
        bench.cancelled(stop, filled: 0)
        bench.wait(.seconds(30))
        #expect(bench.placed.isEmpty)

        bench = EngineBench.native()
        _ = try bench.enter(100)
        stop = try #require(bench.placed.first)
        bench.accept(stop)
        var configuration = bench.engine.configuration
        configuration.exits.isNative = false
        bench.engine.stage(configuration)
        bench.feed(.configured)
        #expect(bench.cancels.map(\.id) == [stop.id])
        bench.cancelled(stop, filled: 0)
        bench.quote(bid: 970, ask: 971)
        #expect(bench.exits.count == 1)
    }
}
