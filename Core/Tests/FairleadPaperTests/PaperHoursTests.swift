import FairleadModel
import FairleadPaper
import Testing

/// Sessions and their opening: an instrument that trades 9:30 to 16:00 in New York.
@Suite struct PaperHoursTests {
    /// A Thursday, in winter: New York is five hours behind UTC.
    static let day: Int64 = CivilDate(year: 2024, month: 1, day: 11).daysSinceEpoch * 24 * 3_600_000

    static func moment(_ hour: Int64, _ minute: Int64 = 0, _ millisecond: Int64 = 0, days: Int64 = 0) -> Timestamp {
        at(day + days * 24 * 3_600_000 + (hour + 5) * 3_600_000 + minute * 60_000 + millisecond)
    }

    static func configuration(_ change: (inout PaperVenueConfiguration) -> Void = { _ in }) -> PaperVenueConfiguration {
        var configuration = paperConfiguration()
        configuration.instruments[0].hours = .sessions
        configuration.instruments[0].terms.percentPrice = .zero
        change(&configuration)
        return configuration
    }

    static func venue(at now: Timestamp, _ change: (inout PaperVenueConfiguration) -> Void = { _ in }) -> PaperVenue {
        var venue = PaperVenue(configuration: configuration(change))
        venue.connect(client: PaperVenue.embeddedClient, at: now)
        venue.quoted(quote(100, 5, 100.1, 4), at: now)
        return venue
    }

    static func opened() -> PaperVenue {
        var venue = venue(at: moment(9))
        venue.advance(to: moment(9, 30))
        venue.traded(trade(100, 0.001, .buy), at: moment(9, 30))
        return venue
    }

    // MARK: Outside of a session

    /// Goal: what can't wait is refused between sessions, what can is queued, nothing fills, and cancels work; the
    /// other instrument trades. Method: one order of each kind at 9:00.
    @Test func ordersAreQueuedBeforeTheOpening() {
        var venue = Self.venue(at: Self.moment(9))
        #expect(venue.haltsBitcoin == true)
        let haltsEther = venue.isHalted(ether)
        #expect(!haltsEther)
        #expect(venue.place(market(1, .buy, 1, timeInForce: .ioc)).map(line) == ["rejected 1 market_halted"])
        #expect(venue.place(limit(2, .buy, 101, 1, type: .marketableLimit)).map(line) == ["rejected 2 market_halted"])
        #expect(venue.place(limit(3, .buy, 101, 1, timeInForce: .fok)).map(line) == ["rejected 3 market_halted"])
        #expect(venue.place(market(4, .buy, 1)).map(line) == ["accepted 4"])
        #expect(venue.place(limit(5, .buy, 101, 1)).map(line) == ["accepted 5"])
        #expect(venue.place(limit(6, .sell, 100.1, 1, type: .postOnly)).map(line) == ["accepted 6"])
        venue.traded(trade(100, 50, .sell), at: venue.time)
        venue.quoted(quote(102, 5, 102.1, 4), at: venue.time)
        #expect(venue.drain().isEmpty)
        venue.request(.cancel(identifier(5)), client: 0, at: venue.time)
        #expect(venue.drain().map(line) == ["cancelled 5 requested 0"])
    }

    /// Goal: somebody's halt is stronger than the queue, and its end doesn't open what is closed. Method: a halt and
    /// its end at 9:00.
    @Test func aHaltRefusesTheQueueToo() {
        var venue = Self.venue(at: Self.moment(9))
        venue.setHalted(true, bitcoin, at: venue.time)
        #expect(venue.place(limit(1, .buy, 101, 1)).map(line) == ["rejected 1 market_halted"])
        venue.setHalted(false, bitcoin, at: venue.time)
        #expect(venue.haltsBitcoin == true)
        #expect(venue.place(limit(2, .buy, 101, 1)).map(line) == ["accepted 2"])
    }

    // MARK: The opening

    /// Goal: the first trade of a session is the opening print: what waited trades at its price, market orders first,
    /// then the better limit, and no more than its volume. Method: orders of both kinds queued at 9:00, a print of 4 at
    /// 100.5.
    @Test func theOpeningPrintFillsTheQueue() {
        var venue = Self.venue(at: Self.moment(9))
        venue.quoted(quote(100.4, 5, 100.6, 4), at: venue.time)
        _ = venue.place(limit(1, .buy, 100.5, 1))
        _ = venue.place(limit(2, .buy, 101, 1))
        _ = venue.place(market(3, .buy, 2))
        _ = venue.place(limit(4, .buy, 100.4, 1))
        _ = venue.place(limit(5, .sell, 100.5, 1))
        venue.advance(to: Self.moment(9, 30))
        #expect(venue.drain().isEmpty)
        #expect(venue.haltsBitcoin == true)
        venue.traded(trade(100.5, 4, .buy), at: Self.moment(9, 30, 20))
        #expect(venue.haltsBitcoin == false)
        let filled = venue.drain().map(line)
        let expected = ["filled 3 2 @ 100.5 ", "filled 2 1 @ 100.5 ", "filled 1 1 @ 100.5 "]
        #expect(filled.map { String($0.prefix(19)) } == expected)
        // The volume is spent; the sell is at the print's price and would have traded by more of it.
        #expect(venue.order(identifier(5))?.filled == .zero)
    }

