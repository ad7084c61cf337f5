public import FairleadModel

/// The deterministic state machine in the middle of the house: facts in, orders and notices out.
///
/// One owner, one thread. It reads no clock, does no I/O and draws no randomness; the same events at the same times give
/// the same commands, byte for byte.
public struct Engine: ~Copyable {
    private var stagedSignal: SignalTerms?
    private var stagedConfiguration: EngineConfiguration?

    public init(configuration: EngineConfiguration) {}

    /// When the engine wants a `.timer` event; `distantFuture` when it waits for nothing.
    public var nextTimer: Timestamp { .distantFuture }

    /// Puts a signal's terms in place for the `.signalReceived` that follows.
    public mutating func stage(_ terms: SignalTerms) { stagedSignal = terms }

    /// Puts a configuration in place for the `.configured` that follows. Instruments and capacities must be the same
    /// as at the start (`Engine.accepts` says why not).
    public mutating func stage(_ configuration: EngineConfiguration) { stagedConfiguration = configuration }

    /// Applies one fact. Never fails: what doesn't fit is counted, told in a notice, and changes nothing.
    public mutating func apply(_ event: Event, at now: Timestamp, into out: inout Outbox) {}

    /// Writes, reads or hashes the whole state, field by field.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {}
}
