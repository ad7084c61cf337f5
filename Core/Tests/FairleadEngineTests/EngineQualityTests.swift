import FairleadModel
import Testing

@testable import FairleadEngine

/// What the engine measures of its executions: from the send of an order to the market minutes after its fill.
@Suite struct EngineQualityTests {
    // MARK: Fills

    /// Goal: a fill is told with every reference and the latency to the venue's first word. Method: a maker's buy at
    /// 100.0 in a book of 100.0 x 100.1, accepted after 40 ms, filled later in a book that fell.
    @Test func aFillIsMeasured() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.now = bench.now + .milliseconds(40)
        bench.accept(order)
        bench.now = bench.now + .milliseconds(500)
        bench.quote(bid: 998, ask: 1000)
        bench.fill(order, 100, at: 1000)
        let fill = try #require(bench.fills.last)
        #expect(fill.number == order.number)
        #expect(fill.intended == EngineBench.price(1000))
        #expect(fill.arrival == Price(raw: 10_005_000_000))
        #expect(fill.decision == fill.arrival)
        #expect(fill.mid == EngineBench.price(999))
        #expect(fill.latency == .milliseconds(40))
        #expect(fill.notional == 10 * FixedPoint.one)
        #expect(fill.slippageBps == 0)
        #expect(isClose(fill.arrivalSlippageBps, -0.05 / 100.05 * 10_000))
        #expect(isClose(fill.effectiveSpreadBps, 2 * 0.1 / 99.9 * 10_000))
        #expect(!fill.isTwapChild && !fill.isLate)
        let measured = bench.measured
        let view = try #require(measured)
        #expect(view.eventCount == 1)
        #expect(view.averageLatencyMilliseconds == 40)
        #expect(view.counts.sends == 1)
        #expect(view.counts.acknowledgements == 1)
        #expect(view.lastFillTime == bench.now)
    }

    /// Goal: without a usable book a fill has no middle, and no number that needs one. Method: a fill three seconds
    /// after the last quote, which came before any acknowledgement.
    @Test func aStaleBookIsNoReference() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.now = bench.now + .seconds(3)
        bench.fill(order, 40, at: 1000)
        let first = try #require(bench.fills.last)
        #expect(first.mid == .zero)
        #expect(first.effectiveSpreadBps == nil)
        #expect(first.slippageBps == 0)
        #expect(first.latency == .seconds(3), "the fill is the first word")
        bench.now = bench.now + .seconds(1)
        bench.accept(order)
        bench.fill(order, 60, at: 1000)
        #expect(bench.fills.last?.latency == .seconds(3))
        let shortfall = try #require(bench.shortfalls.last)
        #expect(shortfall.trading != nil)
        #expect(shortfall.spread == nil && shortfall.impact == nil)
        #expect(shortfall.total != nil)
    }

    /// Goal: fills that are not of our orders are not measured; late ones of ours are, and said to be late. Method: one
    /// of another client, one after a cancel.
    @Test func onlyOwnFillsAreMeasured() throws {
        var bench = EngineBench.trading()
        bench.external(.buy, 10, at: 1000, number: 99)
        #expect(bench.fills.isEmpty)
        #expect(bench.measured == nil)
        bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        bench.operate(.cancelOrder, order.id)
        bench.cancelled(order, filled: 0)
        bench.fill(order, 100, at: 995)
        #expect(bench.fills.last?.isLate == true)
        #expect(bench.shortfalls.count == 1)
        let measured = bench.measured
        let view = try #require(measured)
        #expect(view.counts.cancels == 1)
    }

    /// Goal: rejects count as rejects, and what never left as nothing. Method: a maker that would have taken, then an
    /// order that the guard holds back.
    @Test func rejectsAndUnsentOrdersAreCounted() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.reject(order, .wouldTake)
        let next = try #require(bench.submissions.first)
        bench.feed(.neverSent(next.id))
        let measured = bench.measured
        let view = try #require(measured)
        #expect(view.counts.sends == 2)
        #expect(view.counts.rejects == 1)
        #expect(view.counts.cancels == 0)
        #expect(view.counts.acknowledgements == 0)
    }

    // MARK: Mark-outs

    /// Goal: each horizon has the middle that stands at it; a stale one is unknown; the fill is told when the last is
    /// over. Method: quotes before, at and after the horizons of one fill.
    @Test func eachHorizonHasItsMiddle() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        let start = bench.now
        bench.now = start + .milliseconds(20)
        bench.quote(bid: 1002, ask: 1004)
        bench.now = start + .milliseconds(60)
        bench.quote(bid: 1000, ask: 1002)
        // A quote of the very moment counts.
        bench.now = start + .seconds(1)
        bench.quote(bid: 1010, ask: 1012)
        bench.now = start + .milliseconds(29_500)
        bench.quote(bid: 1020, ask: 1022)
        bench.now = start + .milliseconds(59_000)
        bench.quote(bid: 1030, ask: 0)
        bench.now = start + .milliseconds(299_900)
        bench.quote(bid: 1040, ask: 1042)
        #expect(bench.markouts.isEmpty)
        bench.wait(.seconds(2))
        let measure = try #require(bench.markouts.last)
        #expect(bench.markouts.count == 1)
        #expect(measure.filledAt == start)
        #expect(measure.reached == 6)
        #expect(measure.later[.milliseconds50] == EngineBench.price(1003))
        #expect(measure.later[.seconds1] == EngineBench.price(1011))
        #expect(measure.later[.seconds5] == .zero, "four seconds old")
        #expect(measure.later[.seconds30] == EngineBench.price(1021))
        #expect(measure.later[.seconds60] == .zero, "a book of one side")
        #expect(measure.later[.seconds300] == EngineBench.price(1041))
        #expect(isClose(measure.markoutBps(.seconds1), 110))
        #expect(measure.markoutBps(.seconds5) == nil)
        #expect(bench.engine.pendingMarkoutCount == 0)
        let measured = bench.measured
        let view = try #require(measured)
        #expect(view.horizons.map(\.count) == [1, 1, 0, 1, 0, 1])
        #expect(isClose(view.horizons[1].markoutBps, 110))
    }

    /// Goal: where nothing is quoted any more, the clock closes a fill. Method: a fill, then 301 seconds of timers.
    @Test func withoutQuotesTheClockCloses() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.wait(.seconds(302))
        let measure = try #require(bench.markouts.last)
        #expect(measure.reached == 6)
        #expect(measure.later[.milliseconds50] != .zero)
        #expect(measure.later[.seconds5] == .zero)
    }

    /// Goal: a full queue tells its oldest fill as it stands, and counts it. Method: `capacities.markouts` 2, three
    /// fills.
    @Test func aFullQueueGivesUpTheOldest() throws {
        var bench = EngineBench.trading { $0.capacities.markouts = 2 }
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.fill(order, 20, at: 1000)
        bench.now = bench.now + .milliseconds(100)
        bench.quote(bid: 1000, ask: 1001)
        bench.fill(order, 20, at: 1000)
        #expect(bench.markouts.isEmpty)
        bench.fill(order, 20, at: 1000)
        let measure = try #require(bench.markouts.last)
        #expect(measure.reached == 1)
        #expect(measure.executionID == ExecutionID(value: 1))
        #expect(bench.engine.givenUpMarkouts == 1)
        #expect(bench.engine.pendingMarkoutCount == 2)
        bench.wait(.seconds(302))
        #expect(bench.markouts.count == 3)
        #expect(bench.markouts.allSatisfy { $0.executionID == ExecutionID(value: 1) || $0.reached == 6 })
    }

    /// Goal: what waits at the end of a run can be read. Method: a fill two seconds before the end.
    @Test func whatStillWaitsCanBeRead() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.seconds(2))
        var waiting: [MarkoutMeasure] = []
        bench.engine.forEachPendingMarkout { waiting.append($0) }
        #expect(waiting.map(\.reached) == [2])
        #expect(waiting[0].later[.seconds1] != .zero)
    }

    // MARK: Shortfall

    /// Goal: a parent's parts follow from its fills, its arrival and the market at its end. Method: a limit buy of 100
    /// of which 60 are filled before it is cancelled in a risen market.
    @Test func aParentsShortfallIsTold() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 1000)
        bench.fill(order, 60, at: 1000)
        bench.quote(bid: 1010, ask: 1012)
        bench.operate(.cancelOrder, order.id)
        bench.cancelled(order, filled: 60)
        let measure = try #require(bench.shortfalls.last)
        let one = FixedPoint.one
        #expect(measure.filled == EngineBench.quantity(60))
        #expect(measure.quantity == EngineBench.quantity(100))
        #expect(measure.basis == .received)
        #expect(measure.end == EngineBench.price(1011))
        #expect(measure.delay == 0)
        #expect(measure.spread == -3 * one / 1000, "0.06 at 5 cents under the middle")
        #expect(measure.impact == 0)
        #expect(measure.trading == measure.spread)
        #expect(measure.opportunity == 42 * one / 1000, "0.04 at 1.05 over the decision")
        #expect(measure.fees == 1000)
        #expect(measure.total == 39 * one / 1000 + 1000)
        let view = try #require(bench.measured?.shortfall)
        #expect(view.parents == 1)
        #expect(isClose(view.totalBps, measure.bps(measure.total)))
        #expect(isClose(view.spreadBps, measure.bps(measure.spread)))
    }

    /// Goal: a signal that was decided before it came is judged by the price of its own time, and one that was not by
    /// the price at which it came. Method: a market that rises ten cents a second; signals that are 3 s, half a second
    /// and 5 minutes old.
    @Test func aSignalsDelayIsMeasured() throws {
        let old = try Self.decided(.milliseconds(3500))
        #expect(old.basis == .signalTime)
        #expect(EngineBench.price(1015)...EngineBench.price(1018) ~= old.decision)
        #expect(old.arrival == EngineBench.price(1021))
        let delay = try #require(old.delay)
        #expect(delay > 0)
        let young = try Self.decided(.milliseconds(500))
        #expect(young.basis == .received)
        #expect(young.delay == 0)
        let ancient = try Self.decided(.minutes(5))
        #expect(ancient.basis == .received)
        #expect(ancient.decision == ancient.arrival)
    }

    /// What a parent came to whose signal was so old, filled at once.
    private static func decided(_ age: TimeSpan) throws -> ShortfallMeasure {
        var bench = EngineBench.trading()
        for step in 0..<20 {
            bench.quote(bid: 1000 + Int64(step), ask: 1002 + Int64(step))
            bench.wait(.seconds(1))
        }
        bench.quote(bid: 1020, ask: 1022)
        let time = bench.now + -age
        bench.signal(.buy, 100) { $0.time = time }
        let order = try #require(bench.submissions.first)
        bench.fill(order, 100, at: 1020)
        return try #require(bench.shortfalls.last)
    }

    /// Goal: a parent that nothing was known of has no total, and is counted. Method: an exit at the market without any
    /// price, which expires.
    @Test func anUnknownShortfallIsCounted() throws {
        var bench = EngineBench()
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1, positions: [EngineBench.held(100, at: 1000, bench.now)])
        bench.signal(.sell, 100) { $0.intent = .exit }
        let order = try #require(bench.submissions.first)
        bench.cancelled(order, filled: 0, .immediateOrCancel)
        let measure = try #require(bench.shortfalls.last)
        #expect(measure.total == nil)
        #expect(measure.opportunity == nil)
        #expect(bench.measured?.counts.unmeasuredParents == 1)
    }

    // MARK: It decides nothing

    /// Goal: whatever is kept and measured, the commands are the same; and a snapshot in the middle goes on alike.
    /// Method: one story of makers, fallbacks, partial fills and cancels under the smallest and the largest settings,
    /// and put away and read back at each step.
    @Test func measuringChangesNoOrder() throws {
        let small = { (configuration: inout EngineConfiguration) in
            configuration.capacities.fills = 1
            configuration.capacities.markouts = 1
            configuration.quality.window = .seconds(1)
            configuration.quality.minimumEvents = 0
        }
        let plain = try Self.story({ _ in }, isRestored: false)
        #expect(plain.commands.count > 40)
        #expect(try Self.story(small, isRestored: false).commands == plain.commands)
        let restored = try Self.story({ _ in }, isRestored: true)
        #expect(restored.commands == plain.commands)
        #expect(restored.measures == plain.measures)
        #expect(plain.measures.count > 40)
    }

    private static func story(
        _ adjust: @escaping (inout EngineConfiguration) -> Void,
        isRestored: Bool
    ) throws -> (commands: [String], measures: [String]) {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading {
            // So that executions move no policy, and makers go on.
            $0.policy.prior.weight = 10_000
            adjust(&$0)
            configuration = $0
        }
        var commands: [String] = []
        for step in 0..<40 {
            let base = 1000 + Int64(step * 7 % 11)
            bench.quote(bid: base, ask: base + 1)
            bench.signal(step % 2 == 0 ? .buy : .sell, 100)
            commands += bench.commands.map { "\($0)" }
            guard let order = bench.submissions.first else { continue }
            bench.accept(order)
            bench.fill(order, step % 3 == 0 ? 100 : 40, at: base + (order.side == .buy ? 0 : 1))
            bench.wait(.seconds(11))
            commands += bench.commands.map { "\($0)" }
            bench.quote(bid: base, ask: base + 1)
            bench.cancelled(order, filled: 40)
            commands += bench.commands.map { "\($0)" }
            if let taker = bench.submissions.first { bench.fill(taker, 60, at: base, .taker) }
            if isRestored { bench.restore(try #require(configuration)) }
        }
        let measures = bench.allNotices.compactMap { notice -> String? in
            switch notice {
            case .fillMeasured, .markoutMeasured, .shortfallMeasured: "\(notice)"
            default: nil
            }
        }
        return (commands, measures)
    }
}

extension EngineBench {
    fileprivate var measured: RouterStatsView? { engine.routerStats(Self.symbol, at: now) }
    fileprivate var fills: [FillMeasure] {
        allNotices.compactMap { if case .fillMeasured(let measure) = $0 { measure } else { nil } }
    }
    fileprivate var markouts: [MarkoutMeasure] {
        allNotices.compactMap { if case .markoutMeasured(let measure) = $0 { measure } else { nil } }
    }
    fileprivate var shortfalls: [ShortfallMeasure] {
        allNotices.compactMap { if case .shortfallMeasured(let measure) = $0 { measure } else { nil } }
    }
}
