public import FairleadModel

/// Worst-case exposure by running sums: each change is O(1), and so is the gross of the account, with any number of
/// open orders. Two rows an instrument: `BOTH` or `LONG` first, `SHORT` second.
public struct ExposureTable: Sendable {
    private var rows: ContiguousArray<ExposureRow>
    /// The worst case of each row, kept beside it: it is asked for more often than it changes.
    private var worsts: ContiguousArray<Quantity>
    /// What one unit of quantity is valued at; zero before the first price.
    private var prices: ContiguousArray<Price>
    private var multipliers: ContiguousArray<Int32>
    /// Worst-case notional of each instrument at its price.
    private var worths: ContiguousArray<Money>
    private var total = Money.zero
    /// Instruments with exposure and no price: the gross is unknown while there is one.
    private var unpricedCount = 0
    private var openCount = 0
    /// Per instrument a bit for each correlation group that it is in; per group what `total` and `unpricedCount` are
    /// for the account. Groups are configuration.
    private var groups: ContiguousArray<UInt32>
    private var groupTotals = ContiguousArray<Money>(repeating: .zero, count: CorrelationGroup.limit)
    private var groupUnpriced = ContiguousArray<Int>(repeating: 0, count: CorrelationGroup.limit)
    /// A bit an instrument whose rows have changed since `popChanged` gave it.
    private var changed: ContiguousArray<UInt64>

    public init(_ instruments: [Instrument]) {
        rows = ContiguousArray(repeating: ExposureRow(), count: instruments.count * 2)
        worsts = ContiguousArray(repeating: .zero, count: instruments.count * 2)
        prices = ContiguousArray(repeating: .zero, count: instruments.count)
        multipliers = ContiguousArray(instruments.map(\.terms.multiplier))
        worths = ContiguousArray(repeating: .zero, count: instruments.count)
        groups = ContiguousArray(repeating: 0, count: instruments.count)
        changed = ContiguousArray(repeating: 0, count: (instruments.count + 63) / 64)
    }

    // MARK: Reading

    @inline(__always)
    public func row(_ instrument: InstrumentHandle, _ positionSide: PositionSide) -> ExposureRow {
        rows[Self.index(instrument, positionSide)]
    }

    /// Worst case of the side that `positionSide` is not; zero in one-way mode, where nothing is ever put there.
    @inline(__always)
    public func otherSideWorst(_ instrument: InstrumentHandle, _ positionSide: PositionSide) -> Quantity {
        worsts[Self.index(instrument, positionSide) ^ 1]
    }

    /// Worst-case notional of the whole account; nil while an instrument with exposure has no price.
    public var gross: Money? { unpricedCount == 0 ? total : nil }

    /// Worst-case notional of all instruments but one; nil while one of them has exposure and no price.
    @inline(__always)
    public func grossElsewhere(_ instrument: InstrumentHandle) -> Money? {
        let index = Int(instrument.index)
        let isUnpriced = prices[index] == .zero && worst(index) > .zero
        return unpricedCount == (isUnpriced ? 1 : 0) ? total - worths[index] : nil
    }

    /// Position keys with a position or an entry in flight.
    public var openPositions: Int { openCount }

    /// The exposure part of a context. `ownOppositeBest` comes from the order table.
    @inline(__always)
    public func facts(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        ownOppositeBest: Price
    ) -> ExposureFacts {
        var facts = ExposureFacts()
        facts.row = row(instrument, positionSide)
        facts.otherSideWorst = otherSideWorst(instrument, positionSide)
        facts.grossElsewhere = grossElsewhere(instrument)
        facts.openPositions = openCount
        facts.ownOppositeBest = ownOppositeBest
        return facts
    }

    /// Worst-case notional of a group's instruments but one; nil while one of them has exposure and no price.
    func grossElsewhere(inGroup group: Int, _ instrument: InstrumentHandle) -> Money? {
        let index = Int(instrument.index)
        let isMember = groups[index] & 1 << UInt32(group) != 0
        let isUnpriced = isMember && prices[index] == .zero && worst(index) > .zero
        guard groupUnpriced[group] == (isUnpriced ? 1 : 0) else { return nil }
        return isMember ? groupTotals[group] - worths[index] : groupTotals[group]
    }

    /// Worst-case notional of a group; nil while one of its instruments has exposure and no price.
    func gross(ofGroup group: Int) -> Money? { groupUnpriced[group] == 0 ? groupTotals[group] : nil }

    /// What 10^-8 of an instrument is worth.
    func unitWorth(_ instrument: InstrumentHandle) -> Double {
        let index = Int(instrument.index)
        return Double(prices[index].raw) * Double(multipliers[index]) / 1e16
    }

    // MARK: Changing

