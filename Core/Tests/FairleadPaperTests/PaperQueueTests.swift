import FairleadMarketData
import FairleadModel
import FairleadPaper
import Testing

/// Where a resting order stands, and what fills it, where trades alone do.
struct PaperQueueTests {
    /// Goal: an order behind the touch stands behind its own level of the book. Method: 6 displayed at 99.9, trades of
    /// 6 and 1 there.
    @Test func everyLevelHasItsQueue() {
        var venue = bookVenue()
        _ = venue.lines(limit(1, .buy, 99.9, 2))
        #expect(venue.ahead(1) == quantity(6))
        #expect(venue.trade(99.9, 6, .sell).isEmpty)
        #expect(venue.trade(99.9, 1, .buy).isEmpty, "a buyer's trade passes no bid")
        #expect(venue.trade(99.9, 1, .sell) == ["filled 1 1 @ 99.9 maker fee 0.01998"])
        #expect(venue.trade(99.9, 5, .sell) == ["filled 1 1 @ 99.9 maker fee 0.01998"])
    }

    /// Goal: the displayed size bounds the queue and its growth does not lengthen it. Method: 6, then 2, then 9.
    @Test func theDisplayBoundsTheQueue() {
        var venue = bookVenue()
        _ = venue.lines(limit(1, .sell, 100.2, 2))
        venue.show(12, asks: [(100.2, 2)])
        venue.show(13, asks: [(100.2, 9)])
        #expect(venue.ahead(1) == quantity(2))
        #expect(venue.trade(100.2, 3, .buy) == ["filled 1 1 @ 100.2 maker fee 0.02004"])
    }

    /// Goal: an order that the book crosses without a trade stays, and fills once trades cover it. Method: the ask
    /// falls through our bid; then trades of 1 at our price and below it. By quotes alone too.
    @Test func crossedOrdersWaitForATrade() {
        var venue = bookVenue()
        _ = venue.lines(limit(1, .buy, 100, 2))
        venue.show(12, bids: [(100, 0), (99.9, 0)], asks: [(99.9, 50)])
        #expect(venue.drain().isEmpty)
        #expect(venue.ahead(1) == .zero)
        #expect(venue.trade(100, 1, .sell) == ["filled 1 1 @ 100 maker fee 0.02"])
        #expect(venue.trade(99.9, 5, .sell) == ["filled 1 1 @ 100 maker fee 0.02"])

        var configuration = paperConfiguration()
        configuration.queueModel = .riskAverse
        var quoted = openVenue(configuration)
        _ = quoted.lines(limit(1, .buy, 100, 2))
        quoted.quoted(quote(99.7, 5, 99.8, 5), at: quoted.time)
        #expect(quoted.drain().isEmpty)
        #expect(quoted.trade(99.8, 1, .buy) == ["filled 1 1 @ 100 maker fee 0.02"])
    }

    /// Goal: where trades don't decide, the opposite best level fills what it reaches, no more than it displays, and
    /// what it gave is taken. Method: the ask falls to our bid with 1, in a book and again.
    @Test func theTouchFillsWhereTradesDoNotDecide() {
        var venue = bookVenue(.touch)
        _ = venue.lines(limit(1, .buy, 100, 4))
        venue.show(12, bids: [(100, 0)], asks: [(100, 1)])
        #expect(venue.drain().map(line) == ["filled 1 1 @ 100 maker fee 0.02"])
        venue.show(13, asks: [(100.1, 9)])
        #expect(venue.drain().isEmpty)
        venue.show(14, asks: [(100, 3)])
        #expect(venue.drain().map(line) == ["filled 1 2 @ 100 maker fee 0.04"])
        venue.checkInvariants()
    }

    /// Goal: a price beyond the book's depth has an unknown queue, until it is shown. Method: an order at 99.5, a trade
    /// there, the level, trades.
    @Test func beyondTheBookIsUnknown() {
        var venue = bookVenue()
        _ = venue.lines(limit(1, .buy, 99.5, 2))
        #expect(venue.trade(99.5, 9, .sell).isEmpty)
        venue.show(12, bids: [(99.5, 3)])
        #expect(venue.ahead(1) == quantity(3))
        #expect(venue.trade(99.5, 4, .sell) == ["filled 1 1 @ 99.5 maker fee 0.0199"])
    }

    /// Goal: a gap keeps an order's place, and the book that comes back bounds it, never more. Method: ahead 6 at 99.9;
    /// a gap; snapshots with 9, and with 2.
    @Test func gapsKeepThePlace() {
        var venue = bookVenue()
        _ = venue.lines(limit(1, .buy, 99.9, 2))
        venue.show(20)
        #expect(venue.ahead(1) == quantity(6))
        venue.show(30, bids: [(99.9, 9)], asks: [(100.1, 1)], isSnapshot: true)
        venue.show(31, previous: 30)
        #expect(venue.ahead(1) == quantity(6))
        venue.show(40)
        venue.show(50, bids: [(99.9, 2)], asks: [(100.1, 1)], isSnapshot: true)
        venue.show(51, previous: 50)
        #expect(venue.ahead(1) == quantity(2))
    }

