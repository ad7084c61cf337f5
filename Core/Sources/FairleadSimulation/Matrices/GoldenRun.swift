import FairleadConfiguration
import FairleadModel

/// A signal of a golden run; prices in ticks from the bid that stands when it is sent.
struct GoldenSignal {
    var id: String
    var side = Side.buy
    var intent = Intent.entry
    /// Zero: the whole position.
    var lots: Int64 = 10
    var type = OrderType.market
    var offsetTicks: Int64 = 0
    var timeInForce = TimeInForce.gtc
    var makerFirst: Bool?
    var stopLossTicks: Int64 = 0
    /// Zero: it doesn't expire.
    var lifetime = TimeSpan.zero
}

/// What happens in a golden run.
enum GoldenAction {
    case signal(GoldenSignal)
    /// The bid and the mark move to so many ticks from where the run began.
    case price(ticks: Int64)
    /// The market trades, so many ticks from the bid.
    case trade(ticks: Int64, lots: Int64)
    /// An operator's word.
    case operate(OperatorAction)
    /// The operator amends the newest resting order: quantity in lots, price in ticks from its own.
    case amend(lots: Int64, ticks: Int64)
    /// The operator cancels the newest live order.
    case cancel
    /// The venue halts the instrument's trading, or resumes it.
    case halted(Bool)
    /// The connection is lost.
    case cut
    /// The connection is lost with the next entry on it: the venue never hears of it.
    case loseNextEntry
    /// The router's process dies and starts again.
    case restart
}

struct GoldenStep {
    var at: TimeSpan
    var action: GoldenAction

    init(_ milliseconds: Int64, _ action: GoldenAction) {
        at = .milliseconds(milliseconds)
        self.action = action
    }
}

/// A short scripted run of the router against the paper venue, on which the matrices are exhaustive.
public struct GoldenRun: Sendable {
    public let name: String
    /// What it is there for.
    public let purpose: String
    let length: TimeSpan
    let steps: [GoldenStep]
    /// Bytes of a journal segment: small ones make the run change segments.
    var segmentByteCount = 64 << 10
    /// The journal's head is the same in all runs: one of them has it in its crash matrix.
    var coversHead = false

    /// The configuration of every golden run: small tables, short latencies, a maker that gives way soon.
    static func configuration(_ durability: String) -> ResolvedConfiguration {
        let values = [
            "runtime.capacities.orders": "64", "runtime.capacities.parents": "64",
            "runtime.capacities.signals": "64", "runtime.capacities.executions": "64",
            "runtime.capacities.levels": "16", "runtime.capacities.fills": "16", "runtime.capacities.markouts": "16",
            "runtime.journal.segment_bytes": "2097152",
            "runtime.queues.notices": "1024", "runtime.queues.inbox": "1024", "runtime.queues.egress": "64",
            "runtime.journal.durability": durability, "runtime.market.source": "venue",
            "runtime.paper.connection": "socket", "strategy_config.screener.enabled": "false",
            "runtime.paper.order_latency.min_ms": "5", "runtime.paper.order_latency.max_ms": "5",
            "runtime.paper.answer_latency.min_ms": "5", "runtime.paper.answer_latency.max_ms": "5",
            "strategy_config.router.maker_timeout_ms": "1500", "strategy_config.router.answer_timeout_ms": "2000",
            "risk_limits.pyramiding": "true", "risk_limits.duplicate_order_window_s": "0",
        ]
        let overrides = values.sorted { $0.key < $1.key }.map { ConfigurationOverride(path: $0.key, value: $0.value) }
        switch ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides) {
        case .success(let configuration): return configuration
        case .failure(let errors):
            preconditionFailure("Invariant: the golden configuration is sound: \(errors)")
        }
    }
}
