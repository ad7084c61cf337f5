import FairleadJournal
import FairleadModel
import Foundation
import Testing

@testable import FairleadMarketData
@testable import FairleadNode
@testable import FairleadReport

/// The page of a run that is told by hand: a minute of one symbol, two orders, a veto and a signal that can't be read.
@Suite struct GoldenPageTests {
    private static let start = Timestamp(milliseconds: 1_723_075_200_000)
    private static let symbol = InstrumentHandle(0)

    private static let instrument = Instrument(
        symbol: "BTCUSDT",
        terms: InstrumentTerms(
            tick: Price(raw: 10_000_000),
            lot: Quantity(raw: 100_000),
            minimumQuantity: Quantity(raw: 100_000),
            maximumQuantity: Quantity(raw: 100_000_000_000)
        ),
        origin: "test"
    )

    private static func price(_ tenths: Int64) -> Price { Price(raw: tenths * 10_000_000) }

    private static func order(_ parent: UInt32, _ leg: OrderLeg) -> ClientOrderID {
        ClientOrderID(epoch: Epoch(number: 1), parent: parent, leg: leg, slice: 0, attempt: 0, slot: parent)
    }

    private static func at(_ second: Int64) -> Timestamp { start + .seconds(second) }

    /// Tells the whole life of one order that is filled at once.
    private static func trade(
        _ seen: RunCollector,
        _ statistics: inout RunStatistics,
        parent: UInt32,
        side: Side,
        _ liquidity: Liquidity,
        at second: Int64,
        held: Int64
    ) {
        func tell(_ notice: Notice) {
            seen.noticed(notice, at: at(second))
            statistics.add(notice)
        }
        let number = SignalNumber(value: UInt64(parent))
        seen.received(ReceivedSignal(number: number, signalID: "s-\(parent)", strategy: StrategyHandle(index: 2)))
        let intent = IntentID(epoch: Epoch(number: 1), parent: parent)
        tell(
            .acknowledged(SignalAcknowledgement(number: number, disposition: .accepted, source: .file, intent: intent))
        )
        let id = order(parent, liquidity == .maker ? .maker : .taker)
        let fillPrice = price(side == .buy ? 600_000 : 600_120)
        for (from, to) in [(OrderState.created, OrderState.submitted), (.submitted, .filled)] {
            tell(.orderChanged(change(id, number, side, liquidity, fillPrice, from, to)))
        }
        let realized: Int64 = side == .sell ? 6_000_000 : 0
        let execution = execution(id, side, liquidity, fillPrice, at: second)
        tell(
            .filled(
                FillRecord(
                    execution: execution,
                    number: number,
                    venueOrderID: .none,
                    arrival: price(600_005),
                    intended: fillPrice,
                    realized: realized,
                    isLate: false,
                    isExternal: false
                )
            )
        )
        tell(
            .positionChanged(
                PositionRecord(
                    instrument: symbol,
                    positionSide: .both,
                    quantity: SignedQuantity(raw: held),
                    averagePrice: fillPrice,
                    mark: fillPrice,
                    realized: realized,
                    unrealized: 0,
                    fees: execution.fee,
                    funding: 0
                )
            )
        )
        tell(.parentClosed(parentRecord(intent, number, side, liquidity, fillPrice, fee: execution.fee)))
    }

    private static let quantity = Quantity(raw: 500_000)

    private static func change(
        _ id: ClientOrderID,
        _ number: SignalNumber,
        _ side: Side,
        _ liquidity: Liquidity,
        _ price: Price,
        _ from: OrderState,
        _ to: OrderState
    ) -> OrderChange {
        OrderChange(
            id: id,
            number: number,
            venueOrderID: .none,
            instrument: symbol,
            side: side,
            positionSide: .both,
            type: liquidity == .maker ? .postOnly : .marketableLimit,
            timeInForce: .gtc,
            price: price,
            quantity: quantity,
            filled: to == .filled ? quantity : .zero,
            from: from,
            to: to,
            reduceOnly: false,
            venueTime: start
        )
    }

    private static func execution(
        _ id: ClientOrderID,
        _ side: Side,
        _ liquidity: Liquidity,
        _ price: Price,
        at second: Int64
    ) -> Execution {
        Execution(
            id: id,
            executionID: ExecutionID(value: UInt64(id.parent)),
            instrument: symbol,
            side: side,
            positionSide: .both,
            price: price,
            quantity: quantity,
            fee: liquidity == .maker ? 6_000_000 : 15_000_000,
            liquidity: liquidity,
            venueTime: at(second)
        )
    }

    private static func parentRecord(
        _ intent: IntentID,
        _ number: SignalNumber,
        _ side: Side,
        _ liquidity: Liquidity,
        _ average: Price,
        fee: Int64
    ) -> ParentRecord {
        ParentRecord(
            number: number,
            intent: intent,
            instrument: symbol,
            strategy: StrategyHandle(index: 2),
            side: side,
            outcome: .filled,
            routedAs: liquidity == .maker ? .maker : .makerThenTaker,
            fallbackReason: liquidity == .maker ? .none : .makerTimeout,
            isReducing: side == .sell,
            source: .file,
            approved: quantity,
            filled: quantity,
            averagePrice: average,
            arrival: price(600_005),
            fees: fee,
            makerFilled: liquidity == .maker ? quantity : .zero
        )
    }

