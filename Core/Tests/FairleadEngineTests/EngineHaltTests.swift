import FairleadEngine
import FairleadModel
import Testing

/// Halted instruments: entries are refused, what rests stays, exits wait and are never lost.
@Suite struct EngineHaltTests {
    /// Goal: an exit of a halted instrument waits and goes when it trades again. Method: a position, a halt, an exit of
    /// all; nothing may leave, and the venue's word of the end sends it, once.
    @Test func exitsWaitForTheEnd() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.halt()
        #expect(bench.commands.isEmpty)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(bench.submissions.isEmpty)
        bench.wait(.seconds(29))
        bench.quote(bid: 1000, ask: 1001)
        #expect(bench.submissions.isEmpty)
        bench.halt(false)
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly && exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.position == 0)
        #expect(bench.closed.last?.outcome == .filled)
        bench.halt(false)
        #expect(bench.commands.isEmpty)
    }

    /// Goal: an exit that the venue refuses for a halt waits, and is no storm. Method: ten refusals where three in a
    /// row would halt; each time it is tried again half a minute later, though nobody told of a halt or its end.
    @Test func refusedExitsAreTriedAgain() throws {
        var bench = EngineBench.trading { $0.risk.rejectStormCount = 3 }
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        for _ in 0..<10 {
            bench.reject(try #require(bench.submissions.first), .marketHalted)
            #expect(bench.submissions.isEmpty)
            bench.wait(.seconds(29))
            bench.quote(bid: 1000, ask: 1001)
            #expect(bench.submissions.isEmpty)
            bench.wait(.seconds(1))
            #expect(bench.submissions.count == 1)
        }
        #expect(bench.engine.tradingState == .active)
        bench.fill(try #require(bench.submissions.first), 100, at: 1000, .taker)
        #expect(bench.closed.last?.outcome == .filled)
        #expect(!bench.alarms.contains(.rejectStorm))
    }

    /// Goal: an exit under way when the instrument halts is sent again for what is left. Method: part of it fills, the
    /// rest ends, the next piece is refused; at the end of the halt the rest goes.
    @Test func exitsUnderWayGoOn() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.signal(.sell, 100) { $0.intent = .exit }
        let first = try #require(bench.submissions.first)
        bench.fill(first, 40, at: 1000, .taker)
        bench.halt()
        bench.feed(
            .orderExpired(
                OrderEnd(
                    id: first.id,
                    cumulativeFilled: EngineBench.quantity(40),
                    reason: .immediateOrCancel,
                    venueTime: bench.now
                )
            )
        )
        #expect(bench.submissions.isEmpty)
        bench.halt(false)
        #expect(bench.submissions.first?.quantity == EngineBench.quantity(60))
    }

    /// Goal: a stop-loss that is reached during a halt fires once and leaves at its end. Method: the level is crossed,
    /// scans pass, the instrument trades again.
    @Test func stopsFireOnceAndWait() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100) { $0.stopLoss = EngineBench.price(990) }
        bench.halt()
        bench.quote(bid: 980, ask: 981)
        bench.wait(.seconds(10))
        bench.quote(bid: 979, ask: 980)
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.openParentCount == 1)
        bench.halt(false)
        #expect(bench.submissions.map(\.quantity) == [EngineBench.quantity(100)])
    }

    /// Goal: what rests stays, and an entry under way sends nothing more. Method: a resting limit entry and a maker;
    /// the halt cancels neither, and the maker's fallback does not leave.
    @Test func restingOrdersStay() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        let resting = try bench.rest(.buy, 70, at: 990)
        bench.signal(.buy, 60)
        let maker = try #require(bench.submissions.first)
        bench.accept(maker)
        bench.halt()
        #expect(bench.cancels.isEmpty)
        bench.wait(.seconds(10))
        #expect(bench.cancels.map(\.id) == [maker.id])
        bench.cancelled(maker, filled: 0)
        #expect(bench.submissions.isEmpty)
        #expect(bench.state(of: resting) == .working)
        bench.halt(false)
        bench.fill(resting, 70, at: 990)
        #expect(bench.position == 70)
    }

    /// Goal: a new session tells halts anew. Method: halted, lost, connected: without a word of the halt the exit goes
    /// once the listing is complete, with one it waits on.
    @Test(arguments: [false, true]) func sessionsTellHaltsAnew(isHalted: Bool) throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.halt()
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.feed(.venueDisconnected(.paper))
        bench.wait(.seconds(31))
        #expect(bench.submissions.isEmpty)
        bench.feed(.venueConnected(VenueConnection(venue: .paper, session: 2, venueTime: bench.now)))
        if isHalted { bench.halt() }
        bench.feed(.reconciliationBegan(.paper))
        bench.feed(.positionReported(EngineBench.held(100, at: 1000, bench.now)))
        bench.feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 2, ledgerSequence: 1, venueTime: bench.now)
            )
        )
        #expect(bench.submissions.count == (isHalted ? 0 : 1))
    }

    /// Goal: a halt and what waits for its end survive a restart. Method: a snapshot while an exit waits; the engine
    /// read from it refuses an entry by name and sends the exit at the end.
    @Test func snapshotsKeepHalts() throws {
        var configuration: EngineConfiguration?
        var bench = EngineBench.trading { configuration = $0 }
        try bench.open(.buy, 100)
        bench.halt()
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.restore(try #require(configuration))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 70)
        #expect(bench.acknowledgements.first?.vetoes.all.contains(.marketClosed) == true)
        bench.halt(false)
        #expect(bench.submissions.count == 1)
    }

    /// Goal: a parked exit ends with its signal's life, and by a person's cancel. Method: one that expires, one that is
    /// cancelled.
    @Test func parkedExitsEnd() throws {
        var bench = EngineBench.trading()
        try bench.open(.buy, 100)
        bench.halt()
        let end = bench.now + .seconds(5)
        bench.signal(.sell, 100) {
            $0.intent = .exit
            $0.expiresAt = end
        }
        bench.wait(.seconds(5))
        #expect(bench.closed.last?.outcome == .expired)
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.sell, 100) { $0.intent = .exit }
        bench.operate(.cancelAll)
        #expect(bench.closed.last?.outcome == .cancelled)
        #expect(bench.engine.openParentCount == 0)
        bench.halt(false)
        #expect(bench.submissions.isEmpty)
    }
}
