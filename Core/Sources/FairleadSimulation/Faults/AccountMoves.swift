import FairleadModel
import FairleadPaper

/// M3: the venue settles funding, every few seconds instead of hours, at rates of either sign; the news of it is lost
/// with its connection, late, or told twice.
struct FundingPaid: Fault {
    var name: String { "funding" }
    var row: String { "M3" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 5_000...600_000)), value: random.next(in: 0...400))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { settle(&window, &simulation) }
    func turn(_ window: inout FaultWindow, _ simulation: inout Simulation) { settle(&window, &simulation) }
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { settle(&window, &simulation) }

    private func settle(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let rate = Rate(raw: window.random.next(in: -500_000...500_000))
        let now = simulation.now
        simulation.server.server.withVenue { $0.settleFunding(rate, at: now) }
        simulation.needsPump = true
        let next = now + .milliseconds(window.random.next(in: 500...20_000))
        simulation.queue.push(.faultTurns(window.fault.number), at: next)
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .funding = message.frame, window.strikes() else { return .pass }
        let later = TimeSpan.milliseconds(window.random.next(in: 1...5_000))
        return window.random.chance(1, in: 2) ? .late(later) : .twice(later)
    }
}

/// M3: the account's margin is used up, and the venue closes its positions by orders of its own. Somebody looks at it
/// and resumes at the fault's end.
struct AccountLiquidated: Fault {
    var name: String { "liquidation" }
    var row: String { "M3" }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...60_000)))
    }

    /// More margin than any account has; once more in the middle, when an exit or a late entry may have begun anew.
    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        demand(Rate(raw: 100_000 * FixedPoint.one), &simulation)
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        demand(.zero, &simulation)
        guard simulation.node != nil else { return }
        simulation.operate(OperatorCommand(.enableSymbol))
        simulation.operate(OperatorCommand(.resume))
    }

    private func demand(_ margin: Rate, _ simulation: inout Simulation) {
        simulation.server.server.withVenue { $0.setMaintenanceMargin(margin) }
        simulation.needsPump = true
    }
}
