import FairleadModel
import FairleadPaper

/// N1, G1: the connection is cut, the next one's listing is asked for late, and signals come before it is there.
struct SignalsWhileListing: Fault {
    private static let signals = 12

    var name: String { "signals_while_listing" }
    var row: String { "N1 G1" }
    var reach: FaultReach { .requests }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 3_000...10_000)), value: random.next(in: 200...4_000))
    }

    /// Signals of the schedule come early, and their own turn repeats their ids.
    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.cutConnection()
        let count = simulation.scenario.signals.count
        guard count > 0 else { return }
        let first = Int(window.random.next(below: UInt64(count)))
        for number in 0..<Self.signals {
            let after = TimeSpan.milliseconds(window.random.next(in: 200...9_000))
            simulation.queue.push(.signal((first + number) % count), at: simulation.now + after)
        }
    }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .list = message.frame else { return .pass }
        return .late(.milliseconds(window.fault.value))
    }
}
