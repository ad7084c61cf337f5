import FairleadEngine
import FairleadMarketData
import FairleadModel
import FairleadPaper

/// A venue with one instrument.
func benchVenue() -> PaperVenue {
    var configuration = EngineConfiguration()
    configuration.add(
        Instrument(
            symbol: "BTCUSDT",
            terms: InstrumentTerms(
                tick: Price(raw: 10_000_000),
                lot: Quantity(raw: 100_000),
                minimumQuantity: Quantity(raw: 100_000),
                maximumQuantity: Quantity(raw: 100_000_000_000)
            ),
            origin: "benchmark"
        )
    )
    return PaperVenue(
        configuration: PaperVenueConfiguration(
            instruments: configuration.instruments,
            paper: PaperConfiguration(),
            hours: configuration.tradingHours
        )
    )
}

/// Quotes of a random walk by a tick at a time.
func walk(from start: Timestamp) -> [Quote] {
    var random = DeterministicRandom(seed: 7)
    var quotes: [Quote] = []
    quotes.reserveCapacity(4_096)
    var mid: Int64 = 600_000
    for _ in 0..<4_096 {
        mid += Int64(random.next() % 3) - 1
        quotes.append(
            Quote(
                instrument: InstrumentHandle(0),
                bid: Price(raw: mid * 10_000_000),
                bidQuantity: Quantity(raw: 100_000_000),
                ask: Price(raw: (mid + 1) * 10_000_000),
                askQuantity: Quantity(raw: 100_000_000),
                venueTime: start
            )
        )
    }
    return quotes
}

/// Quotes a second through engine and embedded paper venue, one core.
func quotesPerSecond() -> Double {
    var bench = BenchEngine()
    var venue = benchVenue()
    let count = 1_000_000
    let quotes = walk(from: bench.now)
    var least = Double.infinity
    for _ in 0..<5 {
        let begin = cpuNanoseconds()
        for index in 0..<count {
            let quote = quotes[index & 4_095]
            bench.now = bench.now + TimeSpan(nanoseconds: 10_000)
            venue.quoted(quote, at: bench.now)
            bench.apply(.quoted(quote))
        }
        least = min(least, Double(cpuNanoseconds() - begin) / Double(count))
    }
    return 1e9 / least
}

/// Events a second of a recorded tape, read from its .gz; nil where there is no recording.
func tapeEventsPerSecond(_ path: String) -> Double? {
    let instrument = Instrument(
        symbol: "BTCUSDT",
        terms: InstrumentTerms(
            tick: Price(raw: 10_000_000),
            lot: Quantity(raw: 100_000),
            minimumQuantity: Quantity(raw: 100_000),
            maximumQuantity: Quantity(raw: 100_000_000_000)
        ),
        origin: "benchmark"
    )
    do {
        var tape = BinanceTape(try FileByteSource(path: path), instruments: [instrument])
        var count = 0
        let begin = cpuNanoseconds()
        while try tape.next() != nil { count += 1 }
        return Double(count) * 1e9 / Double(cpuNanoseconds() - begin)
    } catch {
        return nil
    }
}

/// Records a second of a tape with its depth: from the recording, from our tape file of it (with depth, and the touch
/// alone), and from our file into a book. The best of five each.
func tapeRecordsPerSecond(_ path: String) throws -> (Double, cache: (all: Double, touch: Double), Double) {
    let symbols = TapeSymbols()
    let recording = try TapeFile.open(path: path, symbols: symbols)
    let sink = MemoryByteSink()
    var writer = try CacheWriter(to: sink, symbols: symbols)
    while let record = try recording.next() { try writer.append(record, levels: recording.levels) }
    try writer.finish()
    func best(_ open: () throws -> any MarketTape, _ each: (MarketRecord, any MarketTape) -> Void) throws -> Double {
        var rate = 0.0
        for _ in 0..<5 {
            var count = 0
            let begin = cpuNanoseconds()
            let tape = try open()
            while let record = try tape.next() {
                each(record, tape)
                count += 1
            }
            rate = max(rate, Double(count) * 1e9 / Double(cpuNanoseconds() - begin))
        }
        return rate
    }
    func ours(_ content: TapeContent) throws -> any MarketTape {
        try TapeFile.open(MemoryByteSource(sink.bytes), name: "x", symbols: TapeSymbols(), content: content)
    }
    var book = OrderBook(InstrumentHandle(0))
    return (
        try best({ try TapeFile.open(path: path, symbols: TapeSymbols()) }, { _, _ in }),
        (all: try best({ try ours(.all) }, { _, _ in }), touch: try best({ try ours(.touch) }, { _, _ in })),
        try best({
            book.reset()
            return try ours(.all)
        }) { record, tape in
            if case .depth(let update) = record.content { book.apply(update, tape.levels) }
        }
    )
}
