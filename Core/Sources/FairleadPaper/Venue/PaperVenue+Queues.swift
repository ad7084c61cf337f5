import FairleadMarketData
import FairleadModel

/// The place of a resting order in its level's queue: what stands before it, by the model of the configuration.
///
/// A trade at an order's price passes what stands before it, and what is left of the trade's volume fills it. What a
/// level displays bounds the queue: no more can stand before an order than is there.
///
/// Venues tell a trade and the change of the book that it made on two streams, in either order. The trade first: the
/// change then shows no less than what is counted. The change first: it has moved the order up already, and a trade of
/// the same moment or before must not move it up again. The order keeps what changes without a trade moved it, as
/// credit, until a later trade proves that it was none.
extension PaperVenue {
    /// Further apart a change of the book and a trade don't tell the same. On the recordings at hand the longest that a
    /// trade came behind the change that it made is 24 ms.
    static let streamSkew = TimeSpan.milliseconds(100)

    // MARK: - What a level displays

    /// What must trade at `price` before an order that comes to rest there now.
    func queueAhead(_ index: Int, of side: Side, at price: Price) -> Quantity {
        guard let place = depthInSync(index) else { return books[index].queueAhead(of: side, at: price) }
        return depths[place].reaches(side, price) ? depths[place].displayed(side, at: price) : .unseen
    }

    /// An order's level displays this now.
    mutating func learn(_ slot: UInt32, _ displayed: Quantity, _ index: Int) {
        let ahead = orders[slot].queueAhead
        let shrunk = orders[slot].levelQuantity.subtracting(displayed)
        orders.show(slot, levelQuantity: displayed)
        if ahead == .unseen || queueModel == .touch {
            orders[slot].queueAhead = min(ahead, displayed)
            return
        }
        var moved = Quantity.zero
        if queueModel == .probabilistic {
            let behind = (displayed + shrunk).subtracting(ahead)
            moved = Self.leftBefore(shrunk, ahead: ahead, behind: behind)
        }
        let after = min(ahead.subtracting(moved), displayed)
        guard after < ahead else { return }
        orders[slot].queueAhead = after
        let advance = ahead.subtracting(after)
        let told = queueModel == .probabilistic ? max(shrunk, advance) : advance
        let shownAt = books[index].shownAt
        let isOld = shownAt - orders[slot].creditTime > Self.streamSkew
        orders[slot].credit = isOld ? told : orders[slot].credit + told
        orders[slot].creditAdvance = isOld ? advance : orders[slot].creditAdvance + advance
        orders[slot].creditTime = isOld ? shownAt : max(shownAt, orders[slot].creditTime)
    }

    /// Of a quantity that left a level without a trade, what left it before an order with `ahead` before it and
    /// `behind` behind it: the share `ahead^2 / (ahead^2 + behind^2)`, rounded down to 10^-8.
    ///
    /// The power law of the public queue models (Rigtorp 2013, "Estimating order queue position"; the power function
    /// with n = 2 of hftbacktest's probability models): who stands deep in a long queue is likelier to leave it.
    static func leftBefore(_ quantity: Quantity, ahead: Quantity, behind: Quantity) -> Quantity {
        guard quantity > .zero, ahead > .zero else { return .zero }
        let (a, b) = (Double(ahead.raw), Double(behind.raw))
        let share = a * a / (a * a + b * b)
        return min(Quantity(raw: Int64((Double(quantity.raw) * share).rounded(.down))), quantity)
    }

    /// The levels that an update names, where orders of ours rest.
    mutating func learnLevels(
        _ index: Int,
        _ place: Int,
        _ side: Side,
        _ levels: ContiguousArray<DepthLevel>,
        _ range: Range<Int>
    ) {
        if books[index][side].isEmpty { return }
        var level = range.lowerBound
        while level < range.upperBound {
            let price = levels[level].price
            level += 1
            var position = firstPlace(index, side, at: price)
            guard position < books[index][side].count else { continue }
            guard orders.price(of: books[index][side][position]) == price else { continue }
            let displayed = depths[place].displayed(side, at: price)
            while position < books[index][side].count {
                let slot = books[index][side][position]
                guard orders.price(of: slot) == price else { break }
                learn(slot, displayed, index)
                position += 1
            }
        }
    }