    /// Goal: a trade and the change that it made count once, whichever comes first. Method: 5 before us, 3 of them
    /// trade: the trade told first, then the change first.
    @Test func aTradeAndItsChangeCountOnce() {
        var first = bookVenue()
        _ = first.lines(limit(1, .buy, 100, 2))
        #expect(first.trade(100, 3, .sell, stamp: at(5_000)).isEmpty)
        first.show(12, bids: [(100, 2)], stamp: at(5_000))
        #expect(first.ahead(1) == quantity(2))

        var second = bookVenue()
        _ = second.lines(limit(1, .buy, 100, 2))
        second.show(12, bids: [(100, 2)], stamp: at(5_000))
        #expect(second.ahead(1) == quantity(2))
        #expect(second.trade(100, 1, .sell, stamp: at(4_999)).isEmpty)
        #expect(second.trade(100, 2, .sell, stamp: at(5_000)).isEmpty)
        #expect(second.ahead(1) == quantity(2), "the change told of these three already")
        #expect(second.trade(100, 3, .sell, stamp: at(5_000)) == ["filled 1 1 @ 100 maker fee 0.02"])
    }

    /// Goal: what a change told is forgotten once a later trade comes, or a change long after it. Method: a change at
    /// 5,000 ms and a trade at 5,001; changes 200 ms apart and a trade between them.
    @Test func oldChangesExplainNoTrade() {
        var venue = bookVenue()
        _ = venue.lines(limit(1, .buy, 100, 2))
        venue.show(12, bids: [(100, 2)], stamp: at(5_000))
        #expect(venue.trade(100, 3, .sell, stamp: at(5_001)) == ["filled 1 1 @ 100 maker fee 0.02"])

        var other = bookVenue()
        _ = other.lines(limit(1, .buy, 100, 2))
        other.show(12, bids: [(100, 4)], stamp: at(5_000))
        other.show(13, bids: [(100, 3)], stamp: at(5_200))
        #expect(other.trade(100, 2, .sell, stamp: at(5_150)).isEmpty)
        #expect(other.ahead(1) == quantity(2), "one of the two was told by the change at 5,200")
    }

    /// Goal: a trade that is told late, of before the order joined, does nothing for it, through its price or at it.
    /// Method: the book of 5,000 ms, an order, trades of 4,990 and 5,000, and of 5,001.
    @Test func tradesOfBeforeAreNotOurs() {
        var venue = bookVenue()
        venue.show(12, stamp: at(5_000))
        _ = venue.lines(limit(1, .buy, 100, 2))
        #expect(venue.trade(99.9, 9, .sell, stamp: at(4_990)).isEmpty)
        #expect(venue.trade(100, 9, .sell, stamp: at(5_000)).isEmpty)
        #expect(venue.ahead(1) == quantity(5))
        #expect(venue.trade(100, 6, .sell, stamp: at(5_001)) == ["filled 1 1 @ 100 maker fee 0.02"])
        #expect(venue.trade(99.9, 9, .sell, stamp: at(5_002)) == ["filled 1 1 @ 100 maker fee 0.02"])
    }

    /// Goal: without trades the two models differ as they say. Method: 5 before us, 5 come behind us, 4 of 10 leave:
    /// all from behind, or half from before by 25/(25 + 25); then the trade of those 4 is told after all.
    @Test func modelsDifferInWhoLeaves() {
        for (model, ahead) in [(PaperQueueModel.riskAverse, 5.0), (.probabilistic, 3.0)] {
            var venue = bookVenue(model)
            _ = venue.lines(limit(1, .buy, 100, 2))
            venue.show(12, bids: [(100, 10)], stamp: at(5_000))
            venue.show(13, bids: [(100, 6)], stamp: at(5_001))
            #expect(venue.ahead(1) == quantity(ahead), "\(model)")
            #expect(venue.trade(100, 4, .sell, stamp: at(5_001)).isEmpty)
            #expect(venue.ahead(1) == quantity(1), "\(model): what trades, trades before us")
        }
    }

    /// Goal: in the probabilistic model what traded is not divided again, and shares are 10^-8 rounded down. Method: 5
    /// before us, 10 displayed; 3 trade, then the level shows 7, then 6 and 1.
    @Test func tradesAreNotDivided() {
        var venue = bookVenue(.probabilistic)
        _ = venue.lines(limit(1, .buy, 100, 2))
        venue.show(12, bids: [(100, 10)])
        _ = venue.trade(100, 3, .sell, stamp: at(9_000))
        venue.show(13, bids: [(100, 7)])
        #expect(venue.ahead(1) == quantity(2))
        venue.show(14, bids: [(100, 6)])
        // 1 * 4 / (4 + 25), rounded down.
        #expect(venue.ahead(1) == Quantity(raw: 200_000_000 - 13_793_103))
        venue.show(15, bids: [(100, 1)])
        #expect(venue.ahead(1) == quantity(1))
    }

    /// Goal: one trade's volume is given out once, through prices and at them, and what one of ours got passes nobody
    /// behind it. Method: orders at 100.1 (inside a widened spread), and two at 100 behind 5; a trade of 9 at 100.
    @Test func volumeIsGivenOutOnce() {
        var venue = bookVenue()
        venue.show(12, asks: [(100.1, 0)])
        _ = venue.lines(limit(1, .buy, 100, 2))
        _ = venue.lines(limit(2, .buy, 100, 2))
        _ = venue.lines(limit(3, .buy, 100.1, 1))
        #expect(
            venue.trade(100, 9, .sell) == [
                "filled 3 1 @ 100.1 maker fee 0.02002", "filled 1 2 @ 100 maker fee 0.04",
                "filled 2 1 @ 100 maker fee 0.02",
            ]
        )
        _ = venue.lines(limit(4, .buy, 99.9, 1))
        #expect(
            venue.trade(99.8, 1, .sell) == ["filled 2 1 @ 100 maker fee 0.02"],
            "the volume is spent before it reaches 99.9"
        )
    }
}
