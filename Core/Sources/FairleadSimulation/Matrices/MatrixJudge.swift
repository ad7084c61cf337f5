import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// The judge of one life in a matrix: the recovery theorem's (a) to (d), and the safety rules that a single life can
/// break, on the venue's truth. The first broken rule stands.
struct MatrixJudge {
    private(set) var violation: Violation?
    /// States that orders were seen in.
    private(set) var states: Set<OrderState> = []
    /// Filled of each accepted signal, from the journal.
    private(set) var filled: [Digest128: Int64] = [:]
    private var truth = VenueTruth()
    /// The disk takes nothing more: exits may leave all the same, and the journal need not know them (RELIABILITY D2).
    var isJournalTroubled = false
    private var undurable: Set<ClientOrderID> = []
    private var submitted: [ClientOrderID: PaperOrder] = [:]
    /// In the order in which they left.
    private var orders: ContiguousArray<PaperOrder> = []
    private var requested: [SignalNumber: Quantity] = [:]
    private var approvals: [SignalNumber: Quantity] = [:]
    private var reader = PaperFrameReader()

    mutating func fail(_ rule: String, _ text: String) {
        if violation == nil { violation = Violation(rule, text) }
    }

    /// A process begins: the numbers of signals that the journal has lost are given again.
    mutating func restarted() {
        reader = PaperFrameReader()
        requested = [:]
        approvals = [:]
    }

    mutating func connected() { reader = PaperFrameReader() }

    // MARK: - What the router says

    mutating func note(_ entry: NoticeEntry) {
        switch entry.notice {
        case .sized(let record):
            if record.requestedQuantity > .zero { requested[record.number] = record.requestedQuantity }
        case .riskDecided(let record): approvals[record.number, default: .zero] += record.approvedQuantity
        case .orderChanged(let change):
            states.insert(change.from)
            states.insert(change.to)
        case .acknowledged, .routed, .armChosen, .riskRow, .filled, .positionChanged, .parentClosed, .levelChanged,
            .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .venueChanged, .policyComputed, .barClosed,
            .operatorRefused, .profitMeasured,
            .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
            .positionDecided:
            break
        }
    }

    mutating func approve(_ told: SignalAcknowledgement, _ approved: Quantity?) {
        let limit = approved ?? approvals[told.number] ?? .zero
        truth.approve(told.intent, limit, requested: requested[told.number])
    }

    // MARK: - What the router sends

    /// Bytes that reach the venue, whole frames or the beginning of one: (a) no order twice.
    mutating func left(_ bytes: ContiguousArray<UInt8>) {
        reader.append(bytes.span)
        do throws(PaperFrameError) {
            while let message = try reader.next() {
                if case .submit(let order) = message.frame {
                    if submitted.updateValue(order, forKey: order.id) != nil {
                        fail("a", "order \(order.id) was sent twice")
                    }
                    orders.append(order)
                    if isJournalTroubled, order.reduceOnly { undurable.insert(order.id) }
                    truth.left(order)
                }
                if case .amend(let amendment) = message.frame { truth.left(amendment) }
            }
        } catch {
            fail("S-15", "the router wrote bytes that are no frame: \(error)")
        }
    }

    /// Of a write that begins after `engage` has returned (S-11).
    mutating func mustNotIncrease(_ bytes: ContiguousArray<UInt8>) {
        for message in Self.messages(bytes) {
            if case .submit(let order) = message.frame, !order.reduceOnly {
                fail("S-11", "order \(order.id) left after the kill switch was engaged")
            }
            if case .amend(let amendment) = message.frame, let order = submitted[amendment.id], !order.reduceOnly,
                amendment.quantity > order.quantity
            {
                fail("S-11", "a larger amendment of \(order.id) left after the kill switch was engaged")
            }
        }
    }

    static func holdsEntry(_ bytes: ContiguousArray<UInt8>) -> Bool {
        messages(bytes).contains { if case .submit(let order) = $0.frame { !order.reduceOnly } else { false } }
    }

    private static func messages(_ bytes: ContiguousArray<UInt8>) -> [PaperMessage] {
        var reader = PaperFrameReader()
        reader.append(bytes.span)
        var found: [PaperMessage] = []
        do throws(PaperFrameError) { while let message = try reader.next() { found.append(message) } } catch {
            return found
        }
        return found
    }

