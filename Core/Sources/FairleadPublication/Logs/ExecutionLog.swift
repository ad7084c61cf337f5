public import FairleadModel

/// The JSONL logs of `logs/execution/`, and `logs/router_health.jsonl`: canonical events, one a line.
public enum ExecutionLog: String, Sendable, CaseIterable {
    /// Before a parent's first order, before each further one, where a maker gives way, and where a TWAP's slice begins
    /// or a parent is held back; and which arm an entry was given by expected cost.
    case routeDecisions = "route_decisions"
    /// Each step of each order.
    case orderEvents = "order_events"
    case fills
    /// Risk decisions that refused.
    case riskVetoes = "risk_vetoes"
    /// What each parent came to, and what its fills cost.
    case routerMetrics = "router_metrics"
    /// Each change of a symbol's policy, with the evidence that made it. It stands beside the directory of the others.
    case routerHealth = "router_health"

    /// Those of `logs/execution/`.
    public static let execution: [ExecutionLog] = [.routeDecisions, .orderEvents, .fills, .riskVetoes, .routerMetrics]

    /// "fills.jsonl".
    public var fileName: String { rawValue + ".jsonl" }

    /// The newest file, and those that were put aside: "fills.1.jsonl" is the newest of them.
    func fileName(_ number: Int) -> String { number == 0 ? fileName : "\(rawValue).\(number).jsonl" }

    /// The log that a notice belongs to; nil for none.
    public init?(_ notice: Notice) {
        switch notice {
        case .routed(let decision): self = decision.moment == .end ? .routerMetrics : .routeDecisions
        case .progressed, .armChosen: self = .routeDecisions
        case .orderChanged: self = .orderEvents
        case .filled: self = .fills
        case .fillMeasured, .markoutMeasured, .shortfallMeasured: self = .routerMetrics
        case .riskDecided(let decision):
            if decision.vetoes.isEmpty { return nil }
            self = .riskVetoes
        case .policyComputed: self = .routerHealth
        case .acknowledged, .sized, .riskRow, .positionChanged, .profitMeasured, .parentClosed, .levelChanged,
            .tradingStateChanged, .riskModeChanged, .divergence, .operatorRefused, .alarm, .venueChanged,
            .barClosed, .funded, .tradeClosed, .riskChanged, .positionDecided:
            return nil
        }
    }
}
