internal import FairleadModel

/// Where reading stands: the next record's offset, and what it must continue.
struct JournalPosition: Hashable {
    var offset: Int
    /// The checksum of the record before.
    var chain: UInt32
    /// The last input's sequence.
    var sequence: UInt64
}

/// What stands where no sound record was found.
enum TailVerdict: Hashable {
    /// A sound record after all: another process was still writing it.
    case retry
    /// The journal ends here.
    case end
    /// The next segment continues the journal.
    case next(JournalDirectory.File, SegmentHeader)
    case torn(TornTail)
    case damaged(JournalDamage)
}

/// Tells a torn tail from damage.
///
/// Preallocated zeros follow the last record, and a disk that loses power keeps any subset of the 512-byte sectors that
/// were not synced: it can lose a sector in the middle of the last group and keep later ones. So, at the first position
/// `o` where no sound record of sequence `s` stands:
///
/// 0. The file is shorter than its header says: damage, whatever the rest is.
/// 1. Only zeros from `o` on, and no begun segment after: the journal ends.
/// 2. No sound record anywhere after `o`: the damage is in the last record. Torn; the journal ends at `o`.
/// 3. A sound record after `o` says that `s` was durable when it was appended: damage in the middle.
/// 4. A sound record after `o`, none of which says so: torn when the damage is a hole (from `o` or a sector's start to
///    that sector's end only zeros, as in a sector that was never written), and damage in the middle otherwise.
///
/// A sound record is found after the damage by trying each multiple of 8: its checksum must continue the last sound
/// one, what the damaged record holds or would hold as its checksum, or the next record must continue it in turn.
struct JournalTail {
    let disk: any Disk
    let file: JournalDirectory.File
    let journalID: JournalID?
    let position: JournalPosition
    private var survivors = Survivors()

    init(disk: any Disk, file: JournalDirectory.File, journalID: JournalID?, position: JournalPosition) {
        self.disk = disk
        self.file = file
        self.journalID = journalID
        self.position = position
    }

    /// Judges the position. Reads the rest of the segment, and on damage all of it and every later one.
    mutating func judge() throws(JournalError) -> TailVerdict {
        if let verdict = try usualEnd() { return verdict }
        let name = file.name
        let bytes = try JournalError.wrapping { () throws(DiskError) in try disk.readAll(name, limit: 1 << 31) }
        if try isSound(bytes) { return .retry }
        if case .header(let header) = ByteSource.with(bytes, { SegmentHeader.parse($0) }),
            UInt64(bytes.count) < header.capacity
        {
            return .damaged(damage(.truncated))
        }
        let later = try JournalDirectory(disk).segments.filter { $0.number > file.number }
        let restIsZero = ByteSource.with(bytes) { Zeros.fill($0, from: position.offset) }
        if !restIsZero, try hasMoved(bytes) { return .retry }
        var begun: [JournalDirectory.File] = []
        for candidate in later {
            switch try JournalDirectory.header(disk, candidate) {
            case .blank: continue
            case .header(let header):
                begun.append(candidate)
                let continues =
                    candidate.number == file.number + 1 && header.chain == position.chain
                    && header.firstSequence == position.sequence + 1 && header.journalID == journalID
                if restIsZero, begun.count == 1, continues { return .next(candidate, header) }
            case .damaged: begun.append(candidate)
            case .unsupportedVersion: preconditionFailure("Invariant: another version was refused by name")
            }
        }
        if restIsZero, begun.isEmpty { return .end }
        if let first = begun.first, first.number != file.number + 1 { return .damaged(damage(.missingSegment)) }
        return try judgeDamage(bytes, begun, restIsZero)
    }

    /// The verdict where only zeros follow in a whole segment, and nothing or a sound next segment after it; nil for
    /// all else. Spares the copy of a whole segment at the end of each.
    private func usualEnd() throws(JournalError) -> TailVerdict? {
        guard position.offset > 0, case .header(let header) = try JournalDirectory.header(disk, file) else {
            return nil
        }
        guard try isRestZero(upTo: header.capacity) else { return nil }
        for candidate in try JournalDirectory(disk).segments where candidate.number > file.number {
            switch try JournalDirectory.header(disk, candidate) {
            case .blank: continue
            case .header(let next):
                let continues =
                    candidate.number == file.number + 1 && next.chain == position.chain
                    && next.firstSequence == position.sequence + 1 && next.journalID == journalID
                return continues ? .next(candidate, next) : nil
            case .damaged, .unsupportedVersion: return nil
            }
        }
        return .end
    }

