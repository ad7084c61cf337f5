import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct EffectivenessTableTests {
    private static let symbol = InstrumentHandle(0)
    private static let start = Timestamp(milliseconds: 1_700_002_800_000)
    private static let filled = MakerSample(isFilled: true, isFallenBack: false, slip: .zero)

    private static func configuration(
        _ adjust: (inout PolicyConfiguration) -> Void = { _ in }
    ) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        for symbol in ["AAA", "BBB"] {
            configuration.add(Instrument(symbol: symbol, terms: routingTerms, origin: "test"))
        }
        adjust(&configuration.policy)
        return configuration
    }

    private static func table(_ adjust: (inout PolicyConfiguration) -> Void = { _ in }) -> EffectivenessTable {
        EffectivenessTable(configuration: configuration(adjust))
    }

    private static func slipped(_ bps: Int64) -> MakerSample {
        MakerSample(isFilled: false, isFallenBack: true, slip: Rate(bps: bps))
    }

    /// Goal: ratios are over parents that started as maker, of their own symbol; nothing known is nothing. Method: four
    /// parents of one symbol, and the other one.
    @Test func ratiosAreOverMakerStarts() {
        var table = Self.table()
        table.evaluate(at: Self.start)
        #expect(table[Self.symbol] == .none)
        table.ended(Self.filled, Self.symbol, at: Self.start)
        table.ended(Self.filled, Self.symbol, at: Self.start)
        table.ended(Self.slipped(4), Self.symbol, at: Self.start)
        table.ended(MakerSample(isFilled: false, isFallenBack: false), Self.symbol, at: Self.start)
        #expect(table[Self.symbol] == .none, "nothing is summed up before it is asked for")
        table.evaluate(at: Self.start)
        let found = table[Self.symbol]
        #expect(found.starts == 4 && found.samples == 4)
        #expect(found.makerFill == Rate(raw: 50_000_000))
        #expect(found.fallback == Rate(raw: 25_000_000))
        #expect(found.slipMedian == .zero)
        // Between 0 and 4 at rank 1.9 of 0...2.
        #expect(found.slip95 == Rate(raw: 36_000))
        #expect(found.acknowledgement == nil)
        #expect(table[InstrumentHandle(1)] == .none)
    }

    /// Goal: quantiles are linear between ranks and slips are cut at 50 bps. Method: 1...19 bps, 400 and -400.
    @Test func slipsAreCutAndInterpolated() {
        var table = Self.table()
        for bps in 1...19 { table.ended(Self.slipped(Int64(bps)), Self.symbol, at: Self.start) }
        table.ended(Self.slipped(400), Self.symbol, at: Self.start)
        table.evaluate(at: Self.start)
        #expect(table[Self.symbol].slipMedian == Rate(raw: 105_000))
        #expect(table[Self.symbol].extremeSlips == 1, "of 20 bps and more")
        // Rank 18.05: between 19 and 50.
        #expect(table[Self.symbol].slip95 == Rate(raw: 205_500))
        for _ in 0..<21 { table.ended(Self.slipped(-400), Self.symbol, at: Self.start) }
        table.evaluate(at: Self.start)
        #expect(table[Self.symbol].slipMedian == Rate(bps: -50))
    }

    /// Goal: latency is the median of all answers, exact to a microsecond. Method: three answers, one of them slow.
    @Test func latencyIsTheMedian() {
        var table = Self.table()
        for milliseconds in [40, 9000, 41] as [Int64] {
            table.answered(Self.symbol, after: .milliseconds(milliseconds), at: Self.start)
        }
        table.evaluate(at: Self.start)
        #expect(table[Self.symbol].acknowledgement == .milliseconds(41))
        #expect(table[Self.symbol].starts == 0)
        table.answered(Self.symbol, after: TimeSpan(nanoseconds: -5), at: Self.start)
        table.evaluate(at: Self.start)
        #expect(table[Self.symbol].acknowledgement == TimeSpan(nanoseconds: 40_500_000))
    }

    /// Goal: evidence counts half after its half-life, and age alone moves no ratio and no quantile. Method: ten
    /// parents a day old, with and without new ones; a shorter half-life by a reload.
    @Test func evidenceDecays() {
        var table = Self.table()
        for bps in 0..<10 { table.ended(Self.slipped(Int64(bps)), Self.symbol, at: Self.start) }
        table.evaluate(at: Self.start)
        let fresh = table[Self.symbol]
        let later = Self.start + .hours(24)
        table.evaluate(at: later)
        let day = table[Self.symbol]
        #expect(isClose(day.starts, 5))
        #expect(day.fallback == fresh.fallback && day.makerFill == fresh.makerFill)
        #expect(day.slipMedian == fresh.slipMedian && day.slip95 == fresh.slip95)
        for _ in 0..<5 { table.ended(Self.filled, Self.symbol, at: later) }
        table.evaluate(at: later)
        #expect(isClose(table[Self.symbol].starts, 10))
        #expect(table[Self.symbol].makerFill == Rate(raw: 50_000_000))
        #expect(table[Self.symbol].slipMedian == .zero, "five new ones count as much as ten old ones")
        table.configure(Self.configuration { $0.halfLife = .hours(12) })
        table.evaluate(at: later)
        #expect(isClose(table[Self.symbol].starts, 7.5))
    }

    /// Goal: what is older than the window counts nothing. Method: a parent and an answer at the window's last hour and
    /// after it, for 7 days and for one.
    @Test(arguments: [7, 1])
    func theWindowEnds(_ days: Int) {
        var table = Self.table {
            $0.windowDays = days
            $0.halfLife = .hours(8760)
        }
        table.ended(Self.slipped(3), Self.symbol, at: Self.start)
        table.answered(Self.symbol, after: .seconds(3), at: Self.start)
        table.evaluate(at: Self.start + .hours(Int64(days) * 24) + TimeSpan(nanoseconds: -1))
        #expect(table[Self.symbol].samples == 0 && table[Self.symbol].starts > 0.9)
        #expect(table[Self.symbol].acknowledgement == .seconds(3))
        table.evaluate(at: Self.start + .hours(Int64(days) * 24))
        #expect(table[Self.symbol] == .none)
        // The hour's bucket is used again, and holds nothing of a week ago.
        let next = Self.start + .hours(Int64(EffectivenessTable.hours))
        table.ended(Self.filled, Self.symbol, at: next)
        table.evaluate(at: next)
        #expect(table[Self.symbol].starts == 1 && table[Self.symbol].makerFill == .one)
    }

    /// Goal: a lone slow answer is believed for one half-life. Method: one answer, an hour before and after.
    @Test func aLoneLatencyFades() {
        var table = Self.table()
        table.answered(Self.symbol, after: .seconds(3), at: Self.start)
        table.evaluate(at: Self.start + .hours(23))
        #expect(table[Self.symbol].acknowledgement == .seconds(3))
        table.evaluate(at: Self.start + .hours(25))
        #expect(table[Self.symbol].acknowledgement == nil)
    }

    /// Goal: the memory is bounded; the newest samples stay. Method: more slips than there is room for.
    @Test func theOldestSlipsMakeRoom() {
        var table = Self.table()
        for _ in 0..<DecayedSamples.capacity { table.ended(Self.slipped(30), Self.symbol, at: Self.start) }
        for _ in 0..<DecayedSamples.capacity { table.ended(Self.slipped(1), Self.symbol, at: Self.start) }
        table.evaluate(at: Self.start)
        #expect(table[Self.symbol].slip95 == Rate(bps: 1))
        #expect(table[Self.symbol].samples == 2 * DecayedSamples.capacity, "counts are of all of them")
    }

    /// Goal: a copy through a snapshot is the same, and goes on alike. Method: both are fed and evaluated again.
    @Test func stateComesBack() {
        var table = Self.table()
        for bps in 0..<40 {
            let now = Self.start + .hours(Int64(bps))
            table.ended(Self.slipped(Int64(bps)), InstrumentHandle(bps % 2), at: now)
            table.answered(InstrumentHandle(bps % 2), after: .milliseconds(Int64(bps)), at: now)
        }
        table.evaluate(at: Self.start + .hours(41))
        table.ended(Self.filled, Self.symbol, at: Self.start + .hours(41))
        var writer = VisitedWords()
        table.visitState(&writer)
        var reader = VisitedWords(reading: writer.words)
        var copy = Self.table()
        copy.visitState(&reader)
        #expect(reader.isAtEnd)
        #expect(copy[Self.symbol] == table[Self.symbol])
        for hour in [41, 60] as [Int64] {
            table.evaluate(at: Self.start + .hours(hour))
            copy.evaluate(at: Self.start + .hours(hour))
            for symbol in [Self.symbol, InstrumentHandle(1)] { #expect(copy[symbol] == table[symbol]) }
        }
        table.checkInvariants()
    }

    /// Goal: no quality is for ever: time alone brings a bad symbol back, and good fills keep it. Method: forty parents
    /// that fell back at 30 bps, looked at every hour; once it is good again, makers that fill.
    @Test func badSymbolsComeBack() {
        let settings = PolicyConfiguration()
        var table = Self.table()
        for _ in 0..<40 { table.ended(Self.slipped(30), Self.symbol, at: Self.start) }
        var quality = PolicyQuality.good
        var seen: [PolicyQuality] = []
        var now = Self.start
        for _ in 0..<EffectivenessTable.hours {
            table.evaluate(at: now)
            quality = PolicyRules.quality(table[Self.symbol], settings, from: quality)
            if seen.last != quality { seen.append(quality) }
            if quality == .good { break }
            now = now + .hours(1)
        }
        #expect(seen.first == .broken && seen.last == .good)
        #expect(seen == seen.sorted { $0.rawValue > $1.rawValue }, "it only gets better")
        for _ in 0..<20 {
            table.ended(Self.filled, Self.symbol, at: now)
            table.evaluate(at: now)
            quality = PolicyRules.quality(table[Self.symbol], settings, from: quality)
            #expect(quality == .good)
        }
    }

    /// Goal: a slow venue that is fast again is believed by its answers alone, without a maker start. Method: ten slow
    /// answers, then fast ones.
    @Test func fastAnswersCureLatency() {
        let settings = PolicyConfiguration()
        var table = Self.table()
        for _ in 0..<10 { table.answered(Self.symbol, after: .seconds(4), at: Self.start) }
        table.evaluate(at: Self.start)
        var quality = PolicyRules.quality(table[Self.symbol], settings)
        #expect(quality == .broken)
        for _ in 0..<11 { table.answered(Self.symbol, after: .milliseconds(20), at: Self.start) }
        table.evaluate(at: Self.start)
        quality = PolicyRules.quality(table[Self.symbol], settings, from: quality)
        #expect(quality == .good)
    }
}

