public import FairleadModel

/// What became of one arrival under one arm, as its own engine and venue told it.
public struct ArrivalResult: Sendable {
    /// A fill, at its own price.
    public struct Fill: Hashable, Sendable, BitwiseCopyable {
        public var price: Price
        public var quantity: Quantity
        public var liquidity: Liquidity
        public var time: Timestamp
        /// As the venue charged it, in 10^-8.
        public var fee: Int64
    }

    public var arrival: Arrival
    /// The middle at the arrival.
    public var middle = Price.zero
    public var quantity: Quantity
    public var fills: [Fill] = []
    /// The first rule that refused it; nil where it was accepted.
    public var veto: VetoReason?
    public var isRefused = false
    /// The gate that was shut; `.none` where it started as maker.
    public var gate = RouteReason.none
    public var startedAsMaker = false
    public var fallback = FallbackReason.none
    /// What adaptive routing chose; nil where it was not asked, or a gate was shut.
    public var arm: ArmDecision?
    public var isClosed = false
    public var closedAt = Timestamp.never
    /// The far touch at the end, at which what is left is completed by calculation.
    public var farTouch = Price.zero

    init(_ arrival: Arrival, quantity: Quantity) {
        self.arrival = arrival
        self.quantity = quantity
    }

    public var filled: Quantity { fills.reduce(.zero) { $0 + $1.quantity } }
    public var makerFilled: Quantity {
        fills.reduce(.zero) { $1.liquidity == .maker ? $0 + $1.quantity : $0 }
    }
    /// What had to be completed by calculation: nothing, as a rule.
    public var left: Quantity { quantity.subtracting(filled) }

    /// Against the middle at arrival, everything completed, without fees: exact, in 10^-16.
    var slippage: Money {
        var sum = fills.reduce(Int128(0)) {
            $0 + Int128($1.price.raw - middle.raw) * Int128($1.quantity.raw)
        }
        sum += Int128(farTouch.raw - middle.raw) * Int128(left.raw)
        return Money(raw: sum * Int128(arrival.side.sign))
    }

    private func notional(_ liquidity: Liquidity) -> Money {
        var sum = fills.reduce(Money.zero) {
            $1.liquidity == liquidity ? $0 + Money.notional($1.price, $1.quantity) : $0
        }
        if liquidity == .taker { sum += Money.notional(farTouch, left) }
        return sum
    }

    private var reference: Double { Money.notional(middle, quantity).double }

    public var slippageBps: Double { slippage.double / reference * 10_000 }

    public func feeBps(_ fees: FeePair) -> Double {
        (notional(.maker).double * fees.maker + notional(.taker).double * fees.taker) / reference
    }

    /// Slippage and fees of the whole quantity.
    public func netBps(_ fees: FeePair) -> Double { slippageBps + feeBps(fees) }

    public var makerShare: Double { Double(makerFilled.raw) / Double(quantity.raw) }

    /// How long after the arrival the last fill was told; nil where something is left.
    public var duration: TimeSpan? {
        guard left == .zero, let last = fills.last else { return nil }
        return last.time - arrival.time
    }
}
