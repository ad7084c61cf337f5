/// What observers may know: the third of the three enums. Losing a notice loses no money: they go to a bounded ring,
/// and everything they say can be computed again by replaying the journal.
public enum Notice: Sendable, BitwiseCopyable {
    /// Exactly one for each signal.
    case acknowledged(SignalAcknowledgement)
    case sized(SizingRecord)
    /// One row of a risk decision: rule, observation, threshold.
    case riskRow(RiskRow)
    case riskDecided(RiskDecision)
    case routed(RouteDecision)
    case orderChanged(OrderChange)
    case filled(FillRecord)
    case positionChanged(PositionRecord)
    case parentClosed(ParentRecord)
    case levelChanged(LevelRecord)
    case tradingStateChanged(TradingStateRecord)
    case divergence(DivergenceRecord)
    case alarm(Alarm)
    case venueChanged(VenueRecord)
    case policyComputed(PolicyRecord)
    case barClosed(BarReport)
}

@frozen public enum SignalDisposition: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case accepted = 0
    case vetoed
    case duplicate
    case invalid

    public var name: String {
        switch self {
        case .accepted: "accepted"
        case .vetoed: "vetoed"
        case .duplicate: "duplicate"
        case .invalid: "invalid"
        }
    }
}

public struct SignalAcknowledgement: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    /// For a duplicate: the first signal of that id.
    public var original: SignalNumber
    /// `.none` unless accepted.
    public var intent: IntentID
    public var vetoes: VetoReasons
    public var instrument: InstrumentHandle
    public var disposition: SignalDisposition
    public var source: SignalSource
    public var invalid: InvalidSignalReason?
    public init(
        number: SignalNumber, disposition: SignalDisposition, source: SignalSource,
        instrument: InstrumentHandle = .none, intent: IntentID = .none, vetoes: VetoReasons = VetoReasons(),
        original: SignalNumber = .none, invalid: InvalidSignalReason? = nil
    ) {
        self.number = number
        self.original = original
        self.intent = intent
        self.vetoes = vetoes
        self.instrument = instrument
        self.disposition = disposition
        self.source = source
        self.invalid = invalid
    }
}

/// The size of an order with every factor that made it.
public struct SizingRecord: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var instrument: InstrumentHandle
    public var requested: SignalSize
    /// The price that turned money into quantity; zero when the signal gave a quantity.
    public var referencePrice: Price
    /// NAV at the moment, 10^-8; 0 when unknown.
    public var nav: Int64
    /// As asked for, on no grid yet.
    public var requestedQuantity: Quantity
    /// On the lot grid, never larger.
    public var sizedQuantity: Quantity
    public init(
        number: SignalNumber, instrument: InstrumentHandle, requested: SignalSize, referencePrice: Price, nav: Int64,
        requestedQuantity: Quantity, sizedQuantity: Quantity
    ) {
        self.number = number
        self.instrument = instrument
        self.requested = requested
        self.referencePrice = referencePrice
        self.nav = nav
        self.requestedQuantity = requestedQuantity
        self.sizedQuantity = sizedQuantity
    }
}

/// The unit of a risk row's numbers.
@frozen public enum RiskUnit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// 1 is true.
    case flag = 0
    /// 10^-8 of the reporting currency.
    case money
    /// 10^-8.
    case quantity
    /// 10^-8.
    case price
    /// 10^-8: a fraction, or a distance (1 bps is 10^4).
    case rate
    case count
    case milliseconds

    public var name: String {
        switch self {
        case .flag: "flag"
        case .money: "money"
        case .quantity: "quantity"
        case .price: "price"
        case .rate: "rate"
        case .count: "count"
        case .milliseconds: "ms"
        }
    }
}

@frozen public enum RiskStatus: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case passed = 0
    case broken
    /// Not configured, or not for this kind of order.
    case off
    /// The observation that it needs is missing and the rule lets it pass; one that fails closed is `broken`.
    case unknown

    public var name: String {
        switch self {
        case .passed: "passed"
        case .broken: "broken"
        case .off: "off"
        case .unknown: "unknown"
        }
    }
}

