import Glibc

/// A file, read in order through the system's calls and closed when nobody holds it any more.
public final class FileByteSource: ByteSource {
    private let descriptor: Int32
    private var offset: UInt64 = 0

    /// Opens `path` for reading. Nothing is read yet.
    public init(path: String) throws(ByteSourceError) {
        // SAFETY: the text lives for the call; the system copies it.
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .openFailed(code: errno) }
    }

    deinit { close(descriptor) }

    /// Blocks until the system has given at least one byte, or says that there is none.
    public func read(into buffer: inout ContiguousArray<UInt8>, range: Range<Int>) throws(ByteSourceError) -> Int {
        precondition(range.upperBound <= buffer.count, "Invariant: a read stays inside its buffer")
        while true {
            let file = descriptor
            // SAFETY: the pointer is used inside the closure only, for a range inside the buffer (checked above).
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(file, bytes.baseAddress.map { unsafe $0 + range.lowerBound }, range.count)
            }
            if count >= 0 {
                offset += UInt64(count)
                return count
            }
            guard errno == EINTR else { throw .readFailed(offset: offset, code: errno) }
        }
    }
}
