public import FairleadModel

/// The indicators of one instrument: two exponential averages of the close, Wilder's RSI and ATR.
///
/// Fixed point with 20 more binary digits than a price, each division rounded down, in one fixed order: the same bars
/// give the same values everywhere. Until its length is reached, an average of Wilder's is the plain mean so far; an
/// exponential one starts at the first close.
public struct TrendIndicators: Hashable, Sendable, BitwiseCopyable {
    /// Binary digits after those of a price.
    static let extraBits: Int128 = 20

    /// Bars taken in.
    public private(set) var bars = 0
    /// Bars since the averages crossed, 0 on the bar that crossed; nil while they never have.
    public private(set) var barsSinceCross: Int?
    /// Fast above slow: buy. Below: sell. nil while they never differed.
    public private(set) var trend: Side?
    public private(set) var lastClose = Price.zero
    private var fast: Int128 = 0
    private var slow: Int128 = 0
    private var gain: Int128 = 0
    private var loss: Int128 = 0
    private var range: Int128 = 0

    public init() {}

    /// Takes a closed bar. True when the averages crossed on it: also the first difference that follows the first bar
    /// is no cross, since nothing was on the other side before.
    @discardableResult
    public mutating func apply(_ bar: BarReport, _ configuration: ScreenerConfiguration) -> Bool {
        let close = Int128(bar.close.raw) << Self.extraBits
        let before = Int128(lastClose.raw) << Self.extraBits
        var trueRange = Int128(bar.high.raw - bar.low.raw)
        if bars > 0 {
            let change = close - before
            Self.smooth(&gain, toward: max(0, change), bars, configuration.rsiBars)
            Self.smooth(&loss, toward: max(0, -change), bars, configuration.rsiBars)
            trueRange = max(trueRange, Int128(abs(bar.high.raw - lastClose.raw)))
            trueRange = max(trueRange, Int128(abs(bar.low.raw - lastClose.raw)))
            fast += Self.divided((close - fast) * 2, by: configuration.fastBars + 1)
            slow += Self.divided((close - slow) * 2, by: configuration.slowBars + 1)
        } else {
            fast = close
            slow = close
        }
        bars += 1
        Self.smooth(&range, toward: trueRange << Self.extraBits, bars, configuration.atrBars)
        lastClose = bar.close
        return follow()
    }

    /// Enough bars for each indicator to mean something: twice the slow average, and one more than RSI and ATR look at.
    public func isWarm(_ configuration: ScreenerConfiguration) -> Bool {
        bars >= max(2 * configuration.slowBars, configuration.rsiBars + 1, configuration.atrBars + 1)
    }

    /// RSI within `rsiLow...rsiHigh`, exactly: `100 gain / (gain + loss)`. False while nothing has moved.
    public func isRsiInside(_ configuration: ScreenerConfiguration) -> Bool {
        let sum = gain + loss
        guard sum > 0 else { return false }
        return gain * 100 >= Int128(configuration.rsiLow) * sum && gain * 100 <= Int128(configuration.rsiHigh) * sum
    }

    /// ATR times a factor, rounded down to a price.
    public func atr(times factor: Rate) -> Price {
        let scaled = range * Int128(factor.raw)
        return Price(raw: FixedPoint.dividedRoundingDown(scaled, by: Int128(FixedPoint.one) << Self.extraBits))
    }

    /// RSI in [0, 100] for display; nil while nothing has moved.
    public var rsi: Double? { gain + loss > 0 ? 100 * Double(gain) / Double(gain + loss) : nil }
    /// For display.
    public var fastAverage: Price { Price(raw: Int64(clamping: fast >> Self.extraBits)) }
    /// For display.
    public var slowAverage: Price { Price(raw: Int64(clamping: slow >> Self.extraBits)) }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&bars)
        // -1 and 2 stand for nil.
        var since = barsSinceCross ?? -1
        visitor.visit(&since)
        var direction = trend?.rawValue ?? 2
        visitor.visit(&direction)
        if visitor.isReading {
            barsSinceCross = since < 0 ? nil : since
            trend = Side(rawValue: direction)
        }
        visitor.visit(&lastClose)
        visitor.visit(&fast)
        visitor.visit(&slow)
        visitor.visit(&gain)
        visitor.visit(&loss)
        visitor.visit(&range)
    }

    private mutating func follow() -> Bool {
        if let since = barsSinceCross { barsSinceCross = since + 1 }
        guard fast != slow else { return false }
        let now: Side = fast > slow ? .buy : .sell
        defer { trend = now }
        guard let before = trend, before != now else { return false }
        barsSinceCross = 0
        return true
    }

    /// Wilder's smoothing: a step of 1/length toward a value, of 1/count while fewer values are known.
    private static func smooth(_ average: inout Int128, toward value: Int128, _ count: Int, _ length: Int) {
        average += divided(value - average, by: max(1, min(count, length)))
    }

    private static func divided(_ value: Int128, by divisor: Int) -> Int128 {
        FixedPoint.floorDivide(value, by: Int128(divisor))
    }
}
