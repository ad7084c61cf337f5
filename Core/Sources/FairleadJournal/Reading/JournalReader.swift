public import FairleadModel

/// One record as it was read.
public struct JournalRecord: Sendable {
    public var header: RecordHeader
    public var body: RecordBody
    public var sequence: UInt64 { header.sequence }
    public var time: Timestamp { header.time }
}

/// How a journal ended when the reader last came to its end.
public enum JournalEnd: Hashable, Sendable {
    case clean
    /// An unfinished record: being written by another process, or left by a crash (`JournalWriter` truncates it).
    case torn(TornTail)
}

/// Streams a journal's records in order, and checks each in the chain.
///
/// Takes no lock: it may follow a journal that another process is writing. At the end `next` gives nil; asked again, it
/// looks again. Damage throws `.quarantined` and says where. Holds about 1 MiB; one owner.
public struct JournalReader: ~Copyable {
    private static let windowByteLimit = 1 << 20
    /// Who follows a writer finds little at each look, and whoever reads on doubles it soon.
    private static let firstWindowByteCount = 1 << 14
    /// Given as the sequence to start from: wherever the kept segments begin.
    static let beginning: UInt64 = 0

    private let disk: any Disk
    private let first: UInt64
    private var file: JournalDirectory.File
    private var window: [UInt8] = []
    private var windowOffset = 0
    private var windowByteCount = firstWindowByteCount
    private var position: JournalPosition
    private var payload: Range<Int> = 0..<0
    /// The journal that is read.
    public let journalID: JournalID
    /// The first sequence that is kept in whole segments.
    public let firstRetained: UInt64
    /// How it ended; nil before the end was reached.
    public private(set) var end: JournalEnd?

    /// Starts at the first record whose sequence is at least `sequence`; zero means all that is kept.
    ///
    /// Throws `.noJournal` where there is none, `.notRetained` when that part was dropped, `.unsupportedVersion`.
    public init(_ disk: any Disk, from sequence: UInt64 = 0) throws(JournalError) {
        let directory = try JournalDirectory(disk)
        var chosen: (file: JournalDirectory.File, header: SegmentHeader)?
        var oldest: UInt64?
        for file in directory.segments {
            switch try JournalDirectory.header(disk, file) {
            case .header(let header):
                oldest = oldest ?? header.firstSequence
                if chosen == nil || header.firstSequence <= sequence { chosen = (file, header) }
            case .damaged:
                // The segments before it lead to it, and judge it; the first of all has none before it.
                if chosen == nil { throw Self.firstHeaderDamaged(file) }
            case .blank, .unsupportedVersion: continue
            }
        }
        guard let chosen, let oldest else { throw JournalError.noJournal }
        guard sequence >= oldest || sequence == Self.beginning else { throw JournalError.notRetained(first: oldest) }
        self.disk = disk
        first = sequence
        file = chosen.file
        journalID = chosen.header.journalID
        firstRetained = oldest
        position = JournalPosition(
            offset: SegmentHeader.byteCount,
            chain: chosen.header.chain,
            sequence: chosen.header.firstSequence - 1
        )
    }

    /// Reads from one segment's beginning.
    init(_ disk: any Disk, in file: JournalDirectory.File, _ header: SegmentHeader) {
        self.disk = disk
        first = 0
        self.file = file
        journalID = header.journalID
        firstRetained = header.firstSequence
        position = JournalPosition(
            offset: SegmentHeader.byteCount,
            chain: header.chain,
            sequence: header.firstSequence - 1
        )
    }

    private static func firstHeaderDamaged(_ file: JournalDirectory.File) -> JournalError {
        .quarantined(JournalDamage(file: file.name, offset: 0, sequence: 0, reason: .segmentHeader))
    }

    /// The last input's sequence so far.
    public var sequence: UInt64 { position.sequence }
    /// The checksum of the record that was read last: what a snapshot of this place holds.
    public var chain: UInt32 { position.chain }
    /// The file that is being read, and the offset behind the last record.
    public var location: (file: String, offset: Int) { (file.name, position.offset) }
    var filePosition: (file: JournalDirectory.File, position: JournalPosition) { (file, position) }

    /// The next record, or nil at the end.
    ///
    /// `durableThrough` is for who follows a writer at work and knows so much: behind it zeros are the end, and what
    /// lies behind the zeros is not looked at. Everything up to it must be there, or is judged as in a journal at rest.
    public mutating func next(durableThrough: UInt64? = nil) throws(JournalError) -> JournalRecord? {
        while let header = try advance(durableThrough: durableThrough) {
            if header.sequence < first { continue }
            return JournalRecord(header: header, body: try decode(header))
        }
        return nil
    }

