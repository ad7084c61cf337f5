import FairleadEngine
import FairleadModel
import Testing

/// What gets out of a position also ends what would bring it back; and an exit waits for a venue that isn't there.
@Suite struct EngineEntryEndsTests {
    private static let slice: Int64 = 500

    /// A long in four slices of 500 with a stop at 99.0, the first filled; gives the second, which rests.
    private func entering(
        _ bench: inout EngineBench,
        _ adjust: (inout SignalTerms) -> Void = { $0.stopLoss = EngineBench.price(990) }
    ) throws {
        bench.twap(.buy, 2000, slices: 4, adjust)
        bench.fill(try #require(bench.submissions.first), Self.slice, at: 1000)
        #expect(bench.position == Self.slice)
    }

    private func outcome(_ bench: borrowing EngineBench, _ number: SignalNumber) -> ParentOutcome? {
        bench.closed.first { $0.number == number }?.outcome
    }

    // MARK: Levels

    /// Goal: a position that was stopped out isn't bought again by the slices of its own entry. Method: the stop at the
    /// first slice, then two hours.
    @Test(arguments: [true, false]) func aStopEndsItsEntry(_ isTrailing: Bool) throws {
        var bench = EngineBench.slicing()
        try entering(&bench) {
            if isTrailing {
                $0.stop.trail = .amount(EngineBench.price(5))
            } else {
                $0.stopLoss = EngineBench.price(990)
            }
        }
        bench.quote(bid: 980, ask: 981)
        let stop = try #require(bench.submissions.first)
        #expect(stop.reduceOnly && stop.quantity == EngineBench.quantity(Self.slice))
        bench.fill(stop, Self.slice, at: 980, .taker)
        bench.wait(.hours(2))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 0)
        #expect(bench.position == 0)
        #expect(outcome(bench, SignalNumber(value: 1)) == .partiallyFilled)
    }

    /// Goal: a stop ends every entry with a part in the position, and none that only waits for its price. Method: the
    /// stop of one signal, a second in slices, a third that rests far below.
    @Test func aStopEndsEntriesThatHaveAPart() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        let resting = try bench.rest(.buy, 100, at: 900)
        bench.twap(.buy, 2000, slices: 4)
        bench.fill(try #require(bench.submissions.first), Self.slice, at: 1000)
        bench.quote(bid: 980, ask: 981)
        #expect(outcome(bench, SignalNumber(value: 3)) == .partiallyFilled)
        #expect(bench.state(of: resting) == .working)
        #expect(!bench.cancels.contains { $0.id == resting.id })
    }

