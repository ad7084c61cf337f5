import FairleadModel

/// Plays a file of US equity rows: ticks of national best quotes or of trades, or bars of a minute.
///
/// Quote ticks come as two rows, bid then ask of the same millisecond, which make one quote; a row without its other is
/// counted and makes none. A bar's record, and the quote that a bar of quotes ends with, have the time of the bar's
/// end. The rows say nothing of who took: a trade's aggressor is told by the tick rule (up or unchanged after up: a
/// buyer). Trades that were agreed elsewhere (`TradeConditions.pricedElsewhere`) are counted and not delivered.
public struct EquityTape: ~Copyable, TapeReading {
    private static let barLength = TimeSpan.minutes(1)

    private var lines: LineReader
    private let name: EquityFileName
    private let key: SymbolKey
    private let day: NewYorkDay
    private let symbols: TapeSymbols
    private let content: TapeContent
    private let tape: Int
    /// The symbol's place; looked up at the first row, so that a file without rows makes none.
    private var index: Int?
    private var waiting: EquityQuoteRow?
    private var lastPrice = Price.zero
    private var lastAggressor = Side.buy
    private var lastTime = Timestamp.never
    private var ordinal: UInt64 = 0
    private var failure: TapeError?

    public var format: TapeFormat { .equityRows }
    /// What the tape held so far.
    public private(set) var counts = TapeCounts()
    /// The first line that was refused, and why.
    public private(set) var firstMalformed: MalformedLine?
    /// Such files have no depth.
    public var levels: ContiguousArray<DepthLevel> { [] }

    /// `tape` is this tape's place among several, for errors.
    public init(
        _ source: any ByteSource,
        name: EquityFileName,
        symbols: TapeSymbols,
        content: TapeContent,
        tape: Int = 0,
        lineLimit: Int = 1024
    ) {
        guard let key = SymbolKey(uppercased: name.symbol.utf8), let day = NewYorkDay(name.date) else {
            preconditionFailure("Invariant: a file's name holds a symbol of 1 to 32 bytes and a date that exists")
        }
        self.key = key
        self.day = day
        self.name = name
        self.symbols = symbols
        self.content = content
        self.tape = tape
        lines = LineReader(source, lineLimit: lineLimit)
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
            let row: EquityRow
            do {
                row = try EquityRowScanner.scan(lines.text.span, lines.line, name.kind)
            } catch {
                counts.malformed += 1
                if firstMalformed == nil { firstMalformed = MalformedLine(line: lines.lineNumber, fault: error) }
                continue
            }
            if let record = try deliver(row) { return record }
        }
        dropWaiting()
        return nil
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

    private mutating func deliver(_ row: EquityRow) throws(TapeError) -> MarketRecord? {
        if case .blank = row {
            counts.blankLines += 1
            return nil
        }
        guard let index = index ?? symbols.find(key) else {
            counts.unknownSymbols += 1
            return nil
        }
        self.index = index
        switch row {
        case .quote(let quote): return name.kind == .quoteTicks ? try pair(quote) : try deliver(quote, isBar: true)
        case .trade(let trade): return try deliver(trade)
        case .bar(let bar): return deliver(bar)
        case .blank: return nil
        }
    }

    /// Bid then ask of the same millisecond; whatever else comes between makes no quote.
    private mutating func pair(_ row: EquityQuoteRow) throws(TapeError) -> MarketRecord? {
        if row.bid > .zero, row.ask > .zero {
            dropWaiting()
            return try deliver(row, isBar: false)
        }
        if row.ask == .zero {
            dropWaiting()
            waiting = row
            return nil
        }
        guard var quote = waiting, quote.millisecond == row.millisecond else {
            dropWaiting()
            counts.unpairedRows += 1
            return nil
        }
        waiting = nil
        quote.ask = row.ask
        quote.askQuantity = row.askQuantity
        quote.isSuspicious = quote.isSuspicious || row.isSuspicious
        counts.halfQuotes += 1
        return try deliver(quote, isBar: false)
    }

    private mutating func dropWaiting() {
        if waiting != nil { counts.unpairedRows += 1 }
        waiting = nil
    }

    private mutating func deliver(_ row: EquityQuoteRow, isBar: Bool) throws(TapeError) -> MarketRecord? {
        guard !row.isSuspicious else {
            counts.suspicious += 1
            return nil
        }
        try check(row.bid, .bid)
        try check(row.ask, .ask)
        counts.quotes += 1
        if row.bid >= row.ask { counts.crossedQuotes += 1 }
        guard content.contains(.quotes) else { return nil }
        let time = time(row.millisecond) + (isBar ? Self.barLength : .zero)
        let quote = Quote(
            instrument: InstrumentHandle(index ?? 0),
            bid: row.bid,
            bidQuantity: row.bidQuantity,
            ask: row.ask,
            askQuantity: row.askQuantity,
            venueTime: time
        )
        return record(.quote(quote, updateID: 0), time)
    }

    private mutating func deliver(_ row: EquityTradeRow) throws(TapeError) -> MarketRecord? {
        guard !row.isSuspicious else {
            counts.suspicious += 1
            return nil
        }
        guard row.conditions.isDisjoint(with: .pricedElsewhere) else {
            counts.tradesOutsideTheBook += 1
            return nil
        }
        let tick = symbols.row(index ?? 0).tick
        if tick > 0, row.price.raw % tick != 0 { counts.offTickTrades += 1 }
        counts.trades += 1
        if row.price > lastPrice { lastAggressor = .buy }
        if row.price < lastPrice { lastAggressor = .sell }
        lastPrice = row.price
        guard content.contains(.trades) else { return nil }
        let time = time(row.millisecond)
        let trade = Trade(
            instrument: InstrumentHandle(index ?? 0),
            price: row.price,
            quantity: row.quantity,
            aggressor: lastAggressor,
            venueTime: time
        )
        return record(.trade(trade, conditions: row.conditions), time)
    }

    private mutating func deliver(_ row: EquityBarRow) -> MarketRecord? {
        counts.bars += 1
        guard content.contains(.bars) else { return nil }
        let opened = time(row.millisecond)
        let bar = BarReport(
            instrument: InstrumentHandle(index ?? 0),
            openTime: opened,
            open: row.open,
            high: row.high,
            low: row.low,
            close: row.close,
            volume: row.volume
        )
        return record(.bar(bar, length: Self.barLength), opened + Self.barLength)
    }

    private func time(_ millisecond: Int64) -> Timestamp { day.timestamp(millisecond: millisecond) }

    private func check(_ price: Price, _ field: TapeField) throws(TapeError) {
        let index = index ?? 0
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
