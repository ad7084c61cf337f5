import FairleadModel

/// N7, G1: the outbound buffer stays full, and a signal comes whose end passes while its order waits behind it.
struct ExpiryWhileBlocked: Fault {
    var name: String { "expiry_while_blocked" }
    var row: String { "N7 G1" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 300...4_500)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.channel.isBlocked = true
        guard var signal = simulation.entry(of: window.fault) else { return }
        signal.orderType = .market
        signal.timeInForce = .gtc
        signal.style = .taker
        signal.lifetime = TimeSpan(nanoseconds: window.fault.lasts.nanoseconds / 2)
        simulation.send(signal)
        simulation.needsPump = true
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.channel.isBlocked = false }
}
