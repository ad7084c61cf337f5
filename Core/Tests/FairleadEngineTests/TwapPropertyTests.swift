import FairleadEngine
import FairleadModel
import Testing

/// SPEC 9 over random sizes, filters, markets, fills, refusals, cancels, pauses and amendments.
@Suite struct TwapPropertyTests {
    /// Goal: whatever happens, a TWAP never exposes more than its parent or its schedule, never sends dust, two orders
    /// at a time or anything after its deadline but the sweep, and it ends with a record that agrees with the fills.
    /// Method: 200 seeds of up to 80 things each, judged after every event by a reckoning of its own.
    @Test(arguments: 0..<8) func theScheduleHolds(_ part: Int) throws {
        let seeds = UInt64(part) * 25 + 1...UInt64(part) * 25 + 25
        print("seeds \(seeds)")
        var sliced = 0
        var whole = 0
        for seed in seeds {
            var world = TwapWorld(seed: seed)
            guard world.plan != nil else { continue }
            sliced += 1
            for _ in 0..<80 where world.isOpen { world.step() }
            world.settle()
            #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.prefix(3))")
            let record = try #require(world.bench.closed.first, "seed \(seed) has not ended")
            #expect(world.bench.closed.count == 1)
            #expect(record.filled.raw == world.filled, "seed \(seed)")
            #expect(record.approved.raw == world.approved && record.routedAs == .twap)
            #expect((record.outcome == .filled) == (record.filled == record.approved), "seed \(seed)")
            if record.outcome == .filled { whole += 1 }
        }
        #expect(sliced > 10 && whole > 2, "\(sliced) sliced, \(whole) of them whole")
    }

    /// Goal: where nothing goes wrong the children sum exactly to the parent. Method: 60 seeds, every order filled.
    @Test(arguments: [UInt64(1001), 1021, 1041]) func undisturbedChildrenSumExactly(first: UInt64) throws {
        print("seeds \(first)...\(first + 19)")
        for seed in first...first + 19 {
            var world = TwapWorld(seed: seed)
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
        for seed in UInt64(1)...8 {
            var ids: [[ClientOrderID]] = []
            for _ in 0..<2 {
                var world = TwapWorld(seed: seed)
                for _ in 0..<60 where world.isOpen { world.step() }
                ids.append(world.children.map(\.order.id))
            }
            #expect(ids[0] == ids[1])
        }
    }
}
