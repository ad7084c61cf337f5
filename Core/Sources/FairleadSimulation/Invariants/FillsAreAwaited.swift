import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-05: each end says how much was filled, and an order waits for those fills: none comes too late, unless the venue
/// fills too much on purpose.
final class FillsAreAwaited: Invariant {
    var id: String { "S-05" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .filled(let record) = notices[index].notice, record.isLate, !record.isExternal else { continue }
            let order = record.execution.id
            guard let place = simulation.truth.places[order], !simulation.truth.orders[place].isOverfilled else {
                continue
            }
            throw Violation(id, "order \(order) had ended here when \(record.execution.quantity) of it was filled")
        }
    }
}
