import FairleadModel
import Testing

@testable import FairleadEngine

struct MarketStateTests {
    private let one = InstrumentHandle(0)

    private func quote(_ bid: Int64, _ ask: Int64, size: Int64 = 1, of index: Int = 0) -> Quote {
        Quote(
            instrument: InstrumentHandle(index),
            bid: Price(raw: bid),
            bidQuantity: Quantity(raw: bid == 0 ? 0 : size),
            ask: Price(raw: ask),
            askQuantity: Quantity(raw: ask == 0 ? 0 : size),
            venueTime: .never
        )
    }

    private func trade(_ price: Int64) -> Trade {
        Trade(
            instrument: one,
            price: Price(raw: price),
            quantity: Quantity(raw: 5),
            aggressor: .buy,
            venueTime: .never
        )
    }

    private func mark(_ price: Int64) -> MarkPrice {
        MarkPrice(instrument: one, price: Price(raw: price), venueTime: .never)
    }

    private func condition(_ market: borrowing MarketState, _ milliseconds: Int64) -> BookCondition {
        market.book(one, at: Timestamp(milliseconds: milliseconds), maximumAge: .milliseconds(2000)).condition
    }

    /// Goal: each condition of a book is told apart, and age counts from receipt. Method: one quote after the other.
    @Test func bookConditions() {
        var market = MarketState(instruments: 1)
        #expect(condition(market, 0) == .missing)
        market.apply(quote(100, 102), at: Timestamp(milliseconds: 10))
        #expect(condition(market, 10) == .usable)
        #expect(condition(market, 2009) == .usable)
        #expect(condition(market, 2010) == .stale)
        #expect(condition(market, 5) == .usable)
        market.apply(quote(102, 102), at: Timestamp(milliseconds: 20))
        #expect(condition(market, 20) == .crossed)
        market.apply(quote(0, 102), at: Timestamp(milliseconds: 30))
        #expect(condition(market, 30) == .missing)
        market.apply(quote(100, 102, size: 0), at: Timestamp(milliseconds: 40))
        #expect(condition(market, 40) == .missing)
        #expect(market[one].bid == .zero)
    }

    /// Goal: what is no price changes nothing and is counted by its fault. Method: each fault once, then the state.
    @Test func refusesWhatIsNoPrice() {
        var market = MarketState(instruments: 1)
        let now = Timestamp(milliseconds: 1)
        #expect(market.apply(quote(100, 102), at: now) == nil)
        let before = market[one]
        #expect(market.apply(quote(-1, 102), at: now) == .priceOutOfRange)
        #expect(market.apply(quote(100, Price.bound.raw + 1), at: now) == .priceOutOfRange)
        var zero = quote(100, 102)
        zero.ask = .zero
        #expect(market.apply(zero, at: now) == .priceOutOfRange)
        #expect(market.apply(trade(0), at: now) == .priceOutOfRange)
        #expect(market.apply(mark(-5), at: now) == .priceOutOfRange)
        #expect(market.apply(quote(100, 102, of: 1), at: now) == .unknownInstrument)
        #expect(market.apply(quote(10_000, 10_200), at: now) == .absurdPrice)
        #expect(market.apply(trade(1), at: now) == .absurdPrice)
        #expect(market.refused(.priceOutOfRange) == 5)
        #expect(market.refused(.unknownInstrument) == 1)
        #expect(market.refused(.absurdPrice) == 2)
        var after = market[one]
        after.absurdRun = 0
        #expect(after == before)
    }

    /// Goal: a market that really moved tenfold is believed in the end. Method: as many absurd quotes as are refused,
    /// and one more.
    @Test func believesARealMove() {
        var market = MarketState(instruments: 1)
        let now = Timestamp(milliseconds: 1)
        market.apply(quote(100, 102), at: now)
        for _ in 0..<MarketState.absurdPatience {
            #expect(market.apply(quote(10_000, 10_200), at: now) == .absurdPrice)
        }
        #expect(market.apply(quote(10_000, 10_200), at: now) == nil)
        #expect(market.apply(quote(10_100, 10_300), at: now) == nil)
        #expect(market[one].bid == Price(raw: 10_100))
    }

    /// Goal: the mark is the venue's; without one the middle, without a book the last trade, and it says so. Method: a
    /// feed that starts with trades, gets a book, then marks, which then cease.
    @Test func markSources() {
        var market = MarketState(instruments: 1)
        #expect(market[one].markSource == .none)
        #expect(market.price(one, .mark) == nil)
        market.apply(trade(100), at: Timestamp(milliseconds: 1))
        #expect(market[one].markSource == .last)
        market.apply(quote(100, 104), at: Timestamp(milliseconds: 2))
        #expect(market[one].markSource == .mid)
        #expect(market.price(one, .mark) == Price(raw: 102))
        market.apply(trade(110), at: Timestamp(milliseconds: 3))
        #expect(market.price(one, .mark) == Price(raw: 102))
        market.apply(mark(101), at: Timestamp(milliseconds: 4))
        market.apply(quote(100, 108), at: Timestamp(milliseconds: 10_004))
        #expect(market[one].markSource == .mark)
        market.apply(quote(100, 108), at: Timestamp(milliseconds: 10_005))
        #expect(market[one].markSource == .mid)
        market.apply(quote(0, 108), at: Timestamp(milliseconds: 10_006))
        #expect(market.price(one, .mark) == Price(raw: 104))
        #expect(market.price(one, .mid) == nil)
        #expect(market.price(one, .ask) == Price(raw: 108))
    }

    /// Goal: without a book an order is measured by the newer of mark and last, never by a middle, and an entry only by
    /// a young one. Method: the three sources at different ages.
    @Test func referencesWithoutABook() {
        var market = MarketState(instruments: 1)
        let early = Timestamp(milliseconds: 0)
        market.apply(quote(100, 104), at: early)
        #expect(market.referenceWithoutBook(one, at: early, isReducing: true) == nil)
        market.apply(trade(103), at: early)
        #expect(market.referenceWithoutBook(one, at: early, isReducing: false) == Price(raw: 103))
        market.apply(mark(105), at: Timestamp(milliseconds: 1))
        #expect(market.referenceWithoutBook(one, at: Timestamp(milliseconds: 1), isReducing: false) == Price(raw: 105))
        market.apply(trade(104), at: Timestamp(milliseconds: 2))
        #expect(
            market.referenceWithoutBook(one, at: Timestamp(milliseconds: 10_002), isReducing: false) == Price(raw: 104)
        )
        let late = Timestamp(milliseconds: 10_003)
        #expect(market.referenceWithoutBook(one, at: late, isReducing: false) == nil)
        #expect(market.referenceWithoutBook(one, at: late, isReducing: true) == Price(raw: 104))
    }

    /// Goal: a snapshot holds the whole state. Method: write, read into a fresh one, write again.
    @Test func survivesASnapshot() {
        var market = MarketState(instruments: 1)
        market.apply(quote(100, 104), at: Timestamp(milliseconds: 1))
        market.apply(trade(103), at: Timestamp(milliseconds: 2))
        market.apply(trade(1), at: Timestamp(milliseconds: 3))
        var writer = VisitedWords()
        market.visitState(&writer)
        var copy = MarketState(instruments: 1)
        var reader = VisitedWords(reading: writer.words)
        copy.visitState(&reader)
        #expect(copy[one] == market[one])
        #expect(copy.refused(.absurdPrice) == 1)
        #expect(reader.isAtEnd)
    }
}
