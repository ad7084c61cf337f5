import FairleadModel
import Testing

@testable import FairleadEngine

/// The guard rails of adaptive routing, each by itself.
@Suite struct AdaptiveRouterTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)
    static let one = InstrumentHandle(0)

    static func router(_ adjust: (inout AdaptiveConfiguration) -> Void = { _ in }) -> AdaptiveRouter {
        AdaptiveRouter(configuration: configuration(adjust))
    }

    static func configuration(_ adjust: (inout AdaptiveConfiguration) -> Void = { _ in }) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.capacities.parents = 16
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            let terms = InstrumentTerms(
                tick: Price(raw: 1_000_000),
                lot: Quantity(raw: 100_000),
                minimumQuantity: Quantity(raw: 100_000),
                maximumQuantity: Quantity(raw: 100_000_000_000),
                minimumNotional: Money(whole: 5)
            )
            configuration.add(Instrument(symbol: symbol, terms: terms, origin: "test"))
        }
        configuration.adaptive.mode = .live
        adjust(&configuration.adaptive)
        return configuration
    }

    /// A buy of 1,000 on a book of 100.00 x 100.01 whose static policy rests at the touch.
    static func question(
        _ parent: UInt32,
        _ instrument: InstrumentHandle = one,
        share: Int64 = 50,
        _ adjust: (inout ArmQuestion) -> Void = { _ in }
    ) -> ArmQuestion {
        var question = ArmQuestion(
            number: SignalNumber(value: UInt64(parent)),
            intent: IntentID(epoch: Epoch(number: 3), parent: parent),
            instrument: instrument,
            side: .buy,
            bid: Price(raw: 10_000_000_000),
            ask: Price(raw: 10_001_000_000),
            features: ArmFeatures(ownShare: Rate(bps: share * 100), spreadTicks: 1, regime: .normal),
            standing: .joinLong,
            standingQuote: Price(raw: 10_000_000_000),
            joinQuote: Price(raw: 10_000_000_000),
            deeperQuote: Price(raw: 9_999_000_000),
            makerFee: Rate(bps: 2),
            takerFee: Rate(bps: 5),
            notional: 1_000 * FixedPoint.one,
            riskMode: .normal
        )
        adjust(&question)
        return question
    }

    /// Quotes at the touch that did not fill while the market moved away: taking is far cheaper.
    static func teachThatMakersFail(_ router: inout AdaptiveRouter, _ count: Int, _ instrument: InstrumentHandle = one)
    {
        for _ in 0..<count {
            for cell in 0..<UInt8(12) where cell % 6 < 3 {
                for arm in [RouteArm.joinLong, .joinShort] {
                    router.model.learn(
                        ArmSample(arm: arm, cell: cell, filled: 0, isFilledEarly: false, move: 20),
                        instrument
                    )
                }
            }
        }
    }

    /// Goal: the probabilities that are told sum to one exactly, and orders are drawn by them. Method: 6,000 choices
    /// with everything on, cells changing; the sum of each, and the counts of each arm against the sums of its own.
    @Test func propensitiesAreTrue() {
        var router = Self.router {
            $0.exploration = Rate(bps: 500)
            $0.regretBudget = Money(whole: 1_000_000)
            $0.weightStep = Rate(raw: 300_000)
        }
        Self.teachThatMakersFail(&router, 60)
        var expected = [Double](repeating: 0, count: RouteArm.count)
        var seen = expected
        var explored = 0
        for parent in 1...UInt32(6_000) {
            let question = Self.question(parent, share: Int64(parent % 100)) {
                if parent % 7 == 0 { $0.deeperQuote = .zero }
            }
            let decision = router.decide(question, at: Self.start)
            var sum: Int64 = 0
            for arm in RouteArm.allCases {
                let propensity = decision.propensities[arm]
                #expect(propensity >= 0)
                sum += Int64(propensity)
                expected[Int(arm.rawValue)] += Double(propensity) / 1e8
                if decision.costs[arm] == ArmDecision.noCost { #expect(propensity == 0) }
            }
            #expect(sum == FixedPoint.one)
            #expect(decision.propensities[decision.chosen] > 0)
            seen[Int(decision.chosen.rawValue)] += 1
            if decision.isExplored { explored += 1 }
        }
        for arm in RouteArm.allCases {
            let (saw, hoped) = (seen[Int(arm.rawValue)], expected[Int(arm.rawValue)])
            #expect(hoped > 20, "\(arm.name) is never likely")
            #expect(abs(saw - hoped) < 5 * hoped.squareRoot(), "\(arm.name): \(saw) of \(hoped)")
        }
        #expect(explored > 100)
    }

    /// Goal: a symbol that is not listed is left to the static policy. Method: a list of the other one.
    @Test func asksTheSymbolList() {
        var router = Self.router { $0.symbols = ["ETHUSDT"] }
        Self.teachThatMakersFail(&router, 100)
        let decision = router.decide(Self.question(1), at: Self.start)
        #expect(decision.reason == .symbolNotListed)
        #expect(decision.executed == .joinLong && decision.propensities[.joinLong] == 100_000_000)
        let other = router.decide(Self.question(2, InstrumentHandle(1)), at: Self.start)
        #expect(other.reason != .symbolNotListed)
    }

    /// Goal: it acts in the risk mode normal only. Method: each mode, with everything else in favour.
    @Test(arguments: RiskMode.allCases) func actsInNormalModeOnly(mode: RiskMode) {
        var router = Self.router { $0.weightStep = .one }
        Self.teachThatMakersFail(&router, 100)
        let decision = router.decide(Self.question(1) { $0.riskMode = mode }, at: Self.start)
        #expect(decision.reason == (mode == .normal ? .none : .riskMode))
        #expect(decision.executed == (mode == .normal ? .take : .joinLong))
    }

    /// Goal: in shadow it decides, and the static arm runs. Method: the same in both modes.
    @Test func actsNotInShadow() {
        for mode in [AdaptiveMode.shadow, .live] {
            var router = Self.router {
                $0.mode = mode
                $0.weightStep = .one
                $0.exploration = .zero
            }
            Self.teachThatMakersFail(&router, 100)
            let decision = router.decide(Self.question(1), at: Self.start)
            #expect(decision.chosen == .take)
            #expect(decision.executed == (mode == .live ? .take : .joinLong))
            #expect(decision.reason == (mode == .live ? .none : .shadow))
        }
    }

    /// Goal: no arm replaces the static one before the estimates rest on enough orders. Method: one sample under the
    /// minimum, then the minimum; and an arm that is cheap without samples of its own.
    @Test func waitsForSamples() {
        var router = Self.router {
            $0.minimumSamples = 30
            $0.weightStep = .one
            $0.exploration = .zero
        }
        let miss = ArmSample(arm: .joinLong, cell: 1, filled: 0, isFilledEarly: false, move: 20)
        for _ in 0..<29 { router.model.learn(miss, Self.one) }
        let early = router.decide(Self.question(1), at: Self.start)
        #expect(
            early.reason == .fewSamples && early.executed == .joinLong && early.costs[.take] < early.costs[.joinLong]
        )
        router.model.learn(miss, Self.one)
        let late = router.decide(Self.question(2), at: Self.start)
        #expect(late.reason == .none && late.executed == .take)
        // Deeper quotes would save more, by what is assumed of them: nobody has seen one.
        let rebate = router.decide(Self.question(3) { $0.makerFee = Rate(bps: -40) }, at: Self.start)
        #expect(rebate.costs[.deeperLong] < rebate.costs[.take])
        #expect(!rebate.executed.isDeeper)
    }

    /// Goal: another arm must be cheaper by more than the hysteresis. Method: fees that make taking cheaper by a little
    /// and by more than that.
    @Test func holdsWithinTheHysteresis() {
        func preferred(_ hysteresis: Int64, saving: Double) -> RouteArm {
            var router = Self.router {
                $0.hysteresis = Rate(raw: hysteresis)
                $0.exploration = .zero
            }
            Self.teachThatMakersFail(&router, 200)
            // The taker's fee at which taking saves so much: both costs are linear in it.
            let first = router.decide(Self.question(1) { $0.takerFee = .zero }, at: Self.start)
            let gap = Double(first.costs[.joinLong] - first.costs[.take]) / 10_000
            let fill = Double(first.fills[.joinLong]) / 1e8
            let fee = (gap - saving) / fill
            var fresh = Self.router {
                $0.hysteresis = Rate(raw: hysteresis)
                $0.exploration = .zero
            }
            Self.teachThatMakersFail(&fresh, 200)
            let question = Self.question(2) { $0.takerFee = Rate(raw: Int64(fee * 10_000)) }
            return fresh.decide(question, at: Self.start).preferred
        }
        #expect(preferred(10_000, saving: 0.8) == .joinLong)
        #expect(preferred(10_000, saving: 1.2) == .take)
        #expect(preferred(0, saving: 0.8) == .take)
    }

    /// Goal: the share of orders that leave the static arm moves by one step at a decision. Method: twenty decisions
    /// for taking, then twenty against.
    @Test func movesByOneStep() {
        var router = Self.router { $0.exploration = .zero }
        Self.teachThatMakersFail(&router, 100)
        for step in 1...UInt32(25) {
            let decision = router.decide(Self.question(step), at: Self.start)
            #expect(decision.weight == min(100_000_000, Int32(step) * 5_000_000))
            #expect(decision.propensities[.take] == decision.weight)
        }
        // The static policy takes too: there is nothing to leave it for.
        for step in 1...UInt32(25) {
            let question = Self.question(100 + step) { ($0.standing, $0.standingQuote) = (.take, .zero) }
            let decision = router.decide(question, at: Self.start)
            #expect(decision.preferred == .take)
            #expect(decision.weight == max(0, 100_000_000 - Int32(step) * 5_000_000))
        }
    }

    /// Goal: tries are at most their share of a symbol's decisions, at every moment, and there are some. Method: 4,000
    /// decisions of two symbols at three shares.
    @Test(arguments: [Int64(100), 200, 500]) func exploresAtMostItsShare(bps: Int64) {
        var router = Self.router {
            $0.exploration = Rate(bps: bps)
            $0.regretBudget = Money(whole: 1_000_000)
        }
        var explored = [0, 0]
        for parent in 1...UInt32(4_000) {
            let symbol = Int(parent % 2)
            let decision = router.decide(Self.question(parent, InstrumentHandle(symbol)), at: Self.start)
            if decision.isExplored { explored[symbol] += 1 }
            #expect(explored[symbol] * 10_000 <= Int(bps) * (Int(parent) / 2 + 1))
        }
        #expect(explored.allSatisfy { $0 * 40_000 > Int(bps) * 2_000 })
    }

    /// Goal: without a share nothing is tried. Method: 2,000 decisions.
    @Test func exploresNothingWithoutAShare() {
        var router = Self.router { $0.exploration = .zero }
        for parent in 1...UInt32(2_000) {
            let decision = router.decide(Self.question(parent), at: Self.start)
            #expect(!decision.isExplored && decision.executed == .joinLong)
        }
    }

    /// Goal: a day's tries are not expected to cost more than the budget, and the next day has its own. Method: no
    /// budget, one of 1, and one of 1 over two days.
    @Test func spendsNoMoreThanTheBudget() {
        func spent(_ budget: Money, days: Int64) -> (tries: [Int], most: Money) {
            var router = Self.router {
                $0.exploration = Rate(bps: 500)
                $0.regretBudget = budget
            }
            var tries: [Int] = []
            var most = Money.zero
            var parent: UInt32 = 0
            for day in 0..<days {
                var count = 0
                for _ in 0..<3_000 {
                    parent += 1
                    let decision = router.decide(Self.question(parent), at: Self.start + .hours(24 * day))
                    if decision.isExplored { count += 1 }
                    most = max(most, router.regretSpent)
                }
                tries.append(count)
            }
            return (tries, most)
        }
        #expect(spent(.zero, days: 1).tries == [0])
        let one = spent(Money(whole: 1), days: 2)
        #expect(one.most > .zero && one.most <= Money(whole: 1))
        #expect(one.tries.allSatisfy { $0 > 0 })
        let free = spent(Money(whole: 1_000), days: 1)
        #expect(free.most > Money(whole: 1))
        #expect(free.tries[0] > one.tries[0])
    }
}
