public import FairleadModel

/// A file or log that the engine writes for others (SPEC 15), as `v7_manifest.json` lists it.
public struct StateSurface: Hashable, Sendable {
    public var name: String
    /// Under the home directory, as configured by default.
    public var path: String
    /// The only part that writes it.
    public var owner: String
    public var description: String
    /// Its schema, or that of its lines, by its path in the repository.
    public var schema: String
    /// It may be missing in a run that does well.
    public var isOptional: Bool
}

/// All that the engine writes for others. `v7_manifest.json` at the repository's root is made of it.
public enum StateManifest {
    public static let surfaces: [StateSurface] =
        StateFile.allCases.map { surface($0) } + ExecutionLog.allCases.map { surface($0) }

    public static var json: JSONValue {
        let rows = surfaces.map { surface -> JSONValue in
            [
                "name": .string(surface.name), "path": .string(surface.path), "owner": .string(surface.owner),
                "description": .string(surface.description), "schema": .string(surface.schema),
                "optional": .bool(surface.isOptional),
            ]
        }
        return ["manifest": "fairlead.v7_manifest.v1", "surfaces": .array(rows)]
    }

    /// `v7_manifest.json`, to the byte.
    public static var text: String { JSONWriter.text(of: json, .pretty) + "\n" }

    private static func surface(_ file: StateFile) -> StateSurface {
        StateSurface(
            name: file.rawValue,
            path: "logs/state/\(file.fileName)",
            owner: "FairleadPublication.StateFiles",
            description: file.summary,
            schema: "schemas/state/\(file.schemaName)",
            isOptional: false
        )
    }

    private static func surface(_ log: ExecutionLog) -> StateSurface {
        StateSurface(
            name: log == .routerHealth ? "router_health_log" : log.rawValue,
            path: log == .routerHealth ? "logs/\(log.fileName)" : "logs/execution/\(log.fileName)",
            owner: "FairleadPublication.ExecutionLogs",
            description: log.summary,
            schema: log.schemaPath,
            // It is made with its first line.
            isOptional: true
        )
    }
}

extension StateFile {
    /// One sentence for the manifest and its page.
    var summary: String {
        switch self {
        case .nav: "What the account is worth."
        case .navState: "How NAV is judged: peak, starts of day and week, drawdown, whether it is stale."
        case .positionsState: "Open positions with mark, result and the levels that protect them."
        case .positionsLedger: "Every position with its exact cost and result, each strategy's, and counts of levels."
        case .riskSnapshot: "Trading state, risk mode, exposure, losses, tails, limits and what stands in for them."
        case .engineMetadata: "Version, epoch, mode, the configuration's hash."
        case .syncedState: "Whether engine and venue agree; engine_version and v6_flags."
        case .diagnostics: "runtime_diagnostics: veto counters, exit pipeline, liveness."
        case .routerHealth:
            "Slippage, latency, TWAP usage, buckets and quality scores, in all and by symbol, and the policy."
        case .executionHealth: "By symbol: router with warnings, risk, volatility, sizing factors, errors by component."
        case .routerSuggestions: "What autotune would change of each symbol's policy, and why."
        case .expectancy: "What closed trades came to, by symbol, strategy and hour."
        case .symbolScores: "How much each symbol deserves, with the parts of the score."
        case .allocation: "What closed trades would change of sizes; nothing of it is applied."
        case .indicators: "Key indicators of account, trades, executions and the flow of orders."
        }
    }
}

extension ExecutionLog {
    /// One sentence for the manifest and its page.
    var summary: String {
        switch self {
        case .routeDecisions: "Each route decision before an order, progress of schedules, choices of arms."
        case .orderEvents: "Each step of each order."
        case .fills: "Each execution."
        case .riskVetoes: "Each risk decision that refused, with its reasons."
        case .routerMetrics: "What each parent came to, and what its fills cost."
        case .routerHealth: "Each change of a symbol's policy, with the evidence that made it."
        }
    }

    /// The schema of its lines, by its path in the repository.
    var schemaPath: String {
        switch self {
        case .orderEvents: "schemas/order_lifecycle.v1.json"
        case .fills: "schemas/execution_fill.v1.json"
        case .riskVetoes: "schemas/risk_decision.v1.json"
        case .routeDecisions, .routerMetrics, .routerHealth: "schemas/logs/\(rawValue).v1.json"
        }
    }
}
