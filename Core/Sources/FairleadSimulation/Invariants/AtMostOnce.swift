import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-02: a signal id makes at most one parent within its window, an order id is used once, and a duplicate is told as
/// one.
final class AtMostOnce: Invariant {
    private var submitted: [ClientOrderID: PaperOrder] = [:]

    var id: String { "S-02" }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame else { return }
        if submitted.updateValue(order, forKey: order.id) != nil {
            throw Violation(id, "order \(order.id) was sent twice")
        }
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        var first: [Digest128: (SignalNumber, Timestamp)] = [:]
        let window = simulation.configuration.engine.dedupeWindow
        for told in story.accepted {
            guard let terms = story.terms[told.number], let at = story.receivedAt[told.number] else { continue }
            if let (number, time) = first[terms.digest], at - time < window {
                throw Violation(id, "signals \(number) and \(told.number) have one id, and a parent each")
            }
            first[terms.digest] = (told.number, at)
        }
    }
}
