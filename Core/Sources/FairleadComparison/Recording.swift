public import FairleadMarketData
public import FairleadModel

/// One symbol's recorded market without a long silence, in memory, with the places at which an arrival's window may
/// begin. Read once, then shared by all windows.
public final class Recording: Sendable {
    /// What a window begins with: the market as it stood.
    struct Start: Sendable {
        var time: Timestamp
        /// The first record after it.
        var record: Int
        var quote: Quote
        var quoteID: UInt64
        var mark: MarkPrice?
        /// The whole book, its levels best first; nil without depth.
        var book: DepthUpdate?
        var levels: ContiguousArray<DepthLevel>
    }

    /// The best prices from a moment on.
    struct Touch: Sendable {
        var time: Timestamp
        var bid: Price
        var ask: Price
        var size: Quantity
    }

    public let symbol: String
    public let instrument: InstrumentHandle
    public let first: Timestamp
    public let last: Timestamp
    let records: ContiguousArray<MarketRecord>
    /// The end of each record's levels in `levels`; its beginning is the end of the record before.
    let levelEnds: ContiguousArray<Int>
    let levels: ContiguousArray<DepthLevel>
    let touches: ContiguousArray<Touch>
    let starts: ContiguousArray<Start>

    init(
        symbol: String,
        instrument: InstrumentHandle,
        records: ContiguousArray<MarketRecord>,
        levelEnds: ContiguousArray<Int>,
        levels: ContiguousArray<DepthLevel>,
        touches: ContiguousArray<Touch>,
        starts: ContiguousArray<Start>
    ) {
        precondition(!records.isEmpty, "Invariant: a recording holds a record")
        precondition(records.count == levelEnds.count, "Invariant: each record says where its levels end")
        self.symbol = symbol
        self.instrument = instrument
        self.records = records
        self.levelEnds = levelEnds
        self.levels = levels
        self.touches = touches
        self.starts = starts
        first = records[0].time
        last = records[records.count - 1].time
    }

    /// Records of it.
    public var recordCount: Int { records.count }
    /// The symbol and the day that it begins on.
    public var name: String { symbol + " " + first.text(.milliseconds).prefix(10) }

