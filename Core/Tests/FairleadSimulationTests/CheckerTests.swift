import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode
import FairleadPaper
import Testing

@testable import FairleadSimulation

/// Rules of the simulator are shown to fail: each is fed what it must not let pass.
@Suite struct CheckerTests {
    static let start = SimulatedPartsTests.start
    static let bitcoin = InstrumentHandle(0)
    static let number = SignalNumber(value: 7)
    static let intent = IntentID(epoch: Epoch(number: 1), parent: 1)

    static func told(_ notices: Notice...) -> ContiguousArray<NoticeEntry> {
        ContiguousArray(notices.map { NoticeEntry(sequence: 1, time: start, notice: $0) })
    }

    static func level(_ event: LevelEvent, _ quantity: Int64 = 100) -> Notice {
        .levelChanged(
            LevelRecord(
                number: number,
                instrument: bitcoin,
                positionSide: .both,
                kind: .stopLoss,
                event: event,
                price: Price(raw: 1_000),
                quantity: Quantity(raw: quantity),
                trigger: .zero
            )
        )
    }

    static func simulation() throws -> Simulation {
        try Simulation(Scenario(seed: 2, wishes: Scenario.Wishes(faults: [], minutes: 2)))
    }

    /// Goal: S-09 tells a level that is armed before its signal has filled anything, and a second exit beside a live
    /// one. Method: the notices of an acceptance and of levels, with no execution at the venue.
    @Test func levelsMustBeEarned() throws {
        let simulation = try Self.simulation()
        let accepted = Notice.acknowledged(
            SignalAcknowledgement(number: Self.number, disposition: .accepted, source: .file, intent: Self.intent)
        )
        #expect(throws: Violation.self) {
            try LevelsAreEarned().pumped(Self.told(accepted, Self.level(.registered)), simulation)
        }
        let rule = LevelsAreEarned()
        try rule.pumped(Self.told(Self.level(.registered), Self.level(.fired), Self.level(.refired)), simulation)
        try rule.pumped(Self.told(Self.level(.fired)), simulation)
        #expect(throws: Violation.self) { try rule.pumped(Self.told(Self.level(.fired)), simulation) }
    }

    /// Goal: L-04 tells an entry with levels that is not protected, and a stop-loss that is gone.
    /// Method: what a pump did, in four steps; levels that somebody took away are no fault.
    @Test func positionsMustKeepTheirStop() throws {
        let key = PositionKey(Self.bitcoin, .both)
        typealias Facts = PositionsProtected.Facts
        func facts(_ position: Int64, stop: Bool, entered: Bool = false, removed: Bool = false) -> Facts {
            Facts(
                key: key,
                position: position,
                hasLevel: stop,
                hasStop: stop,
                wasEntered: entered,
                wereLevelsRemoved: removed
            )
        }
        #expect(throws: Violation.self) { try PositionsProtected().judge(facts(5, stop: false, entered: true)) }
        let rule = PositionsProtected()
        try rule.judge(facts(5, stop: true, entered: true))
        try rule.judge(facts(-5, stop: false))
        try rule.judge(facts(-5, stop: true))
        try rule.judge(facts(-5, stop: false, removed: true))
        try rule.judge(facts(-5, stop: true))
        #expect(throws: Violation.self) { try rule.judge(facts(-3, stop: false)) }
        // Levels that were there gave way to those of an adoption, which must be there.
        var adopted = facts(5, stop: true, removed: true)
        adopted.wasAdopted = true
        try PositionsProtected().judge(adopted)
        adopted.hasStop = false
        #expect(throws: Violation.self) { try PositionsProtected().judge(adopted) }
    }

    /// Goal: S-09 tells a stop that loosens, of a long and of a short, and nothing else that moves it. Method: stops in
    /// steps; another position, levels taken away and a missing stop are no fault of this rule.
    @Test func stopsMustNeverLoosen() throws {
        typealias Facts = StopsTighten.Facts
        func facts(_ position: Int64, _ stop: Int64?, removed: Bool = false) -> Facts {
            Facts(
                key: PositionKey(Self.bitcoin, .both),
                position: position,
                stop: stop.map { Price(raw: $0) },
                wereLevelsRemoved: removed
            )
        }
        for sign in [1, -1] as [Int64] {
            let rule = StopsTighten()
            try rule.judge(facts(5 * sign, 100))
            try rule.judge(facts(7 * sign, 100 + sign))
            #expect(throws: Violation.self) { try rule.judge(facts(2 * sign, 100)) }
            try rule.judge(facts(2 * sign, 90 + sign, removed: true))
            try rule.judge(facts(-sign, 95))
            try rule.judge(facts(0, nil))
            try rule.judge(facts(sign, 80 - sign))
            try rule.judge(facts(sign, nil))
        }
    }

    /// Goal: S-14 tells a size of Kelly's rule over its share of NAV, and one without a NAV; not one at its bound.
    /// Method: a NAV of 10,000 and a tenth of it: ten at a price of 100, and a lot more.
    @Test func kellysSizesAreBounded() throws {
        let simulation = try Self.simulation()
        let terms = simulation.configuration.engine.instruments[0].terms
        func record(_ quantity: Quantity, nav: Money?) -> SizingRecord {
            SizingRecord(
                number: SignalNumber(value: 1),
                instrument: Self.bitcoin,
                requested: .kelly(.one),
                referencePrice: Price(raw: 100 * FixedPoint.one),
                nav: nav?.raw8,
                requestedQuantity: Quantity(raw: 20 * FixedPoint.one),
                sizedQuantity: quantity
            )
        }
        let (rule, tenth) = (ClampReduces(), Rate(raw: FixedPoint.one / 10))
        let ten = Quantity(raw: 10 * FixedPoint.one)
        try rule.judge(record(ten, nav: Money(whole: 10_000)), terms, maximumFraction: tenth)
        for odd in [record(ten + terms.lot, nav: Money(whole: 10_000)), record(ten, nav: nil)] {
            #expect(throws: Violation.self) { try rule.judge(odd, terms, maximumFraction: tenth) }
        }
    }

    /// Goal: S-09 tells what waits at the venue and fits no level for more than half a minute, and not what is put
    /// right before. Method: a stop of another size than its position,
    /// one too many, orders without a position; a smaller stop that no limit lets be larger.
    @Test func ordersAtTheVenueMustFitTheirLevels() throws {
        typealias Facts = NativeLevelsFit.Facts
        func facts(
            _ position: Int64,
            stops: [Int64],
            waiting: Int,
            levels: (stops: Int, all: Int),
            areLargest: Bool = false
        ) -> Facts {
            Facts(
                key: PositionKey(Self.bitcoin, .both),
                position: position,
                stops: stops.map { NativeLevelsFit.Stop(quantity: $0, isLargest: areLargest) },
                waiting: waiting,
                stopLevels: levels.stops,
                levels: levels.all
            )
        }
        let sound = facts(-5, stops: [5], waiting: 2, levels: (1, 2))
        let odd = [
            facts(-5, stops: [4], waiting: 2, levels: (1, 2)), facts(5, stops: [5, 5], waiting: 2, levels: (1, 2)),
            facts(5, stops: [5], waiting: 3, levels: (1, 2)), facts(0, stops: [], waiting: 1, levels: (0, 0)),
            facts(5, stops: [6], waiting: 1, levels: (1, 1), areLargest: true),
        ]
        for facts in odd {
            let rule = NativeLevelsFit()
            try rule.judge(facts, at: Self.start)
            try rule.judge(facts, at: Self.start + .seconds(30))
            try rule.judge(sound, at: Self.start + .seconds(31))
            try rule.judge(facts, at: Self.start + .seconds(32))
            #expect(throws: Violation.self) { try rule.judge(facts, at: Self.start + .seconds(63)) }
        }
        let rule = NativeLevelsFit()
        let largest = facts(-5, stops: [4], waiting: 1, levels: (1, 1), areLargest: true)
        for second in 0..<90 { try rule.judge(largest, at: Self.start + .seconds(Int64(second))) }
    }

    /// Goal: L-06 and L-09 tell what lasts too long, and nothing that ended meanwhile.
    /// Method: a reached level and a broken policy over their bounds, once with a pause and once without.
    @Test func boundsOfTimeAreJudged() throws {
        let levels = CrossedLevelsFire()
        try levels.judge(Self.bitcoin, isReached: true, at: Self.start)
        try levels.judge(Self.bitcoin, isReached: false, at: Self.start + .seconds(1))
        try levels.judge(Self.bitcoin, isReached: true, at: Self.start + .seconds(3))
        try levels.judge(Self.bitcoin, isReached: true, at: Self.start + .seconds(5))
        #expect(throws: Violation.self) {
            try levels.judge(Self.bitcoin, isReached: true, at: Self.start + .milliseconds(5_001))
        }
        let makers = MakersRecover()
        try makers.judge(Self.bitcoin, isBroken: true, at: Self.start)
        try makers.judge(Self.bitcoin, isBroken: true, at: Self.start + .hours(24))
        #expect(throws: Violation.self) {
            try makers.judge(Self.bitcoin, isBroken: true, at: Self.start + .hours(25))
        }
    }

    /// Goal: S-29 tells an iceberg's order over what it displays, and a POV over its rate. Method: one plan of each; a
    /// quarter of the volume is the most that the configuration lets a POV be: a third of others'.
    @Test func algorithmsMustKeepTheirPlans() throws {
        let simulation = try Self.simulation()
        let lot = simulation.configuration.engine.instruments[0].terms.lot.raw
        let iceberg = try Self.planned(.iceberg, due: 50 * lot, of: 400 * lot, simulation)
        try iceberg.judge(Self.intent, exposed: 400 * lot, at: Self.start)
        try iceberg.judge(Self.sent(50 * lot), at: Self.start)
        #expect(throws: Violation.self) { try iceberg.judge(Self.sent(51 * lot), at: Self.start) }
        let pov = try Self.planned(.pov, due: 0, of: 400 * lot, simulation)
        try pov.judge(Self.intent, exposed: 30 * lot, traded: 90 * lot, at: Self.start)
        #expect(throws: Violation.self) {
            try pov.judge(Self.intent, exposed: 31 * lot, traded: 90 * lot, at: Self.start)
        }
    }

    /// Goal: S-29 lets a VWAP send what its slices have let go and no more, and the rest with its sweep (seed 1286).
    /// Method: a slice of half, then the sweep.
    @Test func aVwapIsHeldToItsSlices() throws {
        let simulation = try Self.simulation()
        let vwap = try Self.planned(.vwap, due: 0, of: 400, slices: 2, simulation)
        try vwap.pumped(Self.told(.progressed(Self.progress(.slice, .vwap, of: 400, due: 200, slices: 2))), simulation)
        try vwap.judge(Self.intent, exposed: 200, at: Self.start)
        #expect(throws: Violation.self) { try vwap.judge(Self.intent, exposed: 201, at: Self.start) }
        try vwap.pumped(Self.told(.progressed(Self.progress(.sweep, .vwap, of: 400, due: 200, slices: 2))), simulation)
        try vwap.judge(Self.intent, exposed: 400, at: Self.start)
        #expect(throws: Violation.self) { try vwap.judge(Self.intent, exposed: 401, at: Self.start) }
    }

    /// Goal: S-29 holds a POV to its own rate of what the router was told, fills and orders that ended counted as they
    /// are. Method: a tenth of 90 lots traded after the plan; orders to the lot and over it, before and after a fill.
    @Test func aPovIsHeldToItsVolume() throws {
        let settings = try Self.simulation().configuration.engine.algorithms
        let lot: Int64 = 100_000
        var story = VolumeStory()
        func trade(_ lots: Int64) {
            story.note(
                Trade(
                    instrument: Self.bitcoin,
                    price: Price(raw: 60_000 * FixedPoint.one),
                    quantity: Quantity(raw: lots * lot),
                    aggressor: .buy,
                    venueTime: Self.start
                )
            )
        }
        trade(1_000)
        var record = Self.progress(.planned, .pov, of: 400 * lot)
        var terms = SignalTerms(
            number: Self.number,
            digest: .none,
            instrument: Self.bitcoin,
            side: .buy,
            size: .quantity(Quantity(raw: 400 * lot))
        )
        terms.algorithm.participation = 1_000
        story.note(record, terms)
        trade(90)
        for lots in [10, 11] as [Int64] { story.note(Self.sent(lots * lot)) }
        story.note(Self.execution(6 * lot))
        for lots in [4, 5] as [Int64] { story.note(Self.sent(lots * lot)) }
        record.event = .sweep
        story.note(record, terms)
        story.note(Self.sent(400 * lot))
        let rule = TwapScheduleHolds()
        let told = story.participations
        #expect(told.map(\.exposed) == [10 * lot, 11 * lot, 10 * lot, 11 * lot])
        for index in told.indices {
            guard told[index].exposed > 10 * lot else {
                try rule.judge(told[index], settings)
                continue
            }
            #expect(throws: Violation.self) { try rule.judge(told[index], settings) }
        }
    }

    private static func planned(
        _ style: ExecutionStyle,
        due: Int64,
        of approved: Int64,
        slices: UInt16 = 0,
        _ simulation: borrowing Simulation
    ) throws -> TwapScheduleHolds {
        let rule = TwapScheduleHolds()
        let plan = progress(.planned, style, of: approved, due: due, slices: slices)
        try rule.pumped(told(.progressed(plan)), simulation)
        return rule
    }

    private static func progress(
        _ event: ProgressEvent,
        _ style: ExecutionStyle,
        of approved: Int64,
        due: Int64 = 0,
        slices: UInt16 = 0
    ) -> ProgressRecord {
        ProgressRecord(
            event,
            number: number,
            intent: intent,
            instrument: bitcoin,
            side: .buy,
            approved: Quantity(raw: approved),
            filled: .zero,
            due: Quantity(raw: due),
            limitPrice: .zero,
            slices: slices,
            deadline: start + .seconds(40),
            algorithm: style
        )
    }

    private static func execution(_ quantity: Int64) -> Execution {
        Execution(
            id: ClientOrderID(of: intent),
            executionID: ExecutionID(value: 1),
            instrument: bitcoin,
            side: .buy,
            positionSide: .both,
            price: Price(raw: 60_000 * FixedPoint.one),
            quantity: Quantity(raw: quantity),
            fee: 0,
            liquidity: .maker,
            venueTime: start
        )
    }

    /// An order of so much that has just been handed out.
    private static func sent(_ quantity: Int64) -> OrderChange {
        OrderChange(
            id: ClientOrderID(of: intent),
            number: number,
            venueOrderID: .none,
            instrument: bitcoin,
            side: .buy,
            positionSide: .both,
            type: .limit,
            timeInForce: .gtc,
            price: .zero,
            quantity: Quantity(raw: quantity),
            filled: .zero,
            from: .created,
            to: .submitted,
            reduceOnly: false,
            venueTime: .never
        )
    }

    /// Goal: S-29 tells a slice before its time, one that makes up for too much, and an entry after the deadline.
    /// Method: a plan of four slices of 100 over 40 seconds, and exposures and orders at and over what it allows.
    @Test func slicesMustKeepTheirSchedule() throws {
        let simulation = try Self.simulation()
        let lot = simulation.configuration.engine.instruments[0].terms.lot.raw
        let rule = TwapScheduleHolds()
        let planned = ProgressRecord(
            .planned,
            number: Self.number,
            intent: Self.intent,
            instrument: Self.bitcoin,
            side: .buy,
            approved: Quantity(raw: 400 * lot),
            filled: .zero,
            due: .zero,
            limitPrice: .zero,
            slices: 4,
            deadline: Self.start + .seconds(40)
        )
        try rule.pumped(Self.told(.progressed(planned)), simulation)
        // Jitter may bring a slice forward by half an interval, and by no more.
        try rule.judge(Self.intent, exposed: 100 * lot, at: Self.start)
        #expect(throws: Violation.self) {
            try rule.judge(Self.intent, exposed: 101 * lot, at: Self.start + .milliseconds(4_999))
        }
        try rule.judge(Self.intent, exposed: 200 * lot, at: Self.start + .seconds(5))
        try rule.judge(Self.intent, exposed: 400 * lot, at: Self.start + .seconds(25))
        func order(_ lots: Int64, reduces: Bool = false) -> OrderChange {
            OrderChange(
                id: ClientOrderID(of: Self.intent),
                number: Self.number,
                venueOrderID: .none,
                instrument: Self.bitcoin,
                side: .buy,
                positionSide: .both,
                type: .postOnly,
                timeInForce: .gtc,
                price: .zero,
                quantity: Quantity(raw: lots * lot),
                filled: .zero,
                from: .created,
                to: .submitted,
                reduceOnly: reduces,
                venueTime: .never
            )
        }
        try rule.judge(order(200), at: Self.start)
        #expect(throws: Violation.self) { try rule.judge(order(201), at: Self.start) }
        try rule.judge(order(100), at: Self.start + .seconds(45))
        try rule.judge(order(400, reduces: true), at: Self.start + .seconds(60))
        #expect(throws: Violation.self) { try rule.judge(order(100), at: Self.start + .milliseconds(45_001)) }
    }

    /// Goal: S-31 tells each rail that is passed. Method: a decision that keeps them all, then one of each that does
    /// not.
    @Test func armsMustKeepTheirRails() throws {
        let simulation = try Self.simulation()
        let share = Rate(bps: 500)
        var decision = ArmDecision(
            number: Self.number,
            intent: Self.intent,
            instrument: Self.bitcoin,
            standing: .joinLong
        )
        decision.propensities[.joinLong] = 60_000_000
        decision.propensities[.take] = 40_000_000
        let kept = decision
        try AdaptiveKeepsItsRails().judge(kept, share: share)
        func breaks(_ change: (inout ArmDecision) -> Void) {
            var broken = kept
            change(&broken)
            #expect(throws: Violation.self) { try AdaptiveKeepsItsRails().judge(broken, share: share) }
        }
        breaks { $0.propensities[.take] = 30_000_000 }
        breaks { ($0.propensities[.take], $0.propensities[.joinShort]) = (50_000_000, -10_000_000) }
        breaks { ($0.chosen, $0.executed) = (.deeperLong, .deeperLong) }
        for reason in AdaptiveReason.allCases where reason != .none {
            breaks { ($0.chosen, $0.executed, $0.reason) = (.take, .take, reason) }
        }
        breaks { $0.isExplored = true }
        var early = kept
        (early.standing, early.chosen, early.executed) = (.take, .joinLong, .joinLong)
        early.samples[.joinLong] = 5
        try AdaptiveKeepsItsRails().judge(early, share: share, minimum: 5)
        #expect(throws: Violation.self) { try AdaptiveKeepsItsRails().judge(early, share: share, minimum: 6) }
        // One try in twenty decisions may be.
        let counting = AdaptiveKeepsItsRails()
        for _ in 0..<19 { try counting.judge(kept, share: share) }
        var tried = kept
        (tried.isExplored, tried.chosen, tried.executed) = (true, .take, .take)
        try counting.judge(tried, share: share)
        #expect(throws: Violation.self) { try counting.judge(tried, share: share) }
        // In another risk mode nothing is steered.
        let moded = AdaptiveKeepsItsRails()
        let cautious = RiskModeRecord(
            from: .normal,
            to: .cautious,
            drawdownFrom: .normal,
            drawdownTo: .normal,
            isNavStale: true,
            isRouterPoor: false,
            drawdown: nil
        )
        try moded.pumped(Self.told(.riskModeChanged(cautious)), simulation)
        #expect(throws: Violation.self) { try moded.judge(kept, share: share) }
        var held = kept
        held.reason = .riskMode
        try moded.judge(held, share: share)
        // An order is of its arm.
        let ordered = AdaptiveKeepsItsRails()
        try ordered.pumped(Self.told(.armChosen(kept)), simulation)
        #expect(throws: Violation.self) { try ordered.judge(Self.sent(100)) }
        try ordered.judge(Self.sent(100))
    }

    /// Goal: a hole in the table of marks without a reason is one, and one with a reason is not.
    /// Method: an empty table, and one fault reached everywhere.
    @Test func holesNeedReasons() {
        var marks = CoverageMarks()
        let before = marks.holes.count
        #expect(before > FaultRegistry.names.count)
        for column in CoverageMarks.columns.indices { marks.add("cut", column: column, 1) }
        #expect(marks.holes.count < before)
        #expect(!marks.holes.contains { $0.hasPrefix("cut ") })
        #expect(!marks.holes.contains { $0.contains("created") })
    }
}
