public import FairleadModel

/// The venue's own record of an order: live, or remembered after its end.
public struct PaperOrderRow: Hashable, Sendable, BitwiseCopyable {
    public var order: PaperOrder
    public var client: UInt32
    public var venueOrderID: VenueOrderID
    public var filled = Quantity.zero
    /// `accepted` while it waits for its trigger, `working`, `partiallyFilled`, or how it ended.
    public var state = OrderState.working
    /// The ledger sequence that gave it its place in time; an amendment gives a new one.
    public internal(set) var priority: UInt64 = 0
    /// What is displayed ahead of it at its level; `Int64.max` where the level is not shown.
    public internal(set) var queueAhead = Quantity.zero
    /// What its level displayed when it was last shown, less what traded there since.
    var levelQuantity = Quantity.zero
    /// What changes of its level told that a trade may tell again, how far they moved it up, and the venue's time of
    /// the last of them.
    var credit = Quantity.zero
    var creditAdvance = Quantity.zero
    var creditTime = Timestamp.never
    /// The venue's time of what was shown when it came to rest.
    var joinedAt = Timestamp.never
    /// Still takes at each quote: the rest of a market order, or of a limit that the touch hasn't left yet.
    public internal(set) var isTaking = false
    /// Can only shrink its position: asked for, or the closing side of a hedged position.
    public internal(set) var isReducing = false
    /// Of a trailing order: the best price since it trails; zero while it doesn't.
    public internal(set) var best = Price.zero

    public var remaining: Quantity { order.quantity.subtracting(filled) }
    public var isLive: Bool { !state.isTerminal }
    /// Rests outside of the book until its trigger is reached.
    public var isWaiting: Bool { state == .accepted }

    /// The price that triggers it as it stands: a trailing order's stop, its activation price while it doesn't trail.
    public var trigger: Price {
        guard order.condition.kind == .trailing, best > .zero else { return order.condition.trigger }
        let distance = order.trail.distance(from: best).raw
        return Price(raw: max(0, order.side == .sell ? best.raw - distance : best.raw + distance))
    }

    init(_ order: PaperOrder, client: UInt32, venueOrderID: VenueOrderID) {
        self.order = order
        self.client = client
        self.venueOrderID = venueOrderID
    }

    static let blank = PaperOrderRow(
        PaperOrder(id: .none, instrument: .none, side: .buy, type: .limit, quantity: .zero),
        client: 0,
        venueOrderID: .none
    )

    func report(at time: Timestamp) -> OrderReport {
        OrderReport(
            id: order.id,
            venueOrderID: venueOrderID,
            instrument: order.instrument,
            side: order.side,
            price: isWaiting ? trigger : order.price,
            quantity: order.quantity,
            filled: filled,
            state: state,
            venueTime: time
        )
    }
}
