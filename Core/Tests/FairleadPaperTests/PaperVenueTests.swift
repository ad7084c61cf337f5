import FairleadModel
import FairleadPaper
import Testing

struct PaperVenueTests {
    /// Goal: each type and time in force does what its row says against the touch 100.0 x 5 / 100.1 x 4. Method: one
    /// order a row on a fresh venue, and all that it is answered.
    @Test(arguments: [
        ("market 3", market(1, .buy, 3), ["accepted 1", "filled 1 3 @ 100.1 taker fee 0.15015"]),
        ("market sell", market(1, .sell, 2), ["accepted 1", "filled 1 2 @ 100 taker fee 0.1"]),
        ("market past the touch waits", market(1, .buy, 6), ["accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002"]),
        (
            "market ioc", market(1, .buy, 6, timeInForce: .ioc),
            ["accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002", "expired 1 immediate_or_cancel 4"]
        ),
        ("market fok", market(1, .buy, 6, timeInForce: .fok), ["accepted 1", "expired 1 immediate_or_cancel 0"]),
        (
            "market fok that fits", market(1, .buy, 4, timeInForce: .fok),
            ["accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002"]
        ),
        ("limit rests", limit(1, .buy, 100, 1), ["accepted 1"]),
        ("limit inside", limit(1, .sell, 100.1, 1), ["accepted 1"]),
        ("limit takes", limit(1, .buy, 100.2, 1), ["accepted 1", "filled 1 1 @ 100.1 taker fee 0.05005"]),
        (
            "limit ioc", limit(1, .buy, 100.2, 5, timeInForce: .ioc),
            ["accepted 1", "filled 1 4 @ 100.1 taker fee 0.2002", "expired 1 immediate_or_cancel 4"]
        ),
        (
            "limit ioc that does not reach", limit(1, .buy, 100, 5, timeInForce: .ioc),
            ["accepted 1", "expired 1 immediate_or_cancel 0"]
        ),
        ("limit fok", limit(1, .buy, 100.2, 5, timeInForce: .fok), ["accepted 1", "expired 1 immediate_or_cancel 0"]),
        (
            "marketable limit", limit(1, .sell, 99.9, 6, type: .marketableLimit),
            ["accepted 1", "filled 1 5 @ 100 taker fee 0.25", "expired 1 immediate_or_cancel 5"]
        ),
        ("post-only rests", limit(1, .buy, 100, 1, type: .postOnly), ["accepted 1"]),
        ("post-only at the ask", limit(1, .buy, 100.1, 1, type: .postOnly), ["rejected 1 would_take"]),
        ("post-only at the bid", limit(1, .sell, 100, 1, type: .postOnly), ["rejected 1 would_take"]),
    ])
    func takesAndRests(_ name: String, _ order: PaperOrder, _ expected: [String]) {
        var venue = openVenue()
        let lines = venue.place(order).map(line)
        #expect(lines == expected, "\(name)")
    }

    /// Goal: the venue's own refusals, each by its name. Method: one order a row that breaks one rule, on a fresh venue
    /// with BTCUSDT on a 0.1 tick, 0.001 lot, 5 minimum notional and 10 % around the mark.
    @Test(arguments: [
        (limit(1, .buy, 99.95, 1), RejectReason.offTick),
        (limit(1, .buy, 100, 1.0005), .offLot),
        (limit(1, .buy, 100, 0), .quantityOutOfRange),
        (limit(1, .buy, 100, 1001), .quantityOutOfRange),
        (limit(1, .buy, 100, 0.049), .belowMinimumNotional),
        (limit(1, .buy, 89, 1), .priceOutOfRange),
        (limit(1, .sell, 111, 1), .priceOutOfRange),
        (limit(1, .buy, 0, 1), .malformed),
        (limit(1, .buy, 99, 1, type: .postOnly, timeInForce: .ioc), .malformed),
        (limit(1, .buy, 99, 1, timeInForce: .gtd), .malformed),
        (limit(1, .buy, 99, 1, timeInForce: .gtd, expiresAt: at(1_000)), .requestExpired),
        (limit(1, .buy, 99, 1, validUntil: at(1_000)), .requestExpired),
        (limit(1, .buy, 99, 1, reduceOnly: true), .reduceOnlyRejected),
        (limit(1, .buy, 99, 1, positionSide: .long), .positionSideMismatch),
        (limit(0, .buy, 99, 1), .malformed),
        (
            PaperOrder(
                id: identifier(1),
                instrument: InstrumentHandle(2),
                side: .buy,
                type: .market,
                quantity: quantity(1)
            ), .unknownInstrument
        ),
        (
            PaperOrder(id: identifier(1), instrument: ether, side: .buy, type: .market, quantity: quantity(1)),
            .noLiquidity
        ),
    ])
    func refusesByName(_ order: PaperOrder, _ reason: RejectReason) {
        var venue = openVenue()
        let lines = venue.place(order).map(line)
        #expect(lines == ["rejected \(order.id.parent) \(reason.name)"])
        #expect(venue.ledger.executionCount == 0)
        #expect(venue.liveOrderCount == 0)
    }

