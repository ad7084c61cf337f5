/// How much of an order to rest and how much to take, at one venue over a fixed time (Cont and Kukanov,
/// arXiv 1210.1625; EXECUTION-QUALITY 4). A pure function: nothing routes by it.
///
/// `halfSpread` and the fees are money per unit; `underfillPenalty` is what a unit costs that the resting part leaves.
public struct ContKukanovSplit: Hashable, Sendable {
    public var halfSpread: Double
    /// Paid by a taker's unit, and received by a maker's.
    public var takerFee: Double
    public var makerRebate: Double
    public var underfillPenalty: Double
    /// Displayed ahead of us in the queue.
    public var queueAhead: Double

    public init(
        halfSpread: Double,
        takerFee: Double,
        makerRebate: Double,
        underfillPenalty: Double,
        queueAhead: Double
    ) {
        self.halfSpread = halfSpread
        self.takerFee = takerFee
        self.makerRebate = makerRebate
        self.underfillPenalty = underfillPenalty
        self.queueAhead = queueAhead
    }

    /// The probability of the queue's outflow that the best limit quantity lies at: `(2h + f + r) / (lambda + h + r)`.
    public var ratio: Double {
        (2 * halfSpread + takerFee + makerRebate) / (underfillPenalty + halfSpread + makerRebate)
    }

    /// `L* = clip(F^-1(ratio) - Q, 0, S)` and `M* = S - L*`. `quantile` is the outflow's inverse distribution; it is
    /// not asked where the ratio is 1 or more: then nothing rests without an end, and all that can be does.
    public func split(_ quantity: Double, quantile: (Double) -> Double) -> (limit: Double, market: Double) {
        let rested = ratio >= 1 ? quantity : quantile(ratio) - queueAhead
        let limit = min(max(rested, 0), quantity)
        return (limit, quantity - limit)
    }

    /// What is expected of a split: `outflow` are the probabilities of each whole quantity that leaves the queue.
    public func cost(_ quantity: Double, limit: Double, outflow: [Double]) -> Double {
        var cost = (halfSpread + takerFee) * (quantity - limit)
        for (amount, probability) in outflow.enumerated() {
            let filled = min(max(Double(amount) - queueAhead, 0), limit)
            cost += probability * (underfillPenalty * (limit - filled) - (halfSpread + makerRebate) * filled)
        }
        return cost
    }
}
