import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import Glibc

/// The demonstration's documents on a tape: the screener trades, and no loss that it makes comes near a limit. With
/// `isSmall` a loop fills the tables soon.
private func configuration(_ depth: MarketDepth = .book, isSmall: Bool = false) -> ResolvedConfiguration {
    var values = [
        ("runtime.market.depth", depth == .book ? "book" : "touch"),
        ("runtime.market.source", "tape"), ("runtime.market.tapes", "tape"), ("runtime.paper.connection", "embedded"),
        ("runtime.paper.starting_balance", "1000000000"), ("runtime.journal.segment_bytes", "4194304"),
        ("strategy.screener.symbols", "BTCUSDT"), ("runtime.bars.seconds", "1"),
        ("risk.cooldown_minutes_after_stop", "0"),
        ("risk.max_trades_per_symbol_per_hour", "250"),
    ]
    if isSmall {
        values += [
            ("runtime.capacities.orders", "1024"), ("runtime.capacities.parents", "1024"),
            ("runtime.capacities.signals", "8192"), ("runtime.capacities.executions", "4096"),
            ("runtime.capacities.levels", "512"),
        ]
    }
    let overrides = values.map { ConfigurationOverride(path: $0.0, value: $0.1) }
    switch ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides) {
    case .success(let configuration): return configuration
    case .failure(let errors): fatalError("the benchmark's configuration is refused: \(errors)")
    }
}

private func backtest(
    _ disk: PosixDisk,
    _ tape: any MarketTape,
    _ depth: MarketDepth,
    isSmall: Bool = false
) throws -> Backtest {
    let configuration = configuration(depth, isSmall: isSmall)
    let clock = VirtualClock(Timestamp(milliseconds: 1_723_075_200_000))
    var setup = NodeSetup(disk: disk, configuration: configuration, clock: clock)
    setup.preparesInline = true
    var merger = TapeMerger()
    guard merger.add(tape) else { fatalError("a merger takes one tape") }
    return try Backtest(setup, tape: TapeFeed(merger, digests: [], depth: depth), signals: SignalTape([SignalFile]()))
}

private func symbols() -> TapeSymbols { TapeSymbols(configuration().engine.instruments) }

/// Our tape file of a recording, with all that is in it.
private func cache(_ path: String) throws -> [UInt8] {
    let all = TapeSymbols()
    let recording = try TapeFile.open(path: path, symbols: all)
    let sink = MemoryByteSink()
    var writer = try CacheWriter(to: sink, symbols: all)
    while let record = try recording.next() { try writer.append(record, levels: recording.levels) }
    try writer.finish()
    return sink.bytes
}

/// Market events a second through a backtest as it runs (tape, node, engine, embedded venue, journal), without its
/// beginning and its end. The best of five.
private func replayed(_ depth: MarketDepth, _ open: () throws -> any MarketTape) throws -> Double {
    var rate = 0.0
    for _ in 0..<5 {
        try withDirectory { disk in
            var run = try backtest(disk, try open(), depth)
            let begin = cpuNanoseconds()
            while try run.run(records: 1 << 20) {}
            let elapsed = Double(cpuNanoseconds() - begin)
            rate = max(rate, Double(run.played) * 1e9 / elapsed)
        }
    }
    return rate
}

func tapeReplayRows(_ path: String, _ show: (String, Double, String, String) -> Void) throws {
    let bytes = try cache(path)
    for (depth, name) in [(MarketDepth.touch, "tape_replay"), (.book, "tape_replay_with_book")] {
        let rate = try replayed(depth) {
            try TapeFile.open(path: path, symbols: symbols(), content: depth.content)
        }
        show("\(name)_from_gz", rate, "/s", depth == .touch ? ">= 1 M/s" : "")
        let cached = try replayed(depth) {
            try TapeFile.open(MemoryByteSource(bytes), name: "x", symbols: symbols(), content: depth.content)
        }
        show("\(name)_from_fltape", cached, "/s", "")
    }
}

/// Memory of this process while it plays the tape once: meaningful in a process of its own.
func rssRows(_ path: String, _ show: (String, Double, String, String) -> Void) throws {
    try withDirectory { disk in
        var run = try backtest(disk, try TapeFile.open(path: path, symbols: symbols()), .book)
        let start = statusBytes("RssAnon")
        while try run.run(records: 1 << 20) {}
        let end = statusBytes("RssAnon")
        let result = try run.finish()
        show("rss_largest_tape: private, before the first event", mebibytes(start), "MiB", "-")
        show("rss_largest_tape: private, at the end", mebibytes(end), "MiB", "-")
        show("rss_largest_tape: peak, files included", mebibytes(statusBytes("VmHWM")), "MiB", "-")
        show("rss_largest_tape: market events", Double(result.marketEvents), "", "-")
    }
}

