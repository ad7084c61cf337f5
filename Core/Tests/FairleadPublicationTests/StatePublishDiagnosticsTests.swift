import FairleadJournal
import FairleadModel
import FairleadSchema
import Testing

@testable import FairleadPublication

/// Diagnostics of a live run: what is published, and that no order depends on it (SPEC 13, S-21).
@Suite struct StatePublishDiagnosticsTests {
    typealias Fixture = PublicationFixture

    /// Goal: with diagnostics on, off, unobserved, failing or broken the order stream is the same, command for command.
    /// Method: the same run under each; every command's time and bytes beside those of the first, which the live
    /// engine's own hash vouches for.
    @Test func diagnosticsChangeNoOrder() throws {
        let runs = try PublishedRun.Publisher.allCases.map { ($0, try PublishedRun.play($0)) }
        let (_, first) = runs[0]
        #expect(first.commands.count > 25 && first.fills > 10, "\(first.commands.count) commands, \(first.fills) fills")
        for (publisher, run) in runs {
            #expect(run.replayedHash == run.hash, "\(publisher): the commands are not the live engine's")
            #expect(UInt64(run.commands.count) == run.count, "\(publisher)")
            #expect(run.commands.count == first.commands.count, "\(publisher)")
            for (index, pair) in zip(run.commands, first.commands).enumerated() where pair.0 != pair.1 {
                Issue.record("\(publisher): command \(index) at \(pair.0.time) is another")
                break
            }
            #expect(run.fills == first.fills, "\(publisher)")
            #expect(run.isFailing == (publisher == .diskFull || publisher == .broken), "\(publisher)")
            #expect((run.brokenTook > 0) == (publisher == .broken), "\(publisher)")
            let isPublished = try run.state.list().contains("diagnostics.json")
            #expect(isPublished == (publisher != .unobserved && publisher != .diskFull), "\(publisher)")
        }
    }

    /// Goal: the block has all of SPEC 13's parts, and their figures are the run's. Method: a run; the counters beside
    /// its logs, which are written by another observer.
    @Test func theBlockIsTheRuns() throws {
        let run = try PublishedRun.play(.on)
        let document = try Fixture.document(run.state, .diagnostics)
        #expect(try Fixture.schema(.diagnostics).violation(of: document) == nil)
        let block = document["runtime_diagnostics"]
        #expect(block?.object?.map(\.key) == ["exit_pipeline", "liveness", "veto_counters"])
        let counters = block?["veto_counters"]
        #expect(counters?["total_signals"] == 45 && counters?["is_complete"] == true)
        let orders = try ExecutionLogsTests.lines(run.logs, .orderEvents)
        let sent = orders.filter { $0["from"] == "created" && $0["to"] == "submitted" }
        #expect(counters?["total_orders"]?.integer == Int64(sent.count) && sent.count > 10)
        let newest = try #require(sent.last?["ts"]?.string)
        #expect(counters?["last_order_ts"]?.string?.prefix(19) == newest.prefix(19))
        let vetoes = try ExecutionLogsTests.lines(run.logs, .riskVetoes)
        var byReason: [String: Int64] = [:]
        for veto in vetoes { byReason[veto["reasons"]?[0]?.string ?? "", default: 0] += 1 }
        for row in counters?["by_reason"]?.object ?? [] {
            #expect(row.value.integer == byReason[row.key], "\(row.key)")
        }
        #expect(counters?["total_vetoes"]?.integer == Int64(vetoes.count) && vetoes.count > 3)
        let fills = try ExecutionLogsTests.lines(run.logs, .fills)
        let events = (fills + orders).compactMap { $0["ts"]?.string }.max()
        let router = block?["exit_pipeline"]?["last_router_event_ts"]?.string
        #expect(router != nil && (router ?? "") >= (events?.prefix(19).description ?? "x"))
        let liveness = block?["liveness"]
        for watch in LivenessWatch.allCases { #expect(liveness?[watch.flag]?.bool != nil, "\(watch)") }
        for table in ["details", "missing", "clock_skew", "invalid"] { #expect(liveness?[table]?.object != nil) }
    }

    /// Goal: disabled, all flags are false and nothing else is computed; without diagnostics the block is empty.
    /// Method: both switches off.
    @Test func switchesSwitch() throws {
        let off = try PublishedRun.play(.off, turns: 3)
        #expect(try Fixture.document(off.state, .diagnostics)["runtime_diagnostics"] == .object([]))
        #expect(StateReader(off.state).runtimeDiagnostics().isEmpty)
        let quiet = try PublishedRun.play(.livenessOff, turns: 3)
        let block = try Fixture.document(quiet.state, .diagnostics)["runtime_diagnostics"]
        let liveness = try #require(block?["liveness"])
        for member in liveness.object ?? [] {
            #expect(member.value == (member.key.hasPrefix("idle_") ? false : .object([])), "\(member.key)")
        }
        #expect(block?["veto_counters"]?["total_signals"] == 3)
    }
}
