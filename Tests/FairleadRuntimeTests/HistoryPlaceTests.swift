import FairleadConfiguration
import FairleadRuntime
import FairleadStore
import Testing

@Suite struct HistoryPlaceTests {
    private static func runtime(_ key: String, _ value: String) throws -> RuntimeConfiguration {
        let override = ConfigurationOverride(path: "runtime.history.\(key)", value: value)
        return try ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: [override]).get().runtime
    }

    /// Goal: each key of `history` does what it says. Method: one key at a time, and the writer that comes of it.
    @Test func keysHaveAnEffect() throws {
        let plain = try #require(HistoryPlace.writer(RuntimeConfiguration(), home: "/home/x"))
        #expect(plain.path == "/home/x/history.sqlite")
        #expect(plain.options.retention == HistoryRetention(keepDays: 0, maximumBytes: 16 << 30))
        #expect(HistoryPlace.writer(try Self.runtime("enabled", "false"), home: "/home/x") == nil)
        #expect(HistoryPlace.writer(try Self.runtime("file", "/elsewhere/h"), home: "x")?.path == "/elsewhere/h")
        let days = HistoryPlace.writer(try Self.runtime("keep_days", "30"), home: "x")
        #expect(days?.options.retention.keepDays == 30)
        let bytes = HistoryPlace.writer(try Self.runtime("max_bytes", "1000000"), home: "x")
        #expect(bytes?.options.retention.maximumBytes == 1_000_000)
        #expect(HistoryPlace.writer(backtest: "out").path == "out/history.sqlite")
        #expect(HistoryPlace.writer(backtest: "out").options.retention == HistoryRetention())
    }
}
