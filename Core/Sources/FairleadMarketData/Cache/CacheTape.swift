import FairleadModel

/// Plays a tape file of ours: the records that were imported, in their order.
///
/// Blocks are read one at a time and their check sums compared first; a file without its end block is an error, so that
/// a copy that was cut off never plays as a whole one. Columns of content that isn't asked for are not looked at.
/// Allocates nothing per record once the largest block was read.
public struct CacheTape: ~Copyable, TapeReading {
    private enum Stage {
        case header
        case blocks
        case ended
    }

    private let source: any ByteSource
    private let symbols: TapeSymbols
    private let content: TapeContent
    private let tape: Int
    private var stage = Stage.header
    private var columns = CacheColumns()
    private var header = ContiguousArray<UInt8>(repeating: 0, count: CacheFormat.blockHeaderSize)
    /// By the file's own symbols: the place in `symbols`, or nil where it is not known.
    private var places: ContiguousArray<Int?> = []
    private var predecessors: ContiguousArray<CachePredecessor> = []
    /// Records of the block that were not read yet.
    private var left = 0
    private var levelsLeft = 0
    private var time: Int64 = 0
    private var venueTime: Int64 = 0
    private var updateID: UInt64 = 0
    private var lastID: UInt64 = 0
    private var block: UInt64 = 0
    private var blockOffset: UInt64 = 0
    private var offset: UInt64 = 0
    /// Records of the whole file so far.
    private var total: UInt64 = 0
    private var ordinal: UInt64 = 0
    private var lastTime = Timestamp.never
    private var failure: TapeError?

    /// The levels of the depth record given last: bids first.
    public private(set) var levels: ContiguousArray<DepthLevel> = []
    public var format: TapeFormat { .fairleadTape }
    /// What the tape held so far. `lines` are records; what isn't asked for is not counted by kind.
    public private(set) var counts = TapeCounts()
    /// Such a file has no lines: it is whole, or an error.
    public var firstMalformed: MalformedLine? { nil }

    /// `tape` is this tape's place among several, for errors.
    public init(_ source: any ByteSource, symbols: TapeSymbols, content: TapeContent, tape: Int = 0) {
        self.source = source
        self.symbols = symbols
        self.content = content
        self.tape = tape
        if content.contains(.depth) { levels.reserveCapacity(2048) }
    }

    /// The next record of the content asked for; nil at the end. After an error it comes again.
    public mutating func nextRecord() throws(TapeError) -> MarketRecord? {
        if let failure { throw failure }
        do {
            while true {
                while left > 0 {
                    if let record = try readRecord() { return record }
                }
                guard try readBlock() else { return nil }
            }
        } catch {
            failure = error
            throw error
        }
    }

    private func damaged(_ reason: CacheFault.Reason) -> TapeError {
        .damaged(tape: tape, CacheFault(reason: reason, block: block, offset: blockOffset))
    }

    // MARK: - Blocks

    /// Reads up to the next block of records; false at the file's end.
    private mutating func readBlock() throws(TapeError) -> Bool {
        if stage == .header { try readFileHeader() }
        while stage == .blocks {
            let (kind, count) = try readBlockHeader()
            switch kind {
            case .symbols: try readSymbols(count)
            case .records:
                try openRecords(count)
                return true
            case .end: try readEnd(count)
            }
        }
        return false
    }

    private mutating func readFileHeader() throws(TapeError) {
        guard try Self.fill(&header, CacheFormat.fileHeaderSize, from: source, tape: tape) else {
            throw damaged(.truncated)
        }
        guard header[..<8] == CacheFormat.magic[...] else { throw damaged(.malformed) }
        try checkHeader()
        let version = UInt16(CacheFormat.load(header, 8, 2))
        guard version == CacheFormat.version else { throw damaged(.unsupportedVersion(version)) }
        guard CacheFormat.load(header, 10, 2) == 0 else { throw damaged(.malformed) }
        offset = UInt64(CacheFormat.fileHeaderSize)
        stage = .blocks
    }