/// A decision's rows come in table order before its `riskDecided`; a rule without a row was off.
public struct RiskRow: Hashable, Sendable, BitwiseCopyable {
    /// Stands in `observed` where there was nothing to observe; never a made-up 0.
    public static let missing = Int64.min

    public var number: SignalNumber
    public var observed: Int64
    public var threshold: Int64
    public var rule: VetoReason
    public var status: RiskStatus
    public var unit: RiskUnit
    public init(
        number: SignalNumber, rule: VetoReason, status: RiskStatus, unit: RiskUnit, observed: Int64, threshold: Int64
    ) {
        self.number = number
        self.observed = observed
        self.threshold = threshold
        self.rule = rule
        self.status = status
        self.unit = unit
    }
}

public struct RiskDecision: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var vetoes: VetoReasons
    public var instrument: InstrumentHandle
    public var side: Side
    public var isReducing: Bool
    /// What was asked of the gateway, and what it let through: never more.
    public var sizedQuantity: Quantity
    public var approvedQuantity: Quantity
    public init(
        number: SignalNumber, instrument: InstrumentHandle, side: Side, isReducing: Bool, vetoes: VetoReasons,
        sizedQuantity: Quantity, approvedQuantity: Quantity
    ) {
        self.number = number
        self.vetoes = vetoes
        self.instrument = instrument
        self.side = side
        self.isReducing = isReducing
        self.sizedQuantity = sizedQuantity
        self.approvedQuantity = approvedQuantity
    }
}

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
        quality: PolicyQuality = .good, takerBias: TakerBias = .preferMaker, makerFirst: Bool = true,
        regime: MarketRegime = .normal, isRegimeAssumed: Bool = true, isBootstrap: Bool = true,
        isOverridden: Bool = false, bias: Rate = Rate(raw: 25_000_000), offset: Rate = .zero
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
        number: SignalNumber, intent: IntentID, instrument: InstrumentHandle, side: Side, policy: RouterPolicy,
        bid: Price, ask: Price, price: Price, quantity: Quantity, spread: Rate?, bookAge: TimeSpan, offset: Rate,
        signalToDecision: TimeSpan, makerStart: Bool, usedFallback: Bool, routedAs: RoutedAs, vetoReason: RouteReason,
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

/// One step in the life of an order: the canonical `OrderLifecycleEvent`.
public struct OrderChange: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var number: SignalNumber
    public var venueOrderID: VenueOrderID
    public var price: Price
    public var quantity: Quantity
    public var filled: Quantity
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle
    public var side: Side
    public var type: OrderType
    public var from: OrderState
    public var to: OrderState
    public var reduceOnly: Bool
    public var endReason: EndReason
    public var rejectReason: RejectReason?
    public init(
        id: ClientOrderID, number: SignalNumber, venueOrderID: VenueOrderID, instrument: InstrumentHandle, side: Side,
        type: OrderType, price: Price, quantity: Quantity, filled: Quantity, from: OrderState, to: OrderState,
        reduceOnly: Bool, venueTime: Timestamp, endReason: EndReason = .none, rejectReason: RejectReason? = nil
    ) {
        self.id = id
        self.number = number
        self.venueOrderID = venueOrderID
        self.price = price
        self.quantity = quantity
        self.filled = filled
        self.venueTime = venueTime
        self.instrument = instrument
        self.side = side
        self.type = type
        self.from = from
        self.to = to
        self.reduceOnly = reduceOnly
        self.endReason = endReason
        self.rejectReason = rejectReason
    }
}

