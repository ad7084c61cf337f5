import FairleadModel

/// The sizes, names and limits of the journal's files; `docs/JOURNAL.md` says what each byte is.
public enum JournalFormat {
    /// The version of segments and records that this build writes, and the only one it reads.
    public static let version: UInt32 = 1
    /// "FLJOURNL" in the order of the bytes.
    static let magic: UInt64 = 0x4C4E_5255_4F4A_4C46
    /// The longest record with its header: a configuration document fits.
    public static let maximumRecordByteCount = 1 << 20
    /// Records begin at multiples of this, counted from the segment's start.
    static let alignment = 8
    /// What a disk writes at once or not at all; the unit of the judgement over a torn tail.
    static let sectorByteCount = 512

    static func segmentName(_ number: UInt64) -> String { "journal-\(padded(number)).segment" }
    static func archiveName(_ number: UInt64) -> String { "journal-\(padded(number)).orders" }
    static func snapshotName(_ sequence: UInt64) -> String { "snapshot-\(padded(sequence)).state" }

    static func number(of name: String, prefix: String, suffix: String) -> UInt64? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard digits.count == 20, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return UInt64(digits)
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    @inline(__always) static func alignedUp(_ count: Int) -> Int { (count + 7) & ~7 }
}

/// The first 128 bytes of a segment: what it is, where it stands in the chain, and its own checksum.
struct SegmentHeader: Hashable, Sendable {
    static let byteCount = 128

    /// From 1, without gaps.
    var number: UInt64
    /// The sequence that the first input in it has.
    var firstSequence: UInt64
    /// The checksum of the last record before it; 0 in the first segment.
    var chain: UInt32
    /// True when only the orders lane was kept (`JournalRetention`).
    var isArchive: Bool
    var capacity: UInt64
    /// Two words that all segments of a journal share.
    var journalID: JournalID

    enum Parsed: Hashable {
        case header(SegmentHeader)
        /// Nothing but zeros: prepared and not begun.
        case blank
        case unsupportedVersion(UInt32)
        case damaged
    }

    func encode(_ sink: inout ByteSink) {
        sink.put(JournalFormat.magic)
        sink.put(JournalFormat.version)
        sink.put(UInt32(Self.byteCount))
        sink.put(number)
        sink.put(firstSequence)
        sink.put(chain)
        sink.put(UInt32(isArchive ? 1 : 0))
        sink.put(capacity)
        sink.put(journalID.high)
        sink.put(journalID.low)
        while sink.position < Self.byteCount - 4 { sink.put(UInt32(0)) }
    }

    /// The whole header, with its checksum.
    var bytes: [UInt8] {
        let content = ByteSource.encoded(limit: Self.byteCount - 4) { encode(&$0) }
        let checksum = CRC32C.checksum(content)
        return content + ByteSource.encoded(limit: 4) { $0.put(checksum) }
    }

    static func parse(_ bytes: RawSpan) -> Parsed {
        guard bytes.byteCount >= byteCount else { return Zeros.fill(bytes, from: 0) ? .blank : .damaged }
        if Zeros.fill(bytes.extracting(0..<byteCount), from: 0) { return .blank }
        guard ByteSource.load(bytes, at: 0, as: UInt64.self) == JournalFormat.magic else { return .damaged }
        let version = ByteSource.load(bytes, at: 8, as: UInt32.self)
        // No build has written version 0: the header's making was interrupted behind its first word.
        guard version > 0 else { return .damaged }
        guard version == JournalFormat.version else { return .unsupportedVersion(version) }
        let checksum = CRC32C.checksum(bytes.extracting(0..<byteCount - 4))
        guard checksum == ByteSource.load(bytes, at: byteCount - 4, as: UInt32.self) else { return .damaged }
        let flags = ByteSource.load(bytes, at: 36, as: UInt32.self)
        guard flags <= 1 else { return .damaged }
        // Sequences begin with 1, and none comes to the upper half: readers count on from here.
        let firstSequence = ByteSource.load(bytes, at: 24, as: UInt64.self)
        guard firstSequence > 0, firstSequence < 1 << 63 else { return .damaged }
        return .header(
            SegmentHeader(
                number: ByteSource.load(bytes, at: 16),
                firstSequence: firstSequence,
                chain: ByteSource.load(bytes, at: 32),
                isArchive: flags == 1,
                capacity: ByteSource.load(bytes, at: 40),
                journalID: JournalID(high: ByteSource.load(bytes, at: 48), low: ByteSource.load(bytes, at: 56))
            )
        )
    }
}

/// What tells one journal's segments from another's: given by whoever creates it, from the run's id or seed.
public struct JournalID: Hashable, Sendable, CustomStringConvertible {
    public var high: UInt64
    public var low: UInt64
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits, as the run that made the journal is told.
    public var description: String { Digest128(high: high, low: low).description }
}

enum Zeros {
    /// True when every byte from `offset` to the end is zero.
    static func fill(_ bytes: RawSpan, from offset: Int) -> Bool {
        ByteSource.isZero(bytes, from: min(offset, bytes.byteCount))
    }
}
