import FairleadEngine
import FairleadModel
import FairleadPaper

/// N2: the venue did it, and its answer is lost. News that nobody asked for (fills, ends) are not: a stream loses
/// nothing in its middle.
struct AnswersLost: Fault {
    var name: String { "lost_answer" }
    var row: String { "N2" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 10...400))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        message.isAnswerOfOrder && window.strikes() ? .lose : .pass
    }
}

/// N2: the request never arrives. A submit, a cancel, an amendment or a question.
struct RequestsLost: Fault {
    var name: String { "lost_request" }
    var row: String { "N2" }
    var reach: FaultReach { .requests }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 10...400))
    }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        PaperRequest(message.frame) != nil && window.strikes() ? .lose : .pass
    }
}

extension PaperMessage {
    /// The answer to a request about one order.
    var isAnswerOfOrder: Bool {
        guard number != 0 else { return false }
        switch frame {
        case .accepted, .rejected, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected, .reported,
            .notFound, .forgotten:
            return true
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .filled, .listingBegan, .listedOrder, .listedExecution, .listedPosition,
            .listedAccount, .listingEnded, .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error,
            .funding, .listedFunding:
            return false
        }
    }

    /// Tells of one order, asked for or not.
    var subject: ClientOrderID? {
        switch frame {
        case .submit(let it): it.id
        case .cancel(let id), .query(let id), .forgotten(let id): id
        case .amend(let it): it.id
        case .accepted(let it): it.id
        case .rejected(let it), .cancelRejected(let it), .replaceRejected(let it): it.id
        case .filled(let it): it.id
        case .cancelled(let it), .expired(let it): it.id
        case .replaced(let it): it.id
        case .reported(let it): it.id
        case .notFound(let it): it.id
        case .hello, .subscribe, .list, .timeRequest, .ping, .pong, .goodbye, .halt, .welcome, .instrument,
            .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount, .listingEnded,
            .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error,
            .funding, .listedFunding:
            nil
        }
    }
}
