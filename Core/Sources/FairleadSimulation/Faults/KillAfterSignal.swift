import FairleadModel

/// K1: somebody stops entries right after a signal, while its order waits for the journal; and resumes at the fault's
/// end.
struct KillAfterSignal: Fault {
    var name: String { "kill_after_signal" }
    var row: String { "K1" }
    var needsDisk: Bool { true }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 100...10_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard let signal = simulation.entry(of: window.fault) else { return }
        simulation.send(signal)
        simulation.needsPump = true
        simulation.settle()
        simulation.operate(OperatorCommand(.stopEntries))
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        if simulation.node != nil { simulation.operate(OperatorCommand(.resume)) }
    }
}
