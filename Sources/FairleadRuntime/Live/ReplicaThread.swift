import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation
import Synchronization

/// The thread of a run's replica: it makes the snapshots and everything that is published. It may block on any disk;
/// the loop neither waits for it nor hears of it, but for a snapshot's mark.
final class ReplicaThread: Sendable {
    /// Makes the observers, on the thread; and says which could not be made.
    typealias Making = @Sendable () -> Publishers

    private let committer: JournalCommitter
    private let disk: any Disk
    private let settings: JournalConfiguration
    private let period: TimeSpan
    private let status: PublishingStatus
    private let making: Making
    private let onSnapshot: @Sendable (SnapshotMark) -> Void
    private let isStopping = Atomic<Bool>(false)
    private let isEnded = Atomic<Bool>(false)
    /// Between two tries after an error, the longest; and between two tries to make what could not be made.
    private static let longestPause = 60.0

    init(
        _ committer: JournalCommitter,
        disk: any Disk,
        runtime: RuntimeConfiguration,
        status: PublishingStatus,
        making: @escaping Making,
        onSnapshot: @escaping @Sendable (SnapshotMark) -> Void
    ) {
        self.committer = committer
        self.disk = disk
        self.status = status
        status.begin()
        self.making = making
        self.onSnapshot = onSnapshot
        settings = runtime.journal
        period = runtime.state.period
        let thread = Thread { [self] in run() }
        thread.name = "replica"
        thread.start()
    }

    /// The journal is closed: publishes its end, for at most `seconds`, and ends the thread.
    func finish(within seconds: Double) {
        isStopping.store(true, ordering: .releasing)
        // Not the wall clock, which may be set meanwhile.
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !isEnded.load(ordering: .acquiring), ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.005)
        }
    }

    private var isEnding: Bool { isStopping.load(ordering: .acquiring) }
    private var now: TimeSpan { SystemClock().elapsed }

    private func run() {
        var pause = 1.0
        while true {
            do throws(NodeError) {
                try follow()
                pause = 1
            } catch {
                if case .diverged = error { status.diverged("\(error)") } else { status.stopped("\(error)") }
                sleep(pause)
                pause = min(pause * 2, Self.longestPause)
            }
            if isEnding { break }
        }
        isEnded.store(true, ordering: .releasing)
    }

    /// Sleeps unless the end comes.
    private func sleep(_ seconds: Double) {
        let end = ContinuousClock.now + .seconds(seconds)
        while !isEnding, ContinuousClock.now < end { Thread.sleep(forTimeInterval: 0.05) }
    }

    private static let removed = "a directory that is published in was removed; it is made anew"

    /// Follows the journal until the run ends; comes back earlier where an observer could not be made, or its directory
    /// was removed, to try again.
    private func follow() throws(NodeError) {
        let made = making()
        let faults = made.faults
        let snapshotter = try Snapshotter(
            disk,
            interval: settings.snapshotRecords,
            kept: settings.snapshotsKept,
            marketByteLimit: settings.marketMaximumBytes
        )
        var replica = Replica(disk, observers: made.observers, snapshotter: snapshotter, period: period)
        let pause = max(0.005, min(0.25, period.seconds / 4))
        let end = ContinuousClock.now + .seconds(Self.longestPause)
        while !isEnding {
            let done = try replica.work(durableThrough: committer.durableThrough, at: now)
            if let mark = done.mark { onSnapshot(mark) }
            status.note(replica.report, faults: faults)
            if !faults.isEmpty, ContinuousClock.now >= end { return }
            if made.isRemoved { return status.note(replica.report, faults: [Self.removed]) }
            if !done.isBehind { Thread.sleep(forTimeInterval: pause) }
        }
        try replica.finish(durableThrough: committer.durableThrough, at: now)
        status.note(replica.report, faults: faults)
    }
}

/// How publishing fares, for `status`, `health` and the log: written by the replica's thread, read by all.
public final class PublishingStatus: Sendable {
    private struct Content {
        var report = ReplicaReport()
        var faults: [String] = []
        /// Why no start can go on with the journal; nil while one could.
        var divergence: String?
        /// What the log was told last.
        var told = ""
        var onChange: (@Sendable (String?) -> Void)?
    }

    private let content = Mutex(Content())

    public init() {}

    /// Told each time that publishing begins to fail, or fails in another way: why; nil once it works again.
    func onChange(_ body: @escaping @Sendable (String?) -> Void) { content.withLock { $0.onChange = body } }

    /// Why something is not published; nil while all is.
    public var fault: String? {
        content.withLock { $0.faults.isEmpty ? $0.divergence : $0.faults.joined(separator: "; ") }
    }

    /// Where the replay of the journal differs from what was traded: no start goes on with it. nil while none does.
    public var divergence: String? { content.withLock { $0.divergence } }

    /// Attempts to store that failed since the start.
    public var failures: UInt64 { content.withLock { $0.report.observers.reduce(0) { $0 + $1.health.failures } } }

    /// The last journal sequence that was published.
    public var sequence: UInt64 { content.withLock { $0.report.sequence } }

    func note(_ report: ReplicaReport, faults: [String]) {
        let failing = report.observers.compactMap { row in row.health.fault.map { "\(row.name): \($0)" } }
        change(report, faults + failing)
    }

    /// The replica itself could not go on.
    func stopped(_ reason: String) {
        let report = content.withLock { $0.report }
        change(report, ["the journal can't be followed: \(reason)"])
    }

    /// Another journal is followed.
    func begin() { content.withLock { $0.divergence = nil } }

    /// What the journal says can't be computed again. It stays so: a next try finds the same.
    func diverged(_ reason: String) {
        content.withLock { $0.divergence = reason }
        stopped(reason)
    }

    private func change(_ report: ReplicaReport, _ faults: [String]) {
        let news = content.withLock { content -> (told: String?, tell: (@Sendable (String?) -> Void)?) in
            content.report = report
            content.faults = faults
            let text = faults.joined(separator: "; ")
            guard text != content.told else { return (nil, nil) }
            content.told = text
            return (text.isEmpty ? nil : text, content.onChange)
        }
        news.tell?(news.told)
    }

    /// As `status` shows it.
    var json: JSONValue {
        let (report, faults) = content.withLock { ($0.report, $0.faults) }
        let rows = report.observers.map { row -> JSONValue in
            var members = [
                JSONMember("name", .string(row.name)), JSONMember("stored_through", .integer(row.storedThrough)),
                JSONMember("failures", .integer(row.health.failures)),
                JSONMember("fault", row.health.fault.map { .string($0) } ?? .null),
            ]
            if let missed = row.missed {
                members.append(JSONMember("missed_from", .integer(missed.lowerBound)))
                members.append(JSONMember("missed_through", .integer(missed.upperBound)))
            }
            return .object(members)
        }
        return [
            "sequence": .integer(report.sequence), "faults": .array(faults.map { .string($0) }),
            "observers": .array(rows),
        ]
    }
}
