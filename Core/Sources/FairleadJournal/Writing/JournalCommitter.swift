internal import Synchronization

#if MUTANTS
    internal import FairleadModel
#endif

/// The part of a journal's writing that may block: syncs, preparing segments, sealing. Driven by a thread of its
/// own, or inline by whoever owns the writer; never by the loop when live.
///
/// Safe to call from any thread; commits run one at a time. The writer shares only short, never-syncing sections
/// with it.
public final class JournalCommitter: Sendable {
    struct Retired: Sendable {
        var memory: SegmentMemory?
        var seal: SegmentSeal
    }

    struct State {
        var lock: DiskLock?
        var current: SegmentMemory?
        /// `stored` at the current segment's offset 0, wrapping: the writer began at some offset with 0 stored.
        var currentBegin: UInt64 = 0
        /// The number that the next prepared segment gets.
        var nextNumber: UInt64 = 0
        var spare: SegmentMemory?
        /// Full, and not yet known to be synced.
        var retired: [Retired] = []
        /// Synced, and not yet hashed.
        var unsealed: [SegmentSeal] = []
        /// Hashed, and not yet journaled.
        var seals: [SegmentSeal] = []
        var failure: DiskError?
        /// Why the last preparation failed; nil after a success.
        var preparationFailure: DiskError?
    }

    /// A writer that is this many full segments ahead of the syncs waits for them, as when the disk is full. Recovery
    /// relies on it: nothing unsynced lies further back.
    static let retiredLimit = 2

    let disk: any Disk
    let segmentByteCount: Int
    private let durability: Durability
    let state = Mutex(State())
    private let committing = Mutex(())
    let appended = Atomic<UInt64>(0)
    /// Counts bytes stored by this writer, bookkeeping included.
    let stored = Atomic<UInt64>(0)
    private let synced = Atomic<UInt64>(0)
    private let prefaulted = Atomic<UInt64>(0)
    private let durable = Atomic<UInt64>(0)
    private let failed = Atomic<Bool>(false)

    init(disk: any Disk, options: JournalOptions) {
        self.disk = disk
        segmentByteCount = options.segmentByteCount
        durability = options.durability
    }

    /// The last sequence that survives a loss of power.
    @inline(__always) public var durableThrough: UInt64 { durable.load(ordering: .acquiring) }
    @inline(__always) var durableHint: UInt64 { durable.load(ordering: .relaxed) }
    /// True for ever after a sync has failed.
    @inline(__always) public var isFailed: Bool { failed.load(ordering: .relaxed) }
    public var failure: DiskError? { state.withLock { $0.failure } }
    /// True when a next segment should be prepared.
    public var needsSegment: Bool { state.withLock { $0.spare == nil && $0.nextNumber > 0 } }
    /// Why no next segment could be prepared; nil when it could.
    public var preparationFailure: DiskError? { state.withLock { $0.preparationFailure } }

    /// Bytes of records that this writer has appended, for whoever simulates a crash between two of them.
    package var storedByteCount: UInt64 { stored.load(ordering: .acquiring) }

    func setDurable(_ sequence: UInt64) { durable.store(sequence, ordering: .releasing) }

    /// Syncs all that was appended before the call, and tells through which sequence the journal is durable now.
    ///
    /// A failed sync is final: from then on each call throws `.failed`, because the kernel may have dropped the data
    /// and would report a later sync as a success.
    @discardableResult
    public func commit() throws(JournalError) -> UInt64 {
        try committing.withLock { (_: inout ()) throws(JournalError) in try commitLocked() }
    }

    private func commitLocked() throws(JournalError) -> UInt64 {
        if let failure { throw .failed(failure) }
        // Read before the segments: what was appended by now lies in one of those that are listed next.
        let target = appended.load(ordering: .acquiring)
        let storedNow = stored.load(ordering: .acquiring)
        let (retired, current) = state.withLock { ($0.retired, $0.current) }
        if storedNow == synced.load(ordering: .relaxed), retired.isEmpty { return target }
        #if MUTANTS
            if Mutant.isOn(.commitSaysDurableWithoutASync), retired.isEmpty {
                setDurable(target)
                return target
            }
        #endif
        do {
            for segment in retired { if let memory = segment.memory { try disk.sync(memory) } }
            if let current { try disk.sync(current) }
        } catch {
            state.withLock { $0.failure = error }
            failed.store(true, ordering: .releasing)
            throw .failed(error)
        }
        state.withLock { state in
            state.retired.removeFirst(retired.count)
            state.unsealed += retired.map(\.seal)
        }
        synced.store(storedNow, ordering: .relaxed)
        setDurable(target)
        return target
    }

