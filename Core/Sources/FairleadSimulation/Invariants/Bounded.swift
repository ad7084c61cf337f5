import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// S-28: tables and queues stay within what is configured.
final class Bounded: Invariant {
    var id: String { "S-28" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let limits = simulation.configuration.engine.capacities
        let counts = simulation.withEngine { ($0.liveOrderCount, $0.openParentCount) } ?? (0, 0)
        if counts.0 > limits.orders { throw Violation(id, "\(counts.0) live orders") }
        if counts.1 > limits.parents { throw Violation(id, "\(counts.1) open parents") }
        let waiting = simulation.waitingCommands
        // Cancels and exits may use a reserve of their own beside the entries' queue.
        if waiting > 2 * simulation.configuration.runtime.queues.egress + limits.orders {
            throw Violation(id, "\(waiting) commands wait")
        }
    }
}
