import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper

extension Node {
    // MARK: - The pump

    /// Does all that is due: what arrived, what the clock brought, what may leave. Call it after each `offer`, each
    /// callback of the channel, each wake of the committer, and at `nextWake`.
    public mutating func pump() {
        precondition(!isPumping, "Invariant: pump is never entered twice")
        isPumping = true
        pumpTime = readClock()
        stepsLeft = capacities.stepsPerPump
        hasMore = false
        checkJournal()
        acknowledgeKill()
        takeLink()
        compareClocks()
        advance(to: pumpTime)
        takeOperators()
        takeRiskOrders()
        takePositionOrders()
        takeConfiguration()
        takeSignals()
        takeMarket()
        advance(to: pumpTime)
        releaseRemote()
        keepBooks()
        nextWake = wakeTime()
        isPumping = false
    }

    private mutating func wakeTime() -> Timestamp {
        if hasMore { return .never }
        var wake = min(fold.engine.nextTimer, remoteWake)
        if fold.isEmbedded { wake = min(wake, min(fold.egressWake, fold.venue?.nextTime ?? .distantFuture)) }
        wake = min(wake, fold.market?.nextTime ?? .distantFuture)
        return min(wake, link?.session.wakeAt ?? .distantFuture)
    }

    /// Everything of the node's own that is due by `limit`, in the order of time: the embedded venue, the embedded
    /// market, the engine's timers.
    ///
    /// Embedded parts live in exact time: each event has the time at which it was due. With a venue outside the timer
    /// comes at the clock's time.
    mutating func advance(to limit: Timestamp) {
        while let bar = fold.takeBackfill() { step(.barReported(bar), at: fold.time) }
        if fold.isMarketSynthetic { fold.resumeMarket(at: max(limit, fold.time)) }
        while stepsLeft > 0 {
            let venue = fold.isEmbedded ? fold.venue?.nextTime ?? .distantFuture : .distantFuture
            let egress = fold.isEmbedded ? fold.egressWake : .distantFuture
            let market = fold.market?.nextTime ?? .distantFuture
            let timer = fold.engine.nextTimer
            let next = min(min(venue, egress), min(market, timer))
            guard next <= limit else { return }
            stepsLeft -= 1
            if egress == next {
                release(at: next)
                settleEdge()
            } else if venue == next {
                if let due = fold.venue?.nextEvent(through: next) {
                    step(due.event, at: due.time)
                } else {
                    // An arrival without an answer yet: what is recorded from here on comes after it, in a replay too.
                    fold.time = max(fold.time, next)
                }
            } else if market == next {
                if let due = fold.market?.next() { step(due.event, at: due.time) }
            } else {
                step(.timer, at: fold.isEmbedded ? next : limit)
            }
        }
        hasMore = true
    }

    // MARK: - One step

    /// Journal, then apply, then what may leave. False when the journal did not take it: then nothing happened.
    @discardableResult
    mutating func step(_ event: Event, at requested: Timestamp) -> Bool {
        if case .venueDisconnected = event {
            fold.abandonQueue()
            settleEdge()
        }
        let now = max(requested, fold.time)
        guard let sequence = record(event, at: now) else { return false }
        perform(event, at: now, sequence: sequence)
        settleEdge()
        return true
    }

    private mutating func perform(_ event: Event, at now: Timestamp, sequence: UInt64) {
        counters.steps += 1
        fold.apply(event, at: now, cause: sequence)
        settle(event, at: now, sequence: sequence)
    }

    /// What a step leaves behind: notices for observers, commands that may leave.
    private mutating func settle(_ event: Event, at now: Timestamp, sequence: UInt64) {
        for notice in fold.outbox.notices {
            notices.append(NoticeEntry(sequence: sequence, time: now, notice: notice))
        }
        if kept != nil { keep(sequence, at: now) }
        fold.outbox.clearNotices()
        if case .operated(let command) = event, command.action == .resume { lowerKillSwitch() }
        if fold.isEmbedded { release(at: now) }
    }

    /// For a backtest's observers: what the last step told and wanted done.
    private mutating func keep(_ sequence: UInt64, at now: Timestamp) {
        for notice in fold.outbox.notices {
            let entry = NoticeEntry(sequence: sequence, time: now, notice: notice)
            kept?.append(KeptItem(sequence: sequence, item: .notice(entry)))
        }
        for index in fold.outbox.commands.indices {
            let command = fold.outbox.commands[index]
            kept?.append(KeptItem(sequence: sequence, item: .command(command, sequence: sequence, time: now)))
        }
    }

