import FairleadEngine
import FairleadModel
import Testing

@Suite struct EngineUnknownOrderTests {
    private func absence(_ order: OrderSubmission, _ bench: borrowing EngineBench, session: UInt32) -> Event {
        .orderNotFound(
            OrderAbsence(id: order.id, venueTime: bench.now, ledgerSequence: 1, session: session)
        )
    }

    /// Goal: an unanswered submit keeps its reservation and locks entries of the symbol. Method: lose the answer, then
    /// ask for another entry.
    @Test func locksEntriesOfTheSymbol() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        #expect(bench.engine.unknownOrderCount == 1)
        bench.signal(.buy, 50)
        #expect(bench.acknowledgements.first?.vetoes.contains(.unknownOrder) == true)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: one "not found" in the old session proves nothing. Method: answer it late, look for a reconnect instead.
    @Test func oneAbsenceIsNoProof() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.wait(.seconds(6))
        bench.feed(absence(order, bench, session: 1))
        #expect(bench.engine.unknownOrderCount == 1)
        #expect(bench.commands.contains { if case .reconnect = $0 { true } else { false } })
    }

    /// Goal: absent by id and from the listing, in a new session, after `validUntil`, is proof; where a venue may hide
    /// orders, reservation and lock stay for the tombstone. Method: reconnect, answer, then wait an hour.
    @Test func provenAbsenceBuriesTheOrder() throws {
        var bench = EngineBench.trading { $0.unknownOrders.provesDeath = false }
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(6))
        bench.connect(session: 2)
        bench.quote(bid: 1000, ask: 1001)
        bench.feed(absence(order, bench, session: 2))
        #expect(bench.engine.unknownOrderCount == 0)
        #expect(bench.engine.order(order.id)?.state == .expired)
        #expect(bench.engine.order(order.id)?.endReason == .presumedDead)
        bench.signal(.buy, 50)
        #expect(bench.acknowledgements.first?.vetoes.contains(.unknownOrder) == true)
        bench.wait(.seconds(3600))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: a fill for an order presumed dead is booked, once, with an alarm. Method: bury it, fill it twice.
    @Test func lateFillOfABuriedOrderIsBooked() throws {
        var bench = EngineBench.trading { $0.unknownOrders.provesDeath = false }
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(6))
        bench.connect(session: 2)
        bench.feed(absence(order, bench, session: 2))
        let execution = bench.execution(order, 100, at: 1000, number: 77)
        bench.feed(.orderFilled(execution))
        bench.feed(.orderFilled(execution))
        #expect(bench.position == 100)
        #expect(bench.alarms.contains(.lateFill))
        #expect(bench.engine.counters.repeatedFills == 1)
    }

    /// Goal: an unknown order that the listing shows alive goes on as maker. Method: report it working after a
    /// reconnect.
    @Test func reportedAliveGoesOn() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.feed(
            .orderReported(
                OrderReport(
                    id: order.id,
                    venueOrderID: VenueOrderID(value: 9),
                    instrument: order.instrument,
                    side: .buy,
                    price: order.price,
                    quantity: order.quantity,
                    filled: .zero,
                    state: .working,
                    venueTime: bench.now
                )
            )
        )
        #expect(bench.engine.order(order.id)?.state == .working)
        bench.fill(order, 100, at: 1000)
        #expect(bench.closed.last?.outcome == .filled)
    }

    /// Goal: an unknown outcome never falls back. Method: let the maker's time run out while it is unknown.
    @Test func neverFallsBackWhileUnknown() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.wait(.seconds(30))
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.order(order.id)?.state == .pendingUnknown)
    }

    /// Goal: after five minutes a person is told, once. Method: leave it unresolved for ten.
    @Test func escalatesOnce() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.wait(.seconds(600))
        #expect(bench.alarms.filter { $0 == .unknownOrderEscalated }.count == 1)
    }

    /// Goal: an operator can resolve it. Method: declare it dead, and see the symbol trade again after the venue
    /// agrees.
    @Test func operatorResolves() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        bench.feed(.submitUnanswered(order.id))
        bench.feed(.operated(OperatorCommand(.resolveDead, order: order.id)))
        #expect(bench.engine.unknownOrderCount == 0)
        bench.wait(.seconds(2))
        #expect(bench.commands.contains { if case .reconcile = $0 { true } else { false } })
        #expect(bench.closed.count == 1)
    }

    /// Goal: a restart makes what was handed out without an answer unknown, and sends nothing twice. Method: open an
    /// epoch with one order submitted and one working.
    @Test func restartMakesUnanswered() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        bench.signal(.buy, 100)
        let first = try #require(bench.submissions.first)
        bench.accept(first)
        bench.signal(.buy, 70) {
            $0.orderType = .limit; $0.limitPrice = EngineBench.price(990)
        }
        let second = try #require(bench.submissions.first)
        bench.feed(.epochOpened(Epoch(number: 2)))
        #expect(bench.engine.order(first.id)?.state == .working)
        #expect(bench.engine.order(second.id)?.state == .pendingUnknown)
        #expect(bench.submissions.isEmpty)
    }
}
