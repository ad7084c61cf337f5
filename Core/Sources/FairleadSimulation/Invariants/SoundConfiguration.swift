import FairleadConfiguration
import FairleadJournal
import FairleadModel

/// S-26: the journal knows no configuration that was not valid when it was read, and the last one is in force.
final class SoundConfiguration: Invariant {
    var id: String { "S-26" }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try judge(story, simulation)
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try judge(story, simulation)
        let current = ConfigurationRecord(document: simulation.configuration.canonicalText).hash
        if let last = story.configurations.last, last != current {
            throw Violation(id, "the configuration in force is not the last one that was read")
        }
    }

    private func judge(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        for hash in story.configurations where !simulation.soundConfigurations.contains(hash) {
            throw Violation(id, "configuration \(hash) is in the journal, and was refused")
        }
    }
}
