internal import FairleadModel

/// What the venue knows of one instrument's market, and which of its own orders rest in it.
///
/// The displayed touch comes from outside and does not see our own takes. `bidAvailable` and `askAvailable` are what is
/// left of it for us: what we took stays taken until new quantity is displayed or the price moves.
struct PaperBook {
    var bid = Price.zero
    var bidQuantity = Quantity.zero
    var bidAvailable = Quantity.zero
    var ask = Price.zero
    var askQuantity = Quantity.zero
    var askAvailable = Quantity.zero
    var mark = Price.zero
    var lastTrade = Price.zero
    var isHalted = false
    /// The venue's time of the newest of what is shown, quotes and depth; ours where it gives none.
    var shownAt = Timestamp.never
    /// The place of the instrument's recorded book; -1 where none has come.
    var depth: Int32 = -1
    /// Live orders of the instrument, so that a quote that meets none costs one comparison.
    var liveOrders = 0
    /// The best price at which an order of ours rests; zero where none does. What a quote is compared with.
    var bestBuy = Price.zero
    var bestSell = Price.zero
    /// Slots of resting orders, best price first, then oldest first.
    var buys: ContiguousArray<UInt32> = []
    var sells: ContiguousArray<UInt32> = []
    /// Slots of orders that still take: the rest of a market or marketable order, oldest first.
    var takers: ContiguousArray<UInt32> = []
    /// Slots of orders that wait for their trigger, in the order in which they came or were amended.
    var waiting: ContiguousArray<UInt32> = []

    /// Replaces the touch. Quantity that was there before is not new: at an unchanged price only the growth is.
    mutating func show(_ quote: Quote) {
        bidAvailable = Self.available(
            bidAvailable,
            was: bidQuantity,
            at: bid,
            now: quote.bidQuantity,
            at: quote.bid
        )
        askAvailable = Self.available(
            askAvailable,
            was: askQuantity,
            at: ask,
            now: quote.askQuantity,
            at: quote.ask
        )
        bid = quote.bid
        bidQuantity = quote.bidQuantity
        ask = quote.ask
        askQuantity = quote.askQuantity
    }

    private static func available(
        _ available: Quantity,
        was displayed: Quantity,
        at price: Price,
        now quantity: Quantity,
        at newPrice: Price
    ) -> Quantity {
        guard price == newPrice else { return quantity }
        return min(quantity, available + quantity.subtracting(displayed))
    }

    mutating func note(_ venueTime: Timestamp, _ now: Timestamp) {
        shownAt = max(shownAt, venueTime.isKnown ? venueTime : now)
    }

    /// The price that an order of `side` would take at; zero when nobody is there.
    func touch(against side: Side) -> Price { side == .buy ? ask : bid }

    func available(against side: Side) -> Quantity { side == .buy ? askAvailable : bidAvailable }

    mutating func take(_ quantity: Quantity, against side: Side) {
        switch side {
        case .buy: askAvailable -= quantity
        case .sell: bidAvailable -= quantity
        }
    }

    /// True when an order of `side` at `price` meets the opposite touch. A price of zero is a market order's.
    func crosses(_ side: Side, _ price: Price) -> Bool {
        let touch = touch(against: side)
        guard touch > .zero else { return false }
        if price == .zero { return true }
        return side == .buy ? price >= touch : price <= touch
    }

    /// The mark, or the mid where the tape has none, or the one side there is; zero when nothing is known.
    var reference: Price {
        if mark > .zero { return mark }
        if bid > .zero && ask > .zero { return Price.middle(bid, ask) }
        if bid > .zero { return bid }
        if ask > .zero { return ask }
        return lastTrade
    }

    /// The price that triggers orders by `reference`; zero when it isn't known.
    func price(_ reference: ConditionReference) -> Price {
        switch reference {
        case .last: return lastTrade
        case .mark:
            if mark > .zero { return mark }
            return bid > .zero && ask > .zero ? Price.middle(bid, ask) : .zero
        }
    }

    /// The quantity that must trade at `price` before an order that comes to rest there now.
    func queueAhead(of side: Side, at price: Price) -> Quantity {
        let touch = side == .buy ? bid : ask
        let quantity = side == .buy ? bidQuantity : askQuantity
        guard touch > .zero else { return .unseen }
        if price == touch { return quantity }
        let isInside = side == .buy ? price > touch : price < touch
        return isInside ? .zero : .unseen
    }

    /// True when the present touch can neither fill nor teach anything about an order of ours.
    var isOutOfReach: Bool {
        // Without a bid no sell can fill, and no buy's queue is shown; the same for the ask.
        let buyIsAway = bestBuy == .zero || ((ask == .zero || bestBuy < ask) && (bid == .zero || bestBuy < bid))
        let sellIsAway = bestSell == .zero || ((bid == .zero || bestSell > bid) && (ask == .zero || bestSell > ask))
        return takers.isEmpty && buyIsAway && sellIsAway
    }

    subscript(side: Side) -> ContiguousArray<UInt32> {
        get { side == .buy ? buys : sells }
        _modify {
            switch side {
            case .buy: yield &buys
            case .sell: yield &sells
            }
        }
    }
}

extension Quantity {
    /// The queue at a level behind the touch, which L1 doesn't show: no trade at the level reaches past it.
    static let unseen = Quantity(raw: Int64.max)
}
