import FairleadEngine
import FairleadModel
import FairleadPaper

/// O6: the venue forgets orders of ours that wait for their price, and tells nobody.
struct ConditionsVanish: Fault {
    var name: String { "condition_vanishes" }
    var row: String { "O6" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: random.next(in: 1...3)) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        for _ in 0..<window.fault.value {
            let luck = window.random.next()
            simulation.server.server.withVenue { venue in venue.forgetWaiting(luck, client: Simulation.client) }
        }
        simulation.needsPump = true
    }
}

/// O6: the venue triggers nothing for a while, whatever its price.
struct TriggersHeld: Fault {
    var name: String { "trigger_held" }
    var row: String { "O6" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...120_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.server.server.withVenue { $0.holdTriggers(true) }
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.server.server.withVenue { $0.holdTriggers(false) }
        simulation.needsPump = true
    }
}
