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

    /// Goal: a part that was to rest and has filled is done; the rest takes, as without a pause. Method: 400 of 1,000
    /// as maker, filled while the pause's cancel is out.
    @Test func whatIsLeftOfAMakerPartTakes() throws {
        var bench = EngineBench.slicing()
        bench.signal(.buy, 1000) { $0.makerQuantity = EngineBench.quantity(400) }
        let maker = try #require(bench.submissions.first)
        #expect(EngineBench.lots(maker) == 400)
        bench.accept(maker)
        let intent = try intent(bench)
        bench.operate(.pauseParent, on: intent)
        bench.fill(maker, 400, at: 1000)
        #expect(bench.submissions.isEmpty)
        bench.operate(.resumeParent, on: intent)
        let rest = try #require(bench.submissions.first)
        #expect(EngineBench.lots(rest) == 600)
        #expect(rest.type == .marketableLimit)
    }
}
