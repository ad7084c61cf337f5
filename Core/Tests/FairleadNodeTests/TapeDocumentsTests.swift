import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import Testing

@testable import FairleadNode

/// Configurations that are guessed from tapes.
@Suite struct TapeDocumentsTests {
    private static func quote(_ symbol: String, _ bid: String, _ ask: String, _ quantity: String) -> String {
        let stamp = #""E":1723075200000,"T":1723075200000"#
        return #"1723075200000000000 {"stream":"x@bookTicker","data":{"e":"bookTicker","u":1,"s":"\#(symbol)","#
            + #""b":"\#(bid)","B":"\#(quantity)","a":"\#(ask)","A":"\#(quantity)",\#(stamp)}}"#
    }

    private static func guess(_ lines: [String], equities: Set<String> = []) throws -> TapeDocuments {
        let symbols = TapeSymbols()
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        let tape = try TapeFile.open(MemoryByteSource(bytes), name: "tape", symbols: symbols)
        var merger = TapeMerger()
        let isAdded = merger.add(tape)
        #expect(isAdded)
        var survey = MarketSurvey(symbols)
        while let record = try merger.nextRecord() { survey.add(record, levels: []) }
        return TapeDocuments(survey.surveys, equities: equities)
    }

    /// Goal: steps are those that a venue has, on which everything that was seen lies.
    /// Method: common steps and the step that is taken of each.
    @Test(arguments: [
        (1, 1), (10, 10), (50, 50), (25, 25), (2_000, 2_000), (30, 10), (700, 100), (12_500, 100), (13, 1),
        (100_000_000, 100_000_000),
    ])
    func stepsAreRound(_ seen: Int64, _ step: Int64) {
        #expect(TapeDocuments.step(seen) == step)
        #expect(seen % TapeDocuments.step(seen) == 0)
    }

    /// Goal: each symbol becomes an instrument whose steps fit the tape, and the documents are accepted as they are.
    /// Method: two symbols; the rows, and the configuration that the documents resolve to.
    @Test func instrumentsFollowTheTape() throws {
        let found = try Self.guess([
            Self.quote("BTCUSDT", "60000.1", "60000.3", "0.012"), Self.quote("DOGEUSDT", "0.10010", "0.10020", "30"),
            Self.quote("BTCUSDT", "60000.2", "60000.4", "1.5"),
        ])
        #expect(found.rows.map(\.symbol) == ["BTCUSDT", "DOGEUSDT"])
        #expect(found.rows.map { $0.tick.description } == ["0.1", "0.0001"])
        #expect(found.rows.map { $0.lot.description } == ["0.001", "10"])
        #expect(found.rows.map(\.date) == ["2024-08-08", "2024-08-08"])
        let resolved = try ConfigurationDecoder.resolve(found.documents(tapes: ["a", "b"])).get()
        #expect(resolved.engine.instruments.map(\.symbol) == ["BTCUSDT", "DOGEUSDT"])
        #expect(resolved.engine.risk.allowsPyramiding)
        #expect(resolved.runtime.market.tapes == ["a", "b"])
        #expect(resolved.runtime.reportingCurrency == "USDT")
        #expect(resolved.warnings.isEmpty)
        let equity = try Self.guess([Self.quote("IBM", "190.01", "190.02", "100")], equities: ["IBM"])
        let dollars = try ConfigurationDecoder.resolve(equity.documents(tapes: ["a"])).get()
        #expect(dollars.runtime.reportingCurrency == "USD")
        #expect(dollars.engine.instruments[0].terms.assetClass == .equity)
    }
}
