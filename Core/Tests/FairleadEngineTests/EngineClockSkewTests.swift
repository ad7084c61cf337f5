import FairleadEngine
import FairleadModel
import Testing

/// Clocks that are too far apart: `reducing`, and back by itself.
@Suite struct EngineClockSkewTests {
    private static let bound = TimeSpan.milliseconds(250)

    private func bench() -> EngineBench {
        EngineBench.trading {
            $0.risk.maximumClockSkew = Self.bound
            $0.risk.allowsPyramiding = true
        }
    }

    /// A listing that was asked for now, took so long, and was written down at its end; `ahead` is the venue's clock
    /// less ours.
    private func list(_ bench: inout EngineBench, ahead: TimeSpan, after delay: TimeSpan = .zero, lots: Int64 = 0) {
        bench.wait(.seconds(1))
        bench.operate(.reconcile)
        #expect(bench.asksForAListing == true)
        bench.now = bench.now + delay
        answer(&bench, ahead: ahead, lots: lots)
    }

    private func answer(_ bench: inout EngineBench, ahead: TimeSpan, lots: Int64 = 0) {
        bench.feed(.reconciliationBegan(.paper))
        if lots > 0 { bench.feed(.positionReported(EngineBench.held(lots, at: 1000, bench.now))) }
        bench.feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 1, venueTime: bench.now + ahead)
            )
        )
    }

    /// Goal: over the bound the state reduces, at it it does not, whichever clock is ahead. Method: listings told at
    /// the bound and a nanosecond over it; an entry, and an exit that passes.
    @Test(arguments: [1, -1] as [Int64]) func skewReduces(sign: Int64) throws {
        var bench = bench()
        try bench.open(.buy, 100)
        let bound = TimeSpan(nanoseconds: Self.bound.nanoseconds * sign)
        list(&bench, ahead: bound, lots: 100)
        #expect(bench.engine.tradingState == .active)
        list(&bench, ahead: TimeSpan(nanoseconds: bound.nanoseconds + sign), lots: 100)
        #expect(bench.engine.tradingState == .reducing)
        #expect(bench.engine.tradingStateCause == .clockSkew)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.all == [.killSwitch])
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.submissions.count == 1)
    }

    /// Goal: it ends by itself once the clocks agree, and only then. Method: every ten seconds a listing is asked for;
    /// the first still tells another time, the second doesn't.
    @Test func skewEndsByItself() {
        var bench = bench()
        list(&bench, ahead: .seconds(3))
        #expect(bench.engine.tradingState == .reducing)
        bench.wait(.seconds(9))
        #expect(bench.asksForAListing == false)
        bench.wait(.seconds(1))
        #expect(bench.asksForAListing == true)
        answer(&bench, ahead: .seconds(3))
        #expect(bench.engine.tradingState == .reducing)
        bench.wait(.seconds(10))
        #expect(bench.asksForAListing == true)
        answer(&bench, ahead: .zero)
        #expect(bench.engine.tradingState == .active)
        #expect(bench.engine.tradingStateCause == .recovered)
        bench.wait(.seconds(30))
        #expect(bench.asksForAListing == false)
    }

    /// Goal: a slow answer is no skew. Method: four seconds under way, told at its beginning, its middle and its end.
    @Test(arguments: [-4, -2, 0] as [Int64]) func delaysAreNoSkew(ahead: Int64) {
        var bench = bench()
        list(&bench, ahead: .seconds(ahead), after: .seconds(4))
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: an operator's stop isn't ended by clocks, and without a bound nothing is judged. Method: stop entries
    /// during a skew, then clocks that agree; a bench without the limit.
    @Test func othersKeepTheirWord() {
        var bench = bench()
        list(&bench, ahead: .seconds(3))
        bench.operate(.stopEntries)
        list(&bench, ahead: .zero)
        #expect(bench.engine.tradingState == .reducing)
        #expect(bench.engine.tradingStateCause == .operatorOrder)
        var free = EngineBench.trading { $0.risk.maximumClockSkew = nil }
        list(&free, ahead: .minutes(10))
        #expect(free.engine.tradingState == .active)
    }

    /// Goal: the knowledge survives a restart. Method: a snapshot during a skew; the engine read from it asks again and
    /// recovers.
    @Test func snapshotsKeepSkew() throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading {
            $0.risk.maximumClockSkew = Self.bound
            configuration = $0
        }
        list(&bench, ahead: .seconds(3))
        bench.restore(try #require(configuration))
        bench.wait(.seconds(10))
        #expect(bench.asksForAListing == true)
        answer(&bench, ahead: .zero)
        #expect(bench.engine.tradingState == .active)
    }
}
