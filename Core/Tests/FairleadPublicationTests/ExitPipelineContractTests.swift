import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// The parts of `diagnostics.json` that are read from the engine, by the keys that govern them.
@Suite struct ExitPipelineContractTests {
    typealias Fixture = PublicationFixture

    /// `runtime_diagnostics` of an engine that bought one BTCUSDT at 100, without a level, and stands at `price`.
    static func diagnostics(_ changes: [String: String] = [:], price: Int64, hasPosition: Bool = true) throws
        -> JSONValue
    {
        let configuration = try Fixture.configuration(changes)
        let prefix = "strategy_config.diagnostics."
        #expect(changes.keys.allSatisfy { $0.hasPrefix(prefix) })
        var engine = Engine(configuration: configuration.engine)
        var out = Outbox()
        let (start, instrument) = (Fixture.start, InstrumentHandle(0))
        engine.apply(.epochOpened(Epoch(number: 1)), at: start, into: &out)
        if hasPosition {
            let execution = Execution(
                id: .none,
                executionID: ExecutionID(value: 1),
                instrument: instrument,
                side: .buy,
                positionSide: .both,
                price: Price(raw: 100 * FixedPoint.one),
                quantity: Quantity(raw: FixedPoint.one),
                fee: 0,
                liquidity: .taker,
                venueTime: start
            )
            engine.apply(.orderFilled(execution), at: start, into: &out)
        }
        let mark = MarkPrice(instrument: instrument, price: Price(raw: price * FixedPoint.one), venueTime: start)
        engine.apply(.marked(mark), at: start, into: &out)
        let documents = StateDocuments(
            journal: Fixture.journal.id,
            software: Fixture.software,
            configurationHash: .zero
        )
        let moment = ReplicaMoment(sequence: 9, time: start + .seconds(100), configuration: configuration)
        let files = documents.make(
            moment,
            engine: engine,
            names: RunNames(configuration.engine.instruments),
            counters: DiagnosticsCounters(since: start, isComplete: true)
        )
        for file in files {
            let violation = try Fixture.schema(file.file).violation(of: try JSONParser.parse(file.bytes))
            #expect(violation == nil, "\(file.file.fileName)")
        }
        let bytes = files.first { $0.file == .diagnostics }?.bytes ?? []
        return try JSONParser.parse(bytes)["runtime_diagnostics"] ?? .null
    }

    private static func pipeline(_ changes: [String: String] = [:], price: Int64, hasPosition: Bool = true) throws
        -> JSONValue?
    {
        let prefixed = Dictionary(
            uniqueKeysWithValues: changes.map { ("strategy_config.diagnostics.exit_pipeline.\($0.key)", $0.value) }
        )
        return try diagnostics(prefixed, price: price, hasPosition: hasPosition)["exit_pipeline"]
    }

    /// Goal: a position without a level is missing, and under water from the threshold on. Method: marks on both sides
    /// of -2 %, another threshold, the canary turned off, no position.
    @Test func losersWithoutLevelsAreCounted() throws {
        let above = try Self.pipeline(price: 99)
        #expect(above?["underwater_without_tp_sl_count"] == 0)
        #expect(above?["tp_sl_canary"] == false)
        #expect(above?["open_positions_count"] == 1)
        #expect(above?["tp_sl_missing_count"] == 1)
        #expect(above?["sl_missing_count"] == 1)
        #expect(above?["tp_sl_coverage_pct"]?.lexeme == "0.0")
        #expect(above?["ledger_registry_mismatch"] == true)
        let breakdown: JSONValue = [
            "ghost_ledger_entries": 0, "missing_ledger_positions": 1, "missing_tp_sl_entries": 1,
            "stale_tp_sl_entries": 0,
        ]
        #expect(above?["mismatch_breakdown"] == breakdown)
        #expect(above?["tp_sl_quantity_coverage_pct"]?.lexeme == "0.0")
        let at = try Self.pipeline(price: 98)
        #expect(at?["underwater_without_tp_sl_count"] == 1)
        #expect(at?["tp_sl_canary"] == true)
        #expect(try Self.pipeline(["tp_sl_underwater_threshold_pct": "-0.03"], price: 98)?["tp_sl_canary"] == false)
        #expect(try Self.pipeline(["tp_sl_canary_enabled": "false"], price: 98)?["tp_sl_canary"] == nil)
        let none = try Self.pipeline(price: 98, hasPosition: false)
        #expect(none?["open_positions_count"] == 0)
        #expect(none?["ledger_registry_mismatch"] == false)
        #expect(none?["tp_sl_coverage_pct"]?.lexeme == "0.0")
    }
}
