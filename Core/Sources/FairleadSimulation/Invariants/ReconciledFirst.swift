import FairleadModel
import FairleadPaper

/// S-17: in a connection nothing that raises exposure leaves before the venue has given a whole listing in it.
final class ReconciledFirst: Invariant {
    var id: String { "S-17" }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame, !order.reduceOnly, !simulation.wire.hasListed else { return }
        throw Violation(id, "order \(order.id) left before the venue was reconciled")
    }
}
