import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadPublication

/// What the source systems (documents 000 to 003) write is read.
@Suite struct LegacyShapesTests {
    private typealias Reader = StateReaderTests

    /// Goal: router health from before it had `router_health`: rows at the top, as an object or as a list, the policy
    /// in an object of its own. Method: document 001's shape both ways.
    @Test(arguments: [
        #""per_symbol": {"BTCUSDT": ROW}"#, #""symbols": [ROW]"#, #""symbols": {"BTCUSDT": ROW}"#,
    ])
    func routerHealthOfDocument001(_ rows: String) throws {
        let row = """
            {"symbol": "BTCUSDT", "maker_fill_rate": 0.7, "fallback_rate": 0.2, "slippage_p50": 1.5,
             "slippage_p95": 4.0, "ack_latency_ms": 120.0, "updated_ts": "2025-01-02T03:04:05.123456+00:00",
             "policy": {"maker_first": true, "taker_bias": "prefer_maker", "quality": "good",
                        "reason": "quality=good; regime=normal"}}
            """
        let text = "{\"updated_ts\": \"x\", \"summary\": {}, \(rows.replacing("ROW", with: row))}"
        let quality = try Reader.reader(["router_health.json": text]).routerSymbolQuality("BTCUSDT")
        #expect(quality.score == nil && quality.policy.makerFillRate == 0.7 && quality.policy.fallbackRate == 0.2)
        #expect(quality.policy.quality == .good && quality.policy.takerBias == .preferMaker)
        #expect(quality.policy.makerFirst == true && quality.policy.bias == nil && quality.policy.offsetBps == nil)
        #expect(quality.policy.reasons == ["quality=good", "regime=normal"])
        #expect(quality.policy.updated?.text(.nanoseconds) == "2025-01-02T03:04:05.123456000Z")
        #expect(try Reader.reader(["router_health.json": text]).routerGlobalQuality().isEmpty)
    }

    /// Goal: router health of document 000. Method: its shape, with an empty `per_symbol` too.
    @Test func routerHealthOfDocument000() throws {
        let text = """
            {"updated_ts": "2025-01-02T03:04:05Z", "router_health": {"global": {"quality_score": 0.65,
             "avg_slippage_bps": 4.0, "slippage_drift_bucket": "YELLOW", "latency_bucket": "FAST",
             "router_bucket": "B_MEDIUM"}, "per_symbol": {}}}
            """
        let reader = try Reader.reader(["router_health.json": text])
        let global = reader.routerGlobalQuality()
        #expect(global.score == 0.65 && global.slippageDrift == .yellow && global.latency == .fast)
        #expect(global.bucket == .medium && global.averageSlippageBps == 4)
        #expect(reader.snapshot().routerSymbolQualities == [])
        #expect(reader.routerSymbolQuality("BTCUSDT").isEmpty)
    }