    /// The first place in a queue whose order is not better priced than `price`.
    private func firstPlace(_ index: Int, _ side: Side, at price: Price) -> Int {
        var low = 0
        var high = books[index][side].count
        while low < high {
            let middle = (low + high) / 2
            let other = orders.price(of: books[index][side][middle])
            if side == .buy ? other > price : other < price { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Every order's level, when a book has come or come back.
    mutating func learnAllLevels(_ index: Int, _ place: Int, _ side: Side) {
        var position = 0
        while position < books[index][side].count {
            let slot = books[index][side][position]
            position += 1
            let price = orders.price(of: slot)
            guard depths[place].reaches(side, price) else { return }
            learn(slot, depths[place].displayed(side, at: price), index)
        }
    }

    // MARK: - A trade

    /// A trade's volume: to orders that it went through, best price first, then to those at its price.
    ///
    /// A trade that the venue dates not later than what was shown when an order joined was before the order: streams
    /// tell some trades behind the changes that followed them.
    mutating func giveOut(_ index: Int, _ trade: Trade) {
        let tradedAt = trade.venueTime.isKnown ? trade.venueTime : time
        let left = passThrough(index, .buy, trade, trade.quantity, tradedAt)
        let rest = passThrough(index, .sell, trade, left, tradedAt)
        passQueue(index, trade.aggressor.opposite, trade, rest, tradedAt)
    }

    private mutating func passThrough(
        _ index: Int,
        _ side: Side,
        _ trade: Trade,
        _ volume: Quantity,
        _ tradedAt: Timestamp
    ) -> Quantity {
        scratch.removeAll(keepingCapacity: true)
        var place = 0
        while place < books[index][side].count {
            let slot = books[index][side][place]
            place += 1
            let price = orders.price(of: slot)
            guard side == .buy ? price > trade.price : price < trade.price else { break }
            scratch.append(slot)
        }
        var left = volume
        var position = 0
        while left > .zero, position < scratch.count {
            let slot = scratch[position]
            position += 1
            // A fill may have ended another reducing order of the walk.
            guard orders[slot].isLive, tradedAt > orders[slot].joinedAt else { continue }
            let quantity = fillable(orders[slot], up: left)
            guard quantity > .zero else { continue }
            left -= quantity
            fill(slot, orders.price(of: slot), quantity, .maker)
        }
        return left
    }

    /// Volume at orders' own price: it passes what stands before each, the oldest first, and fills with the rest. What
    /// one of them got is not there for the next.
    private mutating func passQueue(
        _ index: Int,
        _ side: Side,
        _ trade: Trade,
        _ volume: Quantity,
        _ tradedAt: Timestamp
    ) {
        guard volume > .zero else { return }
        gatherAt(index, side, trade.price)
        var left = volume
        var position = 0
        while left > .zero, position < scratch.count {
            let slot = scratch[position]
            position += 1
            // A fill may have ended another reducing order of the walk.
            guard orders[slot].isLive, orders[slot].queueAhead != .unseen else { continue }
            guard tradedAt > orders[slot].joinedAt else { continue }
            let passing = left.subtracting(takeCredit(slot, left, tradedAt))
            let ahead = orders[slot].queueAhead
            orders[slot].queueAhead = ahead.subtracting(passing)
            let quantity = fillable(orders[slot], up: passing.subtracting(ahead))
            guard quantity > .zero else { continue }
            left -= quantity
            fill(slot, trade.price, quantity, .maker)
        }
    }

    /// How far a trade's volume has moved an order up already, by a change that came before it. Uses up the credit.
    private mutating func takeCredit(_ slot: UInt32, _ volume: Quantity, _ tradedAt: Timestamp) -> Quantity {
        let (credit, advance) = (orders[slot].credit, orders[slot].creditAdvance)
        var (told, moved) = (Quantity.zero, Quantity.zero)
        if credit > .zero, tradedAt <= orders[slot].creditTime {
            told = min(credit, volume)
            let share = Int128(advance.raw) * Int128(told.raw) / Int128(credit.raw)
            moved = Quantity(raw: Int64(share))
            orders[slot].credit = credit.subtracting(told)
            orders[slot].creditAdvance = advance.subtracting(moved)
        } else {
            orders[slot].credit = .zero
            orders[slot].creditAdvance = .zero
        }
        // What the level will display once the trade shows: a later change is measured from there.
        orders[slot].levelQuantity = orders[slot].levelQuantity.subtracting(volume.subtracting(told))
        return moved
    }
}
