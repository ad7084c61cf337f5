import CMallocCount
import FairleadModel
import Testing

@testable import FairleadMarketData

/// Records made from a seed: every kind, several symbols, depth with levels near each other.
struct RandomRecords {
    var records: [MarketRecord] = []
    var levels: [ContiguousArray<DepthLevel>] = []
    let symbols = TapeSymbols()

    init(_ count: Int, seed: UInt64, tick: Int64 = 10_000_000) {
        var random = DeterministicRandom(seed: seed)
        var time = Timestamp(milliseconds: 1_700_000_000_000)
        let names = ["BTCUSDT", "ETHUSDT", "A-VERY-LONG-SYMBOL.WITH_32-BYTES"]
        for number in 0..<count {
            // A symbol appears when it is first needed, as on a tape.
            let symbol = number < 10 ? 0 : Int(random.next(below: 3))
            let handle = InstrumentHandle(
                symbols.find(SymbolKey(names[symbol].utf8.span) ?? SymbolKey(words: .zero)) ?? 0
            )
            time = time + TimeSpan(nanoseconds: Int64(random.next(below: 3_000_000)))
            let venueTime = random.chance(1, in: 9) ? Timestamp.never : time + TimeSpan.milliseconds(-30)
            let price = tick * Int64(1000 + random.next(below: 300))
            let quantity = Quantity(raw: 100_000 * Int64(1 + random.next(below: 5000)))
            var own: ContiguousArray<DepthLevel> = []
            let content: MarketContent
            switch random.next(below: 5) {
            case 0:
                let quote = Quote(
                    instrument: handle,
                    bid: Price(raw: price),
                    bidQuantity: quantity,
                    ask: Price(raw: price + tick),
                    askQuantity: .zero,
                    venueTime: venueTime
                )
                content = .quote(quote, updateID: random.next(below: 1 << 60))
            case 1:
                let trade = Trade(
                    instrument: handle,
                    price: Price(raw: price),
                    quantity: quantity,
                    aggressor: random.chance(1, in: 2) ? .buy : .sell,
                    venueTime: venueTime
                )
                content = .trade(trade, conditions: TradeConditions(rawValue: UInt32(random.next(below: 1 << 32))))
            case 2:
                content = .mark(MarkPrice(instrument: handle, price: Price(raw: price + 7), venueTime: venueTime))
            case 3:
                let bar = BarReport(
                    instrument: handle,
                    openTime: time + TimeSpan.seconds(-60),
                    open: Price(raw: price),
                    high: Price(raw: price + 3 * tick),
                    low: Price(raw: price - tick),
                    close: Price(raw: price + tick),
                    volume: quantity
                )
                content = .bar(bar, length: .seconds(random.chance(1, in: 2) ? 60 : 59))
            default:
                let (bids, asks) = (Int(random.next(below: 9)), Int(random.next(below: 9)))
                for place in 0..<(bids + asks) {
                    own.append(DepthLevel(price: Price(raw: price + Int64(place) * tick), quantity: quantity))
                }
                let last = random.next(below: 1 << 60)
                content = .depth(
                    DepthUpdate(
                        instrument: handle,
                        firstID: last - min(last, random.next(below: 100)),
                        lastID: last,
                        previousID: random.chance(1, in: 3) ? DepthUpdate.noPrevious : random.next(below: 1 << 60),
                        venueTime: venueTime,
                        bidCount: bids,
                        askCount: asks,
                        isSnapshot: random.chance(1, in: 5)
                    )
                )
            }
            records.append(MarketRecord(time: time, ordinal: UInt64(number + 1), content: content))
            levels.append(own)
        }
    }

    func written() throws -> [UInt8] {
        let sink = MemoryByteSink()
        var writer = try CacheWriter(to: sink, symbols: symbols)
        for (record, own) in zip(records, levels) { try writer.append(record, levels: own) }
        try writer.finish()
        #expect(writer.byteCount == UInt64(sink.bytes.count) && writer.recordCount == UInt64(records.count))
        return sink.bytes
    }

    var texts: [String] { zip(records, levels).map { RecordText.text($0, $1) } }
}

