import FairleadModel

/// What goes wrong, by the part of the house that tells it.
public enum ErrorComponent: String, Sendable, CaseIterable {
    /// Orders that the venue refused, lost connections, and what it did of its own.
    case venue
    /// Answers that don't come or don't fit.
    case orders
    /// Fills that nobody asked for.
    case fills
    case exits
    /// Latches, and readings that are not believed.
    case risk
    /// Tables that are full.
    case engine

    init(_ kind: AlarmKind) {
        switch kind {
        case .venueDisconnected, .venueClosed, .divergence: self = .venue
        case .unknownOrder, .unknownOrderEscalated, .outOfOrder: self = .orders
        case .overfill, .externalFill, .lateFill: self = .fills
        case .exitUnbounded, .exitFailed, .residual: self = .exits
        case .rejectStorm, .repeatedExecution, .overSend, .navJump: self = .risk
        case .capacity: self = .engine
        }
    }
}

/// What `execution_health.json` knows from notices alone: fallbacks, the last route decision, the last size and errors,
/// by symbol.
/// Counted since `DiagnosticsCounters.since`. Bounded: one row an instrument.
public struct ExecutionCounters: Hashable, Sendable {
    /// Errors of one component.
    struct ErrorRow: Hashable, Sendable {
        var count: UInt64 = 0
        var last = ""
        var lastTime = Timestamp.never
    }

    /// The last route decision before an order.
    struct RouteRow: Hashable, Sendable {
        var time = Timestamp.never
        var moment = ""
        var routedAs = ""
        /// Empty where no gate was shut.
        var vetoReason = ""
        var fallbackReason = ""
        var offsetSuggested = Rate.zero
        var offsetApplied = Rate.zero
    }

    /// The last size that was made of a signal.
    struct SizingRow: Hashable, Sendable {
        var time = Timestamp.never
        var requested = Quantity.zero
        var sized = Quantity.zero
        /// Zero where the signal gave a quantity.
        var reference = Price.zero
        var factors = SizingFactors()
    }

    struct SymbolRow: Hashable, Sendable {
        var fallbacks: UInt64 = 0
        var route = RouteRow()
        var sizing = SizingRow()
        /// By `ErrorComponent`.
        var errors = [ErrorRow](repeating: ErrorRow(), count: ErrorComponent.allCases.count)
    }

    /// By instrument.
    var symbols: [SymbolRow] = []
    /// Errors that concern no symbol.
    var general = [ErrorRow](repeating: ErrorRow(), count: ErrorComponent.allCases.count)

    public init() {}

    subscript(instrument: InstrumentHandle) -> SymbolRow {
        Int(instrument.index) < symbols.count ? symbols[Int(instrument.index)] : SymbolRow()
    }

    /// All errors, of symbols and of none.
    var errorCount: UInt64 { (symbols.map(\.errors) + [general]).joined().reduce(0) { $0 &+ $1.count } }

    /// Counts one notice.
    mutating func add(_ notice: Notice, at time: Timestamp) {
        switch notice {
        case .routed(let decision): add(decision, at: time)
        case .sized(let record): add(record, at: time)
        case .orderChanged(let change):
            guard change.to == .rejected else { return }
            note(.venue, change.rejectReason?.name ?? "rejected", change.instrument, at: time)
        case .alarm(let alarm):
            note(ErrorComponent(alarm.kind), alarm.kind.name, alarm.instrument, at: time)
        case .acknowledged, .riskRow, .riskDecided, .filled, .positionChanged, .profitMeasured, .parentClosed,
            .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence, .operatorRefused, .venueChanged,
            .policyComputed, .barClosed, .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed,
            .tradeClosed, .armChosen, .riskChanged, .positionDecided:
            break
        }
    }

    private mutating func add(_ decision: RouteDecision, at time: Timestamp) {
        guard decision.moment != .end else { return }
        change(decision.instrument) { row in
            if decision.moment == .fallback { row.fallbacks += 1 }
            row.route = RouteRow(
                time: time,
                moment: decision.moment.name,
                routedAs: decision.routedAs.name,
                vetoReason: decision.vetoReason.name,
                fallbackReason: decision.fallbackReason.name,
                offsetSuggested: decision.policy.computed.offset,
                offsetApplied: decision.offset
            )
        }
    }

    private mutating func add(_ record: SizingRecord, at time: Timestamp) {
        change(record.instrument) { row in
            row.sizing = SizingRow(
                time: time,
                requested: record.requestedQuantity,
                sized: record.sizedQuantity,
                reference: record.referencePrice,
                factors: record.factors
            )
        }
    }

    private mutating func note(
        _ component: ErrorComponent,
        _ name: String,
        _ instrument: InstrumentHandle,
        at time: Timestamp
    ) {
        guard let index = ErrorComponent.allCases.firstIndex(of: component) else { return }
        func count(_ row: inout ErrorRow) { row = ErrorRow(count: row.count + 1, last: name, lastTime: time) }
        if instrument == .none { count(&general[index]) } else { change(instrument) { count(&$0.errors[index]) } }
    }

    private mutating func change(_ instrument: InstrumentHandle, _ body: (inout SymbolRow) -> Void) {
        guard instrument != .none else { return }
        while symbols.count <= Int(instrument.index) { symbols.append(SymbolRow()) }
        body(&symbols[Int(instrument.index)])
    }
}
