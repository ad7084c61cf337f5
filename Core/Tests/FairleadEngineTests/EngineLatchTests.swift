import FairleadEngine
import FairleadModel
import Testing

/// What halts by itself, how far it reaches, and that only a person ends it.
@Suite struct EngineLatchTests {
    private func configuration(_ adjust: (inout EngineConfiguration) -> Void) -> EngineConfiguration {
        var made = EngineConfiguration()
        _ = EngineBench {
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
            adjust(&$0)
            made = $0
        }
        return made
    }

    private func bench(_ configuration: EngineConfiguration) -> EngineBench { .trading { $0 = configuration } }

    // MARK: Drawdown

    /// A position of 500,000 lots (50,000 dollars of a NAV of 100,000), then a fall of 22 %: a drawdown of 11 %.
    private func fall(_ bench: inout EngineBench) throws {
        try bench.open(.buy, 500_000)
        _ = try bench.rest(.buy, 100, at: 700)
        bench.quote(bid: 780, ask: 781)
        bench.wait(.seconds(2))
    }

    /// Goal: the drawdown circuit kills: working entries are cancelled, entries refused, exits pass. Method: let a
    /// large position lose 11 % of NAV with a limit of 10 %.
    @Test func theDrawdownCircuitKills() throws {
        var bench = bench(configuration { $0.risk.maximumPortfolioDrawdown = Rate(raw: 10_000_000) })
        try fall(&bench)
        #expect(bench.engine.tradingState == .killed)
        #expect(bench.engine.tradingStateCause == .drawdownCircuit)
        #expect(bench.cancels.count == 1)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 60)
        let vetoes = try #require(bench.acknowledgements.first?.vetoes)
        #expect(vetoes.contains(.killSwitch))
        #expect(vetoes.contains(.portfolioDrawdownCircuit))
        bench.signal(.sell, 500_000) { $0.intent = .exit }
        #expect(bench.submissions.map(\.reduceOnly) == [true])
    }

    /// Goal: just under its limit the circuit stays open. Method: the same fall with a limit of 12 %.
    @Test func underItsLimitTheCircuitStaysOpen() throws {
        var bench = bench(configuration { $0.risk.maximumPortfolioDrawdown = Rate(raw: 12_000_000) })
        try fall(&bench)
        #expect(bench.engine.tradingState == .active)
        #expect(bench.cancels.isEmpty)
    }

    /// Goal: `killed` by the circuit survives a snapshot and a restart, and only an operator's resume ends it. Method:
    /// latch, put away and read back, open an epoch, recover the price, resume.
    @Test func theCircuitSurvivesASnapshot() throws {
        let settings = configuration { $0.risk.maximumPortfolioDrawdown = Rate(raw: 10_000_000) }
        var bench = bench(settings)
        try fall(&bench)
        bench.restore(settings)
        bench.feed(.epochOpened(Epoch(number: 2)))
        bench.connect(session: 2, positions: [EngineBench.held(500_000, at: 1000, bench.now)])
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.seconds(2))
        #expect(bench.engine.tradingState == .killed)
        #expect(bench.engine.tradingStateCause == .drawdownCircuit)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.portfolioDrawdownCircuit) == true)
        bench.operate(.resume)
        #expect(bench.engine.tradingState == .active)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 70)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.wait(.seconds(2))
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: a journal replayed by another engine is killed by the same event. Method: record the events of a fall,
    /// apply them to a second engine, compare states and words.
    @Test func theCircuitIsTheSameInAReplay() throws {
        let settings = configuration { $0.risk.maximumPortfolioDrawdown = Rate(raw: 10_000_000) }
        var first = bench(settings)
        try fall(&first)
        var second = bench(settings)
        try fall(&second)
        var words = VisitedWords()
        first.engine.visitState(&words)
        var others = VisitedWords()
        second.engine.visitState(&others)
        #expect(words.words == others.words)
        #expect(second.engine.tradingState == .killed)
    }

