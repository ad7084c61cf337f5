import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-04: what a reconciliation says the venue holds, the venue held at some time of the last minutes. Nothing is
/// concluded from a listing that failed (N5).
final class DivergencesAreTrue: Invariant {
    private var held: [PositionKey: [(time: Timestamp, quantity: Int64)]] = [:]
    private static let memory = TimeSpan.seconds(180)

    var id: String { "S-04" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh {
            let execution = entry.execution
            let key = PositionKey(execution.instrument, execution.positionSide)
            var list = held[key] ?? [(.never, 0)]
            let quantity = (list.last?.quantity ?? 0) + execution.side.sign * execution.quantity.raw
            list.append((simulation.now, quantity))
            // The last value from before the memory stays: it held until the next one.
            while list.count > 1, list[1].time < simulation.now + -Self.memory { list.removeFirst() }
            held[key] = list
        }
    }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .divergence(let record) = notices[index].notice else { continue }
            var list = held[PositionKey(record.instrument, record.positionSide)] ?? [(.never, 0)]
            while list.count > 1, list[1].time < simulation.now + -Self.memory { list.removeFirst() }
            if !list.contains(where: { $0.quantity == record.venue.raw }) {
                throw Violation(id, "a listing says \(record.venue.raw), and the venue held no such position lately")
            }
        }
    }
}
