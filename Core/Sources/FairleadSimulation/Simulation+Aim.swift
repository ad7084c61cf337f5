import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// Faults that wait for an order in a state. States of a few milliseconds would hardly ever be met by chance.
extension Simulation {
    /// A fault's time has come: it begins, or waits for an order in the state that it aims at.
    mutating func fallDue(_ place: Int) {
        let fault = scenario.faults[place]
        guard fault.aim != nil else { return begin(fault) }
        aiming.append(place)
        queue.push(.faultLosesPatience(place), at: now + ScheduledFault.patience)
        beginAimed()
    }

    /// Begins the first that has found the order that it aims at; one at a time, since it may end the router.
    mutating func beginAimed() {
        guard !aiming.isEmpty else { return }
        var states: Set<OrderState> = []
        _ = withEngine { engine in engine.forEachLiveOrder { states.insert($0.state) } }
        let found = aiming.first { place in scenario.faults[place].aim.map(states.contains) ?? true }
        if let found { beginAimed(found) }
    }

    /// Begins a fault that has waited, if it still does.
    mutating func beginAimed(_ place: Int) {
        guard let waiting = aiming.firstIndex(of: place) else { return }
        aiming.remove(at: waiting)
        begin(scenario.faults[place])
    }

    /// Where a fault waits for an amendment or a cancel, the desk asks for one as soon as an order rests.
    mutating func nudge() {
        guard let place = aiming.first(where: { scenario.faults[$0].aim.map(Self.isTheDesks) ?? false }) else { return }
        guard node != nil, let order = restingOrder() else { return }
        switch scenario.faults[place].aim {
        case .pendingCancel: operate(OperatorCommand(.cancelOrder, order: order.id))
        case .pendingReplace:
            var command = OperatorCommand(.amendOrder, order: order.id)
            command.quantity = halved(order)
            operate(command)
        case .created, .submitted, .pendingUnknown, .accepted, .working, .partiallyFilled, .filled, .cancelled,
            .rejected, .expired, .none:
            return
        }
    }

    private static func isTheDesks(_ state: OrderState) -> Bool { state == .pendingCancel || state == .pendingReplace }

    /// The newest entry that rests with at least two lots open.
    private func restingOrder() -> Order? {
        var found: Order?
        _ = withEngine { engine in
            engine.forEachLiveOrder { if found == nil, $0.isResting, halved($0) > $0.filled { found = $0 } }
        }
        return found
    }

    /// Half of what was asked, on the lot grid.
    func halved(_ order: Order) -> Quantity {
        let terms = configuration.engine.instruments[Int(order.instrument.index)].terms
        return terms.roundedDown(Quantity(raw: order.quantity.raw / 2))
    }
}
