import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-05: what we count of an order never shrinks and never passes its quantity; each change begins where the last one
/// ended; nothing that has ended comes back to life.
final class OrderSteps: Invariant {
    private var last: [ClientOrderID: OrderChange] = [:]

    var id: String { "S-05" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .orderChanged(let change) = notices[index].notice else { continue }
            if let before = last[change.id] { try compare(change, before) }
            last[change.id] = change
            if change.filled > change.quantity, !isOverfilled(change.id, simulation) {
                throw Violation(id, "order \(change.id) is filled with \(change.filled.raw) of \(change.quantity.raw)")
            }
        }
    }

    private func compare(_ change: OrderChange, _ before: OrderChange) throws(Violation) {
        if change.filled < before.filled { throw Violation(id, "order \(change.id) has less filled than before") }
        if change.from != before.to {
            throw Violation(id, "order \(change.id) goes from \(change.from) to \(change.to), and was \(before.to)")
        }
        if before.to.isTerminal, !change.to.isTerminal {
            throw Violation(id, "order \(change.id) had ended as \(before.to) and is \(change.to) again")
        }
    }

    private func isOverfilled(_ order: ClientOrderID, _ simulation: borrowing Simulation) -> Bool {
        guard let place = simulation.truth.places[order] else { return false }
        return simulation.truth.orders[place].isOverfilled
    }

    /// What a loss of power took back is told anew.
    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        last.removeAll(keepingCapacity: true)
    }
}
