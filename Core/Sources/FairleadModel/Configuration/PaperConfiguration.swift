/// How long a message is under way: drawn evenly between two bounds, fixed where they are equal.
public struct LatencyConfiguration: Hashable, Sendable {
    /// Never negative, never over `maximum`.
    public var minimum: TimeSpan
    public var maximum: TimeSpan

    public init(minimum: TimeSpan, maximum: TimeSpan) {
        precondition(minimum.nanoseconds >= 0, "Invariant: a latency is never negative")
        precondition(minimum <= maximum, "Invariant: a latency's minimum is at most its maximum")
        self.minimum = minimum
        self.maximum = maximum
    }

    public static func fixed(_ span: TimeSpan) -> Self { Self(minimum: span, maximum: span) }
}

/// `paper` of `runtime.json`: the paper venue, embedded or in a process of its own.
public struct PaperConfiguration: Hashable, Sendable {
    /// In the reporting currency; positive.
    public var startingBalance = Money(whole: 100_000)
    /// From the order's leaving to its matching: entry, cancel and amendment alike.
    public var orderLatency = LatencyConfiguration(minimum: .milliseconds(5), maximum: .milliseconds(20))
    /// From the venue's decision to our hearing of it.
    public var answerLatency = LatencyConfiguration(minimum: .milliseconds(5), maximum: .milliseconds(20))
    /// Of all that the venue draws.
    public var seed: UInt64 = 1
    /// Long and short positions are kept apart. The instruments' `isHedged` follows it.
    public var isHedged = false

    public init() {}
}
