import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper
import Testing

@testable import FairleadSimulation

/// The incidents of RELIABILITY that these parts can have, each played as a story: the rules of all seeds judge it too.
@Suite struct IncidentTests {
    /// Goal: a connection that breaks before the answer is no dead order. Method: from the send on nothing comes back
    /// and then the connection is cut; the order has filled meanwhile. It is sent once, unknown, and booked once.
    @Test func networkErrorIsNoDeadOrder() throws {
        var story = try IncidentStory(.swallowed(2, from: 10, for: 6))
        try story.send(.market, lots: 20, at: 11)
        let told = try story.end()
        #expect(told.states.contains(.pendingUnknown))
        #expect(told.report.orders == 1)
        #expect(told.report.fills == told.report.executions)
        #expect(told.report.fills >= 1)
        #expect(told.closed.map(\.outcome) == [.filled])
    }

    /// Goal: a listing that fails or has holes never makes us flat. Method: a position stands, the process dies, and
    /// for twenty seconds each listing is refused or loses rows; nothing is taken from it.
    @Test(arguments: ["listing_refused", "listing_partial"])
    func emptyAnswerIsNotFlat(_ fault: String) throws {
        var story = try IncidentStory(
            IncidentStory.fault("crash", 1, at: 20, for: 0, value: 0),
            IncidentStory.fault(fault, 2, at: 15, for: 25, value: 1_000)
        )
        try story.send(.market, lots: 20, at: 10)
        story.run(to: 19)
        let held = story.position
        #expect(held != 0)
        story.run(to: 39)
        #expect(story.position == held)
        #expect(story.simulation.withEngine { $0.venueState.isReconciled } == false)
        story.run(to: 60)
        #expect(story.position == held)
        let told = try story.end()
        #expect(told.divergences == 0)
        #expect(told.report.orders == 1)
    }

    /// Goal: what the venue took is not sent again because its word of it was lost. Method: for a minute every answer
    /// about orders is lost; a limit order rests all the while.
    @Test func acceptedOrderIsNotRetried() throws {
        var story = try IncidentStory(IncidentStory.fault("lost_answer", 1, at: 10, for: 60, value: 1_000))
        try story.send(.limit, lots: 20, offset: 300, at: 11)
        story.run(to: 69)
        #expect(story.simulation.withEngine { $0.unknownOrderCount } == 1)
        let told = try story.end()
        #expect(told.states.contains(.pendingUnknown))
        #expect(told.report.orders == 1)
        #expect(told.report.parents == 1)
    }

    /// Goal: a partial fill is counted once over a restart. Method: an order fills in pieces, the process dies in the
    /// middle, and the venue tells its executions again and again afterwards.
    @Test func partialFillIsCountedOnceOverRestart() throws {
        var story = try IncidentStory(
            IncidentStory.fault("small_pieces", 1, at: 5, for: 90, value: 1),
            IncidentStory.fault("crash", 2, at: 14, for: 0, value: 0),
            IncidentStory.fault("retold_fill", 3, at: 20, for: 0, value: 20),
            IncidentStory.fault("retold_fill", 4, at: 40, for: 0, value: 20)
        )
        try story.send(.limit, lots: 60, offset: -20, at: 10)
        story.run(to: 50)
        let repeated = story.simulation.withEngine { $0.counters.repeatedFills } ?? 0
        #expect(repeated > 0)
        let told = try story.end()
        #expect(told.report.crashes == 1)
        #expect(told.report.executions >= 2)
        #expect(told.fills == told.report.executions)
    }

    /// Goal: a parent whose orders are refused stops asking. Method: every order is refused for a minute and a half;
    /// three parents that want to take or make have sent a handful of orders and ended.
    @Test func parentStopsSending() throws {
        var story = try IncidentStory(IncidentStory.fault("refusal", 1, at: 5, for: 90, value: 1_000))
        try story.send(.market, lots: 20, style: .makerFirst, at: 10)
        try story.send(.market, lots: 20, style: .taker, at: 20)
        try story.send(.limit, lots: 20, at: 30)
        let told = try story.end()
        #expect(told.report.orders >= 1)
        #expect(told.report.orders <= 12)
        #expect(told.closed.count == told.report.parents)
    }

    /// Goal: a fill that is told after the order's cancel is booked. Method: an order fills in part and is then
    /// cancelled; the news of its fills come after the cancel's.
    @Test func lateFillAfterCancelIsBooked() throws {
        var story = try IncidentStory(
            IncidentStory.fault("small_pieces", 1, at: 5, for: 60, value: 1),
            IncidentStory.fault("late_fill", 2, at: 5, for: 60, value: 1_000)
        )
        try story.send(.limit, lots: 40, offset: -2, at: 10)
        story.simulation.run(until: story.simulation.now + .milliseconds(400))
        story.simulation.operate(OperatorCommand(.cancelAllIncludingProtective))
        story.run(to: 30)
        let told = try story.end()
        #expect(told.report.executions >= 1)
        #expect(told.fills == told.report.executions)
        #expect(told.states.contains(.cancelled))
    }

    /// Goal: a fill of an order that was given up for dead is booked and told. Method: the venue's word on an order is
    /// lost, a person calls it dead though it lives, and it fills before anybody notices.
    @Test func fillOfPresumedDeadOrderIsBooked() throws {
        var story = try IncidentStory(IncidentStory.fault("lost_answer", 1, at: 10, for: 60, value: 1_000))
        try story.send(.limit, lots: 20, offset: 300, at: 11)
        story.run(to: 30)
        var unknown: [ClientOrderID] = []
        _ = story.simulation.withEngine { engine in
            engine.forEachLiveOrder { if $0.state == .pendingUnknown { unknown.append($0.id) } }
        }
        let id = try #require(unknown.first)
        story.simulation.truth.misjudged(id)
        story.simulation.operate(OperatorCommand(.resolveDead, order: id))
        story.simulation.settle()
        #expect(story.simulation.withEngine { $0.order(id)?.state.isTerminal } == true)
        // Before the next listing shows that it lives: a trade through its price.
        try story.tradeThrough(id)
        story.run(to: 40)
        #expect(story.simulation.withEngine { $0.counters.lateFills } == 1)
        let told = try story.end()
        #expect(told.report.orders == 1)
        #expect(told.fills == told.report.executions)
        #expect(told.report.executions == 1)
    }
}
