import FairleadEngine
import FairleadModel
import FairleadPaper

/// S-06, S-07: no fill of a reduce-only order makes its position larger or turns it, whatever else fills beside it:
/// other exits of the same position, entries of the other side, another client.
final class ReducingReduces: Invariant {
    private var positions: [PositionKey: Int64] = [:]

    var id: String { "S-06" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh {
            let execution = entry.execution
            let key = PositionKey(execution.instrument, execution.positionSide)
            let before = positions[key] ?? 0
            let after = before + execution.side.sign * execution.quantity.raw
            positions[key] = after
            guard entry.client == simulation.clientNumber, let place = simulation.truth.places[execution.id] else {
                continue
            }
            let tracked = simulation.truth.orders[place]
            guard tracked.order.reduceOnly, !tracked.isOverfilled else { continue }
            let isSmaller = abs(after) < abs(before)
            let isSameSide = after == 0 || (after > 0) == (before > 0)
            if !isSmaller || !isSameSide {
                throw Violation(id, "reduce-only order \(execution.id) takes the position from \(before) to \(after)")
            }
        }
    }
}
