internal import FairleadModel

/// The field-by-field walks of the venue's values, one for each type: a field is named once, for all visitors.
extension StateVisitor {
    mutating func visit(_ order: inout PaperOrder) {
        visit(&order.id)
        visit(&order.price)
        visit(&order.quantity)
        visit(&order.validUntil)
        visit(&order.expiresAt)
        visit(&order.instrument)
        visit(&order.side)
        visit(&order.positionSide)
        visit(&order.type)
        visit(&order.timeInForce)
        visit(&order.reduceOnly)
        order.condition.visitState(&self)
        order.trail.visitState(&self)
    }

    mutating func visit(_ row: inout PaperOrderRow) {
        visit(&row.order)
        visit(&row.client)
        visit(&row.venueOrderID)
        visit(&row.filled)
        visit(&row.state)
        visit(&row.priority)
        visit(&row.queueAhead)
        visit(&row.levelQuantity)
        visit(&row.credit)
        visit(&row.creditAdvance)
        visit(&row.creditTime)
        visit(&row.joinedAt)
        visit(&row.isTaking)
        visit(&row.isReducing)
        visit(&row.best)
    }

    mutating func visit(_ position: inout PaperPosition) {
        visit(&position.quantity)
        visit(&position.cost)
        visit(&position.realised)
        visit(&position.fees)
        visit(&position.funding)
        visit(&position.openBuy)
        visit(&position.openSell)
        visit(&position.reducingOrders)
    }

    mutating func visit(_ execution: inout Execution) {
        visit(&execution.id)
        visit(&execution.executionID)
        visit(&execution.price)
        visit(&execution.quantity)
        visit(&execution.fee)
        visit(&execution.venueTime)
        visit(&execution.instrument)
        visit(&execution.side)
        visit(&execution.positionSide)
        visit(&execution.liquidity)
        visit(&execution.origin)
    }

    mutating func visit(_ payment: inout FundingPayment) {
        visit(&payment.id)
        visit(&payment.quantity)
        visit(&payment.mark)
        visit(&payment.rate)
        visit(&payment.amount)
        visit(&payment.venueTime)
        visit(&payment.instrument)
        visit(&payment.positionSide)
    }

    mutating func visit(_ calendar: inout PaperCalendar) {
        visit(&calendar.sessions, limit: calendar.sessions.count, blank: PaperSession()) { session, visitor in
            visitor.visit(&session.phase)
            visitor.visit(&session.isHalted)
            visitor.visit(&session.until)
            visitor.visit(&session.close)
        }
        visit(&calendar.nextFunding)
        visit(&calendar.next)
        visit(&calendar.isStarted)
    }

    mutating func visit(_ entry: inout PaperExecution) {
        visit(&entry.execution)
        visit(&entry.client)
        visit(&entry.venueOrderID)
    }

    mutating func visit(_ book: inout PaperBook, orderLimit: Int) {
        visit(&book.bid)
        visit(&book.bidQuantity)
        visit(&book.bidAvailable)
        visit(&book.ask)
        visit(&book.askQuantity)
        visit(&book.askAvailable)
        visit(&book.mark)
        visit(&book.lastTrade)
        visit(&book.isHalted)
        visit(&book.shownAt)
        visit(&book.depth)
        visit(&book.liveOrders)
        visit(&book.bestBuy)
        visit(&book.bestSell)
        visit(&book.buys, limit: orderLimit, blank: UInt32(0)) { slot, visitor in visitor.visit(&slot) }
        visit(&book.sells, limit: orderLimit, blank: UInt32(0)) { slot, visitor in visitor.visit(&slot) }
        visit(&book.takers, limit: orderLimit, blank: UInt32(0)) { slot, visitor in visitor.visit(&slot) }
        visit(&book.waiting, limit: orderLimit, blank: UInt32(0)) { slot, visitor in visitor.visit(&slot) }
    }

    mutating func visit(_ client: inout PaperClient) {
        visit(&client.number)
        visit(&client.connection)
        visit(&client.isConnected)
        visit(&client.lastArrival)
        visit(&client.lastAnswer)
        visit(&client.horizon)
    }

    mutating func visit(_ arrival: inout PaperArrival) {
        visit(&arrival.time)
        visit(&arrival.sequence)
        visit(&arrival.client)
        visit(&arrival.connection)
        visit(&arrival.number)
        visit(&arrival.request)
    }

    mutating func visit(_ answer: inout PaperAnswer) {
        visit(&answer.time)
        visit(&answer.sequence)
        visit(&answer.client)
        visit(&answer.connection)
        visit(&answer.number)
        visit(&answer.response)
    }

    mutating func visit(_ request: inout PaperRequest) {
        var fields = PaperRequestFields(request)
        visit(&fields.kind)
        visit(&fields.order)
        visit(&fields.listing.scope.rawValue)
        visit(&fields.listing.executionsAfter)
        if isReading { request = fields.request }
    }

    mutating func visit(_ response: inout PaperResponse) {
        var fields = PaperResponseFields(response)
        visit(&fields.kind)
        visit(&fields.id)
        visit(&fields.venueOrderID)
        visit(&fields.time)
        visit(&fields.price)
        visit(&fields.quantity)
        visit(&fields.filled)
        visit(&fields.sequence)
        visit(&fields.fee)
        visit(&fields.instrument)
        visit(&fields.side)
        visit(&fields.positionSide)
        visit(&fields.liquidity)
        visit(&fields.state)
        visit(&fields.rejectReason)
        visit(&fields.endReason)
        visit(&fields.scope)
        visit(&fields.origin)
        visit(&fields.rate)
        visit(&fields.signedQuantity)
        if isReading { response = fields.response }
    }
}

extension PaperLedger {
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&sequence)
        visitor.visit(&cash)
        visitor.visit(&fees)
        visitor.visit(&funding)
        visitor.visit(&openPositions)
        visitor.visit(&positions, limit: positions.count, blank: PaperPosition()) { position, visitor in
            visitor.visit(&position)
        }
        let blank = PaperExecution(execution: .blank, client: 0, venueOrderID: .none)
        visitor.visit(&ring, limit: executionLimit, blank: blank) { entry, visitor in visitor.visit(&entry) }
        visitor.visit(&ringHead)
        visitor.visit(&fundings, limit: executionLimit, blank: .blank) { payment, visitor in visitor.visit(&payment) }
        visitor.visit(&fundingHead)
        visitor.visit(&forgottenExecutions)
        visitor.visit(&lastForgotten)
    }
}

extension Execution {
    static let blank = Execution(
        id: .none,
        executionID: ExecutionID(value: 0),
        instrument: .none,
        side: .buy,
        positionSide: .both,
        price: .zero,
        quantity: .zero,
        fee: 0,
        liquidity: .maker,
        venueTime: .never
    )
}

extension FundingPayment {
    static let blank = FundingPayment(
        id: ExecutionID(value: 0),
        instrument: .none,
        positionSide: .both,
        quantity: SignedQuantity(raw: 0),
        mark: .zero,
        rate: .zero,
        amount: 0,
        venueTime: .never
    )
}
