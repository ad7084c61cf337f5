import CMallocCount
import FairleadModel
import Testing

@testable import FairleadMarketData

/// The market of the demo configuration, more or less.
private enum Demo {
    static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    static func instruments() throws -> [Instrument] { try Instruments.usdm() }

    static func configuration(seed: UInt64, speed: Rate = .one) throws -> SyntheticMarketConfiguration {
        var configuration = SyntheticMarketConfiguration()
        configuration.seed = seed
        configuration.speed = speed
        for (symbol, price) in [("BTCUSDT", "60000"), ("ETHUSDT", "2600"), ("SOLUSDT", "150")] {
            configuration.symbols.append(
                SyntheticSymbolConfiguration(symbol: symbol, startPrice: try Price(text: price))
            )
        }
        return configuration
    }

    static func market(seed: UInt64, speed: Rate = .one) throws -> SyntheticMarket {
        try SyntheticMarket(
            try configuration(seed: seed, speed: speed),
            instruments: try instruments(),
            startingAt: start
        )
    }
}

/// What happened in a stretch of the market, for the checks below.
private struct Observation {
    var quotes = 0
    var trades = 0
    var marks = 0
    /// Quotes by their spread in ticks.
    var spreads: [Int64: Int] = [:]
    var regimes: Set<VolatilityRegime> = []
    var tradesOffTouch = 0
    var crossed = 0
    var offGrid = 0
    var stepsBack = 0
    var tradesWithoutQuote = 0
    var busiestSecond = 0
    var longestSilence = TimeSpan.zero
    private var books: [Quote?] = [nil, nil, nil]
    private var lastTime = Timestamp.never
    private var second: Int64 = 0
    private var inSecond = 0
    private var awaited: InstrumentHandle?

    init(_ market: inout SyntheticMarket, until end: Timestamp, instruments: [Instrument]) {
        while market.nextTime < end {
            let (time, event) = market.next()
            if time < lastTime { stepsBack += 1 }
            lastTime = time
            regimes.insert(market.regime)
            switch event {
            case .quoted(let quote): observe(quote, instruments)
            case .traded(let trade): observe(trade, instruments)
            case .marked(let mark):
                marks += 1
                if mark.price <= .zero { offGrid += 1 }
            default: Issue.record("the market made an event that is none of the market's")
            }
        }
    }

    private mutating func observe(_ quote: Quote, _ instruments: [Instrument]) {
        quotes += 1
        let index = Int(quote.instrument.index)
        let terms = instruments[index].terms
        if quote.bid >= quote.ask { crossed += 1 }
        let isOnGrid =
            terms.isOnTick(quote.bid) && terms.isOnTick(quote.ask) && terms.isOnLot(quote.bidQuantity)
            && terms.isOnLot(quote.askQuantity) && quote.bidQuantity > .zero && quote.askQuantity > .zero
        if !isOnGrid { offGrid += 1 }
        spreads[(quote.ask.raw - quote.bid.raw) / terms.tick.raw, default: 0] += 1
        if let before = books[index] { longestSilence = max(longestSilence, quote.venueTime - before.venueTime) }
        books[index] = quote
        if awaited == quote.instrument { awaited = nil }
    }

    private mutating func observe(_ trade: Trade, _ instruments: [Instrument]) {
        trades += 1
        let index = Int(trade.instrument.index)
        let terms = instruments[index].terms
        if awaited != nil { tradesWithoutQuote += 1 }
        awaited = trade.instrument
        if !terms.isOnTick(trade.price) || !terms.isOnLot(trade.quantity) || trade.quantity == .zero { offGrid += 1 }
        if let book = books[index] {
            let isAtTouch =
                trade.aggressor == .buy
                ? trade.price == book.ask && trade.quantity <= book.askQuantity
                : trade.price == book.bid && trade.quantity <= book.bidQuantity
            if !isAtTouch { tradesOffTouch += 1 }
        } else {
            tradesOffTouch += 1
        }
        let now = trade.venueTime.nanoseconds / 1_000_000_000
        inSecond = now == second ? inSecond + 1 : 1
        second = now
        busiestSecond = max(busiestSecond, inSecond)
    }
}

