public import FairleadConfiguration
public import FairleadJournal
public import FairleadMarketData

/// Why a node can't start, or a journal can't be replayed.
public enum NodeError: Error, Sendable, CustomStringConvertible {
    /// `.quarantined` is what the command line ends with 6 for.
    case journal(JournalError)
    /// The configuration in the journal is not one that this build reads.
    case configuration(ConfigurationErrors)
    /// The change needs a journal of its own: instruments were taken away or put in another order.
    case needsFreshJournal(String)
    /// The embedded venue, the market or the guard computed something else than the journal says.
    /// `fact`: the journal's, in a few words; `detail`: both sides in full, for who looks for the cause.
    case diverged(sequence: UInt64, fact: String, detail: String)
    /// The journal refers to tapes that were not given.
    case tapesMissing(sequence: UInt64)
    /// The tapes that were given are not the ones that the journal refers to.
    case otherTapes(expected: Digest256, found: Digest256)
    case tape(TapeError)
    /// The tapes hold no market event of a configured instrument.
    case emptyTape
    case market(SyntheticMarketError)
    /// The journal holds no configuration before its first event.
    case noConfiguration
    /// A text of the journal doesn't fit the ones before it.
    case strategyName(sequence: UInt64)
    /// The journal was written by another kind of run: a backtest's can't be traded live, nor the other way.
    case otherKind(String)

    public var description: String {
        switch self {
        case .journal(let error): "\(error)"
        case .configuration(let errors): "\(errors)"
        case .needsFreshJournal(let reason): "the configuration doesn't fit the journal: \(reason)"
        case .diverged(let sequence, let fact, _): "replay differs at sequence \(sequence) (\(fact))"
        case .tapesMissing(let sequence): "the journal refers to tapes at sequence \(sequence); give them with --data"
        case .otherTapes(let expected, let found):
            "the journal was made with tapes of digest \(expected), these have \(found)"
        case .tape(let error): "\(error)"
        case .emptyTape: "the tapes hold no market event of a configured instrument"
        case .market(let error): "\(error)"
        case .noConfiguration: "the journal begins without a configuration"
        case .strategyName(let sequence): "the strategy's name at sequence \(sequence) doesn't fit the ones before it"
        case .otherKind(let reason): reason
        }
    }
}

extension NodeError {
    /// Runs a journal operation and turns its refusal into the node's error.
    @inline(__always) static func journaling<Result: ~Copyable>(
        _ body: () throws(JournalError) -> Result
    ) throws(NodeError) -> Result {
        do { return try body() } catch { throw NodeError.journal(error) }
    }
}