    private func decode(_ header: RecordHeader) throws(JournalError) -> RecordBody {
        let range = payload
        do {
            return try ByteSource.with(window) { (bytes: RawSpan) throws(FieldError) in
                try RecordBody.decode(header.type, bytes.extracting(range))
            }
        } catch {
            let offset = position.offset - header.paddedByteCount
            throw .quarantined(
                JournalDamage(file: file.name, offset: offset, sequence: header.sequence, reason: .content(error))
            )
        }
    }

    /// The next record's header; its payload stays in `withPayload` until the next call.
    mutating func advance(durableThrough: UInt64? = nil) throws(JournalError) -> RecordHeader? {
        let mayEnd = durableThrough.map { position.sequence >= $0 }
        if end != nil, mayEnd ?? true, try isStillEnded() { return nil }
        end = nil
        var attempts = 0
        while true {
            let offset = position.offset - windowOffset
            let parsed = ByteSource.with(window) {
                offset >= 0 && offset <= $0.byteCount
                    ? RecordHeader.parse($0, at: offset, chain: position.chain, after: position.sequence)
                    : .incomplete(RecordHeader.byteCount)
            }
            switch parsed {
            case .record(let header):
                payload = offset + RecordHeader.byteCount..<offset + Int(header.byteCount)
                position.offset += header.paddedByteCount
                position.chain = header.checksum
                position.sequence = header.sequence
                return header
            case .incomplete(let needed):
                if try load(needed) { continue }
            case .unsupported(let type, let version):
                throw .unsupportedRecord(file: file.name, offset: position.offset, type: type, version: version)
            case .nothing, .damaged: break
            }
            if mayEnd == true, try isStillEnded() {
                end = .clean
                return nil
            }
            attempts += 1
            if try judge(attempts) { return nil }
        }
    }

    /// Fills the window from the position. False when the file has no more to give than the window holds already.
    private mutating func load(_ needed: Int) throws(JournalError) -> Bool {
        let count = max(needed, windowByteCount)
        windowByteCount = min(windowByteCount * 2, Self.windowByteLimit)
        let name = file.name
        let start = position.offset
        let isFull = windowOffset == start && window.count >= needed
        let before = windowOffset == start ? window.count : -1
        if isFull { return false }
        window = try JournalError.wrapping { () throws(DiskError) in try disk.read(name, from: start, count: count) }
        windowOffset = start
        return window.count > before && window.count >= needed
    }

    /// True at the end; false when reading goes on, here or in the next segment.
    private mutating func judge(_ attempts: Int) throws(JournalError) -> Bool {
        var tail = JournalTail(disk: disk, file: file, journalID: journalID, position: position)
        switch try tail.judge() {
        case .retry: break
        case .end:
            end = .clean
            return true
        case .next(let next, let header):
            file = next
            position.offset = SegmentHeader.byteCount
            position.chain = header.chain
        case .torn(let torn):
            end = .torn(torn)
            return true
        case .damaged(let damage):
            // A writer at work may have overtaken the copy that was judged: three equal verdicts are the truth.
            guard attempts < 3 else { throw .quarantined(damage) }
        }
        dropWindow()
        return false
    }

    private mutating func dropWindow() {
        window.removeAll(keepingCapacity: true)
        windowOffset = 0
    }

    /// A cheap look at an end that was reached before, or is one by what is known: has anything been written behind it?
    private mutating func isStillEnded() throws(JournalError) -> Bool {
        let name = file.name
        let start = position.offset
        dropWindow()
        windowByteCount = Self.firstWindowByteCount
        let bytes = try JournalError.wrapping { () throws(DiskError) in try disk.read(name, from: start, count: 8) }
        guard ByteSource.with(bytes, { Zeros.fill($0, from: 0) }) else { return false }
        let following = JournalDirectory.File(
            number: file.number + 1,
            name: JournalFormat.segmentName(file.number + 1)
        )
        do {
            let header = try disk.read(following.name, from: 0, count: 8)
            return ByteSource.with(header) { Zeros.fill($0, from: 0) }
        } catch {
            if error.kind == .notFound { return true }
            throw .disk(error)
        }
    }

    /// The payload of the record that `advance` returned last.
    func withPayload<Result>(_ body: (RawSpan) -> Result) -> Result {
        let range = payload
        return ByteSource.with(window) { body($0.extracting(range)) }
    }
}
