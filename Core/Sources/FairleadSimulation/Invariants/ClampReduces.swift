import FairleadModel
import FairleadNode
import FairleadPaper

/// S-14: sent <= approved <= sized <= requested.
final class ClampReduces: Invariant {
    var id: String { "S-14" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            if case .sized(let record) = notices[index].notice, record.requestedQuantity > .zero,
                record.sizedQuantity > record.requestedQuantity
            {
                throw Violation(id, "signal \(record.number) is sized to more than it asked")
            }
            if case .riskDecided(let record) = notices[index].notice, record.approvedQuantity > record.sizedQuantity {
                throw Violation(id, "signal \(record.number) is approved for more than its size")
            }
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame else { return }
        guard let exposure = simulation.truth.exposures[order.id.intent], exposure.approved > .zero else { return }
        if order.quantity > exposure.approved {
            throw Violation(id, "order \(order.id) asks \(order.quantity.raw) of \(exposure.approved.raw) approved")
        }
    }
}
