import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-29: what a TWAP exposes never passes its schedule, no slice makes up for more than the catch-up cap, and nothing
/// that can raise exposure is sent after the deadline but the final sweep. Reckoned anew from the plan alone, against
/// the venue's own books; jitter may bring a slice forward by half an interval.
final class TwapScheduleHolds: Invariant {
    struct Plan {
        var begin: Timestamp
        var deadline: Timestamp
        var interval: TimeSpan
        var slices: Int64
        var approved: Int64
        var lot: Int64
        var catchUp: Int64
        /// What was allowed so far: a clock that is set back takes nothing back.
        var allowed: Int64 = 0
        var heldSince: Timestamp?
        var isAmended = false
        /// What an amendment has found let go: the shares begin anew beyond it.
        var base: Int64 = 0
        /// The largest child; an amendment shares anew among fewer slices, each up to twice as large.
        var largestChild: Int64 = 0

        /// Equal shares, odd lots to the first slices: the sum of so many of them.
        func sum(_ count: Int64) -> Int64 {
            if count >= slices { return approved }
            let lots = approved / lot
            return (lots / slices * count + min(count, lots % slices)) * lot
        }

        /// The slices that may have begun by a moment.
        mutating func allow(at now: Timestamp) -> Int64 {
            let since = (now - begin).nanoseconds + interval.nanoseconds / 2
            let begun = since < 0 ? 0 : 1 + since / max(1, interval.nanoseconds)
            allowed = max(allowed, base + sum(begun))
            return allowed
        }

        mutating func amend(_ record: ProgressRecord) {
            // Where the slice at work has become the last, it takes the rest.
            allowed = max(allowed, record.due.raw)
            // With fewer slices it ends earlier: the end of the slice at work has no jitter any more, and may be past.
            deadline = min(deadline, record.deadline)
            guard record.slices > 0 else { return }
            if !isAmended { largestChild *= 2 }
            isAmended = true
            base = record.due.raw
            approved = record.approved.raw - record.due.raw
            slices = Int64(record.slices - record.slice)
            // The boundary itself may lie half an interval late.
            begin = record.until + TimeSpan(nanoseconds: -interval.nanoseconds / 2)
        }
    }

    /// The answer to a cancel at the deadline may take as long as any answer.
    private static let sweepRoom = TimeSpan.seconds(5)
    private(set) var plans: [IntentID: Plan] = [:]

    var id: String { "S-29" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            switch notices[index].notice {
            case .progressed(let record): note(record, at: notices[index].time, simulation)
            case .orderChanged(let change) where change.from == .created:
                try judge(change, at: notices[index].time)
            case .parentClosed(let record): plans[record.intent] = nil
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .orderChanged, .filled, .positionChanged,
                .profitMeasured, .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence, .operatorRefused,
                .alarm, .venueChanged, .policyComputed, .barClosed, .fillMeasured, .markoutMeasured,
                .shortfallMeasured, .funded, .tradeClosed:
                break
            }
        }
    }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for intent in simulation.truth.changed {
            guard let exposure = simulation.truth.exposures[intent] else { continue }
            try judge(intent, exposed: exposure.exposed, at: simulation.routerTime)
        }
    }

    private func note(_ record: ProgressRecord, at time: Timestamp, _ simulation: borrowing Simulation) {
        let engine = simulation.configuration.engine
        switch record.event {
        case .planned:
            let slices = Int64(record.slices)
            let lot = engine.instruments[Int(record.instrument.index)].terms.lot.raw
            let catchUp = Int64(engine.twap.catchUpSlices)
            var plan = Plan(
                begin: time,
                deadline: record.deadline,
                interval: TimeSpan(nanoseconds: (record.deadline - time).nanoseconds / slices),
                slices: slices,
                approved: record.approved.raw,
                lot: lot,
                catchUp: catchUp
            )
            // A slice's own share and those that it may make up for; what lies off the grid is the last one's.
            let share = (plan.approved / lot + slices - 1) / slices * lot + plan.approved % lot
            plan.largestChild = share * (1 + catchUp)
            plans[record.intent] = plan
        case .paused: plans[record.intent]?.heldSince = time
        case .resumed:
            guard var plan = plans[record.intent], let since = plan.heldSince else { return }
            plan.heldSince = nil
            plan.deadline = plan.deadline + (time - since)
            plans[record.intent] = plan
        case .amended:
            plans[record.intent]?.amend(record)
        case .slice, .spreadPause, .spreadResume, .sweep: break
        }
    }

    /// An order that has just been handed out.
    func judge(_ change: OrderChange, at time: Timestamp) throws(Violation) {
        guard let plan = plans[change.id.intent] else { return }
        let isOver = time >= plan.deadline
        if isOver, !change.reduceOnly, time > plan.deadline + Self.sweepRoom {
            throw Violation(id, "order \(change.id) was sent after its TWAP's deadline \(plan.deadline.text())")
        }
        if isOver, change.reduceOnly { return }
        if change.quantity.raw > plan.largestChild {
            throw Violation(
                id,
                "order \(change.id) of \(change.quantity.raw) makes up for more than \(plan.catchUp) slices"
            )
        }
    }

    func judge(_ intent: IntentID, exposed: Int64, at now: Timestamp) throws(Violation) {
        guard let allowed = plans[intent]?.allow(at: now), exposed > allowed else { return }
        throw Violation(id, "\(intent) exposes \(exposed) where its schedule has let go \(allowed) (units of 10^-8)")
    }
}
