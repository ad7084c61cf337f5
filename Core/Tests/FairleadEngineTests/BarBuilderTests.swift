import FairleadModel
import Testing

@testable import FairleadEngine

struct BarBuilderTests {
    private let one = InstrumentHandle(0)
    private let two = InstrumentHandle(1)

    private func builder(history: Int = 4) -> BarBuilder {
        var configuration = BarConfiguration()
        configuration.length = .seconds(5)
        configuration.history = history
        return BarBuilder(configuration: configuration, instruments: 2)
    }

    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private func trade(_ price: Int64, _ instrument: InstrumentHandle) -> Trade {
        Trade(
            instrument: instrument,
            price: Price(raw: price),
            quantity: Quantity(raw: 3),
            aggressor: .buy,
            venueTime: .never
        )
    }

    private func report(_ seconds: Int64, _ price: Int64, high: Int64? = nil, low: Int64? = nil) -> BarReport {
        BarReport(
            instrument: one,
            openTime: at(seconds * 1000),
            open: Price(raw: price),
            high: Price(raw: high ?? price),
            low: Price(raw: low ?? price),
            close: Price(raw: price),
            volume: .zero
        )
    }

    /// Goal: trades make the bar, the middle only where there was none, nothing where there was neither. Method: three
    /// intervals over two instruments.
    @Test func barsOfTradesThenMiddles() {
        var bars = builder()
        #expect(bars.nextClose == .distantFuture)
        #expect(bars.popClosed(at: at(11_000)) == nil)
        bars.apply(mid: Price(raw: 90), of: one, at: at(11_000))
        bars.apply(trade(100, one), at: at(11_001))
        bars.apply(trade(104, one), at: at(12_000))
        bars.apply(trade(98, one), at: at(13_000))
        bars.apply(trade(101, one), at: at(14_999))
        bars.apply(mid: Price(raw: 50), of: two, at: at(14_000))
        bars.apply(mid: Price(raw: 52), of: two, at: at(14_500))
        #expect(bars.nextClose == at(15_000))
        #expect(bars.popClosed(at: at(14_999)) == nil)
        let first = bars.popClosed(at: at(15_000))
        #expect(
            first
                == BarReport(
                    instrument: one,
                    openTime: at(10_000),
                    open: Price(raw: 100),
                    high: Price(raw: 104),
                    low: Price(raw: 98),
                    close: Price(raw: 101),
                    volume: Quantity(raw: 12)
                )
        )
        let second = bars.popClosed(at: at(15_000))
        #expect(second?.instrument == two)
        #expect(second?.open == Price(raw: 50))
        #expect(second?.close == Price(raw: 52))
        #expect(second?.volume == .zero)
        #expect(bars.popClosed(at: at(15_000)) == nil)
        #expect(bars.popClosed(at: at(27_000)) == nil)
        #expect(bars.nextClose == at(30_000))
        #expect(bars.count(one) == 1)
    }

    /// Goal: only the newest bars are kept, the newest first. Method: six bars in a ring of four.
    @Test func keepsTheNewest() {
        var bars = builder()
        for number in 1...6 {
            #expect(bars.accept(report(Int64(number) * 5, Int64(100 + number))) == true)
        }
        #expect(bars.count(one) == 4)
        #expect(bars.bar(one, back: 0).close == Price(raw: 106))
        #expect(bars.bar(one, back: 3).close == Price(raw: 103))
    }

    /// Goal: a backfilled bar is after those that are known and can be one. Method: each refusal, counted.
    @Test func refusesWhatIsNoBar() {
        var bars = builder()
        #expect(bars.accept(report(10, 100)) == true)
        #expect(bars.accept(report(10, 100)) == false)
        #expect(bars.accept(report(5, 100)) == false)
        #expect(bars.accept(report(15, 100, high: 99)) == false)
        #expect(bars.accept(report(15, 100, low: 101)) == false)
        #expect(bars.accept(report(15, 0)) == false)
        var foreign = report(15, 100)
        foreign.instrument = InstrumentHandle(2)
        #expect(bars.accept(foreign) == false)
        bars.apply(mid: Price(raw: 100), of: one, at: at(21_000))
        #expect(bars.accept(report(20, 100)) == false)
        #expect(bars.accept(report(15, 100)) == true)
        #expect(bars.refusedReports == 7)
    }

    /// Goal: a snapshot holds open and closed bars. Method: copy in the middle of an interval and go on with both.
    @Test func survivesASnapshot() {
        var bars = builder()
        for number in 1...6 { #expect(bars.accept(report(Int64(number) * 5, Int64(100 + number))) == true) }
        bars.apply(trade(110, one), at: at(36_000))
        var writer = VisitedWords()
        bars.visitState(&writer)
        var copy = builder()
        var reader = VisitedWords(reading: writer.words)
        copy.visitState(&reader)
        #expect(reader.isAtEnd)
        let now = at(40_000)
        let expected = bars.popClosed(at: now)
        #expect(copy.popClosed(at: now) == expected)
        #expect(expected?.close == Price(raw: 110))
        for back in 0..<4 { #expect(copy.bar(one, back: back) == bars.bar(one, back: back)) }
    }
}
