public import FairleadModel

/// The number of each event in the journal. Never renumbered, only appended to.
public enum EventKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case epochOpened = 0
    case configured = 1
    case timer = 2
    case operated = 3
    case quoted = 4
    case traded = 5
    case marked = 6
    case barReported = 7
    case signalReceived = 8
    case signalRefused = 9
    case orderAccepted = 10
    case orderRejected = 11
    case orderFilled = 12
    case orderCancelled = 13
    case orderExpired = 14
    case cancelRejected = 15
    case orderReplaced = 16
    case replaceRejected = 17
    case orderReported = 18
    case orderNotFound = 19
    case submitUnanswered = 20
    case cancelUnanswered = 21
    case replaceUnanswered = 22
    case egressRefused = 23
    case neverSent = 24
    case venueConnected = 25
    case venueDisconnected = 26
    case venueThrottled = 27
    case venueBanned = 28
    case balanceReported = 29
    case positionReported = 30
    case reconciliationBegan = 31
    case reconciliationCompleted = 32
    case reconciliationFailed = 33
    case haltReported = 34
    case fundingPaid = 35
    case riskOrdered = 36
    case positionOrdered = 37

    /// Bytes of the event's fields, without the byte of its number.
    public var fieldByteCount: Int {
        switch self {
        case .configured, .timer, .signalReceived: 0
        case .venueDisconnected, .reconciliationBegan, .reconciliationFailed: 1
        case .epochOpened: 2
        case .haltReported: 3
        case .venueThrottled, .venueBanned: 9
        case .signalRefused: 10
        case .venueConnected: 13
        case .submitUnanswered, .cancelUnanswered, .replaceUnanswered, .neverSent: 14
        case .egressRefused: 15
        case .marked: 18
        case .reconciliationCompleted: 21
        case .orderRejected, .cancelRejected, .replaceRejected: 23
        case .positionOrdered: 24
        case .balanceReported: 25
        case .traded, .positionReported: 27
        case .orderAccepted: 30
        case .orderCancelled, .orderExpired: 31
        case .operated: 33
        case .orderNotFound, .riskOrdered: 34
        case .orderReplaced: 38
        case .quoted: 42
        case .barReported: 50
        case .fundingPaid: 51
        case .orderReported: 58
        case .orderFilled: 59
        }
    }

    /// The lane that an event of this kind is kept in.
    public var lane: Lane {
        switch self {
        case .quoted, .traded, .marked, .barReported: .market
        case .epochOpened, .configured, .timer, .operated, .signalReceived, .signalRefused, .orderAccepted,
            .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected, .orderReplaced,
            .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .haltReported, .fundingPaid, .riskOrdered, .positionOrdered:
            .orders
        }
    }
}

extension EventKind {
    @inlinable public init(_ event: borrowing Event) {
        switch copy event {
        case .epochOpened: self = .epochOpened
        case .configured: self = .configured
        case .timer: self = .timer
        case .operated: self = .operated
        case .quoted: self = .quoted
        case .traded: self = .traded
        case .marked: self = .marked
        case .barReported: self = .barReported
        case .signalReceived: self = .signalReceived
        case .signalRefused: self = .signalRefused
        case .orderAccepted: self = .orderAccepted
        case .orderRejected: self = .orderRejected
        case .orderFilled: self = .orderFilled
        case .orderCancelled: self = .orderCancelled
        case .orderExpired: self = .orderExpired
        case .cancelRejected: self = .cancelRejected
        case .orderReplaced: self = .orderReplaced
        case .replaceRejected: self = .replaceRejected
        case .orderReported: self = .orderReported
        case .orderNotFound: self = .orderNotFound
        case .submitUnanswered: self = .submitUnanswered
        case .cancelUnanswered: self = .cancelUnanswered
        case .replaceUnanswered: self = .replaceUnanswered
        case .egressRefused: self = .egressRefused
        case .neverSent: self = .neverSent
        case .venueConnected: self = .venueConnected
        case .venueDisconnected: self = .venueDisconnected
        case .venueThrottled: self = .venueThrottled
        case .venueBanned: self = .venueBanned
        case .balanceReported: self = .balanceReported
        case .positionReported: self = .positionReported
        case .reconciliationBegan: self = .reconciliationBegan
        case .reconciliationCompleted: self = .reconciliationCompleted
        case .reconciliationFailed: self = .reconciliationFailed
        case .haltReported: self = .haltReported
        case .fundingPaid: self = .fundingPaid
        case .riskOrdered: self = .riskOrdered
        case .positionOrdered: self = .positionOrdered
        }
    }
}

/// What a record is kept for: orders long, market data up to a size (`journal.market_max_bytes`).
public enum Lane: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case orders = 0
    case market = 1
}
