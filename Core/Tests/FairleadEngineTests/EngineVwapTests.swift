import FairleadModel
import Testing

@testable import FairleadEngine

/// VWAP in a whole engine.
@Suite struct EngineVwapTests {
    /// The bench begins at 22:13:20: a slice of a quarter of an hour has 100 s of one bucket and 800 s of the next.
    private static func volume(_ bucket: Int64) -> Int64 {
        bucket < 88 ? 10 : [100, 300, 200, 600, 900, 100, 50, 20][Int(bucket) - 88]
    }

    /// The children's sizes, each filled at once.
    private func run(_ bench: inout EngineBench) throws -> [Int64] {
        var sizes: [Int64] = []
        for _ in 0..<200 where bench.closed.isEmpty {
            if let order = bench.submissions.first {
                #expect(order.type == .postOnly)
                sizes.append(EngineBench.lots(order))
                bench.fillWhole(order)
            }
            bench.wait(.seconds(30))
        }
        return sizes
    }

    /// Goal: slices have the sizes of the curve that was learnt, at their times, and sum exactly. Method: four days of
    /// bars; 10,007 lots over an hour in four slices, against a reckoning by hand.
    @Test func slicesFollowTheCurve() throws {
        var bench = EngineBench.learnt(days: 4, Self.volume)
        bench.vwap(.buy, 10_007, slices: 4, seconds: 3_600)
        let sizes = try run(&bench)
        let weights = (Int64(0)..<4).map { 100 * Self.volume(88 + $0) + 800 * Self.volume(89 + $0) }
        let sum = weights.reduce(0, +)
        var expected = weights.map { 10_007 * $0 / sum }
        let order = weights.indices.sorted { (10_007 * weights[$0] % sum, -$0) > (10_007 * weights[$1] % sum, -$1) }
        for index in order.prefix(Int(10_007 - expected.reduce(0, +))) { expected[index] += 1 }
        #expect(sizes == expected && sizes.reduce(0, +) == 10_007)
        #expect(bench.closed.last?.outcome == .filled && bench.closed.last?.routedAs == .vwap)
        #expect(bench.progress.first?.deadline == bench.progress.first.map { $0.until + .seconds(2_700) })
        #expect(!bench.progress.contains { $0.event == .flatCurve })
        #expect(bench.progress.allSatisfy { $0.algorithm == .vwap })
    }

    /// Goal: with too little history the slices are equal, and that is said. Method: two days where three are asked
    /// for; sizes against a TWAP's of the same.
    @Test func tooLittleHistoryIsAFlatCurve() throws {
        var bench = EngineBench.learnt(days: 2, Self.volume)
        bench.vwap(.buy, 2_003, slices: 4, seconds: 40)
        #expect(bench.progress.prefix(2).map(\.event) == [.planned, .flatCurve])
        var twap = EngineBench.slicing()
        twap.twap(.buy, 2_003, slices: 4)
        var sizes: [[Int64]] = [[], []]
        for _ in 0..<4 {
            sizes[0].append(EngineBench.lots(try #require(bench.submissions.first)))
            sizes[1].append(EngineBench.lots(try #require(twap.submissions.first)))
            bench.fillWhole(try #require(bench.submissions.first))
            twap.fillWhole(try #require(twap.submissions.first))
            bench.wait(.seconds(10))
            twap.wait(.seconds(10))
        }
        #expect(sizes[0] == [501, 501, 501, 500] && sizes[0] == sizes[1])
        #expect(bench.closed.last?.routedAs == .vwap)
    }

    /// Goal: the curve and the plan survive a restart. Method: a snapshot read into a new engine after the first slice;
    /// the sizes go on as they would have, and a later VWAP still knows the curve.
    @Test func aRestartKeepsCurveAndPlan() throws {
        var whole = EngineBench.learnt(days: 4, Self.volume)
        whole.vwap(.buy, 10_007, slices: 4, seconds: 3_600)
        let expected = try run(&whole)
        var bench = EngineBench.learnt(days: 4, Self.volume)
        let configuration = bench.engine.configuration
        bench.vwap(.buy, 10_007, slices: 4, seconds: 3_600)
        let first = try #require(bench.submissions.first)
        bench.fillWhole(first)
        bench.restore(configuration)
        #expect([EngineBench.lots(first)] + (try run(&bench)) == expected)
        bench.restore(configuration)
        bench.vwap(.sell, 5_000, slices: 4, seconds: 3_600)
        #expect(bench.progress.last { $0.event == .planned } != nil)
        #expect(!bench.progress.contains { $0.event == .flatCurve })
    }

    /// Goal: a small order has fewer slices over the same time, and one slice is no VWAP. Method: 60 and 40 dollars at
    /// a minimum of 25.
    @Test func fewerSlicesWhereTheyWouldBeTooSmall() throws {
        var bench = EngineBench.slicing()
        bench.vwap(.buy, 600, slices: 10, seconds: 100)
        let plan = try #require(bench.progress.first)
        #expect(plan.slices == 2 && plan.deadline == bench.now + .seconds(100))
        var small = EngineBench.slicing()
        small.vwap(.buy, 400, slices: 10, seconds: 100)
        #expect(small.progress.isEmpty)
        #expect(EngineBench.lots(try #require(small.submissions.first)) == 400)
    }
}
