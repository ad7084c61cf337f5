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
    public var positionSide: PositionSide
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var from: OrderState
    public var to: OrderState
    public var reduceOnly: Bool
    public var endReason: EndReason
    public var rejectReason: RejectReason?
    /// What it waits for at the venue; zero for one that waits for nothing, or no more.
    public var trigger: Price
    public init(
        id: ClientOrderID,
        number: SignalNumber,
        venueOrderID: VenueOrderID,
        instrument: InstrumentHandle,
        side: Side,
        positionSide: PositionSide,
        type: OrderType,
        timeInForce: TimeInForce,
        price: Price,
        quantity: Quantity,
        filled: Quantity,
        from: OrderState,
        to: OrderState,
        reduceOnly: Bool,
        venueTime: Timestamp,
        endReason: EndReason = .none,
        rejectReason: RejectReason? = nil,
        trigger: Price = .zero
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
        self.positionSide = positionSide
        self.type = type
        self.timeInForce = timeInForce
        self.from = from
        self.to = to
        self.reduceOnly = reduceOnly
        self.endReason = endReason
        self.rejectReason = rejectReason
        self.trigger = trigger
    }
}

/// A fill with the prices that its cost is judged by: the canonical `ExecutionFill`.
public struct FillRecord: Hashable, Sendable, BitwiseCopyable {
    public var execution: Execution
    public var number: SignalNumber
    /// The venue's number of the order; `.none` where it gave none, or the order is not ours.
    public var venueOrderID: VenueOrderID
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
        execution: Execution,
        number: SignalNumber,
        venueOrderID: VenueOrderID,
        arrival: Price,
        intended: Price,
        realized: Int64,
        isLate: Bool,
        isExternal: Bool
    ) {
        self.execution = execution
        self.number = number
        self.venueOrderID = venueOrderID
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
    /// nil without a mark.
    public var unrealized: Int64?
    public var fees: Int64
    /// Paid; negative where more was received.
    public var funding: Int64
    public init(
        instrument: InstrumentHandle,
        positionSide: PositionSide,
        quantity: SignedQuantity,
        averagePrice: Price,
        mark: Price,
        realized: Int64,
        unrealized: Int64?,
        fees: Int64,
        funding: Int64
    ) {
        self.instrument = instrument
        self.positionSide = positionSide
        self.quantity = quantity
        self.averagePrice = averagePrice
        self.mark = mark
        self.realized = realized
        self.unrealized = unrealized
        self.fees = fees
        self.funding = funding
    }
}

/// Funding that was booked, and what its position has paid in all, 10^-8.
public struct FundingRecord: Hashable, Sendable, BitwiseCopyable {
    public var payment: FundingPayment
    public var total: Int64
    public init(payment: FundingPayment, total: Int64) {
        self.payment = payment
        self.total = total
    }
}

/// What an account has come to: the canonical `PnLSnapshot`. Amounts in 10^-8; nil where something of it is unknown.
public struct ProfitRecord: Hashable, Sendable, BitwiseCopyable {
    public var venue: VenueHandle
    public var nav: Int64?
    public var peak: Int64?
    /// Share of the peak that is lost.
    public var drawdown: Rate?
    public var cash: Int64?
    public var realized: Int64
    /// nil while an open position has no mark.
    public var unrealized: Int64?
    public var fees: Int64
    public var funding: Int64
    /// Since 00:00 UTC, fees and funding subtracted.
    public var resultToday: Int64
    public var openPositions: Int
    public init(
        venue: VenueHandle,
        nav: Int64?,
        peak: Int64?,
        drawdown: Rate?,
        cash: Int64?,
        realized: Int64,
        unrealized: Int64?,
        fees: Int64,
        funding: Int64,
        resultToday: Int64,
        openPositions: Int
    ) {
        self.venue = venue
        self.nav = nav
        self.peak = peak
        self.drawdown = drawdown
        self.cash = cash
        self.realized = realized
        self.unrealized = unrealized
        self.fees = fees
        self.funding = funding
        self.resultToday = resultToday
        self.openPositions = openPositions
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
        number: SignalNumber,
        intent: IntentID,
        instrument: InstrumentHandle,
        strategy: StrategyHandle,
        side: Side,
        outcome: ParentOutcome,
        routedAs: RoutedAs,
        fallbackReason: FallbackReason,
        isReducing: Bool,
        source: SignalSource,
        approved: Quantity,
        filled: Quantity,
        averagePrice: Price,
        arrival: Price,
        fees: Int64,
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
    /// Its stop took another form, or a stage's stop. A trailing stop that only follows the price tells nothing.
    case adjusted
    /// The limit order of a stop-limit was not filled in time: a market exit follows.
    case escalated

    public var name: String {
        switch self {
        case .registered: "registered"
        case .fired: "fired"
        case .rearmed: "rearmed"
        case .removed: "removed"
        case .refired: "refired"
        case .adjusted: "adjusted"
        case .escalated: "escalated"
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
        number: SignalNumber,
        instrument: InstrumentHandle,
        positionSide: PositionSide,
        kind: LevelKind,
        event: LevelEvent,
        price: Price,
        quantity: Quantity,
        trigger: Price
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
