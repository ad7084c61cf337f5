import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// S-09: adjustments never loosen. The stop of a position that is nearest to the market is never further from it than
/// it was, until the position is flat or turned, or levels of it are taken away.
final class StopsTighten: Invariant {
    struct Facts {
        var key: PositionKey
        var position: Int64
        var stop: Price?
        var wereLevelsRemoved = false
    }

    private var known: [PositionKey: (sign: Int64, stop: Price)] = [:]

    var id: String { "S-09" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        var removed: Set<PositionKey> = []
        for index in notices.indices {
            if case .levelChanged(let record) = notices[index].notice, record.event == .removed {
                removed.insert(PositionKey(record.instrument, record.positionSide))
            }
        }
        for index in 0..<simulation.configuration.engine.instruments.count {
            for side in PositionSide.allCases {
                let key = PositionKey(InstrumentHandle(index), side)
                guard let position = simulation.position(key)?.raw else { return }
                let stop = simulation.withEngine { $0.protection(of: key).stopLoss } ?? nil
                try judge(Facts(key: key, position: position, stop: stop, wereLevelsRemoved: removed.contains(key)))
            }
        }
    }

    func judge(_ facts: Facts) throws(Violation) {
        let sign = Int64(facts.position.signum())
        let before = known[facts.key]
        known[facts.key] = facts.stop.flatMap { sign == 0 ? nil : (sign, $0) }
        guard let before, before.sign == sign, !facts.wereLevelsRemoved, let stop = facts.stop else { return }
        if (stop.raw - before.stop.raw) * sign < 0 {
            let place = "the stop of instrument \(facts.key.instrument.index) \(facts.key.side)"
            throw Violation(id, "\(place) was at \(before.stop), and has loosened to \(stop)")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        known.removeAll(keepingCapacity: true)
    }
}
