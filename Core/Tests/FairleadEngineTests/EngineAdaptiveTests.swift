import FairleadModel
import Testing

@testable import FairleadEngine

extension EngineBench {
    var arms: [ArmDecision] {
        allNotices.compactMap { if case .armChosen(let decision) = $0 { decision } else { nil } }
    }

    var routeDecisions: [RouteDecision] {
        allNotices.compactMap { if case .routed(let decision) = $0 { decision } else { nil } }
    }

    @discardableResult
    mutating func adaptive(_ side: Side, _ lots: Int64) -> SignalNumber { signal(side, lots) { $0.style = .adaptive } }

    /// What quotes of an arm came to, in every cell of the symbol.
    mutating func teach(_ arm: RouteArm, filled: Double, move: Double?, _ count: Int = 100) {
        for _ in 0..<count {
            for cell in 0..<UInt8(12) {
                engine.adaptive.model.learn(
                    ArmSample(arm: arm, cell: cell, filled: filled, isFilledEarly: false, move: move),
                    Self.symbol
                )
            }
        }
    }

    /// A bench on which every known arm may be chosen at once, and nothing is tried. The book is 100.0 x 100.1.
    static func arming(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) -> EngineBench {
        var bench = trading {
            $0.adaptive.mode = .live
            $0.adaptive.weightStep = .one
            $0.adaptive.exploration = .zero
            $0.routing.makerTimeout = .milliseconds(10_000)
            // So that a teaching of one arm says nothing of another.
            $0.adaptive.priorWeight = 1
            $0.risk.duplicateOrderWindow = .zero
            $0.risk.allowsPyramiding = true
            adjust(&$0)
        }
        // NAV is known from here on: the risk mode is normal.
        bench.wait(.seconds(1))
        bench.quote(bid: 1000, ask: 1001)
        return bench
    }
}

@Suite struct EngineAdaptiveTests {
    /// Goal: it is off by default: an order that asks for it goes as the static policy says, and nothing is told or
    /// learnt. Method: the default configuration, one maker fill.
    @Test func isOffByDefault() throws {
        var bench = EngineBench.trading()
        bench.adaptive(.buy, 100)
        let order = try #require(bench.submissions.first)
        #expect(order.type == .postOnly && order.price == EngineBench.price(1000))
        bench.accept(order)
        bench.fill(order, 100, at: 1000)
        #expect(bench.closed.last?.routedAs == .maker)
        #expect(bench.arms.isEmpty)
        let samples = bench.engine.adaptive.model.samples(EngineBench.symbol, .joinLong)
        #expect(samples == 0)
    }

    /// Goal: before anything is known the static arm runs, the decision is told right before the route, and the end is
    /// learnt from. Method: one maker fill at the touch.
    @Test func learnsFromTheStaticArm() throws {
        var bench = EngineBench.arming()
        bench.adaptive(.buy, 100)
        let order = try #require(bench.submissions.first)
        #expect(order.type == .postOnly && order.price == EngineBench.price(1000))
        let decision = try #require(bench.arms.first)
        #expect(decision.reason == .fewSamples && decision.executed == .joinLong && decision.standing == .joinLong)
        #expect(decision.features == ArmFeatures(ownShare: Rate(raw: 50_000_000), spreadTicks: 1, regime: .normal))
        let kinds = bench.notices.compactMap { notice -> String? in
            if case .armChosen = notice { return "arm" }
            if case .routed = notice { return "route" }
            return nil
        }
        #expect(kinds == ["arm", "route"])
        bench.accept(order)
        bench.fill(order, 100, at: 1000)
        let samples = bench.engine.adaptive.model.samples(EngineBench.symbol, .joinLong)
        #expect(samples == 0, "filled before the short timeout: never at risk in the second interval")
        let short = bench.engine.adaptive.model.samples(EngineBench.symbol, .joinShort)
        #expect(short == 1)
        #expect(bench.arms.count == 1)
    }

    /// Goal: where makers fail the order is taken at once, bounded, and the route says why. Method: taught failures;
    /// order, route and end.
    @Test("adaptive_take: where makers fail the order is taken at once") func takes() throws {
        var bench = EngineBench.arming()
        bench.teach(.joinLong, filled: 0, move: 30)
        bench.adaptive(.buy, 100)
        let order = try #require(bench.submissions.first)
        #expect(order.type == .marketableLimit && order.timeInForce == .ioc && order.price.raw > 0)
        #expect(order.collar.raw > 0 && order.price <= order.collar)
        let route = try #require(bench.routeDecisions.last)
        #expect(route.vetoReason == .adaptiveTake && route.routedAs == .taker && !route.makerStart)
        bench.fill(order, 100, at: 1001, .taker)
        #expect(bench.closed.last?.routedAs == .taker)
        let taken = bench.engine.adaptive.model.samples(EngineBench.symbol, .take)
        #expect(taken == 1)
    }

