import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-12: the guard never has to hold back a child of ours because it is more than its parent, and no fill is more than
/// what we think the order may fill, unless the venue filled too much on purpose.
final class GuardAgrees: Invariant {
    var id: String { "S-12" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .alarm(let alarm) = notices[index].notice else { continue }
            if alarm.kind == .overSend, !hasOverfill(alarm.order.intent, simulation) {
                throw Violation(id, "the guard held back \(alarm.order): over its parent")
            }
            guard alarm.kind == .overfill, let place = simulation.truth.places[alarm.order] else { continue }
            if !simulation.truth.orders[place].isOverfilled {
                throw Violation(id, "order \(alarm.order) filled \(alarm.value) more than we thought it may")
            }
        }
    }

    private func hasOverfill(_ intent: IntentID, _ simulation: borrowing Simulation) -> Bool {
        simulation.truth.orders.contains { $0.isOverfilled && $0.order.id.intent == intent }
    }
}
