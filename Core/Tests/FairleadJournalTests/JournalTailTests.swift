import FairleadModel
import Testing

@testable import FairleadJournal

@Suite struct JournalTailTests {
    private static let name = JournalFormat.segmentName(1)

    /// Goal: a header that no writer makes is damage, though its checksum is right: readers count on from its sequence.
    @Test(arguments: [0, 1 << 63, .max] as [UInt64]) func aSequenceThatIsNone(_ sequence: UInt64) {
        let sound = SegmentHeader(
            number: 1,
            firstSequence: sequence == 0 ? 1 : sequence / 2,
            chain: 0,
            isArchive: false,
            capacity: 4096,
            journalID: JournalID(high: 1, low: 2)
        )
        var header = sound
        header.firstSequence = sequence
        for (tried, isSound) in [(sound, true), (header, false)] {
            let parsed = ByteSource.with(tried.bytes) { SegmentHeader.parse($0) }
            if case .header = parsed { #expect(isSound) } else { #expect(!isSound) }
        }
    }

    /// A journal of one small segment with records of many kinds; the offset at which each begins, and the end.
    private func small(durableThrough: Int = 0) throws -> (bytes: [UInt8], offsets: [Int]) {
        var samples = Samples(seed: 21)
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(4096))
        var bodies: [RecordBody] = [
            samples.body(.manifest), samples.body(.configuration), .event(.configured),
            .text(TextRecord(.signalID, key: 1, text: "signal-1")), samples.body(.signalTerms), .event(.signalReceived),
            .event(samples.event(.orderFilled)), .event(samples.event(.quoted)), .note("half way"),
            .event(samples.event(.orderAccepted)), .event(.timer), .event(samples.event(.balanceReported)),
        ]
        for kind in [EventKind.orderFilled, .orderReported, .orderCancelled, .positionReported] {
            bodies.append(.event(samples.event(kind)))
        }
        for (index, body) in bodies.enumerated() {
            _ = try writer.append(body, at: Timestamp(nanoseconds: Int64(index)))
            if index + 1 == durableThrough { try writer.committer.commit() }
        }
        let bytes = try disk.readAll(Self.name, limit: 4096)
        var offsets = [SegmentHeader.byteCount]
        var position = JournalPosition(offset: SegmentHeader.byteCount, chain: 0, sequence: 0)
        while case .record(let header) = ByteSource.with(
            bytes,
            { RecordHeader.parse($0, at: position.offset, chain: position.chain, after: position.sequence) }
        ) {
            position.offset += header.paddedByteCount
            position.chain = header.checksum
            position.sequence = header.sequence
            offsets.append(position.offset)
        }
        #expect(offsets.count == bodies.count + 1)
        return (bytes, offsets)
    }

    private func disk(_ bytes: [UInt8]) -> MemoryDisk {
        let disk = MemoryDisk()
        disk.place(Self.name, bytes)
        return disk
    }

    /// Goal: a crash in the midst of a segment's header loses nothing and refuses nothing, also where its first word
    /// stands and its version does not. Method: the second header of a journal, and the first, cut at each byte.
    @Test func tornSegmentHeaders() throws {
        let source = MemoryDisk()
        var writer = try JournalWriter(source, options: smallOptions(4096))
        for _ in 0..<200 { _ = try writer.append(.timer, at: noon) }
        try writer.close()
        let next = JournalFormat.segmentName(2)
        let first = try source.readAll(Self.name, limit: 4096)
        let second = try source.readAll(next, limit: 4096)
        guard case .header(let header) = ByteSource.with(second, { SegmentHeader.parse($0) }) else {
            Issue.record("the second segment was begun")
            return
        }
        for cut in 0..<SegmentHeader.byteCount {
            let zeros = [UInt8](repeating: 0, count: 4096 - cut)
            let disk = disk(first)
            disk.place(next, second[..<cut] + zeros)
            let opened = try JournalWriter(disk, options: smallOptions(4096))
            #expect(opened.sequence == header.firstSequence - 1, "cut at \(cut)")
            try opened.close()
            let fresh = try JournalWriter(self.disk(first[..<cut] + zeros), options: smallOptions(4096))
            #expect(fresh.recovery.isNew, "the first header cut at \(cut)")
            try fresh.close()
        }
    }

