import FairleadModel

/// N7: the outbound buffer stays full; what wants to leave waits in the egress queue.
struct ChannelBlocked: Fault {
    var name: String { "blocked" }
    var row: String { "N7" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 10...8_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.channel.isBlocked = true }
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.channel.isBlocked = false }
}

/// N7: the connection stands and carries nothing, one way or both. Nobody is told.
struct HalfOpen: Fault {
    var name: String { "half_open" }
    var row: String { "N7" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 100...20_000)), value: random.next(in: 1...3))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.wire.swallowsOutward = window.fault.value & 1 != 0
        simulation.wire.swallowsInward = window.fault.value & 2 != 0
    }

    /// Bytes were lost out of the middle of a stream: no such connection goes on.
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.wire.swallowsOutward = false
        simulation.wire.swallowsInward = false
        simulation.cutConnection()
    }
}