    private func checkHeader() throws(TapeError) {
        var sum = CheckSum()
        sum.add(header, 0..<12)
        guard UInt64(sum.value) == CacheFormat.load(header, 12, 4) else { throw damaged(.checkSum) }
    }

    private mutating func readBlockHeader() throws(TapeError) -> (CacheFormat.BlockKind, Int) {
        block += 1
        blockOffset = offset
        guard try Self.fill(&header, CacheFormat.blockHeaderSize, from: source, tape: tape) else {
            throw damaged(.truncated)
        }
        try checkHeader()
        guard let kind = CacheFormat.BlockKind(rawValue: header[0]), CacheFormat.load(header, 1, 3) == 0 else {
            throw damaged(.malformed)
        }
        let count = Int(CacheFormat.load(header, 4, 4))
        guard count <= CacheFormat.payloadLimit else { throw damaged(.malformed) }
        if columns.bytes.count < count + CacheColumns.padding {
            let size = max(count + CacheColumns.padding, 2 * columns.bytes.count)
            columns.bytes = ContiguousArray(repeating: 0, count: size)
        }
        guard try Self.fill(&columns.bytes, count, from: source, tape: tape) else { throw damaged(.truncated) }
        var sum = CheckSum()
        sum.add(columns.bytes, 0..<count)
        guard UInt64(sum.value) == CacheFormat.load(header, 8, 4) else { throw damaged(.checkSum) }
        offset += UInt64(CacheFormat.blockHeaderSize + count)
        return (kind, count)
    }

    /// Reads exactly `count` bytes; false where the file ends before.
    private static func fill(
        _ buffer: inout ContiguousArray<UInt8>,
        _ count: Int,
        from source: any ByteSource,
        tape: Int
    ) throws(TapeError) -> Bool {
        var found = 0
        while found < count {
            let received: Int
            do {
                received = try source.read(into: &buffer, range: found..<count)
            } catch {
                throw .unreadable(tape: tape, error)
            }
            if received == 0 { return false }
            found += received
        }
        return true
    }

    private mutating func readSymbols(_ count: Int) throws(TapeError) {
        guard count >= 2 else { throw damaged(.malformed) }
        var position = 2
        for _ in 0..<CacheFormat.load(columns.bytes, 0, 2) {
            guard position < count else { throw damaged(.malformed) }
            let length = Int(columns.bytes[position])
            guard position + 1 + length <= count, places.count < CacheFormat.symbolLimit else {
                throw damaged(.malformed)
            }
            guard let key = symbol((position + 1)..<(position + 1 + length)) else { throw damaged(.malformed) }
            places.append(symbols.find(key))
            position += 1 + length
        }
        guard position == count else { throw damaged(.malformed) }
    }

    private func symbol(_ range: Range<Int>) -> SymbolKey? {
        guard let key = SymbolKey(columns.bytes.span.extracting(range)), key.isPrintable else { return nil }
        return key
    }

    private mutating func openRecords(_ count: Int) throws(TapeError) {
        guard columns.open(count), !lastTime.isKnown || columns.firstTime >= lastTime else { throw damaged(.malformed) }
        left = columns.recordCount
        levelsLeft = columns.levelCount
        time = columns.firstTime.nanoseconds
        (venueTime, updateID, lastID) = (0, 0, 0)
        while predecessors.count < places.count { predecessors.append(CachePredecessor()) }
        for index in predecessors.indices { predecessors[index] = CachePredecessor() }
    }

    private mutating func readEnd(_ count: Int) throws(TapeError) {
        guard count == CacheFormat.endSize, CacheFormat.load(columns.bytes, 0, 8) == total else {
            throw damaged(.malformed)
        }
        stage = .ended
        var byte = ContiguousArray<UInt8>(repeating: 0, count: 1)
        guard try !Self.fill(&byte, 1, from: source, tape: tape) else { throw damaged(.behindEnd) }
    }

