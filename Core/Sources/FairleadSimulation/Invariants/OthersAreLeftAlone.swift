import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// S-32: no order that may raise exposure is handed out in a position that somebody else has traded before a person has
/// decided, and no order of a signal at all in one that a person has said is somebody else's.
///
/// What is locked is kept here by fills, positions and decisions as they were told, and not by the engine's own table.
final class OthersAreLeftAlone: Invariant {
    private var states: [PositionKey: ExternalState] = [:]
    /// Traded by somebody else, and its position is not told yet.
    private var traded: PositionKey?
    /// An alarm of a trade that is none of ours was told, and not yet the fill.
    private var isAlarmed = false

    var id: String { "S-32" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices { try judge(notices[index].notice) }
    }

    func judge(_ notice: Notice) throws(Violation) {
        switch notice {
        case .alarm(let alarm): isAlarmed = alarm.kind == .externalFill || alarm.kind == .venueClosed
        case .filled(let record): note(record)
        case .positionChanged(let record): note(record)
        case .positionDecided(let decision): note(decision)
        case .orderChanged(let change) where change.from == .created: try judge(change)
        case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .parentClosed,
            .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence, .venueChanged, .policyComputed,
            .barClosed, .operatorRefused, .profitMeasured, .fillMeasured, .markoutMeasured, .shortfallMeasured,
            .funded, .progressed, .tradeClosed, .riskChanged:
            break
        }
    }

    private func note(_ record: FillRecord) {
        let key = PositionKey(record.execution.instrument, record.execution.positionSide)
        // An order of ours in what was ignored: a person is asked again.
        if !record.isExternal, isAlarmed, states[key] == .ignored { states[key] = .undecided }
        if record.isExternal { traded = key }
        isAlarmed = false
    }

    private func note(_ record: PositionRecord) {
        let key = PositionKey(record.instrument, record.positionSide)
        let isFlat = record.quantity.raw == 0
        defer { traded = nil }
        switch states[key] ?? ExternalState.none {
        case .none: if traded == key { states[key] = .undecided }
        case .undecided: break
        case .closing: if isFlat { states[key] = nil } else if traded == key { states[key] = .undecided }
        case .ignored: if isFlat { states[key] = nil }
        }
    }

    private func note(_ decision: PositionDecision) {
        guard decision.refusal == nil else { return }
        let key = PositionKey(decision.instrument, decision.positionSide)
        let isFlat = decision.quantity.raw == 0
        switch decision.action {
        case .adopt: states[key] = nil
        case .close: if states[key] != nil { states[key] = isFlat ? nil : .closing }
        case .ignore: states[key] = isFlat ? nil : .ignored
        }
    }

    private func judge(_ change: OrderChange) throws(Violation) {
        let key = PositionKey(change.instrument, change.positionSide)
        guard let state = states[key] else { return }
        let place = "instrument \(key.instrument.index) \(key.side), which is \(state.name)"
        if !change.reduceOnly { throw Violation(id, "order \(change.id) may raise \(place)") }
        if state == .ignored, !change.number.isInternal { throw Violation(id, "order \(change.id) trades in \(place)") }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        states.removeAll()
        traded = nil
        isAlarmed = false
    }

    /// What a crash took back of it is no longer decided.
    func started(_ simulation: borrowing Simulation) throws(Violation) {
        var standing: [PositionKey: ExternalState] = [:]
        _ = simulation.withEngine { engine in engine.forEachExternal { standing[$0] = $1.state } }
        states = standing
    }
}
