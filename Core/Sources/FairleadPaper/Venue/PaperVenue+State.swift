public import FairleadModel

extension PaperVenue {
    /// Writes, reads or hashes the whole state. The reading venue must have been made from the same configuration.
    ///
    /// Taken between deliveries: a listing of the embedded form must have been drained.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        precondition(dueEventsHead == dueEvents.count, "Invariant: a snapshot is taken after due events are drained")
        visitor.visit(&time)
        visitor.visit(&refusedMarketEvents)
        random.visitState(&visitor)
        ledger.visitState(&visitor)
        orders.visitState(&visitor)
        let orderLimit = capacities.orders
        visitor.visit(&books, limit: books.count, blank: PaperBook()) { book, visitor in
            visitor.visit(&book, orderLimit: orderLimit)
        }
        visitDepths(&visitor)
        visitor.visit(&clients, limit: capacities.clients, blank: PaperClient(number: 0)) { client, visitor in
            visitor.visit(&client)
        }
        let arrival = PaperArrival(
            time: .never,
            sequence: 0,
            client: 0,
            connection: 0,
            number: 0,
            request: .time
        )
        visitor.visit(&arrivals.entries, limit: capacities.requests, blank: arrival) { arrival, visitor in
            visitor.visit(&arrival)
        }
        let answer = PaperAnswer(
            time: .never,
            sequence: 0,
            client: 0,
            connection: 0,
            number: 0,
            response: .disconnected
        )
        let answerLimit = capacities.answers + capacities.clients
        visitor.visit(&answers.entries, limit: answerLimit, blank: answer) { answer, visitor in
            visitor.visit(&answer)
        }
        visitor.visit(&queueSequence)
        let expiry = PaperExpiry(time: .never, slot: 0)
        visitor.visit(&expiries, limit: orderLimit, blank: expiry) { expiry, visitor in
            visitor.visit(&expiry.time)
            visitor.visit(&expiry.slot)
        }
        visitor.visit(&embeddedSession)
        visitor.visit(&liquidations)
        visitor.visit(&maintenanceMargin)
        visitor.visit(&calendar)
    }

    /// The recorded books, each under its instrument's place.
    private mutating func visitDepths<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        let blank = PaperDepth(.none)
        var count = depths.count
        visitor.visit(&count)
        if visitor.isReading { depths = ContiguousArray(repeating: blank, count: min(max(0, count), books.count)) }
        for index in books.indices where depths.indices.contains(Int(books[index].depth)) {
            let place = Int(books[index].depth)
            if visitor.isReading { depths[place] = PaperDepth(InstrumentHandle(index)) }
            depths[place].visitState(&visitor)
        }
    }

    /// Walks all tables and traps on the first broken rule. Slow: tests and the simulator call it after each event.
    public func checkInvariants() {
        orders.checkInvariants()
        var resting = 0
        for index in books.indices {
            let book = books[index]
            precondition(book.bidAvailable <= book.bidQuantity, "Invariant: no more is available than displayed")
            precondition(book.askAvailable <= book.askQuantity, "Invariant: no more is available than displayed")
            let listed = book.buys.count + book.sells.count + book.takers.count + book.waiting.count
            precondition(
                book.waiting.allSatisfy { orders[$0].isWaiting },
                "Invariant: what waits for a trigger has not been triggered"
            )
            precondition(listed == book.liveOrders, "Invariant: each live order stands in one list of its book")
            resting += listed
            if book.depth >= 0 { depths[Int(book.depth)].checkInvariants() }
            precondition(
                book.isHalted == calendar.sessions[index].isStopped || !calendar.isStarted,
                "Invariant: a book is halted while its session doesn't trade"
            )
            checkBest(book)
            checkOrder(of: book.buys, .buy)
            checkOrder(of: book.sells, .sell)
        }
        precondition(resting == orders.liveCount, "Invariant: each live order stands in a book")
        checkReservations()
        checkCash()
    }

    private func checkBest(_ book: PaperBook) {
        let buy = book.buys.first.map { orders.price(of: $0) } ?? .zero
        let sell = book.sells.first.map { orders.price(of: $0) } ?? .zero
        precondition(book.bestBuy == buy, "Invariant: the best buy is the head of its queue")
        precondition(book.bestSell == sell, "Invariant: the best sell is the head of its queue")
    }

    private func checkOrder(of list: ContiguousArray<UInt32>, _ side: Side) {
        for place in list.indices.dropFirst() {
            let (a, b) = (orders[list[place - 1]], orders[list[place]])
            precondition(a.order.side == side && b.order.side == side, "Invariant: a queue holds one side")
            let isBetter = side == .buy ? a.order.price > b.order.price : a.order.price < b.order.price
            let isOlder = a.order.price == b.order.price && a.priority < b.priority
            precondition(isBetter || isOlder, "Invariant: a queue is in the order of price, then time")
        }
    }

    private func checkReservations() {
        var positions = ContiguousArray(repeating: PaperPosition(), count: ledger.positions.count)
        for row in orders.rows where row.isLive {
            let index = ledger.positionIndex(row.order.instrument, row.order.positionSide)
            if row.isReducing {
                positions[index].reducingOrders += 1
            } else if row.order.side == .buy {
                positions[index].openBuy += row.remaining
            } else {
                positions[index].openSell += row.remaining
            }
        }
        for index in positions.indices {
            let (counted, kept) = (positions[index], ledger.positions[index])
            precondition(counted.openBuy == kept.openBuy, "Invariant: open buys equal the sum of their remainders")
            precondition(counted.openSell == kept.openSell, "Invariant: open sells equal the sum of their remainders")
            precondition(counted.reducingOrders == kept.reducingOrders, "Invariant: reducing orders are counted")
        }
    }

    private func checkCash() {
        var fees: Int64 = 0
        var funding: Int64 = 0
        var open = 0
        for position in ledger.positions {
            fees += position.fees
            funding += position.funding
            open += position.quantity.raw == 0 ? 0 : 1
            precondition(
                position.quantity.raw != 0 || position.cost == .zero,
                "Invariant: a flat position costs nothing"
            )
        }
        precondition(fees == ledger.fees, "Invariant: the account's fees are the sum of its positions' fees")
        precondition(funding == ledger.funding, "Invariant: the account's funding is the sum of its positions'")
        precondition(open == ledger.openPositions, "Invariant: open positions are counted")
    }
}
