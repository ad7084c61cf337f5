internal import FairleadModel

/// Frames on their way in.
extension PaperClientSession {
    mutating func handle(_ message: PaperMessage, at now: Timestamp) {
        let number = message.number
        switch message.frame {
        case .welcome(let welcome): greet(welcome, at: now)
        case .instrument(let row): learn(row, at: now)
        case .quote(let it): deliverMarket(.quoted(local(it)), it.instrument, at: now)
        case .trade(let it): deliverMarket(.traded(local(it)), it.instrument, at: now)
        case .mark(let it): deliverMarket(.marked(local(it)), it.instrument, at: now)
        case .accepted(let it): answer(number, .orderAccepted(it), at: now)
        case .rejected(let it): answer(number, .orderRejected(it), at: now)
        case .cancelled(let it): answer(number, .orderCancelled(it), at: now)
        case .expired(let it): answer(number, .orderExpired(it), at: now)
        case .cancelRejected(let it): answer(number, .cancelRejected(it), at: now)
        case .replaced(let it): answer(number, .orderReplaced(it), at: now)
        case .replaceRejected(let it): answer(number, .replaceRejected(it), at: now)
        case .filled(let it): deliverMapped(local(it).map { .orderFilled($0) }, at: now)
        case .reported(let it):
            requests.settle(number)
            deliverMapped(local(it).map { .orderReported($0) }, at: now)
        case .notFound(let it):
            let absence = OrderAbsence(
                id: it.id,
                venueTime: it.venueTime,
                ledgerSequence: it.ledgerSequence,
                session: session
            )
            answer(number, .orderNotFound(absence), at: now)
        case .forgotten, .time: requests.settle(number)
        case .throttled(let it): restrict(it, number, isBan: false, at: now)
        case .banned(let it): restrict(it, number, isBan: true, at: now)
        case .funding(let it): deliverMapped(local(it).map { .fundingPaid($0) }, at: now)
        case .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount, .listingEnded,
            .listingRefused, .listedFunding:
            handleListing(message, at: now)
        case .ping(let echo): put(.pong(echo), number: number)
        case .pong: break
        case .error(let fault): giveUp(.refused(fault), at: now)
        case .halt(let halt): learn(halt, at: now)
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .goodbye:
            giveUp(.unexpectedFrame(message.frame.kind), at: now)
        }
    }

    // MARK: Handshake

    private mutating func greet(_ welcome: PaperWelcome, at now: Timestamp) {
        guard phase == .greeting, self.welcome == nil else {
            giveUp(.unexpectedFrame(.welcome), at: now)
            return
        }
        self.welcome = welcome
        ours = ContiguousArray(repeating: .none, count: Int(welcome.instruments))
        for index in theirs.indices { theirs[index] = .none }
        finishHandshake(welcome, at: now)
    }

    private mutating func learn(_ row: PaperInstrumentRow, at now: Timestamp) {
        guard phase == .greeting, let welcome, Int(row.instrument.index) == instrumentsSeen,
            instrumentsSeen < ours.count
        else {
            giveUp(.unexpectedFrame(.instrument), at: now)
            return
        }
        instrumentsSeen += 1
        let symbol = row.symbol.text
        if let index = configuration.instruments.firstIndex(where: { $0.symbol == symbol }) {
            let terms = configuration.instruments[index].terms
            let isSame =
                terms.tick == row.terms.tick && terms.lot == row.terms.lot && terms.isHedged == row.terms.isHedged
                && terms.multiplier == row.terms.multiplier
            guard isSame else {
                giveUp(.instrumentDiffers(index), at: now)
                return
            }
            ours[Int(row.instrument.index)] = InstrumentHandle(index)
            theirs[index] = row.instrument
        }
        finishHandshake(welcome, at: now)
    }

    private mutating func learn(_ halt: PaperHalt, at now: Timestamp) {
        guard phase == .ready else {
            giveUp(.unexpectedFrame(.halt), at: now)
            return
        }
        deliverMapped(
            localHandle(halt.instrument).map { .haltReported(HaltReport(instrument: $0, isHalted: halt.isHalted)) },
            at: now
        )
    }

    private mutating func finishHandshake(_ welcome: PaperWelcome, at now: Timestamp) {
        guard instrumentsSeen == ours.count else { return }
        if let missing = theirs.firstIndex(of: .none) {
            giveUp(.instrumentDiffers(missing), at: now)
            return
        }
        phase = .ready
        readySince = now
        session += 1
        lastFault = nil
        backoff = configuration.firstBackoff
        handshakeDeadline = .distantFuture
        put(.subscribe(PaperSubscription(instrument: .none, isOn: true)))
        deliver(
            .venueConnected(
                VenueConnection(venue: configuration.venue, session: session, venueTime: welcome.venueTime)
            )
        )
    }

    // MARK: Answers

    private mutating func answer(_ number: UInt32, _ event: Event, at now: Timestamp) {
        guard phase == .ready else { return }
        if number != 0 { requests.settle(number) }
        deliver(event)
    }

    private mutating func deliverMarket(_ event: Event, _ instrument: InstrumentHandle, at now: Timestamp) {
        if localHandle(instrument) == nil { foreignFrames += 1 } else { deliver(event) }
    }

    private mutating func deliverMapped(_ event: Event?, at now: Timestamp) {
        if let event { deliver(event) } else { foreignFrames += 1 }
    }

