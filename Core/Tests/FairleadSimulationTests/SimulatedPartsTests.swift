import FairleadModel
import Testing

@testable import FairleadSimulation

@Suite struct SimulatedPartsTests {
    static let start = Timestamp(milliseconds: 1_723_118_400_000)

    /// Goal: the router's clock steps and drifts, and tells when it will show a time. Method: a step back, then a drift
    /// of one part in a thousand, and the way back from reading to truth.
    @Test func clockStepsAndDrifts() {
        let clock = SimulatedClock(Self.start)
        clock.follow(Self.start + .seconds(10))
        #expect(clock.now == Self.start + .seconds(10))
        clock.step(by: .seconds(-3))
        #expect(clock.offset == .seconds(-3))
        #expect(clock.elapsed == .seconds(10))
        clock.setDrift(partsPerBillion: 1_000_000)
        clock.follow(Self.start + .seconds(1_010))
        #expect(clock.offset == .milliseconds(-2_000))
        let wanted = clock.now + .seconds(5)
        let truth = clock.truth(of: wanted)
        clock.follow(truth)
        #expect(clock.now >= wanted)
        #expect(clock.now - wanted < .milliseconds(1))
        #expect(clock.truth(of: .distantFuture) == .distantFuture)
    }

    /// Goal: tasks come by time, ties by the seed and not by who was first. Method: two seeds, the same tasks at one
    /// time.
    @Test func queueBreaksTiesBySeed() {
        var orders: Set<[Int]> = []
        for seed in 1...20 as ClosedRange<UInt64> {
            var queue = SimulationQueue(seed: seed)
            queue.push(.signal(9), at: Self.start + .seconds(1))
            for number in 0..<4 { queue.push(.signal(number), at: Self.start) }
            var order: [Int] = []
            #expect(queue.nextTime == Self.start)
            while case .signal(let number) = queue.pop(through: Self.start) { order.append(number) }
            #expect(order.sorted() == [0, 1, 2, 3])
            orders.insert(order)
            #expect(queue.nextTime == Self.start + .seconds(1))
        }
        #expect(orders.count > 3)
    }

    /// Goal: bytes arrive whole and in order however the wire cuts them, and stop at the cut. Method: pieces of at most
    /// three bytes with a latency; then a cut after five bytes.
    @Test func wireKeepsOrder() {
        var wire = SimulatedWire(seed: 4)
        wire.manner = SimulatedWire.Manner(shortest: .zero, longest: .milliseconds(5), largestPiece: 3)
        let bytes = ContiguousArray<UInt8>(0..<100)
        wire.sendInward(bytes, at: Self.start)
        var got: ContiguousArray<UInt8> = []
        while let piece = wire.inward.take(at: Self.start + .milliseconds(5)) {
            #expect(piece.count <= 3)
            got += piece
        }
        #expect(got == bytes)
        wire.bytesUntilCut = 5
        #expect(wire.pass(3) == (3, false))
        #expect(wire.pass(3) == (2, true))
        #expect(wire.pass(3) == (3, false))
        wire.swallowsOutward = true
        wire.sendOutward(bytes, at: Self.start)
        #expect(wire.outward.nextTime == .distantFuture)
    }
}
