import FairleadEngine
import FairleadModel
import Testing

/// SPEC 9's TWAP in a whole engine: what is sliced, when a slice goes, and what becomes of what it leaves.
@Suite struct EngineTwapTests {
    /// Goal: a signal that asks for it is sliced equally, odd lots first, each slice a maker at its time, and its
    /// record says so. Method: 2,003 lots in four slices, each filled at once.
    @Test func slicesGoOneByOne() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2003)
        var sizes: [Int64] = []
        for number in 0..<4 {
            let order = try #require(bench.submissions.first)
            #expect(bench.submissions.count == 1)
            #expect(order.type == .postOnly && order.id.leg == .maker)
            #expect(order.id.slice == UInt16(number) && order.id.attempt == 0)
            #expect(bench.engine.order(order.id)?.isTwapChild == true)
            sizes.append(EngineBench.lots(order))
            bench.accept(order)
            bench.wait(.seconds(3))
            bench.fillWhole(order)
            #expect(bench.submissions.isEmpty)
            guard number < 3 else { break }
            bench.wait(.milliseconds(6_999))
            #expect(bench.submissions.isEmpty)
            bench.wait(.milliseconds(1))
        }
        #expect(sizes == [501, 501, 501, 500])
        let record = try #require(bench.closed.last)
        #expect(record.outcome == .filled && record.routedAs == .twap)
        #expect(record.filled == EngineBench.quantity(2003))
        #expect(bench.moments == [.start, .slice, .slice, .slice, .end])
        #expect(bench.progress.map(\.event) == [.planned, .slice, .slice, .slice, .slice])
    }

    /// Goal: at its deadline a slice's maker is cancelled, its outcome awaited, and the rest taken within a bound; what
    /// even that leaves is carried. Method: a fill of 100 crosses the cancel; the taker gets 150 of 400.
    @Test func aSliceTakesAtItsDeadlineAndCarriesTheRest() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.seconds(10))
        #expect(bench.cancels.map(\.id) == [maker.id])
        #expect(bench.submissions.isEmpty)
        bench.fill(maker, 100, at: 1000)
        #expect(bench.submissions.isEmpty)
        bench.cancelled(maker, filled: 100)
        let taker = try #require(bench.submissions.first)
        #expect(taker.type == .marketableLimit && taker.timeInForce == .ioc)
        #expect(EngineBench.lots(taker) == 400 && taker.price > EngineBench.price(1001))
        #expect(taker.id.slice == 0 && taker.id.attempt == 1 && taker.id.leg == .taker)
        bench.fill(taker, 150, at: 1001, .taker)
        bench.expireRest(taker, filled: 150)
        // The second slice has begun meanwhile: its own 500 and the 250 that are left.
        let next = try #require(bench.submissions.first)
        #expect(EngineBench.lots(next) == 750 && next.type == .postOnly && next.id.slice == 1)
        #expect(bench.progress.last?.carried == EngineBench.quantity(250))
    }

    /// Goal: the last slice's rest goes out once more at the deadline, and nothing after it. Method: no order is filled
    /// but a part of the last.
    @Test func theDeadlineEndsIt() throws {
        var bench = EngineBench.slicing { $0.twap.catchUpSlices = 0 }
        bench.twap(.buy, 2000, slices: 2)
        for _ in 0..<2 {
            let maker = try #require(bench.submissions.first)
            #expect(EngineBench.lots(maker) == 1000)
            bench.accept(maker)
            bench.wait(.seconds(10))
            bench.cancelled(maker, filled: 0)
            let taker = try #require(bench.submissions.first)
            #expect(EngineBench.lots(taker) == 1000 && taker.timeInForce == .ioc)
            bench.fill(taker, 10, at: 1001, .taker)
            bench.expireRest(taker, filled: 10)
        }
        #expect(bench.submissions.isEmpty)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
        #expect(bench.closed.last?.filled == EngineBench.quantity(20))
        #expect(bench.progress.last?.event == .sweep)
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: fewer slices where one would be under the smallest child, and none of them is smaller. Method: 60 dollars
    /// at a minimum of 25 are two slices of 30.
    @Test func fewerSlicesThanAskedForWhereTheyWouldBeTooSmall() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 600, slices: 10)
        #expect(bench.progress.first?.slices == 2)
        #expect(EngineBench.lots(try #require(bench.submissions.first)) == 300)
    }

    /// Goal: one slice is no TWAP. Method: 40 dollars come to one; the order goes as any other, at once and whole.
    @Test func oneSliceIsNoTwap() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 400, slices: 10)
        let order = try #require(bench.submissions.first)
        #expect(EngineBench.lots(order) == 400)
        #expect(bench.engine.order(order.id)?.isTwapChild == false)
        bench.fillWhole(order)
        #expect(bench.closed.last?.routedAs == .maker)
        #expect(bench.progress.isEmpty)
    }

    /// Goal: no remainder is left over to be sent at once (a defect of a peer, whose last order was all that its equal
    /// slices had not come to). Method: sizes around a multiple, all slices filled: none differs by more than a lot.
    @Test(arguments: [Int64(1999), 2000, 2001, 2002, 2003, 2999]) func noRemainderIsSentAtOnce(_ lots: Int64) throws {
        var bench = EngineBench.slicing()
        bench.twap(.sell, lots)
        var sizes: [Int64] = []
        while let order = bench.submissions.first {
            #expect(order.type == .postOnly)
            sizes.append(EngineBench.lots(order))
            bench.fillWhole(order)
            bench.wait(.seconds(10))
        }
        #expect(sizes.reduce(0, +) == lots)
        let (most, least) = (try #require(sizes.max()), try #require(sizes.min()))
        #expect(most - least <= 1)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: a parent is never denied for what is too small to be sent (a defect of a peer, which denied an order that
    /// was filled by 95 %). Method: each slice leaves dust; it is carried, never sent, and what is left at the end ends
    /// the parent partially filled.
    @Test func dustIsCarriedAndDeniesNobody() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 1200)
        for number in 0..<4 {
            let maker = try #require(bench.submissions.first)
            #expect(EngineBench.lots(maker) == (number == 0 ? 300 : 310))
            bench.accept(maker)
            bench.fill(maker, EngineBench.lots(maker) - 10, at: 1000)
            bench.wait(.seconds(10))
            bench.cancelled(maker, filled: EngineBench.lots(maker) - 10)
        }
        #expect(bench.submissions.isEmpty)
        let record = try #require(bench.closed.last)
        #expect(record.outcome == .partiallyFilled && record.filled == EngineBench.quantity(1190))
    }

    /// Goal: the final sweep's minimum is the venue's own: what any order could be isn't left for the sake of ours.
    /// Method: the last slice leaves 10 dollars, under our minimum and over the venue's 5.
    @Test func theSweepMayBeAsSmallAsTheVenueAllows() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 1000, slices: 2)
        let first = try #require(bench.submissions.first)
        bench.fillWhole(first)
        bench.wait(.seconds(10))
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.fill(maker, 400, at: 1000)
        bench.wait(.seconds(10))
        bench.cancelled(maker, filled: 400)
        let sweep = try #require(bench.submissions.first)
        #expect(EngineBench.lots(sweep) == 100)
        bench.fillWhole(sweep, .taker)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: large entries are sliced without being asked to, and nothing else is. Method: notional just under and at
    /// 500, other styles, other types, an exit; then the switch off.
    @Test func largeEntriesAreSlicedWhereThatIsEnabled() throws {
        func planned(_ lots: Int64, isEnabled: Bool = true, _ adjust: (inout SignalTerms) -> Void = { _ in }) -> Int {
            var bench = EngineBench.slicing {
                $0.twap.isEnabled = isEnabled
                $0.twap.minimumNotional = Money(raw8: 50_025_000_000)
            }
            bench.signal(.buy, lots, adjust)
            return bench.progress.count { $0.event == .planned }
        }
        #expect(planned(5000) == 1)
        #expect(planned(4999) == 0)
        #expect(planned(5000, isEnabled: false) == 0)
        #expect(planned(5000) { $0.style = .taker } == 0)
        #expect(planned(5000) { $0.style = .makerFirst } == 0)
        #expect(planned(5000) { $0.makerQuantity = EngineBench.quantity(10) } == 0)
        #expect(planned(5000) { $0.timeInForce = .ioc } == 0)
        #expect(
            planned(5000) {
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(1000)
            } == 0
        )
        var bench = EngineBench.slicing { $0.twap.isEnabled = true }
        try bench.open(.buy, 8000) { $0.style = .taker }
        bench.signal(.sell, 8000) { $0.intent = .exit }
        #expect(bench.progress.isEmpty)
        #expect(EngineBench.lots(try #require(bench.submissions.first)) == 8000)
    }

    /// Goal: a limit bounds each slice, maker and taker, and rests for itself nowhere. Method: a buy limit at the bid.
    @Test func theSignalsLimitBoundsEachSlice() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(1000)
        }
        let maker = try #require(bench.submissions.first)
        #expect(maker.price == EngineBench.price(1000) && maker.type == .postOnly)
        bench.accept(maker)
        bench.wait(.seconds(10))
        bench.cancelled(maker, filled: 0)
        let taker = try #require(bench.submissions.first)
        #expect(taker.price == EngineBench.price(1000) && taker.timeInForce == .ioc)
    }

    /// Goal: the signal's end bounds the schedule: shorter intervals, all slices before it, nothing after it. Method: a
    /// life of 20 s gives four slices 18 s; the parent expires with its last maker unanswered.
    @Test func expiryBoundsTheSchedule() throws {
        var bench = EngineBench.slicing()
        let end = bench.now + .seconds(20)
        bench.twap(.buy, 2000) { $0.expiresAt = end }
        let plan = try #require(bench.progress.first)
        #expect(plan.slices == 4 && plan.deadline == bench.now + .seconds(18))
        var life = EngineBench.slicing()
        let soon = life.now + .milliseconds(3_000)
        life.twap(.buy, 2000, slices: 8) { $0.expiresAt = soon }
        #expect(life.progress.first?.slices == 2)
        let maker = try #require(life.submissions.first)
        life.accept(maker)
        life.wait(.milliseconds(3_000))
        life.cancelled(maker, filled: 0, .requested)
        #expect(life.submissions.isEmpty && life.closed.last?.outcome == .expired)
        // A second is too little for two slices.
        var short = EngineBench.slicing()
        let verySoon = short.now + .seconds(2)
        short.twap(.buy, 2000) { $0.expiresAt = verySoon }
        #expect(short.progress.isEmpty)
    }

    /// Goal: post-only rejects and a definite refusal take a slice's rest, and only that. Method: two rejects; another
    /// slice refused for its margin.
    @Test func aSliceFallsBackForItselfAlone() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        for _ in 0..<2 {
            let maker = try #require(bench.submissions.first)
            #expect(maker.type == .postOnly)
            bench.reject(maker, .wouldTake)
        }
        let taker = try #require(bench.submissions.first)
        #expect(EngineBench.lots(taker) == 500 && taker.type == .marketableLimit)
        #expect(bench.routes.last?.fallbackReason == .postOnlyRejects)
        bench.fillWhole(taker, .taker)
        #expect(bench.submissions.isEmpty && bench.closed.isEmpty)
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        #expect(second.type == .postOnly && EngineBench.lots(second) == 500)
        bench.reject(second, .insufficientMargin)
        let last = try #require(bench.submissions.first)
        #expect(last.type == .marketableLimit)
        // Refused as taker too: there is nothing to wait for.
        bench.reject(last, .insufficientMargin)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
    }

    /// Goal: a maker that the market runs away from gives way by its own slice's beginning. Method: the market moves 50
    /// bps between two slices, then 4 more within the second.
    @Test func slippageIsMeasuredFromTheSlice() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.quote(bid: 1005, ask: 1006)
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        #expect(second.price == EngineBench.price(1005))
        bench.accept(second)
        bench.quote(bid: 1005, ask: 1006)
        #expect(bench.cancels.isEmpty)
        bench.quote(bid: 1006, ask: 1007)
        #expect(bench.cancels.map(\.id) == [second.id])
        bench.cancelled(second, filled: 0)
        let taker = try #require(bench.submissions.first)
        #expect(EngineBench.lots(taker) == 500 && bench.routes.last?.fallbackReason == .slippage)
        bench.fill(taker, 200, at: 1007, .taker)
        bench.expireRest(taker, filled: 200)
        // The rest is the next slice's, not another order's of this one.
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(10))
        #expect(EngineBench.lots(try #require(bench.submissions.first)) == 800)
    }
}
