public import FairleadModel

/// Why a synthetic market can't be made from its configuration.
public struct SyntheticMarketError: Error, Hashable, Sendable, CustomStringConvertible {
    @frozen public enum Reason: Sendable, Hashable {
        case unknownInstrument
        case listedTwice
        case startPriceOffTick
        /// Under 128 ticks or over half of the largest price, or the tick is over 10,000: no room to move.
        case startPriceOutOfRange
        /// Not above 0, or over 1.
        case volatilityOutOfRange
        /// Not 1...1000.
        case spreadOutOfRange
        /// Not above 0, or over 1,000.
        case tradeRateOutOfRange
        /// Not 0.01...1000.
        case speedOutOfRange
        case noSymbols
        /// Over `SyntheticMarket.symbolLimit`.
        case tooManySymbols
    }

    /// Empty where the reason concerns none.
    public var symbol: String
    public var reason: Reason

    public var description: String {
        let subject = symbol.isEmpty ? "synthetic market: " : "synthetic market, \(symbol): "
        switch reason {
        case .unknownInstrument: return subject + "no such instrument is configured"
        case .listedTwice: return subject + "is listed twice"
        case .startPriceOffTick: return subject + "start price is off the instrument's tick"
        case .startPriceOutOfRange:
            return subject
                + "start price must be 128 ticks or more, and at most 5 * 10^8, with a tick of at most 10,000"
        case .volatilityOutOfRange: return subject + "daily volatility must be above 0 and at most 1"
        case .spreadOutOfRange: return subject + "spread must be 1 to 1000 ticks"
        case .tradeRateOutOfRange: return subject + "trades per second must be above 0 and at most 1000"
        case .speedOutOfRange: return subject + "speed must be 0.01 to 1000"
        case .noSymbols: return subject + "has no symbols"
        case .tooManySymbols: return subject + "has more than \(SyntheticMarket.symbolLimit) symbols"
        }
    }
}

/// A market that needs no file: quotes, trades and mark prices of several symbols, from a seed alone.
///
/// Volatility changes its regime for all symbols at once; each symbol has episodes of momentum, jumps, bursts of trades
/// and silences of its own. Trades print at the touch and take from it; quotes are never crossed and lie on the grid.
/// The same configuration, seed and start give the same events, byte for byte, on every machine.
public struct SyntheticMarket: ~Copyable {
    /// The most symbols of one market.
    public static let symbolLimit = 256

    /// Regular episodes before the start.
    private static let openingSwings = 4

    private var symbols: ContiguousArray<SyntheticSymbol>
    private var climate: SyntheticClimate
    private let clock: MarketClock
    private var lastTime: Timestamp
    /// The symbol whose trade was given last, and whose quote follows at once; -1 when none does.
    private var following = -1
    /// The symbol that comes next, and whether by its mark.
    private var upcoming = 0
    private var upcomingIsMark = false
    private var hasBegun = false

    /// When the next event comes; never before the one before it.
    public private(set) var nextTime: Timestamp

    /// The handles are the places in `instruments`. The first quotes come at `start`.
    public init(
        _ configuration: SyntheticMarketConfiguration,
        instruments: [Instrument],
        startingAt start: Timestamp
    ) throws(SyntheticMarketError) {
        let handles = try Self.checked(configuration, instruments)
        clock = MarketClock(speed: configuration.speed)
        // A stream of random numbers for each symbol: one more symbol changes none of the others' draws.
        var seeds = DeterministicRandom(seed: configuration.seed)
        climate = SyntheticClimate(seed: seeds.next(), at: start, clock: clock)
        symbols = []
        symbols.reserveCapacity(handles.count)
        for index in handles.indices {
            symbols.append(
                SyntheticSymbol(
                    configuration.symbols[index],
                    instrument: InstrumentHandle(handles[index]),
                    terms: instruments[handles[index]].terms,
                    seed: seeds.next(),
                    at: start
                )
            )
        }
        lastTime = start
        nextTime = start
        findNext()
    }

