public import FairleadModel

/// The place of an order in `OrderTable`: small, dense and reused. It travels inside the client order id.
@frozen public struct OrderSlot: Hashable, Sendable, BitwiseCopyable {
    public var index: UInt32
    @inlinable public init(index: UInt32) { self.index = index }
    public static let none = OrderSlot(index: UInt32.max)
}

/// The place of a parent in `ParentTable`.
@frozen public struct ParentSlot: Hashable, Sendable, BitwiseCopyable {
    public var index: UInt32
    @inlinable public init(index: UInt32) { self.index = index }
    public static let none = ParentSlot(index: UInt32.max)
}

/// One order at a venue: a row of `OrderTable`.
public struct Order: BitwiseCopyable, Sendable {
    public var id = ClientOrderID.none
    public var number = SignalNumber.none
    public var venueOrderID = VenueOrderID.none
    public var parent = ParentSlot.none
    /// Limit; zero for a market order.
    public var price = Price.zero
    public var quantity = Quantity.zero
    public var filled = Quantity.zero
    /// What an unanswered amendment asked for; zero when there is none.
    public var requestedPrice = Price.zero
    public var requestedQuantity = Quantity.zero
    /// Of an order that waits, beside its trigger in `requestedPrice`: the limit that it is to have.
    public var requestedLimit = Price.zero
    /// What it waits for, or waited for.
    public var condition = OrderCondition.none
    /// The venue has said that it filled so much more than we have seen; those fills are on their way.
    public var owed = Quantity.zero
    /// Limit or touch at the send: what a child's slippage is judged by.
    public var intended = Price.zero
    public var collar = Price.zero
    public var createdAt = Timestamp.never
    public var updatedAt = Timestamp.never
    public var expiresAt = Timestamp.distantFuture
    public var validUntil = Timestamp.never
    public var unknownSince = Timestamp.never
    /// The session with the venue in which it was handed out.
    public var session: UInt32 = 0
    /// The session whose listing of open orders has shown it.
    public var reportedSession: UInt32 = 0
    public var instrument = InstrumentHandle.none
    public var queries: UInt16 = 0
    public var side = Side.buy
    public var positionSide = PositionSide.both
    public var type = OrderType.limit
    public var timeInForce = TimeInForce.gtc
    public var state = OrderState.created
    public var endReason = EndReason.none
    public var reduceOnly = false
    public var isIncreasing = true
    /// It waits at the venue for its trigger, as far as we know.
    public var isWaiting = false
    /// A slice of a TWAP, the final sweep included: what `is_twap_child` says of a send.
    public var isTwapChild = false
    /// Somebody asked for its cancel: it is sent again as long as the order lives and no answer to one is awaited.
    public var wantsCancel = false
    /// The answer to the cancel or amendment was lost.
    public var isAnswerLost = false
    /// A person has been told that it stays unknown.
    public var isEscalated = false
    /// In the instrument's list of live orders.
    public var isListed = false
    public var previous = OrderSlot.none
    public var next = OrderSlot.none

    public init() {}

    /// What may still be filled, at the larger quantity while an amendment is unanswered.
    @inline(__always)
    public var leaves: Quantity {
        state.isTerminal ? owed : total.subtracting(filled)
    }

    /// The larger of both quantities while an amendment has no outcome, also when a cancel was asked for since.
    @inline(__always)
    public var total: Quantity {
        #if MUTANTS
            if Mutant.isOn(.amendedOrderCountsWithItsNewQuantityAtOnce), isAmending { return requestedQuantity }
        #endif
        return max(quantity, requestedQuantity)
    }

    /// An amendment has no outcome yet.
    @inline(__always)
    public var isAmending: Bool { requestedQuantity.raw > 0 }

    /// The amendment has its outcome.
    mutating func forgetAmendment() {
        requestedPrice = .zero
        requestedQuantity = .zero
        requestedLimit = .zero
    }

    @inline(__always)
    public var isLive: Bool { !state.isTerminal }
    /// Rests in a book, or may.
    @inline(__always)
    public var isResting: Bool { isLive && !isWaiting && (type == .limit || type == .postOnly) }

    /// An order of the other side that goes as far as `reach` would meet it; without a bound (zero) it meets all.
    func isWithin(_ reach: Price) -> Bool {
        if reach.raw == 0 { return true }
        // The nearer of both prices while an amendment has no outcome.
        switch side {
        case .buy: return max(price, requestedPrice) >= reach
        case .sell: return (isAmending ? min(price, requestedPrice) : price) <= reach
        }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&id)
        visitor.visit(&number)
        visitor.visit(&venueOrderID)
        visitor.visit(&parent.index)
        visitor.visit(&price)
        visitor.visit(&quantity)
        visitor.visit(&filled)
        visitor.visit(&requestedPrice)
        visitor.visit(&requestedQuantity)
        visitor.visit(&requestedLimit)
        condition.visitState(&visitor)
        visitor.visit(&isWaiting)
        visitor.visit(&owed)
        visitor.visit(&intended)
        visitor.visit(&collar)
        visitor.visit(&createdAt)
        visitor.visit(&updatedAt)
        visitor.visit(&expiresAt)
        visitor.visit(&validUntil)
        visitor.visit(&unknownSince)
        visitor.visit(&session)
        visitor.visit(&reportedSession)
        visitor.visit(&instrument)
        visitor.visit(&queries)
        visitor.visit(&side)
        visitor.visit(&positionSide)
        visitor.visit(&type)
        visitor.visit(&timeInForce)
        visitor.visit(&state)
        visitor.visit(&endReason)
        visitor.visit(&reduceOnly)
        visitor.visit(&isIncreasing)
        visitor.visit(&isTwapChild)
        visitor.visit(&wantsCancel)
        visitor.visit(&isAnswerLost)
        visitor.visit(&isEscalated)
        visitor.visit(&isListed)
        visitor.visit(&previous.index)
        visitor.visit(&next.index)
    }
}
