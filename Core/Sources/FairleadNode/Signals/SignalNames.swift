import FairleadEngine
import FairleadModel

/// The names that signals speak of: the instruments of the configuration, and the strategies in the order first seen.
///
/// At most `limit` strategies, the unnamed one and the built-in screener included (`StrategyHandle`). Full: a signal
/// of one more strategy is refused by its field.
struct SignalNames: SignalDirectory {
    static let limit = PositionLedger.strategyLimit
    private static let builtIn = ["", "screener"]

    /// Symbols in handle order; only looked up, never walked.
    private var instruments: [String: InstrumentHandle] = [:]
    private(set) var strategies = SignalNames.builtIn
    private var handles: [String: StrategyHandle] = ["screener": .screener]

    init(_ instruments: [Instrument]) {
        for (index, instrument) in instruments.enumerated() {
            self.instruments[instrument.symbol] = InstrumentHandle(index)
        }
    }

    func instrument(symbol: String) -> InstrumentHandle? { instruments[symbol] }

    mutating func strategy(named name: String) -> StrategyHandle? {
        if name.isEmpty { return .unnamed }
        if let known = handles[name] { return known }
        guard strategies.count < Self.limit else { return nil }
        let handle = StrategyHandle(index: UInt16(strategies.count))
        strategies.append(name)
        handles[name] = handle
        return handle
    }

    /// From a journaled text; true when it is the next handle's, or one that is known by this name.
    mutating func restore(_ name: String, index: UInt64) -> Bool {
        if index < UInt64(strategies.count) { return strategies[Int(index)] == name }
        guard index == UInt64(strategies.count), index < UInt64(Self.limit), handles[name] == nil else { return false }
        return strategy(named: name) != nil
    }

    /// Takes back the newest name: its record could not be journaled.
    mutating func forgetLast() {
        guard strategies.count > Self.builtIn.count, let name = strategies.popLast() else { return }
        handles[name] = nil
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var names = ContiguousArray(strategies.map { ContiguousArray($0.utf8) })
        visitor.visit(&names, limit: Self.limit, blank: []) { name, visitor in
            visitor.visit(&name, limit: SignalLimits.strategy, blank: 0) { $1.visit(&$0) }
        }
        guard visitor.isReading else { return }
        strategies = Self.builtIn
        handles = ["screener": .screener]
        for name in names.dropFirst(Self.builtIn.count) { _ = strategy(named: String(decoding: name, as: UTF8.self)) }
    }
}
