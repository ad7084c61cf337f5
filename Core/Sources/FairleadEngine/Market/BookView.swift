public import FairleadModel

/// Whether an instrument's book can be traded on.
@frozen public enum BookCondition: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Two sides with size, bid under ask, young enough.
    case usable = 0
    /// Never seen, or a side is missing or has no size.
    case missing
    case stale
    /// Bid at ask or above it.
    case crossed
}

/// The touch of one instrument at the moment of a decision. A book that is not usable is handled as a missing one: its
/// prices are shown, and nothing is derived from them.
public struct BookView: Hashable, Sendable, BitwiseCopyable {
    public var condition: BookCondition
    /// Zero where the side is missing or has no size.
    public var bid: Price
    public var ask: Price
    /// Since the last quote was received; zero without one.
    public var age: TimeSpan

    public init(condition: BookCondition, bid: Price, ask: Price, age: TimeSpan) {
        self.condition = condition
        self.bid = bid
        self.ask = ask
        self.age = age
    }

    public static let missing = BookView(condition: .missing, bid: .zero, ask: .zero, age: .zero)

    /// Both sides have a price and a size; they may be old or crossed.
    @inlinable public var hasBothSides: Bool { bid.raw > 0 && ask.raw > 0 }

    /// Halfway between the sides, rounded down; nil unless the book is usable.
    @inlinable public var mid: Price? { condition == .usable ? Price.middle(bid, ask) : nil }

    /// `(ask - bid) / mid`, rounded down; nil unless the book is usable.
    @inlinable public var spread: Rate? {
        guard let mid, mid.raw > 0 else { return nil }
        return Rate.distance(of: mid + (ask - bid), from: mid)
    }

    /// Where an order of `side` would rest: its own side of the book.
    @inlinable public func near(_ side: Side) -> Price { side == .buy ? bid : ask }
    /// What an order of `side` would take: the opposite side of the book.
    @inlinable public func far(_ side: Side) -> Price { side == .buy ? ask : bid }
}
