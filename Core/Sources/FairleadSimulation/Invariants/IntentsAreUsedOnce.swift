import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-02: an intent belongs to one signal, over all lives of the router.
final class IntentsAreUsedOnce: Invariant {
    private var signals: [IntentID: SignalNumber] = [:]

    var id: String { "S-02" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .acknowledged(let told) = notices[index].notice, told.disposition == .accepted else { continue }
            if let other = signals.updateValue(told.number, forKey: told.intent) {
                throw Violation(id, "\(told.intent) is of signal \(other) and of signal \(told.number)")
            }
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        // A loss of power takes back what was not synced; no order of it has left.
        signals.removeAll(keepingCapacity: true)
        for told in story.accepted { signals[told.intent] = told.number }
    }
}
