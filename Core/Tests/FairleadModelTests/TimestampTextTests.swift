import FairleadModel
import Testing

@Suite struct TimestampTextTests {
    /// Goal: ISO 8601 times give the right nanosecond. Method: texts with their known count, leap days among them.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000000001Z", 1),
        ("2000-02-29T23:59:59Z", 951_868_799_000_000_000),
        ("2024-08-08T12:34:56.789Z", 1_723_120_496_789_000_000), ("2038-01-19T03:14:08.5Z", 2_147_483_648_500_000_000),
        ("2100-03-01T00:00:00Z", 4_107_542_400_000_000_000),
        ("2261-12-31T23:59:59.999999999Z", 9_214_646_399_999_999_999),
    ])
    func readsIsoTimes(_ text: String, _ nanoseconds: Int64) throws {
        #expect(try Timestamp(text: text).nanoseconds == nanoseconds)
    }

    /// Goal: everything else is refused by name. Method: one text a fault.
    @Test(arguments: [
        ("", TimestampError.malformed), ("2024-08-08", .malformed), ("2024-08-08T12:34:56", .malformed),
        ("2024-08-08T12:34:56+00:00", .malformed), ("2024-08-08 12:34:56Z", .malformed),
        ("2024-08-08t12:34:56Z", .malformed), ("2024-08-08T12:34:56z", .malformed),
        ("2024-08-08T12:34:56.Z", .malformed), ("2024-08-08T12:34:56,1Z", .malformed),
        ("2024-8-08T12:34:56.1Z", .malformed), ("-024-08-08T12:34:56Z", .malformed),
        ("2024-08-08T12:34:5xZ", .malformed), ("2024-08-08T12:34:56.12x4Z", .malformed),
        ("2024-08-08T12:34:56.1234567890Z", .tooPrecise), ("2023-02-29T00:00:00Z", .noSuchMoment),
        ("2100-02-29T00:00:00Z", .noSuchMoment), ("2024-13-01T00:00:00Z", .noSuchMoment),
        ("2024-00-01T00:00:00Z", .noSuchMoment), ("2024-04-31T00:00:00Z", .noSuchMoment),
        ("2024-04-00T00:00:00Z", .noSuchMoment), ("2024-04-01T24:00:00Z", .noSuchMoment),
        ("2024-04-01T23:60:00Z", .noSuchMoment), ("2016-12-31T23:59:60Z", .noSuchMoment),
        ("1969-12-31T23:59:59Z", .outOfRange), ("2262-01-01T00:00:00Z", .outOfRange),
        ("9999-12-31T00:00:00Z", .outOfRange),
    ])
    func refusesByName(_ text: String, _ error: TimestampError) {
        #expect(throws: error) { try Timestamp(text: text) }
    }

    /// Goal: print and parse are inverse. Method: random moments of 1970 to 2261 in each precision.
    @Test func roundTrips() throws {
        var random = SeededRandom(printedAs: "TimestampTextTests.roundTrips")
        for _ in 0..<10_000 {
            let time = Timestamp(nanoseconds: Int64.random(in: 0..<9_214_646_400_000_000_000, using: &random))
            try #require(try Timestamp(text: time.text(.nanoseconds)) == time, "seed \(random.seed)")
            let coarse = Timestamp(milliseconds: time.milliseconds)
            try #require(try Timestamp(text: time.text()) == coarse, "seed \(random.seed)")
            try #require(try Timestamp(text: time.text(.exact)) == time, "seed \(random.seed)")
            try #require(coarse.text(.exact) == coarse.text(), "seed \(random.seed)")
        }
        #expect(Timestamp(nanoseconds: 0).text() == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp.distantFuture.text(.nanoseconds) == "2262-04-11T23:47:16.854775807Z")
        #expect(Timestamp.never.text(.nanoseconds) == "1677-09-21T00:12:43.145224192Z")
    }

    /// Goal: the calendar is right on every day. Method: walk all days of 1600 to 2400 and count the months by hand.
    @Test func everyDayOfEightCenturies() throws {
        var day = CivilDate(year: 1600, month: 1, day: 1)
        var count = day.daysSinceEpoch
        #expect(count == -135_140)
        while day.year < 2400 {
            try #require(CivilDate(daysSinceEpoch: count) == day)
            try #require(day.daysSinceEpoch == count)
            var next = CivilDate(year: day.year, month: day.month, day: day.day + 1)
            if !next.exists { next = CivilDate(year: day.year, month: day.month + 1, day: 1) }
            if !next.exists { next = CivilDate(year: day.year + 1, month: 1, day: 1) }
            day = next
            count += 1
        }
    }
}
