import FairleadModel
import FairleadPaper
import Testing

/// Percent price, funding, maintenance margin: what the venue does with the account beside matching.
@Suite struct PaperAccountTests {
    static func configuration(
        cash: Money = Money(whole: 1_000_000),
        _ change: (inout PaperVenueConfiguration) -> Void
    ) -> PaperVenueConfiguration {
        var configuration = paperConfiguration(cash: cash)
        configuration.instruments[0].terms.percentPrice = .zero
        change(&configuration)
        return configuration
    }

    static func mark(_ value: Double, _ instrument: InstrumentHandle = bitcoin) -> MarkPrice {
        MarkPrice(instrument: instrument, price: price(value), venueTime: .never)
    }

    // MARK: Percent price

    /// Goal: a limit is bounded by multipliers of the mark, on the side where it would rest too, and exactly at a bound
    /// passes. Method: a mark of 100, 1.05 and 0.95; limits at each bound and a tick over it, of both sides.
    @Test func multipliersBoundBothSides() {
        var venue = openVenue(
            Self.configuration {
                $0.instruments[0].terms.multiplierUp = Rate(raw: 105_000_000)
                $0.instruments[0].terms.multiplierDown = Rate(raw: 95_000_000)
            }
        )
        venue.marked(Self.mark(100), at: venue.time)
        #expect(venue.place(limit(1, .buy, 95, 1)).map(line) == ["accepted 1"])
        #expect(venue.place(limit(2, .buy, 94.9, 1)).map(line) == ["rejected 2 price_out_of_range"])
        #expect(venue.place(limit(3, .sell, 105, 1)).map(line) == ["accepted 3"])
        #expect(venue.place(limit(4, .sell, 105.1, 1)).map(line) == ["rejected 4 price_out_of_range"])
        #expect(venue.place(limit(5, .buy, 105.1, 1)).map(line) == ["rejected 5 price_out_of_range"])
        #expect(venue.place(limit(6, .sell, 94.9, 1)).map(line) == ["rejected 6 price_out_of_range"])
        #expect(venue.place(market(7, .buy, 1)).map(line).first == "accepted 7")
    }

    /// Goal: a market order is measured by the touch that it would take, and an amendment as the order it makes.
    /// Method: a mark so far off that the touch lies outside; then one that lets an order rest, and an amendment out of
    /// the band.
    @Test func theTouchBoundsMarketOrders() {
        var venue = openVenue(Self.configuration { $0.instruments[0].terms.multiplierUp = Rate(raw: 101_000_000) })
        venue.marked(Self.mark(99), at: venue.time)
        #expect(venue.place(market(1, .buy, 1)).map(line) == ["rejected 1 price_out_of_range"])
        #expect(venue.place(market(2, .sell, 1, reduceOnly: true)).map(line) == ["rejected 2 price_out_of_range"])
        venue.marked(Self.mark(100), at: venue.time)
        #expect(venue.place(limit(3, .sell, 101, 1)).map(line) == ["accepted 3"])
        let amendment = PaperAmendment(id: identifier(3), price: price(101.1), quantity: quantity(1))
        venue.request(.amend(amendment), client: PaperVenue.embeddedClient, at: venue.time)
        #expect(venue.drain().map(line) == ["replaceRejected 3 price_out_of_range"])
    }

    /// Goal: without a mark the last trade counts, and without that the middle of the book. Method: the same limit
    /// under each of them.
    @Test func withoutAMarkTheLastTradeCounts() {
        var venue = openVenue(Self.configuration { $0.instruments[0].terms.multiplierDown = Rate(raw: 95_000_000) })
        #expect(venue.place(limit(1, .buy, 95, 1)).map(line) == ["rejected 1 price_out_of_range"])
        venue.traded(trade(98, 0.001, .sell), at: venue.time)
        #expect(venue.place(limit(2, .buy, 93.1, 1)).map(line) == ["accepted 2"])
        #expect(venue.place(limit(3, .buy, 93, 1)).map(line) == ["rejected 3 price_out_of_range"])
        venue.marked(Self.mark(110), at: venue.time)
        #expect(venue.place(limit(4, .buy, 104.4, 1)).map(line) == ["rejected 4 price_out_of_range"])
    }

