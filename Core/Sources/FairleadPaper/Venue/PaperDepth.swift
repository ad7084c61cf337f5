import FairleadMarketData
import FairleadModel

/// What became of an instrument's recorded depth so far.
public struct PaperDepthCounts: Hashable, Sendable, BitwiseCopyable {
    /// Updates and snapshots that changed the book.
    public var applied: UInt64 = 0
    /// Times that updates were missing: the book was given up until the next snapshot.
    public var gaps: UInt64 = 0
    /// Quotes that were the market while the book was not in sync.
    public var quotesInstead: UInt64 = 0

    public init() {}
}

/// What an order of ours took of a level: gone until the market shows it anew.
struct PaperTaken: BitwiseCopyable {
    var price = Price.zero
    var quantity = Quantity.zero
    /// What the level displayed when it was last looked at.
    var displayed = Quantity.zero
}

/// One instrument's recorded book, as orders meet it: the rebuilt levels, a quote that is further than they are, less
/// what orders of ours took.
///
/// Most venues tell the touch sooner than the levels. A quote whose update number is above the book's is what counts:
/// levels better than it are gone, its own has its quantity, those behind it are the book's. Once the book reaches its
/// number the quote says nothing more.
struct PaperDepth {
    var book: OrderBook
    /// The touch as it was quoted last, and the venue's number of that state; 0 where it was given none.
    var quote: Quote
    var quoteID: UInt64 = 0
    /// In the order of their prices, rising.
    var takenBids: ContiguousArray<PaperTaken> = []
    var takenAsks: ContiguousArray<PaperTaken> = []
    var counts = PaperDepthCounts()

    /// Levels kept a side: ten times what snapshots hold.
    static let levelLimit = 10_240

    init(_ instrument: InstrumentHandle) {
        book = OrderBook(instrument, levelLimit: Self.levelLimit)
        quote = Quote(
            instrument: instrument,
            bid: .zero,
            bidQuantity: .zero,
            ask: .zero,
            askQuantity: .zero,
            venueTime: .never
        )
    }

    // MARK: - Looking

    private var isQuoteAhead: Bool { quoteID > book.lastID }

    /// The quote's level of a side; nil where it says that nobody is there.
    private func quoted(_ side: Side) -> DepthLevel? {
        switch side {
        case .buy: quote.bid > .zero ? DepthLevel(price: quote.bid, quantity: quote.bidQuantity) : nil
        case .sell: quote.ask > .zero ? DepthLevel(price: quote.ask, quantity: quote.askQuantity) : nil
        }
    }

    private static func isBetter(_ side: Side, _ price: Price, _ other: Price) -> Bool {
        side == .buy ? price > other : price < other
    }

    /// The best level of a side.
    func best(_ side: Side) -> DepthLevel? {
        if isQuoteAhead { return quoted(side) }
        return side == .buy ? book.bestBid : book.bestAsk
    }

    /// The displayed quantity at a price; zero where there is none.
    func displayed(_ side: Side, at price: Price) -> Quantity {
        if isQuoteAhead {
            guard let touch = quoted(side) else { return .zero }
            if price == touch.price { return touch.quantity }
            if Self.isBetter(side, price, touch.price) { return .zero }
        }
        return book.quantity(side, at: price)
    }

    /// False for a price behind all levels: a snapshot has a depth, and what lies beyond it is not known.
    func reaches(_ side: Side, _ price: Price) -> Bool {
        if let best = best(side), !Self.isBetter(side, best.price, price) { return true }
        let count = book.count(side)
        return count > 0 && !Self.isBetter(side, book.level(side, count - 1).price, price)
    }

    /// A walk from a side's best level to its worst.
    struct Cursor: BitwiseCopyable {
        fileprivate var place = 0
        fileprivate var hasBegun = false
    }

    func next(_ side: Side, _ cursor: inout Cursor) -> DepthLevel? {
        let count = book.count(side)
        if isQuoteAhead {
            guard let touch = quoted(side) else { return nil }
            if !cursor.hasBegun {
                cursor.hasBegun = true
                while cursor.place < count, !Self.isBetter(side, touch.price, book.level(side, cursor.place).price) {
                    cursor.place += 1
                }
                return touch
            }
        }
        guard cursor.place < count else { return nil }
        cursor.place += 1
        return book.level(side, cursor.place - 1)
    }

    // MARK: - What we took

    /// What is left of a level for us.
    func available(_ side: Side, _ level: DepthLevel) -> Quantity {
        side == .buy ? Self.left(level, takenBids) : Self.left(level, takenAsks)
    }

