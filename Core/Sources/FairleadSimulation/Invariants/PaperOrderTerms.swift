import FairleadEngine
import FairleadModel
import FairleadPaper

/// What an intent and the order at the venue must agree on.
struct PaperOrderTerms: Hashable {
    var side: Side
    var positionSide: PositionSide
    var type: OrderType
    var timeInForce: TimeInForce
    var price: Price
    var quantity: Quantity
    var reduceOnly: Bool
    var instrument: InstrumentHandle
    var condition: OrderCondition

    init(_ order: OrderSubmission) { self.init(PaperOrder(order)) }

    init(_ order: PaperOrder) {
        side = order.side
        positionSide = order.positionSide
        type = order.type
        timeInForce = order.timeInForce
        price = order.price
        quantity = order.quantity
        reduceOnly = order.reduceOnly
        instrument = order.instrument
        condition = order.condition
    }
}