    // MARK: - Records

    private mutating func readRecord() throws(TapeError) -> MarketRecord? {
        do throws(CacheFault.Reason) {
            let record = try decode()
            left -= 1
            total += 1
            counts.lines += 1
            if left == 0 {
                guard columns.isExhausted(.tag), columns.isExhausted(.time), columns.isExhausted(.venueTime) else {
                    throw .malformed
                }
                lastTime = columns.lastTime
            }
            return record
        } catch {
            throw damaged(error)
        }
    }

    @inline(__always)
    private mutating func decode() throws(CacheFault.Reason) -> MarketRecord? {
        let tag = try columns.next(.tag)
        let symbol = Int(truncatingIfNeeded: tag &>> 4)
        guard symbol < places.count, symbol >= 0 else { throw .malformed }
        time = time &+ Int64(bitPattern: try columns.next(.time)) &* columns.units.time
        guard time >= lastTime.nanoseconds, time <= columns.lastTime.nanoseconds else { throw .malformed }
        lastTime = Timestamp(nanoseconds: time)
        var known = Timestamp.never
        if tag & 8 != 0 {
            venueTime = venueTime &+ (try columns.signed(.venueTime)) &* columns.units.venueTime
            known = Timestamp(nanoseconds: venueTime)
            guard known.isKnown else { throw .malformed }
        }
        guard let kind = CacheFormat.RecordKind(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else { throw .malformed }
        let handle = InstrumentHandle(index: UInt16(truncatingIfNeeded: places[symbol] ?? 0))
        let content: MarketContent
        switch kind {
        case .quote:
            guard self.content.contains(.quotes) else { return nil }
            content = try quote(symbol, handle, known)
        case .trade:
            guard self.content.contains(.trades) else { return nil }
            content = try trade(symbol, handle, known)
        case .mark:
            guard self.content.contains(.marks) else { return nil }
            content = try mark(symbol, handle, known)
        case .bar:
            guard self.content.contains(.bars) else { return nil }
            content = try bar(symbol, handle)
        case .depth:
            guard self.content.contains(.depth) else { return nil }
            content = try depth(symbol, handle, known)
        }
        guard places[symbol] != nil else {
            counts.unknownSymbols += 1
            return nil
        }
        ordinal += 1
        return MarketRecord(time: lastTime, ordinal: ordinal, content: content)
    }

    @inline(__always)
    private mutating func quote(
        _ symbol: Int,
        _ handle: InstrumentHandle,
        _ known: Timestamp
    ) throws(CacheFault.Reason) -> MarketContent {
        updateID = updateID &+ UInt64(bitPattern: try columns.signed(.updateID))
        let bid = try columns.price(.bid, from: &predecessors[symbol].bid)
        let ask = try columns.price(.ask, from: &predecessors[symbol].ask)
        let quote = Quote(
            instrument: handle,
            bid: bid,
            bidQuantity: try columns.quantity(.bidQuantity, from: &predecessors[symbol].bidQuantity),
            ask: ask,
            askQuantity: try columns.quantity(.askQuantity, from: &predecessors[symbol].askQuantity),
            venueTime: known
        )
        counts.quotes += 1
        if bid >= ask { counts.crossedQuotes += 1 }
        return .quote(quote, updateID: updateID)
    }

    private mutating func trade(
        _ symbol: Int,
        _ handle: InstrumentHandle,
        _ known: Timestamp
    ) throws(CacheFault.Reason) -> MarketContent {
        let price = try columns.price(.tradePrice, from: &predecessors[symbol].tradePrice)
        let quantity = try columns.quantity(.tradeQuantity)
        let flags = try columns.next(.tradeFlags)
        guard flags >> 33 == 0, quantity > .zero else { throw .malformed }
        counts.trades += 1
        let trade = Trade(
            instrument: handle,
            price: price,
            quantity: quantity,
            aggressor: flags & 1 == 1 ? .sell : .buy,
            venueTime: known
        )
        return .trade(trade, conditions: TradeConditions(rawValue: UInt32(truncatingIfNeeded: flags >> 1)))
    }

    private mutating func mark(
        _ symbol: Int,
        _ handle: InstrumentHandle,
        _ known: Timestamp
    ) throws(CacheFault.Reason) -> MarketContent {
        let price = predecessors[symbol].mark &+ (try columns.signed(.mark)) &* columns.units.mark
        guard price > 0, price <= Price.bound.raw else { throw .malformed }
        predecessors[symbol].mark = price
        counts.marks += 1
        return .mark(MarkPrice(instrument: handle, price: Price(raw: price), venueTime: known))
    }

    private mutating func bar(_ symbol: Int, _ handle: InstrumentHandle) throws(CacheFault.Reason) -> MarketContent {
        let open = try columns.price(.bar, from: &predecessors[symbol].close)
        let unit = columns.units.price
        let high = open.raw &+ Int64(bitPattern: try columns.next(.bar)) &* unit
        let low = open.raw &- Int64(bitPattern: try columns.next(.bar)) &* unit
        let close = open.raw &+ (try columns.signed(.bar)) &* unit
        let volume = try columns.quantity(.bar)
        let length = Int64(bitPattern: try columns.next(.bar))
        let late = try columns.signed(.bar)
        guard low > 0, low <= min(open.raw, close), high >= max(open.raw, close), high <= Price.bound.raw else {
            throw .malformed
        }
        let opened = Timestamp(nanoseconds: time &- length &- late)
        guard length > 0, opened.isKnown else { throw .malformed }
        predecessors[symbol].close = close
        counts.bars += 1
        let bar = BarReport(
            instrument: handle,
            openTime: opened,
            open: open,
            high: Price(raw: high),
            low: Price(raw: low),
            close: Price(raw: close),
            volume: volume
        )
        return .bar(bar, length: TimeSpan(nanoseconds: length))
    }

    private mutating func depth(
        _ symbol: Int,
        _ handle: InstrumentHandle,
        _ known: Timestamp
    ) throws(CacheFault.Reason) -> MarketContent {
        lastID = lastID &+ UInt64(bitPattern: try columns.signed(.depthLast))
        let firstID = lastID &- (try columns.next(.depthFirst))
        guard firstID <= lastID else { throw .malformed }
        let previous = try columns.next(.depthPrevious)
        let bids = try columns.next(.depthBids)
        let asks = try columns.next(.depthAsks)
        guard asks <= UInt64(levelsLeft), bids >> 1 <= UInt64(levelsLeft) - asks else { throw .malformed }
        levelsLeft -= Int(asks) + Int(bids >> 1)
        levels.removeAll(keepingCapacity: true)
        predecessors[symbol].firstBid = try readLevels(Int(bids >> 1), from: predecessors[symbol].firstBid)
        predecessors[symbol].firstAsk = try readLevels(Int(asks), from: predecessors[symbol].firstAsk)
        if bids & 1 == 1 { counts.snapshots += 1 } else { counts.depthUpdates += 1 }
        return .depth(
            DepthUpdate(
                instrument: handle,
                firstID: firstID,
                lastID: lastID,
                previousID: previous == 0
                    ? DepthUpdate.noPrevious
                    : firstID &- UInt64(bitPattern: CacheFormat.unzigzag(previous - 1)),
                venueTime: known,
                bidCount: Int(bids >> 1),
                askCount: Int(asks),
                isSnapshot: bids & 1 == 1
            )
        )
    }

    /// Gives the first level's price, from which the next update's is a difference.
    private mutating func readLevels(_ count: Int, from start: Int64) throws(CacheFault.Reason) -> Int64 {
        var before = start
        var first = start
        for place in 0..<count {
            let price = try columns.price(.levelPrice, from: &before)
            if place == 0 { first = before }
            levels.append(DepthLevel(price: price, quantity: try columns.quantity(.levelQuantity)))
        }
        return first
    }
}