    mutating func take(_ side: Side, _ level: DepthLevel, _ quantity: Quantity) {
        switch side {
        case .buy: Self.take(level, quantity, &takenBids)
        case .sell: Self.take(level, quantity, &takenAsks)
        }
    }

    /// Looks at the levels of which we took, after the market changed: at those of an update, or at all.
    mutating func lookAtTaken(_ levels: ContiguousArray<DepthLevel>, bids: Int, isWhole: Bool) {
        lookAtTaken(.buy, levels, 0..<bids, isWhole)
        lookAtTaken(.sell, levels, bids..<levels.count, isWhole)
    }

    mutating func lookAtAllTaken() {
        lookAtTaken(.buy, [], 0..<0, true)
        lookAtTaken(.sell, [], 0..<0, true)
    }

    private mutating func lookAtTaken(
        _ side: Side,
        _ levels: ContiguousArray<DepthLevel>,
        _ range: Range<Int>,
        _ isWhole: Bool
    ) {
        let count = side == .buy ? takenBids.count : takenAsks.count
        if count == 0 { return }
        // The shorter of the two lists is walked. Backwards: what is gone leaves the list.
        if isWhole || count <= range.count {
            for place in stride(from: count - 1, through: 0, by: -1) { lookAtTaken(side, place: place) }
            return
        }
        for index in range {
            let price = levels[index].price
            let found = side == .buy ? Self.find(price, takenBids) : Self.find(price, takenAsks)
            if let found { lookAtTaken(side, place: found) }
        }
    }

    /// Growth of a level is new; what leaves it is taken for ours first.
    private mutating func lookAtTaken(_ side: Side, place: Int) {
        var taken = side == .buy ? takenBids[place] : takenAsks[place]
        let displayed = displayed(side, at: taken.price)
        taken.quantity = min(taken.quantity.subtracting(taken.displayed.subtracting(displayed)), displayed)
        taken.displayed = displayed
        let isGone = taken.quantity == .zero
        switch (side, isGone) {
        case (.buy, true): takenBids.remove(at: place)
        case (.buy, false): takenBids[place] = taken
        case (.sell, true): takenAsks.remove(at: place)
        case (.sell, false): takenAsks[place] = taken
        }
    }

    private static func place(_ price: Price, _ list: ContiguousArray<PaperTaken>) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].price < price { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func find(_ price: Price, _ list: ContiguousArray<PaperTaken>) -> Int? {
        let place = place(price, list)
        return place < list.count && list[place].price == price ? place : nil
    }

    private static func left(_ level: DepthLevel, _ list: ContiguousArray<PaperTaken>) -> Quantity {
        guard let place = find(level.price, list) else { return level.quantity }
        return level.quantity.subtracting(list[place].quantity)
    }

    private static func take(_ level: DepthLevel, _ quantity: Quantity, _ list: inout ContiguousArray<PaperTaken>) {
        let place = place(level.price, list)
        if place == list.count || list[place].price != level.price {
            list.insert(PaperTaken(price: level.price), at: place)
        }
        list[place].quantity += quantity
        list[place].displayed = level.quantity
    }

    func checkInvariants() {
        book.checkInvariants()
        for list in [takenBids, takenAsks] {
            for place in list.indices {
                precondition(list[place].quantity > .zero, "Invariant: what was taken of a level is something")
                precondition(
                    list[place].quantity <= list[place].displayed,
                    "Invariant: no more was taken of a level than it displayed"
                )
                guard place > 0 else { continue }
                precondition(list[place - 1].price < list[place].price, "Invariant: taken levels rise in price")
            }
        }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        book.visitState(&visitor)
        visitor.visit(&quote.bid)
        visitor.visit(&quote.bidQuantity)
        visitor.visit(&quote.ask)
        visitor.visit(&quote.askQuantity)
        visitor.visit(&quote.venueTime)
        visitor.visit(&quoteID)
        let limit = Self.levelLimit * 2
        visitor.visit(&takenBids, limit: limit, blank: PaperTaken()) { $1.visit(&$0) }
        visitor.visit(&takenAsks, limit: limit, blank: PaperTaken()) { $1.visit(&$0) }
        visitor.visit(&counts.applied)
        visitor.visit(&counts.gaps)
        visitor.visit(&counts.quotesInstead)
    }
}

extension StateVisitor {
    mutating func visit(_ taken: inout PaperTaken) {
        visit(&taken.price)
        visit(&taken.quantity)
        visit(&taken.displayed)
    }
}
