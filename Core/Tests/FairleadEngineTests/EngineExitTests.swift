import FairleadEngine
import FairleadModel
import Testing

@Suite struct EngineExitTests {
    private func open(_ bench: inout EngineBench, _ side: Side, profit: Int64, stop: Int64) throws {
        bench.signal(side, 100) {
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(profit), fraction: .one))
            $0.stopLoss = EngineBench.price(stop)
        }
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 100, at: side == .buy ? 1000 : 1001)
    }

    /// Goal: a take-profit of a long position fires once and closes it. Method: move the book to the level.
    @Test func takeProfitOfALong() throws {
        var bench = EngineBench.trading()
        try open(&bench, .buy, profit: 1010, stop: 990)
        bench.quote(bid: 1010, ask: 1011)
        let exit = try #require(bench.submissions.first)
        #expect(exit.side == .sell)
        #expect(exit.reduceOnly)
        bench.quote(bid: 1012, ask: 1013)
        #expect(bench.submissions.isEmpty)
        bench.fill(exit, 100, at: 1010, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
    }

    /// Goal: a stop of a short position fires, and starts the cooldown. Method: move the book up; then ask for an
    /// entry.
    @Test func stopLossOfAShortStartsTheCooldown() throws {
        var bench = EngineBench.trading { $0.risk.cooldownAfterStop = .minutes(10) }
        try open(&bench, .sell, profit: 990, stop: 1010)
        bench.quote(bid: 1010, ask: 1011)
        let exit = try #require(bench.submissions.first)
        #expect(exit.side == .buy)
        bench.fill(exit, 100, at: 1011, .taker)
        #expect(bench.position == 0)
        bench.signal(.sell, 30)
        #expect(bench.acknowledgements.first?.vetoes.contains(.cooldown) == true)
    }

    /// Goal: an exit that isn't filled is repriced three times and then goes as a market order, and says so. Method:
    /// end each attempt unfilled.
    @Test func exitIsRepricedThenUnbounded() throws {
        var bench = EngineBench.trading()
        try open(&bench, .buy, profit: 1010, stop: 990)
        bench.quote(bid: 989, ask: 990)
        var types: [OrderType] = []
        for _ in 0..<5 {
            let exit = try #require(bench.submissions.first)
            types.append(exit.type)
            bench.cancelled(exit, filled: 0, .immediateOrCancel)
        }
        #expect(types == [.marketableLimit, .marketableLimit, .marketableLimit, .marketableLimit, .market])
        #expect(bench.alarms.contains(.exitUnbounded))
        #expect(bench.alarms.contains(.exitFailed))
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(2))
        #expect(bench.submissions.count == 1)
    }

    /// Goal: an entry against the position is an exit plus a vetted entry, one parent. Method: sell 150 against long
    /// 100.
    @Test func flip() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 100, at: 1000)
        bench.signal(.sell, 150)
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 1000, .taker)
        let second = try #require(bench.submissions.first)
        #expect(!second.reduceOnly)
        #expect(second.quantity == EngineBench.quantity(50))
        bench.fill(second, 50, at: 1001)
        #expect(bench.position == -50)
        #expect(bench.closed.count == 2)
    }

    /// Goal: an exit is clamped to what is left, and nothing left is `nothing_to_reduce`. Method: ask for double, then
    /// again.
    @Test func exitsAreClamped() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 100, at: 1000)
        bench.signal(.sell, 200) { $0.intent = .exit }
        #expect(bench.submissions.first?.quantity == EngineBench.quantity(100))
        bench.signal(.sell, 10) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.vetoes.primary == .nothingToReduce)
    }

    /// Goal: an exit's bound never leaves the venue's percent-price band, which would refuse it. Method: a band as wide
    /// as the exit collar; the bound must lie inside nine tenths of it.
    @Test func exitBoundStaysInsideTheVenuesBand() throws {
        var bench = EngineBench.trading { $0.instruments[0].terms.percentPrice = Rate(bps: 500) }
        try open(&bench, .buy, profit: 1010, stop: 990)
        bench.quote(bid: 1010, ask: 1011)
        let exit = try #require(bench.submissions.first)
        #expect(exit.price == EngineBench.price(965))
    }

    /// Goal: an exit's bound lies inside the venue's band around its mark, also where the touch has run ahead of that.
    /// Method: a band of 5 %, a mark of 100.0, a touch 3 % further on, on either side of the book.
    @Test(arguments: [Side.buy, .sell]) func exitBoundStaysInsideTheBandOfTheMark(_ side: Side) throws {
        var bench = EngineBench.trading { $0.instruments[0].terms.percentPrice = Rate(bps: 500) }
        try bench.open(side, 100)
        bench.mark(1000)
        bench.quote(bid: side == .buy ? 970 : 1029, ask: side == .buy ? 971 : 1030)
        bench.signal(side.opposite, 100) { $0.intent = .exit }
        #expect(bench.submissions.map(\.price) == [EngineBench.price(side == .buy ? 955 : 1045)])
    }

    /// Goal: a flip without funds closes what it would turn, and only its entry is refused. Method: a short that has
    /// lost more than is free, and a buy of more than the short.
    @Test func aFlipWithoutFundsStillExits() throws {
        var bench = EngineBench.trading()
        try bench.open(.sell, 900_000, at: 1000)
        bench.quote(bid: 1070, ask: 1071)
        bench.wait(.seconds(1))
        bench.quote(bid: 1070, ask: 1071)
        bench.signal(.buy, 950_000)
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly && exit.quantity == EngineBench.quantity(900_000))
        let decisions = bench.notices.compactMap { if case .riskDecided(let decision) = $0 { decision } else { nil } }
        #expect(decisions.map(\.isReducing) == [true, false])
        #expect(decisions.last?.vetoes.contains(.buyingPower) == true)
        bench.fill(exit, 900_000, at: 1071, .taker)
        #expect(bench.position == 0)
        #expect(bench.engine.openParentCount == 0)
    }

    /// Goal: what a stop leaves under the venue's smallest order is told once and is quiet. Method: a smallest order of
    /// 10 lots, of which four are left; an hour.
    @Test func whatIsNoOrderIsQuiet() throws {
        var bench = try leavingFour()
        let before = bench.allNotices.count
        bench.wait(.hours(1))
        let later = bench.allNotices.dropFirst(before)
        #expect(!later.contains { if case .acknowledged = $0 { true } else { false } })
        #expect(!later.contains { if case .alarm = $0 { true } else { false } })
        #expect(bench.alarms.filter { $0 == .residual }.count == 1)
        #expect(!bench.alarms.contains(.exitFailed))
    }

    /// Goal: a stop that was quiet is watched again once its position is an order: at its price, not at once. Method:
    /// the four lots grow by an entry above the stop's price; then the price comes there.
    @Test func aStopThatWasQuietIsWatchedAgain() throws {
        var bench = try leavingFour()
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        try bench.open(.buy, 100)
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.submissions.isEmpty)
        bench.quote(bid: 989, ask: 990)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(104)])
    }

    /// Goal: a level that is reached with a position that is no order tells it once too. Method: the position is cut to
    /// four lots by hand before the price comes.
    @Test func aStopOfDustIsToldOnce() throws {
        var bench = EngineBench.trading { $0.instruments[0].terms.minimumQuantity = EngineBench.quantity(10) }
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.signal(.sell, 96) { $0.intent = .reduce }
        bench.fill(try #require(bench.submissions.first), 96, at: 1000, .taker)
        #expect(bench.position == 4)
        bench.quote(bid: 989, ask: 990)
        bench.wait(.hours(1))
        #expect(bench.alarms.filter { $0 == .residual }.count == 1)
        #expect(!bench.alarms.contains(.exitFailed))
    }

    /// A long of 100 whose stop has closed 96, where the venue takes no order under 10.
    private func leavingFour() throws -> EngineBench {
        var bench = EngineBench.trading {
            $0.instruments[0].terms.minimumQuantity = EngineBench.quantity(10)
            $0.risk.allowsPyramiding = true
        }
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.quote(bid: 989, ask: 990)
        let exit = try #require(bench.submissions.first)
        bench.fill(exit, 96, at: 989, .taker)
        bench.cancelled(exit, filled: 96, .immediateOrCancel)
        #expect(bench.position == 4)
        return bench
    }

    /// Goal: an exit that the venue throttles waits for the end of that, spends none of its reprices on it, and never
    /// becomes a market order by it. Method: refuse a market exit and a limit exit so, more often than it may be
    /// repriced.
    @Test(arguments: [OrderType.market, .limit]) func aThrottledExitWaits(_ type: OrderType) throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) {
            $0.intent = .exit
            $0.orderType = type
            if type == .limit { $0.limitPrice = EngineBench.price(1005) }
        }
        for _ in 0..<6 {
            let exit = try #require(bench.submissions.first)
            #expect(exit.type == (type == .limit ? .limit : .marketableLimit))
            bench.feed(.venueThrottled(VenueRestriction(venue: .paper, until: bench.now + .seconds(3))))
            bench.reject(exit, .throttled)
            #expect(bench.submissions.isEmpty)
            bench.wait(.milliseconds(2_999))
            #expect(bench.submissions.isEmpty)
            bench.quote(bid: 1000, ask: 1001)
            bench.wait(.milliseconds(1))
        }
        let last = try #require(bench.submissions.first)
        bench.fill(last, 100, at: 1005, .taker)
        #expect(bench.position == 0)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: a trade of long ago fires no level of a position that was entered since, whichever way it lies; the next
    /// one does. Method: levels by the last trade, which is ten minutes old and beyond one of them.
    @Test(arguments: [900, 1100] as [Int64]) func anOldTradeReachesNoLevel(_ old: Int64) throws {
        var bench = EngineBench.slicing { $0.exits.triggerReference = .last }
        bench.trade(10, at: old)
        bench.wait(.minutes(10))
        bench.quote(bid: 1000, ask: 1001)
        try bench.open(.buy, 100, at: 1001) {
            $0.stopLoss = EngineBench.price(950)
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1050), fraction: .one))
        }
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(3))
        #expect(bench.submissions.isEmpty)
        bench.trade(10, at: 949)
        #expect(bench.submissions.count == 1)
    }

    /// Goal: a trailing stop doesn't begin behind a trade of long ago. Method: 2 % behind the last trade, which was at
    /// 110.0 ten minutes before an entry at 100.1.
    @Test func aTrailBeginsAtNoOldTrade() throws {
        var bench = EngineBench.slicing { $0.exits.triggerReference = .last }
        bench.trade(10, at: 1100)
        bench.wait(.minutes(10))
        bench.quote(bid: 1000, ask: 1001)
        try bench.open(.buy, 100, at: 1001) { $0.stop.trail = .share(Rate(raw: 2_000_000)) }
        bench.trade(10, at: 1000)
        #expect(bench.submissions.isEmpty)
        bench.trade(10, at: 980)
        #expect(bench.submissions.count == 1)
    }
}
