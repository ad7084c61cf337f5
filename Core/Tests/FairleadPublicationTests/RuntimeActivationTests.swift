import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import Testing

@testable import FairleadPublication

/// Which parts are switched on, as the running engine says it (document 001).
@Suite struct RuntimeActivationTests {
    typealias Fixture = PublicationFixture

    private static func files(_ changes: [String: String]) throws -> [StateFile: JSONValue] {
        let configuration = try Fixture.configuration(changes)
        let engine = Engine(configuration: configuration.engine)
        let documents = StateDocuments(
            journal: Fixture.journal.id,
            software: Fixture.software,
            configurationHash: .zero
        )
        let made = documents.make(
            ReplicaMoment(sequence: 9, time: Fixture.start, configuration: configuration),
            engine: engine,
            names: RunNames(configuration.engine.instruments),
            counters: DiagnosticsCounters(since: Fixture.start, isComplete: true)
        )
        return try Dictionary(uniqueKeysWithValues: made.map { ($0.file, try JSONParser.parse($0.bytes)) })
    }

    /// Goal: each flag follows its key and no other's, and the version is the program's. Method: each key turned, all
    /// flags beside those before.
    @Test(arguments: [
        ("diagnostics_enabled", "strategy_config.diagnostics.enabled"),
        ("liveness_enabled", "strategy_config.diagnostics.liveness.enabled"),
        ("maker_first", "strategy_config.router.maker_first"),
        ("router_autotune_apply_enabled", "strategy_config.autotune.apply_enabled"),
        ("screener_enabled", "strategy_config.screener.enabled"),
    ])
    func eachFlagFollowsItsKey(_ flag: String, _ key: String) throws {
        let off = try Self.files([key: "false"])
        let on = try Self.files([key: "true"])
        let (before, after) = (off[.syncedState]?["v6_flags"], on[.syncedState]?["v6_flags"])
        #expect(before?.object?.count == 5 && before?[flag] == false && after?[flag] == true)
        for member in before?.object ?? [] where member.key != flag {
            #expect(after?[member.key] == member.value, "\(member.key) follows \(key)")
        }
        #expect(on[.syncedState]?["engine_version"]?.string == Fixture.software.version)
        #expect(on[.engineMetadata]?["engine_version"]?.string == Fixture.software.version)
        if flag == "router_autotune_apply_enabled" {
            #expect(off[.routerSuggestions]?["apply_enabled"] == false)
            #expect(on[.routerSuggestions]?["apply_enabled"] == true)
        }
    }
}
