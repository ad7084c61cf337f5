import FairleadModel
import Testing

@testable import FairleadEngine

struct ScreenerTests {
    private let one = InstrumentHandle(0)
    private let terms = InstrumentTerms(
        tick: cents(1),
        lot: thousandths(1),
        minimumQuantity: thousandths(1),
        maximumQuantity: thousandths(1_000_000)
    )

    private func configuration(_ change: (inout ScreenerConfiguration) -> Void = { _ in }) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.bars.length = .seconds(5)
        configuration.screener.isEnabled = true
        configuration.screener.rsiLow = 0
        configuration.screener.rsiHigh = 100
        change(&configuration.screener)
        var symbol = SymbolConfiguration()
        symbol.isScreened = true
        configuration.add(Instrument(symbol: "AAA", terms: terms, origin: "test"), symbol)
        configuration.add(Instrument(symbol: "BBB", terms: terms, origin: "test"))
        return configuration
    }

    /// A bar that closes at `close`, half a unit wide to each side.
    private func bar(_ number: Int, _ close: Int64, of index: Int = 0) -> BarReport {
        let price = cents(close)
        return BarReport(
            instrument: InstrumentHandle(index),
            openTime: Timestamp(milliseconds: Int64(number) * 5000),
            open: price,
            high: price + cents(50),
            low: price - cents(50),
            close: price,
            volume: .zero
        )
    }

    /// Falls for 60 bars, then rises: the averages cross some bars later.
    private func close(_ number: Int) -> Int64 { 10_000 + 20 * Int64(abs(number - 60)) }

    private func now(_ number: Int) -> Timestamp { Timestamp(milliseconds: Int64(number + 1) * 5000) }

    /// The first signal of bars `from...to` while flat, and the bar that gave it.
    private func firstSignal(
        _ screener: inout Screener,
        _ range: ClosedRange<Int>,
        position: SignedQuantity = .zero
    ) -> (number: Int, signal: SignalTerms)? {
        for number in range {
            let signal = screener.closed(
                bar(number, close(number)),
                position: position,
                number: SignalNumber(value: 7),
                at: now(number)
            )
            if let signal { return (number, signal) }
        }
        return nil
    }

    /// Goal: a cross enters once, with levels on the right sides and a digest of its own. Method: a valley of bars; the
    /// signal's every field, then silence.
    @Test func entersOnACrossOnce() throws {
        var screener = Screener(configuration: configuration())
        for number in 0..<60 { screener.warm(bar(number, close(number))) }
        let found = try #require(firstSignal(&screener, 60...90))
        let signal = found.signal
        #expect(screener.indicators(one).barsSinceCross == 0)
        #expect(signal.side == .buy)
        #expect(signal.intent == .entry)
        #expect(signal.source == .screener)
        #expect(signal.number == SignalNumber(value: 7))
        #expect(signal.digest == Digest128(high: Screener.digestTag, low: UInt64(found.number)))
        #expect(signal.size == .notional(Money(whole: 200)))
        #expect(signal.expiresAt == now(found.number) + .seconds(30))
        #expect(signal.time == now(found.number))
        let price = cents(close(found.number))
        #expect(signal.stopLoss < price)
        #expect(signal.takeProfits[0].price > price)
        #expect(signal.takeProfits[0].fraction == .one)
        // Two and three ranges of 1.00: bars overlap, so that the true range is the bar's own.
        #expect(signal.stopLoss == price - cents(2_00))
        #expect(signal.takeProfits[0].price == price + cents(3_00))
        #expect(firstSignal(&screener, (found.number + 1)...(found.number + 60)) == nil)
    }

    /// Goal: a cross of the back-filled bars is entered by the first live bar while it is young, and not later. Method:
    /// the same valley, back-filled to different ends.
    @Test func entersATrendOfTheBackfill() {
        var reference = Screener(configuration: configuration())
        var cross = 0
        for number in 0..<100 {
            reference.warm(bar(number, close(number)))
            if reference.indicators(one).barsSinceCross == 0, number > 60 { cross = number }
        }
        #expect(cross > 60)
        for (end, isEntered) in [(cross + 5, true), (cross + 20, true), (cross + 21, false)] {
            var screener = Screener(configuration: configuration())
            for number in 0...end { screener.warm(bar(number, close(number))) }
            let found = firstSignal(&screener, (end + 1)...(end + 1))
            #expect((found != nil) == isEntered, "backfilled to \(end), crossed at \(cross)")
        }
    }

    /// Goal: the band keeps entries out. Method: a rising market with the band under its RSI, and the same without.
    @Test func staysOutsideTheBand() {
        var narrow = Screener(
            configuration: configuration {
                $0.rsiLow = 0
                $0.rsiHigh = 40
            }
        )
        for number in 0..<60 { narrow.warm(bar(number, close(number))) }
        #expect(firstSignal(&narrow, 60...120) == nil)
        #expect(narrow.indicators(one).trend == .buy)
    }

    /// Goal: nothing is entered while cold, switched off, not screened, or in a position. Method: each.
    @Test func staysOut() {
        var cold = Screener(configuration: configuration())
        #expect(firstSignal(&cold, 55...80) == nil)
        var off = Screener(configuration: configuration { $0.isEnabled = false })
        for number in 0..<60 { off.warm(bar(number, close(number))) }
        #expect(firstSignal(&off, 60...90) == nil)
        var held = Screener(configuration: configuration())
        for number in 0..<60 { held.warm(bar(number, close(number))) }
        #expect(firstSignal(&held, 60...90, position: SignedQuantity(raw: 5)) == nil)
        var other = Screener(configuration: configuration())
        for number in 0..<60 { other.warm(bar(number, close(number), of: 1)) }
        for number in 60...90 {
            let signal = other.closed(
                bar(number, close(number), of: 1),
                position: .zero,
                number: .none,
                at: now(number)
            )
            #expect(signal == nil)
        }
    }

    /// Goal: a market that doesn't move has no room for levels, and no entry. Method: bars without any range on a
    /// coarse grid, with a cross.
    @Test func needsRoomForLevels() {
        var screener = Screener(configuration: configuration())
        var signals = 0
        for number in 0...140 {
            let price = Price(raw: 1_000_000 + Int64(abs(number - 60)))
            let flat = BarReport(
                instrument: one,
                openTime: Timestamp(milliseconds: Int64(number) * 5000),
                open: price,
                high: price,
                low: price,
                close: price,
                volume: .zero
            )
            if screener.closed(flat, position: .zero, number: .none, at: now(number)) != nil { signals += 1 }
        }
        #expect(screener.indicators(one).trend == .buy)
        #expect(signals == 0)
    }

    /// Goal: the opposite cross exits its own position, on each bar until it is gone, and enters the other way once
    /// flat. Method: a valley and then a hill, with a snapshot copy before the hill.
    @Test func exitsOnTheOppositeCross() throws {
        var first = Screener(configuration: configuration())
        for number in 0..<60 { first.warm(bar(number, close(number))) }
        let entry = try #require(firstSignal(&first, 60...90))
        var writer = VisitedWords()
        first.visitState(&writer)
        var screener = Screener(configuration: configuration())
        var reader = VisitedWords(reading: writer.words)
        screener.visitState(&reader)
        #expect(reader.isAtEnd)
        #expect(screener.indicators(one) == first.indicators(one))

        let long = SignedQuantity(raw: 5)
        let top = close(entry.number)
        var exits: [SignalTerms] = []
        var number = entry.number
        while exits.count < 2, number < entry.number + 100 {
            number += 1
            let falling = bar(number, top - 20 * Int64(number - entry.number))
            if let signal = screener.closed(falling, position: long, number: .none, at: now(number)) {
                exits.append(signal)
            }
        }
        #expect(exits.count == 2)
        let exit = try #require(exits.first)
        #expect(exit.intent == .exit)
        #expect(exit.side == .sell)
        #expect(exit.size == .wholePosition)
        #expect(exit.reduceOnly)
        #expect(exit.digest != exits[1].digest)
        number += 1
        let short = screener.closed(
            bar(number, top - 20 * Int64(number - entry.number)),
            position: .zero,
            number: .none,
            at: now(number)
        )
        #expect(short?.side == .sell)
        #expect(short?.intent == .entry)
    }

    /// Goal: somebody else's position is left alone. Method: a long position that the screener never entered, over
    /// a whole hill.
    @Test func leavesForeignPositionsAlone() {
        var screener = Screener(configuration: configuration())
        for number in 0..<60 { screener.warm(bar(number, 20_000 - close(number))) }
        for number in 60..<150 {
            let signal = screener.closed(
                bar(number, 20_000 - close(number)),
                position: SignedQuantity(raw: 5),
                number: .none,
                at: now(number)
            )
            #expect(signal == nil)
        }
        #expect(screener.indicators(one).trend == .sell)
    }
}

