import CZlib

/// CRC-32 as gzip, zip and our tape files use it (polynomial 0xEDB88320), in pieces.
struct CheckSum: Hashable, BitwiseCopyable {
    private(set) var value: UInt32 = 0

    /// Takes the bytes of `range`, which lies inside the buffer.
    mutating func add(_ bytes: ContiguousArray<UInt8>, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0, "Invariant: a check sum's range lies inside its buffer")
        precondition(range.upperBound <= bytes.count, "Invariant: a check sum's range lies inside its buffer")
        guard !range.isEmpty else { return }
        let before = UInt(value)
        // SAFETY: the pointer is used inside the closure only, for a range inside the buffer (checked above).
        let after = unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return before }
            return unsafe crc32(before, base + range.lowerBound, UInt32(range.count))
        }
        value = UInt32(truncatingIfNeeded: after)
    }
}
