import FairleadModel
import Testing

@testable import FairleadEngine

/// A ledger and its log of trades, fed by hand: whole units at whole prices.
private struct TradeBook: ~Copyable {
    static let strategy = StrategyHandle(index: 2)
    static let key = PositionKey(InstrumentHandle(0), .both)

    var ledger = PositionLedger(instruments: [
        Instrument(
            symbol: "BTCUSDT",
            terms: InstrumentTerms(
                tick: price(1),
                lot: quantity(1),
                minimumQuantity: quantity(1),
                maximumQuantity: quantity(1000),
                multiplier: 1
            ),
            origin: "test"
        )
    ])
    var log = TradeLog(instruments: 1)
    var now = Timestamp(milliseconds: 1_723_075_200_000)
    private var count: UInt64 = 0

    init() {}

    @discardableResult
    mutating func fill(
        _ side: Side,
        _ units: Int64,
        at price: Int64,
        fee: Int64 = 0,
        opener: StrategyHandle? = TradeBook.strategy,
        exit: TradeExit = .signal
    ) -> ClosedTrade? {
        count += 1
        let execution = Execution(
            id: .none,
            executionID: ExecutionID(value: count),
            instrument: Self.key.instrument,
            side: side,
            positionSide: .both,
            price: Price(raw: price * FixedPoint.one),
            quantity: Quantity(raw: units * FixedPoint.one),
            fee: fee * FixedPoint.one,
            liquidity: .taker,
            venueTime: now
        )
        let before = ledger[Self.key].quantity
        let realized = ledger.book(execution, strategy: opener, at: now)
        let closed = log.take(
            execution,
            before: before,
            realized: realized,
            multiplier: 1,
            by: FillAuthor(opener: opener, exit: exit, number: SignalNumber(value: count)),
            at: now
        )
        log.checkInvariants()
        let (isOpen, isFlat) = (log.isOpen(Self.key), ledger[Self.key].isFlat)
        #expect(isOpen != isFlat)
        return closed
    }
}

@Suite struct TradeLogTests {
    /// Goal: a trade runs from flat to flat, whatever was added and taken off between; it is the opener's. Method: two
    /// entries and two reductions with fees; every field of the trade.
    @Test func aTradeRunsFromFlatToFlat() throws {
        var book = TradeBook()
        let opened = book.now
        #expect(book.fill(.buy, 2, at: 100, fee: 1) == nil)
        book.now = book.now + .seconds(5)
        #expect(book.fill(.sell, 1, at: 130, fee: 1) == nil)
        #expect(book.fill(.buy, 3, at: 120, fee: 2, opener: StrategyHandle(index: 7)) == nil)
        book.now = book.now + .seconds(5)
        let found = book.fill(.sell, 4, at: 110, fee: 1, exit: .stopLoss)
        let trade = try #require(found)
        #expect(trade.openedAt == opened)
        #expect(trade.closedAt == opened + .seconds(10))
        #expect(trade.quantity == quantity(5))
        #expect(trade.entryNotional == raw8(560))
        // 30 of the first, then 440 for what had cost 100 and 360.
        #expect(trade.fees == raw8(5))
        #expect(trade.profit == raw8(30 - 20 - 5))
        #expect(trade.profitRate == Rate(raw: 892_857))
        #expect(trade.strategy == TradeBook.strategy)
        #expect(trade.side == .buy)
        #expect(trade.exit == .stopLoss)
        #expect(trade.number == SignalNumber(value: 4))
        #expect(book.log.count == 1)
        #expect(book.log[0] == trade)
        #expect(book.log.tally(of: TradeBook.strategy).trades == 1)
        #expect(book.log.tally(of: StrategyHandle(index: 7)).trades == 0)
    }

    /// Goal: a short trade earns when the price falls. Method: sold high and bought low.
    @Test func aShortTrade() throws {
        var book = TradeBook()
        book.fill(.sell, 2, at: 100, fee: 1)
        let found = book.fill(.buy, 2, at: 90, fee: 1)
        let trade = try #require(found)
        #expect(trade.side == .sell)
        #expect(trade.profit == raw8(18))
        #expect(trade.profitRate == rate(0.09))
    }

    /// Goal: a fill that turns a position closes one trade and begins the next, its fee parted by quantity. Method: 1
    /// of 3 closes, 2 open the other side.
    @Test func aTurnClosesAndBegins() throws {
        var book = TradeBook()
        book.fill(.buy, 1, at: 100)
        let turn = book.fill(.sell, 3, at: 110, fee: 3)
        let first = try #require(turn)
        #expect(first.profit == raw8(9))
        #expect(first.fees == raw8(1))
        let end = book.fill(.buy, 2, at: 100, fee: 1)
        let second = try #require(end)
        #expect(second.side == .sell)
        #expect(second.entryNotional == raw8(220))
        #expect(second.profit == raw8(20 - 3))
        #expect(second.fees == raw8(3))
    }

    /// Goal: funding is the trade's, and so is what the venue's order of fills has realised. Method: both while it is
    /// open; neither reaches the next trade.
    @Test func fundingAndCorrectionsAreTheTrades() throws {
        var book = TradeBook()
        book.fill(.buy, 1, at: 100)
        book.log.funded(TradeBook.key, paid: money(2))
        book.log.recosted(TradeBook.key, by: money(-1))
        let found = book.fill(.sell, 1, at: 110)
        let trade = try #require(found)
        #expect(trade.funding == raw8(2))
        #expect(trade.profit == raw8(10 - 2 - 1))
        book.fill(.buy, 1, at: 100)
        let next = book.fill(.sell, 1, at: 110)
        #expect(next?.profit == raw8(10))
        #expect(next?.funding == 0)
    }

