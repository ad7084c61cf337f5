public import FairleadModel

/// What can happen to an order, as its state machine sees it.
public enum OrderInput: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case submitted
    case accepted
    case rejected
    case partlyFilled
    case completelyFilled
    case cancelRequested
    case cancelled
    case expired
    case cancelRejected
    case cancelUnanswered
    case replaceRequested
    case replaced
    case replaceRejected
    case replaceUnanswered
    case submitUnanswered
    case neverSent
    case presumedDead
}

/// What the table says of one pair of state and input.
public enum OrderStep: Hashable, Sendable, BitwiseCopyable {
    /// The order goes to this state (or stays in it, which is a step too).
    case to(OrderState)
    /// Back to what it was before a cancel or an amendment was asked for: `working`, or `partiallyFilled` once
    /// something is filled.
    case resume
    /// It has been said before and changes nothing. Counted.
    case repeated
    /// A fill after the end: booked in the ledger, the state stays. Counted, and told.
    case lateFill
    /// It doesn't fit: counted, told, and the venue is asked for the order. Nothing changes.
    case outOfOrder
}

/// SPEC 10's explicit transition table: every pair of state and input is placed by hand.
public enum OrderTransition {
    public static func step(from state: OrderState, on input: OrderInput) -> OrderStep {
        switch state {
        case .created: fromCreated(input)
        case .submitted: fromSubmitted(input)
        case .pendingUnknown: fromPendingUnknown(input)
        case .accepted, .working: fromWorking(input)
        case .partiallyFilled: fromPartiallyFilled(input)
        case .pendingCancel: fromPendingCancel(input)
        case .pendingReplace: fromPendingReplace(input)
        case .filled: fromFilled(input)
        case .cancelled, .expired: fromEnded(input)
        case .rejected: fromRejected(input)
        }
    }

    /// The intent is journaled, nothing has been handed out yet.
    private static func fromCreated(_ input: OrderInput) -> OrderStep {
        switch input {
        case .submitted: .to(.submitted)
        case .accepted, .rejected, .partlyFilled, .completelyFilled, .cancelRequested, .cancelled, .expired,
            .cancelRejected, .cancelUnanswered, .replaceRequested, .replaced, .replaceRejected, .replaceUnanswered,
            .submitUnanswered, .neverSent, .presumedDead:
            .outOfOrder
        }
    }

    private static func fromSubmitted(_ input: OrderInput) -> OrderStep {
        switch input {
        case .accepted: .to(.working)
        case .rejected: .to(.rejected)
        case .partlyFilled: .to(.partiallyFilled)
        case .completelyFilled: .to(.filled)
        case .cancelRequested: .to(.pendingCancel)
        case .cancelled, .neverSent: .to(.cancelled)
        case .expired: .to(.expired)
        case .submitUnanswered: .to(.pendingUnknown)
        case .submitted: .repeated
        case .cancelRejected, .cancelUnanswered, .replaceRequested, .replaced, .replaceRejected, .replaceUnanswered,
            .presumedDead:
            .outOfOrder
        }
    }

    /// It may live or not: only evidence leads out of here.
    private static func fromPendingUnknown(_ input: OrderInput) -> OrderStep {
        switch input {
        case .accepted: .to(.working)
        case .rejected: .to(.rejected)
        case .partlyFilled: .to(.partiallyFilled)
        case .completelyFilled: .to(.filled)
        case .cancelled: .to(.cancelled)
        case .expired, .presumedDead: .to(.expired)
        case .neverSent: .to(.cancelled)
        case .submitUnanswered, .cancelUnanswered: .repeated
        // A cancel of an unknown order is sent by client id, but what it was stays unknown until the answer.
        case .cancelRequested, .cancelRejected: .to(.pendingUnknown)
        case .submitted, .replaceRequested, .replaced, .replaceRejected, .replaceUnanswered: .outOfOrder
        }
    }

