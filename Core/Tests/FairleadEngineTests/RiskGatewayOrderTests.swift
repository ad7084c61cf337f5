import FairleadModel
import Testing

@testable import FairleadEngine

// Rows about the order itself and the market that it meets. Each test carries the name of its row.

@Sendable private func sellEntry(_ fixture: inout RiskFixture) {
    fixture.context.order.side = .sell
    fixture.context.market.bid = price(100)
    fixture.context.market.ask = price(100.01)
}

/// Goal: a price that the instrument can't have is refused with the price and the bound that it breaks.
/// Method: each price defect, and the nearest valid price.
@Test("invalid_order: price and type")
func invalidOrderPrice() {
    RiskFixture.entry.expectPasses(.invalidOrder, observed: 0)
    for type in [OrderType.limit, .postOnly, .marketableLimit] {
        RiskFixture.entry.with {
            $0.context.order.type = type
            $0.context.order.limitPrice = .zero
        }.expectFires(.invalidOrder, .price, observed: 0, threshold: 0)
        RiskFixture.entry.with {
            $0.context.order.type = type
            $0.context.order.limitPrice = price(99.995)
        }.expectFires(.invalidOrder, .price, observed: raw8(99.995), threshold: raw8(0.01))
    }
    RiskFixture.entry.with { $0.context.order.type = .market }
        .expectFires(.invalidOrder, .price, observed: raw8(100), threshold: 0)
    RiskFixture.entry.with {
        $0.context.order.type = .market
        $0.context.order.limitPrice = .zero
    }.expectPasses(.invalidOrder)
    let beyond = Price(raw: Price.bound.raw + raw8(0.01))
    RiskFixture.exit.with { $0.context.order.limitPrice = beyond }
        .expectFires(.invalidOrder, .price, observed: beyond.raw, threshold: Price.bound.raw)
}

/// Goal: the venue's percent-price rule bounds the passive side, exactly, and by the mark.
/// Method: a buy at the bound, a tick beyond it, and beyond it without a mark.
@Test("invalid_order: the venue's percent-price bound")
func invalidOrderPercentPrice() {
    RiskFixture.entry.with { $0.context.order.limitPrice = price(90) }.expectPasses(.invalidOrder)
    let beyond: (inout RiskFixture) -> Void = { $0.context.order.limitPrice = price(89.99) }
    RiskFixture.entry.with(beyond).expectFires(.invalidOrder, .rate, observed: raw8(0.1001), threshold: raw8(0.1))
    RiskFixture.entry.with(beyond).with { $0.context.market.mark = .zero }
        .expectFires(.invalidOrder, .rate, observed: raw8(0.1001), threshold: raw8(0.1))
    RiskFixture.entry.with(beyond).with { $0.context.terms.percentPrice = .zero }.expectPasses(.invalidOrder)
}

/// Goal: a quantity that the instrument can't have is refused with its numbers, and zero is not told twice.
/// Method: off lot, under the minimum, nothing, each explained nothing, and sums past what arithmetic holds.
@Test("invalid_order: quantity")
func invalidOrderQuantity() {
    RiskFixture.entry.with { $0.context.order.quantity = quantity(1.0005) }
        .expectFires(.invalidOrder, .quantity, observed: raw8(1.0005), threshold: raw8(0.001))
    let small = RiskFixture.entry.with {
        $0.context.terms.minimumNotional = .zero
        $0.limits.minimumNotional = nil
    }
    small.with { $0.context.order.quantity = quantity(0.002) }.expectPasses(.invalidOrder)
    small.with { $0.context.order.quantity = quantity(0.001) }
        .expectFires(.invalidOrder, .quantity, observed: raw8(0.001), threshold: raw8(0.002))
    small.with {
        $0.context.order.quantity = .zero
        $0.context.order.requestedQuantity = quantity(0.0004)
        $0.context.order.shortfall = .belowLot
    }.expectFires(.invalidOrder, .quantity, observed: raw8(0.0004), threshold: raw8(0.001))
    small.with { $0.context.order.quantity = .zero }
        .expectFires(.invalidOrder, .quantity, observed: raw8(1), threshold: raw8(0.001))
    for shortfall in [SizingShortfall.navUnknown, .noFunds, .noReferencePrice] {
        let fixture = small.with {
            $0.context.order.quantity = .zero
            $0.context.order.shortfall = shortfall
        }
        #expect(fixture.row(.invalidOrder)?.status == .passed, "\(shortfall.name)")
    }
    let huge = RiskFixture.entry.with {
        $0.context.exposure.otherSideWorst = Quantity.bound
    }
    #expect(huge.decide().verdict.vetoes.primary == .invalidOrder)
    #expect(huge.row(.invalidOrder)?.observed == Quantity.bound.raw + raw8(1))
}

