import FairleadEngine
public import FairleadModel
public import Testing

extension VetoReason: CustomTestStringConvertible {
    public var testDescription: String { name }
}

/// Each row of SPEC 4's table in a whole engine, exactly at what it allows and one step over it.
///
/// The account has 100,000 and is long 0.1 at 100.05, before a book of 100.0 x 100.1; an entry buys 0.2. `configure`
/// and `prepare` bring it to the row's limit, or over it.
private struct RiskScene {
    let rule: VetoReason
    let isOver: Bool

    /// Lots of the long position.
    var held: Int64 {
        switch rule {
        case .maxOrderNotional, .maxOrderQuantity: 1_000
        case .portfolioDrawdownCircuit, .dayLossLimit, .weekLossLimit, .navDrawdownLimit, .tierBlock: 500_000
        default: 100
        }
    }

    /// What else refuses the entry together with the row.
    var alsoBroken: [VetoReason] {
        switch rule {
        case .portfolioDrawdownCircuit: [.killSwitch]
        // Without a price there is no NAV, no size, no drawdown and no worth either.
        case .noReferencePrice:
            [.staleMarketData, .navStale, .portfolioDrawdownCircuit, .varLimit, .cvarLimit, .buyingPower]
        default: []
        }
    }

    func configure(_ configuration: inout EngineConfiguration) {
        // Shares of the NAV: an order of 20.02, or a symbol's worst case of 30.015.
        let trade = Rate(raw: isOver ? 20_019 : 20_020)
        let gross = Rate(raw: isOver ? 30_014 : 30_015)
        configuration.risk.allowsPyramiding = true
        switch rule {
        case .restrictedSymbol: configuration.symbols[0].isRestricted = isOver
        case .notWhitelisted: configuration.symbols[0].isWhitelisted = !isOver
        case .sideBlocked:
            configuration.symbols[0].isBuyBlocked = isOver
            configuration.symbols[0].isSellBlocked = true
        case .dayLossLimit: configuration.risk.dailyLossLimit = Rate(raw: 5_000_000)
        case .weekLossLimit: configuration.risk.weeklyLossLimit = Rate(raw: 5_000_000)
        case .navDrawdownLimit: configuration.risk.maximumNavDrawdown = Rate(raw: 5_000_000)
        case .correlationCap:
            let group = CorrelationGroup(name: "majors", symbols: ["BTCUSDT"], maximumNavFraction: gross)
            configuration.correlationGroups = [group]
        case .varLimit: configuration.risk.maximumPortfolioVar = tailLimit
        case .cvarLimit: configuration.risk.maximumPositionShortfall = tailLimit
        case .tierCap:
            configuration.symbols[0].tier = .satellite
            configuration.risk.tiers.satellite.maximumNavFraction = gross
        case .tierBlock:
            configuration.symbols[0].tier = .tactical
            configuration.risk.tiers.tactical.blockedFrom = .cautious
            configuration.risk.drawdownWarning = Rate(raw: 5_000_000)
        case .minNotional: configuration.risk.minimumNotional = Money(raw8: 2_002_000_000 + (isOver ? 1 : 0))
        case .maxOrderNotional: configuration.risk.maximumOrderNotional = Money(raw8: 2_002_000_000 - (isOver ? 1 : 0))
        case .maxOrderQuantity: configuration.risk.maximumOrderQuantity = EngineBench.quantity(isOver ? 199 : 200)
        case .perTradeNav: configuration.risk.maximumTradeNavFraction = trade
        case .leverageExceeded: configuration.risk.maximumLeverage = trade
        case .symbolCap: configuration.symbols[0].maximumNavFraction = gross
        case .portfolioCap: configuration.risk.maximumGrossExposure = gross
        case .effectiveLeverageExceeded: configuration.risk.maximumEffectiveLeverage = gross
        case .negativeEdge:
            configuration.sizing.kelly.minimumTrades = 2
            addOther(&configuration)
        case .maxConcurrent:
            configuration.risk.maximumConcurrentPositions = isOver ? 1 : 2
            addOther(&configuration)
        case .alreadyInTrade: configuration.risk.allowsPyramiding = !isOver
        case .cooldown: configuration.risk.cooldownAfterStop = .minutes(2)
        case .burstLimit: configuration.risk.maximumTradesPerSymbolPerHour = 3
        case .orderRateLimit: configuration.risk.ordersPerSecond = 5
        case .repeatedExecution: configuration.risk.repeatedExecutionCount = 2
        case .rejectStorm: configuration.risk.rejectStormCount = 2
        case .environmentGuard:
            configuration.risk.requiresDryRun = true
            configuration.risk.isLive = isOver
        default: break
        }
    }

