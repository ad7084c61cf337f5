import FairleadModel

/// G1: two signals of one moment that want the opposite of each other.
struct SignalsContradict: Fault {
    var name: String { "contradiction" }
    var row: String { "G1" }
    var placements: FaultPlacements { .everywhere }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: random.next(in: 1...40)) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        var signal = ScheduledSignal.plain(window, 0)
        simulation.send(signal)
        signal.number += 1
        signal.side = signal.side.opposite
        simulation.send(signal)
    }
}

/// G1: hundreds of signals at once, more than the inbox takes: what it refuses is counted, what it takes is answered.
struct SignalFlood: Fault {
    var name: String { "flood" }
    var row: String { "G1" }
    var placements: FaultPlacements { .everywhere }
    var presence: UInt64 { 20 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: random.next(in: 100...1_500)) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        var signal = ScheduledSignal.plain(window, 0)
        signal.manner = .flood
        signal.value = window.fault.value
        signal.lots = 2
        simulation.send(signal)
    }
}

extension ScheduledSignal {
    /// An entry at market that a fault sends, with a number of its own.
    static func plain(_ window: FaultWindow, _ place: Int) -> ScheduledSignal {
        var random = window.random
        return ScheduledSignal(
            number: 1_000_000 + window.fault.number * 10 + place,
            at: window.fault.at,
            manner: .plain,
            instrument: InstrumentHandle(Int(random.next(below: UInt64(window.terms.count)))),
            side: random.chance(1, in: 2) ? .buy : .sell,
            intent: .entry,
            lots: max(1, window.fault.value % 50),
            orderType: .market,
            timeInForce: .gtc,
            offsetTicks: 0,
            lifetime: .zero,
            style: .auto,
            takeProfitTicks: 0,
            stopLossTicks: 0,
            value: 0
        )
    }
}