/// Goal: the position side fits the account's mode and the direction of the order, for exits too.
/// Method: every mode, side and position side, the refused ones written out.
@Test("invalid_order: position side", arguments: PositionSide.allCases)
func invalidOrderPositionSide(positionSide: PositionSide) {
    for isHedged in [false, true] {
        for (base, side) in [(RiskFixture.entry, Side.buy), (.exit, .sell)] {
            let fixture = base.with {
                $0.context.terms.isHedged = isHedged
                $0.context.order.positionSide = positionSide
            }
            switch (isHedged, positionSide) {
            case (false, .both), (true, .long): fixture.expectPasses(.invalidOrder)
            case (false, .long), (false, .short), (true, .both): fixture.expectFires(.invalidOrder)
            case (true, .short):
                // Buying opens no short and selling closes none.
                #expect(side == (base.context.order.isReducing ? .sell : .buy))
                fixture.expectFires(.invalidOrder)
            }
        }
    }
}

/// Goal: a signal whose protective levels find no room is refused.
/// Method: as many levels as rows, and one more.
@Test("invalid_order: room for protective levels")
func invalidOrderLevels() {
    RiskFixture.entry.with { $0.context.trading.levelRowsLeft = 2 }.expectPasses(.invalidOrder)
    RiskFixture.entry.with { $0.context.trading.levelRowsLeft = 1 }
        .expectFires(.invalidOrder, .count, observed: 2, threshold: 1)
}

/// Goal: a limit may be worse than the reference by exactly the collar, and by no tick more; exits have the wider one.
/// Method: both sides at the bound and a tick beyond, the passive side, a market order's bound.
@Test("price_collar: at the bound, a tick beyond, the passive side")
func priceCollar() {
    RiskFixture.entry.with { $0.context.order.limitPrice = price(101) }.expectPasses(.priceCollar, observed: raw8(0.01))
    RiskFixture.entry.with { $0.context.order.limitPrice = price(101.01) }
        .expectFires(.priceCollar, .rate, observed: raw8(0.0101), threshold: raw8(0.01))
    RiskFixture.entry.with { $0.context.order.limitPrice = price(95) }
        .expectPasses(.priceCollar, observed: raw8(-0.05))
    RiskFixture.entry.with(sellEntry).with { $0.context.order.limitPrice = price(99) }.expectPasses(.priceCollar)
    RiskFixture.entry.with(sellEntry).with { $0.context.order.limitPrice = price(98.99) }
        .expectFires(.priceCollar, .rate, observed: raw8(0.0101), threshold: raw8(0.01))
    RiskFixture.entry.with(sellEntry).with { $0.context.order.limitPrice = price(105) }.expectPasses(.priceCollar)
    RiskFixture.exit.with { $0.context.order.limitPrice = price(95) }.expectPasses(.priceCollar, observed: raw8(0.05))
    RiskFixture.exit.with { $0.context.order.limitPrice = price(94.99) }
        .expectFires(.priceCollar, .rate, observed: raw8(0.0501), threshold: raw8(0.05))
}

/// Goal: a market order leaves with a bound, on tick and inside the collar; an exit without any reference with none.
/// Method: the verdict's collar for both sides, a reference off the grid, and no market at all.
@Test("price_collar: the bound of an order without a limit")
func priceCollarOfMarketOrders() {
    let market: (inout RiskFixture) -> Void = {
        $0.context.order.type = .market
        $0.context.order.limitPrice = .zero
    }
    RiskFixture.entry.with(market).expectOff(.priceCollar)
    #expect(RiskFixture.entry.with(market).decide().verdict.collar == price(101))
    #expect(RiskFixture.exit.with(market).decide().verdict.collar == price(95))
    let odd = RiskFixture.entry.with(market).with { $0.context.market.ask = price(99.999) }
    #expect(odd.decide().verdict.collar == price(100.99))
    let oddSell = RiskFixture.exit.with(market).with { $0.context.market.bid = price(99.999) }
    #expect(oddSell.decide().verdict.collar == price(95))
    let blind = RiskFixture.exit.with(market).with { $0.context.market = MarketFacts() }
    #expect(blind.decide().verdict.isApproved)
    #expect(blind.decide().verdict.collar == .zero)
}

