public import FairleadModel

/// The reference strategy of SPEC 3: EMA cross with an RSI band and ATR stops, on closed bars of each screened symbol.
///
/// It exists so that the whole pipeline can run unattended; it is no advice. Its rules, in full:
/// - **Entry**: flat, warm, RSI inside the band, and the averages crossed at most `slowBars` bars ago: in the direction
///   of the cross. Each cross is used once, whatever becomes of its signal. A cross of the back-filled bars counts like
///   any other: the trend that it began may still be entered, which is why a warm screener need not wait for a new one.
/// - **Exit**: all of the position, once the averages stand against it, on each bar until it is gone. Only where the
///   position has the direction of its own last entry: a position of somebody else's is left alone.
/// - **Levels**: stop-loss at `stopAtrs`, take-profit at `profitAtrs` average true ranges from the close.
public struct Screener: ~Copyable {
    /// "SCREENER": the first half of the digest of each of its signals. The second half is instrument and bar.
    public static let digestTag: UInt64 = 0x5343_5245_454E_4552

    private struct Row: BitwiseCopyable {
        var indicators = TrendIndicators()
        var isCrossUsed = false
        /// Of its last entry, until a flat position is seen after the entry's end; nil without one.
        var entrySide: Side?
        var entryExpiresAt = Timestamp.never
    }

    private var rows: ContiguousArray<Row>
    private var isScreened: ContiguousArray<Bool>
    private let terms: ContiguousArray<InstrumentTerms>
    private var configuration: ScreenerConfiguration
    private let barLength: TimeSpan
    /// The handle that its signals carry; the engine sets it when the name has one.
    public var strategy = StrategyHandle.unnamed

    public init(configuration: EngineConfiguration) {
        rows = ContiguousArray(repeating: Row(), count: configuration.instruments.count)
        isScreened = ContiguousArray(repeating: false, count: configuration.instruments.count)
        terms = ContiguousArray(configuration.instruments.map(\.terms))
        self.configuration = configuration.screener
        barLength = configuration.bars.length
        configure(configuration)
    }

    /// Takes new settings of the same instruments. The indicators go on from where they are.
    public mutating func configure(_ configuration: EngineConfiguration) {
        precondition(configuration.instruments.count == rows.count, "Invariant: a reload keeps the instruments")
        self.configuration = configuration.screener
        for row in isScreened.indices {
            isScreened[row] = row < configuration.symbols.count && configuration.symbols[row].isScreened
        }
    }

    public func indicators(_ instrument: InstrumentHandle) -> TrendIndicators {
        rows[Int(instrument.index)].indicators
    }

    /// Takes a back-filled bar that the bar builder accepted: warms the indicators, and never gives a signal.
    public mutating func warm(_ bar: BarReport) {
        let row = Int(bar.instrument.index)
        if rows[row].indicators.apply(bar, configuration) { rows[row].isCrossUsed = false }
    }

    /// Takes a bar that has just closed and gives the signal that follows from it, if any, under the number `number`.
    /// `position` is the confirmed one; in hedge mode long and short together.
    public mutating func closed(
        _ bar: BarReport,
        position: SignedQuantity,
        number: SignalNumber,
        at now: Timestamp
    ) -> SignalTerms? {
        warm(bar)
        let row = Int(bar.instrument.index)
        if position.raw == 0, now >= rows[row].entryExpiresAt { rows[row].entrySide = nil }
        guard configuration.isEnabled, isScreened[row], let trend = rows[row].indicators.trend else { return nil }
        guard let held = position.side else {
            return entry(trend, bar, number, at: now)
        }
        guard held == rows[row].entrySide, trend != held else { return nil }
        return exit(of: held, bar, number, at: now)
    }

    /// Writes, reads or hashes indicators and what became of the last cross.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for row in rows.indices {
            rows[row].indicators.visitState(&visitor)
            visitor.visit(&rows[row].isCrossUsed)
            // 2 stands for nil.
            var side = rows[row].entrySide?.rawValue ?? 2
            visitor.visit(&side)
            if visitor.isReading { rows[row].entrySide = Side(rawValue: side) }
            visitor.visit(&rows[row].entryExpiresAt)
        }
        visitor.visit(&strategy)
    }

    private mutating func entry(
        _ side: Side,
        _ bar: BarReport,
        _ number: SignalNumber,
        at now: Timestamp
    ) -> SignalTerms? {
        let row = Int(bar.instrument.index)
        let indicators = rows[row].indicators
        guard let since = indicators.barsSinceCross, since <= configuration.slowBars else { return nil }
        guard !rows[row].isCrossUsed, indicators.isWarm(configuration) else { return nil }
        guard indicators.isRsiInside(configuration) else { return nil }
        let terms = terms[row]
        let stop = Price(raw: bar.close.raw - side.sign * indicators.atr(times: configuration.stopAtrs).raw)
        let profit = Price(raw: bar.close.raw + side.sign * indicators.atr(times: configuration.profitAtrs).raw)
        let stopLoss = terms.rounded(stop, side.opposite, for: .stopTrigger)
        let takeProfit = terms.rounded(profit, side.opposite, for: .resting)
        // A market that hardly moves has no room for levels on its grid.
        guard stopLoss.raw > 0, (bar.close.raw - stopLoss.raw) * side.sign > 0 else { return nil }
        guard takeProfit.raw > 0, takeProfit <= Price.bound else { return nil }
        guard (takeProfit.raw - bar.close.raw) * side.sign > 0 else { return nil }
        var signal = signal(side, bar, number, .notional(configuration.notional), at: now)
        signal.positionSide = terms.isHedged ? (side == .buy ? .long : .short) : .both
        signal.takeProfits.append(TakeProfitLevel(price: takeProfit, fraction: .one))
        signal.stopLoss = stopLoss
        rows[row].isCrossUsed = true
        rows[row].entrySide = side
        rows[row].entryExpiresAt = signal.expiresAt
        return signal
    }

    private func exit(of held: Side, _ bar: BarReport, _ number: SignalNumber, at now: Timestamp) -> SignalTerms {
        var signal = signal(held.opposite, bar, number, .wholePosition, at: now)
        let isHedged = terms[Int(bar.instrument.index)].isHedged
        signal.positionSide = isHedged ? (held == .buy ? .long : .short) : .both
        signal.intent = .exit
        signal.reduceOnly = true
        return signal
    }

    private func signal(
        _ side: Side,
        _ bar: BarReport,
        _ number: SignalNumber,
        _ size: SignalSize,
        at now: Timestamp
    ) -> SignalTerms {
        let index = FixedPoint.floorDivide(Int128(bar.openTime.nanoseconds), by: Int128(barLength.nanoseconds))
        let low = UInt64(bar.instrument.index) << 48 | UInt64(truncatingIfNeeded: index) & 0xFFFF_FFFF_FFFF
        var signal = SignalTerms(
            number: number,
            digest: Digest128(high: Self.digestTag, low: low),
            instrument: bar.instrument,
            side: side,
            size: size,
            source: .screener
        )
        signal.strategy = strategy
        signal.time = bar.openTime + barLength
        signal.expiresAt = now + configuration.signalLifetime
        return signal
    }
}
