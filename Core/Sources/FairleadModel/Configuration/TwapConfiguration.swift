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

/// How well a symbol trades (SPEC 12.2).
@frozen public enum RouterBucket: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case aHigh = 0
    case bMedium
    case cLow

    public var name: String {
        switch self {
        case .aHigh: "A_HIGH"
        case .bMedium: "B_MEDIUM"
        case .cLow: "C_LOW"
        }
    }
}

/// `router_quality` of `strategy_config.json`: what is normal of each bucket.
public struct QualityConfiguration: Hashable, Sendable {
    public var normalSpreadHigh = Rate(bps: 1)
    public var normalSpreadMedium = Rate(bps: 3)
    public var normalSpreadLow = Rate(bps: 8)

    public init() {}

    public func normalSpread(of bucket: RouterBucket) -> Rate {
        switch bucket {
        case .aHigh: normalSpreadHigh
        case .bMedium: normalSpreadMedium
        case .cLow: normalSpreadLow
        }
    }
}
