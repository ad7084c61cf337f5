import FairleadModel
import FairleadPaper

/// S-08: no fill of a post-only order, nor of a maker leg whatever it was sent as, took liquidity.
final class PostOnlyMakes: Invariant {
    var id: String { "S-08" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh where entry.execution.liquidity == .taker {
            guard let place = simulation.truth.places[entry.execution.id] else { continue }
            let tracked = simulation.truth.orders[place]
            let isMeant = tracked.order.type == .postOnly || tracked.order.id.leg == .maker
            if isMeant, !tracked.isOverfilled {
                throw Violation(id, "post-only order \(entry.execution.id) took")
            }
        }
    }
}
