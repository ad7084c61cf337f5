import FairleadEngine
import FairleadModel
import Testing

/// What closes all of a position, a stop-loss or a person's flatten, is held back by no other exit of it; and no more
/// is sent than the position is.
@Suite struct EngineFlattenTests {
    /// Lots that would go on closing the position, all live orders together.
    private func closing(_ bench: borrowing EngineBench) -> Int64 {
        var sum: Int64 = 0
        bench.engine.forEachLiveOrder { if $0.reduceOnly, !$0.isWaiting { sum += $0.leaves.raw / 100_000 } }
        return sum
    }

    /// A long of 2000 with a stop at 99.0 and an exit of all of it in slices; gives the slice that is out.
    private func slice(_ style: ExecutionStyle, _ bench: inout EngineBench) throws -> OrderSubmission? {
        try bench.open(.buy, 2000) { $0.stopLoss = EngineBench.price(990) }
        bench.signal(.sell, 2000) {
            $0.intent = .exit
            $0.style = style
            guard style == .pov else { return }
            $0.algorithm.participation = 500
            $0.algorithm.durationMilliseconds = 3_600_000
        }
        return bench.submissions.first
    }

    // MARK: Stops

    /// Goal: an exit in slices keeps nothing from a stop. Method: one between two slices, the price at the stop; the
    /// exit ends, and the whole rest goes in the same turn.
    @Test func aStopEndsAnExitBetweenItsSlices() throws {
        var bench = EngineBench.slicing()
        let first = try #require(try slice(.twap, &bench))
        bench.fill(first, 500, at: 1000, .taker)
        bench.wait(.seconds(1))
        bench.quote(bid: 980, ask: 981)
        let stop = try #require(bench.submissions.first)
        #expect(stop.quantity == EngineBench.quantity(1500) && stop.reduceOnly)
        bench.fill(stop, 1500, at: 980, .taker)
        #expect(bench.position == 0)
        bench.wait(.hours(2))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: with a slice at the venue the stop closes what that doesn't hold, and the rest as soon as its outcome is
    /// known. Method: the slice's cancel, a fill that races it, its end; never more is live than the position.
    @Test func aStopWaitsForTheSliceThatIsOut() throws {
        var bench = EngineBench.slicing()
        let first = try #require(try slice(.twap, &bench))
        bench.accept(first)
        bench.quote(bid: 980, ask: 981)
        #expect(bench.cancels.map(\.id) == [first.id])
        let stop = bench.submissions.first
        #expect(closing(bench) <= 2000)
        if let stop { bench.fill(stop, stop.quantity.raw / 100_000, at: 980, .taker) }
        bench.fill(first, 100, at: 1000)
        #expect(closing(bench) <= bench.position)
        bench.cancelled(first, filled: 100)
        bench.wait(.milliseconds(1))
        let rest = try #require(bench.submissions.last)
        #expect(closing(bench) == bench.position)
        bench.fill(rest, bench.position, at: 980, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
    }

    /// Goal: an exit that waits for volume keeps nothing from a stop. Method: a POV without a trade.
    @Test func aStopEndsAnExitThatWaitsForVolume() throws {
        var bench = EngineBench.slicing()
        #expect(try slice(.pov, &bench) == nil)
        bench.quote(bid: 980, ask: 981)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(2000)])
    }

