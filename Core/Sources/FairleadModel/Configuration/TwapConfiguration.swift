/// `twap` of `strategy_config.json`. A TWAP under way keeps what it was planned with.
public struct TwapConfiguration: Hashable, Sendable {
    /// Orders of `minimumNotional` and more are sliced without being asked to.
    public var isEnabled = false
    public var minimumNotional = Money(whole: 500)
    public var slices = 4
    public var interval = TimeSpan.seconds(10)
    /// The smallest child, together with the venue's own minimum.
    public var minimumChildNotional = Money(whole: 25)
    /// Pauses at a spread over so many normal ones.
    public var spreadPauseFactor = Rate(raw: 150_000_000)
    /// How far a slice's beginning may be moved in all, as a share of the interval.
    public var jitter = Rate.zero
    /// How many slices of average size a later slice may make up for, beside its own.
    public var catchUpSlices = 1

    public init() {}
}
