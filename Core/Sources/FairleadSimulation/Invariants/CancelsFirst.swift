import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-19: no entry leaves while a cancel that was decided in an earlier turn still waits here.
final class CancelsFirst: Invariant {
    /// Cancels of earlier turns that have not left.
    private var waiting: Set<ClientOrderID> = []
    /// Those of this turn: in it, an entry may have left before its cancel was decided.
    private var fresh: Set<ClientOrderID> = []

    var id: String { "S-19" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        waiting.formUnion(fresh)
        fresh.removeAll(keepingCapacity: true)
        for index in notices.indices {
            switch notices[index].notice {
            case .orderChanged(let change):
                waiting.remove(change.id)
                fresh.remove(change.id)
                if change.to == .pendingCancel, change.from != .pendingCancel { fresh.insert(change.id) }
            // What waited for a session that is gone has ended with it.
            case .venueChanged: forget()
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .filled, .positionChanged, .parentClosed,
                .levelChanged, .tradingStateChanged, .divergence, .alarm, .policyComputed, .barClosed:
                break
            }
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        if case .cancel(let id) = message.frame {
            waiting.remove(id)
            fresh.remove(id)
        }
        guard case .submit(let order) = message.frame, !order.reduceOnly, let first = waiting.first else { return }
        throw Violation(id, "entry \(order.id) left while the cancel of \(first) waited")
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) { forget() }

    private func forget() {
        waiting.removeAll(keepingCapacity: true)
        fresh.removeAll(keepingCapacity: true)
    }
}
