public import FairleadModel

/// What opening a journal for writing found.
public struct JournalRecovery: Hashable, Sendable {
    public var isNew: Bool
    public var journalID: JournalID
    /// 0 in a new journal.
    public var lastSequence: UInt64
    /// The last event or market reference: texts and terms after it wait for an event that was never written. What a
    /// resumed backtest cuts back to; 0 when the recent segments hold none.
    public var lastCompleteSequence: UInt64
    /// The engine's time of the last record; `never` in a new journal.
    public var lastTime: Timestamp
    /// What was cut off.
    public var tornTail: TornTail?
}

/// Finds the journal's end, repairs a torn tail, and maps the segment that goes on.
struct JournalOpening {
    /// What can be unsynced after a loss of power: the current segment, the full ones before it, and one for luck.
    private static let scannedSegments = JournalCommitter.retiredLimit + 2

    private(set) var recovery: JournalRecovery
    private(set) var segment: SegmentMemory
    private(set) var segmentNumber: UInt64
    private(set) var firstSequence: UInt64
    private(set) var position: JournalPosition
    private(set) var inputChain: UInt32 = 0
    private(set) var spare: SegmentMemory?
    private(set) var unsealed: [SegmentSeal] = []

    init(_ disk: any Disk, _ options: JournalOptions) throws(JournalError) {
        let directory = try JournalDirectory(disk)
        for name in directory.temporaries { try Self.remove(disk, name) }
        var begun: [(file: JournalDirectory.File, header: SegmentHeader)] = []
        for file in directory.segments {
            switch try JournalDirectory.header(disk, file) {
            case .header(let header): begun.append((file, header))
            case .blank: continue
            case .damaged: if begun.isEmpty { try Self.refuseUnlessTorn(disk, file) }
            case .unsupportedVersion: preconditionFailure("Invariant: another version was refused by name")
            }
        }
        guard let newest = begun.last else {
            try Self.refuseRemains(directory)
            self = try Self.created(disk, options, over: directory.segments)
            return
        }
        try Self.refuseGap(directory, after: newest.file)
        let scan = try JournalScan(disk, begun.suffix(Self.scannedSegments))
        if scan.tail != nil { try Self.removeAfter(disk, scan.file.number) }
        // Read before the mapping: what a failed sync has left in memory only may be gone after it.
        let unproven = try scan.unproven(disk)
        segment = try JournalError.wrapping { () throws(DiskError) in
            try disk.openSegment(scan.file.name, blankFrom: scan.position.offset)
        }
        position = scan.position
        inputChain = scan.inputChain
        segmentNumber = scan.file.number
        firstSequence = scan.header.firstSequence
        if scan.tail != nil { segment.zero(from: position.offset, to: segment.byteCount) }
        recovery = JournalRecovery(
            isNew: false,
            journalID: newest.header.journalID,
            lastSequence: position.sequence,
            lastCompleteSequence: scan.lastCompleteSequence,
            lastTime: scan.lastTime,
            tornTail: scan.tail
        )
        unsealed = scan.unsealed
        try Self.syncAll(disk, begun.suffix(Self.scannedSegments).map(\.file), segment, unproven)
        spare = try Self.spare(disk, options, after: segmentNumber)
    }

    private init(
        recovery: JournalRecovery,
        segment: SegmentMemory,
        position: JournalPosition
    ) {
        self.recovery = recovery
        self.segment = segment
        segmentNumber = 1
        firstSequence = 1
        self.position = position
    }

    /// A first segment whose header is no header: an interrupted making leaves nothing after it, anything else is
    /// damage.
    private static func refuseUnlessTorn(_ disk: any Disk, _ file: JournalDirectory.File) throws(JournalError) {
        let start = JournalPosition(offset: 0, chain: 0, sequence: 0)
        var tail = JournalTail(disk: disk, file: file, journalID: nil, position: start)
        if case .damaged(let damage) = try tail.judge() { throw .quarantined(damage) }
        if file.number != 1 {
            throw .quarantined(JournalDamage(file: file.name, offset: 0, sequence: 0, reason: .segmentHeader))
        }
    }

