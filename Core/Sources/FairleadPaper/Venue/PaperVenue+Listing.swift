public import FairleadModel

/// What a listing is read from. All of it is of one moment: read it before anything else happens to the venue.
extension PaperVenue {
    /// How many slots `openOrder(at:client:)` may be asked for.
    public var orderSlots: Int { orders.rows.count }

    /// The live order of a client in a slot, as its report; nil where there is none.
    public func openOrder(at slot: Int, client: UInt32) -> OrderReport? {
        let row = orders.rows[slot]
        return row.isLive && row.client == client ? row.report(at: time) : nil
    }

    /// The live orders of a client, oldest slot first.
    public func openOrders(client: UInt32) -> [OrderReport] {
        (0..<orderSlots).compactMap { openOrder(at: $0, client: client) }
    }

    /// The venue's own record of an order, live or remembered; for tests and screens.
    public func order(_ id: ClientOrderID, client: UInt32 = PaperVenue.embeddedClient) -> PaperOrderRow? {
        guard let slot = orders.slot(of: id, client: client) else { return nil }
        return orders[slot]
    }

    /// Live orders of all clients.
    public var liveOrderCount: Int { orders.liveCount }

    /// The kept execution at an offset of the ledger as one client is told it: without the id when it isn't its own.
    public func execution(at offset: Int, client: UInt32) -> Execution {
        told(ledger.execution(at: offset), to: client)
    }

    func told(_ entry: PaperExecution, to client: UInt32) -> Execution {
        var execution = entry.execution
        if entry.client != client { execution.id = .none }
        return execution
    }

    /// One row for each instrument, two where long and short are kept apart; flat ones too.
    public func forEachPosition(_ body: (PositionReport) -> Void) {
        for index in terms.indices {
            let instrument = InstrumentHandle(index)
            if terms[index].isHedged {
                body(position(instrument, .long))
                body(position(instrument, .short))
            } else {
                body(position(instrument, .both))
            }
        }
    }

    public func position(_ instrument: InstrumentHandle, _ side: PositionSide) -> PositionReport {
        let position = ledger.positions[ledger.positionIndex(instrument, side)]
        return PositionReport(
            instrument: instrument,
            positionSide: side,
            quantity: position.quantity,
            averagePrice: position.averagePrice(multiplier: terms[Int(instrument.index)].multiplier),
            venueTime: time
        )
    }

    public func balance(venue: VenueHandle = .paper) -> BalanceReport {
        BalanceReport(venue: venue, cash: ledger.cash.raw8, available: (equity - requirement).raw8, venueTime: time)
    }
}
