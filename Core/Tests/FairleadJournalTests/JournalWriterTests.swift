import FairleadModel
import Synchronization
import Testing

@testable import FairleadJournal

/// A moment for records whose time doesn't matter.
let noon = Timestamp(nanoseconds: 1_723_118_400_000_000_000)

@Suite struct JournalWriterTests {
    /// Goal: what is appended is what is read, over rotations, closing and opening again. Method: 400 records of all
    /// types from a printed seed in small segments, in two runs.
    @Test func recordsComeBackInOrder() throws {
        let seed: UInt64 = 20_240_808
        print("seed \(seed)")
        var samples = Samples(seed: seed)
        let disk = MemoryDisk()
        var written: [RecordBody] = []
        for run in 0..<2 {
            var writer = try JournalWriter(disk, options: smallOptions())
            #expect(Bool(writer.recovery.isNew == (run == 0)))
            #expect(Bool(writer.recovery.lastSequence == UInt64(written.count { $0.type.isInput })))
            for index in 0..<200 {
                let body = samples.body(samples.random.choice())
                let before = writer.sequence
                let sequence = try writer.append(body, at: Timestamp(nanoseconds: Int64(index)))
                #expect(sequence == before + (body.type.isInput ? 1 : 0))
                written.append(body)
            }
            try writer.close()
        }
        let (records, end) = try readAll(disk)
        #expect(records.map(\.body) == written)
        #expect(end == .clean)
        #expect(try disk.list().count > 3)
    }

    /// Goal: the fast ways of appending give the same bytes as the general one. Method: the same events both ways.
    @Test func fastAndGeneralAppendsAgree() throws {
        var samples = Samples(seed: 11)
        let events = EventKind.allCases.map { samples.event($0) }
        let terms = samples.terms()
        let (fast, general) = (MemoryDisk(), MemoryDisk())
        var fastWriter = try JournalWriter(fast, options: smallOptions())
        var generalWriter = try JournalWriter(general, options: smallOptions())
        for event in events {
            _ = try fastWriter.append(event, at: noon)
            _ = try generalWriter.append(.event(event), at: noon)
        }
        _ = try fastWriter.append(terms, at: noon)
        _ = try generalWriter.append(.signalTerms(terms), at: noon)
        #expect(fastWriter.chain == generalWriter.chain)
        let name = JournalFormat.segmentName(1)
        #expect(try fast.readAll(name, limit: 1 << 20) == general.readAll(name, limit: 1 << 20))
    }

