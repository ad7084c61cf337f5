import FairleadEngine
import FairleadModel
import Testing

/// Exits larger than the venue's largest order go out in pieces, one after the other.
@Suite struct EngineSplitExitTests {
    private func bench(minimum: Int64 = 1, maximum: Int64) -> EngineBench {
        EngineBench.trading {
            $0.instruments[0].terms.minimumQuantity = EngineBench.quantity(minimum)
            $0.instruments[0].terms.maximumQuantity = EngineBench.quantity(maximum)
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
    }

    private func lots(_ order: OrderSubmission) -> Int64 { order.quantity.raw / 100_000 }

    /// Goal: an exit of two and a half largest orders is three orders, one at a time, and closes all. Method: three
    /// entries of the largest size, one exit, fill each piece.
    @Test func anExitOverTheLargestOrderIsSplit() throws {
        var bench = bench(maximum: 100)
        for size in [100, 90, 60] as [Int64] { try bench.open(.buy, size) }
        bench.signal(.sell, 250) { $0.intent = .exit }
        var sizes: [Int64] = []
        while let exit = bench.submissions.first {
            #expect(bench.submissions.count == 1)
            #expect(exit.reduceOnly)
            sizes.append(lots(exit))
            bench.fill(exit, lots(exit), at: 1000, .taker)
        }
        #expect(sizes == [100, 100, 50])
        #expect(bench.position == 0)
        #expect(bench.closed.last?.outcome == .filled)
        #expect(bench.closed.last?.filled == EngineBench.quantity(250))
    }

    /// Goal: no piece is left under the venue's smallest order, which would never be taken. Method: 203 lots with a
    /// largest order of 100 and a smallest of 10.
    @Test func theLastPieceIsNeverUnderTheSmallestOrder() throws {
        var bench = bench(minimum: 10, maximum: 100)
        for size in [100, 53, 50] as [Int64] { try bench.open(.buy, size) }
        bench.signal(.sell, 203) { $0.intent = .exit }
        var sizes: [Int64] = []
        while let exit = bench.submissions.first {
            sizes.append(lots(exit))
            bench.fill(exit, lots(exit), at: 1000, .taker)
        }
        #expect(sizes == [100, 93, 10])
        #expect(bench.position == 0)
    }

    /// Goal: a stop-loss over the largest order is split as well and its level is spent only when all is closed.
    /// Method: two entries with a stop each, a price past it; the second stop is held while the first works.
    @Test func aStopLossIsSplit() throws {
        var bench = bench(maximum: 100)
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        try bench.open(.buy, 80) { $0.stopLoss = EngineBench.price(990) }
        bench.quote(bid: 989, ask: 990)
        let first = try #require(bench.submissions.first)
        #expect(bench.submissions.count == 1)
        #expect(lots(first) == 100)
        bench.fill(first, 100, at: 989, .taker)
        let second = try #require(bench.submissions.first)
        #expect(lots(second) == 80)
        bench.fill(second, 80, at: 989, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: a piece that is not filled is repriced and the rest still follows. Method: end the first piece unfilled,
    /// fill the pieces after it.
    @Test func anUnfilledPieceIsSentAgain() throws {
        var bench = bench(maximum: 100)
        try bench.open(.buy, 100)
        try bench.open(.buy, 50)
        bench.signal(.sell, 150) { $0.intent = .exit }
        let first = try #require(bench.submissions.first)
        bench.fill(first, 30, at: 1000, .taker)
        bench.cancelled(first, filled: 30, .immediateOrCancel)
        let second = try #require(bench.submissions.first)
        #expect(lots(second) == 100)
        bench.fill(second, 100, at: 1000, .taker)
        let third = try #require(bench.submissions.first)
        #expect(lots(third) == 20)
        bench.fill(third, 20, at: 1000, .taker)
        #expect(bench.position == 0)
    }

    /// Goal: what a partial fill leaves under the venue's smallest order is marked and not sent again and again.
    /// Method: fill all but 4 of an exit with a smallest order of 10.
    @Test func dustIsMarkedOnce() throws {
        var bench = bench(minimum: 10, maximum: 1000)
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        bench.fill(exit, 96, at: 1000, .taker)
        bench.cancelled(exit, filled: 96, .immediateOrCancel)
        #expect(bench.submissions.isEmpty)
        #expect(bench.alarms.filter { $0 == .residual }.count == 1)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
        #expect(bench.position == 4)
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: an entry over the largest order is refused, not split. Method: ask for one lot more.
    @Test func anEntryIsNotSplit() {
        var bench = bench(maximum: 100)
        bench.signal(.buy, 101)
        #expect(bench.acknowledgements.first?.vetoes.contains(.maxOrderQuantity) == true)
    }

    /// Goal: a flatten over the largest order closes the whole position. Method: three full entries, flatten, fill
    /// each piece.
    @Test func flattenIsSplit() throws {
        var bench = bench(maximum: 100)
        for size in [100, 90, 70] as [Int64] { try bench.open(.buy, size) }
        bench.operate(.flatten)
        var pieces = 0
        while let exit = bench.submissions.first {
            bench.fill(exit, lots(exit), at: 1000, .taker)
            pieces += 1
        }
        #expect(pieces == 3)
        #expect(bench.position == 0)
    }

    /// Where the venue doesn't exempt what only reduces, 5.0 of notional are 50 lots at 100.0.
    private func strict(maximum: Int64 = 1000) -> EngineBench {
        EngineBench.slicing {
            $0.instruments[0].terms.reduceOnlyExemptFromMinimum = false
            $0.instruments[0].terms.maximumQuantity = EngineBench.quantity(maximum)
            $0.risk.duplicateOrderWindow = .zero
        }
    }

    /// Goal: what a partial fill leaves under the venue's smallest notional is marked, and not sent to be refused again
    /// and again: five refusals in a row halt all trading. Method: fill 70 of 100.
    @Test func dustUnderTheVenuesNotionalIsMarkedOnce() throws {
        var bench = strict()
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        bench.accept(exit)
        bench.fill(exit, 70, at: 1000, .taker)
        bench.expireRest(exit, filled: 70)
        #expect(bench.submissions.isEmpty)
        #expect(bench.alarms.filter { $0 == .residual }.count == 1)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: no piece of an exit is left under the venue's smallest notional, whether it takes or rests. Method: 130
    /// lots with a largest order of 100.
    @Test(arguments: [0, 1010] as [Int64]) func noPieceIsUnderTheVenuesNotional(_ limit: Int64) throws {
        var bench = strict(maximum: 100)
        for size in [70, 60] as [Int64] { try bench.open(.buy, size) }
        bench.signal(.sell, 130) {
            $0.intent = .exit
            if limit > 0 {
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(limit)
            }
        }
        var sizes: [Int64] = []
        while let exit = bench.submissions.first {
            sizes.append(lots(exit))
            bench.fill(exit, lots(exit), at: limit > 0 ? limit : 1000, .taker)
        }
        #expect(sizes == [80, 50])
        #expect(bench.position == 0)
    }
}
