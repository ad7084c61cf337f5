public import FairleadModel

/// SPEC 7's market regime of each instrument: the mean true range of the last 50 bars against that of the last 500,
/// each range as a fraction of its bar's close.
///
/// Exact: ranges are integers of 10^-12, their sums are kept running and compared without a division. A bar that
/// follows no other has the range of itself alone. Under 500 bars there is no ratio: `normal`, and `isAssumed` says so.
public struct AtrRegime: ~Copyable {
    public static let shortBars = 50
    public static let longBars = 500
    private static let unit: Int128 = 1_000_000_000_000
    /// A range of 1,000 times the price: larger ones count as this.
    private static let limit: Int64 = 1_000_000_000_000_000

    /// Per instrument: a ring of the last `longBars` ranges.
    private var ranges: ContiguousArray<Int64>
    private var counts: ContiguousArray<Int>
    private var shortSums: ContiguousArray<Int64>
    private var longSums: ContiguousArray<Int64>
    /// Zero before the first bar.
    private var closes: ContiguousArray<Price>

    public init(instruments: Int) {
        ranges = ContiguousArray(repeating: 0, count: instruments * Self.longBars)
        counts = ContiguousArray(repeating: 0, count: instruments)
        shortSums = ContiguousArray(repeating: 0, count: instruments)
        longSums = shortSums
        closes = ContiguousArray(repeating: .zero, count: instruments)
    }

    /// Takes a closed or backfilled bar that the bar builder accepted; its prices are positive.
    public mutating func apply(_ bar: BarReport) {
        let row = Int(bar.instrument.index)
        let before = closes[row]
        var range = Int128(bar.high.raw - bar.low.raw)
        if before.raw > 0 {
            range = max(range, Int128(abs(bar.high.raw - before.raw)), Int128(abs(bar.low.raw - before.raw)))
        }
        push(min(Self.limit, Int64(clamping: range * Self.unit / Int128(bar.close.raw))), row)
        closes[row] = bar.close
    }

    /// The regime, and whether it is only assumed for want of bars.
    public func regime(_ instrument: InstrumentHandle) -> (regime: MarketRegime, isAssumed: Bool) {
        let row = Int(instrument.index)
        guard counts[row] >= Self.longBars, longSums[row] > 0 else { return (.normal, true) }
        return (Self.regime(short: shortSums[row], long: longSums[row]), false)
    }

    /// The mean ranges of the last 50 and 500 bars as shares of the price; nil under so many bars.
    public func means(_ instrument: InstrumentHandle) -> (short: Double?, long: Double?) {
        let row = Int(instrument.index)
        let unit = Double(Self.unit)
        return (
            counts[row] < Self.shortBars ? nil : Double(shortSums[row]) / Double(Self.shortBars) / unit,
            counts[row] < Self.longBars ? nil : Double(longSums[row]) / Double(Self.longBars) / unit
        )
    }

    /// The median range of the last 500 bars as a share of the price, between the two in the middle; nil under so many
    /// bars. Sorts them: for people, never for a decision.
    public func median(_ instrument: InstrumentHandle) -> Double? {
        let row = Int(instrument.index)
        guard counts[row] >= Self.longBars else { return nil }
        let base = row * Self.longBars
        let sorted = ranges[base..<(base + Self.longBars)].sorted()
        let middle = Self.longBars / 2
        return (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2 / Double(Self.unit)
    }

    /// The ratio of the means: (short / 50) / (long / 500), compared with 0.5, 1.5 and 2.5.
    static func regime(short: Int64, long: Int64) -> MarketRegime {
        let ratio = Int128(short) * Int128(longBars) * 2
        let one = Int128(long) * Int128(shortBars)
        if ratio < one { return .quiet }
        if ratio < 3 * one { return .normal }
        return ratio < 5 * one ? .hot : .panic
    }

    /// Writes, reads or hashes the ranges and their sums.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in ranges.indices { visitor.visit(&ranges[index]) }
        for row in counts.indices {
            visitor.visit(&counts[row])
            visitor.visit(&shortSums[row])
            visitor.visit(&longSums[row])
            visitor.visit(&closes[row])
        }
    }

    /// `counts` counts on without end: it is also the place in the ring.
    private mutating func push(_ range: Int64, _ row: Int) {
        let place = counts[row]
        let base = row * Self.longBars
        if place >= Self.longBars { longSums[row] -= ranges[base + place % Self.longBars] }
        if place >= Self.shortBars { shortSums[row] -= ranges[base + (place - Self.shortBars) % Self.longBars] }
        ranges[base + place % Self.longBars] = range
        longSums[row] += range
        shortSums[row] += range
        counts[row] = place + 1
    }
}
