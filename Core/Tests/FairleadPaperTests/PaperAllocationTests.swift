import CMallocCount
import FairleadMarketData
import FairleadModel
import FairleadPaper
import Testing

struct PaperAllocationTests {
    /// Goal: once warm, quotes and trades past resting orders, and past those that wait for a price, allocate nothing
    /// in the venue. Method: two orders rest and two wait out of reach, and this thread's allocations are counted over
    /// 20,000 quotes and as many trades.
    @Test func marketDataAllocatesNothing() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99.5, 2))
        _ = venue.place(limit(2, .sell, 101, 2))
        let stop = PaperConditionTests.waiting(3, .stop, .buy, 110, 1, reduceOnly: false)
        let trailing = PaperConditionTests.waiting(
            4,
            .trailing,
            .buy,
            0,
            1,
            by: .last,
            trail: .amount(price(5)),
            reduceOnly: false
        )
        for order in [stop, trailing] { _ = venue.place(order) }
        // Built beforehand: the short forms of the tests are not what is counted.
        let quotes = (0..<10).map { quote(100 + Double($0 % 3) / 10, 5, 100.5 + Double($0 % 2) / 10, 4) }
        let trades = (0..<10).map { trade(100.2, 1, $0 % 2 == 0 ? .buy : .sell) }
        func feed(from start: Int64) {
            var step = start
            while step < start + 20_000 {
                venue.quoted(quotes[Int(step % 10)], at: Timestamp(milliseconds: 2_000 + step))
                venue.traded(trades[Int(step % 10)], at: Timestamp(milliseconds: 2_000 + step))
                step += 1
            }
        }
        feed(from: 0)
        let before = malloc_count_this_thread()
        feed(from: 20_000)
        #expect(malloc_count_this_thread() - before == 0)
        #expect(venue.drain().isEmpty)
    }

    /// Goal: once warm, a recorded book, its quotes and its trades allocate nothing in the venue, with what we took of
    /// it and orders in its queues. Method: two orders rest, one has taken; allocations over 20,000 steps.
    @Test func recordedBooksAllocateNothing() {
        var venue = bookVenue()
        _ = venue.place(limit(1, .buy, 99.8, 2))
        _ = venue.place(limit(2, .sell, 100.3, 2))
        _ = venue.place(market(3, .buy, 1))
        var levels: [ContiguousArray<DepthLevel>] = []
        for step in 0..<10 {
            let bid = DepthLevel(price: price(99.8), quantity: quantity(Double(7 + step % 3)))
            let lower = DepthLevel(price: price(99.5), quantity: quantity(step % 2 == 0 ? 3 : 0))
            let ask = DepthLevel(price: price(100.1), quantity: quantity(Double(4 + step % 2)))
            levels.append([bid, lower, ask])
        }
        let quotes = (0..<10).map { quote(100, 5, 100.1, Double(4 + $0 % 2)) }
        let trades = (0..<10).map { trade(100.1, 1, $0 % 2 == 0 ? .buy : .sell) }
        func feed(from start: UInt64) {
            var step = start
            while step < start + 20_000 {
                let now = Timestamp(milliseconds: Int64(2_000 + step))
                let update = DepthUpdate(
                    instrument: bitcoin,
                    firstID: step + 12,
                    lastID: step + 12,
                    previousID: step + 11,
                    venueTime: now,
                    bidCount: 2,
                    askCount: 1
                )
                venue.quoted(quotes[Int(step % 10)], updateID: step + 12, at: now)
                venue.shown(update, levels[Int(step % 10)], at: now)
                venue.traded(trades[Int(step % 10)], at: now)
                step += 1
            }
        }
        feed(from: 0)
        let before = malloc_count_this_thread()
        feed(from: 20_000)
        #expect(malloc_count_this_thread() - before == 0)
        let counts = venue.depthCounts(bitcoin)
        #expect(counts?.applied == 40_002)
    }
}