    // MARK: Funding

    static let hour: Int64 = 3_600_000

    static func fundedVenue(rate: Rate, _ change: (inout PaperVenueConfiguration) -> Void = { _ in }) -> PaperVenue {
        openVenue(
            configuration {
                $0.instruments[0].fundingRate = rate
                change(&$0)
            }
        )
    }

    /// Goal: at each whole eight hours, and never between, a long pays quantity x mark x rate, rounded up, and cash
    /// moves by just that. Method: 3.001 long at a mark of 100.1 and 1.2345 bps, three intervals.
    @Test func fundingIsPaidAtItsTimes() {
        var venue = Self.fundedVenue(rate: Rate(raw: 12_345))
        _ = venue.place(market(1, .buy, 3.001))
        venue.marked(Self.mark(100.1), at: venue.time)
        let before = venue.ledger.cash
        #expect(venue.drain(through: at(8 * Self.hour - 1)).isEmpty)
        #expect(venue.ledger.cash == before)
        // 3.001 x 100.1 x 0.00012345 = 0.037084392...: rounded up at the eighth digit.
        #expect(venue.drain(through: at(8 * Self.hour)).map(line) == ["funded 0 0.0370844 on 3.001"])
        #expect(venue.ledger.funding == 3_708_440)
        #expect(venue.ledger.cash == before - Money(raw8: 3_708_440))
        #expect(venue.drain(through: at(24 * Self.hour - 1)).count == 1)
        #expect(venue.drain(through: at(24 * Self.hour)).count == 1)
        #expect(venue.ledger.positions[0].funding == 3 * 3_708_440)
    }

    /// Goal: what is received rounds down, so that the rest is never ours. Method: the same position short, and long
    /// under a negative rate.
    @Test(arguments: [Side.sell, .buy]) func receivedFundingRoundsAgainstUs(_ side: Side) {
        var venue = Self.fundedVenue(rate: Rate(raw: side == .sell ? 12_345 : -12_345))
        _ = venue.place(market(1, side, 3.001))
        venue.marked(Self.mark(100.1), at: venue.time)
        _ = venue.drain(through: at(8 * Self.hour))
        #expect(venue.ledger.funding == -3_708_439)
    }

    /// Goal: nothing is paid on what is flat or has no rate. Method: a rate without a position, and the reverse.
    @Test func nothingIsPaidOnNothing() {
        var venue = PaperVenue(configuration: Self.configuration { $0.instruments[0].fundingRate = Rate(bps: 1) })
        venue.connect(client: 0, at: at(1_000))
        venue.quoted(quote(10, 50, 10.1, 50, ether), at: at(1_000))
        var order = market(1, .buy, 1)
        order.instrument = ether
        _ = venue.place(order)
        #expect(venue.drain(through: at(100 * Self.hour)).isEmpty)
        #expect(venue.ledger.fundingCount == 0)
    }

    /// Goal: funding of the past is in a listing, between the executions, once; and every client is told. Method: a
    /// second client connects after the payment; listings from before and behind it, as frames and as events.
    @Test func fundingIsListed() throws {
        var venue = Self.fundedVenue(rate: Rate(bps: 1))
        venue.connect(client: 7, at: venue.time)
        _ = venue.place(market(1, .buy, 1))
        venue.advance(to: at(8 * Self.hour))
        var told: [UInt32] = []
        while let delivery = venue.next(through: venue.time) {
            if case .funded = delivery.response { told.append(delivery.client) }
        }
        #expect(told == [0, 7])
        _ = venue.place(market(2, .sell, 1))
        var place = try #require(venue.ledger.bookings(after: ExecutionID(value: 0)))
        #expect(venue.ledger.count(from: place) == 3)
        var kinds: [String] = []
        var last = ExecutionID(value: 0)
        while let booking = venue.ledger.next(&place) {
            let id: ExecutionID
            switch booking {
            case .execution(let entry): (id, kinds) = (entry.execution.executionID, kinds + ["execution"])
            case .funding(let payment): (id, kinds) = (payment.id, kinds + ["funding"])
            }
            #expect(id > last)
            last = id
        }
        #expect(kinds == ["execution", "funding", "execution"])
        let payment = venue.ledger.funding(at: 0)
        let after = try #require(venue.ledger.bookings(after: payment.id))
        #expect(venue.ledger.count(from: after) == 1)
    }

