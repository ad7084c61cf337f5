import FairleadModel
import Testing

@testable import FairleadEngine

// Rows about what moves together: tails, correlation groups, tiers. All of them let exits pass.

/// Goal: a day's loss over NAV may be exactly the limit; too few returns turn the row off and say so; what nobody
/// looked at refuses.
/// Method: each row at its limit, 10^-8 of NAV over it, negative, insufficient, unknown, off; an exit through all.
@Test("var_limit, cvar_limit: at the limit, over it, insufficient, unknown")
func tails() {
    let rows: [(VetoReason, Int64, (inout RiskFixture, Evidence, Double) -> Void, (inout RiskFixture) -> Void)] = [
        (
            .varLimit, raw8(0.12),
            {
                $0.context.tails.portfolioEvidence = $1
                $0.context.tails.portfolioVar = $2
            }, { $0.limits.maximumPortfolioVar = nil }
        ),
        (
            .cvarLimit, raw8(0.04),
            {
                $0.context.tails.positionEvidence = $1
                $0.context.tails.positionShortfall = $2
            }, { $0.limits.maximumPositionShortfall = nil }
        ),
    ]
    for (rule, limit, put, off) in rows {
        func losing(_ loss: Double, _ evidence: Evidence = .known) -> (inout RiskFixture) -> Void {
            { put(&$0, evidence, loss) }
        }
        // NAV is 10,000: 10^-8 of it are 10^-4.
        let exact = Double(limit) / 10_000
        RiskFixture.entry.with(losing(exact)).expectPasses(rule, observed: limit)
        RiskFixture.entry.with(losing(-exact)).expectPasses(rule, observed: -limit)
        let over = losing(exact + 0.0001)
        RiskFixture.entry.with(over).expectFires(rule, .rate, observed: limit + 1, threshold: limit)
        RiskFixture.exit.with(over).expectOff(rule)
        RiskFixture.entry.with(over).with(off).expectOff(rule)
        let short = RiskFixture.entry.with(losing(9e9, .insufficient))
        #expect(short.decide().verdict.isApproved)
        #expect(short.row(rule)?.status == .unknown)
        #expect(short.row(rule)?.observed == RiskRow.missing)
        #expect(short.row(rule)?.threshold == limit)
        RiskFixture.entry.with(losing(0, .unknown))
            .expectFires(rule, .rate, observed: RiskRow.missing, threshold: limit)
        // What is no number passes no cap.
        #expect(RiskFixture.entry.with(losing(.infinity)).row(rule)?.status == .broken)
        #expect(RiskFixture.entry.with(losing(.nan)).row(rule)?.status == .broken)
    }
}

/// Goal: a group's gross with the order may be exactly its cap; an order that adds nothing is let pass over it; a
/// member without a price refuses.
/// Method: 5,900 elsewhere and an order of 100 against 60 % of 10,000; the least more; working sells that outweigh it.
@Test("correlation_cap: a group's gross, at its cap and over it")
func correlationGroups() {
    func elsewhere(_ sum: Money?) -> (inout RiskFixture) -> Void { { $0.context.correlation.groupElsewhere = sum } }
    let full = money(5900)
    RiskFixture.entry.with(elsewhere(full)).expectPasses(.correlationCap, observed: raw8(0.6))
    let over = elsewhere(Money(raw: full.raw + 1))
    RiskFixture.entry.with(over)
        .expectFires(.correlationCap, .rate, observed: raw8(0.6) + 1, threshold: raw8(0.6))
    RiskFixture.exit.with(over).expectOff(.correlationCap)
    // The worst case is the working sell of 2 already: the buy of 1 adds nothing to it.
    RiskFixture.entry.with(over).with { $0.context.exposure.row.openingSells = quantity(2) }
        .expectPasses(.correlationCap)
    RiskFixture.entry.with(elsewhere(nil))
        .expectFires(.correlationCap, .rate, observed: RiskRow.missing, threshold: raw8(0.6))
    RiskFixture.entry.with { $0.context.correlation.groupCap = nil }
        .expectFires(.correlationCap, .rate, observed: RiskRow.missing, threshold: 0)
    RiskFixture.entry.with(over).with {
        $0.context.symbol.groups = 0
        $0.limits.maximumPairCorrelation = nil
    }.expectOff(.correlationCap)
}

