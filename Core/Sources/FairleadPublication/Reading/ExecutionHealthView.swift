public import FairleadModel

/// Errors and warnings of `execution_health.json`. What is unknown is nil.
public struct ExecutionHealthView: Hashable, Sendable {
    /// Errors of one component, counted since the journal's beginning or since diagnostics say.
    public struct ErrorRow: Hashable, Sendable {
        /// nil where they concern no symbol.
        public var symbol: String?
        /// "venue", "orders", "exits".
        public var component: String
        public var count: UInt64?
        public var last: String?
        public var lastTime: Timestamp?
    }

    /// What a person should look at.
    public struct SymbolRow: Hashable, Sendable {
        public var symbol: String
        public var policy = RouterPolicyView()
        public var fallbacks: UInt64?
        public var offsetSuggestedBps: Double?
        public var offsetAppliedBps: Double?
        /// nil where that is unknown: it is not "none".
        public var warnings: [String]?
    }

    /// The newest first, those without a time last; nil where a part of them can't be read: that is not "none".
    public var errors: [ErrorRow]?
    /// nil where the file has none.
    public var symbols: [SymbolRow]?

    init(_ document: StateDocument) {
        guard let rows = document.fields.value("execution_health")?.object else { return }
        symbols = rows.map { Self.symbol($0.key, StateFields($0.value).fields("router")) }
        var errors = Self.errors(document.fields.fields("errors"), symbol: nil)
        for row in rows {
            let more = Self.errors(StateFields(row.value).fields("errors"), symbol: row.key)
            errors = more.flatMap { more in errors.map { $0 + more } }
        }
        self.errors = errors?.sorted { ($0.lastTime ?? .never) > ($1.lastTime ?? .never) }
    }

    /// nil where there is no such block.
    private static func errors(_ fields: StateFields, symbol: String?) -> [ErrorRow]? {
        guard fields.exists else { return nil }
        return fields.members.map { member in
            let row = StateFields(member.value)
            return ErrorRow(
                symbol: symbol,
                component: member.key,
                count: row.count("count"),
                last: row.text("last_error"),
                lastTime: row.time("last_error_ts")
            )
        }
    }

    private static func symbol(_ name: String, _ router: StateFields) -> SymbolRow {
        var row = SymbolRow(symbol: name)
        row.policy = RouterPolicyView(router)
        row.fallbacks = router.count("fallback_count")
        let offsets = router.fields("maker_offset_bps")
        // The source system has one number there.
        row.offsetSuggestedBps = offsets.number("suggested") ?? router.number("maker_offset_bps")
        row.offsetAppliedBps = offsets.number("applied")
        row.warnings = router.texts("warnings")
        return row
    }
}
