/// The state files of `logs/state/`, by SPEC 15's names: those whose contents are computed.
public enum StateFile: String, Sendable, CaseIterable {
    case nav
    case navState = "nav_state"
    case positionsState = "positions_state"
    case positionsLedger = "positions_ledger"
    case riskSnapshot = "risk_snapshot"
    case engineMetadata = "engine_metadata"
    case syncedState = "synced_state"
    case diagnostics
    case routerHealth = "router_health"
    case executionHealth = "execution_health"
    case routerSuggestions = "router_policy_suggestions_v6"
    case expectancy = "expectancy_v6"
    case symbolScores = "symbol_scores_v6"
    case allocation = "risk_allocation_suggestions_v6"
    case indicators = "kpis_v7"

    /// "nav.json".
    public var fileName: String { rawValue + ".json" }
    /// Its schema's name under `schemas/state/`.
    public var schemaName: String { rawValue + ".v1.json" }
}

/// The program that publishes, as its files name it.
public struct SoftwareIdentity: Hashable, Sendable {
    public var version: String
    /// "debug build" or "release build".
    public var build: String
    public init(version: String, build: String) {
        self.version = version
        self.build = build
    }
}
