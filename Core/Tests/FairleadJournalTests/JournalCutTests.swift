import FairleadModel
import Testing

@testable import FairleadJournal

@Suite struct JournalCutTests {
    private func journal(_ count: Int) throws -> MemoryDisk {
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: smallOptions(4096))
        for index in 0..<count { _ = try writer.append(Self.event(index), at: noon) }
        try writer.close()
        return disk
    }

    private static func event(_ index: Int) -> Event {
        let price = Price(raw: Int64(index))
        return index % 3 == 0
            ? .marked(MarkPrice(instrument: InstrumentHandle(1), price: price, venueTime: noon))
            : .epochOpened(Epoch(number: UInt16(index)))
    }

    private func hash(_ disk: MemoryDisk) throws -> Digest256 { try JournalVerifier.verify(disk).hash }

    /// Goal: a journal that was cut back and written again is the one that was never interrupted. Method: cut at
    /// several sequences, over segments, append the rest, and compare the hashes.
    @Test func cutAndContinued() throws {
        let whole = try hash(journal(250))
        for sequence in [UInt64(0), 1, 77, 78, 79, 80, 200, 249, 250] {
            let disk = try journal(250)
            disk.place(JournalFormat.snapshotName(sequence), [1])
            disk.place(JournalFormat.snapshotName(sequence + 1), [1])
            try JournalCut.cut(disk, after: sequence)
            #expect(try JournalDirectory(disk).snapshots.map(\.number) == [sequence])
            var writer = try JournalWriter(disk, options: smallOptions(4096))
            #expect(Bool(writer.sequence == sequence))
            #expect(Bool(writer.recovery.tornTail == nil))
            for index in Int(sequence)..<250 { _ = try writer.append(Self.event(index), at: noon) }
            #expect(try hash(disk) == whole, "cut at \(sequence)")
        }
        let disk = try journal(10)
        #expect(throws: JournalError.noSuchSequence(11)) { try JournalCut.cut(disk, after: 11) }
    }

    /// Goal: a crash during a cut leaves a journal that can be cut again. Method: each disk operation of a cut fails in
    /// turn and the power goes.
    @Test func aCutMayBeInterrupted() throws {
        for failing in 0..<24 {
            let disk = try journal(250)
            let counter = Counter()
            disk.setHook { operation, _ in
                guard operation != .read, operation != .size, operation != .list, operation != .lock else { return nil }
                return counter.next() == failing ? .fail(.inputOutput) : nil
            }
            do throws(JournalError) { try JournalCut.cut(disk, after: 30) } catch {
                #expect(error != .noSuchSequence(30))
            }
            let after = disk.crash(.power(keeps: { _, _ in true }))
            try JournalCut.cut(after, after: 30)
            #expect(try readAll(after).records.count == 30)
        }
    }

    /// Goal: the hash is of what the engine was told and of nothing else. Method: the same inputs among other
    /// bookkeeping, another configuration text and another segment size; then one input changed.
    @Test func theHashCoversInputsOnly() throws {
        func hash(_ segment: Int, _ price: Int64, _ notes: Bool, text: String = "s-1") throws -> Digest256 {
            let disk = MemoryDisk()
            var writer = try JournalWriter(disk, options: smallOptions(segment))
            var samples = Samples(seed: 41)
            let terms = samples.terms()
            _ = try writer.append(.configuration(ConfigurationRecord(document: notes ? "{}" : "{ }")), at: noon)
            for index in 0..<100 {
                if notes { _ = try writer.append(.note("note"), at: Timestamp(nanoseconds: Int64(index))) }
                _ = try writer.append(.text(TextRecord(.signalID, key: 1, text: text)), at: noon)
                _ = try writer.append(terms, at: noon)
                let mark = MarkPrice(instrument: InstrumentHandle(1), price: Price(raw: price), venueTime: noon)
                _ = try writer.append(.marked(mark), at: noon)
            }
            var own = JournalHash()
            var reader = try JournalReader(disk)
            while let record = try reader.next() { own.add(record) }
            let verified = try JournalVerifier.verify(disk).hash
            let ownHash = own.finish()
            #expect(ownHash == verified)
            return verified
        }
        let first = try hash(8192, 5, false)
        #expect(try hash(65_536, 5, true) == first)
        #expect(try hash(8192, 6, false) != first)
        #expect(try hash(8192, 5, false, text: "s-2") != first)
    }

    /// Goal: retention drops old market data, keeps the orders lane, and never what recovery needs. Method: a mixed
    /// journal with a limit of two segments, and a place to keep from; the history still tells every order event.
    @Test func retentionKeepsTheOrders() throws {
        let disk = try journal(600)
        let before = try JournalDirectory(disk).segments.count
        #expect(try JournalRetention.apply(disk, keepFrom: 1, marketByteLimit: 0).isEmpty)
        let made = try JournalRetention.apply(disk, keepFrom: 300, marketByteLimit: 8192)
        #expect(!made.isEmpty)
        #expect(try JournalDirectory(disk).segments.count == before - made.count)
        let firstKept = try JournalReader(disk).firstRetained
        #expect(firstKept > 1)
        #expect(firstKept <= 300)
        #expect(throws: JournalError.notRetained(first: firstKept)) { _ = try JournalReader(disk, from: 1) }
        #expect(try JournalReader(disk, from: 300).firstRetained == firstKept)
        var history = try JournalHistory(disk)
        var seen: [UInt64] = []
        while let record = try history.next() { seen.append(record.sequence) }
        let orders: [UInt64] = (0..<600).filter { $0 % 3 != 0 }.map { UInt64($0) + 1 }
        #expect(seen == orders)
        let writer = try JournalWriter(disk, options: smallOptions(4096))
        #expect(Bool(writer.sequence == 600))
        let archive = JournalFormat.archiveName(1)
        disk.corrupt(archive, at: 300, xor: 1)
        var damaged = try JournalHistory(disk)
        #expect(throws: JournalError.self) { while try damaged.next() != nil {} }
    }
}

private final class Counter: @unchecked Sendable {
    private var value = -1
    /// Only ever asked by one thread at a time: the disk's caller.
    func next() -> Int {
        value += 1
        return value
    }
}
