import FairleadEngine
import FairleadModel

/// N7, R1: the outbound buffer is full, an entry waits behind it, and then somebody cancels what rests at the venue.
struct CancelsWhileBlocked: Fault {
    private static let most = 8

    var name: String { "cancels_while_blocked" }
    var row: String { "N7 R1" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 10...2_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.channel.isBlocked = true
        guard let signal = simulation.entry(of: window.fault) else { return }
        var resting: [ClientOrderID] = []
        _ = simulation.withEngine { engine in engine.forEachLiveOrder { if $0.isResting { resting.append($0.id) } } }
        simulation.send(signal)
        simulation.needsPump = true
        simulation.settle()
        for id in resting.prefix(Self.most) { simulation.operate(OperatorCommand(.cancelOrder, order: id)) }
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.channel.isBlocked = false }
}