    /// Takes the groups of each instrument, a bit a group.
    mutating func setGroups(_ bits: ContiguousArray<UInt32>) {
        precondition(bits.count == groups.count, "Invariant: each instrument has its groups")
        groups = bits
        resum()
    }

    /// An instrument whose position or orders have changed since it was given last; nil when there is none left.
    mutating func popChanged() -> Int? {
        for word in changed.indices where changed[word] != 0 {
            let bit = changed[word].trailingZeroBitCount
            changed[word] &= changed[word] - 1
            return word << 6 | bit
        }
        return nil
    }

    /// Reserves an order's leaves from the moment it is decided, before a byte of it leaves.
    ///
    /// `heldByGroup` is what live siblings of its one-cancels-other group already hold of this key and side (the
    /// largest leaves of any of them): only the part over it counts.
    public mutating func reserve(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        side: Side,
        quantity: Quantity,
        isClosing: Bool,
        heldByGroup: Quantity = .zero
    ) {
        let part = quantity.subtracting(heldByGroup)
        change(instrument, positionSide) { Self.add(part, side, isClosing, &$0) }
    }

    /// Gives leaves back: the order ended, or was amended down. Traps where more is released than was reserved.
    /// `heldByGroup` is what its live siblings still hold: only the part over it goes.
    public mutating func release(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        side: Side,
        quantity: Quantity,
        isClosing: Bool,
        heldByGroup: Quantity = .zero
    ) {
        let part = quantity.subtracting(heldByGroup)
        change(instrument, positionSide) { Self.subtract(part, side, isClosing, &$0) }
    }

    /// Counts the leaves of an order that waits at the venue for its price.
    mutating func protect(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        side: Side,
        quantity: Quantity
    ) {
        change(instrument, positionSide) { row in
            switch side {
            case .buy: row.protectiveBuys += quantity
            case .sell: row.protectiveSells += quantity
            }
        }
    }

    /// The order has been triggered, has ended, or was amended down.
    mutating func unprotect(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        side: Side,
        quantity: Quantity
    ) {
        change(instrument, positionSide) { row in
            switch side {
            case .buy: row.protectiveBuys -= quantity
            case .sell: row.protectiveSells -= quantity
            }
        }
    }

    /// Leaves become position. `fromLeaves` is what of the fill was still reserved: less than `quantity` for an
    /// overfill, zero for a late or an external one.
    public mutating func filled(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        side: Side,
        quantity: Quantity,
        fromLeaves: Quantity,
        isClosing: Bool
    ) {
        precondition(fromLeaves <= quantity, "Invariant: a fill takes no more leaves than it fills")
        change(instrument, positionSide) { row in
            Self.subtract(fromLeaves, side, isClosing, &row)
            row.position += SignedQuantity(quantity, side: side)
        }
    }

    /// The venue's word on a position: it wins.
    public mutating func setPosition(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        _ position: SignedQuantity
    ) {
        change(instrument, positionSide) { $0.position = position }
    }

    /// A new valuation price (`MarketFacts.valuation`); a zero is ignored.
    public mutating func setPrice(_ instrument: InstrumentHandle, _ price: Price) {
        let index = Int(instrument.index)
        guard price.raw > 0, price != prices[index] else { return }
        let worst = worst(index)
        if worst > .zero, prices[index] == .zero { countUnpriced(index, -1) }
        prices[index] = price
        if worst > .zero { revalue(index, worst) }
    }

    private mutating func change(
        _ instrument: InstrumentHandle,
        _ positionSide: PositionSide,
        _ body: (inout ExposureRow) -> Void
    ) {
        let place = Self.index(instrument, positionSide)
        let index = Int(instrument.index)
        var row = rows[place]
        let wasOpen = row.isOpen
        body(&row)
        rows[place] = row
        changed[index >> 6] |= 1 << UInt64(index & 63)
        openCount += (row.isOpen ? 1 : 0) - (wasOpen ? 1 : 0)
        let worst = row.worst
        guard worst != worsts[place] else { return }
        let otherSide = worsts[place ^ 1]
        let (before, after) = (worsts[place] + otherSide, worst + otherSide)
        worsts[place] = worst
        if prices[index] == .zero { countUnpriced(index, (after > .zero ? 1 : 0) - (before > .zero ? 1 : 0)) }
        revalue(index, after)
    }

    private mutating func revalue(_ index: Int, _ worst: Quantity) {
        let worth = Self.worth(worst, prices[index], multipliers[index])
        total += worth - worths[index]
        if groups[index] != 0 { eachGroup(groups[index]) { groupTotals[$0] += worth - worths[index] } }
        worths[index] = worth
    }

    private mutating func countUnpriced(_ index: Int, _ change: Int) {
        unpricedCount += change
        if groups[index] != 0 { eachGroup(groups[index]) { groupUnpriced[$0] += change } }
    }

