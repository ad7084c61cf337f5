package import FairleadModel

/// What only the fault simulator may do to a venue: things that real venues do wrong, booked as they would book them,
/// so that the ledger stays the truth.
extension PaperVenue {
    /// The venue's record of an order in a slot (`0..<orderSlots`), live or remembered, of any client.
    package func row(at slot: Int) -> PaperOrderRow { orders.rows[slot] }

    /// Fills more of an order than was asked (RELIABILITY O3), at its price or the touch, and tells everybody. The
    /// order's own record keeps to its quantity. False when the order is not known, or there is no price.
    package mutating func overfill(_ id: ClientOrderID, client: UInt32, by quantity: Quantity) -> Bool {
        guard quantity > .zero, let slot = orders.slot(of: id, client: client) else { return false }
        let row = orders[slot]
        let index = Int(row.order.instrument.index)
        let touch = books[index].touch(against: row.order.side)
        let price = row.order.price > .zero ? row.order.price : touch
        guard price > .zero else { return false }
        let notional = Money.notional(price, quantity, multiplier: terms[index].multiplier)
        var execution = Execution(
            id: id,
            executionID: ExecutionID(value: ledger.nextSequence()),
            instrument: row.order.instrument,
            side: row.order.side,
            positionSide: row.order.positionSide,
            price: price,
            quantity: quantity,
            fee: PaperLedger.fee(notional, terms[index].takerFee),
            liquidity: .taker,
            venueTime: time
        )
        ledger.book(
            PaperExecution(execution: execution, client: client, venueOrderID: row.venueOrderID),
            multiplier: terms[index].multiplier
        )
        answer(.filled(execution), to: client)
        execution.id = .none
        for index in clients.indices where clients[index].number != client {
            answer(.filled(execution), to: clients[index].number)
        }
        return true
    }

    /// Changes what the venue lets pass (RELIABILITY M2): tick, lot, smallest and largest order, price band. The
    /// account's arithmetic (multiplier, hedge mode) stays. Orders that rest already are left alone.
    package mutating func setFilters(_ filters: InstrumentTerms, _ instrument: InstrumentHandle) {
        let index = Int(instrument.index)
        precondition(terms.indices.contains(index), "Invariant: filters are of an instrument of the venue")
        terms[index].tick = filters.tick
        terms[index].lot = filters.lot
        terms[index].minimumQuantity = filters.minimumQuantity
        terms[index].maximumQuantity = filters.maximumQuantity
        terms[index].minimumNotional = filters.minimumNotional
        terms[index].percentPrice = filters.percentPrice
    }

    /// Settles funding at a rate of the simulator's, whatever the instruments' own (RELIABILITY M3).
    package mutating func settleFunding(_ rate: Rate, at now: Timestamp) {
        advance(to: now)
        settleFunding(rate, of: time)
        watchMargin()
    }

    /// Ends one of a client's orders that wait for their price, and tells nobody (RELIABILITY O6). `luck` chooses.
    package mutating func forgetWaiting(_ luck: UInt64, client: UInt32) {
        var slots: [UInt32] = []
        for index in books.indices { slots += books[index].waiting.filter { orders[$0].client == client } }
        guard !slots.isEmpty else { return }
        finish(slots[Int(luck % UInt64(slots.count))], .cancelled)
    }

    /// Triggers nothing while it is held (RELIABILITY O6); what was passed meanwhile is triggered at its next price.
    package mutating func holdTriggers(_ isHeld: Bool) { holdsTriggers = isHeld }

    /// Asks for so much margin from now on (RELIABILITY M3); more than an account can have closes its positions.
    package mutating func setMaintenanceMargin(_ rate: Rate) {
        maintenanceMargin = rate
        watchMargin()
    }
}

extension PaperServer {
    /// The simulator's way to the venue behind the wire, at the venue's present time.
    package mutating func withVenue<Result>(_ body: (inout PaperVenue) -> Result) -> Result { body(&venue) }

    /// Takes fewer or more requests from now on (RELIABILITY N3, R1).
    package mutating func setRateLimit(_ limit: PaperRateLimit) { rateLimit = limit }

    /// Bans a client by its number, as if it had asked too much (RELIABILITY N3).
    package mutating func ban(client: UInt32, until: Timestamp) { meters[meterIndex(client)].ban(until: until) }
}
