import FairleadModel
import Testing

@testable import FairleadJournal

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
            #expect(writer.recovery.isNew == (run == 0))
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
}
