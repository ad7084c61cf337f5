/// Why the journal refuses.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The disk refused an operation.
    case disk(DiskError)
    /// A sync failed earlier. The writer never again claims durability; only essential records are still taken.
    case failed(DiskError)
    /// No next segment could be prepared: only essential records are taken, into the reserved space. The cause is nil
    /// when preparing just didn't keep up.
    case noSpace(DiskError?)
    case recordTooLarge(byteCount: Int, limit: Int)
    /// Damage that is not a torn tail: nothing may trade on this journal.
    case quarantined(JournalDamage)
    /// Written by another version of the format.
    case unsupportedVersion(file: String, found: UInt32, supported: UInt32)
    /// A record of a newer build; the journal is sound.
    case unsupportedRecord(file: String, offset: Int, type: UInt8, version: UInt8)
    /// The records asked for are no longer kept; the first that is.
    case notRetained(first: UInt64)
    /// The directory holds no journal.
    case noJournal
    /// The sequence to cut back to is not in the journal.
    case noSuchSequence(UInt64)

    public var description: String {
        switch self {
        case .disk(let error): "journal: \(error)"
        case .failed(let error): "journal failed earlier and takes only essential records: \(error)"
        case .noSpace(let cause):
            "journal has no next segment and takes only essential records: "
                + (cause.map { "\($0)" } ?? "preparing did not keep up")
        case .recordTooLarge(let byteCount, let limit): "record of \(byteCount) bytes; at most \(limit) are taken"
        case .quarantined(let damage): "journal is quarantined: \(damage)"
        case .unsupportedVersion(let file, let found, let supported):
            "\(file) has journal format \(found); this build reads \(supported)"
        case .unsupportedRecord(let file, let offset, let type, let version):
            "\(file) at \(offset): record type \(type) version \(version) is unknown to this build"
        case .notRetained(let first): "the journal is kept from sequence \(first) only"
        case .noJournal: "no journal here"
        case .noSuchSequence(let sequence): "sequence \(sequence) is not in the journal"
        }
    }
}

/// Damage with records after it, or in what had been proved durable: where, and which.
public struct JournalDamage: Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// A length, checksum or sequence doesn't fit, and sound records follow.
        case record
        /// The checksum is right and the content has no meaning.
        case content(FieldError)
        case segmentHeader
        case missingSegment
        /// The file is shorter than it was made.
        case truncated
        /// The next segment does not continue this one.
        case brokenChain
        /// The file is a snapshot of more than the journal holds.
        case endMissing
    }

    public var file: String
    /// In bytes from the file's start.
    public var offset: Int
    /// The sequence of the last sound input before it; of a snapshot, its own.
    public var sequence: UInt64
    public var reason: Reason

    public init(file: String, offset: Int, sequence: UInt64, reason: Reason) {
        self.file = file
        self.offset = offset
        self.sequence = sequence
        self.reason = reason
    }

    public var description: String {
        let what =
            switch reason {
            case .record: "damaged record"
            case .content(let error): "record without meaning (\(error))"
            case .segmentHeader: "damaged header"
            case .missingSegment: "the segment after it is missing"
            case .truncated: "file is shorter than it was made"
            case .brokenChain: "next segment does not continue it"
            case .endMissing: "the journal ends before this snapshot"
            }
        return "\(file) at byte \(offset), after sequence \(sequence): \(what)"
    }
}

/// A last group of records that was never durable and didn't reach the disk whole.
public struct TornTail: Hashable, Sendable {
    public var file: String
    public var offset: Int
    /// The last sound input before it, which is the journal's last.
    public var sequence: UInt64
    /// Bytes that are not zero behind it, or zero where only a part of a header is there.
    public var byteCount: Int
}
