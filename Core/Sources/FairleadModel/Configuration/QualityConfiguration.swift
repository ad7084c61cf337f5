/// How well a symbol trades (SPEC 12.2).
@frozen public enum RouterBucket: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case high = 0
    case medium
    case low

    public var name: String {
        switch self {
        case .high: "A_HIGH"
        case .medium: "B_MEDIUM"
        case .low: "C_LOW"
        }
    }
}

/// `router_quality` of `strategy_config.json`: what executions are measured over and against, and what is normal of
/// each bucket.
public struct QualityConfiguration: Hashable, Sendable {
    /// `stats_window.seconds`: what is older drops out of the statistics of a symbol ...
    public var window = TimeSpan.seconds(900)
    /// `stats_window.min_events`: ... while more than so many remain.
    public var minimumEvents = 5
    /// `baseline_bps`: the slippage that drift is measured from.
    public var baseline = Rate.zero
    public var normalSpreadHigh = Rate(bps: 1)
    public var normalSpreadMedium = Rate(bps: 3)
    public var normalSpreadLow = Rate(bps: 8)
    public var score = ScoreConfiguration()

    public init() {}

    public func normalSpread(of bucket: RouterBucket) -> Rate {
        switch bucket {
        case .high: normalSpreadHigh
        case .medium: normalSpreadMedium
        case .low: normalSpreadLow
        }
    }
}

/// Whose notional counts for the share that went by TWAP.
@frozen public enum TwapPenaltyBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case all = 0
    /// TWAPs, and orders of `twap.min_notional_usd` and more.
    case eligible
}

/// The numbers of a symbol's score (SPEC 12.2). Penalties are taken off.
public struct ScoreConfiguration: Hashable, Sendable {
    public var base = Rate(raw: 80_000_000)
    public var highBucketPenalty = Rate.zero
    public var mediumBucketPenalty = Rate(raw: 5_000_000)
    public var lowBucketPenalty = Rate(raw: 15_000_000)
    /// GREEN up to here.
    public var greenDrift = Rate(bps: 2)
    /// YELLOW up to here.
    public var yellowDrift = Rate(bps: 6)
    public var yellowDriftPenalty = Rate(raw: 5_000_000)
    public var redDriftPenalty = Rate(raw: 12_000_000)
    /// FAST up to here.
    public var fastLatency = TimeSpan.milliseconds(150)
    /// NORMAL up to here.
    public var normalLatency = TimeSpan.milliseconds(400)
    public var normalLatencyPenalty = Rate(raw: 3_000_000)
    public var slowLatencyPenalty = Rate(raw: 8_000_000)
    public var twapSkipPenalty = Rate(raw: 10_000_000)
    public var twapPenaltyBasis = TwapPenaltyBasis.all

    public init() {}
}
