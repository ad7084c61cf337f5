import FairleadEngine
import FairleadModel
import Testing

/// SPEC 9 over random sizes, filters, markets, fills, refusals, cancels, pauses and amendments.
@Suite struct TwapPropertyTests {
    /// Goal: whatever happens, an algorithm never exposes more than its parent or its schedule, never sends dust, two
    /// orders at a time or anything after its deadline but the sweep, and it ends with a record that agrees with the
    /// fills. A POV never passes its rate, an iceberg never shows more than it displays or leaves its limit.
    /// Method: 200 seeds of each, of up to 80 things each, judged after every event by a reckoning of its own.
    @Test(arguments: [ExecutionStyle.twap, .vwap, .pov, .iceberg], 0..<8)
    func theScheduleHolds(_ style: ExecutionStyle, _ part: Int) throws {
        let seeds = UInt64(part) * 25 + 1...UInt64(part) * 25 + 25
        print("seeds \(seeds)")
        var sliced = 0
        var whole = 0
        for seed in seeds {
            var world = TwapWorld(seed: seed, style: style)
            guard world.plan != nil else { continue }
            sliced += 1
            for _ in 0..<80 where world.isOpen { world.step() }
            world.settle()
            #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.prefix(3))")
            let record = try #require(world.bench.closed.first, "seed \(seed) has not ended")
            #expect(world.bench.closed.count == 1)
            #expect(record.filled.raw == world.filled, "seed \(seed)")
            #expect(record.approved.raw == world.approved && record.routedAs.name == style.name)
            #expect((record.outcome == .filled) == (record.filled == record.approved), "seed \(seed)")
            if record.outcome == .filled { whole += 1 }
        }
        #expect(sliced > 10 && whole > 2, "\(sliced) sliced, \(whole) of them whole")
    }

    /// Goal: where nothing goes wrong the children sum exactly to the parent. Method: 40 seeds, every order filled.
    @Test(arguments: [ExecutionStyle.twap, .vwap, .pov, .iceberg])
    func undisturbedChildrenSumExactly(_ style: ExecutionStyle) throws {
        print("seeds 1001...1040")
        for seed in UInt64(1001)...1100 {
            var world = TwapWorld(seed: seed, style: style)
            guard world.plan != nil else { continue }
            world.settle()
            #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.prefix(3))")
            let record = try #require(world.bench.closed.first, "seed \(seed)")
            #expect(record.outcome == .filled && record.filled.raw == world.filled, "seed \(seed)")
            #expect(world.children.reduce(0) { $0 + $1.order.quantity.raw } == record.approved.raw, "seed \(seed)")
        }
    }

    /// Goal: the same events give the same orders, and a snapshot in the middle changes none. Method: each seed twice.
    @Test func theSameSeedGivesTheSameOrders() {
        for seed in UInt64(1)...16 {
            var ids: [[ClientOrderID]] = []
            for _ in 0..<2 {
                let style = [ExecutionStyle.twap, .vwap, .pov, .iceberg][Int(seed % 4)]
                var world = TwapWorld(seed: seed, style: style)
                for _ in 0..<60 where world.isOpen { world.step() }
                ids.append(world.children.map(\.order.id))
            }
            #expect(ids[0] == ids[1])
        }
    }
}