@Suite struct DecayedSamplesTests {
    /// Goal: quantiles of values of one age are those of the sorted list, at any weight. Method: random values, against
    /// a plain computation; the seed is printed.
    @Test func quantilesOfOneAge() {
        let seed: UInt64 = 20_240_808
        var random = DeterministicRandom(seed: seed)
        for count in 1...70 {
            var samples = DecayedSamples(instruments: 1)
            var values: [Double] = []
            for _ in 0..<count {
                let value = Int32(random.next(in: 0...1000)) - 500
                values.append(Double(value))
                samples.append(DecayedSample(hour: 7, value: value), InstrumentHandle(0))
            }
            values.sort()
            let weight = [1, 0.5, 0.001][count % 3]
            samples.prepare(InstrumentHandle(0), at: 7, [weight])
            #expect(isClose(samples.weight(from: .min), weight * Double(count)))
            let upper = values.count { $0 >= 100 }
            #expect(abs(samples.weight(from: 100) - weight * Double(upper)) < 1e-9)
            for share in [0, 0.05, 0.5, 0.95, 1] {
                let rank = share * Double(count - 1)
                let low = Int(rank)
                let high = min(low + 1, count - 1)
                let expected = values[low] + (rank - Double(low)) * (values[high] - values[low])
                let found = samples.quantile(share) ?? .nan
                #expect(abs(found - expected) < 1e-6, "\(count) values at \(share), seed \(seed)")
            }
        }
    }

