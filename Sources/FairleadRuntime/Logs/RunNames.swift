public import FairleadModel

/// Names of a run for its records: symbols, strategies, and the ids of the newest signals.
///
/// Bounded: of more than `signalLimit` signals the oldest ids are forgotten here; the journal keeps them.
public struct RunNames: NameTable, Sendable {
    public static let signalLimit = 65_536

    private let symbols: [String]
    private let venues: [VenueHandle]
    public private(set) var strategies: [String] = ["", "screener"]
    private var signals: [UInt64: String] = [:]
    private var oldest: UInt64 = 1
    /// What is wrong with the newest refused signals, by their numbers.
    private var refusals: [UInt64: String] = [:]
    private static let refusalLimit = 1024

    public init(_ instruments: [Instrument]) {
        symbols = instruments.map(\.symbol)
        venues = instruments.map(\.terms.venue)
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

    /// What a person calls a signal: its sender's id, else its number.
    public func label(of number: SignalNumber) -> String? {
        if number == .none { return nil }
        return signalID(of: number) ?? number.description
    }
}
