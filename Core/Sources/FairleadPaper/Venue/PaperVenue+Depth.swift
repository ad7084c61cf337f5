public import FairleadMarketData
public import FairleadModel

/// Recorded books: how their updates and the quotes beside them become the market that orders meet.
///
/// While an instrument's book is in sync, orders meet its levels. Before its first snapshot, after a gap, and where
/// there is no depth at all, they meet the touch of the quotes.
extension PaperVenue {
    /// Takes a snapshot or an update of a book with its levels: bids first, as `MarketTape.levels` has them.
    ///
    /// Where no order of ours lives it costs what the book's change costs.
    public mutating func shown(
        _ update: DepthUpdate,
        _ levels: ContiguousArray<DepthLevel>,
        at now: Timestamp
    ) {
        advance(to: now)
        let index = Int(update.instrument.index)
        guard index < books.count, Self.isSane(update, levels) else {
            refusedMarketEvents += 1
            return
        }
        if books[index].depth < 0 {
            books[index].depth = Int32(depths.count)
            depths.append(PaperDepth(update.instrument))
            keepQuote(index)
        }
        let place = Int(books[index].depth)
        let wasInSync = depths[place].book.isSynchronized
        switch depths[place].book.apply(update, levels) {
        case .applied:
            depths[place].counts.applied += 1
            if depths[place].book.isSynchronized {
                learnDepth(index, update, levels, isWhole: !wasInSync || update.isSnapshot)
            } else if wasInSync {
                fallBack(index)
            }
        case .gap:
            depths[place].counts.gaps += 1
            if wasInSync { fallBack(index) }
        case .kept, .old: return
        }
        if books[index].mark == .zero { trigger(index, .mark) }
        watchMargin(of: index, isRevalued: books[index].mark == .zero)
    }

    /// Depth so far of an instrument; nil where none has come.
    public func depthCounts(_ instrument: InstrumentHandle) -> PaperDepthCounts? {
        let index = Int(instrument.index)
        guard index < books.count, books[index].depth >= 0 else { return nil }
        return depths[Int(books[index].depth)].counts
    }

    private static func isSane(_ update: DepthUpdate, _ levels: ContiguousArray<DepthLevel>) -> Bool {
        guard update.levelCount == levels.count else { return false }
        for index in levels.indices {
            let level = levels[index]
            if level.price <= .zero || level.price > .bound || level.quantity > .bound { return false }
        }
        return true
    }

    /// What was quoted before the first depth came.
    private mutating func keepQuote(_ index: Int) {
        let (book, place) = (books[index], Int(books[index].depth))
        depths[place].quote.bid = book.bid
        depths[place].quote.bidQuantity = book.bidQuantity
        depths[place].quote.ask = book.ask
        depths[place].quote.askQuantity = book.askQuantity
    }

    /// The place in `depths` of an instrument whose book is in sync: then it is the market. Nil where the touch is.
    func depthInSync(_ index: Int) -> Int? {
        let place = Int(books[index].depth)
        return place >= 0 && depths[place].book.isSynchronized ? place : nil
    }

    /// The book has changed: at the levels of an update, or as a whole.
    private mutating func learnDepth(
        _ index: Int,
        _ update: DepthUpdate,
        _ levels: ContiguousArray<DepthLevel>,
        isWhole: Bool
    ) {
        let place = Int(books[index].depth)
        let bids = Int(update.bidCount)
        depths[place].lookAtTaken(levels, bids: bids, isWhole: isWhole)
        showDepth(index, place, since: update.venueTime)
        if books[index].liveOrders == 0 || books[index].isHalted { return }
        if isWhole {
            learnAllLevels(index, place, .buy)
            learnAllLevels(index, place, .sell)
        } else {
            learnLevels(index, place, .buy, levels, 0..<bids)
            learnLevels(index, place, .sell, levels, bids..<levels.count)
        }
        matchQuote(index)
    }

