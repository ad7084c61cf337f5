import FairleadEngine
import FairleadModel
import Testing

/// What a person takes out of trade by symbol and direction, and the drawdown circuit's reset.
@Suite struct EngineDisableTests {
    private func bench() -> EngineBench {
        EngineBench.trading {
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
    }

    private func operate(_ bench: inout EngineBench, _ action: OperatorAction) {
        bench.feed(.operated(OperatorCommand(action, instrument: EngineBench.symbol)))
    }

    /// Goal: a disabled direction refuses entries by `side_blocked` and ends what still opens; exits and the other
    /// direction go on, over a snapshot too, until the symbol is enabled. Method: a resting buy and a position, buys
    /// disabled, each kind of order, enabled.
    @Test func aDirectionIsDisabled() throws {
        var settings: EngineConfiguration?
        var bench = EngineBench.trading {
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
            settings = $0
        }
        try bench.open(.buy, 100)
        let resting = try bench.rest(.buy, 60, at: 900)
        operate(&bench, .disableBuys)
        #expect(bench.cancels.map(\.id) == [resting.id])
        bench.cancelled(resting, filled: 0)
        bench.restore(try #require(settings))
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.all == [.sideBlocked])
        bench.signal(.sell, 40) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.fill(try #require(bench.submissions.first), 40, at: 1000, .taker)
        bench.signal(.sell, 120)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        operate(&bench, .enableSymbol)
        bench.signal(.buy, 61)
        #expect(bench.acknowledgements.first?.vetoes.all.contains(.sideBlocked) == false)
    }

    /// Goal: a disabled symbol enters nothing, and a symbol that is none is refused by name. Method: both sides; an
    /// instrument beyond the table.
    @Test func aSymbolIsDisabled() {
        var bench = bench()
        operate(&bench, .disableSymbol)
        for side in [Side.buy, .sell] {
            bench.signal(side, 60)
            #expect(bench.acknowledgements.first?.vetoes.all == [.sideBlocked])
        }
        bench.feed(.operated(OperatorCommand(.disableSells, instrument: InstrumentHandle(7))))
        #expect(bench.refusals.map(\.reason) == [.unknownSymbol])
        operate(&bench, .enableSymbol)
        operate(&bench, .disableSells)
        bench.signal(.sell, 60)
        #expect(bench.acknowledgements.first?.vetoes.all == [.sideBlocked])
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: a reset of the circuit begins at the present NAV and leaves the state to `resume`; without a latch it is
    /// refused. Method: a fall of 11 %, reset, resume; then reset again.
    @Test func theCircuitIsReset() throws {
        var bench = bench()
        bench.operate(.resetDrawdown)
        #expect(bench.refusals.map(\.reason) == [.notLatched])
        try bench.open(.buy, 500_000)
        bench.quote(bid: 780, ask: 781)
        bench.wait(.seconds(2))
        #expect(bench.engine.isDrawdownLatched == true)
        bench.operate(.resetDrawdown)
        #expect(bench.engine.isDrawdownLatched == false)
        #expect(bench.engine.drawdown == .zero)
        #expect(bench.engine.tradingState == .killed)
        bench.wait(.seconds(2))
        #expect(bench.engine.isDrawdownLatched == false)
        bench.operate(.resume)
        #expect(bench.engine.tradingState == .active)
    }
}
