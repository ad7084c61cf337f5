import FairleadModel
import Foundation
import Testing

struct NewYorkTimeTests {
    private func time(_ text: String) throws -> Timestamp { try Timestamp(text: text.utf8.span) }

    /// Goal: wall time becomes UTC on both sides of each change. Method: moments that the law and everyone's calendar
    /// give, the hours that a clock skips and shows twice among them.
    @Test func knowsTheChanges() throws {
        let hour: Int64 = 3_600_000
        let cases: [(Int, Int, Int, Int64, String)] = [
            (2013, 10, 7, 9 * hour + hour / 2, "2013-10-07T13:30:00Z"), (2014, 1, 2, 16 * hour, "2014-01-02T21:00:00Z"),
            (2024, 3, 10, 2 * hour - 1, "2024-03-10T06:59:59.999Z"), (2024, 3, 10, 2 * hour, "2024-03-10T06:00:00Z"),
            (2024, 3, 10, 3 * hour, "2024-03-10T07:00:00Z"), (2024, 11, 3, hour, "2024-11-03T05:00:00Z"),
            (2024, 11, 3, 2 * hour - 1, "2024-11-03T05:59:59.999Z"), (2024, 11, 3, 2 * hour, "2024-11-03T07:00:00Z"),
            (2006, 4, 2, 3 * hour, "2006-04-02T07:00:00Z"), (2006, 4, 1, 12 * hour, "2006-04-01T17:00:00Z"),
            (2006, 10, 29, 12 * hour, "2006-10-29T17:00:00Z"), (2006, 10, 28, 12 * hour, "2006-10-28T16:00:00Z"),
            (2015, 3, 8, 0, "2015-03-08T05:00:00Z"), (2020, 11, 1, 23 * hour, "2020-11-02T04:00:00Z"),
        ]
        for (year, month, day, millisecond, text) in cases {
            let date = CivilDate(year: year, month: month, day: day)
            #expect(NewYorkTime.timestamp(of: date, millisecond: millisecond) == (try time(text)), "\(text)")
        }
        #expect(NewYorkTime.timestamp(of: CivilDate(year: 1986, month: 5, day: 1), millisecond: 0) == nil)
        #expect(NewYorkTime.timestamp(of: CivilDate(year: 2023, month: 2, day: 29), millisecond: 0) == nil)
        #expect(NewYorkTime.timestamp(of: CivilDate(year: 2023, month: 2, day: 28), millisecond: 86_400_000) == nil)
    }

    /// Goal: the own rule is the world's. Method: every three hours of 1987 to 2037 against the system's table of
    /// zones, both ways.
    @Test func equalsTheSystemsTable() throws {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let first = CivilDate(year: 1987, month: 1, day: 2).daysSinceEpoch
        let last = CivilDate(year: 2037, month: 12, day: 31).daysSinceEpoch
        var checked = 0
        for hours in stride(from: first * 24, to: last * 24, by: 3) {
            let seconds = hours * 3600
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            let moment = Timestamp(milliseconds: seconds * 1000)
            let wall = try #require(NewYorkTime.wallTime(of: moment))
            let expected = (seconds + Int64(offset)) * 1000
            let found = wall.date.daysSinceEpoch * 86_400_000 + wall.millisecond
            guard found == expected else {
                Issue.record("\(moment): \(found - expected) ms off")
                continue
            }
            let back = NewYorkTime.timestamp(of: wall.date, millisecond: wall.millisecond)
            // The second showing of the hour that is shown twice reads as the first.
            if back != moment { #expect(back == Timestamp(milliseconds: (seconds - 3600) * 1000)) }
            checked += 1
        }
        print("New York: \(checked) moments equal the system's")
    }

    /// Goal: regular hours are 9:30 to 16:00 of weekdays. Method: the edges, and a Saturday.
    @Test func knowsRegularHours() throws {
        #expect(try NewYorkTime.isRegular(time("2013-10-07T13:30:00Z")))
        #expect(try !NewYorkTime.isRegular(time("2013-10-07T13:29:59.999Z")))
        #expect(try NewYorkTime.isRegular(time("2013-10-07T19:59:59.999Z")))
        #expect(try !NewYorkTime.isRegular(time("2013-10-07T20:00:00Z")))
        #expect(try !NewYorkTime.isRegular(time("2013-10-05T14:00:00Z")))
    }
}