struct SyntheticMarketTests {
    /// Goal: a run can be repeated. Method: two markets of one seed compared event by event, and one of another seed
    /// that must differ.
    @Test func sameSeedSameStream() throws {
        for seed: UInt64 in [1, 7, 0xFFFF_FFFF_FFFF_FFFF] {
            var one = try Demo.market(seed: seed)
            var same = try Demo.market(seed: seed)
            var other = try Demo.market(seed: seed ^ 2)
            var differences = 0
            for number in 0..<3000 {
                let a = one.next()
                let b = same.next()
                let c = other.next()
                let text = EventText.text(a.event)
                #expect(a.time == b.time && text == EventText.text(b.event), "seed \(seed), event \(number)")
                if a.time != c.time || text != EventText.text(c.event) { differences += 1 }
            }
            #expect(differences > 2900, "seed \(seed)")
        }
    }

    /// Goal: the same seed gives the same events on every machine and in every later build. Method: a digest of the
    /// first events and of the back-filled bars against the one that was written down.
    @Test func goldenStream() throws {
        var market = try Demo.market(seed: 42)
        var text = ""
        for bar in market.barsBackfilled(count: 50, length: .seconds(5), endingAt: Demo.start) {
            text += "\(bar.instrument.index) \(bar.openTime.nanoseconds) \(bar.open.raw) \(bar.high.raw) "
            text += "\(bar.low.raw) \(bar.close.raw) \(bar.volume.raw)\n"
        }
        for _ in 0..<2000 {
            let (time, event) = market.next()
            text += "\(time.nanoseconds) \(EventText.text(event))\n"
        }
        let digest = Digest128(of: text)
        #expect(digest.high == 14_439_657_756_182_378_235, "seed 42: high \(digest.high)")
        #expect(digest.low == 7_856_450_128_236_064_493, "seed 42: low \(digest.low)")
    }

    /// Goal: a live run goes on after a restart as if it had not stopped. Method: the state is written at several
    /// moments, between a trade and its quote too, read into a fresh market, and both streams are compared.
    @Test func continuesFromVisitedState() throws {
        for seed in UInt64(1)...8 {
            var market = try Demo.market(seed: seed)
            _ = market.barsBackfilled(count: 20, length: .seconds(5), endingAt: Demo.start)
            for _ in 0..<(500 + seed * 37) { _ = market.next() }
            if seed % 2 == 0 {
                while case .quoted = market.next().event {}
            }
            var writer = StateWriter()
            market.visitState(&writer)
            var reader = StateReader(words: writer.words)
            var restarted = try Demo.market(seed: seed + 100)
            restarted.visitState(&reader)
            #expect(reader.position == writer.words.count)
            #expect(restarted.nextTime == market.nextTime, "seed \(seed)")
            for number in 0..<2000 {
                let a = market.next()
                let b = restarted.next()
                #expect(a.time == b.time, "seed \(seed), event \(number)")
                #expect(EventText.text(a.event) == EventText.text(b.event), "seed \(seed), event \(number)")
            }
        }
    }

    /// Goal: after hours of standstill the market goes on at once, without a flood of what was missed. Method: resume
    /// a day later; the next event comes then, prices go on, and the rate of events is what it was.
    @Test func resumesAfterAPause() throws {
        var market = try Demo.market(seed: 5)
        var last: [Price] = [.zero, .zero, .zero]
        while market.nextTime < Demo.start + .seconds(60) {
            if case .quoted(let quote) = market.next().event { last[Int(quote.instrument.index)] = quote.bid }
        }
        let later = Demo.start + .hours(24)
        market.resume(at: later)
        #expect(market.nextTime == later)
        var count = 0
        while market.nextTime < later + .seconds(10) {
            let (time, event) = market.next()
            #expect(time >= later)
            count += 1
            if case .quoted(let quote) = event {
                let before = last[Int(quote.instrument.index)]
                #expect(Rate.distance(of: quote.bid, from: before).raw.magnitude < 300 * Rate.bps.magnitude)
                last[Int(quote.instrument.index)] = quote.bid
            }
        }
        #expect(count < 5000)
        #expect(count > 50)
        market.resume(at: Demo.start)
        #expect(market.nextTime >= later + .seconds(10))
    }

