import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

/// What somebody sees who starts the demonstration.
@Suite struct FirstOrderTests {
    /// Goal: the demonstration's first order is sent within a minute of the engine's start, whatever the market's seed:
    /// not a signal alone, but through size, risk and route.
    /// Method: the initial documents as they are, on 20 seeds, in virtual time, until the first entry is released; what
    /// was said of it must tell an approval and a route. A seed without one in time is named.
    @Test func theFirstOrderComesWithinAMinute() throws {
        var late: [UInt64] = []
        var slowest = TimeSpan.zero
        for seed in 1...20 as ClosedRange<UInt64> {
            let waited = try Self.firstOrder(seed: seed)
            if waited == nil { late.append(seed) }
            slowest = max(slowest, waited ?? .zero)
        }
        print("first orders, seeds 1...20: the slowest after \(slowest.milliseconds) ms, late: \(late)")
        #expect(late.isEmpty)
    }

    /// How long after the start the first order was sent; nil when none was within 60 s.
    private static func firstOrder(seed: UInt64) throws -> TimeSpan? {
        let overrides = [
            ConfigurationOverride(path: "runtime.market.synthetic.seed", value: "\(seed)"),
            ConfigurationOverride(path: "runtime.journal.segment_bytes", value: "2097152"),
        ]
        let configuration = try ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides).get()
        let clock = VirtualClock(NodeFixture.start)
        var node = try Node.open(NodeFixture.setup(MemoryDisk(), configuration, clock))
        var cursor: UInt64 = 0
        var (isApproved, isRouted) = (false, false)
        while clock.now - NodeFixture.start <= .seconds(60) {
            NodeFixture.run(&node, clock, for: .milliseconds(500))
            _ = node.notices.read(from: &cursor) { entry in
                if case .riskDecided(let decision) = entry.notice, decision.vetoes.all.isEmpty { isApproved = true }
                if case .routed = entry.notice { isRouted = true }
            }
            guard node.increasingReleases > 0 else { continue }
            let orders = node.withEngine { $0.counters.sends }
            #expect(isApproved && isRouted && orders > 0, "seed \(seed)")
            return clock.now - NodeFixture.start
        }
        return nil
    }

    /// Goal: the manifests of a run's beginning and end name the run. Method: a life that is closed, read back.
    @Test func manifestsNameTheRun() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(NodeFixture.start)
        let setup = NodeFixture.setup(disk, try NodeFixture.configuration(), clock)
        var node = try Node.open(setup)
        NodeFixture.run(&node, clock, for: .seconds(1))
        try node.close(status: .finished, wallTime: clock.now)
        var reader = try JournalReader(disk)
        var manifests: [RunManifest] = []
        while let record = try reader.next() {
            if case .manifest(let manifest) = record.body { manifests.append(manifest) }
        }
        #expect(manifests.map(\.status) == [.running, .finished])
        #expect(manifests.allSatisfy { $0.runID == setup.runID })
        #expect("\(reader.journalID)" == setup.runID.description)
    }
}
