import FairleadModel
import Testing

@testable import FairleadEngine

// Rows about NAV, losses, caps and funds. Each test carries the name of its row; all of them let exits pass.

/// Goal: NAV may be exactly as old as allowed; unknown, older, or of a failed source refuses entries only.
/// Method: the age at the limit and a nanosecond over; each way of not knowing; the switch off.
@Test("nav_stale: at the limit, over it, unknown, source failed")
func navStale() {
    func aged(_ nanoseconds: Int64) -> (inout RiskFixture) -> Void {
        return { $0.context.account.navTime = Timestamp(nanoseconds: RiskFixture.now.nanoseconds - nanoseconds) }
    }
    RiskFixture.entry.with(aged(150_000_000_000)).expectPasses(.navStale, observed: 150_000)
    let over = aged(150_000_000_001)
    RiskFixture.entry.with(over).expectFires(.navStale, .milliseconds, observed: 150_001, threshold: 150_000)
    RiskFixture.exit.with(over).expectOff(.navStale)
    RiskFixture.entry.with(over).with { $0.limits.failClosedOnNavStale = false }.expectOff(.navStale)
    RiskFixture.entry.with { $0.context.account.isNavSourceFailed = true }
        .expectFires(.navStale, .milliseconds, observed: 0, threshold: 150_000)
    RiskFixture.entry.with { $0.context.account.navTime = .never }
        .expectFires(.navStale, .milliseconds, observed: RiskRow.missing, threshold: 150_000)
}

/// Goal: an edge over 0 passes; at 0, under it and where there is none entries are refused; what is not believed yet
/// passes as unknown; a given size has no edge to look at; exits are off.
/// Method: the least edge, 0, a negative one, a strategy that never won, the base fraction, a given size; an exit.
@Test("negative_edge: over 0, at 0, under it, never won, too few trades, not asked")
func negativeEdge() {
    func edge(_ basis: SizingBasis, _ raw: Int64 = Int64.min) -> (inout RiskFixture) -> Void {
        return {
            $0.context.order.edgeBasis = basis
            $0.context.order.edge = Rate(raw: raw)
        }
    }
    RiskFixture.entry.with(edge(.edge, 1)).expectPasses(.negativeEdge, observed: 1)
    RiskFixture.entry.with(edge(.noEdge, 0)).expectFires(.negativeEdge, .rate, observed: 0, threshold: 0)
    RiskFixture.entry.with(edge(.noEdge, -7)).expectFires(.negativeEdge, .rate, observed: -7, threshold: 0)
    RiskFixture.entry.with(edge(.noEdge))
        .expectFires(.negativeEdge, .rate, observed: RiskRow.missing, threshold: 0)
    let base = RiskFixture.entry.with(edge(.base, 2_000_000))
    #expect(base.decide().verdict.isApproved)
    #expect(base.row(.negativeEdge)?.status == .unknown)
    #expect(base.row(.negativeEdge)?.observed == RiskRow.missing)
    RiskFixture.entry.expectOff(.negativeEdge)
    RiskFixture.exit.with(edge(.noEdge, -7)).expectOff(.negativeEdge)
}

/// Goal: without a NAV no share of it is known, and each row that needs one refuses entries and lets exits pass.
/// Method: no NAV and a NAV of zero; the broken rows by name.
@Test("correlation_cap, var_limit, cvar_limit, per_trade_nav_pct, symbol_cap, tier_cap, portfolio_cap: NAV unknown")
func navUnknown() {
    let shares: [VetoReason] = [
        .correlationCap, .varLimit, .cvarLimit, .perTradeNav, .symbolCap, .tierCap, .portfolioCap, .leverageExceeded,
        .effectiveLeverageExceeded,
    ]
    RiskFixture.entry.with { $0.context.account.nav = nil }
        .expectFires(
            .navStale,
            .milliseconds,
            observed: RiskRow.missing,
            threshold: 150_000,
            alsoBroken: shares
        )
    let zero: (inout RiskFixture) -> Void = { $0.context.account.nav = .zero }
    for rule in shares {
        #expect(RiskFixture.entry.with(zero).row(rule)?.status == .broken)
        #expect(RiskFixture.entry.with(zero).row(rule)?.observed == RiskRow.missing)
    }
    #expect(RiskFixture.exit.with(zero).decide().verdict.isApproved)
}

