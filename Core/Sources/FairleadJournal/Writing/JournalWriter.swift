public import FairleadModel
internal import Synchronization

/// Appends records to a journal: the one writer of its directory, which it locks.
///
/// Appends encode straight into the mapped segment, allocate nothing and never touch the disk, unless
/// `preparesInline` says that the writer makes its own segments. `committer` does what blocks, on any thread.
///
/// When no next segment can be had (a full disk), or after a failed sync, only essential records are taken: what a
/// cancel, an exit, a fill or the kill switch needs. Others throw `.noSpace` or `.failed` and change nothing.
public struct JournalWriter: ~Copyable {
    public let committer: JournalCommitter
    public let durability: Durability
    /// What opening found.
    public let recovery: JournalRecovery
    private let options: JournalOptions
    private var segment: SegmentMemory
    private var segmentNumber: UInt64
    private var segmentFirstSequence: UInt64
    private var offset: Int
    /// Where records that are not essential stop.
    private var limit: Int
    /// The checksum of the last record.
    public private(set) var chain: UInt32
    /// The checksum of the last input's record: what a snapshot of this place holds. 0 in a new journal.
    public private(set) var inputChain: UInt32
    /// The sequence of the last input; 0 in a new journal.
    public private(set) var sequence: UInt64
    private let journalID: JournalID
    private var storedByteCount: UInt64 = 0

    /// Locks the directory and opens its journal, or makes one. A torn tail is cut off; everything that was found is
    /// synced before this returns.
    ///
    /// Throws `.disk(locked)` when another process writes it, `.quarantined` on damage in the recent segments (a full
    /// read checks the rest), `.unsupportedVersion`, `.disk`.
    public init(_ disk: any Disk, options: JournalOptions = JournalOptions()) throws(JournalError) {
        options.check()
        let lock = try JournalError.wrapping { () throws(DiskError) in try disk.lock() }
        let opened = try JournalOpening(disk, options)
        self.options = options
        durability = options.durability
        recovery = opened.recovery
        journalID = opened.recovery.journalID
        segment = opened.segment
        segmentNumber = opened.segmentNumber
        segmentFirstSequence = opened.firstSequence
        offset = opened.position.offset
        limit = opened.segment.byteCount - options.reserveByteCount
        chain = opened.position.chain
        inputChain = opened.inputChain
        sequence = opened.position.sequence
        committer = JournalCommitter(disk: disk, options: options)
        committer.appended.store(sequence, ordering: .releasing)
        committer.setDurable(sequence)
        let (current, number, spare) = (opened.segment, opened.segmentNumber, opened.spare)
        let (unsealed, begin) = (opened.unsealed, UInt64(0) &- UInt64(opened.position.offset))
        committer.state.withLock { state in
            state.lock = lock
            state.current = current
            state.currentBegin = begin
            state.nextNumber = number + 1
            state.spare = spare
            state.unsealed = unsealed
        }
    }

    deinit { committer.state.withLock { $0.lock = nil } }

    /// Commits, then releases the lock. The journal is released even when the commit throws.
    public consuming func close() throws(JournalError) { try committer.commit() }

    /// True when an order may leave on the strength of this sequence, by the journal's durability.
    @inline(__always) public func isReleased(_ sequence: UInt64) -> Bool {
        switch durability {
        case .process: sequence <= self.sequence
        case .disk: sequence <= committer.durableThrough
        }
    }

    /// True while every record is taken: nothing failed, and there is room.
    public var takesEverything: Bool {
        if committer.isFailed { return false }
        return offset + Self.eventRoom <= limit || !committer.needsSegment || options.preparesInline
    }

    // Appending

    private static let eventRoom = JournalFormat.alignedUp(RecordHeader.byteCount + EventCodec.maximumByteCount)
    private static let termsRoom = JournalFormat.alignedUp(RecordHeader.byteCount + SignalTermsCodec.maximumByteCount)

    /// Appends an event and returns its sequence.
    public mutating func append(
        _ event: borrowing Event,
        at time: Timestamp,
        isEssential: Bool = false
    ) throws(JournalError) -> UInt64 {
        try reserve(Self.eventRoom, isEssential)
        var sink = segment.sink(at: offset + RecordHeader.byteCount, count: EventCodec.maximumByteCount)
        let kind = EventKind(event)
        EventCodec.encode(event, kind, &sink)
        sequence += 1
        finish(.event, kind.lane, sink.position, time, isEssential)
        return sequence
    }

    /// Appends a signal's terms, before the `.signalReceived` that uses them, and returns their sequence.
    public mutating func append(
        _ terms: borrowing SignalTerms,
        at time: Timestamp,
        isEssential: Bool = false
    ) throws(JournalError) -> UInt64 {
        try reserve(Self.termsRoom, isEssential)
        var sink = segment.sink(at: offset + RecordHeader.byteCount, count: SignalTermsCodec.maximumByteCount)
        SignalTermsCodec.encode(copy terms, &sink)
        sequence += 1
        finish(.signalTerms, .orders, sink.position, time, isEssential)
        return sequence
    }

