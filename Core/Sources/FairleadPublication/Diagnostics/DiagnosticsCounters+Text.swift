import FairleadConfiguration
import FairleadModel
import FairleadNode

extension DiagnosticsCounters {
    /// `veto_counters` as state files have it.
    func json(at now: Timestamp, _ settings: DiagnosticsConfiguration, names: RunNames) -> JSONValue {
        var members = [
            JSONMember("by_reason", Self.reasons(byReason)),
            JSONMember("total_signals", .integer(signals)), JSONMember("total_orders", .integer(orders)),
            JSONMember("total_vetoes", .integer(vetoes)), JSONMember("is_complete", .bool(isComplete)),
            JSONMember("window", windowText(at: now, settings)), JSONMember("by_symbol", symbolTexts(names)),
        ]
        members.append("since", since)
        members.append("last_signal_ts", lastSignal)
        members.append("last_order_ts", lastOrder)
        members.append("last_veto_ts", lastVeto)
        return .object(members)
    }

    /// Only what happened: a reason without a veto is left out.
    private static func reasons(_ counts: [UInt64]) -> JSONValue {
        .object(
            counts.indices.compactMap { index in
                guard counts[index] > 0, let kind = VetoKind(index: index) else { return nil }
                return JSONMember(kind.name, .integer(counts[index]))
            }
        )
    }

    private func windowText(at now: Timestamp, _ settings: DiagnosticsConfiguration) -> JSONValue {
        let rows = window(at: now, settings)
        var counts = [UInt64](repeating: 0, count: VetoKind.count)
        var orders: UInt64 = 0
        var vetoes = 0
        for row in rows {
            orders += row.orders
            guard let veto = row.veto else { continue }
            vetoes += 1
            counts[veto.index] += 1
        }
        let rate = rows.isEmpty ? 0 : Double(vetoes) / Double(rows.count)
        var members = [
            JSONMember("signals", .integer(rows.count)), JSONMember("orders", .integer(orders)),
            JSONMember("vetoes", .integer(vetoes)), JSONMember("by_reason", Self.reasons(counts)),
            JSONMember("veto_rate", .statistic(rate)),
        ]
        if let first = rows.first { members.append("since", first.time) }
        return .object(members)
    }

    private func symbolTexts(_ names: RunNames) -> JSONValue {
        .object(
            symbols.indices.compactMap { index in
                let row = symbols[index]
                guard !row.isBlank, let symbol = names.symbol(of: InstrumentHandle(index)) else { return nil }
                var members = [JSONMember("gated_by", .array(row.gatedBy.map { .string($0) }))]
                members.append("last_signal_ts", row.lastSignal)
                members.append("last_order_ts", row.lastOrder)
                members.append("last_veto_ts", row.lastVeto)
                return JSONMember(symbol, .object(members))
            }
        )
    }

    // MARK: - The checkpoint

    /// All of it, to go on from after a restart.
    var checkpoint: JSONValue {
        [
            "since": .time(since), "is_complete": .bool(isComplete), "signals": .integer(signals),
            "orders": .integer(orders), "vetoes": .integer(vetoes),
            "execution": execution.checkpoint, "by_reason": .array(byReason.map { .integer($0) }),
            "last": .array([lastSignal, lastOrder, lastVeto, lastRouterEvent].map { .time($0) }),
            "symbols": .array(
                symbols.map { row in
                    [
                        .array(row.gatedBy.map { .string($0) }),
                        .array([row.lastSignal, row.lastOrder, row.lastVeto].map { .time($0) }),
                    ]
                }
            ),
            "window": .array(
                window.map { row in [.time(row.time), .integer(row.veto?.index ?? -1), .integer(row.orders)] }
            ),
        ]
    }

    /// nil for anything that is not a whole checkpoint of this build.
    init?(checkpoint value: JSONValue) {
        guard let since = value["since"]?.time, let isComplete = value["is_complete"]?.bool,
            let signals = value["signals"]?.count, let orders = value["orders"]?.count,
            let vetoes = value["vetoes"]?.count, let counts = value["by_reason"]?.array?.compactMap(\.count),
            counts.count == VetoKind.count, let last = value["last"]?.array?.compactMap(\.time), last.count == 4,
            let symbols = value["symbols"]?.array, let window = value["window"]?.array,
            let execution = value["execution"].flatMap({ ExecutionCounters(checkpoint: $0) })
        else { return nil }
        self.init(since: since, isComplete: isComplete)
        self.execution = execution
        (self.signals, self.orders, self.vetoes, byReason) = (signals, orders, vetoes, counts)
        (lastSignal, lastOrder, lastVeto, lastRouterEvent) = (last[0], last[1], last[2], last[3])
        for value in symbols {
            guard let row = SymbolRow(checkpoint: value) else { return nil }
            self.symbols.append(row)
        }
        for value in window {
            guard let row = WindowRow(checkpoint: value) else { return nil }
            self.window.append(row)
        }
    }
}

extension DiagnosticsCounters.SymbolRow {
    fileprivate init?(checkpoint value: JSONValue) {
        guard let reasons = value[0]?.array?.compactMap(\.string), let last = value[1]?.array?.compactMap(\.time),
            last.count == 3
        else { return nil }
        (gatedBy, lastSignal, lastOrder, lastVeto) = (reasons, last[0], last[1], last[2])
    }
}

extension DiagnosticsCounters.WindowRow {
    fileprivate init?(checkpoint value: JSONValue) {
        guard let time = value[0]?.time, let reason = value[1]?.integer, let orders = value[2]?.count else {
            return nil
        }
        self.init(
            time: time,
            veto: reason < 0 ? nil : DiagnosticsCounters.VetoKind(index: Int(clamping: reason)),
            orders: orders
        )
    }
}
