import FairleadModel
import FairleadPaper

/// N3, R1: the venue takes fewer requests than the router believes; what is beyond is answered `throttled`.
struct VenueThrottles: Fault {
    var name: String { "throttle" }
    var row: String { "N3 R1" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 1...6))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let limit = PaperRateLimit(
            requests: Int(window.fault.value),
            reserved: 2,
            window: .milliseconds(window.random.next(in: 1_000...20_000)),
            strikes: .max
        )
        simulation.server.server.setRateLimit(limit)
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.server.server.setRateLimit(PaperRateLimit())
    }
}

/// N3: the venue bans the client at its next request, until the fault's end.
struct VenueBans: Fault {
    var name: String { "ban" }
    var row: String { "N3" }
    var presence: UInt64 { 30 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 5_000...(random.chance(1, in: 3) ? 600_000 : 120_000))))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        simulation.server.server.ban(
            client: Simulation.client,
            until: simulation.now + window.fault.lasts
        )
    }
}
