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

    public init() {}

    public func normalSpread(of bucket: RouterBucket) -> Rate {
        switch bucket {
        case .high: normalSpreadHigh
        case .medium: normalSpreadMedium
        case .low: normalSpreadLow
        }
    }
}
