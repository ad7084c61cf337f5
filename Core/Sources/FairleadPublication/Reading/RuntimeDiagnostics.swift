public import FairleadModel

/// `runtime_diagnostics` of `diagnostics.json`. What is unknown is nil; empty where there is no such block, or while
/// diagnostics are turned off.
public struct RuntimeDiagnostics: Hashable, Sendable {
    public var vetoes = VetoCountersView()
    public var exits = ExitPipelineView()
    public var liveness = LivenessView()

    /// Nothing is known.
    public init() {}

    public var isEmpty: Bool { self == RuntimeDiagnostics() }

    init(_ document: StateDocument) {
        let blocks = document.fields.fields("runtime_diagnostics")
        vetoes = VetoCountersView(blocks.fields("veto_counters"))
        exits = ExitPipelineView(blocks.fields("exit_pipeline"))
        liveness = LivenessView(blocks.fields("liveness"))
    }
}

/// Signals, orders and vetoes.
public struct VetoCountersView: Hashable, Sendable {
    /// By the primary reason, under our names; nil where there is no such table.
    public var byReason: [NamedCount]?
    public var signals: UInt64?
    public var orders: UInt64?
    public var vetoes: UInt64?
    public var lastSignal: Timestamp?
    public var lastOrder: Timestamp?
    public var lastVeto: Timestamp?
    /// Counted from the journal's beginning.
    public var isComplete: Bool?
    public var since: Timestamp?
    public var windowSignals: UInt64?
    public var windowOrders: UInt64?
    public var windowVetoes: UInt64?
    public var windowByReason: [NamedCount]?
    /// Vetoes over signals of the window.
    public var windowVetoRate: Double?
    public var windowSince: Timestamp?
    public var bySymbol: [SymbolGateView]?

    /// Nothing is known.
    public init() {}

    init(_ fields: StateFields) {
        byReason = fields.counts("by_reason").map { LegacyShapes.reasonCounts($0) }
        signals = fields.count("total_signals")
        orders = fields.count("total_orders")
        vetoes = fields.count("total_vetoes")
        lastSignal = fields.time("last_signal_ts")
        lastOrder = fields.time("last_order_ts")
        lastVeto = fields.time("last_veto_ts")
        isComplete = fields.flag("is_complete")
        since = fields.time("since")
        let window = fields.fields("window")
        windowSignals = window.count("signals")
        windowOrders = window.count("orders")
        windowVetoes = window.count("vetoes")
        windowByReason = window.counts("by_reason").map { LegacyShapes.reasonCounts($0) }
        windowVetoRate = window.share("veto_rate")
        windowSince = window.time("since")
        bySymbol = fields.value("by_symbol")?.object?.map { SymbolGateView($0.key, StateFields($0.value)) }
    }
}

/// What holds a symbol's entries back.
public struct SymbolGateView: Hashable, Sendable {
    public var symbol: String
    /// Why the newest signal was vetoed: empty when it was not, nil when that is unknown.
    public var gatedBy: [String]?
    public var lastSignal: Timestamp?
    public var lastOrder: Timestamp?
    public var lastVeto: Timestamp?

    init(_ symbol: String, _ fields: StateFields) {
        self.symbol = symbol
        gatedBy = fields.texts("gated_by").map { $0.map { LegacyShapes.reason($0) } }
        lastSignal = fields.time("last_signal_ts")
        lastOrder = fields.time("last_order_ts")
        lastVeto = fields.time("last_veto_ts")
    }
}

/// Positions and what protects them.
public struct ExitPipelineView: Hashable, Sendable {
    public var lastScan: Timestamp?
    public var lastTrigger: Timestamp?
    public var lastRouterEvent: Timestamp?
    public var openPositions: UInt64?
    /// Positions with a level at work.
    public var registered: UInt64?
    public var missing: UInt64?
    public var stopLossMissing: UInt64?
    public var underwaterWithoutLevels: UInt64?
    /// Share of the positions that have a level; 0 without positions.
    public var coverage: Double?
    /// Share of the positions that levels would close, by cost; 0 without positions.
    public var quantityCoverage: Double?
    public var isCanaryRaised: Bool?
    public var hasMismatch: Bool?
    /// Positions that somebody else has traded, not decided on.
    public var missingLedgerPositions: UInt64?
    /// Those of them that our own trades had made larger than they are.
    public var ghostLedgerEntries: UInt64?
    public var missingLevels: UInt64?
    public var staleLevels: UInt64?

    /// Nothing is known.
    public init() {}

    init(_ fields: StateFields) {
        lastScan = fields.time("last_exit_scan_ts")
        lastTrigger = fields.time("last_exit_trigger_ts")
        lastRouterEvent = fields.time("last_router_event_ts")
        openPositions = fields.count("open_positions_count")
        registered = fields.count("tp_sl_registered_count")
        missing = fields.count("tp_sl_missing_count")
        stopLossMissing = fields.count("sl_missing_count")
        underwaterWithoutLevels = fields.count("underwater_without_tp_sl_count")
        coverage = fields.share("tp_sl_coverage_pct")
        quantityCoverage = fields.share("tp_sl_quantity_coverage_pct")
        isCanaryRaised = fields.flag("tp_sl_canary")
        hasMismatch = fields.flag("ledger_registry_mismatch")
        let breakdown = fields.fields("mismatch_breakdown")
        missingLedgerPositions = breakdown.count("missing_ledger_positions")
        ghostLedgerEntries = breakdown.count("ghost_ledger_entries")
        missingLevels = breakdown.count("missing_tp_sl_entries")
        staleLevels = breakdown.count("stale_tp_sl_entries")
    }
}

/// Whether what should happen now and then has happened lately.
public struct LivenessView: Hashable, Sendable {
    /// One of the things watched. What is unknown is nil.
    public struct Row: Hashable, Sendable {
        public var isIdle: Bool?
        public var ageSeconds: Double?
        /// It never was.
        public var isMissing: Bool?
        /// Its time lies in the future.
        public var isSkewed: Bool?
        /// Its time can't be.
        public var isInvalid: Bool?
    }

    private var rows: [LivenessWatch: Row] = [:]
    public var routerIdleSeconds: Double?

    /// Nothing is known.
    public init() {}

    public subscript(watch: LivenessWatch) -> Row { rows[watch] ?? Row() }

    init(_ fields: StateFields) {
        guard fields.exists else { return }
        let details = fields.fields("details")
        let ages = 0...StateFields.largest
        for watch in LivenessWatch.allCases {
            var row = Row()
            row.isIdle = fields.flag(watch.flag)
            row.ageSeconds = details.number(watch.rawValue, LegacyShapes.idleKey(watch), in: ages)
            row.isMissing = Self.flag(watch, fields.value("missing"))
            row.isSkewed = Self.flag(watch, fields.value("clock_skew"))
            row.isInvalid = Self.flag(watch, fields.value("invalid"))
            rows[watch] = row
        }
        routerIdleSeconds = details.number("router_idle_seconds", in: ages)
    }

    /// Such a table names only what holds.
    private static func flag(_ watch: LivenessWatch, _ table: JSONValue?) -> Bool? {
        guard table?.object != nil else { return nil }
        guard let value = table?[watch.rawValue] else { return false }
        return value.bool
    }
}
