public import FairleadModel

/// A symbol's statistics over its window, as of a moment. What is not known is nil, never a made-up 0; every number is
/// finite. Averages are weighted by notional unless said; costs in bps are positive where they cost.
public struct RouterStatsView: Hashable, Sendable {
    public var instrument: InstrumentHandle
    /// Fills in the window, and their notional.
    public var eventCount = 0
    public var totalNotional = Money.zero
    /// Against the intended price.
    public var averageSlippageBps: Double?
    public var averageArrivalSlippageBps: Double?
    /// To the venue's first word on the order.
    public var averageLatencyMilliseconds: Double?
    /// Slippage against the intended price, and fees.
    public var averageCostBps: Double?
    /// EMA of slippage over all fills, less the baseline.
    public var slippageDriftBps: Double?
    /// Share of the notional that TWAP children traded, 0...1; nil without a fill.
    public var twapUsageRatio: Double?
    /// The same of the notional that was large enough for a TWAP; nil where none was.
    public var eligibleTwapRatio: Double?
    public var children = ChildOrders()
    public var lastOrderTime: Timestamp?
    public var lastFillTime: Timestamp?
    /// Unweighted.
    public var slippageBps: Quantiles?
    public var latencyMilliseconds: Quantiles?
    public var effectiveSpreadBps: Double?
    /// One a horizon, the shortest first.
    public var horizons: [HorizonView] = []
    public var shortfall: ShortfallView?
    /// Since the start of the journal.
    public var counts = ActivityCounts()
    /// Costs over what was expected, over all fills.
    public var cost = CostDrift()

    public init(_ instrument: InstrumentHandle) { self.instrument = instrument }

    /// The TWAP's child orders in the window.
    public struct ChildOrders: Hashable, Sendable {
        public var count = 0
        /// Filled by intended notional; 1 where nothing was intended.
        public var fillRatio = 1.0
        public init() {}
    }

    /// 50 %, 95 % and 99 %, linear between ranks.
    public struct Quantiles: Hashable, Sendable {
        public var p50: Double
        public var p95: Double
        public var p99: Double

        /// nil without values.
        public init?(_ values: consuming [Double]) {
            guard !values.isEmpty else { return nil }
            values.sort()
            p50 = Self.quantile(0.5, values)
            p95 = Self.quantile(0.95, values)
            p99 = Self.quantile(0.99, values)
        }

        private static func quantile(_ share: Double, _ sorted: borrowing [Double]) -> Double {
            let rank = share * Double(sorted.count - 1)
            let low = Int(rank)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (rank - Double(low)) * (sorted[high] - sorted[low])
        }
    }

    /// What the market did after the fills of the window whose middle at that horizon is known.
    public struct HorizonView: Hashable, Sendable {
        public var horizon: MarkoutHorizon
        public var count: Int
        /// Positive is favourable.
        public var markoutBps: Double?
        public var realizedSpreadBps: Double?
        public var priceImpactBps: Double?
    }

    /// Parents that ended in the window with a known shortfall: sums of the parts over the sum of the notionals.
    public struct ShortfallView: Hashable, Sendable {
        public var parents: Int
        public var notional: Money
        public var delayBps: Double
        public var tradingBps: Double
        /// Over the parents whose fills all had a middle; nil where none had.
        public var spreadBps: Double?
        public var impactBps: Double?
        public var opportunityBps: Double
        public var feesBps: Double
        public var totalBps: Double
    }

    public struct ActivityCounts: Hashable, Sendable {
        public var sends: UInt64 = 0
        public var acknowledgements: UInt64 = 0
        public var fills: UInt64 = 0
        public var cancels: UInt64 = 0
        public var rejects: UInt64 = 0
        public var unmeasuredParents: UInt64 = 0
        /// Fills, children and parents that left the window early, since there was no room.
        public var droppedSamples: UInt64 = 0
        public init() {}
    }
}

extension RouterStats {
    /// A symbol's statistics at `now`, the window applied; nil before its first order. Cold: it sorts the window.
    public func view(_ instrument: InstrumentHandle, at now: Timestamp) -> RouterStatsView? {
        let activity = activities[Int(instrument.index)]
        guard activity.lastOrder != .never || activity.fills > 0 else { return nil }
        var view = RouterStatsView(instrument)
        view.lastOrderTime = activity.lastOrder == .never ? nil : activity.lastOrder
        view.lastFillTime = activity.lastFill == .never ? nil : activity.lastFill
        view.slippageDriftBps = drift(activity)
        view.counts = activity.counts
        view.cost = activity.cost
        addFills(to: &view, at: now)
        addHorizons(to: &view, at: now)
        addChildren(to: &view, at: now)
        view.shortfall = shortfall(instrument, at: now)
        return view
    }

    func drift(_ activity: SymbolActivity) -> Double? {
        activity.hasDrift ? activity.driftBps - baselineBps : nil
    }

