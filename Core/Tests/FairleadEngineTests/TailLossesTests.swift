import FairleadModel
import Foundation
import Testing

@testable import FairleadEngine

@Suite struct TailLossesTests {
    /// Value at risk and expected shortfall of returns at a confidence in tenths of a percent.
    private func tail(_ returns: [Double], _ permille: Int) -> (risk: Double, shortfall: Double) {
        var tail = TailLosses(scenarios: max(returns.count, 1) * 10)
        tail.begin(returns.count, TailConfidence(permille: permille, quantile: 0, shortfallFactor: 0))
        for value in returns { tail.take(-value) }
        return (tail.valueAtRisk, tail.shortfall)
    }

    /// The formulas of EXECUTION-QUALITY 5 on all losses, sorted.
    private func naive(_ returns: [Double], _ permille: Int) -> (risk: Double, shortfall: Double) {
        let losses = returns.map { -$0 }.sorted()
        let rank = (permille * losses.count + 999) / 1000
        let risk = losses[rank - 1]
        let excess = losses.reduce(0) { $0 + max($1 - risk, 0) }
        return (risk, risk + excess / (Double((1000 - permille) * losses.count) / 1000))
    }

    /// Goal: taken eight at a time, under a bound by their lanes, the tail is the same to the last bit. Method: random
    /// results of every count of blocks, absent ones among them, against each loss taken one by one.
    @Test func lanesGiveTheSameTail() {
        var random = SeededGenerator(seed: 11)
        for round in 0..<200 {
            let blocks = 1 + round % 63
            let rows = (0..<blocks).map { _ in
                var row = SIMD8<Double>()
                for lane in 0..<8 {
                    let isAbsent = round % 3 == 0 && UInt8.random(in: 0..<10, using: &random) == 0
                    row[lane] = isAbsent ? .infinity : Double.random(in: -1...1, using: &random)
                }
                return row
            }
            let losses = rows.flatMap { row in (0..<8).map { -row[$0] } }.filter { $0 > -.infinity }
            guard !losses.isEmpty else { continue }
            for confidence in [TailConfidence.portfolio, .position] {
                var (one, eight) = (TailLosses(scenarios: 504), TailLosses(scenarios: 504))
                one.begin(losses.count, confidence)
                eight.begin(losses.count, confidence)
                for loss in losses { one.take(loss) }
                let least = rows.reduce(SIMD8(repeating: .infinity)) { $0.replacing(with: $1, where: $1 .< $0) }
                let bound = eight.bound(least)
                eight.take(rows.span, upTo: bound)
                #expect(one.valueAtRisk == eight.valueAtRisk, "round \(round)")
                #expect(one.shortfall == eight.shortfall, "round \(round)")
            }
        }
    }

    /// Goal: the vector of EXECUTION-QUALITY 5. Method: its 20 returns and six numbers, as they stand there.
    @Test func vectorOfTwentyReturns() {
        let returns = [
            -0.031, -0.024, -0.019, -0.012, -0.008, -0.004, -0.001, 0.0, 0.002, 0.003, 0.005, 0.006, 0.007, 0.009,
            0.010, 0.012, 0.014, 0.018, 0.021, 0.027,
        ]
        for (permille, risk, shortfall) in [(900, 0.019, 0.0275), (950, 0.024, 0.031), (975, 0.031, 0.031)] {
            #expect(isClose(tail(returns, permille).risk, risk))
            #expect(isClose(tail(returns, permille).shortfall, shortfall))
            #expect(isClose(tail(returns.reversed(), permille).shortfall, shortfall))
        }
    }

    /// Goal: the same numbers as the shared file has them. Method: its returns at each of its confidences.
    @Test(.enabled(if: SharedVectors.isPresent(), "shared/spec/vectors.json is not beside the project"))
    func sharedVector() throws {
        let vector = try #require(try SharedVectors.load()?["historical_var_es"])
        let returns = try #require(vector["returns"]?.array).compactMap(\.double)
        for (key, permille) in [("0.90", 900), ("0.95", 950), ("0.975", 975)] {
            #expect(isClose(tail(returns, permille).risk, vector[key]?["var"]?.double))
            #expect(isClose(tail(returns, permille).shortfall, vector[key]?["es"]?.double))
        }
    }

    /// Goal: the bounded tail is the sorted sample's, whatever comes in which order. Method: seeded samples of 1 to 600
    /// with ties, against the formulas on all of it.
    @Test(arguments: [5, 6, 7, 8] as [UInt64]) func tailIsTheSortedSamples(seed: UInt64) {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let count = Int.random(in: 1...600, using: &generator)
            let returns = (0..<count).map { _ in Double(Int.random(in: -400...500, using: &generator)) / 10_000 }
            for permille in [950, 990] {
                let (found, expected) = (tail(returns, permille), naive(returns, permille))
                #expect(found.risk == expected.risk)
                #expect(abs(found.shortfall - expected.shortfall) < 1e-12)
            }
        }
    }

    /// Goal: a sample that never loses has a negative value, which stays so. Method: gains only.
    @Test func gainsStayNegative() {
        let gains = (1...100).map { Double($0) / 1000 }
        #expect(tail(gains, 990).risk == -0.002)
        #expect(tail(gains, 950).shortfall < 0)
    }

    /// Goal: the constants are those of the standard normal. Method: the tail's probability by `erfc`, and the density
    /// over it.
    @Test func constantsAreTheNormals() {
        for confidence in [TailConfidence.portfolio, .position] {
            let z = confidence.quantile
            let beyond = Double(1000 - confidence.permille) / 1000
            #expect(abs(erfc(z / 2.0.squareRoot()) / 2 - beyond) < 1e-15)
            let density = Foundation.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            #expect(abs(density / beyond - confidence.shortfallFactor) < 1e-13)
        }
    }
}
