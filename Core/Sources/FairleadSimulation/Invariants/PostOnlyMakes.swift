import FairleadModel
import FairleadPaper

/// S-08: no fill of a post-only order took liquidity.
final class PostOnlyMakes: Invariant {
    var id: String { "S-08" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh where entry.execution.liquidity == .taker {
            guard let place = simulation.truth.places[entry.execution.id] else { continue }
            let tracked = simulation.truth.orders[place]
            if tracked.order.type == .postOnly, !tracked.isOverfilled {
                throw Violation(id, "post-only order \(entry.execution.id) took")
            }
        }
    }
}
