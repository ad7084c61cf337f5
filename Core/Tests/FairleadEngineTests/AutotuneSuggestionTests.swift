import FairleadModel
import Testing

@testable import FairleadEngine

/// RULES "Autotune", suggest: each regime, signal and strength, and what a suggestion may come to.
@Suite struct AutotuneSuggestionTests {
    private func health(
        fill: Int64? = nil,
        fallback: Int64? = nil,
        slip: Int64? = nil,
        milliseconds: Int64? = nil
    ) -> Effectiveness {
        Effectiveness(
            makerFill: fill.map { Rate(raw: $0 * 1_000_000) },
            fallback: fallback.map { Rate(raw: $0 * 1_000_000) },
            slip95: slip.map { Rate(bps: $0) },
            acknowledgement: milliseconds.map { .milliseconds($0) }
        )
    }

    private func policy(
        _ quality: PolicyQuality = .ok,
        makerFirst: Bool = true,
        bias: Int64 = 50,
        offset: Int64 = 3
    ) -> RouterPolicy {
        RouterPolicy(
            quality: quality,
            takerBias: TakerBias(of: Rate(raw: bias * 1_000_000)),
            makerFirst: makerFirst,
            bias: Rate(raw: bias * 1_000_000),
            offset: Rate(bps: offset)
        )
    }

    private func suggest(
        _ health: Effectiveness,
        _ expectancy: AutotuneExpectancy = .none,
        _ policy: RouterPolicy? = nil,
        _ reference: OffsetReference = .touch
    ) -> AutotuneSuggestion {
        AutotuneSuggestion(health, expectancy, policy ?? self.policy(), reference: reference)
    }

    /// Goal: the first regime that holds, exactly at its bounds; what is unknown fires nothing. Method: each bound and
    /// one step before it.
    @Test func regimes() {
        func regime(_ health: Effectiveness) -> AutotuneRegime { AutotuneRegime(health) }
        #expect(regime(.none) == .balanced)
        #expect(regime(health(fallback: 85)) == .broken)
        #expect(regime(health(fallback: 84)) == .fallbackHeavy)
        #expect(regime(health(fill: 20)) == .broken)
        #expect(regime(health(fill: 21)) == .balanced)
        #expect(regime(health(slip: 25)) == .broken)
        #expect(regime(health(slip: 24)) == .slippageHot)
        #expect(regime(health(milliseconds: 3000)) == .broken)
        #expect(regime(health(milliseconds: 2999)) == .balanced)
        #expect(regime(health(fallback: 55)) == .fallbackHeavy)
        #expect(regime(health(fallback: 54)) == .balanced)
        #expect(regime(health(fallback: 55, slip: 12)) == .fallbackHeavy, "the first that holds")
        #expect(regime(health(slip: 12)) == .slippageHot)
        #expect(regime(health(slip: 11)) == .balanced)
        #expect(regime(health(fill: 70, fallback: 30, slip: 5)) == .makerStrong)
        #expect(regime(health(fill: 70, fallback: 30)) == .makerStrong, "an unknown slip is no weakness")
        #expect(regime(health(fill: 69, fallback: 30, slip: 5)) == .balanced)
        #expect(regime(health(fill: 70, fallback: 31, slip: 5)) == .balanced)
        #expect(regime(health(fill: 70, fallback: 30, slip: 6)) == .balanced)
        #expect(regime(health(fill: 70)) == .balanced, "an unknown fallback is no strength")
    }

    /// Goal: the strength of what a symbol has paid, at each bound. Method: each row alone and one step before it, and
    /// all together.
    @Test func strengths() {
        func strength(_ expectancy: Double?, _ hitRate: Double? = nil, _ score: Double? = nil) -> Double {
            AutotuneExpectancy(expectancy: expectancy, hitRate: hitRate, score: score).strength
        }
        #expect(strength(nil) == 0)
        #expect(strength(5) == 1.5 && strength(4.99) == 0.75)
        #expect(strength(1) == 0.75 && strength(0.99) == 0)
        #expect(strength(-1) == -0.75 && strength(-0.99) == 0)
        #expect(strength(-3) == -1.5 && strength(-2.99) == -0.75)
        #expect(strength(nil, 0.65) == 0.25 && strength(nil, 0.64) == 0)
        #expect(strength(nil, 0.45) == -0.25 && strength(nil, 0.46) == 0)
        #expect(strength(nil, nil, 0.7) == 0.75 && strength(nil, nil, 0.69) == 0)
        #expect(strength(nil, nil, 0.3) == -0.75 && strength(nil, nil, 0.31) == 0)
        #expect(strength(6, 0.7, 0.8) == 2.5)
        #expect(strength(-6, 0.1, 0.1) == -2.5)
    }

