import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct ParentAccountsTests {
    typealias Fixture = EgressFixture

    func accounts(parents: Int = 4) -> ParentAccounts { ParentAccounts(parents: parents, orders: 64) }

    /// Goal: what a child can still fill is never given to another one, and what it can't any more is.
    /// Method: maker of the whole, partly filled and cancelled, then takers of the rest and of one lot more.
    @Test func countsWhatMayStillFill() {
        var accounts = accounts()
        let maker = Fixture.order(quantity: 10)
        accounts.released(maker, session: 1)
        #expect(accounts.isOver(Fixture.order(slot: 1, quantity: 1)))
        accounts.observe(Fixture.fill(maker.id, 4, execution: 1))
        #expect(accounts.isOver(Fixture.order(slot: 1, quantity: 1)))
        accounts.observe(Fixture.cancelled(maker.id, filled: 4))
        #expect(accounts.exposed(1) == Fixture.quantity(4))
        #expect(!accounts.isOver(Fixture.order(slot: 1, quantity: 6)))
        #expect(accounts.isOver(Fixture.order(slot: 1, quantity: 7)))
        accounts.checkInvariants()
    }

    /// Goal: fills are counted once, in any order with the end of their order.
    /// Method: a duplicate, and a late fill that the end had not told.
    @Test func lateAndDuplicateFills() {
        var accounts = accounts()
        let order = Fixture.order(quantity: 10)
        accounts.released(order, session: 1)
        accounts.observe(Fixture.cancelled(order.id, filled: 2))
        accounts.observe(Fixture.fill(order.id, 2, execution: 1))
        accounts.observe(Fixture.fill(order.id, 2, execution: 1))
        #expect(accounts.exposed(1) == Fixture.quantity(2))
        accounts.observe(Fixture.fill(order.id, 3, execution: 2))
        #expect(accounts.exposed(1) == Fixture.quantity(5))
        accounts.checkInvariants()
    }

    /// Goal: an order of unknown fate stays fully counted until absence is proof.
    /// Method: "not found" in the same session, too early, and then later and in a new session.
    @Test func absenceNeedsProof() {
        var accounts = accounts()
        let order = Fixture.order(quantity: 10)
        accounts.released(order, session: 3)
        func absent(session: UInt32, at time: Timestamp) -> Event {
            .orderNotFound(OrderAbsence(id: order.id, venueTime: time, ledgerSequence: 1, session: session))
        }
        accounts.observe(.submitUnanswered(order.id))
        accounts.observe(absent(session: 3, at: order.validUntil))
        accounts.observe(absent(session: 4, at: Fixture.now))
        #expect(accounts.exposed(1) == Fixture.quantity(10))
        accounts.observe(absent(session: 4, at: order.validUntil))
        #expect(accounts.exposed(1) == .zero)
        accounts.checkInvariants()
    }

    /// Goal: an amendment under way counts with the larger quantity.
    /// Method: raised and confirmed, lowered and refused.
    @Test func amendmentsCountTheLarger() {
        var accounts = accounts()
        let order = Fixture.order(quantity: 4)
        accounts.released(order, session: 1)
        func amended(_ thousandths: Int64) -> OrderAmendment {
            OrderAmendment(
                id: order.id,
                venueOrderID: .none,
                instrument: order.instrument,
                side: .buy,
                price: order.price,
                quantity: Fixture.quantity(thousandths),
                approved: order.approved,
                collar: order.collar,
                validUntil: order.validUntil,
                isIncreasing: true
            )
        }
        accounts.released(amended(8))
        #expect(accounts.exposed(1) == Fixture.quantity(8))
        accounts.observe(
            .orderReplaced(
                OrderReplacement(
                    id: order.id,
                    price: order.price,
                    quantity: Fixture.quantity(8),
                    venueTime: Fixture.now
                )
            )
        )
        accounts.released(amended(3))
        #expect(accounts.exposed(1) == Fixture.quantity(8))
        let rejection = OrderRejection(id: order.id, reason: .orderAlreadyEnded, venueTime: Fixture.now)
        accounts.observe(.replaceRejected(rejection))
        #expect(accounts.exposed(1) == Fixture.quantity(8))
        #expect(accounts.isOver(amended(11)))
        #expect(!accounts.isOver(amended(10)))
        accounts.checkInvariants()
    }

    /// Goal: a full table forgets only what has ended, and refuses what it has forgotten.
    /// Method: four rows; ended parents make room, live ones don't, an old parent may not raise exposure again.
    @Test func forgetsTheEnded() {
        var accounts = accounts()
        for parent in 1...4 as ClosedRange<UInt32> {
            accounts.released(Fixture.order(parent, slot: parent), session: 1)
        }
        #expect(accounts.isFull(for: Fixture.order(5, slot: 5)))
        accounts.observe(Fixture.cancelled(Fixture.id(2, slot: 2), filled: 0))
        #expect(!accounts.isFull(for: Fixture.order(5, slot: 5)))
        accounts.released(Fixture.order(5, slot: 5), session: 1)
        #expect(accounts.exposed(5) == Fixture.quantity(10))
        #expect(accounts.exposed(2) == .zero)
        #expect(accounts.isOver(Fixture.order(2, slot: 6)))
        var exit = Fixture.order(2, slot: 6)
        exit.isIncreasing = false
        #expect(!accounts.isOver(exit))
        accounts.checkInvariants()
    }

    /// Goal: an amendment whose answer is lost counts as done once a report shows what it asked for, so that another
    /// child may take what it gave up (simulator, seed 321: refused as over its parent, and trading was killed).
    /// Method: lower, lose the answer, report, fill, and take the rest.
    @Test func aReportTellsThatAnAmendmentWasDone() {
        var accounts = accounts()
        let order = Fixture.order(quantity: 10)
        accounts.released(order, session: 1)
        accounts.released(
            OrderAmendment(
                id: order.id,
                venueOrderID: .none,
                instrument: order.instrument,
                side: .buy,
                price: order.price,
                quantity: Fixture.quantity(4),
                approved: order.approved,
                collar: order.collar,
                validUntil: order.validUntil,
                isIncreasing: false
            )
        )
        func report(_ thousandths: Int64) -> Event {
            .orderReported(
                OrderReport(
                    id: order.id,
                    venueOrderID: VenueOrderID(value: 1),
                    instrument: order.instrument,
                    side: order.side,
                    price: order.price,
                    quantity: Fixture.quantity(thousandths),
                    filled: .zero,
                    state: .working,
                    venueTime: Fixture.now
                )
            )
        }
        accounts.observe(report(10))
        #expect(accounts.exposed(1) == Fixture.quantity(10))
        accounts.observe(report(4))
        #expect(accounts.exposed(1) == Fixture.quantity(4))
        accounts.observe(Fixture.fill(order.id, 4, execution: 1))
        #expect(!accounts.isOver(Fixture.order(slot: 1, quantity: 6)))
        #expect(accounts.isOver(Fixture.order(slot: 1, quantity: 7)))
        accounts.checkInvariants()
    }

    /// Goal: a release that our own edge takes back is undone, unless the venue has spoken of the order.
    /// Method: the same word of the edge before and after an acceptance.
    @Test func unconfirmedReleasesCanBeUndone() {
        var accounts = accounts()
        let order = Fixture.order()
        accounts.released(order, session: 1)
        accounts.observe(.neverSent(order.id))
        #expect(accounts.exposed(1) == .zero)
        accounts.released(Fixture.order(slot: 1), session: 1)
        let id = Fixture.id(1, slot: 1)
        accounts.observe(
            .orderAccepted(OrderAcceptance(id: id, venueOrderID: VenueOrderID(value: 7), venueTime: Fixture.now))
        )
        accounts.observe(.neverSent(id))
        #expect(accounts.exposed(1) == Fixture.quantity(10))
    }

    /// Goal: random lives of orders never let a parent expose more than approved, and the books always add up.
    /// Method: 20,000 random releases and venue events (seed below), invariants after each hundredth.
    @Test func randomLives() {
        var random = DeterministicRandom(seed: 0x5EED_0001)
        var accounts = accounts(parents: 16)
        var orders: [OrderSubmission] = []
        var parent: UInt32 = 1
        for step in 0..<20_000 {
            if random.next(in: 0...9) == 0 { parent += 1 }
            let chosen = UInt32(random.next(in: Int64(max(1, Int(parent) - 12))...Int64(parent)))
            let slot = UInt32(random.next(in: 0...63))
            let order = Fixture.order(chosen, slot: slot, quantity: random.next(in: 1...10))
            switch random.next(in: 0...3) {
            case 0, 1:
                if !accounts.isOver(order) && !accounts.isFull(for: order) {
                    accounts.released(order, session: 1)
                    orders.append(order)
                }
            case 2:
                guard let known = orders.randomElement(&random) else { continue }
                accounts.observe(Fixture.fill(known.id, 1, execution: UInt64(step)))
            default:
                guard let known = orders.randomElement(&random) else { continue }
                accounts.observe(Fixture.cancelled(known.id, filled: 0))
            }
            if step % 100 == 0 { accounts.checkInvariants() }
        }
        accounts.checkInvariants()
        #expect(orders.count > 1000, "seed 0x5EED0001 must reach the accounts")
    }
}

extension Array {
    fileprivate func randomElement(_ random: inout DeterministicRandom) -> Element? {
        isEmpty ? nil : self[Int(random.next(in: Int64(Swift.max(0, count - 32))...Int64(count - 1)))]
    }
}
