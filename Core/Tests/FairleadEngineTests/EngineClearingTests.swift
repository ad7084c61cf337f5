import FairleadEngine
import FairleadModel
import Testing

/// Exits that would trade against our own resting orders: those are cancelled first.
@Suite struct EngineClearingTests {
    /// A long of 100 with a resting buy of 60 under the market.
    private func restBuy(_ bench: inout EngineBench) throws -> OrderSubmission {
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(980) }
        return try bench.rest(.buy, 60, at: 999)
    }

    private func pyramiding() -> EngineBench {
        EngineBench.trading {
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
    }

    /// Goal: an exit first cancels the resting order that it would hit, waits for the outcome, then goes. Method: exit,
    /// look at the cancel, tell its outcome.
    @Test func anExitCancelsWhatItWouldHit() throws {
        var bench = pyramiding()
        let resting = try restBuy(&bench)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(bench.cancels.map(\.id) == [resting.id])
        #expect(bench.submissions.isEmpty)
        bench.wait(.milliseconds(200))
        #expect(bench.submissions.isEmpty)
        bench.cancelled(resting, filled: 0)
        bench.wait(.milliseconds(50))
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: a resting order that was filled before its cancel is no loss: the exit goes for what it was vetted, the
    /// position keeps the rest. Method: fill the resting buy while its cancel is out.
    @Test func aFillThatRacesTheCancelStaysInThePosition() throws {
        var bench = pyramiding()
        let resting = try restBuy(&bench)
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.fill(resting, 60, at: 999)
        bench.wait(.milliseconds(50))
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.position == 60)
    }

    /// Goal: a stop-loss doesn't wait for an order of which nothing is known: its cancel goes out first, the exit
    /// follows at once (RELIABILITY 4.6). Method: lose the resting order's submit answer, then the price falls.
    @Test func aStopLossDoesNotWaitForAnUnknownOrder() throws {
        var bench = pyramiding()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.signal(.buy, 60) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(999)
        }
        let unknown = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(unknown.id))
        bench.quote(bid: 989, ask: 990)
        #expect(bench.cancels.map(\.id) == [unknown.id])
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 989, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.unknownOrderCount == 1)
    }

    /// Goal: a cancel without an outcome holds an exit for two seconds and no longer (SPEC 9). Method: never answer
    /// the cancel, then lose its answer too.
    @Test(arguments: [false, true]) func aSilentCancelHoldsAnExitForTwoSeconds(isLost: Bool) throws {
        var bench = pyramiding()
        let resting = try restBuy(&bench)
        bench.quote(bid: 979, ask: 980)
        #expect(bench.cancels.map(\.id) == [resting.id])
        #expect(bench.submissions.isEmpty)
        if isLost { bench.feed(.cancelUnanswered(resting.id)) }
        bench.wait(.milliseconds(1_900))
        #expect(bench.submissions.isEmpty)
        bench.wait(.milliseconds(200))
        let exit = try #require(bench.submissions.first)
        #expect(exit.side == .sell)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 979, .taker)
        #expect(bench.position == 0)
    }

    /// Goal: an exit at work cancels an own order that came to rest in its way before it is sent again. Method: rest a
    /// buy while the exit's first attempt is out, end that unfilled.
    @Test func aRepricedExitCancelsWhatRestsByThen() throws {
        var bench = pyramiding()
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let first = try #require(bench.submissions.first)
        let resting = try bench.rest(.buy, 60, at: 999)
        bench.cancelled(first, filled: 0, .immediateOrCancel)
        #expect(bench.cancels.map(\.id) == [resting.id])
        #expect(bench.submissions.map(\.side) == [.sell])
    }

    /// Goal: an exit that waits for the way to be free can still be ended by a person. Method: cancel everything while
    /// it waits, then free the way.
    @Test func aWaitingExitCanBeEnded() throws {
        var bench = pyramiding()
        let resting = try restBuy(&bench)
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.operate(.cancelAll)
        bench.cancelled(resting, filled: 0)
        bench.wait(.seconds(3))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.position == 100)
    }

    /// Goal: an entry that would hit our own resting order is refused and cancels nothing. Method: sell the symbol
    /// with a buy resting at the touch, flat before.
    @Test func anEntryIsRefusedInstead() throws {
        var bench = EngineBench.trading()
        let resting = try bench.rest(.buy, 60, at: 1000)
        bench.signal(.sell, 70)
        #expect(bench.acknowledgements.first?.vetoes.contains(.selfCross) == true)
        #expect(bench.cancels.isEmpty)
        #expect(bench.state(of: resting) == .working)
    }

    /// Goal: an exit leaves alone what rests beyond its bound. Method: a buy at 90.0, under the collar of 95.0, beside
    /// one in the way; and alone, while an exit is sent again.
    @Test(arguments: [true, false]) func anExitCancelsOnlyWhatIsInItsWay(_ isRepriced: Bool) throws {
        var bench = pyramiding()
        try bench.open(.buy, 100)
        let far = try bench.rest(.buy, 60, at: 900)
        if isRepriced {
            bench.signal(.sell, 100) { $0.intent = .exit }
            let exit = try #require(bench.submissions.first)
            bench.cancelled(exit, filled: 0, .immediateOrCancel)
            #expect(bench.cancels.isEmpty)
        } else {
            let near = try bench.rest(.buy, 60, at: 999)
            bench.signal(.sell, 100) { $0.intent = .exit }
            #expect(bench.cancels.map(\.id) == [near.id])
            bench.cancelled(near, filled: 0)
            bench.wait(.milliseconds(50))
        }
        #expect(bench.submissions.map(\.side) == [.sell])
        #expect(bench.state(of: far) == .working)
    }
}
