internal import CPlatform
internal import Glibc

/// A directory of the real file system. Files are made 0600, the directory 0700; links are not followed.
public final class PosixDisk: Disk {
    public let path: String
    private let directory: Int32

    /// Opens a directory; `make` creates its last component when missing.
    public init(path: String, make: Bool = true) throws(DiskError) {
        // SAFETY: the shim reads the path up to its NUL and keeps no pointer. So do all below that take a name.
        let result = unsafe fairlead_directory_open(path, make ? 1 : 0)
        guard result >= 0 else { throw DiskError(.openDirectory, path, .init(code: -result)) }
        self.path = path
        directory = result
    }

    deinit { fairlead_close(directory) }

    /// True once the directory was removed while it is open here: nothing can be made in it any more.
    public var isRemoved: Bool {
        var status = stat()
        // SAFETY: the structure is ours and lives through the call.
        return unsafe fstat(directory, &status) == 0 && status.st_nlink == 0
    }

    public func list() throws(DiskError) -> [String] {
        var capacity = 16 * 1024
        // The directory may grow between two calls; sixteen doublings hold a million names.
        for _ in 0..<16 {
            var needed: Int64 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                let room = capacity
                unsafe buffer.withMemoryRebound(to: CChar.self) { names in
                    // SAFETY: the shim writes at most `room` bytes and says how many it needs.
                    needed = unsafe fairlead_directory_list(directory, names.baseAddress, room)
                }
                count = needed >= 0 && needed <= Int64(capacity) ? Int(needed) : 0
            }
            guard needed >= 0 else { throw DiskError(.list, path, .init(code: Int32(-needed))) }
            if needed <= Int64(capacity) {
                return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.sorted()
            }
            capacity *= 2
        }
        throw DiskError(.list, path, .tooLarge)
    }

    public func size(of name: String) throws(DiskError) -> Int {
        let result = unsafe fairlead_file_size(directory, name)
        guard result >= 0 else { throw DiskError(.size, name, .init(code: Int32(-result))) }
        return Int(result)
    }

    public func read(_ name: String, from offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        var result: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, initialized in
            // SAFETY: the shim writes at most `count` bytes, for which the buffer has room.
            result = unsafe fairlead_file_read(
                directory,
                name,
                UInt64(max(offset, 0)),
                buffer.baseAddress,
                max(count, 0)
            )
            initialized = max(0, Int(result))
        }
        guard result >= 0 else { throw DiskError(.read, name, .init(code: Int32(-result))) }
        return bytes
    }

    public func write(_ name: String, _ bytes: [UInt8]) throws(DiskError) {
        // SAFETY: the shim reads exactly the array's bytes and keeps no pointer.
        let result = unsafe bytes.withUnsafeBytes {
            unsafe fairlead_file_write(directory, name, $0.baseAddress, $0.count)
        }
        try Self.check(result, .write, name)
    }

    public func extend(_ name: String, from offset: Int, _ bytes: [UInt8]) throws(DiskError) {
        precondition(offset >= 0, "Invariant: a place in a file is not negative")
        // SAFETY: the shim reads exactly the array's bytes and keeps no pointer.
        let result = unsafe bytes.withUnsafeBytes {
            unsafe fairlead_file_extend(directory, name, UInt64(offset), $0.baseAddress, $0.count)
        }
        if result == -ESPIPE { throw DiskError(.extend, name, .shorter) }
        try Self.check(result, .extend, name)
    }

    public func rename(_ name: String, to other: String) throws(DiskError) {
        try Self.check(unsafe fairlead_file_rename(directory, name, other), .rename, name)
    }

    public func remove(_ name: String) throws(DiskError) {
        try Self.check(unsafe fairlead_file_remove(directory, name), .remove, name)
    }

    public func syncDirectory() throws(DiskError) {
        try Self.check(fairlead_sync(directory), .syncDirectory, path)
    }

    public func createSegment(
        _ name: String,
        byteCount: Int,
        isPrefaulted: Bool
    ) throws(DiskError) -> SegmentMemory {
        precondition(byteCount > 0, "Invariant: a segment has bytes")
        var mapping: UnsafeMutableRawPointer?
        // SAFETY: on success the shim hands over a mapping of `byteCount` bytes with its descriptor.
        let result = unsafe fairlead_segment_create(directory, name, byteCount, isPrefaulted ? 1 : 0, &mapping)
        try Self.check(min(result, 0), .createSegment, name)
        guard let address = unsafe mapping else { throw DiskError(.createSegment, name, .inputOutput) }
        return unsafe SegmentMemory(name: name, mapping: address, byteCount: byteCount, descriptor: result)
    }

    public func openSegment(_ name: String, blankFrom: Int?) throws(DiskError) -> SegmentMemory {
        var mapping: UnsafeMutableRawPointer?
        var byteCount = 0
        // SAFETY: on success the shim hands over a mapping of `byteCount` bytes with its descriptor.
        let result = unsafe fairlead_segment_open(directory, name, blankFrom ?? .max, &byteCount, &mapping)
        try Self.check(min(result, 0), .openSegment, name)
        guard let address = unsafe mapping else { throw DiskError(.openSegment, name, .inputOutput) }
        return unsafe SegmentMemory(name: name, mapping: address, byteCount: byteCount, descriptor: result)
    }

    public func sync(_ segment: SegmentMemory) throws(DiskError) {
        precondition(segment.descriptor >= 0, "Invariant: a segment is synced by the disk that made it")
        try Self.check(fairlead_sync_data(segment.descriptor), .sync, segment.name)
    }

    public func lock() throws(DiskError) -> DiskLock {
        let result = unsafe fairlead_lock_exclusive(directory, "lock")
        try Self.check(min(result, 0), .lock, path)
        return DiskLock { fairlead_close(result) }
    }

    private static func check(
        _ result: Int32,
        _ operation: DiskOperation,
        _ name: String
    ) throws(DiskError) {
        guard result < 0 else { return }
        throw DiskError(operation, name, .init(code: -result))
    }
}

extension DiskError.Kind {
    /// The kind that an `errno` stands for.
    init(code: Int32) {
        switch code {
        case ENOSPC, EDQUOT: self = .noSpace
        case EIO: self = .inputOutput
        case EACCES, EPERM: self = .permissionDenied
        case EROFS: self = .readOnly
        case ENOENT: self = .notFound
        case EEXIST: self = .alreadyExists
        case EWOULDBLOCK: self = .locked
        case EMFILE, ENFILE: self = .tooManyOpenFiles
        case ENODATA: self = .empty
        default: self = .other(code)
        }
    }
}
