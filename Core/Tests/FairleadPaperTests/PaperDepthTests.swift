import FairleadMarketData
import FairleadModel
import FairleadPaper
import Testing

/// What orders take out of a recorded book.
struct PaperDepthTests {
    /// Goal: each type and time in force takes level by level, each at its own price, within its limit. Method: one
    /// order a row on a fresh book, and all that it is answered.
    @Test(arguments: [
        (
            "market", market(1, .buy, 9),
            [
                "accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002", "filled 1 3 @ 100.2 taker fee 0.1503",
                "filled 1 2 @ 100.3 taker fee 0.1003",
            ]
        ),
        (
            "market sell", market(1, .sell, 6),
            ["accepted 1", "filled 1 5 @ 100 taker fee 0.25", "filled 1 1 @ 99.9 taker fee 0.04995"]
        ),
        (
            "limit takes to its price, the rest waits", limit(1, .buy, 100.2, 9),
            ["accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002", "filled 1 3 @ 100.2 taker fee 0.1503"]
        ),
        (
            "ioc", limit(1, .buy, 100.2, 9, timeInForce: .ioc),
            [
                "accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002", "filled 1 3 @ 100.2 taker fee 0.1503",
                "expired 1 immediate_or_cancel 7",
            ]
        ),
        (
            "market ioc past the book", market(1, .sell, 20, timeInForce: .ioc),
            [
                "accepted 1", "filled 1 5 @ 100 taker fee 0.25", "filled 1 6 @ 99.9 taker fee 0.2997",
                "filled 1 7 @ 99.8 taker fee 0.3493", "expired 1 immediate_or_cancel 18",
            ]
        ),
        (
            "fok that fits", limit(1, .buy, 100.2, 7, timeInForce: .fok),
            ["accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002", "filled 1 3 @ 100.2 taker fee 0.1503"]
        ),
        (
            "fok a lot too large", limit(1, .buy, 100.2, 7.001, timeInForce: .fok),
            ["accepted 1", "expired 1 immediate_or_cancel 0"]
        ),
        (
            "market fok of the whole side", market(1, .buy, 15.001, timeInForce: .fok),
            ["accepted 1", "expired 1 immediate_or_cancel 0"]
        ),
        ("post-only at the ask", limit(1, .buy, 100.1, 1, type: .postOnly), ["rejected 1 would_take"]),
        ("post-only inside", limit(1, .buy, 100, 1, type: .postOnly), ["accepted 1"]),
    ])
    func takesLevelByLevel(_ name: String, _ order: PaperOrder, _ expected: [String]) {
        var venue = bookVenue()
        let lines = venue.lines(order)
        #expect(lines == expected, "\(name)")
    }

