import FairleadModel

/// A mean with the interval that holds 95 of 100 of its resamples.
public struct Estimate: Hashable, Sendable {
    public var mean: Double
    public var low: Double
    public var high: Double

    public init(mean: Double, low: Double, high: Double) {
        self.mean = mean
        self.low = low
        self.high = high
    }
}

/// Confidence intervals of means over neighbouring moments, which are not independent: whole blocks of them are drawn,
/// with replacement, around the end to the beginning (circular block bootstrap, percentile interval).
///
/// Everything that happened at one moment stays together. The same seed draws the same blocks, for every series of the
/// same length, so that differences between arms are paired.
public struct BlockBootstrap: Sendable {
    /// The first moment of each block of each resample.
    private let draws: [[Int]]
    private let moments: Int
    private let block: Int

    /// `moments` is the length of the series, `block` how many of them are drawn together.
    public init(moments: Int, block: Int, resamples: Int, seed: UInt64) {
        precondition(moments > 0, "Invariant: a series has a moment")
        precondition(resamples > 0, "Invariant: something is drawn")
        self.moments = moments
        self.block = min(max(1, block), moments)
        var random = DeterministicRandom(seed: seed)
        let count = (moments + self.block - 1) / self.block
        draws = (0..<resamples).map { _ in (0..<count).map { _ in Int(random.next(below: UInt64(moments))) } }
    }

    /// Blocks that do not overlap: how many independent pieces there are, at most.
    public var blocks: Int { moments / block }

    /// The mean of all values, each under its moment.
    public func mean(_ values: [(moment: Int, value: Double)]) -> Estimate? {
        guard !values.isEmpty else { return nil }
        // Sums over the first moments of two rounds, so that each block is one difference.
        var sums = [Double](repeating: 0, count: 2 * moments + 1)
        var counts = [Int](repeating: 0, count: 2 * moments + 1)
        for (moment, value) in values {
            precondition(moment < moments, "Invariant: a value lies within the series")
            for place in [moment, moment + moments] {
                sums[place + 1] += value
                counts[place + 1] += 1
            }
        }
        for place in 1...(2 * moments) {
            sums[place] += sums[place - 1]
            counts[place] += counts[place - 1]
        }
        var means: [Double] = []
        for draw in draws {
            var (sum, count) = (0.0, 0)
            for first in draw {
                sum += sums[first + block] - sums[first]
                count += counts[first + block] - counts[first]
            }
            if count > 0 { means.append(sum / Double(count)) }
        }
        let mean = values.reduce(0) { $0 + $1.value } / Double(values.count)
        means.sort()
        return Estimate(mean: mean, low: Self.quantile(means, 0.025), high: Self.quantile(means, 0.975))
    }

    /// Linear between ranks.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = share * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (sorted[index + 1] - sorted[index]) * (place - Double(index))
    }
}

/// The mean of the worst share of costs: exact for discrete samples, with a part of the sample on the bound.
public enum TailCost {
    /// `share` is the tail's part, 0.05 for the worst 5 %.
    public static func mean(_ costs: [Double], worst share: Double) -> Double? {
        guard !costs.isEmpty, share > 0 else { return nil }
        let sorted = costs.sorted(by: >)
        var left = share * Double(sorted.count)
        let whole = left
        var sum = 0.0
        for cost in sorted where left > 0 {
            let part = min(1, left)
            sum += part * cost
            left -= part
        }
        return sum / whole
    }
}
