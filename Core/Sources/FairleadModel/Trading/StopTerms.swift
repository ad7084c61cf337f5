/// What a stop is: how it moves, and what it sends when it is reached.
@frozen public enum StopForm: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Stays, and sends a market exit.
    case stop = 0
    /// Sends a limit order, which becomes a market exit when it isn't filled in time.
    case stopLimit
    /// Follows the price.
    case trailing

    public var name: String {
        switch self {
        case .stop: "stop"
        case .stopLimit: "stop_limit"
        case .trailing: "trailing"
        }
    }
}

/// How far a trailing stop stays behind the best price: one of the two; both zero where nothing trails.
@frozen public struct TrailingDistance: Hashable, Sendable, BitwiseCopyable {
    public var amount: Price
    /// Of the best price, under 1: 0.01 is 1 %.
    public var share: Rate

    public static let none = TrailingDistance(amount: .zero, share: .zero)

    @inlinable public init(amount: Price, share: Rate) {
        self.amount = amount
        self.share = share
    }

    public static func amount(_ amount: Price) -> TrailingDistance { TrailingDistance(amount: amount, share: .zero) }
    public static func share(_ share: Rate) -> TrailingDistance { TrailingDistance(amount: .zero, share: share) }

    public var isNone: Bool { amount.raw == 0 && share.raw == 0 }

    /// In range, and not both at once.
    public var isSound: Bool {
        guard amount.raw >= 0, amount <= Price.bound, share >= .zero, share < .one else { return false }
        return amount.raw == 0 || share.raw == 0
    }

    /// How far behind `best` it stays; at a share rounded down, which is toward the price.
    @inlinable public func distance(from best: Price) -> Price {
        guard share.raw != 0 else { return amount }
        // Each tick that moves a stop asks: a product of 64 bits is divided by a constant, one of 128 is not.
        let product = best.raw.multipliedReportingOverflow(by: share.raw)
        if !product.overflow, product.partialValue >= 0 { return Price(raw: product.partialValue / FixedPoint.one) }
        let exact = Int128(best.raw) * Int128(share.raw)
        return Price(raw: FixedPoint.dividedRoundingDown(exact, by: Int128(FixedPoint.one)))
    }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&amount)
        visitor.visit(&share)
    }
}

/// What a stop becomes, once, at a price on the profitable side.
@frozen public struct StopAdjustment: Hashable, Sendable, BitwiseCopyable {
    /// Zero: it is never adjusted.
    public var trigger: Price
    public var form: StopForm
    /// Where the stop steps to; zero: it stays where it is.
    public var price: Price
    /// Of form `stopLimit`.
    public var limitPrice: Price
    /// Of form `trailing`.
    public var trail: TrailingDistance

    public static let none = StopAdjustment()
    public var isNone: Bool { trigger.raw == 0 }

    public init(
        trigger: Price = .zero,
        form: StopForm = .stop,
        price: Price = .zero,
        limitPrice: Price = .zero,
        trail: TrailingDistance = .none
    ) {
        self.trigger = trigger
        self.form = form
        self.price = price
        self.limitPrice = limitPrice
        self.trail = trail
    }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&trigger)
        visitor.visit(&form)
        visitor.visit(&price)
        visitor.visit(&limitPrice)
        trail.visitState(&visitor)
    }
}

/// One stage of profit, both fractions of the entry price: at `profit`, the stop is at `stop` or tighter.
@frozen public struct ProfitStage: Hashable, Sendable, BitwiseCopyable {
    public var profit: Rate
    /// Negative: still at a loss.
    public var stop: Rate
    @inlinable public init(profit: Rate, stop: Rate) {
        self.profit = profit
        self.stop = stop
    }
}

/// Up to five stages, profits ascending.
@frozen public struct ProfitStages: Hashable, Sendable, BitwiseCopyable {
    public static let limit = 5
    /// The largest profit of a stage: ten times the entry price.
    public static let profitLimit = Rate(raw: 10 * FixedPoint.one)

    public var count: UInt8 = 0
    @usableFromInline var first = ProfitStage(profit: .zero, stop: .zero)
    @usableFromInline var second = ProfitStage(profit: .zero, stop: .zero)
    @usableFromInline var third = ProfitStage(profit: .zero, stop: .zero)
    @usableFromInline var fourth = ProfitStage(profit: .zero, stop: .zero)
    @usableFromInline var fifth = ProfitStage(profit: .zero, stop: .zero)

    @inlinable public init() {}

    @inlinable public subscript(index: Int) -> ProfitStage {
        get {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            case 3: fourth
            case 4: fifth
            default: preconditionFailure("Invariant: there are at most five profit stages")
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            case 3: fourth = newValue
            case 4: fifth = newValue
            default: preconditionFailure("Invariant: there are at most five profit stages")
            }
        }
    }

    @inlinable public mutating func append(_ stage: ProfitStage) {
        precondition(count < Self.limit, "Invariant: there are at most five profit stages")
        self[Int(count)] = stage
        count += 1
    }

    /// Why the stages can't be; nil where they can. `isShort`: of a short position, whose profit is under its price.
    public func fault(isShort: Bool = false) -> String? {
        var before = ProfitStage(profit: .zero, stop: -Rate.one)
        for index in 0..<Int(count) {
            let stage = self[index]
            if stage.profit <= before.profit { return "must have profits over 0 that ascend" }
            if stage.profit > (isShort ? Rate.one - Rate(raw: 1) : Self.profitLimit) {
                return isShort ? "must have profits under 1 for a SELL" : "must have profits of at most 10"
            }
            if stage.stop <= -Rate.one || stage.stop >= stage.profit {
                return "must have stops over -1 and under their profit"
            }
            if stage.stop < before.stop { return "must have stops that never loosen" }
            before = stage
        }
        return nil
    }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&count)
        for index in 0..<Self.limit {
            visitor.visit(&self[index].profit)
            visitor.visit(&self[index].stop)
        }
    }
}

/// How the stop of a signal moves, and what it sends. All absent: it stays, and sends a market exit.
@frozen public struct StopTerms: Hashable, Sendable, BitwiseCopyable {
    /// The limit of the order that the stop sends; zero: a market exit. It moves with the stop.
    public var limitPrice: Price
    public var trail: TrailingDistance
    /// Where trailing begins; zero: at the first fill.
    public var activation: Price
    public var adjustment: StopAdjustment
    public var stages: ProfitStages

    public static let none = StopTerms()

    @inlinable public init() {
        limitPrice = .zero
        trail = TrailingDistance(amount: .zero, share: .zero)
        activation = .zero
        adjustment = StopAdjustment()
        stages = ProfitStages()
    }

    public var isNone: Bool {
        limitPrice.raw == 0 && trail.isNone && activation.raw == 0 && adjustment.isNone && stages.count == 0
    }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&limitPrice)
        trail.visitState(&visitor)
        visitor.visit(&activation)
        adjustment.visitState(&visitor)
        stages.visitState(&visitor)
    }
}
