import FairleadJournal
import FairleadModel

/// S-30: while the router lives nobody else gets its journal.
final class SingleWriter: Invariant {
    var id: String { "S-30" }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.isRouterUp else { return }
        let isTaken = simulation.disk.withoutFaults { disk -> Bool in
            do throws(DiskError) {
                _ = try disk.lock()
                return false
            } catch {
                return error.kind == .locked
            }
        }
        if !isTaken { throw Violation(id, "a second process gets the journal's lock") }
    }
}
