import FairleadModel
import Testing

@testable import FairleadEngine

/// The detectors of EXECUTION-QUALITY 6, and what a symbol's costs make of them.
@Suite struct CostDriftTests {
    private static let absent: Comment = "shared/spec/vectors.json is not beside the project"

    /// Ten values around 1, then eight around 3.
    private static let values = [
        1.0, 1.2, 0.8, 1.1, 0.9, 1.0, 1.3, 0.7, 1.0, 1.0, 3.0, 3.2, 2.8, 3.1, 2.9, 3.0, 3.3, 2.7,
    ]

    private func sums(_ values: [Double]) -> [Double] {
        var detector = CumulativeSum()
        return values.map {
            detector.add($0, mean: 1, slack: 0.5)
            return detector.sum
        }
    }

    private func excesses(_ values: [Double]) -> [Double] {
        var detector = PageHinkley()
        return values.map {
            detector.add($0, delta: 0.1)
            return detector.excess
        }
    }

    private func average(_ values: [Double]) -> Double {
        var drift = CostDrift()
        for value in values { drift.add(value) }
        return drift.average
    }

    /// Goal: the numbers of EXECUTION-QUALITY 6. Method: EWMA's last value, CUSUM's first sums, and the index of
    /// Page-Hinkley's first alarm.
    @Test func detectorsAsWritten() {
        #expect(isClose(average(Self.values), 2.645996))
        let sums = sums(Self.values)
        #expect(isClose(sums[10], 1.5) && isClose(sums[11], 3.2) && isClose(sums[12], 4.5))
        #expect(sums[..<10].allSatisfy { $0 == 0 })
        #expect(excesses(Self.values).firstIndex { $0 > 5 } == 13)
    }

    /// Goal: the shared vector, value by value. Method: `drift` of vectors.json; its Page-Hinkley has four decimals.
    @Test(.enabled(if: SharedVectors.isPresent(), absent))
    func detectorsOfTheSharedVector() throws {
        let vector = try #require(try SharedVectors.load()?["drift"])
        let values = try #require(vector["x"]?.array).compactMap(\.double)
        #expect(isClose(average(values), vector["ewma_lambda_0.2_last"]?.double))
        let sums = try #require(vector["cusum_mu0_1_k_0.5"]?.array).compactMap(\.double)
        #expect(sums.count == values.count)
        for (found, expected) in zip(self.sums(values), sums) { #expect(abs(found - expected) < 1e-6) }
        let excesses = try #require(vector["page_hinkley_delta_0.1"]?.array).compactMap(\.double)
        #expect(excesses.count == values.count)
        for (found, expected) in zip(self.excesses(values), excesses) { #expect(abs(found - expected) <= 5e-5) }
        let alarm = self.excesses(values).firstIndex { $0 > 5 }
        #expect(alarm.map(Int64.init) == vector["page_hinkley_lambda_5_first_alarm_index0"]?.integer)
    }

    /// Goal: nothing alarms before 30 fills were learnt from, a shift of costs then does, and passes. Method: costs of
    /// 1 bps give or take one, then of 9, then of 1 again.
    @Test func aShiftAlarmsOnceItIsLearntFrom() {
        var drift = CostDrift()
        for index in 0..<CostDrift.learnt { drift.add(index < 10 ? 20 : 1 + Double(index % 3 - 1)) }
        #expect(!drift.isAlarmed && drift.cumulative.sum == 0 && drift.pageHinkley.excess == 0)
        drift = CostDrift()
        for index in 0..<300 { drift.add(1 + Double(index % 3 - 1)) }
        #expect(!drift.isAlarmed)
        #expect(isClose(drift.mean, 1))
        // Ten of each of 0, 1 and 2.
        #expect(isClose(drift.deviation, (20.0 / 29).squareRoot()))
        var fills = 0
        while !drift.isAlarmed, fills < 10 {
            drift.add(9)
            fills += 1
        }
        #expect(drift.isAlarmed && fills <= 2)
        for index in 0..<300 { drift.add(1 + Double(index % 3 - 1)) }
        #expect(!drift.isAlarmed)
        #expect(drift.count == UInt64(600 + fills))
    }

    /// Goal: lower costs are no alarm, and equal ones have a deviation to be judged by. Method: a fall, and a constant
    /// that rises by less than a twentieth of a bps.
    @Test func betterCostsAreNoAlarm() {
        var drift = CostDrift()
        for _ in 0..<40 { drift.add(5) }
        #expect(drift.deviation == 0.1)
        for _ in 0..<100 { drift.add(-20) }
        #expect(!drift.isAlarmed)
        var steady = CostDrift()
        for index in 0..<400 { steady.add(index < 40 ? 5 : 5.02) }
        #expect(!steady.isAlarmed)
    }

    /// Goal: a copy through a snapshot is the same. Method: written and read back.
    @Test func stateComesBack() {
        var drift = CostDrift()
        for index in 0..<50 { drift.add(Double(index)) }
        var writer = VisitedWords()
        drift.visitState(&writer)
        var reader = VisitedWords(reading: writer.words)
        var copy = CostDrift()
        copy.visitState(&reader)
        #expect(copy == drift && reader.isAtEnd)
    }
}
