/// What can still be read of a directory's segments and archives when a journal can't be trusted any more, of those
/// that were put aside before too: each file by itself, from its header to its first damage.
public enum JournalRemains {
    /// Gives each sound record, file by file. A file that can't be read at all is passed over: it is one more that is
    /// damaged. Costs the memory of the largest file. `isMeant` is asked of each file's name; `beyondDamage` goes on at
    /// the next place where one record continues another.
    public static func forEachRecord(
        _ disk: any Disk,
        beyondDamage: Bool = false,
        where isMeant: (String) -> Bool = { _ in true },
        _ body: (JournalRecord) -> Void
    ) throws(JournalError) {
        let names = try JournalError.wrapping { () throws(DiskError) in try disk.list() }
        for name in names where (name.hasSuffix(".segment") || name.hasSuffix(".orders")) && isMeant(name) {
            let bytes: [UInt8]
            do { bytes = try disk.readAll(name, limit: 1 << 31) } catch { continue }
            ByteSource.with(bytes) { walk($0, beyondDamage, body) }
        }
    }

    private static func walk(_ bytes: RawSpan, _ beyondDamage: Bool, _ body: (JournalRecord) -> Void) {
        guard case .header(let header) = SegmentHeader.parse(bytes) else { return }
        var position = JournalPosition(
            offset: SegmentHeader.byteCount,
            chain: header.isArchive ? 0 : header.chain,
            sequence: header.firstSequence - 1
        )
        while true {
            while case .record(let record) = RecordHeader.parse(
                bytes,
                at: position.offset,
                chain: position.chain,
                after: position.sequence,
                allowsGaps: header.isArchive
            ), give(record, bytes, position.offset, body) {
                position.offset += record.paddedByteCount
                position.chain = record.checksum
                position.sequence = record.sequence
            }
            guard beyondDamage, let next = sync(bytes, after: position, header.isArchive, body) else { return }
            position = next
        }
    }

    /// False when the content has no meaning.
    private static func give(
        _ header: RecordHeader,
        _ bytes: RawSpan,
        _ offset: Int,
        _ body: (JournalRecord) -> Void
    ) -> Bool {
        let payload = bytes.extracting(offset + RecordHeader.byteCount..<offset + Int(header.byteCount))
        do throws(FieldError) {
            body(JournalRecord(header: header, body: try RecordBody.decode(header.type, payload)))
            return true
        } catch {
            return false
        }
    }

    /// The place behind the first record that another continues, at the damage or after it. That record is given too,
    /// unless it is the damaged one itself.
    private static func sync(
        _ bytes: RawSpan,
        after damage: JournalPosition,
        _ allowsGaps: Bool,
        _ body: (JournalRecord) -> Void
    ) -> JournalPosition? {
        var offset = damage.offset
        while offset + RecordHeader.byteCount <= bytes.byteCount {
            if let header = RecordHeader.candidate(bytes, offset, after: damage.sequence),
                case .record = RecordHeader.parse(
                    bytes,
                    at: offset + header.paddedByteCount,
                    chain: header.checksum,
                    after: header.sequence,
                    allowsGaps: allowsGaps
                )
            {
                if offset > damage.offset { _ = give(header, bytes, offset, body) }
                return JournalPosition(
                    offset: offset + header.paddedByteCount,
                    chain: header.checksum,
                    sequence: header.sequence
                )
            }
            offset += JournalFormat.alignment
        }
        return nil
    }
}
