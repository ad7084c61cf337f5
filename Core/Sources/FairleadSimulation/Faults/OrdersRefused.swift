import FairleadModel
import FairleadPaper

/// O4, O5: the venue refuses orders and amendments, for any of the reasons that it has.
///
/// The request is made one that the venue must refuse, so that its books agree; the reason is then any.
struct OrdersRefused: Fault {
    static let reasons: [RejectReason] = [
        .unspecified, .wouldTake, .reduceOnlyRejected, .belowMinimumNotional, .offTick, .offLot, .quantityOutOfRange,
        .priceOutOfRange, .insufficientMargin, .unknownInstrument, .requestExpired, .noLiquidity, .throttled, .banned,
        .positionSideMismatch, .malformed, .marketHalted,
    ]

    var name: String { "refusal" }
    var row: String { "O4 O5" }
    var reach: FaultReach { [.requests, .answers] }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...180_000)), value: random.next(in: 20...400))
    }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard let request = PaperRequest(message.frame) else { return .pass }
        switch request {
        case .submit(var order):
            guard window.strikes() else { return .pass }
            order.validUntil = now + .seconds(-1)
            return .instead(.submit(order))
        case .amend(var amendment):
            guard window.strikes() else { return .pass }
            amendment.validUntil = now + .seconds(-1)
            return .instead(.amend(amendment))
        case .cancel, .query, .list, .time: return .pass
        }
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        switch message.frame {
        case .rejected(var refusal):
            guard refusal.reason == .requestExpired else { return .pass }
            refusal.reason = Self.reason(&window)
            return .instead(.rejected(refusal))
        case .replaceRejected(var refusal):
            guard refusal.reason == .requestExpired else { return .pass }
            refusal.reason = Self.reason(&window)
            return .instead(.replaceRejected(refusal))
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .accepted, .filled, .cancelled, .expired, .cancelRejected, .replaced, .reported,
            .notFound, .forgotten, .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount,
            .listingEnded, .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error,
            .funding, .listedFunding:
            return .pass
        }
    }

    private static func reason(_ window: inout FaultWindow) -> RejectReason {
        reasons[Int(window.random.next(below: UInt64(reasons.count)))]
    }
}
