/// What a size was made from.
@frozen public enum SizingBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// The signal's own quantity, sum or share.
    case given = 0
    /// Kelly, and of the strategy too little is known: `sizing.kelly.base_fraction`.
    case base
    /// Kelly, from the strategy's closed trades.
    case edge
    /// Kelly, and the strategy's closed trades have none: the entry is vetoed `negative_edge`.
    case noEdge

    /// Empty where the signal gave its size.
    public var name: String {
        switch self {
        case .given: ""
        case .base: "base_fraction"
        case .edge: "edge"
        case .noEdge: "negative_edge"
        }
    }
}

/// How volatile an instrument is of late, against its longer past: what sizes are cut by (RULES, Sizing). Not SPEC 7's
/// market regime, which is of ranges.
@frozen public enum SizingRegime: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case low = 0
    case normal
    case high
    case crisis

    public var name: String {
        switch self {
        case .low: "low"
        case .normal: "normal"
        case .high: "high"
        case .crisis: "crisis"
        }
    }
}

/// The bounds that a Kelly size was cut to.
@frozen public struct SizingClamps: Hashable, Sendable, BitwiseCopyable {
    public var bits: UInt8
    @inlinable public init(bits: UInt8 = 0) { self.bits = bits }

    public static let maximumFraction = SizingClamps(bits: 1)
    public static let buyingPower = SizingClamps(bits: 2)

    @inlinable public mutating func insert(_ clamp: SizingClamps) { bits |= clamp.bits }
    @inlinable public func contains(_ clamp: SizingClamps) -> Bool { bits & clamp.bits != 0 }

    /// The keys of the bounds, in the order in which they are asked.
    public var names: [String] {
        var names: [String] = []
        if contains(.maximumFraction) { names.append("max_fraction") }
        if contains(.buyingPower) { names.append("max_buying_power_fraction") }
        return names
    }
}

/// Every factor of a size (SPEC 5), in the order in which they were applied. Shares and ratios are 10^-8, rounded down.
public struct SizingFactors: Hashable, Sendable, BitwiseCopyable {
    /// Stands where there is no number; never a made-up 0.
    @inlinable public static var missing: Rate { Rate(raw: Int64.min) }

    /// f of Kelly, or the base fraction; missing where the size was given, and where f has no value.
    public var fraction = SizingFactors.missing
    /// p: wins over closed trades.
    public var winRate = SizingFactors.missing
    /// b: the mean win over the mean loss.
    public var payoff = SizingFactors.missing
    /// 0.25 + 0.75 confidence.
    public var confidenceFactor = Rate.one
    public var multiplier = Rate.one
    /// Sum of max(0, d * rho) over open positions: the size is divided by 1 and it.
    public var correlationLoad = Rate.zero
    public var regimeMultiplier = Rate.one
    /// What is left of it: the share of NAV that was sized; missing where the size was given.
    public var navFraction = SizingFactors.missing
    /// Closed trades that the edge was made from.
    public var trades: UInt32 = 0
    public var basis = SizingBasis.given
    /// nil where it was not asked.
    public var regime: SizingRegime?
    public var clamps = SizingClamps()

    public init() {}
}