    /// Goal: a crash at any byte of the last group loses only what was not whole. Method: zeros from each byte on;
    /// the journal ends at the last whole record, opens for writing there, and takes records again.
    @Test func tornAtEveryByte() throws {
        let (bytes, offsets) = try small()
        let end = offsets[offsets.count - 1]
        for cut in SegmentHeader.byteCount...end {
            let disk = disk(bytes)
            disk.tear(Self.name, at: cut)
            // A record whose last bytes are zeros anyway is whole without them.
            let content = try disk.readAll(Self.name, limit: 4096)
            var whole = offsets.lastIndex { $0 <= cut } ?? 0
            while whole + 1 < offsets.count, content[..<offsets[whole + 1]] == bytes[..<offsets[whole + 1]] {
                whole += 1
            }
            let (records, ending) = try readAll(disk)
            #expect(records.count == whole, "cut at \(cut)")
            let hasRest = content[offsets[whole]...].contains { $0 != 0 }
            if case .torn(let torn) = ending {
                #expect(hasRest)
                #expect(torn.offset == offsets[whole])
            } else {
                #expect(ending == .clean)
                #expect(!hasRest)
            }
            var writer = try JournalWriter(disk, options: smallOptions(4096))
            #expect(Bool((writer.recovery.tornTail != nil) == hasRest))
            _ = try writer.append(.timer, at: noon)
            let again = try readAll(disk)
            #expect(again.records.count == whole + 1)
            #expect(again.end == .clean)
        }
    }

    /// Goal: no flipped bit passes. Method: each bit of a small journal; before the last record it is quarantined at
    /// its place (or refused as another version), in the last record cut off as torn, behind the end torn or
    /// quarantined.
    @Test func everyFlippedBitIsDetected() throws {
        let (bytes, offsets) = try small()
        let last = offsets[offsets.count - 2]
        for offset in 0..<offsets[offsets.count - 1] + 64 {
            for bit in 0..<8 {
                let disk = disk(bytes)
                disk.corrupt(Self.name, at: offset, xor: 1 << UInt8(bit))
                let place = Comment("byte \(offset) bit \(bit)")
                switch outcome(disk) {
                case .success(.torn(let torn)):
                    #expect(offset >= last, place)
                    let end = offsets[offsets.count - 1]
                    #expect(torn.offset == (offset < end ? last : end), place)
                case .success(.clean): Issue.record(place)
                case .failure(.quarantined(let damage)):
                    #expect(offset < last, place)
                    #expect(damage.offset == (offsets.last { $0 <= offset } ?? 0), place)
                    #expect(writingRefusal(disk) == .quarantined(damage), place)
                case .failure(.unsupportedVersion): #expect((8..<12).contains(offset), place)
                case .failure(let other): Issue.record("\(place): \(other)")
                }
            }
        }
    }

    private func outcome(_ disk: MemoryDisk) -> Result<JournalEnd, JournalError> {
        do throws(JournalError) { return .success(try readAll(disk).end ?? .clean) } catch { return .failure(error) }
    }

    private func writingRefusal(_ disk: MemoryDisk) -> JournalError? {
        do throws(JournalError) { _ = try recoveredSequence(disk) } catch { return error }
        return nil
    }

    /// Goal: a hole that the disk left in a group that was never durable is a torn tail; the same hole in what was
    /// proved durable is damage. Method: the second sector as zeros, with and without a commit of all before the end.
    @Test func aHoleIsTornUnlessItWasDurable() throws {
        for durableThrough in [0, 12] {
            var (bytes, offsets) = try small(durableThrough: durableThrough)
            for index in 512..<1024 { bytes[index] = 0 }
            let broken = try #require(offsets.last { $0 <= 512 })
            if durableThrough == 0 {
                let (records, end) = try readAll(disk(bytes))
                guard case .torn(let torn) = end else { throw JournalError.noJournal }
                #expect(torn.offset == broken)
                #expect(records.count == offsets.firstIndex(of: broken))
            } else {
                #expect(throws: JournalError.self) { try readAll(disk(bytes)) }
            }
        }
    }

