import FairleadEngine
import FairleadModel
import FairleadPaper

/// S-20: no entry leaves for a signal that is past its end.
final class ExpiredStays: Invariant {
    var id: String { "S-20" }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame, !order.reduceOnly else { return }
        let now = simulation.routerTime
        let intent = order.id.intent
        let isLate = simulation.withEngine { engine -> Bool in
            var isLate = false
            engine.forEachOpenParent { if $0.intent == intent, $0.expiresAt < now { isLate = true } }
            return isLate
        }
        if isLate == true { throw Violation(id, "order \(order.id) left after its signal's end") }
    }
}
