import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct ExpectancyTests {
    private static func of(_ rates: [Double]) -> Expectancy {
        var expectancy = Expectancy()
        for rate in rates { expectancy.add(closedTrade(rate)) }
        return expectancy
    }

    /// Goal: each number is RULES' formula. Method: six trades of 100 by hand, a break-even among them.
    @Test func theFormulasHold() {
        // +10, +20, -15, 0, -25, +30: the sum runs 10, 30, 15, 15, -10, 20.
        let expectancy = Self.of([0.1, 0.2, -0.15, 0, -0.25, 0.3])
        #expect(expectancy.count == 6)
        #expect(expectancy.wins == 3)
        #expect(expectancy.losses == 2)
        #expect(expectancy.hitRate == 0.5)
        #expect(isClose(expectancy.averageReturn, 0.2 / 6))
        #expect(expectancy.averageWin == 20)
        #expect(expectancy.averageLoss == -20)
        #expect(expectancy.profit == 20)
        #expect(expectancy.expectancy == 0)
        #expect(expectancy.expectancyPerRisk == 0)
        #expect(expectancy.maximumDrawdown == 40)
        #expect(isClose(expectancy.drawdownAdjusted, -40.0 / 6))
        let better = Self.of([0.1, 0.2, -0.1])
        #expect(isClose(better.expectancy, 2.0 / 3 * 15 - 1.0 / 3 * 10))
        #expect(isClose(better.expectancyPerRisk, (2.0 / 3 * 15 - 1.0 / 3 * 10) / 10))
    }

    /// Goal: what no trade tells is not known. Method: no trade, no loss, no win.
    @Test func whatNoTradeTellsIsMissing() {
        let none = Self.of([])
        #expect(none.hitRate == nil && none.averageReturn == nil && none.expectancy == nil)
        #expect(none.expectancyPerRisk == nil && none.drawdownAdjusted == nil)
        #expect(none.averageWin == nil && none.averageLoss == nil)
        #expect(none.maximumDrawdown == 0)
        let won = Self.of([0.1, 0.3])
        #expect(won.averageLoss == nil)
        #expect(won.expectancy == 20)
        // Without a loss the risk counts as 1.
        #expect(won.expectancyPerRisk == 20)
        #expect(won.maximumDrawdown == 0)
        let lost = Self.of([-0.1, -0.3])
        #expect(lost.averageWin == nil)
        #expect(lost.hitRate == 0)
        #expect(lost.expectancy == -20)
        #expect(lost.expectancyPerRisk == -1)
        #expect(lost.maximumDrawdown == 40)
    }

    /// Goal: thirty trades are mature. Method: one short of it and at it.
    @Test func thirtyTradesAreMature() {
        #expect(!Self.of(times(29, 0.1)).isMature)
        #expect(Self.of(times(30, 0.1)).isMature)
    }

    /// Goal: each trade counts for its symbol, its strategy and the hour at which it was opened. Method: trades at the
    /// edges of hours and days.
    @Test func tradesAreSorted() {
        let day = Timestamp(milliseconds: 1_723_075_200_000)
        var tables = ExpectancyTables(instruments: 2)
        tables.add(closedTrade(0.1, instrument: 1, strategy: 5, openedAt: day))
        tables.add(closedTrade(0.1, instrument: 1, openedAt: day + .hours(1) + TimeSpan(nanoseconds: -1)))
        tables.add(closedTrade(-0.1, instrument: 0, strategy: 5, openedAt: day + .hours(23)))
        tables.add(closedTrade(-0.1, instrument: 0, strategy: 999, openedAt: day + .hours(25)))
        #expect(tables.symbols.map(\.count) == [2, 2])
        #expect(tables.strategies[0].count == 1)
        #expect(tables.strategies[5].count == 2)
        #expect(tables.strategies[PositionLedger.strategyLimit - 1].count == 1)
        #expect(tables.hours[0].count == 2)
        #expect(tables.hours[1].count == 1)
        #expect(tables.hours[23].count == 1)
        #expect(tables.hours.map(\.count).reduce(0, +) == 4)
    }
}

@Suite struct SymbolScoreTests {
    private static func score(_ change: (inout SymbolScoreInput) -> Void = { _ in }) -> SymbolScore {
        var input = SymbolScoreInput()
        change(&input)
        return SymbolScore(input)
    }

