import FairleadModel
import Testing

@testable import FairleadEngine

/// Sizes of kind `kelly` in a whole engine, key by key: 100,000 of NAV, an ask of 100.1, lots of 0.001.
@Suite struct EngineKellyTests {
    /// A bench of a strategy with so many trades that won 10 % and lost 9 %.
    private static func bench(
        wins: Int = 0,
        losses: Int = 0,
        _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> EngineBench {
        var bench = EngineBench.trading(adjust)
        for number in 0..<(wins + losses) {
            let lots = Int64(100 + number)
            try bench.open(.buy, lots)
            bench.signal(.sell, lots) { $0.intent = .exit }
            bench.fill(try #require(bench.submissions.first), lots, at: number < wins ? 1100 : 910, .taker)
        }
        return bench
    }

    /// A Kelly entry; gives its record and the lots that were sent.
    private static func enter(
        _ bench: inout EngineBench,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) throws -> (record: SizingRecord, lots: Int64) {
        bench.signal(.buy, 1) {
            $0.size = .kelly(.one)
            adjust(&$0)
        }
        let record = try #require(bench.sizings.last)
        let sent = bench.submissions.first?.quantity ?? .zero
        #expect(sent == record.sizedQuantity || sent == .zero)
        return (record, sent.raw / 100_000)
    }

    /// Goal: a strategy without a past gets the base fraction, weighed by confidence, and its record says so. Method:
    /// two fractions and two confidences; 2,000 at 100.1 are 19.98.
    @Test func theBaseFraction() throws {
        var bench = try Self.bench()
        let (record, lots) = try Self.enter(&bench)
        #expect(lots == 19_980)
        #expect(record.requested == .kelly(.one))
        #expect(record.factors.basis == .base)
        #expect(record.factors.fraction == rate(0.02))
        #expect(record.factors.navFraction == rate(0.02))
        #expect(record.factors.trades == 0)
        #expect(record.factors.correlationLoad == .zero)
        #expect(record.factors.regime == .normal)
        #expect(record.factors.regimeMultiplier == .one)
        let rows = bench.notices.compactMap { if case .riskRow(let row) = $0 { row } else { nil } }
        #expect(rows.first { $0.rule == .negativeEdge }?.status == .unknown)
        var unsure = try Self.bench()
        let weighed = try Self.enter(&unsure) { $0.confidence = rate(0.5) }
        #expect(weighed.lots == 12_487)
        var smaller = try Self.bench { $0.sizing.kelly.baseFraction = rate(0.01) }
        let small = try Self.enter(&smaller)
        #expect(small.lots == 9_990)
        var half = try Self.bench()
        let shared = try Self.enter(&half) { $0.size = .kelly(rate(0.5)) }
        #expect(shared.lots == 9_990)
    }

    /// Goal: from `min_trades` on the strategy's own edge counts, times the multiplier. Method: the same past with both
    /// keys; f = 1/2 - 1/2 * 0.09 / 0.1 less fees.
    @Test func theEdgeOfAStrategy() throws {
        var before = try Self.bench(wins: 1, losses: 1) { $0.sizing.kelly.minimumTrades = 3 }
        let early = try Self.enter(&before)
        #expect(early.record.factors.basis == .base)
        var bench = try Self.bench(wins: 1, losses: 1) { $0.sizing.kelly.minimumTrades = 2 }
        let (record, lots) = try Self.enter(&bench)
        let fraction = record.factors.fraction
        #expect(record.factors.basis == .edge)
        #expect(abs(fraction.double - 0.05) < 0.0001)
        #expect(record.factors.winRate == rate(0.5))
        #expect(record.factors.trades == 2)
        #expect(record.factors.multiplier == rate(0.5))
        #expect(abs(Double(lots) * 0.1001 - 100_000 * fraction.double * 0.5) < 1)
        var whole = try Self.bench(wins: 1, losses: 1) {
            $0.sizing.kelly.minimumTrades = 2
            $0.sizing.kelly.multiplier = .one
        }
        let (_, twice) = try Self.enter(&whole)
        #expect(abs(twice - 2 * lots) <= 2)
        // Another strategy has another past.
        var other = try Self.bench(wins: 1, losses: 1) { $0.sizing.kelly.minimumTrades = 2 }
        let others = try Self.enter(&other) { $0.strategy = StrategyHandle(index: 4) }
        #expect(others.record.factors.basis == .base)
    }

    /// Goal: both bounds hold, and say so. Method: each under the base fraction.
    @Test func theBounds() throws {
        var bounded = try Self.bench { $0.sizing.kelly.maximumFraction = rate(0.005) }
        let first = try Self.enter(&bounded)
        #expect(first.lots == 4_995)
        #expect(first.record.factors.clamps.names == ["max_fraction"])
        var poor = try Self.bench { $0.sizing.kelly.maximumBuyingPowerFraction = rate(0.001) }
        let second = try Self.enter(&poor)
        #expect(second.lots == 999)
        #expect(second.record.factors.clamps.names == ["max_buying_power_fraction"])
    }

    /// Goal: a strategy without an edge enters nothing of Kelly's size, by name, and may still enter a size that it
    /// gives, and leave. Method: losses only; three signals.
    @Test func noEdgeIsAVetoOfKellyAlone() throws {
        var bench = try Self.bench(losses: 3) { $0.sizing.kelly.minimumTrades = 3 }
        let (record, lots) = try Self.enter(&bench)
        #expect(lots == 0)
        #expect(record.sizedQuantity == .zero)
        #expect(record.factors.basis == .noEdge)
        #expect(record.factors.fraction == SizingFactors.missing)
        #expect(bench.acknowledgements.first?.vetoes.all == [.negativeEdge])
        try bench.open(.buy, 50)
        bench.signal(.sell, 50) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: in hedge mode a Kelly signal that can only close asks for the whole position, without an edge. Method:
    /// losses of the long side, then a sell of it.
    @Test func whatCanOnlyCloseHasNoEdge() throws {
        var bench = EngineBench.hedged { $0.sizing.kelly.minimumTrades = 1 }
        try bench.open(.buy, 100) { $0.positionSide = .long }
        bench.signal(.sell, 100) {
            $0.positionSide = .long
            $0.intent = .exit
        }
        bench.fill(try #require(bench.submissions.first), 100, at: 900, .taker)
        #expect(bench.engine.tradeTally(of: .unnamed).losses == 1)
        try bench.open(.buy, 110) { $0.positionSide = .long }
        bench.signal(.sell, 1) {
            $0.positionSide = .long
            $0.size = .kelly(rate(0.1))
        }
        #expect(bench.submissions.first?.quantity == EngineBench.quantity(110))
        #expect(bench.submissions.first?.reduceOnly == true)
    }

    /// Goal: trades that are older than the lookback don't count, at the signal too. Method: a losing past, just within
    /// a day and past it, without a look of the second between.
    @Test func theLookback() throws {
        for (later, expected) in [(0, SizingBasis.noEdge), (1, .base)] as [(Int64, SizingBasis)] {
            var bench = try Self.bench(losses: 2) {
                $0.sizing.kelly.minimumTrades = 2
                $0.sizing.kelly.lookbackDays = 1
            }
            bench.now = bench.now + .hours(24) + TimeSpan(nanoseconds: later)
            bench.quote(bid: 1000, ask: 1001)
            let entered = try Self.enter(&bench)
            #expect(entered.record.factors.basis == expected)
        }
    }
}

/// RULES' table of multipliers in a whole engine.
@Suite struct EngineRegimeSizingTests {
    private typealias Cell = any WritableKeyPath<RegimeMultipliers, Rate> & Sendable
    private static let cells: [(SymbolTier?, SizingRegime, Cell)] = [
        (.core, .low, \.core.low), (.core, .normal, \.core.normal), (.core, .high, \.core.high),
        (.core, .crisis, \.core.crisis), (nil, .low, \.core.low), (nil, .crisis, \.core.crisis),
        (.satellite, .low, \.satellite.low), (.satellite, .normal, \.satellite.normal),
        (.satellite, .high, \.satellite.high), (.satellite, .crisis, \.satellite.crisis),
        (.tactical, .low, \.tactical.low), (.tactical, .normal, \.tactical.normal),
        (.tactical, .high, \.tactical.high), (.tactical, .crisis, \.tactical.crisis),
        (.altExt, .low, \.altExt.low), (.altExt, .normal, \.altExt.normal), (.altExt, .high, \.altExt.high),
        (.altExt, .crisis, \.altExt.crisis),
    ]

    /// A bench whose instrument has the bars of a regime behind it.
    private static func bench(_ regime: SizingRegime, _ adjust: (inout EngineConfiguration) -> Void) -> EngineBench {
        var bench = EngineBench(adjust)
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1)
        var bars = ReturnBars()
        for change in ReturnBars.returns(regime) { bench.feed(.barReported(bars.next(change))) }
        bench.quote(bid: 1000, ask: 1001)
        return bench
    }

    /// Goal: each cell of the table, and no other, cuts a Kelly size of its tier in its regime; a symbol without a tier
    /// has CORE's. Method: each cell set to 0.37 alone; the record, and 0.37 of what 2,000 buy.
    @Test(arguments: cells.indices)
    func eachCellCutsItsOwn(index: Int) throws {
        let (tier, regime, path) = Self.cells[index]
        var bench = Self.bench(regime) {
            $0.symbols[0].tier = tier
            $0.sizing.regimes[keyPath: path] = rate(0.37)
        }
        bench.signal(.buy, 1) { $0.size = .kelly(.one) }
        let record = try #require(bench.sizings.last)
        #expect(record.factors.regime == regime)
        #expect(record.factors.regimeMultiplier == rate(0.37))
        #expect(record.sizedQuantity == EngineBench.quantity(7_392))
        let told = bench.engine.volatilityRegime(EngineBench.symbol)
        #expect(told.regime == regime && !told.isAssumed)
    }

    /// Goal: the defaults are RULES' table. Method: the table by hand.
    @Test func theDefaultsAreTheTable() {
        let table: [(SymbolTier?, [Double])] = [
            (.core, [1, 1, 0.75, 0.5]), (.satellite, [1, 1, 0.7, 0.4]), (.tactical, [1, 0.9, 0.6, 0.3]),
            (.altExt, [0.9, 0.8, 0.5, 0.2]), (nil, [1, 1, 0.75, 0.5]),
        ]
        for (tier, multipliers) in table {
            #expect(SizingRegime.allCases.map { RegimeMultipliers()[tier][$0] } == multipliers.map(rate))
        }
    }

    /// Goal: a size that is given is left alone unless `regime_applies_to_all`. Method: 100 lots in a crisis, with and
    /// without; an exit of them with.
    @Test func aGivenSizeIsCutWhereItIsAsked() throws {
        var bench = Self.bench(.crisis) { _ in }
        bench.signal(.buy, 100)
        #expect(bench.sizings.last?.sizedQuantity == EngineBench.quantity(100))
        #expect(bench.sizings.last?.factors == SizingFactors())
        var all = Self.bench(.crisis) { $0.sizing.regimeAppliesToAll = true }
        try all.open(.buy, 50, at: nil) { $0.size = .quantity(EngineBench.quantity(100)) }
        #expect(all.sizings.last?.sizedQuantity == EngineBench.quantity(50))
        #expect(all.sizings.last?.factors.regime == .crisis)
        all.signal(.sell, 50) { $0.intent = .exit }
        #expect(all.sizings.last?.sizedQuantity == EngineBench.quantity(50))
        #expect(all.sizings.last?.factors == SizingFactors())
    }
}
