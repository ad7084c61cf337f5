import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadPaper

/// O5: somebody halves every order that rests, and again at the end; amendments are on their way for long, and in half
/// of the cases the market trades through their order first, three quarters of it.
struct AmendmentsAsked: Fault {
    private static let most = 8

    var name: String { "amendments" }
    var row: String { "O5" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .requests }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 100...20_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { amend(&window, &simulation) }
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { amend(&window, &simulation) }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .amend = message.frame else { return .pass }
        return .late(.milliseconds(window.random.next(in: 50...4_000)))
    }

    private func amend(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard simulation.node != nil else { return }
        var orders: [Order] = []
        _ = simulation.withEngine { engine in engine.forEachLiveOrder { if $0.isResting { orders.append($0) } } }
        for order in orders.prefix(Self.most) {
            let terms = simulation.configuration.engine.instruments[Int(order.instrument.index)].terms
            let half = simulation.halved(order)
            guard half > order.filled else { continue }
            var command = OperatorCommand(.amendOrder, order: order.id)
            command.quantity = half
            simulation.operate(command)
            if window.random.chance(1, in: 2) { tradeThrough(order, terms, &simulation) }
        }
    }

    private func tradeThrough(_ order: Order, _ terms: InstrumentTerms, _ simulation: inout Simulation) {
        guard simulation.scenario.placement == .outside, order.price > terms.tick else { return }
        let trade = Trade(
            instrument: order.instrument,
            price: Price(raw: order.price.raw - order.side.sign * terms.tick.raw),
            quantity: terms.roundedDown(Quantity(raw: order.quantity.raw / 4 * 3)),
            aggressor: order.side.opposite,
            venueTime: simulation.now
        )
        simulation.server.server.market(.traded(trade), at: simulation.now)
        simulation.note(trade)
    }
}