    private mutating func restrict(
        _ restriction: PaperRestriction,
        _ number: UInt32,
        isBan: Bool,
        at now: Timestamp
    ) {
        // By our own clock: the venue's may differ.
        let until = now + restriction.retryAfter
        let told = VenueRestriction(venue: configuration.venue, until: until)
        if isBan {
            bannedUntil = max(bannedUntil, until)
            deliver(.venueBanned(told))
        } else {
            throttledUntil = max(throttledUntil, until)
            deliver(.venueThrottled(told))
        }
        guard let request = requests.pending(number) else { return }
        requests.settle(number)
        let reason: RejectReason = isBan ? .banned : .throttled
        let rejection = OrderRejection(
            id: request.id,
            reason: reason,
            venueTime: restriction.until + -restriction.retryAfter
        )
        switch request.purpose {
        case .submit: deliver(.orderRejected(rejection))
        case .cancel: deliver(.cancelRejected(rejection))
        case .amend: deliver(.replaceRejected(rejection))
        case .list: deliver(.reconciliationFailed(configuration.venue))
        case .query, .answered: return
        }
    }

    // MARK: Listings

    private mutating func handleListing(_ message: PaperMessage, at now: Timestamp) {
        switch message.frame {
        case .listingBegan(let head): beginListing(head, message.number, at: now)
        case .listedOrder(let it):
            listed(.listedOrder, it.ordinal, message.number, local(it.row).map { .orderReported($0) }, at: now)
        case .listedExecution(let it):
            listed(.listedExecution, it.ordinal, message.number, local(it.row).map { .orderFilled($0) }, at: now)
        case .listedFunding(let it):
            listed(.listedFunding, it.ordinal, message.number, local(it.row).map { .fundingPaid($0) }, at: now)
        case .listedPosition(let it):
            listed(.listedPosition, it.ordinal, message.number, local(it.row).map { .positionReported($0) }, at: now)
        case .listedAccount(let it):
            var row = it.row
            row.venue = configuration.venue
            listed(.listedAccount, it.ordinal, message.number, .balanceReported(row), at: now)
        case .listingEnded(let end): endListing(end, message.number)
        case .listingRefused:
            guard requests.pending(message.number)?.purpose == .list else { return }
            requests.settle(message.number)
            deliver(.reconciliationBegan(configuration.venue))
            deliver(.reconciliationFailed(configuration.venue))
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced,
            .replaceRejected, .reported, .notFound, .forgotten, .time, .throttled, .banned, .quote, .trade, .mark,
            .error, .funding:
            preconditionFailure("Invariant: only frames of a listing come here")
        }
    }

    /// A listing whose request has timed out is not read: it has failed already.
    private mutating func beginListing(_ head: PaperListingHead, _ number: UInt32, at now: Timestamp) {
        guard requests.pending(number)?.purpose == .list else { return }
        requests.settle(number)
        if listing != nil { failListing() }
        listing = PaperListingProgress(number: number, head: head, deadline: now + configuration.answerTimeout)
        deliver(.reconciliationBegan(configuration.venue))
    }

    private mutating func listed(
        _ kind: PaperFrameKind,
        _ ordinal: UInt32,
        _ number: UInt32,
        _ event: Event?,
        at now: Timestamp
    ) {
        guard let progress = listing, progress.number == number else { return }
        guard progress.expects(kind, ordinal) else {
            failListing()
            return
        }
        listing?.ordinal += 1
        listing?.deadline = now + configuration.answerTimeout
        deliverMapped(event, at: now)
    }

    private mutating func endListing(_ end: PaperListingEnd, _ number: UInt32) {
        guard let progress = listing, progress.number == number else { return }
        guard progress.isComplete(end) else {
            failListing()
            return
        }
        listing = nil
        deliver(
            .reconciliationCompleted(
                ReconciliationReport(
                    venue: configuration.venue,
                    session: session,
                    ledgerSequence: progress.head.ledgerSequence,
                    venueTime: progress.head.venueTime
                )
            )
        )
    }

    mutating func failListing() {
        listing = nil
        deliver(.reconciliationFailed(configuration.venue))
    }

    // MARK: Handles

    /// Our handle of the venue's instrument; nil when it isn't ours.
    private func localHandle(_ instrument: InstrumentHandle) -> InstrumentHandle? {
        guard Int(instrument.index) < ours.count, ours[Int(instrument.index)] != .none else { return nil }
        return ours[Int(instrument.index)]
    }

    private func local(_ quote: Quote) -> Quote {
        var quote = quote
        quote.instrument = localHandle(quote.instrument) ?? .none
        return quote
    }

    private func local(_ trade: Trade) -> Trade {
        var trade = trade
        trade.instrument = localHandle(trade.instrument) ?? .none
        return trade
    }

    private func local(_ mark: MarkPrice) -> MarkPrice {
        var mark = mark
        mark.instrument = localHandle(mark.instrument) ?? .none
        return mark
    }

    private func local(_ execution: Execution) -> Execution? {
        guard let handle = localHandle(execution.instrument) else { return nil }
        var execution = execution
        execution.instrument = handle
        return execution
    }

    private func local(_ payment: FundingPayment) -> FundingPayment? {
        guard let handle = localHandle(payment.instrument) else { return nil }
        var payment = payment
        payment.instrument = handle
        return payment
    }

    private func local(_ report: OrderReport) -> OrderReport? {
        guard let handle = localHandle(report.instrument) else { return nil }
        var report = report
        report.instrument = handle
        return report
    }

    private func local(_ report: PositionReport) -> PositionReport? {
        guard let handle = localHandle(report.instrument) else { return nil }
        var report = report
        report.instrument = handle
        return report
    }
}
