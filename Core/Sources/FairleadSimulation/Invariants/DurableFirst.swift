import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-12, S-16: where intents are synced, an entry leaves only once the record that caused it is durable.
final class DurableFirst: Invariant {
    private var causes: [ClientOrderID: UInt64] = [:]

    var id: String { "S-12" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .orderChanged(let change) = notices[index].notice, change.to == .submitted else { continue }
            causes[change.id] = notices[index].sequence
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.scenario.isDurableOnDisk else { return }
        guard case .submit(let order) = message.frame, !order.reduceOnly, let cause = causes[order.id] else { return }
        guard let durable = simulation.committer?.durableThrough, durable < cause else { return }
        throw Violation(id, "order \(order.id) of record \(cause) left when \(durable) was durable")
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        causes.removeAll(keepingCapacity: true)
    }
}
