import FairleadModel
import Testing

@Suite struct TradingHoursTests {
    private func time(_ text: String) throws -> Timestamp { try Timestamp(text: text.utf8.span) }

    private var hours: TradingHours {
        var hours = TradingHours()
        hours.setHolidays([CivilDate(year: 2024, month: 7, day: 4), CivilDate(year: 2024, month: 1, day: 1)])
        hours.setEarlyCloses([CivilDate(year: 2024, month: 7, day: 3)])
        return hours
    }

    /// Goal: a session begins with its first minute and ends before its last, on both sides of each change of the
    /// clock. Method: the four moments in winter and in summer, and on the days after the changes of 2024.
    @Test(arguments: [
        ("2024-01-11", "14:30", "21:00"), ("2024-07-08", "13:30", "20:00"), ("2024-03-11", "13:30", "20:00"),
        ("2024-03-08", "14:30", "21:00"), ("2024-11-04", "14:30", "21:00"), ("2024-11-01", "13:30", "20:00"),
        ("2024-07-03", "13:30", "17:00"),
    ])
    func sessionsKeepNewYorksTime(_ day: String, _ open: String, _ close: String) throws {
        let begin = try time("\(day)T\(open):00Z")
        let end = try time("\(day)T\(close):00Z")
        let before = Timestamp(nanoseconds: begin.nanoseconds - 1)
        let last = Timestamp(nanoseconds: end.nanoseconds - 1)
        #expect(hours.isOpen(at: begin))
        #expect(!hours.isOpen(at: before))
        #expect(hours.isOpen(at: last))
        #expect(!hours.isOpen(at: end))
        #expect(hours.session(from: before) == TradingHours.Session(open: begin, close: end))
        #expect(hours.session(from: last) == TradingHours.Session(open: begin, close: end))
    }

    /// Goal: the next session is found over a weekend and a holiday. Method: a Wednesday's early close before the
    /// fourth of July, a Friday, and a time whose rule isn't known.
    @Test func theNextSessionIsFound() throws {
        let friday = try time("2024-07-05T13:30:00Z")
        #expect(hours.session(from: try time("2024-07-03T17:00:00Z"))?.open == friday)
        #expect(hours.session(from: try time("2024-07-05T20:00:00Z"))?.open == (try time("2024-07-08T13:30:00Z")))
        #expect(hours.session(from: .never) == nil)
        #expect(!hours.isOpen(at: .distantFuture))
    }

    /// Goal: a calendar without any session says so instead of searching on. Method: forty holidays in a row.
    @Test func noSessionIsNoSession() {
        let start = CivilDate(year: 2024, month: 1, day: 1).daysSinceEpoch
        var hours = TradingHours()
        hours.setHolidays((0...60).map { CivilDate(daysSinceEpoch: start + $0) })
        #expect(hours.session(from: Timestamp(milliseconds: (start + 1) * 86_400_000)) == nil)
    }
}

/// Funding, to the last unit.
@Suite struct FundingAmountTests {
    /// Goal: what is paid is never less than the exact product and less than a unit over it, for either sign. Method:
    /// random positions, marks and rates, from a printed seed, against the product in whole numbers.
    @Test func amountsRoundAgainstUs() {
        let seed: UInt64 = 30
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<10_000 {
            let quantity = SignedQuantity(raw: random.next(in: -1_000_000_000_000...1_000_000_000_000))
            let mark = Price(raw: random.next(in: 1...10_000_000_000_000))
            let rate = Rate(raw: random.next(in: -1_000_000...1_000_000))
            let amount = FundingPayment.amount(quantity, at: mark, rate: rate, multiplier: 3)
            let scale = Int128(FixedPoint.one) * Int128(FixedPoint.one)
            let exact = Int128(quantity.raw) * Int128(mark.raw) * 3 * Int128(rate.raw)
            #expect(Int128(amount) * scale >= exact)
            #expect((Int128(amount) - 1) * scale < exact)
        }
    }

    /// Goal: the largest position doesn't overflow. Method: the bounds of price, quantity and rate.
    @Test func theLargestPositionIsPaidFor() {
        let most = SignedQuantity(raw: Quantity.bound.raw)
        #expect(FundingPayment.amount(most, at: .bound, rate: Rate(bps: 1000), multiplier: 1000) == .max)
        let least = SignedQuantity(raw: -Quantity.bound.raw)
        #expect(FundingPayment.amount(least, at: .bound, rate: Rate(bps: 1000), multiplier: 1000) == .min)
    }
}

/// Who made an execution, by the venue's client id.
@Test func theVenuesOwnOrdersAreKnownByTheirIds() {
    #expect(ExecutionOrigin(clientID: "autoclose-1723120496700") == .liquidation)
    #expect(ExecutionOrigin(clientID: "adl_autoclose") == .deleveraging)
    #expect(ExecutionOrigin(clientID: "settlement_autoclose-9") == .settlement)
    #expect(ExecutionOrigin(clientID: "delivery_autoclose-9") == .settlement)
    #expect(ExecutionOrigin(clientID: "fl-0001-00000007-01-0000-00-000003") == .order)
}
