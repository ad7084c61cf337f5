import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-05: an order that we say has ended has ended at the venue too, and one that we say never lived can't arrive any
/// more.
final class EndsAreTrue: Invariant {
    var id: String { "S-05" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .orderChanged(let change) = notices[index].notice else { continue }
            guard change.to.isTerminal, !change.from.isTerminal else { continue }
            try compare(change, simulation)
        }
    }

    private func compare(_ change: OrderChange, _ simulation: borrowing Simulation) throws(Violation) {
        // What was never written can't live.
        guard let place = simulation.truth.places[change.id] else { return }
        if simulation.truth.orders[place].isMisjudged { return }
        // By the fills that were told it is: the venue's record leaves out what it filled beyond it (seed 1362).
        if simulation.truth.orders[place].isOverfilled, change.to == .filled { return }
        let order = simulation.truth.orders[place].order
        let client = simulation.clientNumber
        let told = simulation.withVenue { venue -> String? in
            if let row = venue.order(change.id, client: client) {
                return row.isLive ? "the venue has it \(row.state)" : nil
            }
            // Of a request that it refused the venue keeps no record.
            let mayArrive = change.to != .rejected && venue.time < order.validUntil
            return mayArrive ? "it may still arrive at the venue" : nil
        }
        guard let text = told ?? nil else { return }
        throw Violation(id, "order \(change.id) is \(change.to) here (\(change.endReason)), and \(text)")
    }
}
