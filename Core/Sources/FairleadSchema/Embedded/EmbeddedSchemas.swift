// Made by scripts/embed-schemas.
/// The schemas that a program carries with it, by their paths in the repository.
public enum EmbeddedSchemas {
    public static let all: [(path: String, text: String)] = [
        ("schemas/state/diagnostics.v1.json", stateDiagnostics),
        ("schemas/state/engine_metadata.v1.json", stateEngineMetadata),
        ("schemas/state/execution_health.v1.json", stateExecutionHealth),
        ("schemas/state/expectancy_v6.v1.json", stateExpectancyV6),
        ("schemas/state/kpis_v7.v1.json", stateKpisV7),
        ("schemas/state/nav.v1.json", stateNav),
        ("schemas/state/nav_state.v1.json", stateNavState),
        ("schemas/state/positions_ledger.v1.json", statePositionsLedger),
        ("schemas/state/positions_state.v1.json", statePositionsState),
        ("schemas/state/risk_allocation_suggestions_v6.v1.json", stateRiskAllocationSuggestionsV6),
        ("schemas/state/risk_snapshot.v1.json", stateRiskSnapshot),
        ("schemas/state/router_health.v1.json", stateRouterHealth),
        ("schemas/state/router_policy_suggestions_v6.v1.json", stateRouterPolicySuggestionsV6),
        ("schemas/state/symbol_scores_v6.v1.json", stateSymbolScoresV6),
        ("schemas/state/synced_state.v1.json", stateSyncedState),
        ("schemas/logs/route_decisions.v1.json", logsRouteDecisions),
        ("schemas/logs/router_health.v1.json", logsRouterHealth),
        ("schemas/logs/router_metrics.v1.json", logsRouterMetrics),
        ("schemas/execution_fill.v1.json", executionFill),
        ("schemas/order_lifecycle.v1.json", orderLifecycle),
        ("schemas/risk_decision.v1.json", riskDecision),
        ("schemas/route_decision.v1.json", routeDecision),
    ]

    /// The text of a schema; nil for a path of none.
    public static func text(_ path: String) -> String? { all.first { $0.path == path }?.text }
}