    @inline(__always)
    private func worst(_ index: Int) -> Quantity { worsts[index * 2] + worsts[index * 2 + 1] }

    private static func worth(_ quantity: Quantity, _ price: Price, _ multiplier: Int32) -> Money {
        Money.boundedNotional(price, quantity, multiplier: multiplier)
    }

    private static func index(_ instrument: InstrumentHandle, _ positionSide: PositionSide) -> Int {
        switch positionSide {
        case .both, .long: Int(instrument.index) * 2
        case .short: Int(instrument.index) * 2 + 1
        }
    }

    private static func add(_ part: Quantity, _ side: Side, _ isClosing: Bool, _ row: inout ExposureRow) {
        switch (side, isClosing) {
        case (.buy, false): row.openingBuys += part
        case (.sell, false): row.openingSells += part
        case (.buy, true): row.closingBuys += part
        case (.sell, true): row.closingSells += part
        }
    }

    private static func subtract(_ part: Quantity, _ side: Side, _ isClosing: Bool, _ row: inout ExposureRow) {
        switch (side, isClosing) {
        case (.buy, false): row.openingBuys -= part
        case (.sell, false): row.openingSells -= part
        case (.buy, true): row.closingBuys -= part
        case (.sell, true): row.closingSells -= part
        }
    }

    // MARK: State

    /// Writes, reads or hashes the rows and prices; the sums are computed again after a reading.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in rows.indices {
            visitor.visit(&rows[index].position)
            visitor.visit(&rows[index].openingBuys)
            visitor.visit(&rows[index].openingSells)
            visitor.visit(&rows[index].closingBuys)
            visitor.visit(&rows[index].closingSells)
            visitor.visit(&rows[index].protectiveBuys)
            visitor.visit(&rows[index].protectiveSells)
        }
        for index in prices.indices { visitor.visit(&prices[index]) }
        for index in changed.indices { visitor.visit(&changed[index]) }
        if visitor.isReading { resum() }
    }

    private mutating func resum() {
        total = .zero
        unpricedCount = 0
        for group in groupTotals.indices {
            groupTotals[group] = .zero
            groupUnpriced[group] = 0
        }
        openCount = rows.reduce(0) { $0 + ($1.isOpen ? 1 : 0) }
        for place in rows.indices { worsts[place] = rows[place].worst }
        for index in prices.indices {
            let worst = worst(index)
            if worst > .zero, prices[index] == .zero { countUnpriced(index, 1) }
            worths[index] = .zero
            revalue(index, worst)
        }
    }

    /// One live order, as the table must have it in its sums.
    public struct LiveOrder: Hashable, Sendable, BitwiseCopyable {
        public var instrument: InstrumentHandle
        public var positionSide: PositionSide
        public var side: Side
        public var leaves: Quantity
        public var isClosing: Bool
        /// Waits at the venue for its price.
        public var isProtective: Bool
        public init(
            instrument: InstrumentHandle,
            positionSide: PositionSide,
            side: Side,
            leaves: Quantity,
            isClosing: Bool,
            isProtective: Bool = false
        ) {
            self.isProtective = isProtective
            self.instrument = instrument
            self.positionSide = positionSide
            self.side = side
            self.leaves = leaves
            self.isClosing = isClosing
        }
    }

    /// Recomputes every sum from the live orders (a one-cancels-other group given as its largest member). Slow: for
    /// tests and the simulator.
    public func checkInvariants(_ orders: some Sequence<LiveOrder>) {
        var expected = ContiguousArray(repeating: ExposureRow(), count: rows.count)
        for order in orders {
            let place = Self.index(order.instrument, order.positionSide)
            if order.isProtective {
                if order.side == .buy { expected[place].protectiveBuys += order.leaves }
                if order.side == .sell { expected[place].protectiveSells += order.leaves }
            } else {
                Self.add(order.leaves, order.side, order.isClosing, &expected[place])
            }
        }
        for index in rows.indices {
            expected[index].position = rows[index].position
            precondition(expected[index] == rows[index], "Invariant: reserved equals the sum of leaves")
        }
        var again = self
        again.resum()
        precondition(again.total == total, "Invariant: the gross is the sum of all worst cases")
        precondition(again.worsts == worsts, "Invariant: each row's worst case is its row's")
        precondition(again.worths == worths, "Invariant: each worth is its worst case at its price")
        precondition(again.groupTotals == groupTotals, "Invariant: a group's gross is the sum of its worst cases")
        precondition(again.groupUnpriced == groupUnpriced, "Invariant: a group's exposures without a price are counted")
        precondition(again.openCount == openCount, "Invariant: open positions are counted")
        precondition(again.unpricedCount == unpricedCount, "Invariant: exposures without a price are counted")
    }
}
