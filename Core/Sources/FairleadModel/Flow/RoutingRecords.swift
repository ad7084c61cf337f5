@frozen public enum PolicyQuality: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case good = 0
    case ok
    case degraded
    case broken

    public var name: String {
        switch self {
        case .good: "good"
        case .ok: "ok"
        case .degraded: "degraded"
        case .broken: "broken"
        }
    }
}

@frozen public enum TakerBias: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case preferMaker = 0
    case balanced
    case preferTaker

    public var name: String {
        switch self {
        case .preferMaker: "prefer_maker"
        case .balanced: "balanced"
        case .preferTaker: "prefer_taker"
        }
    }
}

@frozen public enum MarketRegime: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case quiet = 0
    case normal
    case hot
    case panic

    public var name: String {
        switch self {
        case .quiet: "quiet"
        case .normal: "normal"
        case .hot: "hot"
        case .panic: "panic"
        }
    }
}

/// SPEC 7's policy of one symbol. Its text `reason` is made of `quality`, `regime`, `isBootstrap` and `isOverridden`.
@frozen public struct RouterPolicy: Hashable, Sendable, BitwiseCopyable {
    public var quality: PolicyQuality
    public var takerBias: TakerBias
    public var makerFirst: Bool
    public var regime: MarketRegime
    /// No data for the regime: `normal` is assumed.
    public var isRegimeAssumed: Bool
    public var isBootstrap: Bool
    public var isOverridden: Bool
    /// 0 maker, 1 taker.
    public var bias: Rate
    /// Away from the offset's reference.
    public var offset: Rate
    public init(
        quality: PolicyQuality = .good,
        takerBias: TakerBias = .preferMaker,
        makerFirst: Bool = true,
        regime: MarketRegime = .normal,
        isRegimeAssumed: Bool = true,
        isBootstrap: Bool = true,
        isOverridden: Bool = false,
        bias: Rate = Rate(raw: 25_000_000),
        offset: Rate = .zero
    ) {
        self.quality = quality
        self.takerBias = takerBias
        self.makerFirst = makerFirst
        self.regime = regime
        self.isRegimeAssumed = isRegimeAssumed
        self.isBootstrap = isBootstrap
        self.isOverridden = isOverridden
        self.bias = bias
        self.offset = offset
    }

    /// Semicolon-joined, as state files and route decisions carry it.
    public var reason: String {
        var parts = ["quality=\(quality.name)", "regime=\(regime.name)"]
        if isRegimeAssumed { parts.append("regime_assumed") }
        if isBootstrap { parts.append("bootstrap") }
        if isOverridden { parts.append("override") }
        return parts.joined(separator: ";")
    }
}

public struct PolicyRecord: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var policy: RouterPolicy
    public init(instrument: InstrumentHandle, policy: RouterPolicy) {
        self.instrument = instrument
        self.policy = policy
    }
}

/// Emitted when a parent is routed, and again at each fallback and at its end.
public struct RouteDecision: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var policy: RouterPolicy
    public var bid: Price
    public var ask: Price
    /// The limit of the first order; zero for a market order.
    public var price: Price
    public var quantity: Quantity
    /// nil when there is no book.
    public var spread: Rate?
    public var bookAge: TimeSpan
    public var offset: Rate
    /// From the signal's receipt to this decision, in engine time.
    public var signalToDecision: TimeSpan
    public var instrument: InstrumentHandle
    public var side: Side
    public var makerStart: Bool
    public var usedFallback: Bool
    public var routedAs: RoutedAs
    /// Why it did not start as maker.
    public var vetoReason: RouteReason
    public var fallbackReason: FallbackReason
    public init(
        number: SignalNumber,
        intent: IntentID,
        instrument: InstrumentHandle,
        side: Side,
        policy: RouterPolicy,
        bid: Price,
        ask: Price,
        price: Price,
        quantity: Quantity,
        spread: Rate?,
        bookAge: TimeSpan,
        offset: Rate,
        signalToDecision: TimeSpan,
        makerStart: Bool,
        usedFallback: Bool,
        routedAs: RoutedAs,
        vetoReason: RouteReason,
        fallbackReason: FallbackReason
    ) {
        self.number = number
        self.intent = intent
        self.policy = policy
        self.bid = bid
        self.ask = ask
        self.price = price
        self.quantity = quantity
        self.spread = spread
        self.bookAge = bookAge
        self.offset = offset
        self.signalToDecision = signalToDecision
        self.instrument = instrument
        self.side = side
        self.makerStart = makerStart
        self.usedFallback = usedFallback
        self.routedAs = routedAs
        self.vetoReason = vetoReason
        self.fallbackReason = fallbackReason
    }
}