    // MARK: - What the venue does

    /// S-01 and S-08, whenever the venue's ledger has moved.
    mutating func look(at server: borrowing PaperServer, client: UInt32) {
        if truth.isBehind(server.venue) { truth.look(at: server.venue, client: client) }
        for intent in truth.changed {
            guard let exposure = truth.exposures[intent] else { continue }
            if exposure.exposed > exposure.approved.raw {
                fail("S-01", "\(intent) exposes \(exposure.exposed) of \(exposure.approved.raw) approved")
            }
            if let asked = exposure.requested, exposure.approved > asked {
                fail("S-01", "\(intent): \(exposure.approved.raw) approved of \(asked.raw) asked")
            }
        }
        for entry in truth.fresh where entry.execution.liquidity == .taker {
            if submitted[entry.execution.id]?.type == .postOnly { fail("S-08", "\(entry.execution.id) took") }
        }
        truth.forgetChanges()
    }

    // MARK: - The end

    /// The journal as another process reads it, against the venue's ledger.
    mutating func verify(
        _ story: JournalStory,
        _ server: borrowing PaperServer,
        state: Digest256?,
        commands: Digest256?
    ) {
        if let refusal = story.refusal { fail("S-23", "the journal does not replay: \(refusal)") }
        if story.result?.stateHash != state { fail("S-23", "the replay arrives at another state") }
        if story.result?.commandHash != commands { fail("S-23", "the replay gives other commands") }
        verifyFills(story, server)
        for order in orders where !undurable.contains(order.id) {
            guard let intent = story.submits[order.id] else {
                fail("S-16", "the venue was sent \(order.id), of which the journal knows nothing")
                continue
            }
            if PaperOrderTerms(intent) != PaperOrderTerms(order) {
                fail("S-16", "other terms of \(order.id) were sent")
            }
        }
        verifySignals(story)
    }

    /// (b) each execution of the venue exactly once.
    private mutating func verifyFills(_ story: JournalStory, _ server: borrowing PaperServer) {
        if let twice = story.repeatedFills.first { fail("b", "execution \(twice.value) is booked twice") }
        let count = server.venue.ledger.executionCount
        if story.fills.count != count { fail("b", "\(story.fills.count) fills are booked, the venue has \(count)") }
        for offset in 0..<count {
            let theirs = server.venue.ledger.execution(at: offset).execution
            guard let ours = story.fills[theirs.executionID]?.execution else {
                fail("b", "execution \(theirs.executionID.value) was never booked")
                continue
            }
            let isSame =
                ours.price == theirs.price && ours.quantity == theirs.quantity && ours.side == theirs.side
                && ours.fee == theirs.fee && ours.instrument == theirs.instrument
            if !isSame { fail("b", "execution \(theirs.executionID.value) differs from the venue's") }
        }
        if story.adjustments.values.contains(where: { $0 != 0 }) { fail("b", "a position was set right beside fills") }
    }

    /// S-02 and L-08: one parent for a signal id, one disposition for a signal, one end for a parent.
    private mutating func verifySignals(_ story: JournalStory) {
        if let twice = story.repeatedAcknowledgements.first { fail("L-08", "signal \(twice) was acknowledged twice") }
        // A crash may leave a signal's terms without its event: nobody was answered, and the sender's next try counts.
        let disposed = Set(story.acknowledgements.keys.compactMap { story.terms[$0]?.digest })
        for (number, terms) in story.terms.sorted(by: { $0.key.value < $1.key.value })
        where !disposed.contains(terms.digest) {
            fail("L-08", "signal \(number) was never acknowledged")
        }
        var first: Set<Digest128> = []
        for told in story.accepted {
            guard let terms = story.terms[told.number] else { continue }
            if !first.insert(terms.digest).inserted { fail("S-02", "signal \(told.number): two parents of one id") }
            guard let closed = story.closed[told.intent] else {
                fail("L-08", "\(told.intent) is gone without an end")
                continue
            }
            if closed.filled > .zero { filled[terms.digest] = closed.filled.raw }
        }
        if let twice = story.repeatedClosings.first { fail("L-08", "\(twice) ended twice") }
    }
}
