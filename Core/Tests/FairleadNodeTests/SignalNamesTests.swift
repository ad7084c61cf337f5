import FairleadModel
import Testing

@testable import FairleadNode

/// Goal: the built-in strategies keep their handles, and no signal's strategy takes one of them. Method: ask for both
/// kinds.
@Test func builtInStrategiesKeepTheirHandles() {
    var names = SignalNames([])
    #expect(names.strategy(named: "") == .unnamed)
    #expect(names.strategy(named: "screener") == .screener)
    #expect(names.strategy(named: "alpha") == StrategyHandle(index: 2))
    names.forgetLast()
    names.forgetLast()
    #expect(names.strategies == ["", "screener"])
    #expect(names.strategy(named: "beta") == StrategyHandle(index: 2))
}

/// Goal: the table is bounded. Method: name one strategy too many.
@Test func strategiesAreBounded() {
    var names = SignalNames([])
    for index in 2..<SignalNames.limit { #expect(names.strategy(named: "s\(index)") != nil) }
    #expect(names.strategy(named: "one too many") == nil)
}
