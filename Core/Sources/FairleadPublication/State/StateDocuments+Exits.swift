import FairleadConfiguration
public import FairleadEngine
public import FairleadModel
import FairleadNode

/// `exit_pipeline` of `diagnostics.json`: positions, what protects them, and whose they are. A position that a person
/// has said is nobody's here counts nowhere.
extension StateDocuments {
    func exitPipeline(
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ settings: DiagnosticsConfiguration,
        _ counters: DiagnosticsCounters
    ) -> JSONValue {
        let coverage = engine.managedCoverage
        let stale = engine.staleLevelKeys
        let others = OthersTrades(engine)
        let underwater = engine.underwaterCount(moment.configuration.engine.instruments, settings.underwaterThreshold)
        var rows: [JSONMember] = []
        rows.append("last_exit_scan_ts", engine.exitScanTime)
        rows.append("last_exit_trigger_ts", engine.exitTriggerTime)
        rows.append("last_router_event_ts", counters.lastRouterEvent)
        rows.append("open_positions_count", coverage.positions)
        rows.append("tp_sl_registered_count", coverage.registered)
        rows.append("tp_sl_missing_count", coverage.missing)
        rows.append("sl_missing_count", coverage.stopLossMissing)
        let covered = coverage.positions == 0 ? 0 : Double(coverage.registered) / Double(coverage.positions)
        rows.append("tp_sl_coverage_pct", .statistic(covered))
        rows.append("tp_sl_quantity_coverage_pct", .statistic(quantityCoverage(moment, engine)))
        rows.append("underwater_without_tp_sl_count", underwater)
        if settings.isCanaryEnabled { rows.append("tp_sl_canary", underwater > 0) }
        let counts = [coverage.missing, stale, others.missing, others.ghosts]
        rows.append("ledger_registry_mismatch", counts.contains { $0 > 0 })
        let breakdown: JSONValue = [
            "missing_tp_sl_entries": .integer(coverage.missing), "stale_tp_sl_entries": .integer(stale),
            "missing_ledger_positions": .integer(others.missing), "ghost_ledger_entries": .integer(others.ghosts),
        ]
        rows.append("mismatch_breakdown", breakdown)
        return .object(rows)
    }

    /// The share of the positions that levels at work would close, each weighed by its cost; 0 without positions.
    private func quantityCoverage(_ moment: ReplicaMoment, _ engine: borrowing Engine) -> Double {
        var (covered, whole) = (0.0, 0.0)
        for index in moment.configuration.engine.instruments.indices {
            for side in PositionSide.allCases {
                let key = PositionKey(InstrumentHandle(index), side)
                let position = engine.position(key)
                if position.isFlat || engine.isIgnored(key) { continue }
                let share = Double(engine.coveredQuantity(of: key).raw) / Double(position.quantity.magnitude.raw)
                let weight = position.cost.magnitude.double
                covered += weight * share
                whole += weight
            }
        }
        return whole > 0 ? min(1, covered / whole) : 0
    }
}

/// Positions that others' trades have moved, and that no person has decided on.
private struct OthersTrades {
    /// The venue has it, and no decision of ours stands behind it.
    var missing = 0
    /// Our own trades made more than there is.
    var ghosts = 0

    init(_ engine: borrowing Engine) {
        var rows: [(key: PositionKey, external: ExternalPosition)] = []
        engine.forEachExternal { rows.append(($0, $1)) }
        for row in rows {
            let position = engine.position(row.key).quantity
            switch row.external.state {
            case .none, .ignored: continue
            case .closing: if position != .zero { missing += 1 }
            case .undecided:
                if position != .zero { missing += 1 }
                // The two may have opposite signs and be as large as may be.
                let own = Int128(position.raw) - Int128(row.external.traded.raw)
                if own.magnitude > position.raw.magnitude { ghosts += 1 }
            }
        }
    }
}

extension Engine {
    /// Positions without a level whose unrealised result is at the threshold or past it. Without a mark: not under
    /// water.
    public func underwaterCount(_ instruments: [Instrument], _ threshold: Rate) -> Int {
        var count = 0
        for (index, instrument) in instruments.enumerated() {
            let handle = InstrumentHandle(index)
            let mark = mark(handle)
            guard mark.raw > 0 else { continue }
            for side in PositionSide.allCases {
                let key = PositionKey(handle, side)
                let position = position(key)
                guard !position.isFlat, position.cost != .zero, protection(of: key) == Protection(), !isIgnored(key)
                else { continue }
                let result = position.unrealized(mark: mark, multiplier: instrument.terms.multiplier)
                if let share = result.ratio(to: position.cost.magnitude), share <= threshold { count += 1 }
            }
        }
        return count
    }
}
