import CMallocCount
import FairleadModel
import Testing

@testable import FairleadJournal

struct JournalAllocationTests {
    /// Goal: appending an event or a signal's terms into a prepared segment allocates nothing. Method: this thread's
    /// allocations are counted over 5,000 of each, all kinds of events in turn, in one segment.
    @Test func appendsAllocateNothing() throws {
        var samples = Samples(seed: 5)
        let events = EventKind.allCases.map { samples.event($0) }
        let terms = samples.terms()
        var writer = try JournalWriter(MemoryDisk(), options: JournalOptions(segmentByteCount: 8 << 20))
        func append(_ count: Int) throws {
            var index = 0
            while index < count {
                _ = try writer.append(events[index % events.count], at: noon)
                _ = try writer.append(terms, at: noon)
                index += 1
            }
        }
        try append(100)
        let before = malloc_count_this_thread()
        try append(5_000)
        #expect(malloc_count_this_thread() - before == 0)
        let sequence = writer.sequence
        #expect(sequence == 10_200)
    }
}
