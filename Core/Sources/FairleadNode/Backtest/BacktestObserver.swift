import FairleadJournal
public import FairleadMarketData
public import FairleadModel

/// A signal as it came to the door: with its own id, and its strategy or the reason why it was refused.
public struct ReceivedSignal: Hashable, Sendable {
    public var number: SignalNumber
    /// Empty where none could be read.
    public var signalID: String
    /// `.unnamed` where it names none, and where it was refused.
    public var strategy = StrategyHandle.unnamed
    /// Field and reason, as journaled; nil where it was decoded.
    public var refusal: String?

    public init(
        number: SignalNumber,
        signalID: String,
        strategy: StrategyHandle = .unnamed,
        refusal: String? = nil
    ) {
        self.number = number
        self.signalID = signalID
        self.strategy = strategy
        self.refusal = refusal
    }
}

/// Whoever follows a backtest: a report, files of its state. It sees each signal, notice and record of the tape exactly
/// once and in their order, of a resumed run from its start.
///
/// Signals come before the notices that they cause. Records and notices are each in order; how the two interleave is
/// not promised: an observer that needs both goes by their times. Called on the thread that runs the backtest, within
/// its loop: what it keeps must be bounded.
public protocol BacktestObserver: AnyObject {
    func received(_ signal: ReceivedSignal)
    /// `time` is the journal's.
    func noticed(_ notice: Notice, at time: Timestamp)
    /// A market event that the engine was told, or depth that the venue was shown, without its levels.
    func played(_ record: MarketRecord)
}

/// The same signals out of a journal's records.
struct JournaledDoor {
    private var signalID: (number: UInt64, text: String)?

    /// The signal that this record completes.
    mutating func note(_ body: RecordBody) -> ReceivedSignal? {
        switch body {
        case .text(let text):
            switch text.kind {
            case .signalID: signalID = (text.key, text.text)
            case .refusal:
                let number = SignalNumber(value: text.key)
                return ReceivedSignal(number: number, signalID: id(of: text.key), refusal: text.text)
            case .strategyName, .meta, .overrideReason: break
            }
            return nil
        case .signalTerms(let terms):
            let id = id(of: terms.number.value)
            return ReceivedSignal(number: terms.number, signalID: id, strategy: terms.strategy)
        case .event, .configuration, .marketReference, .manifest, .snapshotMark, .seal, .note: return nil
        }
    }

    private func id(of number: UInt64) -> String { signalID?.number == number ? signalID?.text ?? "" : "" }
}