    /// What our own edge has to tell comes before anything else: a replay finds it right behind its cause.
    mutating func settleEdge() {
        var left = fold.edgeLimit
        while let event = fold.nextEdgeEvent() {
            if left == 0 {
                // The engine answers each refusal with an order that is refused again: a person must look.
                killSwitch.engage(.halt)
                left = fold.edgeLimit
            }
            left -= 1
            let now = fold.time
            let sequence = record(event, at: now) ?? journal.sequence
            perform(event, at: now, sequence: sequence)
        }
    }

    // MARK: - The journal

    /// Appends an event. Nil when the journal refused it and it may be left out; what must be applied is applied all
    /// the same, and from then on the journal is lost.
    private mutating func record(_ event: Event, at now: Timestamp) -> UInt64? {
        let isEssential = Self.isEssential(event)
        if !isJournalLost {
            do throws(JournalError) {
                try referToTape(at: now)
                return try journal.append(event, at: now, isEssential: isEssential || isSampled(event, at: now))
            } catch {
                journalFault = error
            }
        }
        guard isEssential else {
            counters.marketEventsDropped += 1
            return nil
        }
        isJournalLost = true
        killSwitch.raise(.journal)
        counters.unjournaledInputs += 1
        return journal.sequence
    }

    /// What the engine must be told whatever the disk does: all but the market, and new signals.
    static func isEssential(_ event: Event) -> Bool {
        switch event {
        case .quoted, .traded, .marked, .barReported, .signalReceived, .signalRefused: false
        case .epochOpened, .configured, .timer, .operated, .orderAccepted, .orderRejected, .orderFilled,
            .orderCancelled, .orderExpired, .cancelRejected, .orderReplaced, .replaceRejected, .orderReported,
            .orderNotFound, .submitUnanswered, .cancelUnanswered, .replaceUnanswered, .egressRefused, .neverSent,
            .venueConnected, .venueDisconnected, .venueThrottled, .venueBanned, .balanceReported,
            .positionReported, .reconciliationBegan, .reconciliationCompleted, .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            true
        }
    }

    /// While the journal takes only what is essential, one quote or mark a second of each instrument is: exits are
    /// watched on them.
    private mutating func isSampled(_ event: Event, at now: Timestamp) -> Bool {
        guard journalFault != nil else { return false }
        let instrument: InstrumentHandle
        switch event {
        case .quoted(let quote): instrument = quote.instrument
        case .marked(let mark): instrument = mark.instrument
        case .traded, .barReported, .epochOpened, .configured, .timer, .operated, .signalReceived, .signalRefused,
            .orderAccepted, .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected,
            .orderReplaced, .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            return false
        }
        let index = Int(instrument.index)
        guard index < samples.count, samples[index] == .never || now - samples[index] >= .seconds(1) else {
            return false
        }
        samples[index] = now
        return true
    }

    /// A backtest's journal says how far the tape was applied before the next input.
    mutating func referToTape(at now: Timestamp) throws(JournalError) {
        guard let progress = tape, progress.referenced < fold.tapeOrdinal else { return }
        let reference = MarketReference(source: progress.source, ordinal: fold.tapeOrdinal)
        _ = try journal.append(.marketReference(reference), at: now)
        tape?.referenced = fold.tapeOrdinal
    }

    /// One record of a tape: applied, and journaled by reference only. What it causes belongs to that reference, which
    /// is the next record, whatever comes. `levels` are those of depth, which the embedded venue alone is shown.
    mutating func applyTape(_ record: MarketRecord, _ levels: ContiguousArray<DepthLevel>) {
        let now = max(record.time, fold.time)
        if case .depth(let update) = record.content {
            fold.applyTape(update, levels, at: now, ordinal: record.ordinal)
            return
        }
        guard let event = record.content.event else { return }
        let sequence = journal.sequence + 1
        counters.steps += 1
        let number = record.content.updateID
        fold.applyTape(event, updateID: number, at: now, ordinal: record.ordinal, cause: sequence)
        settle(event, at: now, sequence: sequence)
        settleEdge()
    }

