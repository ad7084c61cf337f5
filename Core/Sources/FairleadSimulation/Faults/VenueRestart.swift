import FairleadJournal
import FairleadModel
import FairleadPaper

/// C2: the venue's process restarts from its own journal: connections are gone and can't be made for a while, orders
/// and ledger are there.
struct VenueRestart: Fault {
    var name: String { "venue_restart" }
    var row: String { "C2" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 100...60_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.isVenueDown = true
        simulation.cutConnection()
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.isVenueDown = false }
}
