import FairleadModel
import Testing

@testable import FairleadEngine

struct AtrRegimeTests {
    private func bar(_ range: Int64, close: Int64 = 1000) -> BarReport {
        BarReport(
            instrument: InstrumentHandle(0),
            openTime: .never,
            open: Price(raw: close),
            high: Price(raw: close + range),
            low: Price(raw: close),
            close: Price(raw: close),
            volume: .zero
        )
    }

    /// Goal: the bounds 0.5, 1.5, 2.5 belong to the hotter regime. Method: sums at each bound and just under it.
    @Test func bounds() {
        #expect(AtrRegime.regime(short: 49, long: 1000) == .quiet)
        #expect(AtrRegime.regime(short: 50, long: 1000) == .normal)
        #expect(AtrRegime.regime(short: 149, long: 1000) == .normal)
        #expect(AtrRegime.regime(short: 150, long: 1000) == .hot)
        #expect(AtrRegime.regime(short: 249, long: 1000) == .hot)
        #expect(AtrRegime.regime(short: 250, long: 1000) == .panic)
    }

    /// Goal: without 500 bars normal is assumed, with them it is known. Method: 500 even bars, then 50 wild ones, then
    /// so many even ones that the wild ones leave the window, on a copy through a snapshot.
    @Test func followsTheBars() {
        var regimes = AtrRegime(instruments: 1)
        for _ in 0..<499 { regimes.apply(bar(10)) }
        #expect(regimes.regime(InstrumentHandle(0)) == (.normal, true))
        regimes.apply(bar(10))
        #expect(regimes.regime(InstrumentHandle(0)) == (.normal, false))
        for _ in 0..<50 { regimes.apply(bar(60)) }
        // 60 against (450 * 10 + 50 * 60) / 500 = 15.
        #expect(regimes.regime(InstrumentHandle(0)) == (.panic, false))
        var writer = VisitedWords()
        regimes.visitState(&writer)
        var copy = AtrRegime(instruments: 1)
        var reader = VisitedWords(reading: writer.words)
        copy.visitState(&reader)
        for _ in 0..<50 { copy.apply(bar(6)) }
        // 6 against 14.6.
        #expect(copy.regime(InstrumentHandle(0)) == (.quiet, false))
        for _ in 0..<500 { copy.apply(bar(6)) }
        #expect(copy.regime(InstrumentHandle(0)) == (.normal, false))
    }

    /// Goal: a gap between bars counts as range. Method: even bars of no range of their own that jump to and fro.
    @Test func countsGaps() {
        var regimes = AtrRegime(instruments: 1)
        for _ in 0..<450 { regimes.apply(bar(1)) }
        for number in 0..<50 { regimes.apply(bar(0, close: number % 2 == 0 ? 1010 : 1000)) }
        #expect(regimes.regime(InstrumentHandle(0)) == (.panic, false))
    }

    /// A bar that closes at 100, with a range of so many hundredths of a per cent.
    private static func bar(_ range: Int64, _ number: Int64 = 0) -> BarReport {
        let close = Price(raw: 100 * FixedPoint.one)
        return BarReport(
            instrument: InstrumentHandle(0),
            openTime: Timestamp(milliseconds: number * 60_000),
            open: close,
            high: close,
            low: Price(raw: close.raw - range * FixedPoint.one / 100),
            close: close,
            volume: Quantity(raw: 1)
        )
    }

    /// Goal: the median is between the two in the middle of the last 500 ranges, and unknown under 500 bars. Method:
    /// ranges whose order is mixed, one bar at a time around the five hundredth, then 500 others.
    @Test func theMedianIsOfTheLast500() {
        var regimes = AtrRegime(instruments: 2)
        // 1...500 hundredths of a per cent, in an order that has no pattern: 7 and 500 have no common factor.
        for number in 0..<499 as Range<Int64> { regimes.apply(Self.bar(number * 7 % 500 + 1, number)) }
        #expect(regimes.median(InstrumentHandle(0)) == nil)
        regimes.apply(Self.bar(499 * 7 % 500 + 1, 499))
        #expect(regimes.median(InstrumentHandle(0)) == 0.02505)
        #expect(regimes.means(InstrumentHandle(0)).long == 0.02505)
        #expect(regimes.median(InstrumentHandle(1)) == nil)
        for number in 500..<751 as Range<Int64> { regimes.apply(Self.bar(1000, number)) }
        #expect(regimes.median(InstrumentHandle(0)) == 0.1)
        for number in 751..<1000 as Range<Int64> { regimes.apply(Self.bar(3, number)) }
        #expect(regimes.median(InstrumentHandle(0)) == 0.1)
        regimes.apply(Self.bar(3, 1000))
        #expect(regimes.median(InstrumentHandle(0)) == 0.05015)
    }
}