    private func addOther(_ configuration: inout EngineConfiguration) {
        var other = configuration.instruments[0]
        other.symbol = "ETHUSDT"
        configuration.add(other)
    }

    /// The bench before the entry: connected and reconciled with the position, then what the row looks at.
    func bench() throws -> EngineBench {
        var bench = EngineBench(configure)
        bench.feed(.epochOpened(Epoch(number: 1)))
        if rule != .noReferencePrice || !isOver { bench.quote(bid: 1000, ask: 1001) }
        bench.connect(session: 1, positions: [position])
        try prepare(&bench)
        return bench
    }

    private var position: PositionReport {
        PositionReport(
            instrument: EngineBench.symbol,
            positionSide: .both,
            quantity: SignedQuantity(raw: held * 100_000),
            averagePrice: Price(raw: 10_005_000_000),
            venueTime: .never
        )
    }

    private func prepare(_ bench: inout EngineBench) throws {
        let nanosecond = TimeSpan(nanoseconds: 1)
        switch rule {
        case .killSwitch: if isOver { bench.feed(.operated(OperatorCommand(.stopEntries))) }
        case .strategyDisabled:
            let other = StrategyHandle(index: 7)
            bench.feed(.riskOrdered(RiskOrder(.disableStrategy, strategy: isOver ? .unnamed : other)))
        case .notReconciled:
            bench.reconnect(session: 2)
            if !isOver { bench.connect(session: 3, positions: [position]) }
        case .marketClosed:
            bench.halt()
            if !isOver { bench.halt(false) }
        case .staleMarketData:
            // The last trade is a reference still where the book is too old.
            bench.feed(
                .traded(
                    Trade(
                        instrument: EngineBench.symbol,
                        price: EngineBench.price(1001),
                        quantity: EngineBench.quantity(1),
                        aggressor: .buy,
                        venueTime: bench.now
                    )
                )
            )
            bench.now = bench.now + .milliseconds(2_000) + (isOver ? nanosecond : .zero)
        case .navStale:
            bench.now = bench.now + .seconds(150) + (isOver ? nanosecond : .zero)
            bench.quote(bid: 1000, ask: 1001)
        case .portfolioDrawdownCircuit: lose(&bench, mark: 8_005_000_000)
        case .dayLossLimit, .weekLossLimit, .navDrawdownLimit, .tierBlock: lose(&bench, mark: 9_005_000_000)
        case .negativeEdge: try tradeOther(&bench)
        case .varLimit, .cvarLimit: Self.backfill(&bench)
        case .maxConcurrent: bench.quote(bid: 1000, ask: 1001, of: InstrumentHandle(1))
        case .cooldown: try stopOut(&bench)
        case .burstLimit: for lots in 0..<(isOver ? 3 : 2) { try trade(&bench, 60 + Int64(lots)) }
        case .orderRateLimit: for lots in 0..<(isOver ? 4 : 3) { try trade(&bench, 60 + Int64(lots)) }
        case .repeatedExecution:
            for _ in 0..<(isOver ? 2 : 1) {
                try trade(&bench, 60)
                bench.wait(.seconds(3))
                bench.quote(bid: 1000, ask: 1001)
            }
        case .selfCross:
            // A market order may reach the collar, 101.1011.
            bench.signal(.sell, 50) {
                $0.intent = .exit
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(isOver ? 1011 : 1012)
            }
            bench.accept(try #require(bench.submissions.first))
        case .unknownOrder:
            // Immediate: there is nothing of ours at rest that an exit would have to wait for.
            bench.signal(.buy, 60) { $0.style = .taker }
            if isOver { bench.feed(.submitUnanswered(try #require(bench.submissions.first).id)) }
        case .duplicateOrder:
            try trade(&bench, 200)
            bench.now = bench.now + .seconds(2) + (isOver ? .zero : nanosecond)
            bench.quote(bid: 1000, ask: 1001)
        case .rejectStorm:
            for lots in 0..<(isOver ? 2 : 1) {
                bench.signal(.buy, 60 + Int64(lots)) { $0.style = .taker }
                bench.reject(try #require(bench.submissions.first), .insufficientMargin)
            }
            // The storm halts, too; the symbol stays latched when a person resumes.
            #expect(bench.engine.tradingState == (isOver ? .halted : .active))
            bench.feed(.operated(OperatorCommand(.resume)))
        default: break
        }
    }

    /// 120 bars a day long, a close a tenth of a percent to a percent from the one before it.
    private static func backfill(_ bench: inout EngineBench) {
        let day = Timestamp(nanoseconds: 0) + TimeSpan.hours(24 * (bench.now.utcDay - 200))
        for index in 0..<120 {
            let price = EngineBench.price(1000 + Int64(index * 7 % 11))
            bench.feed(
                .barReported(
                    BarReport(
                        instrument: EngineBench.symbol,
                        openTime: day + TimeSpan.hours(24 * Int64(index)),
                        open: price,
                        high: price,
                        low: price,
                        close: price,
                        volume: .zero
                    )
                )
            )
        }
    }

    /// What the row of a tail observes with a limit that nothing reaches: exactly that, and 10^-8 under it, are the
    /// scene's limits.
    private var tailLimit: Rate {
        var bench = EngineBench {
            $0.risk.allowsPyramiding = true
            $0.risk.maximumPortfolioVar = .one
            $0.risk.maximumPositionShortfall = .one
        }
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.quote(bid: 1000, ask: 1001)
        bench.connect(session: 1, positions: [position])
        Self.backfill(&bench)
        ask(&bench)
        let rows = bench.notices.compactMap { if case .riskRow(let row) = $0, row.rule == rule { row } else { nil } }
        guard let row = rows.first, row.status == .passed, row.observed > 1 else { return Rate(raw: 1) }
        return Rate(raw: row.observed - (isOver ? 1 : 0))
    }

    /// An entry that is filled at once.
    private func trade(_ bench: inout EngineBench, _ lots: Int64) throws {
        bench.signal(.buy, lots)
        bench.fill(try #require(bench.submissions.first), lots, at: 1000)
    }

    /// One trade of the other symbol loses 10 %, and one wins as much before its fees, or a tenth more of a percent.
    private func tradeOther(_ bench: inout EngineBench) throws {
        let other = InstrumentHandle(1)
        bench.quote(bid: 1000, ask: 1001, of: other)
        for (lots, price) in [(60, 900), (70, isOver ? 1100 : 1101)] as [(Int64, Int64)] {
            bench.signal(.buy, lots) { $0.instrument = other }
            bench.fill(try #require(bench.submissions.first), lots, at: 1000)
            bench.signal(.sell, lots) {
                $0.instrument = other
                $0.intent = .exit
            }
            bench.fill(try #require(bench.submissions.first), lots, at: price, .taker)
        }
    }

    /// The position of 500 loses at a mark: exactly the limit, or the least under it.
    private func lose(_ bench: inout EngineBench, mark raw: Int64) {
        let mark = Price(raw: isOver ? raw : raw + 1)
        bench.wait(.milliseconds(500))
        bench.feed(.marked(MarkPrice(instrument: EngineBench.symbol, price: mark, venueTime: bench.now)))
        bench.wait(.milliseconds(500))
        bench.quote(bid: raw / 10_000_000, ask: raw / 10_000_000 + 1)
    }

    /// A stop-out of all that there is, an order at rest that is filled after it, and almost or exactly the cooldown.
    private func stopOut(_ bench: inout EngineBench) throws {
        bench.signal(.buy, 100) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(900)
        }
        let resting = try #require(bench.submissions.first)
        bench.accept(resting)
        bench.signal(.buy, 60) { $0.stopLoss = EngineBench.price(990) }
        bench.fill(try #require(bench.submissions.first), 60, at: 1000)
        bench.quote(bid: 980, ask: 981)
        let exit = try #require(bench.submissions.first)
        bench.fill(exit, exit.quantity.raw / 100_000, at: 980, .taker)
        #expect(bench.position == 0)
        bench.fill(resting, 100, at: 900)
        let end = bench.now + .minutes(2)
        bench.now = isOver ? end + TimeSpan(nanoseconds: -1) : end
        bench.quote(bid: 1000, ask: 1001)
    }

    /// The order that is judged.
    func ask(_ bench: inout EngineBench) {
        let now = bench.now
        switch rule {
        case .nothingToReduce: bench.signal(isOver ? .buy : .sell, 100) { $0.intent = .exit }
        case .signalExpired:
            bench.signal(.buy, 200) { $0.expiresAt = isOver ? now + TimeSpan(nanoseconds: -1) : now }
        case .invalidOrder: buy(&bench, limit: Price(raw: 9_950_000_000 + (isOver ? 1 : 0)))
        // 1 % over the ask of 100.1 is 101.101.
        case .priceCollar: buy(&bench, limit: EngineBench.price(isOver ? 1012 : 1011))
        case .maxConcurrent: bench.signal(.buy, 200) { $0.instrument = InstrumentHandle(1) }
        case .negativeEdge: bench.signal(.buy, 1) { $0.size = .kelly(.one) }
        // 99,989.995 are free, and a lot costs 0.1001.
        case .buyingPower: bench.signal(.buy, isOver ? 998_902 : 998_901)
        default: bench.signal(.buy, 200)
        }
    }

    private func buy(_ bench: inout EngineBench, limit: Price) {
        bench.signal(.buy, 200) {
            $0.orderType = .limit
            $0.limitPrice = limit
        }
    }
}

/// Goal: each row refuses an entry in a whole engine one step over its limit, by its own name and with no other reason
/// than those named. Method: its scene, over; the acknowledgement, and that nothing left.
@Test("risk rows: fires over its limit", arguments: VetoReason.allCases) func riskRowFires(rule: VetoReason) throws {
    let scene = RiskScene(rule: rule, isOver: true)
    var bench = try scene.bench()
    let sends = bench.engine.counters.increasingSends
    scene.ask(&bench)
    var expected = VetoReasons()
    for reason in [rule] + scene.alsoBroken { expected.insert(reason) }
    #expect(bench.acknowledgements.first?.disposition == .vetoed)
    #expect(bench.acknowledgements.first?.vetoes.all.map(\.name) == expected.all.map(\.name))
    #expect(bench.submissions.isEmpty)
    #expect(bench.engine.counters.increasingSends == sends)
}

/// Goal: exactly at its limit no row refuses. Method: the same scene, one step back; every reason must be gone.
@Test("risk rows: silent at its limit", arguments: VetoReason.allCases) func riskRowIsSilent(rule: VetoReason) throws {
    let scene = RiskScene(rule: rule, isOver: false)
    var bench = try scene.bench()
    scene.ask(&bench)
    #expect(bench.acknowledgements.first?.vetoes.all.map(\.name) == [])
    #expect(bench.acknowledgements.first?.disposition == .accepted)
}

/// Goal: no limit that guards entries holds an exit. Method: the scene over its limit, then the exit of the position;
/// only `environment_guard` holds everything: where it fires nothing may trade for real.
@Test("risk rows: an exit passes", arguments: VetoReason.allCases) func riskRowLetsExitsPass(rule: VetoReason) throws {
    let scene = RiskScene(rule: rule, isOver: true)
    var bench = try scene.bench()
    scene.ask(&bench)
    bench.signal(.sell, scene.held) { $0.intent = .exit }
    guard rule != .environmentGuard else {
        #expect(bench.acknowledgements.first?.vetoes.all == [.environmentGuard])
        return
    }
    #expect(bench.acknowledgements.first?.vetoes.all.map(\.name) == [])
    if rule == .marketClosed {
        // It waits for the instrument to trade again.
        #expect(bench.submissions.isEmpty)
        bench.halt(false)
    }
    let exit = try #require(bench.submissions.first)
    #expect(exit.reduceOnly && !exit.isIncreasing)
    // What is over a limit of one order is split.
    if rule == .maxOrderQuantity { #expect(exit.quantity == EngineBench.quantity(199)) }
    if rule == .maxOrderNotional { #expect(exit.quantity <= EngineBench.quantity(200)) }
}
