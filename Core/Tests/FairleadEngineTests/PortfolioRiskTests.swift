import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct PortfolioRiskTests {
    private static let start = Timestamp(nanoseconds: 0) + TimeSpan.hours(24 * 20_000)
    private static let terms = InstrumentTerms(
        tick: price(0.01),
        lot: quantity(0.001),
        minimumQuantity: quantity(0.001),
        maximumQuantity: quantity(1_000_000)
    )

    /// A portfolio of some instruments, and what a test knows of it besides.
    private struct World: ~Copyable {
        let count: Int
        var portfolio: PortfolioRisk
        var exposure: ExposureTable
        /// Per instrument and scenario, the newest last; nil where it has none.
        var returns: [[Double?]]
        let halfLife: Int
        let lookback: Int

        init(_ count: Int, lookback: Int = 500, halfLife: Int = 100) {
            var configuration = EngineConfiguration()
            configuration.returns.lookbackBars = lookback
            configuration.returns.halfLifeBars = halfLife
            for index in 0..<count {
                configuration.add(Instrument(symbol: "S\(index)", terms: PortfolioRiskTests.terms, origin: "test"))
            }
            self.count = count
            self.lookback = lookback
            self.halfLife = halfLife
            portfolio = PortfolioRisk(configuration: configuration)
            exposure = ExposureTable(configuration.instruments)
            returns = Array(repeating: [], count: count)
            for index in 0..<count { exposure.setPrice(InstrumentHandle(index), price(100)) }
        }

        /// Bars of one time: a close an instrument, nil for none.
        mutating func bars(_ days: Int64, _ closes: [Double?]) {
            for (index, close) in closes.enumerated() {
                guard let close else { continue }
                let value = price(close)
                portfolio.apply(
                    BarReport(
                        instrument: InstrumentHandle(index),
                        openTime: PortfolioRiskTests.start + TimeSpan.hours(24 * days),
                        open: value,
                        high: value,
                        low: value,
                        close: value,
                        volume: .zero
                    )
                )
            }
        }

        /// Seeded walks, a bar a day; now and then an instrument has none.
        mutating func walk(_ days: Int, gaps: Int, _ generator: inout SeededGenerator) {
            var closes = [Double](repeating: 100, count: count)
            var last = [Int](repeating: -1, count: count)
            for day in 0..<days {
                var row: [Double?] = []
                for index in 0..<count {
                    guard day == 0 || Int.random(in: 0..<100, using: &generator) >= gaps else {
                        row.append(nil)
                        if day > 0 { returns[index].append(nil) }
                        continue
                    }
                    let before = price(closes[index])
                    closes[index] *= 1 + Double(Int.random(in: -300...300, using: &generator)) / 10_000
                    row.append(closes[index])
                    if last[index] >= 0 {
                        let change = Double(price(closes[index]).raw) / Double(before.raw) - 1
                        returns[index].append(change / Double(day - last[index]).squareRoot())
                    }
                    last[index] = day
                }
                bars(Int64(day), row)
            }
        }

        /// The formulas on all scenarios that every named instrument has, for signed worths; nil under 100.
        func naive(_ worths: [Double], _ named: Int, _ permille: Int) -> (risk: Double, shortfall: Double, sd: Double)?
        {
            let total = returns.map(\.count).max() ?? 0
            var losses: [Double] = []
            var (squares, weights) = (0.0, 0.0)
            for scenario in max(0, total - lookback)..<total {
                let held = (0..<count).filter { worths[$0] != 0 || $0 == named }
                guard held.allSatisfy({ returns[$0][scenario] != nil }) else { continue }
                let result = held.reduce(0.0) { $0 + worths[$1] * (returns[$1][scenario] ?? 0) }
                let weight = DeterministicMath.exp(
                    -DeterministicMath.log(2) * Double(total - 1 - scenario) / Double(halfLife)
                )
                losses.append(-result)
                squares += weight * result * result
                weights += weight
            }
            guard losses.count >= 100 else { return nil }
            losses.sort()
            let risk = losses[(permille * losses.count + 999) / 1000 - 1]
            let excess = losses.reduce(0) { $0 + max($1 - risk, 0) }
            let tail = Double((1000 - permille) * losses.count) / 1000
            return (risk, risk + excess / tail, (squares / weights).squareRoot())
        }
    }

    /// Goal: what is kept and added to is what the formulas give on everything. Method: seeded walks with gaps,
    /// positions that come, grow, turn and go between decisions, each estimate against the naive one.
    @Test(arguments: [21, 22, 23] as [UInt64]) func keptResultsAreTheFormulas(seed: UInt64) {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var world = World(4, lookback: 200)
        world.walk(260, gaps: 4, &generator)
        var lots = [Int64](repeating: 0, count: 4)
        var known = 0
        for step in 0..<120 {
            let index = Int.random(in: 0..<4, using: &generator)
            lots[index] =
                Int.random(in: 0..<4, using: &generator) == 0 ? 0 : Int64.random(in: -500...500, using: &generator)
            world.exposure.setPosition(InstrumentHandle(index), .both, SignedQuantity(raw: lots[index] * 100_000))
            if step % 3 == 0 { continue }
            world.portfolio.follow(&world.exposure, isForced: step % 17 == 0)
            let asked = Int.random(in: 0..<4, using: &generator)
            let added = Double(Int.random(in: -300...300, using: &generator))
            var worths = lots.map { Double($0) * 0.001 * 100 }
            let isPlain = worths[asked] != 0
            worths[asked] += added
            // A worth of nothing that is made of two still needs its scenarios.
            if isPlain, worths[asked] == 0 { continue }
            for (name, permille) in [(TailConfidenceName.portfolio, 990), (.position, 950)] {
                let found = world.portfolio.estimate(adding: added, of: InstrumentHandle(asked), name)
                let expected = world.naive(worths, asked, permille)
                #expect((found == nil) == (expected == nil), "step \(step)")
                guard let found, let expected else { continue }
                known += 1
                #expect(abs(found.historicalVar - expected.risk) < 1e-9, "step \(step)")
                #expect(abs(found.historicalShortfall - expected.shortfall) < 1e-9, "step \(step)")
                #expect(abs(found.deviation - expected.sd) < 1e-9, "step \(step)")
            }
            world.portfolio.checkInvariants()
        }
        #expect(known > 50)
    }

    /// Goal: the EWMA of squared results is `w' S w`. Method: two instruments, the covariances summed by hand.
    @Test func squaredResultsAreTheCovariance() throws {
        var generator = SeededGenerator(seed: 9)
        var world = World(2)
        world.walk(301, gaps: 0, &generator)
        let worths = [700.0, -400.0]
        world.exposure.setPosition(InstrumentHandle(0), .both, SignedQuantity(quantity(7), side: .buy))
        world.exposure.setPosition(InstrumentHandle(1), .both, SignedQuantity(quantity(4), side: .sell))
        world.portfolio.follow(&world.exposure)
        let estimate = world.portfolio.estimate(adding: 0, of: InstrumentHandle(0))
        let found = try #require(estimate)
        var covariance = [[0.0, 0.0], [0.0, 0.0]]
        var weights = 0.0
        for scenario in 0..<300 {
            let weight = DeterministicMath.exp(-DeterministicMath.log(2) * Double(299 - scenario) / 100)
            weights += weight
            for a in 0..<2 {
                for b in 0..<2 {
                    let product = (world.returns[a][scenario] ?? 0) * (world.returns[b][scenario] ?? 0)
                    covariance[a][b] += weight * product
                }
            }
        }
        var variance = 0.0
        for a in 0..<2 { for b in 0..<2 { variance += worths[a] * covariance[a][b] / weights * worths[b] } }
        #expect(isClose(found.deviation, variance.squareRoot()))
        #expect(isClose(found.ewmaVar, 2.326_347_874 * variance.squareRoot()))
    }

    /// Goal: a short position nets a long one, and an entry that would hedge gives nothing before it is filled; one
    /// that adds counts at once. Method: two instruments with the same returns.
    @Test func workingHedgesGiveNoHeadroom() throws {
        var world = World(2)
        for day in 0..<150 {
            let close = 100 * (1 + 0.01 * Double(day % 7))
            world.bars(Int64(day), [close, close])
        }
        let (one, two) = (InstrumentHandle(0), InstrumentHandle(1))
        func risk(_ world: inout World, adding worth: Double = 0) throws -> Double {
            world.portfolio.follow(&world.exposure)
            let estimate = world.portfolio.estimate(adding: worth, of: two)
            return try #require(estimate).valueAtRisk
        }
        world.exposure.setPosition(one, .both, SignedQuantity(quantity(10), side: .buy))
        let long = try risk(&world)
        #expect(long > 0)
        // The order that is judged counts as filled.
        #expect(abs(try risk(&world, adding: -1000)) < 1e-9)
        world.exposure.reserve(two, .both, side: .sell, quantity: quantity(10), isClosing: false)
        #expect(isClose(try risk(&world), long))
        #expect(try risk(&world, adding: 500) > long)
        world.exposure.filled(
            two,
            .both,
            side: .sell,
            quantity: quantity(10),
            fromLeaves: quantity(10),
            isClosing: false
        )
        #expect(abs(try risk(&world)) < 1e-9)
        world.exposure.reserve(one, .both, side: .buy, quantity: quantity(10), isClosing: false)
        #expect(isClose(try risk(&world), long))
        let present = world.portfolio.presentEstimate(world.exposure, .portfolio)
        #expect(isClose(try #require(present).valueAtRisk, long))
    }

    /// Goal: under 100 common scenarios nothing is estimated. Method: 100 and 101 bars; then a second instrument with
    /// too few, held or asked for.
    @Test func tooFewBarsSayNothing() {
        var world = World(2)
        for day in 0..<100 { world.bars(Int64(day), [100 + Double(day % 2), nil]) }
        world.portfolio.follow(&world.exposure)
        #expect(world.portfolio.estimate(adding: 1, of: InstrumentHandle(0)) == nil)
        #expect(world.portfolio.shortfall(of: InstrumentHandle(0), low: 0, high: 1) == nil)
        world.bars(100, [101, nil])
        world.portfolio.follow(&world.exposure)
        #expect(world.portfolio.estimate(adding: 1, of: InstrumentHandle(0))?.scenarios == 100)
        #expect(world.portfolio.shortfall(of: InstrumentHandle(0), low: 0, high: 1) != nil)
        #expect(world.portfolio.estimate(adding: 1, of: InstrumentHandle(1)) == nil)
        world.exposure.setPosition(InstrumentHandle(1), .both, SignedQuantity(quantity(1), side: .buy))
        world.portfolio.follow(&world.exposure)
        #expect(world.portfolio.estimate(adding: 1, of: InstrumentHandle(0)) == nil)
        world.exposure.setPosition(InstrumentHandle(1), .both, .zero)
        world.portfolio.follow(&world.exposure)
        #expect(world.portfolio.estimate(adding: 1, of: InstrumentHandle(0))?.scenarios == 100)
    }

    /// Goal: a position's shortfall is that of its worse end, by the method that says more. Method: returns that fall
    /// seldom and hard, of which a short position has none.
    @Test func shortfallOfThePositionsWorseEnd() throws {
        var world = World(1)
        var close = 100.0
        world.bars(0, [close])
        for day in 1...200 {
            close *= day % 25 == 0 ? 0.9 : 1.001
            world.bars(Int64(day), [close])
        }
        let one = InstrumentHandle(0)
        let ends = (
            world.portfolio.shortfall(of: one, low: 0, high: 1000),
            world.portfolio.shortfall(of: one, low: -1000, high: 0)
        )
        let (long, short) = (try #require(ends.0), try #require(ends.1))
        // 8 of 200 fall by a tenth: the worst 10 hold all of them and two gains.
        #expect(isClose(world.portfolio.units[0].long, (8 * 0.1 + 2 * -0.001) / 10))
        #expect(long >= 1000 * world.portfolio.units[0].long)
        #expect(world.portfolio.units[0].short < 0.0011)
        #expect(isClose(short, 1000 * world.portfolio.units[0].deviation * 2.062_712_807_5))
        #expect(world.portfolio.shortfall(of: one, low: -1000, high: 1000) == max(long, short))
        #expect(world.portfolio.shortfall(of: one, low: 0, high: 0) == 0)
    }

    /// Goal: a snapshot gives the same estimates back to the last bit. Method: changes between bars, put away, read.
    @Test func survivesASnapshot() throws {
        var generator = SeededGenerator(seed: 4)
        var world = World(3)
        world.walk(180, gaps: 2, &generator)
        for turn in 0..<20 {
            let raw = Int64.random(in: -90...90, using: &generator) * 123_457
            world.exposure.setPosition(InstrumentHandle(turn % 3), .both, SignedQuantity(raw: raw))
            world.portfolio.follow(&world.exposure)
        }
        var writer = WordVisitor()
        world.portfolio.visitState(&writer)
        var read = World(3)
        var reader = WordVisitor(reading: writer.words)
        read.portfolio.visitState(&reader)
        #expect(reader.isAtEnd)
        let expected = world.portfolio.estimate(adding: 12.5, of: InstrumentHandle(1))
        #expect(read.portfolio.estimate(adding: 12.5, of: InstrumentHandle(1)) == expected)
        #expect(try #require(expected).historicalVar != 0)
    }
}
