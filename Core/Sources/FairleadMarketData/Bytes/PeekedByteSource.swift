/// A source whose first bytes can be looked at before they are read.
final class PeekedByteSource: ByteSource {
    private let source: any ByteSource
    private(set) var head: ContiguousArray<UInt8>
    private var position = 0

    /// Reads up to `count` bytes, fewer where the source ends before.
    init(_ source: any ByteSource, count: Int) throws(ByteSourceError) {
        self.source = source
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: count)
        var found = 0
        while found < count {
            let received = try source.read(into: &bytes, range: found..<count)
            if received == 0 { break }
            found += received
        }
        bytes.removeLast(count - found)
        head = bytes
    }

    func read(into buffer: inout ContiguousArray<UInt8>, range: Range<Int>) throws(ByteSourceError) -> Int {
        guard position < head.count else { return try source.read(into: &buffer, range: range) }
        let count = min(range.count, head.count - position)
        for index in 0..<count { buffer[range.lowerBound + index] = head[position + index] }
        position += count
        return count
    }
}
