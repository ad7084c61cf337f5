import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct EmbeddedNodeTests {
    typealias Fixture = NodeFixture

    /// Goal: the demonstration trades by itself, and a replay of its journal computes the same commands and state.
    /// Method: ten minutes of the synthetic market with the screener, then a replay in a fresh engine.
    @Test func tradesAndReplays() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Fixture.configuration()
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .minutes(10))
        let isReconciled = node.isReconciled
        #expect(isReconciled)
        let counters = node.withEngine { $0.counters }
        #expect(counters.sends > 0)
        #expect(counters.fills > 0)
        #expect(counters.outOfOrder == 0)
        #expect(counters.externalFills == 0)
        node.withEngine { $0.checkInvariants() }
        node.fold.egressGuard.accounts.checkInvariants()
        let refusals = EgressRefusal.allCases.map { node.refusals($0) }
        #expect(refusals.allSatisfy { $0 == 0 }, "\(refusals)")

        var replayer = try Replayer(disk)
        try replayer.run()
        let result = replayer.result()
        let (sequence, commands, hash) = (node.sequence, node.commandCount, node.commandHash)
        let stateHash = node.fold.stateHash()
        #expect(result.sequence == sequence)
        #expect(result.commandCount == commands)
        #expect(result.commandHash == hash)
        #expect(result.stateHash == stateHash)
        #expect(result.journalHash == (try JournalVerifier.verify(disk)).hash)
    }
}
