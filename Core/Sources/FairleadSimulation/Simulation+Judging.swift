import FairleadEngine
import FairleadModel
import FairleadNode
import FairleadPaper

/// What is shown to the judges, and when.
extension Simulation {
    /// Runs one check; its violation ends the seed.
    mutating func judge(_ check: (borrowing Simulation) throws(Violation) -> Void) {
        guard report.violation == nil else { return }
        do throws(Violation) { try check(self) } catch { fail(error) }
    }

    /// After each pump: what the node told.
    mutating func readNotices() {
        fresh.removeAll(keepingCapacity: true)
        guard let end = node?.notices.end, end > noticeCursor else { return }
        var told: ContiguousArray<NoticeEntry> = []
        swap(&told, &fresh)
        var cursor = noticeCursor
        var lost: UInt64 = 0
        switch node {
        case .some(let node): lost = node.notices.read(from: &cursor) { told.append($0) }
        case .none: break
        }
        noticeCursor = cursor
        fresh = told
        if lost > 0 { fail(Violation("S-28", "\(lost) notices were overwritten within one pump")) }
        for entry in fresh { note(entry) }
        look()
        let shown = fresh
        for invariant in invariants {
            judge { (simulation) throws(Violation) in try invariant.pumped(shown, simulation) }
        }
        pumpsSinceCheck += 1
        if pumpsSinceCheck >= checkInterval {
            pumpsSinceCheck = 0
            node?.checkInvariants()
        }
    }

    private mutating func note(_ entry: NoticeEntry) {
        trace.note(.notice(entry), at: now)
        switch entry.notice {
        case .sized(let record):
            // A number may come again after a loss of power; a whole position asks for no quantity.
            requested[record.number] = record.requestedQuantity > .zero ? record.requestedQuantity : nil
            approvals[record.number] = nil
        case .riskDecided(let record): approvals[record.number, default: .zero] += record.approvedQuantity
        case .acknowledged(let told): if told.disposition == .accepted { approve(told) }
        case .filled: report.fills += 1
        // What an order comes to while a fault lasts, it comes to under that fault.
        case .orderChanged(let change): for window in windows { report.marks.add(window.kind.name, change.to) }
        case .routed, .armChosen, .riskRow, .positionChanged, .parentClosed, .levelChanged, .tradingStateChanged,
            .riskModeChanged,
            .divergence, .alarm, .venueChanged, .policyComputed, .barClosed, .operatorRefused, .profitMeasured,
            .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
            .positionDecided:
            break
        }
    }

    /// What risk let pass: the parent's own word where it still is open, else the sum of the decisions.
    private mutating func approve(_ told: SignalAcknowledgement) {
        report.parents += 1
        var approved: Quantity?
        _ = withEngine { engine in
            engine.forEachOpenParent { if $0.intent == told.intent { approved = $0.approved } }
        }
        let limit = approved ?? approvals[told.number] ?? .zero
        truth.approve(told.intent, limit, requested: requested[told.number])
    }

    /// The frames that the router has just written go to the judges, then on the wire.
    mutating func takeWritten() {
        guard !channel.written.isEmpty else { return }
        let bytes = channel.written
        channel.written = []
        writeReader.append(bytes.span)
        do throws(PaperFrameError) {
            while let message = try writeReader.next() { note(message) }
        } catch {
            fail(Violation("S-15", "the router wrote bytes that are no frame: \(error)"))
        }
        wire.sendOutward(bytes, at: now)
    }

    private mutating func note(_ message: PaperMessage) {
        switch message.frame {
        case .submit(let order):
            report.orders += 1
            truth.left(order, number: message.number)
            trace.note(.frame("sends", message), at: now)
        case .amend(let amendment):
            truth.left(amendment)
            trace.note(.frame("sends", message), at: now)
        case .cancel, .query, .list: trace.note(.frame("sends", message), at: now)
        case .hello, .subscribe, .timeRequest, .ping, .pong, .goodbye, .halt, .welcome, .instrument, .accepted,
            .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected, .reported,
            .notFound, .forgotten, .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount,
            .listingEnded, .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error,
            .funding, .listedFunding:
            break
        }
        for invariant in invariants {
            judge { (simulation) throws(Violation) in try invariant.wrote(message, simulation) }
        }
    }

    /// Brings the truth up to date where the venue has moved, and shows it.
    mutating func look() {
        var truth = VenueTruth()
        swap(&truth, &self.truth)
        let client = clientNumber
        _ = withVenue { venue in if truth.isBehind(venue) { truth.look(at: venue, client: client) } }
        swap(&truth, &self.truth)
        guard !self.truth.changed.isEmpty || !self.truth.fresh.isEmpty else { return }
        for invariant in invariants { judge { (simulation) throws(Violation) in try invariant.venueMoved(simulation) } }
        report.executions += self.truth.fresh.count
        self.truth.forgetChanges()
    }
}
