/// A way to send an entry that adaptive routing chooses among (SPEC 12.4). Raw values are part of snapshots.
@frozen public enum RouteArm: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Within the collar, at once.
    case take = 0
    /// Rests at its own touch for the short timeout, then takes.
    case joinShort
    /// Rests at its own touch for the router's maker timeout, then takes.
    case joinLong
    /// Some ticks behind its own touch.
    case deeperShort
    case deeperLong

    public var name: String {
        switch self {
        case .take: "take"
        case .joinShort: "join_short"
        case .joinLong: "join_long"
        case .deeperShort: "deeper_short"
        case .deeperLong: "deeper_long"
        }
    }

    @inlinable public var isMaker: Bool { self != .take }
    @inlinable public var isDeeper: Bool { self == .deeperShort || self == .deeperLong }
    @inlinable public var isShort: Bool { self == .joinShort || self == .deeperShort }

    @inlinable public static var count: Int { 5 }
}

/// A number for each arm.
@frozen public struct ArmValues: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline var take: Int32
    @usableFromInline var joinShort: Int32
    @usableFromInline var joinLong: Int32
    @usableFromInline var deeperShort: Int32
    @usableFromInline var deeperLong: Int32

    /// The same for all.
    @inlinable public init(_ value: Int32 = 0) {
        (take, joinShort, joinLong, deeperShort, deeperLong) = (value, value, value, value, value)
    }

    @inlinable public subscript(arm: RouteArm) -> Int32 {
        get {
            switch arm {
            case .take: take
            case .joinShort: joinShort
            case .joinLong: joinLong
            case .deeperShort: deeperShort
            case .deeperLong: deeperLong
            }
        }
        set {
            switch arm {
            case .take: take = newValue
            case .joinShort: joinShort = newValue
            case .joinLong: joinLong = newValue
            case .deeperShort: deeperShort = newValue
            case .deeperLong: deeperLong = newValue
            }
        }
    }
}

/// Why an order was left to the static policy, or its arm to the static one.
@frozen public enum AdaptiveReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// It was not: what was drawn is what runs.
    case none = 0
    case shadow
    /// `router.adaptive.symbols` does not name it.
    case symbolNotListed
    /// The risk mode is not normal.
    case riskMode
    /// Its costs have shifted upward lately.
    case costAlarm
    /// The estimates rest on too few orders. A try may still be drawn.
    case fewSamples

    public var name: String {
        switch self {
        case .none: ""
        case .shadow: "shadow"
        case .symbolNotListed: "symbol_not_listed"
        case .riskMode: "risk_mode"
        case .costAlarm: "cost_alarm"
        case .fewSamples: "few_samples"
        }
    }
}

/// What an adaptive route looked at. The cell is what the estimates are kept by.
@frozen public struct ArmFeatures: Hashable, Sendable, BitwiseCopyable {
    /// The order's own side's share of what is shown at both touches, 0 to 1.
    public var ownShare: Rate
    public var spreadTicks: Int32
    public var regime: MarketRegime

    @inlinable public init(ownShare: Rate, spreadTicks: Int32, regime: MarketRegime) {
        self.ownShare = ownShare
        self.spreadTicks = spreadTicks
        self.regime = regime
    }

    @inlinable public static var cells: Int { 12 }

    /// 0 to 11: the own share's third, whether the spread is wider than a tick, whether the market is hot.
    @inlinable public var cell: UInt8 {
        let third: UInt8 = ownShare.raw * 3 < FixedPoint.one ? 0 : ownShare.raw * 3 < 2 * FixedPoint.one ? 1 : 2
        let isHot = regime == .hot || regime == .panic
        return third + (spreadTicks > 1 ? 3 : 0) + (isHot ? 6 : 0)
    }
}

/// One choice of adaptive routing, told right before the route decision that it makes: enough to weigh it afterwards
/// (off-policy evaluation), and to see why.
public struct ArmDecision: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var instrument: InstrumentHandle
    public var side: Side
    /// What was drawn.
    public var chosen: RouteArm
    /// What runs: `chosen`, or the static arm where `reason` says so.
    public var executed: RouteArm
    /// What the static policy would do.
    public var standing: RouteArm
    /// The cheapest by expected cost of those that may be chosen, after hysteresis.
    public var preferred: RouteArm
    public var reason: AdaptiveReason
    /// Drawn for what it teaches.
    public var isExplored: Bool
    public var features: ArmFeatures
    /// The probability that each arm had of being `chosen`, in 10^-8; they sum to 10^8.
    public var propensities: ArmValues
    /// Expected effective cost against the middle, fees included, in 10^-8 of notional; `noCost` where there is no such
    /// arm.
    public var costs: ArmValues
    /// The probability of a fill as maker, in 10^-8; 0 for `take`.
    public var fills: ArmValues
    /// Orders that each arm's estimate rests on, decayed.
    public var samples: ArmValues
    /// The share of orders that leave the static arm in this cell, 10^-8.
    public var weight: Int32

    @inlinable public static var noCost: Int32 { .max }

    public init(
        number: SignalNumber = .none,
        intent: IntentID = .none,
        instrument: InstrumentHandle = .none,
        side: Side = .buy,
        standing: RouteArm = .take,
        features: ArmFeatures = ArmFeatures(ownShare: .zero, spreadTicks: 0, regime: .normal)
    ) {
        self.number = number
        self.intent = intent
        self.instrument = instrument
        self.side = side
        self.standing = standing
        self.features = features
        (chosen, executed, preferred) = (standing, standing, standing)
        reason = .none
        isExplored = false
        propensities = ArmValues()
        costs = ArmValues(Self.noCost)
        fills = ArmValues()
        samples = ArmValues()
        weight = 0
    }
}
