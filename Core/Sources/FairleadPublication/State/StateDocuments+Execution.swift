import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

extension StateDocuments {
    /// How each symbol's executions fare, with warnings, and what went wrong (SPEC 14).
    func addExecutionHealth(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ counters: DiagnosticsCounters
    ) {
        let configuration = moment.configuration
        var symbols: [JSONMember] = []
        for (index, instrument) in configuration.engine.instruments.enumerated() {
            let handle = InstrumentHandle(index)
            let counted = counters.execution[handle]
            var row: [JSONMember] = []
            row.append("router", Self.router(handle, moment, engine, counted))
            row.append("risk", Self.risk(handle, moment, engine))
            row.append("vol", Self.volatility(handle, engine))
            row.append("sizing", Self.sizing(counted.sizing))
            row.append("errors", ExecutionCounters.json(counted.errors))
            symbols.append(instrument.symbol, .object(row))
        }
        members.append("execution_health", .object(symbols))
        members.append("errors", ExecutionCounters.json(counters.execution.general))
        members.append("error_count", counters.execution.errorCount)
        members.append("is_complete", counters.isComplete)
    }

    private static func router(
        _ instrument: InstrumentHandle,
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ counted: ExecutionCounters.SymbolRow
    ) -> JSONValue {
        let evidence = engine.effectiveness(instrument)
        let policy = engine.policy(instrument)
        var row: [JSONMember] = []
        row.append("maker_fill_ratio", evidence.makerFill)
        row.append("fallback_ratio", evidence.fallback)
        row.append("fallback_count", counted.fallbacks)
        row.append("slip_q50", evidence.slipMedian?.inBps)
        row.append("slip_q95", evidence.slip95?.inBps)
        row.append("ack_latency_ms", evidence.acknowledgement.map { Double($0.nanoseconds) / 1e6 })
        row.append("sample_count", evidence.samples)
        row.append("policy", json(policy))
        var offset: [JSONMember] = []
        offset.append("suggested", policy.computed.offset.inBps)
        if counted.route.time.isKnown {
            offset.append("applied", counted.route.offsetApplied.inBps)
            row.append("last_route_decision", route(counted.route))
        }
        row.append("maker_offset_bps", .object(offset))
        let warnings = ExecutionWarning.of(
            evidence,
            engine.bookCondition(instrument, at: moment.time),
            moment.configuration.runtime.executionHealth
        )
        row.append("warnings", .array(warnings.map { .string($0.rawValue) }))
        return .object(row)
    }

    private static func route(_ route: ExecutionCounters.RouteRow) -> JSONValue {
        var row: [JSONMember] = []
        row.append("ts", route.time)
        row.append("moment", route.moment)
        row.append("routed_as", route.routedAs)
        if !route.vetoReason.isEmpty { row.append("veto_reason", route.vetoReason) }
        if !route.fallbackReason.isEmpty { row.append("fallback_reason", route.fallbackReason) }
        row.append("offset_suggested_bps", route.offsetSuggested.inBps)
        row.append("offset_applied_bps", route.offsetApplied.inBps)
        return .object(row)
    }

    private static func risk(
        _ instrument: InstrumentHandle,
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine
    ) -> JSONValue {
        var row: [JSONMember] = []
        row.append("day_loss_ratio", engine.dayLoss(at: moment.time))
        row.append("dd_state", engine.drawdownState.name)
        row.append("risk_mode", engine.riskMode.name)
        row.append("is_halted", engine.isHalted(instrument))
        row.append("unknown_orders", engine.unknownOrders(instrument))
        return .object(row)
    }

    /// The last size that was made of a signal, with every factor that was used; empty before the first.
    private static func sizing(_ sizing: ExecutionCounters.SizingRow) -> JSONValue {
        var row: [JSONMember] = []
        guard sizing.time.isKnown else { return .object(row) }
        let factors = sizing.factors
        row.append("ts", sizing.time)
        row.append("requested_quantity", .decimal(sizing.requested))
        row.append("sized_quantity", .decimal(sizing.sized))
        row.append("reference_price", sizing.reference)
        if let regime = factors.regime {
            row.append("volatility_regime", regime.name)
            row.append("regime_multiplier", factors.regimeMultiplier)
        }
        row.append("nav_fraction", known(factors.navFraction))
        guard factors.basis != .given else { return .object(row) }
        row.append("basis", factors.basis.name)
        row.append("closed_trades", factors.trades)
        row.append("win_rate", known(factors.winRate))
        row.append("payoff_ratio", known(factors.payoff))
        row.append("kelly_fraction", known(factors.fraction))
        row.append("confidence_factor", factors.confidenceFactor)
        row.append("kelly_multiplier", factors.multiplier)
        row.append("correlation_load", factors.correlationLoad)
        row.append("clamps", .array(factors.clamps.names.map { .string($0) }))
        return .object(row)
    }

    private static func known(_ rate: Rate) -> Rate? { rate == SizingFactors.missing ? nil : rate }

    /// True ranges, as shares of the price: the mean of the last 50 bars, median and mean of the last 500 that they
    /// are compared with.
    private static func volatility(_ instrument: InstrumentHandle, _ engine: borrowing Engine) -> JSONValue {
        let ranges = engine.atrRanges(instrument)
        let regime = engine.marketRegime(instrument)
        var row: [JSONMember] = []
        row.append("atr_pct", ranges.short)
        row.append("atr_median_pct", engine.atrMedian(instrument))
        row.append("atr_long_pct", ranges.long)
        if let short = ranges.short, let long = ranges.long, long > 0 { row.append("atr_ratio", short / long) }
        row.append("regime", regime.regime.name)
        row.append("regime_assumed", regime.isAssumed)
        return .object(row)
    }
}

/// What a person should look at (SPEC 14).
enum ExecutionWarning: String, CaseIterable {
    case highFallbackRatio = "high_fallback_ratio"
    case elevatedMedianSlippage = "elevated_median_slippage"
    case slowAcknowledgement = "slow_ack"
    case staleBook = "stale_book"

    /// Those that hold: over a bound, not at it; of what is unknown none. A book that is missing is stale.
    static func of(
        _ evidence: Effectiveness,
        _ book: BookCondition,
        _ settings: ExecutionHealthConfiguration
    ) -> [ExecutionWarning] {
        allCases.filter { warning in
            switch warning {
            case .highFallbackRatio: evidence.fallback.map { $0 > settings.maximumFallback } ?? false
            case .elevatedMedianSlippage: evidence.slipMedian.map { $0 > settings.maximumMedianSlip } ?? false
            case .slowAcknowledgement: evidence.acknowledgement.map { $0 > settings.maximumAcknowledgement } ?? false
            case .staleBook: book == .stale || book == .missing
            }
        }
    }
}
