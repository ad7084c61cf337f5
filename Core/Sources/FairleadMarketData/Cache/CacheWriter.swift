import FairleadModel

/// Writes records as a tape file of ours: columns of differences in blocks, each with its check sum.
///
/// Records are kept until a block is full and written in one piece; memory is a few megabytes, whatever the length.
/// A file without `finish` has no end block, and reads as cut off.
public struct CacheWriter: ~Copyable {
    private let sink: any ByteSink
    private let symbols: TapeSymbols
    private var writtenSymbols = 0
    private var records: ContiguousArray<MarketRecord> = []
    private var levels: ContiguousArray<DepthLevel> = []
    private var columns = ContiguousArray<ContiguousArray<UInt8>>(repeating: [], count: CacheColumn.allCases.count)
    private var predecessors: ContiguousArray<CachePredecessor> = []
    private var payload: ContiguousArray<UInt8> = []
    private var frame: ContiguousArray<UInt8> = []
    private var units = CacheUnits()
    private var lastTime = Timestamp.never
    private var firstTime = Timestamp.never
    private var blocks: UInt64 = 0
    private var kinds = ContiguousArray<UInt64>(repeating: 0, count: CacheFormat.RecordKind.allCases.count)
    /// Bytes given to the sink so far.
    public private(set) var byteCount: UInt64 = 0
    /// Records taken so far.
    public private(set) var recordCount: UInt64 = 0

    /// `symbols` are those of the tapes that the records come from; new ones may still appear in it.
    public init(to sink: any ByteSink, symbols: TapeSymbols) throws(ByteSinkError) {
        self.sink = sink
        self.symbols = symbols
        records.reserveCapacity(CacheFormat.recordsPerBlock)
        levels.reserveCapacity(CacheFormat.levelsPerBlock)
        frame += CacheFormat.magic
        CacheFormat.store(UInt64(CacheFormat.version), 2, to: &frame)
        CacheFormat.store(0, 2, to: &frame)
        try writeFrame()
    }

    /// Takes a record with its levels (`MarketTape.levels`; only looked at for depth).
    ///
    /// - Precondition: not before the record before it.
    public mutating func append(
        _ record: MarketRecord,
        levels given: ContiguousArray<DepthLevel>
    ) throws(ByteSinkError) {
        precondition(record.time >= lastTime, "Invariant: a tape's time never goes back")
        precondition(record.time.isKnown, "Invariant: a record has a time")
        precondition(Int(record.content.instrument.index) < symbols.count, "Invariant: a record's symbol is known")
        lastTime = record.time
        if !firstTime.isKnown { firstTime = record.time }
        records.append(record)
        recordCount += 1
        if case .depth(let update) = record.content {
            precondition(given.count == update.levelCount, "Invariant: a depth record has its levels beside it")
            levels.append(contentsOf: given)
        }
        if records.count >= CacheFormat.recordsPerBlock || levels.count >= CacheFormat.levelsPerBlock { try flush() }
    }

    /// Writes what is left, and the end block.
    public mutating func finish() throws(ByteSinkError) {
        try flush()
        payload.removeAll(keepingCapacity: true)
        CacheFormat.store(recordCount, 8, to: &payload)
        for count in kinds { CacheFormat.store(count, 8, to: &payload) }
        CacheFormat.store(UInt64(bitPattern: firstTime.nanoseconds), 8, to: &payload)
        CacheFormat.store(UInt64(bitPattern: lastTime.nanoseconds), 8, to: &payload)
        try write(.end)
    }

    // MARK: - Blocks

    private mutating func flush() throws(ByteSinkError) {
        guard let first = records.first, let last = records.last else { return }
        if writtenSymbols < symbols.count { try writeSymbols() }
        for index in columns.indices { columns[index].removeAll(keepingCapacity: true) }
        predecessors = ContiguousArray(repeating: CachePredecessor(), count: symbols.count)
        units = CacheUnits()
        for record in records { units.include(record, since: first.time) }
        for level in levels { units.include(level) }
        units.fill()
        encode(since: first.time)
        payload.removeAll(keepingCapacity: true)
        CacheFormat.store(UInt64(records.count), 4, to: &payload)
        CacheFormat.store(UInt64(levels.count), 4, to: &payload)
        CacheFormat.store(UInt64(bitPattern: first.time.nanoseconds), 8, to: &payload)
        CacheFormat.store(UInt64(bitPattern: last.time.nanoseconds), 8, to: &payload)
        for unit in [units.time, units.venueTime, units.price, units.quantity, units.mark] {
            CacheFormat.store(UInt64(bitPattern: unit), 8, to: &payload)
        }
        for column in columns { CacheFormat.store(UInt64(column.count), 4, to: &payload) }
        for column in columns { payload += column }
        try write(.records)
        records.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
    }