/// Goal: no reference refuses a limit entry and lets a limit exit pass.
/// Method: a market that knows nothing.
@Test("price_collar, no_reference_price, stale_market_data: nothing known of the market")
func noMarketAtAll() {
    let blind: (inout RiskFixture) -> Void = { $0.context.market = MarketFacts() }
    let entry = RiskFixture.entry.with(blind)
    entry.expectFires(
        .noReferencePrice,
        alsoBroken: [
            .priceCollar, .staleMarketData, .correlationCap, .symbolCap, .tierCap, .portfolioCap,
            .effectiveLeverageExceeded,
        ]
    )
    #expect(entry.row(.priceCollar)?.observed == RiskRow.missing)
    #expect(entry.row(.staleMarketData)?.observed == RiskRow.missing)
    let exit = RiskFixture.exit.with(blind)
    #expect(exit.decide().verdict.isApproved)
    #expect(exit.row(.priceCollar)?.status == .unknown)
}

/// Goal: any of book, mark and last is a reference; a stale or crossed book is none; entries need one, exits don't.
/// Method: the sources one by one, in the order of preference.
@Test("no_reference_price: neither book, mark nor last")
func noReferencePrice() {
    let old = RiskFixture.now + -TimeSpan.seconds(3)
    RiskFixture.entry.expectPasses(.noReferencePrice, observed: 0)
    func reference(_ change: (inout RiskFixture) -> Void) -> Price {
        RiskFixture.entry.with(change).decide().verdict.reference
    }
    #expect(reference { $0.context.market.ask = price(100.5) } == price(100.5))
    #expect(
        reference {
            $0.context.market.bookTime = old; $0.context.market.mark = price(99)
        } == price(99)
    )
    #expect(
        reference {
            $0.context.market.bid = price(100); $0.context.market.mark = price(99)
        } == price(99)
    )
    #expect(
        reference {
            $0.context.market.ask = .zero; $0.context.market.mark = price(99)
        } == price(99)
    )
    let lastOnly: (inout RiskFixture) -> Void = {
        $0.context.market.ask = .zero
        $0.context.market.mark = .zero
        $0.context.market.last = price(99.5)
    }
    #expect(reference(lastOnly) == price(99.5))
    RiskFixture.entry.with(lastOnly).expectPasses(.noReferencePrice)
    let none: (inout RiskFixture) -> Void = {
        $0.context.market.ask = .zero
        $0.context.market.mark = .zero
        $0.context.market.last = .zero
    }
    RiskFixture.entry.with(none).expectFires(
        .noReferencePrice,
        alsoBroken: [
            .priceCollar, .correlationCap, .symbolCap, .tierCap, .portfolioCap, .effectiveLeverageExceeded,
        ]
    )
    RiskFixture.exit.with(none).expectOff(.noReferencePrice)
}

/// Goal: the newer of book and mark may be exactly as old as allowed, by asset class; exits don't look.
/// Method: at the limit, a nanosecond over, one of the two fresh, equities.
@Test("stale_market_data: the newer of book and mark, at the limit and over it")
func staleMarketData() {
    func aged(_ book: TimeSpan, _ mark: TimeSpan) -> (inout RiskFixture) -> Void {
        return {
            $0.context.market.bookTime = RiskFixture.now + -book
            $0.context.market.markTime = RiskFixture.now + -mark
        }
    }
    let limit = TimeSpan.milliseconds(2000)
    let over = TimeSpan(nanoseconds: 2_000_000_001)
    RiskFixture.entry.with(aged(limit, limit)).expectPasses(.staleMarketData, observed: 2000)
    RiskFixture.entry.with(aged(over, over))
        .expectFires(.staleMarketData, .milliseconds, observed: 2001, threshold: 2000)
    RiskFixture.entry.with(aged(over, .zero)).expectPasses(.staleMarketData, observed: 0)
    RiskFixture.entry.with(aged(.zero, over)).expectPasses(.staleMarketData, observed: 0)
    RiskFixture.entry.with(aged(-limit, over)).expectPasses(.staleMarketData, observed: 0)
    RiskFixture.exit.with(aged(over, over)).expectOff(.staleMarketData)
    let equity: (inout RiskFixture) -> Void = { $0.context.terms.assetClass = .equity }
    RiskFixture.entry.with(equity).with(aged(.seconds(5), .seconds(5))).expectPasses(.staleMarketData)
    RiskFixture.entry.with(equity).with(aged(.seconds(6), .seconds(6)))
        .expectFires(.staleMarketData, .milliseconds, observed: 6000, threshold: 5000)
}

