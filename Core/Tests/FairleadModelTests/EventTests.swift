import FairleadModel
import Testing

/// Goal: events stay small enough for the journal and the hot path. Method: the sizes as the compiler lays them out.
@Test func eventsAndCommandsAreSmall() {
    #expect(MemoryLayout<Event>.size <= 64)
    #expect(MemoryLayout<ClientOrderID>.stride == 16)
    #expect(MemoryLayout<Command>.size <= 96)
    #expect(MemoryLayout<Notice>.size <= 192)
}
