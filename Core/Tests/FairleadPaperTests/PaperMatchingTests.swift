import FairleadModel
import FairleadPaper
import Testing

/// What resting orders and takers get out of quotes and trades.
struct PaperMatchingTests {
    /// Goal: at its price a resting order waits for what was displayed before it. Method: 5 displayed at 100, our order
    /// behind it, trades of 3, 2 and 4 at 100.
    @Test func waitsForTheDisplayedQueue() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 100, 2))
        venue.traded(trade(100, 3, .sell), at: at(1_001))
        #expect(venue.drain().isEmpty)
        venue.traded(trade(100, 2, .sell), at: at(1_002))
        #expect(venue.drain().isEmpty)
        venue.traded(trade(100, 4, .sell), at: at(1_003))
        #expect(venue.drain().map(line) == ["filled 1 2 @ 100 maker fee 0.04"])
    }

    /// Goal: a buyer's trade at our bid proves nothing about the bid's queue. Method: aggressor buy at 100, then sell.
    @Test func onlyTheOppositeAggressorCounts() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 100, 2))
        venue.traded(trade(100, 50, .buy), at: at(1_001))
        #expect(venue.drain().isEmpty)
        venue.traded(trade(100, 6, .sell), at: at(1_002))
        #expect(venue.drain().map(line) == ["filled 1 1 @ 100 maker fee 0.02"])
    }

    /// Goal: a level that shrinks shortens the queue, one that grows does not lengthen it. Method: 5, then 1, then 9.
    @Test func queuesFollowTheDisplay() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 100, 2))
        venue.quoted(quote(100, 1, 100.1, 4), at: at(1_001))
        venue.quoted(quote(100, 9, 100.1, 4), at: at(1_002))
        venue.traded(trade(100, 2, .sell), at: at(1_003))
        #expect(venue.drain().map(line) == ["filled 1 1 @ 100 maker fee 0.02"])
    }

    /// Goal: a level that L1 has not shown fills nothing at its price, and then stands behind all of it. Method: an
    /// order at 99.9 under a bid of 100; a trade at 99.9; the bid falls to 99.9 x 3; trades of 3 and 1.
    @Test func unseenLevelsWait() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99.9, 2))
        venue.traded(trade(99.9, 100, .sell), at: at(1_001))
        #expect(venue.drain().isEmpty)
        venue.quoted(quote(99.9, 3, 100.1, 4), at: at(1_002))
        venue.traded(trade(99.9, 3, .sell), at: at(1_003))
        #expect(venue.drain().isEmpty)
        venue.traded(trade(99.9, 1, .sell), at: at(1_004))
        #expect(venue.drain().map(line) == ["filled 1 1 @ 99.9 maker fee 0.01998"])
    }

    /// Goal: a trade through our price fills at our price, up to its volume. Method: trade at 99.8 under a bid of ours
    /// at 99.9 with 3, volume 2.
    @Test func tradesThroughFillAtOurPrice() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99.9, 3))
        venue.traded(trade(99.8, 2, .sell), at: at(1_001))
        #expect(venue.drain().map(line) == ["filled 1 2 @ 99.9 maker fee 0.03996"])
    }

    /// Goal: one trade's volume is given out once, best price first, then the oldest. Method: three bids, a trade of 4
    /// through all of them; then two orders at one price share what passed their queue.
    @Test func volumeIsGivenOutOnce() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99.8, 3))
        _ = venue.place(limit(2, .buy, 99.9, 3))
        _ = venue.place(limit(3, .buy, 99.9, 3))
        venue.traded(trade(99.7, 4, .sell), at: at(1_001))
        #expect(
            venue.drain().map(line) == ["filled 2 3 @ 99.9 maker fee 0.05994", "filled 3 1 @ 99.9 maker fee 0.01998"]
        )
        var second = openVenue()
        _ = second.place(limit(1, .buy, 100, 2))
        _ = second.place(limit(2, .buy, 100, 2))
        second.traded(trade(100, 8, .sell), at: at(1_001))
        #expect(second.drain().map(line) == ["filled 1 2 @ 100 maker fee 0.04", "filled 2 1 @ 100 maker fee 0.02"])
    }

    /// Goal: the opposite touch that reaches us fills us at our price, no more than it displays. Method: the ask falls
    /// to our bid with 1, then to below it with 5.
    @Test func crossingQuotesFill() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 100, 4))
        venue.quoted(quote(99.9, 5, 100, 1), at: at(1_001))
        #expect(venue.drain().map(line) == ["filled 1 1 @ 100 maker fee 0.02"])
        venue.quoted(quote(99.7, 5, 99.8, 5), at: at(1_002))
        #expect(venue.drain().map(line) == ["filled 1 3 @ 100 maker fee 0.06"])
    }

    /// Goal: what we took of the touch is gone until more is displayed. Method: take all 4; the same quote again gives
    /// nothing; growth by 2 gives 2; a new price gives all it displays.
    @Test func takenLiquidityStaysTaken() {
        var venue = openVenue()
        _ = venue.place(market(1, .buy, 12))
        venue.quoted(quote(100, 5, 100.1, 4), at: at(1_001))
        #expect(venue.drain().isEmpty)
        venue.quoted(quote(100, 5, 100.1, 6), at: at(1_002))
        #expect(venue.drain().map(line) == ["filled 1 2 @ 100.1 taker fee 0.1001"])
        venue.quoted(quote(100, 5, 100.2, 10), at: at(1_003))
        #expect(venue.drain().map(line) == ["filled 1 6 @ 100.2 taker fee 0.3006"])
    }

    /// Goal: the rest of a marketable limit takes on while the touch meets it, then rests and makes. Method: 10 at
    /// 100.1 against 4, the ask leaves, returns.
    @Test func marketableRestComesToRest() {
        var venue = openVenue()
        #expect(venue.place(limit(1, .buy, 100.1, 10)).count == 2)
        venue.quoted(quote(100, 5, 100.1, 5), at: at(1_001))
        #expect(venue.drain().map(line) == ["filled 1 1 @ 100.1 taker fee 0.05005"])
        venue.quoted(quote(100, 5, 100.2, 5), at: at(1_002))
        venue.quoted(quote(100, 5, 100.1, 2), at: at(1_003))
        #expect(venue.drain().map(line) == ["filled 1 2 @ 100.1 maker fee 0.04004"])
    }

    /// Goal: a good-till-date order ends at its time, before what happens at that nanosecond. Method: an end at 1005 ms
    /// and a trade through it at 1005 ms.
    @Test func goodTillDateEnds() {
        var venue = openVenue()
        _ = venue.place(limit(1, .buy, 99.9, 1, timeInForce: .gtd, expiresAt: at(1_005)))
        #expect(venue.nextTime == at(1_005))
        venue.traded(trade(99, 5, .sell), at: at(1_005))
        #expect(venue.drain().map(line) == ["expired 1 time_in_force 0"])
    }

    /// Goal: an amendment changes price and total, loses its place, may take, and ends an order it leaves nothing of.
    /// Method: a script of amendments.
    @Test func amendments() {
        var venue = openVenue()
        func amend(_ parent: UInt32, _ newPrice: Double, _ total: Double, _ venue: inout PaperVenue) -> [String] {
            let amendment = PaperAmendment(id: identifier(parent), price: price(newPrice), quantity: quantity(total))
            venue.request(.amend(amendment), client: 0, at: venue.time)
            return venue.drain().map(line)
        }
        _ = venue.place(limit(1, .buy, 100, 2))
        _ = venue.place(limit(2, .buy, 100, 2))
        #expect(amend(1, 100, 3, &venue) == ["replaced 1 3 @ 100"])
        venue.traded(trade(100, 8, .sell), at: at(1_001))
        #expect(venue.drain().map(line) == ["filled 2 2 @ 100 maker fee 0.04", "filled 1 1 @ 100 maker fee 0.02"])
        #expect(amend(1, 100.05, 3, &venue) == ["replaceRejected 1 off_tick"])
        #expect(amend(1, 100, 2000, &venue) == ["replaceRejected 1 quantity_out_of_range"])
        #expect(amend(2, 100, 3, &venue) == ["replaceRejected 2 order_already_ended"])
        #expect(amend(7, 100, 3, &venue) == ["replaceRejected 7 order_not_found"])
        #expect(amend(1, 100.1, 2, &venue) == ["replaced 1 2 @ 100.1", "filled 1 1 @ 100.1 taker fee 0.05005"])
        _ = venue.place(limit(3, .buy, 100, 2, type: .postOnly))
        #expect(amend(3, 100.1, 2, &venue) == ["replaceRejected 3 would_take"])
        #expect(amend(3, 99.9, 2, &venue) == ["replaced 3 2 @ 99.9"])
        venue.traded(trade(99.8, 1, .sell), at: at(1_002))
        _ = venue.drain()
        #expect(amend(3, 99.9, 1, &venue) == ["cancelled 3 requested 1"])
    }

    /// Goal: a reduce-only order shrinks its position and never turns it. Method: long 3; a reduce-only sell of 5 fills
    /// 3 and the venue cancels its rest; others end with the position.
    @Test func reduceOnlyNeverTurns() {
        var venue = openVenue()
        _ = venue.place(market(1, .buy, 3))
        #expect(venue.place(limit(2, .sell, 101, 1, reduceOnly: true)).map(line) == ["accepted 2"])
        #expect(venue.place(limit(3, .buy, 99, 1, reduceOnly: true)).map(line) == ["rejected 3 reduce_only_rejected"])
        #expect(
            venue.place(market(4, .sell, 5, reduceOnly: true)).map(line) == [
                "accepted 4", "filled 4 3 @ 100 taker fee 0.15", "cancelled 4 venue 3", "cancelled 2 venue 0",
            ]
        )
        #expect(venue.position(bitcoin, .both).quantity == .zero)
        #expect(venue.place(market(5, .sell, 1, reduceOnly: true)).map(line) == ["rejected 5 reduce_only_rejected"])
    }

    /// Goal: long and short stand side by side in hedge mode, and a closing order can't open. Method: buy long, sell
    /// short, close each by too much.
    @Test func hedgeMode() {
        var venue = openVenue(paperConfiguration(isHedged: true))
        #expect(venue.place(market(1, .buy, 1)).map(line) == ["rejected 1 position_side_mismatch"])
        _ = venue.place(market(2, .buy, 2, positionSide: .long))
        _ = venue.place(market(3, .sell, 1, positionSide: .short))
        #expect(venue.position(bitcoin, .long).quantity == SignedQuantity(quantity(2), side: .buy))
        #expect(venue.position(bitcoin, .short).quantity == SignedQuantity(quantity(1), side: .sell))
        #expect(venue.place(market(4, .buy, 1.5, positionSide: .short)).map(line).last == "cancelled 4 venue 1")
        #expect(venue.place(market(5, .buy, 1, positionSide: .short)).map(line) == ["rejected 5 reduce_only_rejected"])
        #expect(venue.position(bitcoin, .long).quantity == SignedQuantity(quantity(2), side: .buy))
    }

    /// Goal: fees, realised profit and cash to the last digit, multiplier and rebate included. Method: worked by hand.
    @Test func moneyIsExact() {
        var venue = openVenue()
        _ = venue.place(market(1, .buy, 0.053))
        // 0.053 * 100.1 = 5.3053; 5 bps of it 0.00265265.
        #expect(venue.ledger.fees == 265_265)
        venue.quoted(quote(99.3, 5, 99.4, 4), at: venue.time)
        _ = venue.place(market(2, .sell, 0.001, reduceOnly: true))
        // 0.0993 * 5 bps = 0.00004965; loss 0.0008.
        #expect(venue.ledger.fees == 265_265 + 4_965)
        #expect(venue.ledger.cash == Money(whole: 1_000_000) - Money(raw8: 80_000 + 270_230))
        #expect(venue.position(bitcoin, .both).averagePrice == price(100.1))
        venue.quoted(quote(2_000, 5, 2_000.01, 4, ether), at: venue.time)
        let order = PaperOrder(
            id: identifier(3),
            instrument: ether,
            side: .buy,
            type: .limit,
            price: price(2_000),
            quantity: quantity(0.01)
        )
        _ = venue.place(order)
        venue.traded(trade(1_999, 9, .sell, ether), at: venue.time)
        // 2000 * 0.01 * 10 = 200; a rebate of 1 bps is 0.02.
        #expect(venue.drain().map(line) == ["filled 3 0.01 @ 2000 maker fee -0.02"])
        #expect(venue.ledger.positions[3].cost == Money(whole: 200))
    }

    /// Goal: a fee's rest is against the client. Method: a fee of 10^-8 of 5.3053 bought, and a rebate of the same.
    @Test func feesRoundUp() {
        var instruments = paperInstruments()
        instruments[0].terms.takerFee = Rate(raw: 1)
        var venue = openVenue(PaperVenueConfiguration(instruments: instruments))
        _ = venue.place(market(1, .buy, 0.053))
        #expect(venue.ledger.fees == 6)
        instruments[0].terms.takerFee = Rate(raw: -1)
        var other = openVenue(PaperVenueConfiguration(instruments: instruments))
        _ = other.place(market(1, .buy, 0.053))
        #expect(other.ledger.fees == -5)
    }

    /// Goal: answers come in order, each within its drawn delay. Method: 200 requests under a latency of 5 to 20 ms.
    @Test func latencyKeepsOrder() {
        let range = LatencyConfiguration(minimum: .milliseconds(5), maximum: .milliseconds(20))
        var venue = openVenue(paperConfiguration(latency: PaperLatency(entry: range, answer: range), seed: 42))
        for index: UInt32 in 1...200 {
            venue.request(.submit(limit(index, .buy, 99, 1)), client: 0, at: at(1_000 + Int64(index)))
        }
        var parents: [UInt32] = []
        var last = Timestamp.never
        while let delivery = venue.next(through: at(2_000)) {
            guard case .accepted(let acceptance) = delivery.response else { continue }
            parents.append(acceptance.id.parent)
            let sent = at(1_000 + Int64(acceptance.id.parent))
            #expect(delivery.time - sent >= .milliseconds(10))
            #expect(delivery.time - sent <= .milliseconds(40))
            #expect(delivery.time >= last)
            last = delivery.time
        }
        #expect(parents == Array(1...200))
    }

    /// Goal: what a client trades, others of the account hear as external. Method: two clients; one trades.
    @Test func othersHearOfExternalTrades() {
        var venue = openVenue()
        venue.connect(client: 7, at: venue.time)
        venue.request(.submit(market(1, .buy, 1)), client: 7, at: venue.time)
        var heard: [String] = []
        while let delivery = venue.next(through: venue.time) {
            heard.append("\(delivery.client): \(line(delivery.response))")
        }
        #expect(
            heard == [
                "7: accepted 1", "7: filled 1 1 @ 100.1 taker fee 0.05005", "0: filled 0 1 @ 100.1 taker fee 0.05005",
            ]
        )
        #expect(venue.place(limit(1, .buy, 99, 1)).map(line) == ["accepted 1"], "ids are each client's own")
    }
}
