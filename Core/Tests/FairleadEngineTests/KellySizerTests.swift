import CMallocCount
import FairleadModel
import Testing

@testable import FairleadEngine

extension SizingInput {
    /// A strategy's past, what moves together and how the market is, at random.
    mutating func draw(_ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            tally.add(closedTrade(Double.random(in: -0.1...0.15, using: &generator)))
        }
        confidence = Rate(raw: Int64.random(in: 0...FixedPoint.one, using: &generator))
        correlationLoad = Rate(raw: Int64.random(in: 0...5 * FixedPoint.one, using: &generator))
        if Bool.random(using: &generator) {
            regime = SizingRegime.allCases.randomElement(using: &generator)
            regimeMultiplier = Rate(raw: Int64.random(in: 1...FixedPoint.one, using: &generator))
        }
    }
}

@Suite struct KellySizerTests {
    /// A strategy with f = 0.175, a NAV and funds of 10,000, a price of 100, lots of 0.00000001.
    private static func input(_ change: (inout SizingInput) -> Void = { _ in }) -> SizingInput {
        var input = SizingInput(
            terms: InstrumentTerms(
                tick: price(0.01),
                lot: Quantity(raw: 1),
                minimumQuantity: Quantity(raw: 1),
                maximumQuantity: quantity(1000)
            ),
            side: .buy,
            limitPrice: .zero,
            reference: price(100),
            nav: money(10_000),
            available: money(10_000),
            wantsReduction: false,
            reducible: .zero
        )
        input.tally = tally(times(11, 0.012) + times(9, -0.010))
        change(&input)
        return input
    }

    /// What is sized, worth at 100.
    private static func worth(_ share: Double = 1, _ change: (inout SizingInput) -> Void = { _ in }) -> Double {
        Double(Sizer.size(.kelly(rate(share)), input(change)).quantity.raw) / 1e8 * 100
    }

    /// Goal: half the Kelly fraction of NAV at full confidence; a share of it where the signal asks for one. Method:
    /// 0.175 of 10,000, its parts, and what was asked.
    @Test func aSizeIsTheFractionOfNav() {
        #expect(Self.worth() == 875)
        #expect(Self.worth(0.2) == 175)
        #expect(Self.worth { $0.kelly.multiplier = rate(0.1) } == 175)
        let sized = Sizer.size(.kelly(.one), Self.input())
        #expect(sized.requestedQuantity == quantity(17.5))
        #expect(sized.referencePrice == price(100))
        #expect(sized.factors.fraction == rate(0.175))
        #expect(sized.factors.winRate == rate(0.55))
        #expect(sized.factors.payoff == rate(1.2))
        #expect(sized.factors.trades == 20)
        #expect(sized.factors.multiplier == rate(0.5))
        #expect(sized.factors.confidenceFactor == .one)
        #expect(sized.factors.navFraction == rate(0.0875))
        #expect(sized.factors.basis == .edge)
        #expect(sized.factors.clamps == SizingClamps())
        #expect(sized.factors.regime == nil)
    }

    /// Goal: confidence counts from a quarter to all of it, and is clamped to 0...1. Method: 0, a half, 1, and beyond.
    @Test func confidenceIsClamped() {
        #expect(Self.worth { $0.confidence = .zero } == 218.75)
        #expect(Self.worth { $0.confidence = rate(0.5) } == 546.875)
        #expect(Self.worth { $0.confidence = rate(1.7) } == 875)
        #expect(Self.worth { $0.confidence = rate(-3) } == 218.75)
    }

    /// Goal: the base fraction is not multiplied, but weighed by confidence. Method: no trades, with and without.
    @Test func theBaseFractionIsNotMultiplied() {
        #expect(Self.worth { $0.tally = TradeTally() } == 200)
        let unsure = Self.worth {
            $0.tally = TradeTally()
            $0.confidence = .zero
        }
        #expect(unsure == 50)
        #expect(Sizer.size(.kelly(.one), Self.input { $0.tally = TradeTally() }).factors.multiplier == .one)
    }

