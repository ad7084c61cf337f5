public import FairleadModel

/// What a run's executions cost, from the measures that the engine tells: averages weighted by notional, shortfall in
/// money. Costs are positive, a mark-out is positive where it is favourable; what is not known is nil.
public struct ExecutionSummary: Sendable {
    /// Fills of orders of ours.
    public private(set) var fills: UInt64 = 0
    /// Against the intended price.
    public private(set) var slippageBps = WeightedAverage()
    public private(set) var arrivalSlippageBps = WeightedAverage()
    public private(set) var effectiveSpreadBps = WeightedAverage()
    public private(set) var feeBps = WeightedAverage()
    /// Slippage against the intended price, and fee.
    public private(set) var costBps = WeightedAverage()
    public private(set) var latencyMilliseconds = WeightedAverage()
    /// In the order of `MarkoutHorizon`.
    public private(set) var horizons = [HorizonSummary](repeating: HorizonSummary(), count: MarkoutHorizon.count)
    public private(set) var shortfall = ShortfallSummary()

    public init() {}

    public mutating func add(_ fill: FillMeasure) {
        let weight = Double(fill.notional.magnitude)
        fills += 1
        slippageBps.add(fill.slippageBps, weight)
        arrivalSlippageBps.add(fill.arrivalSlippageBps, weight)
        effectiveSpreadBps.add(fill.effectiveSpreadBps, weight)
        feeBps.add(fill.feeBps, weight)
        costBps.add(fill.costBps, weight)
        latencyMilliseconds.add(Double(fill.latency.nanoseconds) / 1e6, weight)
    }

    public mutating func add(_ measure: MarkoutMeasure) {
        let weight = Double(measure.notional.magnitude)
        for horizon in MarkoutHorizon.allCases {
            let index = Int(horizon.rawValue)
            horizons[index].markoutBps.add(measure.markoutBps(horizon), weight)
            horizons[index].realizedSpreadBps.add(measure.realizedSpreadBps(horizon), weight)
            horizons[index].priceImpactBps.add(measure.priceImpactBps(horizon), weight)
        }
    }

    public mutating func add(_ measure: ShortfallMeasure) { shortfall.add(measure) }
}

/// What the market did a horizon after the fills.
public struct HorizonSummary: Sendable {
    public var markoutBps = WeightedAverage()
    public var realizedSpreadBps = WeightedAverage()
    public var priceImpactBps = WeightedAverage()
}

/// Implementation shortfall of a run: sums over the parents of which all parts but the split of `trading` are known.
public struct ShortfallSummary: Sendable {
    public private(set) var parents: UInt64 = 0
    /// Parents that ended with a part unknown; in no sum.
    public private(set) var unmeasuredParents: UInt64 = 0
    /// At the decision prices.
    public private(set) var notional = Money.zero
    public private(set) var delay = Money.zero
    public private(set) var trading = Money.zero
    /// Of the parents whose fills all had a middle: `splitParents` of them.
    public private(set) var spread = Money.zero
    public private(set) var impact = Money.zero
    public private(set) var splitParents: UInt64 = 0
    public private(set) var opportunity = Money.zero
    public private(set) var fees = Money.zero

    public var total: Money { delay + trading + opportunity + fees }

    mutating func add(_ measure: ShortfallMeasure) {
        guard measure.notional > 0, let delay = measure.delay, let trading = measure.trading,
            let opportunity = measure.opportunity
        else {
            unmeasuredParents += 1
            return
        }
        parents += 1
        notional += Money(raw8: measure.notional)
        self.delay += Money(raw8: delay)
        self.trading += Money(raw8: trading)
        self.opportunity += Money(raw8: opportunity)
        fees += Money(raw8: measure.fees)
        guard let spread = measure.spread, let impact = measure.impact else { return }
        splitParents += 1
        self.spread += Money(raw8: spread)
        self.impact += Money(raw8: impact)
    }

    /// A sum in bps of the notional at the decision prices; nil without one.
    public func bps(_ part: Money) -> Double? {
        notional.raw > 0 ? part.double / notional.double * 10_000 : nil
    }
}

extension ExecutionSummary {
    /// The members of a run's summary: flat objects, so that each is one line on a screen.
    public var members: [JSONMember] {
        [
            JSONMember("execution", execution), JSONMember("markout_bps", byHorizon(\.markoutBps.value)),
            JSONMember("realized_spread_bps", byHorizon(\.realizedSpreadBps.value)),
            JSONMember("price_impact_bps", byHorizon(\.priceImpactBps.value)),
            JSONMember("markout_fills", byHorizon { .integer($0.markoutBps.count) }),
            JSONMember("shortfall", shortfall.money), JSONMember("shortfall_bps", shortfall.shares),
        ]
    }

    private var execution: JSONValue {
        [
            "fills": .integer(fills), "slippage_bps": .statistic(slippageBps.value),
            "arrival_slippage_bps": .statistic(arrivalSlippageBps.value),
            "effective_spread_bps": .statistic(effectiveSpreadBps.value), "fee_bps": .statistic(feeBps.value),
            "cost_bps": .statistic(costBps.value), "latency_ms": .statistic(latencyMilliseconds.value),
        ]
    }

    private func byHorizon(_ value: (HorizonSummary) -> Double?) -> JSONValue { byHorizon { .statistic(value($0)) } }

    private func byHorizon(_ value: (HorizonSummary) -> JSONValue) -> JSONValue {
        .object(zip(MarkoutHorizon.allCases, horizons).map { JSONMember($0.name, value($1)) })
    }
}

extension ShortfallSummary {
    fileprivate var money: JSONValue {
        [
            "parents": .integer(parents), "unmeasured_parents": .integer(unmeasuredParents),
            "split_parents": .integer(splitParents), "notional": .amount(notional), "delay": .amount(delay),
            "trading": .amount(trading), "spread": .amount(spread), "impact": .amount(impact),
            "opportunity": .amount(opportunity), "fees": .amount(fees), "total": .amount(total),
        ]
    }

    fileprivate var shares: JSONValue {
        [
            "delay": .statistic(bps(delay)), "trading": .statistic(bps(trading)),
            // Comparable with the other parts only where every parent has them.
            "spread": .statistic(splitParents == parents ? bps(spread) : nil),
            "impact": .statistic(splitParents == parents ? bps(impact) : nil),
            "opportunity": .statistic(bps(opportunity)), "fees": .statistic(bps(fees)),
            "total": .statistic(bps(total)),
        ]
    }
}

extension JSONValue {
    /// null where there is none.
    fileprivate static func statistic(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number("\(value)")
    }

    fileprivate static func amount(_ value: Money) -> JSONValue { .decimal(Rate(raw: value.raw8)) }
}
