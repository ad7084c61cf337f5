/// Bytes that arrived and were not yet read, in one block of memory of fixed size.
///
/// Full: `append` takes nothing and says so; the transport then stops reading from its socket until the node has been
/// pumped, so that the venue's own flow control holds the flood.
public struct ByteQueue {
    private var storage: [UInt8]
    private var head = 0
    private var tail = 0

    public init(capacity: Int) {
        precondition(capacity > 0, "Invariant: a queue of bytes holds at least one byte")
        storage = [UInt8](repeating: 0, count: capacity)
    }

    public var count: Int { tail - head }
    public var capacity: Int { storage.count }

    /// All of the bytes, or false.
    public mutating func append(_ bytes: Span<UInt8>) -> Bool {
        if bytes.count > storage.count - count { return false }
        if bytes.count > storage.count - tail { compact() }
        for offset in 0..<bytes.count { storage[tail + offset] = bytes[offset] }
        tail += bytes.count
        return true
    }

    /// What waits, without taking it.
    public func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(storage.span.extracting(head..<tail))
    }

    public mutating func removeFirst(_ count: Int) {
        precondition(count <= self.count, "Invariant: no more bytes are taken than wait")
        head += count
        if head == tail { removeAll() }
    }

    public mutating func removeAll() {
        head = 0
        tail = 0
    }

    private mutating func compact() {
        let waiting = count
        for offset in 0..<waiting { storage[offset] = storage[head + offset] }
        head = 0
        tail = waiting
    }
}
