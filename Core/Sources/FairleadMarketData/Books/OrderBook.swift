public import FairleadModel

/// Where a book stands in its venue's sequence.
@frozen public enum BookState: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// Nothing is known, or a gap made it unknown: updates are kept until a snapshot comes.
    case awaitingSnapshot = 0
    /// A snapshot is there; the next update must overlap it.
    case awaitingOverlap
    case synchronized
}

/// What became of an update.
@frozen public enum BookChange: Hashable, Sendable, BitwiseCopyable {
    case applied
    /// There is no snapshot yet.
    case kept
    /// Wholly in what is known: older than the snapshot, or delivered twice.
    case old
    /// Updates are missing: the book is empty, and waits for a snapshot.
    case gap
}

/// The touch after a change.
@frozen public struct BookTop: Hashable, Sendable, BitwiseCopyable {
    /// The venue's number of this state.
    public var lastID: UInt64
    /// Nil where a side is empty.
    public var bid: DepthLevel?
    public var ask: DepthLevel?
}

/// What happened to a book so far.
public struct BookCounts: Hashable, Sendable, BitwiseCopyable {
    public var snapshots: UInt64 = 0
    public var applied: UInt64 = 0
    public var old: UInt64 = 0
    public var gaps: UInt64 = 0
    /// Updates that waited for a snapshot longer than there was room.
    public var discarded: UInt64 = 0
    /// Times that the best bid was not below the best ask afterwards.
    public var crossed: UInt64 = 0

    public init() {}
}

/// An order book by price levels, built from a snapshot and the changes after it.
///
/// The rule of the venue (futures): the first update after a snapshot satisfies `pu <= lastUpdateId <= u`, and each
/// further one `pu` = the `u` before. Streams without `pu` (spot): `U <= lastUpdateId + 1`, then `U` = the `u` before +
/// 1. An update that does not continue is a gap: the book empties, since nobody may trade on it, and keeps what comes
/// until the next snapshot. Several files of one recording play into one book. Levels beyond a snapshot's depth are
/// unknown until they change.
///
/// At most `levelLimit` levels a side: a further one pushes out the level farthest from the touch. Memory for both
/// sides is taken at the start; after the first snapshot nothing is allocated.
public struct OrderBook: Sendable {
    public static let defaultLevelLimit = 16_384
    /// Updates and levels that are kept before a snapshot; of more, the older half is discarded.
    public static let waitingLimit = 2048
    public static let waitingLevelLimit = 131_072

    public let instrument: InstrumentHandle
    var bids: BookSide
    var asks: BookSide
    var waiting: ContiguousArray<DepthUpdate> = []
    var waitingLevels: ContiguousArray<DepthLevel> = []
    public internal(set) var state = BookState.awaitingSnapshot
    /// The venue's number of the state that the book shows; 0 before the first snapshot.
    public internal(set) var lastID: UInt64 = 0
    /// The venue's time of the last change.
    public internal(set) var venueTime = Timestamp.never
    public internal(set) var counts = BookCounts()

    public init(_ instrument: InstrumentHandle, levelLimit: Int = OrderBook.defaultLevelLimit) {
        precondition(levelLimit > 0, "Invariant: a side keeps at least a level")
        self.instrument = instrument
        bids = BookSide(.buy, limit: levelLimit)
        asks = BookSide(.sell, limit: levelLimit)
    }

    // MARK: - Looking

    public var isSynchronized: Bool { state == .synchronized }
    public var bestBid: DepthLevel? { bids.best }
    public var bestAsk: DepthLevel? { asks.best }
    public var top: BookTop { BookTop(lastID: lastID, bid: bids.best, ask: asks.best) }

    /// Levels of a side.
    public func count(_ side: Side) -> Int { side == .buy ? bids.count : asks.count }

    /// The level `index` places behind the best one of a side, which is 0.
    public func level(_ side: Side, _ index: Int) -> DepthLevel {
        precondition(index >= 0, "Invariant: levels are counted from the best, 0")
        precondition(index < count(side), "Invariant: only levels that are there are read")
        return side == .buy ? bids.level(index) : asks.level(index)
    }

    /// The displayed quantity at a price; zero where there is none.
    public func quantity(_ side: Side, at price: Price) -> Quantity {
        side == .buy ? bids.quantity(at: price) : asks.quantity(at: price)
    }

    /// Levels that the limit pushed out.
    public var droppedLevels: UInt64 { bids.droppedLevels + asks.droppedLevels }

    // MARK: - Changing

    /// Takes a snapshot or an update with its levels: bids first, as `MarketTape.levels` has them.
    @discardableResult
    public mutating func apply(_ update: DepthUpdate, _ levels: ContiguousArray<DepthLevel>) -> BookChange {
        apply(update, levels) { _ in }
    }

