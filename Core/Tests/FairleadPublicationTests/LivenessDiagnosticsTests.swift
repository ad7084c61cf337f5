import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// `liveness` of `diagnostics.json` (SPEC 13).
@Suite struct LivenessDiagnosticsTests {
    typealias Fixture = PublicationFixture

    private static func time(_ second: Int64) -> Timestamp { VetoMetricsTests.time(second) }

    /// All watched things at one time but the ones given.
    private static func times(_ time: Timestamp, _ others: [LivenessWatch: Timestamp] = [:])
        -> [LivenessWatch: Timestamp]
    {
        var times = Dictionary(uniqueKeysWithValues: LivenessWatch.allCases.map { ($0, time) })
        times.merge(others) { $1 }
        return times
    }

    /// Goal: SPEC 13's rules of idle times. Method: a time that is young, old, missing, in the future; a bound of zero;
    /// all turned off.
    @Test func idleTimesAreJudged() {
        let now = Self.time(10_000)
        let settings = LivenessConfiguration()
        let times: [LivenessWatch: Timestamp] = [
            .signals: Self.time(9_500), .orders: Self.time(8_800), .exits: .never, .exitScans: Self.time(10_005),
            .router: Self.time(1_000),
        ]
        let liveness = Liveness(times, at: now, settings)
        #expect(liveness.idle == [.orders, .exits, .router])
        #expect(liveness.missing == [.exits])
        #expect(liveness.skewed == [.exitScans])
        #expect(liveness.invalid.isEmpty)
        #expect(liveness.details == [.signals: 500, .orders: 1200, .exits: 3601, .exitScans: 0, .router: 9000])
        #expect(liveness.json["details"]?["router_idle_seconds"]?.lexeme == "9000.0")
        #expect(liveness.json["idle_signals"] == false)
        #expect(liveness.json["missing"] == ["exits": true])

        var off = settings
        off.maximumIdleRouterEvents = .zero
        off.maximumIdleExits = .zero
        let partly = Liveness(times, at: now, off)
        #expect(partly.idle == [.orders])
        #expect(partly.missing.isEmpty)
        #expect(partly.details[.router] == nil)
        #expect(partly.json["details"]?["router_idle_seconds"]?.lexeme == "9000.0")
        off.isEnabled = false
        let none = Liveness(times, at: now, off)
        #expect(none.idle.isEmpty)
        #expect(none.json["details"] == .object([]))
    }

    /// Goal: each bound is reached at it, not a nanosecond before. Method: ages on both sides of SPEC 13's defaults.
    @Test(arguments: [
        (LivenessWatch.signals, 600 as Int64), (.orders, 1200), (.exits, 3600), (.exitScans, 60), (.router, 1800),
    ])
    func boundsAreReachedExactly(_ watch: LivenessWatch, _ seconds: Int64) {
        let now = Self.time(100_000)
        let at = now + .seconds(-seconds)
        let settings = LivenessConfiguration()
        let reached = Liveness(Self.times(now, [watch: at]), at: now, settings)
        #expect(reached.idle == [watch] && reached.details[watch] == Double(seconds))
        let before = Liveness(Self.times(now, [watch: at + TimeSpan(nanoseconds: 1)]), at: now, settings)
        #expect(before.idle.isEmpty && before.missing.isEmpty)
        let missing = Liveness(Self.times(now, [watch: .never]), at: now, settings)
        #expect(missing.idle == [watch] && missing.missing == [watch])
        #expect(missing.details[watch] == Double(seconds) + 1)
    }