    /// Goal: what lies just inside a rule passes. Method: the neighbours of the refused values.
    @Test(arguments: [
        limit(1, .buy, 100, 0.05), limit(1, .buy, 90.1, 1), limit(1, .sell, 110, 1), limit(1, .buy, 100, 1000),
        limit(1, .buy, 99, 1, timeInForce: .gtd, expiresAt: at(1_001)), limit(1, .buy, 99, 1, validUntil: at(1_001)),
    ])
    func acceptsJustInside(_ order: PaperOrder) {
        var venue = openVenue()
        #expect(venue.place(order).map(line) == ["accepted 1"])
    }

    /// Goal: a client id is used once, whatever became of its order. Method: the id of a resting, a filled, a cancelled
    /// and a rejected order is sent again.
    @Test func idsAreNeverReused() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99, 1))
        #expect(venue.place(limit(1, .buy, 99, 1)).map(line) == ["rejected 1 duplicate_order_id"])
        _ = venue.place(market(2, .buy, 1))
        #expect(venue.place(market(2, .buy, 1)).map(line) == ["rejected 2 duplicate_order_id"])
        venue.request(.cancel(identifier(1)), client: 0, at: venue.time)
        #expect(venue.drain().map(line) == ["cancelled 1 requested 0"])
        #expect(venue.place(limit(1, .buy, 99, 1)).map(line) == ["rejected 1 duplicate_order_id"])
        _ = venue.place(limit(3, .buy, 99.95, 1))
        #expect(venue.place(limit(3, .buy, 99, 1)).map(line) == ["rejected 3 duplicate_order_id"])
        #expect(venue.ledger.executionCount == 1)
    }

    /// Goal: forgotten orders keep their ids used, and are not called absent. Method: a table of two orders sees four.
    @Test func forgottenIdsStayUsed() {
        var configuration = paperConfiguration()
        configuration.capacities.orders = 2
        var venue = openVenue(configuration)
        for parent: UInt32 in 1...4 { _ = venue.place(market(parent, .buy, 0.1)) }
        #expect(venue.place(market(1, .buy, 0.1)).map(line) == ["rejected 1 duplicate_order_id"])
        venue.request(.query(identifier(1)), client: 0, at: venue.time)
        venue.request(.query(identifier(4)), client: 0, at: venue.time)
        venue.request(.query(identifier(9)), client: 0, at: venue.time)
        #expect(venue.drain().map(line) == ["forgotten 1", "reported 4 filled 0.1 of 0.1", "notFound 9"])
        _ = venue.place(limit(10, .buy, 99, 1))
        _ = venue.place(limit(11, .buy, 99, 1))
        #expect(venue.place(limit(12, .buy, 99, 1)).map(line) == ["rejected 12 throttled"])
    }

    /// Goal: margin binds what may grow and lets go what shrinks. Method: 20 times leverage of 1000 in cash.
    @Test func marginBindsWhatGrows() {
        var venue = openVenue(paperConfiguration(cash: Money(whole: 1_000)))
        venue.quoted(quote(100, 500, 100.1, 500), at: at(1_000))
        #expect(venue.place(limit(1, .buy, 100, 201)).map(line) == ["rejected 1 insufficient_margin"])
        #expect(venue.place(limit(2, .buy, 100, 199)).map(line) == ["accepted 2"])
        #expect(venue.place(limit(3, .buy, 100, 1)).map(line) == ["rejected 3 insufficient_margin"])
        #expect(venue.place(limit(4, .sell, 100.2, 199)).map(line) == ["accepted 4"])
        #expect(venue.place(limit(5, .sell, 100.2, 2)).map(line) == ["rejected 5 insufficient_margin"])
    }

    /// Goal: a halted instrument takes no orders and fills none, but cancels. Method: halt, try all, resume.
    @Test func haltedMarketsOnlyCancel() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 100, 1))
        _ = venue.place(limit(2, .buy, 100, 1))
        venue.setHalted(true, bitcoin, at: venue.time)
        #expect(venue.place(market(3, .buy, 1)).map(line) == ["rejected 3 market_halted"])
        venue.quoted(quote(99, 5, 99.5, 5), at: venue.time)
        venue.traded(trade(99, 5, .sell), at: venue.time)
        #expect(venue.drain().isEmpty)
        venue.request(.cancel(identifier(2)), client: 0, at: venue.time)
        #expect(venue.drain().map(line) == ["cancelled 2 requested 0"])
        venue.setHalted(false, bitcoin, at: venue.time)
        #expect(venue.drain().map(line) == ["filled 1 1 @ 100 maker fee 0.02"])
    }
}
