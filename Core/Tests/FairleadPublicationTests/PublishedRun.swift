import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import Testing

@testable import FairleadPublication

/// A node that trades and is published, whole: three symbols, entries of every style, exits, vetoes, bad signals.
struct PublishedRun {
    /// How diagnostics fare in a run.
    enum Publisher: String, CaseIterable {
        case on
        /// Published, with `diagnostics.enabled` off.
        case off
        /// Published, with `diagnostics.liveness.enabled` off.
        case livenessOff
        /// Nobody publishes, and no notice is even made.
        case unobserved
        /// Every write fails.
        case diskFull
        /// A further observer fails at all that it is given.
        case broken
    }

    /// A command that the engine wanted, as it was given out.
    struct Sent: Hashable {
        var time: Timestamp
        var bytes: [UInt8]
    }

    /// An observer that never succeeds.
    final class BrokenObserver: ReplicaObserver {
        let name = "broken"
        let storedThrough: UInt64 = 0
        private(set) var hasFailed = false
        private(set) var health = ObserverHealth()
        private(set) var taken = 0
        func open(_ journal: JournalIdentity) { hasFailed = false }
        func begins(at place: ReplicaPlace, names: RunNames) {}
        func take(_ item: ReplayItem, names: RunNames) {
            taken += 1
            fail()
        }
        func reached(_ moment: ReplicaMoment, engine: borrowing Engine, names: RunNames) { fail() }
        private func fail() {
            hasFailed = true
            health.failed("broken")
        }
    }

    /// What the live engine's commands came to.
    var hash: Digest256
    var count: UInt64
    /// The commands one by one, of the journal; `replayedHash` proves that they are the live engine's.
    var commands: [Sent] = []
    var replayedHash = Digest256.zero
    var fills: UInt64
    var isFailing: Bool
    /// What the broken observer was given.
    var brokenTook = 0
    let journal: MemoryDisk
    let state: MemoryDisk
    let logs: MemoryDisk

    static func play(_ publisher: Publisher, turns: Int = 45, screener: Bool = false) throws -> PublishedRun {
        let (journal, state, logs) = (MemoryDisk(), MemoryDisk(), MemoryDisk())
        let clock = VirtualClock(PublicationFixture.start)
        var setup = NodeSetup(disk: journal, configuration: try configuration(publisher, screener), clock: clock)
        setup.preparesInline = true
        setup.runID = Digest128(high: 5, low: 6)
        setup.isObserved = publisher != .unobserved
        var node = try Node.open(setup)
        let broken = BrokenObserver()
        var replica = try self.replica(journal, state, logs, publisher == .broken ? [broken] : [])
        if publisher == .diskFull {
            for disk in [state, logs] {
                disk.setHook { operation, _ in operation == .read || operation == .size ? nil : .fail(.noSpace) }
            }
        }
        for turn in 0..<turns {
            if !screener || turn == 0 { _ = node.offer(signal: signal(turn), source: .file, ticket: 1) }
            let end = clock.now + .seconds(4)
            while true {
                node.pump()
                if node.nextWake > end { break }
                clock.advance(to: max(node.nextWake, clock.now))
            }
            clock.advance(to: end)
            node.pump()
            try node.committer.commit()
            guard publisher != .unobserved else { continue }
            let durable = node.committer.durableThrough
            while try replica.work(durableThrough: durable, at: clock.now - PublicationFixture.start).isBehind {}
        }
        for disk in [state, logs] { disk.setHook(nil) }
        let isFailing = replica.report.isFailing
        if publisher != .unobserved, publisher != .diskFull {
            let durable = node.committer.durableThrough
            try replica.finish(durableThrough: durable, at: clock.now - PublicationFixture.start)
        }
        let fills = node.withEngine { $0.counters.fills }
        var run = PublishedRun(
            hash: node.commandHash,
            count: node.commandCount,
            fills: fills,
            isFailing: isFailing,
            brokenTook: broken.taken,
            journal: journal,
            state: state,
            logs: logs
        )
        var replayer = try Replayer(journal)
        try replayer.run { item in
            guard case .command(let command, _, let time) = item else { return }
            run.commands.append(Sent(time: time, bytes: CommandCodec.encode(command)))
        }
        run.replayedHash = replayer.result().commandHash
        return run
    }

    private static func configuration(_ publisher: Publisher, _ screener: Bool) throws -> ResolvedConfiguration {
        try PublicationFixture.configuration([
            "strategy_config.screener.enabled": "\(screener)",
            // A policy that isn't the one to begin with: a line of the router's health.
            "strategy_config.router.overrides.SOLUSDT.maker_first": "false",
            "strategy_config.diagnostics.enabled": "\(publisher != .off)",
            "strategy_config.diagnostics.liveness.enabled": "\(publisher != .livenessOff)",
        ])
    }

    private static func replica(
        _ journal: MemoryDisk,
        _ state: MemoryDisk,
        _ logs: MemoryDisk,
        _ more: [any ReplicaObserver]
    ) throws -> Replica {
        Replica(
            journal,
            observers: [
                StateFiles(state, software: PublicationFixture.software),
                ExecutionLogs(logs, fileBytes: 1 << 20, filesKept: 9),
                ExecutionLogs(health: logs, fileBytes: 1 << 20, filesKept: 9),
            ] + more,
            snapshotter: try Snapshotter(journal, interval: 3000, kept: 2, marketByteLimit: 1 << 30),
            period: .seconds(1)
        )
    }

    private static func signal(_ turn: Int) -> [UInt8] {
        let symbol = ["BTCUSDT", "ETHUSDT", "SOLUSDT"][turn % 3]
        let more =
            switch turn % 7 {
            case 0: #","stop_loss":"1""#
            case 1: #","execution":{"style":"taker"}"#
            case 2: #","execution":{"style":"twap","slices":3,"interval_s":"1"}"#
            case 3: #","intent":"exit""#
            case 4: #","strategy":"alpha","take_profit":"9999999""#
            case 5: #","limit_price":"-1""#
            default: #","restricted":true"#
            }
        let text = String(decoding: PublicationFixture.signal("r\(turn)", symbol: symbol, more: more), as: UTF8.self)
        if turn % 7 == 3 { return Array(text.replacing("BUY", with: "SELL").utf8) }
        if turn % 7 == 6 { return Array(text.replacing("\"300\"", with: "\"90000000\"").utf8) }
        return Array(text.utf8)
    }
}
