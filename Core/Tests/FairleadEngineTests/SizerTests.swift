import FairleadModel
import Testing

@testable import FairleadEngine

private func input(_ change: (inout SizingInput) -> Void = { _ in }) -> SizingInput {
    var input = SizingInput(
        terms: InstrumentTerms(
            tick: price(0.01),
            lot: quantity(0.001),
            minimumQuantity: quantity(0.001),
            maximumQuantity: quantity(100),
            multiplier: 1
        ),
        side: .buy,
        limitPrice: .zero,
        reference: price(99),
        nav: money(10_000),
        available: money(10_000),
        wantsReduction: false,
        reducible: .zero
    )
    change(&input)
    return input
}

/// Goal: an entry without funds is sized to nothing, and one that closes something first is not: risk judges what it
/// opens. Method: no funds, with and without a position to close.
@Test func aFlipIsSizedWithoutFunds() {
    #expect(Sizer.size(.quantity(quantity(5)), input { $0.available = .zero }).shortfall == .noFunds)
    let flip = Sizer.size(
        .quantity(quantity(5)),
        input {
            $0.available = .zero
            $0.reducible = quantity(3)
        }
    )
    #expect(flip.shortfall == .none)
    #expect(flip.quantity == quantity(5))
}

/// Goal: each kind of size becomes a quantity on the lot grid, rounded down.
/// Method: sizes that divide and sizes that don't, with their reference price.
@Test func sizesBecomeLots() {
    #expect(Sizer.size(.quantity(quantity(1.2349)), input()).quantity == quantity(1.234))
    #expect(Sizer.size(.quantity(quantity(1.2349)), input()).requestedQuantity == quantity(1.2349))
    #expect(Sizer.size(.quantity(quantity(1)), input()).referencePrice == .zero)
    let notional = Sizer.size(.notional(money(100)), input())
    #expect(notional.requestedQuantity == Quantity(raw: 101_010_101))
    #expect(notional.quantity == quantity(1.010))
    #expect(notional.referencePrice == price(99))
    #expect(Sizer.size(.navFraction(rate(0.099)), input()).quantity == quantity(10))
    #expect(Sizer.size(.notional(money(99)), input { $0.terms.multiplier = 10 }).quantity == quantity(0.1))
}

/// Goal: a limit order is measured by its limit, any other by the reference.
/// Method: the same notional with and without a limit, and with neither price.
@Test func moneyBecomesQuantityByThePriceOfTheOrder() {
    let limited = Sizer.size(.notional(money(100)), input { $0.limitPrice = price(50) })
    #expect(limited.quantity == quantity(2))
    #expect(limited.referencePrice == price(50))
    let blind = Sizer.size(.notional(money(100)), input { $0.reference = .zero })
    #expect(blind.quantity == .zero)
    #expect(blind.shortfall == .noReferencePrice)
}

/// Goal: what is unknown sizes to nothing and says which; a share of an unknown NAV, funds unknown or zero.
/// Method: each missing input alone.
@Test func unknownInputsSizeToNothing() {
    func shortfall(_ size: SignalSize, _ change: (inout SizingInput) -> Void) -> SizingShortfall {
        let sized = Sizer.size(size, input(change))
        #expect(sized.quantity == .zero)
        return sized.shortfall
    }
    #expect(shortfall(.navFraction(rate(0.1))) { $0.nav = nil } == .navUnknown)
    #expect(shortfall(.navFraction(rate(0.1))) { $0.nav = .zero } == .navUnknown)
    #expect(shortfall(.notional(money(100))) { $0.available = nil } == .noFunds)
    #expect(shortfall(.quantity(quantity(1))) { $0.available = .zero } == .noFunds)
    #expect(shortfall(.navFraction(rate(0.1))) { $0.available = money(-1) } == .noFunds)
    #expect(shortfall(.quantity(quantity(0.0009))) { _ in } == .belowLot)
    #expect(Sizer.size(.notional(money(100)), input { $0.nav = nil }).quantity == quantity(1.010))
}

