public import FairleadModel

/// What recorded market data holds, symbol by symbol: counts, span, rates, silences, spreads, and whether the books
/// that its depth builds are the ones that its quotes show.
///
/// Told record by record; memory grows with the symbols, not with the records.
public struct MarketSurvey: ~Copyable {
    /// A symbol that says nothing for so long is silent.
    public let silence: TimeSpan
    private let symbols: TapeSymbols
    private var rows: [SymbolSurvey] = []
    private var books: [OrderBook] = []

    public init(_ symbols: TapeSymbols, silence: TimeSpan = .seconds(10)) {
        precondition(silence > .zero, "Invariant: a silence has a length")
        self.symbols = symbols
        self.silence = silence
    }

    /// The symbols in the order of their first records.
    public var surveys: [SymbolSurvey] { rows }

    /// Takes the next record in time; levels are those beside it (`TapeMerger.levels`).
    public mutating func add(_ record: MarketRecord, levels: ContiguousArray<DepthLevel>) {
        let index = Int(record.content.instrument.index)
        while rows.count <= index {
            let handle = InstrumentHandle(rows.count)
            rows.append(SymbolSurvey(symbol: symbols.name(handle)))
            books.append(OrderBook(handle, levelLimit: 1))
        }
        rows[index].add(record, silence: silence)
        switch record.content {
        case .quote(let quote, let id): rows[index].audit.add(quote, updateID: id)
        case .depth(let update): apply(update, levels, index)
        case .trade, .mark, .bar: break
        }
    }

    private mutating func apply(_ update: DepthUpdate, _ levels: ContiguousArray<DepthLevel>, _ index: Int) {
        // A whole book is made for a symbol that has depth, and for no other.
        if !rows[index].hasBook {
            rows[index].hasBook = true
            books[index] = OrderBook(InstrumentHandle(index))
        }
        for level in levels where level.quantity > .zero { rows[index].include(level.price, level.quantity) }
        var audit = BookAudit()
        swap(&audit, &rows[index].audit)
        _ = books[index].apply(update, levels) { audit.add($0) }
        swap(&audit, &rows[index].audit)
        rows[index].book = books[index].counts
        rows[index].bookState = books[index].state
    }
}

/// What was found of one symbol.
public struct SymbolSurvey: Sendable {
    public let symbol: String
    public fileprivate(set) var quotes: UInt64 = 0
    public fileprivate(set) var trades: UInt64 = 0
    public fileprivate(set) var marks: UInt64 = 0
    public fileprivate(set) var bars: UInt64 = 0
    public fileprivate(set) var depthUpdates: UInt64 = 0
    public fileprivate(set) var snapshots: UInt64 = 0
    public fileprivate(set) var first = Timestamp.never
    public fileprivate(set) var last = Timestamp.never
    /// The most records within one second of the clock.
    public fileprivate(set) var busiestSecond: UInt64 = 0
    public fileprivate(set) var silences: UInt64 = 0
    public fileprivate(set) var longestSilence = TimeSpan.zero
    /// When the longest one began.
    public fileprivate(set) var longestSilenceStart = Timestamp.never
    /// Quotes whose bid is over, and at, their ask.
    public fileprivate(set) var crossed: UInt64 = 0
    public fileprivate(set) var locked: UInt64 = 0
    /// The largest steps that all prices and all quantities are multiples of: the tick and the lot, or multiples.
    public fileprivate(set) var priceStep = Price.zero
    public fileprivate(set) var quantityStep = Quantity.zero
    public fileprivate(set) var tradedQuantity = Quantity.zero
    /// How long after the venue's time records were received: negative where the recorder's clock is behind.
    public fileprivate(set) var shortestDelay = TimeSpan.zero
    public fileprivate(set) var hasBook = false
    public fileprivate(set) var book = BookCounts()
    public fileprivate(set) var bookState = BookState.awaitingSnapshot
    public fileprivate(set) var audit = BookAudit()
    private var second: Int64 = 0
    private var inSecond: UInt64 = 0
    private var hasDelay = false
    private var spreads = SpreadHistogram()

