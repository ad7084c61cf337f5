import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-19: no entry leaves while a cancel that was decided in an earlier turn still waits here.
final class CancelsFirst: Invariant {
    /// Cancels that have not left, with the turn of their decision: in it, an entry may have left before.
    private var waiting: [ClientOrderID: Int] = [:]

    var id: String { "S-19" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            switch notices[index].notice {
            case .orderChanged(let change):
                waiting[change.id] = nil
                if change.to == .pendingCancel, change.from != .pendingCancel {
                    waiting[change.id] = simulation.report.pumps
                }
            // What waited for a session that is gone has ended with it.
            case .venueChanged(let record):
                if record.instrument == .none { waiting.removeAll(keepingCapacity: true) }
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .filled, .positionChanged,
                .parentClosed,
                .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .policyComputed, .barClosed,
                .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
                .positionDecided:
                break
            }
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        if case .cancel(let id) = message.frame { waiting[id] = nil }
        guard case .submit(let order) = message.frame, !order.reduceOnly else { return }
        let turn = simulation.report.pumps
        guard let first = waiting.filter({ $0.value < turn }).map({ "\($0.key)" }).min() else { return }
        throw Violation(id, "entry \(order.id) left while the cancel of \(first) waited")
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        waiting.removeAll(keepingCapacity: true)
    }
}
