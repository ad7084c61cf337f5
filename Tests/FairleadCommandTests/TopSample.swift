import FairleadModel

@testable import fairlead

/// Models of `fairlead top` for its tests: a calm night, and one that somebody was woken in.
enum TopSample {
    static let now = Timestamp(milliseconds: 1_800_000_000_000)

    static func ago(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: now.milliseconds - seconds * 1_000) }

    static var calm: TopModel {
        var model = TopModel(time: now)
        model.environment = "paper"
        model.contact = .live
        model.engine = TopModel.Engine(
            mode: "dry_run",
            state: "active",
            cause: "start",
            isHealthy: true,
            isConnected: true,
            isReconciled: true,
            epoch: 3,
            sequence: 812_345,
            uptimeSeconds: 11_530
        )
        model.account = TopModel.Account(
            nav: "100234.56",
            currency: "USDT",
            drawdown: 0.00437,
            drawdownState: "normal",
            riskMode: "normal",
            resultToday: "234.5",
            unrealized: "12.25",
            grossExposure: 0.421
        )
        model.positions = [
            position("BTCUSDT", "0.015", "62000.5", "62120", "1.7925", stop: "61200", target: "64000"),
            position("ETHUSDT", "-1.2", "2694.89", "2690.11", "5.736", stop: "2710", target: "2650"),
        ]
        model.orders = [order(1, "SOLUSDT", "working", age: 4)]
        (model.liveOrders, model.unknownOrders) = (1, 0)
        model.router = TopModel.Router(
            score: 0.78,
            slippageBps: 0.4,
            latencyMilliseconds: 3,
            symbols: [symbol("SOLUSDT", 0.71), symbol("BTCUSDT", 0.8), symbol("ETHUSDT", nil)]
        )
        model.exits = TopModel.Exits(coverage: 1, underwater: 0, hasMismatch: false)
        model.vetoes = TopModel.Vetoes(
            signals: 4_120,
            total: 212,
            windowSignals: 500,
            windowVetoes: 31,
            reasons: [
                .init(name: "already_in_trade", inWindow: 20, total: 140),
                .init(name: "quote_stale", inWindow: 11, total: 72),
            ]
        )
        model.liveness = [
            .init(name: "signals", state: .ok, ageSeconds: 4), .init(name: "orders", state: .ok, ageSeconds: 4),
            .init(name: "exits", state: .never, ageSeconds: nil),
            .init(name: "exit_scans", state: .ok, ageSeconds: 0.4),
            .init(name: "router", state: .ok, ageSeconds: 4),
        ]
        model.events = [
            event(95, "info", "filled", "BTCUSDT", "BUY 0.015 @ 62000.5 maker, fee 0.18  i-0003-00000011"),
            event(40, "info", "level", "BTCUSDT", "stop_loss registered @ 61200"),
            event(4, "info", "working", "SOLUSDT", "BUY 3.1 @ 158.2"),
        ]
        model.files = TopModel.Files(updated: ago(1), isStale: false)
        return model
    }

    /// Halted, orders without an answer, more of everything than a small screen has rows for.
    static var incident: TopModel {
        var model = calm
        model.engine.state = "halted"
        model.engine.cause = "reject_storm"
        model.engine.isHealthy = false
        model.engine.isReconciled = false
        model.account.drawdown = 0.0712
        model.account.drawdownState = "panic"
        model.account.riskMode = "defensive"
        model.account.resultToday = "-7120.4"
        model.account.unrealized = "-512.75"
        model.attention = [
            .init(what: "halted (reject_storm): no new exposure, exits go out", next: "fairlead resume --home run"),
            .init(
                what: "2 orders without an answer: reserved in full, being asked for at the venue",
                next: "fairlead orders --home run"
            ), .init(what: "12 of 14 positions without a stop-loss", next: "fairlead positions --home run"),
            .init(what: "the quotes of SOLUSDT are too old: no entry there", next: "fairlead health --home run"),
        ]
        model.positions = (0..<14).map { index in
            position(
                "COIN\(index)USDT",
                index % 2 == 0 ? "10\(index)" : "-10\(index)",
                "12.5",
                "12.1",
                "-\(index * 4).5",
                stop: index < 12 ? nil : "11",
                target: nil
            )
        }
        model.exits = TopModel.Exits(coverage: 0.14, underwater: 3, hasMismatch: true)
        model.orders =
            [order(1, "COIN1USDT", "pending_unknown", age: 312), order(2, "COIN2USDT", "pending_unknown", age: 44)]
            + (3..<12).map { order($0, "COIN\($0)USDT", "working", age: Int64($0)) }
        (model.liveOrders, model.unknownOrders) = (11, 2)
        model.router?.score = 0.41
        model.router?.symbols = (0..<14).map { index in
            var row = symbol("COIN\(index)USDT", 0.3 + Double(index) / 30)
            row.quality = "broken"
            row.warnings = ["high_fallback_ratio", "slow_ack"]
            return row
        }
        model.vetoes?.reasons = (0..<12).map { .init(name: "a_reason_of_many_words_\($0)", inWindow: 12, total: 400) }
        model.liveness?[0] = .init(name: "signals", state: .idle, ageSeconds: 7_300)
        model.liveness?[4] = .init(name: "router", state: .skewed, ageSeconds: 0)
        model.events += [
            event(20, "warning", "state", nil, "active -> halted: reject_storm"),
            event(19, "error", "alarm", "COIN1USDT", "unknown_order_escalated 312  fl-0003-00000001-01-0000-00-000000"),
        ]
        model.alarms = [model.events[4]]
        return model
    }

    /// No engine runs; what there is comes from files of four minutes ago.
    static var stopped: TopModel {
        var model = calm
        model.contact = .stopped
        model.engine = TopModel.Engine(state: "active", cause: "start")
        model.attention = [
            .init(what: "no engine runs here: nothing is traded", next: "fairlead run --home run"),
            .init(
                what: "2 positions were open: nothing watches their stops now",
                next: "fairlead positions --home run"
            ),
        ]
        model.orders = nil
        model.files = TopModel.Files(updated: ago(252), isStale: true)
        return model
    }

    private static func position(
        _ symbol: String,
        _ quantity: String,
        _ entry: String,
        _ mark: String,
        _ result: String,
        stop: String?,
        target: String?
    ) -> TopModel.Position {
        TopModel.Position(
            symbol: symbol,
            side: quantity.hasPrefix("-") ? "short" : "long",
            quantity: String(quantity.drop { $0 == "-" }),
            entry: entry,
            mark: mark,
            notional: "931.8",
            unrealized: result,
            unrealizedRatio: 0.0019,
            stopLoss: stop,
            takeProfit: target,
            resultAtStop: stop.map { _ in "-12.0075" },
            since: ago(3_725)
        )
    }

    private static func order(_ number: Int, _ symbol: String, _ state: String, age: Int64) -> TopModel.Order {
        TopModel.Order(
            id: "fl-0003-0000000\(number % 10)-01-0000-00-000000",
            symbol: symbol,
            side: "BUY",
            type: "LIMIT",
            state: state,
            price: "158.2",
            quantity: "3.1",
            filled: "0",
            created: ago(age)
        )
    }

    private static func symbol(_ name: String, _ score: Double?) -> TopModel.Router.Symbol {
        TopModel.Router.Symbol(
            symbol: name,
            score: score,
            quality: "good",
            slippageBps: score.map { _ in 0.42 },
            latencyMilliseconds: score.map { _ in 3.2 },
            makerFillRate: 0.62,
            fallbackRate: 0.18,
            isMakerFirst: true
        )
    }

    private static func event(_ age: Int64, _ level: String, _ name: String, _ symbol: String?, _ text: String)
        -> TopModel.Event
    {
        TopModel.Event(time: ago(age), level: level, name: name, symbol: symbol, message: text)
    }
}
