internal import CPlatform
internal import Synchronization

/// The bytes of one segment in memory: a shared mapping of its file, or plain memory under `MemoryDisk`.
///
/// One writer stores ahead of what it has published; any thread may read behind that, or sync. The memory lives as
/// long as this object.
@safe public final class SegmentMemory: Sendable {
    public let name: String
    public let byteCount: Int
    // SAFETY: set once, valid for `byteCount` bytes until deinit. Stores are confined to the journal's one writer, past
    // the bytes that it published with a releasing store; everyone else only reads published bytes.
    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    /// -1 for plain memory.
    let descriptor: Int32
    // Plain memory only: what may have been stored since `takeStored`, so that a sync looks at nothing else.
    private let storedFrom = Atomic<Int>(0)
    private let storedTo: Atomic<Int>

    /// Takes over a mapping and its descriptor.
    init(name: String, mapping: UnsafeMutableRawPointer, byteCount: Int, descriptor: Int32) {
        self.name = name
        self.byteCount = byteCount
        storedTo = Atomic(0)
        // SAFETY: the caller hands over a mapping of `byteCount` bytes, which only deinit ends.
        unsafe base = mapping
        self.descriptor = descriptor
    }

    /// Plain memory with this content.
    init(name: String, content: [UInt8]) {
        self.name = name
        byteCount = content.count
        descriptor = -1
        storedTo = Atomic(content.count)
        // SAFETY: allocated for exactly the bytes that are copied, and freed only by deinit.
        unsafe base = .allocate(byteCount: max(content.count, 8), alignment: 4096)
        unsafe content.withUnsafeBytes { source in
            // SAFETY: both have `content.count` bytes; an empty source has no address and copies nothing.
            if let start = source.baseAddress { unsafe base.copyMemory(from: start, byteCount: source.count) }
        }
    }

    deinit {
        if descriptor >= 0 {
            // SAFETY: made by the same shim with this size; nothing refers to it after deinit.
            unsafe fairlead_segment_close(descriptor, base, byteCount)
        } else {
            // SAFETY: allocated by `init(name:content:)`.
            unsafe base.deallocate()
        }
    }

    /// A place to store `count` bytes from `offset`.
    @inline(__always) func sink(at offset: Int, count: Int) -> ByteSink {
        precondition(offset >= 0, "Invariant: an offset is not negative")
        precondition(count <= byteCount - offset, "Invariant: a record ends inside its segment")
        if descriptor < 0 { noteStored(offset, offset + count) }
        // SAFETY: checked above to lie inside the segment; the sink is used before the segment can go away.
        return unsafe ByteSink(base + offset, count: count)
    }

    /// Stores zeros.
    func zero(from offset: Int, to end: Int) {
        precondition(offset >= 0, "Invariant: an offset is not negative")
        precondition(end <= byteCount, "Invariant: zeros end inside the segment")
        guard end > offset else { return }
        if descriptor < 0 { noteStored(offset, end) }
        // SAFETY: checked above to lie inside the segment.
        unsafe (base + offset).initializeMemory(as: UInt8.self, repeating: 0, count: end - offset)
    }

    /// Takes the write faults of a range's pages, on the calling thread: the kernel protects a page again whenever it
    /// has written it. Changes no byte, and does nothing past the end.
    func prefault(from offset: Int, count: Int) {
        let start = min(max(offset, 0), byteCount) & ~4095
        let end = min(start + max(count, 0), byteCount)
        guard descriptor >= 0, end > start else { return }
        // SAFETY: clamped to the mapping; the kernel only makes the pages writable.
        unsafe fairlead_segment_prefault(base + start, end - start)
    }

    func store(_ bytes: [UInt8], at offset: Int) {
        precondition(offset >= 0, "Invariant: an offset is not negative")
        precondition(bytes.count <= byteCount - offset, "Invariant: bytes end inside the segment")
        if descriptor < 0 { noteStored(offset, offset + bytes.count) }
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: checked above to lie inside the segment.
            if let start = source.baseAddress {
                unsafe (base + offset).copyMemory(from: start, byteCount: source.count)
            }
        }
    }

    @inline(never) private func noteStored(_ offset: Int, _ end: Int) {
        storedFrom.min(offset, ordering: .relaxed)
        storedTo.max(end, ordering: .relaxed)
    }

    /// Plain memory only: the bytes that may have been stored since the last call, and forgets them. A store that runs
    /// at this very moment may be in it before it is done: whoever takes looks at the range once more the next time.
    func takeStored() -> Range<Int> {
        let from = storedFrom.exchange(Int.max, ordering: .acquiringAndReleasing)
        let end = min(storedTo.exchange(0, ordering: .acquiringAndReleasing), byteCount)
        return from < end ? from..<end : 0..<0
    }

    /// A copy of up to `count` bytes from `offset`.
    func copy(from offset: Int, count: Int) -> [UInt8] {
        let start = min(max(offset, 0), byteCount)
        let end = min(start + max(count, 0), byteCount)
        // SAFETY: clamped to the segment.
        return unsafe [UInt8](UnsafeRawBufferPointer(start: base + start, count: end - start))
    }

    /// CRC32C of the bytes of a range, continued from `seed`.
    @inline(__always) func checksum(seed: UInt32, from offset: Int, count: Int) -> UInt32 {
        precondition(offset >= 0, "Invariant: an offset is not negative")
        precondition(count <= byteCount - offset, "Invariant: a checksum ends inside the segment")
        // SAFETY: checked above to lie inside the segment.
        return unsafe fairlead_crc32c(seed, base + offset, count)
    }
}