/// Goal: an entry may be as alike an open position as the limit says, of either sign, and no more; a group over its cap
/// is told first.
/// Method: at the limit and 10^-8 over it, too few returns, nobody looked; both broken.
@Test("correlation_cap: with an open position, at the limit and over it")
func pairCorrelations() {
    func alike(_ rho: Int64, _ evidence: Evidence = .known) -> (inout RiskFixture) -> Void {
        return {
            $0.context.symbol.groups = 0
            $0.context.correlation.pairEvidence = evidence
            $0.context.correlation.pairCorrelation = Rate(raw: rho)
        }
    }
    RiskFixture.entry.with(alike(raw8(0.8))).expectPasses(.correlationCap, observed: raw8(0.8))
    let over = alike(raw8(0.8) + 1)
    RiskFixture.entry.with(over)
        .expectFires(.correlationCap, .rate, observed: raw8(0.8) + 1, threshold: raw8(0.8))
    RiskFixture.exit.with(over).expectOff(.correlationCap)
    RiskFixture.entry.with(over).with { $0.limits.maximumPairCorrelation = nil }.expectOff(.correlationCap)
    RiskFixture.entry.with(alike(0, .unknown))
        .expectFires(.correlationCap, .rate, observed: RiskRow.missing, threshold: raw8(0.8))
    let short = RiskFixture.entry.with(alike(0, .insufficient))
    #expect(short.decide().verdict.isApproved)
    #expect(short.row(.correlationCap)?.status == .unknown)
    RiskFixture.entry.with(over).with { $0.context.symbol.groups = 1 }
        .expectFires(.correlationCap, .rate, observed: raw8(0.8) + 1, threshold: raw8(0.8))
    RiskFixture.entry.with(over).with {
        $0.context.symbol.groups = 1
        $0.context.correlation.groupElsewhere = money(9000)
    }.expectFires(.correlationCap, .rate, observed: raw8(0.91), threshold: raw8(0.6))
}

/// Goal: the tier's cap is on the symbol's worst case; a symbol without a tier has none.
/// Method: 2,500 of 10,000 with working orders and the other side, a lot more, no cap.
@Test("tier_cap: the symbol's worst case, at its tier's cap and a lot over it")
func tierCap() {
    let base = RiskFixture.entry.with {
        $0.context.symbol.maximumNavFraction = nil
        $0.limits.allowsPyramiding = true
        $0.context.exposure.row.openingBuys = quantity(20)
        $0.context.exposure.otherSideWorst = quantity(4)
    }
    base.expectPasses(.tierCap, observed: raw8(0.25))
    let over = base.with { $0.context.exposure.otherSideWorst = quantity(4.001) }
    over.expectFires(.tierCap, .rate, observed: raw8(0.25001), threshold: raw8(0.25))
    over.with { $0.context.symbol.tierNavFraction = nil }.expectOff(.tierCap)
    RiskFixture.exit.with { $0.context.symbol.tierNavFraction = Rate(raw: 1) }.expectOff(.tierCap)
    var loose = SymbolConfiguration()
    #expect(SymbolFacts(loose, base.limits).tierNavFraction == nil)
    loose.tier = .tactical
    #expect(SymbolFacts(loose, base.limits).tierNavFraction == nil)
    loose.tier = .core
    #expect(SymbolFacts(loose, base.limits).tierNavFraction == rate(0.25))
}

/// Goal: a tier is disabled from its risk mode on.
/// Method: every mode against every bound.
@Test("tier_block: from its risk mode on")
func tierBlock() {
    for from in RiskMode.allCases {
        for mode in RiskMode.allCases {
            let fixture = RiskFixture.entry.with {
                $0.context.symbol.tierBlockedFrom = from
                $0.context.trading.riskMode = mode
            }
            guard mode.rawValue >= from.rawValue else {
                fixture.expectPasses(.tierBlock, observed: Int64(mode.rawValue))
                continue
            }
            fixture.expectFires(
                .tierBlock,
                .count,
                observed: Int64(mode.rawValue),
                threshold: Int64(from.rawValue)
            )
            fixture.with { $0.context.symbol.tierBlockedFrom = nil }.expectOff(.tierBlock)
        }
    }
    RiskFixture.exit.with {
        $0.context.symbol.tierBlockedFrom = .normal
        $0.context.trading.riskMode = .halted
    }.expectOff(.tierBlock)
}

/// Goal: the clamp cuts to a tier's cap and to a group's.
/// Method: an order of 18 against caps that leave 9 and 7.
@Test("clamp: cut to the tier's and the group's cap")
func clampsToTierAndGroup() {
    let asked = RiskFixture.entry.with {
        $0.limits.clampsToLimits = true
        $0.limits.maximumOrderNotional = money(5000)
        $0.context.order.quantity = quantity(18)
    }
    let caps: [(Double, (inout RiskFixture) -> Void)] = [
        (9, { $0.context.symbol.tierNavFraction = rate(0.09) }),
        (7, { $0.context.correlation.groupElsewhere = money(5300) }),
    ]
    for (left, cap) in caps {
        let (verdict, rows, _) = asked.with(cap).decide()
        #expect(verdict.approvedQuantity == quantity(left))
        #expect(rows.allSatisfy { $0.status == .passed })
        #expect(!asked.with(cap).with { $0.limits.clampsToLimits = false }.decide().verdict.isApproved)
    }
}