/// A fill with the prices that its cost is judged by: the canonical `ExecutionFill`.
public struct FillRecord: Hashable, Sendable, BitwiseCopyable {
    public var execution: Execution
    public var number: SignalNumber
    /// Mid when the parent was accepted; zero when there was no book.
    public var arrival: Price
    /// Limit or touch when the child was sent; zero when unknown.
    public var intended: Price
    /// Realised profit of this fill, fee not included, 10^-8.
    public var realized: Int64
    /// It came after its order had ended, or for an order presumed dead.
    public var isLate: Bool
    /// Not of our making.
    public var isExternal: Bool
    public init(
        execution: Execution, number: SignalNumber, arrival: Price, intended: Price, realized: Int64, isLate: Bool,
        isExternal: Bool
    ) {
        self.execution = execution
        self.number = number
        self.arrival = arrival
        self.intended = intended
        self.realized = realized
        self.isLate = isLate
        self.isExternal = isExternal
    }
}

/// A position after a change: the canonical `PositionSnapshot`. Amounts in 10^-8.
public struct PositionRecord: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    public var quantity: SignedQuantity
    public var averagePrice: Price
    public var mark: Price
    public var realized: Int64
    public var unrealized: Int64
    public var fees: Int64
    public init(
        instrument: InstrumentHandle, positionSide: PositionSide, quantity: SignedQuantity, averagePrice: Price,
        mark: Price, realized: Int64, unrealized: Int64, fees: Int64
    ) {
        self.instrument = instrument
        self.positionSide = positionSide
        self.quantity = quantity
        self.averagePrice = averagePrice
        self.mark = mark
        self.realized = realized
        self.unrealized = unrealized
        self.fees = fees
    }
}

/// The end of a parent order.
public struct ParentRecord: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var instrument: InstrumentHandle
    public var strategy: StrategyHandle
    public var side: Side
    public var outcome: ParentOutcome
    public var routedAs: RoutedAs
    public var fallbackReason: FallbackReason
    public var isReducing: Bool
    public var source: SignalSource
    public var approved: Quantity
    public var filled: Quantity
    /// Quantity-weighted; zero when nothing was filled.
    public var averagePrice: Price
    public var arrival: Price
    /// 10^-8.
    public var fees: Int64
    public var makerFilled: Quantity
    public init(
        number: SignalNumber, intent: IntentID, instrument: InstrumentHandle, strategy: StrategyHandle, side: Side,
        outcome: ParentOutcome, routedAs: RoutedAs, fallbackReason: FallbackReason, isReducing: Bool,
        source: SignalSource, approved: Quantity, filled: Quantity, averagePrice: Price, arrival: Price, fees: Int64,
        makerFilled: Quantity
    ) {
        self.number = number
        self.intent = intent
        self.instrument = instrument
        self.strategy = strategy
        self.side = side
        self.outcome = outcome
        self.routedAs = routedAs
        self.fallbackReason = fallbackReason
        self.isReducing = isReducing
        self.source = source
        self.approved = approved
        self.filled = filled
        self.averagePrice = averagePrice
        self.arrival = arrival
        self.fees = fees
        self.makerFilled = makerFilled
    }
}

@frozen public enum LevelKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case takeProfit = 0
    case stopLoss = 1

    public var name: String { self == .takeProfit ? "take_profit" : "stop_loss" }
}

@frozen public enum LevelEvent: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case registered = 0
    case fired
    case rearmed
    case removed
    /// Fired, and the exit ended with position remaining: fires again after a pause.
    case refired

    public var name: String {
        switch self {
        case .registered: "registered"
        case .fired: "fired"
        case .rearmed: "rearmed"
        case .removed: "removed"
        case .refired: "refired"
        }
    }
}

public struct LevelRecord: Hashable, Sendable, BitwiseCopyable {
    /// The signal that brought the level.
    public var number: SignalNumber
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    public var kind: LevelKind
    public var event: LevelEvent
    public var price: Price
    public var quantity: Quantity
    /// What crossed it; zero unless fired.
    public var trigger: Price
    public init(
        number: SignalNumber, instrument: InstrumentHandle, positionSide: PositionSide, kind: LevelKind,
        event: LevelEvent, price: Price, quantity: Quantity, trigger: Price
    ) {
        self.number = number
        self.instrument = instrument
        self.positionSide = positionSide
        self.kind = kind
        self.event = event
        self.price = price
        self.quantity = quantity
        self.trigger = trigger
    }
}

