import FairleadEngine
import FairleadModel
import Testing

@Suite struct ShortfallTests {
    /// Goal: the parts sum to the whole, to the last unit, for every price and size that passes the door. Method:
    /// 10,000 random parents of both sides with up to eight fills, against the definition of the whole.
    @Test func partsSumToTheWhole() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("ShortfallTests.partsSumToTheWhole: seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<10_000 {
            let scale = random.next(in: 1...Price.bound.raw)
            let price = { Price(raw: random.next(in: 1...scale)) }
            let size = random.next(in: 1...1 << random.next(in: 1...57))
            var terms = ShortfallTerms(
                side: random.chance(1, in: 2) ? .buy : .sell,
                quantity: Quantity(raw: size),
                filled: .zero,
                decision: price(),
                arrival: price(),
                end: price(),
                filledNotional: .zero,
                midNotional: .zero,
                fees: Money(raw: Int128(random.next(in: -1_000_000...1 << 60))),
                multiplier: Int32(random.next(in: 1...1000))
            )
            var whole = Int128.zero
            let sign = Int128(terms.side.sign) * Int128(terms.multiplier)
            for _ in 0..<random.next(in: 0...8) {
                let left = terms.quantity.subtracting(terms.filled).raw
                let part = Quantity(raw: random.next(in: 0...left))
                let (paid, middle) = (price(), price())
                terms.filled += part
                terms.filledNotional += Money.notional(paid, part, multiplier: terms.multiplier)
                terms.midNotional = terms.midNotional.map {
                    $0 + Money.notional(middle, part, multiplier: terms.multiplier)
                }
                whole += sign * Int128(part.raw) * Int128(paid.raw - terms.decision.raw)
            }
            let rest = terms.quantity.subtracting(terms.filled)
            whole += sign * Int128(rest.raw) * Int128(terms.end.raw - terms.decision.raw) + terms.fees.raw
            let shortfall = Shortfall(terms)
            let total = try #require(shortfall.total)
            try #require(total.raw == whole, "seed \(seed)")
            let (spread, impact) = (try #require(shortfall.spread), try #require(shortfall.impact))
            try #require(spread + impact == shortfall.trading, "seed \(seed)")
            let bps = try #require(shortfall.bps(total))
            try #require(bps.isFinite)
        }
    }

    private func terms(filled: String, quantity: String = "10") throws -> ShortfallTerms {
        let filled = try Quantity(text: filled)
        return ShortfallTerms(
            side: .sell,
            quantity: try Quantity(text: quantity),
            filled: filled,
            decision: try Price(text: "100"),
            arrival: try Price(text: "99"),
            end: try Price(text: "95"),
            filledNotional: Money.notional(try Price(text: "98"), filled),
            midNotional: Money.notional(try Price(text: "98.5"), filled),
            fees: Money(whole: 1)
        )
    }

    /// Goal: a sell that is filled below its decision has paid for it. Method: 6 of 10 sold in a falling market.
    @Test func aSellInAFallingMarketPays() throws {
        let shortfall = Shortfall(try terms(filled: "6"))
        #expect(shortfall.delay == Money(whole: 6))
        #expect(shortfall.trading == Money(whole: 6))
        #expect(shortfall.spread == Money(whole: 3))
        #expect(shortfall.impact == Money(whole: 3))
        #expect(shortfall.opportunity == Money(whole: 20))
        #expect(shortfall.total == Money(whole: 33))
        #expect(isClose(shortfall.bps(shortfall.total), 330))
    }

    /// Goal: a price that is not known leaves its parts unknown, and no others. Method: each price taken away in turn.
    @Test func whatIsNotKnownIsNoNumber() throws {
        var unknown = try terms(filled: "6")
        unknown.midNotional = nil
        #expect(Shortfall(unknown).spread == nil)
        #expect(Shortfall(unknown).impact == nil)
        #expect(Shortfall(unknown).total == Money(whole: 33))
        unknown.end = .zero
        #expect(Shortfall(unknown).opportunity == nil)
        #expect(Shortfall(unknown).trading == Money(whole: 6))
        #expect(Shortfall(unknown).total == nil)
        unknown = try terms(filled: "6")
        unknown.arrival = .zero
        #expect(Shortfall(unknown).delay == nil)
        #expect(Shortfall(unknown).trading == nil)
        #expect(Shortfall(unknown).opportunity == Money(whole: 20))
        unknown = try terms(filled: "6")
        unknown.decision = .zero
        #expect(Shortfall(unknown).delay == nil)
        #expect(Shortfall(unknown).trading == Money(whole: 6))
        #expect(Shortfall(unknown).bps(Shortfall(unknown).trading) == nil)
    }

    /// Goal: what nothing was filled of, or left of, costs nothing whatever is known. Method: no fill without any price
    /// but the end's; all filled without an end.
    @Test func nothingCostsNothing() throws {
        var nothing = try terms(filled: "0")
        nothing.arrival = .zero
        let unfilled = Shortfall(nothing)
        #expect(unfilled.delay == .zero && unfilled.trading == .zero && unfilled.spread == .zero)
        #expect(unfilled.total == Money(whole: 51))
        var all = try terms(filled: "10")
        all.end = .zero
        #expect(Shortfall(all).opportunity == .zero)
        #expect(Shortfall(all).total == Money(whole: 21))
    }
}