    /// Goal: a listing that would leave a payment out is refused. Method: room for two, three payments.
    @Test func forgottenFundingRefusesAListing() {
        var venue = Self.fundedVenue(rate: Rate(bps: 1)) {
            $0.capacities.executions = 2
            $0.fundingInterval = .minutes(1)
        }
        _ = venue.place(market(1, .buy, 1))
        _ = venue.drain(through: venue.time + .minutes(3))
        #expect(venue.ledger.fundingCount == 2)
        let isRefused = venue.ledger.bookings(after: ExecutionID(value: 0)) == nil
        #expect(isRefused)
        let isListed = venue.ledger.bookings(after: venue.ledger.lastForgotten) != nil
        #expect(isListed)
    }

    // MARK: Liquidation

    /// 10 long from 100.1 with 60 of cash: under a maintenance margin of 2.5 % the bound lies at a price p where
    /// 60 - fee + 10 (p - 100.1) = 0.25 p.
    static func marginVenue(fee: Rate = Rate(bps: 100)) -> PaperVenue {
        var venue = openVenue(
            configuration(cash: Money(whole: 60)) {
                $0.maintenanceMargin = Rate(bps: 250)
                $0.liquidationFee = fee
                $0.instruments[0].terms.takerFee = .zero
            }
        )
        venue.quoted(quote(100, 50, 100.1, 50), at: venue.time)
        _ = venue.place(market(1, .buy, 10))
        return venue
    }

    /// Goal: exactly at the maintenance margin nothing happens, below it the position is closed. Method: marks on both
    /// sides of 96.5128205..., where equity is 24.128...
    @Test func positionsAreClosedBelowTheMargin() {
        var venue = Self.marginVenue()
        venue.marked(Self.mark(96.51282052), at: venue.time)
        #expect(venue.equity >= venue.maintenance)
        #expect(venue.drain().isEmpty)
        venue.marked(Self.mark(96.51282051), at: venue.time)
        let told = venue.drain().map(line)
        // At the market's bid, and 1 % of the value on top of no fee.
        #expect(told == ["filled 0 10 @ 100 taker fee 10"])
        #expect(venue.ledger.positions[0].quantity.raw == 0)
        #expect(venue.ledger.openPositions == 0)
        #expect(venue.ledger.execution(at: 1).execution.origin == .liquidation)
    }

