import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPublication

/// What the router publishes, on a disk of its own under the active faults, kept over the lives of the process.
struct Publisher {
    /// Longer than a run's, so that a seed has some hundred publishes.
    static let period = TimeSpan.seconds(10)
    private static let software = SoftwareIdentity(version: "simulated", build: "simulated")

    /// Between two tries of a replica that could not go on, as in the runtime: doubled each time.
    static let firstPause = TimeSpan.seconds(1)
    static let longestPause = TimeSpan.seconds(60)

    var disk: SimulatedDisk
    var retryAt = Timestamp.never
    var pause = Publisher.firstPause
    let reader = PublishedReader()
    /// When state files were stored last, by the true time, and what of the journal they hold.
    private(set) var storedAt = Timestamp.never
    private(set) var through: UInt64 = 0
    private var stored: UInt64 = 0

    init() {
        disk = SimulatedDisk(syncDelay: .zero)
        disk.watch(reader)
    }

    /// The observers of the process's next life.
    func observers() -> [any ReplicaObserver] {
        [
            StateFiles(disk.files, software: Self.software),
            // Small files, so that a run puts some aside; all of them are kept for the judge.
            ExecutionLogs(disk.files, fileBytes: 65_536, filesKept: 100_000),
        ]
    }

    /// After the replica has worked.
    mutating func note(_ report: ReplicaReport, at now: Timestamp) {
        reader.look(disk.files)
        for row in report.observers {
            if row.name == "state", row.storedThrough != stored { (stored, storedAt) = (row.storedThrough, now) }
            if row.name == "execution_logs" { through = row.storedThrough }
        }
    }

    /// The lines of a log over all of its files, the oldest first.
    func lines(_ log: ExecutionLog) -> [String] {
        let files = disk.files
        var texts: [[String]] = []
        while true {
            let name = texts.isEmpty ? log.fileName : "\(log.rawValue).\(texts.count).jsonl"
            do throws(DiskError) {
                let bytes = try files.readAll(name, limit: 1 << 30)
                texts.append(bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) })
            } catch {
                if !texts.isEmpty { break }
                texts.append([])
            }
        }
        return texts.reversed().flatMap { $0 }
    }

    static func line(_ entry: NoticeEntry, _ names: RunNames) -> String {
        var writer = JSONWriter()
        let stamp = RecordStamp(sequence: entry.sequence, time: entry.time)
        NoticeText.write(entry.notice, stamp, names: names, to: &writer)
        return writer.text
    }
}

extension Simulation {
    /// The replica of the router's new life.
    func makeReplica() throws(NodeError) -> Replica {
        let settings = configuration.runtime.journal
        let snapshotter = try Snapshotter(
            disk.files,
            interval: settings.snapshotRecords,
            kept: settings.snapshotsKept,
            marketByteLimit: settings.marketMaximumBytes
        )
        return Replica(
            disk.files,
            observers: published.observers(),
            snapshotter: snapshotter,
            period: Publisher.period
        )
    }

    /// Snapshots and what is published, as the replica's thread does it.
    mutating func keepReplica(_ durableThrough: UInt64) {
        if now < published.retryAt { return }
        do throws(NodeError) {
            // As in the runtime: what could not be followed or made is tried again a little later, and trading goes on.
            var current = if let made = replica.take() { made } else { try makeReplica() }
            let done = try current.work(durableThrough: durableThrough, at: now - start)
            if let mark = done.mark {
                report.snapshots += 1
                node?.offer(snapshot: mark)
            }
            published.note(current.report, at: now)
            replica = consume current
            published.pause = Publisher.firstPause
        } catch {
            published.retryAt = now + published.pause
            published.pause = min(Publisher.longestPause, TimeSpan(nanoseconds: published.pause.nanoseconds * 2))
            trace.note(.text("the replica stops: \(error)"), at: now)
            if case .diverged(_, _, let detail) = error {
                fail(Violation("S-23", "the replica's replay: \(error): \(detail)"))
            }
        }
        if published.disk.takeDeath(of: PublisherKilled().name) { queue.push(.kill, at: now) }
    }
}
