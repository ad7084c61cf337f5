/// How long a message is under way: drawn evenly between two bounds, fixed where they are equal; or from a log-normal
/// distribution, or from a measured table, and then cut to the bounds.
public struct LatencyConfiguration: Hashable, Sendable {
    /// Never negative, never over `maximum`.
    public var minimum: TimeSpan
    public var maximum: TimeSpan
    /// The middle of a log-normal distribution; zero: none.
    public var median = TimeSpan.zero
    /// What 99 of 100 draws of it stay under, at least the median; zero: it is the median, without a spread.
    public var p99 = TimeSpan.zero
    /// Measured quantiles at even steps from the 0th to the 100th, ascending, at least two; empty: none. Goes before a
    /// log-normal distribution.
    public var quantiles: [TimeSpan] = []

    public init(minimum: TimeSpan, maximum: TimeSpan) {
        precondition(minimum.nanoseconds >= 0, "Invariant: a latency is never negative")
        precondition(minimum <= maximum, "Invariant: a latency's minimum is at most its maximum")
        self.minimum = minimum
        self.maximum = maximum
    }

    public static func fixed(_ span: TimeSpan) -> Self { Self(minimum: span, maximum: span) }
}

/// When a resting order's turn comes: how a paper venue tells what stands before it, and what fills it.
public enum PaperQueueModel: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Trades fill it, and the opposite touch that reaches it does too. For markets whose trades are not told.
    case touch = 0
    /// Trades alone fill it, each trade's volume once. It joins behind all that its level displays, and moves up by
    /// trades at its price; what else leaves the level stood behind it, as far as the displayed size allows.
    case riskAverse
    /// The same, but what leaves the level without a trade left it before and behind the order, by a power law.
    case probabilistic
}

/// `paper.queue_model`: one of the models, or the market's own.
public enum PaperQueueChoice: UInt8, Sendable, CaseIterable {
    /// `riskAverse` on recorded files, whose trades are told; `touch` elsewhere.
    case byMarket = 0
    case touch
    case riskAverse
    case probabilistic

    /// `isRecorded`: the market is played from recorded files.
    public func model(isRecorded: Bool) -> PaperQueueModel {
        switch self {
        case .byMarket: isRecorded ? .riskAverse : .touch
        case .touch: .touch
        case .riskAverse: .riskAverse
        case .probabilistic: .probabilistic
        }
    }
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
    public var queueModel = PaperQueueChoice.byMarket
    /// Share of a position's value that must be covered when an order adds to it; 5 % allows twenty times leverage.
    public var initialMargin = Rate(bps: 500)
    /// Share of the positions' value under which equity may not fall, or the venue closes them; zero: it never does.
    public var maintenanceMargin = Rate(bps: 250)
    /// What a fill of such a close costs on top of its fee, as a share of its value.
    public var liquidationFee = Rate(bps: 50)
    /// Between two settlements of funding, counted from 1970-01-01T00:00:00Z; at least a second.
    public var fundingInterval = TimeSpan.hours(8)

    public init() {}
}