    /// Goal: a short arm gives way after its own timeout. Method: long quotes that are overtaken, short ones that fill;
    /// the cancel comes at 3 s, the taker after it, and the move against it is learnt.
    @Test func joinsShort() throws {
        var bench = EngineBench.arming { $0.adaptive.shortTimeout = .milliseconds(3_000) }
        bench.teach(.joinLong, filled: 0, move: 40)
        bench.teach(.joinShort, filled: 1, move: nil, 400)
        bench.adaptive(.sell, 100)
        let order = try #require(bench.submissions.first)
        #expect(bench.arms.last?.executed == .joinShort)
        #expect(order.type == .postOnly && order.price == EngineBench.price(1001))
        bench.accept(order)
        bench.wait(.milliseconds(1_500))
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.milliseconds(1_499))
        #expect(bench.cancels.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(bench.cancels.count == 1)
        bench.cancelled(order, filled: 0)
        let taker = try #require(bench.submissions.first)
        #expect(taker.type == .marketableLimit && taker.side == .sell)
        bench.fill(taker, 100, at: 1000, .taker)
        #expect(bench.closed.last?.fallbackReason == .makerTimeout)
    }

    /// Goal: a deeper arm quotes behind the touch, and is quoted again there. Method: taught fills a tick behind it; a
    /// post-only reject; both sides.
    @Test(arguments: Side.allCases) func quotesDeeper(side: Side) throws {
        var bench = EngineBench.arming { $0.adaptive.maximumOffset = Rate(bps: 20) }
        bench.teach(.joinLong, filled: 0, move: 40)
        bench.teach(.deeperLong, filled: 1, move: nil, 400)
        bench.adaptive(side, 100)
        let order = try #require(bench.submissions.first)
        #expect(bench.arms.last?.executed == .deeperLong)
        let price = EngineBench.price(side == .buy ? 999 : 1002)
        #expect(order.type == .postOnly && order.price == price)
        #expect(bench.routeDecisions.last?.offset ?? .zero > .zero)
        bench.reject(order, .wouldTake)
        #expect(bench.submissions.first?.price == price)
    }

    /// Goal: no arm quotes further behind the touch than the largest offset, nor more than a step deeper than the last
    /// quote. Method: a tick of 10 bps under a largest offset of 5; many small ticks and a step of 2 bps.
    @Test func clampsTheOffset() throws {
        var coarse = EngineBench.arming { $0.adaptive.maximumOffset = Rate(bps: 5) }
        coarse.teach(.joinLong, filled: 0, move: 40)
        coarse.teach(.deeperLong, filled: 1, move: nil, 400)
        coarse.adaptive(.buy, 100)
        #expect(coarse.arms.last?.costs[.deeperLong] == ArmDecision.noCost)
        #expect(coarse.arms.last?.executed == .take)

        var fine = EngineBench.arming {
            $0.adaptive.offsetStep = Rate(bps: 2)
            $0.instruments[0].terms.tick = Price(raw: 100_000)
            $0.adaptive.deeperTicks = 100
        }
        fine.teach(.joinLong, filled: 0, move: 40)
        fine.teach(.deeperLong, filled: 1, move: nil, 400)
        var depths: [Int64] = []
        for lots in 100..<Int64(108) {
            fine.adaptive(.buy, lots)
            let order = try #require(fine.submissions.first)
            #expect(order.type == .postOnly)
            depths.append(EngineBench.price(1000).raw - order.price.raw)
            fine.accept(order)
            fine.fill(order, lots, at: 1000)
            fine.quote(bid: 1000, ask: 1001)
        }
        // 2 bps of 100 are 0.02: 20 ticks more each time, until the hundred that is asked for.
        #expect(depths.map { $0 / 100_000 } == [20, 40, 60, 80, 100, 100, 100, 100])
    }

    /// Goal: the threshold gates stay the outer guard: with one shut the static policy routes and nothing is chosen.
    /// Method: broken, panic, a policy against makers, a stale book, a wide spread.
    @Test func gatesStandOutside() throws {
        func routed(_ adjust: (inout EngineConfiguration) -> Void, ask: Int64 = 1001, age: Int64 = 0) throws -> (
            Int, RouteReason?
        ) {
            var bench = EngineBench.arming(adjust)
            bench.teach(.joinShort, filled: 1, move: nil)
            bench.quote(bid: 1000, ask: ask)
            bench.now = bench.now + .milliseconds(age)
            bench.mark(1000)
            bench.adaptive(.buy, 100)
            #expect(try #require(bench.submissions.first).type == .marketableLimit)
            return (bench.arms.count, bench.routeDecisions.last?.vetoReason)
        }
        #expect(try routed { $0.symbols[0].policyOverride.quality = .broken } == (0, .qualityBroken))
        #expect(try routed { $0.symbols[0].policyOverride.regime = .panic } == (0, .preferTaker))
        #expect(try routed { $0.symbols[0].policyOverride.makerFirst = false } == (0, .policyMakerOff))
        #expect(try routed({ _ in }, age: 2_500) == (0, .bookStale))
        #expect(try routed({ _ in }, ask: 1003) == (0, .spreadTooWide))
    }

    /// Goal: a quality of ok, which the static policy takes at, is answered by expected cost. Method: ok and taught
    /// fills.
    @Test func restsWhereTheStaticPolicyTakes() throws {
        var bench = EngineBench.arming { $0.symbols[0].policyOverride.quality = .ok }
        bench.teach(.joinShort, filled: 1, move: nil)
        bench.adaptive(.buy, 100)
        let order = try #require(bench.submissions.first)
        #expect(bench.arms.last?.standing == .take && bench.arms.last?.executed == .joinShort)
        #expect(order.type == .postOnly && order.price == EngineBench.price(1000))
        // Quoted again it is still the arm's: the gate that it opened does not shut behind it.
        bench.reject(order, .wouldTake)
        #expect(bench.submissions.first?.type == .postOnly)
    }

    /// Goal: as the default it routes market signals that name no route, and nothing else. Method: one of each kind.
    @Test func isTheDefaultForPlainEntries() {
        var bench = EngineBench.arming { $0.adaptive.isDefault = true }
        bench.signal(.buy, 100)
        #expect(bench.arms.count == 1)
        bench.signal(.buy, 101) { $0.style = .makerFirst }
        bench.signal(.buy, 102) { $0.style = .taker }
        bench.signal(.buy, 103) { $0.makerFirst = false }
        bench.signal(.buy, 104) { $0.makerPrice = EngineBench.price(999) }
        bench.signal(.buy, 105) { $0.timeInForce = .ioc }
        bench.signal(.buy, 106) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(990)
        }
        bench.signal(.buy, 20_000) { $0.style = .twap }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(bench.arms.count == 1 && bench.closed.isEmpty)
        var plain = EngineBench.arming()
        plain.signal(.buy, 100)
        #expect(plain.arms.isEmpty)
    }

    /// Goal: an exit is never routed by expected cost, nor a flip. Method: a position, its exit, and an entry through
    /// zero.
    @Test func leavesExitsAlone() throws {
        var bench = EngineBench.arming { $0.adaptive.isDefault = true }
        try bench.open(.buy, 100)
        let before = bench.arms.count
        bench.signal(.sell, 100) {
            $0.intent = .exit
            $0.style = .adaptive
        }
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly && exit.type == .marketableLimit)
        bench.fill(exit, 40, at: 1000, .taker)
        bench.cancelled(exit, filled: 40, .immediateOrCancel)
        #expect(bench.arms.count == before)
    }

    /// Goal: a cancel by a person teaches nothing of the market. Method: cancel a resting arm before anything happened.
    @Test func learnsNothingFromACancel() throws {
        var bench = EngineBench.arming()
        bench.adaptive(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.accept(order)
        bench.operate(.cancelAll)
        bench.cancelled(order, filled: 0)
        #expect(bench.closed.count == 1)
        let samples = bench.engine.adaptive.model.samples(EngineBench.symbol, .joinShort)
        #expect(samples == 0)
    }

    /// Goal: a reload turns it off, on, and changes its rails at once. Method: live, off, live with another list.
    @Test func isReloaded() throws {
        var bench = EngineBench.arming()
        bench.teach(.joinLong, filled: 0, move: 30)
        func reload(_ adjust: (inout EngineConfiguration) -> Void, _ bench: inout EngineBench) {
            var next = bench.engine.configuration
            adjust(&next)
            bench.engine.stage(next)
            bench.feed(.configured)
        }
        bench.adaptive(.buy, 100)
        #expect(bench.arms.count == 1)
        reload({ $0.adaptive.mode = .off }, &bench)
        bench.adaptive(.buy, 101)
        #expect(bench.arms.count == 1)
        reload(
            {
                $0.adaptive.mode = .live; $0.adaptive.symbols = []
            },
            &bench
        )
        bench.adaptive(.buy, 102)
        #expect(bench.arms.count == 2 && bench.arms.last?.reason == .symbolNotListed)
    }
}
