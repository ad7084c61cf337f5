public import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadPaper

/// One seed's life: the production node, journal, paper sessions and venue, under one virtual clock on one thread,
/// with everything around them simulated: the time, the bytes, the disk, the people, and what goes wrong.
///
/// The venue's own ledger is the oracle. `run` plays the safety phase (faults on) and the liveness phase (faults off),
/// and gives the report; the first broken rule ends it.
public struct Simulation: ~Copyable {
    public let scenario: Scenario
    var configuration: ResolvedConfiguration
    /// Hashes of the configurations that were valid when they were read.
    var soundConfigurations: Set<Digest256> = []
    let start: Timestamp
    /// The true time.
    var now: Timestamp

    // The router's process
    let clock: SimulatedClock
    var disk: SimulatedDisk
    var node: Node?
    var replica: Replica?
    var published = Publisher()
    var channel = SimulatedChannel()
    /// Frames that the router writes, for the judges.
    var writeReader = PaperFrameReader()
    var needsPump = false
    var commitIsDue = false
    /// The journal was found damaged: the next start is from the venue.
    var mustRecover = false
    var isEngaged = false
    var hasLostPower = false
    /// Orders of which the present journal knows nothing: they left in the name of another, or of an end that was lost.
    var forgotten: Set<ClientOrderID> = []
    /// Intents of journals that were damaged and put aside.
    var putAside: [ClientOrderID: OrderSubmission] = [:]
    /// The last input of the journal before it was damaged.
    var sequenceBeforeDamage: UInt64 = 0

    // The venue
    var server: FaultyServer
    var market: SyntheticMarket?
    var wire: SimulatedWire
    var isVenueDown = false

    // The schedule
    var queue: SimulationQueue
    var windows: ContiguousArray<FaultWindow> = []
    /// Faults, by their place in the schedule, that wait for an order in the state that they aim at.
    var aiming: [Int] = []
    var reach: FaultReach = []
    var sent: [Int: [UInt8]] = [:]

    // The judges
    /// nil where orders meet the touch alone.
    var books: SimulatedBooks?
    var truth = VenueTruth()
    /// Every trade of the market, with the sum of its instrument's up to it.
    var trades: ContiguousArray<TradedSum> = []
    var noticeCursor: UInt64 = 0
    var fresh: ContiguousArray<NoticeEntry> = []
    let invariants: ContiguousArray<any Invariant>
    var pumpsSinceCheck = 0
    /// In the liveness phase: the router's time at which the faults ended.
    var quietSince = Timestamp.distantFuture
    /// When the last of the frames comes that faults have held back.
    var lastHeldBack = Timestamp.never
    var finalHashes: (state: Digest256, commands: Digest256)?
    var requested: [SignalNumber: Quantity] = [:]
    var approvals: [SignalNumber: Quantity] = [:]
    public internal(set) var report: SeedReport
    var trace: SeedTrace
    /// Past 1: the engine's slow checks run after each so many pumps that said something.
    var checkInterval = 16

    /// The account's client number at a venue outside.
    static let client: UInt32 = 1

    public init(_ scenario: Scenario, isTraced: Bool = false) throws(ConfigurationErrors) {
        let configuration = try Self.configuration(scenario, changes: [:])
        self.scenario = scenario
        self.configuration = configuration
        start = scenario.start
        now = scenario.start
        clock = SimulatedClock(scenario.start)
        disk = SimulatedDisk(syncDelay: scenario.syncDelay)
        queue = SimulationQueue(seed: scenario.seed)
        wire = SimulatedWire(seed: SimulationQueue.mixed(scenario.seed &+ 77))
        wire.manner.longest = scenario.wireLatency
        wire.manner.largestPiece = scenario.largestPiece
        let instruments = configuration.engine.instruments
        let venue = PaperVenueConfiguration(
            instruments: instruments,
            paper: configuration.runtime.paper,
            hours: configuration.engine.tradingHours
        )
        server = FaultyServer(PaperServer(venue: PaperVenue(configuration: venue)))
        invariants = InvariantRegistry.make()
        report = SeedReport(scenario, configuration)
        trace = SeedTrace(seed: scenario.seed, isWhole: isTraced, symbols: instruments.map(\.symbol))
        switch scenario.placement {
        case .outside: market = Self.market(configuration, scenario.start)
        case .embedded: market = nil
        }
        if scenario.hasBooks {
            let terms = ContiguousArray(instruments.map(\.terms))
            books = SimulatedBooks(terms, seed: SimulationQueue.mixed(scenario.seed &+ 91))
        }
        soundConfigurations.insert(report.configurationHash)
        schedule()
    }

    private static func market(_ configuration: ResolvedConfiguration, _ start: Timestamp) -> SyntheticMarket {
        do throws(SyntheticMarketError) {
            return try SyntheticMarket(
                configuration.runtime.market.synthetic,
                instruments: configuration.engine.instruments,
                startingAt: start
            )
        } catch {
            preconditionFailure("Invariant: a scenario's market is sound: \(error)")
        }
    }

