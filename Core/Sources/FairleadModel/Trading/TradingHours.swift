/// The sessions of an exchange that keeps New York's time: every weekday but holidays, from one wall time to another,
/// and shorter on some days. A pure function of its rows and the moment: nothing is remembered, and daylight saving is
/// in `NewYorkTime`.
public struct TradingHours: Hashable, Sendable {
    /// The first minute of a session, since midnight.
    public var openMinute = 570
    /// The first minute after it.
    public var closeMinute = 960
    /// The same on an early close.
    public var earlyCloseMinute = 780
    /// Days without a session, as days since 1970-01-01, ascending.
    public private(set) var holidays: [Int64] = []
    /// Days that end early, likewise.
    public private(set) var earlyCloses: [Int64] = []

    public init() {}

    /// Dates may come in any order.
    public mutating func setHolidays(_ dates: [CivilDate]) { holidays = dates.map(\.daysSinceEpoch).sorted() }
    public mutating func setEarlyCloses(_ dates: [CivilDate]) { earlyCloses = dates.map(\.daysSinceEpoch).sorted() }

    /// A session: open from `open`, closed again from `close`.
    @frozen public struct Session: Hashable, Sendable, BitwiseCopyable {
        public var open: Timestamp
        public var close: Timestamp

        @inlinable public init(open: Timestamp, close: Timestamp) {
            self.open = open
            self.close = close
        }

        @inlinable public func contains(_ time: Timestamp) -> Bool { time >= open && time < close }
    }

    /// How many days are looked at for the next session: no exchange has been closed for longer.
    static let patience: Int64 = 40

    /// The session that `time` lies in, or the next one; nil where none begins within 40 days, or for a time whose rule
    /// isn't known.
    public func session(from time: Timestamp) -> Session? {
        guard let day = NewYorkTime.wallTime(of: time)?.date.daysSinceEpoch else { return nil }
        for next in day...day + Self.patience {
            guard let session = session(onDay: next), session.close > time else { continue }
            return session
        }
        return nil
    }

    /// True inside a session. A time whose rule isn't known lies in none.
    public func isOpen(at time: Timestamp) -> Bool {
        guard let day = NewYorkTime.wallTime(of: time)?.date.daysSinceEpoch else { return false }
        return session(onDay: day)?.contains(time) ?? false
    }

    private func session(onDay day: Int64) -> Session? {
        guard (1...5).contains(NewYorkTime.weekday(day)), !Self.contains(day, holidays) else { return nil }
        guard let date = NewYorkDay(CivilDate(daysSinceEpoch: day)) else { return nil }
        let end = Self.contains(day, earlyCloses) ? min(closeMinute, earlyCloseMinute) : closeMinute
        guard end > openMinute else { return nil }
        return Session(
            open: date.timestamp(millisecond: Int64(openMinute) * 60_000),
            close: date.timestamp(millisecond: Int64(end) * 60_000)
        )
    }

    private static func contains(_ day: Int64, _ days: [Int64]) -> Bool {
        var low = 0
        var high = days.count
        while low < high {
            let middle = (low + high) / 2
            if days[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < days.count && days[low] == day
    }
}