    /// Goal: the market is one that could be: quotes uncrossed and on the grid, trades at the touch, spreads mostly of
    /// one tick, volatility in regimes. Method: an hour of several seeds, every event checked.
    @Test func isAMarket() throws {
        let instruments = try Demo.instruments()
        var regimes: Set<VolatilityRegime> = []
        for seed in UInt64(11)...13 {
            var market = try Demo.market(seed: seed)
            let seconds: Int64 = 3600
            let seen = Observation(&market, until: Demo.start + .seconds(seconds), instruments: instruments)
            market.checkInvariants()
            #expect(seen.crossed == 0, "seed \(seed)")
            #expect(seen.offGrid == 0, "seed \(seed)")
            #expect(seen.tradesOffTouch == 0, "seed \(seed)")
            #expect(seen.tradesWithoutQuote == 0, "seed \(seed)")
            #expect(seen.stepsBack == 0, "seed \(seed)")
            #expect(seen.marks == Int(seconds) * 3, "seed \(seed)")
            let tight = Double(seen.spreads[1, default: 0]) / Double(seen.quotes)
            #expect(tight > 0.7 && tight < 0.995, "seed \(seed): \(tight) of the quotes have a spread of one tick")
            let rate = Double(seen.trades) / Double(seconds) / 3
            #expect(rate > 1 && rate < 5, "seed \(seed): \(rate) trades a second and symbol")
            let quoteRate = Double(seen.quotes) / Double(seconds) / 3
            #expect(quoteRate > 6 && quoteRate < 30, "seed \(seed): \(quoteRate) quotes a second and symbol")
            #expect(seen.busiestSecond > 20, "seed \(seed): no burst of trades")
            #expect(seen.longestSilence > .seconds(1), "seed \(seed): the feed was never silent")
            regimes.formUnion(seen.regimes)
        }
        #expect(regimes.count >= 3, "regimes seen: \(regimes)")
    }

    /// Goal: the soak's speed means ten times the events, not other prices. Method: the rate of events in a minute at
    /// speeds 1 and 10, and marks every tenth of a second.
    @Test func speedMultipliesTheRate() throws {
        let instruments = try Demo.instruments()
        var slow = try Demo.market(seed: 3)
        var fast = try Demo.market(seed: 3, speed: Rate(raw: 10 * FixedPoint.one))
        let one = Observation(&slow, until: Demo.start + .seconds(300), instruments: instruments)
        let ten = Observation(&fast, until: Demo.start + .seconds(300), instruments: instruments)
        #expect(ten.marks == one.marks * 10)
        let ratio = Double(ten.quotes) / Double(one.quotes)
        #expect(ratio > 6 && ratio < 15, "\(ratio) times the quotes")
        #expect(ten.crossed + ten.offGrid + ten.tradesOffTouch + ten.stepsBack == 0)
    }

    /// Goal: indicators are warm at the start, on prices that go on without a break. Method: the shape of each
    /// back-filled bar, their times, and the distance of the first quote from the last close.
    @Test func backfillsBars() throws {
        for seed in UInt64(1)...10 {
            var market = try Demo.market(seed: seed)
            let bars = market.barsBackfilled(count: 500, length: .seconds(5), endingAt: Demo.start)
            #expect(bars.count == 1500)
            let instruments = try Demo.instruments()
            var closes: [Price] = [.zero, .zero, .zero]
            for (number, bar) in bars.enumerated() {
                let index = Int(bar.instrument.index)
                #expect(index == number % 3)
                #expect(bar.openTime == Demo.start + .seconds(Int64(number / 3 - 500) * 5))
                #expect(bar.low <= min(bar.open, bar.close) && bar.high >= max(bar.open, bar.close))
                #expect(instruments[index].terms.isOnTick(bar.close) && bar.volume > .zero)
                #expect(number < 3 || bar.open == closes[index], "a bar opens at the close before it")
                closes[index] = bar.close
            }
            var isQuoted = [false, false, false]
            while isQuoted.contains(false) {
                guard case .quoted(let quote) = market.next().event else { continue }
                let index = Int(quote.instrument.index)
                if !isQuoted[index] {
                    let distance = Rate.distance(of: quote.bid, from: closes[index])
                    #expect(distance.raw.magnitude < 20 * Rate.bps.magnitude, "seed \(seed)")
                }
                isQuoted[index] = true
            }
        }
    }

