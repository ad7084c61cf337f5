import FairleadConfiguration
import FairleadModel
import FairleadPaper

/// S-15: every number that leaves in an order is positive where it must be, and on the instrument's grid.
final class OnGrid: Invariant {
    var id: String { "S-15" }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        if case .submit(let order) = message.frame {
            let terms = simulation.configuration.engine.instruments[Int(order.instrument.index)].terms
            if (order.type == .market) != (order.price == .zero) { throw Violation(id, "the price of \(order.id)") }
            try judge(order.id, order.price, order.quantity, terms)
            try judge(order.id, order.condition.trigger, order.quantity, terms)
        }
        if case .amend(let amendment) = message.frame, let place = simulation.truth.places[amendment.id] {
            let order = simulation.truth.orders[place].order
            let terms = simulation.configuration.engine.instruments[Int(order.instrument.index)].terms
            try judge(order.id, amendment.price, amendment.quantity, terms)
            try judge(order.id, amendment.trigger, amendment.quantity, terms)
        }
    }

    private func judge(
        _ order: ClientOrderID,
        _ price: Price,
        _ quantity: Quantity,
        _ terms: InstrumentTerms
    ) throws(Violation) {
        if price < .zero || !terms.isOnTick(price) { throw Violation(id, "\(order) left with price \(price.raw)") }
        if quantity <= .zero || !terms.isOnLot(quantity) {
            throw Violation(id, "\(order) left with quantity \(quantity.raw)")
        }
    }
}