    /// Goal: what somebody else entered, or the venue's word began or changed, is nobody's trade; whoever closes one of
    /// ours closes it. Method: each, and the count.
    @Test func whatNobodyKnowsIsNotCounted() {
        var book = TradeBook()
        book.fill(.buy, 1, at: 100, opener: nil)
        #expect(book.fill(.sell, 1, at: 110) == nil)
        #expect(book.log.unmeasured == 1)
        book.fill(.buy, 1, at: 100)
        book.fill(.buy, 1, at: 100, opener: nil)
        #expect(book.fill(.sell, 2, at: 110) == nil)
        #expect(book.log.unmeasured == 2)
        book.fill(.buy, 2, at: 100)
        book.ledger.adopt(
            TradeBook.key,
            SignedQuantity(quantity(1), side: .buy),
            averagePrice: price(100),
            at: book.now
        )
        book.log.replaced(TradeBook.key, isFlat: false)
        #expect(book.fill(.sell, 1, at: 110) == nil)
        #expect(book.log.unmeasured == 3)
        book.fill(.buy, 1, at: 100)
        book.ledger.adopt(TradeBook.key, .zero, averagePrice: .zero, at: book.now)
        book.log.replaced(TradeBook.key, isFlat: true)
        #expect(book.log.unmeasured == 4)
        #expect(book.log.count == 0)
        book.fill(.buy, 1, at: 100)
        #expect(book.fill(.sell, 1, at: 80, opener: nil, exit: .liquidation)?.exit == .liquidation)
        #expect(book.log.tally(of: TradeBook.strategy).losses == 1)
    }

    /// Goal: a tally counts wins, losses and break-evens, and holds returns that are absurd. Method: one of each.
    @Test func aTallyCounts() {
        let counted = tally([0.1, 0.2, -0.05, 0, 5_000_000])
        #expect(counted.trades == 5)
        #expect(counted.wins == 3)
        #expect(counted.losses == 1)
        #expect(counted.lost == raw8(0.05))
        #expect(counted.gained == raw8(0.3) + TradeTally.returnLimit)
    }

    /// Goal: trades are forgotten when they are older than the lookback, and not before. Method: three of them, at the
    /// age and a nanosecond past it.
    @Test func oldTradesAreForgotten() {
        var log = TradeLog(instruments: 1)
        let start = Timestamp(milliseconds: 1_723_075_200_000)
        for second in 0..<3 { log.append(closedTrade(0.1, closedAt: start + .seconds(Int64(second)))) }
        log.forget(before: start + .seconds(1))
        #expect(log.count == 2)
        #expect(log.tally(of: .unnamed).trades == 2)
        log.forget(before: start + .seconds(1) + TimeSpan(nanoseconds: 1))
        #expect(log.count == 1)
        #expect(log[0].closedAt == start + .seconds(2))
        #expect(log.dropped == 0)
        log.checkInvariants()
    }

    /// Goal: a full log loses its oldest, counted, and the tallies follow. Method: three more than it holds.
    @Test func aFullLogDropsTheOldest() {
        var log = TradeLog(instruments: 1)
        for number in 0..<(TradeLog.capacity + 3) { log.append(closedTrade(0.1, strategy: number < 3 ? 1 : 2)) }
        #expect(log.count == TradeLog.capacity)
        #expect(log.dropped == 3)
        #expect(log.tally(of: StrategyHandle(index: 1)) == TradeTally())
        #expect(log.tally(of: StrategyHandle(index: 2)).trades == TradeLog.capacity)
        log.checkInvariants()
    }

    /// Goal: a snapshot holds the trades, those that are open too, wherever the ring stands. Method: a ring that has
    /// wrapped and a position, written and read; both go on alike.
    @Test func aSnapshotHoldsAll() {
        var book = TradeBook()
        for number in 0..<(TradeLog.capacity + 5) { book.log.append(closedTrade(number % 2 == 0 ? 0.1 : -0.2)) }
        book.fill(.buy, 3, at: 100, fee: 2)
        var writer = WordVisitor()
        book.log.visitState(&writer)
        var read = TradeLog(instruments: 1)
        var reader = WordVisitor(reading: writer.words)
        read.visitState(&reader)
        #expect(reader.isAtEnd)
        read.checkInvariants()
        var again = WordVisitor()
        read.visitState(&again)
        #expect(again.words == writer.words)
        #expect(read.tally(of: .unnamed) == book.log.tally(of: .unnamed))
        let isOpen = read.isOpen(TradeBook.key)
        #expect(isOpen)
        #expect(read.dropped == 5)
    }

    /// Goal: what trades made is what the ledger made, to the rounding of each. Method: drawn fills, turns among them,
    /// brought to flat at the end.
    @Test(arguments: [1, 2] as [UInt64])
    func tradesSumToTheLedger(seed: UInt64) {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var book = TradeBook()
        var sum: Int64 = 0
        var trades: Int64 = 0
        func add(_ trade: ClosedTrade?) {
            guard let trade else { return }
            sum += trade.profit
            trades += 1
        }
        for _ in 0..<400 {
            let closed = book.fill(
                Bool.random(using: &generator) ? .buy : .sell,
                Int64.random(in: 1...7, using: &generator),
                at: Int64.random(in: 50...150, using: &generator),
                fee: Int64.random(in: -1...2, using: &generator)
            )
            add(closed)
        }
        let left = book.ledger[TradeBook.key].quantity
        if let side = left.side { add(book.fill(side.opposite, left.magnitude.raw / FixedPoint.one, at: 100)) }
        let made = (book.ledger.realized - book.ledger.fees).raw8
        #expect(trades > 5)
        #expect(sum <= made && made - sum <= trades)
        #expect(book.log.unmeasured == 0)
    }
}
