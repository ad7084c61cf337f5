import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// `router_health.json`: SPEC 15's fields, of an engine that has traded and of one that has not.
@Suite struct RouterHealthSchemaTests {
    typealias Fixture = PublicationFixture

    /// The state files of a node that was given so many entries of one symbol, each half a minute after the other.
    static func play(_ signals: Int) throws -> [(file: StateFile, bytes: [UInt8])] {
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration(["strategy_config.screener.enabled": "false"])
        var setup = NodeSetup(disk: MemoryDisk(), configuration: configuration, clock: clock)
        setup.preparesInline = true
        var node = try Node.open(setup)
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        var cursor: UInt64 = 0
        for turn in 0...signals {
            if turn > 0 {
                _ = node.offer(signal: Fixture.signal("h\(turn)"), source: .file, ticket: 1)
            }
            let end = clock.now + .seconds(31)
            while true {
                node.pump()
                if node.nextWake > end { break }
                clock.advance(to: max(node.nextWake, clock.now))
            }
            clock.advance(to: end)
            node.pump()
            _ = node.notices.read(from: &cursor) { counters.add($0.notice, at: $0.time, windowSignals: 500) }
        }
        let moment = ReplicaMoment(sequence: 7, time: clock.now, configuration: configuration)
        let documents = StateDocuments(
            journal: Fixture.journal.id,
            software: Fixture.software,
            configurationHash: .zero
        )
        return node.withEngine {
            documents.make(
                moment,
                engine: $0,
                names: RunNames(configuration.engine.instruments),
                counters: counters
            )
        }
    }

    static func document(_ name: StateFile, of files: [(file: StateFile, bytes: [UInt8])]) throws -> JSONValue {
        try JSONParser.parse(try #require(files.first { $0.file == name }).bytes)
    }

    /// Goal: before the first order the router is neutral, each symbol has its policy, and nothing is made up. Method:
    /// a node that only runs its market.
    @Test func nothingIsMadeUp() throws {
        let document = try Self.document(.routerHealth, of: Self.play(0))
        #expect(try Fixture.schema(.routerHealth).violation(of: document) == nil)
        let global = document["router_health"]?["global"]
        #expect(global?["quality_score"]?.lexeme == "0.8")
        #expect(global?["router_bucket"] == "B_MEDIUM" && global?["latency_bucket"] == "FAST")
        #expect(global?["avg_slippage_bps"] == nil)
        let symbol = document["router_health"]?["per_symbol"]?["BTCUSDT"]
        #expect(symbol?["quality_score"] == nil && symbol?["maker_fill_rate"] == nil && symbol?["last_order_ts"] == nil)
        #expect(symbol?["quality"] == "good" && symbol?["maker_first"] == true && symbol?["sample_count"] == 0)
        #expect(symbol?["policy"]?["reason"]?.string?.hasPrefix("quality=good;regime=") == true)
        #expect(document["summary"]?["count"] == 3)
        let counts: JSONValue = ["broken": 0, "degraded": 0, "good": 3, "ok": 0]
        #expect(document["summary"]?["quality_counts"] == counts)
        let symbols = document["symbols"]?.array ?? []
        #expect(symbols.compactMap { $0["symbol"]?.string } == ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
        #expect(symbols.first == symbol)
    }

    /// Goal: what was executed is told with score, buckets and evidence, and the global block is of it alone. Method: a
    /// maker of one symbol.
    @Test func executionsAreTold() throws {
        let document = try Self.document(.routerHealth, of: Self.play(1))
        #expect(try Fixture.schema(.routerHealth).violation(of: document) == nil)
        let symbol = document["router_health"]?["per_symbol"]?["BTCUSDT"]
        for key in [
            "symbol", "quality_score", "avg_slippage_bps", "slippage_drift_bps", "slippage_drift_bucket",
            "avg_latency_ms", "latency_bucket", "last_order_ts", "last_fill_ts", "twap_usage_ratio", "child_orders",
            "router_bucket", "maker_fill_rate", "fallback_rate", "slippage_p50", "slippage_p95", "ack_latency_ms",
            "maker_first", "taker_bias", "bias", "quality", "offset_bps", "policy", "updated_ts", "cost_drift",
        ] {
            #expect(symbol?[key] != nil, "\(key)")
        }
        let global = document["router_health"]?["global"]
        for key in ["quality_score", "avg_slippage_bps", "avg_latency_ms", "twap_usage_ratio", "router_bucket"] {
            #expect(global?[key] == symbol?[key], "\(key)")
        }
        #expect(document["router_health"]?["per_symbol"]?["ETHUSDT"]?["quality_score"] == nil)
    }
}
