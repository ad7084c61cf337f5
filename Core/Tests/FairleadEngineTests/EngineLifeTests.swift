import FairleadEngine
import FairleadModel
import Testing

/// Orders of a parent that outlives the engine's life in which it began.
@Suite struct EngineLifeTests {
    /// An entry whose maker rests; then, in the given life of the engine, it times out and is taken.
    private static func takes(in life: UInt16?) throws -> EngineBench {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        if let life {
            bench.feed(.epochOpened(Epoch(number: life)))
            bench.connect(session: 2)
            bench.report(maker, .working)
        }
        bench.wait(.milliseconds(9_000))
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.milliseconds(1_000))
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.cancelled(maker, filled: 0)
        return bench
    }

    /// Goal: no id is used twice when a life's last records were lost with the power, orders that it had sent among
    /// them, and the next life goes on with the same parent (simulator seed 505). Method: the same entry taken in its
    /// first life and in three later ones; all the ids differ, the intent is the same, and the venue's answer finds
    /// its order.
    @Test func aLaterLifeNeverRepeatsAnId() throws {
        let lost = try #require(try Self.takes(in: nil).submissions.first)
        var ids: Set = [lost.id]
        for life in [2, 3, 256] as [UInt16] {
            var bench = try Self.takes(in: life)
            let sent = try #require(bench.submissions.first)
            #expect(ids.insert(sent.id).inserted, "life \(life)")
            #expect(sent.id.intent == lost.id.intent)
            #expect(sent.id.row == lost.id.row)
            #expect(sent.id.life == UInt32(life - 1))
            bench.fill(sent, 100, at: 1001, .taker)
            #expect(bench.position == 100)
        }
    }

    /// Goal: a parent that is older than its ids can tell sends nothing more, and says so. Method: a life
    /// more than the last that fits.
    @Test func aParentOfTooManyLivesEnds() throws {
        let bench = try Self.takes(in: 257)
        #expect(bench.submissions.isEmpty)
        #expect(bench.alarms.contains(.capacity))
        #expect(bench.closed.last?.outcome == .rejected)
    }
}
