import CMallocCount
import FairleadModel
import Testing

@testable import FairleadEngine

/// Goal: the base of all row tests is approved, so that a test that changes one thing tests that thing.
/// Method: entry and exit as they are; every row that has data is on.
@Test("gateway: the base entry and exit pass every row")
func baseFixturesPass() {
    for fixture in [RiskFixture.entry, .exit] {
        let (verdict, rows, decision) = fixture.decide()
        #expect(verdict.isApproved)
        #expect(verdict.approvedQuantity == quantity(1))
        #expect(verdict.maximumChildQuantity == quantity(1))
        #expect(rows.allSatisfy { $0.status == .passed })
        #expect(decision?.sizedQuantity == quantity(1))
        #expect(decision?.approvedQuantity == quantity(1))
        #expect(decision?.isReducing == fixture.context.order.isReducing)
    }
    // Off: negative_edge of a size that was given, and nothing_to_reduce for an entry.
    #expect(RiskFixture.entry.decide().rows.count == VetoReason.allCases.count - 2)
}

/// Goal: every broken row is told, none stops the others, and the first in SPEC 4's order is the primary reason.
/// Method: five faults at once, rows in ascending order, the decision last.
@Test("gateway: collects all reasons, the first in table order is primary")
func collectsAll() {
    let fixture = RiskFixture.entry.with {
        $0.limits.isLive = true
        $0.context.history.isRejectLatched = true
        $0.context.account.dayLoss = rate(0.2)
        $0.context.order.limitPrice = price(100.005)
        $0.context.symbol.isRestricted = true
    }
    let (verdict, rows, decision) = fixture.decide()
    #expect(
        verdict.vetoes.all == [.restrictedSymbol, .invalidOrder, .dayLossLimit, .rejectStorm, .environmentGuard]
    )
    #expect(verdict.vetoes.primary == .restrictedSymbol)
    #expect(rows.map(\.rule.rawValue) == rows.map(\.rule.rawValue).sorted())
    #expect(Set(rows.map(\.rule)).count == rows.count)
    #expect(rows.filter { $0.status == .broken }.map(\.rule) == verdict.vetoes.all)
    #expect(rows.allSatisfy { $0.number == SignalNumber(value: 7) })
    #expect(decision?.approvedQuantity == .zero)
    #expect(decision?.sizedQuantity == quantity(1))
}

/// Goal: an exit skips exactly the rows marked E.
/// Method: an exit with everything wrong at once; what fires is what isn't entry-only.
@Test("gateway: an exit skips the rows marked E, never the others")
func exitsSkipEntryRows() {
    let exit = RiskFixture.exit.with {
        $0.limits.isLive = true
        $0.limits.haltAllowsReduce = false
        $0.context.trading.state = .killed
        $0.context.trading.isReconciled = false
        $0.context.order.expiresAt = .never
        $0.context.order.limitPrice = price(90.005)
        $0.context.exposure.row.position = .zero
        $0.context.symbol.isRestricted = true
        $0.context.symbol.isWhitelisted = false
        $0.context.account = AccountFacts()
        $0.context.history.isDuplicateOrder = true
        $0.context.trading.tableRowsLeft = 0
        $0.context.terms.reduceOnlyExemptFromMinimum = false
        $0.context.terms.minimumNotional = money(500)
    }
    let expected: [VetoReason] = [
        .killSwitch, .notReconciled, .signalExpired, .invalidOrder, .nothingToReduce, .priceCollar, .minNotional,
        .environmentGuard,
    ]
    let (verdict, rows, _) = exit.decide()
    #expect(verdict.vetoes.all == expected)
    #expect(rows.allSatisfy { !$0.rule.isEntryOnly })
}

/// Goal: a context of which the engine filled in nothing refuses entries.
/// Method: the initial context as it is.
@Test("gateway: what the engine forgets to fill in refuses entries")
func freshContextFailsClosed() {
    let context = RiskContext(
        order: RiskFixture.entry.context.order,
        terms: RiskFixture.entry.context.terms,
        symbol: RiskFixture.entry.context.symbol
    )
    var out = Outbox(isObserved: false)
    let verdict = RiskGateway.decide(context, RiskLimits(), into: &out)
    for reason: VetoReason in [
        .notReconciled, .staleMarketData, .navStale, .portfolioDrawdownCircuit, .varLimit, .cvarLimit, .buyingPower,
        .noReferencePrice,
    ] {
        #expect(verdict.vetoes.contains(reason), "\(reason.name)")
    }
}