    /// Goal: what is old counts for less, what is too old for nothing, and nothing is no quantile. Method: one value of
    /// weight 1 above nine of weight 0.01; then all past the weights' end.
    @Test func oldValuesCountLess() {
        var samples = DecayedSamples(instruments: 2)
        for _ in 0..<9 { samples.append(DecayedSample(hour: 0, value: 0), InstrumentHandle(1)) }
        samples.append(DecayedSample(hour: 1, value: 100), InstrumentHandle(1))
        samples.prepare(InstrumentHandle(1), at: 1, [1, 0.01])
        #expect(isClose(samples.weight(from: .min), 1.09) && samples.weight(from: 1) == 1)
        #expect((samples.quantile(0.5) ?? 0) > 50)
        samples.prepare(InstrumentHandle(1), at: 1, [1, 1])
        #expect(isClose(samples.weight(from: .min), 10))
        #expect(samples.quantile(0.5) == 0)
        samples.prepare(InstrumentHandle(1), at: 3, [1, 1])
        #expect(samples.weight(from: .min) == 0 && samples.quantile(0.5) == nil)
        samples.prepare(InstrumentHandle(0), at: 1, [1, 1])
        #expect(samples.weight(from: .min) == 0 && samples.quantile(0.5) == nil)
    }
}
