import FairleadModel
import Testing

@testable import FairleadEngine

private let instrument = InstrumentHandle(index: 0)
private let other = InstrumentHandle(index: 1)

private func table(_ count: Int = 2, multiplier: Int32 = 1) -> ExposureTable {
    let terms = InstrumentTerms(
        tick: price(0.01),
        lot: quantity(0.001),
        minimumQuantity: quantity(0.001),
        maximumQuantity: quantity(1000),
        multiplier: multiplier
    )
    var table = ExposureTable((0..<count).map { Instrument(symbol: "S\($0)", terms: terms, origin: "test") })
    for index in 0..<count { table.setPrice(InstrumentHandle(index), price(Double(100 * (index + 1)))) }
    return table
}

/// Goal: the worst case is the larger of all buys filled and all sells filled.
/// Method: rows by hand, each with the extremes that it can reach.
@Test func worstCaseOfARow() {
    func worst(
        _ position: Double,
        buys: Double = 0,
        sells: Double = 0,
        closingBuys: Double = 0,
        closingSells: Double = 0
    ) -> Double {
        let row = ExposureRow(
            position: SignedQuantity(raw: raw8(position)),
            openingBuys: quantity(buys),
            openingSells: quantity(sells),
            closingBuys: quantity(closingBuys),
            closingSells: quantity(closingSells)
        )
        return Double(row.worst.raw) / 1e8
    }
    #expect(worst(0) == 0)
    #expect(worst(5) == 5)
    #expect(worst(-5) == 5)
    #expect(worst(5, buys: 3) == 8)
    #expect(worst(5, sells: 3) == 5)
    #expect(worst(5, sells: 12) == 7)
    #expect(worst(-5, buys: 20) == 15)
    // Closing orders lead to zero and no further; together with an entry the other way they add up.
    #expect(worst(5, closingSells: 5) == 5)
    #expect(worst(5, closingSells: 50) == 5)
    #expect(worst(5, sells: 7, closingSells: 5) == 7)
    #expect(worst(-5, closingBuys: 50) == 5)
}

/// Goal: what may still be closed is the opposite position less live closing orders, never negative.
/// Method: both sides, over-held positions, the wrong direction.
@Test func reducibleIsWhatNoClosingOrderHolds() {
    let long = ExposureRow(position: SignedQuantity(raw: raw8(5)), closingSells: quantity(2))
    #expect(long.reducible(by: .sell) == quantity(3))
    #expect(long.reducible(by: .buy) == .zero)
    let short = ExposureRow(position: SignedQuantity(raw: raw8(-5)), closingBuys: quantity(6))
    #expect(short.reducible(by: .buy) == .zero)
    #expect(short.reducible(by: .sell) == .zero)
}

/// Goal: two signals at once don't both pass on the same headroom.
/// Method: the first is reserved before it is sent; the second sees it, fills move it, its end gives it back.
@Test func reservationIsSeenAtOnce() {
    var exposure = table()
    exposure.reserve(instrument, .both, side: .buy, quantity: quantity(2), isClosing: false)
    #expect(exposure.row(instrument, .both).worst == quantity(2))
    #expect(exposure.gross == money(200))
    #expect(exposure.openPositions == 1)
    exposure.filled(
        instrument,
        .both,
        side: .buy,
        quantity: quantity(0.5),
        fromLeaves: quantity(0.5),
        isClosing: false
    )
    #expect(exposure.row(instrument, .both).position == SignedQuantity(raw: raw8(0.5)))
    #expect(exposure.gross == money(200))
    exposure.release(instrument, .both, side: .buy, quantity: quantity(1.5), isClosing: false)
    #expect(exposure.gross == money(50))
    exposure.setPosition(instrument, .both, .zero)
    #expect(exposure.gross == .zero)
    #expect(exposure.openPositions == 0)
    exposure.checkInvariants([])
}

/// Goal: gross in hedge mode is |long| + |short|, and elsewhere leaves out the whole instrument.
/// Method: both sides of one instrument and one side of another, at their prices and multiplier.
@Test func grossAddsBothSides() {
    var exposure = table(multiplier: 10)
    exposure.setPosition(instrument, .long, SignedQuantity(raw: raw8(1)))
    exposure.setPosition(instrument, .short, SignedQuantity(raw: raw8(-2)))
    exposure.setPosition(other, .long, SignedQuantity(raw: raw8(1)))
    #expect(exposure.gross == money(1000 + 2000 + 2000))
    #expect(exposure.grossElsewhere(instrument) == money(2000))
    #expect(exposure.grossElsewhere(other) == money(3000))
    #expect(exposure.otherSideWorst(instrument, .long) == quantity(2))
    #expect(exposure.otherSideWorst(instrument, .short) == quantity(1))
    #expect(exposure.openPositions == 3)
    exposure.setPrice(instrument, price(50))
    #expect(exposure.gross == money(500 + 1000 + 2000))
    exposure.setPrice(instrument, .zero)
    #expect(exposure.gross == money(500 + 1000 + 2000))
}

