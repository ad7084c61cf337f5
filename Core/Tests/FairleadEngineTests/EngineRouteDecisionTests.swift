import FairleadEngine
import FairleadModel
import Testing

/// What a parent's route decisions say over its life.
@Suite struct EngineRouteDecisionTests {
    /// Goal: a maker that fills is final at its end and not before, with all its times. Method: quoted, acknowledged
    /// after 20 ms, filled after 300 ms more; two decisions.
    @Test func aFilledMakerIsFinalAtItsEnd() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        let start = try #require(bench.allRoutes.first)
        #expect(start.moment == .start && start.makerStart && !start.isMakerFinal)
        #expect(start.latency == RouteLatency(signalToDecision: .zero))
        bench.now = bench.now + .milliseconds(20)
        bench.accept(maker)
        bench.now = bench.now + .milliseconds(300)
        bench.fill(maker, 100, at: 1000)
        let end = try #require(bench.allRoutes.last)
        #expect(bench.allRoutes.map(\.moment) == [.start, .end])
        #expect(end.isMakerFinal && end.makerStart && end.routedAs == .maker)
        #expect(end.quantity == EngineBench.quantity(100) && end.price == EngineBench.price(1000))
        let times = RouteLatency(
            signalToDecision: .zero,
            decisionToSend: .zero,
            sendToAcknowledgement: .milliseconds(20),
            acknowledgementToFill: .milliseconds(300)
        )
        #expect(end.latency == times)
        #expect(bench.notices.map(\.name).suffix(3) == ["route_decision", "parent_closed", "shortfall_measured"])
    }

    /// Goal: a maker that falls back tells start, fallback and end, and is never final. Method: a timeout, the cancel's
    /// outcome, the taker's fill.
    @Test func aFallbackIsToldAndNotFinal() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.now = bench.now + .milliseconds(30)
        bench.accept(maker)
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        bench.cancelled(maker, filled: 0)
        let fallback = try #require(bench.allRoutes.last)
        #expect(fallback.moment == .fallback && fallback.makerStart && fallback.usedFallback)
        #expect(fallback.latency.sendToAcknowledgement == .milliseconds(30))
        #expect(fallback.latency.acknowledgementToFill == nil)
        let taker = try #require(bench.submissions.first)
        bench.fill(taker, 100, at: 1001, .taker)
        #expect(bench.allRoutes.map(\.moment) == [.start, .fallback, .end])
        #expect(bench.allRoutes.allSatisfy { !$0.isMakerFinal })
        // The taker's first word was its fill.
        #expect(bench.allRoutes.last?.latency.acknowledgementToFill == .zero)
    }

    /// Goal: a quote made anew is told. Method: a maker refused as taking, and an exit that is repriced until it goes
    /// at the market.
    @Test func requotesAreTold() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        bench.reject(try #require(bench.submissions.first), .wouldTake)
        #expect(bench.allRoutes.map(\.moment) == [.start, .requote])
        #expect(bench.allRoutes.last?.price == EngineBench.price(1000))
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        bench.signal(.sell, 100) { $0.intent = .exit }
        var prices: [Price] = []
        for _ in 0..<4 {
            let exit = try #require(bench.submissions.first)
            bench.feed(
                .orderExpired(
                    OrderEnd(id: exit.id, cumulativeFilled: .zero, reason: .immediateOrCancel, venueTime: bench.now)
                )
            )
            let told = try #require(bench.routes.first)
            #expect(told.moment == .requote)
            prices.append(told.price)
        }
        #expect(prices.last == .zero && prices.dropLast().allSatisfy { $0.raw > 0 })
        // A market order is judged by the touch that it takes from, less the fee.
        #expect(try #require(bench.routes.first).effectivePrice == Price(raw: 9_995_000_000))
    }

    /// Goal: the effective price holds the fee of the route, from our side, and at the end the fees that were paid.
    /// Method: a maker's and a taker's first decision at fees of 2 and 5 bps, and the maker's end.
    @Test func effectivePricesHoldTheFee() throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading { configuration = $0 }
        let terms = try #require(configuration?.instruments.first).terms
        bench.signal(.buy, 100)
        // 100.0 and 2 bps of it.
        #expect(bench.routes.first?.effectivePrice == Price(raw: 10_002_000_000))
        // 10 at 100.0, and a fee of 0.00001.
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        #expect(bench.allRoutes.last?.effectivePrice == Price(raw: 10_000_010_000))
        bench.wait(.seconds(3))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.routes.first)
        #expect(exit.effectivePrice < exit.price)
        #expect(exit.effectivePrice == Router.effectivePrice(exit.price, .sell, .taker, terms))
    }

    /// Goal: what observers are told changes nothing. Method: the same fills with and without an observer; the same
    /// state.
    @Test func observersChangeNothing() throws {
        var words: [[UInt64]] = []
        for isObserved in [true, false] {
            var bench = EngineBench.trading()
            bench.out.isObserved = isObserved
            bench.signal(.buy, 100)
            bench.accept(try #require(bench.submissions.first))
            bench.wait(.seconds(10))
            var writer = VisitedWords()
            bench.engine.visitState(&writer)
            words.append(writer.words)
        }
        #expect(words[0] == words[1])
    }
}