    /// Goal: each signal, times the largest steps. Method: every quality, regime and strength alone on a balanced
    /// policy of 0.5 and 3 bps; the steps in thousandths of a bias and hundredths of a bps.
    @Test func signals() {
        func steps(
            _ health: Effectiveness,
            _ expectancy: Double? = nil,
            _ quality: PolicyQuality = .ok
        ) -> [Int64] {
            let found = suggest(health, AutotuneExpectancy(expectancy: expectancy), policy(quality))
            return [(found.bias.raw - 50_000_000) / 100_000, (found.offset.raw - 30_000) / 100]
        }
        #expect(steps(.none) == [0, 0])
        #expect(steps(.none, nil, .broken) == [50, 100])
        #expect(steps(health(fallback: 85)) == [50, 100])
        #expect(steps(.none, nil, .degraded) == [25, 50])
        #expect(steps(health(fallback: 55)) == [37, 50])
        #expect(steps(health(slip: 12)) == [25, 75])
        #expect(steps(health(fill: 70, fallback: 30)) == [-37, -50])
        #expect(steps(.none, 5) == [-50, -50])
        #expect(steps(.none, 1) == [-25, 0])
        #expect(steps(.none, -1) == [25, 0])
        #expect(steps(.none, -3) == [50, 50])
        // Summed, and cut to a whole step.
        #expect(steps(health(slip: 12), nil, .degraded) == [50, 100])
        #expect(steps(health(fallback: 55), 5) == [-12, 0])
        #expect(steps(health(fill: 70, fallback: 30), 5) == [-50, -100])
        #expect(steps(health(fallback: 85), -3) == [50, 100])
    }

    /// Goal: when makers are given up, and when they come back. Method: each row that says so, and those beside it.
    @Test func makersAreTurned() {
        func isMaker(
            _ health: Effectiveness,
            _ expectancy: Double? = nil,
            _ quality: PolicyQuality = .ok,
            from makerFirst: Bool = true
        ) -> Bool {
            suggest(health, AutotuneExpectancy(expectancy: expectancy), policy(quality, makerFirst: makerFirst))
                .makerFirst
        }
        #expect(!isMaker(.none, nil, .broken))
        #expect(!isMaker(health(slip: 25)))
        #expect(isMaker(.none, nil, .degraded))
        #expect(!isMaker(health(fallback: 60)))
        #expect(isMaker(health(fallback: 59)))
        #expect(isMaker(health(fallback: 60), 0), "an expectancy is known")
        let strong = health(fill: 70, fallback: 30)
        #expect(isMaker(strong, 1, from: false))
        #expect(!isMaker(strong, 0.99, from: false))
        #expect(!isMaker(strong, nil, from: false))
        #expect(!isMaker(health(fill: 69, fallback: 30), 5, from: false))
        #expect(!isMaker(strong, 5, .broken, from: false))
    }

    /// Goal: what a symbol's closed trades have paid moves its suggestion, and its policy where autotune applies; under
    /// 30 trades nothing does. Method: trades that win 6 % of 100, one by one into an engine's log.
    @Test func tradesThatPayAreHeard() {
        var bench = EngineBench.trading {
            $0.autotune.isApplyEnabled = true
            $0.autotune.symbols = ["*"]
        }
        for _ in 0..<29 { bench.engine.trades.append(closedTrade(0.06, closedAt: bench.now)) }
        #expect(bench.engine.suggestions(at: bench.now)[0].strength == 0)
        bench.engine.trades.append(closedTrade(0.06, closedAt: bench.now))
        // An expectancy of 6: 1.5, nothing lost: 0.25; its score is not the highest.
        let suggestion = bench.engine.suggestions(at: bench.now)[0]
        #expect(suggestion.strength == 1.75)
        #expect(suggestion.bias == Rate(raw: bench.engine.policy(EngineBench.symbol).computed.bias.raw - 5_000_000))
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.engine.policy(EngineBench.symbol).tune.bias == -AutotuneSuggestion.biasStep)
        #expect(bench.engine.policy(EngineBench.symbol).bias == suggestion.bias)
    }

    /// Goal: a symbol's score looks at the quality that is published, by the configured settings. Method: a fill under
    /// a base score that is not the default.
    @Test func scoresLookAtThePublishedQuality() throws {
        var bench = EngineBench.trading { $0.quality.score.base = Rate(raw: 55_000_000) }
        bench.signal(.buy, 100) { $0.makerFirst = false }
        bench.fill(try #require(bench.submissions.first), 100, at: 1001, .taker)
        let found = bench.engine.routerStats(EngineBench.symbol, at: bench.now)
        let view = try #require(found)
        let settings = bench.engine.configuration.quality.score
        let bucket = bench.engine.configuration.symbols[0].bucket
        let input = bench.engine.scoreInput(EngineBench.symbol, Expectancy(), at: bench.now)
        let published = QualityScore(view, bucket, settings).score
        #expect(input?.quality == published)
        #expect(published != QualityScore(view, bucket, ScoreConfiguration()).score)
    }

    /// Goal: proposals stay in [0, 1] and in the offsets of SPEC 7. Method: policies at both ends, from touch and mid.
    @Test func proposalsAreBounded() {
        let high = suggest(.none, .none, policy(.broken, bias: 98, offset: 10))
        #expect(high.bias == .one && high.offset == Rate(bps: 10))
        let strong = health(fill: 70, fallback: 30)
        let paying = AutotuneExpectancy(expectancy: 9)
        let low = suggest(strong, paying, policy(.good, bias: 2, offset: 0))
        #expect(low.bias == .zero && low.offset == .zero)
        let middle = suggest(strong, paying, policy(.good, bias: 2, offset: 1), .mid)
        #expect(middle.offset == Rate(raw: Rate.bps / 2))
        #expect(middle.changes(policy(.good, bias: 2, offset: 1)))
        #expect(!suggest(.none).changes(policy()))
    }
}