    /// The same; `each` sees the touch after each change. A snapshot may set off several: those that waited for it.
    @discardableResult
    public mutating func apply(
        _ update: DepthUpdate,
        _ levels: ContiguousArray<DepthLevel>,
        each: (BookTop) -> Void
    ) -> BookChange {
        precondition(levels.count == update.levelCount, "Invariant: an update comes with its levels")
        precondition(update.instrument == instrument, "Invariant: a book takes updates of its instrument")
        if update.isSnapshot { return restart(update, levels, each) }
        let change = advance(update, levels, from: 0)
        switch change {
        case .applied: each(top)
        case .kept, .gap: keep(update, levels)
        case .old: break
        }
        return change
    }

    /// Empties the book, as after a lost connection. What waits for a snapshot is forgotten too.
    public mutating func reset() {
        clear()
        forgetWaiting(waiting.count)
    }

    private mutating func clear() {
        bids.removeAll()
        asks.removeAll()
        state = .awaitingSnapshot
    }

    /// One update in its turn. Keeps nothing.
    private mutating func advance(
        _ update: DepthUpdate,
        _ levels: ContiguousArray<DepthLevel>,
        from start: Int
    ) -> BookChange {
        switch state {
        case .awaitingSnapshot: return .kept
        case .awaitingOverlap:
            if update.lastID < lastID { return old() }
            guard overlaps(update) else { return gap() }
            state = .synchronized
        case .synchronized:
            if update.lastID <= lastID { return old() }
            guard continues(update) else { return gap() }
        }
        for index in start..<(start + Int(update.bidCount)) { bids.set(levels[index]) }
        for index in (start + Int(update.bidCount))..<(start + update.levelCount) { asks.set(levels[index]) }
        finish(update)
        counts.applied += 1
        return .applied
    }

    private mutating func old() -> BookChange {
        counts.old += 1
        return .old
    }

    private mutating func gap() -> BookChange {
        counts.gaps += 1
        clear()
        return .gap
    }

    private mutating func finish(_ update: DepthUpdate) {
        lastID = update.lastID
        venueTime = update.venueTime
        if let bid = bids.best, let ask = asks.best, bid.price >= ask.price { counts.crossed += 1 }
    }

    private func overlaps(_ update: DepthUpdate) -> Bool {
        // Whatever lies between `pu` and `U` did not concern this book.
        update.previousID != DepthUpdate.noPrevious ? update.previousID <= lastID : update.firstID <= lastID + 1
    }

    private func continues(_ update: DepthUpdate) -> Bool {
        update.previousID != DepthUpdate.noPrevious ? update.previousID == lastID : update.firstID == lastID + 1
    }

    // MARK: - Snapshots

    private mutating func restart(
        _ snapshot: DepthUpdate,
        _ levels: ContiguousArray<DepthLevel>,
        _ each: (BookTop) -> Void
    ) -> BookChange {
        // A book that is further already has nothing to learn from it.
        if state != .awaitingSnapshot, snapshot.lastID <= lastID { return old() }
        clear()
        // Venues list the best level first, and the best is kept last: backwards nothing has to be moved.
        for index in (0..<Int(snapshot.bidCount)).reversed() { bids.set(levels[index]) }
        for index in (Int(snapshot.bidCount)..<snapshot.levelCount).reversed() { asks.set(levels[index]) }
        state = .awaitingOverlap
        counts.snapshots += 1
        finish(snapshot)
        each(top)
        return replay(each)
    }

    /// Applies what waited for the snapshot; what follows a gap waits for the next one.
    private mutating func replay(_ each: (BookTop) -> Void) -> BookChange {
        var start = 0
        for index in waiting.indices {
            let update = waiting[index]
            let change = advance(update, waitingLevels, from: start)
            if change == .gap {
                forgetWaiting(index)
                return .gap
            }
            if change == .applied { each(top) }
            start += update.levelCount
        }
        forgetWaiting(waiting.count)
        return .applied
    }

    private mutating func keep(_ update: DepthUpdate, _ levels: ContiguousArray<DepthLevel>) {
        if waiting.count >= Self.waitingLimit || waitingLevels.count + levels.count > Self.waitingLevelLimit {
            let count = (waiting.count + 1) / 2
            counts.discarded += UInt64(count)
            forgetWaiting(count)
        }
        waiting.append(update)
        waitingLevels.append(contentsOf: levels)
    }

    /// The first `count` of those that wait.
    private mutating func forgetWaiting(_ count: Int) {
        let levels = waiting[..<count].reduce(0) { $0 + $1.levelCount }
        waiting.removeFirst(count)
        waitingLevels.removeFirst(levels)
    }

    /// Traps on the first broken rule. Slow: for tests and the simulator.
    public func checkInvariants() {
        bids.checkInvariants()
        asks.checkInvariants()
        precondition(waiting.count <= Self.waitingLimit, "Invariant: what waits for a snapshot has a limit")
        let levels = waiting.reduce(0) { $0 + $1.levelCount }
        precondition(levels == waitingLevels.count, "Invariant: waiting updates have their levels")
        switch state {
        case .awaitingSnapshot:
            precondition(bids.best == nil, "Invariant: a book without a snapshot is empty")
            precondition(asks.best == nil, "Invariant: a book without a snapshot is empty")
        case .awaitingOverlap, .synchronized:
            precondition(waiting.isEmpty, "Invariant: nothing waits behind a snapshot")
        }
    }
}