    /// Goal: after any loss of power nothing durable is gone and everything kept is a prefix. Method: 600 random
    /// histories of appends, commits and rotations; each ends by keeping a random subset of the unsynced sectors.
    @Test func lossOfPowerKeepsAPrefix() throws {
        for seed in 1...UInt64(600) {
            var samples = Samples(seed: seed)
            let disk = MemoryDisk()
            var written: [[UInt8]] = []
            var durable: UInt64 = 0
            do {
                var writer = try JournalWriter(disk, options: smallOptions(4096, .disk))
                for _ in 0..<samples.random.below(180) {
                    let event = samples.event(samples.random.choice())
                    _ = try writer.append(event, at: noon)
                    written.append(EventCodec.encode(event))
                    if samples.random.below(12) == 0 { durable = try writer.committer.commit() }
                }
                durable = writer.committer.durableThrough
            }
            let likelihood = samples.random.below(101)
            let random = SharedRandom(samples.random)
            let after = disk.crash(.power(keeps: { _, _ in random.below(100) < likelihood }))
            let recovered = try recoveredSequence(after)
            #expect(recovered >= durable, "seed \(seed)")
            let (records, end) = try readAll(after)
            #expect(end == .clean, "seed \(seed)")
            #expect(records.map(\.body.payload) == Array(written.prefix(records.count)), "seed \(seed)")
        }
    }

    private func recoveredSequence(_ disk: MemoryDisk) throws(JournalError) -> UInt64 {
        let writer = try JournalWriter(disk, options: smallOptions(4096, .disk))
        return writer.recovery.lastSequence
    }

    /// Goal: a missing, truncated or foreign segment is damage. Method: the middle one of several vanishes, is cut
    /// short, or is replaced by another journal's.
    @Test func segmentsAreNotInterchangeable() throws {
        func journal(_ id: UInt64) throws -> MemoryDisk {
            let disk = MemoryDisk()
            var options = smallOptions(4096)
            options.journalID = JournalID(high: id, low: 1)
            var writer = try JournalWriter(disk, options: options)
            for _ in 0..<300 { _ = try writer.append(.timer, at: noon) }
            try writer.close()
            return disk
        }
        let middle = JournalFormat.segmentName(2)
        func reason(_ disk: MemoryDisk) -> JournalDamage.Reason? {
            do { _ = try readAll(disk) } catch {
                if case .quarantined(let damage) = error { return damage.reason }
            }
            return nil
        }
        let missing = try journal(1)
        missing.vanish(middle)
        #expect(reason(missing) == .missingSegment)
        let short = try journal(1)
        short.truncate(middle, to: 2048)
        #expect(reason(short) == .truncated)
        let foreign = try journal(1)
        foreign.place(middle, try journal(2).readAll(middle, limit: 4096))
        #expect(reason(foreign) == .brokenChain)
    }

    /// Goal: a journal that is gone is not silently begun anew. Method: all segments vanish while a snapshot stays.
    @Test func remainsRefuseANewJournal() throws {
        let disk = MemoryDisk()
        disk.place(JournalFormat.snapshotName(5), [1])
        #expect(throws: JournalError.self) { _ = try JournalWriter(disk, options: smallOptions()) }
    }

