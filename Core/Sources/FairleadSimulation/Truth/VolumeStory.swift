import FairleadModel

/// What the router was told of the market's volume, and what its POV orders were when they were sent.
struct VolumeStory {
    /// A POV's order at its sending.
    struct Participation {
        var order: ClientOrderID
        /// What its parent had filled and this order, 10^-8.
        var exposed: Int64
        /// What the router had been told of trades since its parent was planned, 10^-8.
        var traded: Int64
        /// That its signal asked for; nil for the configured one.
        var asked: Rate?
    }

    private struct Plan {
        var instrument: InstrumentHandle
        var tradedBefore: Int64
        var filled: Int64
        var asked: Rate?
    }

    /// In the order of the journal.
    private(set) var participations: ContiguousArray<Participation> = []
    private var traded: [InstrumentHandle: Int64] = [:]
    private var plans: [IntentID: Plan] = [:]

    mutating func note(_ trade: Trade) { traded[trade.instrument, default: 0] += trade.quantity.raw }

    /// From its plan on, until what is left of it goes out by other rules.
    mutating func note(_ record: ProgressRecord, _ terms: SignalTerms?) {
        guard record.algorithm == .pov else { return }
        switch record.event {
        case .planned:
            plans[record.intent] = Plan(
                instrument: record.instrument,
                tradedBefore: traded[record.instrument] ?? 0,
                filled: record.filled.raw,
                asked: terms?.algorithm.participationRate
            )
        case .sweep: plans[record.intent] = nil
        case .slice, .spreadPause, .spreadResume, .paused, .resumed, .amended, .flatCurve: break
        }
    }

    mutating func note(_ execution: Execution) { plans[execution.id.intent]?.filled += execution.quantity.raw }

    mutating func note(_ change: OrderChange) {
        guard change.from == .created, let plan = plans[change.id.intent] else { return }
        participations.append(
            Participation(
                order: change.id,
                exposed: plan.filled + change.quantity.raw,
                traded: (traded[plan.instrument] ?? 0) - plan.tradedBefore,
                asked: plan.asked
            )
        )
    }
}
