public import FairleadModel

/// What a full check of a journal found.
public struct JournalReport: Sendable {
    public struct Count: Hashable, Sendable {
        public var type: RecordType
        public var lane: Lane
        public var records: UInt64 = 0
        public var bytes: UInt64 = 0
    }

    public enum SealState: String, Hashable, Sendable {
        /// The newest segment, or one whose seal is not journaled yet.
        case unsealed
        case sealed
        /// The content is not what was sealed.
        case broken
    }

    public struct Segment: Hashable, Sendable {
        public var name: String
        public var number: UInt64
        public var firstSequence: UInt64
        public var lastSequence: UInt64
        /// Header and records.
        public var usedByteCount: Int
        public var seal: SealState
    }

    public var journalID: JournalID
    /// By type and lane; only what occurs, in the order of the types.
    public var counts: [Count] = []
    /// By event; only what occurs.
    public var events: [(kind: EventKind, count: UInt64)] = []
    public var segments: [Segment] = []
    public var firstSequence: UInt64
    public var lastSequence: UInt64
    /// The last event or market reference.
    public var lastCompleteSequence: UInt64 = 0
    public var lastTime = Timestamp.never
    public var manifests: [RunManifest] = []
    /// The journal's hash (`JournalHash`) over the kept records: of the whole run only when `firstSequence` is 1.
    public var hash = Digest256.zero
    public var tornTail: TornTail?
    /// Where the check stopped.
    public var damage: JournalDamage?

    /// No damage and no broken seal. A torn tail is sound: opening for writing cuts it off.
    public var isSound: Bool { damage == nil && !segments.contains { $0.seal == .broken } }
}

/// Reads a whole journal, checks every byte of it, and counts. Takes no lock and changes nothing.
public enum JournalVerifier {
    /// Damage is part of the report; thrown is only what prevents reading (`.disk`, `.unsupportedVersion`, ...).
    public static func verify(_ disk: any Disk) throws(JournalError) -> JournalReport {
        var reader: JournalReader
        do { reader = try JournalReader(disk, from: JournalReader.beginning) } catch {
            guard case .quarantined(let damage) = error else { throw error }
            var report = JournalReport(journalID: JournalID(high: 0, low: 0), firstSequence: 0, lastSequence: 0)
            report.damage = damage
            return report
        }
        var check = Check(reader)
        do {
            while let record = try reader.next() {
                reader.withPayload { check.hash.add(record.header, $0) }
                try check.take(record, disk, reader.filePosition)
            }
            if case .torn(let torn) = reader.end { check.report.tornTail = torn }
        } catch {
            guard case .quarantined(let damage) = error else { throw error }
            check.report.damage = damage
        }
        return check.finished()
    }

    private struct Check: ~Copyable {
        var report: JournalReport
        var hash = JournalHash()
        private var eventCounts = [UInt64](repeating: 0, count: EventKind.allCases.count)
        private var counts: [UInt64] = []
        private var bytes: [UInt64] = []

        init(_ reader: borrowing JournalReader) {
            let slots = RecordType.allCases.count * Lane.allCases.count
            counts = [UInt64](repeating: 0, count: slots)
            bytes = counts
            report = JournalReport(
                journalID: reader.journalID,
                firstSequence: reader.firstRetained,
                lastSequence: reader.firstRetained - 1
            )
        }

        mutating func take(
            _ record: JournalRecord,
            _ disk: any Disk,
            _ place: (file: JournalDirectory.File, position: JournalPosition)
        ) throws(JournalError) {
            count(record)
            if report.segments.last?.number != place.file.number {
                report.segments.append(
                    JournalReport.Segment(
                        name: place.file.name,
                        number: place.file.number,
                        firstSequence: report.lastSequence + 1,
                        lastSequence: report.lastSequence,
                        usedByteCount: 0,
                        seal: .unsealed
                    )
                )
            }
            report.segments[report.segments.count - 1].lastSequence = record.sequence
            report.segments[report.segments.count - 1].usedByteCount = place.position.offset
            report.lastSequence = record.sequence
            report.lastTime = record.time
            switch record.body {
            case .event(let event):
                eventCounts[Int(EventKind(event).rawValue)] += 1
                report.lastCompleteSequence = record.sequence
            case .marketReference: report.lastCompleteSequence = record.sequence
            case .manifest(let manifest): report.manifests.append(manifest)
            case .seal(let seal): try check(seal, disk)
            case .signalTerms, .text, .configuration, .snapshotMark, .note: break
            }
        }

        private mutating func count(_ record: JournalRecord) {
            guard let type = RecordType.allCases.firstIndex(of: record.header.type) else { return }
            let slot = type * Lane.allCases.count + Int(record.header.lane.rawValue)
            counts[slot] += 1
            bytes[slot] += UInt64(record.header.paddedByteCount)
        }

        private mutating func check(_ seal: SegmentSeal, _ disk: any Disk) throws(JournalError) {
            guard let index = report.segments.firstIndex(where: { $0.number == seal.segment }) else { return }
            let segment = report.segments[index]
            var isRight = segment.usedByteCount == Int(clamping: seal.coveredByteCount)
            isRight = isRight && segment.lastSequence == seal.lastSequence
            if isRight {
                let found = try JournalCommitter.hash(disk, segment.name, count: segment.usedByteCount)
                isRight = found == seal.hash
            }
            report.segments[index].seal = isRight ? .sealed : .broken
        }

        consuming func finished() -> JournalReport {
            report.hash = hash.finish()
            for (typeIndex, type) in RecordType.allCases.enumerated() {
                for lane in Lane.allCases {
                    let slot = typeIndex * Lane.allCases.count + Int(lane.rawValue)
                    guard counts[slot] > 0 else { continue }
                    report.counts.append(
                        JournalReport.Count(type: type, lane: lane, records: counts[slot], bytes: bytes[slot])
                    )
                }
            }
            for kind in EventKind.allCases where eventCounts[Int(kind.rawValue)] > 0 {
                report.events.append((kind, eventCounts[Int(kind.rawValue)]))
            }
            return report
        }
    }
}

/// A journal at a glance, from the names, sizes and headers of its files.
public struct JournalStat: Hashable, Sendable {
    public var journalID: JournalID
    public var segmentCount: Int
    /// Of all segments, preallocated space included.
    public var segmentByteCount: Int
    public var archiveCount: Int
    public var archiveByteCount: Int
    /// Ascending.
    public var snapshotSequences: [UInt64]
    public var firstSequence: UInt64
    public var lastSequence: UInt64

    /// Reads the newest segment only. Throws as `JournalReader` does.
    public init(_ disk: any Disk) throws(JournalError) {
        let directory = try JournalDirectory(disk)
        var reader = try JournalReader(disk, from: UInt64.max)
        while try reader.advance() != nil {}
        journalID = reader.journalID
        firstSequence = reader.firstRetained
        lastSequence = reader.sequence
        segmentCount = directory.segments.count
        segmentByteCount = try Self.total(disk, directory.segments)
        archiveCount = directory.archives.count
        archiveByteCount = try Self.total(disk, directory.archives)
        snapshotSequences = directory.snapshots.map(\.number)
    }

    private static func total(_ disk: any Disk, _ files: [JournalDirectory.File]) throws(JournalError) -> Int {
        var sum = 0
        for file in files { sum += try JournalError.wrapping { () throws(DiskError) in try disk.size(of: file.name) } }
        return sum
    }
}
