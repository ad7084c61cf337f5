public import FairleadModel

/// Names and shapes of the source systems (documents 000 to 003) that readers accept beside ours. The table for people
/// is in `docs/STATE_CONTRACT.md`.
public enum LegacyShapes {
    /// Files that hold what one of ours does, where ours is missing.
    static func fileNames(of file: StateFile) -> [String] {
        switch file {
        case .diagnostics: ["diagnostics_state.json", "intel.json"]
        case .nav, .navState, .positionsState, .positionsLedger, .riskSnapshot, .engineMetadata, .syncedState,
            .routerHealth, .executionHealth, .routerSuggestions, .expectancy, .symbolScores, .allocation, .indicators:
            []
        }
    }

    /// ISO 8601 with "Z", or as Python writes UTC: "+00:00". Seconds without a fraction are accepted.
    static func time(_ text: String) -> Timestamp? {
        let own = text.hasSuffix("+00:00") ? String(text.dropLast(6)) + "Z" : text
        do throws(TimestampError) { return try Timestamp(text: own) } catch { return nil }
    }

    /// "normal", "warn", "panic"; of the source "OK", "cautious", "defensive".
    static func drawdownState(_ text: String) -> DrawdownState? {
        switch text.lowercased() {
        case "normal", "ok": .normal
        case "warn", "cautious": .warn
        case "panic", "defensive": .panic
        default: nil
        }
    }

    /// Our words in any case, and "OK" for normal.
    static func riskMode(_ text: String) -> RiskMode? {
        let word = text.lowercased()
        return word == "ok" ? .normal : RiskMode.allCases.first { $0.name == word }
    }

    /// Our names of the veto reasons that the source systems call otherwise.
    public static let reasonNames: [(legacy: String, own: VetoReason)] = [
        ("portfolio_var_limit", .varLimit), ("position_cvar_limit", .cvarLimit),
        ("max_trade_nav", .perTradeNav), ("daily_loss", .dayLossLimit),
        ("leverage_cap", .leverageExceeded), ("non_prod_env_guard", .environmentGuard),
    ]

    /// Our name of a veto reason; a name that nobody knows stays as it is.
    public static func reason(_ name: String) -> String {
        reasonNames.first { $0.legacy == name }?.own.name ?? name
    }

    /// Counts under our names; those that come to the same name are added up.
    static func reasonCounts(_ counts: [NamedCount]) -> [NamedCount] {
        var own: [NamedCount] = []
        for row in counts {
            let name = reason(row.name)
            guard let index = own.firstIndex(where: { $0.name == name }) else {
                own.append(NamedCount(name: name, count: row.count))
                continue
            }
            let (sum, more) = (own[index].count, row.count)
            own[index].count = sum.flatMap { sum in more.map { sum + $0 } }
        }
        return own
    }

    /// What a policy's `reason` joins by ";" or "; ".
    static func reasons(_ text: String) -> [String] {
        text.split(separator: ";").map { part in
            String(part.drop { $0 == " " })
        }.filter { !$0.isEmpty }
    }

    /// The source's key of an age in `details`.
    static func idleKey(_ watch: LivenessWatch) -> String { watch.rawValue + "_idle_seconds" }

    /// Router health by symbol: under `router_health`, or at the top as before it had that; as an object, or as a list
    /// of objects with `symbol`. nil where there is none.
    static func routerSymbols(_ document: JSONValue) -> [(symbol: String, value: JSONValue)]? {
        let places = [document["router_health"]?["per_symbol"], document["per_symbol"], document["symbols"]]
        for place in places {
            if let members = place?.object { return members.map { ($0.key, $0.value) } }
            if let rows = place?.array {
                return rows.compactMap { row in row["symbol"]?.string.map { ($0, row) } }
            }
        }
        return nil
    }
}
