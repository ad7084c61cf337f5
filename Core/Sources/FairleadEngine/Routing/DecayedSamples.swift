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
    /// Per instrument: the places of its values in order, as last sorted. Nearly so after a few more values, which is
    /// what makes sorting cheap; from any order the same comes out.
    private var order: ContiguousArray<UInt8>
    /// The values of the instrument that was prepared, in order, with their weights; the first `prepared` of them.
    private var sorted: ContiguousArray<Weighted>
    private var prepared = 0
    /// Sums of their weights, and of the squares of them.
    private var sum = 0.0
    private var squares = 0.0

    private struct Weighted: BitwiseCopyable, Sendable {
        var value: Int32 = 0
        var weight = 0.0
    }

    init(instruments: Int) {
        rows = ContiguousArray(repeating: DecayedSample(), count: instruments * Self.capacity)
        counts = ContiguousArray(repeating: 0, count: instruments)
        order = ContiguousArray((0..<instruments * Self.capacity).map { UInt8($0 % Self.capacity) })
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
        sort(row)
        (prepared, sum, squares) = (0, 0, 0)
        for rank in 0..<held(row) {
            let sample = sample(row, rank)
            let weight = Self.weight(of: sample.hour, at: hour, weights)
            guard weight > 0 else { continue }
            sum += weight
            squares += weight * weight
            sorted[prepared] = Weighted(value: sample.value, weight: weight)
            prepared += 1
        }
    }

    @inline(__always)
    private func sample(_ row: Int, _ rank: Int) -> DecayedSample {
        rows[row * Self.capacity + Int(order[row * Self.capacity + rank])]
    }

    /// By insertion: by value, then by hour.
    private mutating func sort(_ row: Int) {
        let first = row * Self.capacity
        for rank in 0..<held(row) where rank > 0 {
            let moved = order[first + rank]
            let sample = rows[first + Int(moved)]
            var place = rank
            while place > 0, Self.isAfter(self.sample(row, place - 1), sample) {
                order[first + place] = order[first + place - 1]
                place -= 1
            }
            order[first + place] = moved
        }
    }

    private static func isAfter(_ a: DecayedSample, _ b: DecayedSample) -> Bool {
        a.value != b.value ? a.value > b.value : a.hour > b.hour
    }

    /// What the prepared values from one on weigh together.
    func weight(from value: Int32) -> Double {
        var sum = 0.0
        var index = prepared
        while index > 0, sorted[index - 1].value >= value {
            index -= 1
            sum += sorted[index].weight
        }
        return sum
    }

    /// A quantile of the prepared values; nil without any.
    ///
    /// Values of one age: linear between ranks, at rank `share (n - 1)`. Of different ages: the weights are scaled so
    /// that they sum to the effective number of samples, `(sum w)^2 / sum w^2`; a value of weight w stands at w ranks
    /// (at one, where w is under 1), and what lies between two values is linear. Age alone moves no quantile.
    func quantile(_ share: Double) -> Double? {
        guard prepared > 0 else { return nil }
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

    /// Writes, reads or hashes the values that are held. Their order, and what is prepared, follow from them.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        if visitor.isReading { for place in order.indices { order[place] = UInt8(place % Self.capacity) } }
        for row in counts.indices {
            visitor.visit(&counts[row])
            for index in 0..<held(row) {
                visitor.visit(&rows[row * Self.capacity + index].hour)
                visitor.visit(&rows[row * Self.capacity + index].value)
            }
        }
    }
}
