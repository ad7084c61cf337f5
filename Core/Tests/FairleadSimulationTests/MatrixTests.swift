import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper
import Testing

@testable import FairleadSimulation

@Suite struct MatrixTests {
    static func life(_ run: GoldenRun, _ durability: String = "disk") throws -> GoldenLife {
        var report = MatrixReport(matrix: "test")
        let life = GoldenLife(run, GoldenRun.configuration(durability), durability, &report)
        return try #require(life, "\(report.text)")
    }

    /// Goal: the golden runs together hold every order state that an order can be in.
    /// Method: the states told by all runs; `accepted` is the one that no step of the transition table leads to, which
    /// is asked of the table itself.
    @Test func goldenRunsHoldEveryOrderState() throws {
        var seen: Set<OrderState> = []
        for run in GoldenRun.all { seen.formUnion(try Self.life(run).states) }
        let reachable = GoldenRun.reachableStates
        #expect(Set(OrderState.allCases).subtracting(reachable) == [.accepted])
        #expect(seen == reachable, "missing: \(reachable.subtracting(seen))")
    }

    /// Goal: a golden run is the same each time, so that a place in it can be found again.
    /// Method: each run twice, compared by its pumps, its bytes and its journal.
    @Test(arguments: GoldenRun.all.map(\.name)) func goldenRunsRepeat(_ name: String) throws {
        let run = try #require(GoldenRun.all.first { $0.name == name })
        let (one, other) = (try Self.life(run), try Self.life(run))
        #expect(one.outcome == other.outcome)
        #expect(one.log.map(\.after) == other.log.map(\.after))
        #expect(one.images.files.map(\.bytes) == other.images.files.map(\.bytes))
        #expect(one.outward > 0)
        #expect(one.inward > one.outward)
    }

    /// Goal: the crash matrix tells a journal that recovery did not leave from one that it did.
    /// Method: each golden image recovers to its own count and to no other; one with a record changed does not.
    @Test func imagesRecoverToThemselves() throws {
        let life = try Self.life(GoldenRun.restarted)
        let images = life.images
        let size = GoldenRun.restarted.segmentByteCount
        #expect(images.files.count > 1, "the run changes segments")
        for count in stride(from: 2, to: images.records.count, by: 17) {
            let found = try images.recovered(
                images.image(after: count),
                expecting: 0...images.records.count,
                segmentByteCount: size
            )
            #expect(found == count)
            let other = try images.recovered(
                images.image(after: count),
                expecting: count + 1...count + 1,
                segmentByteCount: size
            )
            #expect(other == nil)
        }
    }

    /// Goal: a broken rule is told. Method: the judge is shown an order twice, and an entry after the kill.
    @Test func judgeTellsWhatIsBroken() {
        let order = PaperOrder(
            id: .none,
            instrument: InstrumentHandle(0),
            side: .buy,
            type: .limit,
            price: Price(raw: 100),
            quantity: Quantity(raw: 100)
        )
        var bytes: ContiguousArray<UInt8> = []
        PaperFrame.submit(order).append(number: 1, to: &bytes)
        var twice = MatrixJudge()
        twice.left(bytes)
        #expect(twice.violation == nil)
        twice.left(bytes)
        #expect(twice.violation?.invariant == "a")
        var killed = MatrixJudge()
        killed.mustNotIncrease(bytes)
        #expect(killed.violation?.invariant == "S-11")
    }

    /// Goal: the kill switch holds at the moments that a whole matrix is too slow for here.
    /// Method: every 40th step of one run, engaged each way.
    @Test(arguments: MatrixFault.Kill.Manner.allCases) func killHolds(_ manner: MatrixFault.Kill.Manner) throws {
        let life = try Self.life(GoldenRun.makerAndFallback)
        for pump in stride(from: 1, to: life.log.count, by: 40) {
            let kill = MatrixFault.Kill(moment: .pump(pump), manner: manner)
            var world = MatrixWorld(life.run, life.configuration, fault: MatrixFault(kill: kill))
            world.play()
            let violation = world.judge.violation
            #expect(violation == nil, "pump \(pump)")
        }
    }
}