    /// Segments are made one after the other: where one is missing behind the newest with records, records were in it.
    private static func refuseGap(
        _ directory: JournalDirectory,
        after newest: JournalDirectory.File
    ) throws(JournalError) {
        guard let next = directory.segments.first(where: { $0.number > newest.number }) else { return }
        guard next.number != newest.number + 1 else { return }
        throw .quarantined(JournalDamage(file: newest.name, offset: 0, sequence: 0, reason: .missingSegment))
    }

    /// No segment was begun: anything but the first one's interrupted making means that a journal was here and is gone.
    private static func refuseRemains(_ directory: JournalDirectory) throws(JournalError) {
        let remains = directory.archives + directory.snapshots + directory.segments.filter { $0.number > 1 }
        guard let first = remains.first else { return }
        throw .quarantined(JournalDamage(file: first.name, offset: 0, sequence: 0, reason: .missingSegment))
    }

    private static func created(
        _ disk: any Disk,
        _ options: JournalOptions,
        over old: [JournalDirectory.File]
    ) throws(JournalError) -> JournalOpening {
        for file in old { try remove(disk, file.name) }
        let header = SegmentHeader(
            number: 1,
            firstSequence: 1,
            chain: 0,
            isArchive: false,
            capacity: UInt64(options.segmentByteCount),
            journalID: options.journalID
        )
        let name = JournalFormat.segmentName(1)
        let segment = try JournalError.wrapping { () throws(DiskError) -> SegmentMemory in
            let segment = try disk.createSegment(
                name,
                byteCount: options.segmentByteCount,
                isPrefaulted: options.durability == .process
            )
            segment.store(header.bytes, at: 0)
            try disk.sync(segment)
            try disk.syncDirectory()
            return segment
        }
        let recovery = JournalRecovery(
            isNew: true,
            journalID: options.journalID,
            lastSequence: 0,
            lastCompleteSequence: 0,
            lastTime: .never,
            tornTail: nil
        )
        let position = JournalPosition(offset: SegmentHeader.byteCount, chain: 0, sequence: 0)
        return JournalOpening(recovery: recovery, segment: segment, position: position)
    }

    private static func remove(_ disk: any Disk, _ name: String) throws(JournalError) {
        try JournalError.wrapping { () throws(DiskError) in
            try disk.remove(name)
            try disk.syncDirectory()
        }
    }

    /// Removes the segments after one, the newest first, so that a crash on the way leaves no gap.
    static func removeAfter(_ disk: any Disk, _ number: UInt64) throws(JournalError) {
        for file in try JournalDirectory(disk).segments.reversed() where file.number > number {
            try remove(disk, file.name)
        }
    }

    /// Syncs everything that was found. What no record proves to have been synced is stored once more: after a failed
    /// sync of an earlier life the kernel takes it for written, and a sync alone would succeed without writing it.
    private static func syncAll(
        _ disk: any Disk,
        _ files: [JournalDirectory.File],
        _ current: SegmentMemory,
        _ unproven: [UnprovenBytes]
    ) throws(JournalError) {
        try JournalError.wrapping { () throws(DiskError) in
            for file in files where file.name <= current.name {
                let memory = file.name == current.name ? current : try disk.openSegment(file.name)
                for piece in unproven where piece.file == file { memory.store(piece.bytes, at: piece.offset) }
                try disk.sync(memory)
            }
            try disk.syncDirectory()
        }
    }

    /// A blank segment left prepared is used again when it has the right size; others are removed.
    private static func spare(
        _ disk: any Disk,
        _ options: JournalOptions,
        after number: UInt64
    ) throws(JournalError) -> SegmentMemory? {
        var spare: SegmentMemory?
        for file in try JournalDirectory(disk).segments.reversed() where file.number > number {
            let bytes = try JournalError.wrapping { () throws(DiskError) in try disk.readAll(file.name, limit: 1 << 31)
            }
            let isBlank = ByteSource.with(bytes) { Zeros.fill($0, from: 0) }
            precondition(isBlank, "Invariant: only blank segments follow the journal's end")
            if file.number == number + 1, bytes.count == options.segmentByteCount {
                spare = try JournalError.wrapping { () throws(DiskError) in
                    try disk.openSegment(file.name, blankFrom: 0)
                }
            } else {
                try remove(disk, file.name)
            }
        }
        return spare
    }
}

