import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// What `risk_snapshot.json` says of the portfolio.
@Suite struct PortfolioStateTests {
    typealias Fixture = PublicationFixture

    /// The file of an engine that is long 0.1 BTC at 62,000 of 10,000, with bars of so many days.
    private func snapshot(
        _ changes: [String: String],
        days: Int,
        orders: [(RiskOrder, String)] = []
    ) throws -> JSONValue {
        let configuration = try Fixture.configuration(changes)
        let disk = MemoryDisk()
        let files = StateFiles(disk, software: Fixture.software)
        var names = RunNames(configuration.engine.instruments)
        names.setStrategy(2, "momentum")
        files.open(Fixture.journal)
        files.begins(at: Fixture.place(configuration), names: names)
        var engine = Engine(configuration: configuration.engine)
        var out = Outbox(isObserved: false)
        let now = Fixture.start
        func feed(_ event: Event, _ engine: inout Engine) {
            out.clear()
            engine.apply(event, at: now, into: &out)
        }
        let one = InstrumentHandle(0)
        feed(.epochOpened(Epoch(number: 1)), &engine)
        for day in 0..<days {
            let price = Price(raw: (62_000 + Int64(day * 37 % 500)) * FixedPoint.one)
            let bar = BarReport(
                instrument: one,
                openTime: now + TimeSpan.hours(24 * Int64(day - days - 1)),
                open: price,
                high: price,
                low: price,
                close: price,
                volume: .zero
            )
            feed(.barReported(bar), &engine)
        }
        let price = Price(raw: 62_000 * FixedPoint.one)
        feed(.marked(MarkPrice(instrument: one, price: price, venueTime: now)), &engine)
        feed(.venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: now)), &engine)
        feed(.reconciliationBegan(.paper), &engine)
        let position = PositionReport(
            instrument: one,
            positionSide: .both,
            quantity: SignedQuantity(raw: 10_000_000),
            averagePrice: price,
            venueTime: now
        )
        feed(.positionReported(position), &engine)
        let cash = 10_000 * FixedPoint.one
        feed(.balanceReported(BalanceReport(venue: .paper, cash: cash, available: cash, venueTime: now)), &engine)
        let report = ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: now)
        feed(.reconciliationCompleted(report), &engine)
        for (order, reason) in orders {
            names.setReason(order.number, reason)
            feed(.riskOrdered(order), &engine)
        }
        files.reached(Fixture.moment(10, configuration), engine: engine, names: names)
        let document = try Fixture.document(disk, .riskSnapshot)
        #expect(try Fixture.schema(.riskSnapshot).violation(of: document) == nil)
        return document
    }

    /// Goal: the file tells each limit that is set for a while with all that a person needs, and who is disabled.
    /// Method: one override for all where the limit is off, one of a symbol and a strategy, a disabled strategy; and
    /// none of them.
    @Test func overridesAreTold() throws {
        let none = try snapshot([:], days: 0)
        #expect(none["overrides"] == [])
        #expect(none["disabled_strategies"] == [])
        let until = Fixture.start + .hours(2)
        let strategy = StrategyHandle(index: 2)
        let wide = RiskOrder(
            .overrideLimit,
            limit: .pairCorrelation,
            value: 50_000_000,
            until: until,
            number: 4,
            author: 7
        )
        let narrow = RiskOrder(
            .overrideLimit,
            limit: .orderNotional,
            value: 12_345_000_000,
            instrument: InstrumentHandle(0),
            strategy: strategy,
            until: until,
            number: 5,
            author: 1000
        )
        let told = try snapshot(
            ["risk_limits.max_order_notional": "321"],
            days: 0,
            orders: [(wide, "calm"), (narrow, "rebalance"), (RiskOrder(.disableStrategy, strategy: strategy), "")]
        )
        let end = JSONValue.string(until.text())
        let since = JSONValue.string(Fixture.start.text())
        #expect(
            told["overrides"] == [
                [
                    "author_uid": 7, "key": "max_pair_correlation", "limit": "max_pair_correlation", "reason": "calm",
                    "since": since, "unit": "ratio", "until": end, "value": "0.5",
                ],
                [
                    "author_uid": 1000, "configured": "321", "key": "max_order_notional",
                    "limit": "max_order_notional", "reason": "rebalance", "since": since, "strategy": "momentum",
                    "symbol": "BTCUSDT", "unit": "money", "until": end, "value": "123.45",
                ],
            ]
        )
        #expect(told["disabled_strategies"] == ["momentum"])
    }

    private func number(_ value: JSONValue?) -> Double { value?.lexeme.flatMap(Double.init) ?? -1 }

    /// Goal: with history the file tells tails by both methods, the larger of which gates, and the position's; without
    /// it says why not. Method: 200 days of closes; then 50, on paper and live.
    @Test func tailsAreTold() throws {
        let known = try snapshot([:], days: 200)
        let tails = known["tails"]
        #expect(tails?["status"]?.string == "known")
        #expect(tails?["scenarios"]?.integer == 199)
        let (historical, ewma) = (number(tails?["var_historical_ratio"]), number(tails?["var_ewma_ratio"]))
        #expect(historical > 0 && ewma > 0)
        #expect(number(tails?["var_ratio"]) == max(historical, ewma))
        let shortfalls = [tails?["cvar_historical_ratio"], tails?["cvar_ewma_ratio"]].map(number)
        #expect(number(tails?["cvar_ratio"]) == shortfalls.max())
        // The whole portfolio is this position.
        let position = number(known["symbols"]?["BTCUSDT"]?["cvar_ratio"])
        #expect(abs(position - number(tails?["cvar_ratio"])) < 1e-9)
        #expect(number(known["week_loss_ratio"]) == 0)
        let short = try snapshot([:], days: 50)["tails"]
        #expect(short?["status"]?.string == "insufficient_history")
        #expect(short?["warning"] == nil)
        #expect(short?["var_ratio"] == nil)
        let live = [
            "runtime.mode": "live", "risk_limits.price_collar_bps": "100", "risk_limits.max_order_notional": "9000",
        ]
        #expect(try snapshot(live, days: 50)["tails"]?["warning"]?.string?.contains("max_portfolio_var_pct") == true)
    }

    /// Goal: tiers with a limit and whose limits are in force are told. Method: a tier's cap and mode; a limit of the
    /// testnet, in it and on paper.
    @Test func tiersAndSourceAreTold() throws {
        let changes = [
            "risk_limits.tiers.SATELLITE.per_symbol_nav_pct": "0.7", "risk_limits.tiers.CORE.blocked_from": "normal",
            "risk_limits.symbols.BTCUSDT.tier": "SATELLITE", "risk_limits.weekly_loss_limit_pct": "0.1",
            "risk_limits.testnet_overrides.max_order_notional": "300",
        ]
        let paper = try snapshot(changes, days: 0)
        #expect(number(paper["tiers"]?["SATELLITE"]?["per_symbol_nav_pct"]) == 0.7)
        #expect(paper["tiers"]?["SATELLITE"]?["is_blocked"]?.bool == false)
        #expect(paper["tiers"]?["CORE"]?["is_blocked"]?.bool == true)
        #expect(paper["tiers"]?["TACTICAL"] == nil)
        #expect(paper["symbols"]?["BTCUSDT"]?["tier"]?.string == "SATELLITE")
        #expect(number(paper["limits"]?["weekly_loss_limit_pct"]) == 0.1)
        #expect(paper["limits_source"]?.string == "paper")
        #expect(paper["limits"]?["max_order_notional"]?.string == "10000")
        let testnet = try snapshot(changes.merging(["runtime.environment": "testnet"]) { $1 }, days: 0)
        #expect(testnet["limits_source"]?.string == "testnet_overrides")
        #expect(testnet["limits"]?["max_order_notional"]?.string == "300")
    }
}
