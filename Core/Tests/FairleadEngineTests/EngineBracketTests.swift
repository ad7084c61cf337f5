import FairleadEngine
import FairleadModel
import Testing

/// Entry, take-profit and stop as one unit: SPEC 9.
@Suite struct EngineBracketTests {
    private func enter(
        _ bench: inout EngineBench,
        _ lots: Int64,
        profit: Int64 = 1020,
        stop: Int64 = 980,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) throws -> OrderSubmission {
        bench.signal(.buy, lots) {
            if profit > 0 { $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(profit), fraction: .one)) }
            $0.stopLoss = EngineBench.price(stop)
            adjust(&$0)
        }
        return try #require(bench.submissions.first)
    }

    private func rests(_ terms: inout SignalTerms) {
        terms.orderType = .limit
        terms.limitPrice = EngineBench.price(1000)
    }

    /// Goal: children live for what is filled only. Method: a resting entry, unfilled and then cancelled, with the
    /// price beyond both levels; then one that is filled in part.
    @Test func childrenLiveForWhatIsFilled() throws {
        var bench = EngineBench.trading()
        var entry = try enter(&bench, 100, rests)
        bench.accept(entry)
        bench.quote(bid: 1030, ask: 1031)
        #expect(bench.submissions.isEmpty)
        bench.cancelled(entry, filled: 0)
        bench.wait(.seconds(3))
        bench.quote(bid: 1000, ask: 1001)
        entry = try enter(&bench, 100, rests)
        bench.accept(entry)
        bench.fill(entry, 40, at: 1000)
        #expect(bench.engine.exitCoverage.stopLossMissing == 0)
        bench.quote(bid: 970, ask: 971)
        // The exit would trade against the rest of the entry, which goes first.
        #expect(bench.cancels.map(\.id) == [entry.id])
        bench.cancelled(entry, filled: 40)
        bench.wait(.milliseconds(50))
        let exit = try #require(bench.submissions.first)
        #expect(exit.quantity == EngineBench.quantity(40))
        bench.fill(exit, 40, at: 970, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
        bench.wait(.seconds(5))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: of take-profit and stop one closes what the other doesn't, and each fires once. Method: the take-profit's
    /// exit is filled in part, the price falls through the stop, and both exits are filled in either order.
    @Test(arguments: [true, false]) func oneCancelsOther(_ profitFirst: Bool) throws {
        var bench = EngineBench.trading()
        let entry = try enter(&bench, 100)
        bench.fill(entry, 100, at: 1000)
        bench.quote(bid: 1020, ask: 1021)
        let profit = try #require(bench.submissions.first)
        bench.fill(profit, 30, at: 1020, .taker)
        bench.quote(bid: 970, ask: 971)
        #expect(bench.submissions.isEmpty)
        if profitFirst {
            bench.fill(profit, 50, at: 1020, .taker)
            bench.cancelled(profit, filled: 80, .immediateOrCancel)
        } else {
            bench.cancelled(profit, filled: 30, .immediateOrCancel)
        }
        var sold: Int64 = 0
        for _ in 0..<10 where bench.position > 0 {
            if let exit = bench.submissions.first {
                sold += 1
                bench.fill(exit, bench.position, at: 970, .taker)
            } else {
                bench.wait(.seconds(1))
            }
        }
        #expect(bench.position == 0)
        #expect(sold <= 2)
        bench.wait(.seconds(5))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.exitCoverage.positions == 0)
    }

    /// Goal: a manual exit of all disarms, one of a part leaves the stop with the rest, and a position that grows by
    /// its entry is protected whole. Method: each, and then the price at the stop.
    @Test func manualExitsDisarm() throws {
        var bench = EngineBench.trading {
            $0.instruments[0].terms.minimumNotional = .zero
            $0.risk.duplicateOrderWindow = .zero
        }
        let entry = try enter(&bench, 100, rests)
        bench.accept(entry)
        bench.fill(entry, 60, at: 1000)
        bench.signal(.sell, 20) { $0.intent = .reduce }
        // The exit waits until the entry, against which it would trade, is gone; what fills before that is protected.
        bench.fill(entry, 30, at: 1000)
        bench.cancelled(entry, filled: 90)
        bench.wait(.milliseconds(50))
        let reduce = try #require(bench.submissions.first)
        bench.fill(reduce, 20, at: 1000, .taker)
        #expect(bench.position == 70)
        bench.quote(bid: 979, ask: 980)
        let stop = try #require(bench.submissions.first)
        #expect(stop.quantity == EngineBench.quantity(70))
        bench.fill(stop, 70, at: 979, .taker)
        bench.quote(bid: 1000, ask: 1001)
        let again = try enter(&bench, 100)
        bench.fill(again, 100, at: 1000)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let manual = try #require(bench.submissions.first)
        bench.fill(manual, 100, at: 1000, .taker)
        bench.quote(bid: 950, ask: 951)
        bench.wait(.seconds(5))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.staleLevelKeys == 0)
    }

    /// Goal: a person's resting exit doesn't keep the position from its stop: the stop cancels it, closes what is free
    /// at once, and the rest when it fires again; what the resting exit fills meanwhile is not sold twice. Method: a
    /// limit exit of 60 of 100, the stop, and the cancel with and without a fill that races it.
    @Test(arguments: [0, 25, 60] as [Int64]) func aStopCancelsARestingExit(_ raced: Int64) throws {
        var bench = EngineBench.trading()
        let entry = try enter(&bench, 100, profit: 0)
        bench.fill(entry, 100, at: 1000)
        bench.signal(.sell, 60) {
            $0.intent = .exit
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(1010)
        }
        let resting = try #require(bench.submissions.first)
        bench.accept(resting)
        bench.quote(bid: 979, ask: 980)
        #expect(bench.cancels.map(\.id) == [resting.id])
        let stop = try #require(bench.submissions.first)
        #expect(stop.quantity == EngineBench.quantity(40))
        bench.fill(stop, 40, at: 979, .taker)
        if raced > 0 { bench.fill(resting, raced, at: 1010) }
        if raced < 60 { bench.cancelled(resting, filled: raced) }
        bench.wait(.seconds(1))
        let rest = bench.submissions
        #expect(rest.map(\.quantity.raw) == (raced < 60 ? [EngineBench.quantity(60 - raced).raw] : []))
        if let last = rest.first { bench.fill(last, 60 - raced, at: 979, .taker) }
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
    }

    /// Goal: a triggered stop-limit rests at its limit for five seconds, then its cancel is awaited, and a market exit
    /// takes what is left. Method: nothing, a part, and all of it filled before the cancel's outcome.
    @Test(arguments: [0, 40, 100] as [Int64]) func aStopLimitTurnsToTheMarket(_ filled: Int64) throws {
        var bench = EngineBench.trading()
        let entry = try enter(&bench, 100, profit: 0) { $0.stop.limitPrice = EngineBench.price(978) }
        bench.fill(entry, 100, at: 1000)
        bench.quote(bid: 970, ask: 971)
        let limit = try #require(bench.submissions.first)
        #expect(limit.type == .limit)
        #expect(limit.price == EngineBench.price(978))
        #expect(limit.reduceOnly)
        bench.accept(limit)
        bench.forget()
        bench.wait(.milliseconds(4_999))
        bench.quote(bid: 970, ask: 971)
        #expect(bench.cancels.isEmpty)
        bench.wait(.milliseconds(1))
        #expect(bench.cancels.map(\.id) == [limit.id])
        #expect(bench.submissions.isEmpty)
        if filled > 0 { bench.fill(limit, filled, at: 978) }
        if filled < 100 { bench.cancelled(limit, filled: filled) }
        bench.wait(.milliseconds(1))
        let exits = bench.submissions
        #expect(exits.map(\.quantity.raw) == (filled < 100 ? [EngineBench.quantity(100 - filled).raw] : []))
        if let exit = exits.first {
            #expect(exit.type == .marketableLimit)
            bench.fill(exit, 100 - filled, at: 970, .taker)
        }
        #expect(bench.position == 0)
        #expect(!bench.alarms.contains(.exitFailed))
    }

    /// Goal: a trailing stop and stages of a signal work in the engine, off the mark. Method: let the price rise, and
    /// fall to where the stop has come.
    @Test func trailsInTheEngine() throws {
        var bench = EngineBench.trading()
        let entry = try enter(&bench, 100, profit: 0) {
            $0.stop.trail = .amount(EngineBench.price(10))
            $0.stop.stages.append(ProfitStage(profit: Rate(bps: 1000), stop: Rate(bps: 950)))
        }
        bench.fill(entry, 100, at: 1000)
        let key = PositionKey(EngineBench.symbol, .both)
        func stop() -> Price? { bench.engine.protection(of: key).stopLoss }
        // The middle of 100.0 and 100.1, less 1.0, rounded up.
        #expect(stop() == EngineBench.price(991))
        bench.quote(bid: 1050, ask: 1052)
        #expect(stop() == EngineBench.price(1041))
        bench.quote(bid: 1099, ask: 1101)
        #expect(stop() == EngineBench.price(1095))
        bench.quote(bid: 1095, ask: 1096)
        #expect(bench.submissions.isEmpty)
        bench.quote(bid: 1094, ask: 1095)
        #expect(bench.submissions.first?.quantity == EngineBench.quantity(100))
    }

    /// Goal: a stop ends the rest of its entry, which would be bought only to be stopped at once. Method: a TWAP whose
    /// stop is reached between its slices, and one that a person has paused.
    @Test(arguments: [true, false]) func aStopEndsItsEntry(_ isPaused: Bool) throws {
        var bench = EngineBench.slicing()
        bench.twap(.buy, 2000) { $0.stopLoss = EngineBench.price(980) }
        let first = try #require(bench.submissions.first)
        bench.accept(first)
        bench.fillWhole(first)
        if isPaused { bench.operate(.pauseParent, on: try #require(bench.progress.last?.intent)) }
        bench.quote(bid: 970, ask: 971)
        let exit = try #require(bench.submissions.first)
        #expect(EngineBench.lots(exit) == 500)
        bench.fill(exit, 500, at: 970, .taker)
        #expect(bench.position == 0)
        bench.wait(.seconds(30))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 0)
    }
}