    /// The room ahead of the writer that is made ready after a sync, besides as much again as was stored since the last
    /// time. The next sync writes it along, so it is small.
    private static let prefaultByteCount = 16 << 10
    private static let prefaultLimit: UInt64 = 1 << 20

    /// Takes the write faults of the writer's next pages on this thread instead of on the loop: a sync protects what it
    /// wrote. To be called after a commit, when those who waited for it have been told. Never blocks on the disk.
    public func prefaultAhead() {
        let storedNow = stored.load(ordering: .acquiring)
        let group = storedNow &- prefaulted.exchange(storedNow, ordering: .relaxed)
        guard group > 0 else { return }
        let (current, begin) = state.withLock { ($0.current, $0.currentBegin) }
        let ahead = Int(clamping: min(group, Self.prefaultLimit)) + Self.prefaultByteCount
        // A rotation meanwhile makes the offset wrap, and nothing is done.
        current?.prefault(from: Int(clamping: storedNow &- begin), count: ahead)
    }

    /// Makes the next segment, zeroed and prefaulted, unless there is one. True when it made one.
    @discardableResult
    public func prepareNextSegment() throws(JournalError) -> Bool {
        let (number, isNeeded) = state.withLock { ($0.nextNumber, $0.spare == nil && $0.nextNumber > 0) }
        guard isNeeded else { return false }
        do {
            // An earlier attempt may have left its file behind, whole or in part: nothing was ever written to it.
            if state.withLock({ $0.preparationFailure != nil }) {
                try removeLeftover(JournalFormat.segmentName(number))
            }
            let memory = try disk.createSegment(
                JournalFormat.segmentName(number),
                byteCount: segmentByteCount,
                isPrefaulted: durability == .process
            )
            try disk.syncDirectory()
            state.withLock { state in
                state.spare = memory
                state.preparationFailure = nil
            }
            return true
        } catch {
            state.withLock { $0.preparationFailure = error }
            throw .disk(error)
        }
    }

    private func removeLeftover(_ name: String) throws(DiskError) {
        do { try disk.remove(name) } catch {
            if error.kind != .notFound { throw error }
        }
    }

    /// Hashes one full, synced segment, for the writer to journal the seal. True when it did one.
    @discardableResult
    public func sealOne() throws(JournalError) -> Bool {
        guard var seal = state.withLock({ $0.unsealed.first }) else { return false }
        let name = JournalFormat.segmentName(seal.segment)
        var isKept = true
        do { seal.hash = try Self.hash(disk, name, count: Int(seal.coveredByteCount)) } catch {
            // Retention may have been faster: what is gone needs no seal.
            guard case .disk(let refusal) = error, refusal.kind == .notFound else { throw error }
            isKept = false
        }
        let (done, isJournaled) = (seal, isKept)
        state.withLock { state in
            if state.unsealed.first?.segment == done.segment { state.unsealed.removeFirst() }
            if isJournaled { state.seals.append(done) }
        }
        return true
    }

    /// Everything that is due: a commit, a next segment, seals. For inline driving.
    public func work() throws(JournalError) {
        try commit()
        try prepareNextSegment()
        while try sealOne() {}
    }

    /// SHA-256 of the first `count` bytes of a file.
    static func hash(_ disk: any Disk, _ name: String, count: Int) throws(JournalError) -> Digest256 {
        var hash = SHA256()
        var offset = 0
        while offset < count {
            let from = offset
            let bytes = try JournalError.wrapping { () throws(DiskError) in
                try disk.read(name, from: from, count: min(1 << 20, count - from))
            }
            if bytes.isEmpty {
                throw .quarantined(JournalDamage(file: name, offset: offset, sequence: 0, reason: .truncated))
            }
            hash.update(bytes)
            offset += bytes.count
        }
        return hash.finish()
    }
}
