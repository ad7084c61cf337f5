/// What an order at its venue waits for before it is an order of the book.
@frozen public enum ConditionKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// It waits for nothing.
    case none = 0
    /// A price that went against the position: a sell at or below its trigger, a buy at or above.
    case stop = 1
    /// A price that went with it: a sell at or above its trigger, a buy at or below.
    case takeProfit = 2
    /// A stop that follows the best price at a distance.
    case trailing = 3

    /// Ends a loss, and with it the others of its group.
    @inlinable public var isStop: Bool {
        switch self {
        case .none, .takeProfit: false
        case .stop, .trailing: true
        }
    }
}

/// The price that a waiting order is triggered by.
@frozen public enum ConditionReference: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// The mark; the middle of the book at a venue that gives none.
    case mark = 0
    /// The last trade.
    case last = 1
}

/// What an order waits for. Until then it rests outside of the book; then it is the market or limit order that it says,
/// under the same client order id.
@frozen public struct OrderCondition: Hashable, Sendable, BitwiseCopyable {
    /// Of a trailing order: from where on it trails, zero for at once.
    public var trigger: Price
    /// Orders of one client and instrument with the same number but 0 are one-cancels-other.
    public var group: UInt16
    public var kind: ConditionKind
    public var reference: ConditionReference

    @inlinable public init(
        _ kind: ConditionKind,
        trigger: Price,
        reference: ConditionReference = .mark,
        group: UInt16 = 0
    ) {
        self.trigger = trigger
        self.group = group
        self.kind = kind
        self.reference = reference
    }

    @inlinable public static var none: OrderCondition { OrderCondition(.none, trigger: .zero) }
    @inlinable public var isNone: Bool { kind == .none }

    /// True where `price` triggers an order of `side` whose trigger is `trigger`; a trailing one by its present stop.
    @inlinable public func isReached(_ side: Side, trigger: Price, at price: Price) -> Bool {
        guard trigger.raw > 0, price.raw > 0 else { return false }
        let isBelow = (side == .sell) == (kind != .takeProfit)
        return isBelow ? price <= trigger : price >= trigger
    }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&trigger)
        visitor.visit(&group)
        visitor.visit(&kind)
        visitor.visit(&reference)
    }
}
