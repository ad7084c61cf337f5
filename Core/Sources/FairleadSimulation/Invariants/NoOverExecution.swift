import FairleadModel
import FairleadPaper

/// S-01: what one signal exposes at the venue never exceeds what was approved, nor that what was asked; orders on
/// their way and unknown ones count in full.
final class NoOverExecution: Invariant {
    var id: String { "S-01" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for intent in simulation.truth.changed {
            guard let exposure = simulation.truth.exposures[intent] else { continue }
            if exposure.exposed > exposure.approved.raw {
                throw Violation(
                    id,
                    "\(intent) exposes \(exposure.exposed) of \(exposure.approved.raw) approved (units of 10^-8)"
                )
            }
            if let requested = exposure.requested, exposure.approved > requested {
                throw Violation(id, "\(intent): \(exposure.approved.raw) approved of \(requested.raw) asked")
            }
        }
    }
}