    /// Goal: reading may begin anywhere, and follows a journal that is being written. Method: a reader from the middle
    /// that is asked again after more was appended, over a rotation.
    @Test func readersFollow() throws {
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(4096))
        for _ in 0..<50 { _ = try writer.append(.timer, at: noon) }
        var reader = try JournalReader(disk, from: 30)
        var seen: [UInt64] = []
        while let record = try reader.next() { seen.append(record.sequence) }
        #expect(seen == Array(30...50))
        #expect(try reader.next() == nil)
        for _ in 0..<200 { _ = try writer.append(.timer, at: noon) }
        while let record = try reader.next() { seen.append(record.sequence) }
        #expect(seen == Array(30...250))
        #expect(Bool(reader.chain == writer.chain))
        #expect(throws: JournalError.noJournal) { _ = try JournalReader(MemoryDisk()) }
    }

    /// Goal: who follows a writer and knows how far it is durable pays for what is new, not for the rest of the
    /// segment; and a hole in what must be there is found as in a journal at rest. Method: reads of the disk at each
    /// look at the end, over a rotation; then a durable record is overwritten with zeros.
    @Test func followersDoNotReadTheRest() throws {
        let reads = Atomic<Int>(0)
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(8 << 20))
        _ = try writer.append(.timer, at: noon)
        var reader = try JournalReader(disk)
        disk.setHook { operation, _ in
            if case .read = operation { reads.add(1, ordering: .relaxed) }
            return nil
        }
        var seen: UInt64 = 0
        for count in [1, 3, 100, 200_000, 2] {
            for _ in 0..<count { _ = try writer.append(.timer, at: noon) }
            let durable = try writer.committer.commit()
            while let record = try reader.next(durableThrough: durable) { seen = record.sequence }
            #expect(seen == durable)
            reads.store(0, ordering: .relaxed)
            for _ in 0..<50 {
                _ = try writer.append(.timer, at: noon)
                let durable = try writer.committer.commit()
                while let record = try reader.next(durableThrough: durable) { seen = record.sequence }
                #expect(seen == durable)
            }
            let taken = reads.load(ordering: .relaxed)
            #expect(taken <= 50 * 8, "\(taken) reads for 50 looks")
        }
        let place = reader.location
        for _ in 0..<3 { _ = try writer.append(.timer, at: noon) }
        let durable = try writer.committer.commit()
        disk.setHook(nil)
        let bytes = try disk.readAll(place.file, limit: 16 << 20)
        var holed = bytes
        for index in place.offset..<place.offset + 8 { holed[index] = 0 }
        disk.place(place.file, holed)
        #expect(throws: JournalError.self) {
            while try reader.next(durableThrough: durable) != nil {}
        }
    }

    /// Goal: durability is told as it is. Method: both modes, before and after a commit.
    @Test func releaseFollowsTheDurability() throws {
        for durability in Durability.allCases {
            var writer = try JournalWriter(MemoryDisk(), options: smallOptions(8192, durability))
            let sequence = try writer.append(.timer, at: noon)
            #expect(Bool(writer.isReleased(sequence) == (durability == .process)))
            #expect(Bool(!writer.isReleased(sequence + 1)))
            #expect(Bool(writer.committer.durableThrough == 0))
            #expect(try Bool(writer.committer.commit() == sequence))
            #expect(Bool(writer.isReleased(sequence)))
        }
    }

    /// Goal: two writers never share a directory. Method: a second one while the first lives, and after it ended.
    @Test func theDirectoryIsLocked() throws {
        let disk = MemoryDisk()
        do {
            let first = try JournalWriter(disk, options: smallOptions())
            #expect(throws: JournalError.disk(DiskError(.lock, "", .locked))) {
                _ = try JournalWriter(disk, options: smallOptions())
            }
            #expect(Bool(first.sequence == 0))
        }
        let second = try JournalWriter(disk, options: smallOptions())
        #expect(Bool(!second.recovery.isNew))
    }

    /// Goal: a full disk stops everything but the essential, and only while it is full. Method: room for one segment;
    /// then essential records into the reserve until that is full too; then room again.
    @Test func aFullDiskLeavesRoomForTheEssential() throws {
        let disk = MemoryDisk(freeByteCount: 4096)
        var writer = try JournalWriter(disk, options: smallOptions(4096))
        var taken: UInt64 = 0
        let full = JournalError.noSpace(DiskError(.createSegment, JournalFormat.segmentName(2), .noSpace))
        do throws(JournalError) { while true { taken = try writer.append(.timer, at: noon) } } catch {
            #expect(error == full)
        }
        #expect(taken > 80)
        #expect(Bool(!writer.takesEverything || writer.committer.preparationFailure != nil))
        var essential: UInt64 = 0
        do throws(JournalError) {
            while true { essential = try writer.append(.timer, at: noon, isEssential: true) }
        } catch { #expect(error == full) }
        #expect(essential - taken >= 8)
        disk.freeByteCount = 4096
        #expect(try Bool(writer.append(.timer, at: noon) == essential + 1))
        let (records, end) = try readAll(disk)
        #expect(records.count == Int(essential) + 1)
        #expect(records.filter(\.header.isEssential).count == Int(essential - taken))
        #expect(end == .clean)
    }

    /// Goal: an attempt at the next segment that fails half-way doesn't stop all later ones (seed 470 of the
    /// simulator). Method: each step of it fails once, whole and half done; the next attempt makes the segment.
    @Test func aHalfMadeSegmentIsMadeAgain() throws {
        let faults: [(DiskOperation, MemoryDisk.Fault)] = [
            (.createSegment, .fail(.inputOutput)), (.createSegment, .partial(byteCount: 100, .noSpace)),
            (.syncDirectory, .fail(.tooManyOpenFiles)),
        ]
        for (operation, fault) in faults {
            let disk = MemoryDisk()
            let writer = try JournalWriter(disk, options: smallOptions(8192, .disk))
            disk.setHook { asked, _ in asked == operation ? fault : nil }
            #expect(throws: JournalError.self) { try writer.committer.prepareNextSegment() }
            #expect(throws: JournalError.self) { try writer.committer.prepareNextSegment() }
            disk.setHook { asked, _ in asked == .remove ? .fail(.permissionDenied) : nil }
            #expect(throws: JournalError.self) { try writer.committer.prepareNextSegment() }
            disk.setHook(nil)
            let isMade = try writer.committer.prepareNextSegment()
            #expect(isMade, "\(operation)")
            #expect(Bool(writer.committer.preparationFailure == nil))
        }
    }

    /// Goal: a failed sync is never forgotten. Method: one sync fails and the next would succeed; the writer stays
    /// failed, takes the essential only, and never claims durability.
    @Test func aFailedSyncIsFinal() throws {
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(8192, .disk))
        _ = try writer.append(.timer, at: noon)
        try writer.committer.commit()
        _ = try writer.append(.timer, at: noon)
        disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
        let failed = JournalError.failed(DiskError(.sync, JournalFormat.segmentName(1), .inputOutput))
        #expect(throws: failed) { try writer.committer.commit() }
        disk.setHook(nil)
        #expect(throws: failed) { try writer.committer.commit() }
        #expect(throws: failed) { _ = try writer.append(.timer, at: noon) }
        let essential = try writer.append(.timer, at: noon, isEssential: true)
        #expect(essential == 3)
        #expect(Bool(!writer.isReleased(2)))
        #expect(Bool(writer.committer.durableThrough == 1))
        #expect(Bool(writer.committer.isFailed))
        #expect(Bool(!writer.takesEverything))
    }

    /// Goal: a refused disk operation at opening is told, and leaves the directory usable. Method: each operation fails
    /// once, with each of three reasons.
    @Test func refusalsAtOpeningAreTyped() throws {
        let operations: [DiskOperation] = [.list, .createSegment, .sync, .syncDirectory, .lock]
        for operation in operations {
            for kind in [DiskError.Kind.noSpace, .inputOutput, .permissionDenied] {
                let disk = MemoryDisk()
                disk.setHook { asked, _ in asked == operation ? .fail(kind) : nil }
                do {
                    _ = try JournalWriter(disk, options: smallOptions())
                    Issue.record("\(operation) did not fail")
                } catch {
                    guard case .disk(let refusal) = error else { throw error }
                    #expect(refusal.operation == operation)
                    #expect(refusal.kind == kind)
                }
                disk.setHook(nil)
                let writer = try JournalWriter(disk, options: smallOptions())
                #expect(Bool(writer.sequence == 0))
            }
        }
    }

    /// Goal: a record that can't fit is refused and changes nothing. Method: a text over its limit, and a document
    /// larger than a segment.
    @Test func tooLargeRecordsAreRefused() throws {
        var writer = try JournalWriter(MemoryDisk(), options: smallOptions(4096))
        let long = String(repeating: "a", count: TextRecord.maximumByteCount + 1)
        #expect(throws: JournalError.recordTooLarge(byteCount: 65_537, limit: 65_536)) {
            _ = try writer.append(.text(TextRecord(.meta, key: 1, text: long)), at: noon)
        }
        #expect(throws: JournalError.recordTooLarge(byteCount: 5064, limit: 3456)) {
            let document = String(repeating: "a", count: 5000)
            _ = try writer.append(.configuration(ConfigurationRecord(document: document)), at: noon)
        }
        #expect(try Bool(writer.append(.timer, at: noon) == 1))
    }

    /// Goal: full segments are sealed, and the seal stands in the journal. Method: rotations with a committer driven
    /// beside; then the verifier, before and after one byte of a sealed segment changed behind a right checksum.
    @Test func fullSegmentsAreSealed() throws {
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(4096))
        for _ in 0..<300 {
            _ = try writer.append(.timer, at: noon)
            try writer.committer.work()
            try writer.appendSeals(at: noon)
        }
        let report = try JournalVerifier.verify(disk)
        #expect(report.isSound)
        #expect(report.lastSequence == 300)
        #expect(report.segments.count >= 3)
        #expect(report.segments.dropLast().allSatisfy { $0.seal == .sealed })
        #expect(report.segments.last?.seal == .unsealed)
        #expect(report.events.map(\.count) == [300])
        #expect(report.counts.map(\.type) == [.event, .seal])
        // Behind the last record of a full segment, where no checksum looks: zeros that are no longer zeros.
        disk.corrupt(JournalFormat.segmentName(1), at: 4090, xor: 1)
        #expect(try JournalVerifier.verify(disk).damage != nil)
    }

    /// Goal: seals that a crash prevented are made by the next run. Method: stop after rotations without any commit.
    @Test func openingSealsWhatWasLeft() throws {
        var disk = MemoryDisk()
        do {
            var writer = try JournalWriter(disk, options: smallOptions(4096))
            for _ in 0..<150 { _ = try writer.append(.timer, at: noon) }
        }
        disk = disk.crash(.process)
        var writer = try JournalWriter(disk, options: smallOptions(4096))
        #expect(Bool(writer.sequence == 150))
        try writer.committer.work()
        try writer.appendSeals(at: noon)
        let report = try JournalVerifier.verify(disk)
        #expect(report.isSound)
        #expect(report.segments.dropLast().allSatisfy { $0.seal == .sealed })
    }
}