/// Goal: an exit is cut to what is left to reduce, needs no funds, and says when nothing is left.
/// Method: less, more and all of the position; none.
@Test func exitsAreCutToThePosition() {
    func exit(_ size: SignalSize, left: Double) -> SizedOrder {
        Sizer.size(
            size,
            input {
                $0.wantsReduction = true
                $0.available = nil
                $0.nav = nil
                $0.reducible = quantity(left)
            }
        )
    }
    #expect(exit(.quantity(quantity(1)), left: 3).quantity == quantity(1))
    #expect(exit(.quantity(quantity(5)), left: 3).quantity == quantity(3))
    #expect(exit(.quantity(quantity(5)), left: 3).requestedQuantity == quantity(5))
    #expect(exit(.wholePosition, left: 3.0005).quantity == quantity(3))
    #expect(exit(.notional(money(198)), left: 3).quantity == quantity(2))
    #expect(exit(.wholePosition, left: 0).shortfall == .noPosition)
    #expect(exit(.quantity(quantity(1)), left: 0).shortfall == .noPosition)
    #expect(exit(.wholePosition, left: 0.0005).shortfall == .belowLot)
}

/// Goal: the record carries what was asked, the price, NAV and both quantities.
/// Method: one signal, with and without a NAV.
@Test func sizingIsOnRecord() {
    let terms = SignalTerms(
        number: SignalNumber(value: 3),
        digest: .none,
        instrument: InstrumentHandle(index: 2),
        side: .buy,
        size: .notional(money(100))
    )
    let sized = Sizer.size(terms.size, input())
    let record = Sizer.record(terms, sized, nav: money(10_000))
    #expect(record.number == SignalNumber(value: 3))
    #expect(record.instrument == InstrumentHandle(index: 2))
    #expect(record.requested == .notional(money(100)))
    #expect(record.referencePrice == price(99))
    #expect(record.nav == raw8(10_000))
    #expect(record.requestedQuantity == Quantity(raw: 101_010_101))
    #expect(record.sizedQuantity == quantity(1.010))
    #expect(Sizer.record(terms, sized, nav: nil).nav == nil)
}

/// Goal: sizing never raises a size over what was asked, and is never worth more than the money asked for.
/// Method: seeded random sizes, prices and grids, up to the bounds of the door.
@Test(arguments: [1, 2, 3] as [UInt64])
func sizingNeverRaises(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<3000 {
        let lot: Int64 = ([1, 100_000, 100_000_000] as [Int64]).randomElement(using: &generator) ?? 1
        let scale = Int64(1) << Int64.random(in: 0...56, using: &generator)
        let value = Int64.random(in: 1...scale, using: &generator)
        let size: SignalSize =
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: .quantity(Quantity(raw: value))
            case 1: .notional(Money(raw8: value))
            case 2: .navFraction(Rate(raw: Int64.random(in: 1...100_000_000, using: &generator)))
            case 3: .kelly(Rate(raw: Int64.random(in: 1...100_000_000, using: &generator)))
            default: .wholePosition
            }
        let drawn = input {
            $0.draw(&generator)
            $0.terms.lot = Quantity(raw: lot)
            $0.reference = Price(raw: Int64.random(in: 1...Price.bound.raw, using: &generator))
            $0.nav = Money(raw8: value)
            $0.wantsReduction = Bool.random(using: &generator)
            $0.reducible = Quantity(raw: Int64.random(in: 0...Quantity.bound.raw, using: &generator))
        }
        let sized = Sizer.size(size, drawn)
        #expect(sized.quantity <= sized.requestedQuantity)
        #expect(drawn.terms.isOnLot(sized.quantity))
        #expect((sized.quantity == .zero) == (sized.shortfall != .none))
        if drawn.wantsReduction { #expect(sized.quantity <= drawn.reducible) }
        switch size {
        case .quantity(let asked): #expect(sized.quantity <= asked)
        case .notional(let asked): #expect(drawn.terms.notional(drawn.reference, sized.quantity) <= asked)
        case .navFraction:
            #expect(drawn.terms.notional(drawn.reference, sized.quantity) <= Money(raw8: value))
        case .kelly(let share):
            let most = Money(raw8: value).share(drawn.kelly.maximumFraction).share(share)
            let isWithin = drawn.terms.notional(drawn.reference, sized.quantity) <= most
            #expect(drawn.wantsReduction || isWithin)
        case .wholePosition: break
        }
    }
}
