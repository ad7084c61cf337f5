import FairleadEngine
import FairleadModel
import Testing

/// Funding and closes by the venue: cash and positions that move without an order of ours.
@Suite struct EngineFundingTests {
    static func payment(_ amount: Int64, number: UInt64, lots: Int64 = 100, at time: Timestamp) -> FundingPayment {
        FundingPayment(
            id: ExecutionID(value: number),
            instrument: EngineBench.symbol,
            positionSide: .both,
            quantity: SignedQuantity(raw: lots * 100_000),
            mark: EngineBench.price(1000),
            rate: Rate(bps: 1),
            amount: amount,
            venueTime: time
        )
    }

    // MARK: Funding

    /// Goal: a payment moves cash, the position's and the account's funding and the day's result, and nothing else.
    /// Method: a position, then a payment and a receipt.
    @Test func fundingMovesCash() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        let told = bench.engine.cash
        let before = try #require(told)
        let result = bench.engine.resultToday
        bench.feed(.fundingPaid(Self.payment(5_000, number: 50, at: bench.now)))
        #expect(bench.engine.cash == before - Money(raw8: 5_000))
        #expect(bench.engine.funding == Money(raw8: 5_000))
        #expect(bench.engine.resultToday == result - Money(raw8: 5_000))
        #expect(bench.position == 100)
        #expect(bench.commands.isEmpty)
        let records = bench.notices.compactMap { if case .funded(let record) = $0 { record } else { nil } }
        #expect(records.map(\.total) == [5_000])
        let shown = bench.notices.compactMap { if case .positionChanged(let record) = $0 { record } else { nil } }
        #expect(shown.map(\.funding) == [5_000])
        bench.feed(.fundingPaid(Self.payment(-2_000, number: 51, at: bench.now)))
        #expect(bench.engine.funding == Money(raw8: 3_000))
        let key = PositionKey(EngineBench.symbol, .both)
        #expect(bench.engine.position(key).funding == Money(raw8: 3_000))
    }

    /// Goal: a payment counts once, however often it is told. Method: twice as news, then in the listing of a new
    /// session whose cash holds it: no transfer, no divergence.
    @Test func fundingCountsOnce() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        let payment = Self.payment(5_000, number: 50, at: bench.now)
        bench.feed(.fundingPaid(payment))
        bench.feed(.fundingPaid(payment))
        #expect(bench.engine.funding == Money(raw8: 5_000))
        let told = bench.engine.cash
        let cash = try #require(told)
        let dayStart = bench.engine.dayStartNav
        bench.feed(.venueDisconnected(.paper))
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        bench.feed(.reconciliationBegan(.paper))
        bench.feed(.fundingPaid(payment))
        bench.feed(.positionReported(EngineBench.held(100, at: 1000, bench.now)))
        bench.feed(
            .balanceReported(BalanceReport(venue: .paper, cash: cash.raw8, available: cash.raw8, venueTime: bench.now))
        )
        bench.feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 2, ledgerSequence: 60, venueTime: bench.now)
            )
        )
        #expect(bench.engine.cash == cash)
        #expect(bench.engine.funding == Money(raw8: 5_000))
        #expect(bench.divergences.isEmpty)
        #expect(bench.engine.dayStartNav == dayStart)
        #expect(bench.engine.counters.repeatedFills == 2)
    }

    /// Goal: funding is a loss of the day. Method: a limit of 1 % of 100,000, a payment of 1,000 and a bit: the entry
    /// is vetoed, and was not before.
    @Test func fundingCountsForTheDayLoss() throws {
        var bench = EngineBench.trading {
            $0.risk.dailyLossLimit = Rate(bps: 100)
            $0.risk.allowsPyramiding = true
        }
        try bench.open(.buy, 100)
        bench.wait(.seconds(1))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.feed(.fundingPaid(Self.payment(1_001 * FixedPoint.one, number: 50, at: bench.now)))
        bench.wait(.seconds(1))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 61)
        #expect(bench.acknowledgements.first?.vetoes.contains(.dayLossLimit) == true)
    }

    // MARK: Closed by the venue

    static func close(_ bench: inout EngineBench, _ lots: Int64, number: UInt64, _ origin: ExecutionOrigin) {
        bench.feed(
            .orderFilled(
                Execution(
                    id: .none,
                    executionID: ExecutionID(value: number),
                    instrument: EngineBench.symbol,
                    side: .sell,
                    positionSide: .both,
                    price: EngineBench.price(900),
                    quantity: EngineBench.quantity(lots),
                    fee: 700,
                    liquidity: .taker,
                    venueTime: bench.now,
                    origin: origin
                )
            )
        )
    }

    /// Goal: a liquidation is booked, told as what it is, and halts the account until an operator resumes it; levels
    /// follow what is left, and exits pass. Method: a protected position, 60 of 100 lots closed by the venue, then an
    /// entry, an exit and a resume.
    @Test func aLiquidationHaltsTheAccount() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(950) }
        Self.close(&bench, 60, number: 900, .liquidation)
        #expect(bench.position == 40)
        #expect(bench.alarms == [.venueClosed])
        let records = bench.notices.compactMap { if case .filled(let record) = $0 { record } else { nil } }
        #expect(records.map(\.isExternal) == [true])
        #expect(records.map(\.execution.origin) == [.liquidation])
        #expect(bench.engine.tradingState == .halted)
        #expect(bench.engine.tradingStateCause == .liquidation)
        #expect(bench.engine.protection(of: PositionKey(EngineBench.symbol, .both)).stopLoss == EngineBench.price(950))
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        bench.quote(bid: 940, ask: 941)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(40)])
        bench.operate(.resume)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: a position that is closed whole takes its levels with it. Method: all of it.
    @Test func levelsGoWithThePosition() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(950) }
        Self.close(&bench, 100, number: 900, .liquidation)
        #expect(bench.position == 0)
        #expect(bench.engine.protection(of: PositionKey(EngineBench.symbol, .both)).stopLoss == nil)
        bench.quote(bid: 900, ask: 901)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: what the venue closes for its own reasons locks the symbol and no more; a stricter state is kept. Method:
    /// a deleveraging and a settlement while active, a liquidation while killed.
    @Test(arguments: [ExecutionOrigin.deleveraging, .settlement]) func otherClosesLockTheSymbol(
        _ origin: ExecutionOrigin
    ) throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        try bench.open(.buy, 100)
        Self.close(&bench, 10, number: 900, origin)
        #expect(bench.alarms == [.venueClosed])
        #expect(bench.engine.tradingState == .active)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        bench.operate(.kill)
        Self.close(&bench, 10, number: 901, .liquidation)
        #expect(bench.engine.tradingState == .killed)
        #expect(bench.engine.tradingStateCause == .operatorOrder)
    }

    // MARK: Percent price by multipliers

    /// Goal: the gateway knows the venue's multipliers on both sides of the mark, exactly, and an exit's bound stays
    /// inside them. Method: 1.05 and 0.95 of a mark of 100; limits at the bound and a tick over.
    @Test func multipliersAreKnown() throws {
        var bench = EngineBench.trading {
            $0.instruments[0].terms.multiplierUp = Rate(raw: 105_000_000)
            $0.instruments[0].terms.multiplierDown = Rate(raw: 95_000_000)
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
        bench.mark(1000)
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        // Nine tenths of the 5 % below the bid of 100: 95.5.
        #expect(exit.price == EngineBench.price(955))
        bench.fill(exit, 100, at: 1000, .taker)
        for (price, isTaken) in [(950, true), (949, false)] as [(Int64, Bool)] {
            bench.signal(.buy, 60) {
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(price)
            }
            #expect(bench.acknowledgements.first?.vetoes.contains(.invalidOrder) == !isTaken, "\(price)")
        }
    }
}

