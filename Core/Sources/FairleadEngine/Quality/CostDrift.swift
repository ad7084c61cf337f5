internal import FairleadModel

/// CUSUM over a mean: `S = max(0, S + x - mean - slack)`; alarms over its limit (EXECUTION-QUALITY 6).
public struct CumulativeSum: Hashable, Sendable, BitwiseCopyable {
    public private(set) var sum = 0.0
    public init() {}

    /// `slack` is half of the shift to detect.
    public mutating func add(_ value: Double, mean: Double, slack: Double) { sum = max(0, sum + value - mean - slack) }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) { visitor.visit(&sum) }
}

/// Page-Hinkley: `m = sum of (x_i - mean_i - delta)`, with the mean up to and with each value; alarms where m lies
/// over its least by more than lambda (EXECUTION-QUALITY 6).
public struct PageHinkley: Hashable, Sendable, BitwiseCopyable {
    private var count: UInt64 = 0
    private var mean = 0.0
    private var sum = 0.0
    private var least = 0.0
    public init() {}

    /// How far the sum lies over its least: what lambda bounds.
    public var excess: Double { sum - least }

    public mutating func add(_ value: Double, delta: Double) {
        count += 1
        mean += (value - mean) / Double(count)
        sum += value - mean - delta
        least = min(least, sum)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&count)
        visitor.visit(&mean)
        visitor.visit(&sum)
        visitor.visit(&least)
    }
}

/// Watches whether a symbol's costs have shifted upward: EWMA (0.2), CUSUM and Page-Hinkley over the residuals, each
/// what a fill cost less what it was expected to, in bps.
///
/// The first 30 residuals are only learnt from: their mean and standard deviation scale both detectors (CUSUM: slack
/// 0.5 sd, limit 5 sd; Page-Hinkley: delta 0.25 sd, lambda 10 sd). They then watch those that follow. An alarm stays
/// until Page-Hinkley and CUSUM are both back under half of their limits. For people: no order depends on it.
public struct CostDrift: Hashable, Sendable, BitwiseCopyable {
    public static let learnt = 30
    /// Residuals vary by this much at least, in bps: costs that were all equal would alarm at anything.
    static let leastDeviation = 0.1

    public private(set) var count: UInt64 = 0
    /// Of all residuals.
    public private(set) var average = 0.0
    /// Of the residuals that were learnt from.
    public private(set) var mean = 0.0
    private var squares = 0.0
    public private(set) var cumulative = CumulativeSum()
    public private(set) var pageHinkley = PageHinkley()
    public private(set) var isAlarmed = false

    public init() {}

    /// Standard deviation of what was learnt from, in bps.
    public var deviation: Double {
        max(Self.leastDeviation, DeterministicMath.squareRoot(squares / Double(Self.learnt - 1)))
    }

    /// `residual` must be finite.
    public mutating func add(_ residual: Double) {
        average = count == 0 ? residual : 0.2 * residual + 0.8 * average
        count += 1
        guard count > UInt64(Self.learnt) else { return learn(residual) }
        let deviation = deviation
        cumulative.add(residual, mean: mean, slack: 0.5 * deviation)
        pageHinkley.add(residual, delta: 0.25 * deviation)
        let share = max(cumulative.sum / (5 * deviation), pageHinkley.excess / (10 * deviation))
        isAlarmed = share > (isAlarmed ? 0.5 : 1)
    }

    /// Welford's sums.
    private mutating func learn(_ residual: Double) {
        let before = residual - mean
        mean += before / Double(count)
        squares += before * (residual - mean)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&count)
        visitor.visit(&average)
        visitor.visit(&mean)
        visitor.visit(&squares)
        cumulative.visitState(&visitor)
        pageHinkley.visitState(&visitor)
        visitor.visit(&isAlarmed)
    }
}