    /// Goal: the reference screener (EMA 9 over 21, RSI 14 within 35...65, bars of 5 s) finds an entry within a minute
    /// of the start on every seed. Method: the indicators, written out here, on the back-filled bars and the trades of
    /// 60 seeds, each started at another moment of a bar.
    @Test func offersAnEntryWithinAMinute() throws {
        var latest: Int64 = 0
        for seed in UInt64(1)...60 {
            let offset = TimeSpan.milliseconds(Int64(seed) * 811 % 5000)
            var market = try SyntheticMarket(
                try Demo.configuration(seed: seed),
                instruments: try Demo.instruments(),
                startingAt: Demo.start + offset
            )
            var screens = [CrossScreen(), CrossScreen(), CrossScreen()]
            for bar in market.barsBackfilled(count: 500, length: .seconds(5), endingAt: Demo.start) {
                _ = screens[Int(bar.instrument.index)].close(bar.close)
            }
            var entry: Int64?
            var barEnd = Demo.start + .seconds(5)
            while entry == nil, market.nextTime < Demo.start + offset + .seconds(60) {
                while market.nextTime >= barEnd {
                    for index in screens.indices where screens[index].close(screens[index].last) && entry == nil {
                        entry = (barEnd - Demo.start).milliseconds / 1000
                    }
                    barEnd = barEnd + .seconds(5)
                }
                if case .traded(let trade) = market.next().event {
                    screens[Int(trade.instrument.index)].last = trade.price
                }
            }
            #expect(entry != nil, "seed \(seed): no entry within a minute")
            latest = max(latest, entry ?? 0)
        }
        #expect(latest <= 60)
    }

    /// Goal: a warm market allocates nothing. Method: allocations of this thread counted over 20,000 events.
    @Test func allocatesNothing() throws {
        var market = try Demo.market(seed: 9)
        for _ in 0..<1000 { _ = market.next() }
        var sum: Int64 = 0
        let before = malloc_count_this_thread()
        for _ in 0..<20_000 { sum &+= market.next().time.nanoseconds }
        #expect(malloc_count_this_thread() == before)
        #expect(sum != 0)
    }

