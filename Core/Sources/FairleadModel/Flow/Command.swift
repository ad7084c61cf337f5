/// What the engine wants done at a venue: the second of the three enums. The node journals nothing of it (a replay
/// computes it again) but lets no submit out before its event is durable and the egress guard has passed it.
public enum Command: Sendable, BitwiseCopyable {
    case submit(OrderSubmission)
    case cancel(OrderCancellation)
    case replace(OrderAmendment)
    /// Ask the venue for one order by its client id.
    case query(OrderQuery)
    /// Ask the venue for its open orders, positions, balances, and executions from `executionsAfter`.
    case reconcile(ReconciliationRequest)
    /// Close the session and open a new one: an unknown order needs it for its proof.
    case reconnect(VenueHandle)
}

public struct OrderSubmission: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    /// The signal that it goes back to: for its text only, it is not sent.
    public var number: SignalNumber
    /// Zero for a market order.
    public var price: Price
    public var quantity: Quantity
    /// The quantity that risk approved for the whole parent: the guard never lets more be exposed.
    public var approved: Quantity
    /// The worst price that the guard lets pass: a buy's highest, a sell's lowest; zero when unbounded (exits only).
    public var collar: Price
    /// The venue refuses the request from here on, by its own clock.
    public var validUntil: Timestamp
    /// Good-till-date's end, or the signal's expiry for the guard; `distantFuture` when none.
    public var expiresAt: Timestamp
    public var instrument: InstrumentHandle
    public var side: Side
    public var positionSide: PositionSide
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var reduceOnly: Bool
    /// True when it can raise exposure: halted states, throttles and reconciliation hold it back.
    public var isIncreasing: Bool
    /// What it waits for at the venue.
    public var condition: OrderCondition

    public init(
        id: ClientOrderID,
        instrument: InstrumentHandle,
        side: Side,
        positionSide: PositionSide = .both,
        type: OrderType,
        timeInForce: TimeInForce,
        price: Price,
        quantity: Quantity,
        approved: Quantity,
        collar: Price,
        validUntil: Timestamp,
        expiresAt: Timestamp = .distantFuture,
        reduceOnly: Bool = false,
        isIncreasing: Bool = true,
        number: SignalNumber = .none,
        condition: OrderCondition = .none
    ) {
        self.id = id
        self.number = number
        self.price = price
        self.quantity = quantity
        self.approved = approved
        self.collar = collar
        self.validUntil = validUntil
        self.expiresAt = expiresAt
        self.instrument = instrument
        self.side = side
        self.positionSide = positionSide
        self.type = type
        self.timeInForce = timeInForce
        self.reduceOnly = reduceOnly
        self.isIncreasing = isIncreasing
        self.condition = condition
    }
}

public struct OrderCancellation: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var venueOrderID: VenueOrderID
    public var instrument: InstrumentHandle
    @inlinable public init(id: ClientOrderID, venueOrderID: VenueOrderID, instrument: InstrumentHandle) {
        self.id = id
        self.venueOrderID = venueOrderID
        self.instrument = instrument
    }
}

public struct OrderAmendment: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var venueOrderID: VenueOrderID
    /// Zero for an order that becomes a market order at its trigger.
    public var price: Price
    /// Of an order that waits for it; zero for others.
    public var trigger: Price
    /// The new total quantity, what is filled included.
    public var quantity: Quantity
    public var approved: Quantity
    public var collar: Price
    public var validUntil: Timestamp
    public var instrument: InstrumentHandle
    public var side: Side
    public var isIncreasing: Bool
    @inlinable public init(
        id: ClientOrderID,
        venueOrderID: VenueOrderID,
        instrument: InstrumentHandle,
        side: Side,
        price: Price,
        quantity: Quantity,
        approved: Quantity,
        collar: Price,
        validUntil: Timestamp,
        isIncreasing: Bool,
        trigger: Price = .zero
    ) {
        self.id = id
        self.venueOrderID = venueOrderID
        self.price = price
        self.trigger = trigger
        self.quantity = quantity
        self.approved = approved
        self.collar = collar
        self.validUntil = validUntil
        self.instrument = instrument
        self.side = side
        self.isIncreasing = isIncreasing
    }
}

public struct OrderQuery: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var instrument: InstrumentHandle
    @inlinable public init(id: ClientOrderID, instrument: InstrumentHandle) {
        self.id = id
        self.instrument = instrument
    }
}

public struct ReconciliationRequest: Hashable, Sendable, BitwiseCopyable {
    public var executionsAfter: ExecutionID
    public var venue: VenueHandle
    @inlinable public init(venue: VenueHandle, executionsAfter: ExecutionID) {
        self.executionsAfter = executionsAfter
        self.venue = venue
    }
}