/// A piece of a segment that no record proves to have been synced.
private struct UnprovenBytes {
    var file: JournalDirectory.File
    var offset: Int
    var bytes: [UInt8]
}

/// A walk through the last segments to the journal's end.
private struct JournalScan {
    var file: JournalDirectory.File
    var header: SegmentHeader
    var position: JournalPosition
    var tail: TornTail?
    var lastTime = Timestamp.never
    var inputChain: UInt32 = 0
    var lastCompleteSequence: UInt64 = 0
    /// Full segments of the walk without a seal so far.
    var unsealed: [SegmentSeal] = []
    /// The segments before the last one, with their used bytes.
    private var full: [(file: JournalDirectory.File, end: Int)] = []
    /// Where the records begin that no later one says to have been synced, oldest first from `firstUnproven` on.
    private var starts: ContiguousArray<(file: JournalDirectory.File, offset: Int, sequence: UInt64)> = []
    private var firstUnproven = 0

    init(
        _ disk: any Disk,
        _ segments: ArraySlice<(file: JournalDirectory.File, header: SegmentHeader)>
    ) throws(JournalError) {
        guard let oldest = segments.first else { preconditionFailure("Invariant: a journal has a begun segment") }
        file = oldest.file
        header = oldest.header
        position = JournalPosition(offset: SegmentHeader.byteCount, chain: 0, sequence: 0)
        var reader = JournalReader(disk, in: oldest.file, oldest.header)
        while let record = try reader.next() {
            let now = reader.filePosition
            if now.file != file { enter(now.file, segments) }
            note(record.header, at: position.offset)
            take(record)
            position = now.position
        }
        let last = reader.filePosition
        if last.file != file { enter(last.file, segments) }
        position = last.position
        if case .torn(let torn) = reader.end { tail = torn }
    }

    /// A record that tells how far the journal was synced takes what is older out of the list.
    private mutating func note(_ header: RecordHeader, at offset: Int) {
        starts.append((file, offset, header.sequence))
        let proven = header.durableThrough
        while firstUnproven < starts.count, starts[firstUnproven].sequence < proven { firstUnproven += 1 }
        guard firstUnproven > 4096 else { return }
        starts.removeFirst(firstUnproven)
        firstUnproven = 0
    }

    /// Everything from the first record on that no later one proves to have been synced, headers of segments included.
    func unproven(_ disk: any Disk) throws(JournalError) -> [UnprovenBytes] {
        var (first, offset) = (file, position.offset)
        if firstUnproven < starts.count { (first, offset) = (starts[firstUnproven].file, starts[firstUnproven].offset) }
        var pieces: [UnprovenBytes] = []
        for segment in full + [(file, position.offset)] where segment.file.number >= first.number {
            var start = segment.file == first ? offset : 0
            if start == SegmentHeader.byteCount { start = 0 }
            let (name, from) = (segment.file.name, start)
            guard segment.end > from else { continue }
            let bytes = try JournalError.wrapping { () throws(DiskError) in
                try disk.read(name, from: from, count: segment.end - from)
            }
            pieces.append(UnprovenBytes(file: segment.file, offset: from, bytes: bytes))
        }
        return pieces
    }

    private mutating func take(_ record: JournalRecord) {
        lastTime = record.time
        if record.header.type.isInput { inputChain = record.header.checksum }
        switch record.body {
        case .event, .marketReference: lastCompleteSequence = record.sequence
        case .seal(let seal): unsealed.removeAll { $0.segment == seal.segment }
        case .signalTerms, .text, .configuration, .manifest, .snapshotMark, .note: break
        }
    }

    private mutating func enter(
        _ next: JournalDirectory.File,
        _ segments: ArraySlice<(file: JournalDirectory.File, header: SegmentHeader)>
    ) {
        guard let known = segments.first(where: { $0.file == next }) else { return }
        let covered = UInt64(position.offset)
        unsealed.append(
            SegmentSeal(
                segment: file.number,
                firstSequence: header.firstSequence,
                lastSequence: known.header.firstSequence - 1,
                coveredByteCount: covered,
                hash: .zero
            )
        )
        full.append((file, position.offset))
        file = known.file
        header = known.header
        position.offset = SegmentHeader.byteCount
    }
}
