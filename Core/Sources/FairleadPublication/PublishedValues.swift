import FairleadModel

// How values stand in published files: money, prices and quantities as decimal strings, ratios as numbers, times as ISO
// 8601 with milliseconds. What is not known is left out by whoever writes the members.
extension [JSONMember] {
    /// A time; left out when it is not known, or can't be.
    mutating func append(_ key: String, _ time: Timestamp) {
        if time.isPossible { append(JSONMember(key, .string(time.text(.milliseconds)))) }
    }

    /// An amount with the 8 decimals that all money is told with; left out when it is not known.
    mutating func append(_ key: String, _ money: Money?) {
        if let money { append(JSONMember(key, .decimal(Rate(raw: money.raw8)))) }
    }

    /// A price; left out when there is none.
    mutating func append(_ key: String, _ price: Price) {
        if price.raw > 0 { append(JSONMember(key, .decimal(price))) }
    }

    /// A share as a number; left out when it is not known.
    mutating func append(_ key: String, _ share: Rate?) {
        if let share { append(JSONMember(key, .statistic(share.double))) }
    }

    mutating func append(_ key: String, _ text: String?) {
        if let text { append(JSONMember(key, .string(text))) }
    }

    /// A statistic; left out when it is not known.
    mutating func append(_ key: String, _ statistic: Double?) {
        if let statistic { append(JSONMember(key, .statistic(statistic))) }
    }

    mutating func append(_ key: String, _ flag: Bool) { append(JSONMember(key, .bool(flag))) }
    mutating func append(_ key: String, _ count: some BinaryInteger & Sendable) {
        append(JSONMember(key, .integer(count)))
    }
    mutating func append(_ key: String, _ value: JSONValue) { append(JSONMember(key, value)) }
}

extension Timestamp {
    /// A moment that a date of ours can say: from 1970 to the end of 2261. Neither `never` nor `distantFuture`.
    var isPossible: Bool { nanoseconds >= 0 && nanoseconds < 9_214_646_400_000_000_000 }
}

extension JSONValue {
    /// A number that is always finite.
    static func statistic(_ value: Double) -> JSONValue {
        precondition(value.isFinite, "Invariant: a published statistic is finite")
        return .number(value.description)
    }

    /// A time as nanoseconds, for files that only this program reads.
    static func time(_ time: Timestamp) -> JSONValue { .integer(time.nanoseconds) }
    var time: Timestamp? { integer.map { Timestamp(nanoseconds: $0) } }
    /// A number that is not negative.
    var count: UInt64? { integer.flatMap { UInt64(exactly: $0) } }
}
