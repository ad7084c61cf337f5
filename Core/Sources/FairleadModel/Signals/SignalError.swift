/// One thing that is wrong with a signal.
public struct SignalFault: Hashable, Sendable, CustomStringConvertible {
    /// The path of the field: "size.nav_pct", "take_profit[1].price"; "signal" when it is the text as a whole.
    public var field: String
    public var reason: InvalidSignalReason
    /// A sentence for a person, without the field.
    public var detail: String

    public init(field: String, reason: InvalidSignalReason, detail: String) {
        self.field = field
        self.reason = reason
        self.detail = detail
    }

    /// "size.nav_pct: out_of_range: must be at most 1 (0.10 is 10 %)".
    public var description: String { "\(field): \(reason.name): \(detail)" }
}

/// Why a signal is invalid: every fault that was found, at most `limit`, in the order of the schema's fields.
public struct SignalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Faults beyond these are not kept; the first ones tell enough.
    public static let limit = 32

    /// Never empty.
    public let faults: [SignalFault]
    /// The signal's id where it could be read, so that the refusal can be told to its sender.
    public let signalID: String?

    public init(_ faults: [SignalFault], signalID: String?) {
        precondition(!faults.isEmpty, "Invariant: an error has a fault")
        self.faults = faults
        self.signalID = signalID
    }

    /// The first fault: the one that counts.
    public var primary: SignalFault { faults[0] }
    public var field: String { primary.field }
    public var reason: InvalidSignalReason { primary.reason }
    public var detail: String { primary.detail }

    public var description: String { faults.map(\.description).joined(separator: "; ") }
}

/// A signal as decoded: its terms for the engine, and its texts for the record.
public struct DecodedSignal: Hashable, Sendable {
    public var terms: SignalTerms
    /// The sender's idempotency key.
    public var signalID: String
    /// Empty for the unnamed strategy.
    public var strategy: String
    /// Who the signal says it is from; empty when it doesn't say.
    public var sender: String
    /// The JSON text of `meta`, with fields that this version doesn't know: "{}" when there is nothing.
    public var meta: String

    public init(terms: SignalTerms, signalID: String, strategy: String, sender: String, meta: String) {
        self.terms = terms
        self.signalID = signalID
        self.strategy = strategy
        self.sender = sender
        self.meta = meta
    }
}

/// Gives names their handles while signals are decoded.
public protocol SignalDirectory {
    /// nil when no such instrument is configured.
    func instrument(symbol: String) -> InstrumentHandle?
    /// The handle of a strategy, given at first sight; nil when the table of strategies is full. Asked only for
    /// signals that are valid otherwise, and never for the unnamed one.
    mutating func strategy(named name: String) -> StrategyHandle?
}

/// The bounds of a signal's texts, in bytes.
public enum SignalLimits {
    /// The whole JSON text.
    public static let signal = 16 * 1024
    public static let signalID = 128
    public static let strategy = 64
    public static let sender = 64
    public static let symbol = 32
    /// The compact text of `meta`, unknown fields included.
    public static let meta = 4 * 1024
}
