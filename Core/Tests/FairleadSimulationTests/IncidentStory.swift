import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper
import Testing

@testable import FairleadSimulation

/// A simulation that is driven by hand: a venue outside, no faults but those given, signals when the test says so.
struct IncidentStory: ~Copyable {
    /// What the journal tells in the end, read as another process would.
    struct Told {
        var report: SeedReport
        var states: Set<OrderState> = []
        var closed: [ParentRecord] = []
        var fills = 0
        var divergences = 0
    }

    var simulation: Simulation
    private var number = 0
    private let start: Timestamp

    init(_ faults: ScheduledFault...) throws {
        var scenario = Scenario(seed: 2, wishes: Scenario.Wishes(faults: [], minutes: 2))
        scenario.placement = .outside
        scenario.settings["runtime.paper.connection"] = "socket"
        scenario.settings["runtime.market.source"] = "venue"
        scenario.settings["runtime.paper.hedge_mode"] = "false"
        scenario.settings["risk_limits.duplicate_order_window_s"] = "0"
        scenario.settings["risk_limits.pyramiding"] = "true"
        scenario.settings["risk_limits.stale_venue_after_ms"] = "15000"
        scenario.settings["runtime.unknown.escalate_s"] = "300"
        scenario.settings["runtime.unknown.tombstone_s"] = "20"
        scenario.settings["strategy_config.screener.enabled"] = "false"
        scenario.settings["runtime.journal.durability"] = "process"
        scenario.isDurableOnDisk = false
        scenario.signals = []
        scenario.operations = []
        scenario.faults = faults
        simulation = try Simulation(scenario)
        start = scenario.start
        simulation.begin()
    }

    static func fault(
        _ name: String,
        _ number: Int,
        at second: Int64,
        for seconds: Int64,
        value: Int64
    ) -> ScheduledFault {
        ScheduledFault(
            number: number,
            name: name,
            at: .seconds(second),
            lasts: .seconds(seconds),
            value: value,
            seed: UInt64(number)
        )
    }

    mutating func run(to second: Int64) { simulation.run(until: start + .seconds(second)) }

    /// An entry to buy instrument 0, `offset` ticks better than the touch.
    mutating func send(
        _ type: OrderType,
        lots: Int64,
        offset: Int64 = 0,
        style: ExecutionStyle = .taker,
        at second: Int64
    ) throws {
        run(to: second)
        number += 1
        simulation.send(
            ScheduledSignal(
                number: number,
                at: .seconds(second),
                manner: .plain,
                instrument: InstrumentHandle(0),
                side: .buy,
                intent: .entry,
                lots: lots,
                orderType: type,
                timeInForce: .gtc,
                offsetTicks: offset,
                lifetime: .zero,
                style: style,
                takeProfitTicks: 0,
                stopLossTicks: 0,
                value: 0
            )
        )
        simulation.needsPump = true
        simulation.settle()
        #expect(simulation.report.signalsUndelivered == 0)
    }

    /// The net position in instrument 0, 10^-8; nil while the router is down.
    var position: Int64? { simulation.position(PositionKey(InstrumentHandle(0), .both))?.raw }

    /// A trade below the price of a resting buy, large enough for all of it.
    mutating func tradeThrough(_ id: ClientOrderID) throws {
        let found = simulation.server.server.withVenue { $0.order(id, client: Simulation.client) }
        let order = try #require(found).order
        let price = Price(raw: order.price.raw - 10 * simulation.configuration.engine.instruments[0].terms.tick.raw)
        let trade = Trade(
            instrument: order.instrument,
            price: price,
            quantity: Quantity(raw: order.quantity.raw * 1_000),
            aggressor: .sell,
            venueTime: simulation.now
        )
        simulation.server.server.market(.traded(trade), at: simulation.now)
    }

    /// The faults end, the books are judged, and the journal is read.
    consuming func end() throws -> Told {
        simulation.run(until: start + simulation.scenario.length)
        simulation.conclude()
        #expect(simulation.report.violation == nil, "\(simulation.report.text)")
        let disk = MemoryDisk()
        for file in simulation.journalFiles() { disk.place(file.name, file.bytes) }
        var told = Told(report: simulation.report)
        var replayer = try Replayer(disk)
        try replayer.run { item in
            guard case .notice(let entry) = item else { return }
            switch entry.notice {
            case .orderChanged(let change): told.states.insert(change.to)
            case .parentClosed(let record): told.closed.append(record)
            case .filled: told.fills += 1
            case .divergence: told.divergences += 1
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .positionChanged, .levelChanged,
                .tradingStateChanged, .riskModeChanged, .alarm, .venueChanged, .policyComputed, .barClosed,
                .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
                .positionDecided:
                break
            }
        }
        return told
    }
}

extension ScheduledFault {
    /// Bytes vanish (1: to the venue, 2: to the router, 3: both), then the connection is cut.
    static func swallowed(_ ways: Int64, from second: Int64, for seconds: Int64) -> ScheduledFault {
        IncidentStory.fault("half_open", 1, at: second, for: seconds, value: ways)
    }
}
