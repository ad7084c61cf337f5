import FairleadJournal
import FairleadModel

/// P1: the router's process dies and starts again, at once or after a while. What it stored is there.
struct ProcessCrash: Fault {
    var name: String { "crash" }
    var row: String { "P1" }
    var placements: FaultPlacements { .everywhere }
    var presence: UInt64 { 70 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: downTime(&random).nanoseconds) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.crash(.process, downFor: TimeSpan(nanoseconds: window.fault.value))
    }
}

/// D1: the power goes. Of each sector that was not synced the disk holds the new content or the old one.
///
/// Where intents are not synced before orders leave (`process`), the journal does not promise to survive it.
struct PowerLoss: Fault {
    var name: String { "power_loss" }
    var row: String { "D1" }
    var presence: UInt64 { 70 }
    var needsDisk: Bool { true }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: downTime(&random).nanoseconds) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let luck = window.random.next(below: 3)
        var random = window.random
        let kept: (String, Int) -> Bool = { _, _ in
            luck == 0 ? false : luck == 1 ? true : random.chance(1, in: 2)
        }
        withoutActuallyEscaping(kept) { keeps in
            simulation.crash(.power(keeps: keeps), downFor: TimeSpan(nanoseconds: window.fault.value))
        }
    }
}

/// Mostly at once; sometimes minutes, so that everything on the way has long arrived.
private func downTime(_ random: inout DeterministicRandom) -> TimeSpan {
    switch random.next(below: 10) {
    case 0: .milliseconds(random.next(in: 60_000...600_000))
    case 1...3: .milliseconds(random.next(in: 1_000...30_000))
    default: .milliseconds(random.next(in: 0...500))
    }
}
