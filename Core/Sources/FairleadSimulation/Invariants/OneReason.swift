import FairleadJournal
import FairleadModel

/// S-24: each signal that was not taken has a primary reason, and one that was taken has none.
final class OneReason: Invariant {
    var id: String { "S-24" }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        for number in story.acknowledgements.keys {
            guard let told = story.acknowledgements[number] else { continue }
            let isSound =
                switch told.disposition {
                case .accepted: told.vetoes.isEmpty && told.invalid == nil && !told.intent.isNone
                case .vetoed: told.vetoes.primary != nil && told.invalid == nil
                case .duplicate: told.vetoes.isEmpty && told.original != .none
                case .invalid: told.invalid != nil
                }
            if !isSound { throw Violation(id, "signal \(number) is \(told.disposition) without its one reason") }
        }
    }
}
