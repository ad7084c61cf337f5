import FairleadConfiguration
import FairleadModel
import FairleadNode
import Testing

@testable import FairleadPublication

/// `last_router_event_ts`, and whether the router is idle (SPEC 13, document 000).
@Suite struct DiagnosticsRouterLivenessTests {
    typealias Fixture = PublicationFixture

    private static func progress(_ event: ProgressEvent) -> Notice {
        .progressed(
            ProgressRecord(
                event,
                number: SignalNumber(value: 1),
                intent: .none,
                instrument: InstrumentHandle(0),
                side: .buy,
                approved: Quantity(raw: 1),
                filled: .zero,
                due: Quantity(raw: 1),
                limitPrice: .zero
            )
        )
    }

    private static func lastEvent(after notice: Notice) -> Timestamp {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        counters.add(notice, at: Fixture.start, windowSignals: 5)
        return counters.lastRouterEvent
    }

    /// Goal: send, ack, fill, cancel, reject and a slice are router events, whatever state they come from. Method: a
    /// change to each state, and the fill itself.
    @Test(arguments: [
        (OrderState.submitted, RouterEvent.send as RouterEvent?), (.pendingReplace, .send), (.accepted, .acknowledge),
        (.working, .acknowledge), (.partiallyFilled, .fill), (.filled, .fill), (.pendingCancel, .cancel),
        (.cancelled, .cancel), (.expired, .cancel), (.rejected, .reject), (.pendingUnknown, nil), (.created, nil),
    ])
    func changesOfOrders(_ state: OrderState, _ event: RouterEvent?) {
        for before in OrderState.allCases where before != state {
            let change = Fixture.change(.none, 1, from: before, to: state)
            #expect(RouterEvent(change) == event)
            #expect(Self.lastEvent(after: .orderChanged(change)) == (event == nil ? .never : Fixture.start))
        }
        #expect(Self.lastEvent(after: Fixture.notice(.fills, 1)) == Fixture.start)
    }

    /// Goal: a slice of a schedule is a router event, a pause is none: a TWAP that waits does nothing. Method: each
    /// kind of progress, and notices of others.
    @Test func slicesAreEvents() {
        for event in ProgressEvent.allCases {
            let isEvent = event == .slice || event == .sweep
            #expect(Self.lastEvent(after: Self.progress(event)) == (isEvent ? Fixture.start : .never), "\(event)")
        }
        for log in [ExecutionLog.riskVetoes, .routeDecisions, .routerMetrics, .routerHealth] {
            #expect(Self.lastEvent(after: Fixture.notice(log, 1)) == .never, "\(log)")
        }
        #expect(Self.lastEvent(after: VetoMetricsTests.acknowledged(1, .vetoed, [.cooldown])) == .never)
    }

    /// Goal: idle is counted from the last event, to the second, and told with the bound off too. Method: events, then
    /// silence; SPEC 13's bound of 1800 s.
    @Test func silenceIsIdle() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        func liveness(_ second: Int64, _ bound: Int64 = 1800) -> JSONValue {
            var settings = LivenessConfiguration()
            settings.maximumIdleRouterEvents = .seconds(bound)
            return Liveness([.router: counters.lastRouterEvent], at: VetoMetricsTests.time(second), settings).json
        }
        #expect(liveness(5)["idle_router"] == true && liveness(5)["missing"]?["router"] == true)
        #expect(liveness(5)["details"]?["router"]?.lexeme == "1801.0")
        #expect(liveness(5)["details"]?["router_idle_seconds"] == nil)
        counters.add(Fixture.notice(.orderEvents, 1), at: VetoMetricsTests.time(100), windowSignals: 5)
        counters.add(Self.progress(.slice), at: VetoMetricsTests.time(200), windowSignals: 5)
        counters.add(Self.progress(.spreadPause), at: VetoMetricsTests.time(900), windowSignals: 5)
        #expect(liveness(1999)["idle_router"] == false && liveness(2000)["idle_router"] == true)
        #expect(liveness(1999)["details"]?["router_idle_seconds"]?.lexeme == "1799.0")
        #expect(liveness(1999)["details"]?["router"]?.lexeme == "1799.0")
        #expect(liveness(2000, 0)["idle_router"] == false && liveness(2000, 0)["details"]?["router"] == nil)
        #expect(liveness(2000, 0)["details"]?["router_idle_seconds"]?.lexeme == "1800.0")
        #expect(liveness(150)["clock_skew"]?["router"] == true)
        #expect(liveness(150)["details"]?["router_idle_seconds"]?.lexeme == "0.0")
    }
}
