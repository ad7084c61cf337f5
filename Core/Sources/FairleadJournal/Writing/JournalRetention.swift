/// Keeps the market lane within its size and the orders lane long.
///
/// Both lanes share the segments, so that one sync makes both durable. When the full segments outgrow the limit, the
/// oldest is distilled: its orders lane is copied, record by record, to an archive (`*.orders`) and the segment is
/// removed. What recovery needs is never touched: nothing from the oldest kept snapshot on.
public enum JournalRetention {
    /// Distils segments until they fit `marketByteLimit`, oldest first, but only those whose every input is older than
    /// `keepFrom`. Returns the names of the archives made.
    ///
    /// May run while the journal is written, on the committer's thread. An archive is complete and synced before its
    /// segment goes; a crash between leaves both, and the next call finishes. Bounded by the number of segments.
    @discardableResult
    public static func apply(
        _ disk: any Disk,
        keepFrom: UInt64,
        marketByteLimit: Int
    ) throws(JournalError) -> [String] {
        var begun: [(file: JournalDirectory.File, header: SegmentHeader)] = []
        var total = 0
        for file in try JournalDirectory(disk).segments {
            guard case .header(let header) = try JournalDirectory.header(disk, file) else { continue }
            begun.append((file, header))
            total += Int(clamping: header.capacity)
        }
        var made: [String] = []
        while begun.count > 1, total > marketByteLimit, begun[1].header.firstSequence <= keepFrom {
            let (file, header) = begun.removeFirst()
            made.append(try distil(disk, file, header, until: begun[0].header.firstSequence))
            total -= Int(clamping: header.capacity)
        }
        return made
    }

    private static func distil(
        _ disk: any Disk,
        _ file: JournalDirectory.File,
        _ header: SegmentHeader,
        until next: UInt64
    ) throws(JournalError) -> String {
        var archiveHeader = header
        archiveHeader.isArchive = true
        archiveHeader.chain = 0
        var content: [UInt8] = []
        var chain: UInt32 = 0
        var reader = JournalReader(disk, in: file, header)
        while let record = try reader.advance(), reader.filePosition.file == file {
            guard record.lane == .orders else { continue }
            let bytes = reader.withPayload { archived(record, $0, chain: &chain) }
            content += bytes
        }
        archiveHeader.capacity = UInt64(SegmentHeader.byteCount + content.count)
        let name = JournalFormat.archiveName(file.number)
        let whole = archiveHeader.bytes + content
        try JournalError.wrapping { () throws(DiskError) in
            try disk.replace(name, whole)
            try disk.remove(file.name)
            try disk.syncDirectory()
        }
        return name
    }

    /// A record again, in the archive's own chain.
    private static func archived(_ header: RecordHeader, _ payload: RawSpan, chain: inout UInt32) -> [UInt8] {
        let padded = header.paddedByteCount
        var bytes = ByteSource.encoded(limit: padded) { sink in
            header.encode(&sink)
            sink.put(payload)
            while sink.position < padded { sink.put(UInt8(0)) }
        }
        chain = CRC32C.checksum(bytes, seed: chain)
        let checksum = chain
        bytes.replaceSubrange(28..<32, with: ByteSource.encoded(limit: 4) { $0.put(checksum) })
        return bytes
    }
}

/// The orders lane of all that is kept, archives first: what `why`, `orders` and `fills` answer from. Replay needs the
/// market lane too and reads `JournalReader`.
public struct JournalHistory: ~Copyable {
    private let disk: any Disk
    private var archives: [JournalDirectory.File]
    private var archive: [UInt8] = []
    private var archiveName = ""
    private var position = JournalPosition(offset: 0, chain: 0, sequence: 0)
    private var reader: JournalReader

    /// Throws as `JournalReader` does.
    public init(_ disk: any Disk) throws(JournalError) {
        self.disk = disk
        let directory = try JournalDirectory(disk)
        reader = try JournalReader(disk, from: JournalReader.beginning)
        // An archive whose segment is still there was made by a retention that a crash interrupted.
        archives = directory.archives.filter { archive in
            !directory.segments.contains { $0.number == archive.number }
        }
    }

    /// The next record of the orders lane, or nil at the end. Damage throws `.quarantined`.
    public mutating func next() throws(JournalError) -> JournalRecord? {
        while true {
            if let record = try nextArchived() { return record }
            guard !archives.isEmpty else { break }
            try open(archives.removeFirst())
        }
        while let record = try reader.next() { if record.header.lane == .orders { return record } }
        return nil
    }

    private mutating func open(_ file: JournalDirectory.File) throws(JournalError) {
        archive = try JournalError.wrapping { () throws(DiskError) in try disk.readAll(file.name, limit: 1 << 31) }
        archiveName = file.name
        switch ByteSource.with(archive, { SegmentHeader.parse($0) }) {
        case .header(let header):
            guard header.isArchive, header.capacity == UInt64(archive.count) else { throw damage(.truncated) }
            position = JournalPosition(
                offset: SegmentHeader.byteCount,
                chain: 0,
                sequence: header.firstSequence - 1
            )
        case .unsupportedVersion(let found):
            throw .unsupportedVersion(file: file.name, found: found, supported: JournalFormat.version)
        case .blank, .damaged: throw damage(.segmentHeader)
        }
    }

    private func damage(_ reason: JournalDamage.Reason) -> JournalError {
        .quarantined(
            JournalDamage(file: archiveName, offset: position.offset, sequence: position.sequence, reason: reason)
        )
    }

    private mutating func nextArchived() throws(JournalError) -> JournalRecord? {
        guard position.offset < archive.count else { return nil }
        let parsed = ByteSource.with(archive) {
            RecordHeader.parse(
                $0,
                at: position.offset,
                chain: position.chain,
                after: position.sequence,
                allowsGaps: true
            )
        }
        guard case .record(let header) = parsed else { throw damage(.record) }
        let start = position.offset + RecordHeader.byteCount
        let end = position.offset + Int(header.byteCount)
        let body: RecordBody
        do {
            body = try ByteSource.with(archive) { (bytes: RawSpan) throws(FieldError) in
                try RecordBody.decode(header.type, bytes.extracting(start..<end))
            }
        } catch { throw damage(.content(error)) }
        position.offset += header.paddedByteCount
        position.chain = header.checksum
        position.sequence = header.sequence
        return JournalRecord(header: header, body: body)
    }
}