/// RULES "Autotune", apply: bounded steps, and every gate.
@Suite struct AutotuneApplyTests {
    private let policy = RouterPolicy(
        quality: .ok,
        takerBias: .balanced,
        bias: Rate(raw: 50_000_000),
        offset: Rate(bps: 3)
    )

    private var settings: AutotuneConfiguration {
        var settings = AutotuneConfiguration()
        settings.isApplyEnabled = true
        settings.allowsMakerFlip = true
        return settings
    }

    /// A suggestion of far more than a step, and of no maker.
    private var suggestion: AutotuneSuggestion {
        var suggestion = AutotuneSuggestion(.none, .none, policy, reference: .touch)
        suggestion.bias = Rate(raw: 90_000_000)
        suggestion.offset = Rate(bps: 9)
        suggestion.makerFirst = false
        return suggestion
    }

    private func applied(
        _ change: (inout AutotuneConfiguration) -> Void = { _ in },
        to policy: RouterPolicy? = nil,
        isListed: Bool = true,
        mode: RiskMode = .normal
    ) -> RouterPolicy {
        var settings = settings
        change(&settings)
        return Autotune.applied(
            suggestion,
            to: policy ?? self.policy,
            settings,
            isListed: isListed,
            mode: mode,
            reference: .touch
        )
    }

    /// Goal: steps are bounded, said, and taken back by `computed`. Method: the defaults, and larger ones.
    @Test func stepsAreBounded() {
        let tuned = applied()
        #expect(tuned.bias == Rate(raw: 55_000_000) && tuned.offset == Rate(bps: 5) && !tuned.makerFirst)
        #expect(tuned.takerBias == .balanced)
        #expect(tuned.tune == PolicyTune(bias: Rate(raw: 5_000_000), offset: Rate(bps: 2), isFlipped: true))
        #expect(tuned.reason == "quality=ok;regime=normal;regime_assumed;bootstrap;autotuned")
        #expect(tuned.computed == policy)
        let far = applied {
            $0.maximumBiasDelta = .one
            $0.maximumOffsetStep = Rate(bps: 50)
        }
        #expect(far.bias == Rate(raw: 90_000_000) && far.takerBias == .preferTaker && far.offset == Rate(bps: 9))
        #expect(far.computed == policy)
        #expect(applied { $0.maximumBiasDelta = .zero }.bias == policy.bias)
    }

    /// Goal: an offset stays under the largest one, and in SPEC 7's range; one that was computed beyond the largest is
    /// left there. Method: a largest offset of 4 and of 1 bps.
    @Test func offsetsAreBounded() {
        #expect(applied { $0.maximumOffset = Rate(bps: 4) }.offset == Rate(bps: 4))
        #expect(applied { $0.maximumOffset = Rate(bps: 1) }.offset == Rate(bps: 3))
        var wide = policy
        wide.offset = Rate(bps: 9)
        let stretched = applied({ $0.maximumOffset = Rate(bps: 100) }, to: wide)
        #expect(stretched.offset == Rate(bps: 9))
    }