/// Goal: exposure without a price makes the gross unknown, not small.
/// Method: an unpriced instrument with exposure, seen from itself and from another, then priced.
@Test func exposureWithoutAPriceIsUnknown() {
    let terms = InstrumentTerms(
        tick: price(0.01),
        lot: quantity(0.001),
        minimumQuantity: quantity(0.001),
        maximumQuantity: quantity(1000)
    )
    var exposure = ExposureTable((0..<2).map { Instrument(symbol: "S\($0)", terms: terms, origin: "test") })
    #expect(exposure.gross == .zero)
    exposure.reserve(instrument, .both, side: .sell, quantity: quantity(3), isClosing: false)
    #expect(exposure.gross == nil)
    #expect(exposure.grossElsewhere(other) == nil)
    #expect(exposure.grossElsewhere(instrument) == .zero)
    exposure.setPrice(instrument, price(10))
    #expect(exposure.gross == money(30))
    exposure.checkInvariants([
        .init(instrument: instrument, positionSide: .both, side: .sell, leaves: quantity(3), isClosing: false)
    ])
}

/// Goal: a one-cancels-other group counts as its largest member.
/// Method: take-profit and stop of one position; either ends and the other is still held.
@Test func groupCountsOnce() {
    var exposure = table()
    exposure.setPosition(instrument, .both, SignedQuantity(raw: raw8(5)))
    exposure.reserve(instrument, .both, side: .sell, quantity: quantity(3), isClosing: true)
    exposure.reserve(
        instrument,
        .both,
        side: .sell,
        quantity: quantity(5),
        isClosing: true,
        heldByGroup: quantity(3)
    )
    #expect(exposure.row(instrument, .both).closingSells == quantity(5))
    exposure.release(
        instrument,
        .both,
        side: .sell,
        quantity: quantity(5),
        isClosing: true,
        heldByGroup: quantity(3)
    )
    #expect(exposure.row(instrument, .both).closingSells == quantity(3))
    exposure.release(instrument, .both, side: .sell, quantity: quantity(3), isClosing: true)
    #expect(exposure.row(instrument, .both).reducible(by: .sell) == quantity(5))
}

/// Goal: releasing more than was reserved is a broken contract, found at once.
/// Method: an exit test.
@Test func overReleaseTraps() async {
    await #expect(processExitsWith: .failure) {
        let terms = InstrumentTerms(
            tick: Price(raw: 1),
            lot: Quantity(raw: 1),
            minimumQuantity: Quantity(raw: 1),
            maximumQuantity: Quantity.bound
        )
        var exposure = ExposureTable([Instrument(symbol: "S", terms: terms, origin: "test")])
        let only = InstrumentHandle(index: 0)
        exposure.reserve(only, .both, side: .buy, quantity: Quantity(raw: 1), isClosing: false)
        exposure.release(only, .both, side: .buy, quantity: Quantity(raw: 2), isClosing: false)
    }
}

/// Goal: the running sums equal the sums over all live orders after any history.
/// Method: seeded random reservations, fills, late fills, releases, prices and positions against a list of orders.
@Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
func sumsEqualTheOrders(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var exposure = table(3)
    var orders: [ExposureTable.LiveOrder] = []
    for step in 0..<2000 {
        let handle = InstrumentHandle(Int.random(in: 0..<3, using: &generator))
        let key: PositionSide = handle.index == 0 ? .both : Bool.random(using: &generator) ? .long : .short
        let amount = Quantity(raw: Int64.random(in: 1...1000, using: &generator) * 100_000)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1:
            let order = ExposureTable.LiveOrder(
                instrument: handle,
                positionSide: key,
                side: Bool.random(using: &generator) ? .buy : .sell,
                leaves: amount,
                isClosing: Bool.random(using: &generator)
            )
            orders.append(order)
            exposure.reserve(handle, key, side: order.side, quantity: amount, isClosing: order.isClosing)
        case 2 where !orders.isEmpty:
            let order = orders.remove(at: Int.random(in: 0..<orders.count, using: &generator))
            exposure.release(
                order.instrument,
                order.positionSide,
                side: order.side,
                quantity: order.leaves,
                isClosing: order.isClosing
            )
        case 3 where !orders.isEmpty:
            let place = Int.random(in: 0..<orders.count, using: &generator)
            let order = orders[place]
            let taken = min(order.leaves, amount)
            orders[place].leaves -= taken
            // An overfill: more than was reserved.
            exposure.filled(
                order.instrument,
                order.positionSide,
                side: order.side,
                quantity: amount,
                fromLeaves: taken,
                isClosing: order.isClosing
            )
        case 4: exposure.setPrice(handle, Price(raw: Int64.random(in: 1...500, using: &generator) * 1_000_000))
        default:
            exposure.setPosition(handle, key, SignedQuantity(raw: Int64.random(in: -50...50, using: &generator)))
        }
        if step % 20 == 0 { exposure.checkInvariants(orders) }
    }
    exposure.checkInvariants(orders)
}

