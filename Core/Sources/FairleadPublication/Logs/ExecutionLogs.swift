public import FairleadEngine
public import FairleadJournal
import FairleadModel
public import FairleadNode

/// Keeps the execution logs. Each line is the notice of one journal sequence, as `journal replay` tells it, and there
/// exactly once, whatever was killed when.
public final class ExecutionLogs: ReplicaObserver {
    /// How far the logs are stored; not for readers.
    static let checkpointName = "logs.checkpoint"
    static let healthCheckpointName = "router_health.checkpoint"
    /// Lines that may wait for a disk that takes none, in bytes: more are given up, and made again from the journal.
    static let waitingLimit = 8 << 20
    /// Lines that are written before the next moment is reached, so that a long replay needs no memory.
    static let writeAt = 1 << 20
    /// The checkpoint follows at this distance where no line does: a restart begins no earlier.
    static let checkpointEvery: UInt64 = 50_000

    private let disk: any Disk
    private var logs: [RotatedLog]
    private var journal: JournalIdentity?
    private var writer = JSONWriter()
    /// The sequences that the checkpoint says.
    private var checkpointed: UInt64 = 0

    public private(set) var hasFailed = false
    public private(set) var health = ObserverHealth()
    public let name: String
    private let checkpointName: String

    /// A file is put aside when it would pass `fileBytes`; the newest `filesKept` of them stay.
    public convenience init(_ disk: any Disk, fileBytes: Int, filesKept: Int) {
        self.init("execution_logs", ExecutionLog.execution, Self.checkpointName, disk, fileBytes, filesKept)
    }

    /// `router_health.jsonl` alone.
    public convenience init(health disk: any Disk, fileBytes: Int, filesKept: Int) {
        self.init("router_health", [.routerHealth], Self.healthCheckpointName, disk, fileBytes, filesKept)
    }

    private init(
        _ name: String,
        _ logs: [ExecutionLog],
        _ checkpointName: String,
        _ disk: any Disk,
        _ fileBytes: Int,
        _ filesKept: Int
    ) {
        self.name = name
        self.checkpointName = checkpointName
        self.disk = disk
        self.logs = logs.map { RotatedLog($0, fileBytes: fileBytes, filesKept: filesKept) }
    }

    public var storedThrough: UInt64 { logs.map(\.through).min() ?? 0 }

    // MARK: - The beginning

    public func open(_ journal: JournalIdentity) {
        hasFailed = false
        self.journal = journal
        do throws(DiskError) {
            try load(journal)
        } catch {
            fail(error)
        }
    }

    private func load(_ journal: JournalIdentity) throws(DiskError) {
        let known = try readCheckpoint()
        if let known, known["journal_id"]?.string == journal.id.description {
            for index in logs.indices { try logs[index].open(disk, known: Self.place(known, logs[index].log)) }
        } else {
            for index in logs.indices { try logs[index].open(disk, known: LogPlace()) }
        }
        let isForeign = known.map { $0["journal_id"]?.string != journal.id.description } ?? false
        if isForeign || logs.contains(where: { $0.through > journal.durableThrough }) {
            for index in logs.indices { try logs[index].putAside(disk) }
        }
        try writeCheckpoint(journal)
    }

    private func readCheckpoint() throws(DiskError) -> JSONValue? {
        let bytes: [UInt8]
        do throws(DiskError) { bytes = try disk.readAll(checkpointName, limit: 1 << 20) } catch {
            switch error.kind {
            case .notFound, .tooLarge: return nil
            case .noSpace, .inputOutput, .permissionDenied, .readOnly, .alreadyExists, .locked, .tooManyOpenFiles,
                .shorter, .empty, .other:
                throw error
            }
        }
        do throws(JSONError) { return try JSONParser.parse(bytes) } catch { return nil }
    }

    private static func place(_ checkpoint: JSONValue, _ log: ExecutionLog) -> LogPlace {
        guard let row = checkpoint["logs"]?[log.rawValue], let through = row["through"]?.count,
            let last = row["last"]?.count
        else { return LogPlace() }
        return LogPlace(through: through, last: last)
    }

    private func writeCheckpoint(_ journal: JournalIdentity) throws(DiskError) {
        let rows = logs.map { log in
            JSONMember(
                log.log.rawValue,
                ["through": .integer(log.place.through), "last": .integer(log.place.last)]
            )
        }
        let value: JSONValue = ["journal_id": .string(journal.id.description), "logs": .object(rows)]
        try disk.replace(checkpointName, JSONWriter.bytes(of: value))
        checkpointed = storedThrough
    }

    public func begins(at place: ReplicaPlace, names: RunNames) {}

    // MARK: - What happens

    public func take(_ item: ReplayItem, names: RunNames) {
        guard case .notice(let entry) = item, let log = ExecutionLog(entry.notice) else { return }
        guard let index = logs.firstIndex(where: { $0.log == log }) else { return }
        if entry.sequence <= logs[index].through { return }
        writer.removeAll()
        let stamp = RecordStamp(sequence: entry.sequence, time: entry.time)
        NoticeText.write(entry.notice, stamp, names: names, to: &writer)
        writer.endLine()
        logs[index].append(writer.bytes, sequence: entry.sequence)
        guard logs[index].waitingBytes >= Self.writeAt, health.fault == nil || isWaitingFull else { return }
        attempt { () throws(DiskError) in try write(index) }
    }

    /// Writes what is whole of a log. The checkpoint is written before a file is put aside: what it says last is then
    /// the last of that file.
    private func write(_ index: Int) throws(DiskError) {
        while try logs[index].write(disk) {
            if let journal { try writeCheckpoint(journal) }
            try logs[index].rotate(disk)
        }
    }

    private var isWaitingFull: Bool { logs.reduce(0) { $0 + $1.waitingBytes } > Self.waitingLimit }

    public func reached(_ moment: ReplicaMoment, engine: borrowing Engine, names: RunNames) {
        attempt { () throws(DiskError) in
            for index in logs.indices {
                logs[index].close(through: moment.sequence)
                try write(index)
                logs[index].settle(through: moment.sequence)
            }
            if let journal, storedThrough >= checkpointed + Self.checkpointEvery { try writeCheckpoint(journal) }
        }
    }

    /// What can't be written waits, up to the limit; then it is given up, and the journal tells it again.
    private func attempt(_ body: () throws(DiskError) -> Void) {
        do throws(DiskError) {
            try body()
            health.succeeded()
        } catch {
            health.failed("\(error)")
            switch error.kind {
            // Somebody touched the files: what is in them must be looked at anew.
            case .shorter, .notFound, .alreadyExists: hasFailed = true
            case .noSpace, .inputOutput, .permissionDenied, .readOnly, .locked, .tooManyOpenFiles, .tooLarge, .empty,
                .other:
                if isWaitingFull { hasFailed = true }
            }
        }
    }

    private func fail(_ error: DiskError) {
        hasFailed = true
        health.failed("\(error)")
    }
}
