public import FairleadModel

/// What a record is. Raw values are part of the format; those below 16 are inputs, which have a sequence of their own.
public enum RecordType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case event = 1
    case signalTerms = 2
    case text = 3
    case configuration = 4
    case marketReference = 5
    case manifest = 16
    case snapshotMark = 17
    case seal = 18
    case note = 19

    /// True when the engine is told of it: it takes the next sequence. The others are bookkeeping and carry the
    /// sequence of the last input, so that they can't change what a run is.
    public var isInput: Bool { rawValue < 16 }

    /// True when the journal's hash covers it: all that the engine is told but the configuration, which has a hash of
    /// its own and may name directories.
    public var isHashed: Bool {
        switch self {
        case .event, .signalTerms, .text, .marketReference: true
        case .configuration, .manifest, .snapshotMark, .seal, .note: false
        }
    }

    /// The layout that this build writes and reads.
    var version: UInt8 { 1 }

    public var name: String {
        switch self {
        case .event: "event"
        case .signalTerms: "signal_terms"
        case .text: "text"
        case .configuration: "configuration"
        case .marketReference: "market_reference"
        case .manifest: "manifest"
        case .snapshotMark: "snapshot_mark"
        case .seal: "seal"
        case .note: "note"
        }
    }
}

/// The 32 bytes before each record's payload.
public struct RecordHeader: Hashable, Sendable, BitwiseCopyable {
    static let byteCount = 32

    /// Header and payload, without the zeros that pad it to a multiple of 8.
    public var byteCount: UInt32
    public var type: RecordType
    public var lane: Lane
    /// Appended with the right to the reserved space (cancels, exits, kill).
    public var isEssential: Bool
    /// Of this input; of the last input before it, for bookkeeping.
    public var sequence: UInt64
    /// The engine's time.
    public var time: Timestamp
    /// How far behind `sequence` the durable part was when this was appended; saturates at 2^32 - 1.
    public var durableLag: UInt32
    /// CRC32C of the record with this field as zero, seeded with the checksum of the record before.
    public var checksum: UInt32

    /// Everything up to here had been synced when this record was appended.
    var durableThrough: UInt64 { sequence - min(sequence, UInt64(durableLag)) }
    var paddedByteCount: Int { JournalFormat.alignedUp(Int(byteCount)) }

    /// What stands at an offset.
    enum Parsed {
        case record(RecordHeader)
        /// A length of zero: nothing was written here.
        case nothing
        /// The span ends before the record does; that many bytes are needed.
        case incomplete(Int)
        /// A valid checksum over a type or version of another build.
        case unsupported(type: UInt8, version: UInt8)
        case damaged
    }

    /// Reads and checks the record at `offset`: its length, its checksum in the chain, and its sequence.
    /// Archives have gaps where the market lane was.
    static func parse(
        _ bytes: RawSpan,
        at offset: Int,
        chain: UInt32,
        after sequence: UInt64,
        allowsGaps: Bool = false
    ) -> Parsed {
        guard bytes.byteCount - offset >= byteCount else { return .incomplete(byteCount) }
        let length = ByteSource.load(bytes, at: offset, as: UInt32.self)
        if length == 0 { return .nothing }
        guard length > byteCount, length <= JournalFormat.maximumRecordByteCount else { return .damaged }
        let padded = JournalFormat.alignedUp(Int(length))
        guard bytes.byteCount - offset >= padded else { return .incomplete(padded) }
        let checksum = ByteSource.load(bytes, at: offset + 28, as: UInt32.self)
        #if MUTANTS
            if Mutant.isOn(.tornRecordIsTakenWithoutItsCheckSum) {
                return parseChecked(bytes, at: offset, length: length, checksum: checksum, after: sequence, allowsGaps)
            }
        #endif
        guard checksum == computedChecksum(bytes, at: offset, padded: padded, chain: chain) else { return .damaged }
        return parseChecked(bytes, at: offset, length: length, checksum: checksum, after: sequence, allowsGaps)
    }

    @inline(__always) static func computedChecksum(
        _ bytes: RawSpan,
        at offset: Int,
        padded: Int,
        chain: UInt32
    ) -> UInt32 {
        CRC32C.record(bytes.extracting(offset..<offset + padded), seed: chain)
    }

    private static func parseChecked(
        _ bytes: RawSpan,
        at offset: Int,
        length: UInt32,
        checksum: UInt32,
        after last: UInt64,
        _ allowsGaps: Bool
    ) -> Parsed {
        let rawType = ByteSource.load(bytes, at: offset + 4, as: UInt8.self)
        let version = ByteSource.load(bytes, at: offset + 5, as: UInt8.self)
        guard let type = RecordType(rawValue: rawType), version == type.version else {
            return .unsupported(type: rawType, version: version)
        }
        let flags = ByteSource.load(bytes, at: offset + 7, as: UInt8.self)
        guard let lane = Lane(rawValue: ByteSource.load(bytes, at: offset + 6)), flags <= 1 else { return .damaged }
        let sequence = ByteSource.load(bytes, at: offset + 8, as: UInt64.self)
        let expected = type.isInput ? last &+ 1 : last
        guard sequence == expected || allowsGaps && sequence > expected else { return .damaged }
        return .record(
            RecordHeader(
                byteCount: length,
                type: type,
                lane: lane,
                isEssential: flags == 1,
                sequence: sequence,
                time: Timestamp(nanoseconds: ByteSource.load(bytes, at: offset + 16)),
                durableLag: ByteSource.load(bytes, at: offset + 24),
                checksum: checksum
            )
        )
    }

    /// Stores everything but the checksum, which stays zero until it is computed over all of it.
    @inline(__always) func encode(_ sink: inout ByteSink) {
        sink.put(byteCount)
        sink.put(type.rawValue)
        sink.put(type.version)
        sink.put(lane.rawValue)
        sink.put(UInt8(isEssential ? 1 : 0))
        sink.put(sequence)
        sink.put(time)
        sink.put(durableLag)
        sink.put(UInt32(0))
    }
}

/// Looking for records behind a damage.
extension RecordHeader {
    /// How far beyond the damage a sequence may lie: more inputs than a segment of the largest size holds.
    private static let sequenceRange: UInt64 = 1 << 26

    /// What may be a record: known type, a length that fits, a sequence soon after the damage.
    static func candidate(_ bytes: RawSpan, _ offset: Int, after sequence: UInt64) -> RecordHeader? {
        let length = ByteSource.load(bytes, at: offset, as: UInt32.self)
        guard length > RecordHeader.byteCount, length <= JournalFormat.maximumRecordByteCount else { return nil }
        guard JournalFormat.alignedUp(Int(length)) <= bytes.byteCount - offset else { return nil }
        guard let type = RecordType(rawValue: ByteSource.load(bytes, at: offset + 4)) else { return nil }
        guard let lane = Lane(rawValue: ByteSource.load(bytes, at: offset + 6)) else { return nil }
        let found = ByteSource.load(bytes, at: offset + 8, as: UInt64.self)
        guard found >= sequence, found - sequence < sequenceRange else { return nil }
        return RecordHeader(
            byteCount: length,
            type: type,
            lane: lane,
            isEssential: false,
            sequence: found,
            time: .never,
            durableLag: ByteSource.load(bytes, at: offset + 24),
            checksum: ByteSource.load(bytes, at: offset + 28)
        )
    }
}
