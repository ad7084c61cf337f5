import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadPublication

/// What the executor writes of itself and its account (document 001).
@Suite struct ExecutorStateFilesTests {
    typealias Fixture = PublicationFixture

    /// Goal: a publish writes NAV, positions, risk and synced state in step, with engine_version and v6_flags. Method:
    /// a run's files, whose figures are the log's: the sum of fills by symbol is each position.
    @Test func onePublishIsInStep() throws {
        let run = try PublishedRun.play(.on)
        let synced = try Fixture.document(run.state, .syncedState)
        #expect(synced["engine_version"]?.string == Fixture.software.version)
        #expect(synced["v6_flags"]?.object?.isEmpty == false)
        #expect(synced["is_connected"] == true && synced["is_reconciled"] == true)
        let risk = try Fixture.document(run.state, .riskSnapshot)
        let nav = try Fixture.document(run.state, .nav)
        #expect(nav["nav"] != nil && nav["nav"] == risk["nav"] && nav["cycle"] == risk["cycle"])
        #expect(risk["trading_state"] == "active" && risk["risk_mode"]?.string != nil)
        var held: [String: Int64] = [:]
        for fill in try ExecutionLogsTests.lines(run.logs, .fills) {
            let quantity = try SignedQuantity(text: fill["quantity"]?.string ?? "").raw
            held[fill["symbol"]?.string ?? "", default: 0] += fill["side"] == "BUY" ? quantity : -quantity
        }
        let positions = try Fixture.document(run.state, .positionsState)["positions"]?.array ?? []
        var found: [String: Int64] = [:]
        for row in positions {
            found[row["symbol"]?.string ?? ""] = try SignedQuantity(text: row["quantity"]?.string ?? "").raw
            // The incident checklist of document 003.
            #expect(row["entry_price"]?.string != nil && row["mark_price"]?.string != nil)
        }
        #expect(found == held.filter { $0.value != 0 } && !found.isEmpty)
        #expect(positions.count == nav["open_positions"]?.integer.map { Int($0) })
    }
}
