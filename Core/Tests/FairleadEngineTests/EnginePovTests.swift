import FairleadModel
import Testing

@testable import FairleadEngine

/// POV in a whole engine: what volume earns, and what becomes of the rest.
@Suite struct EnginePovTests {
    private func maker(_ bench: borrowing EngineBench) throws -> OrderSubmission {
        try #require(bench.submissions.last)
    }

    /// Goal: nothing goes before the market has traded, and then its share, maker first, as soon as it can be sent; the
    /// rate is never passed. Method: 10 % of trades that come one by one, each child filled at once.
    @Test func aChildIsWhatVolumeHasEarned() throws {
        var bench = EngineBench.participating()
        bench.pov(.buy, 1_000, percent: 10, seconds: 600)
        #expect(bench.submissions.isEmpty && bench.progress.map(\.event) == [.planned])
        bench.trade(2_249)
        // 249 lots are 24.90 dollars: under the smallest child of 25.
        #expect(bench.submissions.isEmpty)
        bench.trade(1)
        let first = try maker(bench)
        #expect(EngineBench.lots(first) == 250 && first.type == .postOnly && first.id.slice == 0)
        bench.accept(first)
        // What is earned while a child is out waits for it.
        bench.trade(4_500)
        #expect(bench.submissions.isEmpty)
        bench.fillWhole(first)
        let second = try maker(bench)
        #expect(EngineBench.lots(second) == 500 && second.id.slice == 1)
        bench.fillWhole(second)
        bench.trade(100_000)
        let last = try maker(bench)
        #expect(EngineBench.lots(last) == 250)
        bench.fillWhole(last)
        let record = try #require(bench.closed.last)
        #expect(record.outcome == .filled && record.routedAs == .pov)
        #expect(bench.engine.participants == 0)
    }

    /// Goal: a child that does not fill takes at its timeout, and what that leaves is earned still. Method: a maker of
    /// 300 that fills 100; the taker gets 50.
    @Test func aChildTakesAtItsTimeout() throws {
        var bench = EngineBench.participating()
        bench.pov(.buy, 1_000, percent: 50, seconds: 600)
        bench.trade(300)
        let first = try maker(bench)
        bench.accept(first)
        bench.fill(first, 40, at: 1000)
        bench.wait(.seconds(10))
        #expect(bench.cancels.map(\.id) == [first.id])
        bench.cancelled(first, filled: 40)
        let taker = try maker(bench)
        #expect(EngineBench.lots(taker) == 260 && taker.timeInForce == .ioc)
        bench.fill(taker, 50, at: 1001, .taker)
        bench.expireRest(taker, filled: 50)
        // 210 lots are too small a child; 250 are not.
        #expect(bench.submissions.isEmpty)
        bench.trade(39)
        #expect(bench.submissions.isEmpty)
        bench.trade(1)
        #expect(EngineBench.lots(try maker(bench)) == 250)
    }

    /// Goal: at the deadline an entry gives up what is left: nothing is taken over the rate. Method: a maker at work.
    @Test func theDeadlineGivesUpTheRest() throws {
        var bench = EngineBench.participating { $0.algorithms.povChildTimeout = .seconds(60) }
        bench.pov(.buy, 1_000, percent: 50, seconds: 30)
        bench.trade(300)
        let first = try maker(bench)
        bench.accept(first)
        bench.fill(first, 40, at: 1000)
        bench.wait(.seconds(30))
        #expect(bench.cancels.map(\.id) == [first.id])
        bench.cancelled(first, filled: 40)
        #expect(bench.submissions.isEmpty)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
        bench.trade(10_000)
        bench.wait(.seconds(60))
        #expect(bench.submissions.isEmpty && bench.engine.participants == 0)
        var quiet = EngineBench.participating()
        quiet.pov(.buy, 1_000, percent: 50, seconds: 30)
        quiet.wait(.seconds(30))
        #expect(quiet.closed.last?.outcome == .expired)
    }

