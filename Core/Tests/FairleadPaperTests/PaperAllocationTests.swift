import CMallocCount
import FairleadModel
import FairleadPaper
import Testing

struct PaperAllocationTests {
    /// Goal: once warm, quotes and trades past resting orders allocate nothing in the venue. Method: two orders rest
    /// out of reach, and this thread's allocations are counted over 20,000 quotes and as many trades.
    @Test func marketDataAllocatesNothing() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99.5, 2))
        _ = venue.place(limit(2, .sell, 101, 2))
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
}
