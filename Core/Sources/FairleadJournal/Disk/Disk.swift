/// One directory of files: the only way by which the journal, its snapshots and small state files reach storage.
///
/// `PosixDisk` is the real one, `MemoryDisk` the one with faults. Calls may come from several threads; each is
/// synchronous and may block, except that nothing on the loop's path calls any (the loop stores into `SegmentMemory`).
public protocol Disk: AnyObject, Sendable {
    /// The names of the directory's files, sorted.
    func list() throws(DiskError) -> [String]
    /// The size of a file in bytes.
    func size(of name: String) throws(DiskError) -> Int
    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(_ name: String, from offset: Int, count: Int) throws(DiskError) -> [UInt8]
    /// Makes or overwrites a file and syncs its content. Not atomic: `replace` is.
    func write(_ name: String, _ bytes: [UInt8]) throws(DiskError)
    /// Cuts a file to `offset` bytes, writes after them and syncs: a log grows by it, and a half line that an earlier
    /// failure or a crash left behind is overwritten. Makes the file where `offset` is 0; throws `.shorter` where it
    /// has fewer bytes than that.
    func extend(_ name: String, from offset: Int, _ bytes: [UInt8]) throws(DiskError)
    /// Gives a file another name, over what has that name.
    func rename(_ name: String, to other: String) throws(DiskError)
    func remove(_ name: String) throws(DiskError)
    /// Makes creations, renames and removals durable.
    func syncDirectory() throws(DiskError)
    /// Makes a file of `byteCount` synced zeros and maps it. Takes 45 to 250 ms for 64 MiB: never on the loop.
    ///
    /// `isPrefaulted` takes the write faults of all pages beforehand, for which the first sync writes them all again:
    /// right where nobody waits for a sync.
    func createSegment(_ name: String, byteCount: Int, isPrefaulted: Bool) throws(DiskError) -> SegmentMemory
    /// Maps an existing file. `blankFrom`: for appending at this offset, nothing but zeros being wanted after it; nil
    /// for looking and syncing only.
    func openSegment(_ name: String, blankFrom: Int?) throws(DiskError) -> SegmentMemory
    /// fdatasync: what was stored into the segment before the call survives a loss of power after it. A failure is
    /// final for the segment: the kernel may have dropped the data, and a later success would prove nothing.
    func sync(_ segment: SegmentMemory) throws(DiskError)
    /// Takes the directory's exclusive lock without waiting; it is held while the result lives.
    func lock() throws(DiskError) -> DiskLock
}

extension Disk {
    /// The whole file, of at most `limit` bytes.
    public func readAll(_ name: String, limit: Int) throws(DiskError) -> [UInt8] {
        let count = try size(of: name)
        guard count <= limit else { throw DiskError(.read, name, .tooLarge) }
        return try read(name, from: 0, count: count)
    }

    func createSegment(_ name: String, byteCount: Int) throws(DiskError) -> SegmentMemory {
        try createSegment(name, byteCount: byteCount, isPrefaulted: true)
    }

    func openSegment(_ name: String) throws(DiskError) -> SegmentMemory { try openSegment(name, blankFrom: nil) }

    /// Replaces a file by another content at once: a crash leaves the old one or the new one, never a mixture.
    public func replace(_ name: String, _ bytes: [UInt8]) throws(DiskError) {
        try replace([(name, bytes)])
    }

    /// The same for several files: each is whole at every moment, and they change their names back to back, so that a
    /// reader finds two generations side by side only for that short time. One sync of the directory for all.
    public func replace(_ files: [(name: String, bytes: [UInt8])]) throws(DiskError) {
        for file in files { try write(Self.temporary(file.name), file.bytes) }
        for file in files { try rename(Self.temporary(file.name), to: file.name) }
        try syncDirectory()
    }

    private static func temporary(_ name: String) -> String { name + ".tmp" }
}

/// The directory's exclusive lock; dropping it releases it.
public final class DiskLock: Sendable {
    private let release: @Sendable () -> Void
    public init(release: @escaping @Sendable () -> Void) { self.release = release }
    deinit { release() }
}

/// What was asked of a disk.
public enum DiskOperation: String, Sendable, CaseIterable {
    case list, size, read, write, extend, rename, remove, syncDirectory, createSegment, openSegment, sync, lock
    case openDirectory
}

/// A refused disk operation: what was asked, of which file, and why not.
public struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The file system is full, or a quota is.
        case noSpace
        case inputOutput
        case permissionDenied
        /// The file system is mounted read-only.
        case readOnly
        case notFound
        case alreadyExists
        /// Another process holds the lock.
        case locked
        case tooManyOpenFiles
        /// Longer than the caller's limit.
        case tooLarge
        /// Shorter than it was left: somebody cut it, or put another in its place.
        case shorter
        /// A segment without bytes: its making was interrupted.
        case empty
        /// Any other `errno`.
        case other(Int32)
    }

    public var operation: DiskOperation
    public var name: String
    public var kind: Kind

    public init(_ operation: DiskOperation, _ name: String, _ kind: Kind) {
        self.operation = operation
        self.name = name
        self.kind = kind
    }

    public var description: String {
        let reason =
            switch kind {
            case .noSpace: "no space left"
            case .inputOutput: "input/output error"
            case .permissionDenied: "permission denied"
            case .readOnly: "read-only file system"
            case .notFound: "no such file"
            case .alreadyExists: "already exists"
            case .locked: "locked by another process"
            case .tooManyOpenFiles: "too many open files"
            case .tooLarge: "larger than allowed"
            case .shorter: "shorter than it was left"
            case .empty: "empty file"
            case .other(let code): "error \(code)"
            }
        return "\(operation.rawValue) \(name): \(reason)"
    }
}
