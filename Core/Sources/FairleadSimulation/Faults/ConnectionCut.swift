import FairleadMarketData
import FairleadModel

/// N1: the connection is lost after a count of bytes, wherever that is in a frame of either direction.
struct ConnectionCut: Fault {
    var name: String { "cut" }
    var row: String { "N1" }
    var presence: UInt64 { 80 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        // Half of them soon: inside the frames of an order rather than of the market.
        FaultShape(value: random.chance(1, in: 2) ? random.next(in: 0...400) : random.next(in: 0...20_000))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        if window.fault.value == 0 {
            simulation.cutConnection()
        } else {
            simulation.wire.bytesUntilCut = Int(window.fault.value)
        }
    }
}
