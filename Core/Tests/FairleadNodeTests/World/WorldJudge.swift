import FairleadEngine
import FairleadModel
import FairleadPaper
import Testing

/// What must hold in every world, judged by what left the engine and by the venue's own ledger.
struct WorldJudge {
    /// What risk approved and what was asked, per parent.
    private var approved: [IntentID: Quantity] = [:]
    private var submitted: [ClientOrderID: OrderSubmission] = [:]
    private var requested: [SignalNumber: Quantity] = [:]
    private var numbers: [IntentID: SignalNumber] = [:]
    private var acknowledged: Set<SignalNumber> = []
    private(set) var faults: [String] = []
    private(set) var submits = 0
    /// Orders that were sent to wait at the venue, and reports that one was triggered.
    private(set) var placed = 0
    private(set) var triggered = 0
    private(set) var closed: [ParentOutcome: Int] = [:]
    private(set) var fallbacks: Set<FallbackReason> = []
    private(set) var alarms: Set<AlarmKind> = []
    private(set) var vetoes: Set<VetoReason> = []

    mutating func fault(_ text: String) { faults.append(text) }

    /// Looks at one event and what came of it.
    mutating func look(_ event: Event, _ out: borrowing Outbox, before: TradingState, wasReconciled: Bool) {
        var engages = false
        var resumes = false
        var reconciles = false
        switch event {
        case .operated(let command):
            switch command.action {
            case .halt, .haltFrozen, .kill, .stopEntries: engages = true
            case .resume: resumes = true
            default: break
            }
        case .reconciliationCompleted: reconciles = true
        case .orderReported(let report):
            if report.state == .working, submitted[report.id]?.condition.isNone == false { triggered += 1 }
        default: break
        }
        for notice in out.notices { note(notice) }
        for command in out.commands {
            switch command {
            case .submit(let order):
                submits += 1
                if !order.condition.isNone { placed += 1 }
                if submitted[order.id] != nil { fault("order id used twice: \(order.id)") }
                submitted[order.id] = order
                approved[order.id.intent] = max(approved[order.id.intent] ?? .zero, order.approved)
                if order.isIncreasing { judgeIncrease(engages, resumes, before, wasReconciled || reconciles) }
                if order.isIncreasing, order.collar.raw == 0 { fault("an entry without a price bound") }
                if order.isIncreasing == order.reduceOnly { fault("reduce-only and increasing at once") }
            case .replace(let amendment):
                if amendment.isIncreasing { judgeIncrease(engages, resumes, before, wasReconciled) }
            case .cancel, .query, .reconcile, .reconnect: break
            }
        }
    }

    private mutating func judgeIncrease(_ engages: Bool, _ resumes: Bool, _ before: TradingState, _ reconciled: Bool) {
        if engages { fault("an increasing order in the turn of an engagement") }
        if before != .active, !resumes { fault("an increasing order in state \(before)") }
        if !reconciled { fault("an increasing order before reconciliation") }
    }

    private mutating func note(_ notice: Notice) {
        switch notice {
        case .acknowledged(let acknowledgement):
            if !acknowledged.insert(acknowledgement.number).inserted { fault("acknowledged twice") }
            if !acknowledgement.intent.isNone { numbers[acknowledgement.intent] = acknowledgement.number }
            if let reason = acknowledgement.vetoes.primary { vetoes.insert(reason) }
        case .sized(let record): requested[record.number] = record.requestedQuantity
        case .parentClosed(let record):
            closed[record.outcome, default: 0] += 1
            if record.fallbackReason != .none { fallbacks.insert(record.fallbackReason) }
            if record.filled > record.approved { fault("a parent closed over its size") }
        case .alarm(let alarm): alarms.insert(alarm.kind)
        default: break
        }
    }

    /// S-01 by the venue's own rows: filled and still fillable never exceed what was approved, nor that what was asked.
    mutating func compare(_ venue: borrowing PaperVenue) {
        var exposed: [IntentID: Int64] = [:]
        for (id, _) in submitted {
            guard let row = venue.order(id) else { continue }
            exposed[id.intent, default: 0] += row.isLive ? row.order.quantity.raw : row.filled.raw
        }
        for (intent, sum) in exposed {
            let limit = approved[intent] ?? .zero
            if sum > limit.raw { fault("over-execution: \(intent) exposes \(sum) of \(limit.raw)") }
            guard let number = numbers[intent], let asked = requested[number] else { continue }
            if limit > asked { fault("approved \(limit.raw) of \(asked.raw) asked, signal \(number.value)") }
        }
    }

    /// The executions at the venue: reduce-only never grows or turns a position, post-only never takes.
    mutating func judgeExecutions(_ venue: borrowing PaperVenue) {
        var positions: [PositionKey: Int64] = [:]
        for offset in 0..<venue.ledger.executionCount {
            let execution = venue.execution(at: offset, client: PaperVenue.embeddedClient)
            let key = PositionKey(execution.instrument, execution.positionSide)
            let before = positions[key] ?? 0
            let after = before + execution.side.sign * execution.quantity.raw
            positions[key] = after
            guard let order = submitted[execution.id] else { continue }
            if order.reduceOnly, abs(after) > abs(before) || before.signum() * after.signum() < 0 {
                fault("reduce-only took the position from \(before) to \(after)")
            }
            if order.type == .postOnly, execution.liquidity == .taker { fault("post-only took") }
        }
    }
}