    /// Goal: a position must be left: what volume has not earned by the deadline goes on as any exit. Method: an exit
    /// of 1,000 with 300 earned.
    @Test func anExitGoesOnAfterItsDeadline() throws {
        var bench = EngineBench.participating()
        try bench.open(.buy, 1_000) { $0.style = .taker }
        bench.pov(.sell, 1_000, percent: 50, seconds: 30) { $0.intent = .exit }
        bench.trade(300)
        let first = try maker(bench)
        #expect(EngineBench.lots(first) == 300 && first.reduceOnly)
        bench.fillWhole(first, .taker)
        bench.wait(.seconds(30))
        let rest = try maker(bench)
        #expect(EngineBench.lots(rest) == 700 && rest.reduceOnly)
        bench.fillWhole(rest, .taker)
        #expect(bench.closed.last?.outcome == .filled && bench.engine.participants == 0)
    }

    /// Goal: a signal's rate is bounded by the configuration's. Method: 50 % asked, 25 % allowed.
    @Test func theRateIsBounded() throws {
        var bench = EngineBench.participating()
        bench.engine.configuration.algorithms.povMaximumRate = Rate(raw: 25_000_000)
        bench.pov(.buy, 1_000, percent: 50, seconds: 30)
        bench.trade(900)
        #expect(EngineBench.lots(try maker(bench)) == 300)
    }

    /// Goal: held time earns nothing and moves the deadline. Method: a pause of 20 s with a lot of volume in it.
    @Test func heldTimeEarnsNothing() throws {
        var bench = EngineBench.participating()
        bench.pov(.buy, 1_000, percent: 50, seconds: 30)
        let plan = try #require(bench.progress.first)
        bench.operate(.pauseParent, on: plan.intent)
        bench.trade(10_000)
        bench.wait(.seconds(20))
        bench.operate(.resumeParent, on: plan.intent)
        #expect(bench.submissions.isEmpty)
        #expect(bench.progress.last?.deadline == plan.deadline + .seconds(20))
        bench.trade(300)
        let first = try maker(bench)
        #expect(EngineBench.lots(first) == 300)
        bench.fillWhole(first)
        bench.wait(.seconds(25))
        bench.trade(300)
        #expect(EngineBench.lots(try maker(bench)) == 300)
    }

    /// Goal: a smaller parent is never filled beyond. Method: made 400 with 300 filled; then all is earned.
    @Test func anAmendmentBoundsIt() throws {
        var bench = EngineBench.participating()
        bench.pov(.buy, 1_000, percent: 50, seconds: 30)
        bench.trade(300)
        bench.fillWhole(try maker(bench))
        bench.operate(.amendParent, on: try #require(bench.progress.first).intent, lots: 400)
        bench.trade(10_000)
        let rest = try maker(bench)
        #expect(EngineBench.lots(rest) == 100)
        bench.fillWhole(rest)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: a restart forgets no volume. Method: a snapshot read into a new engine between two trades.
    @Test func aRestartKeepsTheVolume() throws {
        var bench = EngineBench.participating()
        let configuration = bench.engine.configuration
        bench.pov(.buy, 1_000, percent: 50, seconds: 30)
        bench.trade(200)
        bench.restore(configuration)
        #expect(bench.engine.participants == 1)
        bench.trade(100)
        #expect(EngineBench.lots(try maker(bench)) == 300)
    }

    /// Goal: a wide spread keeps the next child back, and it goes when the spread is narrow again. Method: 20 bps
    /// against a pause at 12.
    @Test func aWideSpreadPausesIt() throws {
        var bench = EngineBench.participating(bid: 10_000, ask: 10_001) { $0.routing.maximumSpread = Rate(bps: 200) }
        bench.pov(.buy, 1_000, percent: 50, seconds: 30)
        bench.quote(bid: 10_000, ask: 10_100)
        bench.trade(300, at: 10_000)
        #expect(bench.submissions.isEmpty && bench.progress.last?.event == .spreadPause)
        bench.quote(bid: 10_000, ask: 10_001)
        bench.wait(.milliseconds(250))
        #expect(EngineBench.lots(try maker(bench)) == 300)
    }
}
