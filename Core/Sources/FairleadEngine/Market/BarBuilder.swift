public import FairleadModel

/// One closed bar as it is kept.
public struct Bar: Hashable, Sendable, BitwiseCopyable {
    public var openTime = Timestamp.never
    public var open = Price.zero
    public var high = Price.zero
    public var low = Price.zero
    public var close = Price.zero
    /// Traded; zero in a bar of middles.
    public var volume = Quantity.zero

    public init() {}

    public init(_ report: BarReport) {
        openTime = report.openTime
        open = report.open
        high = report.high
        low = report.low
        close = report.close
        volume = report.volume
    }

    public func report(_ instrument: InstrumentHandle) -> BarReport {
        BarReport(
            instrument: instrument,
            openTime: openTime,
            open: open,
            high: high,
            low: low,
            close: close,
            volume: volume
        )
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&openTime)
        visitor.visit(&open)
        visitor.visit(&high)
        visitor.visit(&low)
        visitor.visit(&close)
        visitor.visit(&volume)
    }
}

/// Bars of one length for every instrument, from trades; from the middle of the book where an interval had no trade.
///
/// An interval with neither is no bar: nothing is made up. Bars lie on multiples of their length since the epoch and
/// are closed by `popClosed`, which the engine calls first on every event and on the timer at `nextClose`. The newest
/// `history` bars of each instrument are kept; an older one makes room.
public struct BarBuilder: ~Copyable {
    public let length: TimeSpan
    public let history: Int

    /// Per instrument: what happened since `boundary - length`.
    private var fromTrades: ContiguousArray<Bar>
    private var fromMiddles: ContiguousArray<Bar>
    /// Per instrument: a ring of `history` closed bars.
    private var closed: ContiguousArray<Bar>
    private var heads: ContiguousArray<Int>
    private var counts: ContiguousArray<Int>
    /// The end of the open interval, the same for all instruments; `never` before the first price.
    private var boundary = Timestamp.never
    /// The instrument that `popClosed` looks at next; all are closed when it is the instrument count.
    private var cursor: Int
    /// Backfilled bars that were refused: no bar, or not after the bars that are known.
    public private(set) var refusedReports: UInt64 = 0

    public init(configuration: BarConfiguration, instruments: Int) {
        precondition(configuration.length.nanoseconds > 0, "Invariant: a bar has a length")
        precondition(configuration.history > 0, "Invariant: at least one bar is kept")
        length = configuration.length
        history = configuration.history
        fromTrades = ContiguousArray(repeating: Bar(), count: instruments)
        fromMiddles = fromTrades
        closed = ContiguousArray(repeating: Bar(), count: instruments * configuration.history)
        heads = ContiguousArray(repeating: 0, count: instruments)
        counts = heads
        cursor = instruments
    }

    /// When `popClosed` may have something to give; `distantFuture` before the first price.
    public var nextClose: Timestamp { boundary == .never ? .distantFuture : boundary }

    /// Closed bars that are kept of an instrument.
    public func count(_ instrument: InstrumentHandle) -> Int { counts[Int(instrument.index)] }

    /// A closed bar, `0` the newest, up to `count - 1`.
    public func bar(_ instrument: InstrumentHandle, back: Int) -> Bar {
        let row = Int(instrument.index)
        precondition(back >= 0, "Invariant: bars are counted backwards from 0")
        precondition(back < counts[row], "Invariant: only bars that are kept are read")
        return closed[row * history + (heads[row] + counts[row] - 1 - back) % history]
    }

    /// Gives the bars whose interval has ended by `now`, one a call, in the order of the instruments; nil when all are
    /// closed. Call until nil before giving it prices of `now`.
    @inline(__always)
    public mutating func popClosed(at now: Timestamp) -> BarReport? {
        if now < boundary || boundary == .never { return nil }
        return closeNext(at: now)
    }