    /// Goal: what a client is told of a liquidation is another's, and says what it is. Method: the event that the
    /// embedded form gives.
    @Test func aLiquidationIsNobodysOrder() throws {
        var venue = Self.marginVenue()
        venue.marked(Self.mark(90), at: venue.time)
        let execution = try #require(
            venue.drain().compactMap { if case .filled(let execution) = $0 { execution } else { nil } }.first
        )
        #expect(execution.id.isNone)
        #expect(execution.origin == .liquidation)
        #expect(execution.side == .sell)
        let isTaken = venue.connect(client: .max, at: venue.time)
        #expect(!isTaken)
    }

    /// Goal: the account's open orders end before its positions are closed, and none may open more. Method: orders that
    /// rest on both sides, one of them reducing; then an order that would add.
    @Test func openOrdersEndFirst() {
        var venue = Self.marginVenue()
        _ = venue.place(limit(2, .buy, 99, 1))
        _ = venue.place(limit(3, .sell, 110, 5, reduceOnly: true))
        venue.marked(Self.mark(90), at: venue.time)
        #expect(
            venue.drain().map(line) == [
                "cancelled 2 venue 0", "cancelled 3 venue 0", "filled 0 10 @ 100 taker fee 10",
            ]
        )
        #expect(venue.liveOrderCount == 0)
    }

    /// Goal: what the market doesn't take waits, is closed by later quotes, and nothing is closed twice. Method: a bid
    /// of 4 for 10, none, then enough, with marks between them.
    @Test func aThinMarketIsWaitedFor() {
        var venue = Self.marginVenue(fee: .zero)
        venue.quoted(quote(100, 4, 100.1, 50), at: venue.time)
        venue.marked(Self.mark(90), at: venue.time)
        #expect(venue.drain().map(line) == ["filled 0 4 @ 100 taker fee 0"])
        venue.marked(Self.mark(89), at: venue.time)
        venue.quoted(quote(0, 0, 95, 50), at: venue.time)
        #expect(venue.drain().isEmpty)
        #expect(venue.liveOrderCount == 1)
        venue.quoted(quote(80, 50, 95, 50), at: venue.time)
        #expect(venue.drain().map(line) == ["filled 0 6 @ 80 taker fee 0"])
        #expect(venue.liveOrderCount == 0)
        #expect(venue.ledger.openPositions == 0)
        #expect(venue.ledger.cash == Money(whole: 60 - 1 - 120))
    }

    /// Goal: both sides of a hedged account are closed, and only positions that have a price count. Method: long and
    /// short of one instrument.
    @Test func hedgedSidesAreClosedBoth() {
        var venue = openVenue(
            Self.configuration(cash: Money(whole: 200)) {
                $0.maintenanceMargin = Rate(bps: 400)
                for index in $0.instruments.indices { $0.instruments[index].terms.isHedged = true }
            }
        )
        venue.quoted(quote(100, 50, 100.1, 50), at: venue.time)
        _ = venue.place(market(1, .buy, 10, positionSide: .long))
        _ = venue.place(market(2, .sell, 10, positionSide: .short))
        #expect(venue.ledger.openPositions == 2)
        // 20 x 250 x 4 % are 200, and fees and spread have taken some of it.
        venue.marked(Self.mark(250), at: venue.time)
        #expect(venue.ledger.openPositions == 0)
        #expect(venue.drain().count == 2)
    }

    /// Goal: where nothing but depth tells the price, depth uses up the margin, and the close takes through its levels.
    /// Method: a whole book, a position, then one whose middle lies below the bound.
    @Test func depthUsesUpTheMargin() {
        var venue = Self.marginVenue(fee: .zero)
        venue.show(10, bids: [(100, 50)], asks: [(100.1, 50)], isSnapshot: true)
        venue.show(11)
        #expect(venue.drain().isEmpty)
        venue.show(12, bids: [(100, 0), (96, 4), (95, 20)], asks: [(100.1, 0), (96.2, 50)])
        #expect(
            venue.drain().map(line) == ["filled 0 4 @ 96 taker fee 0", "filled 0 6 @ 95 taker fee 0"]
        )
        #expect(venue.ledger.openPositions == 0)
    }

    /// Goal: state with funding and a liquidation under way is restored as it was. Method: written and read back, then
    /// the same market.
    @Test func stateComesBack() {
        var venue = Self.marginVenue(fee: .zero)
        venue.quoted(quote(100, 4, 100.1, 50), at: venue.time)
        venue.marked(Self.mark(90), at: venue.time)
        _ = venue.drain()
        var writer = WordVisitor()
        venue.visitState(&writer)
        var other = Self.marginVenue(fee: .zero)
        _ = other.drain()
        var reader = writer.rewound
        other.visitState(&reader)
        #expect(reader.position == writer.words.count)
        venue.quoted(quote(80, 50, 95, 50), at: venue.time)
        other.quoted(quote(80, 50, 95, 50), at: other.time)
        let (expected, found) = (venue.drain().map(line), other.drain().map(line))
        #expect(expected == found)
        #expect(venue.ledger.cash == other.ledger.cash)
    }
}
