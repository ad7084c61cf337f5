import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import FairleadReport
import Testing

@testable import FairleadComparison

/// Recordings and documents to compare arms on.
enum ComparisonFixture {
    static let documents: ConfigurationDocuments = {
        let instrument = """
            {"symbol": "BTCUSDT", "tick": 0.1, "lot": 0.001, "min_quantity": 0.001, "max_quantity": 1000,
             "origin": "tests", "date": "2024-08-08"}
            """
        let runtime = """
            {"instruments": [\(instrument)], "market": {"source": "tape", "tapes": ["recorded"]}}
            """
        let risk = #"{"pyramiding": true}"#
        return ConfigurationDocuments(strategy: Array("{}".utf8), risk: Array(risk.utf8), runtime: Array(runtime.utf8))
    }()

    static func instruments() throws -> [Instrument] {
        var overrides = [ConfigurationOverride(path: "runtime.paper.connection", value: "embedded")]
        overrides.append(ConfigurationOverride(path: "runtime.market.tapes", value: "recorded"))
        return try ConfigurationDecoder.resolve(documents, environment: [:], overrides: overrides).get()
            .engine.instruments
    }

    /// Some seconds of the synthetic market, whose quotes and trades come from a seed.
    static func synthetic(seconds: Int64, _ plan: ComparisonPlan) throws -> Recording {
        var symbol = SyntheticSymbolConfiguration(symbol: "BTCUSDT", startPrice: try Price(text: "60000"))
        symbol.tradesPerSecond = Rate(raw: 1_000_000_000)
        var configuration = SyntheticMarketConfiguration()
        configuration.symbols = [symbol]
        let start = Timestamp(milliseconds: 1_723_075_200_000)
        let instruments = try instruments()
        var market = try SyntheticMarket(configuration, instruments: instruments, startingAt: start)
        var reader = RecordingReader(instruments, interval: plan.interval)
        var ordinal: UInt64 = 0
        while true {
            let next = market.next()
            guard next.time - start < .seconds(seconds) else { break }
            ordinal += 1
            let content: MarketContent
            if case .quoted(let quote) = next.event {
                content = .quote(quote, updateID: ordinal)
            } else if case .traded(let trade) = next.event {
                content = .trade(trade, conditions: [])
            } else {
                continue
            }
            reader.add(MarketRecord(time: next.time, ordinal: ordinal, content: content), [])
        }
        return try #require(reader.recordings().first)
    }

    /// A recording beside the project, or nil.
    static func path(_ name: String, from file: String = #filePath) -> String? {
        var folders = file.split(separator: "/").dropLast()
        while !folders.isEmpty {
            let path = "/" + folders.joined(separator: "/") + "/shared/marketdata/" + name
            if (try? FileByteSource(path: path)) != nil { return path }
            folders.removeLast()
        }
        return nil
    }

    static let bitcoin = "binance-usdm/usdm_btcusdt_20240808.gz"
    static func isPresent() -> Bool { path(bitcoin) != nil }

    static func recorded(_ name: String, _ plan: ComparisonPlan) throws -> Recording {
        let file = try #require(Self.path(name))
        let instruments = try instruments()
        let tape = try TapeFile.open(path: file, symbols: TapeSymbols(instruments), content: [.touch, .depth], tape: 0)
        var reader = RecordingReader(instruments, interval: plan.interval)
        while let record = try tape.next() { reader.add(record, tape.levels) }
        return try #require(reader.recordings().first)
    }

    /// All arms over a recording, one arrival after the other.
    static func run(
        _ recording: Recording,
        _ plan: ComparisonPlan,
        arms: [ComparisonArm] = ComparisonArm.all
    ) throws -> RecordingResult {
        let arrivals = plan.arrivals(of: recording)
        var all: [(name: String, results: [ArrivalResult])] = []
        for arm in arms {
            let runner = try ArrivalRunner(recording, arm, plan, documents)
            all.append((arm.name, try arrivals.map { try runner.run($0) }))
        }
        return RecordingResult(recording, plan, arms: all)
    }

    static func report(_ result: RecordingResult, _ plan: ComparisonPlan) -> ComparisonReport {
        let section = ComparisonReport.Section(
            .headline,
            result,
            fees: plan.fees[0],
            queue: plan.queue,
            latency: plan.latency
        )
        return ComparisonReport(
            version: "test",
            configurationHash: Digest128(of: "a"),
            frozenHash: Digest128(of: "b"),
            configurationSource: "tests",
            settings: plan.settings,
            tapes: [("tape", "0")],
            arms: ComparisonArm.all.map { ($0.name, $0.meaning) },
            notes: ["a note"],
            parts: [
                ComparisonReport.Part(
                    result,
                    quantity: result.arms.first?.results.first?.quantity ?? .zero,
                    sections: [section]
                )
            ]
        )
    }
}
