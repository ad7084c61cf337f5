import FairleadEngine
import FairleadModel
import Testing

@Suite struct EngineHedgeTests {
    private func enter(_ bench: inout EngineBench, _ side: PositionSide, _ lots: Int64) throws {
        try bench.open(side == .long ? .buy : .sell, lots) { $0.positionSide = side }
    }

    /// Goal: long and short of one symbol are kept apart, and each entry names its side. Method: open both, look at
    /// both positions and at the orders.
    @Test func bothSidesStandBesideEachOther() throws {
        var bench = EngineBench.hedged()
        let long = try bench.open(.buy, 100) { $0.positionSide = .long }
        let short = try bench.open(.sell, 60) { $0.positionSide = .short }
        #expect(long.positionSide == .long)
        #expect(short.positionSide == .short)
        #expect(!short.reduceOnly)
        #expect(bench.lots(.long) == 100)
        #expect(bench.lots(.short) == -60)
        #expect(bench.lots(.both) == 0)
        #expect(bench.engine.openPositionCount == 2)
    }

    /// Goal: a sell of LONG closes the long and never touches the short, even when it asks for more than there is.
    /// Method: long 100 beside short 60, exit 300 of LONG, fill, then exit once more.
    @Test func anExitIsClampedToItsOwnSide() throws {
        var bench = EngineBench.hedged()
        try enter(&bench, .long, 100)
        try enter(&bench, .short, 60)
        bench.signal(.sell, 300) {
            $0.positionSide = .long
            $0.intent = .exit
        }
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(100))
        #expect(exit.reduceOnly)
        #expect(exit.positionSide == .long)
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.lots(.long) == 0)
        #expect(bench.lots(.short) == -60)
        bench.signal(.sell, 10) {
            $0.positionSide = .long
            $0.intent = .exit
        }
        #expect(bench.acknowledgements.first?.vetoes.primary == .nothingToReduce)
    }

    /// Goal: a sell of LONG that calls itself an entry is an exit, never a flip into a short. Method: sell 150 of LONG
    /// against 100, as an entry.
    @Test func nothingFlipsInHedgeMode() throws {
        var bench = EngineBench.hedged()
        try enter(&bench, .long, 100)
        bench.signal(.sell, 150) { $0.positionSide = .long }
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(100))
        #expect(exit.reduceOnly)
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.lots(.long) == 0)
    }

    /// Goal: BOTH in hedge mode and LONG in one-way mode are refused. Method: one of each.
    @Test func wrongPositionSidesAreInvalid() {
        var hedged = EngineBench.hedged()
        hedged.signal(.buy, 100)
        #expect(hedged.acknowledgements.first?.vetoes.contains(.invalidOrder) == true)
        var oneWay = EngineBench.trading()
        oneWay.signal(.buy, 100) { $0.positionSide = .long }
        #expect(oneWay.acknowledgements.first?.vetoes.contains(.invalidOrder) == true)
    }

    /// Goal: gross is long plus short: two sides never net in a limit. Method: a cap of 15 % of 100,000, 100 of each
    /// side at 100 dollars a lot of 0.001 are 10; scaled up to 10 % each.
    @Test func grossCountsBothSides() throws {
        var bench = EngineBench.hedged { $0.risk.maximumGrossExposure = Rate(raw: 15_000_000) }
        try enter(&bench, .long, 100_000)
        bench.signal(.sell, 100_000) { $0.positionSide = .short }
        #expect(bench.acknowledgements.first?.vetoes.contains(.portfolioCap) == true)
        bench.signal(.sell, 40_000) { $0.positionSide = .short }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: each side's levels watch their own position. Method: stops on both sides, a price that reaches the long's
    /// only; its exit names LONG and the short stays.
    @Test func levelsFireForTheirSideOnly() throws {
        var bench = EngineBench.hedged()
        try bench.open(.buy, 100) {
            $0.positionSide = .long
            $0.stopLoss = EngineBench.price(990)
        }
        try bench.open(.sell, 60) {
            $0.positionSide = .short
            $0.stopLoss = EngineBench.price(1010)
        }
        bench.quote(bid: 989, ask: 990)
        let exit = try #require(bench.submissions.first)
        #expect(bench.submissions.count == 1)
        #expect(exit.positionSide == .long)
        #expect(exit.side == .sell)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 989, .taker)
        #expect(bench.lots(.long) == 0)
        #expect(bench.lots(.short) == -60)
        #expect(bench.engine.exitCoverage.registered == 1)
    }

    /// Goal: flatten closes both sides, each with its own reduce-only order. Method: both sides, flatten, fill.
    @Test func flattenClosesBothSides() throws {
        var bench = EngineBench.hedged()
        try enter(&bench, .long, 100)
        try enter(&bench, .short, 60)
        bench.operate(.flatten)
        let exits = bench.submissions
        #expect(exits.map(\.positionSide) == [.long, .short])
        #expect(exits.map(\.side) == [.sell, .buy])
        #expect(exits.map(\.reduceOnly) == [true, true])
        for exit in exits { bench.fill(exit, exit.quantity.raw / 100_000, at: 1000, .taker) }
        #expect(bench.engine.openPositionCount == 0)
    }
}
