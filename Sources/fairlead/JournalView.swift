import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadRuntime

/// A journal read back into an engine of its own, whether its own engine runs or not. Takes no lock, writes nothing.
struct JournalView {
    let path: String
    /// The history that belongs to the journal, where it has one.
    let history: String?
    /// The tapes that a backtest's journal refers to.
    let tapes: [String]
    /// What a command that is shown must be given to mean the same place.
    let flags: String

    init(_ paths: HomePaths, tapes: [String] = [], flags: String = "") {
        path = paths.journal
        self.flags = flags
        history = paths.history
        self.tapes = tapes
    }

    init(path: String, history: String? = nil, tapes: [String] = [], flags: String = "") {
        self.path = path
        self.flags = flags
        self.history = history
        self.tapes = tapes
    }

    func disk() throws -> PosixDisk {
        do throws(DiskError) { return try PosixDisk(path: path, make: false) } catch {
            throw Self.failure(path, error)
        }
    }

    /// The exit code of a journal's directory that can't be opened.
    static func failure(_ path: String, _ error: DiskError) -> CommandFailure {
        if error.kind == .permissionDenied { return CommandFailure(.permission, "the journal in \(path): \(error)") }
        let next = "\(Program.name) run writes one, --home names its place"
        return CommandFailure(.unavailable, "no journal in \(path) (\(error)); \(next)")
    }

    /// The configuration that the journal began with.
    func configuration() throws -> ResolvedConfiguration {
        let disk = try disk()
        do throws(NodeError) { return try JournalReach.configuration(disk) } catch {
            throw failure(error)
        }
    }

    /// A replay of the journal; a backtest's opens its tapes, those that its own configuration names unless others are
    /// given.
    func replayer(
        _ disk: PosixDisk,
        _ configuration: ResolvedConfiguration,
        isObserved: Bool = true,
        from start: ReplayStart
    ) throws(NodeError) -> Replayer {
        let market = configuration.runtime.market
        let named = tapes.isEmpty && market.source == .tape ? market.tapes : tapes
        if named.isEmpty { return try Replayer(disk, isObserved: isObserved, from: start) }
        let feed = try Tapes.open(named, configuration.engine.instruments, depth: market.depth)
        return try Replayer(disk, tape: feed, isObserved: isObserved, from: start)
    }

    /// Replays the whole journal and shows each item with the names known so far.
    func replay(
        through last: UInt64 = .max,
        _ body: (ReplayItem, RunNames) -> Void
    ) throws -> ReplayResult {
        let disk = try disk()
        let configuration = try configuration()
        var names = RunNames(configuration.engine.instruments)
        do throws(NodeError) {
            var replayer = try replayer(disk, configuration, from: .beginning)
            try replayer.run(through: last) { item in
                if case .record(let record) = item { names.note(record) }
                body(item, names)
            }
            return replayer.result()
        } catch {
            throw failure(error)
        }
    }

    /// With `--verbose`: where an answer comes from.
    func tellSource() { Output.detail("from the journal in \(path)") }

    /// The engine at the journal's end, and the time there.
    func atEnd<Result>(
        _ body: (borrowing Engine, [Instrument]) -> Result
    ) throws -> (value: Result, time: Timestamp) {
        tellSource()
        let disk = try disk()
        let configuration = try configuration()
        do throws(NodeError) {
            var replayer = try replayer(disk, configuration, isObserved: false, from: .newest)
            try replayer.run()
            return (replayer.withEngine { body($0, configuration.engine.instruments) }, replayer.time)
        } catch {
            throw failure(error)
        }
    }

    static func json(_ entry: NoticeEntry, _ names: RunNames) -> JSONValue {
        var writer = JSONWriter()
        NoticeText.write(
            entry.notice,
            RecordStamp(sequence: entry.sequence, time: entry.time),
            names: names,
            to: &writer
        )
        do throws(JSONError) { return try JSONParser.parse(writer.bytes) } catch {
            preconditionFailure("Invariant: what the writer writes is JSON: \(error)")
        }
    }

    // MARK: - Failures

    static func journaling<Result>(_ body: () throws(JournalError) -> Result) throws -> Result {
        do throws(JournalError) { return try body() } catch { throw failure(.journal(error)) }
    }

    /// The end of a reader. What retention has removed is told with the moment since when records can be read.
    func failure(_ error: NodeError) -> CommandFailure {
        guard case .journal(.notRetained) = error else { return Self.failure(error) }
        do throws(NodeError) {
            return Self.notRetained(try JournalReach(try PosixDisk(reading: path)))
        } catch {
            return Self.failure(error)
        }
    }

    /// What is asked for is older than anything that can still be replayed.
    static func notRetained(_ reach: JournalReach) -> CommandFailure {
        let since = reach.time.isKnown ? "\(reach.time.text(.milliseconds)) (sequence \(reach.sequence))" : "the end"
        return CommandFailure(
            .failure,
            "notRetained: records can be read since \(since); what was before it is removed "
                + "(journal.market_max_bytes, journal.snapshots_kept)"
        )
    }

    /// The exit code of a journal that can't be read.
    static func failure(_ error: NodeError) -> CommandFailure {
        switch error {
        case .journal(let reason): return failure(reason)
        case .tape, .emptyTape, .tapesMissing, .otherTapes: return CommandFailure(.invalidInput, "\(error)")
        case .configuration, .needsFreshJournal, .diverged, .market, .noConfiguration, .strategyName, .otherKind:
            return CommandFailure(.failure, "\(error)")
        }
    }

    private static func failure(_ reason: JournalError) -> CommandFailure {
        switch reason {
        case .quarantined:
            let next = "\(Program.name) run --recover-from-venue starts anew"
            return CommandFailure(.journalQuarantined, "\(reason); \(next)")
        case .noJournal: return CommandFailure(.unavailable, "\(reason)")
        case .disk(let refusal) where refusal.kind == .locked:
            return CommandFailure(.failure, "another engine runs on this journal (\(refusal))")
        case .disk(let refusal) where refusal.kind == .permissionDenied:
            return CommandFailure(.permission, "\(reason)")
        case .disk, .failed, .noSpace, .recordTooLarge, .unsupportedVersion, .unsupportedRecord, .notRetained,
            .noSuchSequence:
            return CommandFailure(.failure, "\(reason)")
        }
    }
}

extension PosixDisk {
    /// A directory that is only read.
    convenience init(reading path: String) throws(NodeError) {
        do throws(DiskError) { try self.init(path: path, make: false) } catch { throw .journal(.disk(error)) }
    }
}
