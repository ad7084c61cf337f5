public import FairleadModel

/// One change of the account's cash: what a listing tells again.
public enum PaperBooking: Hashable, Sendable, BitwiseCopyable {
    case execution(PaperExecution)
    case funding(FundingPayment)
}

/// Where a walk over the account's bookings stands: the next execution and the next payment.
public struct PaperBookingPlace: Hashable, Sendable, BitwiseCopyable {
    var execution: Int
    var funding: Int
}

extension PaperLedger {
    /// How many payments of funding are kept.
    public var fundingCount: Int { fundings.count }

    /// The kept payments, oldest first: 0 is the oldest.
    public func funding(at offset: Int) -> FundingPayment {
        let position = fundingHead + offset
        return fundings[position < fundings.count ? position : position - fundings.count]
    }

    /// Books a payment: cash moves, the position stays.
    mutating func book(_ payment: FundingPayment) {
        positions[positionIndex(payment.instrument, payment.positionSide)].funding += payment.amount
        funding += payment.amount
        cash -= Money(raw8: payment.amount)
        if fundings.count < executionLimit {
            fundings.append(payment)
        } else {
            // What a listing can't tell any more counts as a forgotten execution does.
            lastForgotten = max(lastForgotten, fundings[fundingHead].id)
            fundings[fundingHead] = payment
            fundingHead = fundingHead + 1 == fundings.count ? 0 : fundingHead + 1
        }
    }

    /// The bookings after `id`, executions and funding; nil when one of them has been forgotten.
    public func bookings(after id: ExecutionID) -> PaperBookingPlace? {
        guard let execution = offset(after: id) else { return nil }
        var funding = fundings.count
        while funding > 0, self.funding(at: funding - 1).id > id { funding -= 1 }
        return PaperBookingPlace(execution: execution, funding: funding)
    }

    /// How many bookings follow.
    public func count(from place: PaperBookingPlace) -> Int {
        executionCount - place.execution + fundingCount - place.funding
    }

    /// The next booking in the order of their numbers; nil at the end.
    public func next(_ place: inout PaperBookingPlace) -> PaperBooking? {
        let hasExecution = place.execution < executionCount
        let hasFunding = place.funding < fundingCount
        guard hasExecution || hasFunding else { return nil }
        let isFunding =
            hasFunding
            && (!hasExecution || funding(at: place.funding).id < execution(at: place.execution).execution.executionID)
        if isFunding {
            place.funding += 1
            return .funding(funding(at: place.funding - 1))
        }
        place.execution += 1
        return .execution(execution(at: place.execution - 1))
    }
}