    fileprivate init(symbol: String) { self.symbol = symbol }

    public var records: UInt64 { quotes + trades + marks + bars + depthUpdates + snapshots }
    public var span: TimeSpan { first.isKnown ? last - first : .zero }
    /// Mean records a second; nil without a span.
    public var rate: Double? { span > .zero ? Double(records) / span.seconds : nil }
    /// The spread in bps that a share of the uncrossed quotes stays at or below; nil without any.
    public func spreadBps(_ share: Double) -> Double? { spreads.quantile(share) }
    public var meanSpreadBps: Double? { spreads.mean }

    fileprivate mutating func add(_ record: MarketRecord, silence: TimeSpan) {
        clock(record, silence)
        switch record.content {
        case .quote(let quote, _):
            quotes += 1
            include(quote.bid, quote.bidQuantity)
            include(quote.ask, quote.askQuantity)
            if quote.bid > quote.ask { crossed += 1 }
            if quote.bid == quote.ask { locked += 1 }
            if quote.bid < quote.ask { spreads.add(quote.bid, quote.ask) }
        case .trade(let trade, _):
            trades += 1
            include(trade.price, trade.quantity)
            let sum = tradedQuantity.raw.addingReportingOverflow(trade.quantity.raw)
            tradedQuantity = Quantity(raw: sum.overflow ? Int64.max : sum.partialValue)
        case .mark: marks += 1
        case .bar: bars += 1
        case .depth(let update): if update.isSnapshot { snapshots += 1 } else { depthUpdates += 1 }
        }
    }

    private mutating func clock(_ record: MarketRecord, _ silence: TimeSpan) {
        let venueTime = record.content.venueTime
        if venueTime.isKnown {
            let delay = record.time - venueTime
            if !hasDelay || delay < shortestDelay { shortestDelay = delay }
            hasDelay = true
        }
        if first.isKnown {
            let quiet = record.time - last
            if quiet >= silence { silences += 1 }
            if quiet > longestSilence { (longestSilence, longestSilenceStart) = (quiet, last) }
        } else {
            first = record.time
        }
        last = record.time
        let now = Int64(FixedPoint.floorDivide(Int128(record.time.nanoseconds), by: 1_000_000_000))
        inSecond = now == second ? inSecond + 1 : 1
        second = now
        busiestSecond = max(busiestSecond, inSecond)
    }

    fileprivate mutating func include(_ price: Price, _ quantity: Quantity) {
        priceStep = Price(raw: CacheUnits.common(priceStep.raw, price.raw))
        quantityStep = Quantity(raw: CacheUnits.common(quantityStep.raw, quantity.raw))
    }
}

/// Spreads in hundredths of a bps, up to 100 bps; wider ones are kept as that.
private struct SpreadHistogram: Sendable {
    private static let limit = 10_000
    private var counts = ContiguousArray<UInt64>(repeating: 0, count: SpreadHistogram.limit + 1)
    private var total: UInt64 = 0
    private var sum = 0.0

    mutating func add(_ bid: Price, _ ask: Price) {
        // Of the middle: twice the distance over the sum.
        let hundredths = Double(ask.raw - bid.raw) * 2_000_000 / (Double(ask.raw) + Double(bid.raw))
        counts[min(Self.limit, Int(hundredths.rounded()))] += 1
        total += 1
        sum += hundredths
    }

    var mean: Double? { total > 0 ? sum / Double(total) / 100 : nil }

    func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        var left = (Double(total) * share).rounded(.up)
        for (place, count) in counts.enumerated() {
            left -= Double(count)
            if left <= 0, count > 0 { return Double(place) / 100 }
        }
        return Double(Self.limit) / 100
    }
}
