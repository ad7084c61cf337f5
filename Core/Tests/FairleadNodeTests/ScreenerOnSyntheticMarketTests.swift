import FairleadEngine
import FairleadMarketData
import FairleadModel
import Testing

/// The screener on the built-in market, as the demo runs them: three symbols, 5 s bars, 500 of them back-filled.
struct ScreenerOnSyntheticMarketTests {
    /// Goal: whoever starts the demo sees a first entry within a minute, without a special first signal. Method: 100
    /// seeds of the market, each until the first signal; a seed without one in time is named.
    @Test func entersWithinAMinute() throws {
        var late: [UInt64] = []
        for seed in 1...100 as ClosedRange<UInt64> {
            let seconds = try firstEntry(seed: seed, limit: 60)
            if seconds == nil { late.append(seed) }
        }
        print("screener seeds 1...100, without an entry in 60 s: \(late)")
        #expect(late.isEmpty)
    }

    /// Goal: a signal is like any other: levels on the right sides, on tick. Method: the first one of three seeds.
    @Test(arguments: [1, 2, 3] as [UInt64]) func entersWithLevels(seed: UInt64) throws {
        let configuration = Self.configuration
        let (signal, close) = try #require(try run(seed: seed, limit: 60)?.entry)
        let terms = configuration.instruments[Int(signal.instrument.index)].terms
        let sign = signal.side.sign
        #expect(terms.isOnTick(signal.stopLoss))
        #expect(terms.isOnTick(signal.takeProfits[0].price))
        #expect((close.raw - signal.stopLoss.raw) * sign > 0)
        #expect((signal.takeProfits[0].price.raw - close.raw) * sign > 0)
        #expect(signal.source == .screener)
    }

    private static let start = Timestamp(milliseconds: 1_700_000_002_345)

    private static let configuration: EngineConfiguration = {
        var configuration = EngineConfiguration()
        configuration.bars.length = .seconds(5)
        configuration.screener.isEnabled = true
        for (symbol, tick, lot) in [
            ("BTCUSDT", 10_000_000, 100_000), ("ETHUSDT", 1_000_000, 100_000), ("SOLUSDT", 100_000, 10_000_000),
        ] as [(String, Int64, Int64)] {
            let terms = InstrumentTerms(
                tick: Price(raw: tick),
                lot: Quantity(raw: lot),
                minimumQuantity: Quantity(raw: lot),
                maximumQuantity: Quantity(raw: 1000 * FixedPoint.one)
            )
            var row = SymbolConfiguration()
            row.isScreened = true
            configuration.add(Instrument(symbol: symbol, terms: terms, origin: "test"), row)
        }
        return configuration
    }()

    private func firstEntry(seed: UInt64, limit: Int64) throws -> Int64? { try run(seed: seed, limit: limit)?.seconds }

    /// Runs market, bars and screener from a seed until the first signal, with the close of its bar; nil when none
    /// comes in time.
    private func run(seed: UInt64, limit: Int64) throws -> (seconds: Int64, entry: (SignalTerms, Price))? {
        let configuration = Self.configuration
        var synthetic = SyntheticMarketConfiguration()
        synthetic.seed = seed
        synthetic.symbols = zip(configuration.instruments, [61_800, 2680, 160] as [Int64]).map { instrument, price in
            SyntheticSymbolConfiguration(symbol: instrument.symbol, startPrice: Price(raw: price * FixedPoint.one))
        }
        var source = try SyntheticMarket(synthetic, instruments: configuration.instruments, startingAt: Self.start)
        var market = MarketState(instruments: configuration.instruments.count)
        var bars = BarBuilder(configuration: configuration.bars, instruments: configuration.instruments.count)
        var screener = Screener(configuration: configuration)
        let length = configuration.bars.length
        let end = Timestamp(nanoseconds: Self.start.nanoseconds / length.nanoseconds * length.nanoseconds)
        for bar in source.barsBackfilled(count: synthetic.backfillBars, length: length, endingAt: end)
        where bars.accept(bar) {
            screener.warm(bar)
        }
        while true {
            let (now, event) = source.next()
            guard now <= Self.start + .seconds(limit) else { return nil }
            while let bar = bars.popClosed(at: now) {
                let signal = screener.closed(bar, position: .zero, number: SignalNumber(value: 1), at: now)
                if let signal { return ((now - Self.start).milliseconds / 1000, (signal, bar.close)) }
            }
            if case .quoted(let quote) = event {
                market.apply(quote, at: now)
                if market[quote.instrument].isTwoSided {
                    bars.apply(mid: market[quote.instrument].mid, of: quote.instrument, at: now)
                }
            } else if case .traded(let trade) = event, market.apply(trade, at: now) == nil {
                bars.apply(trade, at: now)
            }
        }
    }
}
