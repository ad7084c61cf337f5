/// Why a text is not a moment that we accept.
@frozen public enum TimestampError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    /// Not `YYYY-MM-DDTHH:MM:SS[.fraction]Z`. Offsets other than `Z` are refused, not converted.
    case malformed = 0
    /// A month, day, hour, minute or second that doesn't exist; leap seconds have no place in a count of nanoseconds.
    case noSuchMoment
    /// Before 1970 or after 2261: not a time that trading knows, and close to the ends of the count.
    case outOfRange
    /// More than nine fraction digits.
    case tooPrecise

    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .noSuchMoment: "no_such_moment"
        case .outOfRange: "out_of_range"
        case .tooPrecise: "too_precise"
        }
    }

    /// The sentence for a person.
    public var explanation: String {
        switch self {
        case .malformed: "is not an ISO 8601 UTC time like 2024-08-08T12:34:56.789Z"
        case .noSuchMoment: "names a date or time that does not exist"
        case .outOfRange: "lies outside 1970 to 2261"
        case .tooPrecise: "has more than nine fraction digits"
        }
    }
}

/// A date of the proleptic Gregorian calendar, as a count of days and back.
@frozen public struct CivilDate: Hashable, Sendable, BitwiseCopyable {
    public var year: Int
    /// 1...12.
    public var month: Int
    /// 1...31.
    public var day: Int

    @inlinable public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date `days` days after 1970-01-01.
    public init(daysSinceEpoch days: Int64) {
        // Years begin in March here, so that the leap day is a year's last; an era is 400 years of 146,097 days.
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days from 1970-01-01 to this date.
    public var daysSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// True when month and day exist in this year.
    public var exists: Bool {
        guard (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= lengths[month - 1]
    }
}

/// How finely a moment is printed.
@frozen public enum TimestampPrecision: Sendable, BitwiseCopyable {
    case milliseconds
    case nanoseconds
    /// Milliseconds where that is the whole moment, else nanoseconds: nothing is cut.
    case exact
}

extension Timestamp: CustomStringConvertible {
    /// Reads `YYYY-MM-DDTHH:MM:SS[.f...]Z` with up to nine fraction digits, 1970 to 2261.
    public init(text: Span<UInt8>) throws(TimestampError) {
        guard text.count >= 20, text.count <= 40, text[text.count - 1] == UInt8(ascii: "Z") else { throw .malformed }
        guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":")
        else {
            throw .malformed
        }
        let date = CivilDate(
            year: try Self.number(text, 0, 4),
            month: try Self.number(text, 5, 2),
            day: try Self.number(text, 8, 2)
        )
        let hour = try Self.number(text, 11, 2)
        let minute = try Self.number(text, 14, 2)
        let second = try Self.number(text, 17, 2)
        var fraction: Int64 = 0
        if text.count > 20 {
            let digits = text.count - 21
            guard text[19] == UInt8(ascii: "."), digits > 0 else { throw .malformed }
            for index in 20..<(20 + digits) where text[index] &- UInt8(ascii: "0") > 9 { throw .malformed }
            guard digits <= 9 else { throw .tooPrecise }
            fraction = Int64(try Self.number(text, 20, digits))
            for _ in digits..<9 { fraction *= 10 }
        }
        guard date.exists, hour < 24, minute < 60, second < 60 else { throw .noSuchMoment }
        guard (1970...2261).contains(date.year) else { throw .outOfRange }
        let seconds = date.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
    }

    public init(text: String) throws(TimestampError) { try self.init(text: text.utf8.span) }
    public init(text: Substring) throws(TimestampError) { try self.init(text: text.utf8.span) }
    public init(text: [UInt8]) throws(TimestampError) { try self.init(text: text.span) }

    private static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) throws(TimestampError) -> Int {
        var value = 0
        for index in start..<(start + count) {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { throw .malformed }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// Appends `2024-08-08T12:34:56.789Z`, or with nine fraction digits; what is finer is cut, toward the past.
    public func append(_ precision: TimestampPrecision = .milliseconds, to text: inout [UInt8]) {
        let ofDay = UInt64(Int128(nanoseconds) - Int128(utcDay) * 86_400_000_000_000)
        let date = CivilDate(daysSinceEpoch: utcDay)
        DecimalText.append(padded: UInt64(date.year), digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        DecimalText.append(padded: UInt64(date.month), digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        DecimalText.append(padded: UInt64(date.day), digits: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        let second = ofDay / 1_000_000_000
        DecimalText.append(padded: second / 3600, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        DecimalText.append(padded: second / 60 % 60, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        DecimalText.append(padded: second % 60, digits: 2, to: &text)
        text.append(UInt8(ascii: "."))
        let isWhole =
            switch precision {
            case .milliseconds: true
            case .nanoseconds: false
            case .exact: ofDay % 1_000_000 == 0
            }
        if isWhole {
            DecimalText.append(padded: ofDay / 1_000_000 % 1000, digits: 3, to: &text)
        } else {
            DecimalText.append(padded: ofDay % 1_000_000_000, digits: 9, to: &text)
        }
        text.append(UInt8(ascii: "Z"))
    }

    /// The ISO text of this moment.
    public func text(_ precision: TimestampPrecision = .milliseconds) -> String {
        var bytes: [UInt8] = []
        append(precision, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// For people and logs: "never" and "distant future" are named.
    public var description: String {
        if self == .never { return "never" }
        return self == .distantFuture ? "distant_future" : text(.nanoseconds)
    }
}