    /// A quote of an instrument whose depth is recorded too. False when the book knows it all already.
    mutating func quotedBesideDepth(_ quote: Quote, _ updateID: UInt64, _ index: Int) -> Bool {
        let place = Int(books[index].depth)
        depths[place].quote = quote
        depths[place].quoteID = updateID
        guard depths[place].book.isSynchronized else {
            depths[place].counts.quotesInstead += 1
            showQuote(index, place)
            return true
        }
        guard updateID > depths[place].book.lastID else { return false }
        depths[place].lookAtAllTaken()
        showDepth(index, place, since: quote.venueTime)
        return true
    }

    /// The book was given up: the touch is what was quoted last.
    private mutating func fallBack(_ index: Int) {
        showQuote(index, Int(books[index].depth))
        if books[index].liveOrders > 0 && !books[index].isHalted { matchQuote(index) }
    }

    /// Shows the quoted touch; what was taken of the book's level at the same price stays taken.
    private mutating func showQuote(_ index: Int, _ place: Int) {
        let quote = depths[place].quote
        books[index].show(quote)
        let bid = DepthLevel(price: quote.bid, quantity: quote.bidQuantity)
        let ask = DepthLevel(price: quote.ask, quantity: quote.askQuantity)
        books[index].bidAvailable = min(books[index].bidAvailable, depths[place].available(.buy, bid))
        books[index].askAvailable = min(books[index].askAvailable, depths[place].available(.sell, ask))
        books[index].note(quote.venueTime, time)
    }

    /// Makes the best levels of the book the touch.
    private mutating func showDepth(_ index: Int, _ place: Int, since venueTime: Timestamp) {
        showBest(index, place)
        books[index].note(venueTime, time)
    }

    private static var nobody: DepthLevel { DepthLevel(price: .zero, quantity: .zero) }

    private mutating func showBest(_ index: Int, _ place: Int) {
        let bid = depths[place].best(.buy) ?? Self.nobody
        let ask = depths[place].best(.sell) ?? Self.nobody
        books[index].bid = bid.price
        books[index].bidQuantity = bid.quantity
        books[index].bidAvailable = depths[place].available(.buy, bid)
        books[index].ask = ask.price
        books[index].askQuantity = ask.quantity
        books[index].askAvailable = depths[place].available(.sell, ask)
    }

    // MARK: - Taking

    /// Takes level by level, each at its own price, as far as the order's limit and what is left of them reach.
    mutating func walk(_ slot: UInt32, _ index: Int, _ place: Int) {
        let (side, limit) = (orders[slot].order.side, orders[slot].order.price)
        let opposite = side.opposite
        var cursor = PaperDepth.Cursor()
        while orders[slot].isLive, let level = depths[place].next(opposite, &cursor) {
            guard Self.meets(side, limit, level.price) else { break }
            let quantity = fillable(orders[slot], up: depths[place].available(opposite, level))
            guard quantity > .zero else { continue }
            depths[place].take(opposite, level, quantity)
            fill(slot, level.price, quantity, .taker)
        }
        showBest(index, place)
    }

    /// How much an order could take at once, up to what it needs.
    func reachable(_ row: PaperOrderRow) -> Quantity {
        let index = Int(row.order.instrument.index)
        let (side, limit) = (row.order.side, row.order.price)
        guard let place = depthInSync(index) else {
            return books[index].crosses(side, limit) ? books[index].available(against: side) : .zero
        }
        let opposite = side.opposite
        var cursor = PaperDepth.Cursor()
        var sum = Quantity.zero
        while sum < row.remaining, let level = depths[place].next(opposite, &cursor) {
            guard Self.meets(side, limit, level.price) else { break }
            sum += depths[place].available(opposite, level)
        }
        return sum
    }

    /// A limit of zero is a market order's.
    private static func meets(_ side: Side, _ limit: Price, _ price: Price) -> Bool {
        if limit == .zero { return true }
        return side == .buy ? price <= limit : price >= limit
    }

    /// Takes out of the touch, where it is the market, and notes it for the book where there is one.
    mutating func spend(_ quantity: Quantity, _ index: Int, against side: Side) {
        books[index].take(quantity, against: side)
        let place = Int(books[index].depth)
        guard place >= 0, depths[place].book.lastID > 0 else { return }
        let displayed = side == .buy ? books[index].askQuantity : books[index].bidQuantity
        let level = DepthLevel(price: books[index].touch(against: side), quantity: displayed)
        depths[place].take(side.opposite, level, quantity)
    }
}
