import FairleadConfiguration
import FairleadModel
import FairleadNode
import Testing

@testable import fairlead

/// Which notices belong to a signal: hand-made ones, in the journal's order.
@Suite struct SignalChainTests {
    private static let entry = SignalNumber(value: 7)
    private static let symbol = InstrumentHandle(0)

    private static func exit(_ count: UInt64) -> SignalNumber { SignalNumber(value: 1 << 63 | count) }
    private static func lots(_ count: Int64) -> Quantity { Quantity(raw: count * 100_000) }
    private static func price(_ whole: Int64) -> Price { Price(raw: whole * FixedPoint.one) }

    /// At second `sequence`.
    private static func row(_ sequence: UInt64, _ notice: Notice) -> NoticeEntry {
        NoticeEntry(sequence: sequence, time: Timestamp(milliseconds: Int64(sequence) * 1_000), notice: notice)
    }

    private static func sized(_ number: SignalNumber, _ count: Int64) -> Notice {
        .sized(
            SizingRecord(
                number: number,
                instrument: symbol,
                requested: .quantity(lots(count)),
                referencePrice: .zero,
                nav: nil,
                requestedQuantity: lots(count),
                sizedQuantity: lots(count)
            )
        )
    }

    private static func answered(_ number: SignalNumber, cause: SignalNumber) -> Notice {
        .acknowledged(
            SignalAcknowledgement(number: number, disposition: .accepted, source: .exitScanner, cause: cause)
        )
    }

    private static func fired(_ at: Int64, _ count: Int64, of number: SignalNumber = entry) -> Notice {
        .levelChanged(
            LevelRecord(
                number: number,
                instrument: symbol,
                positionSide: .both,
                kind: .takeProfit,
                event: .fired,
                price: price(at),
                quantity: lots(count),
                trigger: price(at)
            )
        )
    }

    private static func filled(
        _ number: SignalNumber,
        _ side: Side,
        _ count: Int64,
        at paid: Int64,
        realized: Int64 = 0
    ) -> Notice {
        let id = ClientOrderID(epoch: Epoch(number: 1), parent: 1, leg: .exit, slice: 0, attempt: 0, slot: 1)
        return .filled(
            FillRecord(
                execution: Execution(
                    id: id,
                    executionID: ExecutionID(value: 1),
                    instrument: symbol,
                    side: side,
                    positionSide: .both,
                    price: price(paid),
                    quantity: lots(count),
                    fee: 3,
                    liquidity: .taker,
                    venueTime: .never
                ),
                number: number,
                venueOrderID: .none,
                arrival: .zero,
                intended: .zero,
                realized: realized,
                isLate: false,
                isExternal: false
            )
        )
    }

    private static func closed(_ number: SignalNumber, from opened: UInt64, to end: UInt64, _ side: Side) -> Notice {
        .tradeClosed(
            ClosedTrade(
                number: number,
                instrument: symbol,
                side: side,
                exit: .signal,
                openedAt: Timestamp(milliseconds: Int64(opened) * 1_000),
                closedAt: Timestamp(milliseconds: Int64(end) * 1_000),
                quantity: lots(1),
                entryNotional: 1,
                profit: 1,
                fees: 1,
                funding: 0,
                profitRate: .zero
            )
        )
    }

    private static func chain(_ number: SignalNumber, cause: SignalNumber = .none, _ rows: [NoticeEntry]) -> SignalChain
    {
        var chain = SignalChain(number, cause: cause)
        for row in rows { chain.take(row) }
        return chain
    }

