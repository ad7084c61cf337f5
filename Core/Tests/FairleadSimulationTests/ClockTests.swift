import FairleadEngine
import FairleadModel
import FairleadNode
import FairleadPaper
import Testing

@testable import FairleadSimulation

/// C1: the router's clock is set while it trades. What lasts must last as long as it should, and the venue's deadlines
/// are meant by the venue's clock.
@Suite struct ClockTests {
    static func step(_ seconds: Int64, at second: Int64) -> ScheduledFault {
        IncidentStory.fault("clock_step", 9, at: second, for: 0, value: seconds * 1_000)
    }

    static func states(_ story: borrowing IncidentStory) -> [OrderState] {
        var states: [OrderState] = []
        _ = story.simulation.withEngine { engine in engine.forEachLiveOrder { states.append($0.state) } }
        return states
    }

    /// Goal: a clock that is set back holds no timer up. Method: an order's answers are lost, the clock goes back by
    /// ten minutes while it is waited for; it is unknown within seconds, and resolved long before the clock caught up.
    @Test func stepBackHoldsNoTimer() throws {
        var story = try IncidentStory(
            IncidentStory.fault("lost_answer", 1, at: 10, for: 20, value: 1_000),
            Self.step(-600, at: 12)
        )
        try story.send(.limit, lots: 20, offset: 300, at: 11)
        story.run(to: 13)
        #expect(Self.states(story) == [.submitted])
        story.run(to: 20)
        #expect(Self.states(story) == [.pendingUnknown])
        story.run(to: 60)
        #expect(Self.states(story) == [.working])
        let told = try story.end()
        #expect(told.report.orders == 1)
    }

    /// Goal: a start with a clock that is behind the journal's time holds no timer up either. Method: the clock goes
    /// back by ten minutes and the process dies; an order whose answers are lost is unknown within seconds, and found.
    @Test func startBehindTheJournalHoldsNoTimer() throws {
        var story = try IncidentStory(
            Self.step(-600, at: 8),
            IncidentStory.fault("crash", 2, at: 9, for: 0, value: 0),
            IncidentStory.fault("lost_answer", 1, at: 18, for: 20, value: 1_000)
        )
        try story.send(.limit, lots: 20, offset: 3_000, at: 20)
        story.run(to: 29)
        #expect(Self.states(story) == [.pendingUnknown])
        story.run(to: 60)
        #expect(Self.states(story) == [.working])
        _ = try story.end()
    }

    /// Goal: a router whose clock is far from the venue's still trades. Method: the clock is set by ten minutes, the
    /// connection is cut, so that the session knows the difference from its greeting; an entry fills.
    @Test(arguments: [600, -600] as [Int64])
    func farFromTheVenuesClockTrades(_ seconds: Int64) throws {
        var story = try IncidentStory(
            Self.step(seconds, at: 8),
            IncidentStory.fault("cut", 1, at: 10, for: 0, value: 0)
        )
        try story.send(.market, lots: 20, at: 20)
        story.run(to: 40)
        let told = try story.end()
        #expect(told.report.connections >= 2)
        #expect(told.report.executions >= 1)
        #expect(told.closed.map(\.outcome) == [.filled])
    }

    /// Goal: after a step of our clock an order's end of validity is meant by the venue's clock as before. Method: the
    /// clock is set by ten minutes on a standing connection; a resting order sent soon after is valid for seconds.
    @Test(arguments: [600, -600] as [Int64])
    func validityIsByTheVenuesClock(_ seconds: Int64) throws {
        var story = try IncidentStory(Self.step(seconds, at: 10))
        try story.send(.limit, lots: 20, offset: 300, at: 15)
        let sent = story.simulation.now
        story.run(to: 17)
        var id = ClientOrderID.none
        _ = story.simulation.withEngine { engine in engine.forEachLiveOrder { id = $0.id } }
        let found = story.simulation.server.server.withVenue { $0.order(id, client: Simulation.client) }
        let order = try #require(found).order
        #expect(order.validUntil > sent)
        #expect(order.validUntil < sent + .seconds(10))
        _ = try story.end()
    }
}
