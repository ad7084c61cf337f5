import FairleadModel

/// K1: somebody stops trading, in one of the four ways, at any moment, twice too; and resumes at the fault's end.
struct KillPressed: Fault {
    static let ways: [OperatorAction] = [.stopEntries, .halt, .haltFrozen, .kill]

    var name: String { "kill" }
    var row: String { "K1" }
    var placements: FaultPlacements { .everywhere }
    var presence: UInt64 { 50 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1...60_000)), value: random.next(in: 0...7))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard simulation.node != nil else { return }
        let way = Self.ways[Int(window.fault.value % 4)]
        simulation.operate(OperatorCommand(way))
        if window.fault.value > 3 { simulation.operate(OperatorCommand(way)) }
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        if simulation.node != nil { simulation.operate(OperatorCommand(.resume)) }
    }
}
