public import FairleadModel

/// The account's margin, and what the venue does when it is used up. Its own orders are told as another's, with the
/// origin `liquidation`; their client id would begin with `autoclose-`.
extension PaperVenue {
    /// The client of the venue's own orders. No connection has it.
    static var liquidator: UInt32 { UInt32.max }

    /// What equity may not fall under: the maintenance margin of all positions at the reference prices, each rounded
    /// up. Positions without any price count neither here nor in equity.
    public var maintenance: Money {
        var sum = Money.zero
        let one = Int128(FixedPoint.one)
        for index in ledger.positions.indices where ledger.positions[index].quantity.raw != 0 {
            let quantity = ledger.positions[index].quantity.magnitude
            let value = Money.notional(
                books[index / 3].reference,
                quantity,
                multiplier: terms[index / 3].multiplier
            )
            sum += Money(raw: (value.raw + one - 1) / one * Int128(maintenanceMargin.raw))
        }
        return sum
    }

    /// Looks at the account after something of an instrument moved; nothing where it can't have changed anything.
    @inline(__always)
    mutating func watchMargin(of index: Int, isRevalued: Bool) {
        guard ledger.openPositions > 0, maintenanceMargin.raw > 0 else { return }
        guard marginSequence != ledger.sequence || isRevalued && holds(index) else { return }
        watchMargin()
    }

    private func holds(_ index: Int) -> Bool {
        for row in index * 3..<index * 3 + 3 where ledger.positions[row].quantity.raw != 0 { return true }
        return false
    }

    /// Closes the account's positions once its equity is less than the maintenance margin: exactly at it nothing is.
    mutating func watchMargin() {
        marginSequence = ledger.sequence
        guard ledger.openPositions > 0, maintenanceMargin.raw > 0, equity < maintenance else { return }
        var isBegun = false
        for index in ledger.positions.indices where isUnattended(index) {
            if !isBegun { endAllOrders() }
            isBegun = true
            if !orders.isFull { liquidate(index) }
        }
        marginSequence = ledger.sequence
    }

    /// True for an open position that no order of the venue's closes yet.
    private func isUnattended(_ index: Int) -> Bool {
        guard ledger.positions[index].quantity.raw != 0 else { return false }
        for slot in books[index / 3].takers where orders[slot].client == Self.liquidator {
            let order = orders[slot].order
            if ledger.positionIndex(order.instrument, order.positionSide) == index { return false }
        }
        return true
    }

    /// Cancels every live order but the venue's own.
    private mutating func endAllOrders() {
        for slot in orders.rows.indices where orders.rows[slot].isLive {
            guard orders.rows[slot].client != Self.liquidator else { continue }
            endByVenue(UInt32(slot))
        }
    }

    /// Closes a whole position at the market; what the touch doesn't hold waits and takes from each later quote.
    private mutating func liquidate(_ index: Int) {
        guard let side = PositionSide(rawValue: UInt8(index % 3)) else { return }
        let position = ledger.positions[index].quantity
        liquidations += 1
        let sequence = ledger.nextSequence()
        let order = PaperOrder(
            // An epoch that no router comes to; the client is none that may be asked for.
            id: ClientOrderID(
                epoch: Epoch(number: .max),
                parent: liquidations,
                leg: .exit,
                slice: 0,
                attempt: 0,
                slot: 0
            ),
            instrument: InstrumentHandle(index / 3),
            side: position.raw > 0 ? .sell : .buy,
            positionSide: side,
            type: .market,
            quantity: position.magnitude,
            reduceOnly: true
        )
        var row = PaperOrderRow(order, client: Self.liquidator, venueOrderID: VenueOrderID(value: sequence))
        row.priority = sequence
        row.isReducing = true
        let slot = remember(row)
        enter(slot)
        execute(slot)
    }

    /// The rate of a fill's fee: the instrument's, and for an order of the venue's own what a liquidation costs.
    func feeRate(_ row: PaperOrderRow, _ liquidity: Liquidity, _ terms: InstrumentTerms) -> Rate {
        let rate = liquidity == .maker ? terms.makerFee : terms.takerFee
        return row.client == Self.liquidator ? rate + liquidationFee : rate
    }

    // MARK: Percent price

    /// True for an order that the venue's percent-price rule refuses: a limit by its own price, on either side of the
    /// book, a market order by the touch that it would take.
    func breaksPercentPrice(_ order: PaperOrder, _ terms: InstrumentTerms, _ book: PaperBook) -> Bool {
        let price = order.price > .zero ? order.price : book.touch(against: order.side)
        let mark = book.percentPriceReference
        return price > .zero && mark > .zero && terms.breaksPercentPrice(price, mark: mark)
    }
}

extension PaperBook {
    /// What the percent-price rule measures by: the mark, else the last trade, else the middle of the book.
    var percentPriceReference: Price {
        if mark > .zero { return mark }
        return lastTrade > .zero ? lastTrade : reference
    }
}
