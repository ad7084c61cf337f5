public import FairleadModel

/// What the venue tells a client: an answer to a request, or the news of a fill or an end.
public enum PaperResponse: Hashable, Sendable, BitwiseCopyable {
    case accepted(OrderAcceptance)
    case rejected(OrderRejection)
    /// Its `id` is `.none` when another client of the account traded.
    case filled(Execution)
    case cancelled(OrderEnd)
    /// A good-till-date order at its end, or the unfilled rest of an immediate one.
    case expired(OrderEnd)
    case cancelRejected(OrderRejection)
    case replaced(OrderReplacement)
    case replaceRejected(OrderRejection)
    case reported(OrderReport)
    /// The venue never had an order of this id. `session` is 0: only the client's edge counts sessions.
    case notFound(OrderAbsence)
    /// The id may have been used, but its order is no longer remembered: nothing may be concluded.
    case forgotten(ClientOrderID)
    /// Read the rows from the venue now (`PaperVenue.openOrders` and its neighbours), before anything else happens.
    case listing(PaperListingRequest)
    case time(Timestamp)
    /// The client let too many answers wait; it is disconnected and must reconcile.
    case disconnected
    /// Funding of a position of the account was settled; told to every client.
    case funded(FundingPayment)
}

/// One answer that is due.
public struct PaperDelivery: Hashable, Sendable, BitwiseCopyable {
    public var time: Timestamp
    public var client: UInt32
    /// The number of the request that it answers; 0 for news that nobody asked for.
    public var number: UInt32
    public var response: PaperResponse
    @inlinable public init(time: Timestamp, client: UInt32, number: UInt32, response: PaperResponse) {
        self.time = time
        self.client = client
        self.number = number
        self.response = response
    }
}

extension PaperResponse {
    /// The same as the engine hears it, or nil for what it doesn't hear as one event (listings, time, a lost id).
    /// `session` is the count of the asking edge.
    public func event(session: UInt32) -> Event? {
        switch self {
        case .accepted(let acceptance): .orderAccepted(acceptance)
        case .rejected(let rejection): .orderRejected(rejection)
        case .filled(let execution): .orderFilled(execution)
        case .cancelled(let end): .orderCancelled(end)
        case .expired(let end): .orderExpired(end)
        case .cancelRejected(let rejection): .cancelRejected(rejection)
        case .replaced(let replacement): .orderReplaced(replacement)
        case .replaceRejected(let rejection): .replaceRejected(rejection)
        case .reported(let report): .orderReported(report)
        case .notFound(let absence):
            .orderNotFound(
                OrderAbsence(
                    id: absence.id,
                    venueTime: absence.venueTime,
                    ledgerSequence: absence.ledgerSequence,
                    session: session
                )
            )
        case .forgotten, .listing, .time, .disconnected: nil
        case .funded(let payment): .fundingPaid(payment)
        }
    }
}
