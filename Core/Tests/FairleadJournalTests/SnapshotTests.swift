import FairleadModel
import Testing

@testable import FairleadJournal

/// A state with a field of each shape that parts have.
private struct Part: Equatable {
    var sequence: UInt64 = 1
    var isHalted = false
    var price = Price(raw: 5)
    var money = Money(raw: -(Int128(1) << 90))
    var order = ClientOrderID.none
    var side = Side.buy
    var rows: ContiguousArray<Int64> = []

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&sequence)
        visitor.visit(&isHalted)
        visitor.visit(&price)
        visitor.visit(&money)
        visitor.visit(&order)
        visitor.visit(&side)
        visitor.visit(&rows, limit: 100, blank: 0) { row, visitor in visitor.visit(&row) }
    }
}

@Suite struct SnapshotTests {
    private func identity(_ writer: borrowing JournalWriter, stateVersion: UInt32 = 1) -> SnapshotIdentity {
        SnapshotIdentity(
            stateVersion: stateVersion,
            sequence: writer.sequence,
            time: noon,
            chain: writer.inputChain,
            configurationHash: SHA256.digest([1]),
            journalID: writer.recovery.journalID
        )
    }

    private func part() -> Part {
        var samples = Samples(seed: 31)
        var part = Part()
        part.isHalted = true
        part.order = samples.order()
        part.side = .sell
        part.rows = [1, -2, Int64.max]
        return part
    }

    private func encoded(_ part: Part, _ identity: SnapshotIdentity) -> [UInt8] {
        var (copy, visitor) = (part, SnapshotWriter())
        visitor.beginSection("part")
        copy.visitState(&visitor)
        visitor.beginSection("other")
        var word: UInt64 = 9
        visitor.visit(&word)
        return visitor.encoded(identity)
    }

    /// Goal: a state comes back from a snapshot, and its hash is the hasher's. Method: a part with every shape of
    /// field.
    @Test func aStateComesBack() throws {
        let writer = try JournalWriter(MemoryDisk(), options: smallOptions())
        let identity = identity(writer)
        let snapshot = try Snapshot(encoded(part(), identity))
        #expect(snapshot.identity == identity)
        #expect(snapshot.sectionNames == ["part", "other"])
        var read = Part()
        var reader = try #require(snapshot.reader(of: "part"))
        read.visitState(&reader)
        #expect(reader.isComplete)
        #expect(read == part())
        var hasher = StateHasher()
        hasher.beginSection("part")
        read.visitState(&hasher)
        hasher.beginSection("other")
        var word: UInt64 = 9
        hasher.visit(&word)
        #expect(hasher.finish() == snapshot.stateHash)
    }

    /// Goal: a section that is read wrongly is noticed. Method: one field too few, and one too many.
    @Test func readingTooLittleOrTooMuchIsNoticed() throws {
        let writer = try JournalWriter(MemoryDisk(), options: smallOptions())
        let snapshot = try Snapshot(encoded(part(), identity(writer)))
        var reader = try #require(snapshot.reader(of: "other"))
        #expect(!reader.isComplete)
        var word: UInt64 = 0
        reader.visit(&word)
        #expect(word == 9)
        #expect(reader.isComplete)
        reader.visit(&word)
        #expect(!reader.isComplete)
        #expect(snapshot.reader(of: "none") == nil)
    }

    /// Goal: a damaged snapshot is never believed. Method: each byte flipped, and each truncation.
    @Test func everyDamageIsRefused() throws {
        let writer = try JournalWriter(MemoryDisk(), options: smallOptions())
        let bytes = encoded(part(), identity(writer))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x10
            #expect(throws: SnapshotRejection.self) { try Snapshot(changed) }
            #expect(throws: SnapshotRejection.self) { try Snapshot(Array(bytes.prefix(index))) }
        }
    }

    /// Goal: the newest usable snapshot is found, and each other is passed over with its reason. Method: a good one,
    /// then newer ones of another layout, of another history, damaged, of another journal, and beyond the journal's
    /// end.
    @Test func theNewestUsableOneIsChosen() throws {
        let disk = MemoryDisk()
        let store = SnapshotStore(disk)
        var writer = try JournalWriter(disk, options: smallOptions())
        func save(_ change: (inout SnapshotIdentity) -> Void) throws {
            _ = try writer.append(.timer, at: noon)
            _ = try writer.append(.note("bookkeeping changes the chain, not the input's"), at: noon)
            var identity = identity(writer)
            change(&identity)
            try store.save(encoded(part(), identity), sequence: identity.sequence)
        }
        try save { _ in }
        try save { $0.stateVersion = 2 }
        try save { $0.chain ^= 1 }
        try save { $0.journalID.high = 99 }
        try save { _ in }
        disk.corrupt(JournalFormat.snapshotName(5), at: 200, xor: 4)
        try save { $0.sequence = 1000 }
        let (snapshot, rejected) = try store.newest(stateVersion: 1)
        #expect(snapshot?.identity.sequence == 1)
        #expect(
            rejected.map(\.reason) == [
                .beyondJournal(sequence: 1000), .damaged, .otherJournal, .otherHistory, .stateVersion(found: 2),
            ]
        )
        #expect(try store.prune(keeping: 2) == 5)
        #expect(try JournalStat(disk).snapshotSequences == [5, 1000])
    }

    /// Goal: a crash while a snapshot is written leaves the old or the new one. Method: the write is cut at each byte;
    /// then the rename or the directory's sync is lost with the power.
    @Test func savingIsAtomic() throws {
        let writer = try JournalWriter(MemoryDisk(), options: smallOptions())
        let bytes = encoded(part(), identity(writer))
        for count in 0..<bytes.count {
            let disk = MemoryDisk()
            disk.setHook { operation, _ in
                operation == .write ? .partial(byteCount: count, .noSpace) : nil
            }
            #expect(throws: JournalError.self) { try SnapshotStore(disk).save(bytes, sequence: 3) }
            #expect(try JournalDirectory(disk).snapshots.isEmpty)
        }
        for operation in [DiskOperation.rename, .syncDirectory] {
            let disk = MemoryDisk()
            disk.setHook { asked, _ in asked == operation ? .fail(.inputOutput) : nil }
            #expect(throws: JournalError.self) { try SnapshotStore(disk).save(bytes, sequence: 3) }
            let after = disk.crash(.power(keeps: { _, _ in false }))
            #expect(try after.list().isEmpty)
        }
    }
}