/// Instruments that trade in sessions.
@Suite struct EngineHoursTests {
    /// A Thursday, in winter: New York is five hours behind UTC.
    static func moment(_ hour: Int64, _ minute: Int64 = 0, days: Int64 = 0) -> Timestamp {
        let day = CivilDate(year: 2024, month: 1, day: 11).daysSinceEpoch + days
        return Timestamp(milliseconds: day * 86_400_000 + (hour + 5) * 3_600_000 + minute * 60_000)
    }

    static func bench(at now: Timestamp) -> EngineBench {
        var bench = EngineBench {
            $0.instruments[0].hours = .sessions
            $0.risk.allowsPyramiding = true
        }
        bench.now = now
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1)
        bench.quote(bid: 1000, ask: 1001)
        return bench
    }

    /// Goal: entries are vetoed `market_closed` outside of the session by the calendar alone, to the nanosecond.
    /// Method: the last moment before 9:30, 9:30, the last before 16:00, 16:00.
    @Test(
        arguments: [
            (moment(9, 30), -1, false), (moment(9, 30), 0, true), (moment(16), -1, true), (moment(16), 0, false),
        ] as [(Timestamp, Int64, Bool)]
    )
    func entriesKeepTheHours(_ time: Timestamp, _ offset: Int64, _ isOpen: Bool) {
        var bench = Self.bench(at: Timestamp(nanoseconds: time.nanoseconds + offset))
        bench.signal(.buy, 100)
        #expect(bench.acknowledgements.first?.vetoes.contains(.marketClosed) == !isOpen)
    }

    /// Goal: an exit of the night waits for the next session and is not tried all night. Method: a position of the
    /// afternoon, an exit at 17:00 of Friday before a long weekend's rest: nothing leaves until Monday 9:30, then one.
    @Test func exitsWaitForTheNextSession() throws {
        var bench = Self.bench(at: Self.moment(15, 50, days: 1))
        try bench.open(.buy, 100)
        bench.now = Self.moment(17, days: 1)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(bench.submissions.isEmpty)
        bench.now = Self.moment(9, 29, days: 4)
        bench.feed(.timer)
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.submissions.isEmpty)
        bench.now = Self.moment(9, 30, days: 4)
        bench.feed(.timer)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(100)])
    }

    /// Goal: the venue's word ends the wait too, and its halt holds inside a session. Method: a halt at 10:00, an exit,
    /// its end.
    @Test func theVenuesWordCountsInsideASession() throws {
        var bench = Self.bench(at: Self.moment(10))
        try bench.open(.buy, 100)
        bench.halt()
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.marketClosed) == true)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.submissions.isEmpty)
        bench.halt(false)
        #expect(bench.submissions.count == 1)
    }
}
