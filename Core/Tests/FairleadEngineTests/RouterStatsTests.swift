import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct RouterStatsTests {
    // MARK: The window

    /// Goal: what is older than the window drops out while more than five events remain, at each look and at each fill;
    /// exactly the window's length is not older. Method: eight fills a minute apart, then time passes.
    @Test func oldFillsDropOutWhileEnoughRemain() throws {
        var bench = StatsBench()
        for _ in 0..<8 {
            bench.fill("100", "101")
            bench.now = bench.now + .minutes(1)
        }
        // The first fill is eight minutes old.
        bench.now = bench.now + .minutes(7)
        #expect(bench.view?.eventCount == 8)
        bench.now = bench.now + TimeSpan(nanoseconds: 1)
        #expect(bench.view?.eventCount == 7)
        bench.now = bench.now + .hours(10)
        #expect(bench.view?.eventCount == 5)
        bench.fill("100", "102")
        #expect(bench.view?.eventCount == 5)
        #expect(isClose(bench.view?.averageSlippageBps, (4 * 100.0 + 200) / 5))
    }

    /// Goal: the window's settings are read. Method: `stats_window.seconds` 10 and `min_events` 1, after a reload.
    @Test func theWindowIsConfigured() {
        var bench = StatsBench()
        for _ in 0..<6 {
            bench.fill("100", "101")
            bench.now = bench.now + .seconds(10)
        }
        #expect(bench.view?.eventCount == 6)
        bench.stats.configure(
            StatsBench.configuration {
                $0.quality.window = .seconds(10)
                $0.quality.minimumEvents = 0
            }
        )
        #expect(bench.view?.eventCount == 1)
        bench.now = bench.now + .seconds(1)
        #expect(bench.view?.eventCount == 0)
        #expect(bench.view?.averageSlippageBps == nil)
        #expect(bench.view?.counts.fills == 6)
    }

    /// Goal: a full ring forgets its oldest row, and counts it. Method: `capacities.fills` 16, twenty fills at once.
    @Test func aFullWindowCountsWhatItForgets() {
        var bench = StatsBench { $0.capacities.fills = 16 }
        for _ in 0..<20 { bench.fill("100", "101") }
        #expect(bench.view?.eventCount == 16)
        #expect(bench.view?.counts.droppedSamples == 4)
    }

    // MARK: Averages

    /// Goal: the drift's average starts at the first slippage and runs over all fills, whatever the window holds; its
    /// baseline is subtracted. Method: fills ten hours apart, `baseline_bps` 1.
    @Test func driftRunsOverAllFills() {
        var bench = StatsBench {
            $0.quality.baseline = Rate(bps: 1)
            $0.quality.minimumEvents = 1
        }
        #expect(bench.view == nil)
        var expected = 100.0
        for (index, price) in ["101", "100", "102"].enumerated() {
            bench.fill("100", price)
            if index > 0 { expected = 0.3 * (price == "100" ? 0 : 200) + 0.7 * expected }
            bench.now = bench.now + .hours(10)
        }
        #expect(bench.view?.eventCount == 1)
        #expect(isClose(bench.view?.slippageDriftBps, expected - 1))
    }

    /// Goal: a fill without an intended price is left out of slippage, drift and cost, and not of counts, latency and
    /// notional. Method: one such fill beside one that has it.
    @Test func aFillWithoutAnIntendedPriceStillCounts() {
        var bench = StatsBench()
        bench.fill("", "101", after: .seconds(1), notional: 1000)
        #expect(bench.view?.averageSlippageBps == nil)
        #expect(bench.view?.slippageDriftBps == nil)
        #expect(bench.view?.averageCostBps == nil)
        #expect(bench.view?.slippageBps == nil)
        bench.fill("100", "101", after: .seconds(3), notional: 1000)
        #expect(bench.view?.eventCount == 2)
        #expect(isClose(bench.view?.averageSlippageBps, 100))
        #expect(isClose(bench.view?.averageLatencyMilliseconds, 2000))
        #expect(bench.view?.totalNotional == Money(whole: 2000))
    }

    /// Goal: notional counts by its size, and where all of it is 0 each fill counts alike. Method: a negative one; two
    /// fills without any.
    @Test func notionalCountsByItsSize() {
        var bench = StatsBench()
        bench.fill("100", "101", notional: -3000)
        bench.fill("100", "105", notional: 1000)
        #expect(isClose(bench.view?.averageSlippageBps, (3 * 100.0 + 500) / 4))
        #expect(bench.view?.totalNotional == Money(whole: 4000))
        var empty = StatsBench()
        empty.fill("100", "101", after: .seconds(1), notional: 0)
        empty.fill("100", "103", after: .seconds(2), notional: 0)
        #expect(isClose(empty.view?.averageSlippageBps, 200))
        #expect(isClose(empty.view?.averageLatencyMilliseconds, 1500))
        #expect(empty.view?.twapUsageRatio == 0)
    }

    /// Goal: a sell above its intended price has paid less than nothing. Method: one sell each way.
    @Test func sellsMirrorBuys() {
        var bench = StatsBench()
        bench.fill("100", "101", .sell)
        #expect(isClose(bench.view?.averageSlippageBps, -100))
        bench.fill("100", "99", .sell)
        #expect(isClose(bench.view?.averageSlippageBps, 0))
    }

    /// Goal: cost is slippage and fee. Method: 100 bps of slippage, and a fee of 5 bps of the notional.
    @Test func costIncludesFees() {
        var bench = StatsBench()
        bench.fill("100", "101", notional: 1000, fee: FixedPoint.one / 2)
        #expect(isClose(bench.view?.averageCostBps, 105))
    }

    /// Goal: quantiles interpolate between ranks. Method: slippage of 0, 1, 2 and 3 bps, latency of one fill.
    @Test func quantilesAreLinearBetweenRanks() throws {
        var bench = StatsBench()
        bench.fill("10000", "10003", after: .milliseconds(7))
        let single = try #require(bench.view?.latencyMilliseconds)
        #expect([single.p50, single.p95, single.p99] == [7, 7, 7])
        for price in ["10001", "10000", "10002"] { bench.fill("10000", price) }
        let slippage = try #require(bench.view?.slippageBps)
        #expect(isClose(slippage.p50, 1.5))
        #expect(isClose(slippage.p95, 2.85))
        #expect(isClose(slippage.p99, 2.97))
    }

    // MARK: Latency

    /// Goal: latency is from the send to the venue's first word, and never negative. Method: an order acknowledged
    /// before its fill, one that is filled at once, one whose clock ran backwards.
    @Test func latencyIsToTheFirstWord() {
        var bench = StatsBench()
        let (order, start) = (OrderSlot(index: 5), bench.now)
        bench.stats.sent(order, StatsBench.symbol, at: start)
        let unanswered = bench.stats.latency(of: order, sentAt: start, at: start + .seconds(9))
        bench.stats.accepted(order, StatsBench.symbol, at: start + .seconds(2))
        bench.stats.accepted(order, StatsBench.symbol, at: start + .seconds(3))
        let answered = bench.stats.latency(of: order, sentAt: start, at: start + .seconds(9))
        let backwards = bench.stats.latency(of: order, sentAt: start + .seconds(4), at: start + .seconds(9))
        // The slot is used again.
        bench.stats.sent(order, StatsBench.symbol, at: start + .seconds(10))
        let next = bench.stats.latency(of: order, sentAt: start + .seconds(10), at: start + .seconds(11))
        #expect([unanswered, answered, backwards, next] == [.seconds(9), .seconds(2), .zero, .seconds(1)])
        #expect(bench.view?.counts.acknowledgements == 1)
    }

    /// Goal: sends, cancels and rejects are counted, and the last order's time is known without a fill. Method: one of
    /// each.
    @Test func ordersWithoutAFillAreKnown() throws {
        var bench = StatsBench()
        let start = bench.now
        for index in 0..<3 {
            bench.stats.sent(OrderSlot(index: UInt32(index)), StatsBench.symbol, at: bench.now)
            bench.now = bench.now + .seconds(1)
        }
        bench.stats.cancelled(OrderSlot(index: 0), StatsBench.symbol, at: bench.now)
        bench.stats.rejected(OrderSlot(index: 1), StatsBench.symbol, at: bench.now)
        let found = bench.view
        let view = try #require(found)
        #expect(view.counts.sends == 3)
        #expect(view.counts.cancels == 1)
        #expect(view.counts.rejects == 1)
        #expect(view.lastOrderTime == start + .seconds(2))
        #expect(view.lastFillTime == nil)
        #expect(view.averageLatencyMilliseconds == nil)
        #expect(view.twapUsageRatio == nil)
        #expect(view.children.fillRatio == 1)
        let other = bench.stats.view(InstrumentHandle(1), at: bench.now)
        #expect(other == nil)
    }

    // MARK: TWAP children

    /// Goal: children are counted as orders, not as fills; one that was never written is none; one that was cancelled
    /// without a fill is one. Method: a child filled in two parts, one never written, one cancelled.
    @Test func childrenAreOrders() throws {
        var bench = StatsBench()
        let (first, second, third) = (OrderSlot(index: 1), OrderSlot(index: 2), OrderSlot(index: 3))
        for order in [first, second, third] {
            bench.stats.sent(order, StatsBench.symbol, twapNotional: 1000 * FixedPoint.one, at: bench.now)
        }
        for _ in 0..<2 {
            let measure = StatsBench.measure(
                .buy,
                "100",
                "101",
                mid: "",
                notional: 250,
                fee: 0,
                latency: .zero,
                isTwapChild: true
            )
            bench.stats.filled(
                measure,
                of: first,
                childNotional: 250 * FixedPoint.one,
                at: bench.now,
                into: &bench.out
            )
        }
        bench.stats.unsent(second, StatsBench.symbol)
        bench.stats.cancelled(third, StatsBench.symbol, at: bench.now)
        let found = bench.view
        let view = try #require(found)
        #expect(view.eventCount == 2)
        #expect(view.children.count == 2)
        #expect(isClose(view.children.fillRatio, 0.25))
        #expect(view.twapUsageRatio == 1)
    }

    // MARK: State

    /// Goal: whatever comes in, every number that is published is finite, averages lie within what they average, and a
    /// snapshot goes on as the original does. Method: 3,000 random fills with prices and sizes from one unit to the
    /// bound, time standing still or leaping, put away and read back now and then.
    @Test func everyNumberIsFinite() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("RouterStatsTests.everyNumberIsFinite: seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var bench = StatsBench {
            $0.capacities.fills = 32
            $0.capacities.markouts = 16
        }
        for step in 0..<3000 {
            let scale = random.next(in: 1...Price.bound.raw)
            let draw = { Price(raw: random.next(in: 0...scale)).description }
            bench.fill(
                draw(),
                Price(raw: random.next(in: 1...scale)).description,
                random.chance(1, in: 2) ? .buy : .sell,
                after: TimeSpan(nanoseconds: random.next(in: 0...1 << random.next(in: 0...41))),
                notional: random.next(in: -1000...1_000_000_000),
                of: random.chance(1, in: 2) ? random.next(in: 0...1_000_000_000) : nil,
                fee: random.next(in: -1000...1 << 50),
                mid: draw()
            )
            bench.stats.checkInvariants()
            let found = bench.view
            let view = try #require(found)
            try expectFinite(view, "seed \(seed)")
            if step % 100 == 99 { try restore(&bench.stats) }
        }
    }

    private func expectFinite(_ view: RouterStatsView, _ note: Comment) throws {
        var numbers = [
            view.averageSlippageBps, view.averageArrivalSlippageBps, view.averageLatencyMilliseconds,
            view.averageCostBps, view.slippageDriftBps, view.twapUsageRatio, view.effectiveSpreadBps,
            view.slippageBps?.p50, view.slippageBps?.p95, view.slippageBps?.p99, view.children.fillRatio,
        ]
        for horizon in view.horizons { numbers += [horizon.markoutBps, horizon.realizedSpreadBps] }
        for case let number? in numbers { try #require(number.isFinite, note) }
        if let usage = view.twapUsageRatio { try #require(0...1 ~= usage, note) }
        if let latency = view.averageLatencyMilliseconds { try #require(latency >= 0, note) }
    }

    private func restore(_ stats: inout RouterStats) throws {
        var writer = VisitedWords()
        stats.visitState(&writer)
        var read = RouterStats(
            configuration: StatsBench.configuration {
                $0.capacities.fills = 32
                $0.capacities.markouts = 16
            }
        )
        var reader = VisitedWords(reading: writer.words)
        read.visitState(&reader)
        try #require(reader.isAtEnd)
        var again = VisitedWords()
        read.visitState(&again)
        try #require(again.words == writer.words)
        stats = read
    }
}
