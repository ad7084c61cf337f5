import FairleadModel
import FairleadPaper

/// N4, O1: only the news of fills come late: behind the word that the order was cancelled or has ended, up to minutes.
struct FillsLate: Fault {
    var name: String { "late_fill" }
    var row: String { "N4 O1" }
    var reach: FaultReach { .answers }
    var presence: UInt64 { 80 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...300_000)), value: random.next(in: 100...1_000))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .filled = message.frame, window.strikes() else { return .pass }
        let longest: Int64 = window.random.chance(1, in: 6) ? 180_000 : 3_000
        return .late(.milliseconds(window.random.next(in: 1...longest)))
    }
}

/// N4: executions of long ago are told again, of ended orders and of earlier lives of the router too.
struct FillsRetold: Fault {
    /// How far back the venue remembers; below the router's window of executions.
    static let reach = 2_000

    var name: String { "retold_fill" }
    var row: String { "N4" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: random.next(in: 1...20)) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        for _ in 0..<window.fault.value {
            let luck = window.random.next()
            let execution = simulation.server.server.withVenue { venue -> Execution? in
                let count = min(venue.ledger.executionCount, Self.reach)
                guard count > 0 else { return nil }
                let back = Int(luck % UInt64(count)) + 1
                return venue.execution(at: venue.ledger.executionCount - back, client: Simulation.client)
            }
            if let execution { simulation.tell(.filled(execution)) }
        }
    }
}
