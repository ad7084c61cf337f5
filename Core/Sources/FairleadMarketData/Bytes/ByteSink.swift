import Glibc

/// Where bytes are written to, in order: a file, or memory in a test.
public protocol ByteSink: AnyObject {
    /// Takes all of the bytes.
    func write(_ bytes: ContiguousArray<UInt8>) throws(ByteSinkError)
}

/// Why bytes can't be written. `code` is the system's reason (`errno`).
public enum ByteSinkError: Error, Hashable, Sendable, CustomStringConvertible {
    case openFailed(code: Int32)
    case writeFailed(code: Int32)
    /// Everything was written, and could not be given its name.
    case renameFailed(code: Int32)

    public var description: String {
        switch self {
        case .openFailed(let code): "can't be opened for writing: error \(code)"
        case .writeFailed(let code): "can't be written: error \(code)"
        case .renameFailed(let code): "can't be renamed: error \(code)"
        }
    }
}

/// Bytes kept in memory.
public final class MemoryByteSink: ByteSink {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public func write(_ bytes: ContiguousArray<UInt8>) throws(ByteSinkError) { self.bytes.append(contentsOf: bytes) }
}

/// A new file, which has its name only when it is whole: it is written beside it, synced and renamed by `finish`.
public final class FileByteSink: ByteSink {
    private let path: String
    private let descriptor: Int32
    private var isFinished = false

    private var partial: String { path + ".partial" }

    /// Opens `path` + `.partial`; what was there is lost, and what is at `path` stays until `finish`.
    public init(path: String) throws(ByteSinkError) {
        self.path = path
        // SAFETY: the text lives for the call; the system copies it. So below.
        descriptor = unsafe open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .openFailed(code: errno) }
    }

    deinit {
        close(descriptor)
        if !isFinished { unsafe _ = unlink(path + ".partial") }
    }

    public func write(_ bytes: ContiguousArray<UInt8>) throws(ByteSinkError) {
        var written = 0
        while written < bytes.count {
            let file = descriptor
            let start = written
            // SAFETY: the pointer is used inside the closure only, for bytes inside the buffer.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw .writeFailed(code: errno)
            }
        }
    }

    /// Gives the file its name. Nothing may be written afterwards.
    public func finish() throws(ByteSinkError) {
        guard fsync(descriptor) == 0 else { throw .writeFailed(code: errno) }
        guard unsafe rename(partial, path) == 0 else { throw .renameFailed(code: errno) }
        isFinished = true
    }
}