/// What a tape file says, as texts; the error stands last.
enum CacheRead {
    static func texts(_ bytes: [UInt8], content: TapeContent = .all, piece: Int = 65_536) -> (
        texts: [String], TapeError?
    ) {
        var texts: [String] = []
        do {
            let source = MemoryByteSource(bytes, pieceSize: piece)
            let tape = try TapeFile.open(source, name: "x", symbols: TapeSymbols(), content: content)
            while let record = try tape.next() { texts.append(RecordText.text(record, tape.levels)) }
            return (texts, nil)
        } catch {
            return (texts, error as? TapeError)
        }
    }
}

extension CacheRead {
    /// Only whether it can be read: cheaper than its texts.
    static func error(_ bytes: [UInt8]) -> TapeError? {
        do {
            let tape = try TapeFile.open(MemoryByteSource(bytes), name: "x", symbols: TapeSymbols(), content: .all)
            while try tape.next() != nil {}
            return nil
        } catch {
            return error as? TapeError
        }
    }
}

struct CacheTapeTests {
    /// Goal: what was written is read, to the last bit. Method: records of every kind over several blocks, prices on
    /// grids coarse and fine, read in pieces of several sizes.
    @Test func readsBack() throws {
        for (count, tick) in [(0, 1), (1, 10_000_000), (100, 1), (9000, 10_000_000)] as [(Int, Int64)] {
            let made = RandomRecords(count, seed: UInt64(count), tick: tick)
            let bytes = try made.written()
            for piece in count > 1000 ? [65_536] : [65_536, 13] {
                let (texts, error) = CacheRead.texts(bytes, piece: piece)
                #expect(error == nil)
                #expect(texts == made.texts, "\(count) records, tick \(tick)")
            }
        }
    }

    /// Goal: only what is asked for is delivered, numbered without gaps. Method: each content of the same file.
    @Test func deliversWhatIsAskedFor() throws {
        let made = RandomRecords(2000, seed: 5)
        let bytes = try made.written()
        let words: [(TapeContent, Set<String>)] = [
            (.quotes, ["quote"]), (.trades, ["trade"]), (.marks, ["mark"]), (.bars, ["bar"]),
            (.depth, ["depth", "snapshot"]), (.touch, ["quote", "trade", "mark"]),
        ]
        for (content, kinds) in words {
            let (texts, error) = CacheRead.texts(bytes, content: content)
            #expect(error == nil)
            let expected = made.texts.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
                .filter { kinds.contains(String($0.split(separator: " ")[1])) }
            #expect(texts.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == expected)
            #expect(texts.enumerated().allSatisfy { $1.hasPrefix("\($0 + 1) ") })
        }
    }

    /// Goal: a file that was cut off is told as such, whatever was read before. Method: every prefix of a small file.
    @Test func everyTruncationIsAnError() throws {
        let made = RandomRecords(40, seed: 9)
        let bytes = try made.written()
        for count in CacheFormat.magic.count..<bytes.count {
            let (texts, error) = CacheRead.texts(Array(bytes[..<count]))
            guard case .damaged(_, let fault) = error else {
                Issue.record("cut at \(count): \(String(describing: error))")
                continue
            }
            #expect(fault.reason == .truncated, "cut at \(count)")
            #expect(texts.isEmpty || texts == made.texts)
        }
        #expect(CacheRead.texts(bytes + [0]).1?.description.contains("bytes follow") == true)
    }

    /// Goal: no changed byte is read as data. Method: 10,000 files with one to three bytes changed, from a printed
    /// seed.
    @Test func everyChangeIsFound() throws {
        let made = RandomRecords(16, seed: 11)
        let bytes = try made.written()
        let seed: UInt64 = 0xCAC4E
        print("tape file: 10000 mutations, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<10_000 {
            var damaged = bytes
            for _ in 0...random.next(below: 3) {
                // The first eight say what the file is; without them it is a file of another kind.
                let place = 8 + Int(random.next(below: UInt64(bytes.count - 8)))
                damaged[place] ^= UInt8(1 + random.next(below: 255))
            }
            if damaged == bytes { continue }
            let error = CacheRead.error(damaged)
            guard case .damaged = error else {
                Issue.record("seed \(seed): \(String(describing: error))")
                continue
            }
        }
    }

