import FairleadModel
import Testing

@testable import FairleadEngine

/// What a whole engine tells its evidence, and what the policy makes of it.
@Suite struct EngineEffectivenessTests {
    /// Goal: a maker that fills is a start and a fill of no slip, with the latency of its acknowledgement, from the
    /// next policy timer on. Method: accepted after 40 ms, filled in two parts.
    @Test func aFilledMakerIsASample() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.now = bench.now + .milliseconds(40)
        bench.accept(maker)
        bench.fill(maker, 30, at: 1000)
        bench.fill(maker, 70, at: 1000)
        #expect(bench.evidence == .none)
        bench.recompute()
        let found = bench.evidence
        #expect(found.starts == 1 && found.makerFill == .one && found.fallback == .zero)
        #expect(found.slipMedian == .zero && found.slip95 == .zero)
        #expect(found.acknowledgement == .milliseconds(40))
    }

    /// Goal: a maker that gives way is a fallback, and its slip is that of all its fills against what each was to get.
    /// Method: half of it fills at its limit, the rest at 100.2 where the touch was 100.1.
    @Test func aFallbackIsASample() throws {
        var bench = EngineBench.trading()
        try bench.fallBack(makerLots: 50, takenAt: 1002)
        bench.recompute()
        let found = bench.evidence
        #expect(found.starts == 1 && found.makerFill == .zero && found.fallback == .one)
        // 50 of 100.0 and 50 of 100.1 were intended; 0.1 more was paid for 50.
        #expect(isClose(found.slipMedian?.inBps, (0.1 * 50) / (100.0 * 50 + 100.1 * 50) * 10_000))
    }

    /// Goal: an order that never tried says nothing of makers, and only its latency counts. Method: a taker on demand.
    @Test func aTakerTellsItsLatencyAlone() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) { $0.makerFirst = false }
        let taker = try #require(bench.submissions.first)
        bench.now = bench.now + .milliseconds(15)
        bench.fill(taker, 100, at: 1005, .taker)
        bench.recompute()
        #expect(bench.evidence == Effectiveness(acknowledgement: .milliseconds(15)))
    }

    /// Goal: what the market had no time to say is no sample; what it had is. Method: a maker that its venue cancels,
    /// and one that its signal's end takes away.
    @Test func aCancelledMakerIsNoSample() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let first = try #require(bench.submissions.first)
        bench.accept(first)
        bench.cancelled(first, filled: 0, .venue)
        bench.recompute()
        #expect(bench.evidence.starts == 0 && bench.evidence.makerFill == nil)
        let end = bench.now + .seconds(3)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 100) { $0.expiresAt = end }
        let second = try #require(bench.submissions.first)
        bench.accept(second)
        bench.wait(.seconds(3))
        bench.cancelled(second, filled: 0)
        #expect(bench.closed.last?.outcome == .expired)
        bench.recompute()
        #expect(bench.evidence.starts == 1)
        #expect(bench.evidence.makerFill == .zero && bench.evidence.fallback == .zero)
        #expect(bench.evidence.slip == nil)
    }

    /// Goal: a maker leg that is smaller than its parent and fills is a fill, though the rest takes. Method: 40 of 100.
    @Test func aSmallMakerLegCanFill() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) { $0.makerQuantity = EngineBench.quantity(40) }
        let maker = try #require(bench.submissions.first)
        bench.fill(maker, 40, at: 1000)
        bench.fill(try #require(bench.submissions.first), 60, at: 1001, .taker)
        bench.recompute()
        #expect(bench.evidence.makerFill == .one && bench.evidence.fallback == .zero)
    }

    /// Goal: a TWAP is one sample: filled where makers filled every slice, fallen back where one of them gave way.
    /// Method: two slices filled by their makers; and one whose maker's time runs out, the other filled.
    @Test(arguments: [false, true])
    func aTwapIsOneSample(_ givesWay: Bool) throws {
        var bench = EngineBench.slicing { $0.twap.slices = 2 }
        bench.twap(.buy, 1000)
        let first = try #require(bench.submissions.first)
        bench.accept(first)
        if givesWay {
            bench.wait(.seconds(10))
            bench.cancelled(first, filled: 0)
            let taker = try #require(bench.submissions.first)
            bench.fill(taker, EngineBench.lots(taker), at: 1001, .taker)
        } else {
            bench.fill(first, EngineBench.lots(first), at: 1000)
            bench.wait(.seconds(10))
        }
        let second = try #require(bench.submissions.first)
        bench.fill(second, EngineBench.lots(second), at: 1000)
        #expect(bench.closed.last?.outcome == .filled)
        bench.wait(.seconds(10))
        let found = bench.engine.effectiveness(EngineBench.symbol)
        #expect(found.starts == 1)
        #expect(found.fallback == (givesWay ? .one : .zero) && found.makerFill == (givesWay ? .zero : .one))
    }

    /// Goal: a fill counts as eligible for a TWAP by its order's size, and its cost is judged by the instrument's fee
    /// and the baseline. Method: an order of 10, with minima of 10 and a little more; a maker's fee of 1 bps where 2
    /// and a baseline of 3 are expected.
    @Test func fillsAreJudgedByWhatWasExpected() throws {
        for minimum in [10, 11] as [Int64] {
            var bench = EngineBench.trading {
                $0.twap.minimumNotional = Money(whole: minimum)
                $0.quality.baseline = Rate(bps: 3)
            }
            bench.signal(.buy, 100)
            bench.fill(try #require(bench.submissions.first), 100, at: 1000)
            let measured = bench.engine.routerStats(EngineBench.symbol, at: bench.now)
            let view = try #require(measured)
            #expect(view.eligibleTwapRatio == (minimum == 10 ? 0 : nil))
            #expect(view.penalizedUsage(.eligible) == (minimum == 10 ? 0 : 1))
            // A fee of 0.00001 on 10.
            #expect(view.cost.count == 1 && isClose(view.cost.average, 0.01 - 2 - 3))
        }
    }

    /// Goal: an answer that came after its deadline is no latency. Method: acknowledged after 5 s, and a nanosecond
    /// later.
    @Test(arguments: [0, 1] as [Int64])
    func lateAnswersAreUnknown(_ nanoseconds: Int64) throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.now = bench.now + .seconds(5) + TimeSpan(nanoseconds: nanoseconds)
        bench.accept(maker)
        bench.recompute()
        #expect(bench.evidence.acknowledgement == (nanoseconds == 0 ? .seconds(5) : nil))
    }

    /// Goal: the policy follows the evidence on its timer, the gate follows the policy, and both come back with time.
    /// Method: makers that fall back until one isn't tried; three days later one is.
    @Test func theGateFollowsTheEvidence() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        try bench.fallBack(makerLots: 0, takenAt: 1001)
        bench.recompute()
        #expect(bench.engine.policy(EngineBench.symbol).quality == .good)
        try bench.fallBack(makerLots: 0, takenAt: 1001)
        bench.recompute()
        // 0.75 * 20 / 22 of makers fill: under 0.7.
        #expect(bench.engine.policy(EngineBench.symbol).reason == "quality=ok;regime=normal;regime_assumed;bootstrap")
        bench.signal(.buy, 100)
        let taken = try #require(bench.routes.first)
        #expect(taken.vetoReason == .qualityOk && taken.routedAs == .taker)
        bench.fill(try #require(bench.submissions.first), 100, at: 1001, .taker)
        bench.now = bench.now + .hours(72)
        bench.recompute()
        #expect(bench.engine.policy(EngineBench.symbol).quality == .good)
        bench.signal(.buy, 100)
        #expect(bench.routes.first?.makerStart == true)
        let told = bench.policies
        #expect(told.map(\.policy.quality) == [.ok, .good])
        #expect(told.first?.evidence.samples == 2)
        #expect(told.last?.evidence.samples == 0)
    }

    /// Goal: sums and notes survive a snapshot. Method: taken between a maker's fill and its parent's end; both engines
    /// go on alike.
    @Test func evidenceSurvivesASnapshot() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.fill(maker, 60, at: 1000)
        var writer = VisitedWords()
        bench.engine.visitState(&writer)
        var reader = VisitedWords(reading: writer.words)
        var copy = EngineBench.trading()
        copy.engine.visitState(&reader)
        copy.now = bench.now
        let last = bench.execution(maker, 40, at: 1000, number: 9)
        bench.feed(.orderFilled(last))
        copy.feed(.orderFilled(last))
        bench.recompute()
        copy.recompute()
        #expect(copy.evidence == bench.evidence && copy.evidence.makerFill == .one)
    }
}

extension EngineBench {
    fileprivate var evidence: Effectiveness { engine.effectiveness(Self.symbol) }

    fileprivate var policies: [PolicyRecord] {
        allNotices.compactMap { if case .policyComputed(let record) = $0 { record } else { nil } }
    }

    /// Lets the policy's timer come, and the book be fresh.
    fileprivate mutating func recompute() {
        wait(.seconds(10))
        quote(bid: 1000, ask: 1001)
    }

    /// A buy of 100 whose maker fills so many lots, then gives way; the rest is taken at a price.
    fileprivate mutating func fallBack(makerLots: Int64, takenAt price: Int64) throws {
        signal(.buy, 100)
        let maker = try #require(submissions.first)
        accept(maker)
        if makerLots > 0 { fill(maker, makerLots, at: 1000) }
        wait(.seconds(10))
        quote(bid: 1000, ask: 1001)
        cancelled(maker, filled: makerLots)
        fill(try #require(submissions.first), 100 - makerLots, at: price, .taker)
    }
}