/// Goal: observation never alters a verdict, and an unobserved decision writes nothing.
/// Method: seeded random contexts, decided with and without an observer.
@Test("gateway: the verdict is the same unobserved", arguments: [1, 2, 3] as [UInt64])
func observationChangesNothing(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
        let fixture = RiskFixture.random(&generator)
        var out = Outbox(isObserved: false)
        let verdict = RiskGateway.decide(fixture.context, fixture.limits, into: &out)
        #expect(verdict == fixture.decide().verdict)
        #expect(out.notices.isEmpty)
        #expect(out.commands.isEmpty)
    }
}

/// Goal: a decision allocates nothing.
/// Method: malloc counted over warm decisions into a reserved outbox, with and without the clamp.
@Test("gateway: a decision allocates nothing")
func decisionAllocatesNothing() {
    var out = Outbox()
    let fixtures = [
        RiskFixture.entry, .exit, RiskFixture.entry.with { $0.limits.clampsToLimits = true },
        RiskFixture.entry.with {
            $0.limits.clampsToLimits = true
            $0.context.order.quantity = quantity(30)
        },
    ]
    for fixture in fixtures {
        _ = RiskGateway.decide(fixture.context, fixture.limits, into: &out)
        out.clear()
        let before = malloc_count_this_thread()
        for _ in 0..<100 {
            _ = RiskGateway.decide(fixture.context, fixture.limits, into: &out)
            out.clear()
        }
        #expect(malloc_count_this_thread() - before == 0)
    }
}

// MARK: The clamp

/// Goal: an entry over a cap is cut to the largest quantity that the cap allows, and both quantities are on record.
/// Method: each cap alone, a quantity far over it, and the exact result.
@Test("clamp: cut to what each cap allows")
func clampsToEachCap() {
    let caps: [(String, Double, (inout RiskFixture) -> Void)] = [
        ("max_order_notional", 10, { $0.limits.maximumOrderNotional = money(1000.05) }),
        ("max_order_qty", 7.5, { $0.limits.maximumOrderQuantity = quantity(7.5) }),
        ("venue maximum", 9, { $0.context.terms.maximumQuantity = quantity(9) }),
        ("per_trade_nav_pct", 5, { $0.limits.maximumTradeNavFraction = rate(0.05) }),
        ("leverage_exceeded", 6, { $0.context.symbol.maximumLeverage = rate(0.06) }),
        ("symbol_cap", 8, { $0.context.symbol.maximumNavFraction = rate(0.08) }),
        (
            "symbol_cap with working buys", 5,
            {
                $0.context.symbol.maximumNavFraction = rate(0.08)
                $0.context.exposure.row.openingBuys = quantity(3)
                $0.limits.allowsPyramiding = true
            }
        ),
        ("portfolio_cap", 4, { $0.context.exposure.grossElsewhere = money(19_600) }),
        (
            "effective_leverage_exceeded", 3,
            {
                $0.context.exposure.grossElsewhere = money(29_700)
                $0.limits.maximumGrossExposure = nil
            }
        ),
        ("buying_power", 2, { $0.context.account.available = money(200.09) }),
        (
            "buying_power with margin", 4.001,
            {
                $0.context.account.available = money(100.03)
                $0.context.account.marginRate = rate(0.25)
            }
        ),
    ]
    for (name, allowed, change) in caps {
        let fixture = RiskFixture.entry.with {
            $0.limits.clampsToLimits = true
            $0.context.order.quantity = quantity(18)
        }.with(change)
        let (verdict, rows, decision) = fixture.decide()
        #expect(verdict.isApproved, "\(name)")
        #expect(verdict.approvedQuantity == quantity(allowed), "\(name)")
        #expect(decision?.approvedQuantity == quantity(allowed), "\(name)")
        #expect(decision?.sizedQuantity == quantity(18), "\(name)")
        #expect(rows.allSatisfy { $0.status == .passed }, "\(name)")
        #expect(!fixture.with { $0.limits.clampsToLimits = false }.decide().verdict.isApproved, "\(name)")
    }
}

/// Goal: where another row refuses, or nothing is left, or what is left is too small, the order is refused as it was
/// asked.
/// Method: a restricted symbol, a full portfolio, a remainder under the minimum notional; the rows show the asked
/// quantity.
@Test("clamp: refuses where cutting doesn't help")
func clampRefuses() {
    let asked = RiskFixture.entry.with {
        $0.limits.clampsToLimits = true
        $0.context.order.quantity = quantity(18)
    }
    let restricted = asked.with { $0.context.symbol.isRestricted = true }
    #expect(restricted.decide().verdict.vetoes.all == [.restrictedSymbol, .maxOrderNotional])
    let full = asked.with { $0.context.exposure.grossElsewhere = money(20_000) }
    #expect(full.decide().verdict.vetoes.all == [.maxOrderNotional, .portfolioCap])
    let small = asked.with { $0.context.exposure.grossElsewhere = money(19_990.05) }
    #expect(small.decide().verdict.vetoes.all == [.maxOrderNotional, .portfolioCap])
    #expect(small.row(.maxOrderQuantity)?.observed == raw8(18))
}

