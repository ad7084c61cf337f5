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
    /// `risk_mode` is `halted`.
    case riskMode
    /// The venue closed a position of ours since the account's margin was used up.
    case liquidation

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
        case .riskMode: "risk_mode"
        case .liquidation: "liquidation"
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

/// Risk mode or drawdown state have changed.
public struct RiskModeRecord: Hashable, Sendable, BitwiseCopyable {
    public var from: RiskMode
    public var to: RiskMode
    public var drawdownFrom: DrawdownState
    public var drawdownTo: DrawdownState
    public var isNavStale: Bool
    /// Global router quality below 0.5.
    public var isRouterPoor: Bool
    /// Share of the peak that is lost; nil when nothing is known.
    public var drawdown: Rate?
    public init(
        from: RiskMode,
        to: RiskMode,
        drawdownFrom: DrawdownState,
        drawdownTo: DrawdownState,
        isNavStale: Bool,
        isRouterPoor: Bool,
        drawdown: Rate?
    ) {
        self.from = from
        self.to = to
        self.drawdownFrom = drawdownFrom
        self.drawdownTo = drawdownTo
        self.isNavStale = isNavStale
        self.isRouterPoor = isRouterPoor
        self.drawdown = drawdown
    }
}

/// What a person ordered and did not get, and why. Exactly one for each order that is refused.
public struct OperatorRefused: Hashable, Sendable, BitwiseCopyable {
    public var action: OperatorAction
    public var reason: OperatorRefusal
    /// The order meant; `.none` where the action means none.
    public var order: ClientOrderID
    /// The signal of that order; `.none` where no row holds it.
    public var number: SignalNumber
    public var instrument: InstrumentHandle
    public init(
        _ action: OperatorAction,
        _ reason: OperatorRefusal,
        order: ClientOrderID,
        number: SignalNumber,
        instrument: InstrumentHandle
    ) {
        self.action = action
        self.reason = reason
        self.order = order
        self.number = number
        self.instrument = instrument
    }
}

public struct DivergenceRecord: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    public var ours: SignedQuantity
    public var venue: SignedQuantity
    public init(
        instrument: InstrumentHandle,
        positionSide: PositionSide,
        ours: SignedQuantity,
        venue: SignedQuantity
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
    /// The venue closed a position of ours by an order of its own.
    case venueClosed

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
        case .venueClosed: "venue_closed"
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
        _ kind: AlarmKind,
        instrument: InstrumentHandle = .none,
        order: ClientOrderID = .none,
        value: Int64 = 0
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
    /// Of one instrument: its venue has stopped its trading.
    case halted
    case resumed

    public var name: String {
        switch self {
        case .disconnected: "disconnected"
        case .connected: "connected"
        case .reconciled: "reconciled"
        case .throttled: "throttled"
        case .banned: "banned"
        case .halted: "halted"
        case .resumed: "resumed"
        }
    }
}

public struct VenueRecord: Hashable, Sendable, BitwiseCopyable {
    public var venue: VenueHandle
    public var condition: VenueCondition
    public var until: Timestamp
    /// `.none` where it concerns the whole venue.
    public var instrument: InstrumentHandle
    public init(
        venue: VenueHandle,
        condition: VenueCondition,
        until: Timestamp = .never,
        instrument: InstrumentHandle = .none
    ) {
        self.venue = venue
        self.condition = condition
        self.until = until
        self.instrument = instrument
    }
}