    /// Goal: a size stays within both bounds, exactly, and says which one it met. Method: each bound at what the size
    /// is and a step under it; both.
    @Test func boundsAreMet() {
        func clamps(_ change: (inout SizingInput) -> Void) -> [String] {
            Sizer.size(.kelly(.one), Self.input(change)).factors.clamps.names
        }
        #expect(clamps { $0.kelly.maximumFraction = rate(0.0875) } == [])
        #expect(clamps { $0.kelly.maximumFraction = rate(0.08) } == ["max_fraction"])
        #expect(Self.worth { $0.kelly.maximumFraction = rate(0.08) } == 800)
        #expect(clamps { $0.available = money(3500) } == [])
        #expect(clamps { $0.available = money(2000) } == ["max_buying_power_fraction"])
        #expect(Self.worth { $0.available = money(2000) } == 500)
        #expect(Self.worth { $0.kelly.maximumBuyingPowerFraction = rate(0.05) } == 500)
        let both: (inout SizingInput) -> Void = {
            $0.kelly.maximumFraction = rate(0.08)
            $0.available = money(2000)
        }
        #expect(clamps(both) == ["max_fraction", "max_buying_power_fraction"])
        #expect(Self.worth(1, both) == 500)
        // A share of the size, not of what it was cut from.
        #expect(Self.worth(0.5, both) == 250)
    }

    /// Goal: the haircut divides what the bounds have left, and the regime multiplies it. Method: each alone and
    /// together; a multiplier over 1 and a negative load are none.
    @Test func haircutAndRegimeOnlyCut() {
        #expect(Self.worth { $0.correlationLoad = .one } == 437.5)
        #expect(Self.worth { $0.correlationLoad = rate(-0.5) } == 875)
        let crisis: (inout SizingInput) -> Void = {
            $0.regime = .crisis
            $0.regimeMultiplier = rate(0.4)
        }
        #expect(Self.worth(1, crisis) == 350)
        let all: (inout SizingInput) -> Void = {
            crisis(&$0)
            $0.correlationLoad = .one
            $0.kelly.maximumFraction = rate(0.08)
        }
        #expect(Self.worth(1, all) == 160)
        let raised: (inout SizingInput) -> Void = {
            $0.regime = .low
            $0.regimeMultiplier = rate(1.5)
        }
        #expect(Self.worth(1, raised) == 875)
        let factors = Sizer.size(.kelly(.one), Self.input(all)).factors
        #expect(factors.correlationLoad == .one)
        #expect(factors.regime == .crisis)
        #expect(factors.regimeMultiplier == rate(0.4))
        #expect(factors.navFraction == rate(0.016))
    }

    /// Goal: what is unknown sizes to nothing by name, and the edge comes first. Method: each missing input alone, and
    /// no edge together with all of them.
    @Test func unknownInputsSizeToNothing() {
        func shortfall(_ change: (inout SizingInput) -> Void) -> SizingShortfall {
            let sized = Sizer.size(.kelly(.one), Self.input(change))
            #expect(sized.quantity == .zero)
            return sized.shortfall
        }
        #expect(shortfall { $0.nav = nil } == .navUnknown)
        #expect(shortfall { $0.available = nil } == .noFunds)
        #expect(shortfall { $0.available = .zero } == .noFunds)
        #expect(shortfall { $0.reference = .zero } == .noReferencePrice)
        #expect(shortfall { $0.terms.lot = quantity(100) } == .belowLot)
        let none = shortfall {
            $0.tally = tally(times(15, -0.1))
            $0.nav = nil
            $0.available = nil
            $0.reference = .zero
        }
        #expect(none == .negativeEdge)
    }

    /// Goal: what can only close asks for all of it, whatever the edge. Method: a reduction with a losing past, no NAV.
    @Test func aReductionHasNoEdge() {
        let sized = Sizer.size(
            .kelly(rate(0.1)),
            Self.input {
                $0.tally = tally(times(15, -0.1))
                $0.nav = nil
                $0.available = nil
                $0.wantsReduction = true
                $0.reducible = quantity(3)
            }
        )
        #expect(sized.quantity == quantity(3))
        #expect(sized.shortfall == .none)
        #expect(sized.factors == SizingFactors())
    }