    private func addFills(to view: inout RouterStatsView, at now: Timestamp) {
        let instrument = view.instrument
        var slippage = WeightedAverage()
        var arrival = WeightedAverage()
        var cost = WeightedAverage()
        var latency = WeightedAverage()
        var spread = WeightedAverage()
        var usage = WeightedAverage()
        var eligible = WeightedAverage()
        var slippages: [Double] = []
        var latencies: [Double] = []
        var notional = Int128.zero
        for number in fills.first(instrument, at: now, window)..<fills.end(instrument) {
            let fill = fills[instrument, number]
            slippage.add(fill.slippageBps, fill.weight)
            arrival.add(fill.arrivalSlippageBps, fill.weight)
            cost.add(fill.costBps, fill.weight)
            latency.add(fill.latencyMilliseconds, fill.weight)
            spread.add(fill.effectiveSpreadBps, fill.weight)
            usage.add(fill.isTwapChild ? 1 : 0, fill.weight)
            if fill.isEligible { eligible.add(fill.isTwapChild ? 1 : 0, fill.weight) }
            if let bps = fill.slippageBps { slippages.append(bps) }
            latencies.append(fill.latencyMilliseconds)
            notional += Int128(fill.notional.magnitude)
        }
        view.eventCount = latencies.count
        view.totalNotional = Money(raw: notional * Int128(FixedPoint.one))
        view.averageSlippageBps = slippage.value
        view.averageArrivalSlippageBps = arrival.value
        view.averageCostBps = cost.value
        view.averageLatencyMilliseconds = latency.value
        view.effectiveSpreadBps = spread.value
        view.twapUsageRatio = usage.value.map { min(1, max(0, $0)) }
        view.eligibleTwapRatio = eligible.value.map { min(1, max(0, $0)) }
        view.slippageBps = RouterStatsView.Quantiles(slippages)
        view.latencyMilliseconds = RouterStatsView.Quantiles(latencies)
    }

    private func addHorizons(to view: inout RouterStatsView, at now: Timestamp) {
        let instrument = view.instrument
        let range = fills.first(instrument, at: now, window)..<fills.end(instrument)
        for horizon in MarkoutHorizon.allCases {
            var markout = WeightedAverage()
            var realized = WeightedAverage()
            var impact = WeightedAverage()
            for number in range {
                let fill = fills[instrument, number]
                let later = fill.later[horizon]
                markout.add(ExecutionCost.markoutBps(fill.side, fill.price, later: later), fill.weight)
                realized.add(
                    ExecutionCost.realizedSpreadBps(fill.side, fill.price, mid: fill.mid, later: later),
                    fill.weight
                )
                impact.add(ExecutionCost.priceImpactBps(fill.side, mid: fill.mid, later: later), fill.weight)
            }
            view.horizons.append(
                RouterStatsView.HorizonView(
                    horizon: horizon,
                    count: markout.count,
                    markoutBps: markout.value,
                    realizedSpreadBps: realized.value,
                    priceImpactBps: impact.value
                )
            )
        }
    }

    private func addChildren(to view: inout RouterStatsView, at now: Timestamp) {
        var intended = Int128.zero
        var filled = Int128.zero
        for number in children.first(view.instrument, at: now, window)..<children.end(view.instrument) {
            let child = children[view.instrument, number]
            // An order that was never written was no child.
            guard child.intended > 0 else { continue }
            view.children.count += 1
            intended += Int128(child.intended)
            filled += Int128(child.filled)
        }
        if intended > 0 { view.children.fillRatio = Double(filled) / Double(intended) }
    }

    private func shortfall(_ instrument: InstrumentHandle, at now: Timestamp) -> RouterStatsView.ShortfallView? {
        var sum = ShortfallSums()
        var split = ShortfallSums()
        for number in shortfalls.first(instrument, at: now, window)..<shortfalls.end(instrument) {
            let sample = shortfalls[instrument, number]
            sum.add(sample)
            if sample.isSplit { split.add(sample) }
        }
        guard sum.parents > 0 else { return nil }
        return RouterStatsView.ShortfallView(
            parents: sum.parents,
            notional: Money(raw: sum.notional * Int128(FixedPoint.one)),
            delayBps: sum.bps(sum.delay),
            tradingBps: sum.bps(sum.trading),
            spreadBps: split.parents > 0 ? split.bps(split.spread) : nil,
            impactBps: split.parents > 0 ? split.bps(split.impact) : nil,
            opportunityBps: sum.bps(sum.opportunity),
            feesBps: sum.bps(sum.fees),
            totalBps: sum.bps(sum.delay + sum.trading + sum.opportunity + sum.fees)
        )
    }
}

extension SymbolActivity {
    var counts: RouterStatsView.ActivityCounts {
        var counts = RouterStatsView.ActivityCounts()
        counts.sends = sends
        counts.acknowledgements = acknowledgements
        counts.fills = fills
        counts.cancels = cancels
        counts.rejects = rejects
        counts.unmeasuredParents = unmeasuredParents
        counts.droppedSamples = dropped
        return counts
    }
}

/// Sums of a window's shortfalls, 10^-8.
private struct ShortfallSums {
    var parents = 0
    var notional = Int128.zero
    var delay = Int128.zero
    var trading = Int128.zero
    var spread = Int128.zero
    var impact = Int128.zero
    var opportunity = Int128.zero
    var fees = Int128.zero

    mutating func add(_ sample: ShortfallSample) {
        parents += 1
        notional += Int128(sample.notional)
        delay += Int128(sample.delay)
        trading += Int128(sample.trading)
        spread += Int128(sample.spread)
        impact += Int128(sample.impact)
        opportunity += Int128(sample.opportunity)
        fees += Int128(sample.fees)
    }

    /// A sample's notional is positive, and so is a sum of them.
    func bps(_ part: Int128) -> Double { Double(part) / Double(notional) * 10_000 }
}
