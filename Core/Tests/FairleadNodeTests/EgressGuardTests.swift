import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct EgressGuardTests {
    typealias Fixture = EgressFixture

    struct Spoiled: Sendable, CustomStringConvertible {
        var description: String
        var refusal: EgressRefusal
        var order: @Sendable (inout OrderSubmission) -> Void = { _ in }
        var moment: @Sendable (inout EgressGuard.Moment) -> Void = { _ in }

        init(
            _ description: String,
            _ refusal: EgressRefusal,
            order: @escaping @Sendable (inout OrderSubmission) -> Void = { _ in },
            moment: @escaping @Sendable (inout EgressGuard.Moment) -> Void = { _ in }
        ) {
            self.description = description
            self.refusal = refusal
            self.order = order
            self.moment = moment
        }
    }

    static let spoiled: [Spoiled] = [
        Spoiled("not durable", .notDurable, moment: { $0.isDurable = false }),
        Spoiled("journal broken", .notDurable, moment: { $0.isJournalBroken = true }),
        Spoiled("journal bit", .notDurable, moment: { $0.engaged = .journal }),
        Spoiled("halt word", .tradingState, moment: { $0.engaged = .halt }),
        Spoiled("kill word", .tradingState, moment: { $0.engaged = .kill }),
        Spoiled("stop entries word", .tradingState, moment: { $0.engaged = .stopEntries }),
        Spoiled("engine reducing", .tradingState, moment: { $0.state = .reducing }),
        Spoiled("engine halted", .tradingState, moment: { $0.state = .halted }),
        Spoiled("engine killed", .tradingState, moment: { $0.state = .killed }),
        Spoiled("valid until now", .expired, order: { $0.validUntil = Fixture.now }),
        Spoiled("signal expired", .expired, order: { $0.expiresAt = Fixture.now }),
        Spoiled("zero quantity", .offGrid, order: { $0.quantity = .zero }),
        Spoiled("off lot", .offGrid, order: { $0.quantity = Quantity(raw: 100_001) }),
        Spoiled("off tick", .offGrid, order: { $0.price = Price(raw: Fixture.price(500_000).raw + 1) }),
        Spoiled("no price", .offGrid, order: { $0.price = .zero }),
        Spoiled("unknown instrument", .offGrid, order: { $0.instrument = InstrumentHandle(7) }),
        Spoiled(
            "over the maximum",
            .offGrid,
            order: {
                $0.quantity = Fixture.quantity(1_000_001)
                $0.approved = $0.quantity
            }
        ),
        Spoiled("buy above its collar", .collar, order: { $0.price = Fixture.price(505_001) }),
        Spoiled("no collar", .collar, order: { $0.collar = .zero }),
        Spoiled(
            "sell below its collar",
            .collar,
            order: {
                $0.side = .sell
                $0.collar = Fixture.price(500_001)
            }
        ),
        Spoiled(
            "market entry",
            .collar,
            order: {
                $0.type = .market
                $0.price = .zero
            }
        ),
        Spoiled("more than approved", .overParent, order: { $0.quantity = Fixture.quantity(11) }),
        Spoiled("slot beyond the table", .overParent, order: { $0.id.slot = 64 }),
    ]

    /// Goal: every rule of the guard refuses an increasing order by its own name.
    /// Method: one good order is spoiled in one way at a time.
    @Test(arguments: spoiled) func refusesByName(_ spoiled: Spoiled) {
        let egressGuard = Fixture.readyGuard()
        #expect(egressGuard.verdict(Fixture.order(), Fixture.moment()) == .pass)
        var order = Fixture.order()
        var moment = Fixture.moment()
        spoiled.order(&order)
        spoiled.moment(&moment)
        #expect(egressGuard.verdict(order, moment) == .refuse(spoiled.refusal))
    }

    /// Goal: nothing that raises exposure leaves before the venue is connected and reconciled, exits that the venue
    /// bounds do. Method: the same two orders before the connection, before the reconciliation, and after both.
    @Test func waitsForReconciliation() {
        var egressGuard = EgressGuard(Fixture.configuration())
        let entry = Fixture.order()
        var exit = Fixture.order(2, slot: 1)
        exit.isIncreasing = false
        #expect(egressGuard.verdict(entry, Fixture.moment()) == .refuse(.notConnected))
        #expect(egressGuard.verdict(exit, Fixture.moment()) == .refuse(.notConnected))
        egressGuard.observe(.venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: Fixture.now)))
        #expect(egressGuard.verdict(entry, Fixture.moment()) == .refuse(.notReconciled))
        #expect(egressGuard.verdict(exit, Fixture.moment()) == .refuse(.notReconciled))
        exit.reduceOnly = true
        #expect(egressGuard.verdict(exit, Fixture.moment()) == .pass)
        let report = ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: Fixture.now)
        egressGuard.observe(.reconciliationCompleted(report))
        #expect(egressGuard.verdict(entry, Fixture.moment()) == .pass)
        egressGuard.observe(.venueDisconnected(.paper))
        #expect(egressGuard.verdict(entry, Fixture.moment()) == .refuse(.notConnected))
        egressGuard.observe(.reconciliationCompleted(report))
        #expect(egressGuard.verdict(entry, Fixture.moment()) == .refuse(.notConnected))
    }

    /// Goal: halted, killed and broken journals let exits out, a frozen halt does not.
    /// Method: a reduce-only market order against each engaged word and state.
    @Test func letsExitsOut() {
        let egressGuard = Fixture.readyGuard()
        var exit = Fixture.order()
        exit.isIncreasing = false
        exit.reduceOnly = true
        exit.type = .market
        exit.price = .zero
        exit.collar = .zero
        for engaged in [KillBits.halt, .kill, .stopEntries, .journal] {
            #expect(egressGuard.verdict(exit, Fixture.moment { $0.engaged = engaged }) == .pass)
        }
        #expect(egressGuard.verdict(exit, Fixture.moment { $0.state = .killed }) == .pass)
        #expect(egressGuard.verdict(exit, Fixture.moment { $0.isDurable = false }) == .refuse(.notDurable))
        let broken = Fixture.moment {
            $0.isDurable = false
            $0.isJournalBroken = true
        }
        #expect(egressGuard.verdict(exit, broken) == .pass)
        let frozen = Fixture.moment { $0.engaged = [.halt, .frozen] }
        #expect(egressGuard.verdict(exit, frozen) == .refuse(.tradingState))
    }

    /// Goal: a share of each rate is kept for exits, which wait for a token and are never refused for one.
    /// Method: ten a second with a fifth reserved: eight entries, two exits, then one of each a moment later.
    @Test func throttles() {
        var egressGuard = Fixture.readyGuard {
            $0.risk.ordersPerSecond = 10
            $0.capacities.parents = 64
        }
        func exit(_ parent: UInt32) -> OrderSubmission {
            var order = Fixture.order(parent, slot: parent)
            order.isIncreasing = false
            order.reduceOnly = true
            return order
        }
        for parent in 1...8 as ClosedRange<UInt32> {
            let order = Fixture.order(parent, slot: parent)
            #expect(egressGuard.verdict(order, Fixture.moment()) == .pass)
            egressGuard.released(order, at: Fixture.now)
        }
        #expect(egressGuard.verdict(Fixture.order(9, slot: 9), Fixture.moment()) == .refuse(.throttled))
        for parent in 10...11 as ClosedRange<UInt32> {
            #expect(egressGuard.verdict(exit(parent), Fixture.moment()) == .pass)
            egressGuard.released(exit(parent), at: Fixture.now)
        }
        #expect(egressGuard.verdict(exit(12), Fixture.moment()) == .wait(Fixture.now + .seconds(1)))
        #expect(egressGuard.verdict(exit(12), Fixture.moment { $0.now = $0.now + .seconds(1) }) == .pass)
        #expect(egressGuard.increasingReleases == 8)
    }

    /// Goal: while the venue throttles only exits leave, while it bans nothing does.
    /// Method: both restrictions, each side, before and at the end of the time.
    @Test func obeysTheVenue() {
        var egressGuard = Fixture.readyGuard()
        var exit = Fixture.order(2, slot: 1)
        exit.isIncreasing = false
        exit.reduceOnly = true
        let until = Fixture.now + .seconds(2)
        egressGuard.observe(.venueThrottled(VenueRestriction(venue: .paper, until: until)))
        #expect(egressGuard.verdict(Fixture.order(), Fixture.moment()) == .refuse(.throttled))
        #expect(egressGuard.verdict(exit, Fixture.moment()) == .pass)
        egressGuard.observe(.venueBanned(VenueRestriction(venue: .paper, until: until)))
        #expect(egressGuard.verdict(exit, Fixture.moment()) == .wait(until))
        #expect(egressGuard.verdict(Fixture.order(), Fixture.moment { $0.now = until }) == .pass)
        #expect(egressGuard.verdict(exit, Fixture.moment { $0.now = until }) == .pass)
    }

    /// Goal: a child over its parent locks its symbol until an operator enables it again.
    /// Method: one refusal, then a good order of another parent, then the operator.
    @Test func overParentLocksTheSymbol() {
        var egressGuard = Fixture.readyGuard()
        egressGuard.refused(.overParent, Fixture.instrument)
        let other = Fixture.order(2, slot: 1)
        #expect(egressGuard.verdict(other, Fixture.moment()) == .refuse(.overParent))
        egressGuard.observe(.operated(OperatorCommand(.enableSymbol, instrument: Fixture.instrument)))
        #expect(egressGuard.verdict(other, Fixture.moment()) == .pass)
        #expect(egressGuard.refusals[Int(EgressRefusal.overParent.rawValue)] == 1)
    }

    /// Goal: amendments pass the same checks as orders.
    /// Method: an order is released and amended: within, over its parent, off its grid, beyond its collar.
    @Test func checksAmendments() {
        var egressGuard = Fixture.readyGuard()
        let order = Fixture.order(quantity: 5)
        egressGuard.released(order, at: Fixture.now)
        func amendment(_ thousandths: Int64, price: Price = Fixture.price(500_100)) -> OrderAmendment {
            OrderAmendment(
                id: order.id,
                venueOrderID: .none,
                instrument: order.instrument,
                side: .buy,
                price: price,
                quantity: Fixture.quantity(thousandths),
                approved: Fixture.quantity(10),
                collar: order.collar,
                validUntil: order.validUntil,
                isIncreasing: true
            )
        }
        #expect(egressGuard.verdict(amendment(10), Fixture.moment()) == .pass)
        #expect(egressGuard.verdict(amendment(11), Fixture.moment()) == .refuse(.overParent))
        #expect(egressGuard.verdict(amendment(10, price: Price(raw: 1)), Fixture.moment()) == .refuse(.offGrid))
        let high = amendment(10, price: Fixture.price(505_001))
        #expect(egressGuard.verdict(high, Fixture.moment()) == .refuse(.collar))
        #expect(egressGuard.verdict(amendment(10), Fixture.moment { $0.engaged = .halt }) == .refuse(.tradingState))
        var foreign = amendment(10)
        foreign.id = Fixture.id(5, slot: 5)
        #expect(egressGuard.verdict(foreign, Fixture.moment()) == .refuse(.overParent))
    }
}
