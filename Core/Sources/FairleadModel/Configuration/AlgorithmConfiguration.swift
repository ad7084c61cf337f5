/// `algorithms` of `strategy_config.json`. What is under way keeps what it was planned with; the smallest child, the
/// spread that pauses and the catch-up are `twap`'s.
public struct AlgorithmConfiguration: Hashable, Sendable {
    public var vwapDuration = TimeSpan.seconds(3_600)
    public var vwapSlices = 12
    /// Days of history that a volume curve needs in each of its buckets; with fewer the slices are equal.
    public var vwapMinimumDays = 3
    /// A day's weight in the curve falls as if so many were averaged.
    public var vwapDays = 10
    public var povRate = Rate(raw: 10_000_000)
    /// No signal's rate is taken for more.
    public var povMaximumRate = Rate(raw: 25_000_000)
    public var povDuration = TimeSpan.seconds(600)
    /// How long a child rests before it takes.
    public var povChildTimeout = TimeSpan.seconds(10)
    /// By how much of what is displayed a tip may be smaller.
    public var icebergJitter = Rate.zero

    public init() {}
}
