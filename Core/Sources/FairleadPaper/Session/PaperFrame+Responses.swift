internal import FairleadModel

extension PaperFrame {
    /// The frame of a response; nil for a listing, which is many, and for a lost connection.
    init?(_ response: PaperResponse) {
        switch response {
        case .accepted(let it): self = .accepted(it)
        case .rejected(let it): self = .rejected(it)
        case .filled(let it): self = .filled(it)
        case .cancelled(let it): self = .cancelled(it)
        case .expired(let it): self = .expired(it)
        case .cancelRejected(let it): self = .cancelRejected(it)
        case .replaced(let it): self = .replaced(it)
        case .replaceRejected(let it): self = .replaceRejected(it)
        case .reported(let it): self = .reported(it)
        case .notFound(let it): self = .notFound(it)
        case .forgotten(let it): self = .forgotten(it)
        case .time(let it): self = .time(it)
        case .funded(let it): self = .funding(it)
        case .listing, .disconnected: return nil
        }
    }

    /// The instrument of a market frame; nil for others.
    var instrument: InstrumentHandle? {
        if case .quote(let quote) = self { return quote.instrument }
        if case .trade(let trade) = self { return trade.instrument }
        if case .mark(let mark) = self { return mark.instrument }
        return nil
    }
}

extension PaperVenue {
    /// The instruments as they stand on the wire. A symbol that the wire can't hold is refused at the start.
    var instrumentRows: [PaperInstrumentRow] {
        instruments.indices.map { index in
            guard let symbol = PaperSymbol(instruments[index].symbol) else {
                preconditionFailure("Invariant: a paper symbol has 1 to 32 bytes of [A-Z0-9._-]")
            }
            return PaperInstrumentRow(
                instrument: InstrumentHandle(index),
                symbol: symbol,
                terms: instruments[index].terms
            )
        }
    }
}

extension PaperServerSession {
    /// Writes a listing as it is at this moment: its head, its rows, its end, nothing between them.
    mutating func sendListing(_ request: PaperListingRequest, number: UInt32, _ venue: borrowing PaperVenue) {
        guard let client else { return }
        let wantsExecutions = request.scope.contains(.executions)
        let kept = venue.ledger.bookings(after: request.executionsAfter)
        if wantsExecutions && kept == nil {
            send(.listingRefused, number: number)
            return
        }
        let bookings = wantsExecutions ? kept : nil
        let orders = request.scope.contains(.openOrders) ? venue.openOrders(client: client) : []
        var positions: [PositionReport] = []
        if request.scope.contains(.positions) { venue.forEachPosition { positions.append($0) } }
        let accounts: [BalanceReport] = request.scope.contains(.account) ? [venue.balance()] : []
        let executions = bookings.map { venue.ledger.count(from: $0) } ?? 0
        let head = PaperListingHead(
            ledgerSequence: venue.ledger.sequence,
            venueTime: venue.time,
            orders: UInt32(orders.count),
            executions: UInt32(executions),
            positions: UInt32(positions.count),
            accounts: UInt32(accounts.count)
        )
        send(.listingBegan(head), number: number)
        var ordinal: UInt32 = 0
        for report in orders {
            send(.listedOrder(PaperListed(ordinal: ordinal, row: report)), number: number)
            ordinal += 1
        }
        if var place = bookings {
            while let booking = venue.ledger.next(&place) {
                switch booking {
                case .execution(let entry):
                    let row = venue.told(entry, to: client)
                    send(.listedExecution(PaperListed(ordinal: ordinal, row: row)), number: number)
                case .funding(let row):
                    send(.listedFunding(PaperListed(ordinal: ordinal, row: row)), number: number)
                }
                ordinal += 1
            }
        }
        for report in positions {
            send(.listedPosition(PaperListed(ordinal: ordinal, row: report)), number: number)
            ordinal += 1
        }
        for report in accounts {
            send(.listedAccount(PaperListed(ordinal: ordinal, row: report)), number: number)
            ordinal += 1
        }
        send(.listingEnded(PaperListingEnd(ledgerSequence: head.ledgerSequence, rows: ordinal)), number: number)
    }
}
