import FairleadEngine
import FairleadModel
import Testing

@Suite struct EngineMakerFirstTests {
    /// Goal: a signal rests as maker at the touch and is filled there. Method: one full fill, then the parent's record.
    @Test func fillsAsMaker() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        #expect(order.type == .postOnly)
        #expect(order.price == EngineBench.price(1000))
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.accept(order)
        bench.fill(order, 100, at: 1000)
        #expect(bench.position == 100)
        #expect(bench.closed.last?.outcome == .filled)
        #expect(bench.closed.last?.routedAs == .maker)
    }

    /// Goal: a fill that races the cancel reduces what is taken. Method: time out, fill 40 of 100 before the cancel's
    /// outcome.
    @Test func fallbackTakesOnlyTheRest() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.milliseconds(9_000))
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.milliseconds(1_000))
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.fill(maker, 40, at: 1000)
        #expect(bench.submissions.isEmpty)
        bench.cancelled(maker, filled: 40)
        let taker = try #require(bench.submissions.first)
        #expect(taker.quantity == EngineBench.quantity(60))
        #expect(taker.timeInForce == .ioc)
        bench.fill(taker, 60, at: 1001, .taker)
        #expect(bench.closed.last?.fallbackReason == .makerTimeout)
        #expect(bench.closed.last?.routedAs == .makerThenTaker)
        #expect(bench.position == 100)
    }

    /// Goal: no taker leaves while the cancel's cumulative quantity says that a fill is still under way. Method: cancel
    /// acknowledged with 40 filled, the fill afterwards.
    @Test func waitsForOwedFills() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.wait(.milliseconds(1_900))
        bench.quote(bid: 1005, ask: 1006)
        #expect(bench.cancels.count == 1)
        bench.cancelled(maker, filled: 40)
        #expect(bench.submissions.isEmpty)
        bench.fill(maker, 40, at: 1000)
        let taker = try #require(bench.submissions.first)
        #expect(taker.quantity == EngineBench.quantity(60))
        #expect(bench.closed.isEmpty)
    }

    /// Goal: two post-only rejects end the maker leg. Method: reject twice, look for the taker.
    @Test func postOnlyRejectsFallBack() throws {
        var bench = EngineBench.trading()
        bench.signal(.sell, 100)
        for _ in 0..<2 {
            let maker = try #require(bench.submissions.first)
            #expect(maker.type == .postOnly)
            bench.reject(maker, .wouldTake)
        }
        let taker = try #require(bench.submissions.first)
        #expect(taker.type == .marketableLimit)
        bench.fill(taker, 100, at: 1000, .taker)
        #expect(bench.closed.last?.fallbackReason == .postOnlyRejects)
        #expect(bench.position == -100)
    }
}
