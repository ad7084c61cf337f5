import FairleadModel
import Testing

@testable import FairleadReport

/// Buckets, figures, markup and plots: the parts that a page is made of.
@Suite struct PartsTests {
    /// Goal: buckets that were joined hold what buckets of that width would have held from the start.
    /// Method: random moments over spans from milliseconds to years, against a plain computation at the final width.
    @Test(arguments: 1...12)
    func joinedBucketsLoseNothing(_ number: Int) {
        let seed = UInt64(number)
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let longest = Int64(1) << Int64(20 + number * 3)
        var clock = BucketClock()
        var buckets = Buckets<RangeBucket>()
        var fills = Buckets<FillBucket>()
        var seen: [(time: Timestamp, value: Int64)] = []
        var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        for _ in 0..<3000 {
            time = time + TimeSpan(nanoseconds: Int64(random.next(below: UInt64(longest))))
            let value = Int64(random.next(below: 1000)) - 500
            let (place, doublings) = clock.place(time)
            for _ in 0..<min(doublings, 12) {
                buckets.double()
                fills.double()
            }
            buckets[place].include(value)
            fills[place].include(Self.execution(price: value + 1000))
            seen.append((time, value))
        }
        var expected = [RangeBucket](repeating: .empty, count: BucketClock.limit)
        var counts = [Int](repeating: 0, count: BucketClock.limit)
        for row in seen {
            let place = Int((row.time - seen[0].time).nanoseconds / clock.width)
            expected[place].include(row.value)
            counts[place] += 1
        }
        for place in 0..<BucketClock.limit {
            #expect(buckets[place].low == expected[place].low, "bucket \(place)")
            #expect(buckets[place].high == expected[place].high, "bucket \(place)")
            #expect(buckets[place].last == expected[place].last, "bucket \(place)")
            #expect(fills[place].count == counts[place], "bucket \(place)")
        }
        #expect(clock.count == (counts.lastIndex { $0 > 0 } ?? 0) + 1)
        #expect(clock.count > BucketClock.limit / 2 || clock.width == 1_000_000)
    }

    private static func execution(price: Int64) -> Execution {
        Execution(
            id: .none,
            executionID: ExecutionID(value: 1),
            instrument: InstrumentHandle(0),
            side: .buy,
            positionSide: .both,
            price: Price(raw: price),
            quantity: Quantity(raw: 10),
            fee: 0,
            liquidity: .maker,
            venueTime: .never
        )
    }

    /// Goal: numbers are rounded away from zero at the half, grouped, and never "NaN" or "-0".
    /// Method: values at the edges and their texts.
    @Test func figuresAreExact() {
        #expect(Figures.fixed(1234567.891, 2) == "1,234,567.89")
        #expect(Figures.fixed(-0.004, 2) == "0.00")
        #expect(Figures.fixed(-0.125, 2) == "\u{2212}0.13")
        #expect(Figures.fixed(.nan, 2) == "\u{2013}")
        #expect(Figures.fixed(nil, 2) == "\u{2013}")
        #expect(Figures.fixed(.infinity, 0) == "\u{2013}")
        #expect(Figures.fixed(1e18, 2) == "\u{2013}")
        #expect(Figures.plain(-1234.5, 1) == "-1234.5")
        #expect(Figures.plain(nil, 1) == "-")
        #expect(Figures.signed(0.001, 2) == "0.00")
        #expect(Figures.signed(2, 1) == "+2.0")
        #expect(Figures.money(Money(raw: -Money.one / 200)) == "\u{2212}0.01")
        #expect(Figures.money(Money(raw: Money.one / 200 - 1)) == "0.00")
        #expect(Figures.money(Money(whole: 999_999)) == "999,999.00")
        #expect(Figures.percent(0.1234) == "12.3\u{202F}%")
        #expect(Figures.span(.milliseconds(850)) == "850 ms")
        #expect(Figures.span(.seconds(312)) == "5 min 12 s")
        #expect(Figures.span(.seconds(90_061)) == "1 d 1 h")
        #expect(Figures.span(.seconds(3605)) == "1 h")
        #expect(Figures.risk(RiskRow.missing, .money) == "not known")
        #expect(Figures.risk(1_500_000, .rate) == "150.00 bps")
        #expect(Figures.risk(25_000_000, .rate) == "25.00\u{202F}%")
        #expect(Figures.risk(1, .flag) == "yes")
    }

    /// Goal: no text from outside can end its element or attribute, hide or turn what stands around it.
    /// Method: a hostile text as content and as attribute; each scalar of it.
    @Test func markupIsEscaped() throws {
        var page = Markup()
        page.raw("<!doctype html>\n")
        let hostile = "</b><script>\"'&\u{0}\u{1B}[2J\u{202E}\u{200B}\u{FFFE}\u{7F}"
        page.element("b", [.of("title", hostile)], hostile)
        try WellFormed.check(page.text)
        #expect(!page.text.contains("<script"))
        for scalar in ["\u{0}", "\u{1B}", "\u{202E}", "\u{200B}", "\u{FFFE}", "\u{7F}"] as [Unicode.Scalar] {
            #expect(!page.text.unicodeScalars.contains(scalar), "\(scalar.value)")
        }
        #expect(Markup.escaped("Zürich 東京 €") == "Zürich 東京 €")
    }

    /// Goal: an axis has few, round, rising ticks inside its range, whatever the range.
    /// Method: ranges of all magnitudes, a flat one among them.
    @Test(arguments: [(0.0, 1.0), (61_800.1, 61_812.4), (-0.0003, 0.0), (1e-8, 3e-8), (-5e8, 7e8), (0, 0)])
    func ticksAreRound(_ low: Double, _ high: Double) {
        let plot = Plot(Timestamp(nanoseconds: 0), Timestamp(nanoseconds: 10), low...high, height: 100, digits: 2)
        let ticks = Plot.ticks(plot.low, plot.high, 5)
        #expect((1...6).contains(ticks.count), "\(ticks)")
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ticks.allSatisfy { $0 >= plot.low && $0 <= plot.high })
        #expect(plot.y(high) >= 0 && plot.y(low) <= 100)
        #expect(Plot.number(-0.04) == "0")
        #expect(Plot.number(12.345) == "12.3")
        #expect(Plot.number(-7) == "-7")
    }
}
