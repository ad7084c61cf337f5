import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-16: of each order that the venue has seen, the journal holds the intent, with the same terms. Judged on the disk
/// as the next start finds it, after each crash and at the end. Exits that leave while the journal takes no syncs any
/// more are the exception that RELIABILITY D2 makes.
final class WriteAhead: Invariant {
    private var undurable: Set<ClientOrderID> = []

    var id: String { "S-16" }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame, simulation.journalTrouble != nil else { return }
        if order.reduceOnly { undurable.insert(order.id) }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try judge(story, simulation)
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try judge(story, simulation)
    }

    private func judge(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        for tracked in simulation.truth.orders where !undurable.contains(tracked.order.id) {
            let order = tracked.order
            guard let intent = story.submits[order.id] ?? simulation.putAside[order.id] else {
                throw Violation(id, "the venue was sent \(order.id), of which the journal knows nothing")
            }
            if PaperOrderTerms(intent) != PaperOrderTerms(order) {
                throw Violation(id, "the venue was sent other terms of \(order.id) than the journal has")
            }
        }
    }
}
