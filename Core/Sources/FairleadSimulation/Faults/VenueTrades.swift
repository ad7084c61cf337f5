import FairleadEngine
import FairleadModel
import FairleadPaper

/// O3: the venue fills more of an order than was asked, live or ended.
struct VenueOverfills: Fault {
    var name: String { "overfill" }
    var row: String { "O3" }
    var presence: UInt64 { 60 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...60_000)), value: random.next(in: 1...20))
    }

    /// Once more at the end: at the beginning of a seed nothing has filled yet.
    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { overfill(&window, &simulation) }
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { overfill(&window, &simulation) }

    private func overfill(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let luck = window.random.next()
        let lots = window.fault.value
        let terms = window.terms
        let id = simulation.server.server.withVenue { venue -> ClientOrderID? in
            let count = min(venue.orderSlots, 64)
            guard count > 0 else { return nil }
            var found: PaperOrderRow?
            for step in 0..<count where found == nil {
                let back = (Int(luck % UInt64(count)) + step) % count
                let row = venue.row(at: venue.orderSlots - 1 - back)
                if row.client == Simulation.client, row.filled > .zero { found = row }
            }
            guard let row = found else { return nil }
            let lot = terms[Int(row.order.instrument.index)].lot
            let isDone = venue.overfill(row.order.id, client: row.client, by: Quantity(raw: lot.raw * lots))
            return isDone ? row.order.id : nil
        }
        guard let id else { return }
        simulation.truth.overfilled(id)
        simulation.needsPump = true
    }
}

/// O3: another client of the same account trades; half of the time where an order of ours is at work.
struct ExternalTrade: Fault {
    static let client: UInt32 = 9

    var name: String { "external_trade" }
    var row: String { "O3" }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { FaultShape(value: random.next(in: 1...200)) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        var index = Int(window.random.next(below: UInt64(window.terms.count)))
        if window.random.chance(1, in: 2) {
            _ = simulation.withEngine { engine in engine.forEachLiveOrder { index = Int($0.instrument.index) } }
        }
        let terms = window.terms[index]
        var order = PaperOrder(
            // An epoch that the router never comes to; the fault's number makes it unique.
            id: ClientOrderID(
                epoch: Epoch(number: .max),
                parent: UInt32(window.fault.number + 1),
                leg: .direct,
                slice: 0,
                attempt: 0,
                slot: 0
            ),
            instrument: InstrumentHandle(index),
            side: window.random.chance(1, in: 2) ? .buy : .sell,
            type: .market,
            timeInForce: .ioc,
            quantity: Quantity(raw: terms.lot.raw * window.fault.value * (index == 2 ? 1 : 5))
        )
        if terms.isHedged { order.positionSide = window.random.chance(1, in: 2) ? .long : .short }
        let now = simulation.now
        simulation.server.server.withVenue { venue in
            if !venue.isConnected(client: Self.client) { venue.connect(client: Self.client, at: now) }
            venue.request(.submit(order), client: Self.client, at: now)
        }
        simulation.needsPump = true
    }
}
