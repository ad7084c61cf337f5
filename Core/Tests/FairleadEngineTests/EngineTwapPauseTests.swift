import FairleadEngine
import FairleadModel
import Testing

/// What holds a TWAP back, and how it goes on: a wide spread, a person, an amendment.
@Suite struct EngineTwapPauseTests {
    private static func intent(_ bench: borrowing EngineBench) throws -> IntentID {
        try #require(bench.progress.last?.intent)
    }

    /// Goal: over 1.5 times the bucket's normal spread nothing is sent; exactly there it is; once it is narrow again
    /// the slice goes on at once. Method: 12 bps of a C_LOW symbol are 1.2 around 1,000.0.
    @Test func aWideSpreadPauses() throws {
        var bench = EngineBench.slicing(bid: 9_994, ask: 10_006) { $0.routing.maximumSpread = Rate(bps: 100) }
        bench.twap(.buy, 2000)
        #expect(bench.submissions.count == 1)
        var wide = EngineBench.slicing(bid: 9_994, ask: 10_007) { $0.routing.maximumSpread = Rate(bps: 100) }
        wide.twap(.buy, 2000)
        #expect(wide.submissions.isEmpty)
        #expect(wide.progress.map(\.event) == [.planned, .slice, .spreadPause])
        wide.wait(.seconds(4))
        #expect(wide.submissions.isEmpty)
        wide.quote(bid: 9_999, ask: 10_000)
        wide.wait(.milliseconds(250))
        let order = try #require(wide.submissions.first)
        #expect(EngineBench.lots(order) == 500 && order.id.slice == 0)
        #expect(wide.progress.last?.event == .spreadResume)
    }

