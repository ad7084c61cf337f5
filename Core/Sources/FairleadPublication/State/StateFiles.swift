import FairleadConfiguration
public import FairleadEngine
public import FairleadJournal
import FairleadModel
public import FairleadNode

/// Keeps the state files: at each moment that the replica tells, all of them are written and change their names back to
/// back. A reader finds a whole file of one cycle at any time; cycles of a journal never go back, over restarts too.
///
/// It is never behind: a publish that failed is made good by the next. What only notices tell (`DiagnosticsCounters`)
/// goes into a checkpoint beside the files, from which a restart counts on.
public final class StateFiles: ReplicaObserver {
    /// What is kept for the next start; not for readers.
    static let checkpointName = "publisher.checkpoint"
    /// Far more than a checkpoint or a state file of the largest configuration has.
    static let byteLimit = 64 << 20

    private let disk: any Disk
    private let software: SoftwareIdentity
    private var journal: JournalIdentity?
    private var counters = DiagnosticsCounters(since: .never, isComplete: true)
    /// The counters as of `storedThrough`.
    private var stored: DiagnosticsCounters?
    /// Notices up to here are counted already.
    private var countedThrough: UInt64 = 0
    /// The cycle of the last complete publish, and the newest that any file may have.
    private var published: UInt64 = 0
    private var begun: UInt64 = 0
    private var settings = DiagnosticsConfiguration()
    private var hash: (of: ResolvedConfiguration, value: Digest256)?

    public private(set) var storedThrough: UInt64 = 0
    public private(set) var hasFailed = false
    public private(set) var health = ObserverHealth()
    public let name = "state"

    public init(_ disk: any Disk, software: SoftwareIdentity) {
        self.disk = disk
        self.software = software
    }

    // MARK: - The beginning

    public func open(_ journal: JournalIdentity) {
        hasFailed = false
        self.journal = journal
        do throws(DiskError) {
            try load(journal)
        } catch {
            hasFailed = true
            health.failed("\(error)")
        }
    }

    private func load(_ journal: JournalIdentity) throws(DiskError) {
        (storedThrough, stored, published, begun) = (0, nil, 0, 0)
        if let checkpoint = try read(Self.checkpointName), checkpoint["journal_id"]?.string == journal.id.description,
            let cycle = checkpoint["cycle"]?.count, cycle <= journal.durableThrough,
            let counters = checkpoint["counters"].flatMap({ DiagnosticsCounters(checkpoint: $0) })
        {
            (storedThrough, stored, begun) = (cycle, counters, cycle)
        }
        for file in StateFile.allCases {
            guard let document = try read(file.fileName) else { continue }
            // What another journal's run has left is overwritten by the first publish.
            guard document["journal_id"]?.string == journal.id.description else { continue }
            if let cycle = document["cycle"]?.count, cycle <= journal.durableThrough { begun = max(begun, cycle) }
        }
    }

    /// nil where there is no such file, or it holds no JSON.
    private func read(_ name: String) throws(DiskError) -> JSONValue? {
        let bytes: [UInt8]
        do throws(DiskError) { bytes = try disk.readAll(name, limit: Self.byteLimit) } catch {
            switch error.kind {
            case .notFound, .tooLarge, .empty: return nil
            case .noSpace, .inputOutput, .permissionDenied, .readOnly, .alreadyExists, .locked, .tooManyOpenFiles,
                .shorter, .other:
                throw error
            }
        }
        do throws(JSONError) { return try JSONParser.parse(bytes) } catch { return nil }
    }

    public func begins(at place: ReplicaPlace, names: RunNames) {
        settings = place.configuration.runtime.diagnostics
        if let stored, storedThrough >= place.sequence || place.isWhole {
            counters = stored
            countedThrough = storedThrough
        } else {
            counters = DiagnosticsCounters(since: place.time, isComplete: place.isWhole)
            countedThrough = place.sequence
        }
    }

    // MARK: - What happens

    public func take(_ item: ReplayItem, names: RunNames) {
        guard case .notice(let entry) = item, entry.sequence > countedThrough else { return }
        counters.add(entry.notice, at: entry.time, windowSignals: settings.windowSignals)
    }

    public func reached(_ moment: ReplicaMoment, engine: borrowing Engine, names: RunNames) {
        settings = moment.configuration.runtime.diagnostics
        guard let journal, moment.sequence >= begun, moment.sequence > published, moment.time.isKnown else { return }
        let documents = StateDocuments(
            journal: journal.id,
            software: software,
            configurationHash: configurationHash(moment.configuration)
        )
        let files = documents.make(moment, engine: engine, names: names, counters: counters)
        let checkpoint: JSONValue = [
            "journal_id": .string(journal.id.description), "cycle": .integer(moment.sequence),
            "counters": counters.checkpoint,
        ]
        begun = moment.sequence
        do throws(DiskError) {
            try disk.replace(
                [(Self.checkpointName, JSONWriter.bytes(of: checkpoint))] + files.map { ($0.file.fileName, $0.bytes) }
            )
        } catch {
            return health.failed("\(error)")
        }
        (published, storedThrough, stored) = (moment.sequence, moment.sequence, counters)
        health.succeeded()
    }

    private func configurationHash(_ configuration: ResolvedConfiguration) -> Digest256 {
        if let hash, hash.of == configuration { return hash.value }
        let value = ConfigurationRecord(document: configuration.canonicalText).hash
        hash = (configuration, value)
        return value
    }
}
