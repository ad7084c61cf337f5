public import FairleadJournal
public import FairleadModel

/// Names of a run for its records: symbols, strategies, and the ids of the newest signals.
///
/// Bounded: of more than `signalLimit` signals the oldest ids are forgotten here; the journal keeps them.
public struct RunNames: NameTable, Sendable {
    public static let signalLimit = 65_536

    private var symbols: [String]
    private var venues: [VenueHandle]
    public private(set) var strategies: [String] = ["", "screener"]
    private var signals: [UInt64: String] = [:]
    private var oldest: UInt64 = 1
    /// What is wrong with the newest refused signals, by their numbers.
    private var refusals: [UInt64: String] = [:]
    private static let refusalLimit = 1024
    /// Why people overrode limits, by the numbers of their orders; the newest.
    public private(set) var reasons: [UInt64: String] = [:]
    private static let reasonLimit = 1024

    public init(_ instruments: [Instrument]) {
        symbols = instruments.map(\.symbol)
        venues = instruments.map(\.terms.venue)
    }

    /// The instruments in their handles' order: a restart may have added some at the end.
    public mutating func setInstruments(_ instruments: [Instrument]) {
        symbols = instruments.map(\.symbol)
        venues = instruments.map(\.terms.venue)
    }

    /// Keeps what a text of the journal says; other records say no name.
    public mutating func note(_ record: JournalRecord) {
        if case .text(let text) = record.body { note(text) }
    }

    public mutating func note(_ text: TextRecord) {
        switch text.kind {
        case .signalID: add(signal: SignalNumber(value: text.key), text.text)
        case .strategyName: setStrategy(Int(clamping: min(text.key, 65_535)), text.text)
        case .refusal: setRefusal(SignalNumber(value: text.key), text.text)
        case .overrideReason: setReason(text.key, text.text)
        case .meta: break
        }
    }

    public func symbol(of instrument: InstrumentHandle) -> String? {
        Int(instrument.index) < symbols.count ? symbols[Int(instrument.index)] : nil
    }

    public func venue(of instrument: InstrumentHandle) -> VenueHandle? {
        Int(instrument.index) < venues.count ? venues[Int(instrument.index)] : nil
    }

    public func name(of strategy: StrategyHandle) -> String? {
        Int(strategy.index) < strategies.count ? strategies[Int(strategy.index)] : nil
    }

    public func signalID(of number: SignalNumber) -> String? { signals[number.value] }

    public mutating func add(strategy name: String) { strategies.append(name) }

    public mutating func setStrategy(_ index: Int, _ name: String) {
        while strategies.count <= index { strategies.append("") }
        strategies[index] = name
    }

    public mutating func add(signal number: SignalNumber, _ id: String) {
        guard number != .none else { return }
        signals[number.value] = id
        trim()
    }

    /// Takes over what an earlier run named; what is named here already stays.
    public mutating func inherit(_ earlier: RunNames) {
        refusals.merge(earlier.refusals) { mine, _ in mine }
        reasons.merge(earlier.reasons) { mine, _ in mine }
        signals.merge(earlier.signals) { mine, _ in mine }
        oldest = min(oldest, earlier.oldest)
        trim()
    }

    private mutating func trim() {
        while signals.count > Self.signalLimit {
            signals[oldest] = nil
            oldest += 1
        }
    }

    /// What is wrong with a signal that was refused, field by field; nil where that is no longer known here.
    public func refusal(of number: SignalNumber) -> String? { refusals[number.value] }

    public mutating func setRefusal(_ number: SignalNumber, _ text: String) {
        guard number != .none else { return }
        if refusals.count >= Self.refusalLimit { refusals.removeAll(keepingCapacity: true) }
        refusals[number.value] = text
    }

    /// Why a limit was overridden; nil where that is no longer known here.
    public func overrideReason(_ number: UInt64) -> String? { reasons[number] }

    public mutating func setReason(_ number: UInt64, _ text: String) {
        // The oldest have the smallest numbers.
        if reasons.count >= Self.reasonLimit, let oldest = reasons.keys.min() { reasons[oldest] = nil }
        reasons[number] = text
    }

    /// What a person calls a signal: its sender's id, else its number.
    public func label(of number: SignalNumber) -> String? {
        if number == .none { return nil }
        return signalID(of: number) ?? number.description
    }
}
