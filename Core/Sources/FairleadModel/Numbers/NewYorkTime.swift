/// The clock of US exchanges: New York's wall time and UTC, by the rule of the law and without a table of zones.
///
/// Daylight saving (four hours behind UTC instead of five) lasts from 2:00 of the second Sunday of March to 2:00 of the
/// first Sunday of November since 2007; before, from 1987, from the first Sunday of April to the last of October.
public enum NewYorkTime {
    /// The years whose rule is known here.
    public static let years = 1987...2261
    public static let millisecondsPerDay: Int64 = 86_400_000
    /// Regular trading in milliseconds of the day: 9:30 to 16:00.
    public static let regularHours: Range<Int64> = 34_200_000..<57_600_000

    /// The moment of a wall time, as milliseconds since midnight of a date.
    ///
    /// The hour that a clock shows twice in autumn is the first of the two; one that it skips in spring is read as if
    /// the clock had been set already. Nil for a date that does not exist, a year outside `years`, or a time that is no
    /// part of a day.
    public static func timestamp(of date: CivilDate, millisecond: Int64) -> Timestamp? {
        guard (0..<millisecondsPerDay).contains(millisecond) else { return nil }
        return NewYorkDay(date)?.timestamp(millisecond: millisecond)
    }

    /// Date and milliseconds since midnight of a moment, as New York's clocks show it; nil outside `years`.
    public static func wallTime(of time: Timestamp) -> (date: CivilDate, millisecond: Int64)? {
        guard time.isKnown else { return nil }
        let utcDate = CivilDate(daysSinceEpoch: time.utcDay)
        guard years.contains(utcDate.year) else { return nil }
        let saving = savingDays(of: utcDate.year)
        // Both changes are at 2:00 of the wall time before them: 7:00 and 6:00 of UTC.
        let begin = Timestamp(milliseconds: saving.first * millisecondsPerDay + 7 * 3_600_000)
        let end = Timestamp(milliseconds: saving.last * millisecondsPerDay + 6 * 3_600_000)
        let behindHours: Int64 = time >= begin && time < end ? 4 : 5
        let local = Timestamp(nanoseconds: time.nanoseconds - behindHours * 3_600_000_000_000)
        let millisecond = local.nanoseconds / 1_000_000 - local.utcDay * millisecondsPerDay
        return (CivilDate(daysSinceEpoch: local.utcDay), millisecond)
    }

    /// 0 Sunday to 6 Saturday of a day at or after 1970-01-01, which was a Thursday.
    public static func weekday(_ day: Int64) -> Int64 { (day + 4) % 7 }

    /// Whether a moment lies in regular trading hours of a weekday. Holidays are not known here: see `TradingHours`.
    public static func isRegular(_ time: Timestamp) -> Bool {
        guard let (date, millisecond) = wallTime(of: time) else { return false }
        return regularHours.contains(millisecond) && (1...5).contains(weekday(date.daysSinceEpoch))
    }

    /// The days on which saving begins and ends.
    static func savingDays(of year: Int) -> (first: Int64, last: Int64) {
        if year >= 2007 {
            return (
                sunday(onOrAfter: CivilDate(year: year, month: 3, day: 8)),
                sunday(onOrAfter: CivilDate(year: year, month: 11, day: 1))
            )
        }
        return (
            sunday(onOrAfter: CivilDate(year: year, month: 4, day: 1)),
            sunday(onOrAfter: CivilDate(year: year, month: 10, day: 25))
        )
    }

    private static func sunday(onOrAfter date: CivilDate) -> Int64 {
        let day = date.daysSinceEpoch
        return day + (7 - weekday(day)) % 7
    }
}

/// One date of New York, for many times of it.
public struct NewYorkDay: Sendable, BitwiseCopyable {
    private let midnight: Int64
    /// Hours behind UTC before 2:00 and from then on.
    private let early: Int64
    private let late: Int64

    /// Nil for a date that does not exist, or a year whose rule is not known.
    public init?(_ date: CivilDate) {
        guard date.exists, NewYorkTime.years.contains(date.year) else { return nil }
        let day = date.daysSinceEpoch
        let saving = NewYorkTime.savingDays(of: date.year)
        midnight = day * NewYorkTime.millisecondsPerDay
        early = day > saving.first && day <= saving.last ? 4 : 5
        late = day >= saving.first && day < saving.last ? 4 : 5
    }

    /// The moment of a time of the day, which the caller has checked to be one.
    public func timestamp(millisecond: Int64) -> Timestamp {
        precondition(millisecond >= 0, "Invariant: a time of the day is not negative")
        precondition(millisecond < NewYorkTime.millisecondsPerDay, "Invariant: a time of the day lies inside it")
        let behind = millisecond < 7_200_000 ? early : late
        return Timestamp(milliseconds: midnight + millisecond + behind * 3_600_000)
    }
}
