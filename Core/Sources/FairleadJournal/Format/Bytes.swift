internal import CPlatform

/// Stores little-endian numbers one after another: what every encoder of the journal writes into.
///
/// Made for one record and dropped after it, by the segment or buffer that owns the memory. Storing past the end traps.
@safe struct ByteSink {
    // SAFETY: valid for `count` bytes while the owner that made this sink runs the encoder; never stored anywhere.
    private let base: UnsafeMutableRawPointer
    let count: Int
    private(set) var position = 0

    @inline(__always) init(_ base: UnsafeMutableRawPointer, count: Int) {
        // SAFETY: the caller vouches for `count` bytes.
        unsafe self.base = base
        self.count = count
    }

    @inline(__always) mutating func put<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number) {
        let size = MemoryLayout<Number>.size
        precondition(size <= count - position, "Invariant: a record fits the room that was reserved for it")
        // SAFETY: checked above; integers have no padding, and an unaligned store is what is asked for.
        unsafe base.storeBytes(of: value.littleEndian, toByteOffset: position, as: Number.self)
        position += size
    }

    @inline(__always) mutating func put(_ value: Bool) { put(UInt8(value ? 1 : 0)) }

    mutating func put(_ bytes: RawSpan) {
        precondition(bytes.byteCount <= count - position, "Invariant: a record fits the room that was reserved for it")
        let target = position
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: checked above; an empty source has no address and copies nothing.
            guard let start = source.baseAddress else { return }
            unsafe (base + target).copyMemory(from: start, byteCount: source.count)
        }
        position += bytes.byteCount
    }

    mutating func put(_ bytes: [UInt8]) {
        // SAFETY: bytes have no padding; the span ends with this call.
        unsafe put(bytes.span.bytes)
    }

    mutating func put(_ text: String) {
        // SAFETY: as above.
        unsafe put(text.utf8Span.span.bytes)
    }
}

/// Loads little-endian numbers one after another from bytes that may be anything. A load past the end traps: decoders
/// compare the size first.
enum ByteSource {
    @inline(__always) static func take<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type,
        _ bytes: RawSpan,
        _ position: inout Int
    ) -> Number {
        // SAFETY: checked against the span's bounds by the load itself; every pattern of bits is an integer.
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: Number.self)
        position += MemoryLayout<Number>.size
        return Number(littleEndian: value)
    }

    @inline(__always) static func take<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: RawSpan,
        _ position: inout Int
    ) -> Number {
        take(Number.self, bytes, &position)
    }

    @inline(__always) static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: RawSpan,
        at offset: Int,
        as type: Number.Type = Number.self
    ) -> Number {
        var position = offset
        return take(type, bytes, &position)
    }

    /// True when every byte from `offset` to the end is zero.
    static func isZero(_ bytes: RawSpan, from offset: Int) -> Bool {
        // SAFETY: the shim reads within the slice, while the span lives, and keeps no pointer.
        unsafe bytes.withUnsafeBytes { buffer in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
            return unsafe fairlead_is_zero(rest.baseAddress, rest.count) == 1
        }
    }

    static func array(_ bytes: RawSpan) -> [UInt8] {
        // SAFETY: a copy, made while the span lives.
        unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// Runs `body` over the bytes of an array, without copying them.
    @inline(__always) static func with<Result: ~Copyable, Failure: Error>(
        _ bytes: borrowing [UInt8],
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: bytes have no padding; the span lives as long as the borrow.
        try unsafe body(bytes.span.bytes)
    }

    /// The bytes that `encode` stores, at most `limit`. For cold paths: the result is allocated.
    static func encoded(limit: Int, _ encode: (inout ByteSink) -> Void) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            // SAFETY: the buffer has room for `limit` bytes and outlives the sink.
            var sink = unsafe ByteSink(UnsafeMutableRawPointer(start), count: limit)
            encode(&sink)
            count = sink.position
        }
    }
}

/// Bytes that are gathered before a hash takes them: a call to libcrypto costs more than the bytes of one record.
struct HashBuffer {
    private(set) var bytes = [UInt8](repeating: 0, count: 16 * 1024)
    private(set) var count = 0

    /// True when `room` bytes more would not fit: then take the bytes and call `clear`.
    @inline(__always) func isFull(for room: Int) -> Bool { count + room > bytes.count }
    mutating func clear() { count = 0 }

    /// Adds at most `limit` bytes, for which there must be room.
    @inline(__always) mutating func append(limit: Int, _ encode: (inout ByteSink) -> Void) {
        precondition(!isFull(for: limit), "Invariant: a hash buffer is emptied before it overflows")
        let start = count
        var stored = 0
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            // SAFETY: `limit` bytes from `start` lie inside the array, as checked; the sink ends with this closure.
            var sink = unsafe ByteSink(base + start, count: limit)
            encode(&sink)
            stored = sink.position
        }
        count += stored
    }

    /// Gives what was gathered to a hash, and empties the buffer.
    mutating func flush(into hash: inout SHA256) {
        // SAFETY: bytes have no padding; the span ends with this call.
        unsafe hash.update(bytes.span.extracting(0..<count).bytes)
        count = 0
    }
}

/// CRC32C by the processor's own instruction, with a table where it has none.
public enum CRC32C {
    /// The checksum of `bytes`, continued from `seed`; 0 starts anew.
    @inline(__always) public static func checksum(_ bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
        // SAFETY: the shim reads exactly the span's bytes and keeps no pointer.
        unsafe bytes.withUnsafeBytes { unsafe fairlead_crc32c(seed, $0.baseAddress, $0.count) }
    }

    public static func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        ByteSource.with(bytes) { checksum($0, seed: seed) }
    }

    /// The same by table on any processor: what the hardware is compared with.
    public static func checksumByTable(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        // SAFETY: as above.
        unsafe bytes.withUnsafeBytes { unsafe fairlead_crc32c_table(seed, $0.baseAddress, $0.count) }
    }
}

extension CRC32C {
    /// The checksum of a whole padded record whose own checksum counts as zero.
    @inline(__always) static func record(_ bytes: RawSpan, seed: UInt32) -> UInt32 {
        precondition(bytes.byteCount >= RecordHeader.byteCount, "Invariant: a record has a header")
        precondition(bytes.byteCount % JournalFormat.alignment == 0, "Invariant: a record is padded")
        // SAFETY: the shim reads exactly the span's bytes and keeps no pointer.
        return unsafe bytes.withUnsafeBytes { unsafe fairlead_crc32c_record(seed, $0.baseAddress, $0.count) }
    }
}
