import FairleadModel
import Testing

@testable import FairleadComparison

@Suite struct StatisticsTests {
    /// Goal: a series without spread has an interval without width, and the mean lies within every interval. Method:
    /// constants, then a seeded series.
    @Test func anIntervalHoldsTheMean() throws {
        let flat = BlockBootstrap(moments: 40, block: 7, resamples: 200, seed: 1)
        let constant = try #require(flat.mean((0..<40).map { (moment: $0, value: 1.5) }))
        #expect(constant.low == 1.5 && constant.mean == 1.5 && constant.high == 1.5)
        var random = DeterministicRandom(seed: 3)
        let values = (0..<200).map { (moment: $0 / 5, value: random.nextUnit()) }
        let estimate = try #require(flat.mean(values))
        #expect(estimate.low < estimate.mean && estimate.mean < estimate.high)
    }

    /// Goal: neighbours that move together widen the interval; drawing them one by one hides that. Method: a series of
    /// long runs, with blocks of one moment and of a run.
    @Test func blocksSeeWhatNeighboursShare() throws {
        let values = (0..<400).map { (moment: $0, value: $0 / 50 % 2 == 0 ? 1.0 : 0.0) }
        let single = try #require(BlockBootstrap(moments: 400, block: 1, resamples: 1000, seed: 1).mean(values))
        let blocks = try #require(BlockBootstrap(moments: 400, block: 50, resamples: 1000, seed: 1).mean(values))
        #expect(blocks.high - blocks.low > 2 * (single.high - single.low))
    }

    /// Goal: the same seed gives the same interval, another one another. Method: three bootstraps of one series.
    @Test func theSeedDecides() throws {
        let values = (0..<60).map { (moment: $0, value: Double($0 * $0 % 17)) }
        func interval(_ seed: UInt64) throws -> Estimate {
            try #require(BlockBootstrap(moments: 60, block: 6, resamples: 300, seed: seed).mean(values))
        }
        #expect(try interval(1) == interval(1))
        #expect(try interval(1) != interval(2))
    }

    /// Goal: the worst share's mean counts a cost on the bound in part. Method: sums by hand.
    @Test func theTailIsExact() throws {
        let costs = (1...10).map(Double.init)
        #expect(try #require(TailCost.mean(costs, worst: 0.2)) == 9.5)
        // 10 whole, 9 half: (10 + 4.5) / 1.5
        #expect(abs(try #require(TailCost.mean(costs, worst: 0.15)) - 14.5 / 1.5) < 1e-12)
        #expect(TailCost.mean([], worst: 0.05) == nil)
    }

    /// Goal: Cont and Kukanov's split, to the vector of EXECUTION-QUALITY 4. Method: Poisson probabilities made here,
    /// the quantile from them, and the cost of every limit quantity by brute force.
    @Test func contAndKukanovsSplit() throws {
        let split = ContKukanovSplit(
            halfSpread: 0.02,
            takerFee: 0.003,
            makerRebate: 0.002,
            underfillPenalty: 0.026,
            queueAhead: 2000
        )
        #expect(abs(split.ratio - 0.9375) < 1e-9)
        let outflow = Self.poisson(2200, upTo: 3400)
        let found = split.split(1000) { Self.quantile(outflow, $0) }
        #expect(found.limit == 272)
        #expect(found.market == 728)
        func cost(_ limit: Double) -> Double { split.cost(1000, limit: limit, outflow: outflow) }
        #expect(abs(cost(272) / 14.27838 - 1) < 1e-6)
        #expect(abs(cost(0) / 23.0 - 1) < 1e-6)
        #expect(abs(cost(1000) / 16.4 - 1) < 1e-6)
        for limit in stride(from: 0.0, through: 1000, by: 1) { #expect(cost(272) <= cost(limit)) }
    }

    /// Goal: the split stays within the order, also where all should rest and where nothing should. Method: the ends.
    @Test func theSplitIsClipped() {
        var split = ContKukanovSplit(
            halfSpread: 0.02,
            takerFee: 0.003,
            makerRebate: 0.002,
            underfillPenalty: 0.026,
            queueAhead: 2000
        )
        #expect(split.split(100) { _ in 1900 }.limit == 0)
        #expect(split.split(100) { _ in 5000 }.limit == 100)
        split.underfillPenalty = 0.001
        #expect(split.ratio > 1)
        #expect(split.split(100) { _ in 0 }.market == 0)
    }

    /// Each probability from the one before, outward from the mean, so that nothing underflows.
    private static func poisson(_ mean: Double, upTo limit: Int) -> [Double] {
        var weights = [Double](repeating: 0, count: limit + 1)
        let middle = Int(mean)
        weights[middle] = 1
        for count in (middle + 1)...limit { weights[count] = weights[count - 1] * mean / Double(count) }
        for count in stride(from: middle, to: 0, by: -1) { weights[count - 1] = weights[count] * Double(count) / mean }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    private static func quantile(_ probabilities: [Double], _ share: Double) -> Double {
        var sum = 0.0
        for (count, probability) in probabilities.enumerated() {
            sum += probability
            if sum >= share { return Double(count) }
        }
        return .infinity
    }
}
