import FairleadModel

@testable import FairleadNode

/// One instrument of tick 0.10 and lot 0.001, and orders on it that the guard lets pass unless a test spoils them.
enum EgressFixture {
    static let instrument = InstrumentHandle(0)
    static let now = Timestamp(milliseconds: 1_700_000_000_000)

    static func quantity(_ thousandths: Int64) -> Quantity { Quantity(raw: thousandths * 100_000) }
    static func price(_ tenths: Int64) -> Price { Price(raw: tenths * 10_000_000) }

    static func configuration(_ change: (inout EngineConfiguration) -> Void = { _ in }) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.capacities.orders = 64
        configuration.capacities.parents = 8
        configuration.add(
            Instrument(
                symbol: "BTCUSDT",
                terms: InstrumentTerms(
                    tick: price(1),
                    lot: quantity(1),
                    minimumQuantity: quantity(1),
                    maximumQuantity: quantity(1_000_000)
                ),
                origin: "test"
            )
        )
        change(&configuration)
        return configuration
    }

    static func id(_ parent: UInt32, slot: UInt32, attempt: UInt8 = 0) -> ClientOrderID {
        ClientOrderID(
            epoch: Epoch(number: 1),
            parent: parent,
            leg: .direct,
            slice: 0,
            attempt: attempt,
            slot: slot
        )
    }

    /// A buy of 0.010 at 50,000.0 with a collar of 50,500.0, approved for 0.010.
    static func order(_ parent: UInt32 = 1, slot: UInt32 = 0, quantity thousandths: Int64 = 10) -> OrderSubmission {
        OrderSubmission(
            id: id(parent, slot: slot),
            instrument: instrument,
            side: .buy,
            type: .limit,
            timeInForce: .gtc,
            price: price(500_000),
            quantity: quantity(thousandths),
            approved: quantity(10),
            collar: price(505_000),
            validUntil: now + .seconds(5)
        )
    }

    static func moment(_ change: (inout EgressGuard.Moment) -> Void = { _ in }) -> EgressGuard.Moment {
        var moment = EgressGuard.Moment(
            now: now,
            venueTime: now,
            engaged: [],
            state: .active,
            isJournalBroken: false,
            isDurable: true
        )
        change(&moment)
        return moment
    }

    /// Connected and reconciled.
    static func readyGuard(_ change: (inout EngineConfiguration) -> Void = { _ in }) -> EgressGuard {
        var egressGuard = EgressGuard(configuration(change))
        egressGuard.observe(.venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: now)))
        egressGuard.observe(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: now)
            )
        )
        return egressGuard
    }

    static func fill(_ id: ClientOrderID, _ thousandths: Int64, execution: UInt64) -> Event {
        .orderFilled(
            Execution(
                id: id,
                executionID: ExecutionID(value: execution),
                instrument: instrument,
                side: .buy,
                positionSide: .both,
                price: price(500_000),
                quantity: quantity(thousandths),
                fee: 0,
                liquidity: .taker,
                venueTime: now
            )
        )
    }

    static func cancelled(_ id: ClientOrderID, filled thousandths: Int64) -> Event {
        .orderCancelled(
            OrderEnd(id: id, cumulativeFilled: quantity(thousandths), reason: .requested, venueTime: now)
        )
    }
}
