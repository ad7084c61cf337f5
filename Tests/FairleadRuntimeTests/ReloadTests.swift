import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import FairleadRuntime

/// A reload says what is in force afterwards, and nothing else.
@Suite(.serialized)
struct ReloadTests {
    private final class Nobody: EngineObserver {
        func take(_ news: EngineNews) {}
        var losses: ObserverLosses { ObserverLosses() }
    }

    private static func configuration(_ limit: String) throws -> ResolvedConfiguration {
        try ConfigurationDecoder.resolve(
            InitialDocuments.documents,
            overrides: [
                ConfigurationOverride(path: "risk_limits.max_order_notional", value: limit),
                ConfigurationOverride(path: "runtime.journal.segment_bytes", value: "2097152"),
            ]
        ).get()
    }

    /// Goal: changes that the journal did not take are told as refused, are not in force, and don't come later.
    /// Method: a host over a disk whose sync fails, a reload; then the same reload of a sound host.
    @Test func whatIsNotJournaledIsNotChanged() throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        for isBroken in [true, false] {
            let disk = MemoryDisk()
            try loop.submit {
                let killSwitch = KillSwitch()
                let clock = SystemClock()
                var setup = NodeSetup(
                    disk: disk,
                    configuration: try Self.configuration("1000"),
                    clock: clock,
                    killSwitch: killSwitch
                )
                setup.preparesInline = true
                let node = try Node.open(setup)
                let host = EngineHost(
                    node,
                    loop: loop,
                    killSwitch: killSwitch,
                    clock: clock,
                    channel: nil,
                    observer: Nobody()
                )
                host.pump()
                if isBroken {
                    disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
                    do throws(JournalError) { try host.node?.committer.commit() } catch {}
                }
                let outcome = host.reload(try Self.configuration("321"))
                let limit = host.node?.configuration.engine.risk.maximumOrderNotional
                switch outcome {
                case .success(let reload):
                    #expect(!isBroken)
                    #expect(reload.changes.map(\.path) == ["max_order_notional"])
                    #expect(limit == Money(whole: 321))
                case .failure(let fault):
                    #expect(isBroken, "\(fault)")
                    #expect(fault.code == .journalUnavailable)
                    #expect(limit == Money(whole: 1000))
                }
                disk.setHook(nil)
                host.pump()
                let later = host.node?.configuration.engine.risk.maximumOrderNotional
                #expect(later == limit)
                do throws(NodeError) { try host.close(wallTime: clock.now) } catch {}
            }.wait()
        }
        try group.syncShutdownGracefully()
    }

    /// Goal: whoever reloads is told of keys that do nothing yet, also by SIGHUP.
    /// Method: a key of a later part in the file, a reload by the socket and one by the signal's way, and the log.
    @Test func warningsAreTold() throws {
        let live = try LiveFixture()
        let path = live.files.path(of: .strategy)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let open = try #require(text.firstIndex(of: "{"))
        let changed = #"{"signals": {"webhook_mapping": {}},"# + text[text.index(after: open)...]
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
        let answer = try live.ask(.reload)
        let warnings = (answer["warnings"]?.array ?? []).compactMap(\.string)
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("strategy_config.json: signals.webhook_mapping: ") == true)
        live.run?.reload()
        let log = live.paths.logs + "/fairlead.log"
        let isTold = live.waitUntil {
            // The log's first line makes the file, on a thread of its own: until then there is none to read.
            guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return false }
            return text.split(separator: "\n").contains {
                $0.contains(#""level":"warning""#) && $0.contains("signals.webhook_mapping")
            }
        }
        #expect(isTold)
        live.stop()
    }
}
