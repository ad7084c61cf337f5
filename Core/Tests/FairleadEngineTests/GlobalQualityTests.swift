import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct GlobalQualityTests {
    private func view(
        notional: Int64,
        slippage: Double?,
        drift: Double?,
        latency: Double,
        usage: Double,
        eligible: Double? = nil
    ) -> RouterStatsView {
        var view = RouterStatsView(InstrumentHandle(0))
        view.eventCount = 1
        view.totalNotional = Money(whole: notional)
        view.averageSlippageBps = slippage
        view.slippageDriftBps = drift
        view.averageLatencyMilliseconds = latency
        view.twapUsageRatio = usage
        view.eligibleTwapRatio = eligible
        return view
    }

    /// Goal: before the first fill the router is neutral, and nothing is made up or NaN. Method: no symbol, and one
    /// that has only sent.
    @Test func nothingIsNeutral() {
        for views in [[], [(view: RouterStatsView(InstrumentHandle(0)), bucket: RouterBucket.low)]] {
            let global = GlobalQuality(views, ScoreConfiguration())
            #expect(global.quality.score == 0.8)
            #expect(global.quality.drift == .green && global.quality.latency == .fast)
            #expect(global.bucket == .medium && global.twapUsageRatio == 0)
            #expect(global.averageSlippageBps == nil && global.slippageDriftBps == nil)
            #expect(global.averageLatencyMilliseconds == nil)
        }
    }

    /// Goal: averages are weighted by notional, the bucket is that of the most notional, the formula is a symbol's.
    /// Method: SPEC 12.3's second vector, made of two symbols; and a third in a bucket of less.
    @Test func averagesAreWeighted() {
        let views = [
            (view(notional: 3000, slippage: 3, drift: 5, latency: 100, usage: 0.25), RouterBucket.medium),
            (view(notional: 1000, slippage: 1, drift: 1, latency: 180, usage: 1.25), RouterBucket.medium),
            (view(notional: 0, slippage: 900, drift: 900, latency: 9000, usage: 0), RouterBucket.low),
        ]
        let global = GlobalQuality(views.map { (view: $0.0, bucket: $0.1) }, ScoreConfiguration())
        #expect(isClose(global.averageSlippageBps, 2.5))
        #expect(isClose(global.slippageDriftBps, 4))
        #expect(isClose(global.averageLatencyMilliseconds, 120))
        #expect(isClose(global.twapUsageRatio, 0.5))
        #expect(global.bucket == .medium)
        #expect(global.quality.drift == .yellow && global.quality.latency == .fast)
        #expect(isClose(global.quality.score, 0.65))
    }

    /// Goal: of buckets the one with the most notional counts, not the one of the most symbols. Method: two of 400, one
    /// of 1000.
    @Test func theLargestBucketCounts() {
        let views = [(400, RouterBucket.low), (1000, .high), (400, .low)].map { notional, bucket in
            (view: view(notional: notional, slippage: 0, drift: 0, latency: 0, usage: 1), bucket: bucket)
        }
        #expect(GlobalQuality(views, ScoreConfiguration()).bucket == .high)
    }

    /// Goal: every number of the score is a setting. Method: each changed alone, on a symbol that it concerns.
    @Test func theScoreIsSettings() {
        func score(
            drift: Double = 0,
            latency: Double = 0,
            usage: Double = 1,
            eligible: Double? = nil,
            _ bucket: RouterBucket = .high,
            _ change: (inout ScoreConfiguration) -> Void
        ) -> Double {
            var settings = ScoreConfiguration()
            change(&settings)
            let view = view(
                notional: 1,
                slippage: 0,
                drift: drift,
                latency: latency,
                usage: usage,
                eligible: eligible
            )
            return QualityScore(view, bucket, settings).score
        }
        let tenth = Rate(raw: 10_000_000)
        #expect(isClose(score { $0.base = tenth + tenth + tenth }, 0.3))
        #expect(isClose(score { $0.highBucketPenalty = tenth }, 0.7))
        #expect(isClose(score(.medium) { $0.mediumBucketPenalty = tenth }, 0.7))
        #expect(isClose(score(.low) { $0.lowBucketPenalty = tenth }, 0.7))
        #expect(isClose(score(drift: 4) { $0.greenDrift = Rate(bps: 4) }, 0.8))
        #expect(isClose(score(drift: 9) { $0.yellowDrift = Rate(bps: 9) }, 0.75))
        #expect(isClose(score(drift: 4) { $0.yellowDriftPenalty = tenth }, 0.7))
        #expect(isClose(score(drift: 9) { $0.redDriftPenalty = tenth }, 0.7))
        #expect(isClose(score(latency: 200) { $0.fastLatency = .milliseconds(200) }, 0.8))
        #expect(isClose(score(latency: 500) { $0.normalLatency = .milliseconds(500) }, 0.77))
        #expect(isClose(score(latency: 200) { $0.normalLatencyPenalty = tenth }, 0.7))
        #expect(isClose(score(latency: 500) { $0.slowLatencyPenalty = tenth }, 0.7))
        #expect(isClose(score(usage: 0) { $0.twapSkipPenalty = tenth + tenth }, 0.6))
        #expect(isClose(score(usage: 0, eligible: 0.5) { _ in }, 0.7))
        #expect(isClose(score(usage: 0, eligible: 0.5) { $0.twapPenaltyBasis = .eligible }, 0.75))
        #expect(isClose(score(usage: 0) { $0.twapPenaltyBasis = .eligible }, 0.8), "nothing was eligible")
    }

    /// Goal: the score that the risk mode follows is the published one. Method: an engine that trades two symbols of
    /// two buckets, before its first fill, after it, and with both penalty bases.
    @Test(arguments: TwapPenaltyBasis.allCases) func theEngineScoresTheSame(basis: TwapPenaltyBasis) throws {
        var settings = EngineConfiguration()
        var bench = EngineBench.trading {
            $0.risk.duplicateOrderWindow = .zero
            $0.quality.score.twapPenaltyBasis = basis
            var other = $0.instruments[0]
            other.symbol = "ETHUSDT"
            $0.add(other)
            $0.symbols[1].bucket = .high
            settings = $0
        }
        bench.quote(bid: 1000, ask: 1001, of: InstrumentHandle(1))
        func compare(_ bench: borrowing EngineBench) -> Double {
            var views: [(view: RouterStatsView, bucket: RouterBucket)] = []
            for index in settings.instruments.indices {
                guard let view = bench.engine.stats.view(InstrumentHandle(index), at: bench.now) else { continue }
                views.append((view, settings.symbols[index].bucket))
            }
            let score = bench.engine.stats.globalScore(settings.symbols, at: bench.now)
            #expect(isClose(GlobalQuality(views, settings.quality.score).quality.score, score))
            return score
        }
        #expect(compare(bench) == 0.8)
        try bench.open(.buy, 100)
        let one = compare(bench)
        bench.signal(.buy, 300) { $0.instrument = InstrumentHandle(1) }
        bench.fill(try #require(bench.submissions.first), 300, at: 1001, .taker)
        #expect(compare(bench) > one)
    }
}