    private static func fromWorking(_ input: OrderInput) -> OrderStep {
        switch input {
        case .accepted: .repeated
        case .partlyFilled: .to(.partiallyFilled)
        case .completelyFilled: .to(.filled)
        case .cancelRequested: .to(.pendingCancel)
        case .replaceRequested: .to(.pendingReplace)
        case .cancelled: .to(.cancelled)
        case .expired: .to(.expired)
        case .submitUnanswered: .repeated
        case .submitted, .rejected, .cancelRejected, .cancelUnanswered, .replaced, .replaceRejected,
            .replaceUnanswered, .neverSent, .presumedDead:
            .outOfOrder
        }
    }

    private static func fromPartiallyFilled(_ input: OrderInput) -> OrderStep {
        switch input {
        // The fill overtook its acknowledgement.
        case .accepted, .submitUnanswered: .repeated
        case .partlyFilled: .to(.partiallyFilled)
        case .completelyFilled: .to(.filled)
        case .cancelRequested: .to(.pendingCancel)
        case .replaceRequested: .to(.pendingReplace)
        case .cancelled: .to(.cancelled)
        case .expired: .to(.expired)
        case .submitted, .rejected, .cancelRejected, .cancelUnanswered, .replaced, .replaceRejected,
            .replaceUnanswered, .neverSent, .presumedDead:
            .outOfOrder
        }
    }

    private static func fromPendingCancel(_ input: OrderInput) -> OrderStep {
        switch input {
        // The cancel overtook the acknowledgement, or the answers crossed.
        case .accepted, .submitUnanswered, .cancelRequested: .repeated
        case .rejected: .to(.rejected)
        case .partlyFilled: .to(.pendingCancel)
        case .completelyFilled: .to(.filled)
        case .cancelled, .neverSent: .to(.cancelled)
        case .expired: .to(.expired)
        case .cancelRejected: .resume
        // A lost answer leaves it live here, at its full leaves.
        case .cancelUnanswered: .to(.pendingCancel)
        case .presumedDead: .to(.expired)
        case .replaced, .replaceRejected, .replaceUnanswered: .repeated
        case .submitted, .replaceRequested: .outOfOrder
        }
    }

    private static func fromPendingReplace(_ input: OrderInput) -> OrderStep {
        switch input {
        case .accepted, .submitUnanswered: .repeated
        case .partlyFilled: .to(.pendingReplace)
        case .completelyFilled: .to(.filled)
        case .cancelRequested: .to(.pendingCancel)
        case .cancelled: .to(.cancelled)
        case .expired: .to(.expired)
        case .replaced, .replaceRejected: .resume
        // A lost answer leaves it live here, at the larger quantity.
        case .replaceUnanswered: .to(.pendingReplace)
        case .presumedDead: .to(.expired)
        case .submitted, .rejected, .cancelRejected, .cancelUnanswered, .replaceRequested, .neverSent: .outOfOrder
        }
    }

    private static func fromFilled(_ input: OrderInput) -> OrderStep {
        switch input {
        // The answers to what was asked before the last fill came.
        case .accepted, .cancelRejected, .cancelUnanswered, .replaceRejected, .replaceUnanswered, .submitUnanswered,
            .cancelled, .expired:
            .repeated
        case .partlyFilled, .completelyFilled: .lateFill
        case .submitted, .rejected, .cancelRequested, .replaceRequested, .replaced, .neverSent, .presumedDead:
            .outOfOrder
        }
    }

    /// Cancelled or expired.
    private static func fromEnded(_ input: OrderInput) -> OrderStep {
        switch input {
        case .accepted, .cancelled, .expired, .cancelRejected, .cancelUnanswered, .replaceRejected,
            .replaceUnanswered, .submitUnanswered, .presumedDead, .neverSent:
            .repeated
        case .partlyFilled, .completelyFilled: .lateFill
        case .submitted, .rejected, .cancelRequested, .replaceRequested, .replaced: .outOfOrder
        }
    }

    private static func fromRejected(_ input: OrderInput) -> OrderStep {
        switch input {
        case .rejected, .cancelRejected, .cancelUnanswered, .submitUnanswered: .repeated
        case .partlyFilled, .completelyFilled: .lateFill
        case .submitted, .accepted, .cancelRequested, .cancelled, .expired, .replaceRequested, .replaced,
            .replaceRejected, .replaceUnanswered, .neverSent, .presumedDead:
            .outOfOrder
        }
    }
}