    /// Appends a record of any type and returns its sequence (for bookkeeping: the last input's).
    ///
    /// Throws `.recordTooLarge` for a text over 64 KiB or a record over the limit of the format or the segment.
    public mutating func append(
        _ body: RecordBody,
        at time: Timestamp,
        isEssential: Bool = false
    ) throws(JournalError) -> UInt64 {
        if case .text(let text) = body, text.text.utf8.count > TextRecord.maximumByteCount {
            throw .recordTooLarge(byteCount: text.text.utf8.count, limit: TextRecord.maximumByteCount)
        }
        let payload = body.maximumByteCount
        let room = JournalFormat.alignedUp(RecordHeader.byteCount + payload)
        let largest = min(
            JournalFormat.maximumRecordByteCount,
            options.segmentByteCount - options.reserveByteCount - SegmentHeader.byteCount
        )
        guard room <= largest else { throw .recordTooLarge(byteCount: room, limit: largest) }
        guard payload > 0 else { return sequence }
        try reserve(room, isEssential)
        var sink = segment.sink(at: offset + RecordHeader.byteCount, count: payload)
        body.encode(&sink)
        if body.type.isInput { sequence += 1 }
        var lane = Lane.orders
        if case .event(let event) = body { lane = EventKind(event).lane }
        finish(body.type, lane, sink.position, time, isEssential)
        return sequence
    }

    /// Appends the seals that the committer has made. Cheap when there are none; call it now and then.
    @discardableResult
    public mutating func appendSeals(at time: Timestamp) throws(JournalError) -> Int {
        let seals = committer.state.withLock { $0.seals }
        for seal in seals {
            _ = try append(.seal(seal), at: time)
            committer.state.withLock { state in
                if state.seals.first?.segment == seal.segment { state.seals.removeFirst() }
            }
        }
        return seals.count
    }

    @inline(__always) private mutating func reserve(_ room: Int, _ isEssential: Bool) throws(JournalError) {
        if offset + room <= limit, !committer.isFailed { return }
        try reserveSlowly(room, isEssential)
    }

    /// Stores the header before a payload that is in place, and publishes the record.
    @inline(__always) private mutating func finish(
        _ type: RecordType,
        _ lane: Lane,
        _ payload: Int,
        _ time: Timestamp,
        _ isEssential: Bool
    ) {
        let byteCount = RecordHeader.byteCount + payload
        let lag = sequence &- committer.durableHint
        let header = RecordHeader(
            byteCount: UInt32(truncatingIfNeeded: byteCount),
            type: type,
            lane: lane,
            isEssential: isEssential,
            sequence: sequence,
            time: time,
            durableLag: UInt32(clamping: lag),
            checksum: 0
        )
        var sink = segment.sink(at: offset, count: RecordHeader.byteCount)
        header.encode(&sink)
        let padded = JournalFormat.alignedUp(byteCount)
        chain = segment.checksum(seed: chain, from: offset, count: padded)
        var place = segment.sink(at: offset + 28, count: 4)
        place.put(chain)
        if type.isInput { inputChain = chain }
        offset += padded
        storedByteCount &+= UInt64(truncatingIfNeeded: padded)
        committer.stored.store(storedByteCount, ordering: .releasing)
        committer.appended.store(sequence, ordering: .releasing)
    }

    // Segments

    @inline(never) private mutating func reserveSlowly(_ room: Int, _ isEssential: Bool) throws(JournalError) {
        if committer.isFailed, !isEssential, let failure = committer.failure { throw .failed(failure) }
        if offset + room <= limit { return }
        if options.preparesInline, !committer.isFailed { prepareInline() }
        if rotate() { return }
        if isEssential, offset + room <= segment.byteCount { return }
        throw .noSpace(committer.preparationFailure)
    }

    /// What a thread would do. A refusal of the disk is kept by the committer and shows as `.noSpace` or `.failed`.
    private func prepareInline() {
        do throws(JournalError) {
            if committer.state.withLock({ $0.retired.count >= JournalCommitter.retiredLimit }) {
                try committer.commit()
                while try committer.sealOne() {}
            }
            try committer.prepareNextSegment()
        } catch {
            assert(committer.isFailed || committer.preparationFailure != nil, "Invariant: a refusal is kept")
        }
    }

    /// Goes on in the prepared segment, if there is one.
    private mutating func rotate() -> Bool {
        let seal = SegmentSeal(
            segment: segmentNumber,
            firstSequence: segmentFirstSequence,
            lastSequence: sequence,
            coveredByteCount: UInt64(offset),
            hash: .zero
        )
        let header = SegmentHeader(
            number: segmentNumber + 1,
            firstSequence: sequence + 1,
            chain: chain,
            isArchive: false,
            capacity: UInt64(options.segmentByteCount),
            journalID: journalID
        )
        let full = segment
        let begin = storedByteCount &- UInt64(SegmentHeader.byteCount)
        let next = committer.state.withLock { state -> SegmentMemory? in
            guard let spare = state.spare, state.retired.count < JournalCommitter.retiredLimit else { return nil }
            spare.store(header.bytes, at: 0)
            state.retired.append(JournalCommitter.Retired(memory: full, seal: seal))
            state.current = spare
            state.currentBegin = begin
            state.spare = nil
            state.nextNumber += 1
            return spare
        }
        guard let next else { return false }
        segment = next
        segmentNumber += 1
        segmentFirstSequence = sequence + 1
        offset = SegmentHeader.byteCount
        limit = next.byteCount - options.reserveByteCount
        return true
    }
}
