import FairleadConfiguration
public import FairleadModel
import FairleadNode

/// What a run's signals, orders and vetoes come to (SPEC 13), counted from notices beside the engine.
///
/// Totals are over all notices since `since`; the window covers the newest signals. Bounded: one row an instrument, and
/// `windowSignals` rows of the window.
public struct DiagnosticsCounters: Hashable, Sendable {
    /// A signal in the window, with what came after it and before the next.
    struct WindowRow: Hashable, Sendable {
        var time: Timestamp
        /// The primary reason; nil unless vetoed.
        var veto: VetoKind?
        var orders: UInt64 = 0
    }

    /// What is known of one symbol.
    struct SymbolRow: Hashable, Sendable {
        /// Why the newest signal was vetoed; empty when it was not.
        var gatedBy: [String] = []
        var lastSignal = Timestamp.never
        var lastOrder = Timestamp.never
        var lastVeto = Timestamp.never

        var isBlank: Bool { !lastSignal.isKnown && !lastOrder.isKnown }
    }

    /// The primary reason of a veto.
    enum VetoKind: Hashable, Sendable {
        case reason(VetoReason)
        /// Vetoed without a reason.
        case unknown

        static let count = VetoReason.allCases.count + 1
        var index: Int {
            switch self {
            case .reason(let reason): Int(reason.rawValue)
            case .unknown: Self.count - 1
            }
        }

        /// nil for an index of no kind.
        init?(index: Int) {
            guard index >= 0, index < Self.count else { return nil }
            self = VetoReason(rawValue: UInt8(index)).map { .reason($0) } ?? .unknown
        }

        var name: String {
            switch self {
            case .reason(let reason): reason.name
            case .unknown: "unknown"
            }
        }
    }

    /// From when on it counts; `.never` where that is the journal's beginning and nothing has happened yet.
    public internal(set) var since: Timestamp
    /// It counts from the journal's beginning.
    public internal(set) var isComplete: Bool
    public internal(set) var signals: UInt64 = 0
    public internal(set) var orders: UInt64 = 0
    public internal(set) var vetoes: UInt64 = 0
    /// By `VetoKind.index`.
    var byReason = [UInt64](repeating: 0, count: VetoKind.count)
    public internal(set) var lastSignal = Timestamp.never
    public internal(set) var lastOrder = Timestamp.never
    public internal(set) var lastVeto = Timestamp.never
    public internal(set) var lastRouterEvent = Timestamp.never
    /// Fallbacks, routes and errors.
    var execution = ExecutionCounters()
    /// By instrument.
    var symbols: [SymbolRow] = []
    /// The newest signals, the oldest first.
    var window: [WindowRow] = []

    public init(since: Timestamp, isComplete: Bool) {
        self.since = since
        self.isComplete = isComplete
    }

    /// Vetoes of a primary reason.
    public func vetoes(_ reason: VetoReason) -> UInt64 { byReason[VetoKind.reason(reason).index] }

    // MARK: - Counting

    /// Counts one notice. `windowSignals`: so many signals are kept for the window.
    public mutating func add(_ notice: Notice, at time: Timestamp, windowSignals: Int) {
        if !since.isKnown { since = time }
        execution.add(notice, at: time)
        switch notice {
        case .acknowledged(let record): add(record, at: time, windowSignals)
        case .orderChanged(let change): add(change, at: time)
        case .filled: recordRouterEvent(.fill, at: time)
        case .progressed(let record): recordRouterEvent(RouterEvent(record), at: time)
        case .sized, .riskRow, .riskDecided, .routed, .armChosen, .positionChanged, .profitMeasured, .parentClosed,
            .levelChanged,
            .tradingStateChanged, .riskModeChanged, .divergence, .operatorRefused, .alarm, .venueChanged,
            .policyComputed, .barClosed, .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded,
            .tradeClosed, .riskChanged, .positionDecided:
            break
        }
    }

    /// The one place that says when the router last did something (`record_router_event`); nil: it did nothing.
    private mutating func recordRouterEvent(_ event: RouterEvent?, at time: Timestamp) {
        if event != nil { lastRouterEvent = time }
    }

    private mutating func add(_ record: SignalAcknowledgement, at time: Timestamp, _ windowSignals: Int) {
        signals += 1
        lastSignal = time
        var veto: VetoKind?
        switch record.disposition {
        case .vetoed:
            let kind = record.vetoes.primary.map { VetoKind.reason($0) } ?? .unknown
            veto = kind
            vetoes += 1
            byReason[kind.index] += 1
            lastVeto = time
        case .accepted, .duplicate, .invalid: break
        }
        window.append(WindowRow(time: time, veto: veto))
        // Twice as many are let grow before the older half goes, so that a signal costs no walk.
        if window.count >= 2 * windowSignals { window.removeFirst(window.count - windowSignals) }
        change(record.instrument) { row in
            row.lastSignal = time
            switch record.disposition {
            case .vetoed:
                row.lastVeto = time
                row.gatedBy = record.vetoes.isEmpty ? ["unknown"] : record.vetoes.all.map(\.name)
            case .accepted: row.gatedBy = []
            case .duplicate, .invalid: break
            }
        }
    }

    private mutating func add(_ change: OrderChange, at time: Timestamp) {
        recordRouterEvent(RouterEvent(change), at: time)
        guard change.from == .created, change.to == .submitted else { return }
        orders += 1
        lastOrder = time
        if !window.isEmpty { window[window.count - 1].orders += 1 }
        self.change(change.instrument) { $0.lastOrder = time }
    }

    private mutating func change(_ instrument: InstrumentHandle, _ body: (inout SymbolRow) -> Void) {
        guard instrument != .none else { return }
        let index = Int(instrument.index)
        while symbols.count <= index { symbols.append(SymbolRow()) }
        body(&symbols[index])
    }

    // MARK: - The window

    /// The newest signals: at most `signals` of them, none older than `span`.
    func window(at now: Timestamp, _ settings: DiagnosticsConfiguration) -> ArraySlice<WindowRow> {
        let newest = window.suffix(settings.windowSignals)
        return newest.drop { now - $0.time > settings.windowSpan }
    }
}
