import FairleadConfiguration
import FairleadModel
import FairleadPaper

/// M2: the venue changes what it lets pass, and tells nobody: tick, lot, smallest and largest order, price band.
struct FiltersChange: Fault {
    var name: String { "filter_change" }
    var row: String { "M2 O4" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...300_000)), value: random.next(in: 0...5))
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let index = Int(window.random.next(below: UInt64(window.terms.count)))
        var terms = window.terms[index]
        switch window.fault.value {
        case 0: terms.tick = Price(raw: terms.tick.raw * 10)
        case 1: terms.lot = Quantity(raw: terms.lot.raw * 10)
        case 2: terms.minimumNotional = Money(raw: terms.minimumNotional.raw * 10)
        case 3: terms.minimumQuantity = Quantity(raw: terms.minimumQuantity.raw * 20)
        case 4: terms.maximumQuantity = Quantity(raw: terms.lot.raw * 20)
        default: terms.percentPrice = Rate(bps: 1)
        }
        simulation.server.server.withVenue { $0.setFilters(terms, InstrumentHandle(index)) }
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        let all = window.terms
        simulation.server.server.withVenue { venue in
            for index in all.indices { venue.setFilters(all[index], InstrumentHandle(index)) }
        }
    }
}

/// M2: the venue halts an instrument.
struct MarketHalted: Fault {
    var name: String { "halted_market" }
    var row: String { "M2" }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...300_000)), value: random.next(in: 0...2))
    }

    private func set(_ isHalted: Bool, _ window: FaultWindow, _ simulation: inout Simulation) {
        let now = simulation.now
        simulation.server.server.setHalted(isHalted, InstrumentHandle(Int(window.fault.value)), at: now)
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) { set(true, window, &simulation) }
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { set(false, window, &simulation) }
}