    /// Goal: a file whose check sums are right and whose numbers make no sense is refused, and nothing traps. Method:
    /// 10,000 payloads with changed bytes, whose sums are made right again, from a printed seed.
    @Test func senselessNumbersAreRefused() throws {
        let made = RandomRecords(16, seed: 12)
        let bytes = try made.written()
        let seed: UInt64 = 0x5EA1
        print("tape file: 10000 mutations under right check sums, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var refused = 0
        for _ in 0..<10_000 {
            var damaged = bytes
            for _ in 0...random.next(below: 3) {
                damaged[Int(random.next(below: UInt64(bytes.count - 8))) + 8] = UInt8(random.next(below: 256))
            }
            CacheSeal.seal(&damaged)
            if CacheRead.error(damaged) != nil { refused += 1 }
        }
        print("tape file: \(refused) of them refused")
        #expect(refused > 5000)
    }

    /// Goal: a later version is named. Method: the header with another number.
    @Test func namesAnotherVersion() throws {
        var bytes = try RandomRecords(3, seed: 1).written()
        bytes[8] = 2
        CacheSeal.seal(&bytes)
        let error = CacheRead.texts(bytes).1
        #expect(error?.description == "tape 1: is a tape of version 2, which can't be read here")
    }

    /// Goal: the layout is what the page says. Method: the table of `docs/MARKET-DATA.md` walked over a file by hand.
    @Test func walksTheTable() throws {
        let bytes = ContiguousArray(try RandomRecords(9, seed: 2).written())
        #expect(bytes[..<8].elementsEqual(Array("FLTAPE\r\n".utf8)))
        #expect(CacheFormat.load(bytes, 8, 2) == 1 && CacheFormat.load(bytes, 10, 2) == 0)
        var offset = 16
        var kinds: [UInt8] = []
        while offset < bytes.count {
            let length = Int(CacheFormat.load(bytes, offset + 4, 4))
            kinds.append(bytes[offset])
            if bytes[offset] == 2 {
                let payload = offset + 16
                #expect(CacheFormat.load(bytes, payload, 4) == 9)
                let columns = (0..<20).map { Int(CacheFormat.load(bytes, payload + 64 + 4 * $0, 4)) }
                #expect(144 + columns.reduce(0, +) == length)
                #expect(columns[0] == 9 && columns[1] >= 9)
            }
            offset += 16 + length
        }
        #expect(kinds == [1, 2, 3] && offset == bytes.count)
        #expect(CacheFormat.load(bytes, bytes.count - 64, 8) == 9)
    }

    /// Goal: nothing is allocated per record. Method: allocations of this thread over all blocks but the first.
    @Test func allocatesNothing() throws {
        let made = RandomRecords(30_000, seed: 6)
        let source = MemoryByteSource(try made.written())
        var tape = CacheTape(source, symbols: TapeSymbols(), content: .all)
        for _ in 0..<20_000 { #expect(try tape.nextRecord() != nil) }
        let before = malloc_count_this_thread()
        var count = 20_000
        while try tape.nextRecord() != nil { count += 1 }
        #expect(malloc_count_this_thread() - before < 8)
        #expect(count == 30_000)
    }
}

/// Makes the check sums of a changed file right, as far as its lengths can be followed.
enum CacheSeal {
    static func seal(_ bytes: inout [UInt8]) {
        var offset = 0
        var payload = 0
        while offset + 16 <= bytes.count {
            let copy = ContiguousArray(bytes)
            if offset > 0 {
                payload = Int(CacheFormat.load(copy, offset + 4, 4))
                guard offset + 16 + payload <= bytes.count else { return }
                var sum = CheckSum()
                sum.add(copy, (offset + 16)..<(offset + 16 + payload))
                put(sum.value, at: offset + 8, &bytes)
            }
            var sum = CheckSum()
            sum.add(ContiguousArray(bytes), offset..<(offset + 12))
            put(sum.value, at: offset + 12, &bytes)
            offset += 16 + payload
        }
    }

    private static func put(_ value: UInt32, at offset: Int, _ bytes: inout [UInt8]) {
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
    }
}

@Suite(.enabled(if: SharedFiles.isPresent(), "recordings (../shared/marketdata) are not there: skipped"))
struct CacheRecordingTests {
    /// Goal: a recording says the same from our file as from its own. Method: every record with its levels, of all
    /// content and of the touch alone, whose ordinals a journal refers to.
    @Test(arguments: [
        "binance-usdm/usdm_btcusdt_20230404.dat.gz", "binance-usdm/usdm_ethusdt_20240808.gz",
        "binance-usdm-alts/BINANCE_FUTURES.ws.1.0.gz", "us-equities/equity_usa_tick_ibm_20131007_quote.zip",
        "us-equities/equity_usa_tick_ibm_20131007_trade.zip", "us-equities/equity_usa_minute_aapl_20140605_trade.zip",
    ])
    func saysTheSame(_ name: String) throws {
        let path = try #require(SharedFiles.path(name))
        let symbols = TapeSymbols()
        let original = try TapeFile.open(path: path, symbols: symbols)
        let sink = MemoryByteSink()
        var writer = try CacheWriter(to: sink, symbols: symbols)
        var expected = Hasher64()
        var touch = Hasher64()
        while let record = try original.next() {
            try writer.append(record, levels: original.levels)
            expected.add(record, original.levels, ordinal: record.ordinal)
            if record.content.event != nil { touch.add(record, [], ordinal: touch.count + 1) }
        }
        try writer.finish()
        for (content, hash) in [(TapeContent.all, expected), (.touch, touch)] {
            let tape = try TapeFile.open(
                MemoryByteSource(sink.bytes),
                name: "x",
                symbols: TapeSymbols(),
                content: content
            )
            var found = Hasher64()
            while let record = try tape.next() {
                found.add(record, content == .all ? tape.levels : [], ordinal: record.ordinal)
            }
            #expect(found == hash, "\(name), \(content)")
        }
        print("tape file: \(name): \(expected.count) records, \(sink.bytes.count) bytes")
    }
}

/// Records mixed into one number: cheaper than their texts.
struct Hasher64: Equatable {
    var value: UInt64 = 14_695_981_039_346_656_037
    var count: UInt64 = 0

    mutating func add(_ record: MarketRecord, _ levels: ContiguousArray<DepthLevel>, ordinal: UInt64) {
        count += 1
        mix(UInt64(bitPattern: record.time.nanoseconds))
        mix(ordinal)
        switch record.content {
        case .quote(let quote, let id):
            for raw in [quote.bid.raw, quote.bidQuantity.raw, quote.ask.raw, quote.askQuantity.raw] { mix(raw) }
            mix(quote.venueTime.nanoseconds)
            mix(id)
        case .trade(let trade, let conditions):
            for raw in [trade.price.raw, trade.quantity.raw, trade.venueTime.nanoseconds] { mix(raw) }
            mix(UInt64(conditions.rawValue) << 1 | UInt64(trade.aggressor.rawValue))
        case .mark(let mark): for raw in [mark.price.raw, mark.venueTime.nanoseconds] { mix(raw) }
        case .bar(let bar, let length):
            for raw in [bar.open.raw, bar.high.raw, bar.low.raw, bar.close.raw, bar.volume.raw] { mix(raw) }
            for raw in [bar.openTime.nanoseconds, length.nanoseconds] { mix(raw) }
        case .depth(let update):
            for raw in [update.firstID, update.lastID, update.previousID, UInt64(update.bidCount)] { mix(raw) }
            mix(update.venueTime.nanoseconds)
            for level in levels {
                mix(level.price.raw)
                mix(level.quantity.raw)
            }
        }
        mix(UInt64(record.content.instrument.index))
    }

    private mutating func mix(_ number: Int64) { mix(UInt64(bitPattern: number)) }
    private mutating func mix(_ number: UInt64) { value = (value ^ number) &* 1_099_511_628_211 }
}