/// Goal: losses and drawdowns are broken at their limit, and not a step under it; unknown refuses.
/// Method: each row at its limit, 10^-8 under it, unknown, off; an exit through all.
@Test("portfolio_dd_circuit, day_loss_limit, week_loss_limit, nav_drawdown_limit: at the limit")
func losses() {
    let rows: [(VetoReason, Int64, (inout RiskFixture, Rate?) -> Void)] = [
        // The two drawdown rows see the same number: the other one is off here.
        (
            .portfolioDrawdownCircuit, raw8(0.10),
            {
                $0.context.account.drawdown = $1
                $0.limits.maximumNavDrawdown = nil
            }
        ),
        (.dayLossLimit, raw8(0.05), { $0.context.account.dayLoss = $1 }),
        (.weekLossLimit, raw8(0.07), { $0.context.account.weekLoss = $1 }),
        (
            .navDrawdownLimit, raw8(0.08),
            {
                $0.context.account.drawdown = $1
                $0.limits.maximumPortfolioDrawdown = nil
            }
        ),
    ]
    for (rule, limit, put) in rows {
        func observed(_ raw: Int64?) -> (inout RiskFixture) -> Void { { put(&$0, raw.map(Rate.init(raw:))) } }
        RiskFixture.entry.with(observed(limit - 1)).expectPasses(rule, observed: limit - 1)
        RiskFixture.entry.with(observed(-limit)).expectPasses(rule, observed: -limit)
        RiskFixture.entry.with(observed(limit)).expectFires(rule, .rate, observed: limit, threshold: limit)
        RiskFixture.entry.with(observed(nil)).expectFires(rule, .rate, observed: RiskRow.missing, threshold: limit)
        RiskFixture.exit.with(observed(limit)).expectOff(rule)
        RiskFixture.entry.with(observed(limit)).with {
            $0.limits.maximumPortfolioDrawdown = nil
            $0.limits.dailyLossLimit = nil
            $0.limits.weeklyLossLimit = nil
            $0.limits.maximumNavDrawdown = nil
        }.expectOff(rule)
    }
}

/// Goal: the circuit stays broken after NAV has recovered and after its limit was taken away; `nav_drawdown_limit`
/// doesn't.
/// Method: the latch with no drawdown at all.
@Test("portfolio_dd_circuit: latched until reset")
func circuitLatched() {
    let latched: (inout RiskFixture) -> Void = { $0.context.account.isCircuitLatched = true }
    RiskFixture.entry.with(latched)
        .expectFires(.portfolioDrawdownCircuit, .rate, observed: 0, threshold: raw8(0.1))
    RiskFixture.entry.with(latched).with { $0.limits.maximumPortfolioDrawdown = nil }
        .expectFires(.portfolioDrawdownCircuit, .rate, observed: 0, threshold: 0)
    RiskFixture.exit.with(latched).expectOff(.portfolioDrawdownCircuit)
}

/// One lot more than the cap allows, or the least that money can be more.
private let least = 0.001

/// Goal: exactly at the cap passes, the least more doesn't.
/// Method: quantities of 10 % of NAV each against the cap set to that share and 10^-8 under it.
@Test("per_trade_nav_pct: notional over NAV, at the cap and over it")
func perTradeNav() {
    func capped(_ share: Rate) -> (inout RiskFixture) -> Void {
        return {
            $0.context.order.quantity = quantity(10)
            $0.limits.maximumTradeNavFraction = share
        }
    }
    RiskFixture.entry.with(capped(rate(0.1))).expectPasses(.perTradeNav, observed: raw8(0.1))
    let under = Rate(raw: raw8(0.1) - 1)
    RiskFixture.entry.with(capped(under))
        .expectFires(.perTradeNav, .rate, observed: raw8(0.1), threshold: under.raw)
    RiskFixture.exit.with(capped(Rate(raw: 1))).expectOff(.perTradeNav)
    RiskFixture.entry.with { $0.limits.maximumTradeNavFraction = nil }.expectOff(.perTradeNav)
    // A share that no rate of 10^-8 can say is rounded up, so that the cap is exact.
    RiskFixture.entry.with {
        $0.context.account.nav = Money(raw: money(10_000).raw - 1)
        $0.limits.maximumTradeNavFraction = rate(0.01)
    }.expectFires(.perTradeNav, .rate, observed: raw8(0.01) + 1, threshold: raw8(0.01))
}

/// Goal: the smaller leverage cap of symbol and account, at it and over it.
/// Method: an order of 30 % of NAV against each cap.
@Test("leverage_exceeded: the smaller of the symbol's cap and the global one")
func leverageExceeded() {
    func capped(_ symbol: Rate?, _ global: Rate?) -> (inout RiskFixture) -> Void {
        return {
            $0.context.order.quantity = quantity(10)
            $0.context.symbol.maximumLeverage = symbol
            $0.limits.maximumLeverage = global
        }
    }
    let under = Rate(raw: raw8(0.1) - 1)
    RiskFixture.entry.with(capped(rate(0.1), rate(0.1))).expectPasses(.leverageExceeded, observed: raw8(0.1))
    for caps in [(under, rate(1)), (rate(1), under), (under, nil), (nil, under)] as [(Rate?, Rate?)] {
        RiskFixture.entry.with(capped(caps.0, caps.1))
            .expectFires(.leverageExceeded, .rate, observed: raw8(0.1), threshold: under.raw)
    }
    RiskFixture.entry.with(capped(nil, nil)).expectOff(.leverageExceeded)
    RiskFixture.exit.with(capped(Rate(raw: 1), nil)).expectOff(.leverageExceeded)
}

