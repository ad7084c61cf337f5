import FairleadModel
import FairleadPublication
import Foundation
import Testing

@testable import fairlead

/// What `fairlead top` makes of what it finds.
struct TopModelTests {
    private static let status: JSONValue = [
        "environment": "paper", "is_healthy": false, "trading_state": "reducing",
        "trading_state_cause": "operator_order", "is_frozen": false, "engaged": ["stop_entries"],
        "is_connected": true, "is_reconciled": true, "epoch": 2, "sequence": 900, "uptime_s": 61,
        "attention": [["what": "reducing", "next": "fairlead resume"], ["what": "odd", "next": ""]],
        "currency": "USDT", "nav": "99000.5", "drawdown_ratio": "0.01", "dd_state": "normal", "risk_mode": "normal",
        "result_today": "-10", "unrealized_pnl": "3", "nav_jump": .null, "live_orders": 2, "unknown_orders": 1,
    ]
    private static let positions: JSONValue = [
        "positions": [
            [
                "symbol": "BTCUSDT", "position_side": "BOTH", "quantity": "0.5", "average_price": "100",
                "mark_price": "110", "notional": "55", "unrealized_pnl": "5", "stop_loss": "90", "take_profit": .null,
                "pnl_at_stop_loss": "-5", "since_ts": "2027-01-15T07:00:00.000Z",
            ],
            [
                "symbol": "ETHUSDT", "position_side": "BOTH", "quantity": "-2", "average_price": "50",
                "mark_price": "51", "notional": "-102", "unrealized_pnl": "-2", "stop_loss": .null,
                "take_profit": .null, "pnl_at_stop_loss": .null, "since_ts": .null,
            ], ["nonsense": true],
        ]
    ]
    private static let orders: JSONValue = [
        "orders": [
            [
                "client_order_id": "fl-1", "symbol": "A", "side": "BUY", "order_type": "LIMIT", "state": "working",
                "price": "1", "quantity": "2", "filled": "0", "created_ts": "2027-01-15T07:59:00.000Z",
            ],
            [
                "client_order_id": "fl-2", "symbol": "B", "side": "SELL", "order_type": "MARKET",
                "state": "pending_unknown", "price": .null, "quantity": "2", "filled": "0",
                "created_ts": "2027-01-15T07:59:30.000Z",
            ],
        ]
    ]

    private static func live() -> TopReading {
        var reading = TopReading(time: TopSample.now)
        reading.contact = .live
        (reading.status, reading.positions, reading.orders) = (status, positions, orders)
        return reading
    }

    private static func model(_ reading: TopReading) -> TopModel {
        TopModel(reading) { $0.isEmpty ? "" : $0 + " --home run" }
    }