/// Goal: the larger of the two minimums guards entries; an exit under the venue's goes where it is exempt, else is
/// residual.
/// Method: at each minimum and a lot under it; exits with and without the exemption.
@Test("min_notional: the larger minimum for entries, the venue's for exits that it doesn't exempt")
func minNotional() {
    func sized(_ size: Double) -> (inout RiskFixture) -> Void { { $0.context.order.quantity = quantity(size) } }
    RiskFixture.entry.with(sized(0.1)).expectPasses(.minNotional, observed: raw8(10))
    RiskFixture.entry.with(sized(0.099)).expectFires(.minNotional, .money, observed: raw8(9.9), threshold: raw8(10))
    let venueOnly: (inout RiskFixture) -> Void = { $0.limits.minimumNotional = nil }
    RiskFixture.entry.with(venueOnly).with(sized(0.05)).expectPasses(.minNotional, observed: raw8(5))
    RiskFixture.entry.with(venueOnly).with(sized(0.049))
        .expectFires(.minNotional, .money, observed: raw8(4.9), threshold: raw8(5))
    RiskFixture.entry.with(venueOnly).with { $0.context.terms.minimumNotional = .zero }.expectOff(.minNotional)

    RiskFixture.exit.with(sized(0.049)).expectOff(.minNotional)
    #expect(!RiskFixture.exit.with(sized(0.049)).decide().verdict.isResidual)
    let strict: (inout RiskFixture) -> Void = { $0.context.terms.reduceOnlyExemptFromMinimum = false }
    RiskFixture.exit.with(strict).with(sized(0.05)).expectPasses(.minNotional, observed: raw8(5))
    let residual = RiskFixture.exit.with(strict).with(sized(0.049))
    residual.expectFires(.minNotional, .money, observed: raw8(4.9), threshold: raw8(5))
    #expect(residual.decide().verdict.isResidual)
}

/// Goal: a part of a position under the venue's minimum quantity is told as residual, an entry never is.
/// Method: an exit of one lot where two are the least, and the same entry.
@Test("invalid_order: what is left of a position under the minimum quantity is residual")
func residualQuantity() {
    let tiny: (inout RiskFixture) -> Void = {
        $0.context.order.quantity = quantity(0.001)
        $0.context.terms.minimumNotional = .zero
        $0.limits.minimumNotional = nil
    }
    let exit = RiskFixture.exit.with(tiny)
    exit.expectFires(.invalidOrder, .quantity, observed: raw8(0.001), threshold: raw8(0.002))
    #expect(exit.decide().verdict.isResidual)
    #expect(!RiskFixture.entry.with(tiny).decide().verdict.isResidual)
}

/// Goal: a notional exactly at the maximum passes, a lot over it doesn't; an exit over it is split and never denied.
/// Method: both bounds for an entry; an exit of twice the maximum and its largest child.
@Test("max_order_notional: at the maximum, a lot over it, exits split")
func maxOrderNotional() {
    func sized(_ size: Double) -> (inout RiskFixture) -> Void { { $0.context.order.quantity = quantity(size) } }
    RiskFixture.entry.with(sized(10)).expectPasses(.maxOrderNotional, observed: raw8(1000))
    RiskFixture.entry.with(sized(10.001))
        .expectFires(.maxOrderNotional, .money, observed: raw8(1000.1), threshold: raw8(1000))
    RiskFixture.entry.with(sized(10.001)).with { $0.limits.maximumOrderNotional = nil }.expectOff(.maxOrderNotional)
    let exit = RiskFixture.exit.with(sized(20.5)).with {
        $0.context.exposure.row.position = SignedQuantity(quantity(30), side: .buy)
    }
    exit.expectPasses(.maxOrderNotional, observed: raw8(2050))
    let verdict = exit.decide().verdict
    #expect(verdict.approvedQuantity == quantity(20.5))
    #expect(verdict.maximumChildQuantity == quantity(10))
}

