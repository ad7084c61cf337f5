import FairleadJournal
import FairleadModel

/// D1, D2: the disk takes no sync for seconds, then the power goes: many sectors were not synced, and of each the disk
/// holds the new content or the old one.
struct PowerLossUnsynced: Fault {
    var name: String { "power_loss_unsynced" }
    var row: String { "D1 D2" }
    var needsDisk: Bool { true }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...20_000)), value: random.next(in: 0...30_000))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.disk.syncDelay = .minutes(5) }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.disk.syncDelay = simulation.scenario.syncDelay
        var random = window.random
        let kept: (String, Int) -> Bool = { _, _ in random.chance(1, in: 2) }
        withoutActuallyEscaping(kept) { keeps in
            simulation.crash(.power(keeps: keeps), downFor: .milliseconds(window.fault.value))
        }
    }
}
