import FairleadMarketData
import FairleadModel
import Testing

/// Recordings beside the project, where they are there. Tests that need them say that they skip.
enum SharedFiles {
    /// The path of a recording, or nil.
    static func path(_ name: String, from file: String = #filePath) -> String? {
        var folders = file.split(separator: "/").dropLast()
        while !folders.isEmpty {
            let path = "/" + folders.joined(separator: "/") + "/shared/marketdata/" + name
            if (try? FileByteSource(path: path)) != nil { return path }
            folders.removeLast()
        }
        return nil
    }

    static func isPresent() -> Bool { path("binance-usdm/usdm_btcusdt_20240808.gz") != nil }
}

/// Instruments as the recorded venue had them.
enum Instruments {
    static func make(_ symbol: String, tick: String, lot: String) throws -> Instrument {
        let terms = InstrumentTerms(
            tick: try Price(text: tick),
            lot: try Quantity(text: lot),
            minimumQuantity: try Quantity(text: lot),
            maximumQuantity: try Quantity(text: "1000")
        )
        return Instrument(symbol: symbol, terms: terms, origin: "tests")
    }

    static func usdm() throws -> [Instrument] {
        [
            try make("BTCUSDT", tick: "0.1", lot: "0.001"), try make("ETHUSDT", tick: "0.01", lot: "0.001"),
            try make("SOLUSDT", tick: "0.01", lot: "1"),
        ]
    }
}
