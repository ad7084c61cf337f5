public import FairleadJournal
import FairleadModel

/// Makes snapshots beside the loop: it follows the journal with a fold of its own, so that the loop never stops for
/// one, and every snapshot is at the same time a proof that the journal replays.
///
/// One owner, on a thread of its own. It costs the memory of a second engine and the time of a replay; nothing while
/// the journal doesn't grow by its interval.
public struct Snapshotter: ~Copyable {
    private let disk: any Disk
    let interval: UInt64
    private let kept: Int
    private let marketByteLimit: Int
    private var replayer: Replayer?
    /// The sequence of the newest snapshot.
    public private(set) var newest: UInt64

    /// A snapshot after each `interval` inputs; the newest `kept` stay, and with them the segments that they need.
    public init(_ disk: any Disk, interval: Int, kept: Int, marketByteLimit: Int) throws(NodeError) {
        precondition(interval > 0, "Invariant: snapshots are some inputs apart")
        precondition(kept > 0, "Invariant: a snapshot is kept")
        self.disk = disk
        self.interval = UInt64(interval)
        self.kept = kept
        self.marketByteLimit = marketByteLimit
        let found = try NodeError.journaling { () throws(JournalError) in
            try SnapshotStore(disk).newest(stateVersion: Fold.stateVersion)
        }
        newest = found.snapshot?.identity.sequence ?? 0
    }

    /// Inputs that are replayed at a time: between two of them the caller may look whether it shall stop.
    public static let batch = Replica.batch

    /// Does one piece of what is due. Gives the mark of a snapshot that was completed, for `Node.offer(snapshot:)`;
    /// `isBehind` says that there is more to do at once.
    ///
    /// `durableThrough`: only what is durable is written down, so that a snapshot is never ahead of its journal.
    public mutating func work(
        durableThrough: UInt64
    ) throws(NodeError) -> (mark: SnapshotMark?, isBehind: Bool) {
        if replayer == nil {
            guard durableThrough >= newest + interval else { return (nil, false) }
            replayer = try Replayer(disk, isObserved: false, from: .newest)
        }
        guard var current = replayer.take() else { return (nil, false) }
        let left = inputsLeft(from: current.appliedThrough)
        let hasMore = try current.follow(limit: left > 0 ? min(Self.batch, left) : Replica.overdueBatch)
        let mark = try save(&current, durableThrough: durableThrough)
        let isBehind = hasMore && current.appliedThrough < durableThrough
        replayer = consume current
        return (mark, isBehind)
    }

    /// Inputs from this place to the one where the next snapshot is due.
    func inputsLeft(from sequence: UInt64) -> Int {
        Int(clamping: newest + interval - min(newest + interval, sequence))
    }

    /// Writes a snapshot of a replay's place where one is due and may be taken.
    mutating func save(_ current: inout Replayer, durableThrough: UInt64) throws(NodeError) -> SnapshotMark? {
        guard current.appliedThrough >= newest + interval, current.appliedThrough <= durableThrough else { return nil }
        return try save(&current)
    }

    private mutating func save(_ current: inout Replayer) throws(NodeError) -> SnapshotMark? {
        guard let (bytes, stateHash) = current.snapshot() else { return nil }
        let sequence = current.appliedThrough
        let store = SnapshotStore(disk)
        let (limit, keep) = (marketByteLimit, kept)
        try NodeError.journaling { () throws(JournalError) in
            try store.save(bytes, sequence: sequence)
            if let oldest = try store.prune(keeping: keep) {
                try JournalRetention.apply(disk, keepFrom: oldest, marketByteLimit: limit)
            }
        }
        newest = sequence
        return SnapshotMark(fileHash: SHA256.digest(bytes), stateHash: stateHash)
    }
}
