import FairleadJournal
import FairleadModel

/// D2: each commit takes up to seconds; orders wait for it.
struct DiskSlow: Fault {
    var name: String { "slow_disk" }
    var row: String { "D2" }
    var needsDisk: Bool { true }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(
            lasts: .milliseconds(random.next(in: 500...30_000)),
            value: random.next(in: 1_000_000...3_000_000_000)
        )
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.disk.syncDelay = TimeSpan(nanoseconds: window.fault.value)
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.disk.syncDelay = simulation.scenario.syncDelay
    }
}