/// Goal: a snapshot brings back the same table, sums included.
/// Method: written by a visitor, read into a fresh table, compared by its own words and its gross.
@Test func exposureSurvivesASnapshot() {
    var exposure = table()
    exposure.reserve(instrument, .both, side: .buy, quantity: quantity(2), isClosing: false)
    exposure.setPosition(other, .short, SignedQuantity(raw: raw8(-1)))
    var writer = WordVisitor()
    exposure.visitState(&writer)
    var restored = table()
    restored.setPrice(instrument, price(1))
    var reader = WordVisitor(reading: writer.words)
    restored.visitState(&reader)
    #expect(reader.isAtEnd)
    var again = WordVisitor()
    restored.visitState(&again)
    #expect(again.words == writer.words)
    #expect(restored.gross == exposure.gross)
    #expect(restored.openPositions == 2)
}

/// Goal: a group's gross is the worst case of its members at any time, and unknown while one of them has no price.
/// Method: seeded changes of positions, orders and prices over members, a member of two groups and one of none, against
/// the sums; then groups set anew.
@Test func groupsAreTheSumsOfTheirMembers() {
    let bits: [UInt32] = [0b01, 0b11, 0b10, 0]
    var table = table(4)
    table.setGroups(ContiguousArray(bits))
    var generator = SeededGenerator(seed: 31)
    func expected(_ group: UInt32, _ table: ExposureTable, without left: Int? = nil) -> Money {
        (0..<4).reduce(Money.zero) { sum, index in
            let isMember = bits[index] & 1 << group != 0
            guard isMember, index != left, let elsewhere = table.grossElsewhere(InstrumentHandle(index)) else {
                return sum
            }
            return sum + ((table.gross ?? .zero) - elsewhere)
        }
    }
    for _ in 0..<200 {
        let index = InstrumentHandle(Int.random(in: 0..<4, using: &generator))
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            let raw = Int64.random(in: -5...5, using: &generator) * 100_000_000
            table.setPosition(index, .both, SignedQuantity(raw: raw))
        case 1: table.reserve(index, .both, side: .buy, quantity: quantity(1), isClosing: false)
        default: table.setPrice(index, price(Double(Int.random(in: 50...150, using: &generator))))
        }
        for group in 0..<2 {
            #expect(table.gross(ofGroup: group) == expected(UInt32(group), table))
            for member in 0..<4 {
                let elsewhere = table.grossElsewhere(inGroup: group, InstrumentHandle(member))
                #expect(elsewhere == expected(UInt32(group), table, without: member))
            }
        }
    }
    table.setGroups([0, 0, 0, 0b10])
    #expect(table.gross(ofGroup: 0) == .zero)
    #expect(table.gross(ofGroup: 1) == (table.gross ?? .zero) - (table.grossElsewhere(InstrumentHandle(3)) ?? .zero))
}

/// Goal: a group is unknown for all but its only member without a price, and changes are given once. Method: two
/// members, one never priced.
@Test func groupsWithoutAPriceAreUnknown() {
    let terms = InstrumentTerms(
        tick: price(0.01),
        lot: quantity(0.001),
        minimumQuantity: quantity(0.001),
        maximumQuantity: quantity(1000)
    )
    var table = ExposureTable((0..<2).map { Instrument(symbol: "S\($0)", terms: terms, origin: "test") })
    table.setGroups([1, 1])
    table.setPrice(instrument, price(100))
    table.setPosition(other, .both, SignedQuantity(quantity(1), side: .buy))
    #expect(table.gross(ofGroup: 0) == nil)
    #expect(table.grossElsewhere(inGroup: 0, instrument) == nil)
    #expect(table.grossElsewhere(inGroup: 0, other) == .zero)
    table.setPrice(other, price(50))
    #expect(table.gross(ofGroup: 0) == money(50))
    #expect(table.popChanged() == 1)
    #expect(table.popChanged() == nil)
    table.setPosition(instrument, .both, SignedQuantity(quantity(2), side: .sell))
    table.reserve(instrument, .both, side: .buy, quantity: quantity(5), isClosing: false)
    #expect(table.worths(0).confirmed == -200)
    #expect(table.worths(0).intended == 300)
    #expect(table.popChanged() == 0)
}
