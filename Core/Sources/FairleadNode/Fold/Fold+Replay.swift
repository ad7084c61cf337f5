import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper

/// Feeding a journal. What the embedded venue, the embedded market and the guard said is computed again and compared.
extension Fold {
    /// Applies one input. `next` is the record after it: a kill word that stood in the way shows only in what was
    /// refused next.
    ///
    /// Market references are the caller's: it plays the tape up to them (`applyTape`).
    mutating func replay(
        _ body: RecordBody,
        at recorded: Timestamp,
        sequence: UInt64,
        next: Event?
    ) throws(NodeError) {
        switch body {
        case .event(let event): try replay(event, at: recorded, sequence: sequence, next: next)
        case .signalTerms(let terms):
            lastSignal = max(lastSignal, terms.number)
            engine.stage(terms)
        case .text(let text): try restore(text, sequence: sequence)
        case .configuration(let record): stagedConfiguration = try Self.decode(record)
        case .marketReference, .manifest, .snapshotMark, .seal, .note: break
        }
    }

    static func decode(_ record: ConfigurationRecord) throws(NodeError) -> ResolvedConfiguration {
        switch ConfigurationDecoder.decodeCanonical(record.document) {
        case .success(let configuration): return configuration
        case .failure(let errors): throw .configuration(errors)
        }
    }

    private mutating func restore(_ text: TextRecord, sequence: UInt64) throws(NodeError) {
        switch text.kind {
        case .signalID: lastSignal = max(lastSignal, SignalNumber(value: text.key))
        case .strategyName:
            guard names.restore(text.text, index: text.key) else { throw .strategyName(sequence: sequence) }
        case .overrideReason: note(reason: text.text, of: text.key)
        case .meta, .refusal: break
        }
    }

    private mutating func replay(
        _ event: Event,
        at recorded: Timestamp,
        sequence: UInt64,
        next: Event?
    ) throws(NodeError) {
        // What waited when a life ended never left in it, and the next one begins by giving it up.
        if case .epochOpened = event { egressWake = .distantFuture }
        while isEmbedded && egressWake <= recorded && !hasEdgeEvents {
            let engaged = engagedBefore(event)
            drainEmbedded(engaged: engaged, at: egressWake)
        }
        try confirm(event, at: recorded, sequence: sequence)
        apply(event, at: recorded, cause: sequence)
        release(next: next)
    }

    /// One record of a tape, which the journal only refers to; `levels` are those of depth. True when the engine took
    /// an event of it.
    mutating func replayTape(
        _ record: MarketRecord,
        _ levels: ContiguousArray<DepthLevel>,
        cause sequence: UInt64
    ) -> Bool {
        let now = max(record.time, time)
        while isEmbedded && egressWake <= now && !hasEdgeEvents { drainEmbedded(engaged: [], at: egressWake) }
        if case .depth(let update) = record.content {
            applyTape(update, levels, at: now, ordinal: record.ordinal)
            return false
        }
        guard let event = record.content.event else { return false }
        let number = record.content.updateID
        applyTape(event, updateID: number, at: now, ordinal: record.ordinal, cause: sequence)
        release(next: nil)
        return true
    }

    /// What the journal's commands did: given to the embedded venue again, or assumed to have left for another one.
    private mutating func release(next: Event?) {
        if isEmbedded {
            let engaged = engagedBefore(next)
            drainEmbedded(engaged: engaged)
        } else {
            while let command = queue.takeFirst() { released(command, at: time) }
        }
    }

    /// Compares what is computed again with what the journal says.
    private mutating func confirm(_ event: Event, at recorded: Timestamp, sequence: UInt64) throws(NodeError) {
        if let expected = edge.first {
            try compare(expected, event, sequence)
            _ = nextEdgeEvent()
            return
        }
        switch event {
        case .epochOpened, .configured, .timer, .operated, .riskOrdered, .positionOrdered,
            .signalReceived, .signalRefused:
            break
        case .quoted, .traded, .marked: try confirmMarket(event, at: recorded, sequence: sequence)
        case .barReported(let bar):
            guard let expected = takeBackfill() else { return }
            try compare(.barReported(expected), .barReported(bar), sequence)
        case .haltReported(let report):
            // Nothing in the journal halts an embedded venue but its own word of it.
            if isEmbedded { venue?.confirmHalt(report, at: recorded) }
            try confirmVenue(event, at: recorded, sequence: sequence)
        case .egressRefused(let refused):
            if isEmbedded { abandon(refused.id) }
        case .neverSent(let id):
            if isEmbedded { abandon(id) }
        case .orderAccepted, .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected,
            .orderReplaced, .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .venueConnected, .venueDisconnected, .venueThrottled, .venueBanned,
            .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .fundingPaid:
            try confirmVenue(event, at: recorded, sequence: sequence)
        }
    }