/// Goal: the smaller of the venue's and the configured maximum; an exit over it is split and never denied.
/// Method: at each maximum and a lot over it; an exit; a notional so small that no lot fits.
@Test("max_order_qty: the smaller maximum, exits split")
func maxOrderQuantity() {
    func sized(_ size: Double) -> (inout RiskFixture) -> Void {
        return {
            $0.context.order.quantity = quantity(size)
            $0.context.order.limitPrice = price(10)
            $0.context.market.bid = price(9.99)
            $0.context.market.ask = price(10)
            $0.context.market.mark = price(10)
        }
    }
    RiskFixture.entry.with(sized(40)).expectPasses(.maxOrderQuantity, observed: raw8(40))
    RiskFixture.entry.with(sized(40.001))
        .expectFires(.maxOrderQuantity, .quantity, observed: raw8(40.001), threshold: raw8(40))
    let venueOnly: (inout RiskFixture) -> Void = { $0.limits.maximumOrderQuantity = nil }
    RiskFixture.entry.with(sized(50)).with(venueOnly).expectPasses(.maxOrderQuantity)
    RiskFixture.entry.with(sized(50.001)).with(venueOnly)
        .expectFires(.maxOrderQuantity, .quantity, observed: raw8(50.001), threshold: raw8(50))
    let exit = RiskFixture.exit.with(sized(60)).with {
        $0.context.exposure.row.position = SignedQuantity(quantity(60), side: .buy)
        $0.context.market.ask = price(10.01)
        $0.context.market.bid = price(10)
    }
    exit.expectPasses(.maxOrderQuantity, observed: raw8(60))
    #expect(exit.decide().verdict.maximumChildQuantity == quantity(40))
    #expect(
        exit.with { $0.limits.maximumOrderNotional = money(0.001) }.decide().verdict.maximumChildQuantity
            == quantity(0.002)
    )
}

/// Goal: an entry never meets the account's own resting order; an exit cancels that first.
/// Method: both sides a tick apart from the own order, at it, and a market order by its collar.
@Test("self_cross: at the own resting price, a tick away, by the collar of a market order")
func selfCross() {
    func resting(_ best: Double) -> (inout RiskFixture) -> Void {
        return { $0.context.exposure.ownOppositeBest = price(best) }
    }
    RiskFixture.entry.expectPasses(.selfCross)
    RiskFixture.entry.with(resting(100.01)).expectPasses(.selfCross, observed: raw8(100))
    RiskFixture.entry.with(resting(100)).expectFires(.selfCross, .price, observed: raw8(100), threshold: raw8(100))
    RiskFixture.entry.with(sellEntry).with(resting(99.99)).expectPasses(.selfCross)
    RiskFixture.entry.with(sellEntry).with(resting(100))
        .expectFires(.selfCross, .price, observed: raw8(100), threshold: raw8(100))
    let market: (inout RiskFixture) -> Void = {
        $0.context.order.type = .market
        $0.context.order.limitPrice = .zero
    }
    RiskFixture.entry.with(market).with(resting(101.01)).expectPasses(.selfCross)
    RiskFixture.entry.with(market).with(resting(101))
        .expectFires(.selfCross, .price, observed: raw8(101), threshold: raw8(101))

    let exit = RiskFixture.exit.with(resting(100))
    exit.expectPasses(.selfCross, observed: raw8(100))
    #expect(exit.decide().verdict.cancelsOwnRestingFirst)
    #expect(!RiskFixture.exit.with(resting(99.99)).decide().verdict.cancelsOwnRestingFirst)
    #expect(!RiskFixture.exit.decide().verdict.cancelsOwnRestingFirst)
    let blind = RiskFixture.exit.with(market).with(resting(1)).with { $0.context.market = MarketFacts() }
    #expect(blind.decide().verdict.cancelsOwnRestingFirst)
}
