import FairleadConfiguration
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

/// Configurations and ways to drive a node through virtual time.
enum NodeFixture {
    static let start = Timestamp(milliseconds: 1_723_075_200_000)

    /// The demonstration's documents with small tables, and what a test changes.
    static func configuration(_ changes: [String: String] = [:]) throws -> ResolvedConfiguration {
        var values = [
            "runtime.capacities.orders": "512", "runtime.capacities.parents": "512",
            "runtime.capacities.signals": "4096", "runtime.capacities.executions": "4096",
            "runtime.capacities.levels": "512", "runtime.journal.segment_bytes": "2097152",
            "runtime.market.synthetic.backfill_bars": "60", "runtime.queues.notices": "4096",
            "runtime.queues.inbox": "1024", "runtime.queues.egress": "256",
        ]
        for (path, value) in changes { values[path] = value }
        let overrides = values.sorted { $0.key < $1.key }.map { ConfigurationOverride(path: $0.key, value: $0.value) }
        switch ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides) {
        case .success(let configuration): return configuration
        case .failure(let errors):
            Issue.record("the test's configuration is refused: \(errors)")
            throw errors
        }
    }

    static func setup(
        _ disk: MemoryDisk,
        _ configuration: ResolvedConfiguration,
        _ clock: VirtualClock
    ) -> NodeSetup {
        var setup = NodeSetup(disk: disk, configuration: configuration, clock: clock)
        setup.preparesInline = true
        setup.runID = Digest128(high: 1, low: 2)
        return setup
    }

    /// Pumps at each wake through `span` of virtual time.
    static func run(_ node: inout Node, _ clock: VirtualClock, for span: TimeSpan) {
        let end = clock.now + span
        while true {
            node.pump()
            let wake = node.nextWake
            if wake > end { break }
            clock.advance(to: max(wake, clock.now))
        }
        clock.advance(to: end)
        node.pump()
    }

    /// The JSON of a signal for a market order.
    static func signal(
        _ id: String,
        symbol: String = "BTCUSDT",
        side: String = "BUY",
        quantity: String = "0.01",
        more: String = ""
    ) -> [UInt8] {
        let text = """
            {"schema":"fairlead.signal.v1","signal_id":"\(id)","symbol":"\(symbol)","side":"\(side)",\
            "size":{"quantity":"\(quantity)"},"order_type":"market"\(more)}
            """
        return Array(text.utf8)
    }
}
