import FairleadEngine
import FairleadModel
import Testing

/// The session with the venue: lost, silent, back again, and in disagreement with us.
@Suite struct EngineSessionTests {
    /// Goal: a venue that stays away turns trading to reducing after `stale_venue_after_ms` and not before; once
    /// reconciled it is active by itself. Method: lose the session, wait to just before and past the limit, reconnect.
    @Test func aLostVenueReducesAndRecovers() throws {
        var bench = EngineBench.trading { $0.risk.staleVenueAfter = .seconds(10) }
        try bench.open(.buy, 100)
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(9))
        #expect(bench.engine.tradingState == .active)
        bench.wait(.seconds(3))
        #expect(bench.engine.tradingState == .reducing)
        #expect(bench.engine.tradingStateCause == .staleVenue)
        bench.connect(session: 2, positions: [EngineBench.held(100, at: 1000, bench.now)])
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.engine.tradingState == .active)
        #expect(bench.states.map(\.cause) == [.staleVenue, .recovered])
        bench.signal(.buy, 60) { $0.digest = Digest128(high: 3, low: 3) }
        #expect(bench.acknowledgements.first?.vetoes.all == [.alreadyInTrade])
    }

    /// Goal: an entry is refused until the venue has listed everything, an exit is let through to it. Method: one of
    /// each in a session that isn't reconciled.
    @Test func exitsPassWhileNotReconciled() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.reconnect(session: 2)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.notReconciled) == true)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.submissions.map(\.reduceOnly) == [true])
    }

    /// Goal: an operator's stop is not lifted by the venue's return, whether it came before or during the outage.
    /// Method: stop entries at either moment, then reconcile.
    @Test(arguments: [true, false]) func anOperatorsStopOutlivesTheVenues(isBefore: Bool) {
        var bench = EngineBench.trading { $0.risk.staleVenueAfter = .seconds(10) }
        if isBefore { bench.operate(.stopEntries) }
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(12))
        if !isBefore { bench.operate(.stopEntries) }
        bench.connect(session: 2)
        #expect(bench.engine.tradingState == .reducing)
        #expect(bench.engine.tradingStateCause == .operatorOrder)
    }

    /// Goal: a venue that comes and goes, or a router that starts again and again, is as stale as one that stays away.
    /// Method: connections, or lives, of half the limit, and no listing in any of them.
    @Test(arguments: [true, false]) func comingAndGoingIsStale(_ isRestarted: Bool) {
        var bench = EngineBench.trading()
        let part = TimeSpan(nanoseconds: RiskLimits().staleVenueAfter.nanoseconds / 2)
        for number in 2..<6 as Range<UInt32> {
            if isRestarted {
                bench.feed(.epochOpened(Epoch(number: UInt16(number))))
            } else {
                bench.feed(.venueDisconnected(.paper))
            }
            bench.wait(part)
            bench.feed(.venueConnected(VenueConnection(venue: .paper, session: number, venueTime: bench.now)))
        }
        #expect(bench.engine.tradingState == .reducing)
        #expect(bench.engine.tradingStateCause == .staleVenue)
        bench.connect(session: 6)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: a venue that connects and never finishes its listing is stale as well. Method: connect, fail the listing
    /// again and again.
    @Test func aListingThatNeverEndsIsStale() {
        var bench = EngineBench.trading { $0.risk.staleVenueAfter = .seconds(10) }
        bench.feed(.venueDisconnected(.paper))
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        for _ in 0..<12 {
            bench.feed(.reconciliationBegan(.paper))
            bench.feed(.reconciliationFailed(.paper))
            bench.wait(.seconds(1))
        }
        #expect(bench.engine.tradingState == .reducing)
        let asks = bench.asksForAListing
        #expect(asks)
    }

    /// Goal: working orders outlive the session, reserved in full; the listing shows one alive and the other is asked
    /// for, and ends only by the venue's word. Method: two resting orders, lose the session, list one.
    @Test func workingOrdersOutliveTheSession() throws {
        var bench = EngineBench.trading {
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
        let shown = try bench.rest(.buy, 100, at: 995)
        let hidden = try bench.rest(.buy, 60, at: 994)
        bench.feed(.venueDisconnected(.paper))
        #expect(bench.engine.liveOrderCount == 2)
        bench.wait(.seconds(6))
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        bench.feed(.reconciliationBegan(.paper))
        bench.report(shown, .working)
        bench.feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 2, ledgerSequence: 3, venueTime: bench.now)
            )
        )
        #expect(bench.queries.map(\.id) == [hidden.id])
        #expect(bench.state(of: hidden) == .working)
        #expect(bench.engine.openParentCount == 2)
        bench.report(hidden, .cancelled)
        #expect(bench.state(of: hidden) == .cancelled)
        #expect(bench.engine.openParentCount == 1)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: fills of the lost time come with the listing, once each. Method: fill 40, lose the session, list that fill
    /// and another.
    @Test func fillsOfTheLostTimeAreBookedOnce() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        let first = bench.execution(order, 40, at: 995, number: 11)
        bench.feed(.orderFilled(first))
        bench.feed(.venueDisconnected(.paper))
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        bench.feed(.reconciliationBegan(.paper))
        bench.feed(.orderFilled(first))
        bench.feed(.orderFilled(bench.execution(order, 30, at: 995, number: 12)))
        bench.report(order, .partiallyFilled, filled: 70)
        bench.feed(.positionReported(EngineBench.held(70, at: 995, bench.now)))
        bench.feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 2, ledgerSequence: 3, venueTime: bench.now)
            )
        )
        #expect(bench.position == 70)
        #expect(bench.divergences.isEmpty)
        #expect(bench.engine.counters.repeatedFills == 1)
        #expect(bench.engine.order(order.id)?.leaves == EngineBench.quantity(30))
    }

    // MARK: Divergence

    /// Goal: what the first listing of a journal tells is where we start from, not a disagreement that kills. Method:
    /// connect for the first time with a position at the venue.
    @Test func theFirstListingIsWhereWeStart() {
        var bench = EngineBench()
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1, positions: [EngineBench.held(100, at: 1000, bench.now)])
        #expect(bench.position == 100)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: a position that no execution explains is adopted, told with both values, and kills trading until a person
    /// has looked (SPEC 4). Method: reconcile with another position than ours; then an entry, an exit, a resume.
    @Test func anUnexplainedPositionKills() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.feed(.venueDisconnected(.paper))
        bench.connect(session: 2, positions: [EngineBench.held(70, at: 1000, bench.now)])
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.position == 70)
        let told = try #require(bench.divergences.first)
        #expect(told.ours == SignedQuantity(raw: 100 * 100_000))
        #expect(told.venue == SignedQuantity(raw: 70 * 100_000))
        #expect(bench.alarms.contains(.divergence))
        #expect(bench.engine.tradingState == .killed)
        #expect(bench.engine.tradingStateCause == .divergence)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        bench.signal(.sell, 70) { $0.intent = .exit }
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(70)])
        bench.operate(.resume)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: a position that is gone at the venue takes its levels along. Method: reconcile flat with a stop armed.
    @Test func aPositionThatIsGoneTakesItsLevelsAlong() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.feed(.venueDisconnected(.paper))
        bench.connect(session: 2)
        #expect(bench.position == 0)
        #expect(bench.engine.exitCoverage.positions == 0)
        bench.quote(bid: 980, ask: 981)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: each side of a hedged symbol is compared for itself. Method: list the long alone while we hold both.
    @Test func hedgedSidesAreComparedApart() throws {
        var bench = EngineBench.hedged()
        try bench.open(.buy, 100) { $0.positionSide = .long }
        try bench.open(.sell, 60) { $0.positionSide = .short }
        bench.feed(.venueDisconnected(.paper))
        bench.connect(session: 2, positions: [EngineBench.held(100, at: 1000, bench.now, .long)])
        #expect(bench.divergences.map(\.positionSide) == [.short])
        #expect(bench.lots(.long) == 100)
        #expect(bench.lots(.short) == 0)
    }

    // MARK: What others did

    /// Goal: an execution that no order of ours made is booked as external, tells an alarm, and locks its position for
    /// entries until a person decides (RELIABILITY O3); exits pass. Method: an external buy, an entry, an exit, then a
    /// decision.
    @Test func anExternalFillLocksThePosition() throws {
        var bench = EngineBench.trading()
        bench.external(.buy, 100, at: 1000, number: 900)
        #expect(bench.position == 100)
        #expect(bench.alarms.contains(.externalFill))
        let records = bench.notices.compactMap { if case .filled(let record) = $0 { record } else { nil } }
        #expect(records.map(\.isExternal) == [true])
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.contains(.killSwitch) == true)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.position == 0)
        bench.decide(.adopt)
        bench.signal(.buy, 70)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: an external execution counts once. Method: tell it twice, then list it after a reconnect.
    @Test func anExternalFillCountsOnce() {
        var bench = EngineBench.trading()
        bench.external(.buy, 100, at: 1000, number: 900)
        bench.external(.buy, 100, at: 1000, number: 900)
        bench.feed(.venueDisconnected(.paper))
        bench.connect(session: 2, positions: [EngineBench.held(100, at: 1000, bench.now)])
        #expect(bench.position == 100)
        #expect(bench.engine.counters.externalFills == 1)
        #expect(bench.divergences.isEmpty)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: an external sell of our position takes its levels along. Method: sell all of a protected long by hand.
    @Test func anExternalCloseTakesTheLevelsAlong() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.external(.sell, 100, at: 1000, number: 900)
        #expect(bench.position == 0)
        bench.quote(bid: 980, ask: 981)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: an order of ours at the venue that no row knows is cancelled and told. Method: report one under an id of
    /// ours with a foreign slot.
    @Test func anOrderThatNoRowKnowsIsCancelled() throws {
        var bench = EngineBench.trading()
        let order = try bench.rest(.buy, 100, at: 995)
        var stray = order
        stray.id = ClientOrderID(epoch: order.id.epoch, parent: 999, leg: .direct, slice: 0, attempt: 0, slot: 55)
        bench.report(stray, .working)
        #expect(bench.cancels.map(\.id) == [stray.id])
        #expect(bench.alarms.contains(.unknownOrder))
        #expect(bench.engine.liveOrderCount == 1)
    }

    /// Goal: "nothing to reduce" from the venue means that our view is behind: a listing is asked for. Method: refuse
    /// an exit so.
    @Test func anExitWithNothingToReduceAsksForAListing() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.wait(.seconds(2))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.reject(try #require(bench.submissions.first), .reduceOnlyRejected)
        #expect(bench.submissions.isEmpty)
        let asks = bench.asksForAListing
        #expect(asks)
    }
}