    /// Goal: diagnostics of document 003, in intel.json and without liveness: what it has not is unknown, not well.
    /// Method: its shape; beside a diagnostics.json that is damaged it does not stand in.
    @Test func diagnosticsOfDocument003() throws {
        let text = """
            {"other": 1, "runtime_diagnostics": {"veto_counters": {"by_reason": {"portfolio_var_limit": 3,
             "var_limit": 2, "max_trade_nav": 1, "made_up": 4}, "total_signals": 20, "total_orders": 10,
             "total_vetoes": 10, "last_signal_ts": "2025-01-02T03:04:05.123456Z", "last_order_ts": null},
             "exit_pipeline": {"last_exit_scan_ts": "2025-01-02T03:04:05Z", "open_positions_count": 2,
              "tp_sl_registered_count": 1, "tp_sl_missing_count": 1, "underwater_without_tp_sl_count": 1}}}
            """
        let found = try Reader.reader(["intel.json": text]).runtimeDiagnostics()
        #expect(
            found.vetoes.byReason == [
                NamedCount(name: "var_limit", count: 5), NamedCount(name: "per_trade_nav_pct", count: 1),
                NamedCount(name: "made_up", count: 4),
            ]
        )
        #expect(found.vetoes.signals == 20 && found.vetoes.lastOrder == nil && found.vetoes.windowSignals == nil)
        #expect(found.vetoes.lastSignal?.text(.nanoseconds) == "2025-01-02T03:04:05.123456000Z")
        #expect(found.exits.missing == 1 && found.exits.hasMismatch == nil && found.exits.coverage == nil)
        #expect(found.liveness[.router].isIdle == nil && found.liveness[.router].isMissing == nil)
        let beside = try Reader.reader(["intel.json": text, "diagnostics.json": "{"])
        #expect(beside.runtimeDiagnostics().isEmpty)
        #expect(try Reader.reader(["diagnostics_state.json": text]).runtimeDiagnostics() == found)
        #expect(try Reader.reader(["diagnostics.json": text, "intel.json": "{}"]).runtimeDiagnostics() == found)
    }

    /// Goal: liveness of document 002, and ages under the older keys. Method: both spellings.
    @Test func livenessOfDocument002() throws {
        let text = """
            {"runtime_diagnostics": {"liveness": {"idle_signals": true, "idle_orders": false, "idle_exits": true,
             "idle_router": false, "details": {"signals_idle_seconds": 700.5, "orders": 10, "router_idle_seconds": 3},
             "missing": {"exits": true}}}}
            """
        let liveness = try Reader.reader(["diagnostics.json": text]).runtimeDiagnostics().liveness
        #expect(liveness[.signals] == .init(isIdle: true, ageSeconds: 700.5, isMissing: false))
        #expect(liveness[.orders] == .init(isIdle: false, ageSeconds: 10, isMissing: false))
        #expect(liveness[.exits] == .init(isIdle: true, isMissing: true))
        #expect(liveness[.exitScans] == .init(isMissing: false))
        #expect(liveness[.router].ageSeconds == 3 && liveness.routerIdleSeconds == 3)
    }

    /// Goal: the source's words of risk. Method: each, in both cases, and words that are none.
    @Test func wordsOfRisk() throws {
        func view(_ mode: String, _ state: String) throws -> RiskView {
            let text = #"{"risk_mode": "\#(mode)", "dd_state": "\#(state)"}"#
            return try Reader.reader(["risk_snapshot.json": text]).snapshot().risk
        }
        #expect(try view("OK", "OK").mode == .normal && view("OK", "OK").drawdownState == .normal)
        #expect(try view("DEFENSIVE", "cautious").mode == .defensive)
        #expect(try view("cautious", "cautious").drawdownState == .warn)
        #expect(try view("halted", "defensive").drawdownState == .panic)
        #expect(try view("fine", "fine").mode == nil && view("fine", "fine").drawdownState == nil)
        for row in LegacyShapes.reasonNames {
            #expect(LegacyShapes.reason(row.legacy) == row.own.name)
            #expect(VetoReason.allCases.allSatisfy { $0.name != row.legacy }, "\(row.legacy) is ours too")
        }
    }

    /// Goal: execution health of document 001: one number for the offset, the policy beside it. Method: its shape.
    @Test func executionHealthOfDocument001() throws {
        let text = """
            {"updated_at": "2025-01-02T03:04:05Z", "execution_health": {"BTCUSDT": {"router": {"maker_offset_bps": 2.5,
             "policy_quality": "degraded", "maker_first": true, "taker_bias": "prefer_taker", "fallback_ratio": 0.6,
             "slip_q50": 1.0, "slip_q95": 9.0, "warnings": ["high_fallback_ratio"]}}}}
            """
        let snapshot = try Reader.reader(["execution_health.json": text]).snapshot()
        let row = try #require(snapshot.health.symbols?.first)
        #expect(row.offsetSuggestedBps == 2.5 && row.offsetAppliedBps == nil && row.fallbacks == nil)
        #expect(row.policy.quality == .degraded && row.policy.takerBias == .preferTaker)
        #expect(row.policy.fallbackRate == 0.6 && row.policy.slippage95Bps == 9)
        #expect(row.warnings == ["high_fallback_ratio"])
        #expect(snapshot[.executionHealth].updated == Timestamp(milliseconds: 1_735_787_045_000))
    }
}
