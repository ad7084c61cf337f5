import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode
import JSONSchemaCheck
import Testing

@testable import FairleadPublication

@Suite struct ExecutionHealthTests {
    typealias Fixture = PublicationFixture

    private static func warnings(
        _ evidence: Effectiveness,
        _ book: BookCondition = .usable,
        _ change: (inout ExecutionHealthConfiguration) -> Void = { _ in }
    ) -> [String] {
        var settings = ExecutionHealthConfiguration()
        change(&settings)
        return ExecutionWarning.of(evidence, book, settings).map(\.rawValue)
    }

    /// Goal: each warning over its bound, not at it, and none of what is unknown. Method: each alone, and the bounds
    /// moved.
    @Test func warningsAreOverTheirBounds() {
        #expect(Self.warnings(.none) == [])
        let half = Effectiveness(fallback: Rate(raw: 50_000_000))
        #expect(Self.warnings(half) == [])
        #expect(Self.warnings(half) { $0.maximumFallback = Rate(raw: 49_000_000) } == ["high_fallback_ratio"])
        #expect(Self.warnings(Effectiveness(fallback: Rate(raw: 50_000_001))) == ["high_fallback_ratio"])
        let four = Effectiveness(slipMedian: Rate(bps: 4))
        #expect(Self.warnings(four) == [])
        #expect(Self.warnings(four) { $0.maximumMedianSlip = Rate(bps: 3) } == ["elevated_median_slippage"])
        #expect(Self.warnings(Effectiveness(slipMedian: Rate(raw: 40_001))) == ["elevated_median_slippage"])
        let slow = Effectiveness(acknowledgement: .milliseconds(800))
        #expect(Self.warnings(slow) == [])
        #expect(Self.warnings(slow) { $0.maximumAcknowledgement = .milliseconds(799) } == ["slow_ack"])
        #expect(Self.warnings(.none, .stale) == ["stale_book"])
        #expect(Self.warnings(.none, .missing) == ["stale_book"])
        #expect(Self.warnings(.none, .crossed) == [])
    }

    /// Goal: fallbacks, the last route and errors are counted by symbol, and a checkpoint brings them back. Method: two
    /// decisions, an end, a reject and alarms with and without a symbol.
    @Test func noticesAreCounted() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        func add(_ notice: Notice, _ second: Int64) {
            counters.add(notice, at: Fixture.start + .seconds(second), windowSignals: 5)
        }
        guard case .routed(var decision) = Fixture.notice(.routeDecisions, 1) else {
            Issue.record("another notice")
            return
        }
        add(.routed(decision), 1)
        decision.moment = .fallback
        decision.fallbackReason = .slippage
        decision.routedAs = .makerThenTaker
        decision.offset = Rate(bps: 2)
        add(.routed(decision), 2)
        decision.moment = .end
        add(.routed(decision), 3)
        guard case .orderChanged(var change) = Fixture.notice(.orderEvents, 1) else {
            Issue.record("another notice")
            return
        }
        change.to = .rejected
        change.rejectReason = .insufficientMargin
        add(.orderChanged(change), 4)
        add(.alarm(Alarm(.venueDisconnected)), 5)
        add(.alarm(Alarm(.venueDisconnected)), 6)
        add(.alarm(Alarm(.residual, instrument: InstrumentHandle(2))), 7)
        let row = counters.execution[InstrumentHandle(0)]
        #expect(row.fallbacks == 1)
        #expect(row.route.moment == "fallback" && row.route.fallbackReason == "slippage")
        #expect(row.route.offsetApplied == Rate(bps: 2) && row.route.time == Fixture.start + .seconds(2))
        let errors = ExecutionCounters.json(row.errors)
        #expect(errors["venue"]?["last_error"]?.string == RejectReason.insufficientMargin.name)
        #expect(errors.object?.count == 1)
        #expect(ExecutionCounters.json(counters.execution.general)["venue"]?["count"] == 2)
        #expect(ExecutionCounters.json(counters.execution[InstrumentHandle(2)].errors)["exits"]?["count"] == 1)
        #expect(counters.execution[InstrumentHandle(9)] == ExecutionCounters.SymbolRow())
        let text = JSONWriter.bytes(of: counters.checkpoint)
        #expect(DiagnosticsCounters(checkpoint: try JSONParser.parse(text)) == counters)
        #expect(ExecutionCounters(checkpoint: ["symbols": [], "errors": []]) == nil)
        #expect(ExecutionCounters(checkpoint: ["symbols": [7], "errors": .array([])]) == nil)
    }

    /// Goal: the file of an engine at work fits its schema and holds what was decided. Method: a maker of one symbol.
    @Test func theFileTells() throws {
        let disk = try RouterHealthTests.play(1)
        let document = try RouterHealthTests.document(.executionHealth, of: disk)
        #expect(try Fixture.schema(.executionHealth).violation(of: document) == nil)
        let symbol = document["execution_health"]?["BTCUSDT"]
        #expect(symbol?["router"]?["last_route_decision"]?["routed_as"] != nil)
        #expect(symbol?["router"]?["maker_offset_bps"]?["applied"] != nil)
        #expect(symbol?["router"]?["ack_latency_ms"] != nil)
        #expect(symbol?["vol"]?["regime"]?.string == "normal" && symbol?["vol"]?["atr_pct"] != nil)
        #expect(symbol?["risk"]?["dd_state"] == "normal")
        let other = document["execution_health"]?["ETHUSDT"]?["router"]
        #expect(other?["last_route_decision"] == nil && other?["slip_q50"] == nil && other?["fallback_count"] == 0)
        let suggestions = try RouterHealthTests.document(.routerSuggestions, of: disk)
        #expect(try Fixture.schema(.routerSuggestions).violation(of: suggestions) == nil)
        #expect(suggestions["apply_enabled"] == false && suggestions["risk_mode"]?.string != nil)
        #expect(suggestions["warnings"] == [])
        let row = suggestions["symbols"]?["ETHUSDT"]
        #expect(row?["regime"] == "balanced" && row?["changed"] == false && row?["is_listed"] == false)
        #expect(row?["rationale"]?.string == "regime=balanced;quality=good;bias_signal=0.0;offset_signal=0.0")
    }
}
