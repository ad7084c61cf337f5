public import FairleadModel

/// How much of each instrument is traded at each time of the day: the curve that a VWAP follows.
///
/// The day, in UTC, has 96 buckets of a quarter of an hour. A bucket's volume is the mean of its days, the newest
/// weighing as one of `days`: a running mean at first, then one that forgets. A day counts for a bucket where at least
/// half of the bucket's bars were seen, so that a start in its middle teaches nothing wrong. Learnt from every closed
/// bar and from those that a feed brings of the time before.
public struct VolumeCurve: ~Copyable {
    public static let bucketCount = 96
    public static let bucketLength = TimeSpan.seconds(900)

    private let barLength: TimeSpan
    /// Per instrument and bucket.
    private var means: ContiguousArray<Int64>
    private var seenDays: ContiguousArray<UInt16>
    /// Per instrument, the bucket that is under way: its number since the epoch, its volume, its bars.
    private var numbers: ContiguousArray<Int64>
    private var volumes: ContiguousArray<Int64>
    private var bars: ContiguousArray<UInt16>

    public init(barLength: TimeSpan, instruments: Int) {
        self.barLength = barLength
        means = ContiguousArray(repeating: 0, count: instruments * Self.bucketCount)
        seenDays = ContiguousArray(repeating: 0, count: instruments * Self.bucketCount)
        numbers = ContiguousArray(repeating: -1, count: instruments)
        volumes = ContiguousArray(repeating: 0, count: instruments)
        bars = ContiguousArray(repeating: 0, count: instruments)
    }

    /// Days that are known of the bucket of a moment, and their mean volume.
    public func bucket(_ instrument: InstrumentHandle, at time: Timestamp) -> (mean: Quantity, days: Int) {
        let place = place(Int(instrument.index), Self.number(time.nanoseconds))
        return (Quantity(raw: means[place]), Int(seenDays[place]))
    }

    /// Takes a bar that the bar builder has closed or accepted. A bar of middles has no volume, and says so.
    public mutating func apply(_ bar: BarReport, days: Int) {
        let row = Int(bar.instrument.index)
        let number = Self.number(bar.openTime.nanoseconds)
        let length = Self.bucketLength.nanoseconds
        if barLength.nanoseconds >= length {
            // A bar of several buckets is shared among them.
            let count = barLength.nanoseconds / length
            for step in 0..<count { learn(row, number + step, bar.volume.raw / count, days) }
            return
        }
        if number != numbers[row] {
            // What lies before the bucket under way came too late.
            guard number > numbers[row] else { return }
            finish(row, days)
            numbers[row] = number
        }
        let sum = volumes[row].addingReportingOverflow(bar.volume.raw)
        volumes[row] = sum.overflow ? .max : sum.partialValue
        if bars[row] < .max { bars[row] += 1 }
    }

    /// What is expected to be traded from one moment to another: the sum over the buckets of mean times the part of the
    /// bucket, in volume times nanoseconds. nil where a bucket has fewer days than are asked for.
    func weight(
        _ instrument: InstrumentHandle,
        from begin: Timestamp,
        to end: Timestamp,
        minimumDays: Int
    ) -> Int128? {
        let row = Int(instrument.index)
        let length = Self.bucketLength.nanoseconds
        var sum: Int128 = 0
        var number = Self.number(begin.nanoseconds)
        while number * length < end.nanoseconds {
            let place = place(row, number)
            guard Int(seenDays[place]) >= minimumDays else { return nil }
            let from = max(begin.nanoseconds, number * length)
            let to = min(end.nanoseconds, (number + 1) * length)
            sum += Int128(means[place]) * Int128(to - from)
            number += 1
        }
        return sum
    }

    private mutating func finish(_ row: Int, _ days: Int) {
        let covered = Int64(bars[row]) * barLength.nanoseconds
        if numbers[row] >= 0, 2 * covered >= Self.bucketLength.nanoseconds {
            learn(row, numbers[row], volumes[row], days)
        }
        volumes[row] = 0
        bars[row] = 0
    }

    private mutating func learn(_ row: Int, _ number: Int64, _ volume: Int64, _ days: Int) {
        let place = place(row, number)
        if seenDays[place] < .max { seenDays[place] += 1 }
        let weight = Int128(max(1, min(Int(seenDays[place]), days)))
        let change = FixedPoint.floorDivide(Int128(volume) - Int128(means[place]), by: weight)
        means[place] = Int64(Int128(means[place]) + change)
    }

    private func place(_ row: Int, _ number: Int64) -> Int {
        let count = Int64(Self.bucketCount)
        return row * Self.bucketCount + Int(((number % count) + count) % count)
    }

    private static func number(_ nanoseconds: Int64) -> Int64 {
        Int64(FixedPoint.floorDivide(Int128(nanoseconds), by: Int128(bucketLength.nanoseconds)))
    }

    /// Writes, reads or hashes the whole state.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in means.indices {
            visitor.visit(&means[index])
            visitor.visit(&seenDays[index])
        }
        for row in numbers.indices {
            visitor.visit(&numbers[row])
            visitor.visit(&volumes[row])
            visitor.visit(&bars[row])
        }
    }

    public func checkInvariants() {
        for index in means.indices {
            precondition(means[index] >= 0, "Invariant: no volume is negative")
            precondition(means[index] == 0 || seenDays[index] > 0, "Invariant: a mean is of days that were seen")
        }
    }
}
