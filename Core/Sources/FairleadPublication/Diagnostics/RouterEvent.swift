import FairleadModel

/// What shows that the router is at work (SPEC 13). An order whose answer has not come shows nothing: silence is what
/// liveness is there to tell.
enum RouterEvent: Hashable, Sendable, CaseIterable {
    case send, acknowledge, fill, cancel, reject
    /// A slice of a schedule begins, or what is left of it goes out once more.
    case slice

    init?(_ change: OrderChange) {
        switch change.to {
        case .created, .pendingUnknown: return nil
        case .submitted, .pendingReplace: self = .send
        case .accepted, .working: self = .acknowledge
        case .partiallyFilled, .filled: self = .fill
        case .pendingCancel, .cancelled, .expired: self = .cancel
        case .rejected: self = .reject
        }
    }

    init?(_ record: ProgressRecord) {
        switch record.event {
        case .slice, .sweep: self = .slice
        case .planned, .spreadPause, .spreadResume, .paused, .resumed, .amended, .flatCurve: return nil
        }
    }
}