    /// True when the file has its whole capacity, and only zeros from the position on.
    private func isRestZero(upTo capacity: UInt64) throws(JournalError) -> Bool {
        let name = file.name
        let size = try JournalError.wrapping { () throws(DiskError) in try disk.size(of: name) }
        guard UInt64(size) >= capacity, position.offset <= size else { return false }
        var offset = position.offset
        while offset < size {
            let (start, count) = (offset, min(Self.windowByteCount, size - offset))
            let bytes = try JournalError.wrapping { () throws(DiskError) in
                try disk.read(name, from: start, count: count)
            }
            guard bytes.count == count, ByteSource.with(bytes, { Zeros.fill($0, from: 0) }) else { return false }
            offset += count
        }
        return true
    }

    private static let windowByteCount = 1 << 20

    /// True when what stands at the position is no longer what was copied: a writer went on while the rest of the
    /// segment was read, and what looks like a hole is not one.
    private func hasMoved(_ bytes: [UInt8]) throws(JournalError) -> Bool {
        let (name, start) = (file.name, position.offset)
        let now = try JournalError.wrapping { () throws(DiskError) in try disk.read(name, from: start, count: 4096) }
        return now != Array(bytes[min(start, bytes.count)...].prefix(4096))
    }

    private func isSound(_ bytes: [UInt8]) throws(JournalError) -> Bool {
        if position.offset == 0 { return false }
        let parsed = ByteSource.with(bytes) {
            position.offset <= $0.byteCount
                ? RecordHeader.parse($0, at: position.offset, chain: position.chain, after: position.sequence)
                : RecordHeader.Parsed.damaged
        }
        switch parsed {
        case .record: return true
        case .nothing, .incomplete, .damaged: return false
        case .unsupported(let type, let version):
            throw JournalError.unsupportedRecord(
                file: file.name,
                offset: position.offset,
                type: type,
                version: version
            )
        }
    }

    private mutating func judgeDamage(
        _ bytes: [UInt8],
        _ begun: [JournalDirectory.File],
        _ restIsZero: Bool
    ) throws(JournalError) -> TailVerdict {
        let start = position
        ByteSource.with(bytes) { survivors.search($0, damagedAt: start) }
        let firstHere = survivors.firstOffset
        for later in begun {
            let name = later.name
            let content = try JournalError.wrapping { () throws(DiskError) in try disk.readAll(name, limit: 1 << 31) }
            ByteSource.with(content) { survivors.walkSegment($0, after: start) }
        }
        let reason: JournalDamage.Reason =
            position.offset == 0 ? .segmentHeader : restIsZero && !begun.isEmpty ? .brokenChain : .record
        guard survivors.count > 0 else { return .torn(torn(bytes)) }
        if survivors.durableThrough > position.sequence { return .damaged(damage(reason)) }
        let end = firstHere ?? bytes.count
        let isHole = ByteSource.with(bytes) { Self.hasHole($0, from: start.offset, to: end) }
        return isHole ? .torn(torn(bytes)) : .damaged(damage(reason))
    }

    /// True when a sector lies between the two offsets whose part from `start` on holds only zeros up to its end.
    static func hasHole(_ bytes: RawSpan, from start: Int, to end: Int) -> Bool {
        let size = JournalFormat.sectorByteCount
        var sector = start / size * size
        while sector + size <= min(end, bytes.byteCount) {
            let piece = bytes.extracting(max(sector, start)..<sector + size)
            if Zeros.fill(piece, from: 0) { return true }
            sector += size
        }
        return false
    }

    private func damage(_ reason: JournalDamage.Reason) -> JournalDamage {
        JournalDamage(file: file.name, offset: position.offset, sequence: position.sequence, reason: reason)
    }

