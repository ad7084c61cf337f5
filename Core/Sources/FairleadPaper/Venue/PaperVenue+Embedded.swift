public import FairleadModel

/// The venue inside the process: commands in and events out, without bytes; the only client is `embeddedClient`.
///
/// The events are the same as `PaperClientSession` gives over a wire, so that the node treats both alike.
extension PaperVenue {
    /// Opens the session: `.venueConnected` is due at once.
    public mutating func connect(at now: Timestamp) {
        connect(client: Self.embeddedClient, at: now)
        embeddedSession += 1
        dueEvents.append(
            .venueConnected(VenueConnection(venue: .paper, session: embeddedSession, venueTime: time))
        )
        for index in books.indices where books[index].isHalted {
            dueEvents.append(.haltReported(HaltReport(instrument: InstrumentHandle(index), isHalted: true)))
        }
    }

    /// Tells the embedded client of a halt or its end, at once; nothing where there is none.
    mutating func tellEmbedded(_ report: HaltReport) {
        guard embeddedSession > 0, isConnected(client: Self.embeddedClient) else { return }
        dueEvents.append(.haltReported(report))
    }

    /// A replay meets the venue's word of a halt: the venue halts, or resumes, and says it.
    public mutating func confirmHalt(_ report: HaltReport, at now: Timestamp) {
        // What the calendar has to say comes first: then it is the word of that.
        advance(to: now)
        if dueEventsHead == dueEvents.count { setHalted(report.isHalted, report.instrument, at: now) }
    }

    /// Takes what the engine wants done.
    ///
    /// Before `connect` a submit is refused (`notConnected`), a cancel or amendment unanswered, a listing failed.
    public mutating func command(_ command: Command, at now: Timestamp) {
        let client = Self.embeddedClient
        let isConnected = isConnected(client: client)
        advance(to: now)
        switch command {
        case .submit(let submission):
            guard isConnected else {
                dueEvents.append(.egressRefused(EgressRefused(id: submission.id, reason: .notConnected)))
                return
            }
            request(.submit(PaperOrder(submission)), client: client, at: now)
        case .cancel(let cancellation):
            guard isConnected else {
                dueEvents.append(.cancelUnanswered(cancellation.id))
                return
            }
            request(.cancel(cancellation.id), client: client, at: now)
        case .replace(let amendment):
            guard isConnected else {
                dueEvents.append(.replaceUnanswered(amendment.id))
                return
            }
            request(.amend(PaperAmendment(amendment)), client: client, at: now)
        case .query(let query):
            request(.query(query.id), client: client, at: now)
        case .reconcile(let reconciliation):
            guard isConnected else {
                dueEvents.append(.reconciliationFailed(.paper))
                return
            }
            request(
                .list(PaperListingRequest(scope: .all, executionsAfter: reconciliation.executionsAfter)),
                client: client,
                at: now
            )
        case .reconnect:
            if isConnected { dropConnection() }
            connect(at: now)
        }
    }

    /// The next event that is due at or before `limit`; nil when there is none. Call it at each `nextTime`.
    public mutating func nextEvent(through limit: Timestamp) -> (time: Timestamp, event: Event)? {
        while true {
            if dueEventsHead < dueEvents.count {
                let event = dueEvents[dueEventsHead]
                dueEventsHead += 1
                if dueEventsHead == dueEvents.count {
                    dueEvents.removeAll(keepingCapacity: true)
                    dueEventsHead = 0
                }
                return (time, event)
            }
            guard let delivery = next(through: limit) else {
                // The calendar may have told something on the way.
                if dueEventsHead < dueEvents.count { continue }
                return nil
            }
            guard delivery.client == Self.embeddedClient else { continue }
            if let event = delivery.response.event(session: embeddedSession) { return (delivery.time, event) }
            switch delivery.response {
            case .listing(let listing): appendListing(listing)
            case .disconnected:
                appendUnanswered()
                dueEvents.append(.venueDisconnected(.paper))
            case .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected,
                .reported, .notFound, .forgotten, .time, .funded:
                continue
            }
        }
    }

