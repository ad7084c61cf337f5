public import FairleadModel

/// What became of an operator's command, once the engine had it.
public struct OperatorReply: Hashable, Sendable {
    /// The sender's own number.
    public var ticket: UInt64
    /// False: the journal did not take it, and nothing was done.
    public var isJournaled = true
    /// nil: it was carried out, or is being carried out at the venue.
    public var refusal: OperatorRefusal?
    /// Of a flatten: the closes that risk vetoed, whose positions stay. Empty, and without memory, when all go.
    public var vetoedCloses: [SignalAcknowledgement] = []
}

/// What became of a signal at the door. Whether it was accepted or vetoed is told by the acknowledgement that carries
/// the same number (`Notice.acknowledged`).
public struct SignalReply: Sendable {
    public enum Outcome: Sendable {
        /// It is with the engine under this number.
        case received
        /// It could not be decoded: every fault with its field.
        case invalid(SignalError)
        /// The journal takes no new signals (a full disk, a failed sync).
        case journalUnavailable
    }

    /// The sender's own number.
    public var ticket: UInt64
    /// `.none` when the journal took nothing.
    public var number: SignalNumber
    public var outcome: Outcome
}