struct TrendIndicatorsTests {
    /// Goal: RSI and ATR are Wilder's. Method: the plain mean over the first bars, then one smoothing step, by hand.
    @Test func areWilders() {
        var configuration = ScreenerConfiguration()
        configuration.rsiBars = 2
        configuration.atrBars = 2
        configuration.fastBars = 1
        configuration.slowBars = 3
        var indicators = TrendIndicators()
        func feed(_ close: Int64, _ range: Int64) {
            indicators.apply(
                BarReport(
                    instrument: InstrumentHandle(0),
                    openTime: .never,
                    open: cents(close),
                    high: cents(close + range),
                    low: cents(close),
                    close: cents(close),
                    volume: .zero
                ),
                configuration
            )
        }
        feed(100, 4)
        #expect(indicators.rsi == nil)
        #expect(indicators.atr(times: .one) == cents(4))
        feed(106, 2)
        // True range: 108 - 100 = 8, mean (4 + 8) / 2. Gain 6, loss 0.
        #expect(indicators.atr(times: .one) == cents(6))
        #expect(indicators.rsi == 100)
        feed(104, 1)
        // Gain (6 + 0) / 2 = 3, loss (0 + 2) / 2 = 1. True range max(1, 105 - 106, 106 - 104) = 2; (6 + 2) / 2.
        #expect(indicators.rsi == 75)
        #expect(indicators.atr(times: Rate(raw: 250_000_000)) == cents(10))
        feed(104, 0)
        // One step of a half: gain 1.5, loss 0.5.
        #expect(indicators.rsi == 75)
        #expect(indicators.fastAverage == cents(104))
        // Slow of 3 (a half): 100, 103, 103.5, 103.75.
        #expect(indicators.slowAverage == Price(raw: 103_750_000))
    }
}