    private static func checked(
        _ configuration: SyntheticMarketConfiguration,
        _ instruments: [Instrument]
    ) throws(SyntheticMarketError) -> [Int] {
        let speed = configuration.speed.raw
        guard (FixedPoint.one / 100...FixedPoint.one * 1000).contains(speed) else {
            throw SyntheticMarketError(symbol: "", reason: .speedOutOfRange)
        }
        guard !configuration.symbols.isEmpty else { throw SyntheticMarketError(symbol: "", reason: .noSymbols) }
        guard configuration.symbols.count <= symbolLimit else {
            throw SyntheticMarketError(symbol: "", reason: .tooManySymbols)
        }
        var handles: [Int] = []
        for row in configuration.symbols {
            guard let handle = instruments.firstIndex(where: { $0.symbol == row.symbol }) else {
                throw SyntheticMarketError(symbol: row.symbol, reason: .unknownInstrument)
            }
            guard !handles.contains(handle) else {
                throw SyntheticMarketError(symbol: row.symbol, reason: .listedTwice)
            }
            if let reason = fault(of: row, instruments[handle].terms) {
                throw SyntheticMarketError(symbol: row.symbol, reason: reason)
            }
            handles.append(handle)
        }
        return handles
    }

    private static func fault(
        of row: SyntheticSymbolConfiguration,
        _ terms: InstrumentTerms
    ) -> SyntheticMarketError.Reason? {
        guard terms.isOnTick(row.startPrice) else { return .startPriceOffTick }
        guard row.startPrice.raw / 128 >= terms.tick.raw, row.startPrice.raw <= Price.bound.raw / 2,
            terms.tick.raw <= Price.bound.raw / 100_000
        else {
            return .startPriceOutOfRange
        }
        guard row.dailyVolatility > .zero, row.dailyVolatility <= .one else { return .volatilityOutOfRange }
        guard (1...1000).contains(row.spreadTicks) else { return .spreadOutOfRange }
        guard row.tradesPerSecond > .zero, row.tradesPerSecond.raw <= 1000 * FixedPoint.one else {
            return .tradeRateOutOfRange
        }
        return nil
    }

    public var symbolCount: Int { symbols.count }

    /// The present regime, for displays and tests.
    public var regime: VolatilityRegime { climate.regime }

    /// The next event and its time, which is `nextTime`. There is always one. Allocates nothing.
    public mutating func next() -> (time: Timestamp, event: Event) {
        hasBegun = true
        let now = nextTime
        lastTime = now
        if following >= 0 {
            let quote = symbols[following].quote(at: now)
            following = -1
            findNext()
            return (now, .quoted(quote))
        }
        climate.advance(to: now, clock: clock)
        if upcomingIsMark {
            symbols[upcoming].advance(to: now, climate: climate, clock: clock)
            let mark = symbols[upcoming].mark(at: now, clock: clock)
            findNext()
            return (now, .marked(mark))
        }
        if let trade = symbols[upcoming].arrive(at: now, climate: climate, clock: clock) {
            following = upcoming
            return (now, .traded(trade))
        }
        let quote = symbols[upcoming].quote(at: now)
        findNext()
        return (now, .quoted(quote))
    }

    /// The earliest of what is due; equal times in the order of the symbols, a quote before a mark.
    private mutating func findNext() {
        var earliest = Timestamp.distantFuture
        for index in symbols.indices {
            if symbols[index].nextArrival < earliest {
                earliest = symbols[index].nextArrival
                upcoming = index
                upcomingIsMark = false
            }
            if symbols[index].nextMark < earliest {
                earliest = symbols[index].nextMark
                upcoming = index
                upcomingIsMark = true
            }
        }
        nextTime = max(lastTime, earliest)
    }

