import FairleadModel

extension RandomRecords {
    mutating func command() -> Command {
        switch Int.random(in: 0..<Self.commandKinds, using: &random) {
        case 0:
            .submit(
                OrderSubmission(
                    id: id(),
                    instrument: instrument(),
                    side: choice(),
                    positionSide: choice(),
                    type: choice(),
                    timeInForce: choice(),
                    price: price(),
                    quantity: quantity(),
                    approved: quantity(),
                    collar: price(),
                    validUntil: time(),
                    expiresAt: time(),
                    reduceOnly: flag(),
                    isIncreasing: flag(),
                    number: number(),
                    condition: flag() ? .none : OrderCondition(.stop, trigger: price(), reference: choice(), group: 3)
                )
            )
        case 1:
            .cancel(OrderCancellation(id: id(), venueOrderID: VenueOrderID(value: word()), instrument: instrument()))
        case 2:
            .replace(
                OrderAmendment(
                    id: id(),
                    venueOrderID: VenueOrderID(value: word()),
                    instrument: instrument(),
                    side: choice(),
                    price: price(),
                    quantity: quantity(),
                    approved: quantity(),
                    collar: price(),
                    validUntil: time(),
                    isIncreasing: flag(),
                    trigger: flag() ? .zero : price()
                )
            )
        case 3: .query(OrderQuery(id: id(), instrument: instrument()))
        case 4: .reconcile(ReconciliationRequest(venue: venue(), executionsAfter: ExecutionID(value: word())))
        default: .reconnect(venue())
        }
    }
}
