import FairleadEngine
import FairleadModel
import Testing

/// Parents in one piece that a person pauses and lets go on; those of schedules are in `EngineTwapPauseTests`.
@Suite struct EnginePauseTests {
    private func intent(_ bench: borrowing EngineBench) throws -> IntentID {
        let found = bench.allNotices.compactMap { notice -> IntentID? in
            if case .acknowledged(let acknowledgement) = notice { acknowledgement.intent } else { nil }
        }
        return try #require(found.last)
    }

    /// A resting entry that a person has paused: its order is gone.
    private func paused(_ bench: inout EngineBench) throws -> IntentID {
        let order = try bench.rest(.buy, 1000, at: 990)
        let intent = try intent(bench)
        bench.operate(.pauseParent, on: intent)
        bench.cancelled(order, filled: 0)
        return intent
    }

    /// Goal: letting an entry go on while none may leave is refused, and it stays paused: it would have ended. Method:
    /// resume it without a venue, and while its instrument is halted; then once that is over.
    @Test(arguments: [true, false]) func resumedTooEarlyItIsNotLost(_ isHalted: Bool) throws {
        var bench = EngineBench.slicing()
        let intent = try paused(&bench)
        if isHalted { bench.halt() } else { bench.feed(.venueDisconnected(.paper)) }
        bench.operate(.resumeParent, on: intent)
        #expect(bench.refusals.map(\.reason) == [isHalted ? .tradingState : .notConnected])
        #expect(bench.engine.openParentCount == 1)
        if isHalted { bench.halt(false) } else { bench.connect(session: 2) }
        bench.operate(.resumeParent, on: intent)
        #expect(bench.submissions.map(EngineBench.lots) == [1000])
    }
}
