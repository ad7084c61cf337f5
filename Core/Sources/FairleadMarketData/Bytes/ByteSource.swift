/// Where recorded bytes come from: a file, or memory in a test. Asked once a chunk, never once a line.
public protocol ByteSource: AnyObject {
    /// Puts the next bytes at the start of `range` of `buffer` and says how many: at least 1, or 0 at the end.
    ///
    /// May give fewer than there is room for. `range` is not empty and lies inside the buffer.
    func read(into buffer: inout ContiguousArray<UInt8>, range: Range<Int>) throws(ByteSourceError) -> Int
}

/// Why recorded bytes can't be read any further. Offsets count the bytes of the file as it lies on the disk.
public enum ByteSourceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system's reason (`errno`).
    case openFailed(code: Int32)
    case readFailed(offset: UInt64, code: Int32)
    /// The file ends inside a compressed member.
    case truncated(offset: UInt64)
    /// Not gzip or zip, or damaged: the header, the data or the check sum at its end is wrong.
    case corrupt(offset: UInt64)
    /// A zip that is encrypted, holds more than one file, or packs it in a way that isn't read here.
    case unsupported(offset: UInt64)
    /// The system gave no memory for the decompressor.
    case outOfMemory

    public var description: String {
        switch self {
        case .openFailed(let code): "can't be opened: \(Self.words(code))"
        case .readFailed(let offset, let code): "can't be read at byte \(offset): \(Self.words(code))"
        case .truncated(let offset): "ends at byte \(offset) inside a compressed member"
        case .corrupt(let offset): "is not gzip or zip, or damaged, at byte \(offset)"
        case .unsupported(let offset): "is a zip of a kind that is not read, at byte \(offset)"
        case .outOfMemory: "can't be decompressed: no memory"
        }
    }

    private static func words(_ code: Int32) -> String {
        switch code {
        case 2: "no such file"
        case 5: "input/output error"
        case 13: "permission denied"
        case 21: "it is a directory"
        default: "error \(code)"
        }
    }
}

/// Bytes in memory, given in pieces of a fixed size: what tests read from.
public final class MemoryByteSource: ByteSource {
    private let bytes: [UInt8]
    private let pieceSize: Int
    private var position = 0

    /// `pieceSize` is the most that one `read` gives, at least 1.
    public init(_ bytes: [UInt8], pieceSize: Int = 65_536) {
        precondition(pieceSize > 0, "Invariant: a piece holds at least a byte")
        self.bytes = bytes
        self.pieceSize = pieceSize
    }

    public func read(into buffer: inout ContiguousArray<UInt8>, range: Range<Int>) throws(ByteSourceError) -> Int {
        let count = min(range.count, pieceSize, bytes.count - position)
        for index in 0..<count { buffer[range.lowerBound + index] = bytes[position + index] }
        position += count
        return count
    }
}