    private mutating func writeSymbols() throws(ByteSinkError) {
        payload.removeAll(keepingCapacity: true)
        CacheFormat.store(UInt64(symbols.count - writtenSymbols), 2, to: &payload)
        for index in writtenSymbols..<symbols.count {
            let key = symbols.row(index).key
            payload.append(UInt8(key.byteCount))
            for place in 0..<key.byteCount { payload.append(key.byte(place)) }
        }
        writtenSymbols = symbols.count
        try write(.symbols)
    }

    private mutating func write(_ kind: CacheFormat.BlockKind) throws(ByteSinkError) {
        precondition(payload.count <= CacheFormat.payloadLimit, "Invariant: a block's payload has a limit")
        blocks += 1
        frame.append(kind.rawValue)
        CacheFormat.store(0, 3, to: &frame)
        CacheFormat.store(UInt64(payload.count), 4, to: &frame)
        var sum = CheckSum()
        sum.add(payload, 0..<payload.count)
        CacheFormat.store(UInt64(sum.value), 4, to: &frame)
        try writeFrame()
        try sink.write(payload)
        byteCount += UInt64(payload.count)
    }

    /// The twelve bytes of a header, and their check sum.
    private mutating func writeFrame() throws(ByteSinkError) {
        var sum = CheckSum()
        sum.add(frame, 0..<frame.count)
        CacheFormat.store(UInt64(sum.value), 4, to: &frame)
        try sink.write(frame)
        byteCount += UInt64(frame.count)
        frame.removeAll(keepingCapacity: true)
    }

    // MARK: - Columns

    private mutating func encode(since start: Timestamp) {
        var time = start
        var venueTime: Int64 = 0
        var updateID: UInt64 = 0
        var lastID: UInt64 = 0
        var levelIndex = 0
        for record in records {
            let symbol = Int(record.content.instrument.index)
            let known = record.content.venueTime
            put(.tag, CacheFormat.tag(kind(record.content), hasVenueTime: known.isKnown, symbol: symbol))
            put(.time, UInt64((record.time - time).nanoseconds / units.time))
            time = record.time
            if known.isKnown {
                put(.venueTime, signed: (known.nanoseconds - venueTime) / units.venueTime)
                venueTime = known.nanoseconds
            }
            switch record.content {
            case .quote(let quote, let id):
                put(.updateID, signed: Int64(bitPattern: id &- updateID))
                updateID = id
                encode(quote, symbol)
            case .trade(let trade, let conditions): encode(trade, conditions, symbol)
            case .mark(let mark):
                put(.mark, signed: (mark.price.raw - predecessors[symbol].mark) / units.mark)
                predecessors[symbol].mark = mark.price.raw
            case .bar(let bar, let length): encode(bar, length, symbol, at: record.time)
            case .depth(let update):
                put(.depthLast, signed: Int64(bitPattern: update.lastID &- lastID))
                lastID = update.lastID
                encode(update, symbol, levels: levelIndex)
                levelIndex += update.levelCount
            }
        }
    }

    private mutating func encode(_ quote: Quote, _ symbol: Int) {
        let before = predecessors[symbol]
        put(.bid, signed: (quote.bid.raw - before.bid) / units.price)
        put(.ask, signed: (quote.ask.raw - before.ask) / units.price)
        put(.bidQuantity, signed: (quote.bidQuantity.raw - before.bidQuantity) / units.quantity)
        put(.askQuantity, signed: (quote.askQuantity.raw - before.askQuantity) / units.quantity)
        predecessors[symbol].bid = quote.bid.raw
        predecessors[symbol].ask = quote.ask.raw
        predecessors[symbol].bidQuantity = quote.bidQuantity.raw
        predecessors[symbol].askQuantity = quote.askQuantity.raw
    }

    private mutating func encode(_ trade: Trade, _ conditions: TradeConditions, _ symbol: Int) {
        put(.tradePrice, signed: (trade.price.raw - predecessors[symbol].tradePrice) / units.price)
        put(.tradeQuantity, UInt64(trade.quantity.raw / units.quantity))
        put(.tradeFlags, UInt64(conditions.rawValue) << 1 | (trade.aggressor == .sell ? 1 : 0))
        predecessors[symbol].tradePrice = trade.price.raw
    }

