import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-09: a level is armed only after a fill of its own signal at the venue, for no more than the position; and each
/// firing of a level has one live exit.
final class LevelsAreEarned: Invariant {
    private struct Level: Hashable {
        var number: SignalNumber
        var kind: LevelKind
        var price: Price
    }

    private var intents: [SignalNumber: IntentID] = [:]
    /// By the venue's own executions.
    private var filled: [IntentID: Int64] = [:]
    /// As the router told last; those of which nothing was told yet are not judged.
    private var positions: [PositionKey: Int64] = [:]
    private var fired: Set<Level> = []

    var id: String { "S-09" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh where entry.client == simulation.clientNumber {
            filled[entry.execution.id.intent, default: 0] += entry.execution.quantity.raw
        }
    }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            switch notices[index].notice {
            case .acknowledged(let told):
                if told.disposition == .accepted { intents[told.number] = told.intent }
            case .positionChanged(let record):
                positions[PositionKey(record.instrument, record.positionSide)] = record.quantity.raw
            case .levelChanged(let record): try judge(record)
            case .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .filled, .parentClosed,
                .tradingStateChanged,
                .riskModeChanged,
                .divergence, .alarm, .venueChanged, .policyComputed, .barClosed, .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
                .positionDecided:
                break
            }
        }
        try judgeExits(simulation)
    }

    private func judge(_ record: LevelRecord) throws(Violation) {
        let level = Level(number: record.number, kind: record.kind, price: record.price)
        switch record.event {
        case .registered, .rearmed:
            fired.remove(level)
            if let intent = intents[record.number], filled[intent] == nil {
                throw Violation(id, "a level of signal \(record.number) is armed, and nothing of it is filled")
            }
            let key = PositionKey(record.instrument, record.positionSide)
            guard record.event == .registered, let position = positions[key] else { return }
            if record.quantity.raw > abs(position) {
                throw Violation(id, "a level is armed for \(record.quantity.raw) of a position of \(position)")
            }
        case .fired:
            if !fired.insert(level).inserted {
                throw Violation(id, "a level of signal \(record.number) fires while its exit lives")
            }
        case .refired, .removed, .escalated: fired.remove(level)
        case .adjusted: break
        }
    }

    private func judgeExits(_ simulation: borrowing Simulation) throws(Violation) {
        let twice = simulation.withEngine { engine -> IntentID? in
            var seen: Set<LevelFiring> = []
            var twice: IntentID?
            engine.forEachOpenParent { parent in
                if !parent.firing.isNone, !seen.insert(parent.firing).inserted { twice = parent.intent }
            }
            return twice
        }
        if let twice = twice ?? nil { throw Violation(id, "\(twice) is the second live exit of one level") }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        intents.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        fired.removeAll(keepingCapacity: true)
        for told in story.accepted { intents[told.number] = told.intent }
    }
}
