import FairleadModel
import Testing

@testable import FairleadEngine

/// Alarm, recovery, and that the same facts make the same choices.
@Suite struct AdaptiveRecoveryTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)
    private static let slot = ParentSlot(index: 0)

    /// A decided order that comes to its end at so many bps.
    private static func run(_ router: inout AdaptiveRouter, _ parent: UInt32, cost: Double, at now: Timestamp)
        -> ArmDecision
    {
        let question = AdaptiveRouterTests.question(parent)
        let decision = router.decide(question, at: now)
        router.note(slot, decision, question, at: now)
        router.ended(slot, question.instrument, .buy, filled: decision.executed.isMaker ? 1 : 0, cost: cost, at: now)
        router.forget(slot)
        return decision
    }

    /// Goal: when costs shift upward the static policy takes over, at once and for the pause; afterwards adaptive
    /// routing goes on. Method: 60 orders at what they are expected to cost, then some that cost 30 bps more.
    @Test func fallsBackOnAnAlarm() {
        var router = AdaptiveRouterTests.router {
            $0.weightStep = .one
            $0.exploration = .zero
            $0.alarmPause = .seconds(600)
        }
        AdaptiveRouterTests.teachThatMakersFail(&router, 200)
        var parent: UInt32 = 0
        var random = DeterministicRandom(seed: 1)
        for _ in 0..<60 {
            parent += 1
            let decision = Self.run(&router, parent, cost: 5.05 + random.nextUnit() - 0.5, at: Self.start)
            #expect(decision.executed == .take)
        }
        #expect(router.pausedUntil(AdaptiveRouterTests.one) == .never)
        var shifted = 0
        while router.pausedUntil(AdaptiveRouterTests.one) == .never, shifted < 40 {
            parent += 1
            shifted += 1
            _ = Self.run(&router, parent, cost: 35 + random.nextUnit(), at: Self.start)
        }
        #expect(shifted < 5)
        #expect(router.pausedUntil(AdaptiveRouterTests.one) == Self.start + .seconds(600))
        let paused = router.decide(AdaptiveRouterTests.question(901), at: Self.start + .seconds(599))
        #expect(paused.reason == .costAlarm && paused.executed == .joinLong)
        #expect(paused.propensities[.joinLong] == 100_000_000)
        // Another symbol's costs have not shifted.
        let other = router.decide(AdaptiveRouterTests.question(902, InstrumentHandle(1)), at: Self.start)
        #expect(other.reason != .costAlarm)
        let after = router.decide(AdaptiveRouterTests.question(903), at: Self.start + .seconds(600))
        #expect(after.reason != .costAlarm)
    }

    /// Goal: costs that stay at their new level alarm once, not for ever: there is no state that can't be left. Method:
    /// after the alarm 400 more orders at the new cost.
    @Test func anAlarmPasses() {
        var router = AdaptiveRouterTests.router {
            $0.exploration = .zero
            $0.alarmPause = .seconds(60)
        }
        var random = DeterministicRandom(seed: 2)
        var now = Self.start
        for parent in 1...UInt32(40) {
            _ = Self.run(&router, parent, cost: 2 + random.nextUnit(), at: now)
        }
        var pauses: [Timestamp] = []
        for parent in 41...UInt32(440) {
            now = now + .seconds(10)
            _ = Self.run(&router, parent, cost: 20 + random.nextUnit(), at: now)
            let pause = router.pausedUntil(AdaptiveRouterTests.one)
            if pause != .never, pauses.last != pause { pauses.append(pause) }
        }
        #expect(pauses.count >= 1 && pauses.count <= 2)
        let decision = router.decide(AdaptiveRouterTests.question(999), at: now)
        #expect(decision.reason != .costAlarm)
    }

    /// Goal: a symbol whose makers failed, and that was therefore taken, is tried as maker again. Method: no tries
    /// allowed; bad evidence, then only takers for twelve days.
    @Test func aBadSymbolRecovers() {
        var router = AdaptiveRouterTests.router {
            $0.weightStep = .one
            $0.exploration = .zero
        }
        AdaptiveRouterTests.teachThatMakersFail(&router, 300)
        var now = Self.start
        #expect(Self.run(&router, 1, cost: 5.05, at: now).executed == .take)
        var isMakerAgain = false
        for hour in 1...UInt32(24 * 12) {
            now = now + .hours(1)
            let decision = Self.run(&router, hour + 1, cost: 5.05, at: now)
            if decision.executed.isMaker { isMakerAgain = true }
        }
        #expect(isMakerAgain)
    }

    /// Goal: the same facts make the same choices, also from a snapshot taken in the middle. Method: 400 orders twice;
    /// the second time the state goes through a snapshot at each 100th.
    @Test func isDeterministic() {
        func story(snapshots: Bool) -> [ArmDecision] {
            let configuration = AdaptiveRouterTests.configuration {
                $0.exploration = Rate(bps: 500)
                $0.minimumSamples = 5
            }
            var router = AdaptiveRouter(configuration: configuration)
            var random = DeterministicRandom(seed: 9)
            var decisions: [ArmDecision] = []
            for parent in 1...UInt32(400) {
                let now = Self.start + .seconds(Int64(parent) * 40)
                let question = AdaptiveRouterTests.question(parent, share: Int64(random.next(below: 101)))
                let decision = router.decide(question, at: now)
                decisions.append(decision)
                router.note(Self.slot, decision, question, at: now)
                let isFilled = random.chance(1, in: 3)
                if !isFilled { router.gaveWay(Self.slot, middle: Price(raw: 10_005_000_000)) }
                if snapshots, parent % 100 == 0 {
                    var writer = VisitedWords()
                    router.visitState(&writer)
                    var read = AdaptiveRouter(configuration: configuration)
                    var reader = VisitedWords(reading: writer.words)
                    read.visitState(&reader)
                    #expect(reader.isAtEnd)
                    router = read
                }
                let cost = isFilled ? 2.0 : 9.0
                router.ended(Self.slot, question.instrument, .buy, filled: isFilled ? 1 : 0, cost: cost, at: now)
                router.forget(Self.slot)
            }
            return decisions
        }
        let once = story(snapshots: false)
        #expect(once == story(snapshots: false))
        #expect(once == story(snapshots: true))
        #expect(once.contains { $0.isExplored })
        #expect(Set(once.map(\.executed)).count > 2)
    }

    /// Goal: the seed, and the intent's number, are what the draws come from. Method: two seeds over the same orders.
    @Test func drawsBySeedAndIntent() {
        func drawn(_ seed: Int) -> [RouteArm] {
            var router = AdaptiveRouterTests.router {
                $0.seed = seed
                $0.exploration = Rate(bps: 500)
                $0.regretBudget = Money(whole: 100_000)
            }
            return (1...UInt32(600)).map { router.decide(AdaptiveRouterTests.question($0), at: Self.start).chosen }
        }
        #expect(drawn(1) == drawn(1))
        #expect(drawn(1) != drawn(2))
    }

    /// Goal: the fee tier is an input. Method: the same symbol at 2/5, at 0/1.7 and where a maker pays as much as a
    /// taker.
    @Test func feesDecide() {
        func preferred(maker: Int64, taker: Int64, move: Double) -> RouteArm {
            var router = AdaptiveRouterTests.router { $0.exploration = .zero }
            var random = DeterministicRandom(seed: 4)
            for _ in 0..<400 {
                var sample = ArmSample(arm: .joinLong, cell: 1, filled: 0, isFilledEarly: false, move: move)
                if random.chance(7, in: 10) { (sample.filled, sample.move) = (1, nil) }
                router.model.learn(sample, AdaptiveRouterTests.one)
            }
            let question = AdaptiveRouterTests.question(1) {
                $0.makerFee = Rate(raw: maker)
                $0.takerFee = Rate(raw: taker)
            }
            return router.decide(question, at: Self.start).preferred
        }
        #expect(preferred(maker: 20_000, taker: 50_000, move: 5).isMaker)
        #expect(preferred(maker: 50_000, taker: 50_000, move: 5) == .take)
        #expect(preferred(maker: 20_000, taker: 50_000, move: 20) == .take)
    }
}
