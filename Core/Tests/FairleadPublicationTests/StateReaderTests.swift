import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadPublication

/// The tolerant loaders, on files of a real run and on what other programs and accidents make of them.
@Suite struct StateReaderTests {
    typealias Fixture = PublicationFixture

    /// A directory with these files.
    static func reader(_ files: [String: String]) throws -> StateReader {
        let disk = MemoryDisk()
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { try disk.write(name, Array(text.utf8)) }
        return StateReader(disk)
    }

    /// Goal: what a run publishes is read back under typed names. Method: the files of a maker, each figure beside the
    /// file's own text.
    @Test func aRunIsReadBack() throws {
        let files = try RouterHealthSchemaTests.play(1)
        let disk = MemoryDisk()
        for file in files { try disk.write(file.file.fileName, file.bytes) }
        let snapshot = StateReader(disk).snapshot()
        #expect(snapshot.cycle == 7 && snapshot.faults.isEmpty)
        let nav = try RouterHealthSchemaTests.document(.nav, of: files)
        let account = snapshot.account
        #expect(account.nav?.description == nav["nav"]?.string && account.nav != nil)
        #expect(account.isStale == false && account.drawdownState == .normal)
        #expect(account.navTime?.text(.milliseconds) == nav["nav_ts"]?.string)
        let risk = snapshot.risk
        #expect(risk.tradingState == .active && risk.mode == .normal && risk.unknownOrders == 0)
        let engine = snapshot.engine
        #expect(engine.environment == "paper" && engine.version == "0.0.0" && engine.symbols?.count == 3)
        let positions = snapshot.positions
        let row = try RouterHealthSchemaTests.document(.positionsState, of: files)["positions"]?[0]
        #expect(positions.isWhole && positions.rows?.count == 1)
        #expect(positions.rows?[0].quantity?.description == row?["quantity"]?.string)
        #expect(positions.rows?[0].side == .both && positions.rows?[0].stopLoss == nil)
        let symbol = StateReader(disk).routerSymbolQuality("btcusdt")
        let health = try RouterHealthSchemaTests.document(.routerHealth, of: files)["router_health"]
        #expect(symbol.symbol == "BTCUSDT" && symbol.score?.description == health?["global"]?["quality_score"]?.lexeme)
        #expect(symbol.policy.quality == .good && symbol.policy.makerFirst == true && symbol.childOrders != nil)
        #expect(StateReader(disk).routerGlobalQuality().score == symbol.score)
        #expect(StateReader(disk).routerSymbolQuality("XRPUSDT").isEmpty)
        let diagnostics = StateReader(disk).runtimeDiagnostics()
        #expect(diagnostics.vetoes.signals == 1 && diagnostics.vetoes.byReason == [])
        #expect(diagnostics.exits.openPositions == 1 && diagnostics.exits.missing == 1)
        #expect(diagnostics.exits.hasMismatch == true && diagnostics.exits.coverage == 0)
        #expect(diagnostics.liveness[.signals].isIdle == false && diagnostics.liveness[.exits].isMissing == true)
        #expect(diagnostics.liveness.routerIdleSeconds == diagnostics.liveness[.router].ageSeconds)
        #expect(snapshot.health.symbols?.count == 3 && snapshot.health.symbols?[0].offsetAppliedBps != nil)
        #expect(snapshot.health.symbols?[0].warnings != nil)
    }

    /// Goal: nothing is known of nothing: no exception, and nothing that looks healthy. Method: a directory that isn't
    /// there, one without files, and files that hold anything but an object.
    @Test func nothingIsKnownOfNothing() throws {
        var readers = [StateReader(directory: "/nowhere/at/all"), try Self.reader([:])]
        for text in ["", "{", "[]", "7", "null", "\u{FEFF}{}", "{\"nav\": nan}", "{\"a\":1}{\"a\":1}"] {
            readers.append(
                try Self.reader(Dictionary(uniqueKeysWithValues: StateFile.allCases.map { ($0.fileName, text) }))
            )
        }
        readers.append(
            try Self.reader(Dictionary(uniqueKeysWithValues: StateFile.allCases.map { ($0.fileName, "{}") }))
        )
        for (number, reader) in readers.enumerated() {
            let snapshot = reader.snapshot()
            #expect(snapshot.cycle == nil, "reader \(number)")
            #expect(snapshot.faults.count == (number == readers.count - 1 ? 0 : 15), "reader \(number)")
            #expect(reader.runtimeDiagnostics().isEmpty && reader.routerGlobalQuality().isEmpty)
            #expect(reader.routerSymbolQuality("BTCUSDT").isEmpty)
            #expect(snapshot.positions.rows == nil && !snapshot.positions.isWhole)
            #expect(snapshot.account.isStale == nil && snapshot.account.nav == nil)
            #expect(snapshot.risk.tradingState == nil && snapshot.risk.unknownOrders == nil)
            #expect(snapshot.engine.environment == nil && snapshot.engine.isReconciled == nil)
            #expect(snapshot.health.symbols == nil && snapshot.health.errors == nil)
            for watch in LivenessWatch.allCases {
                #expect(snapshot.runtimeDiagnostics.liveness[watch].isIdle == nil)
            }
        }
    }

