import FairleadEngine
import FairleadModel
import Testing

/// Closed trades of a whole engine: what is told of them, and who gets them.
@Suite struct EngineTradeTests {
    private static let strategy = StrategyHandle(index: 3)

    /// An exit by signal, filled at once.
    private static func close(_ bench: inout EngineBench, _ side: Side, _ lots: Int64, at price: Int64) throws {
        bench.signal(side, lots) { $0.intent = .reduce }
        bench.fill(try #require(bench.submissions.first), lots, at: price, .taker)
    }

    /// Goal: a round trip is told once, with what it came to, before its position is told as flat. Method: an entry of
    /// a strategy, two exits; the notices of each fill.
    @Test func aRoundTripIsTold() throws {
        var bench = EngineBench.trading()
        let opened = bench.now
        try bench.open(.buy, 100) { $0.strategy = Self.strategy }
        bench.wait(.seconds(3))
        bench.quote(bid: 1000, ask: 1001)
        try Self.close(&bench, .sell, 40, at: 1100)
        #expect(bench.trades.isEmpty)
        try Self.close(&bench, .sell, 60, at: 900)
        let names = bench.notices.map(\.name)
        #expect(names.firstIndex(of: "execution_fill") ?? 9 < names.firstIndex(of: "trade_closed") ?? 0)
        #expect(names.firstIndex(of: "trade_closed") ?? 9 < names.firstIndex(of: "position_snapshot") ?? 0)
        let trade = try #require(bench.trades.first)
        #expect(bench.trades.count == 1)
        #expect(trade.strategy == Self.strategy)
        #expect(trade.number == SignalNumber(value: 3))
        #expect(trade.exit == .signal)
        #expect(trade.side == .buy)
        #expect(trade.openedAt == opened)
        #expect(trade.closedAt == bench.now)
        #expect(trade.quantity == EngineBench.quantity(100))
        #expect(trade.entryNotional == 10 * FixedPoint.one)
        #expect(trade.fees == 3_000)
        // 0.4 made and 0.6 lost, less three fees.
        #expect(trade.profit == -20_000_000 - 3_000)
        #expect(trade.profitRate == Rate(raw: -2_000_300))
        #expect(bench.engine.closedTradeCount == 1)
        let tally = bench.engine.tradeTally(of: Self.strategy)
        #expect(tally.losses == 1)
    }

    /// Goal: each way out has its name. Method: a stop, a take-profit, a person, the venue.
    @Test func eachWayOutHasItsName() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.quote(bid: 980, ask: 981)
        bench.fill(try #require(bench.submissions.first), 100, at: 980, .taker)
        bench.quote(bid: 1000, ask: 1001)
        try bench.open(.buy, 110) {
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1010), fraction: .one))
        }
        bench.quote(bid: 1012, ask: 1013)
        bench.fill(try #require(bench.submissions.first), 110, at: 1012, .taker)
        bench.quote(bid: 1000, ask: 1001)
        try bench.open(.buy, 120)
        bench.operate(.flatten)
        bench.fill(try #require(bench.submissions.first), 120, at: 1000, .taker)
        bench.operate(.resume)
        try bench.open(.buy, 130)
        bench.feed(
            .orderFilled(
                Execution(
                    id: .none,
                    executionID: ExecutionID(value: 900),
                    instrument: EngineBench.symbol,
                    side: .sell,
                    positionSide: .both,
                    price: EngineBench.price(800),
                    quantity: EngineBench.quantity(130),
                    fee: 0,
                    liquidity: .taker,
                    venueTime: bench.now,
                    origin: .liquidation
                )
            )
        )
        #expect(bench.trades.map(\.exit) == [.stopLoss, .takeProfit, .flatten, .liquidation])
        #expect(bench.trades.last?.number == SignalNumber.none)
        #expect(bench.trades.map { $0.profit > 0 } == [false, true, false, false])
    }

    /// Goal: funding is part of what a trade came to. Method: a payment while it is open.
    @Test func fundingIsPartOfIt() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.feed(.fundingPaid(EngineFundingTests.payment(5_000, number: 50, at: bench.now)))
        try Self.close(&bench, .sell, 100, at: 1000)
        #expect(bench.trades.first?.funding == 5_000)
        #expect(bench.trades.first?.profit == -7_000)
    }

    /// Goal: what the venue's listing brought, and what another client entered, is no trade of a strategy. Method:
    /// both, each brought to flat; the count.
    @Test func whatIsNotOursIsNotCounted() throws {
        var bench = EngineBench()
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.quote(bid: 1000, ask: 1001)
        bench.connect(session: 1, positions: [EngineBench.held(100, at: 1000, bench.now)])
        try Self.close(&bench, .sell, 100, at: 1100)
        #expect(bench.trades.isEmpty)
        #expect(bench.engine.unmeasuredTradeCount == 1)
        bench.external(.buy, 50, at: 1000, number: 77)
        bench.external(.sell, 50, at: 1100, number: 78)
        #expect(bench.trades.isEmpty)
        #expect(bench.engine.unmeasuredTradeCount == 2)
    }

    /// Goal: trades outlive a snapshot, and are forgotten when they are older than `sizing.kelly.lookback_days`.
    /// Method: a trade and a position, put away and read; a day, and a nanosecond past it.
    @Test func tradesAreKeptForTheLookback() throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading {
            $0.sizing.kelly.lookbackDays = 1
            configuration = $0
        }
        try bench.open(.buy, 100)
        try Self.close(&bench, .sell, 100, at: 1100)
        try bench.open(.buy, 110)
        bench.restore(try #require(configuration))
        #expect(bench.engine.closedTradeCount == 1)
        let closedAt = bench.now
        bench.now = closedAt + .hours(24)
        bench.feed(.timer)
        #expect(bench.engine.closedTradeCount == 1)
        // The next look is a second later.
        bench.now = bench.now + .seconds(1)
        bench.feed(.timer)
        #expect(bench.engine.closedTradeCount == 0)
        #expect(bench.engine.tradeTally(of: .unnamed).trades == 0)
    }

    /// Goal: the same fills give the same trades, told or not. Method: a bench without an observer.
    @Test func observationChangesNoTrade() throws {
        var bench = EngineBench.trading()
        bench.out.isObserved = false
        try bench.open(.buy, 100)
        try Self.close(&bench, .sell, 100, at: 1100)
        #expect(bench.trades.isEmpty)
        #expect(bench.engine.tradeTally(of: .unnamed).wins == 1)
    }
}
