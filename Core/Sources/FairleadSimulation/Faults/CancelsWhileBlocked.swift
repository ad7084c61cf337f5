import FairleadEngine
import FairleadModel

/// N7, R1: an order rests; then the outbound buffer is full, an entry waits behind it, and somebody cancels what rests.
struct CancelsWhileBlocked: Fault {
    private static let most = 8

    var name: String { "cancels_while_blocked" }
    var row: String { "N7 R1" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 600...4_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let half = TimeSpan(nanoseconds: window.fault.lasts.nanoseconds / 2)
        simulation.queue.push(.faultTurns(window.fault.number), at: simulation.now + half)
        guard var signal = simulation.entry(of: window.fault) else { return }
        signal.orderType = .limit
        signal.timeInForce = .gtc
        signal.offsetTicks = 40
        signal.lifetime = .zero
        simulation.send(signal)
        simulation.needsPump = true
    }

    func turn(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.channel.isBlocked = true
        guard var signal = simulation.entry(of: window.fault, isSecond: true) else { return }
        // Another instrument: the first one's rules for entries in a row don't hold it back.
        signal.instrument = InstrumentHandle((Int(signal.instrument.index) + 1) % window.terms.count)
        var resting: [ClientOrderID] = []
        _ = simulation.withEngine { engine in engine.forEachLiveOrder { if $0.isResting { resting.append($0.id) } } }
        simulation.send(signal)
        simulation.needsPump = true
        simulation.settle()
        for id in resting.prefix(Self.most) { simulation.operate(OperatorCommand(.cancelOrder, order: id)) }
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.channel.isBlocked = false }
}
