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

/// Plays a recorded Binance combined stream (text or gzip): quotes, trades and mark prices in the order received.
///
/// Depth updates, snapshots and other streams are counted and skipped; a malformed line is counted and the first one
/// kept. A price off its instrument's configured tick ends the tape. Reads in fixed buffers and allocates nothing per
/// record.
public struct BinanceTape: ~Copyable {
    private struct Listing: BitwiseCopyable {
        var symbol: SymbolKey
        var tick: Int64
        var handle: InstrumentHandle
        /// Which of the two trade streams this tape's first trade came by; the other repeats it.
        var trades: TradeStream
    }

    private enum TradeStream {
        case unknown
        case single
        case aggregate
    }

    private var lines: LineReader
    private var listings: ContiguousArray<Listing>
    /// The listing found last: most lines are of the symbol of the line before.
    private var recent = 0
    private var lastTime = Timestamp.never
    private var ordinal: UInt64 = 0
    private let tape: Int
    /// Why the tape ended early; thrown again by each later call.
    private var failure: TapeError?

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
        lines = LineReader(source, lineLimit: lineLimit)
        self.tape = tape
        listings = []
        listings.reserveCapacity(instruments.count)
        for index in instruments.indices {
            guard let symbol = SymbolKey(instruments[index].symbol.utf8.span) else {
                preconditionFailure("Invariant: a symbol has 1 to 32 bytes")
            }
            listings.append(
                Listing(
                    symbol: symbol,
                    tick: instruments[index].terms.tick.raw,
                    handle: InstrumentHandle(index),
                    trades: .unknown
                )
            )
        }
    }

    /// Bytes of memory that the tape's buffers take, whatever the file's size (zlib's window not included).
    public var bufferSize: Int { lines.bufferSize + GzipReader.chunkSize }

    /// The next quote, trade or mark; nil at the end. After an error it comes again.
    public mutating func next() throws(TapeError) -> TapeRecord? {
        if let failure { throw failure }
        do {
            return try nextRecord()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func nextRecord() throws(TapeError) -> TapeRecord? {
        while true {
            guard try advance() else { return nil }
            counts.lines += 1
            let line: TapeLine
            do {
                line = try TapeLineScanner.scan(lines.text.span, lines.line)
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
            case .depthUpdate: counts.depthUpdates += 1
            case .snapshot: counts.snapshots += 1
            case .other: counts.others += 1
            case .blank: counts.blankLines += 1
            }
        }
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

    private mutating func deliver(_ quote: TapeQuote) throws(TapeError) -> TapeRecord? {
        guard let index = listing(quote.symbol) else { return nil }
        try check(quote.bid, .bid, listings[index])
        try check(quote.ask, .ask, listings[index])
        counts.quotes += 1
        if quote.bid >= quote.ask { counts.crossedQuotes += 1 }
        let event = Event.quoted(
            Quote(
                instrument: listings[index].handle,
                bid: quote.bid,
                bidQuantity: quote.bidQuantity,
                ask: quote.ask,
                askQuantity: quote.askQuantity,
                venueTime: quote.venueTime
            )
        )
        return record(event, quote.time)
    }

    private mutating func deliver(_ trade: TapeTrade) throws(TapeError) -> TapeRecord? {
        guard let index = listing(trade.symbol) else { return nil }
        guard trade.isOfTheBook else {
            counts.tradesOutsideTheBook += 1
            return nil
        }
        try check(trade.price, .price, listings[index])
        let stream = trade.isAggregate ? TradeStream.aggregate : .single
        if listings[index].trades == .unknown { listings[index].trades = stream }
        guard listings[index].trades == stream else {
            counts.repeatedTrades += 1
            return nil
        }
        counts.trades += 1
        let event = Event.traded(
            Trade(
                instrument: listings[index].handle,
                price: trade.price,
                quantity: trade.quantity,
                aggressor: trade.aggressor,
                venueTime: trade.venueTime
            )
        )
        return record(event, trade.time)
    }

    /// A mark price is an average and lies between the ticks.
    private mutating func deliver(_ mark: TapeMark) -> TapeRecord? {
        guard let index = listing(mark.symbol) else { return nil }
        counts.marks += 1
        let event = Event.marked(
            MarkPrice(instrument: listings[index].handle, price: mark.price, venueTime: mark.venueTime)
        )
        return record(event, mark.time)
    }

    private mutating func listing(_ symbol: SymbolKey) -> Int? {
        if recent < listings.count, listings[recent].symbol.words == symbol.words { return recent }
        for index in listings.indices where listings[index].symbol.words == symbol.words {
            recent = index
            return index
        }
        counts.unknownSymbols += 1
        return nil
    }

    private func check(_ price: Price, _ field: TapeField, _ listing: Listing) throws(TapeError) {
        guard price.raw % listing.tick != 0 else { return }
        throw .offTick(
            tape: tape,
            line: lines.lineNumber,
            field: field,
            instrument: listing.handle,
            price: price,
            tick: Price(raw: listing.tick)
        )
    }

    private mutating func record(_ event: Event, _ time: Timestamp) -> TapeRecord {
        if time < lastTime { counts.clampedTimes += 1 } else { lastTime = time }
        ordinal += 1
        return TapeRecord(time: lastTime, event: event, ordinal: ordinal)
    }
}