    /// Goal: a take-profit ends its own entry, and no other. Method: a limit order that is filled in half, another's
    /// slices, the price at the level.
    @Test func aTakeProfitEndsItsOwnEntry() throws {
        var bench = EngineBench.slicing()
        let own = try bench.rest(.buy, 200, at: 999) {
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1010), fraction: .one))
        }
        bench.fill(own, 100, at: 999)
        bench.twap(.buy, 2000, slices: 4)
        bench.fill(try #require(bench.submissions.first), Self.slice, at: 1000)
        bench.quote(bid: 1011, ask: 1012)
        #expect(bench.cancels.map(\.id) == [own.id])
        bench.cancelled(own, filled: 100)
        bench.wait(.milliseconds(60))
        #expect(bench.submissions.map(\.quantity).contains(EngineBench.quantity(100)))
        #expect(outcome(bench, SignalNumber(value: 1)) == .partiallyFilled)
        #expect(outcome(bench, SignalNumber(value: 2)) == nil)
    }

    // MARK: Signals

    /// Goal: a signal that flattens does what the command does. Method: entries of two strategies and a resting exit.
    @Test func aFlattenSignalEndsEntriesAndExits() throws {
        var bench = EngineBench.slicing()
        try entering(&bench)
        let entry = try bench.rest(.buy, 100, at: 950) { $0.strategy = StrategyHandle(index: 1) }
        let exit = try bench.rest(.sell, 200, at: 1100) {
            $0.intent = .exit
            $0.strategy = StrategyHandle(index: 2)
        }
        bench.signal(.sell, 0) {
            $0.intent = .flatten
            $0.size = .wholePosition
        }
        #expect(Set(bench.cancels.map(\.id)) == [entry.id, exit.id])
        #expect(outcome(bench, SignalNumber(value: 1)) == .partiallyFilled)
        // What nobody holds goes as soon as our own order is out of its way.
        bench.cancelled(entry, filled: 0)
        bench.wait(.milliseconds(60))
        let free = try #require(bench.submissions.first)
        #expect(free.quantity == EngineBench.quantity(300) && free.reduceOnly)
        bench.fill(free, 300, at: 1000, .taker)
        bench.cancelled(exit, filled: 0)
        bench.wait(.seconds(1))
        let rest = try #require(bench.submissions.first)
        bench.fill(rest, 200, at: 1000, .taker)
        bench.wait(.hours(2))
        #expect(bench.position == 0 && bench.submissions.isEmpty && bench.engine.openParentCount == 0)
    }

    /// Goal: an exit of all ends its strategy's entries, also where nothing is filled yet; one of a given size, a
    /// reduction, another's exit and one that has expired end none. Method: each against an entry that rests.
    @Test(arguments: ["exit", "sized", "reduce", "another's", "expired", "other side"])
    func anExitEndsItsEntries(_ what: String)
        throws
    {
        var bench = EngineBench.slicing()
        let entry = try bench.rest(.buy, 100, at: 950)
        let now = bench.now
        bench.signal(what == "other side" ? .buy : .sell, 100) {
            $0.intent = what == "reduce" ? .reduce : .exit
            if what != "sized" { $0.size = .wholePosition }
            if what == "another's" { $0.strategy = StrategyHandle(index: 1) }
            if what == "expired" { $0.expiresAt = now }
        }
        #expect(bench.cancels.map(\.id) == (what == "exit" ? [entry.id] : []))
    }

    // MARK: A venue that isn't there

    /// Goal: an exit without a venue isn't lost. Method: a person's flatten, a strategy's exit and a stop while
    /// disconnected; nothing leaves until the venue is back, then all of the position, once.
    @Test(arguments: ["flatten", "exit", "stop"]) func anExitWaitsForItsVenue(_ what: String) throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.feed(.venueDisconnected(.paper))
        switch what {
        case "flatten": bench.operate(.flatten)
        case "exit": bench.signal(.sell, 100) { $0.intent = .exit }
        default: bench.quote(bid: 980, ask: 981)
        }
        #expect(bench.submissions.isEmpty)
        bench.wait(.minutes(5))
        #expect(bench.submissions.isEmpty)
        bench.connect(session: 2, positions: [EngineBench.held(100, at: 1000, bench.now)])
        bench.wait(.seconds(1))
        let exit = try #require(bench.submissions.first)
        #expect(bench.submissions.count == 1)
        #expect(exit.reduceOnly && exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 980, .taker)
        bench.wait(.hours(1))
        #expect(bench.position == 0 && bench.submissions.isEmpty)
    }

    /// Goal: an exit whose order found no venue is sent again, and one that was refused otherwise is told. Method: the
    /// order abandoned by a lost connection; another refused at the door while the venue is there.
    @Test func anExitThatNeverLeft() throws {
        var bench = EngineBench.slicing()
        try bench.open(.buy, 100)
        bench.operate(.flatten)
        let lost = try #require(bench.submissions.first)
        bench.feed(.venueDisconnected(.paper))
        bench.feed(.neverSent(lost.id))
        #expect(bench.engine.openParentCount == 1)
        bench.connect(session: 2, positions: [EngineBench.held(100, at: 1000, bench.now)])
        bench.wait(.seconds(1))
        let again = try #require(bench.submissions.first)
        #expect(again.id != lost.id)
        bench.feed(.egressRefused(EgressRefused(id: again.id, reason: .notDurable)))
        #expect(bench.alarms.contains(.exitFailed))
        #expect(bench.engine.openParentCount == 0)
    }
}
