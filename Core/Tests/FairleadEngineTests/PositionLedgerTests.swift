import FairleadEngine
import FairleadModel
import Testing

@Suite struct PositionLedgerTests {
    private static let strategy = StrategyHandle(index: 2)
    private static let day = Timestamp(milliseconds: 1_723_075_200_000)

    private static func ledger() -> PositionLedger {
        let terms = InstrumentTerms(
            tick: Price(raw: 10_000_000),
            lot: Quantity(raw: 100_000),
            minimumQuantity: Quantity(raw: 100_000),
            maximumQuantity: Quantity(raw: 100_000_000_000)
        )
        return PositionLedger(instruments: [Instrument(symbol: "BTCUSDT", terms: terms, origin: "test")])
    }

    private static func execution(_ side: Side, _ price: Int64, at time: Timestamp) -> Execution {
        Execution(
            id: .none,
            executionID: ExecutionID(value: UInt64(time.milliseconds)),
            instrument: InstrumentHandle(0),
            side: side,
            positionSide: .both,
            price: Price(raw: price * FixedPoint.one),
            quantity: Quantity(raw: FixedPoint.one),
            fee: FixedPoint.one,
            liquidity: .taker,
            venueTime: time
        )
    }

    /// Goal: what a strategy made today and in total are told apart, and the parts are the whole's.
    /// Method: a round trip on one day, midnight, half of another; each sum after each.
    @Test func aStrategysDayBeginsAtMidnight() {
        var ledger = Self.ledger()
        ledger.roll(to: Self.day)
        _ = ledger.book(Self.execution(.buy, 100, at: Self.day), strategy: Self.strategy, at: Self.day)
        _ = ledger.book(Self.execution(.sell, 110, at: Self.day), strategy: Self.strategy, at: Self.day)
        let first = ledger.result(of: Self.strategy)
        #expect(first.today == Money(whole: 8))
        #expect(first.total == Money(whole: 8))

        let next = Self.day + .hours(24)
        ledger.roll(to: next)
        #expect(ledger.result(of: Self.strategy).today == .zero)
        _ = ledger.book(Self.execution(.buy, 100, at: next), strategy: Self.strategy, at: next)
        let second = ledger.result(of: Self.strategy)
        #expect(second.today == Money(whole: -1))
        #expect(second.total == Money(whole: 7))
        #expect(ledger.resultToday == second.today)
        ledger.roll(to: next + .hours(1))
        #expect(ledger.result(of: Self.strategy).today == Money(whole: -1))
    }
}
