/// What can still be read of a directory's segments and archives when a journal can't be trusted any more, of those
/// that were put aside before too: each file by itself, from its header to its first damage.
public enum JournalRemains {
    /// Gives each sound record, file by file. A file that can't be read at all is passed over: it is one more that is
    /// damaged. Costs the memory of the largest file.
    public static func forEachRecord(_ disk: any Disk, _ body: (JournalRecord) -> Void) throws(JournalError) {
        let names = try JournalError.wrapping { () throws(DiskError) in try disk.list() }
        for name in names where name.hasSuffix(".segment") || name.hasSuffix(".orders") {
            let bytes: [UInt8]
            do { bytes = try disk.readAll(name, limit: 1 << 31) } catch { continue }
            ByteSource.with(bytes) { walk($0, body) }
        }
    }

    private static func walk(_ bytes: RawSpan, _ body: (JournalRecord) -> Void) {
        guard case .header(let header) = SegmentHeader.parse(bytes), header.firstSequence > 0 else { return }
        var position = JournalPosition(
            offset: SegmentHeader.byteCount,
            chain: header.isArchive ? 0 : header.chain,
            sequence: header.firstSequence - 1
        )
        while case .record(let record) = RecordHeader.parse(
            bytes,
            at: position.offset,
            chain: position.chain,
            after: position.sequence,
            allowsGaps: header.isArchive
        ) {
            let payload = position.offset + RecordHeader.byteCount..<position.offset + Int(record.byteCount)
            do throws(FieldError) {
                body(JournalRecord(header: record, body: try RecordBody.decode(record.type, bytes.extracting(payload))))
            } catch {
                return
            }
            position.offset += record.paddedByteCount
            position.chain = record.checksum
            position.sequence = record.sequence
        }
    }
}