    /// Takes a trade that the market state has accepted.
    public mutating func apply(_ trade: Trade, at now: Timestamp) {
        open(at: now)
        Self.extend(&fromTrades[Int(trade.instrument.index)], by: trade.price, from: boundary, length)
        let volume = fromTrades[Int(trade.instrument.index)].volume.raw.addingReportingOverflow(trade.quantity.raw)
        fromTrades[Int(trade.instrument.index)].volume = Quantity(raw: volume.overflow ? .max : volume.partialValue)
    }

    /// Takes the middle of a two-sided book.
    @inline(__always)
    public mutating func apply(mid: Price, of instrument: InstrumentHandle, at now: Timestamp) {
        open(at: now)
        Self.extend(&fromMiddles[Int(instrument.index)], by: mid, from: boundary, length)
    }

    /// Takes a bar of the time before the first quote. Refused and counted (false): a bar that can't be one, or that is
    /// not after the newest bar that is kept, or not before the open one.
    public mutating func accept(_ report: BarReport) -> Bool {
        let row = Int(report.instrument.index)
        guard row < counts.count, Self.isBar(report), isAfterKnown(report, row) else {
            refusedReports += 1
            return false
        }
        append(Bar(report), to: row)
        return true
    }

    /// Writes, reads or hashes open and kept bars.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&boundary)
        visitor.visit(&cursor)
        visitor.visit(&refusedReports)
        for row in counts.indices {
            fromTrades[row].visitState(&visitor)
            fromMiddles[row].visitState(&visitor)
            visitor.visit(&counts[row])
            if visitor.isReading {
                heads[row] = 0
                counts[row] = max(0, min(counts[row], history))
            }
            for place in 0..<counts[row] {
                closed[row * history + (heads[row] + place) % history].visitState(&visitor)
            }
        }
    }

    private mutating func closeNext(at now: Timestamp) -> BarReport? {
        if cursor == counts.count { cursor = 0 }
        while cursor < counts.count {
            let row = cursor
            cursor += 1
            let bar = fromTrades[row].openTime != .never ? fromTrades[row] : fromMiddles[row]
            fromTrades[row] = Bar()
            fromMiddles[row] = Bar()
            guard bar.openTime != .never else { continue }
            append(bar, to: row)
            return bar.report(InstrumentHandle(row))
        }
        boundary = end(ofIntervalAt: now)
        return nil
    }

    /// The first price opens the first interval; later ones are opened by closing the one before.
    @inline(__always)
    private mutating func open(at now: Timestamp) {
        if boundary == .never { boundary = end(ofIntervalAt: now) }
        assert(now < boundary, "Invariant: bars are closed before a later price is taken")
    }

    private func end(ofIntervalAt now: Timestamp) -> Timestamp {
        let interval = FixedPoint.floorDivide(Int128(now.nanoseconds), by: Int128(length.nanoseconds))
        return Timestamp(nanoseconds: Int64(clamping: (interval + 1) * Int128(length.nanoseconds)))
    }

    @inline(__always)
    private static func extend(_ bar: inout Bar, by price: Price, from boundary: Timestamp, _ length: TimeSpan) {
        if bar.openTime == .never {
            bar.openTime = Timestamp(nanoseconds: boundary.nanoseconds - length.nanoseconds)
            bar.open = price
            bar.high = price
            bar.low = price
        }
        if price > bar.high { bar.high = price }
        if price < bar.low { bar.low = price }
        bar.close = price
    }

    private mutating func append(_ bar: Bar, to row: Int) {
        closed[row * history + (heads[row] + counts[row]) % history] = bar
        if counts[row] < history { counts[row] += 1 } else { heads[row] = (heads[row] + 1) % history }
    }

    private func isAfterKnown(_ report: BarReport, _ row: Int) -> Bool {
        if boundary != .never, report.openTime + length >= boundary { return false }
        return counts[row] == 0 || report.openTime > bar(report.instrument, back: 0).openTime
    }

    private static func isBar(_ report: BarReport) -> Bool {
        guard report.openTime.isKnown, report.low.raw > 0, report.high <= Price.bound else { return false }
        guard report.low <= report.open, report.open <= report.high else { return false }
        return report.low <= report.close && report.close <= report.high
    }
}
