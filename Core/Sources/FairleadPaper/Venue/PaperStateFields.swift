internal import FairleadModel

/// A request with its fields side by side, so that a state visitor can read it back.
struct PaperRequestFields {
    var kind: UInt8 = 0
    var order = PaperOrderRow.blank.order
    var listing = PaperListingRequest()

    init(_ request: PaperRequest) {
        switch request {
        case .submit(let order):
            kind = 1
            self.order = order
        case .cancel(let id):
            kind = 2
            order.id = id
        case .amend(let amendment):
            kind = 3
            order.id = amendment.id
            order.price = amendment.price
            order.quantity = amendment.quantity
            order.validUntil = amendment.validUntil
            order.condition.trigger = amendment.trigger
        case .query(let id):
            kind = 4
            order.id = id
        case .list(let listing):
            kind = 5
            self.listing = listing
        case .time: kind = 6
        }
    }

    /// A kind that this build doesn't know reads as a request for the time, which changes nothing.
    var request: PaperRequest {
        if kind == 1 { return .submit(order) }
        if kind == 2 { return .cancel(order.id) }
        if kind == 3 {
            return .amend(
                PaperAmendment(
                    id: order.id,
                    price: order.price,
                    quantity: order.quantity,
                    validUntil: order.validUntil,
                    trigger: order.condition.trigger
                )
            )
        }
        if kind == 4 { return .query(order.id) }
        if kind == 5 { return .list(listing) }
        return .time
    }
}

/// A response with its fields side by side.
struct PaperResponseFields {
    var kind: UInt8 = 0
    var id = ClientOrderID.none
    var venueOrderID = VenueOrderID.none
    var time = Timestamp.never
    var price = Price.zero
    var quantity = Quantity.zero
    var filled = Quantity.zero
    var sequence: UInt64 = 0
    var fee: Int64 = 0
    var instrument = InstrumentHandle.none
    var side = Side.buy
    var positionSide = PositionSide.both
    var liquidity = Liquidity.maker
    var state = OrderState.working
    var rejectReason = RejectReason.unspecified
    var endReason = EndReason.none
    var scope: UInt8 = 0
    var origin = ExecutionOrigin.order
    var rate = Rate.zero
    var signedQuantity = SignedQuantity.zero

    init(_ response: PaperResponse) {
        switch response {
        case .accepted(let acceptance):
            kind = 1
            id = acceptance.id
            venueOrderID = acceptance.venueOrderID
            time = acceptance.venueTime
        case .rejected(let rejection): take(2, rejection)
        case .filled(let execution): take(3, execution)
        case .cancelled(let end): take(4, end)
        case .expired(let end): take(5, end)
        case .cancelRejected(let rejection): take(6, rejection)
        case .replaced(let replacement):
            kind = 7
            id = replacement.id
            price = replacement.price
            quantity = replacement.quantity
            time = replacement.venueTime
        case .replaceRejected(let rejection): take(8, rejection)
        case .reported(let report): take(9, report)
        case .notFound(let absence):
            kind = 10
            id = absence.id
            sequence = absence.ledgerSequence
            time = absence.venueTime
        case .forgotten(let id):
            kind = 11
            self.id = id
        case .listing(let listing):
            kind = 12
            scope = listing.scope.rawValue
            sequence = listing.executionsAfter.value
        case .time(let time):
            kind = 13
            self.time = time
        case .disconnected: kind = 14
        case .funded(let payment): take(15, payment)
        }
    }

    private mutating func take(_ kind: UInt8, _ rejection: OrderRejection) {
        self.kind = kind
        id = rejection.id
        rejectReason = rejection.reason
        time = rejection.venueTime
    }

    private mutating func take(_ kind: UInt8, _ end: OrderEnd) {
        self.kind = kind
        id = end.id
        filled = end.cumulativeFilled
        endReason = end.reason
        time = end.venueTime
    }

    private mutating func take(_ kind: UInt8, _ execution: Execution) {
        self.kind = kind
        id = execution.id
        sequence = execution.executionID.value
        price = execution.price
        quantity = execution.quantity
        fee = execution.fee
        time = execution.venueTime
        instrument = execution.instrument
        side = execution.side
        positionSide = execution.positionSide
        liquidity = execution.liquidity
        origin = execution.origin
    }

    private mutating func take(_ kind: UInt8, _ payment: FundingPayment) {
        self.kind = kind
        sequence = payment.id.value
        signedQuantity = payment.quantity
        price = payment.mark
        rate = payment.rate
        fee = payment.amount
        time = payment.venueTime
        instrument = payment.instrument
        positionSide = payment.positionSide
    }

    private mutating func take(_ kind: UInt8, _ report: OrderReport) {
        self.kind = kind
        id = report.id
        venueOrderID = report.venueOrderID
        price = report.price
        quantity = report.quantity
        filled = report.filled
        time = report.venueTime
        instrument = report.instrument
        side = report.side
        state = report.state
    }

    /// A kind that this build doesn't know reads as a lost connection, after which a client reconciles.
    var response: PaperResponse {
        if kind == 1 { return .accepted(OrderAcceptance(id: id, venueOrderID: venueOrderID, venueTime: time)) }
        if kind == 2 { return .rejected(rejection) }
        if kind == 3 { return .filled(execution) }
        if kind == 4 { return .cancelled(end) }
        if kind == 5 { return .expired(end) }
        if kind == 6 { return .cancelRejected(rejection) }
        if kind == 7 {
            return .replaced(OrderReplacement(id: id, price: price, quantity: quantity, venueTime: time))
        }
        if kind == 8 { return .replaceRejected(rejection) }
        if kind == 9 { return .reported(report) }
        if kind == 10 {
            return .notFound(OrderAbsence(id: id, venueTime: time, ledgerSequence: sequence, session: 0))
        }
        if kind == 11 { return .forgotten(id) }
        if kind == 12 {
            let after = ExecutionID(value: sequence)
            return .listing(PaperListingRequest(scope: PaperListingScope(rawValue: scope), executionsAfter: after))
        }
        if kind == 13 { return .time(time) }
        if kind == 15 { return .funded(payment) }
        return .disconnected
    }

    private var rejection: OrderRejection { OrderRejection(id: id, reason: rejectReason, venueTime: time) }

    private var end: OrderEnd {
        OrderEnd(id: id, cumulativeFilled: filled, reason: endReason, venueTime: time)
    }

    private var execution: Execution {
        Execution(
            id: id,
            executionID: ExecutionID(value: sequence),
            instrument: instrument,
            side: side,
            positionSide: positionSide,
            price: price,
            quantity: quantity,
            fee: fee,
            liquidity: liquidity,
            venueTime: time,
            origin: origin
        )
    }

    private var payment: FundingPayment {
        FundingPayment(
            id: ExecutionID(value: sequence),
            instrument: instrument,
            positionSide: positionSide,
            quantity: signedQuantity,
            mark: price,
            rate: rate,
            amount: fee,
            venueTime: time
        )
    }

    private var report: OrderReport {
        OrderReport(
            id: id,
            venueOrderID: venueOrderID,
            instrument: instrument,
            side: side,
            price: price,
            quantity: quantity,
            filled: filled,
            state: state,
            venueTime: time
        )
    }
}
