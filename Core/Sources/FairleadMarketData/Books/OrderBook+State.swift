public import FairleadModel

extension OrderBook {
    /// Writes, reads or hashes the whole state. The reading book must be of the same instrument and level limit.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        bids.visitState(&visitor)
        asks.visitState(&visitor)
        let update = DepthUpdate(
            instrument: instrument,
            firstID: 0,
            lastID: 0,
            venueTime: .never,
            bidCount: 0,
            askCount: 0
        )
        visitor.visit(&waiting, limit: Self.waitingLimit, blank: update) { $1.visit(&$0) }
        let level = DepthLevel(price: .zero, quantity: .zero)
        visitor.visit(&waitingLevels, limit: Self.waitingLevelLimit, blank: level) { $1.visit(&$0) }
        visitor.visit(&state)
        visitor.visit(&lastID)
        visitor.visit(&venueTime)
        visitor.visit(&counts.snapshots)
        visitor.visit(&counts.applied)
        visitor.visit(&counts.old)
        visitor.visit(&counts.gaps)
        visitor.visit(&counts.discarded)
        visitor.visit(&counts.crossed)
    }
}

extension BookSide {
    /// The levels that are there; the rest of the storage holds nothing.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var kept = ContiguousArray(levels[..<count])
        visitor.visit(&kept, limit: limit, blank: DepthLevel(price: .zero, quantity: .zero)) { $1.visit(&$0) }
        visitor.visit(&droppedLevels)
        guard visitor.isReading else { return }
        count = kept.count
        for index in 0..<count { levels[index] = kept[index] }
    }
}

extension StateVisitor {
    mutating func visit(_ level: inout DepthLevel) {
        visit(&level.price)
        visit(&level.quantity)
    }

    mutating func visit(_ update: inout DepthUpdate) {
        visit(&update.firstID)
        visit(&update.lastID)
        visit(&update.previousID)
        visit(&update.venueTime)
        visit(&update.bidCount)
        visit(&update.askCount)
        visit(&update.instrument)
        visit(&update.isSnapshot)
    }
}
