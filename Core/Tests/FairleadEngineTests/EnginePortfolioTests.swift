import FairleadModel
import Testing

@testable import FairleadEngine

/// What a whole engine makes of returns, groups and tiers.
@Suite struct EnginePortfolioTests {
    private let one = InstrumentHandle(0)
    private let two = InstrumentHandle(1)

    /// A bench of two instruments that trades, both quoted at 100.0 x 100.1.
    private func bench(_ adjust: @escaping (inout EngineConfiguration) -> Void = { _ in }) -> EngineBench {
        var bench = EngineBench.trading {
            $0.risk.duplicateOrderWindow = .zero
            $0.risk.allowsPyramiding = true
            var other = $0.instruments[0]
            other.symbol = "ETHUSDT"
            $0.add(other)
            adjust(&$0)
        }
        bench.quote(bid: 1000, ask: 1001, of: two)
        return bench
    }

    /// Backfills bars a day long: closes in tenths by day, for each instrument.
    private func backfill(
        _ bench: inout EngineBench,
        _ days: Int,
        _ instrument: InstrumentHandle,
        _ close: (Int) -> Int64
    ) {
        let first = Timestamp(nanoseconds: 0) + TimeSpan.hours(24 * (bench.now.utcDay - 400))
        for day in 0..<days {
            let price = EngineBench.price(close(day))
            bench.feed(
                .barReported(
                    BarReport(
                        instrument: instrument,
                        openTime: first + TimeSpan.hours(24 * Int64(day)),
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

    private func row(_ bench: borrowing EngineBench, _ rule: VetoReason) -> RiskRow? {
        bench.notices.compactMap { if case .riskRow(let row) = $0, row.rule == rule { row } else { nil } }.first
    }

    /// What a row observed; -1 where there was none.
    private func observed(_ bench: borrowing EngineBench, _ rule: VetoReason) -> Int64 {
        row(bench, rule)?.observed ?? -1
    }

    /// Goal: with too few bars both tails are off and say so, and a hundred returns turn them on. Method: 100 closes,
    /// then one more.
    @Test func tailsBeginWithAHundredReturns() {
        var bench = bench()
        backfill(&bench, 100, one) { 1000 + Int64($0 % 3) }
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        for rule in [VetoReason.varLimit, .cvarLimit] {
            #expect(row(bench, rule)?.status == .unknown)
            #expect(row(bench, rule)?.observed == RiskRow.missing)
        }
        #expect(bench.engine.portfolioEstimate(isShortfall: false) == nil)
        var more = self.bench()
        backfill(&more, 101, one) { 1000 + Int64($0 % 3) }
        more.signal(.buy, 60)
        for rule in [VetoReason.varLimit, .cvarLimit] { #expect(row(more, rule)?.status == .passed) }
        #expect(more.engine.returnCount(one) == 100)
    }

    /// Goal: the order counts at its price and side, over what is held: hedging lowers the portfolio's risk, and not
    /// the position's. Method: two instruments that move alike; an entry the same way and one the other way.
    @Test func hedgingLowersThePortfoliosRisk() throws {
        var bench = bench()
        for instrument in [one, two] { backfill(&bench, 201, instrument) { 1000 + Int64($0 * 7 % 11) } }
        try bench.open(.buy, 10_000)
        bench.signal(.buy, 10_000) { $0.instrument = self.two }
        let more = observed(bench, .varLimit)
        let position = observed(bench, .cvarLimit)
        #expect(more > 0 && position > 0)
        bench.cancelled(try #require(bench.submissions.first), filled: 0)
        bench.signal(.sell, 10_000) { $0.instrument = self.two }
        let less = observed(bench, .varLimit)
        #expect(less >= 0 && less < more / 20)
        let alone = observed(bench, .cvarLimit)
        #expect(alone > position / 3)
        let found = bench.engine.portfolioEstimate(isShortfall: false)
        let held = try #require(found)
        #expect(abs(held.valueAtRisk / 100_000 * 1e8 - Double(more) / 2) < Double(more) / 50)
        let shortfall = bench.engine.positionShortfall(one)
        #expect(try #require(shortfall) > 0)
    }

    /// Goal: the pair rule sees open positions of other instruments only, working entries too. Method: alike returns;
    /// the second instrument before and after the first one's entry; the first again.
    @Test func pairsAreOfOpenPositions() throws {
        var bench = bench { $0.risk.maximumPairCorrelation = Rate(raw: 90_000_000) }
        for instrument in [one, two] { backfill(&bench, 201, instrument) { 1000 + Int64($0 * 7 % 11) } }
        bench.signal(.buy, 60) { $0.instrument = self.two }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.all == [.correlationCap])
        #expect(row(bench, .correlationCap)?.observed == Rate.one.raw)
        bench.signal(.buy, 70) { $0.instrument = self.two }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: Kelly's size shrinks beside a position that moves alike, not beside one that moves against it, nor with
    /// the key off. Method: alike returns; the second instrument bought and sold, with the first one long and without.
    @Test func haircutsAreOfOpenPositions() throws {
        func record(_ side: Side, isHeld: Bool = true, isOn: Bool = true) throws -> SizingRecord {
            var bench = bench { $0.sizing.correlationHaircut = isOn }
            for instrument in [one, two] { backfill(&bench, 201, instrument) { 1000 + Int64($0 * 7 % 11) } }
            if isHeld { try bench.open(.buy, 100) }
            bench.signal(side, 1) {
                $0.instrument = self.two
                $0.size = .kelly(.one)
            }
            return try #require(bench.sizings.last)
        }
        let alone = try record(.buy, isHeld: false)
        #expect(alone.factors.correlationLoad == .zero)
        let alike = try record(.buy)
        #expect(abs(alike.factors.correlationLoad.double - 1) < 1e-7)
        #expect(abs(alike.sizedQuantity.raw * 2 - alone.sizedQuantity.raw) <= 200_000)
        #expect(try record(.sell).factors.correlationLoad == .zero)
        #expect(try record(.buy, isOn: false).factors.correlationLoad == .zero)
    }

    /// Goal: of several groups the one that leaves least room holds the order back, and a reload changes the groups.
    /// Method: a wide and a narrow group; the narrow one's cap in the row; the narrow group taken away.
    @Test func theNarrowestGroupHolds() throws {
        var settings: EngineConfiguration?
        var bench = bench {
            $0.correlationGroups = [
                CorrelationGroup(name: "all", symbols: ["BTCUSDT", "ETHUSDT"], maximumNavFraction: .one),
                CorrelationGroup(name: "eth", symbols: ["ETHUSDT"], maximumNavFraction: Rate(raw: 10_000)),
            ]
            settings = $0
        }
        bench.signal(.buy, 60)
        #expect(row(bench, .correlationCap)?.threshold == Rate.one.raw)
        bench.signal(.buy, 101) { $0.instrument = self.two }
        #expect(bench.acknowledgements.first?.vetoes.all == [.correlationCap])
        #expect(row(bench, .correlationCap)?.threshold == 10_000)
        var next = try #require(settings)
        next.correlationGroups.removeLast()
        bench.engine.stage(next)
        bench.feed(.configured)
        bench.signal(.buy, 101) { $0.instrument = self.two }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(row(bench, .correlationCap)?.threshold == Rate.one.raw)
    }

    /// Goal: an engine read from a snapshot decides as the one that was put away, tails and groups too. Method: bars,
    /// positions and orders, a snapshot, the same entry on both.
    @Test func aSnapshotDecidesTheSame() throws {
        var settings: EngineConfiguration?
        var bench = bench {
            let symbols = ["BTCUSDT", "ETHUSDT"]
            $0.correlationGroups = [CorrelationGroup(name: "all", symbols: symbols, maximumNavFraction: .one)]
            settings = $0
        }
        for instrument in [one, two] { backfill(&bench, 201, instrument) { 1000 + Int64($0 * 7 % 11) } }
        try bench.open(.buy, 10_000)
        _ = try bench.rest(.buy, 100, at: 900) { $0.instrument = self.two }
        let configuration = try #require(settings)
        func rows(_ bench: inout EngineBench) -> [RiskRow] {
            bench.signal(.sell, 77) { $0.instrument = self.two }
            return bench.notices.compactMap { if case .riskRow(let row) = $0 { row } else { nil } }
        }
        bench.restore(configuration)
        let read = rows(&bench)
        #expect(read.contains { $0.rule == .varLimit && $0.status == .passed })
        var twin = self.bench {
            let symbols = ["BTCUSDT", "ETHUSDT"]
            $0.correlationGroups = [CorrelationGroup(name: "all", symbols: symbols, maximumNavFraction: .one)]
        }
        for instrument in [one, two] { backfill(&twin, 201, instrument) { 1000 + Int64($0 * 7 % 11) } }
        try twin.open(.buy, 10_000)
        _ = try twin.rest(.buy, 100, at: 900) { $0.instrument = self.two }
        #expect(rows(&twin) == read)
    }

    /// Goal: a bucket that is not named follows the tier. Method: each tier, none, and a named one.
    @Test func bucketsFollowTiers() {
        var symbol = SymbolConfiguration()
        #expect(symbol.bucket == .low)
        let expected: [(SymbolTier, RouterBucket)] = [
            (.core, .high), (.satellite, .medium), (.tactical, .low), (.altExt, .low),
        ]
        for (tier, bucket) in expected {
            symbol.tier = tier
            #expect(symbol.bucket == bucket)
        }
        symbol.namedBucket = .high
        #expect(symbol.bucket == .high)
    }
}