    /// Goal: a stop that was held back goes when it may, not at the end of its pause. Method: a limit exit of all,
    /// whose cancel is answered after twenty seconds of vetoed stops.
    @Test func aStopGoesWhenTheOutcomeIsKnown() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        let resting = try bench.rest(.sell, 100, at: 1100) { $0.intent = .exit }
        bench.quote(bid: 980, ask: 981)
        #expect(bench.cancels.map(\.id) == [resting.id])
        bench.wait(.seconds(20))
        bench.quote(bid: 980, ask: 981)
        #expect(bench.submissions.isEmpty)
        bench.cancelled(resting, filled: 0)
        bench.wait(.milliseconds(1))
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(100)])
    }

    // MARK: Flatten

    /// Goal: flatten closes the whole beside an exit that rests: its cancel, its outcome, then one order of what is
    /// left. Method: a limit exit of all or of a part, with and without a fill that races the cancel.
    @Test(arguments: [100, 60] as [Int64], [0, 25]) func flattenEndsARestingExit(_ lots: Int64, _ raced: Int64) throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        let resting = try bench.rest(.sell, lots, at: 1100) { $0.intent = .exit }
        bench.operate(.flatten)
        #expect(bench.cancels.map(\.id) == [resting.id])
        #expect(bench.submissions.isEmpty && bench.acknowledgements.isEmpty)
        if raced > 0 { bench.fill(resting, raced, at: 1100) }
        #expect(bench.submissions.isEmpty)
        bench.cancelled(resting, filled: raced)
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(100 - raced))
        #expect(closing(bench) == bench.position)
        bench.fill(exit, 100 - raced, at: 1000, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.openParentCount == 0)
        bench.wait(.hours(1))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: flatten ends an exit that has nothing at the venue and goes at once. Method: a POV without a trade.
    @Test func flattenEndsAnExitInSlices() throws {
        var bench = EngineBench.slicing()
        #expect(try slice(.pov, &bench) == nil)
        bench.operate(.flatten)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(2000)])
    }

    /// Goal: an outcome that doesn't come holds its own part and no more: after two seconds the rest goes, that part
    /// once it may. Method: a cancel without an answer for ten seconds, then the order's end.
    @Test func flattenSendsWhatNoOtherHolds() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        let resting = try bench.rest(.sell, 60, at: 1100) { $0.intent = .exit }
        bench.operate(.flatten)
        bench.feed(.cancelUnanswered(resting.id))
        bench.wait(.milliseconds(1_900))
        #expect(bench.submissions.isEmpty)
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.seconds(1))
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(40))
        bench.fill(exit, 40, at: 1000, .taker)
        bench.wait(.seconds(7))
        #expect(bench.submissions.isEmpty)
        bench.cancelled(resting, filled: 0)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(60)])
    }

    /// Goal: an exit that takes keeps its share, and flatten sends what it leaves. Method: an exit of 60 on its way;
    /// its outcome is a part of it and a second order for the rest.
    @Test func flattenWaitsForAnExitThatTakes() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.signal(.sell, 60) { $0.intent = .exit }
        let taking = try #require(bench.submissions.first)
        bench.operate(.flatten)
        #expect(bench.commands.isEmpty)
        bench.fill(taking, 60, at: 1000, .taker)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(40)])
    }

    /// Goal: a flatten that waits ends nothing twice, closes nothing that is flat by then, is kept by a snapshot, and
    /// is taken back by a person. Method: each alone, over a resting exit.
    @Test(arguments: ["again", "flat", "snapshot", "cancel-all"]) func aFlattenThatWaits(_ what: String) throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading { configuration = $0 }
        try bench.open(.buy, 100)
        let resting = try bench.rest(.sell, 100, at: 1100) { $0.intent = .exit }
        bench.operate(.flatten)
        switch what {
        case "again":
            bench.operate(.flatten)
            #expect(bench.commands.isEmpty)
        case "flat": bench.fill(resting, 100, at: 1100)
        case "snapshot": bench.restore(try #require(configuration))
        default: bench.operate(.cancelAll)
        }
        if what != "flat" { bench.cancelled(resting, filled: 0) }
        #expect(bench.submissions.count == (what == "again" || what == "snapshot" ? 1 : 0))
        bench.wait(.minutes(1))
        #expect(bench.submissions.isEmpty || what == "snapshot" || what == "again")
    }

    /// Goal: where exits are held a flatten ends none: it closes nothing, and says why. Method: a frozen halt over a
    /// resting exit.
    @Test func aFrozenFlattenEndsNoExit() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        let resting = try bench.rest(.sell, 60, at: 1100) { $0.intent = .exit }
        bench.operate(.haltFrozen)
        bench.operate(.flatten)
        #expect(bench.commands.isEmpty)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        #expect(bench.state(of: resting) == .working)
    }

    /// Goal: in hedge mode the sides wait apart. Method: both sides held, an exit that rests on one; that one waits,
    /// the other goes at once.
    @Test func hedgedSidesWaitApart() throws {
        var bench = EngineBench.hedged()
        try bench.open(.buy, 100) { $0.positionSide = .long }
        try bench.open(.sell, 70) { $0.positionSide = .short }
        let resting = try bench.rest(.sell, 100, at: 1100) {
            $0.positionSide = .long
            $0.intent = .exit
        }
        bench.operate(.flatten)
        #expect(bench.cancels.map(\.id) == [resting.id])
        #expect(bench.submissions.map(\.positionSide) == [.short])
        bench.cancelled(resting, filled: 0)
        #expect(bench.submissions.map(\.positionSide) == [.long])
    }

    /// Goal: where exits are held a stop that is reached ends no other exit of its position, and nor does a flatten,
    /// whether they were held from the start or by a reload. Method: a resting exit and a stop, the price past it.
    @Test(arguments: [true, false]) func aHeldStopEndsNoExit(_ isReloaded: Bool) throws {
        var settings = EngineConfiguration()
        var bench = EngineBench.slicing { settings = $0 }
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(980) }
        let resting = try bench.rest(.sell, 60, at: 1100) { $0.intent = .exit }
        if isReloaded {
            bench.operate(.halt)
            settings.risk.haltAllowsReduce = false
            bench.engine.stage(settings)
            bench.feed(.configured)
        } else {
            bench.operate(.haltFrozen)
        }
        bench.quote(bid: 970, ask: 971)
        #expect(bench.commands.isEmpty)
        #expect(bench.state(of: resting) == .working)
        bench.operate(.flatten)
        #expect(bench.commands.isEmpty)
        bench.operate(.resume)
        bench.wait(.minutes(1))
        #expect(bench.cancels.map(\.id) == [resting.id])
    }
}
