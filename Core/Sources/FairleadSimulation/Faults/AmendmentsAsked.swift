import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadPaper

/// O5: somebody halves every order that rests, and again at the end; amendments are on their way long enough for the
/// market to fill a part of their order first.
struct AmendmentsAsked: Fault {
    private static let most = 8

    var name: String { "amendments" }
    var row: String { "O5" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .requests }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 100...20_000)))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { amend(&simulation) }
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { amend(&simulation) }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .amend = message.frame else { return .pass }
        return .late(.milliseconds(window.random.next(in: 50...4_000)))
    }

    private func amend(_ simulation: inout Simulation) {
        guard simulation.node != nil else { return }
        var orders: [Order] = []
        _ = simulation.withEngine { engine in engine.forEachLiveOrder { if $0.isResting { orders.append($0) } } }
        for order in orders.prefix(Self.most) {
            let terms = simulation.configuration.engine.instruments[Int(order.instrument.index)].terms
            let half = terms.roundedDown(Quantity(raw: order.quantity.raw / 2))
            guard half > order.filled else { continue }
            var command = OperatorCommand(.amendOrder, order: order.id)
            command.quantity = half
            simulation.operate(command)
        }
    }
}
