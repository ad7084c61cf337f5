public import FairleadModel

/// One market event of a tape.
public struct TapeRecord: Sendable, BitwiseCopyable {
    /// When the recorder received it; never before the record before it.
    public var time: Timestamp
    /// `quoted`, `traded` or `marked`.
    public var event: Event
    /// The record's place in the stream that it was read from, from 1: what "through ordinal N" names.
    public var ordinal: UInt64
}

/// Plays a recorded Binance stream (text or gzip): quotes, trades, mark prices and, where asked for, depth updates and
/// snapshots in the order received.
///
/// Three recorders' formats are read, line by line: `<nanoseconds or microseconds> {...}`, `<seconds>: {...}`, and REST
/// answers as `<url> -> <seconds>: {...}`. Other streams are counted and skipped; a malformed line is counted and the
/// first one kept. A quote or trade off its instrument's configured tick ends the tape. Reads in fixed buffers and
/// allocates nothing per record.
public struct BinanceTape: ~Copyable, TapeReading {
    private enum TradeStream {
        case unknown
        case single
        case aggregate
    }

    private var lines: LineReader
    private let symbols: TapeSymbols
    private let content: TapeContent
    /// By handle: which of the two trade streams this tape's first trade came by; the other repeats it.
    private var tradeStreams: ContiguousArray<TradeStream> = []
    /// The symbol found last, which most lines are of, and its place.
    private var recent = SymbolKey(words: .zero)
    private var recentIndex = 0
    /// The one symbol that all lines so far were of: whose a snapshot in-line is. Nil before the first, or of several.
    private var onlySymbol: SymbolKey?
    private var hasSeveralSymbols = false
    private var lastTime = Timestamp.never
    private var ordinal: UInt64 = 0
    private let tape: Int
    /// Why the tape ended early; thrown again by each later call.
    private var failure: TapeError?

    /// The levels of the depth record given last: bids first.
    public private(set) var levels: ContiguousArray<DepthLevel> = []
    public var format: TapeFormat { .binanceStream }
    /// What the tape held so far.
    public private(set) var counts = TapeCounts()
    /// The first line that was refused, and why.
    public private(set) var firstMalformed: MalformedLine?

    /// The handles are the places in `instruments`. `tape` is this tape's place among several, for errors.
    ///
    /// - Precondition: symbols have 1 to 32 bytes, as the configuration's decoder sees to.
    public init(
        _ source: any ByteSource,
        instruments: [Instrument],
        tape: Int = 0,
        lineLimit: Int = LineReader.defaultLineLimit
    ) {
        self.init(source, symbols: TapeSymbols(instruments), content: .touch, tape: tape, lineLimit: lineLimit)
    }

    /// `symbols` may be shared with the tapes that play beside this one.
    public init(
        _ source: any ByteSource,
        symbols: TapeSymbols,
        content: TapeContent,
        tape: Int = 0,
        lineLimit: Int = LineReader.defaultLineLimit
    ) {
        lines = LineReader(source, lineLimit: lineLimit)
        self.symbols = symbols
        self.content = content
        self.tape = tape
        tradeStreams.reserveCapacity(max(symbols.count, 16))
        if content.contains(.depth) { levels.reserveCapacity(2048) }
    }

    /// Bytes of memory that the tape's buffers take, whatever the file's size (zlib's window not included).
    public var bufferSize: Int {
        lines.bufferSize + GzipReader.chunkSize + levels.capacity * MemoryLayout<DepthLevel>.stride
    }

    /// The next quote, trade or mark; nil at the end. After an error it comes again.
    public mutating func next() throws(TapeError) -> TapeRecord? {
        while let record = try nextRecord() {
            if let event = record.content.event {
                return TapeRecord(time: record.time, event: event, ordinal: record.ordinal)
            }
        }
        return nil
    }