    /// A directory with these state files.
    private static func files(_ texts: [StateFile: String], _ body: (StateSnapshot) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) stays") } }
        for (file, text) in texts { try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + file.fileName)) }
        try body(StateReader(directory: path).snapshot())
    }

    private static func head(_ cycle: Int, _ seconds: Int64) -> String {
        #""cycle": \#(cycle), "environment": "paper", "updated_ts": "\#(TopSample.ago(seconds).text(.milliseconds))""#
    }

    /// Goal: a live engine's answers become the model, what can't be read is left out, and what to type can be typed.
    /// Method: answers of the control socket, one row of them nonsense.
    @Test func answersBecomeAModel() {
        let model = Self.model(Self.live())
        #expect(model.isLive)
        #expect(model.engine.state == "reducing")
        #expect(model.engine.engaged == ["stop_entries"])
        #expect(model.account.drawdown == 0.01)
        #expect(model.account.navJump == nil)
        #expect(model.attention.map(\.next) == ["fairlead resume --home run", ""])
        #expect(model.positions?.map(\.symbol) == ["ETHUSDT", "BTCUSDT"])
        #expect(model.positions?[0].side == "short")
        #expect(model.positions?[0].quantity == "2")
        #expect(model.positions?[0].unrealizedRatio == -0.02)
        #expect(model.positions?[1].unrealizedRatio == 0.1)
        #expect(model.withoutStop == 1)
        #expect(model.unprotected == 1)
        #expect(model.orders?.map(\.id) == ["fl-2", "fl-1"])
        #expect(model.unknownOrders == 1)
        #expect(model.router == nil)
        #expect(model.liveness == nil)
        #expect(model.files.isStale)
    }

    /// Goal: what the socket doesn't tell comes from the files, and what they don't say stays unknown.
    /// Method: a router file, and diagnostics with a watch that never was, one that is off and one without a flag.
    @Test func filesCompleteIt() throws {
        let diagnostics = """
            {\(Self.head(900, 400)), "runtime_diagnostics": {
            "veto_counters": {"by_reason": {"daily_loss": 1, "kill_switch": 7}, "total_signals": 50, "total_vetoes": 8,
            "window": {"signals": 9, "vetoes": 2, "by_reason": {"kill_switch": 2}}},
            "exit_pipeline": {"tp_sl_coverage_pct": 0.5, "underwater_without_tp_sl_count": 1},
            "liveness": {"idle_signals": false, "idle_orders": true, "idle_exits": true, "idle_exit_scans": false,
            "details": {"signals": 3, "orders": 1300, "exits": 3601}, "missing": {"exits": true}, "clock_skew": {}}}}
            """
        let router = """
            {\(Self.head(900, 400)), "router_health": {"global": {"quality_score": 0.7}, "per_symbol": {
            "A": {"quality_score": 0.9, "quality": "good"}, "B": {"quality": "ok"}, "C": {"quality_score": 0.4}}}}
            """
        try Self.files([.diagnostics: diagnostics, .routerHealth: router]) { snapshot in
            var reading = Self.live()
            reading.files = snapshot
            let model = Self.model(reading)
            #expect(model.router?.symbols.map(\.symbol) == ["C", "A", "B"])
            #expect(model.router?.score == 0.7)
            #expect(model.vetoes?.reasons.map(\.name) == ["kill_switch", VetoReason.dayLossLimit.name])
            #expect(model.vetoes?.reasons.map(\.inWindow) == [2, 0])
            #expect(model.exits?.underwater == 1)
            let watches = model.liveness ?? []
            #expect(watches.map(\.name) == ["signals", "orders", "exits", "exit_scans", "router"])
            #expect(watches.map(\.state) == [.ok, .idle, .never, .off, .unknown])
            #expect(watches.map(\.ageSeconds) == [3, 1_300, nil, nil, nil])
        }
    }

    /// Goal: files are stale when they are too old and the engine has gone on since, and always without an engine.
    /// Method: files at the engine's own sequence, behind it, behind it and young, and without an engine.
    @Test(arguments: [(900, 400, true, false), (880, 400, true, true), (880, 2, true, false), (900, 2, false, true)])
    func staleFilesAreKnown(_ cycle: Int, _ age: Int, _ runs: Bool, _ isStale: Bool) throws {
        try Self.files([.nav: "{\(Self.head(cycle, Int64(age)))}"]) { snapshot in
            var reading = Self.live()
            if !runs { reading.contact = .stopped }
            reading.files = snapshot
            #expect(Self.model(reading).files.isStale == isStale)
            #expect(Self.model(reading).files.updated == TopSample.ago(Int64(age)))
        }
    }

    /// Goal: an environment that nobody has told is not paper. Method: neither an engine nor a file; the screen's first
    /// line and the printed model.
    @Test func anUnknownEnvironmentIsNotPaper() {
        let model = Self.model(TopReading(time: TopSample.now))
        #expect(model.environment == nil)
        #expect(model.json["environment"] == nil)
        let lines = TopScreen(size: ScreenSize(columns: 80, rows: 24), now: TopSample.now).lines(model)
        #expect(lines.first?.text(isColored: false).hasPrefix("ENVIRONMENT UNKNOWN  ENGINE NOT RUNNING") == true)
    }

    /// Goal: without an engine the last files stand in, and it is said what that means and what to type.
    /// Method: files of a halted engine with a position and a live order.
    @Test func aStoppedEngineIsTold() throws {
        let texts: [StateFile: String] = [
            .nav: #"{\#(Self.head(5, 60)), "nav": "12.5", "reporting_currency": "USDT"}"#,
            .riskSnapshot: #"{\#(Self.head(5, 60)), "trading_state": "halted", "live_orders": 1,"#
                + #" "trading_state_cause": "operator_order", "unknown_orders": 0}"#,
            .positionsState: #"{\#(Self.head(5, 60)), "count": 1, "positions": [{"symbol": "A", "quantity": "-1","#
                + #" "entry_price": "3", "stop_loss": "4"}]}"#,
        ]
        try Self.files(texts) { snapshot in
            var reading = TopReading(time: TopSample.now)
            reading.files = snapshot
            let model = Self.model(reading)
            #expect(!model.isLive)
            #expect(model.account.nav == "12.5")
            #expect(model.positions?.map(\.side) == ["short"])
            #expect(model.orders == nil)
            let next = ["run", "positions", "orders"].map { "fairlead \($0) --home run" }
            #expect(Array(model.attention.map(\.next).prefix(3)) == next)
            #expect(model.attention.last?.what == "when last heard of it was halted (operator_order)")
            reading.contact = .silent("timed out")
            #expect(Self.model(reading).attention.first?.what == "the engine gives no answer (timed out)")
        }
    }

    /// Goal: of a stopped engine whose files are damaged it is said which, what that hides, and what to type.
    /// Method: three damaged files and a sound one, without an engine and beside one, whose word goes before.
    @Test func damagedFilesAreTold() throws {
        let texts: [StateFile: String] = [
            .nav: #"{\#(Self.head(5, 60)), "nav": "12.5"}"#, .riskSnapshot: "{", .positionsState: "[",
            .diagnostics: "x",
        ]
        try Self.files(texts) { snapshot in
            var reading = TopReading(time: TopSample.now)
            reading.files = snapshot
            let rows = Self.model(reading).attention
            let typed = ["run", "state validate", "positions", "state validate"].map { "fairlead \($0) --home run" }
            #expect(rows.map(\.next) == typed)
            #expect(rows[1].what == "risk_snapshot.json is damaged: whether it was halted is not known")
            #expect(rows[2].what == "positions_state.json is damaged: the journal has the positions")
            #expect(rows[3].what == "diagnostics.json is damaged")
            reading.contact = .live
            #expect(!Self.model(reading).attention.contains { $0.what.contains("damaged") })
        }
    }

    /// Goal: nothing that a file or a log may hold traps, and what is unknown is left out of the JSON.
    /// Method: nonsense in every place, and no file at all.
    @Test func nonsenseIsUnknown() throws {
        let nonsense = [
            "", "{", "[]", "{}", #"{"runtime_diagnostics": 3, "router_health": [], "positions": {"a": 1}}"#,
        ]
        for text in nonsense {
            let texts = Dictionary(uniqueKeysWithValues: StateFile.allCases.map { ($0, text) })
            try Self.files(texts) { snapshot in
                var reading = TopReading(time: TopSample.now)
                reading.files = snapshot
                reading.status = ["attention": 3, "nav": []]
                reading.contact = .live
                let model = Self.model(reading)
                #expect(model.positions == nil)
                #expect(model.router == nil)
                #expect(model.liveness == nil)
                #expect(model.engine.state == nil)
                #expect(model.json["positions"] == nil)
                #expect(model.json["account"] == .object([]))
                let size = ScreenSize(columns: 80, rows: 24)
                let lines = TopScreen(size: size, now: TopSample.now).lines(model).map { $0.text(isColored: false) }
                #expect(lines[0].contains("STATE UNKNOWN"))
                #expect(lines.contains { $0.hasPrefix("POSITIONS  unknown") })
                #expect(!lines.contains { $0.contains("nothing wrong") })
            }
        }
        #expect(TopModel(TopReading(time: TopSample.now)) { $0 }.positions == nil)
    }

    /// Goal: the log's end becomes events, errors of the last hour become alarms, and other lines are left out.
    /// Method: lines of all kinds, one of them cut off, one two hours old.
    @Test func theLogTellsEvents() {
        func line(_ seconds: Int64, _ level: String) -> String {
            let time = TopSample.ago(seconds).text(.milliseconds)
            return #"{"ts":"\#(time)","level":"\#(level)","event":"e","msg":"m","symbol":"S"}"#
        }
        let text = ["cut off\"}", line(7_200, "error"), line(60, "error"), "", "[]", line(30, "info"), "{"]
        var reading = TopReading(time: TopSample.now)
        reading.events = LogTail.events(Data(text.joined(separator: "\n").utf8))
        let model = Self.model(reading)
        #expect(model.events.map(\.level) == ["error", "error", "info"])
        #expect(model.events[0].symbol == "S")
        #expect(model.alarms.map(\.time) == [TopSample.ago(60)])
    }

    /// Goal: `--json` has what the screen has. Method: the incident's members, looked at.
    @Test func jsonHasIt() {
        let json = TopSample.incident.json
        #expect(json["engine"]?.string == "live")
        #expect(json["trading_state"]?.string == "halted")
        #expect(json["positions"]?.array?.count == 14)
        #expect(json["positions_without_stop_loss"]?.integer == 12)
        #expect(json["orders"]?[0]?["state"]?.string == "pending_unknown")
        #expect(json["alarms"]?.array?.count == 1)
        #expect(json["liveness"]?[2] == ["name": "exits", "state": "never"])
        #expect(json["vetoes"]?["reasons"]?[0]?["total"]?.integer == 400)
        #expect(TopSample.stopped.json["orders"] == nil)
    }
}