    /// Goal: a configuration that can't be a market is refused by name. Method: one wrong value at a time.
    @Test func refusesWrongConfigurations() throws {
        typealias Change = (inout SyntheticMarketConfiguration) -> Void
        let cases: [(SyntheticMarketError.Reason, Change)] = [
            (.noSymbols, { $0.symbols = [] }),
            (.speedOutOfRange, { $0.speed = .zero }),
            (.speedOutOfRange, { $0.speed = Rate(raw: 1001 * FixedPoint.one) }),
            (.unknownInstrument, { $0.symbols[1].symbol = "NOPE" }),
            (.listedTwice, { $0.symbols[1].symbol = "BTCUSDT" }),
            (.startPriceOffTick, { $0.symbols[0].startPrice = Price(raw: 6_000_000_000_001) }),
            (.startPriceOutOfRange, { $0.symbols[0].startPrice = Price(raw: 10_000_000) }),
            (.startPriceOutOfRange, { $0.symbols[0].startPrice = .zero }),
            (.startPriceOutOfRange, { $0.symbols[0].startPrice = .bound }),
            (.volatilityOutOfRange, { $0.symbols[2].dailyVolatility = .zero }),
            (.volatilityOutOfRange, { $0.symbols[2].dailyVolatility = Rate(raw: 100_000_001) }),
            (.spreadOutOfRange, { $0.symbols[2].spreadTicks = 0 }),
            (.spreadOutOfRange, { $0.symbols[2].spreadTicks = 1001 }),
            (.tradeRateOutOfRange, { $0.symbols[2].tradesPerSecond = Rate(raw: -1) }),
            (.tradeRateOutOfRange, { $0.symbols[2].tradesPerSecond = Rate(raw: 1001 * FixedPoint.one) }),
            (.tooManySymbols, { $0.symbols = Array(repeating: $0.symbols[0], count: 257) }),
        ]
        for (reason, change) in cases {
            var configuration = try Demo.configuration(seed: 1)
            change(&configuration)
            let instruments = try Demo.instruments()
            let error = #expect(throws: SyntheticMarketError.self) {
                _ = try SyntheticMarket(configuration, instruments: instruments, startingAt: Demo.start)
            }
            #expect(error?.reason == reason)
            #expect(error?.description.isEmpty == false)
        }
    }

    /// Goal: no configuration that is accepted breaks the market. Method: random extreme ones (printed seed), a few
    /// thousand events of each with the invariants checked.
    @Test func survivesExtremeConfigurations() throws {
        let seed: UInt64 = 20_261_121
        var random = DeterministicRandom(seed: seed)
        for round in 0..<200 {
            let tick = Price(raw: [1, 10, 1000, 100_000_000, 1_000_000_000_000][Int(random.next(below: 5))])
            let lot = Quantity(raw: [1, 100_000, 100_000_000, 100_000_000_000][Int(random.next(below: 4))])
            let terms = InstrumentTerms(tick: tick, lot: lot, minimumQuantity: lot, maximumQuantity: .bound)
            let most = UInt64(Price.bound.raw / 2 / tick.raw)
            let ticks = random.chance(1, in: 2) ? 128 + random.next(below: 1000) : random.next(below: most - 128) + 128
            var row = SyntheticSymbolConfiguration(
                symbol: "X",
                startPrice: Price(raw: min(Int64(ticks), Int64(most)) * tick.raw)
            )
            row.dailyVolatility = Rate(raw: Int64(random.next(below: UInt64(FixedPoint.one))) + 1)
            row.spreadTicks = Int(random.next(below: 1000)) + 1
            row.tradesPerSecond = Rate(raw: Int64(random.next(below: UInt64(1000 * FixedPoint.one))) + 1)
            var configuration = SyntheticMarketConfiguration()
            configuration.seed = random.next()
            configuration.symbols = [row]
            configuration.speed = Rate(raw: Int64(random.next(below: UInt64(999 * FixedPoint.one))) + 1_000_000)
            let instrument = Instrument(symbol: "X", terms: terms, origin: "tests")
            var market = try SyntheticMarket(configuration, instruments: [instrument], startingAt: Demo.start)
            _ = market.barsBackfilled(count: 10, length: .seconds(60), endingAt: Demo.start)
            let context = Comment("seed \(seed), round \(round)")
            for _ in 0..<300 {
                guard case .quoted(let quote) = market.next().event else { continue }
                #expect(quote.bid < quote.ask && quote.bid > .zero && quote.ask <= .bound, context)
                #expect(quote.bidQuantity <= .bound && quote.askQuantity <= .bound, context)
            }
            market.checkInvariants()
        }
    }
}

/// The screener's rule on closes alone, written out for the test.
private struct CrossScreen {
    var last = Price.zero
    private var fast = 0.0
    private var slow = 0.0
    private var gain = 0.0
    private var loss = 0.0
    private var before: Double?
    private var wasAbove: Bool?

    /// True when the bar that closes at `price` is an entry.
    mutating func close(_ price: Price) -> Bool {
        last = price
        let value = Double(price.raw)
        guard let previous = before else {
            (before, fast, slow) = (value, value, value)
            return false
        }
        before = value
        fast += 2.0 / 10 * (value - fast)
        slow += 2.0 / 22 * (value - slow)
        gain += (max(0, value - previous) - gain) / 14
        loss += (max(0, previous - value) - loss) / 14
        let isAbove = fast > slow
        let hasCrossed = wasAbove != nil && wasAbove != isAbove
        wasAbove = isAbove
        let strength = gain + loss > 0 ? 100 * gain / (gain + loss) : 50
        return hasCrossed && strength >= 35 && strength <= 65
    }
}
