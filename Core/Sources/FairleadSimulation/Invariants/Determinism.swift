import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// S-23: the journal replays without a difference, to the state and the commands that the router itself arrived at.
final class Determinism: Invariant {
    var id: String { "S-23" }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        if let refusal = story.refusal { throw Violation(id, "the journal does not replay after a crash: \(refusal)") }
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        guard let result = story.result else {
            throw Violation(id, "the journal does not replay: \(story.refusal.map { "\($0)" } ?? "")")
        }
        guard let final = simulation.finalHashes else { return }
        if result.stateHash != final.state { throw Violation(id, "the replay arrives at another state") }
        if result.commandHash != final.commands { throw Violation(id, "the replay gives other commands") }
    }
}