    /// The best prices as they stood at a moment; nil before the first.
    func touch(at time: Timestamp) -> Touch? {
        var (low, high) = (0, touches.count)
        while low < high {
            let middle = (low + high) / 2
            if touches[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? touches[low - 1] : nil
    }

    /// The middle at a moment; nil before the first quote and after the recording's end.
    func middle(at time: Timestamp) -> Price? {
        guard time <= last, let touch = touch(at: time) else { return nil }
        return Price.middle(touch.bid, touch.ask)
    }

    /// The middle of the displayed sizes at the touch: what an order's size is judged by.
    public var medianTouchSize: Quantity {
        let sizes = touches.map(\.size).sorted()
        return sizes.isEmpty ? .zero : sizes[sizes.count / 2]
    }
}

/// Makes recordings of merged tapes: one for each symbol, and a further one after each long silence.
public struct RecordingReader: ~Copyable {
    /// A symbol that says nothing for longer begins a recording of its own.
    public static let silence = TimeSpan.seconds(60)

    private struct Lane {
        var symbol: String
        var book: OrderBook
        var records: ContiguousArray<MarketRecord> = []
        var levelEnds: ContiguousArray<Int> = []
        var levels: ContiguousArray<DepthLevel> = []
        var touches: ContiguousArray<Recording.Touch> = []
        var starts: ContiguousArray<Recording.Start> = []
        var quote: (quote: Quote, id: UInt64)?
        var mark: MarkPrice?
        var hasDepth = false
        var next = Timestamp.never
    }

    private let interval: TimeSpan
    private var lanes: [Lane] = []
    private var finished: [Recording] = []

    /// `interval` is the time between two windows' beginnings.
    public init(_ instruments: [Instrument], interval: TimeSpan) {
        precondition(interval > .zero, "Invariant: windows lie apart")
        self.interval = interval
        lanes = instruments.enumerated().map { Lane(symbol: $1.symbol, book: OrderBook(InstrumentHandle($0))) }
    }

    /// Takes the next record in time with its levels.
    public mutating func add(_ record: MarketRecord, _ levels: ContiguousArray<DepthLevel>) {
        let index = Int(record.content.instrument.index)
        guard index < lanes.count else { return }
        if let last = lanes[index].records.last?.time, record.time - last > Self.silence { finish(index) }
        if lanes[index].next == .never { lanes[index].next = firstStart(after: record.time) }
        while lanes[index].next < record.time {
            keepStart(index, at: lanes[index].next)
            lanes[index].next = lanes[index].next + interval
        }
        lanes[index].records.append(record)
        switch record.content {
        case .quote(let quote, let id): take(quote, id, at: record.time, index)
        case .depth(let update):
            lanes[index].hasDepth = true
            lanes[index].levels.append(contentsOf: levels)
            lanes[index].book.apply(update, levels)
        case .mark(let mark): lanes[index].mark = mark
        case .trade, .bar: break
        }
        lanes[index].levelEnds.append(lanes[index].levels.count)
    }

    /// A whole number of intervals of the clock, so that no arrival depends on how a file begins.
    private func firstStart(after time: Timestamp) -> Timestamp {
        let (length, now) = (interval.nanoseconds, time.nanoseconds)
        return Timestamp(nanoseconds: (now / length + 1) * length)
    }

    private mutating func take(_ quote: Quote, _ id: UInt64, at time: Timestamp, _ index: Int) {
        guard quote.bid.raw > 0, quote.bid < quote.ask else { return }
        lanes[index].quote = (quote, id)
        if let last = lanes[index].touches.last, last.bid == quote.bid, last.ask == quote.ask { return }
        let size = min(quote.bidQuantity, quote.askQuantity)
        lanes[index].touches.append(Recording.Touch(time: time, bid: quote.bid, ask: quote.ask, size: size))
    }

    private mutating func keepStart(_ index: Int, at time: Timestamp) {
        guard let known = lanes[index].quote else { return }
        let book = lanes[index].book
        var start = Recording.Start(
            time: time,
            record: lanes[index].records.count,
            quote: known.quote,
            quoteID: known.id,
            mark: lanes[index].mark,
            book: nil,
            levels: []
        )
        if book.isSynchronized {
            let (bids, asks) = (book.count(.buy), book.count(.sell))
            start.levels.reserveCapacity(bids + asks)
            for place in 0..<bids { start.levels.append(book.level(.buy, place)) }
            for place in 0..<asks { start.levels.append(book.level(.sell, place)) }
            start.book = DepthUpdate(
                instrument: InstrumentHandle(index),
                firstID: book.lastID,
                lastID: book.lastID,
                venueTime: book.venueTime,
                bidCount: bids,
                askCount: asks,
                isSnapshot: true
            )
        }
        lanes[index].starts.append(start)
    }

    private mutating func finish(_ index: Int) {
        let lane = lanes[index]
        guard !lane.records.isEmpty else { return }
        // Where there is a book, a window begins with it.
        let starts = lane.starts.filter { $0.book != nil || !lane.hasDepth }
        finished.append(
            Recording(
                symbol: lane.symbol,
                instrument: InstrumentHandle(index),
                records: lane.records,
                levelEnds: lane.levelEnds,
                levels: lane.levels,
                touches: lane.touches,
                starts: ContiguousArray(starts)
            )
        )
        lanes[index] = Lane(symbol: lane.symbol, book: lane.book)
    }

    /// What was read, by the time of its beginning; equal times by the order of the instruments.
    public consuming func recordings() -> [Recording] {
        for index in lanes.indices { finish(index) }
        return finished.sorted { ($0.first, $0.instrument.index) < ($1.first, $1.instrument.index) }
    }
}