    private func torn(_ bytes: [UInt8]) -> TornTail {
        var last = bytes.count
        while last > position.offset, bytes[last - 1] == 0 { last -= 1 }
        return TornTail(
            file: file.name,
            offset: position.offset,
            sequence: position.sequence,
            byteCount: last - position.offset
        )
    }
}

/// Sound records after a damage, and what they claim.
private struct Survivors {
    var count = 0
    var firstOffset: Int?
    /// The highest sequence that any of them says was durable.
    var durableThrough: UInt64 = 0

    /// Finds the first sound record after a damaged one, and walks on from there.
    mutating func search(_ bytes: RawSpan, damagedAt position: JournalPosition) {
        let seeds = Self.seeds(bytes, position)
        var offset = JournalFormat.alignedUp(max(position.offset, SegmentHeader.byteCount))
        if position.offset >= SegmentHeader.byteCount { offset += JournalFormat.alignment }
        while offset + RecordHeader.byteCount <= bytes.byteCount {
            if let header = RecordHeader.candidate(bytes, offset, after: position.sequence),
                isSound(bytes, offset, header, seeds)
            {
                firstOffset = firstOffset ?? offset
                let end = walk(bytes, JournalPosition(offset: offset, chain: 0, sequence: 0), trusting: header)
                offset = max(end, offset + JournalFormat.alignment)
            } else {
                offset += JournalFormat.alignment
            }
        }
    }

    /// Walks a later segment from its header when that is sound, and searches it otherwise.
    mutating func walkSegment(_ bytes: RawSpan, after position: JournalPosition) {
        let first = firstOffset
        if case .header(let header) = SegmentHeader.parse(bytes) {
            let start = JournalPosition(
                offset: SegmentHeader.byteCount,
                chain: header.chain,
                sequence: header.firstSequence - 1
            )
            _ = walk(bytes, start, trusting: nil)
        } else {
            search(bytes, damagedAt: JournalPosition(offset: 0, chain: position.chain, sequence: position.sequence))
        }
        firstOffset = first
    }

    /// The checksums that the record after the damaged one may continue.
    private static func seeds(_ bytes: RawSpan, _ position: JournalPosition) -> [UInt32] {
        var seeds = [position.chain]
        guard position.offset >= SegmentHeader.byteCount, position.offset + RecordHeader.byteCount <= bytes.byteCount
        else { return seeds }
        seeds.append(ByteSource.load(bytes, at: position.offset + 28))
        let length = Int(ByteSource.load(bytes, at: position.offset, as: UInt32.self))
        let padded = JournalFormat.alignedUp(length)
        if length > RecordHeader.byteCount, padded <= bytes.byteCount - position.offset {
            seeds.append(
                RecordHeader.computedChecksum(bytes, at: position.offset, padded: padded, chain: position.chain)
            )
        }
        return seeds
    }

    private func isSound(_ bytes: RawSpan, _ offset: Int, _ header: RecordHeader, _ seeds: [UInt32]) -> Bool {
        for seed in seeds {
            let computed = RecordHeader.computedChecksum(
                bytes,
                at: offset,
                padded: header.paddedByteCount,
                chain: seed
            )
            if computed == header.checksum { return true }
        }
        let next = RecordHeader.parse(
            bytes,
            at: offset + header.paddedByteCount,
            chain: header.checksum,
            after: header.sequence
        )
        if case .record = next { return true }
        return false
    }

    /// Counts a first record and all that continue it; returns where that ends.
    private mutating func walk(_ bytes: RawSpan, _ start: JournalPosition, trusting first: RecordHeader?) -> Int {
        var position = start
        if let first { take(first, &position) }
        while case .record(let header) = RecordHeader.parse(
            bytes,
            at: position.offset,
            chain: position.chain,
            after: position.sequence
        ) {
            take(header, &position)
        }
        return position.offset
    }

    private mutating func take(_ header: RecordHeader, _ position: inout JournalPosition) {
        count += 1
        durableThrough = max(durableThrough, header.durableThrough)
        position.offset += header.paddedByteCount
        position.chain = header.checksum
        position.sequence = header.sequence
    }
}
