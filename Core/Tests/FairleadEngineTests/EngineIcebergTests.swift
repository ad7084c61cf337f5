import FairleadModel
import Testing

@testable import FairleadEngine

/// Icebergs in a whole engine: what is seen of an order at a time.
@Suite struct EngineIcebergTests {
    private func tip(_ bench: borrowing EngineBench) throws -> OrderSubmission { try #require(bench.submissions.last) }

    /// Goal: one tip at a time at the signal's own limit, the next as soon as the last has filled, no rest too small to
    /// be sent. Method: 1,040 lots, 300 displayed, 50 the smallest order.
    @Test func oneTipAtATime() throws {
        var bench = EngineBench.slicing()
        bench.iceberg(.buy, 1_040, shows: 300)
        var sizes: [Int64] = []
        for number in 0..<4 {
            let order = try tip(bench)
            #expect(order.type == .limit && order.price == EngineBench.price(1000) && order.timeInForce == .gtc)
            #expect(order.id.slice == UInt16(number) && order.id.leg == .direct)
            sizes.append(EngineBench.lots(order))
            bench.accept(order)
            bench.wait(.seconds(100))
            bench.fill(order, 10, at: 1000)
            #expect(bench.submissions.isEmpty)
            bench.fill(order, EngineBench.lots(order) - 10, at: 1000)
        }
        #expect(sizes == [300, 300, 300, 140])
        #expect(bench.closed.last?.outcome == .filled && bench.closed.last?.routedAs == .iceberg)
        var odd = EngineBench.slicing()
        odd.iceberg(.buy, 620, shows: 300)
        odd.fillWhole(try tip(odd))
        // 20 lots would be under the venue's smallest order.
        #expect(EngineBench.lots(try tip(odd)) == 270)
        odd.fillWhole(try tip(odd))
        #expect(EngineBench.lots(try tip(odd)) == 50)
    }

    /// Goal: its limit is never crossed, wherever the market is. Method: a market over a buy limit that goes away from
    /// it, then one that has fallen under it.
    @Test func theLimitHolds() throws {
        var bench = EngineBench.slicing()
        bench.iceberg(.buy, 1_000, shows: 300, limit: 998)
        let first = try tip(bench)
        #expect(first.price == EngineBench.price(998))
        bench.accept(first)
        bench.quote(bid: 1005, ask: 1006)
        #expect(bench.submissions.isEmpty && bench.cancels.isEmpty)
        bench.fill(first, 300, at: 998)
        let second = try tip(bench)
        #expect(second.price == EngineBench.price(998) && second.type == .limit)
        bench.accept(second)
        bench.quote(bid: 990, ask: 991)
        bench.fill(second, 300, at: 998)
        #expect(try tip(bench).price == EngineBench.price(998))
    }

    /// Goal: what would show all of it is no iceberg, and one that the venue takes no tip of is refused rather than
    /// shown larger. Method: a display of the whole; one of 49 lots where the smallest order is 50.
    @Test func aDisplayThatIsNone() throws {
        var bench = EngineBench.slicing()
        bench.iceberg(.buy, 300, shows: 300)
        #expect(EngineBench.lots(try tip(bench)) == 300)
        #expect(bench.progress.isEmpty)
        var small = EngineBench.slicing()
        small.iceberg(.buy, 300, shows: 49)
        #expect(small.submissions.isEmpty && small.closed.last?.outcome == .rejected)
    }

    /// Goal: post-only tips stay post-only; one that would take is shown again, and not for ever. Method: two rejects.
    @Test func aPostOnlyTipIsShownAgain() throws {
        var bench = EngineBench.slicing { $0.routing.maximumPostOnlyRejects = 2 }
        bench.iceberg(.buy, 1_000, shows: 300) { $0.orderType = .postOnly }
        let first = try tip(bench)
        #expect(first.type == .postOnly)
        bench.reject(first, .throttled)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(1))
        let second = try tip(bench)
        #expect(second.id != first.id && EngineBench.lots(second) == 300)
        bench.accept(second)
        bench.fillWhole(second)
        let third = try tip(bench)
        bench.reject(third, .wouldTake)
        bench.wait(.seconds(1))
        #expect(try tip(bench).type == .postOnly)
    }

    /// Goal: a pause takes the tip away and a resume shows one again; an amended limit moves it. Method: both, with a
    /// tip that is partly filled.
    @Test func pauseResumeAndAmend() throws {
        var bench = EngineBench.slicing()
        bench.iceberg(.buy, 1_000, shows: 300)
        let intent = try #require(bench.progress.first).intent
        let first = try tip(bench)
        bench.accept(first)
        bench.fill(first, 100, at: 1000)
        bench.operate(.pauseParent, on: intent)
        #expect(bench.cancels.map(\.id) == [first.id])
        bench.cancelled(first, filled: 100)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(50))
        bench.operate(.resumeParent, on: intent)
        let second = try tip(bench)
        #expect(EngineBench.lots(second) == 300)
        bench.accept(second)
        bench.operate(.amendParent, on: intent, price: 999)
        #expect(bench.cancels.map(\.id) == [second.id])
        bench.cancelled(second, filled: 0)
        let third = try tip(bench)
        #expect(third.price == EngineBench.price(999) && EngineBench.lots(third) == 300)
        bench.accept(third)
        bench.operate(.amendParent, on: intent, lots: 500)
        bench.fillWhole(third)
        #expect(EngineBench.lots(try tip(bench)) == 100)
    }

    /// Goal: the deadline, and a cancel, end it with what it has. Method: both with a tip at work.
    @Test(arguments: [true, false]) func itEnds(_ isDeadline: Bool) throws {
        var bench = EngineBench.slicing()
        bench.iceberg(.buy, 1_000, shows: 300) { $0.algorithm.durationMilliseconds = 20_000 }
        let first = try tip(bench)
        bench.accept(first)
        if isDeadline {
            bench.wait(.seconds(20))
        } else {
            bench.operate(.cancelOrder, on: try #require(bench.progress.first).intent)
        }
        #expect(bench.cancels.map(\.id) == [first.id])
        bench.fill(first, 200, at: 1000)
        bench.cancelled(first, filled: 200)
        #expect(bench.submissions.isEmpty && bench.closed.last?.outcome == .partiallyFilled)
        bench.wait(.seconds(100))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: an iceberg that only reduces works as well, and ends as a limit order does. Method: an exit of 1,000.
    @Test func anExitMayBeAnIceberg() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 1_000) { $0.style = .taker }
        bench.iceberg(.sell, 1_000, shows: 400, limit: 1001) {
            $0.intent = .exit
            $0.algorithm.durationMilliseconds = 20_000
        }
        let first = try tip(bench)
        #expect(EngineBench.lots(first) == 400 && first.reduceOnly && first.type == .limit)
        bench.accept(first)
        bench.fillWhole(first)
        let second = try tip(bench)
        bench.accept(second)
        bench.wait(.seconds(20))
        bench.cancelled(second, filled: 0)
        #expect(bench.closed.last?.outcome == .partiallyFilled)
    }
}