    /// Goal: a given size is cut by the regime only where that is asked, and an exit and what a flip closes are not.
    /// Method: a quantity, a sum and a share, with and without a regime; a flip; a reduction.
    @Test func aGivenSizeIsCutWhereItIsAsked() {
        let crisis: (inout SizingInput) -> Void = {
            $0.regime = .crisis
            $0.regimeMultiplier = rate(0.4)
        }
        for size: SignalSize in [.quantity(quantity(10)), .notional(money(1000)), .navFraction(rate(0.1))] {
            #expect(Sizer.size(size, Self.input()).quantity == quantity(10))
            #expect(Sizer.size(size, Self.input()).factors == SizingFactors())
            let cut = Sizer.size(size, Self.input(crisis))
            #expect(cut.quantity == quantity(4))
            #expect(cut.requestedQuantity == quantity(10))
            #expect(cut.factors.regime == .crisis)
            #expect(cut.factors.regimeMultiplier == rate(0.4))
            #expect(cut.factors.basis == .given)
        }
        func sized(_ change: (inout SizingInput) -> Void) -> Quantity {
            let all: (inout SizingInput) -> Void = {
                crisis(&$0)
                change(&$0)
            }
            return Sizer.size(.quantity(quantity(10)), Self.input(all)).quantity
        }
        // Closes 6 and opens 4 of the other side; closes alone.
        #expect(sized { $0.reducible = quantity(6) } == quantity(7.6))
        #expect(sized { $0.reducible = quantity(12) } == quantity(10))
        let exit = sized {
            $0.reducible = quantity(12)
            $0.wantsReduction = true
        }
        #expect(exit == quantity(10))
    }

    /// Goal: a Kelly size, a closed trade and a bar's volatility allocate nothing. Method: a thousand of each, counted
    /// after the first.
    @Test func nothingIsAllocated() {
        let input = Self.input { $0.regime = .high }
        var log = TradeLog(instruments: 1)
        var table = VolatilityTable(instruments: 1)
        var bars = ReturnBars()
        let trade = closedTrade(0.1)
        let list = (0..<2000).map { bars.next($0 % 2 == 0 ? 0.001 : -0.001) }
        var sized = Sizer.size(.kelly(.one), input)
        var regime = SizingRegime.low
        func size() { sized = Sizer.size(.kelly(.one), input) }
        func count(_ body: (Int) -> Void) -> Int {
            body(0)
            let before = malloc_count_this_thread()
            for step in 0..<1000 { body(step) }
            return Int(malloc_count_this_thread() - before)
        }
        #expect(count { _ in size() } == 0)
        #expect(count { _ in log.append(trade) } == 0)
        #expect(count { _ in log.forget(before: .never) } == 0)
        // The first return makes the constants.
        for bar in list { table.apply(bar) }
        #expect(count { table.apply(list[$0]) } == 0)
        #expect(count { _ in regime = table.regime(Self.instrument).regime } == 0)
        #expect(sized.quantity == quantity(8.75))
        #expect(regime == .normal)
    }

    private static let instrument = InstrumentHandle(0)

    /// Goal: more confidence never makes a size smaller, and no factor makes one larger than what was asked. Method:
    /// drawn inputs at two confidences.
    @Test(arguments: [11, 12] as [UInt64])
    func monotoneInConfidence(seed: UInt64) {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var sizes = 0
        for _ in 0..<2000 {
            var drawn = Self.input { $0.draw(&generator) }
            drawn.terms.lot = Quantity(
                raw: ([1, 100_000, 100_000_000] as [Int64]).randomElement(using: &generator) ?? 1
            )
            let share = Rate(raw: Int64.random(in: 1...FixedPoint.one, using: &generator))
            let low = Sizer.size(.kelly(share), drawn)
            drawn.confidence = Rate(raw: Int64.random(in: drawn.confidence.raw...FixedPoint.one, using: &generator))
            let high = Sizer.size(.kelly(share), drawn)
            #expect(low.quantity <= high.quantity)
            #expect(high.quantity <= high.requestedQuantity)
            #expect(low.requestedQuantity == high.requestedQuantity)
            #expect(drawn.terms.isOnLot(low.quantity))
            if low.quantity < high.quantity { sizes += 1 }
        }
        #expect(sizes > 100)
    }
}