    /// Goal: a field that can't be read is unknown, and its neighbours are not. Method: one file with a field of each
    /// kind of damage.
    @Test func damagedFieldsAreUnknown() throws {
        let reader = try Self.reader([
            "router_health.json": """
            {"updated_ts": 7, "router_health": {"global": {"quality_score": 1.5, "avg_slippage_bps": NaN,
             "slippage_drift_bps": -Infinity, "avg_latency_ms": -1, "latency_bucket": "INSTANT",
             "slippage_drift_bucket": "RED", "twap_usage_ratio": "0.5", "router_bucket": null},
             "per_symbol": {"BTCUSDT": {"quality": "excellent", "maker_first": 1, "bias": 1e400, "offset_bps": 2,
              "child_orders": [], "last_fill_ts": "yesterday", "last_order_ts": "2024-08-08T00:00:00Z"}}}}
            """
        ])
        let global = reader.routerGlobalQuality()
        var expected = RouterQuality()
        expected.slippageDrift = .red
        #expect(global == expected)
        let symbol = reader.routerSymbolQuality("BTCUSDT")
        expected = RouterQuality()
        expected.symbol = "BTCUSDT"
        expected.lastOrder = Timestamp(milliseconds: 1_723_075_200_000)
        expected.policy.offsetBps = 2
        #expect(symbol == expected)
        let gates = try Self.reader([
            "diagnostics.json": """
            {"runtime_diagnostics": {"veto_counters": {"by_symbol": {"A": {"gated_by": ["cooldown", 7]}, "B": 3},
             "by_reason": {"cooldown": -1, "symbol_cap": 2}}, "liveness": {"missing": {"exits": 1}, "clock_skew": []}}}
            """
        ]).runtimeDiagnostics()
        #expect(gates.vetoes.bySymbol?.map(\.gatedBy) == [nil, nil])
        #expect(gates.vetoes.byReason?.map(\.count) == [nil, 2])
        #expect(gates.liveness[.exits].isMissing == nil && gates.liveness[.orders].isMissing == false)
        #expect(gates.liveness[.exits].isSkewed == nil && gates.liveness[.exits].isInvalid == nil)
    }

    /// Goal: files of several cycles are told as such. Method: one of them of another cycle, and one without.
    @Test func cyclesAreCompared() throws {
        let both = try Self.reader(["nav.json": #"{"cycle": 4}"#, "diagnostics.json": #"{"cycle": 5}"#]).snapshot()
        #expect(both.cycle == nil && both[.nav].cycle == 4 && both[.diagnostics].cycle == 5)
        #expect(try Self.reader(["nav.json": #"{"cycle": 4}"#]).snapshot().cycle == 4)
        #expect(try Self.reader(["nav.json": #"{"cycle": "4"}"#]).snapshot().cycle == nil)
    }

    /// Goal: NaN and infinities of other programs read as unknown, words within texts stay. Method: texts before and
    /// after.
    @Test func nonNumbersAreNull() throws {
        func read(_ text: String) throws -> JSONValue { try TolerantJSON.parse(Array(text.utf8)) }
        #expect(try read(#"{"a":NaN,"b":[-Infinity,Infinity,1]}"#) == ["a": .null, "b": [.null, .null, 1]])
        #expect(try read(#"{"NaN":"\"NaN, Infinity","b":NaN}"#) == ["NaN": "\"NaN, Infinity", "b": .null])
        #expect(throws: JSONError.self) { try read(#"{"a":NaN"#) }
        #expect(throws: JSONError.self) { try read("NaNa") }
    }
}
