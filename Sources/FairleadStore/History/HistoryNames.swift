internal import FairleadModel
internal import FairleadNode

/// Symbols and strategies of a journal by their handles, and back.
struct HistoryNames {
    private(set) var symbols: [String] = []
    private var instruments: [String: InstrumentHandle] = [:]
    private(set) var strategies: [String] = ["", "screener"]
    /// Why people overrode limits, by the numbers of their orders; the newest.
    private var reasons: [UInt64: String] = [:]
    private static let reasonLimit = 1024

    init() {}
    init(_ instruments: [Instrument]) { _ = update(instruments) }

    /// Takes the instruments as they are now; true when that changes anything. A restart may add some at the end.
    mutating func update(_ found: [Instrument]) -> Bool {
        if found.count == symbols.count { return false }
        for instrument in found.dropFirst(symbols.count) { append(instrument.symbol) }
        return true
    }

    /// The same, from the names that a replica has.
    mutating func extend(_ names: RunNames) {
        while let symbol = names.symbol(of: InstrumentHandle(symbols.count)) { append(symbol) }
    }

    private mutating func append(_ symbol: String) {
        instruments[symbol] = InstrumentHandle(symbols.count)
        symbols.append(symbol)
    }

    func symbol(of handle: InstrumentHandle) -> String? {
        Int(handle.index) < symbols.count ? symbols[Int(handle.index)] : nil
    }

    func instrument(named symbol: String) -> InstrumentHandle? { instruments[symbol] }

    func name(of strategy: StrategyHandle) -> String? {
        Int(strategy.index) < strategies.count ? strategies[Int(strategy.index)] : nil
    }

    /// There are few: at most as many as the ledger keeps apart.
    func strategy(named name: String) -> StrategyHandle? {
        strategies.firstIndex(of: name).map { StrategyHandle(index: UInt16($0)) }
    }

    func overrideReason(_ number: UInt64) -> String? { reasons[number] }

    mutating func setReason(_ number: UInt64, _ text: String) {
        if reasons.count >= Self.reasonLimit, let oldest = reasons.keys.min() { reasons[oldest] = nil }
        reasons[number] = text
    }

    mutating func setStrategy(_ index: Int, _ name: String) {
        while strategies.count <= index { strategies.append("") }
        strategies[index] = name
    }
}