    /// Goal: other versions are refused by name. Method: a segment header and a record of version 2, rightly summed.
    @Test func otherVersionsAreRefusedByName() throws {
        var (bytes, offsets) = try small()
        bytes[8] = 2
        #expect(throws: JournalError.unsupportedVersion(file: Self.name, found: 2, supported: 1)) {
            try readAll(disk(bytes))
        }
        bytes[8] = 1
        let last = offsets[offsets.count - 2]
        bytes[last + 5] = 2
        let chain = ByteSource.with(bytes) { ByteSource.load($0, at: offsets[offsets.count - 3] + 28, as: UInt32.self) }
        let padded = offsets[offsets.count - 1] - last
        let checksum = ByteSource.with(bytes) {
            RecordHeader.computedChecksum($0, at: last, padded: padded, chain: chain)
        }
        bytes.replaceSubrange(last + 28..<last + 32, with: ByteSource.encoded(limit: 4) { $0.put(checksum) })
        #expect(throws: JournalError.unsupportedRecord(file: Self.name, offset: last, type: 1, version: 2)) {
            try readAll(disk(bytes))
        }
    }

    /// Goal: nothing that can stand in a file crashes the reader, the writer or the verifier; what is refused is told
    /// with its file, its offset and a reason, and looking changes no byte. Method: 10,000 mutations (flips, zeros,
    /// copies, cuts, noise) of a journal of two segments, from a printed seed.
    @Test func mutationsNeverCrash() throws {
        let seed: UInt64 = 4242
        print("seed \(seed)")
        var samples = Samples(seed: seed)
        let original = MemoryDisk()
        var total = 0
        do {
            var writer = try JournalWriter(original, options: smallOptions(4096))
            for _ in 0..<70 {
                _ = try writer.append(.event(samples.event(samples.random.choice())), at: noon)
                total += 1
                if total % 20 == 0 { try writer.committer.commit() }
            }
            try writer.close()
        }
        let names = try original.list().filter { $0 != "lock" }
        var files: [String: [UInt8]] = [:]
        for name in names { files[name] = try original.readAll(name, limit: 1 << 20) }
        var outcomes = (whole: 0, shorter: 0, refused: 0)
        for round in 0..<10_000 {
            let disk = MemoryDisk()
            var placed: [String: [UInt8]] = [:]
            let chosen = names[samples.random.below(names.count)]
            for name in names {
                var bytes = try #require(files[name])
                if name == chosen { Self.mutate(&bytes, &samples.random) }
                disk.place(name, bytes)
                placed[name] = bytes
            }
            let note = "round \(round), seed \(seed)"
            do {
                let report = try JournalVerifier.verify(disk)
                for name in names { #expect(try disk.readAll(name, limit: 1 << 20) == placed[name], "\(note)") }
                // Opening for writing repairs, and costs more: one in four.
                if round % 4 == 0 { #expect(try recoveredSequence(disk) <= UInt64(total)) }
                guard let damage = report.damage else {
                    if report.lastSequence == UInt64(total) { outcomes.whole += 1 } else { outcomes.shorter += 1 }
                    continue
                }
                Self.expectTold(.quarantined(damage), placed, through: total, note)
                outcomes.refused += 1
            } catch let error as JournalError {
                Self.expectTold(error, placed, through: total, note)
                outcomes.refused += 1
            }
        }
        print("mutations: \(outcomes)")
        #expect(outcomes.refused > 3000)
        #expect(outcomes.shorter > 0)
        #expect(outcomes.whole < 5000)
    }

    /// A refusal names a file that is there, a place inside of it, the last sound record, and what is wrong.
    private static func expectTold(
        _ error: JournalError,
        _ files: [String: [UInt8]],
        through total: Int,
        _ note: String
    ) {
        switch error {
        case .quarantined(let damage):
            #expect(files[damage.file] != nil, "\(note): \(damage)")
            #expect(0...(files[damage.file]?.count ?? 0) ~= damage.offset, "\(note): \(damage)")
            #expect(damage.sequence <= UInt64(total), "\(note): \(damage)")
            #expect("\(error)".contains("\(damage.file) at byte \(damage.offset)"), "\(note): \(error)")
            #expect(!"\(damage)".hasSuffix(": "), "\(note): \(damage)")
        case .unsupportedVersion(let file, let found, let supported):
            #expect(files[file] != nil && found != supported, "\(note): \(error)")
        case .unsupportedRecord(let file, let offset, _, _):
            #expect(0..<(files[file]?.count ?? 0) ~= offset, "\(note): \(error)")
        case .disk, .failed, .noSpace, .recordTooLarge, .notRetained, .noJournal, .noSuchSequence:
            Issue.record("\(note): \(error) names no place in a file")
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let offset = random.below(bytes.count)
        let count = min(1 + random.below(64), bytes.count - offset)
        switch random.below(6) {
        case 0: bytes[offset] ^= UInt8(1 << random.below(8))
        case 1: for index in offset..<offset + count { bytes[index] = 0 }
        case 2: for index in offset..<offset + count { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
        case 3:
            let from = random.below(bytes.count - count + 1)
            bytes.replaceSubrange(offset..<offset + count, with: Array(bytes[from..<from + count]))
        case 4: bytes.removeLast(bytes.count - offset)
        default: bytes[offset] = [0, 0xFF, 0x7F, 0x80][random.below(4)]
        }
    }
}

/// A generator that closures may share.
final class SharedRandom {
    private var random: SeededRandom
    init(_ random: SeededRandom) { self.random = random }
    func below(_ bound: Int) -> Int { random.below(bound) }
}
