import FairleadEngine
import FairleadModel
import Testing

/// A signal id counts once inside the window, whatever happens to the process.
@Suite struct EngineDedupeTests {
    private static let digest = Digest128(high: 77, low: 1)

    private func configuration() -> EngineConfiguration {
        var made = EngineConfiguration()
        _ = EngineBench.trading {
            $0.dedupeWindow = .hours(24)
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
            made = $0
        }
        return made
    }

    private func bench() -> EngineBench {
        let made = configuration()
        return EngineBench.trading { $0 = made }
    }

    /// Sends the signal under test, on a fresh book.
    private func send(_ bench: inout EngineBench) -> SignalDisposition? {
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 100) { $0.digest = Self.digest }
        return bench.acknowledgements.first?.disposition
    }

    /// Goal: the id is a duplicate up to the last moment of its window and new right after it. Method: the same id at
    /// 0, 24 h, and 24 h and one nanosecond.
    @Test func theWindowEndsToTheNanosecond() {
        var bench = bench()
        let start = bench.now
        #expect(send(&bench) == .accepted)
        bench.now = start + .hours(24)
        #expect(send(&bench) == .duplicate)
        bench.now = start + .hours(24) + TimeSpan(nanoseconds: 1)
        #expect(send(&bench) != .duplicate)
        #expect(bench.engine.counters.duplicates == 1)
    }

    /// Goal: a duplicate doesn't make its window longer. Method: a duplicate an hour before the end, then the id after
    /// the end of the first.
    @Test func aDuplicateDoesNotProlongTheWindow() {
        var bench = bench()
        let start = bench.now
        #expect(send(&bench) == .accepted)
        bench.now = start + .hours(23)
        #expect(send(&bench) == .duplicate)
        bench.now = start + .hours(25)
        #expect(send(&bench) != .duplicate)
    }

    /// Goal: a duplicate names the first signal and causes nothing. Method: look at acknowledgement and commands.
    @Test func aDuplicateNamesItsOriginal() {
        var bench = bench()
        bench.signal(.buy, 100) { $0.digest = Self.digest }
        let first = bench.acknowledgements.first?.number
        bench.signal(.buy, 100) { $0.digest = Self.digest }
        #expect(bench.acknowledgements.first?.original == first)
        #expect(bench.commands.isEmpty)
        #expect(bench.engine.openParentCount == 1)
    }

    /// Goal: a vetoed id is used up as well. Method: veto one, repeat it when it would pass.
    @Test func aVetoedIdIsUsedUp() {
        var bench = bench()
        bench.operate(.stopEntries)
        #expect(send(&bench) == .vetoed)
        bench.operate(.resume)
        #expect(send(&bench) == .duplicate)
    }

    /// Goal: after a restart from a snapshot the id is still a duplicate, and free again only when its own window ends.
    /// Method: snapshot and read back, open the next epoch, repeat at 1 h and after 24 h.
    @Test func theWindowSurvivesASnapshot() {
        var bench = bench()
        let start = bench.now
        #expect(send(&bench) == .accepted)
        bench.restore(configuration())
        bench.feed(.epochOpened(Epoch(number: 2)))
        bench.connect(session: 2)
        bench.now = start + .hours(1)
        #expect(send(&bench) == .duplicate)
        #expect(bench.submissions.isEmpty)
        bench.now = start + .hours(24) + TimeSpan(nanoseconds: 1)
        #expect(send(&bench) != .duplicate)
    }

    /// Goal: where the window is full no id is forgotten for an entry: the entry is refused by name, and a repetition
    /// stays one (simulator, seed 1064: 17 hours later it made a second parent). Exits pass. Method: as many signals as
    /// there is room for, one more entry, an exit, the first again; and a new day.
    @Test func aFullWindowRefusesEntries() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        try bench.open(.buy, 1_000)
        bench.operate(.stopEntries)
        for _ in 1..<256 { bench.signal(.buy, 100) }
        bench.operate(.resume)
        bench.signal(.buy, 100)
        #expect(bench.acknowledgements.first?.vetoes.primary == .orderRateLimit)
        #expect(bench.alarms.last == .capacity)
        bench.signal(.buy, 1_000) { $0.digest = Digest128(high: 7, low: 1) }
        #expect(bench.acknowledgements.first?.disposition == .duplicate)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.now = bench.now + .hours(25)
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.seconds(1))
        bench.signal(.buy, 100)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: a clamp hides no repetition: what two signals ask for is compared, not what is left of it. Method: the
    /// same entry twice within the window, each over the largest order.
    @Test func aClampHidesNoDuplicate() {
        var bench = EngineBench.trading {
            $0.risk.clampsToLimits = true
            $0.risk.maximumOrderQuantity = EngineBench.quantity(50)
            $0.risk.allowsPyramiding = true
        }
        bench.signal(.buy, 100)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(50)])
        bench.signal(.buy, 100)
        #expect(bench.acknowledgements.first?.vetoes.contains(.duplicateOrder) == true)
        #expect(bench.submissions.isEmpty)
        bench.signal(.buy, 90)
        #expect(bench.acknowledgements.first?.vetoes.contains(.duplicateOrder) == false)
    }
}
