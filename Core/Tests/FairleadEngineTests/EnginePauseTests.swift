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

    /// Goal: what a person does to a parent never makes it trade against our own resting order, as nothing else does.
    /// Method: an entry that was paused before the order came to rest is resumed, is given a limit on the right side of
    /// it, and is resumed again.
    @Test func aResumedEntryMeetsNoOrderOfOurs() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100)
        let entry = try bench.rest(.buy, 1000, at: 1000)
        let intent = try intent(bench)
        bench.operate(.pauseParent, on: intent)
        bench.cancelled(entry, filled: 0)
        bench.quote(bid: 992, ask: 993)
        let own = try bench.rest(.sell, 100, at: 995) { $0.intent = .exit }
        bench.operate(.resumeParent, on: intent)
        #expect(bench.refusals.map(\.reason) == [.selfCross])
        #expect(bench.submissions.isEmpty)
        bench.operate(.amendParent, on: intent, price: 994)
        bench.operate(.resumeParent, on: intent)
        #expect(bench.submissions.map(\.price) == [EngineBench.price(994)])
        #expect(bench.state(of: own) == .working)
    }

    /// Goal: the same of a parent whose limit a person moves. Method: an iceberg under an own exit, moved over it, and
    /// up to a tick under it.
    @Test func anAmendedLimitMeetsNoOrderOfOurs() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100)
        let own = try bench.rest(.sell, 100, at: 1005) { $0.intent = .exit }
        bench.iceberg(.buy, 1000, shows: 300)
        bench.accept(try #require(bench.submissions.last))
        let intent = try intent(bench)
        bench.operate(.amendParent, on: intent, price: 1005)
        #expect(bench.refusals.map(\.reason) == [.selfCross])
        #expect(bench.cancels.isEmpty)
        bench.operate(.amendParent, on: intent, price: 1004)
        #expect(bench.refusals.isEmpty)
        #expect(bench.cancels.count == 1)
        #expect(bench.state(of: own) == .working)
    }

    /// Goal: a tip at work keeps its limit where no entry may leave: shown anew it would end. Method: entries are
    /// stopped, the limit is moved, entries go on, it is moved again.
    @Test func aTipIsNotMovedWhereNoEntryLeaves() throws {
        var bench = EngineBench.slicing()
        bench.iceberg(.buy, 1000, shows: 300)
        let tip = try #require(bench.submissions.last)
        bench.accept(tip)
        let intent = try intent(bench)
        bench.operate(.stopEntries)
        bench.operate(.amendParent, on: intent, price: 999)
        #expect(bench.refusals.map(\.reason) == [.tradingState])
        #expect(bench.state(of: tip) == .working)
        bench.operate(.resume)
        bench.operate(.amendParent, on: intent, price: 999)
        bench.cancelled(tip, filled: 0)
        #expect(bench.submissions.map(\.price) == [EngineBench.price(999)])
    }

    /// Goal: an entry that would find no price to be bounded by stays paused. Method: a market entry that is resumed
    /// while the book is gone, and when it is back.
    @Test func withoutAPriceItStaysPaused() throws {
        var bench = EngineBench.slicing()
        bench.signal(.buy, 1000)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        let intent = try intent(bench)
        bench.operate(.pauseParent, on: intent)
        bench.cancelled(maker, filled: 0)
        bench.quote(bid: 0, ask: 0)
        bench.operate(.resumeParent, on: intent)
        #expect(bench.refusals.map(\.reason) == [.noReferencePrice])
        #expect(bench.engine.openParentCount == 1)
        bench.quote(bid: 1000, ask: 1001)
        bench.operate(.resumeParent, on: intent)
        #expect(bench.submissions.count == 1)
    }
}
