import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-11: from the return of `engage` until somebody resumes, no byte of an order or amendment that raises exposure is
/// given to the transport; and what stood engaged stands after a restart.
final class KillHolds: Invariant {
    var id: String { "S-11" }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.isEngaged else { return }
        switch message.frame {
        case .submit(let order):
            if !order.reduceOnly { throw Violation(id, "order \(order.id) left while trading was stopped") }
        case .amend(let amendment):
            guard let place = simulation.truth.places[amendment.id] else { return }
            let order = simulation.truth.orders[place].order
            if !order.reduceOnly, amendment.quantity > order.quantity {
                throw Violation(id, "a larger amendment of \(order.id) left while trading was stopped")
            }
        case .hello, .subscribe, .cancel, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt, .welcome,
            .instrument, .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced,
            .replaceRejected, .reported, .notFound, .forgotten, .listingBegan, .listedOrder, .listedExecution,
            .listedPosition, .listedAccount, .listingEnded, .listingRefused, .time, .throttled, .banned, .quote,
            .trade, .mark, .error,
            .funding, .listedFunding:
            return
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        // A loss of power takes back what was not synced; a crash of the process takes nothing.
        if simulation.isEngaged, !story.engaged, !simulation.hasLostPower {
            throw Violation(id, "the stop of trading is not in the journal after a crash")
        }
    }
}