/// Goal: the clamp never raises, stays on the lot grid, passes every row, and leaves no lot on the table.
/// Method: seeded random contexts; one lot more than approved must break a row.
@Test("clamp: largest allowed, never up", arguments: [11, 12, 13, 14] as [UInt64])
func clampIsLargest(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var clamped = 0
    for _ in 0..<3000 {
        var fixture = RiskFixture.random(&generator)
        fixture.limits.clampsToLimits = true
        let verdict = fixture.decide().verdict
        let asked = fixture.context.order.quantity
        #expect(verdict.approvedQuantity <= asked)
        guard verdict.isApproved, !fixture.context.order.isReducing else { continue }
        #expect(fixture.context.terms.isOnLot(verdict.approvedQuantity))
        guard verdict.approvedQuantity < asked else { continue }
        clamped += 1
        let alone = fixture.with {
            $0.limits.clampsToLimits = false
            $0.context.order.quantity = verdict.approvedQuantity
        }
        #expect(alone.decide().verdict.isApproved)
        let more = alone.with { $0.context.order.quantity = verdict.approvedQuantity + $0.context.terms.lot }
        #expect(!more.decide().verdict.isApproved)
    }
    #expect(clamped > 20)
}

/// Goal: no context, however far out, makes the gateway trap.
/// Method: prices, quantities and limits at the bounds of the door, decided with the clamp on.
@Test("gateway: values at the bounds don't trap")
func boundsDoNotTrap() {
    for multiplier in [Int32(1), 1000, Int32.max] {
        for isReducing in [false, true] {
            var fixture = isReducing ? RiskFixture.exit : RiskFixture.entry
            fixture.limits.clampsToLimits = true
            fixture.context.terms.multiplier = multiplier
            fixture.context.terms.maximumQuantity = Quantity.bound
            fixture.limits.maximumOrderQuantity = nil
            fixture.context.order.quantity = Quantity.bound
            fixture.context.order.limitPrice = Price.bound
            fixture.context.market = MarketFacts(
                bid: Price.bound,
                ask: Price.bound,
                bookTime: RiskFixture.now,
                mark: Price.bound,
                markTime: RiskFixture.now,
                last: Price.bound
            )
            fixture.context.exposure.row.position = SignedQuantity(Quantity.bound, side: .buy)
            fixture.context.exposure.row.openingBuys = Quantity.bound
            fixture.context.exposure.otherSideWorst = Quantity.bound
            fixture.context.account.nav = Money(raw8: Int64.max)
            fixture.context.account.available = Money(raw8: Int64.max)
            fixture.context.account.marginRate = Rate(raw: Int64.max)
            #expect(fixture.decide().verdict.isApproved == isReducing)
        }
    }
}

extension RiskFixture {
    /// Mostly near its limits: half of the draws are refused, for many reasons.
    static func random(_ generator: inout SeededGenerator) -> RiskFixture {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
        var fixture = chance(80) ? RiskFixture.entry : .exit
        fixture.limits.allowsPyramiding = chance(70)
        fixture.context.order.quantity = Quantity(raw: Int64.random(in: 1...30_000, using: &generator) * 100_000)
        fixture.context.order.limitPrice = Price(raw: Int64.random(in: 9_880...10_120, using: &generator) * 1_000_000)
        fixture.context.market.mark = price(Double(Int.random(in: 98...102, using: &generator)))
        if chance(20) {
            fixture.context.order.type = .market
            fixture.context.order.limitPrice = .zero
        }
        if chance(30) {
            fixture.context.exposure.row.position = SignedQuantity(
                raw: Int64.random(in: -2_000_000_000...2_000_000_000, using: &generator)
            )
        }
        if chance(30) { fixture.context.exposure.row.openingBuys = quantity(3) }
        if chance(30) { fixture.context.exposure.row.openingSells = quantity(12) }
        if chance(20) { fixture.context.exposure.otherSideWorst = quantity(5) }
        fixture.context.exposure.grossElsewhere = money(Double(Int.random(in: 0...20_500, using: &generator)))
        if chance(5) { fixture.context.exposure.grossElsewhere = nil }
        fixture.context.account.available = money(Double(Int.random(in: 0...3000, using: &generator)))
        fixture.context.account.marginRate = chance(50) ? .one : rate(0.3)
        if chance(3) { fixture.context.account.nav = nil }
        if chance(30) { fixture.limits.maximumOrderNotional = nil }
        if chance(30) { fixture.limits.maximumGrossExposure = nil }
        if chance(30) { fixture.limits.maximumTradeNavFraction = nil }
        return fixture
    }
}
