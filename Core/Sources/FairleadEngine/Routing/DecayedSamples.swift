internal import FairleadModel

/// A value and the hour that it was seen in.
struct DecayedSample: BitwiseCopyable, Sendable {
    /// Since the epoch.
    var hour: Int32 = 0
    var value: Int32 = 0
}

/// The last values of something for each instrument, and their quantiles, each value counting by its age.
///
/// Bounded: the 257th value of an instrument takes the oldest one's place, whatever its age. Values are exact integers:
/// what their unit can tell apart, a quantile can.
struct DecayedSamples: Sendable {
    /// Values an instrument: a power of two.
    static let capacity = 256

    private var rows: ContiguousArray<DecayedSample>
    /// Per instrument: how many there ever were.
    private var counts: ContiguousArray<UInt64>
    /// The values of the instrument that was prepared, in order, with their weights; the first `prepared` of them.
    private var sorted: ContiguousArray<Weighted>
    private var prepared = 0

    private struct Weighted: BitwiseCopyable, Sendable {
        var value: Int32 = 0
        var weight = 0.0
    }

    init(instruments: Int) {
        rows = ContiguousArray(repeating: DecayedSample(), count: instruments * Self.capacity)
        counts = ContiguousArray(repeating: 0, count: instruments)
        sorted = ContiguousArray(repeating: Weighted(), count: Self.capacity)
    }

    /// What an hour's evidence counts for; a time to come has age 0.
    static func weight(of hour: Int32, at now: Int32, _ weights: borrowing ContiguousArray<Double>) -> Double {
        let age = max(0, Int(now) - Int(hour))
        return age < weights.count ? weights[age] : 0
    }

    mutating func append(_ sample: DecayedSample, _ instrument: InstrumentHandle) {
        let row = Int(instrument.index)
        rows[row * Self.capacity + Int(counts[row] & UInt64(Self.capacity - 1))] = sample
        counts[row] += 1
    }

    private func held(_ row: Int) -> Int { Int(min(counts[row], UInt64(Self.capacity))) }

    /// Sorts an instrument's values for `quantile` and `weight`. Allocates nothing.
    mutating func prepare(
        _ instrument: InstrumentHandle,
        at hour: Int32,
        _ weights: borrowing ContiguousArray<Double>
    ) {
        let row = Int(instrument.index)
        prepared = 0
        for index in 0..<held(row) {
            let sample = rows[row * Self.capacity + index]
            let weight = Self.weight(of: sample.hour, at: hour, weights)
            guard weight > 0 else { continue }
            sorted[prepared] = Weighted(value: sample.value, weight: weight)
            prepared += 1
        }
        sort()
    }

    /// What the prepared values from one on weigh together.
    func weight(from value: Int32) -> Double {
        var sum = 0.0
        for index in 0..<prepared where sorted[index].value >= value { sum += sorted[index].weight }
        return sum
    }

    /// Shell's sort: by value, then by weight.
    private mutating func sort() {
        var gap = prepared / 2
        while gap > 0 {
            for start in gap..<prepared {
                let moved = sorted[start]
                var place = start
                while place >= gap, Self.isAfter(sorted[place - gap], moved) {
                    sorted[place] = sorted[place - gap]
                    place -= gap
                }
                sorted[place] = moved
            }
            gap /= 2
        }
    }

    private static func isAfter(_ a: Weighted, _ b: Weighted) -> Bool {
        a.value != b.value ? a.value > b.value : a.weight > b.weight
    }

    /// A quantile of the prepared values; nil without any.
    ///
    /// Values of one age: linear between ranks, at rank `share (n - 1)`. Of different ages: the weights are scaled so
    /// that they sum to the effective number of samples, `(sum w)^2 / sum w^2`; a value of weight w stands at w ranks
    /// (at one, where w is under 1), and what lies between two values is linear. Age alone moves no quantile.
    func quantile(_ share: Double) -> Double? {
        guard prepared > 0 else { return nil }
        var sum = 0.0
        var squares = 0.0
        for index in 0..<prepared {
            sum += sorted[index].weight
            squares += sorted[index].weight * sorted[index].weight
        }
        let scale = sum / squares
        let rank = max(0, share * (sum * scale - 1))
        var begin = 0.0
        var previous = (value: Double(sorted[0].value), end: 0.0)
        for index in 0..<prepared {
            let value = Double(sorted[index].value)
            let weight = sorted[index].weight * scale
            if rank < begin {
                return previous.value + (rank - previous.end) / (begin - previous.end) * (value - previous.value)
            }
            previous = (value, begin + max(0, weight - 1))
            if rank <= previous.end { return value }
            begin += weight
        }
        return previous.value
    }

    /// Writes, reads or hashes the values that are held. What is prepared is not part of it.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for row in counts.indices {
            visitor.visit(&counts[row])
            for index in 0..<held(row) {
                visitor.visit(&rows[row * Self.capacity + index].hour)
                visitor.visit(&rows[row * Self.capacity + index].value)
            }
        }
    }
}
