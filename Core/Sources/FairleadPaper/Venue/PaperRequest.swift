public import FairleadModel

/// An order as it is asked of the venue. The router's own bounds (approved, collar) never reach it.
public struct PaperOrder: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    /// Zero for a market order.
    public var price: Price
    public var quantity: Quantity
    /// The venue refuses the request from here on, by its own clock.
    public var validUntil: Timestamp
    /// The end of a good-till-date order; not read for others.
    public var expiresAt: Timestamp
    public var instrument: InstrumentHandle
    public var side: Side
    public var positionSide: PositionSide
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var reduceOnly: Bool
    /// What it waits for, outside of the book.
    public var condition: OrderCondition
    /// Of a trailing order: how far its stop stays behind the best price.
    public var trail: TrailingDistance

    public init(
        id: ClientOrderID,
        instrument: InstrumentHandle,
        side: Side,
        positionSide: PositionSide = .both,
        type: OrderType,
        timeInForce: TimeInForce = .gtc,
        price: Price = .zero,
        quantity: Quantity,
        validUntil: Timestamp = .distantFuture,
        expiresAt: Timestamp = .distantFuture,
        reduceOnly: Bool = false,
        condition: OrderCondition = .none,
        trail: TrailingDistance = .none
    ) {
        self.id = id
        self.price = price
        self.quantity = quantity
        self.validUntil = validUntil
        self.expiresAt = expiresAt
        self.instrument = instrument
        self.side = side
        self.positionSide = positionSide
        self.type = type
        self.timeInForce = timeInForce
        self.reduceOnly = reduceOnly
        self.condition = condition
        self.trail = trail
    }

    public init(_ submission: OrderSubmission) {
        self.init(
            id: submission.id,
            instrument: submission.instrument,
            side: submission.side,
            positionSide: submission.positionSide,
            type: submission.type,
            timeInForce: submission.timeInForce,
            price: submission.price,
            quantity: submission.quantity,
            validUntil: submission.validUntil,
            expiresAt: submission.expiresAt,
            reduceOnly: submission.reduceOnly,
            condition: submission.condition
        )
    }
}

public struct PaperAmendment: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var price: Price
    /// The new total quantity, what is filled included.
    public var quantity: Quantity
    public var validUntil: Timestamp
    /// A waiting order's new trigger, a trailing one's new activation price; zero keeps it.
    public var trigger: Price

    public init(
        id: ClientOrderID,
        price: Price,
        quantity: Quantity,
        validUntil: Timestamp = .distantFuture,
        trigger: Price = .zero
    ) {
        self.id = id
        self.trigger = trigger
        self.price = price
        self.quantity = quantity
        self.validUntil = validUntil
    }

    public init(_ amendment: OrderAmendment) {
        self.init(
            id: amendment.id,
            price: amendment.price,
            quantity: amendment.quantity,
            validUntil: amendment.validUntil,
            trigger: amendment.trigger
        )
    }
}

/// What a listing shall hold; everything in it is of one moment and one ledger sequence.
public struct PaperListingScope: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The client's own open orders.
    public static let openOrders = PaperListingScope(rawValue: 1)
    /// The account's executions after `executionsAfter`.
    public static let executions = PaperListingScope(rawValue: 2)
    public static let positions = PaperListingScope(rawValue: 4)
    public static let account = PaperListingScope(rawValue: 8)
    public static let all: PaperListingScope = [.openOrders, .executions, .positions, .account]
}

public struct PaperListingRequest: Hashable, Sendable, BitwiseCopyable {
    public var scope: PaperListingScope
    public var executionsAfter: ExecutionID
    @inlinable public init(scope: PaperListingScope = .all, executionsAfter: ExecutionID = ExecutionID(value: 0)) {
        self.scope = scope
        self.executionsAfter = executionsAfter
    }
}

/// What a client may ask of the venue. Instruments are asked of `PaperVenue.instruments`: they never change.
public enum PaperRequest: Hashable, Sendable, BitwiseCopyable {
    case submit(PaperOrder)
    case cancel(ClientOrderID)
    case amend(PaperAmendment)
    /// One order by its client id.
    case query(ClientOrderID)
    case list(PaperListingRequest)
    case time
}
