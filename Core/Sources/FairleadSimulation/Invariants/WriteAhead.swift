import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-16: of each order that the venue has seen, the journal holds the intent, with the same terms. Judged on the disk
/// as the next start finds it, after each crash and at the end.
final class WriteAhead: Invariant {
    var id: String { "S-16" }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try judge(story, simulation)
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try judge(story, simulation)
    }

    private func judge(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        for tracked in simulation.truth.orders {
            let order = tracked.order
            guard let intent = story.submits[order.id] else {
                throw Violation(id, "the venue was sent \(order.id), of which the journal knows nothing")
            }
            if PaperOrderTerms(intent) != PaperOrderTerms(order) {
                throw Violation(id, "the venue was sent other terms of \(order.id) than the journal has")
            }
        }
    }
}
