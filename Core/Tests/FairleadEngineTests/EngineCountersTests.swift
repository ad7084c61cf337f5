import FairleadEngine
import FairleadModel
import Testing

/// What the engine counts of signals.
@Suite struct EngineCountersTests {
    /// Goal: what came from outside and what the engine gave itself add up to what was answered. Method: an entry, a
    /// person's flatten, which is a signal of the engine's own, and a signal that is refused; after each the sum.
    @Test func signalsAddUp() throws {
        var bench = EngineBench.trading()
        func expect(own: UInt64, _ bench: borrowing EngineBench) {
            let counted = bench.engine.counters
            let answered = counted.accepted + counted.vetoed + counted.duplicates + counted.invalid
            #expect(counted.signals + counted.ownSignals == answered)
            #expect(counted.ownSignals == own)
        }
        expect(own: 0, bench)
        try bench.open(.buy, 100)
        expect(own: 0, bench)
        bench.operate(.flatten)
        expect(own: 1, bench)
        bench.signal(.buy, 0)
        expect(own: 1, bench)
    }
}