    /// The next record of the content asked for; nil at the end. After an error it comes again.
    public mutating func nextRecord() throws(TapeError) -> MarketRecord? {
        if let failure { throw failure }
        do {
            return try readRecord()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func readRecord() throws(TapeError) -> MarketRecord? {
        while try advance() {
            counts.lines += 1
            let line: TapeLine
            do {
                line = try scan()
            } catch {
                refuse(error)
                continue
            }
            switch line {
            case .quote(let quote):
                if let record = try deliver(quote) { return record }
            case .trade(let trade):
                if let record = try deliver(trade) { return record }
            case .mark(let mark):
                if let record = deliver(mark) { return record }
            case .depth(let depth):
                if let record = try deliver(depth) { return record }
            case .other: counts.others += 1
            case .blank: counts.blankLines += 1
            }
        }
        return nil
    }

    private mutating func scan() throws(TapeFault) -> TapeLine {
        // The scanner looks at one part of this value and writes to another: it is lent the levels alone.
        var lent: ContiguousArray<DepthLevel> = []
        swap(&lent, &levels)
        defer { swap(&lent, &levels) }
        return try TapeLineScanner.scan(
            lines.text.span,
            lines.line,
            readsDepth: content.contains(.depth),
            levels: &lent
        )
    }

    private mutating func advance() throws(TapeError) -> Bool {
        do {
            let found = try lines.next()
            counts.overlong = lines.overlongLines
            return found
        } catch {
            throw .unreadable(tape: tape, error)
        }
    }

    private mutating func refuse(_ fault: TapeFault) {
        counts.malformed += 1
        if firstMalformed == nil { firstMalformed = MalformedLine(line: lines.lineNumber, fault: fault) }
    }

    private mutating func deliver(_ quote: TapeQuote) throws(TapeError) -> MarketRecord? {
        guard let index = listing(quote.symbol) else { return nil }
        try check(quote.bid, .bid, index)
        try check(quote.ask, .ask, index)
        counts.quotes += 1
        if quote.bid >= quote.ask { counts.crossedQuotes += 1 }
        guard content.contains(.quotes) else { return nil }
        let made = Quote(
            instrument: InstrumentHandle(index),
            bid: quote.bid,
            bidQuantity: quote.bidQuantity,
            ask: quote.ask,
            askQuantity: quote.askQuantity,
            venueTime: quote.venueTime
        )
        return record(.quote(made, updateID: quote.updateID), quote.time)
    }

    private mutating func deliver(_ trade: TapeTrade) throws(TapeError) -> MarketRecord? {
        guard let index = listing(trade.symbol) else { return nil }
        guard trade.isOfTheBook else {
            counts.tradesOutsideTheBook += 1
            return nil
        }
        try check(trade.price, .price, index)
        let stream = trade.isAggregate ? TradeStream.aggregate : .single
        while tradeStreams.count <= index { tradeStreams.append(.unknown) }
        if tradeStreams[index] == .unknown { tradeStreams[index] = stream }
        guard tradeStreams[index] == stream else {
            counts.repeatedTrades += 1
            return nil
        }
        counts.trades += 1
        guard content.contains(.trades) else { return nil }
        let made = Trade(
            instrument: InstrumentHandle(index),
            price: trade.price,
            quantity: trade.quantity,
            aggressor: trade.aggressor,
            venueTime: trade.venueTime
        )
        return record(.trade(made, conditions: []), trade.time)
    }

    /// A mark price is an average and lies between the ticks.
    private mutating func deliver(_ mark: TapeMark) -> MarketRecord? {
        guard let index = listing(mark.symbol) else { return nil }
        counts.marks += 1
        guard content.contains(.marks) else { return nil }
        let made = MarkPrice(instrument: InstrumentHandle(index), price: mark.price, venueTime: mark.venueTime)
        return record(.mark(made), mark.time)
    }

    private mutating func deliver(_ depth: TapeDepth) throws(TapeError) -> MarketRecord? {
        guard depth.isRead else {
            if depth.isSnapshot { counts.snapshots += 1 } else { counts.depthUpdates += 1 }
            return nil
        }
        guard let symbol = depth.symbol ?? onlySymbol else {
            counts.unattributedSnapshots += 1
            return nil
        }
        guard let index = listing(symbol) else { return nil }
        let tick = symbols.row(index).tick
        if tick > 0 {
            for place in levels.indices where levels[place].price.raw % tick != 0 { counts.offTickLevels += 1 }
        }
        if depth.isSnapshot { counts.snapshots += 1 } else { counts.depthUpdates += 1 }
        let made = DepthUpdate(
            instrument: InstrumentHandle(index),
            firstID: depth.firstID,
            lastID: depth.lastID,
            previousID: depth.previousID,
            venueTime: depth.venueTime,
            bidCount: depth.bidCount,
            askCount: depth.askCount,
            isSnapshot: depth.isSnapshot
        )
        return record(.depth(made), depth.time)
    }

    private mutating func listing(_ symbol: SymbolKey) -> Int? {
        if recent.words == symbol.words { return recentIndex }
        if !hasSeveralSymbols {
            if let onlySymbol, onlySymbol.words != symbol.words {
                hasSeveralSymbols = true
                self.onlySymbol = nil
            } else {
                onlySymbol = symbol
            }
        }
        guard let index = symbols.find(symbol) else {
            counts.unknownSymbols += 1
            return nil
        }
        recent = symbol
        recentIndex = index
        return index
    }

    private func check(_ price: Price, _ field: TapeField, _ index: Int) throws(TapeError) {
        let tick = symbols.row(index).tick
        guard tick > 0, price.raw % tick != 0 else { return }
        throw .offTick(
            tape: tape,
            line: lines.lineNumber,
            field: field,
            instrument: InstrumentHandle(index),
            price: price,
            tick: Price(raw: tick)
        )
    }

    private mutating func record(_ content: MarketContent, _ time: Timestamp) -> MarketRecord {
        if time < lastTime { counts.clampedTimes += 1 } else { lastTime = time }
        ordinal += 1
        return MarketRecord(time: lastTime, ordinal: ordinal, content: content)
    }
}