    private mutating func encode(_ bar: BarReport, _ length: TimeSpan, _ symbol: Int, at time: Timestamp) {
        put(.bar, signed: (bar.open.raw - predecessors[symbol].close) / units.price)
        put(.bar, UInt64((bar.high.raw - bar.open.raw) / units.price))
        put(.bar, UInt64((bar.open.raw - bar.low.raw) / units.price))
        put(.bar, signed: (bar.close.raw - bar.open.raw) / units.price)
        put(.bar, UInt64(bar.volume.raw / units.quantity))
        put(.bar, UInt64(length.nanoseconds))
        put(.bar, signed: time.nanoseconds &- bar.openTime.nanoseconds &- length.nanoseconds)
        predecessors[symbol].close = bar.close.raw
    }

    private mutating func encode(_ update: DepthUpdate, _ symbol: Int, levels start: Int) {
        put(.depthFirst, update.lastID &- update.firstID)
        let hasPrevious = update.previousID != DepthUpdate.noPrevious
        let distance = Int64(bitPattern: update.firstID &- update.previousID)
        put(.depthPrevious, hasPrevious ? CacheFormat.zigzag(distance) &+ 1 : 0)
        put(.depthBids, UInt64(update.bidCount) << 1 | (update.isSnapshot ? 1 : 0))
        put(.depthAsks, UInt64(update.askCount))
        let bids = start..<(start + Int(update.bidCount))
        let asks = bids.upperBound..<(start + update.levelCount)
        encode(bids, from: predecessors[symbol].firstBid)
        encode(asks, from: predecessors[symbol].firstAsk)
        if !bids.isEmpty { predecessors[symbol].firstBid = levels[bids.lowerBound].price.raw }
        if !asks.isEmpty { predecessors[symbol].firstAsk = levels[asks.lowerBound].price.raw }
    }

    private mutating func encode(_ range: Range<Int>, from first: Int64) {
        var before = first
        for index in range {
            let level = levels[index]
            put(.levelPrice, signed: (level.price.raw - before) / units.price)
            put(.levelQuantity, UInt64(level.quantity.raw / units.quantity))
            before = level.price.raw
        }
    }

    private mutating func kind(_ content: MarketContent) -> CacheFormat.RecordKind {
        let kind: CacheFormat.RecordKind =
            switch content {
            case .quote: .quote
            case .trade: .trade
            case .mark: .mark
            case .bar: .bar
            case .depth: .depth
            }
        kinds[Int(kind.rawValue)] += 1
        return kind
    }

    private mutating func put(_ column: CacheColumn, signed value: Int64) { put(column, CacheFormat.zigzag(value)) }

    private mutating func put(_ column: CacheColumn, _ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            columns[column.rawValue].append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        columns[column.rawValue].append(UInt8(rest))
    }
}

/// The largest numbers that divide all of a block's times, prices and quantities: they are written in these units.
struct CacheUnits: BitwiseCopyable {
    var time: Int64 = 0
    var venueTime: Int64 = 0
    var price: Int64 = 0
    var quantity: Int64 = 0
    var mark: Int64 = 0

    mutating func include(_ record: MarketRecord, since start: Timestamp) {
        Self.divide(&time, (record.time - start).nanoseconds)
        let known = record.content.venueTime
        if known.isKnown { Self.divide(&venueTime, known.nanoseconds) }
        switch record.content {
        case .quote(let quote, _):
            Self.divide(&price, quote.bid.raw)
            Self.divide(&price, quote.ask.raw)
            Self.divide(&quantity, quote.bidQuantity.raw)
            Self.divide(&quantity, quote.askQuantity.raw)
        case .trade(let trade, _):
            Self.divide(&price, trade.price.raw)
            Self.divide(&quantity, trade.quantity.raw)
        case .mark(let price): Self.divide(&mark, price.price.raw)
        case .bar(let bar, _):
            Self.divide(&price, bar.open.raw)
            Self.divide(&price, bar.high.raw)
            Self.divide(&price, bar.low.raw)
            Self.divide(&price, bar.close.raw)
            Self.divide(&quantity, bar.volume.raw)
        case .depth: return
        }
    }

    mutating func include(_ level: DepthLevel) {
        Self.divide(&price, level.price.raw)
        Self.divide(&quantity, level.quantity.raw)
    }

    /// What nothing was in is written in units of 1.
    mutating func fill() {
        time = max(1, time)
        venueTime = max(1, venueTime)
        price = max(1, price)
        quantity = max(1, quantity)
        mark = max(1, mark)
    }

    private static func divide(_ unit: inout Int64, _ value: Int64) { unit = common(unit, value) }

    /// The largest number that divides both; zero divides by nothing and changes nothing.
    static func common(_ unit: Int64, _ value: Int64) -> Int64 {
        if unit == 1 || value == 0 || unit > 0 && value % unit == 0 { return unit }
        var (a, b) = (unit, abs(value))
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