    private static func refuse(_ seen: RunCollector, _ statistics: inout RunStatistics) {
        func tell(_ notice: Notice) {
            seen.noticed(notice, at: at(45))
            statistics.add(notice)
        }
        let vetoed = SignalNumber(value: 3)
        seen.received(ReceivedSignal(number: vetoed, signalID: "too-large", strategy: StrategyHandle(index: 2)))
        tell(
            .riskRow(
                RiskRow(
                    number: vetoed,
                    rule: .maxOrderNotional,
                    status: .broken,
                    unit: .money,
                    observed: 90_000_000_000_000,
                    threshold: 1_000_000_000_000
                )
            )
        )
        var reasons = VetoReasons()
        reasons.insert(.maxOrderNotional)
        tell(
            .acknowledged(
                SignalAcknowledgement(
                    number: vetoed,
                    disposition: .vetoed,
                    source: .file,
                    instrument: symbol,
                    vetoes: reasons
                )
            )
        )
        let invalid = SignalNumber(value: 4)
        seen.received(
            ReceivedSignal(number: invalid, signalID: "kelly", refusal: "size.kelly: is not supported by this version")
        )
        tell(
            .acknowledged(
                SignalAcknowledgement(number: invalid, disposition: .invalid, source: .file, invalid: .notSupported)
            )
        )
    }

    private static func profit(_ nav: Int64, _ drawdown: Int64) -> Notice {
        .profitMeasured(
            ProfitRecord(
                venue: .paper,
                nav: nav,
                peak: 10_000_000_000_000,
                drawdown: Rate(raw: drawdown),
                cash: nav,
                realized: 6_000_000,
                unrealized: 0,
                fees: 21_000_000,
                funding: 0,
                resultToday: -15_000_000,
                openPositions: 0
            )
        )
    }

    static func page() -> String {
        let seen = RunCollector([instrument])
        var statistics = RunStatistics([instrument])
        for second in 0...60 {
            let mid = 600_000 + Int64(second * second % 97) * 2
            let quote = Quote(
                instrument: symbol,
                bid: price(mid - 1),
                bidQuantity: Quantity(raw: 100_000_000),
                ask: price(mid + 1),
                askQuantity: Quantity(raw: 100_000_000),
                venueTime: at(Int64(second))
            )
            seen.played(
                MarketRecord(time: at(Int64(second)), ordinal: UInt64(second + 1), content: .quote(quote, updateID: 0))
            )
            let lost: Int64 = second < 10 ? 0 : second < 30 ? 6_000_000 : 15_000_000
            seen.noticed(profit(10_000_000_000_000 - lost, lost / 100_000), at: at(Int64(second)))
            if second == 10 {
                trade(seen, &statistics, parent: 1, side: .buy, .maker, at: 10, held: 500_000)
            } else if second == 30 {
                trade(seen, &statistics, parent: 2, side: .sell, .taker, at: 30, held: 0)
            } else if second == 45 {
                refuse(seen, &statistics)
            }
        }
        var counts = TapeCounts()
        (counts.lines, counts.quotes) = (61, 61)
        let result = BacktestResult(
            statistics: statistics,
            sequence: 40,
            endTime: at(60),
            commandHash: .zero,
            commandCount: 2,
            stateHash: .zero,
            marketEvents: 61,
            signalLines: 4,
            unusedSignalLines: 0,
            tapes: [TapeReport(counts: counts)],
            tapeSource: .zero,
            strategies: [
                StrategyReport(name: "", realized: .zero, fees: .zero, funding: .zero, fills: 0),
                StrategyReport(name: "screener", realized: .zero, fees: .zero, funding: .zero, fills: 0),
                StrategyReport(
                    name: "trend",
                    realized: Money(raw8: 6_000_000),
                    fees: Money(raw8: 21_000_000),
                    funding: .zero,
                    fills: 2
                ),
            ],
            depth: []
        )
        let head = ReportHead(
            version: "1.0",
            configurationHash: Digest128(high: 1, low: 2),
            configurationSource: "config",
            settings: [ReportHead.Setting("router.maker_timeout_ms", "1500")],
            currency: "USDT",
            startingBalance: Money(whole: 100_000),
            tapes: [ReportHead.Tape(path: "btc.gz", digest: "aa")],
            signals: [ReportHead.Signals(path: "a.jsonl", strategy: "trend", digest: "bb")],
            journalHash: "cc",
            inputsHash: Digest128(high: 3, low: 4)
        )
        return RunPage(head, result, seen).text
    }

    /// Goal: the page changes only on purpose.
    /// Method: compare with a file; FAIRLEAD_UPDATE_GOLDEN=1 writes it anew.
    @Test func pageIsGolden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/report.html")
        let text = Self.page()
        try WellFormed.check(text)
        if ProcessInfo.processInfo.environment["FAIRLEAD_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "run again with FAIRLEAD_UPDATE_GOLDEN=1")
    }
}
