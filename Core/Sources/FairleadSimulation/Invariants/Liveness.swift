import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// L-01: every parent ends. What rests without an end of its own is cancelled when the faults are over; a tombstone
/// stands as long as it is configured to.
final class ParentsEnd: Invariant {
    var id: String { "L-01" }
    var bound: TimeSpan? { .seconds(240) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        let limit = simulation.routerTime + -TimeSpan.seconds(90)
        let since = min(limit, simulation.quietSince)
        return simulation.withEngine { engine in
            var text: String?
            engine.forEachOpenParent { parent in
                // What a person holds waits for that person.
                if parent.stage != .tombstone, !parent.isHeld, parent.acceptedAt < since {
                    text = "\(parent.intent) is \(parent.stage) with \(parent.filled.raw) of \(parent.approved.raw)"
                }
            }
            return text
        } ?? "the router is down"
    }
}

/// L-01: a cancel that somebody wants is asked for until its order has ended: half a minute once the venue is back.
final class CancelsAreFollowed: Invariant {
    static let longest = TimeSpan.seconds(30)
    /// After the last fault: a ban that ends, a listing (L-05, L-10).
    private static let patience = TimeSpan.seconds(65)
    private var since: [ClientOrderID: Timestamp] = [:]

    var id: String { "L-01" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let now = simulation.routerTime
        guard simulation.quietSince != .distantFuture, now > simulation.quietSince + Self.patience else { return }
        var wanted: Set<ClientOrderID> = []
        _ = simulation.withEngine { engine in
            // What is unknown has a rule of its own (L-03).
            engine.forEachLiveOrder {
                if $0.wantsCancel, $0.state != .pendingUnknown, !$0.isAnswerLost { wanted.insert($0.id) }
            }
        }
        try judge(wanted, at: now)
    }

    func judge(_ wanted: Set<ClientOrderID>, at now: Timestamp) throws(Violation) {
        since = since.filter { wanted.contains($0.key) }
        for order in wanted where since[order] == nil { since[order] = now }
        let late = since.filter { now - $0.value > Self.longest }.keys.map(\.description).min()
        if let late { throw Violation(id, "order \(late) is to be cancelled, and lives on") }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        since.removeAll(keepingCapacity: true)
    }
}

/// L-02: positions, open orders and cash are the venue's.
final class LedgersAgree: Invariant {
    private var traded: Set<ExecutionID> = []
    private var booked: Set<ExecutionID> = []

    var id: String { "L-02" }
    var bound: TimeSpan? { .seconds(120) }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh { traded.insert(entry.execution.executionID) }
    }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            if case .filled(let record) = notices[index].notice { booked.insert(record.execution.executionID) }
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        booked = Set(story.fills.keys)
    }

    func missing(_ simulation: borrowing Simulation) -> String? {
        guard let difference = simulation.differences() else { return nil }
        let owed = traded.subtracting(booked).sorted().prefix(4).map { "\($0.value)" }
        return owed.isEmpty ? difference : "\(difference); never booked: executions \(owed.joined(separator: ", "))"
    }
}

/// L-03: no order stays unknown.
final class NothingUnknown: Invariant {
    var id: String { "L-03" }
    var bound: TimeSpan? { .seconds(300) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        guard let count = simulation.withEngine({ $0.unknownOrderCount }) else { return "the router is down" }
        return count == 0 ? nil : "\(count) orders are unknown"
    }
}

/// L-05: reconciled again.
final class ReconciledAgain: Invariant {
    var id: String { "L-05" }
    var bound: TimeSpan? { .seconds(60) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        guard let isReconciled = simulation.withEngine({ $0.venueState.isReconciled }) else {
            return "the router is down"
        }
        return isReconciled ? nil : "not reconciled"
    }
}

/// L-08: every signal has one disposition, and every accepted one its end.
final class SignalsAreDisposed: Invariant {
    var id: String { "L-08" }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        if let twice = story.repeatedAcknowledgements.first {
            throw Violation(id, "signal \(twice) was acknowledged twice")
        }
        for number in story.terms.keys.sorted() where story.acknowledgements[number] == nil {
            if story.cutOff.contains(number) { continue }
            throw Violation(id, "signal \(number) was received and never acknowledged")
        }
        if let twice = story.repeatedClosings.first { throw Violation(id, "\(twice) ended twice") }
        for told in story.accepted {
            let isOpen = story.openParents.contains(told.intent)
            if story.closed[told.intent] == nil, !isOpen {
                throw Violation(id, "\(told.intent) of signal \(told.number) is gone without an end")
            }
        }
    }
}
