import FairleadModel

/// P1: the process dies again and again, a moment after each start.
struct RestartStorm: Fault {
    var name: String { "restart_storm" }
    var row: String { "P1" }
    var placements: FaultPlacements { .everywhere }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: random.next(in: 3...10)) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        var at = simulation.now
        for _ in 0..<window.fault.value {
            simulation.queue.push(.kill, at: at)
            at = at + TimeSpan(nanoseconds: window.random.next(in: 0...2_000_000_000))
        }
    }
}
