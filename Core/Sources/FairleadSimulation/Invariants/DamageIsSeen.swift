import FairleadModel
import FairleadNode

/// D3: no start builds on a damaged journal as if nothing had been there: all that was written is in the state that it
/// begins with, or it refuses (and the desk begins anew from the venue).
final class DamageIsSeen: Invariant {
    var id: String { "S-23" }

    func started(_ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.disk.isDamaged, let sequence = simulation.journalSequence else { return }
        let before = simulation.sequenceBeforeDamage
        if sequence < before {
            throw Violation(id, "the router starts at sequence \(sequence) of a damaged journal that went to \(before)")
        }
    }
}