    /// The bars of the time before `end`, oldest first and in the order of the symbols, for warming indicators.
    ///
    /// The price goes on from the last bar's close: the first quote is that close and what moves it until the start.
    /// Called before the first `next()`, with `count` of 0...100,000 and a `length` of up to a day; `end` is the start,
    /// or the last full bar before it.
    public mutating func barsBackfilled(
        count: Int,
        length: TimeSpan,
        endingAt end: Timestamp
    ) -> ContiguousArray<BarReport> {
        precondition(!hasBegun, "Invariant: bars are made before the first quote")
        precondition((0...100_000).contains(count), "Invariant: a backfill has at most 100,000 bars")
        precondition(length > .zero, "Invariant: a bar has a length")
        precondition(length <= .hours(24), "Invariant: a bar is at most a day long")
        let start = max(nextTime, end)
        let first = Timestamp(nanoseconds: end.nanoseconds - Int64(count) * length.nanoseconds)
        climate.move(to: first)
        for index in symbols.indices { symbols[index].move(to: first) }
        var bars: ContiguousArray<BarReport> = []
        bars.reserveCapacity(count * symbols.count)
        let swing = start + -clock.span(seconds: (Double(Self.openingSwings) + 1.5) * SyntheticSymbol.swingSeconds)
        for number in 0..<count {
            let opened = Timestamp(nanoseconds: first.nanoseconds + Int64(number) * length.nanoseconds)
            appendBars(openingAt: opened, length: length, swingingFrom: swing, to: &bars)
        }
        for index in symbols.indices { symbols[index].open(at: start) }
        findNext()
        return bars
    }

    /// Around the start the regime is normal, and the symbols swing regularly and turn one after the other, a third of
    /// a swing apart: whoever starts with another seed sees other prices, but never a market without a trend to trade.
    private mutating func beginOpeningSwings(around start: Timestamp) {
        let length = SyntheticSymbol.swingSeconds
        climate.settle(until: start + clock.span(seconds: 2 * length))
        for index in symbols.indices {
            let phase = Double(Self.openingSwings) + Double(1 - index % 3) / 3
            symbols[index].swing(until: start + -clock.span(seconds: phase * length), count: Self.openingSwings + 1)
        }
    }

    /// One bar of each symbol: prices are looked at in equal steps, finer than any indicator sees.
    private mutating func appendBars(
        openingAt opened: Timestamp,
        length: TimeSpan,
        swingingFrom swing: Timestamp,
        to bars: inout ContiguousArray<BarReport>
    ) {
        let steps: Int64 = 20
        let firstRow = bars.count
        let seconds = clock.seconds(from: opened, to: opened + length)
        for index in symbols.indices {
            let price = Price(raw: symbols[index].fairTicks * symbols[index].tick)
            let volume = symbols[index].drawnVolume(seconds: seconds, regime: climate.regime)
            bars.append(
                BarReport(
                    instrument: symbols[index].instrument,
                    openTime: opened,
                    open: price,
                    high: price,
                    low: price,
                    close: price,
                    volume: volume
                )
            )
        }
        var before = opened
        for step in 1...steps {
            let now = opened + TimeSpan(nanoseconds: Int64(Int128(length.nanoseconds) * Int128(step) / Int128(steps)))
            climate.advance(to: now, clock: clock)
            if before < swing, swing <= now { beginOpeningSwings(around: nextTime) }
            before = now
            for index in symbols.indices {
                symbols[index].advance(to: now, climate: climate, clock: clock)
                let price = Price(raw: symbols[index].fairTicks * symbols[index].tick)
                let row = firstRow + index
                bars[row].high = max(bars[row].high, price)
                bars[row].low = min(bars[row].low, price)
                bars[row].close = price
            }
        }
    }

    /// Goes on at `now` after a restart: the market stood still while nobody looked. Does nothing when `now` is not
    /// after the next event.
    public mutating func resume(at now: Timestamp) {
        guard now > nextTime else { return }
        let gap = now - nextTime
        climate.postpone(by: gap)
        for index in symbols.indices { symbols[index].postpone(by: gap) }
        lastTime = lastTime + gap
        nextTime = now
    }

    /// Everything that moves. What the configuration gives is not in it: a reading visitor needs a market made from the
    /// same configuration.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        climate.visitState(&visitor)
        for index in symbols.indices { symbols[index].visitState(&visitor) }
        visitor.visit(&lastTime)
        visitor.visit(&following)
        visitor.visit(&hasBegun)
        guard visitor.isReading else { return }
        if !symbols.indices.contains(following) { following = -1 }
        findNext()
        if following >= 0 { nextTime = lastTime }
    }

    /// Traps on the first broken rule. Slow: for tests and the simulator.
    public func checkInvariants() {
        precondition(nextTime >= lastTime, "Invariant: time doesn't step back")
        for index in symbols.indices { symbols[index].checkInvariants() }
    }
}