    /// Goal: an exit belongs to the entry that its answer names, with what was said of it before the answer, and to no
    /// other. Method: two exits of the entry around one of another entry, in one moment.
    @Test func exitsBelongToTheirCause() {
        let rows = [
            Self.row(5, Self.fired(62, 40)), Self.row(5, Self.sized(Self.exit(1), 40)),
            Self.row(5, Self.answered(Self.exit(1), cause: Self.entry)),
            Self.row(5, Self.fired(62, 10, of: SignalNumber(value: 8))), Self.row(5, Self.sized(Self.exit(2), 10)),
            Self.row(5, Self.answered(Self.exit(2), cause: SignalNumber(value: 8))),
            Self.row(5, Self.fired(63, 60)), Self.row(5, Self.sized(Self.exit(3), 60)),
            Self.row(5, Self.answered(Self.exit(3), cause: Self.entry)),
            Self.row(6, Self.filled(Self.exit(3), .sell, 60, at: 63)),
        ]
        let found = Self.chain(Self.entry, rows).causedExits
        #expect(found.map(\.number) == [Self.exit(1), Self.exit(3)])
        #expect(found.map(\.rows.count) == [2, 3])
        let prices = found.map { exit -> Price? in
            if case .levelChanged(let level) = exit.firing?.notice { level.price } else { nil }
        }
        #expect(prices == [Self.price(62), Self.price(63)])

        let second = Self.chain(Self.exit(3), cause: Self.entry, rows)
        #expect(second.own.count == 3)
        #expect(second.cause == Self.entry)
        if case .levelChanged(let level) = second.ownFiring?.notice {
            #expect(level.price == Self.price(63))
        } else {
            Issue.record("no level")
        }
        #expect(Self.chain(SignalNumber(value: 9), rows).causedExits.isEmpty)
    }

    private static func waits(_ number: SignalNumber, for trigger: Int64) -> Notice {
        .orderChanged(
            OrderChange(
                id: ClientOrderID(epoch: Epoch(number: 1), parent: 1, leg: .exit, slice: 0, attempt: 0, slot: 1),
                number: number,
                venueOrderID: .none,
                instrument: symbol,
                side: .sell,
                positionSide: .both,
                type: .market,
                timeInForce: .gtc,
                price: .zero,
                quantity: lots(40),
                filled: .zero,
                from: .submitted,
                to: .working,
                reduceOnly: true,
                venueTime: .never,
                trigger: price(trigger)
            )
        )
    }

    /// Goal: an order that waited at the venue is told with the level that was reached, and one that was not triggered
    /// with none. Method: two placed in one moment; the second is triggered and filled at the level's price, and where
    /// the level had moved past it.
    @Test(arguments: [63, 62] as [Int64]) func ordersAtTheVenueFindTheirLevel(_ trigger: Int64) {
        let found = Self.chain(
            Self.entry,
            [
                Self.row(5, Self.sized(Self.exit(1), 40)), Self.row(5, Self.answered(Self.exit(1), cause: Self.entry)),
                Self.row(5, Self.sized(Self.exit(2), 40)), Self.row(5, Self.answered(Self.exit(2), cause: Self.entry)),
                Self.row(6, Self.waits(Self.exit(1), for: 50)), Self.row(7, Self.waits(Self.exit(2), for: trigger)),
                Self.row(9, Self.fired(63, 40)), Self.row(9, Self.filled(Self.exit(2), .sell, 40, at: 64)),
                Self.row(11, Self.fired(50, 9)),
            ]
        ).causedExits
        #expect(found.map { $0.firing == nil } == [true, false])
    }

    private static func level(_ kind: LevelKind, _ at: Int64, _ event: LevelEvent = .registered) -> Notice {
        .levelChanged(
            LevelRecord(
                number: entry,
                instrument: symbol,
                positionSide: .both,
                kind: kind,
                event: event,
                price: price(at),
                quantity: lots(40),
                trigger: .zero
            )
        )
    }

    /// Goal: an exit that waited at the venue and was not triggered says which level it waited for, asked of the entry
    /// and of the exit. Method: a target and a stop; a stop that has moved since it was told; one that trails.
    @Test func ordersThatWaitedNameTheirLevel() {
        typealias Level = SignalChain.AwaitedLevel
        func rows(stop: Int64) -> [NoticeEntry] {
            [
                Self.row(4, Self.level(.takeProfit, 70)), Self.row(4, Self.level(.stopLoss, stop)),
                Self.row(5, Self.sized(Self.exit(1), 40)), Self.row(5, Self.answered(Self.exit(1), cause: Self.entry)),
                Self.row(6, Self.waits(Self.exit(1), for: 70)),
                Self.row(7, Self.sized(Self.exit(2), 40)), Self.row(7, Self.answered(Self.exit(2), cause: Self.entry)),
                Self.row(8, Self.waits(Self.exit(2), for: 50)),
            ]
        }
        for (stop, name) in [(50, "stop_loss"), (48, "stop_loss"), (0, "trailing")] as [(Int64, String)] {
            let (target, stopped) = (
                Level(kind: "take_profit", price: Self.price(70)), Level(kind: name, price: Self.price(50))
            )
            #expect(Self.chain(Self.entry, rows(stop: stop)).causedExits.map(\.awaited) == [target, stopped])
            let own = Self.chain(Self.exit(2), cause: Self.entry, rows(stop: stop))
            #expect(own.ownAwaited == stopped)
            #expect(own.ownFiring == nil)
        }
        let chain = Self.chain(Self.entry, rows(stop: 50)).json(nil, RunNames([]))
        let lines = Screens.chain(.object(chain), Style(noColor: true, isPlain: false, isTerminal: false))
        #expect(lines.contains("exit  take_profit 70, not reached"))
        #expect(lines.contains("exit  stop_loss 50, not reached"))
        #expect(!lines.contains("of a level"))
    }

