import FairleadModel
import Testing

@testable import FairleadEngine

/// What the configuration says where a signal does not.
@Suite struct AlgorithmDefaultsTests {
    /// Goal: duration and slices of a VWAP that names none. Method: five slices over 50 s.
    @Test func aBareVwapIsTheConfigurations() throws {
        var bench = EngineBench.slicing {
            $0.algorithms.vwapDuration = .seconds(50)
            $0.algorithms.vwapSlices = 5
        }
        bench.signal(.buy, 2_000) { $0.style = .vwap }
        let plan = try #require(bench.progress.first)
        #expect(plan.slices == 5 && plan.deadline == bench.now + .seconds(50))
    }

    /// Goal: rate and end of a POV that names none. Method: a fifth of the volume for 40 s.
    @Test func aBarePovIsTheConfigurations() throws {
        var bench = EngineBench.slicing {
            $0.algorithms.povRate = Rate(raw: 20_000_000)
            $0.algorithms.povDuration = .seconds(40)
        }
        bench.signal(.buy, 2_000) { $0.style = .pov }
        #expect(bench.progress.first?.deadline == bench.now + .seconds(40))
        bench.trade(1_600)
        #expect(EngineBench.lots(try #require(bench.submissions.last)) == 400)
    }

    /// Goal: an iceberg's jitter, drawn from the parent's id: the same each time, and never more than is displayed.
    /// Method: half of 300 lots at most; the same bench twice.
    @Test func aBareIcebergHasTheConfigurationsJitter() throws {
        var runs: [[Int64]] = []
        for _ in 0..<2 {
            var bench = EngineBench.slicing { $0.algorithms.icebergJitter = Rate(raw: 50_000_000) }
            bench.iceberg(.buy, 3_000, shows: 300)
            var sizes: [Int64] = []
            while bench.closed.isEmpty, let tip = bench.submissions.last {
                sizes.append(EngineBench.lots(tip))
                bench.fillWhole(tip)
            }
            #expect(sizes.reduce(0, +) == 3_000 && sizes.allSatisfy { $0 <= 300 })
            #expect(sizes.dropLast().allSatisfy { $0 >= 149 } && Set(sizes).count > 3)
            runs.append(sizes)
        }
        #expect(runs[0] == runs[1])
    }

    /// Goal: how much history is enough, and how fast it is forgotten. Method: two days of 100 and one of 400 with a
    /// memory of two: 250 a bucket; a curve of one day where one is asked for.
    @Test func historyIsTheConfigurations() throws {
        var bench = EngineBench.learnt(days: 1, { _ in 100 }) {
            $0.algorithms.vwapMinimumDays = 1
            $0.algorithms.vwapDays = 2
        }
        bench.vwap(.buy, 2_000, slices: 4, seconds: 40)
        #expect(!bench.progress.contains { $0.event == .flatCurve })
        var curve = VolumeCurve(barLength: .seconds(900), instruments: 1)
        for (day, lots) in [(Int64(1), Int64(100)), (2, 100), (3, 400)] {
            let open = Timestamp(nanoseconds: day * 86_400 * 1_000_000_000)
            curve.apply(VolumeCurveTests.bar(open, lots), days: bench.engine.configuration.algorithms.vwapDays)
        }
        #expect(curve.bucket(VolumeCurveTests.symbol, at: .init(nanoseconds: 0)).mean.raw == 250 * 100_000)
    }
}
