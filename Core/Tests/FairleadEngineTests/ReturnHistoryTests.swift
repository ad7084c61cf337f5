import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct ReturnHistoryTests {
    private let one = InstrumentHandle(0)
    private let two = InstrumentHandle(1)
    private let day = TimeSpan.hours(24)
    private let start = Timestamp(nanoseconds: 0) + TimeSpan.hours(24 * 20_000)

    private func history(bars: Int = 500, halfLife: Int = 100, instruments: Int = 2) -> ReturnHistory {
        var configuration = ReturnConfiguration()
        configuration.lookbackBars = bars
        configuration.halfLifeBars = halfLife
        return ReturnHistory(configuration: configuration, instruments: instruments)
    }

    private func bar(_ instrument: InstrumentHandle, _ time: Timestamp, _ close: Double) -> BarReport {
        let price = price(close)
        return BarReport(
            instrument: instrument,
            openTime: time,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: .zero
        )
    }

    private func at(_ days: Int64) -> Timestamp { start + TimeSpan.hours(24 * days) }

    /// The returns of an instrument in the order of its scenarios.
    private func present(_ history: borrowing ReturnHistory, _ instrument: InstrumentHandle) -> [Double] {
        var values: [Double] = []
        let first = Int(instrument.index) * history.blocks
        for block in 0..<history.blocks {
            for lane in 0..<8 where history.presence[first + block] & 1 << lane != 0 {
                values.append(history.returns[first + block][lane])
            }
        }
        return values
    }

    /// Goal: a return is brought to a day by the square root of the time between its bars. Method: bars a day, an hour
    /// and four days apart.
    @Test func returnsAreOfADay() {
        var history = history()
        history.apply(bar(one, at(0), 100))
        #expect(history.count(one) == 0)
        history.apply(bar(one, at(1), 101))
        history.apply(bar(one, at(1) + TimeSpan.hours(1), 102.01))
        history.apply(bar(one, at(5) + TimeSpan.hours(1), 104.0502))
        let found = present(history, one)
        #expect(found.count == 3)
        #expect(isClose(found[0], 0.01))
        #expect(isClose(found[1], 0.01 * 24.0.squareRoot()))
        #expect(isClose(found[2], 0.02 / 2))
        history.checkInvariants()
    }

    /// Goal: instruments stand side by side by the time of their bars, and nothing is made up where one has none.
    /// Method: two instruments with common and own times, backfilled one after the other, then a bar too old.
    @Test func scenariosAreTimes() {
        var history = history()
        for (days, close) in [(Int64(0), 100.0), (1, 101), (2, 102), (4, 103)] {
            history.apply(bar(one, at(days), close))
        }
        for (days, close) in [(Int64(1), 50.0), (2, 51), (4, 52), (5, 53)] { history.apply(bar(two, at(days), close)) }
        // Day 1 is the second's first close; days 2 and 4 are common; day 5 is its own.
        #expect(history.count(one) == 3)
        #expect(history.count(two) == 3)
        var common = 0
        for block in 0..<history.blocks {
            common += (history.presence[block] & history.presence[history.blocks + block]).nonzeroBitCount
        }
        #expect(common == 2)
        history.apply(bar(one, at(3), 99))
        #expect(history.count(one) == 3)
        history.checkInvariants()
    }

    /// Goal: the oldest scenario makes room, for all instruments. Method: 10 kept, 25 bars of one and a single early
    /// pair of the other.
    @Test func theOldestMakesRoom() {
        var history = history(bars: 10)
        history.apply(bar(two, at(0), 7))
        for days in 0..<25 {
            history.apply(bar(one, at(Int64(days)), 100 + Double(days)))
            if days == 1 { history.apply(bar(two, at(1), 8)) }
            if days == 10 { #expect(history.count(two) == 1) }
        }
        #expect(history.count(one) == 10)
        #expect(history.count(two) == 0)
        let oldest = present(history, one).max() ?? 0
        #expect(isClose(oldest, 1.0 / 114))
        history.checkInvariants()
    }

    /// Goal: weights halve in the half-life, and the newest is 1. Method: 30 bars with a half-life of 4, and another
    /// one set later.
    @Test func weightsHalve() {
        var history = history(bars: 16, halfLife: 4)
        for days in 0..<31 { history.apply(bar(one, at(Int64(days)), 100 + Double(days % 2))) }
        func sorted(_ history: borrowing ReturnHistory) -> [Double] {
            var all: [Double] = []
            for block in 0..<history.blocks { for lane in 0..<8 { all.append(history.weights[block][lane]) } }
            return all.sorted(by: >)
        }
        let weights = sorted(history)
        for age in 0..<16 {
            var expected = 1.0
            for _ in 0..<age { expected *= 0.5.squareRoot().squareRoot() }
            #expect(isClose(weights[age], expected), "age \(age)")
        }
        var other = ReturnConfiguration()
        other.lookbackBars = 16
        other.halfLifeBars = 1
        history.configure(other)
        #expect(isClose(sorted(history)[3], 0.125))
        #expect(isClose(ReturnHistory.decay(halfLife: 100), 0.993_092_495_437_036))
    }

    /// Goal: the correlation is that of the weighted products, within [-1, 1], and unknown with too few bars or without
    /// a move. Method: equal, opposite, and unrelated seeded returns; 99 and 100 of them.
    @Test func correlations() throws {
        func correlation(_ count: Int, _ make: (Double, Double) -> Double) -> Double? {
            var history = history()
            var generator = SeededGenerator(seed: 3)
            var (x, y) = (100.0, 100.0)
            history.apply(bar(one, at(0), x))
            history.apply(bar(two, at(0), y))
            for days in 1...Int64(count) {
                let a = Double(Int.random(in: -100...100, using: &generator)) / 10_000
                let b = Double(Int.random(in: -100...100, using: &generator)) / 10_000
                x *= 1 + a
                y *= 1 + make(a, b)
                history.apply(bar(one, at(days), x))
                history.apply(bar(two, at(days), y))
            }
            return history.correlation(one, two)
        }
        #expect(correlation(99) { a, _ in a } == nil)
        #expect(try #require(correlation(100) { a, _ in a }) > 0.9999)
        #expect(try #require(correlation(100) { a, _ in -a }) < -0.9999)
        #expect(abs(try #require(correlation(400) { _, b in b })) < 0.3)
        let half = try #require(correlation(400) { a, b in a + b })
        #expect(half > 0.5 && half < 0.9)
        #expect(correlation(200) { _, _ in 0 } == nil)
    }

    /// Goal: a snapshot gives the same history back, weights too. Method: put away and read after the ring has turned.
    @Test func survivesASnapshot() {
        var history = history(bars: 10, halfLife: 3)
        for days in 0..<17 {
            history.apply(bar(one, at(Int64(days)), 100 + Double(days % 3)))
            if days % 2 == 0 { history.apply(bar(two, at(Int64(days)), 50 + Double(days % 5))) }
        }
        var writer = WordVisitor()
        history.visitState(&writer)
        var read = self.history(bars: 10, halfLife: 3)
        var reader = WordVisitor(reading: writer.words)
        read.visitState(&reader)
        #expect(reader.isAtEnd)
        #expect(present(read, one) == present(history, one))
        #expect(present(read, two) == present(history, two))
        for block in 0..<history.blocks { #expect(read.weights[block] == history.weights[block]) }
        history.apply(bar(one, at(17), 105))
        read.apply(bar(one, at(17), 105))
        #expect(present(read, one) == present(history, one))
    }
}