    /// Goal: what waits at the venue is listed with what it waits for. Method: a stop as `orders` gives it.
    @Test func ordersThatWaitShowTheirTrigger() {
        let row: JSONValue = [
            "client_order_id": "fl-1", "symbol": "BTCUSDT", "side": "SELL", "order_type": "market",
            "condition": "stop", "state": "working", "price": .null, "trigger_price": "61826", "quantity": "0.032",
            "filled": "0", "created_ts": "2026-01-01T00:00:00.000Z",
        ]
        let text = Screens.orders([row], Style(noColor: true, isPlain: false, isTerminal: false))
        #expect(text.contains("TRIGGER"))
        #expect(text.contains("stop market"))
        #expect(text.contains("61826"))
    }

    /// Goal: a trade is told with everybody who entered and who closed it, by what each filled; fills before and after
    /// it are not its own. Method: a trade before, one of two entries and two closes, one of them an exit of the
    /// first, and one after; asked by each signal, and from a later beginning with the rest given afterwards.
    @Test func tradesNameWhoEnteredAndWhoClosed() {
        let (added, close) = (SignalNumber(value: 8), SignalNumber(value: 9))
        let rows = [
            Self.row(1, Self.filled(added, .buy, 5, at: 50)), Self.row(2, Self.filled(close, .sell, 5, at: 50)),
            Self.row(2, Self.closed(close, from: 1, to: 2, .buy)),
            Self.row(3, Self.filled(Self.entry, .buy, 10, at: 60)), Self.row(4, Self.filled(added, .buy, 20, at: 61)),
            Self.row(5, Self.filled(Self.entry, .buy, 30, at: 64)),
            Self.row(6, Self.filled(Self.exit(1), .sell, 40, at: 65, realized: 11)),
            Self.row(7, Self.filled(close, .sell, 20, at: 66, realized: 12)),
            Self.row(7, Self.closed(close, from: 3, to: 7, .buy)),
            Self.row(8, Self.filled(added, .sell, 9, at: 66)), Self.row(9, Self.filled(close, .buy, 9, at: 66)),
            Self.row(9, Self.closed(close, from: 8, to: 9, .sell)),
        ]
        func expect(_ trade: ChainTrade?, _ asked: SignalNumber) {
            let entered = trade?.totals(.buy) ?? []
            let left = trade?.totals(.sell) ?? []
            #expect(entered.map(\.number) == [Self.entry, added], "\(asked)")
            #expect(entered.map(\.quantity) == [Self.lots(40), Self.lots(20)], "\(asked)")
            #expect(entered.first?.averagePrice == Self.price(63), "\(asked)")
            #expect(left.map(\.number) == [Self.exit(1), close], "\(asked)")
            #expect(left.map(\.realized) == [Money(raw8: 11), Money(raw8: 12)], "\(asked)")
            #expect(left.map(\.fees) == [Money(raw8: 3), Money(raw8: 3)], "\(asked)")
        }
        for (asked, count, place) in [(Self.entry, 1, 0), (Self.exit(1), 1, 0), (added, 3, 1), (close, 3, 1)] {
            let trades = Self.chain(asked, rows).trades
            #expect(trades.count == count, "\(asked)")
            expect(trades.count > place ? trades[place] : nil, asked)
        }
        var late = Self.chain(close, Array(rows[7...8]))
        #expect(late.trades.first?.totals(.buy).isEmpty == true)
        late.complete(rows)
        expect(late.trades.first, close)
    }
}
