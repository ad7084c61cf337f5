import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-05: each end says how much was filled, and an order waits for those fills: none comes too late, unless the venue
/// fills too much on purpose, or a person has said that the order is dead.
final class FillsAreAwaited: Invariant {
    /// Orders whose end a person declared.
    private var declared: Set<ClientOrderID> = []

    var id: String { "S-05" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            if case .orderChanged(let change) = notices[index].notice, change.endReason == .operatorResolved {
                declared.insert(change.id)
            }
            guard case .filled(let record) = notices[index].notice, record.isLate, !record.isExternal else { continue }
            let order = record.execution.id
            guard let place = simulation.truth.places[order], !declared.contains(order) else { continue }
            // A journal that began anew, or lost its end with the power, knows nothing of the order.
            if simulation.truth.orders[place].isOverfilled || simulation.forgotten.contains(order) { continue }
            throw Violation(id, "order \(order) had ended here when \(record.execution.quantity) of it was filled")
        }
    }
}
