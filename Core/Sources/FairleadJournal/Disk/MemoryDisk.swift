internal import Synchronization

/// A directory in memory that can fail in the ways disks do: for tests and for the simulator, which drive it from one
/// thread with a seed of their own.
///
/// It tells what was stored from what was synced, per sector of 512 bytes, and what is in the directory from what the
/// directory would show after a loss of power. `crash` then makes a disk as the next start would find it.
public final class MemoryDisk: Disk {
    public static let sectorByteCount = JournalFormat.sectorByteCount

    /// What a fault hook lets happen to an operation.
    public enum Fault: Hashable, Sendable {
        /// The operation is refused and changes nothing; a refused sync also forgets that the data was unsynced, as
        /// kernels do: a later sync succeeds without writing it.
        case fail(DiskError.Kind)
        /// A write or creation stores this many bytes of its content, then fails.
        case partial(byteCount: Int, DiskError.Kind)
    }

    /// How the machine stops.
    public enum Crash {
        /// The process ends: everything that was stored is there.
        case process
        /// The power ends: of each unsynced sector (file, index) the new content stays only where `keeps` says so.
        case power(keeps: (_ file: String, _ sector: Int) -> Bool)
    }

    /// Asked before each operation with the file's name; nil lets it pass.
    public typealias Hook = @Sendable (DiskOperation, String) -> Fault?

    private let state: Mutex<MemoryDiskState>
    private let hook: Mutex<HookHolder>

    /// In a struct of its own: a bare closure in a generic lock is wrapped once more at each look, and soon costs
    /// thousands of calls.
    private struct HookHolder: Sendable {
        var hook: Hook?
    }

    /// `freeByteCount`: the room for files; creating or writing more is refused as `noSpace`.
    public init(freeByteCount: Int = Int.max) {
        state = Mutex(MemoryDiskState(freeByteCount: freeByteCount))
        hook = Mutex(HookHolder())
    }

    private init(_ state: consuming MemoryDiskState) {
        self.state = Mutex(state)
        hook = Mutex(HookHolder())
    }

    /// Installs the fault hook, or removes it.
    public func setHook(_ hook: Hook?) { self.hook.withLock { $0.hook = hook } }
    /// How many bytes more fit.
    public var freeByteCount: Int {
        get { state.withLock { $0.freeByteCount } }
        set { state.withLock { $0.freeByteCount = newValue } }
    }

    // What goes wrong from outside

    /// The disk as the next start finds it. This one and what it mapped stay as they are, and mean nothing any more.
    public func crash(_ crash: Crash) -> MemoryDisk {
        let next = state.withLock { state -> MemoryDiskState in
            switch crash {
            case .process: state.afterProcessCrash()
            case .power(let keeps): state.afterPowerLoss(keeps)
            }
        }
        return MemoryDisk(next)
    }

    /// Changes a byte as bit rot does: on the disk and in memory.
    public func corrupt(_ name: String, at offset: Int, xor mask: UInt8) {
        state.withLock { $0.change(name) { bytes in if offset < bytes.count { bytes[offset] ^= mask } } }
    }

    /// Makes zeros of everything from an offset on, as if it had never been written.
    public func tear(_ name: String, at offset: Int) {
        state.withLock { state in
            state.change(name) { bytes in
                for index in min(offset, bytes.count)..<bytes.count { bytes[index] = 0 }
            }
        }
    }

    /// Cuts a file short, behind everyone's back.
    public func truncate(_ name: String, to byteCount: Int) {
        state.withLock { $0.change(name) { bytes in bytes.removeLast(max(0, bytes.count - byteCount)) } }
    }

    /// Removes a file, durably, behind everyone's back.
    public func vanish(_ name: String) { state.withLock { $0.vanish(name) } }

    /// Puts a file there, synced, as a test's beginning.
    public func place(_ name: String, _ bytes: [UInt8]) { state.withLock { $0.place(name, bytes) } }

    // Disk

    /// What an operation is cut short to, and why; nil when it may go on. A slow one has been counted.
    private func fault(
        _ operation: DiskOperation,
        _ name: String
    ) throws(DiskError) -> (byteCount: Int, kind: DiskError.Kind)? {
        // Called without the lock, so that a hook may look at the disk.
        let asked = hook.withLock { $0.hook }
        switch asked?(operation, name) {
        case nil: return nil
        case .fail(let kind): throw DiskError(operation, name, kind)
        case .partial(let byteCount, let kind): return (byteCount, kind)
        }
    }