    static func configuration(
        _ scenario: Scenario,
        changes: [String: String],
        documents: ConfigurationDocuments = InitialDocuments.documents
    ) throws(ConfigurationErrors) -> ResolvedConfiguration {
        let settings = scenario.settings.merging(changes) { _, new in new }
        let overrides = settings.sorted { $0.key < $1.key }
            .map { ConfigurationOverride(path: $0.key, value: $0.value) }
        switch ConfigurationDecoder.resolve(documents, overrides: overrides) {
        case .success(let configuration): return configuration
        case .failure(let errors): throw errors
        }
    }

    private mutating func schedule() {
        for (place, signal) in scenario.signals.enumerated() { queue.push(.signal(place), at: start + signal.at) }
        for (place, operation) in scenario.operations.enumerated() {
            queue.push(.operation(place), at: start + operation.at)
        }
        for (place, order) in scenario.riskOrders.enumerated() { queue.push(.riskOrder(place), at: start + order.at) }
        for (place, decision) in scenario.decisions.enumerated() {
            queue.push(.decision(place), at: start + decision.at)
        }
        for (place, fault) in scenario.faults.enumerated() {
            queue.push(.faultBegins(place), at: start + fault.at)
        }
    }

    // MARK: - The whole of it

    /// Plays both phases. Once only.
    public mutating func run() {
        begin()
        run(until: start + scenario.length)
        conclude()
    }

    /// The first start of the router, and of what runs beside it.
    mutating func begin() {
        startProcess()
        queue.push(.upkeep, at: now + Self.upkeepPeriod)
    }

    /// The liveness phase and the verdict.
    mutating func conclude() {
        if report.violation == nil { becomeQuiet() }
        if report.violation == nil { liveOn() }
        finish()
    }

    /// The first broken rule ends the seed.
    mutating func fail(_ violation: Violation) {
        guard report.violation == nil else { return }
        report.violation = violation
        trace.note(.text("VIOLATED \(violation.invariant): \(violation.text)"), at: now)
    }

    // MARK: - What the judges may ask

    /// nil while the router is down.
    borrowing func withEngine<Result>(_ body: (borrowing Engine) -> Result) -> Result? {
        switch node {
        case .some(let node): node.withEngine(body)
        case .none: nil
        }
    }

    /// The router's own time, as it read it last; its clock's while it is down.
    var routerTime: Timestamp {
        switch node {
        case .some(let node): node.now
        case .none: clock.now
        }
    }

    var isRouterUp: Bool {
        switch node {
        case .some: true
        case .none: false
        }
    }

    /// Commands that wait to leave.
    var waitingCommands: Int {
        switch node {
        case .some(let node): node.waitingCommands
        case .none: 0
        }
    }

    /// Why the journal doesn't take everything; nil when it does.
    var journalTrouble: String? {
        switch node {
        case .some(let node): node.journalFault.map { "the journal: \($0)" }
        case .none: "the router is down"
        }
    }

    /// The last input of the running router's journal; nil while it is down.
    var journalSequence: UInt64? {
        switch node {
        case .some(let node): node.sequence
        case .none: nil
        }
    }

    borrowing func position(_ key: PositionKey) -> SignedQuantity? { withEngine { $0.position(key).quantity } }

    /// The venue, wherever it stands; nil while an embedded one is down with its router.
    borrowing func withVenue<Result>(_ body: (borrowing PaperVenue) -> Result) -> Result? {
        switch scenario.placement {
        case .outside: return body(server.server.venue)
        case .embedded:
            switch node {
            case .some(let node): return node.withEmbeddedVenue(body)
            case .none: return nil
            }
        }
    }

    /// The client number under which the venue has our orders.
    var clientNumber: UInt32 { scenario.placement == .outside ? Self.client : PaperVenue.embeddedClient }

    /// What the router and the venue say differently; nil when they agree.
    ///
    /// Reports have eight decimals, the books have more: cash and average prices that were taken from a listing differ
    /// from the venue's by their rounding. A thousandth of the smallest fee is `roundingOfReports`.
    borrowing func differences() -> String? {
        let client = clientNumber
        guard let told = withVenue({ venue in VenueSummary(venue, client: client) }) else { return "the venue is down" }
        let found = withEngine { engine -> String? in
            for report in told.positions {
                let ours = engine.position(PositionKey(report.instrument, report.positionSide)).quantity
                if ours != report.quantity {
                    let place = "\(report.instrument.index) \(report.positionSide)"
                    return "position \(place): ours \(ours.raw), the venue's \(report.quantity.raw)"
                }
            }
            if abs((engine.cash?.raw8 ?? 0) - told.cash.raw8) > Self.roundingOfReports {
                return "cash: ours \(engine.cash?.raw8 ?? 0), the venue's \(told.cash.raw8)"
            }
            var live = 0
            engine.forEachLiveOrder { _ in live += 1 }
            return live == told.openOrders ? nil : "\(live) live orders here, \(told.openOrders) at the venue"
        }
        guard let found else { return "the router is down" }
        return found
    }
}

extension Simulation {
    /// In units of 10^-8.
    static var roundingOfReports: Int64 { 200 }
}

/// What is compared of a venue.
struct VenueSummary {
    var positions: ContiguousArray<PositionReport> = []
    var cash: Money
    var openOrders: Int

    init(_ venue: borrowing PaperVenue, client: UInt32) {
        cash = venue.ledger.cash
        openOrders = venue.openOrders(client: client).count
        var reports: ContiguousArray<PositionReport> = []
        venue.forEachPosition { reports.append($0) }
        positions = reports
    }
}
