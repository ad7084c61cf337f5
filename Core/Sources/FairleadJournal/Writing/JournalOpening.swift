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
        let scan = try JournalScan(disk, begun.suffix(Self.scannedSegments))
        if scan.tail != nil { try Self.removeAfter(disk, scan.file.number) }
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
        try Self.syncAll(disk, begun.suffix(Self.scannedSegments).map(\.file), segment)
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

    private static func syncAll(
        _ disk: any Disk,
        _ files: [JournalDirectory.File],
        _ current: SegmentMemory
    ) throws(JournalError) {
        try JournalError.wrapping { () throws(DiskError) in
            for file in files where file.name != current.name && file.name < current.name {
                try disk.sync(try disk.openSegment(file.name))
            }
            try disk.sync(current)
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
            take(record)
            position = now.position
        }
        let last = reader.filePosition
        if last.file != file { enter(last.file, segments) }
        position = last.position
        if case .torn(let torn) = reader.end { tail = torn }
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
        file = known.file
        header = known.header
    }
}
