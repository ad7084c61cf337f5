import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
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
        let disk = try RouterHealthSchemaTests.play(1)
        let document = try RouterHealthSchemaTests.document(.executionHealth, of: disk)
        #expect(try Fixture.schema(.executionHealth).violation(of: document) == nil)
        let symbol = document["execution_health"]?["BTCUSDT"]
        #expect(symbol?["router"]?["last_route_decision"]?["routed_as"] != nil)
        #expect(symbol?["router"]?["maker_offset_bps"]?["applied"] != nil)
        #expect(symbol?["router"]?["ack_latency_ms"] != nil)
        #expect(symbol?["vol"]?["regime"]?.string == "normal" && symbol?["vol"]?["atr_pct"] != nil)
        #expect(symbol?["risk"]?["dd_state"] == "normal")
        let other = document["execution_health"]?["ETHUSDT"]?["router"]
        #expect(other?["last_route_decision"] == nil && other?["slip_q50"] == nil && other?["fallback_count"] == 0)
        let suggestions = try RouterHealthSchemaTests.document(.routerSuggestions, of: disk)
        #expect(try Fixture.schema(.routerSuggestions).violation(of: suggestions) == nil)
        #expect(suggestions["apply_enabled"] == false && suggestions["risk_mode"]?.string != nil)
        #expect(suggestions["warnings"] == [])
        let row = suggestions["symbols"]?["ETHUSDT"]
        #expect(row?["regime"] == "balanced" && row?["changed"] == false && row?["is_listed"] == false)
        #expect(row?["rationale"]?.string == "regime=balanced;quality=good;bias_signal=0.0;offset_signal=0.0")
    }

    /// Goal: the last size is told with every factor that was used, a checkpoint brings it back, and before the first
    /// there is none. Method: a size by Kelly's rule that was cut, then one that the signal gave.
    @Test func sizesAreTold() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        func block() throws -> JSONValue? {
            try Self.document(counters)["execution_health"]?["BTCUSDT"]?["sizing"]
        }
        #expect(try block() == .object([]))
        var factors = SizingFactors()
        factors.basis = .edge
        factors.trades = 40
        factors.winRate = Rate(raw: 55_000_000)
        factors.payoff = Rate(raw: 150_000_000)
        factors.fraction = Rate(raw: 25_000_000)
        factors.confidenceFactor = Rate(raw: 62_500_000)
        factors.multiplier = Rate(raw: 50_000_000)
        factors.correlationLoad = Rate(raw: 80_000_000)
        factors.regime = .high
        factors.regimeMultiplier = Rate(raw: 75_000_000)
        factors.navFraction = Rate(raw: 3_255_208)
        factors.clamps.insert(.maximumFraction)
        func size(_ factors: SizingFactors, reference: Price = Price(raw: 6_180_020_000_000)) -> Notice {
            .sized(
                SizingRecord(
                    number: SignalNumber(value: 1),
                    instrument: InstrumentHandle(0),
                    requested: .kelly(Rate.one),
                    referencePrice: reference,
                    nav: nil,
                    requestedQuantity: Quantity(raw: 12_345_678),
                    sizedQuantity: Quantity(raw: 12_300_000),
                    factors: factors
                )
            )
        }
        counters.add(size(factors), at: Fixture.start, windowSignals: 5)
        let kelly: JSONValue = [
            "basis": "edge", "clamps": ["max_fraction"], "closed_trades": 40, "confidence_factor": .number("0.625"),
            "correlation_load": .number("0.8"), "kelly_fraction": .number("0.25"), "kelly_multiplier": .number("0.5"),
            "nav_fraction": .number("0.03255208"), "payoff_ratio": .number("1.5"), "reference_price": "61800.2",
            "regime_multiplier": .number("0.75"), "requested_quantity": "0.12345678", "sized_quantity": "0.123",
            "ts": "2024-08-08T00:00:00.000Z", "volatility_regime": "high", "win_rate": .number("0.55"),
        ]
        #expect(try block() == kelly)
        let text = JSONWriter.bytes(of: counters.checkpoint)
        #expect(DiagnosticsCounters(checkpoint: try JSONParser.parse(text)) == counters)
        counters.add(size(SizingFactors(), reference: .zero), at: Fixture.start + .seconds(1), windowSignals: 5)
        let given: JSONValue = [
            "requested_quantity": "0.12345678", "sized_quantity": "0.123", "ts": "2024-08-08T00:00:01.000Z",
        ]
        #expect(try block() == given)
        let other = JSONWriter.bytes(of: counters.checkpoint)
        #expect(DiagnosticsCounters(checkpoint: try JSONParser.parse(other)) == counters)
    }

    /// `execution_health.json` of an engine that stands still, with these counters.
    private static func document(_ counters: DiagnosticsCounters) throws -> JSONValue {
        let configuration = try Fixture.configuration()
        let documents = StateDocuments(
            journal: Fixture.journal.id,
            software: Fixture.software,
            configurationHash: .zero
        )
        let files = documents.make(
            ReplicaMoment(sequence: 9, time: Fixture.start + .seconds(100), configuration: configuration),
            engine: Engine(configuration: configuration.engine),
            names: RunNames(configuration.engine.instruments),
            counters: counters
        )
        let document = try RouterHealthSchemaTests.document(.executionHealth, of: files)
        #expect(try Fixture.schema(.executionHealth).violation(of: document) == nil)
        return document
    }

    /// Goal: ATR now, median, mean and ratio of the last 500 bars, to the digit. Method: 450 bars of a range of 1 %,
    /// then 50 of 2 %, as the engine is given them.
    @Test func volatilityIsToTheDigit() throws {
        let configuration = try Fixture.configuration()
        var engine = Engine(configuration: configuration.engine)
        var out = Outbox()
        let handle = InstrumentHandle(0)
        let length = configuration.engine.bars.length
        engine.apply(.epochOpened(Epoch(number: 1)), at: Fixture.start, into: &out)
        for number in 0..<500 as Range<Int64> {
            let low = Price(raw: (number < 450 ? 9_900 : 9_800) * FixedPoint.one)
            let close = Price(raw: 10_000 * FixedPoint.one)
            let start = Fixture.start + TimeSpan(nanoseconds: length.nanoseconds * (number - 500))
            let bar = BarReport(
                instrument: handle,
                openTime: start,
                open: close,
                high: close,
                low: low,
                close: close,
                volume: Quantity(raw: 1)
            )
            engine.apply(.barReported(bar), at: Fixture.start, into: &out)
        }
        let documents = StateDocuments(
            journal: Fixture.journal.id,
            software: Fixture.software,
            configurationHash: .zero
        )
        let files = documents.make(
            ReplicaMoment(sequence: 9, time: Fixture.start, configuration: configuration),
            engine: engine,
            names: RunNames(configuration.engine.instruments),
            counters: DiagnosticsCounters(since: Fixture.start, isComplete: true)
        )
        let health = try RouterHealthSchemaTests.document(.executionHealth, of: files)["execution_health"]
        let expected: JSONValue = [
            "atr_long_pct": .number("0.011"), "atr_median_pct": .number("0.01"), "atr_pct": .number("0.02"),
            "atr_ratio": .number("1.8181818181818183"), "regime": "hot", "regime_assumed": false,
        ]
        #expect(health?["BTCUSDT"]?["vol"] == expected)
        #expect(health?["ETHUSDT"]?["vol"] == ["regime": "normal", "regime_assumed": true])
    }
}
