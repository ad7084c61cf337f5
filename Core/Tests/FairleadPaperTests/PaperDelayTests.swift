import FairleadModel
import Testing

@testable import FairleadPaper

/// Delays drawn from distributions.
@Suite struct PaperDelayTests {
    private func draws(_ configuration: LatencyConfiguration, seed: UInt64, count: Int = 20_000) -> [Double] {
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let delay = PaperDelay(configuration)
        return (0..<count).map { _ in Double(delay.draw(&random).nanoseconds) / 1e6 }.sorted()
    }

    /// Goal: a log-normal delay has the median and the 99th percentile that it was given. Method: 20,000 draws, their
    /// quantiles within 3 % (half of them: the standard error of the 99th is 1.3 %).
    @Test(arguments: [1, 2, 3] as [UInt64]) func theQuantilesAreThoseAskedFor(_ seed: UInt64) {
        var configuration = LatencyConfiguration(minimum: .zero, maximum: .seconds(60))
        configuration.median = .milliseconds(8)
        configuration.p99 = .milliseconds(80)
        let sorted = draws(configuration, seed: seed)
        #expect(abs(sorted[10_000] / 8 - 1) < 0.03)
        #expect(abs(sorted[19_800] / 80 - 1) < 0.06)
        // Symmetric in the logarithm: the first percentile lies as far below.
        #expect(abs(sorted[200] / 0.8 - 1) < 0.06)
    }

    /// Goal: draws are cut to the bounds, and to nothing else. Method: narrow bounds; both are met.
    @Test func drawsAreCut() {
        var configuration = LatencyConfiguration(minimum: .milliseconds(5), maximum: .milliseconds(20))
        configuration.median = .milliseconds(8)
        configuration.p99 = .milliseconds(80)
        let sorted = draws(configuration, seed: 4)
        #expect(sorted.first == 5)
        #expect(sorted.last == 20)
        #expect(sorted[10_000] > 7)
    }

    /// Goal: without a p99 the median is all there is. Method: every draw.
    @Test func withoutSpreadItIsTheMedian() {
        var configuration = LatencyConfiguration(minimum: .zero, maximum: .milliseconds(20))
        configuration.median = .milliseconds(8)
        let sorted = draws(configuration, seed: 5, count: 100)
        #expect(sorted.first == 8)
        #expect(sorted.last == 8)
    }

    /// Goal: a table of quantiles gives its own quantiles again. Method: five of them; the draws at each.
    @Test func aTableGivesItsOwnQuantiles() {
        var configuration = LatencyConfiguration(minimum: .zero, maximum: .seconds(1))
        configuration.quantiles = [1, 2, 10, 20, 500].map { .milliseconds($0) }
        let sorted = draws(configuration, seed: 6)
        #expect((sorted.first ?? 0) >= 1)
        #expect((sorted.last ?? 0) <= 500)
        #expect(abs(sorted[5_000] - 2) < 0.3)
        #expect(abs(sorted[10_000] - 10) < 0.5)
        #expect(abs(sorted[15_000] - 20) < 10)
    }

    /// Goal: the same seed draws the same, and each client's messages keep their order whatever was drawn. Method: a
    /// wide distribution; two venues, a hundred requests a millisecond apart.
    @Test func orderIsKeptForEachClient() {
        var wide = LatencyConfiguration(minimum: .zero, maximum: .seconds(10))
        wide.median = .milliseconds(5)
        wide.p99 = .milliseconds(400)
        let configuration = paperConfiguration(latency: PaperLatency(entry: wide, answer: wide), seed: 7)
        var heard: [[UInt32]] = []
        var times: [[Timestamp]] = []
        for _ in 0..<2 {
            var venue = openVenue(configuration)
            for parent in 1...100 {
                let order = limit(UInt32(parent), .buy, 95, 1)
                venue.request(.submit(order), number: UInt32(parent), client: 0, at: at(1_000 + Int64(parent)))
            }
            var numbers: [UInt32] = []
            var moments: [Timestamp] = []
            while let delivery = venue.next(through: at(100_000)) {
                numbers.append(delivery.number)
                moments.append(delivery.time)
            }
            heard.append(numbers)
            times.append(moments)
        }
        #expect(heard[0] == Array(1...100))
        #expect(heard[0] == heard[1])
        #expect(times[0] == times[1])
        #expect(times[0] == times[0].sorted())
    }
}
