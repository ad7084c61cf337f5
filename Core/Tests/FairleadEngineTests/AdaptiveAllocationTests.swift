import CMallocCount
import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct AdaptiveAllocationTests {
    /// Goal: a choice, its note and what is learnt of it allocate nothing. Method: count this thread's allocations over
    /// 1,000 orders after 100 to warm up. A debug build allocates the frame of a table's `_modify` at each change of a
    /// row, which an optimised one inlines.
    @Test func allocatesNothing() {
        var router = AdaptiveRouterTests.router {
            $0.exploration = Rate(bps: 500)
            $0.minimumSamples = 5
        }
        let slot = ParentSlot(index: 3)
        var now = Timestamp(milliseconds: 1_700_000_000_000)
        var steered = 0
        func run(_ router: inout AdaptiveRouter, _ parent: UInt32) {
            now = now + .seconds(30)
            let question = AdaptiveRouterTests.question(parent, share: Int64(parent % 100))
            let decision = router.decide(question, at: now)
            router.note(slot, decision, question, at: now)
            let isFilled = parent % 3 == 0
            if !isFilled { router.gaveWay(slot, middle: question.ask) }
            if router.timeout(slot, .seconds(10)) < .seconds(10) || router.isTaking(slot) { steered += 1 }
            let cost = isFilled ? 2.0 : 9.0
            router.ended(slot, question.instrument, .buy, filled: isFilled ? 1 : 0, cost: cost, at: now)
            router.forget(slot)
        }
        for parent in 1...UInt32(100) { run(&router, parent) }
        let before = malloc_count_this_thread()
        for parent in 101...UInt32(1_100) { run(&router, parent) }
        let allocations = malloc_count_this_thread() - before
        #if DEBUG
            #expect(allocations <= 40 * 1_000)
        #else
            #expect(allocations == 0)
        #endif
        #expect(steered > 100)
    }
}