    /// Goal: each gate alone keeps the policy as computed. Method: off, not listed, of another quality, a person's, in
    /// defensive and halted mode.
    @Test func gates() {
        #expect(applied { $0.isApplyEnabled = false } == policy)
        #expect(applied(isListed: false) == policy)
        #expect(applied { $0.qualities = ["good"] } == policy)
        #expect(applied { $0.qualities = [] } == policy)
        #expect(applied(mode: .defensive) == policy)
        #expect(applied(mode: .halted) == policy)
        var person = policy
        person.isOverridden = true
        #expect(applied(to: person) == person)
        var broken = policy
        broken.quality = .broken
        #expect(applied(to: broken) == broken, "good and ok by default")
    }

    /// Goal: makers are turned only where that is allowed, in normal mode. Method: not allowed; cautious.
    @Test func flipsAreGuarded() {
        let forbidden = applied { $0.allowsMakerFlip = false }
        #expect(forbidden.makerFirst && forbidden.bias == Rate(raw: 55_000_000) && !forbidden.tune.isFlipped)
        let cautious = applied(mode: .cautious)
        #expect(cautious.makerFirst && cautious.bias == Rate(raw: 55_000_000))
    }

    /// Goal: no symbol is listed by default, a star is all of them. Method: the list's three forms.
    @Test func symbolsAreListed() {
        var settings = AutotuneConfiguration()
        #expect(!settings.tunes("BTCUSDT"))
        settings.symbols = ["ETHUSDT"]
        #expect(settings.tunes("ETHUSDT") && !settings.tunes("BTCUSDT"))
        settings.symbols = ["*"]
        #expect(settings.tunes("BTCUSDT"))
    }

    /// Goal: a mode that is missing or stale counts as cautious, with a warning. Method: never said, left out, exactly
    /// at the bound and past it, and a time to come.
    @Test func unknownModesAreCautious() {
        let now = Timestamp(milliseconds: 1_700_000_000_000)
        let settings = AutotuneConfiguration()
        func state(_ mode: RiskMode?, _ age: TimeSpan) -> AllocatorState {
            AllocatorState(mode: mode, time: now + -age)
        }
        #expect(AllocatorState().mode(at: now, settings) == .cautious)
        #expect(AllocatorState(mode: .normal).warning(at: now, settings) == .missing)
        #expect(state(nil, .zero).mode(at: now, settings) == .cautious)
        #expect(state(nil, .zero).warning(at: now, settings) == .missing)
        #expect(state(.normal, .seconds(1800)).mode(at: now, settings) == .normal)
        #expect(state(.normal, .seconds(1800)).warning(at: now, settings) == nil)
        let stale = state(.defensive, .seconds(1800) + TimeSpan(nanoseconds: 1))
        #expect(stale.mode(at: now, settings) == .cautious && stale.warning(at: now, settings) == .stale)
        #expect(state(.halted, .seconds(-60)).mode(at: now, settings) == .halted)
        var short = settings
        short.modeStaleAfter = .seconds(10)
        #expect(state(.normal, .seconds(11)).mode(at: now, short) == .cautious)
    }

    /// Goal: in a whole engine what is applied is on the route decision, steps never add up, and quotes follow. Method:
    /// a symbol whose evidence is hot, over three timers, with and without the switch.
    @Test func stepsAreOnTheDecision() throws {
        func decide(_ isEnabled: Bool) throws -> RouteDecision {
            var bench = EngineBench.trading {
                $0.autotune.isApplyEnabled = isEnabled
                $0.autotune.symbols = ["BTCUSDT"]
                $0.policy.prior.slip = Rate(bps: 14)
                $0.policy.good.slip = Rate(bps: 15)
                $0.policy.degraded.slip = Rate(bps: 15)
                $0.risk.allowsPyramiding = true
            }
            bench.signal(.buy, 100)
            bench.fill(try #require(bench.submissions.first), 100, at: 1000)
            for _ in 0..<3 { bench.wait(.seconds(10)) }
            bench.quote(bid: 1000, ask: 1001)
            bench.signal(.buy, 100)
            return try #require(bench.routes.first)
        }
        let plain = try decide(false)
        #expect(plain.policy.tune == .none)
        let tuned = try decide(true)
        // slippage_hot: half a step of the bias, three quarters of one of the offset.
        #expect(tuned.policy.tune == PolicyTune(bias: Rate(raw: 2_500_000), offset: Rate(raw: 7_500)))
        #expect(tuned.policy.computed == plain.policy)
        #expect(tuned.makerStart && tuned.price <= plain.price)
    }
}

extension TimeSpan {
    fileprivate static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: a.nanoseconds + b.nanoseconds)
    }
}
