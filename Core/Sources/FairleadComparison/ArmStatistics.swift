public import FairleadModel

/// What an arm came to on one recording under one pair of fees.
public struct ArmStatistics: Sendable {
    public var arm: String
    /// Arrivals, and those of them that its rules refused.
    public var arrivals: Int
    public var refused: Int
    /// Slippage from the middle at arrival and fees, completed, in bps of the notional.
    public var net: Estimate
    /// The baseline's net cost less this one's, arrival by arrival.
    public var saving: Estimate?
    public var slippage: Double
    public var fees: Double
    public var deviation: Double
    /// The mean of the worst 5 % of net costs.
    public var tail: Double
    /// Filled by makers, as a share of all quantity.
    public var makerShare: Double
    /// Arrivals whose first order was a maker's.
    public var startedAsMaker: Double
    /// Arrivals that makers filled wholly, that gave way to a taker, and that were completed by calculation.
    public var makerFilled: Double
    public var fallenBack: Double
    public var completed: Int
    /// Makers' mark-outs, weighted by quantity; nil where no horizon lies in the recording.
    public var makerMarkouts: [Double?]
    public var takerMarkouts: [Double?]
    /// Mean seconds from arrival to the last fill.
    public var seconds: Double?
    /// The share of what the best arm of each arrival would have saved.
    public var achieved: Double?

    /// Horizons that are told.
    public static let horizons: [MarkoutHorizon] = [.seconds1, .seconds5, .seconds30, .seconds60]
}

/// All arms' results on one recording under one setting of the venue, arrival by arrival.
public struct RecordingResult: Sendable {
    public var recording: Recording
    public var arms: [(name: String, results: [ArrivalResult])]
    private let bootstrap: BlockBootstrap

    public init(
        _ recording: Recording,
        _ plan: ComparisonPlan,
        arms: [(name: String, results: [ArrivalResult])],
        stride: Int = 1
    ) {
        self.recording = recording
        self.arms = arms
        let count = arms.first?.results.count ?? 0
        let step = plan.interval.nanoseconds * Int64(stride)
        bootstrap = BlockBootstrap(
            moments: max(1, count / 2),
            block: Int(plan.block.nanoseconds / step),
            resamples: plan.resamples,
            seed: plan.seed
        )
    }

    /// Blocks that do not overlap.
    public var blocks: Int { bootstrap.blocks }

    /// One row an arm, in the order of the arms; then the best arm of each arrival in hindsight.
    public func statistics(_ fees: FeePair) -> (arms: [ArmStatistics], hindsight: Estimate, bound: Estimate) {
        let costs = arms.map { arm in arm.results.map { $0.netBps(fees) } }
        let baseline = arms.firstIndex { $0.name == ComparisonArm.baseline }.map { costs[$0] } ?? []
        var best: [Double] = []
        for index in costs.first?.indices ?? 0..<0 {
            best.append(costs.reduce(Double.infinity) { min($0, $1[index]) })
        }
        let zero = Estimate(mean: 0, low: 0, high: 0)
        let bound = estimate(zip(baseline, best).map { $0 - $1 }) ?? zero
        var rows: [ArmStatistics] = []
        for (arm, cost) in zip(arms, costs) {
            var row = statistics(arm.name, arm.results, cost, fees)
            if arm.name != ComparisonArm.baseline { row.saving = estimate(zip(baseline, cost).map { $0 - $1 }) }
            row.achieved = row.saving.flatMap { bound.mean > 0 ? $0.mean / bound.mean : nil }
            rows.append(row)
        }
        return (rows, estimate(best) ?? zero, bound)
    }

    /// Arrivals come in pairs of one moment.
    private func estimate(_ values: [Double]) -> Estimate? {
        bootstrap.mean(values.enumerated().map { (moment: $0 / 2, value: $1) })
    }

    private func statistics(
        _ name: String,
        _ results: [ArrivalResult],
        _ costs: [Double],
        _ fees: FeePair
    ) -> ArmStatistics {
        let count = Double(max(1, results.count))
        let net = estimate(costs) ?? Estimate(mean: 0, low: 0, high: 0)
        let squares = costs.reduce(0) { $0 + ($1 - net.mean) * ($1 - net.mean) }
        let durations = results.compactMap { $0.duration?.seconds }
        return ArmStatistics(
            arm: name,
            arrivals: results.count,
            refused: results.count { $0.isRefused },
            net: net,
            slippage: results.reduce(0) { $0 + $1.slippageBps } / count,
            fees: results.reduce(0) { $0 + $1.feeBps(fees) } / count,
            deviation: (squares / max(1, count - 1)).squareRoot(),
            tail: TailCost.mean(costs, worst: 0.05) ?? 0,
            makerShare: results.reduce(0) { $0 + $1.makerShare } / count,
            startedAsMaker: Double(results.count { $0.startedAsMaker }) / count,
            makerFilled: Double(results.count { $0.makerFilled >= $0.quantity }) / count,
            fallenBack: Double(results.count { $0.fallback != .none }) / count,
            completed: results.count { $0.left.raw > 0 },
            makerMarkouts: markouts(results, .maker),
            takerMarkouts: markouts(results, .taker),
            seconds: durations.isEmpty ? nil : durations.reduce(0, +) / Double(durations.count)
        )
    }

    private func markouts(_ results: [ArrivalResult], _ liquidity: Liquidity) -> [Double?] {
        ArmStatistics.horizons.map { horizon in
            var (sum, weight) = (0.0, 0.0)
            for result in results {
                for fill in result.fills where fill.liquidity == liquidity {
                    guard let later = recording.middle(at: fill.time + horizon.span),
                        let markout = ExecutionCost.markoutBps(result.arrival.side, fill.price, later: later)
                    else { continue }
                    sum += markout * Double(fill.quantity.raw)
                    weight += Double(fill.quantity.raw)
                }
            }
            return weight > 0 ? sum / weight : nil
        }
    }
}
