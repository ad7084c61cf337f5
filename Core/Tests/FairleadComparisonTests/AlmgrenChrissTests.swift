import FairleadModel
import Testing

@testable import FairleadComparison

/// The schedule of Almgren and Chriss, with the parameters of their paper.
@Suite struct AlmgrenChrissTests {
    private static func schedule(_ riskAversion: Double) throws -> AlmgrenChrissSchedule {
        try #require(
            AlmgrenChrissSchedule(
                quantity: 1_000_000,
                duration: 5,
                slices: 5,
                volatility: 0.95,
                fixedCost: 0.0625,
                permanentImpact: 2.5e-7,
                temporaryImpact: 2.5e-6,
                riskAversion: riskAversion
            )
        )
    }

    private static func isClose(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= 1e-6 * max(abs(expected), 1)
    }

    struct Row: CustomTestStringConvertible {
        var riskAversion: Double
        var pace: Double?
        var held: [Double]
        var cost: Double
        var variance: Double
        var testDescription: String { "lambda \(riskAversion)" }
    }

    private static let rows = [
        Row(
            riskAversion: 0,
            held: [1_000_000, 800_000, 600_000, 400_000, 200_000, 0],
            cost: 662_500,
            variance: 1.083e12
        ),
        Row(
            riskAversion: 1e-6,
            pace: 0.607_076,
            held: [1_000_000, 541_955.55, 289_854.22, 147_897.49, 62_141.80, 0],
            cost: 911_226.99,
            variance: 364_128_572_058.14
        ),
        Row(
            riskAversion: 2e-6,
            pace: 0.846_297,
            held: [1_000_000, 428_598.85, 182_932.81, 76_295.72, 27_643.38, 0],
            cost: 1_140_715.17,
            variance: 201_931_287_150.52
        ),
        Row(
            riskAversion: -2e-7,
            pace: 0.276_562,
            held: [1_000_000, 910_056.44, 750_948.58, 534_768.64, 277_946.28, 0],
            cost: 717_958.10,
            variance: 1_584_210_709_653.35
        ),
    ]

    /// Goal: the shared vector at 1e-6. Method: `almgren_chriss_2000` of vectors.json.
    @Test(arguments: rows) func theVector(_ row: Row) throws {
        let schedule = try Self.schedule(row.riskAversion)
        let held = schedule.holdings
        #expect(held.count == row.held.count)
        for (value, expected) in zip(held, row.held) { #expect(Self.isClose(value, expected)) }
        for (slice, value) in schedule.trades.enumerated() {
            #expect(abs(value - (row.held[slice] - row.held[slice + 1])) < 0.02)
        }
        #expect(abs(schedule.trades.reduce(0, +) - 1_000_000) < 1e-6)
        if let pace = row.pace { #expect(Self.isClose(schedule.pace, pace)) }
        #expect(Self.isClose(schedule.expectedCost, row.cost))
        #expect(Self.isClose(schedule.variance, row.variance))
    }

    /// Goal: the nine rows that the vector was checked against hold too. Method: cost, variance, penalty, half-life, in
    /// the digits that are given there.
    @Test func theRowsOfTheCrossCheck() throws {
        let rows: [(Double, Double, Double, Double, Double)] = [
            (0.001, 0.6625, 1.0812, 0.6636, 51.30), (0.002, 0.6625, 1.0794, 0.6647, 36.27),
            (0.003, 0.6625, 1.0776, 0.6657, 29.62), (0.004, 0.6625, 1.0758, 0.6668, 25.65),
            (0.005, 0.6625, 1.0740, 0.6679, 22.94), (0.006, 0.6625, 1.0722, 0.6690, 20.94),
            (0.007, 0.6625, 1.0704, 0.6700, 19.39), (0.008, 0.6626, 1.0687, 0.6711, 18.14),
            (0.009, 0.6626, 1.0669, 0.6722, 17.10),
        ]
        for (millionths, cost, variance, penalty, halfLife) in rows {
            let schedule = try Self.schedule(millionths * 1e-6)
            #expect(abs(schedule.expectedCost / 1e6 - cost) <= 0.000_05)
            #expect(abs(schedule.variance / 1e12 - variance) <= 0.000_05)
            let both = schedule.expectedCost + millionths * 1e-6 * schedule.variance
            #expect(abs(both / 1e6 - penalty) <= 0.000_05)
            #expect(abs(try #require(schedule.halfLife) - halfLife) <= 0.005)
        }
    }

    /// Goal: without an aversion it is TWAP; the more of it, the dearer and the less risky; what is held only falls.
    /// Method: aversions from a printed seed, sorted.
    @Test func costRisesAndRiskFalls() throws {
        print("almgren-chriss seed 29")
        var random = DeterministicRandom(seed: 29)
        let aversions = (0..<200).map { _ in random.nextUnit() * 1e-4 }.sorted()
        var last = try Self.schedule(0)
        #expect(last.halfLife == nil)
        for trade in last.trades { #expect(Self.isClose(trade, 200_000)) }
        for aversion in aversions {
            let schedule = try Self.schedule(aversion)
            #expect(schedule.expectedCost >= last.expectedCost && schedule.variance <= last.variance)
            #expect(zip(schedule.holdings, schedule.holdings.dropFirst()).allSatisfy { $0 >= $1 })
            last = schedule
        }
        #expect(Self.isClose(try Self.schedule(1e-13).trades[0], 200_000))
    }

    /// Goal: where no schedule is best there is none. Method: no time, an impact that the permanent one outweighs, risk
    /// liked too much.
    @Test func whatHasNoScheduleIsNil() {
        func schedule(
            duration: Double = 5,
            permanent: Double = 2.5e-7,
            aversion: Double = 0
        ) -> AlmgrenChrissSchedule? {
            AlmgrenChrissSchedule(
                quantity: 1_000_000,
                duration: duration,
                slices: 5,
                volatility: 0.95,
                fixedCost: 0.0625,
                permanentImpact: permanent,
                temporaryImpact: 2.5e-6,
                riskAversion: aversion
            )
        }
        #expect(schedule() != nil)
        #expect(schedule(duration: 0) == nil)
        #expect(schedule(permanent: 5e-6) == nil)
        #expect(schedule(aversion: -1.1e-6) == nil)
        #expect(schedule(aversion: -1e-2) == nil)
    }
}
