import FairleadEngine
import FairleadModel
import Testing

/// What is done with a position that somebody else has traded.
@Suite struct EngineExternalPositionTests {
    private static let key = PositionKey(EngineBench.symbol, .both)

    /// A hundred lots that somebody else bought.
    private func traded(_ lots: Int64 = 100) -> EngineBench {
        var bench = EngineBench.trading()
        bench.external(lots > 0 ? .buy : .sell, abs(lots), at: 1000, number: 900)
        return bench
    }

    /// Whether an entry passes now.
    private func expectEntry(_ passes: Bool, _ bench: inout EngineBench, _ place: SourceLocation = #_sourceLocation) {
        bench.signal(.buy, 60)
        let isLocked = bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true
        #expect(isLocked == !passes, sourceLocation: place)
        #expect(bench.submissions.isEmpty == !passes, sourceLocation: place)
    }

    // MARK: - The lock

    /// Goal: a position that somebody else has traded is locked until a person decides, whatever else a person clears;
    /// being flat decides nothing. Method: ours, sold by hand; an entry before and after `enable`; then adopted.
    @Test func onlyADecisionUnlocks() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.external(.sell, 100, at: 1000, number: 900)
        #expect(bench.position == 0)
        #expect(bench.engine.external(Self.key).state == .undecided)
        expectEntry(false, &bench)
        bench.feed(.operated(OperatorCommand(.enableSymbol, instrument: EngineBench.symbol)))
        expectEntry(false, &bench)
        bench.decide(.adopt)
        #expect(bench.decisions.map(\.refusal) == [nil])
        #expect(bench.decisions.first?.traded == SignedQuantity(raw: -10_000_000))
        #expect(bench.engine.externalCount == 0)
        expectEntry(true, &bench)
    }

    /// Goal: over-send keeps its own latch beside the lock. Method: an overfill and a trade by hand; each cleared by
    /// its own order only.
    @Test func theLatchOfOverSendIsAnother() throws {
        var bench = EngineBench.trading()
        let entry = try bench.open(.buy, 100)
        bench.feed(.orderFilled(bench.execution(entry, 10, at: 1000, number: 700)))
        bench.external(.sell, 110, at: 1000, number: 900)
        bench.decide(.adopt)
        expectEntry(false, &bench)
        bench.feed(.operated(OperatorCommand(.enableSymbol, instrument: EngineBench.symbol)))
        expectEntry(true, &bench)
    }

    /// Goal: in hedge mode the side alone is locked that was traded. Method: a trade of LONG by hand; an entry of each.
    @Test func inHedgeModeOneSideIsLocked() throws {
        var bench = EngineBench.hedged()
        bench.external(.buy, 100, at: 1000, number: 900, .long)
        bench.signal(.buy, 60) { $0.positionSide = .long }
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        bench.signal(.sell, 70) { $0.positionSide = .short }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.decide(.ignore, .both)
        #expect(bench.decisions.map(\.refusal) == [.sideNotPossible])
        bench.decide(.close, .long)
        let exit = try #require(bench.submissions.first)
        #expect([exit.positionSide] == [.long])
        #expect(exit.side == .sell)
    }

    /// Goal: an entry that waits for its next order does not send it. Method: a TWAP between two slices, a trade by
    /// hand, the time of the next slice.
    @Test func whatWaitsIsNotSent() throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 600, slices: 10)
        let first = try #require(bench.submissions.first)
        bench.fillWhole(first)
        bench.external(.buy, 1, at: 1000, number: 900)
        bench.forget()
        bench.wait(.minutes(60))
        #expect(bench.submissions.isEmpty)
        #expect(bench.closed.map(\.outcome) == [.partiallyFilled])
    }

    // MARK: - Adopt

    /// Goal: an adopted position has the levels that a person gave, for all of it: they fire, after a restart too, and
    /// those before are gone. Method: an entry with a stop, more bought by hand, adopted with another stop and a
    /// take-profit; a snapshot; the price at the old stop, then at the new one.
    @Test func adoptedLevelsFire() throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading { configuration = $0 }
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.external(.buy, 50, at: 1000, number: 900)
        bench.decide(.adopt, takeProfit: 1020, stopLoss: 980)
        let decision = try #require(bench.decisions.first)
        #expect(decision.number.isInternal && decision.refusal == nil)
        #expect(decision.quantity == SignedQuantity(raw: 15_000_000))
        #expect(bench.engine.protection(of: Self.key).stopLoss == EngineBench.price(980))
        #expect(bench.engine.protection(of: Self.key).takeProfit == EngineBench.price(1020))
        bench.restore(try #require(configuration))
        bench.quote(bid: 988, ask: 989)
        #expect(bench.submissions.isEmpty)
        bench.quote(bid: 975, ask: 976)
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(150))
        #expect(exit.reduceOnly)
    }

    /// Goal: any open position may be adopted with prices: one that was taken over from the venue too. Method: a
    /// listing with a short, adopted with a take-profit that is reached.
    @Test func aListedPositionIsAdopted() throws {
        var bench = EngineBench()
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1, positions: [EngineBench.held(-100, at: 1000, bench.now)])
        #expect(bench.engine.externalCount == 0)
        bench.decide(.adopt, takeProfit: 980)
        #expect(bench.decisions.map(\.refusal) == [.noReferencePrice])
        bench.quote(bid: 1000, ask: 1001)
        bench.decide(.adopt)
        #expect(bench.decisions.map(\.refusal) == [.nothingToDecide])
        bench.decide(.adopt, takeProfit: 980)
        #expect(bench.decisions.map(\.refusal) == [nil])
        bench.quote(bid: 970, ask: 971)
        #expect(bench.submissions.map(\.side) == [.buy])
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(100)])
    }

    /// Goal: without prices the levels that there are stay. Method: an entry with a stop, a trade by hand, adopted.
    @Test func adoptedWithoutPricesTheLevelsStay() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.external(.buy, 50, at: 1000, number: 900)
        bench.decide(.adopt)
        #expect(bench.decisions.first?.number == SignalNumber.none)
        bench.quote(bid: 985, ask: 986)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(150)])
    }

    /// Goal: an exit of a level that gives way is ended, without an alarm, and fires no more. Method: a stop whose exit
    /// is out, adopted with another stop.
    @Test func anExitOfALevelThatGivesWayEnds() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.quote(bid: 985, ask: 986)
        let exit = try #require(bench.submissions.first)
        bench.decide(.adopt, stopLoss: 960)
        #expect(bench.cancels.map(\.id) == [exit.id])
        bench.cancelled(exit, filled: 0, .immediateOrCancel)
        bench.wait(.seconds(30))
        #expect(bench.submissions.isEmpty)
        #expect(!bench.alarms.contains(.exitFailed))
        bench.quote(bid: 950, ask: 951)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(100)])
    }

    /// Goal: prices that can't protect are refused by name and change nothing. Method: one each, of a long at 100.0.
    @Test(
        arguments: [
            (EngineBench.price(990), Price.zero, OperatorRefusal.levelOnWrongSide),
            (.zero, EngineBench.price(1010), .levelOnWrongSide),
            (.zero, Price(raw: -EngineBench.price(990).raw), .levelOnWrongSide),
            (Price(raw: Price.bound.raw + 10_000_000), .zero, .levelOnWrongSide),
            (.zero, Price(raw: EngineBench.price(990).raw + 1), .offTick),
        ]
    )
    func pricesAreRefusedByName(_ takeProfit: Price, _ stopLoss: Price, _ reason: OperatorRefusal) {
        var bench = traded()
        let order = PositionOrder(
            .adopt,
            instrument: EngineBench.symbol,
            takeProfit: takeProfit,
            stopLoss: stopLoss,
            author: 1000
        )
        #expect(bench.engine.refusal(of: order, at: bench.now) == reason)
        bench.feed(.positionOrdered(order))
        #expect(bench.decisions.map(\.refusal) == [reason])
        #expect(bench.notices.count == 1 && bench.commands.isEmpty)
        #expect(bench.engine.counters.operatorRefusals == 1)
        #expect(bench.engine.external(Self.key).state == .undecided)
    }

    /// Goal: a table of levels that is full is said. Method: room for one level, two asked for.
    @Test func aFullTableIsSaid() {
        var bench = EngineBench.trading { $0.capacities.levels = 1 }
        bench.external(.buy, 100, at: 1000, number: 900)
        bench.decide(.adopt, takeProfit: 1020, stopLoss: 980)
        #expect(bench.decisions.map(\.refusal) == [.tooManyLevels])
        bench.decide(.adopt, stopLoss: 980)
        #expect(bench.decisions.map(\.refusal) == [nil])
    }

    // MARK: - Close

    /// Goal: a close ends entries of the key, leaves the position and unlocks with the last fill. Method: a resting
    /// entry beside a traded position; closed in two fills.
    @Test func aClosedPositionUnlocks() throws {
        var bench = EngineBench.trading()
        let entry = try bench.rest(.buy, 80, at: 995)
        bench.external(.buy, 100, at: 1000, number: 900)
        bench.decide(.close)
        #expect(bench.engine.external(Self.key).state == .closing)
        #expect(bench.decisions.first?.number == bench.acknowledgements.first?.number)
        #expect(bench.acknowledgements.map(\.source) == [.flatten])
        #expect(bench.cancels.map(\.id) == [entry.id])
        // An own order on the other side gives way first.
        bench.cancelled(entry, filled: 0)
        bench.wait(.milliseconds(50))
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly && exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 60, at: 1000, .taker)
        expectEntry(false, &bench)
        bench.fill(exit, 40, at: 1000, .taker)
        #expect(bench.engine.externalCount == 0)
        expectEntry(true, &bench)
    }

    /// Goal: who trades on while it is closed is asked again; who closes it himself has decided. Method: both.
    @Test(arguments: [false, true]) func aTradeWhileItIsClosed(_ isFlat: Bool) {
        var bench = traded()
        bench.decide(.close)
        bench.external(.sell, isFlat ? 100 : 30, at: 1000, number: 901)
        #expect(bench.engine.external(Self.key).state == (isFlat ? ExternalState.none : .undecided))
    }

    /// Goal: any open position may be closed so, and without a trade of somebody else nothing is locked. Method: a
    /// position of our own.
    @Test func ourOwnPositionIsClosed() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.decide(.close)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(100)])
        #expect(bench.engine.externalCount == 0)
    }

    /// Goal: frozen, a close is held back as a flatten is, and the position stays locked. Method: freeze, close.
    @Test func aFrozenCloseIsVetoed() {
        var bench = traded()
        bench.operate(.haltFrozen)
        bench.decide(.close)
        #expect(bench.submissions.isEmpty)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        #expect(bench.engine.external(Self.key).state == .closing)
    }

    /// Goal: of a flat position that was traded by hand each decision unlocks, without an order. Method: one each.
    @Test(arguments: PositionAction.allCases) func aFlatOneUnlocks(_ action: PositionAction) {
        var bench = traded()
        bench.external(.sell, 100, at: 1000, number: 901)
        #expect(bench.engine.external(Self.key).state == .undecided)
        bench.decide(action)
        #expect(bench.decisions.map(\.refusal) == [nil])
        #expect(bench.commands.isEmpty)
        #expect(bench.engine.externalCount == 0)
    }

    /// Goal: where there is nothing to decide it is said. Method: each action on a flat position that nobody traded,
    /// prices for a flat one, an instrument that isn't there.
    @Test(arguments: PositionAction.allCases) func nothingToDecide(_ action: PositionAction) {
        var bench = EngineBench.trading()
        bench.decide(action)
        #expect(bench.decisions.map(\.refusal) == [.nothingToDecide])
        bench.decide(.adopt, stopLoss: 980)
        #expect(bench.decisions.map(\.refusal) == [.noPosition])
        bench.feed(.positionOrdered(PositionOrder(action, instrument: .none)))
        #expect(bench.decisions.map(\.refusal) == [.unknownSymbol])
        bench.decide(action, .long)
        #expect(bench.decisions.map(\.refusal) == [.sideNotPossible])
    }

    // MARK: - Ignore

    /// Goal: what is ignored is left alone: no entry, no exit of a strategy, not as a flip either; a person's flatten
    /// closes it, and flat it is free. Method: each in turn.
    @Test func whatIsIgnoredIsLeftAlone() throws {
        var bench = traded()
        bench.decide(.ignore)
        #expect(bench.engine.external(Self.key).state == .ignored)
        expectEntry(false, &bench)
        for source in [SignalSource.file, .standardInput, .commandLine, .screener] {
            bench.signal(.sell, 100) {
                $0.intent = .exit
                $0.source = source
            }
            #expect(bench.acknowledgements.first?.vetoes.all == [.nothingToReduce])
        }
        bench.signal(.sell, 150)
        #expect(bench.acknowledgements.first?.disposition == .vetoed)
        #expect(bench.submissions.isEmpty)
        bench.operate(.flatten)
        let exit = try #require(bench.submissions.first)
        bench.fill(exit, 40, at: 1000, .taker)
        #expect(bench.engine.external(Self.key).state == .ignored)
        bench.fill(exit, 60, at: 1000, .taker)
        #expect(bench.engine.externalCount == 0)
        expectEntry(true, &bench)
    }

    /// Goal: somebody else's trades leave it ignored, down to flat. Method: more of it, then all of it sold by hand.
    @Test func othersTradeOnInIt() {
        var bench = traded()
        bench.decide(.ignore)
        bench.external(.buy, 20, at: 1000, number: 901)
        #expect(bench.engine.external(Self.key).state == .ignored)
        #expect(bench.engine.external(Self.key).traded == SignedQuantity(raw: 12_000_000))
        bench.external(.sell, 120, at: 1000, number: 902)
        #expect(bench.engine.externalCount == 0)
    }

    /// Goal: a position that nobody is known to have traded may be ignored too, and one that was ignored may be adopted
    /// or closed after all. Method: a listed position, through all three.
    @Test func aPersonMayThinkAgain() {
        var bench = EngineBench()
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1, positions: [EngineBench.held(100, at: 1000, bench.now)])
        bench.quote(bid: 1000, ask: 1001)
        bench.decide(.ignore)
        #expect(bench.engine.external(Self.key).state == .ignored)
        bench.decide(.adopt)
        #expect(bench.engine.external(Self.key).state == ExternalState.none)
        bench.decide(.ignore)
        bench.decide(.close)
        #expect(bench.engine.external(Self.key).state == .closing)
    }

    /// Goal: what a level of ours watches, or an order of ours works in, is not ignored. Method: a stop; an exit.
    @Test(arguments: [true, false]) func whatIsManagedIsNotIgnored(_ byLevel: Bool) throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { if byLevel { $0.stopLoss = EngineBench.price(990) } }
        if !byLevel { _ = try bench.rest(.sell, 100, at: 1010) { $0.intent = .exit } }
        bench.decide(.ignore)
        #expect(bench.decisions.map(\.refusal) == [.positionManaged])
        #expect(bench.engine.externalCount == 0)
    }

    /// Goal: an order of ours that fills in an ignored position after all is told, and a person decides again. Method:
    /// an entry that is cancelled, the position ignored, and the entry's fill after that.
    @Test func aFillOfOurOwnAsksAgain() throws {
        var bench = EngineBench.trading()
        let entry = try bench.rest(.buy, 100, at: 995)
        bench.external(.buy, 50, at: 1000, number: 900)
        bench.operate(.cancelEntries)
        bench.cancelled(entry, filled: 0)
        bench.decide(.ignore)
        #expect(bench.decisions.map(\.refusal) == [nil])
        let before = bench.alarms.count { $0 == .externalFill }
        bench.fill(entry, 30, at: 995)
        #expect(bench.engine.external(Self.key).state == .undecided)
        let told = bench.notices.compactMap { if case .alarm(let alarm) = $0 { alarm } else { nil } }
        #expect(bench.alarms.count { $0 == .externalFill } == before + 1)
        #expect(told.filter { $0.kind == .externalFill }.map(\.value) == [8_000_000])
    }
}

extension EngineBench {
    /// A person decides about the position; prices in tenths, zero: none.
    mutating func decide(
        _ action: PositionAction,
        _ side: PositionSide = .both,
        takeProfit: Int64 = 0,
        stopLoss: Int64 = 0
    ) {
        feed(
            .positionOrdered(
                PositionOrder(
                    action,
                    instrument: Self.symbol,
                    positionSide: side,
                    takeProfit: Self.price(takeProfit),
                    stopLoss: Self.price(stopLoss),
                    author: 1000
                )
            )
        )
    }

    /// What became of the last event's decision.
    var decisions: [PositionDecision] {
        notices.compactMap { if case .positionDecided(let decision) = $0 { decision } else { nil } }
    }
}
