public import FairleadModel

/// Commands on their way out.
extension PaperClientSession {
    /// Takes what the engine wants done. Before the session is ready a submit is refused (`notConnected`), and cancels,
    /// amendments and listings count as unanswered or failed at once.
    public mutating func command(_ command: Command, at now: Timestamp) {
        switch command {
        case .submit(let submission): submit(submission, at: now)
        case .cancel(let cancellation): send(.cancel(cancellation.id), at: now)
        case .replace(let amendment): replace(amendment, at: now)
        case .query(let query): send(.query(query.id), at: now)
        case .reconcile(let reconciliation):
            send(.list(PaperListingRequest(executionsAfter: reconciliation.executionsAfter)), at: now)
        case .reconnect: reconnect(at: now)
        }
    }

    private mutating func submit(_ submission: OrderSubmission, at now: Timestamp) {
        var order = PaperOrder(submission)
        let refusal: EgressRefusal?
        if phase != .ready {
            refusal = .notConnected
        } else if order.price > .bound || order.price < .zero || order.quantity > .bound {
            refusal = .offGrid
        } else if order.condition.trigger > .bound || order.condition.trigger < .zero {
            refusal = .offGrid
        } else if isFull {
            refusal = .queueFull
        } else if Int(order.instrument.index) >= theirs.count {
            refusal = .offGrid
        } else if !mayEnter(submission.isIncreasing, at: now) {
            refusal = .throttled
        } else {
            refusal = nil
        }
        if let refusal {
            deliver(.egressRefused(EgressRefused(id: submission.id, reason: refusal)))
            return
        }
        order.instrument = theirs[Int(order.instrument.index)]
        write(.submit(order), at: now)
    }

    private mutating func replace(_ amendment: OrderAmendment, at now: Timestamp) {
        let isSound =
            amendment.price >= .zero && amendment.price <= .bound && amendment.quantity <= .bound
            && amendment.trigger >= .zero && amendment.trigger <= .bound
        guard phase == .ready, isSound, !isFull, mayEnter(amendment.isIncreasing, at: now) else {
            if phase == .ready {
                // Nothing was written: the order stands as it was, and the venue's word for that is a refusal.
                let rejection = OrderRejection(id: amendment.id, reason: .throttled, venueTime: .never)
                deliver(.replaceRejected(rejection))
            } else {
                deliver(.replaceUnanswered(amendment.id))
            }
            return
        }
        write(.amend(PaperAmendment(amendment)), at: now)
    }

    /// Cancels and questions: sent when the budget allows, else held until it does.
    private mutating func send(_ request: PaperRequest, at now: Timestamp) {
        guard phase == .ready, !isFull else {
            tellUnanswered(request)
            return
        }
        if held.isEmpty && now >= bannedUntil && budget.take(true, configuration, at: now) {
            write(request, at: now)
        } else if held.count < configuration.heldLimit {
            held.append(request)
        } else {
            tellUnanswered(request)
        }
    }

    mutating func sendHeld(at now: Timestamp) {
        guard !held.isEmpty, now >= bannedUntil else { return }
        var sent = 0
        while sent < held.count, !isFull, budget.take(true, configuration, at: now) {
            write(held[sent], at: now)
            sent += 1
        }
        held.removeFirst(sent)
    }

    /// True when a submit or an amendment may leave now, and takes it from the budget.
    private mutating func mayEnter(_ isIncreasing: Bool, at now: Timestamp) -> Bool {
        if now < bannedUntil { return false }
        if isIncreasing && now < throttledUntil { return false }
        return budget.take(!isIncreasing, configuration, at: now)
    }

    private var isFull: Bool {
        requests.count >= configuration.requestLimit || output.count >= configuration.outputLimit
    }

    private mutating func write(_ request: PaperRequest, at now: Timestamp) {
        let purpose: PaperPendingRequest.Purpose
        let id: ClientOrderID
        switch request {
        case .submit(let order): (purpose, id) = (.submit, order.id)
        case .cancel(let order): (purpose, id) = (.cancel, order)
        case .amend(let amendment): (purpose, id) = (.amend, amendment.id)
        case .query(let order): (purpose, id) = (.query, order)
        case .list: (purpose, id) = (.list, .none)
        case .time: (purpose, id) = (.query, .none)
        }
        let row = PaperPendingRequest(
            purpose: purpose,
            id: id,
            start: appendedBytes,
            deadline: now + configuration.answerTimeout
        )
        put(request.frame, number: requests.append(row))
    }

    /// Tells what became of a request that nobody answered; a question simply stays open, and is asked again.
    mutating func tellUnanswered(_ request: PaperPendingRequest) {
        switch request.purpose {
        case .submit: deliver(.submitUnanswered(request.id))
        case .cancel: deliver(.cancelUnanswered(request.id))
        case .amend: deliver(.replaceUnanswered(request.id))
        case .list: deliver(.reconciliationFailed(configuration.venue))
        case .query, .answered: return
        }
    }

    mutating func tellUnanswered(_ request: PaperRequest) {
        switch request {
        case .submit(let order): deliver(.submitUnanswered(order.id))
        case .cancel(let id): deliver(.cancelUnanswered(id))
        case .amend(let amendment): deliver(.replaceUnanswered(amendment.id))
        case .list: deliver(.reconciliationFailed(configuration.venue))
        case .query, .time: return
        }
    }
}