    /// Stops entries when the journal doesn't take everything, and lets the journal's bit go when it does again. The
    /// engine is told as the journal's stop, which only an operator ends.
    private mutating func checkJournal() {
        if isJournalLost { return }
        let refusal = journal.committer.preparationFailure
        if journal.takesEverything && refusal == nil {
            guard journalFault != nil else { return }
            journalFault = nil
            killSwitch.lowerJournal()
            return
        }
        guard !killSwitch.engaged.contains(.journal) else { return }
        killSwitch.raise(.journal)
        if journalFault == nil { journalFault = journal.committer.failure.map { .failed($0) } ?? .noSpace(refusal) }
        step(.operated(OperatorCommand(.journalStop)), at: pumpTime)
    }

    /// Bookkeeping that changes nothing of the run.
    private mutating func keepBooks() {
        guard !isJournalLost, journalFault == nil else { return }
        do throws(JournalError) {
            try journal.appendSeals(at: fold.time)
            if let mark = pendingMark {
                _ = try journal.append(.snapshotMark(mark), at: fold.time)
                pendingMark = nil
            }
        } catch {
            journalFault = error
        }
    }

    // MARK: - People

    /// What was engaged from any thread is journaled now.
    private mutating func acknowledgeKill() {
        let requested = killSwitch.takeRequested()
        if requested.isEmpty { return }
        for action in requested.actions { step(.operated(OperatorCommand(action)), at: pumpTime) }
    }

    private mutating func takeOperators() {
        while stepsLeft > 0, let input = operators.popFirst() {
            stepsLeft -= 1
            advance(to: min(input.receivedAt, pumpTime))
            let told = notices.end
            step(.operated(input.command), at: input.receivedAt)
            answer(input.ticket, isJournaled: true, noticesFrom: told)
        }
        if !operators.isEmpty { hasMore = true }
    }

    mutating func answer(_ ticket: UInt64, isJournaled: Bool, noticesFrom start: UInt64) {
        guard ticket > 0 else { return }
        var cursor = start
        var reply = OperatorReply(ticket: ticket, isJournaled: isJournaled)
        notices.read(from: &cursor) { entry in
            if case .operatorRefused(let record) = entry.notice { reply.refusal = record.reason }
            if case .riskChanged(let change) = entry.notice, let refusal = change.refusal { reply.refusal = refusal }
            if case .positionDecided(let decision) = entry.notice, let refusal = decision.refusal {
                reply.refusal = refusal
            }
            if case .acknowledged(let record) = entry.notice, record.source == .flatten,
                record.disposition == .vetoed
            {
                reply.vetoedCloses.append(record)
            }
        }
        if operatorReplies.count >= capacities.operatorReplies {
            operatorReplies.removeFirst()
            counters.repliesDropped += 1
        }
        operatorReplies.append(reply)
    }

    /// After a journaled resume. An engage that came meanwhile stands, and is journaled by the next pump.
    private mutating func lowerKillSwitch() {
        if !killSwitch.lower(keeping: [.journal, .stopping]) { hasMore = true }
    }

    private mutating func takeConfiguration() {
        guard let configuration = pendingConfiguration else { return }
        pendingConfiguration = nil
        if isJournalLost { return }
        do throws(JournalError) {
            try referToTape(at: max(pumpTime, fold.time))
            let record = ConfigurationRecord(document: configuration.canonicalText)
            _ = try journal.append(.configuration(record), at: max(pumpTime, fold.time))
        } catch {
            journalFault = error
            return
        }
        fold.stagedConfiguration = configuration
        step(.configured, at: pumpTime)
    }

    private mutating func takeMarket() {
        while stepsLeft > 0, let input = marketInbox.next() {
            stepsLeft -= 1
            step(input.event, at: input.receivedAt)
        }
        if !marketInbox.isEmpty { hasMore = true }
    }

    // MARK: - The venue

    /// After our clock was set, what we know of the venue's holds no longer: a listing tells it anew.
    private mutating func compareClocks() {
        guard link != nil, fold.egressGuard.isReconciled, steadyTime.takeShift() else { return }
        step(.operated(OperatorCommand(.reconcile)), at: pumpTime)
    }

    /// What the venue outside has told since the last pump.
    private mutating func takeLink() {
        guard link != nil else { return }
        link?.takeInput(at: pumpTime)
        drainLink()
        link?.flush()
    }

    mutating func drainLink() {
        while let event = link?.nextEvent() { step(event, at: pumpTime) }
    }
}
