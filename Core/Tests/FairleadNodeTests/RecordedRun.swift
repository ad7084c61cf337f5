import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import Testing

@testable import FairleadNode

/// A backtest on recordings beside the project, at the depth that they have.
struct RecordedRun {
    struct Traded {
        var symbol: String
        var tick: String
        var lot: String
        var minimumNotional = "5"
        var isEquity = false
    }

    var files: [String]
    var traded: [Traded]
    /// More keys of `runtime.json`'s `paper` and `market`.
    var paper = ""
    var market = ""
    /// Records that are played; nil for all.
    var limit: Int?
    var signalCount = 60

    private static func path(_ name: String) -> String? {
        var folders = #filePath.split(separator: "/").dropLast()
        while !folders.isEmpty {
            let path = "/" + folders.joined(separator: "/") + "/shared/marketdata/" + name
            if (try? FileByteSource(path: path)) != nil { return path }
            folders.removeLast()
        }
        return nil
    }

    static func isPresent() -> Bool { path("binance-usdm/usdm_btcusdt_20240808.gz") != nil }

    /// The documents of the reference backtest, for these instruments.
    func configuration() throws -> ResolvedConfiguration {
        let instruments = traded.map {
            """
            {"symbol":"\($0.symbol)","asset_class":"\($0.isEquity ? "equity" : "crypto")","tick":\($0.tick),\
            "lot":\($0.lot),"min_quantity":\($0.lot),"max_quantity":1000000,"min_notional":\($0.minimumNotional),\
            "percent_price_pct":0.05,"maker_fee_bps":2,"taker_fee_bps":5,"origin":"tests","date":"2024-08-08"}
            """
        }
        let runtime = """
            {"instruments":[\(instruments.joined(separator: ","))],\
            "market":{"source":"tape","tapes":["tape"]\(market)},"paper":{"seed":7\(paper)},\
            "journal":{"segment_bytes":2097152},"capacities":{"orders":2048,"parents":2048,"signals":8192}}
            """
        let strategy = #"{"router":{"maker_first":true,"slip_max_bps":3,"maker_timeout_ms":4000}}"#
        let risk = #"{"pyramiding":true,"cooldown_minutes_after_stop":0.05,"max_order_notional":20000}"#
        let documents = ConfigurationDocuments(
            strategy: Array(strategy.utf8),
            risk: Array(risk.utf8),
            runtime: Array(runtime.utf8)
        )
        switch ConfigurationDecoder.resolve(documents) {
        case .success(let configuration): return configuration
        case .failure(let errors):
            Issue.record("the test's configuration is refused: \(errors)")
            throw errors
        }
    }

    func merger(_ configuration: ResolvedConfiguration, _ content: TapeContent) throws -> TapeMerger {
        var merger = TapeMerger()
        let symbols = TapeSymbols(configuration.engine.instruments)
        for file in files {
            let path = try #require(Self.path(file))
            let tape = try TapeFile.open(path: path, symbols: symbols, content: content, tape: merger.tapeCount)
            let isAdded = merger.add(tape)
            #expect(isAdded)
        }
        return merger
    }

    func feed(_ configuration: ResolvedConfiguration, _ depth: MarketDepth? = nil) throws -> TapeFeed {
        let depth = depth ?? configuration.runtime.market.depth
        let digests = try files.map { try FileDigest(path: try #require(Self.path($0))) }
        return try TapeFeed(try merger(configuration, depth.content), digests: digests, depth: depth)
    }

    func signals(_ configuration: ResolvedConfiguration) throws -> SignalTape {
        var first: Timestamp?
        var last = Timestamp.never
        var tape = try merger(configuration, .touch)
        var count = 0
        while let record = try tape.next(), count < limit ?? .max {
            first = first ?? record.time
            last = record.time
            count += 1
        }
        let start = try #require(first)
        let generator = SignalGenerator(seed: 7, symbols: traded.map(\.symbol))
        let lines = try generator.lines(
            count: signalCount,
            over: start...last,
            tape: try merger(configuration, .touch),
            instruments: configuration.engine.instruments
        )
        return SignalTape(lines)
    }

    /// Plays the run on a disk, killed after each number of `stops` and resumed.
    func play(_ disk: MemoryDisk, stops: [Int] = []) throws -> (result: BacktestResult, disk: MemoryDisk) {
        let configuration = try configuration()
        let signals = try signals(configuration)
        var disk = disk
        for stop in stops {
            let setup = NodeFixture.setup(disk, configuration, VirtualClock(.never))
            var backtest = try Backtest(setup, tape: try feed(configuration), signals: signals)
            _ = try backtest.run(records: stop)
            disk = disk.crash(.process)
        }
        let setup = NodeFixture.setup(disk, configuration, VirtualClock(.never))
        var backtest = try Backtest(setup, tape: try feed(configuration), signals: signals)
        while backtest.played < UInt64(clamping: limit ?? .max) {
            let left = UInt64(clamping: limit ?? .max) - backtest.played
            guard try backtest.run(records: Int(min(left, 1_000))) else { break }
        }
        return (try backtest.finish(), disk)
    }
}

/// Believes nothing: counts a run's passive fills against the trades of the tape. Shares no code with the matching.
struct ScepticsCheck {
    private struct Print {
        var time: Timestamp
        var trade: Trade
        var left: Int64
    }

    private var prints: [[Print]]
    /// When each order took its place, by the venue's clock.
    private var joined: [ClientOrderID: Timestamp] = [:]
    private(set) var makerFills = 0
    private(set) var takerFills = 0
    private(set) var uncovered = 0

    init(_ run: RecordedRun) throws {
        let configuration = try run.configuration()
        prints = Array(repeating: [], count: configuration.engine.instruments.count)
        var tape = try run.merger(configuration, .trades)
        while let record = try tape.nextRecord() {
            guard case .trade(let trade, _) = record.content else { continue }
            prints[Int(trade.instrument.index)].append(
                Print(time: record.time, trade: trade, left: trade.quantity.raw)
            )
        }
    }

    mutating func read(_ disk: MemoryDisk) throws {
        var feed = try JournalFeed(disk, after: 0)
        while let record = try feed.next() {
            guard case .event(let event) = record.body else { continue }
            if case .orderAccepted(let acceptance) = event { joined[acceptance.id] = acceptance.venueTime }
            if case .orderReplaced(let replacement) = event { joined[replacement.id] = replacement.venueTime }
            if case .orderFilled(let execution) = event { check(execution) }
        }
    }

    /// Trades at its price of the other side, or through it, since the order joined, the newest first, each unit once.
    private mutating func check(_ execution: Execution) {
        guard execution.liquidity == .maker else {
            takerFills += 1
            return
        }
        makerFills += 1
        let index = Int(execution.instrument.index)
        let since = joined[execution.id] ?? .distantFuture
        var need = execution.quantity.raw
        for place in prints[index].indices.reversed() where need > 0 {
            let print = prints[index][place]
            if print.time > execution.venueTime { continue }
            if print.time < since { break }
            let isBuy = execution.side == .buy
            let isThrough = isBuy ? print.trade.price < execution.price : print.trade.price > execution.price
            let isAt = print.trade.price == execution.price && print.trade.aggressor != execution.side
            guard isThrough || isAt else { continue }
            let part = min(need, print.left)
            prints[index][place].left -= part
            need -= part
        }
        if need > 0 { uncovered += 1 }
    }
}
