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

/// What autotune has moved of a policy, from what was computed.
@frozen public struct PolicyTune: Hashable, Sendable, BitwiseCopyable {
    // Small, since each route decision carries it: a bias is at most 10^8, an offset far less.
    @usableFromInline var biasRaw: Int32
    @usableFromInline var offsetRaw: Int32
    public var isFlipped: Bool

    public init(bias: Rate = .zero, offset: Rate = .zero, isFlipped: Bool = false) {
        biasRaw = Int32(clamping: bias.raw)
        offsetRaw = Int32(clamping: offset.raw)
        self.isFlipped = isFlipped
    }

    public var bias: Rate {
        get { Rate(raw: Int64(biasRaw)) }
        set { biasRaw = Int32(clamping: newValue.raw) }
    }

    public var offset: Rate {
        get { Rate(raw: Int64(offsetRaw)) }
        set { offsetRaw = Int32(clamping: newValue.raw) }
    }

    /// Nothing was moved.
    @inlinable public static var none: PolicyTune { PolicyTune() }
}

/// SPEC 7's policy of one symbol. Its text `reason` is made of `quality`, `regime`, `isBootstrap`, `isOverridden` and
/// `tune`.
@frozen public struct RouterPolicy: Hashable, Sendable, BitwiseCopyable {
    public var quality: PolicyQuality
    public var takerBias: TakerBias
    public var makerFirst: Bool
    public var regime: MarketRegime
    /// No data for the regime: `normal` is assumed.
    public var isRegimeAssumed: Bool
    public var isBootstrap: Bool
    public var isOverridden: Bool
    // `tune`, in the room that the flags leave.
    @usableFromInline var isFlipped: Bool
    @usableFromInline var biasStep: Int32
    @usableFromInline var offsetStep: Int32
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
        offset: Rate = .zero,
        tune: PolicyTune = PolicyTune()
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
        isFlipped = tune.isFlipped
        biasStep = tune.biasRaw
        offsetStep = tune.offsetRaw
    }

    /// What of this is autotune's doing.
    public var tune: PolicyTune {
        get {
            PolicyTune(
                bias: Rate(raw: Int64(biasStep)),
                offset: Rate(raw: Int64(offsetStep)),
                isFlipped: isFlipped
            )
        }
        set { (biasStep, offsetStep, isFlipped) = (newValue.biasRaw, newValue.offsetRaw, newValue.isFlipped) }
    }

    /// As it was computed, before autotune. A bias that was computed has its label.
    public var computed: RouterPolicy {
        guard tune != .none else { return self }
        var computed = self
        computed.bias = bias - tune.bias
        computed.offset = offset - tune.offset
        computed.makerFirst = makerFirst != tune.isFlipped
        if tune.bias != .zero { computed.takerBias = TakerBias(of: computed.bias) }
        computed.tune = .none
        return computed
    }

    /// Semicolon-joined, as state files and route decisions carry it.
    public var reason: String {
        var parts = ["quality=\(quality.name)", "regime=\(regime.name)"]
        if isRegimeAssumed { parts.append("regime_assumed") }
        if isBootstrap { parts.append("bootstrap") }
        if isOverridden { parts.append("override") }
        if tune != .none { parts.append("autotuned") }
        return parts.joined(separator: ";")
    }
}

/// A symbol's policy is another than it was, and the evidence that made it.
public struct PolicyRecord: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var policy: RouterPolicy
    /// As observed, before the prior.
    public var evidence: Effectiveness
    public init(instrument: InstrumentHandle, policy: RouterPolicy, evidence: Effectiveness = .none) {
        self.instrument = instrument
        self.policy = policy
        self.evidence = evidence
    }
}

/// The moment of a parent's life that a route decision tells.
@frozen public enum RouteMoment: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Before its first order.
    case start = 0
    /// Before a further order of the same kind: a maker quoted anew, an exit repriced, the next piece of a split order.
    case requote
    /// The maker leg gives way to a taker.
    case fallback
    /// The parent has ended: what it came to.
    case end
    /// Before the first order of a TWAP's further slice.
    case slice

    public var name: String {
        switch self {
        case .start: "start"
        case .requote: "requote"
        case .fallback: "fallback"
        case .end: "end"
        case .slice: "slice"
        }
    }
}

/// How long a parent took to here, in engine time; nil for what has not happened.
public struct RouteLatency: Hashable, Sendable, BitwiseCopyable {
    /// From the signal's receipt to this decision; at the end: to the last one.
    public var signalToDecision: TimeSpan
    /// From the decision on the parent's latest order so far to its handing out. The engine does both in one step.
    public var decisionToSend: TimeSpan?
    /// From the handing out to the venue's first word on the order.
    public var sendToAcknowledgement: TimeSpan?
    /// From that word to the order's first fill.
    public var acknowledgementToFill: TimeSpan?
    public init(
        signalToDecision: TimeSpan,
        decisionToSend: TimeSpan? = nil,
        sendToAcknowledgement: TimeSpan? = nil,
        acknowledgementToFill: TimeSpan? = nil
    ) {
        self.signalToDecision = signalToDecision
        self.decisionToSend = decisionToSend
        self.sendToAcknowledgement = sendToAcknowledgement
        self.acknowledgementToFill = acknowledgementToFill
    }
}

/// Emitted when a parent is routed, again before each further order of it, at each fallback and at its end.
public struct RouteDecision: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var policy: RouterPolicy
    public var bid: Price
    public var ask: Price
    /// The limit of the order; zero for a market order. At the end: the average of what was filled.
    public var price: Price
    /// `price` with the fee, from our side: what one unit costs or brings; zero where there is no price.
    public var effectivePrice: Price
    /// What is left to send; at the end: what was filled.
    public var quantity: Quantity
    /// nil when there is no book.
    public var spread: Rate?
    public var bookAge: TimeSpan
    public var offset: Rate
    public var latency: RouteLatency
    public var instrument: InstrumentHandle
    public var side: Side
    public var moment: RouteMoment
    public var makerStart: Bool
    /// The parent has ended, and all that was filled was filled by its maker.
    public var isMakerFinal: Bool
    public var usedFallback: Bool
    public var routedAs: RoutedAs
    /// The first gate that was shut: why it did not start as maker, or was not quoted again.
    public var vetoReason: RouteReason
    public var fallbackReason: FallbackReason
    public init(
        number: SignalNumber,
        intent: IntentID,
        instrument: InstrumentHandle,
        side: Side,
        moment: RouteMoment,
        policy: RouterPolicy,
        bid: Price,
        ask: Price,
        price: Price,
        effectivePrice: Price,
        quantity: Quantity,
        spread: Rate?,
        bookAge: TimeSpan,
        offset: Rate,
        latency: RouteLatency,
        makerStart: Bool,
        isMakerFinal: Bool,
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
        self.effectivePrice = effectivePrice
        self.quantity = quantity
        self.spread = spread
        self.bookAge = bookAge
        self.offset = offset
        self.latency = latency
        self.instrument = instrument
        self.side = side
        self.moment = moment
        self.makerStart = makerStart
        self.isMakerFinal = isMakerFinal
        self.usedFallback = usedFallback
        self.routedAs = routedAs
        self.vetoReason = vetoReason
        self.fallbackReason = fallbackReason
    }
}