    /// Goal: the bucket says what is normal. Method: the same spread for a symbol of A_HIGH and of C_LOW; a normal
    /// spread of 0 pauses never.
    @Test func theBucketSaysWhatIsNormal() {
        func pauses(_ adjust: (inout EngineConfiguration) -> Void) -> Bool {
            var bench = EngineBench.slicing(bid: 9_999, ask: 10_001, adjust)
            bench.twap(.buy, 2000)
            return bench.submissions.isEmpty
        }
        #expect(pauses { $0.symbols[0].bucket = .high })
        #expect(!pauses { $0.symbols[0].bucket = .medium })
        #expect(!pauses { $0.symbols[0].bucket = .low })
        #expect(
            !pauses {
                $0.symbols[0].bucket = .high
                $0.quality.normalSpreadHigh = .zero
            }
        )
        #expect(
            pauses {
                $0.symbols[0].bucket = .medium
                $0.twap.spreadPauseFactor = Rate(raw: 50_000_000)
            }
        )
    }

    /// Goal: a maker that rests stays through a wide spread, and nothing is taken at its deadline; what is missed is
    /// caught up with, at most one slice's worth in each. Method: wide from the first to the third of six slices.
    @Test func whatWasMissedIsCaughtUpWithinTheCap() throws {
        var bench = EngineBench.slicing { $0.routing.maximumSpread = Rate(bps: 100) }
        bench.twap(.buy, 3000, slices: 6)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.quote(bid: 1000, ask: 1010)
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.cancelled(maker, filled: 0)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(35))
        #expect(bench.submissions.isEmpty)
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.milliseconds(250))
        // The fourth slice: its own 500 and 500 of the 1,500 that were missed.
        var sizes: [Int64] = []
        while let order = bench.submissions.first {
            sizes.append(EngineBench.lots(order))
            bench.fillWhole(order)
            bench.wait(.seconds(10))
        }
        #expect(sizes == [1000, 1000, 1000])
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: paused to the end, the parent is not sent all at once: the last slice's bounded share goes out, and the
    /// rest ends unfilled. Method: a spread that stays wide over four slices.
    @Test func pausedToTheEndIsNotSentAtOnce() throws {
        var bench = EngineBench.slicing { $0.routing.maximumSpread = Rate(bps: 1000) }
        bench.quote(bid: 1000, ask: 1010)
        bench.twap(.buy, 2000)
        bench.wait(.seconds(39))
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(1))
        let sweep = try #require(bench.submissions.first)
        #expect(EngineBench.lots(sweep) == 1000 && sweep.timeInForce == .ioc && sweep.price.raw > 0)
        bench.fillWhole(sweep, .taker)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: a person's pause stops the schedule's clock: the maker is cancelled, nothing is sent, and on resume the
    /// slice has the time that it had left. Method: held from second 4 of the first slice for a minute.
    @Test func aPersonHoldsItAndLetsItGoOn() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.seconds(4))
        let intent = try Self.intent(bench)
        bench.operate(.pauseParent, on: intent)
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.fill(maker, 100, at: 1000)
        bench.cancelled(maker, filled: 100)
        bench.operate(.pauseParent, on: intent)
        #expect(bench.refusals.map(\.reason) == [.alreadyPaused])
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
        bench.operate(.resumeParent, on: intent)
        let again = try #require(bench.submissions.first)
        #expect(EngineBench.lots(again) == 400 && again.type == .postOnly && again.id.slice == 0)
        bench.accept(again)
        bench.wait(.milliseconds(5_999))
        #expect(bench.cancels.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(bench.cancels.map(\.id) == [again.id])
        bench.operate(.resumeParent, on: intent)
        #expect(bench.refusals.map(\.reason) == [.notPaused])
    }

    /// Goal: a pause between two slices, and one while an order takes, hold what follows. Method: both, resumed before
    /// the taker's end as well.
    @Test func itIsHeldWhateverItDoes() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        let intent = try Self.intent(bench)
        bench.operate(.pauseParent, on: intent)
        bench.wait(.seconds(30))
        #expect(bench.submissions.isEmpty)
        bench.operate(.resumeParent, on: intent)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        bench.accept(second)
        bench.wait(.seconds(10))
        bench.cancelled(second, filled: 0)
        let taker = try #require(bench.submissions.first)
        bench.operate(.pauseParent, on: intent)
        #expect(bench.cancels.isEmpty)
        bench.expireRest(taker, filled: 0)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(30))
        bench.operate(.resumeParent, on: intent)
        // Its third slice has begun: 500 of its own and 500 carried.
        let third = try #require(bench.submissions.first)
        #expect(third.id.slice == 2 && EngineBench.lots(third) == 1000)
        // Paused and let go on before the cancel has its outcome.
        bench.operate(.pauseParent, on: intent)
        #expect(bench.cancels.map(\.id) == [third.id])
        bench.operate(.resumeParent, on: intent)
        bench.cancelled(third, filled: 0)
        #expect(EngineBench.lots(try #require(bench.submissions.first)) == 1000)
    }

    /// Goal: other parents are held too, each as its stage allows. Method: a maker, a resting limit, a deferred order;
    /// an order that takes, an exit, a cancel under way and an unknown intent are refused by name.
    @Test func otherParentsAreHeldToo() throws {
        var bench = EngineBench.slicing()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        let intent = maker.id.intent
        bench.operate(.pauseParent, on: intent)
        bench.cancelled(maker, filled: 0)
        #expect(bench.submissions.isEmpty)
        bench.operate(.resumeParent, on: intent)
        let again = try #require(bench.submissions.first)
        #expect(again.type == .postOnly && EngineBench.lots(again) == 100)
        bench.fillWhole(again)

        let resting = try bench.rest(.buy, 100, at: 990)
        bench.operate(.pauseParent, on: resting.id.intent)
        bench.cancelled(resting, filled: 0)
        #expect(bench.closed.count == 1)
        bench.operate(.resumeParent, on: resting.id.intent)
        let rested = try #require(bench.submissions.first)
        #expect(rested.type == .limit && rested.price == resting.price)
        bench.operate(.cancelOrder, on: rested.id.intent)
        bench.operate(.pauseParent, on: rested.id.intent)
        #expect(bench.refusals.map(\.reason) == [.beingCancelled])
        bench.cancelled(rested, filled: 0)

        bench.signal(.buy, 130) { $0.style = .taker }
        let taker = try #require(bench.submissions.first)
        bench.operate(.pauseParent, on: taker.id.intent)
        #expect(bench.refusals.map(\.reason) == [.notPausable])
        bench.fillWhole(taker, .taker)
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.operate(.pauseParent, on: try #require(bench.submissions.first).id.intent)
        #expect(bench.refusals.map(\.reason) == [.exitNotPaused])
        bench.operate(.pauseParent, on: IntentID(epoch: Epoch(number: 1), parent: 999))
        #expect(bench.refusals.map(\.reason) == [.orderNotFound])
    }

    /// Goal: a held parent's life goes on: it expires, is cancelled, and ends with a kill. Method: the three ends; no
    /// resume where no entry may leave.
    @Test func aHeldParentStillEnds() throws {
        func held(_ adjust: (inout SignalTerms) -> Void = { _ in }) throws -> EngineBench {
            var bench = EngineBench.slicing()
            bench.twap(.buy, 2000, adjust)
            let maker = try #require(bench.submissions.first)
            bench.operate(.pauseParent, on: maker.id.intent)
            bench.cancelled(maker, filled: 0)
            return bench
        }
        let end = Timestamp(milliseconds: 1_700_000_000_000) + .seconds(60)
        var expiring = try held { $0.expiresAt = end }
        expiring.wait(.seconds(60))
        #expect(expiring.closed.last?.outcome == .expired)
        var cancelled = try held()
        cancelled.operate(.cancelOrder, on: try Self.intent(cancelled))
        #expect(cancelled.closed.last?.outcome == .cancelled)
        var killed = try held()
        killed.operate(.stopEntries)
        killed.operate(.resumeParent, on: try Self.intent(killed))
        #expect(killed.refusals.map(\.reason) == [.tradingState] && killed.closed.isEmpty)
        killed.operate(.kill)
        #expect(killed.closed.last?.outcome == .killSwitch)
    }

    /// Goal: a parent is made smaller, never under what is filled or at work, and the slices to come share what is
    /// left. Method: 2,000 to 1,400 in the second slice; then what is refused.
    @Test func aParentIsMadeSmaller() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        bench.accept(second)
        let intent = second.id.intent
        let orders: [(lots: Int64, price: Int64, refusals: [OperatorRefusal])] = [
            (500, 0, [.alreadyFilled]), (999, 0, [.childAtWork]), (2001, 0, [.overParent]), (0, 1020, [.priceCollar]),
            (1600, 0, []),
        ]
        for order in orders {
            bench.operate(.amendParent, on: intent, price: order.price, lots: order.lots)
            #expect(bench.refusals.map(\.reason) == order.refusals, "\(order)")
        }
        #expect(bench.progress.last?.approved == EngineBench.quantity(1600))
        bench.fillWhole(second)
        var sizes: [Int64] = []
        bench.wait(.seconds(10))
        while let order = bench.submissions.first {
            sizes.append(EngineBench.lots(order))
            bench.fillWhole(order)
            bench.wait(.seconds(10))
        }
        #expect(sizes == [300, 300])
        #expect(bench.closed.last?.outcome == .filled && bench.closed.last?.approved == EngineBench.quantity(1600))
    }

    /// Goal: a rest that is too small for a slice of its own goes with the slice at work; a total that this slice
    /// reaches ends the schedule with it. Method: 1,100 of 2,000 while the second slice waits to be filled.
    @Test func aSmallRestGoesWithTheSliceAtWork() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        bench.fillWhole(try #require(bench.submissions.first))
        bench.wait(.seconds(10))
        let second = try #require(bench.submissions.first)
        bench.accept(second)
        bench.operate(.amendParent, on: second.id.intent, lots: 1100)
        #expect(bench.progress.last?.slices == 2 && bench.progress.last?.due == EngineBench.quantity(1100))
        bench.wait(.seconds(10))
        bench.cancelled(second, filled: 0)
        let sweep = try #require(bench.submissions.first)
        #expect(EngineBench.lots(sweep) == 600)
        bench.fillWhole(sweep, .taker)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: a new limit bounds what is still sent; a quote beyond it is made anew. An order of a slice is not amended
    /// by itself. Method: a limit under the quote; an amendment of the child.
    @Test func aNewLimitBoundsWhatIsLeft() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.amend(maker, lots: 300)
        #expect(bench.refusals.map(\.reason) == [.sliceOfTwap])
        bench.operate(.amendParent, on: maker.id.intent, price: 999)
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.cancelled(maker, filled: 0)
        #expect(try #require(bench.submissions.first).price == EngineBench.price(999))
    }
}