/// Goal: the symbol's worst case, with working orders and the other position side, is what is capped.
/// Method: 2,000 of 10,000 put together from each kind of exposure, then a lot more.
@Test("symbol_cap: worst case of the symbol, at the cap and a lot over it")
func symbolCap() {
    let exposures: [(String, (inout RiskFixture, Quantity) -> Void)] = [
        ("position", { $0.context.exposure.row.position = SignedQuantity($1, side: .buy) }),
        ("working buys", { $0.context.exposure.row.openingBuys = $1 }),
        ("working sells the other way", { $0.context.exposure.row.openingSells = $1 + quantity(1) }),
        ("other position side", { $0.context.exposure.otherSideWorst = $1 }),
    ]
    for (name, put) in exposures {
        let base = RiskFixture.entry.with { $0.limits.allowsPyramiding = true }
        base.with { put(&$0, quantity(19)) }.expectPasses(.symbolCap, observed: raw8(0.2))
        let over = base.with { put(&$0, quantity(19 + least)) }
        over.expectFires(.symbolCap, .rate, observed: raw8(0.20001), threshold: raw8(0.2))
        #expect(over.with { $0.context.symbol.maximumNavFraction = nil }.decide().verdict.isApproved, "\(name)")
    }
    // Buying back a short position leads to less, not to more.
    RiskFixture.entry.with { $0.context.exposure.row.position = SignedQuantity(quantity(20), side: .sell) }
        .expectPasses(.symbolCap, observed: raw8(0.2))
    RiskFixture.exit.with { $0.context.symbol.maximumNavFraction = Rate(raw: 1) }.expectOff(.symbolCap)
    // Exposure is valued at the mark, the order's notional at its own price.
    RiskFixture.entry.with {
        $0.context.market.mark = price(104)
        $0.context.symbol.maximumNavFraction = rate(0.0103)
    }.expectFires(.symbolCap, .rate, observed: raw8(0.0104), threshold: raw8(0.0103))
}

/// Goal: both gross rows see the account's worst case with the order; unknown elsewhere refuses.
/// Method: each at its cap and 10^-8 over it, a lot more elsewhere, no price elsewhere.
@Test("portfolio_cap, effective_leverage_exceeded: gross worst case over NAV")
func grossCaps() {
    let caps: [(VetoReason, Double, (inout RiskFixture) -> Void, (inout RiskFixture) -> Void)] = [
        (
            .portfolioCap, 2, { $0.limits.maximumEffectiveLeverage = nil },
            { $0.limits.maximumGrossExposure = nil }
        ),
        (
            .effectiveLeverageExceeded, 3, { $0.limits.maximumGrossExposure = nil },
            { $0.limits.maximumEffectiveLeverage = nil }
        ),
    ]
    for (rule, cap, alone, off) in caps {
        let full = RiskFixture.entry.with(alone).with {
            $0.context.exposure.grossElsewhere = money(cap * 10_000 - 100)
        }
        full.expectPasses(rule, observed: raw8(cap))
        let over = full.with { $0.context.exposure.grossElsewhere = Money(raw: money(cap * 10_000 - 100).raw + 1) }
        over.expectFires(rule, .rate, observed: raw8(cap) + 1, threshold: raw8(cap))
        over.with(off).expectOff(rule)
        full.with { $0.context.exposure.row.openingSells = quantity(1) }.expectPasses(rule)
        full.with { $0.context.exposure.row.openingSells = quantity(1 + least) }
            .expectFires(rule, .rate, observed: raw8(cap + 0.00001), threshold: raw8(cap))
        RiskFixture.entry.with(alone).with { $0.context.exposure.grossElsewhere = nil }
            .expectFires(rule, .rate, observed: RiskRow.missing, threshold: raw8(cap))
        RiskFixture.exit.with(alone).with { $0.context.exposure.grossElsewhere = money(1_000_000) }.expectOff(rule)
    }
}

/// Goal: margin up to exactly what is free; unknown or no funds, and an order sized to nothing for want of NAV, refuse.
/// Method: at the bound, the least under it, a margin rate, each way of not knowing.
@Test("buying_power: margin needed against funds, at the bound and over it")
func buyingPower() {
    RiskFixture.entry.with { $0.context.account.available = money(100) }
        .expectPasses(.buyingPower, observed: raw8(100))
    RiskFixture.entry.with { $0.context.account.available = Money(raw: money(100).raw - 1) }
        .expectFires(.buyingPower, .money, observed: raw8(100), threshold: raw8(100) - 1)
    RiskFixture.entry.with {
        $0.context.account.available = money(20)
        $0.context.account.marginRate = rate(0.2)
    }.expectPasses(.buyingPower, observed: raw8(20))
    RiskFixture.entry.with { $0.context.account.available = nil }
        .expectFires(.buyingPower, .money, observed: RiskRow.missing, threshold: 0)
    for shortfall in [SizingShortfall.noFunds, .navUnknown] {
        let unsized = RiskFixture.entry.with {
            $0.context.order.quantity = .zero
            $0.context.order.shortfall = shortfall
            if shortfall == .noFunds { $0.context.account.available = .zero }
        }
        unsized.expectFires(
            .buyingPower,
            .money,
            observed: shortfall == .noFunds ? 0 : RiskRow.missing,
            threshold: 0
        )
    }
    RiskFixture.exit.with { $0.context.account.available = .zero }.expectOff(.buyingPower)
}