    /// Goal: what the opening leaves trades on as ever. Method: a market order of 9 against a print of 4, then quotes.
    @Test func theRestTradesOn() {
        var venue = Self.venue(at: Self.moment(9))
        _ = venue.place(market(1, .buy, 9))
        venue.advance(to: Self.moment(9, 30))
        venue.traded(trade(100, 4, .buy), at: Self.moment(9, 30))
        let first = venue.drain().map(line)
        #expect(first.count == 2)
        #expect(first.first?.hasPrefix("filled 1 4 @ 100 taker") == true)
        #expect(first.last?.hasPrefix("filled 1 4 @ 100.1 taker") == true)
        venue.quoted(quote(100, 5, 100.2, 4), at: venue.time)
        #expect(venue.drain().map(line).first?.hasPrefix("filled 1 1 @ 100.2 taker") == true)
    }

    /// Goal: a session that nothing opens trades all the same, five minutes later. Method: no trade; the queue meets
    /// the touch at 9:35, and not before.
    @Test func anOpeningWithoutATradeEnds() {
        var venue = Self.venue(at: Self.moment(9))
        _ = venue.place(market(1, .buy, 1))
        #expect(venue.drain(through: Self.moment(9, 34, 59_999)).isEmpty)
        #expect(venue.drain(through: Self.moment(9, 35)).map(line).count == 1)
        #expect(venue.haltsBitcoin == false)
    }

    // MARK: The end

    /// Goal: at the close what still takes expires, what rests stays for the next session, and nothing fills until
    /// then. Method: a market order that the touch can't fill and a resting limit over the close; Friday's opening.
    @Test func dayOrdersExpireAtTheClose() {
        var venue = Self.opened()
        _ = venue.drain()
        _ = venue.place(market(1, .buy, 9))
        _ = venue.place(limit(2, .buy, 99, 1))
        #expect(venue.drain(through: Self.moment(15, 59, 59_999)).isEmpty)
        #expect(venue.drain(through: Self.moment(16)).map(line) == ["expired 1 time_in_force 4"])
        venue.traded(trade(98, 50, .sell), at: Self.moment(16, 0, 1))
        #expect(venue.drain().isEmpty)
        #expect(venue.haltsBitcoin == true)
        venue.advance(to: Self.moment(9, 30, days: 1))
        venue.traded(trade(98, 50, .sell), at: Self.moment(9, 30, days: 1))
        #expect(venue.drain().map(line).first?.hasPrefix("filled 2 1 @ 98 maker") == true)
    }

    /// Goal: weekends, holidays and early closes are the calendar's. Method: a Friday's early close, a weekend, and a
    /// Monday's holiday; when the venue trades.
    @Test func theCalendarIsKept() {
        var venue = Self.venue(at: Self.moment(9)) {
            $0.hours.setEarlyCloses([CivilDate(year: 2024, month: 1, day: 12)])
            $0.hours.setHolidays([CivilDate(year: 2024, month: 1, day: 15)])
        }
        var trading: [String] = []
        for hour in 0..<(24 * 6) {
            venue.advance(to: Self.moment(Int64(hour), 40))
            if !venue.haltsBitcoin { trading.append("\(hour / 24) \(hour % 24)") }
        }
        let whole = (9...15).map { "\($0)" }
        let expected = whole.map { "0 " + $0 } + (9...12).map { "1 \($0)" } + whole.map { "5 " + $0 }
        #expect(trading == expected)
    }

    // MARK: What clients hear

    /// Goal: the embedded form tells sessions as halts, at once and once. Method: events from 9:00 to after the close.
    @Test func sessionsAreToldAsHalts() {
        var venue = PaperVenue(configuration: Self.configuration())
        venue.connect(at: Self.moment(9))
        var told: [String] = []
        func hear(through limit: Timestamp) {
            while let (time, event) = venue.nextEvent(through: limit) {
                if let text = line(event) { told.append("\(text) \((time - Self.moment(0)).milliseconds / 60_000)") }
            }
        }
        hear(through: Self.moment(9, 30))
        venue.traded(trade(100, 1, .buy), at: Self.moment(9, 31))
        hear(through: Self.moment(17))
        #expect(told == ["connected 1 540", "halted 0 540", "resumed 0 571", "halted 0 960"])
    }

    /// Goal: over a wire it is the same, and a client that comes later is told what is closed. Method: a session from
    /// 9:00 on, with the market's first trade.
    @Test func sessionsAreToldOverAWire() {
        let client = PaperClientConfiguration(client: 5, instruments: Self.configuration().instruments)
        var wire = PaperWire(
            PaperServer(venue: PaperVenue(configuration: Self.configuration())),
            PaperClientSession(configuration: client),
            at: Self.moment(9)
        )
        wire.session.start(at: Self.moment(9))
        wire.settle()
        #expect(wire.lines() == ["connected 1", "halted 0"])
        wire.run(to: Self.moment(9, 30))
        wire.market(.traded(trade(100, 1, .buy)))
        #expect(wire.lines() == ["resumed 0"])
        wire.run(to: Self.moment(16))
        #expect(wire.lines() == ["halted 0"])
    }
}

extension PaperVenue {
    fileprivate var haltsBitcoin: Bool { isHalted(bitcoin) }
}
