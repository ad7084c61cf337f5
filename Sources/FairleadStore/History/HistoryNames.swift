internal import FairleadModel

/// Symbols and strategies of a journal by their handles, and back.
struct HistoryNames {
    private let symbols: [String]
    private var instruments: [String: InstrumentHandle] = [:]
    private(set) var strategies: [String] = ["", "screener"]

    init(_ symbols: [String]) {
        self.symbols = symbols
        for (index, symbol) in symbols.enumerated() { instruments[symbol] = InstrumentHandle(index) }
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

    mutating func setStrategy(_ index: Int, _ name: String) {
        while strategies.count <= index { strategies.append("") }
        strategies[index] = name
    }
}
