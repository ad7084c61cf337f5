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
    public mutating func append(_ bytes: RawSpan) -> Bool {
        if bytes.byteCount > storage.count - count { return false }
        if bytes.byteCount > storage.count - tail { compact() }
        let target = tail
        unsafe storage.withUnsafeMutableBytes { room in
            // SAFETY: `tail + byteCount` lies inside the storage, as checked above; both ends live through the closure.
            unsafe bytes.withUnsafeBytes { unsafe room[target...].copyBytes(from: $0) }
        }
        tail += bytes.byteCount
        return true
    }

    /// What waits, without taking it.
    public func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        // SAFETY: bytes have no padding; the span ends with this call.
        unsafe body(storage.span.extracting(head..<tail).bytes)
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
