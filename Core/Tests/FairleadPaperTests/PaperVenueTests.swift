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
}
