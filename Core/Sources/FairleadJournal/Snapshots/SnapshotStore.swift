/// The snapshots of a journal's directory.
public struct SnapshotStore: Sendable {
    /// A snapshot that can't be used, by its file's name.
    public struct Rejected: Hashable, Sendable {
        public var file: String
        public var reason: SnapshotRejection
    }

    private let disk: any Disk

    public init(_ disk: any Disk) { self.disk = disk }

    /// Writes a snapshot so that a crash leaves it whole or not there at all. Write only what is durable in the
    /// journal: commit first.
    public func save(_ bytes: [UInt8], sequence: UInt64) throws(JournalError) {
        try JournalError.wrapping { () throws(DiskError) in
            try disk.replace(JournalFormat.snapshotName(sequence), bytes)
        }
    }

    /// The newest snapshot that this build can read and that is of this journal, and what was passed over with the
    /// reason. Nil means: replay from the journal's beginning.
    ///
    /// Only snapshots of a sequence below `before` are looked at: a reader that needs older records steps back by it.
    /// Throws only for the journal and the disk; a snapshot itself can be refused, never fatal.
    public func newest(
        stateVersion: UInt32,
        before: UInt64 = .max
    ) throws(JournalError) -> (snapshot: Snapshot?, rejected: [Rejected]) {
        var rejected: [Rejected] = []
        for file in try JournalDirectory(disk).snapshots.reversed() where file.number < before {
            switch try read(file) {
            case .failure(let reason): rejected.append(Rejected(file: file.name, reason: reason))
            case .success(let snapshot):
                guard let reason = try refusal(of: snapshot, stateVersion) else { return (snapshot, rejected) }
                rejected.append(Rejected(file: file.name, reason: reason))
            }
        }
        return (nil, rejected)
    }

    private func read(_ file: JournalDirectory.File) throws(JournalError) -> Result<Snapshot, SnapshotRejection> {
        let bytes: [UInt8]
        do { bytes = try disk.readAll(file.name, limit: Snapshot.byteLimit) } catch {
            if error.kind == .tooLarge { return .failure(.damaged) }
            throw .disk(error)
        }
        do throws(SnapshotRejection) {
            let snapshot = try Snapshot(bytes)
            return snapshot.identity.sequence == file.number ? .success(snapshot) : .failure(.damaged)
        } catch { return .failure(error) }
    }

    private func refusal(
        of snapshot: Snapshot,
        _ stateVersion: UInt32
    ) throws(JournalError) -> SnapshotRejection? {
        let identity = snapshot.identity
        if identity.stateVersion != stateVersion { return .stateVersion(found: identity.stateVersion) }
        do throws(JournalError) {
            var reader = try JournalReader(disk, from: max(identity.sequence, 1))
            if reader.journalID != identity.journalID { return .otherJournal }
            if identity.sequence == 0 { return identity.chain == 0 ? nil : .otherHistory }
            while let header = try reader.advance() {
                guard header.type.isInput, header.sequence >= identity.sequence else { continue }
                return header.checksum == identity.chain ? nil : .otherHistory
            }
            return .beyondJournal(sequence: identity.sequence)
        } catch {
            switch error {
            case .notRetained, .noJournal: return .otherHistory
            case .disk, .failed, .noSpace, .recordTooLarge, .quarantined, .unsupportedVersion, .unsupportedRecord,
                .noSuchSequence:
                throw error
            }
        }
    }

    /// Removes all but the newest `count` snapshots. Returns the sequence of the oldest that stays: the journal must be
    /// kept from there on. Nil when there is none.
    @discardableResult
    public func prune(keeping count: Int) throws(JournalError) -> UInt64? {
        precondition(count >= 1, "Invariant: a snapshot is kept")
        let snapshots = try JournalDirectory(disk).snapshots
        for file in snapshots.dropLast(count) {
            try JournalError.wrapping { () throws(DiskError) in try disk.remove(file.name) }
        }
        if snapshots.count > count {
            try JournalError.wrapping { () throws(DiskError) in try disk.syncDirectory() }
        }
        return snapshots.suffix(count).first?.number
    }
}