    private mutating func appendListing(_ request: PaperListingRequest) {
        dueEvents.append(.reconciliationBegan(.paper))
        guard var bookings = ledger.bookings(after: request.executionsAfter) else {
            dueEvents.append(.reconciliationFailed(.paper))
            return
        }
        for slot in 0..<orderSlots {
            if let report = openOrder(at: slot, client: Self.embeddedClient) {
                dueEvents.append(.orderReported(report))
            }
        }
        while let booking = ledger.next(&bookings) {
            switch booking {
            case .execution(let entry): dueEvents.append(.orderFilled(told(entry, to: Self.embeddedClient)))
            case .funding(let payment): dueEvents.append(.fundingPaid(payment))
            }
        }
        var reports = ContiguousArray<PositionReport>()
        forEachPosition { reports.append($0) }
        for report in reports { dueEvents.append(.positionReported(report)) }
        dueEvents.append(.balanceReported(balance()))
        dueEvents.append(
            .reconciliationCompleted(
                ReconciliationReport(
                    venue: .paper,
                    session: embeddedSession,
                    ledgerSequence: ledger.sequence,
                    venueTime: time
                )
            )
        )
    }

    /// Loses the connection as a wire would: what was asked and not heard of is told as unanswered.
    private mutating func dropConnection() {
        dueEvents.append(.venueDisconnected(.paper))
        appendUnanswered()
        disconnect(client: Self.embeddedClient, at: time)
    }

    /// In the order in which they were asked: what has been answered was asked before what is still on its way.
    private mutating func appendUnanswered() {
        appendLostAnswers()
        var lost: [(sequence: UInt64, event: Event)] = []
        for arrival in arrivals.entries where isCurrent(arrival.client, arrival.connection) {
            switch arrival.request {
            case .submit(let order): lost.append((arrival.sequence, .submitUnanswered(order.id)))
            case .cancel(let id): lost.append((arrival.sequence, .cancelUnanswered(id)))
            case .amend(let amendment): lost.append((arrival.sequence, .replaceUnanswered(amendment.id)))
            case .list: lost.append((arrival.sequence, .reconciliationFailed(.paper)))
            case .query, .time: continue
            }
        }
        lost.sort { $0.sequence < $1.sequence }
        dueEvents.append(contentsOf: lost.map(\.event))
    }

    private mutating func appendLostAnswers() {
        var lost: [(sequence: UInt64, event: Event)] = []
        for answer in answers.entries where isCurrent(answer.client, answer.connection) {
            switch answer.response {
            case .accepted(let acceptance): lost.append((answer.sequence, .submitUnanswered(acceptance.id)))
            case .rejected(let rejection): lost.append((answer.sequence, .submitUnanswered(rejection.id)))
            case .cancelled(let end):
                if end.reason == .requested { lost.append((answer.sequence, .cancelUnanswered(end.id))) }
            case .cancelRejected(let rejection): lost.append((answer.sequence, .cancelUnanswered(rejection.id)))
            case .replaced(let replacement): lost.append((answer.sequence, .replaceUnanswered(replacement.id)))
            case .replaceRejected(let rejection): lost.append((answer.sequence, .replaceUnanswered(rejection.id)))
            case .listing: lost.append((answer.sequence, .reconciliationFailed(.paper)))
            case .filled, .expired, .reported, .notFound, .forgotten, .time, .disconnected, .funded: continue
            }
        }
        lost.sort { $0.sequence < $1.sequence }
        dueEvents.append(contentsOf: lost.map(\.event))
    }

    private func isCurrent(_ client: UInt32, _ connection: UInt32) -> Bool {
        guard client == Self.embeddedClient, let index = clientIndex(client) else { return false }
        return clients[index].connection == connection
    }
}
