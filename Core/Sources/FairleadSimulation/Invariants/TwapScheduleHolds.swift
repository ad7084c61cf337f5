import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-29: what an algorithm exposes never passes what its plan lets go, and nothing that can raise exposure is sent
/// after the deadline but a final sweep. Reckoned anew from the plan alone, against the venue's own books.
///
/// A TWAP, and a VWAP without a curve: equal slices, none making up for more than the catch-up cap; jitter may bring
/// one forward by half an interval. A VWAP with a curve: no more than its latest slice has let go. A POV: no more than
/// the largest rate of what the market has traded since shortly before it began. An iceberg: no order over what it
/// displays. At the end a POV once more, to the lot: its own rate of what the journal says the router was told.
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
        var algorithm = ExecutionStyle.twap
        /// Of a VWAP that follows a curve: what its slices have let go.
        var curveDue: Int64?
        var instrument = InstrumentHandle.none
        /// Of a POV: the largest rate, and what the market had traded before it.
        var rate = Rate.zero
        var tradedBefore: Int64?
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
            guard record.slices > 0 else {
                approved = record.approved.raw
                return
            }
            guard curveDue == nil else { return }
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
    /// How long a trade may be on its way to the router.
    private static let wireRoom = TimeSpan.seconds(120)
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
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .filled,
                .positionChanged,
                .profitMeasured, .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence, .operatorRefused,
                .alarm, .venueChanged, .policyComputed, .barClosed, .fillMeasured, .markoutMeasured,
                .shortfallMeasured, .funded, .tradeClosed, .riskChanged, .positionDecided:
                break
            }
        }
    }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for intent in simulation.truth.changed {
            guard let exposure = simulation.truth.exposures[intent] else { continue }
            let traded = plans[intent].flatMap { simulation.traded($0.instrument, before: .zero) }
            try judge(intent, exposed: exposure.exposed, traded: traded, at: simulation.routerTime)
        }
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        let settings = simulation.configuration.engine.algorithms
        for sent in story.volume.participations { try judge(sent, settings) }
    }

    func judge(_ sent: VolumeStory.Participation, _ settings: AlgorithmConfiguration) throws(Violation) {
        let rate = Int128(min(sent.asked ?? settings.povRate, settings.povMaximumRate).raw)
        let earned = Int64(clamping: Int128(sent.traded) * rate / (Int128(FixedPoint.one) - rate))
        guard sent.exposed > earned else { return }
        throw Violation(id, "\(sent.order) brings its POV to \(sent.exposed) where its volume has earned \(earned)")
    }

    private func note(_ record: ProgressRecord, at time: Timestamp, _ simulation: borrowing Simulation) {
        let engine = simulation.configuration.engine
        switch record.event {
        case .planned where record.slices > 0:
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
            plan.algorithm = record.algorithm
            plan.instrument = record.instrument
            if record.algorithm == .vwap { plan.curveDue = 0 }
            plans[record.intent] = plan
        case .planned: plans[record.intent] = untimed(record, at: time, simulation)
        case .flatCurve: plans[record.intent]?.curveDue = nil
        case .slice:
            guard let due = plans[record.intent]?.curveDue else { return }
            plans[record.intent]?.curveDue = max(due, record.due.raw)
        case .paused: plans[record.intent]?.heldSince = time
        case .resumed:
            guard var plan = plans[record.intent], let since = plan.heldSince else { return }
            plan.heldSince = nil
            if plan.deadline != .distantFuture { plan.deadline = plan.deadline + (time - since) }
            plans[record.intent] = plan
        case .amended:
            plans[record.intent]?.amend(record)
        case .sweep:
            // What is left goes out once more; of a position it goes on as any exit.
            if plans[record.intent]?.algorithm == .pov { plans[record.intent] = nil }
            if plans[record.intent]?.curveDue != nil { plans[record.intent]?.curveDue = record.approved.raw }
        case .spreadPause, .spreadResume: break
        }
    }

    /// A POV or an iceberg. The trades that were on their way to the router when it began count for it.
    private func untimed(_ record: ProgressRecord, at time: Timestamp, _ simulation: borrowing Simulation) -> Plan {
        var plan = Plan(
            begin: time,
            deadline: record.deadline.isKnown ? record.deadline : .distantFuture,
            interval: .zero,
            slices: 1,
            approved: record.approved.raw,
            lot: simulation.configuration.engine.instruments[Int(record.instrument.index)].terms.lot.raw,
            catchUp: 0
        )
        plan.algorithm = record.algorithm
        plan.instrument = record.instrument
        plan.largestChild = record.algorithm == .iceberg ? record.due.raw : .max
        plan.rate = simulation.configuration.engine.algorithms.povMaximumRate
        plan.tradedBefore = simulation.traded(record.instrument, before: Self.wireRoom)
        return plan
    }

    /// An order that has just been handed out.
    func judge(_ change: OrderChange, at time: Timestamp) throws(Violation) {
        guard let plan = plans[change.id.intent] else { return }
        let isOver = time >= plan.deadline
        if isOver, !change.reduceOnly, time > plan.deadline + Self.sweepRoom {
            throw Violation(id, "order \(change.id) was sent after its algorithm's deadline \(plan.deadline.text())")
        }
        if isOver, change.reduceOnly { return }
        if plan.curveDue == nil, change.quantity.raw > plan.largestChild {
            let excess =
                plan.algorithm == .iceberg
                ? "shows more than \(plan.largestChild)" : "makes up for more than \(plan.catchUp) slices"
            throw Violation(id, "order \(change.id) of \(change.quantity.raw) \(excess)")
        }
    }

    func judge(_ intent: IntentID, exposed: Int64, traded: Int64? = nil, at now: Timestamp) throws(Violation) {
        guard let allowed = allowed(intent, traded: traded, at: now), exposed > allowed else { return }
        throw Violation(id, "\(intent) exposes \(exposed) where its schedule has let go \(allowed) (units of 10^-8)")
    }

    private func allowed(_ intent: IntentID, traded: Int64?, at now: Timestamp) -> Int64? {
        guard let plan = plans[intent] else { return nil }
        switch plan.algorithm {
        case .iceberg: return plan.approved
        case .pov:
            guard let traded, let before = plan.tradedBefore else { return nil }
            let rate = Int128(plan.rate.raw)
            return Int64(clamping: Int128(traded - before) * rate / (Int128(FixedPoint.one) - rate))
        case .auto, .makerFirst, .taker, .adaptive, .twap, .vwap:
            return plan.curveDue ?? plans[intent]?.allow(at: now)
        }
    }
}
