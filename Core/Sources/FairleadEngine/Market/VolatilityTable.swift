public import FairleadModel

/// RULES' volatility regime of sizing of each instrument: the EWMA volatility of its last 168 bars (half-life 84) over
/// that of its last 720 (half-life 360), each a root of weighted squares of the bars' returns, their mean not removed.
///
/// Both windows are two half-lives long. Their sums are kept running by additions and multiplications alone, so that
/// the same bars give the same bits everywhere; the ratio is compared squared, without a root. Under 720 bars, and in a
/// market that did not move, there is no ratio: `normal`, and `isAssumed` says so. A bar's return is simple, from the
/// close before it; the first bar has none.
public struct VolatilityTable: ~Copyable {
    public static let shortBars = 168
    public static let longBars = 720
    /// What a bar's weight has come to where it leaves its window: two half-lives.
    private static let leavingWeight = 0.25
    private static let shortDecay = DeterministicMath.exp(-0.693_147_180_559_945_3 / 84)
    private static let longDecay = DeterministicMath.exp(-0.693_147_180_559_945_3 / 360)
    /// A mean square under this is rounding: a market that moves by less than 0.00001 bps a bar.
    private static let stillness = 1e-18

    /// Per instrument: a ring of the squared returns of the last `longBars` bars.
    private var squares: ContiguousArray<Double>
    private var counts: ContiguousArray<Int>
    private var shortSums: ContiguousArray<Double>
    private var longSums: ContiguousArray<Double>
    /// Zero before the first bar.
    private var closes: ContiguousArray<Price>

    public init(instruments: Int) {
        squares = ContiguousArray(repeating: 0, count: instruments * Self.longBars)
        counts = ContiguousArray(repeating: 0, count: instruments)
        shortSums = ContiguousArray(repeating: 0, count: instruments)
        longSums = shortSums
        closes = ContiguousArray(repeating: .zero, count: instruments)
    }

    /// Takes a closed or backfilled bar that the bar builder accepted; its prices are positive.
    public mutating func apply(_ bar: BarReport) {
        let row = Int(bar.instrument.index)
        let before = closes[row]
        closes[row] = bar.close
        guard before.raw > 0 else { return }
        let change = Double(bar.close.raw - before.raw) / Double(before.raw)
        push(change * change, row)
    }

    /// The regime, and whether it is only assumed for want of bars.
    public func regime(_ instrument: InstrumentHandle) -> (regime: SizingRegime, isAssumed: Bool) {
        guard let means = means(instrument) else { return (.normal, true) }
        return (Self.regime(short: means.short, long: means.long), false)
    }

    /// The short volatility over the long one; nil where there is no ratio.
    public func ratio(_ instrument: InstrumentHandle) -> Double? {
        guard let means = means(instrument) else { return nil }
        return DeterministicMath.squareRoot(means.short / means.long)
    }

    /// Of two mean squares: the bounds 0.6, 1.2 and 1.8 of the volatilities' ratio, squared.
    static func regime(short: Double, long: Double) -> SizingRegime {
        if short < 0.36 * long { return .low }
        if short < 1.44 * long { return .normal }
        return short < 3.24 * long ? .high : .crisis
    }

    /// Weighted means of the squared returns; nil under 720 bars, and where nothing moved.
    private func means(_ instrument: InstrumentHandle) -> (short: Double, long: Double)? {
        let row = Int(instrument.index)
        guard counts[row] >= Self.longBars else { return nil }
        // The weights of a window sum to (1 - 0.25) / (1 - decay).
        let short = shortSums[row] * (1 - Self.shortDecay) / (1 - Self.leavingWeight)
        let long = longSums[row] * (1 - Self.longDecay) / (1 - Self.leavingWeight)
        return long > Self.stillness ? (short, long) : nil
    }

    /// Writes, reads or hashes the squares and their sums.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for row in counts.indices {
            visitor.visit(&counts[row])
            if visitor.isReading { counts[row] = max(0, counts[row]) }
            visitor.visit(&shortSums[row])
            visitor.visit(&longSums[row])
            visitor.visit(&closes[row])
            for place in 0..<min(counts[row], Self.longBars) { visitor.visit(&squares[row * Self.longBars + place]) }
        }
    }

    /// `counts` counts on without end: it is also the place in the ring. A sum of squares is not negative, whatever the
    /// rounding says.
    private mutating func push(_ square: Double, _ row: Int) {
        let place = counts[row]
        let base = row * Self.longBars
        var long = longSums[row] * Self.longDecay + square
        var short = shortSums[row] * Self.shortDecay + square
        if place >= Self.longBars { long -= Self.leavingWeight * squares[base + place % Self.longBars] }
        if place >= Self.shortBars {
            short -= Self.leavingWeight * squares[base + (place - Self.shortBars) % Self.longBars]
        }
        longSums[row] = max(0, long)
        shortSums[row] = max(0, short)
        squares[base + place % Self.longBars] = square
        counts[row] = place + 1
    }
}
