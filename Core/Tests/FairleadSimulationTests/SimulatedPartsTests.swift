import FairleadMarketData
import FairleadModel
import Testing

@testable import FairleadSimulation

@Suite struct SimulatedPartsTests {
    static let start = Timestamp(milliseconds: 1_723_118_400_000)

    /// Goal: the router's clock steps and drifts, and tells when it will show a time. Method: a step back, then a drift
    /// of one part in a thousand, and the way back from reading to truth.
    @Test func clockStepsAndDrifts() {
        let clock = SimulatedClock(Self.start)
        clock.follow(Self.start + .seconds(10))
        #expect(clock.now == Self.start + .seconds(10))
        clock.step(by: .seconds(-3))
        #expect(clock.offset == .seconds(-3))
        #expect(clock.elapsed == .seconds(10))
        clock.setDrift(partsPerBillion: 1_000_000)
        clock.follow(Self.start + .seconds(1_010))
        #expect(clock.offset == .milliseconds(-2_000))
        let wanted = clock.now + .seconds(5)
        let truth = clock.truth(of: wanted)
        clock.follow(truth)
        #expect(clock.now >= wanted)
        #expect(clock.now - wanted < .milliseconds(1))
        #expect(clock.truth(of: .distantFuture) == .distantFuture)
    }

    /// Goal: the books' changes are a book's: each leaves the quote as the touch, a lost one is a gap, and the next
    /// snapshot mends it. Method: 600 drawn quotes a quarter of a second apart into a book; one change in twenty is
    /// lost.
    @Test func booksFollowTheQuotes() throws {
        let bitcoin = InstrumentHandle(0)
        let terms = InstrumentTerms(
            tick: Price(raw: 10_000_000),
            lot: Quantity(raw: 100_000),
            minimumQuantity: .zero,
            maximumQuantity: .bound,
            multiplier: 1,
            venue: .paper
        )
        var books = SimulatedBooks([terms], seed: 4)
        var random = DeterministicRandom(seed: 8)
        var book = OrderBook(bitcoin, levelLimit: 64)
        var gaps = 0
        var inSync = 0
        for number in 0..<600 {
            let now = Self.start + .milliseconds(Int64(number) * 250)
            let bid = Price(raw: 6_000_000_000_000 + 10_000_000 * random.next(in: -20...20))
            let quote = Quote(
                instrument: bitcoin,
                bid: bid,
                bidQuantity: Quantity(raw: 100_000 * random.next(in: 1...9)),
                ask: Price(raw: bid.raw + 10_000_000 * random.next(in: 1...3)),
                askQuantity: Quantity(raw: 100_000 * random.next(in: 1...9)),
                venueTime: now
            )
            let shown = books.next(quote, at: now)
            let next = try #require(shown)
            if number % 20 == 13, !next.update.isSnapshot { continue }
            if case .gap = book.apply(next.update, next.levels) { gaps += 1 }
            guard book.isSynchronized else { continue }
            inSync += 1
            #expect(book.bestBid == DepthLevel(price: quote.bid, quantity: quote.bidQuantity))
            #expect(book.bestAsk == DepthLevel(price: quote.ask, quantity: quote.askQuantity))
        }
        #expect(gaps > 4)
        #expect(inSync > 20)
        var crossed = Quote(
            instrument: bitcoin,
            bid: Price(raw: 20_000_000),
            bidQuantity: Quantity(raw: 100_000),
            ask: Price(raw: 10_000_000),
            askQuantity: Quantity(raw: 100_000),
            venueTime: Self.start
        )
        let ofCrossed = books.next(crossed, at: Self.start)
        #expect(ofCrossed == nil)
        swap(&crossed.bid, &crossed.ask)
        crossed.askQuantity = .zero
        let ofEmpty = books.next(crossed, at: Self.start)
        #expect(ofEmpty == nil)
    }

    /// Goal: tasks come by time, ties by the seed and not by who was first. Method: two seeds, the same tasks at one
    /// time.
    @Test func queueBreaksTiesBySeed() {
        var orders: Set<[Int]> = []
        for seed in 1...20 as ClosedRange<UInt64> {
            var queue = SimulationQueue(seed: seed)
            queue.push(.signal(9), at: Self.start + .seconds(1))
            for number in 0..<4 { queue.push(.signal(number), at: Self.start) }
            var order: [Int] = []
            #expect(queue.nextTime == Self.start)
            while case .signal(let number) = queue.pop(through: Self.start) { order.append(number) }
            #expect(order.sorted() == [0, 1, 2, 3])
            orders.insert(order)
            #expect(queue.nextTime == Self.start + .seconds(1))
        }
        #expect(orders.count > 3)
    }

    /// Goal: bytes arrive whole and in order however the wire cuts them, and stop at the cut. Method: pieces of at most
    /// three bytes with a latency; then a cut after five bytes.
    @Test func wireKeepsOrder() {
        var wire = SimulatedWire(seed: 4)
        wire.manner = SimulatedWire.Manner(shortest: .zero, longest: .milliseconds(5), largestPiece: 3)
        let bytes = ContiguousArray<UInt8>(0..<100)
        wire.sendInward(bytes, at: Self.start)
        var got: ContiguousArray<UInt8> = []
        while let piece = wire.inward.take(at: Self.start + .milliseconds(5)) {
            #expect(piece.count <= 3)
            got += piece
        }
        #expect(got == bytes)
        wire.bytesUntilCut = 5
        #expect(wire.pass(3) == (3, false))
        #expect(wire.pass(3) == (2, true))
        #expect(wire.pass(3) == (3, false))
        wire.swallowsOutward = true
        wire.sendOutward(bytes, at: Self.start)
        #expect(wire.outward.nextTime == .distantFuture)
    }
}