    /// The session's end refused what waited, before the engine heard of it.
    private mutating func abandon(_ id: ClientOrderID) {
        if !queue.removeSubmit(id) { _ = queue.removeReplace(id) }
    }

    private mutating func confirmVenue(
        _ event: Event,
        at recorded: Timestamp,
        sequence: UInt64
    ) throws(NodeError) {
        guard isEmbedded else { return }
        guard let due = venue?.nextEvent(through: recorded) else {
            throw difference(at: sequence, computed: "no venue event", found: event)
        }
        try compare(due.event, event, sequence)
    }

    /// Market events that a full journal had to leave out are passed over.
    private mutating func confirmMarket(
        _ event: Event,
        at recorded: Timestamp,
        sequence: UInt64
    ) throws(NodeError) {
        guard market != nil else { return }
        resumeMarket(at: recorded)
        for _ in 0..<Self.passedOverLimit {
            guard let made = nextMarketEvent(through: recorded) else { break }
            if made.event.isSame(as: event) { return }
        }
        throw difference(at: sequence, computed: "another market event", found: event)
    }

    /// Far more than a full disk's worth of market events.
    private static let passedOverLimit = 100_000_000

    private func compare(_ expected: Event, _ found: Event, _ sequence: UInt64) throws(NodeError) {
        if expected.isSame(as: found) { return }
        throw difference(at: sequence, computed: "\(expected)", found: found)
    }

    private func difference(at sequence: UInt64, computed: String, found: Event) -> NodeError {
        let symbol = found.marketInstrument.map { configuration.engine.instruments[Int($0.index)].symbol + " " } ?? ""
        return .diverged(
            sequence: sequence,
            fact: symbol + found.name.replacing("_", with: " "),
            detail: "computed \(computed), the journal says \(found)"
        )
    }

    /// What stood on the kill word at this drain. It shows in the record that follows: the refusal of an order that the
    /// guard alone would have let pass. The word is sampled once for all orders of a drain, and refusals follow each
    /// other in the journal, so that one record tells of all.
    private mutating func engagedBefore(_ next: Event?) -> KillBits {
        guard case .egressRefused(let refused) = next else { return [] }
        switch refused.reason {
        case .tradingState:
            // An order that reduces is refused only by a freeze. One that isn't in the queue was refused just before.
            if let isIncreasing = queue.isIncreasing(refused.id) {
                assumedEngaged = isIncreasing ? .halt : [.halt, .frozen]
            }
            return assumedEngaged
        case .notDurable: return .journal
        case .notConnected, .notReconciled, .collar, .overParent, .throttled, .expired, .offGrid, .queueFull: return []
        }
    }

    // MARK: - The embedded market

    /// A gap after which the synthetic market goes on instead of catching up: a suspended machine, a stopped engine.
    static let marketGap = TimeSpan.seconds(10)

    mutating func resumeMarket(at now: Timestamp) {
        guard let due = market?.nextTime, now - due > Self.marketGap else { return }
        market?.resume(at: now)
    }

    /// The market's next event, when it is due.
    mutating func nextMarketEvent(through limit: Timestamp) -> (time: Timestamp, event: Event)? {
        guard let due = market?.nextTime, due <= limit else { return nil }
        return market?.next()
    }

    mutating func takeBackfill() -> BarReport? {
        guard backfillTaken < backfill.count else { return nil }
        let bar = backfill[backfillTaken]
        backfillTaken += 1
        if backfillTaken == backfill.count {
            backfill = []
            backfillTaken = 0
        }
        return bar
    }
}

extension Event {
    /// Whose market it tells of; nil for a fact of another kind.
    fileprivate var marketInstrument: InstrumentHandle? {
        switch self {
        case .quoted(let quote): quote.instrument
        case .traded(let trade): trade.instrument
        case .marked(let mark): mark.instrument
        case .barReported(let bar): bar.instrument
        case .haltReported(let report): report.instrument
        case .epochOpened, .configured, .timer, .operated, .riskOrdered, .signalReceived, .signalRefused,
            .orderAccepted, .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected,
            .orderReplaced, .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .fundingPaid, .positionOrdered:
            nil
        }
    }

    /// The same fact, in every field.
    func isSame(as other: Event) -> Bool {
        // The events of the market, compared without their bytes: there are most of them.
        if case .quoted(let a) = self, case .quoted(let b) = other { return a == b }
        if case .traded(let a) = self, case .traded(let b) = other { return a == b }
        if case .marked(let a) = self, case .marked(let b) = other { return a == b }
        return EventCodec.encode(self) == EventCodec.encode(other)
    }
}
