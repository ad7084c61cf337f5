public import FairleadModel

/// What a parent's end is judged by. Prices of zero are not known.
public struct ShortfallTerms: Sendable {
    public var side: Side
    /// What was to be traded, and what was filled of it: never more.
    public var quantity: Quantity
    public var filled: Quantity
    public var decision: Price
    public var arrival: Price
    /// What the unfilled rest is judged by.
    public var end: Price
    /// `sum of q_i * p_i`, and the same at the middle at each fill; nil where one had none.
    public var filledNotional: Money
    public var midNotional: Money?
    public var fees: Money
    public var multiplier: Int32

    public init(
        side: Side,
        quantity: Quantity,
        filled: Quantity,
        decision: Price,
        arrival: Price,
        end: Price,
        filledNotional: Money,
        midNotional: Money?,
        fees: Money,
        multiplier: Int32 = 1
    ) {
        self.side = side
        self.quantity = quantity
        self.filled = filled
        self.decision = decision
        self.arrival = arrival
        self.end = end
        self.filledNotional = filledNotional
        self.midNotional = midNotional
        self.fees = fees
        self.multiplier = multiplier
    }
}

/// Implementation shortfall with the unfilled part (Perold 1988), split on the filled quantity (EXECUTION-QUALITY 2).
///
/// Exact: the parts sum to `sum of q_i * side * (p_i - decision) + (Q - q) * side * (end - decision) + fees`. A part
/// is nil where a price that it needs is not known; what nothing was filled, or left, of costs 0 without any price.
public struct Shortfall: Hashable, Sendable {
    /// `Q` at the decision price; zero where it isn't known.
    public var notional: Money
    public var delay: Money?
    public var trading: Money?
    /// `trading = spread + impact`.
    public var spread: Money?
    public var impact: Money?
    public var opportunity: Money?
    public var fees: Money

    public init(_ terms: ShortfallTerms) {
        let sign = Int128(terms.side.sign)
        func cost(_ paid: Money, over reference: Price, _ quantity: Quantity) -> Money {
            let base = Money.notional(reference, quantity, multiplier: terms.multiplier)
            return Money(raw: (paid - base).raw * sign)
        }
        func worth(_ price: Price, _ quantity: Quantity) -> Money {
            Money.notional(price, quantity, multiplier: terms.multiplier)
        }
        let rest = terms.quantity.subtracting(terms.filled)
        let knowsDecision = terms.decision.raw > 0
        let knowsArrival = terms.arrival.raw > 0
        notional = knowsDecision ? worth(terms.decision, terms.quantity) : .zero
        fees = terms.fees
        if terms.filled.raw == 0 {
            (delay, trading, spread, impact) = (.zero, .zero, .zero, .zero)
        } else if knowsArrival {
            trading = cost(terms.filledNotional, over: terms.arrival, terms.filled)
            if knowsDecision { delay = cost(worth(terms.arrival, terms.filled), over: terms.decision, terms.filled) }
            if let middle = terms.midNotional {
                spread = Money(raw: (terms.filledNotional - middle).raw * sign)
                impact = cost(middle, over: terms.arrival, terms.filled)
            }
        }
        if rest.raw == 0 {
            opportunity = .zero
        } else if knowsDecision, terms.end.raw > 0 {
            opportunity = cost(worth(terms.end, rest), over: terms.decision, rest)
        }
    }

    /// nil where a part is not known.
    public var total: Money? {
        guard let delay, let trading, let opportunity else { return nil }
        return delay + trading + opportunity + fees
    }

    /// A part in bps of the notional at the decision price; nil without either.
    public func bps(_ part: Money?) -> Double? {
        guard let part, notional.raw > 0 else { return nil }
        return part.double / notional.double * 10_000
    }
}
