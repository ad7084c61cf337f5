public import FairleadModel

/// What is known of an instrument's market at the moment of a decision. Zero prices and `never` stand for "none yet".
public struct MarketFacts: Hashable, Sendable, BitwiseCopyable {
    public var bid: Price
    public var ask: Price
    /// Engine time of the book's last change.
    public var bookTime: Timestamp
    public var mark: Price
    /// Engine time of the mark.
    public var markTime: Timestamp
    /// Price of the last trade.
    public var last: Price

    public init(
        bid: Price = .zero,
        ask: Price = .zero,
        bookTime: Timestamp = .never,
        mark: Price = .zero,
        markTime: Timestamp = .never,
        last: Price = .zero
    ) {
        self.bid = bid
        self.ask = ask
        self.bookTime = bookTime
        self.mark = mark
        self.markTime = markTime
        self.last = last
    }

    /// Two sides, not crossed, and not older than `maximumAge`. A book that fails this is handled as a missing one.
    @inlinable public func hasUsableBook(at now: Timestamp, maximumAge: TimeSpan) -> Bool {
        bid.raw > 0 && bid < ask && now - bookTime <= maximumAge
    }

    /// What an order of `side` is measured by: the far touch of a usable book, else the mark, else the last trade; zero
    /// where there is none of them.
    @inlinable public func reference(for side: Side, at now: Timestamp, maximumAge: TimeSpan) -> Price {
        if hasUsableBook(at: now, maximumAge: maximumAge) { return side == .buy ? ask : bid }
        return mark.raw > 0 ? mark : last
    }

    /// What a position is worth: the mark, else the middle of the book, else the last trade; zero where there is none.
    @inlinable public var valuation: Price {
        if mark.raw > 0 { return mark }
        return bid.raw > 0 && bid <= ask ? Price.middle(bid, ask) : last
    }

    /// The age of the newer of book and mark; nil without either. A time in the future is age 0.
    @inlinable @inline(__always) public func age(at now: Timestamp) -> TimeSpan? {
        let newest = max(bookTime, markTime)
        guard newest != .never else { return nil }
        return max(.zero, now - newest)
    }
}
