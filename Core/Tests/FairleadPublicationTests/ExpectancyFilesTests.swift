import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// `expectancy_v6.json` and `symbol_scores_v6.json`, made of an engine that has traded.
@Suite struct ExpectancyFilesTests {
    typealias Fixture = PublicationFixture

    /// An engine on the demo's symbols that is fed by hand.
    private struct Trader: ~Copyable {
        let configuration: ResolvedConfiguration
        var engine: Engine
        var out = Outbox()
        var now = Fixture.start
        var signals: UInt64 = 0
        var executions: UInt64 = 0

        init() throws {
            configuration = try Fixture.configuration()
            engine = Engine(configuration: configuration.engine)
            feed(.epochOpened(Epoch(number: 1)))
            feed(.venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: now)))
            feed(.reconciliationBegan(.paper))
            let cash = 100_000 * FixedPoint.one
            feed(.balanceReported(BalanceReport(venue: .paper, cash: cash, available: cash, venueTime: now)))
            let report = ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: now)
            feed(.reconciliationCompleted(report))
        }

        mutating func feed(_ event: Event) {
            out.clear()
            engine.apply(event, at: now, into: &out)
        }

        /// A signal that is filled at a price, after a minute and a look at the NAV.
        mutating func trade(_ side: Side, _ intent: Intent, at price: Int64) throws {
            now = now + .minutes(1)
            let instrument = InstrumentHandle(0)
            let touch = Price(raw: 60_000 * FixedPoint.one)
            feed(
                .quoted(
                    Quote(
                        instrument: instrument,
                        bid: touch,
                        bidQuantity: Quantity(raw: FixedPoint.one),
                        ask: Price(raw: touch.raw + 10_000_000),
                        askQuantity: Quantity(raw: FixedPoint.one),
                        venueTime: now
                    )
                )
            )
            feed(.timer)
            signals += 1
            var terms = SignalTerms(
                number: SignalNumber(value: signals),
                digest: Digest128(high: 1, low: signals),
                instrument: instrument,
                side: side,
                size: .quantity(Quantity(raw: 1_000_000))
            )
            terms.intent = intent
            terms.style = .taker
            engine.stage(terms)
            feed(.signalReceived)
            let sent = out.commands.compactMap { if case .submit(let order) = $0 { order } else { nil } }
            let order = try #require(sent.first)
            executions += 1
            feed(
                .orderFilled(
                    Execution(
                        id: order.id,
                        executionID: ExecutionID(value: executions),
                        instrument: instrument,
                        side: side,
                        positionSide: .both,
                        price: Price(raw: price * FixedPoint.one),
                        quantity: order.quantity,
                        fee: 0,
                        liquidity: .taker,
                        venueTime: now
                    )
                )
            )
        }

        func documents() throws -> (expectancy: JSONValue, scores: JSONValue) {
            (try document(.expectancy), try document(.symbolScores))
        }

        /// One of the files; all of them hold to their schemas.
        func document(_ wanted: StateFile) throws -> JSONValue {
            let documents = StateDocuments(
                journal: Fixture.journal.id,
                software: Fixture.software,
                configurationHash: .zero
            )
            let files = documents.make(
                ReplicaMoment(sequence: 9, time: now, configuration: configuration),
                engine: engine,
                names: RunNames(configuration.engine.instruments),
                counters: DiagnosticsCounters(since: Fixture.start, isComplete: true)
            )
            for file in files {
                let violation = try Fixture.schema(file.file).violation(of: try JSONParser.parse(file.bytes))
                #expect(violation == nil, "\(file.file.fileName): \(String(describing: violation))")
            }
            return try JSONParser.parse(files.first { $0.file == wanted }?.bytes ?? [])
        }
    }

    /// Goal: sizes are only judged by enough trades, are lowered by what they cost, and are raised in the normal risk
    /// mode alone. Method: strength by strength, at 29 and 30 trades, in each mode.
    @Test func allocationsFollowStrength() {
        func expectancy(_ profit: Int64, _ count: Int) -> Expectancy {
            var found = Expectancy()
            for index in 0..<count {
                // Every second one breaks even, so that the hit rate says nothing of its own.
                let trade = ClosedTrade(
                    instrument: InstrumentHandle(0),
                    side: .buy,
                    exit: .signal,
                    openedAt: Fixture.start,
                    closedAt: Fixture.start,
                    quantity: Quantity(raw: 1),
                    entryNotional: 1,
                    profit: index.isMultiple(of: 2) ? profit * 200_000_000 : 0,
                    fees: 0,
                    funding: 0,
                    profitRate: .zero
                )
                found.add(trade)
            }
            return found
        }
        func suggest(_ profit: Int64, _ count: Int = 30, _ mode: RiskMode = .normal) -> AllocationSuggestion {
            AllocationSuggestion(expectancy(profit, count), mode: mode)
        }
        #expect(suggest(6, 29).action == .wait && suggest(6, 29).multiplier == .one)
        #expect(suggest(6).action == .raise && suggest(6).multiplier == Rate(raw: 125_000_000))
        #expect(suggest(2).action == .raise && suggest(2).multiplier == Rate(raw: 110_000_000))
        #expect(suggest(0).action == .keep)
        #expect(suggest(-1).action == .lower && suggest(-1).multiplier == Rate(raw: 75_000_000))
        #expect(suggest(-4).action == .lower && suggest(-4).multiplier == Rate(raw: 50_000_000))
        for mode in RiskMode.allCases where mode != .normal {
            #expect(suggest(6, 30, mode).action == .keep)
            #expect(suggest(-4, 30, mode).action == .lower)
        }
    }

    /// Goal: the indicators and the suggested sizes stand in their files, under their schemas. Method: one trade that
    /// won and one that lost.
    @Test func indicatorsAndAllocations() throws {
        var trader = try Trader()
        try trader.trade(.buy, .entry, at: 60_000)
        try trader.trade(.sell, .exit, at: 60_600)
        try trader.trade(.buy, .entry, at: 60_000)
        try trader.trade(.sell, .exit, at: 59_700)
        let indicators = try trader.document(.indicators)
        #expect(indicators["trades"]?["count"] == 2)
        #expect(indicators["trades"]?["hit_rate"]?.lexeme == "0.5")
        #expect(indicators["trades"]?["profit_factor"]?.lexeme == "2.0")
        #expect(indicators["flow"]?["fills"] == 4)
        #expect(indicators["account"]?["trading_state"] == "active")
        #expect(indicators["account"]?["realized_pnl"] == "3")
        let allocation = try trader.document(.allocation)
        let strategy = allocation["strategies"]?["unnamed"]
        #expect(strategy?["action"] == "wait")
        #expect(strategy?["multiplier"]?.lexeme == "1.0")
        #expect(strategy?["kelly_basis"] == "base_fraction")
        #expect(allocation["symbols"]?["BTCUSDT"]?["trades"] == 2)
    }

    /// Goal: what trades came to stands by symbol, strategy and hour, and what no trade tells is left out. Method: one
    /// trade that won 1 % of 600 and one that lost a half; the files, under their schemas.
    @Test func tradesAreToldByKind() throws {
        var trader = try Trader()
        try trader.trade(.buy, .entry, at: 60_000)
        try trader.trade(.sell, .exit, at: 60_600)
        let first = try trader.documents().expectancy
        let won = first["symbols"]?["BTCUSDT"]
        #expect(won?["count"] == 1)
        #expect(won?["mature"] == false)
        #expect(won?["avg_win"]?.lexeme == "6.0")
        #expect(won?["avg_loss"] == nil)
        #expect(won?["hit_rate"]?.lexeme == "1.0")
        #expect(first["symbols"]?.object?.map(\.key) == ["BTCUSDT"])
        try trader.trade(.buy, .entry, at: 60_000)
        try trader.trade(.sell, .exit, at: 59_700)
        let (expectancy, scores) = try trader.documents()
        #expect(expectancy["closed_trades"] == 2)
        #expect(expectancy["lookback_days"] == 20)
        for row in [
            expectancy["symbols"]?["BTCUSDT"], expectancy["strategies"]?["unnamed"], expectancy["hours"]?["00"],
        ] {
            #expect(row?["count"] == 2)
            #expect(row?["expectancy"]?.lexeme == "1.5")
            #expect(row?["expectancy_per_risk"]?.lexeme == "0.5")
            #expect(row?["max_drawdown"]?.lexeme == "3.0")
            #expect(row?["dd_adjusted"]?.lexeme == "0.0")
        }
        let score = scores["symbols"]?["BTCUSDT"]
        #expect(scores["symbols"]?.object?.map(\.key) == ["BTCUSDT"])
        #expect(score?["trades"] == 2)
        #expect(score?["inputs"]?["expectancy"]?.lexeme == "1.5")
        #expect(score?["inputs"]?["pnl"]?.lexeme == "3.0")
        #expect(score?["inputs"]?["volatility_scale"] == nil)
        #expect(score?["inputs"]?["quality_score"] != nil)
        var input = SymbolScoreInput()
        input.expectancy = 1.5
        input.hitRate = 0.5
        input.quality = score?["inputs"]?["quality_score"]?.lexeme.flatMap(Double.init)
        input.slippageBps = score?["inputs"]?["slippage_p50"]?.lexeme.flatMap(Double.init)
        input.fees = 0
        input.profit = 3
        #expect(score?["score"]?.lexeme == SymbolScore(input).score.description)
    }

    /// Goal: nothing traded is nothing told. Method: a fresh engine.
    @Test func nothingTradedIsNothingTold() throws {
        let trader = try Trader()
        let (expectancy, scores) = try trader.documents()
        for kind in ["symbols", "strategies", "hours"] { #expect(expectancy[kind] == [:]) }
        #expect(scores["symbols"] == [:])
        #expect(expectancy["closed_trades"] == 0)
    }
}