    // MARK: Rejects, repetition

    /// Goal: so many rejects in a row halt all trading and latch the symbol; resume alone does not free the symbol,
    /// enabling it does. Method: refuse three taker entries with a count of three.
    @Test func aRejectStormHalts() throws {
        var bench = bench(configuration { $0.risk.rejectStormCount = 3 })
        for size in [60, 61, 62] as [Int64] {
            bench.signal(.buy, size) { $0.style = .taker }
            bench.reject(try #require(bench.submissions.first), .insufficientMargin)
        }
        #expect(bench.engine.tradingState == .halted)
        #expect(bench.engine.tradingStateCause == .rejectStorm)
        #expect(bench.alarms.contains(.rejectStorm))
        bench.operate(.resume)
        bench.signal(.buy, 63)
        #expect(bench.acknowledgements.first?.vetoes.all == [.rejectStorm])
        bench.feed(.operated(OperatorCommand(.enableSymbol, instrument: EngineBench.symbol)))
        bench.signal(.buy, 64)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: an acceptance between them, or the window's end, breaks the row. Method: two rejects, one of the two, a
    /// third reject.
    @Test(arguments: [true, false]) func rejectsMustBeInARow(isAccepted: Bool) throws {
        var bench = bench(configuration { $0.risk.rejectStormCount = 3 })
        for size in [60, 61] as [Int64] {
            bench.signal(.buy, size) { $0.style = .taker }
            bench.reject(try #require(bench.submissions.first), .insufficientMargin)
        }
        if isAccepted { _ = try bench.rest(.buy, 70, at: 990) } else { bench.wait(.seconds(61)) }
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 62) { $0.style = .taker }
        bench.reject(try #require(bench.submissions.first), .insufficientMargin)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: post-only orders that would have taken are no storm. Method: two such rejects with a count of two.
    @Test func wouldTakeIsNoStorm() throws {
        var bench = bench(configuration { $0.risk.rejectStormCount = 2 })
        bench.signal(.buy, 60)
        for _ in 0..<2 { bench.reject(try #require(bench.submissions.first), .wouldTake) }
        #expect(bench.engine.tradingState == .active)
        #expect(bench.submissions.map(\.type) == [.marketableLimit])
    }

    private func openThrice(_ bench: inout EngineBench) throws {
        for _ in 0..<3 {
            try bench.open(.buy, 60)
            bench.wait(.milliseconds(1))
        }
    }

    /// Goal: the same trade so many times in a row locks the symbol until it is enabled; exits pass. Method: three
    /// equal entries with a count of three, then an entry, an exit, enable, an entry.
    @Test func repeatedExecutionsLatch() throws {
        var bench = bench(configuration { $0.risk.repeatedExecutionCount = 3 })
        try openThrice(&bench)
        #expect(bench.alarms.contains(.repeatedExecution))
        bench.signal(.buy, 70)
        #expect(bench.acknowledgements.first?.vetoes.all == [.repeatedExecution])
        bench.signal(.sell, 180) { $0.intent = .exit }
        bench.fill(try #require(bench.submissions.first), 180, at: 1000, .taker)
        #expect(bench.position == 0)
        bench.feed(.operated(OperatorCommand(.enableSymbol, instrument: EngineBench.symbol)))
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: the latch survives a snapshot. Method: latch, put away, read back, ask.
    @Test func theRepetitionLatchSurvivesASnapshot() throws {
        let settings = configuration { $0.risk.repeatedExecutionCount = 3 }
        var bench = bench(settings)
        try openThrice(&bench)
        bench.restore(settings)
        bench.signal(.buy, 70)
        #expect(bench.acknowledgements.first?.vetoes.contains(.repeatedExecution) == true)
    }

    // MARK: Too much

    /// Goal: a venue that fills more than was asked is believed: the truth is booked, an alarm is told, the symbol is
    /// locked for entries until it is enabled; exits close all of it. Method: fill 130 of 100.
    @Test func anOverfillIsBookedAndLocksTheSymbol() throws {
        var bench = bench(configuration { _ in })
        bench.signal(.buy, 100) { $0.style = .taker }
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 130, at: 1000, .taker)
        #expect(bench.position == 130)
        #expect(bench.alarms.contains(.overfill))
        #expect(bench.engine.counters.overfills == 1)
        #expect(bench.closed.last?.filled == EngineBench.quantity(100))
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        bench.signal(.sell, 130) { $0.intent = .exit }
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(130)])
    }

    /// Goal: the levels of an over-filled entry protect all of the position. Method: a stop, an overfill, the stop's
    /// price.
    @Test func levelsCoverAnOverfill() throws {
        var bench = bench(configuration { _ in })
        bench.signal(.buy, 100) {
            $0.style = .taker
            $0.stopLoss = EngineBench.price(990)
        }
        bench.fill(try #require(bench.submissions.first), 130, at: 1000, .taker)
        bench.quote(bid: 989, ask: 990)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(130)])
    }

    /// Goal: an over-filled exit turns the position over; it is booked, told, and the other symbol trades on. Method:
    /// fill 150 of an exit of 100.
    @Test func anOverfilledExitIsBooked() throws {
        var bench = bench(configuration { _ in })
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.fill(try #require(bench.submissions.first), 150, at: 1000, .taker)
        #expect(bench.position == -50)
        #expect(bench.alarms.contains(.overfill))
        #expect(bench.engine.openParentCount == 0)
        bench.quote(bid: 980, ask: 981)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: a child that our own guard found over its parent kills trading and locks the symbol (SPEC 4: over-send).
    /// Method: refuse an entry so, resume, ask for an entry.
    @Test func anOverSendKills() throws {
        var bench = bench(configuration { _ in })
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.feed(.egressRefused(EgressRefused(id: entry.id, reason: .overParent)))
        #expect(bench.engine.tradingState == .killed)
        #expect(bench.engine.tradingStateCause == .overSend)
        #expect(bench.alarms.contains(.overSend))
        #expect(bench.engine.liveOrderCount == 0)
        bench.operate(.resume)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
    }

    // MARK: The day

    /// Goal: the day's loss limit refuses entries until 00:00 UTC and no longer; the loss of the day before does not
    /// count. Method: lose 6 % with a limit of 5 %, cross midnight, then lose again.
    @Test func theDayLossLimitRollsAtMidnight() throws {
        var bench = EngineBench {
            $0.risk.allowsPyramiding = true
            $0.risk.dailyLossLimit = Rate(raw: 5_000_000)
            $0.risk.maximumPortfolioDrawdown = nil
        }
        let midnight = Timestamp(nanoseconds: 0) + .hours(24 * (bench.now.utcDay + 1))
        bench.now = midnight + -TimeSpan.seconds(20)
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1)
        bench.quote(bid: 1000, ask: 1001)
        try bench.open(.buy, 500_000)
        bench.quote(bid: 880, ask: 881)
        bench.wait(.seconds(2))
        let booked = bench.engine.resultToday
        #expect(booked < .zero)
        // The limit holds to the last second of the day.
        for (wait, size) in [(0, 100), (16, 110)] as [(Int64, Int64)] {
            bench.wait(.seconds(wait))
            bench.quote(bid: 880, ask: 881)
            bench.signal(.buy, size)
            #expect(bench.acknowledgements.first?.vetoes.all == [.dayLossLimit])
        }
        bench.wait(.seconds(4))
        bench.quote(bid: 880, ask: 881)
        bench.signal(.buy, 120)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(bench.engine.resultToday == .zero)
        bench.quote(bid: 780, ask: 781)
        bench.wait(.seconds(2))
        bench.quote(bid: 780, ask: 781)
        bench.signal(.buy, 130)
        #expect(bench.acknowledgements.first?.vetoes.contains(.dayLossLimit) == true)
    }
}