    /// Goal: a reduce-only order walks no further than its position, and the venue ends its rest. Method: long 6,
    /// reduce-only sell of 9 over two levels.
    @Test func reduceOnlyWalksItsPosition() {
        var venue = bookVenue()
        _ = venue.lines(market(1, .buy, 6))
        #expect(
            venue.lines(market(2, .sell, 9, reduceOnly: true)) == [
                "accepted 2", "filled 2 5 @ 100 taker fee 0.25", "filled 2 1 @ 99.9 taker fee 0.04995",
                "cancelled 2 venue 6",
            ]
        )
    }

    /// Goal: what we took of a level is gone until the market shows more there; what leaves a level was ours first; a
    /// level that left and came back is new. Method: takes of 5 and 3, then growth, shrinking, removal and return.
    @Test func takenLevelsStayTaken() {
        func take(_ parent: UInt32, _ size: Double, _ venue: inout PaperVenue) -> [String] {
            venue.lines(market(parent, .buy, size, timeInForce: .ioc)).filter { $0.hasPrefix("filled") }.map {
                $0.split(separator: " ").dropFirst(2).prefix(3).joined(separator: " ")
            }
        }
        var venue = bookVenue()
        #expect(take(1, 5, &venue) == ["4 @ 100.1", "1 @ 100.2"])
        #expect(take(2, 3, &venue) == ["2 @ 100.2", "1 @ 100.3"])
        venue.show(12, asks: [(100.1, 6)])
        #expect(take(3, 2.5, &venue) == ["2 @ 100.1", "0.5 @ 100.3"])
        venue.show(13, asks: [(100.1, 5), (100.2, 1)])
        #expect(take(4, 1, &venue) == ["1 @ 100.3"], "5 of 6 and 1 of 3 are left of what we took")
        venue.show(14, asks: [(100.1, 0)])
        venue.show(15, asks: [(100.1, 4)])
        #expect(take(5, 5, &venue) == ["4 @ 100.1", "1 @ 100.3"])
        venue.checkInvariants()
    }

    /// Goal: the rest of a market order takes what a later update shows. Method: 20 against 15; the ask grows by 2.
    @Test func theRestTakesLater() {
        var venue = bookVenue()
        #expect(venue.lines(market(1, .buy, 20)).count == 4)
        venue.show(12, asks: [(100.2, 5)])
        #expect(venue.drain().map(line) == ["filled 1 2 @ 100.2 taker fee 0.1002"])
    }

    /// Goal: a quote that is further than the book is the market before the levels behind it; an older one, and one
    /// without a number, say nothing. Method: quotes numbered 11, none and 20; then the book reaches 20.
    @Test func quotesAheadOfTheBookCount() {
        var venue = bookVenue()
        venue.quoted(quote(90, 1, 90.1, 1), updateID: 11, at: venue.time)
        venue.quoted(quote(90, 1, 90.1, 1), at: venue.time)
        #expect(venue.lines(limit(1, .buy, 100, 1, type: .postOnly)) == ["accepted 1"])
        venue.quoted(quote(100.1, 2, 100.2, 1), updateID: 20, at: venue.time)
        #expect(venue.lines(limit(2, .buy, 100.1, 1, type: .postOnly)) == ["accepted 2"])
        #expect(venue.ahead(2) == quantity(2))
        #expect(
            venue.lines(market(3, .buy, 3)) == [
                "accepted 3", "filled 3 1 @ 100.2 taker fee 0.0501", "filled 3 2 @ 100.3 taker fee 0.1003",
            ]
        )
        venue.show(20, previous: 11, bids: [(100.1, 2)], asks: [(100.1, 0), (100.2, 1)])
        #expect(
            venue.lines(market(4, .buy, 1)) == ["accepted 4", "filled 4 1 @ 100.3 taker fee 0.05015"],
            "what was taken of the quote is taken of the level"
        )
        venue.checkInvariants()
    }

    /// Goal: without a book in sync the quoted touch is the market: before the first snapshot, and after a gap; the
    /// counts say so, and no level of before comes back. Method: an update of the future, a gap, a snapshot that knows
    /// other levels.
    @Test func gapsFallBackToTheTouch() throws {
        var configuration = paperConfiguration()
        configuration.queueModel = .riskAverse
        var early = openVenue(configuration)
        early.show(9, asks: [(100.1, 40)])
        #expect(early.lines(market(1, .buy, 6, timeInForce: .ioc)).last == "expired 1 immediate_or_cancel 4")

        var venue = bookVenue()
        venue.quoted(quote(100, 5, 100.1, 4), updateID: 11, at: venue.time)
        #expect(venue.lines(market(1, .buy, 1)).count == 2)
        venue.show(14, asks: [(100.1, 40)])
        let gap = venue.depthCounts(bitcoin)
        #expect(gap?.gaps == 1)
        #expect(
            venue.lines(market(2, .buy, 9, timeInForce: .ioc)) == [
                "accepted 2", "filled 2 3 @ 100.1 taker fee 0.15015", "expired 2 immediate_or_cancel 3",
            ],
            "one of four is taken already, and nothing behind the touch is known"
        )
        venue.quoted(quote(100, 5, 100.4, 2), updateID: 15, at: venue.time)
        venue.show(30, bids: [(100, 5)], asks: [(100.5, 1)], isSnapshot: true)
        #expect(venue.lines(market(3, .buy, 9, timeInForce: .ioc)).count == 3, "a snapshot alone is not in sync yet")
        venue.show(31, previous: 30)
        #expect(
            venue.lines(market(4, .buy, 9, timeInForce: .ioc)) == [
                "accepted 4", "filled 4 1 @ 100.5 taker fee 0.05025", "expired 4 immediate_or_cancel 1",
            ]
        )
        let counts = venue.depthCounts(bitcoin)
        let after = try #require(counts)
        #expect(after.gaps == 1)
        #expect(after.quotesInstead == 1)
        #expect(after.applied == 4)
        let none = venue.depthCounts(ether)
        #expect(none == nil)
        venue.checkInvariants()
    }

    /// Goal: depth that can't be of this venue is counted and ignored. Method: an unknown instrument, a price of zero,
    /// a quantity out of bounds, levels that are missing.
    @Test func badDepthIsRefused() {
        var venue = bookVenue()
        venue.show(12, bids: [(0, 1)])
        venue.show(12, bids: [(100, 20_000_000_000)])
        let update = DepthUpdate(
            instrument: InstrumentHandle(9),
            firstID: 1,
            lastID: 1,
            venueTime: .never,
            bidCount: 0,
            askCount: 0
        )
        venue.shown(update, [], at: venue.time)
        var short = update
        short.instrument = bitcoin
        short.bidCount = 1
        venue.shown(short, [], at: venue.time)
        #expect(venue.refusedMarketEvents == 4)
        #expect(venue.lines(market(1, .buy, 1)).count == 2)
    }

    /// Goal: a halted instrument's book goes on, and nothing fills. Method: halt; the ask falls to a waiting order;
    /// resume.
    @Test func haltedBooksFillNothing() {
        var venue = bookVenue()
        _ = venue.lines(market(1, .buy, 20))
        venue.setHalted(true, bitcoin, at: venue.time)
        venue.show(12, asks: [(100.2, 9)])
        #expect(venue.drain().isEmpty)
        venue.setHalted(false, bitcoin, at: venue.time)
        #expect(venue.drain().map(line) == ["filled 1 5 @ 100.2 taker fee 0.2505"])
    }
}
