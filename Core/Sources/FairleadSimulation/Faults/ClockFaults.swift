import FairleadModel

/// C1: the router's clock runs up to one part in a hundred fast or slow.
struct ClockDrift: Fault {
    var name: String { "clock_drift" }
    var row: String { "C1" }
    var placements: FaultPlacements { .outside }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(
            lasts: .milliseconds(random.next(in: 10_000...600_000)),
            value: random.next(in: -10_000_000...10_000_000)
        )
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.clock.setDrift(partsPerBillion: window.fault.value)
        simulation.needsPump = true
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.clock.setDrift(partsPerBillion: 0)
        simulation.needsPump = true
    }
}

/// C1: the router's clock is set, by up to ten minutes, forward or back.
struct ClockStep: Fault {
    var name: String { "clock_step" }
    var row: String { "C1" }
    var placements: FaultPlacements { .outside }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        let most: Int64 = random.chance(1, in: 2) ? 600_000 : 3_000
        return FaultShape(value: random.next(in: -most...most))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.clock.step(by: .milliseconds(window.fault.value))
        simulation.needsPump = true
    }
}