    /// Goal: a time that can't be is idle and told as invalid: it is neither missing nor young, and nothing crashes.
    /// Method: times on both sides of what a date can say, each also with its bound off.
    @Test(arguments: LivenessWatch.allCases)
    func impossibleTimesAreInvalid(_ watch: LivenessWatch) {
        let now = Self.time(100_000)
        let first = Timestamp(nanoseconds: 0)
        let end = Timestamp(nanoseconds: 9_214_646_400_000_000_000)
        for time in [Timestamp(nanoseconds: -1), Timestamp(nanoseconds: .min + 1), end, .distantFuture] {
            let liveness = Liveness(Self.times(now, [watch: time]), at: now, LivenessConfiguration())
            #expect(liveness.idle == [watch] && liveness.invalid == [watch], "\(time.nanoseconds)")
            #expect(liveness.missing.isEmpty && liveness.skewed.isEmpty)
            #expect(liveness.details[watch] == LivenessConfiguration().limit(watch).seconds + 1)
            #expect(liveness.json["invalid"] == .object([JSONMember(watch.rawValue, true)]))
            #expect((liveness.json["details"]?["router_idle_seconds"] == nil) == (watch == .router))
        }
        #expect(Liveness(Self.times(now, [watch: first]), at: now, LivenessConfiguration()).invalid.isEmpty)
        let last = Timestamp(nanoseconds: end.nanoseconds - 1)
        let future = Liveness(Self.times(now, [watch: last]), at: now, LivenessConfiguration())
        #expect(future.invalid.isEmpty && future.skewed == [watch] && future.details[watch] == 0)
        #expect(last.text(.milliseconds) == "2261-12-31T23:59:59.999Z")
    }

    /// Goal: an invalid time that a checkpoint brings is told by its flag, and not published as a time. Method: a
    /// checkpoint whose last times are damaged; the file of the next publish against its schema.
    @Test func aDamagedCheckpointIsTold() throws {
        let disk = MemoryDisk()
        let publisher = try StateFilesTests.Publisher(disk)
        publisher.veto(3)
        publisher.reach(10)
        let text = String(decoding: try disk.readAll(StateFiles.checkpointName, limit: 1 << 20), as: UTF8.self)
        let checkpoint = try JSONParser.parse(text)
        let last = try #require(checkpoint["counters"]?["last"])
        let damaged: JSONValue = [-5, .integer(Int64.max), .integer(Int64.min), -7]
        let other = text.replacing(JSONWriter.text(of: last), with: JSONWriter.text(of: damaged))
        #expect(other != text)
        try disk.write(StateFiles.checkpointName, Array(other.utf8))
        let next = try StateFilesTests.Publisher(disk)
        next.reach(20)
        let document = try Fixture.document(disk, .diagnostics)
        #expect(try Fixture.schema(.diagnostics).violation(of: document) == nil)
        let diagnostics = document["runtime_diagnostics"]
        #expect(diagnostics?["liveness"]?["invalid"] == ["orders": true, "router": true, "signals": true])
        #expect(diagnostics?["veto_counters"]?["last_signal_ts"] == nil)
        #expect(diagnostics?["exit_pipeline"]?["last_router_event_ts"] == nil)
        let view = StateReader(disk).runtimeDiagnostics().liveness
        #expect(view[.signals].isInvalid == true && view[.signals].isIdle == true && view[.exits].isInvalid == false)
    }

    /// Goal: each bound of idle times governs its flag. Method: with everything missing each is idle; a bound of zero
    /// turns its flag off.
    @Test(arguments: [
        ("max_idle_signals_seconds", "idle_signals"), ("max_idle_orders_seconds", "idle_orders"),
        ("max_idle_exits_seconds", "idle_exits"), ("max_idle_exit_scans_seconds", "idle_exit_scans"),
        ("max_idle_router_events_seconds", "idle_router"),
    ])
    func eachBoundGovernsItsFlag(_ key: String, _ flag: String) throws {
        let on = try ExitPipelineContractTests.diagnostics(price: 100, hasPosition: false)["liveness"]
        let off = try ExitPipelineContractTests.diagnostics(
            ["strategy_config.diagnostics.liveness.\(key)": "0"],
            price: 100,
            hasPosition: false
        )["liveness"]
        #expect(on?[flag] == true)
        #expect(off?[flag] == false)
    }
}
