import FairleadModel
import FairleadNode
import Testing

@testable import FairleadReport

/// What executions came to, from notices that are told by hand.
@Suite struct CostLedgerTests {
    private static let names = RunNames([
        Instrument(
            symbol: "BTCUSDT",
            terms: InstrumentTerms(
                tick: Price(raw: 1_000_000),
                lot: Quantity(raw: 100_000_000),
                minimumQuantity: Quantity(raw: 100_000_000),
                maximumQuantity: Quantity(raw: 100_000_000_000_000)
            ),
            origin: "test"
        )
    ])
    private static let start = Timestamp(milliseconds: 1_723_075_200_000)
    private static let number = SignalNumber(value: 1)
    private static let intent = IntentID(epoch: Epoch(number: 1), parent: 1)
    private static let id = ClientOrderID(
        epoch: Epoch(number: 1),
        parent: 1,
        leg: .taker,
        slice: 0,
        attempt: 0,
        slot: 1
    )

    private static func cents(_ price: Int64) -> Price { Price(raw: price * 1_000_000) }
    private static func units(_ quantity: Int64) -> Quantity { Quantity(raw: quantity * FixedPoint.one) }

    private static func fill(_ execution: UInt64, _ price: Int64, _ quantity: Int64, _ liquidity: Liquidity)
        -> FillMeasure
    {
        let notional = price * quantity * 1_000_000
        return FillMeasure(
            Execution(
                id: id,
                executionID: ExecutionID(value: execution),
                instrument: InstrumentHandle(0),
                side: .buy,
                positionSide: .both,
                price: cents(price),
                quantity: units(quantity),
                fee: notional / 2000,
                liquidity: liquidity,
                venueTime: start
            ),
            number: number,
            notional: notional,
            intended: cents(price),
            arrival: cents(10_005),
            decision: cents(10_000),
            mid: cents(10_005),
            latency: .milliseconds(20),
            isTwapChild: false,
            isLate: false
        )
    }

    private static let parent = ParentRecord(
        number: number,
        intent: intent,
        instrument: InstrumentHandle(0),
        strategy: .unnamed,
        side: .buy,
        outcome: .partiallyFilled,
        routedAs: .makerThenTaker,
        fallbackReason: .makerTimeout,
        isReducing: false,
        source: .file,
        approved: units(1000),
        filled: units(700),
        averagePrice: cents(10_010),
        arrival: cents(10_005),
        fees: 0,
        makerFilled: units(400)
    )

    /// EXECUTION-QUALITY 2's vector.
    private static let shortfall: ShortfallMeasure = {
        var measure = ShortfallMeasure(
            number: number,
            intent: intent,
            instrument: InstrumentHandle(0),
            strategy: .unnamed,
            side: .buy,
            basis: .signalTime,
            quantity: units(1000),
            filled: units(700),
            decision: cents(10_000),
            arrival: cents(10_005),
            end: cents(10_030),
            notional: 100_000 * FixedPoint.one,
            fees: 3_503_400_000
        )
        measure.delay = 3_500_000_000
        measure.trading = 3_300_000_000
        measure.opportunity = 9_000_000_000
        return measure
    }()

    private static func ledger(_ notices: [Notice], symbol: String? = nil) -> CostLedger {
        var ledger = CostLedger(symbol: symbol)
        for (index, notice) in notices.enumerated() {
            let time = start + .seconds(Int64(index))
            ledger.add(NoticeEntry(sequence: UInt64(index + 1), time: time, notice: notice), names)
        }
        return ledger
    }

    private static let story: [Notice] = [
        .fillMeasured(fill(1, 10_008, 400, .maker)), .fillMeasured(fill(2, 10_012, 300, .taker)),
        .parentClosed(parent), .shortfallMeasured(shortfall),
    ]

    /// Goal: a parent's parts are those of the vector, and stand under its symbol, route and hour. Method: its story.
    @Test func theVectorIsTold() throws {
        let ledger = Self.ledger(Self.story)
        let total = ledger.total
        let shortfall = total.execution.shortfall
        #expect(abs(try #require(shortfall.bps(shortfall.total)) - 19.3034) < 1e-6)
        #expect(abs(try #require(shortfall.bps(shortfall.opportunity)) - 9) < 1e-9)
        #expect(abs(try #require(total.fillRate) - 0.7) < 1e-12)
        #expect(total.parents == 1 && total.filled == 0 && total.fills == 2 && total.fallbacks == 1)
        #expect(abs(try #require(total.makerShare) - 400.32 / 700.68) < 1e-6)
        #expect(ledger.rows(.symbol).map(\.name) == ["BTCUSDT"])
        #expect(ledger.rows(.route).map(\.name) == ["maker_then_taker"])
        #expect(ledger.rows(.hour).map(\.name) == ["00"])
        #expect(ledger.openFills == 0)
    }

    /// Goal: fills of an order at work are told apart; another symbol's count nowhere. Method: a story without its end,
    /// and one that is filtered.
    @Test func whatHasNotEndedWaits() {
        let open = Self.ledger(Array(Self.story.prefix(2)))
        #expect(open.openFills == 2)
        #expect(open.total.fills == 0)
        let other = Self.ledger(Self.story, symbol: "ETHUSDT")
        #expect(other.total.parents == 0)
        #expect(other.openFills == 0)
    }

    /// Goal: behind each mark-out stands of how many fills it is, and where that is not all it is said. Method: two
    /// fills of which none is old enough yet, then one of them.
    @Test func markoutsSayOfHowMany() throws {
        let young = CostReport(Self.ledger(Self.story), currency: "USDT")
        #expect(young.json["by_total"]?[0]?["markout_5s_fills"]?.lexeme == "0")
        #expect(young.csv.contains("markout_5s_bps,markout_5s_fills"))
        #expect(young.markoutNote?.hasPrefix("mark-outs are of 0 of 2 fills") == true)
        #expect(young.page.contains("Of these, mark-outs are of 0 of 2 fills"))
        var measure = MarkoutMeasure(Self.fill(1, 10_008, 400, .maker), at: Self.start)
        for horizon in MarkoutHorizon.allCases { measure.later[horizon] = Self.cents(10_010) }
        measure.reached = UInt8(MarkoutHorizon.allCases.count)
        let old = CostReport(Self.ledger(Self.story + [.markoutMeasured(measure)]), currency: "USDT")
        #expect(old.json["by_total"]?[0]?["markout_5s_fills"]?.lexeme == "1")
        #expect(old.markoutNote?.hasPrefix("mark-outs are of 1 of 2 fills") == true)
        #expect(CostReport.headings(.total).count(where: { $0 == "of" }) == 3)
        #expect(CostReport(CostLedger(), currency: "USDT").markoutNote == nil)
    }

    /// Goal: the exports tell the same, and the page is sound. Method: CSV, JSON and page of the story, and of nothing.
    @Test func theExportsAgree() throws {
        let report = CostReport(Self.ledger(Self.story), currency: "USDT")
        let lines = report.csv.split(separator: "\n")
        #expect(lines.count == 1 + CostLedger.Dimension.allCases.count)
        let row = try #require(report.json["by_symbol"]?[0])
        #expect(row["shortfall_bps"]?.lexeme == "19.3034")
        #expect(row["net_cost_bps"]?.lexeme.map { lines[2].contains($0) } == true)
        try WellFormed.check(report.page)
        #expect(report.page.contains("maker_then_taker"))
        try WellFormed.check(CostReport(CostLedger(), currency: "USDT").page)
    }
}