/// What moved the trading state.
@frozen public enum StateCause: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case start = 0
    case operatorOrder
    case drawdownCircuit
    case rejectStorm
    case overSend
    case divergence
    case staleVenue
    case clockSkew
    case recovered
    case journal

    public var name: String {
        switch self {
        case .start: "start"
        case .operatorOrder: "operator"
        case .drawdownCircuit: "drawdown_circuit"
        case .rejectStorm: "reject_storm"
        case .overSend: "over_send"
        case .divergence: "divergence"
        case .staleVenue: "stale_venue"
        case .clockSkew: "clock_skew"
        case .recovered: "recovered"
        case .journal: "journal"
        }
    }
}

public struct TradingStateRecord: Hashable, Sendable, BitwiseCopyable {
    public var from: TradingState
    public var to: TradingState
    public var cause: StateCause
    public var isFrozen: Bool
    /// Increasing orders handed out over the whole journal: "zero sends since" is this number standing still.
    public var increasingSends: UInt64
    public init(from: TradingState, to: TradingState, cause: StateCause, isFrozen: Bool, increasingSends: UInt64) {
        self.from = from
        self.to = to
        self.cause = cause
        self.isFrozen = isFrozen
        self.increasingSends = increasingSends
    }
}

public struct DivergenceRecord: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    public var ours: SignedQuantity
    public var venue: SignedQuantity
    public init(
        instrument: InstrumentHandle, positionSide: PositionSide, ours: SignedQuantity, venue: SignedQuantity
    ) {
        self.instrument = instrument
        self.positionSide = positionSide
        self.ours = ours
        self.venue = venue
    }
}

@frozen public enum AlarmKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case unknownOrder = 0
    case unknownOrderEscalated
    case overfill
    case externalFill
    case lateFill
    case rejectStorm
    case repeatedExecution
    case overSend
    case divergence
    case venueDisconnected
    case exitUnbounded
    case exitFailed
    case navJump
    case outOfOrder
    case capacity
    case residual

    public var name: String {
        switch self {
        case .unknownOrder: "unknown_order"
        case .unknownOrderEscalated: "unknown_order_escalated"
        case .overfill: "overfill"
        case .externalFill: "external_fill"
        case .lateFill: "late_fill"
        case .rejectStorm: "reject_storm"
        case .repeatedExecution: "repeated_execution"
        case .overSend: "over_send"
        case .divergence: "divergence"
        case .venueDisconnected: "venue_disconnected"
        case .exitUnbounded: "exit_unbounded"
        case .exitFailed: "exit_failed"
        case .navJump: "nav_jump"
        case .outOfOrder: "out_of_order"
        case .capacity: "capacity"
        case .residual: "residual"
        }
    }
}

public struct Alarm: Hashable, Sendable, BitwiseCopyable {
    public var kind: AlarmKind
    public var instrument: InstrumentHandle
    public var order: ClientOrderID
    /// A number that the kind explains: a quantity, a count, an age in ms.
    public var value: Int64
    public init(
        _ kind: AlarmKind, instrument: InstrumentHandle = .none, order: ClientOrderID = .none, value: Int64 = 0
    ) {
        self.kind = kind
        self.instrument = instrument
        self.order = order
        self.value = value
    }
}

@frozen public enum VenueCondition: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case disconnected = 0
    case connected
    case reconciled
    case throttled
    case banned

    public var name: String {
        switch self {
        case .disconnected: "disconnected"
        case .connected: "connected"
        case .reconciled: "reconciled"
        case .throttled: "throttled"
        case .banned: "banned"
        }
    }
}

public struct VenueRecord: Hashable, Sendable, BitwiseCopyable {
    public var venue: VenueHandle
    public var condition: VenueCondition
    public var until: Timestamp
    public init(venue: VenueHandle, condition: VenueCondition, until: Timestamp = .never) {
        self.venue = venue
        self.condition = condition
        self.until = until
    }
}