    /// Goal: nothing known is the middle of both parts, and nothing is subtracted. Method: an empty input.
    @Test func nothingKnownIsTheMiddle() {
        let score = Self.score()
        #expect(score.expectancy == 0.5)
        #expect(score.router == 0.5)
        #expect(score.slippage == 0 && score.fees == 0 && score.volatility == 0)
        #expect(isClose(score.score, 0.45))
    }

    /// Goal: E is the expectancy's, mixed with the hit rate where that is known. Method: values of both.
    @Test func expectancyAndHitRate() {
        // tanh(1) = 0.76159...
        #expect(isClose(Self.score { $0.expectancy = 10 }.expectancy, 0.880797078))
        #expect(isClose(Self.score { $0.expectancy = -10 }.expectancy, 0.119202922))
        let mixed = Self.score {
            $0.expectancy = 10
            $0.hitRate = 0.4
        }
        #expect(isClose(mixed.expectancy, 0.7 * 0.880797078 + 0.3 * 0.4))
        #expect(isClose(Self.score { $0.hitRate = 1 }.expectancy, 0.65))
    }

    /// Goal: R is the published quality, else the maker's ratios, else the middle. Method: each, and half of the
    /// ratios.
    @Test func qualityComesFirst() {
        let ratios: (inout SymbolScoreInput) -> Void = {
            $0.makerFill = 0.9
            $0.fallback = 0.4
        }
        #expect(isClose(Self.score(ratios).router, 0.731058579))
        let both: (inout SymbolScoreInput) -> Void = {
            ratios(&$0)
            $0.quality = 0.2
        }
        #expect(Self.score(both).router == 0.2)
        #expect(Self.score { $0.makerFill = 0.9 }.router == 0.5)
    }

    /// Goal: slippage costs up to 0.4, and only where it is a cost. Method: a gain, a cost, at the bound and over it.
    @Test func slippageIsBounded() {
        #expect(Self.score { $0.slippageBps = -5 }.slippage == 0)
        #expect(Self.score { $0.slippageBps = 4 }.slippage == 0.2)
        #expect(Self.score { $0.slippageBps = 8 }.slippage == 0.4)
        #expect(Self.score { $0.slippageBps = 80 }.slippage == 0.4)
    }

    /// Goal: fees cost by what was made, up to 0.4. Method: a share, a rebate, a loss, no result, none known, the
    /// bound.
    @Test func feesAreBounded() {
        func fees(_ paid: Double?, _ profit: Double?) -> Double {
            Self.score {
                $0.fees = paid
                $0.profit = profit
            }.fees
        }
        #expect(fees(10, 20) == 0.1)
        #expect(fees(-10, 20) == 0.1)
        #expect(fees(10, -20) == 0.1)
        #expect(fees(40, 20) == 0.4)
        #expect(fees(41, 20) == 0.4)
        #expect(fees(10, 0) == 0)
        #expect(fees(10, nil) == 0)
        #expect(fees(nil, 20) == 0)
    }

    /// Goal: a volatility that is not as ever costs, up to half. Method: on both sides of 1, at the bound and over it.
    @Test func volatilityIsBounded() {
        #expect(isClose(Self.score { $0.volatilityScale = 1.2 }.volatility, 0.2))
        #expect(isClose(Self.score { $0.volatilityScale = 0.8 }.volatility, 0.2))
        #expect(Self.score { $0.volatilityScale = 1.5 }.volatility == 0.5)
        #expect(Self.score { $0.volatilityScale = 9 }.volatility == 0.5)
    }

    /// Goal: the score is the weighted sum, in [0, 1]. Method: all parts by hand; the best and the worst there can be.
    @Test func theScoreIsTheSum() {
        let all = Self.score {
            $0.expectancy = 10
            $0.hitRate = 0.6
            $0.quality = 0.8
            $0.slippageBps = 2
            $0.fees = 5
            $0.profit = 50
            $0.volatilityScale = 1.1
        }
        let expectancy = 0.7 * 0.880797078 + 0.3 * 0.6
        #expect(isClose(all.score, 0.55 * expectancy + 0.35 * 0.8 - 0.1 - 0.02 - 0.3 * 0.1))
        let best = Self.score {
            $0.expectancy = 1e9
            $0.quality = 2
        }
        #expect(best.score == 1)
        let worst = Self.score {
            $0.expectancy = -1e9
            $0.quality = 0
            $0.slippageBps = 100
        }
        #expect(worst.score == 0)
    }
}