    public func list() throws(DiskError) -> [String] {
        _ = try fault(.list, "")
        return state.withLock { $0.names }
    }

    public func size(of name: String) throws(DiskError) -> Int {
        _ = try fault(.size, name)
        guard let count = state.withLock({ $0.byteCount(name) }) else { throw DiskError(.size, name, .notFound) }
        return count
    }

    public func read(_ name: String, from offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        _ = try fault(.read, name)
        guard let bytes = state.withLock({ $0.read(name, from: offset, count: count) }) else {
            throw DiskError(.read, name, .notFound)
        }
        return bytes
    }

    public func write(_ name: String, _ bytes: [UInt8]) throws(DiskError) {
        if let kept = try fault(.write, name) {
            state.withLock { $0.write(name, Array(bytes.prefix(kept.byteCount)), isSynced: false) }
            throw DiskError(.write, name, kept.kind)
        }
        guard state.withLock({ $0.takesRoom(for: name, bytes.count) }) else {
            throw DiskError(.write, name, .noSpace)
        }
        state.withLock { $0.write(name, bytes, isSynced: true) }
    }

    public func extend(_ name: String, from offset: Int, _ bytes: [UInt8]) throws(DiskError) {
        let kept = try fault(.extend, name)
        let had = state.withLock { $0.byteCount(name) }
        guard (had ?? 0) >= offset else { throw DiskError(.extend, name, had == nil ? .notFound : .shorter) }
        let before = state.withLock { $0.read(name, from: 0, count: offset) } ?? []
        if let kept {
            state.withLock { $0.write(name, before + bytes.prefix(kept.byteCount), isSynced: false) }
            throw DiskError(.extend, name, kept.kind)
        }
        guard state.withLock({ $0.takesRoom(for: name, offset + bytes.count) }) else {
            throw DiskError(.extend, name, .noSpace)
        }
        state.withLock { $0.write(name, before + bytes, isSynced: true) }
    }

    public func rename(_ name: String, to other: String) throws(DiskError) {
        _ = try fault(.rename, name)
        guard state.withLock({ $0.rename(name, other) }) else { throw DiskError(.rename, name, .notFound) }
    }

    public func remove(_ name: String) throws(DiskError) {
        _ = try fault(.remove, name)
        guard state.withLock({ $0.remove(name) }) else { throw DiskError(.remove, name, .notFound) }
    }

    public func syncDirectory() throws(DiskError) {
        _ = try fault(.syncDirectory, "")
        state.withLock { $0.syncDirectory() }
    }

    public func createSegment(
        _ name: String,
        byteCount: Int,
        isPrefaulted: Bool
    ) throws(DiskError) -> SegmentMemory {
        if let kept = try fault(.createSegment, name) {
            state.withLock {
                $0.write(name, [UInt8](repeating: 0, count: min(kept.byteCount, byteCount)), isSynced: false)
            }
            throw DiskError(.createSegment, name, kept.kind)
        }
        if state.withLock({ $0.byteCount(name) != nil }) { throw DiskError(.createSegment, name, .alreadyExists) }
        guard state.withLock({ $0.takesRoom(for: name, byteCount) }) else {
            throw DiskError(.createSegment, name, .noSpace)
        }
        state.withLock { $0.write(name, [UInt8](repeating: 0, count: byteCount), isSynced: true) }
        return try mapped(name, .createSegment)
    }

    public func openSegment(_ name: String, blankFrom: Int?) throws(DiskError) -> SegmentMemory {
        _ = try fault(.openSegment, name)
        return try mapped(name, .openSegment)
    }

    private func mapped(_ name: String, _ operation: DiskOperation) throws(DiskError) -> SegmentMemory {
        guard let memory = state.withLock({ $0.map(name) }) else { throw DiskError(operation, name, .notFound) }
        guard memory.byteCount > 0 else { throw DiskError(operation, name, .empty) }
        return memory
    }

    public func sync(_ segment: SegmentMemory) throws(DiskError) {
        do {
            _ = try fault(.sync, segment.name)
        } catch {
            state.withLock { $0.forgetUnsynced(segment) }
            throw error
        }
        state.withLock { $0.sync(segment) }
    }

    public func lock() throws(DiskError) -> DiskLock {
        _ = try fault(.lock, "")
        guard let ticket = state.withLock({ $0.lock() }) else { throw DiskError(.lock, "", .locked) }
        return DiskLock { [self] in state.withLock { $0.unlock(ticket) } }
    }
}