/// One engine, venue and journal while a tape is played again and again, its time going on: private memory must be
/// flat. The screener trades all the while. Old segments of the journal are removed, so that an hour fits on a disk.
func replayLoopRows(_ path: String, seconds: Int, _ show: (String, Double, String, String) -> Void) throws {
    try withDirectory { disk in
        let tape = try LoopedTape(try TapeFile.open(path: path, symbols: symbols()))
        var run = try backtest(disk, tape, .book, isSmall: true)
        let end = wallNanoseconds() + Int64(seconds) * 1_000_000_000
        // The embedded venue remembers its newest 65,536 orders and executions: until then it grows.
        var samples: [Int] = []
        var warm: UInt64 = 0
        for part in 1...10 {
            let until = end - Int64(seconds) * 100_000_000 * Int64(10 - part)
            while wallNanoseconds() < until {
                _ = try run.run(records: 100_000)
                for name in try disk.list().filter({ $0.hasSuffix(".segment") }).dropLast(2) { try disk.remove(name) }
            }
            samples.append(statusBytes("RssAnon"))
            if part == 6 { warm = run.withEngine { $0.counters.sends } }
        }
        let orders = run.withEngine { $0.counters.sends }
        for (part, sample) in zip(1..., samples) where [1, 3, 6, 10].contains(part) {
            show("replay_loop: private memory, \(part)/10 of the time", mebibytes(sample), "MiB", "-")
        }
        let grown = Double(samples[9] - samples[5]) / Double(max(1, orders - warm))
        show("replay_loop: orders by 6/10", Double(warm), "", "> 65536, else the venue still grows")
        show("replay_loop: grown for each order since", grown, "B", "0 (flat)")
        show("replay_loop: turns", Double(tape.turns), "", "-")
        show("replay_loop: market events", Double(run.played), "", "-")
        show("replay_loop: orders", Double(orders), "", "-")
    }
}

private func mebibytes(_ bytes: Int) -> Double { Double(bytes) / 1_048_576 }

/// A tape in memory that begins anew at its end, a second later than it ended.
private final class LoopedTape: MarketTape {
    private var records: [MarketRecord] = []
    /// Where each record's levels begin in `allLevels`; one more than there are records.
    private var starts: [Int] = [0]
    private var allLevels: ContiguousArray<DepthLevel> = []
    private var place = 0
    private var shift = TimeSpan.zero
    private(set) var turns = 0
    private(set) var levels: ContiguousArray<DepthLevel> = []
    let format: TapeFormat
    let counts: TapeCounts
    var firstMalformed: MalformedLine? { nil }

    init(_ tape: any MarketTape) throws(TapeError) {
        while let record = try tape.next() {
            records.append(record)
            if case .depth = record.content { allLevels += tape.levels }
            starts.append(allLevels.count)
        }
        format = tape.format
        counts = tape.counts
        guard !records.isEmpty else { fatalError("the benchmark's tape is empty") }
    }

    func next() -> MarketRecord? {
        if place == records.count {
            let length = (records[place - 1].time - records[0].time).nanoseconds
            shift = TimeSpan(nanoseconds: shift.nanoseconds + length + 1_000_000_000)
            place = 0
            turns += 1
        }
        var record = records[place]
        record.time = record.time + shift
        record.content = moved(record.content)
        if case .depth = record.content {
            levels.removeAll(keepingCapacity: true)
            levels += allLevels[starts[place]..<starts[place + 1]]
        }
        place += 1
        return record
    }

    private func moved(_ content: MarketContent) -> MarketContent {
        switch content {
        case .quote(var quote, let updateID):
            quote.venueTime = quote.venueTime + shift
            return .quote(quote, updateID: updateID)
        case .trade(var trade, let conditions):
            trade.venueTime = trade.venueTime + shift
            return .trade(trade, conditions: conditions)
        case .mark(var mark):
            mark.venueTime = mark.venueTime + shift
            return .mark(mark)
        case .depth(var update):
            update.venueTime = update.venueTime + shift
            return .depth(update)
        case .bar: return content
        }
    }
}
