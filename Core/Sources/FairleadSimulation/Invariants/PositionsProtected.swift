import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// L-04: a position that a signal with levels has opened or made larger has levels at work with that very fill (the
/// rule gives it 30 s), and keeps its stop-loss until it is flat or turned, or somebody takes the levels away. One that
/// a person has adopted with a stop-loss has that.
final class PositionsProtected: Invariant {
    /// What one pump did to one position.
    struct Facts {
        var key: PositionKey
        var position: Int64
        var hasLevel = false
        var hasStop = false
        /// A signal with levels filled in the position's direction.
        var wasEntered = false
        var wereLevelsRemoved = false
        /// A person gave a stop-loss to the position as it stands, and nobody took it away again.
        var wasAdopted = false
    }

    /// Signs of the positions that have a stop-loss.
    private var covered: [PositionKey: Int64] = [:]

    private var entries: Set<IntentID> = []

    var id: String { "L-04" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        noteEntries(simulation)
        var removed: Set<PositionKey> = []
        var entered: [PositionKey: Int64] = [:]
        var adopted: [PositionKey: PositionDecision] = [:]
        var filling: FillRecord?
        for index in notices.indices {
            switch notices[index].notice {
            case .filled(let record): filling = record
            case .positionChanged(let record):
                let key = PositionKey(record.instrument, record.positionSide)
                if let fill = filling, brings(fill) {
                    let sign = fill.execution.side.sign
                    entered[key] = record.quantity.raw.signum() == sign ? sign : nil
                }
                filling = nil
            case .levelChanged(let record):
                guard record.event == .removed else { continue }
                let key = PositionKey(record.instrument, record.positionSide)
                removed.insert(key)
                if adopted[key]?.number == record.number { adopted[key] = nil }
            case .positionDecided(let decision):
                guard decision.refusal == nil, decision.stopLoss.raw != 0 else { continue }
                adopted[PositionKey(decision.instrument, decision.positionSide)] = decision
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .parentClosed,
                .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .venueChanged, .policyComputed, .barClosed,
                .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged:
                break
            }
        }
        for index in 0..<simulation.configuration.engine.instruments.count {
            for side in PositionSide.allCases {
                let key = PositionKey(InstrumentHandle(index), side)
                guard let position = simulation.position(key)?.raw else { return }
                var facts = Facts(key: key, position: position)
                let protection = simulation.withEngine { $0.protection(of: key) } ?? Protection()
                facts.hasLevel = protection != Protection()
                facts.hasStop = protection.stopLoss != nil
                facts.wasEntered = position != 0 && entered[key] == position.signum()
                facts.wereLevelsRemoved = removed.contains(key)
                facts.wasAdopted = adopted[key].map { $0.quantity.raw.signum() == position.signum() } ?? false
                try judge(facts)
            }
        }
    }

    /// Entries with levels, noted while they are open: one may end with its fill.
    private func noteEntries(_ simulation: borrowing Simulation) {
        let found = simulation.withEngine { engine -> [IntentID] in
            var found: [IntentID] = []
            engine.forEachOpenParent { if !$0.levels.isNone, $0.reduceQuantity == .zero { found.append($0.intent) } }
            return found
        }
        entries.formUnion(found ?? [])
    }

    private func brings(_ fill: FillRecord) -> Bool {
        !fill.isLate && !fill.isExternal && entries.contains(fill.execution.id.intent)
    }

    func judge(_ facts: Facts) throws(Violation) {
        let sign = facts.position.signum()
        defer { covered[facts.key] = facts.hasStop ? sign : nil }
        guard sign != 0 else { return }
        let place = "the position of instrument \(facts.key.instrument.index) \(facts.key.side)"
        if facts.wasAdopted, !facts.hasStop {
            throw Violation(id, "\(place) was adopted with a stop-loss, and has none")
        }
        guard !facts.wereLevelsRemoved else { return }
        if facts.wasEntered, !facts.hasLevel { throw Violation(id, "\(place) was entered with levels, and has none") }
        if covered[facts.key] == sign, !facts.hasStop { throw Violation(id, "\(place) has lost its stop-loss") }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        covered.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }
}
