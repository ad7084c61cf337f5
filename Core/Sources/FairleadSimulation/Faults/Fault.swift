import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper

/// Where a fault can happen.
struct FaultPlacements: OptionSet {
    let rawValue: UInt8
    static let outside = FaultPlacements(rawValue: 1)
    static let embedded = FaultPlacements(rawValue: 2)
    static let everywhere: FaultPlacements = [.outside, .embedded]

    func contains(_ placement: Placement) -> Bool {
        switch placement {
        case .outside: contains(FaultPlacements.outside)
        case .embedded: contains(FaultPlacements.embedded)
        }
    }
}

/// What an active fault looks at; it is asked about nothing else.
struct FaultReach: OptionSet {
    let rawValue: UInt8
    /// Decoded frames from the venue to the router.
    static let answers = FaultReach(rawValue: 1)
    /// Decoded frames from the router to the venue.
    static let requests = FaultReach(rawValue: 2)
    /// Operations of the router's disk.
    static let disk = FaultReach(rawValue: 4)
    /// Quotes, trades and marks before they reach the venue and its feed.
    static let market = FaultReach(rawValue: 8)
    /// Operations of the disk under state files and logs.
    static let published = FaultReach(rawValue: 16)
}

/// What becomes of a frame.
enum FrameFate {
    case pass
    /// It never arrives.
    case lose
    /// It arrives so much later, behind what was sent after it.
    case late(TimeSpan)
    /// It arrives now, and once more so much later.
    case twice(TimeSpan)
    /// Another one arrives in its stead.
    case instead(PaperFrame)
}

/// What a fault draws for its row of the schedule.
struct FaultShape {
    /// Zero for one that happens at once.
    var lasts = TimeSpan.zero
    /// Whatever the kind makes of it.
    var value: Int64 = 0
}

/// A kind of fault: a row of `docs/RELIABILITY.md`, "Faults", in one file of its own and one line of `FaultRegistry`.
///
/// It keeps nothing: what one fault of the schedule needs is its `FaultWindow`, with a generator of its own.
protocol Fault: Sendable {
    /// As `--faults` and the tables say it.
    var name: String { get }
    /// The row of that table.
    var row: String { get }
    var placements: FaultPlacements { get }
    var reach: FaultReach { get }
    /// In so many of a hundred seeds it may happen at all.
    var presence: UInt64 { get }
    /// Only where intents are synced before their orders leave.
    var needsDisk: Bool { get }

    func shape(_ random: inout DeterministicRandom) -> FaultShape
    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation)
    /// In between, where `begin` has asked for it (`.faultTurns`).
    func turn(_ window: inout FaultWindow, _ simulation: inout Simulation)
    /// At the end of the window, or of the safety phase.
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation)
    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate
    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate
    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault?
    /// What the venue and its feed see instead of a market event; nil: nothing.
    func seen(_ event: Event, _ window: inout FaultWindow, at now: Timestamp) -> Event?
    /// Whether the venue never hears of a change of a book.
    func loses(_ update: DepthUpdate, _ window: inout FaultWindow) -> Bool
}

extension Fault {
    var placements: FaultPlacements { .outside }
    var reach: FaultReach { [] }
    var presence: UInt64 { 60 }
    var needsDisk: Bool { false }
    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {}
    func turn(_ window: inout FaultWindow, _ simulation: inout Simulation) {}
    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {}
    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate { .pass }
    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate { .pass }
    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? { nil }
    func seen(_ event: Event, _ window: inout FaultWindow, at now: Timestamp) -> Event? { event }
    func loses(_ update: DepthUpdate, _ window: inout FaultWindow) -> Bool { false }
}

extension Simulation {
    /// An entry like one of the schedule's, for a fault to send at a moment of its own; nil where nobody would hear it.
    func entry(of fault: ScheduledFault, isSecond: Bool = false) -> ScheduledSignal? {
        guard isRouterUp, !scenario.signals.isEmpty else { return nil }
        var signal = scenario.signals[Int(fault.seed % UInt64(scenario.signals.count))]
        // A number that no signal of the schedule has.
        signal.number = (isSecond ? 2_000_000 : 1_000_000) + fault.number
        signal.manner = .plain
        signal.intent = .entry
        signal.lots = max(1, signal.lots)
        return signal
    }
}

/// One fault of the schedule while it lasts.
struct FaultWindow: Sendable {
    let fault: ScheduledFault
    let kind: any Fault
    /// Its own: what it draws changes no other's luck.
    var random: DeterministicRandom
    /// How often it did something.
    var acts: Int64 = 0
    /// What a fault that counts has let pass.
    var passed: Int64 = 0
    /// The instruments as they are configured, by handle.
    let terms: ContiguousArray<InstrumentTerms>

    init(_ fault: ScheduledFault, _ kind: any Fault, _ terms: ContiguousArray<InstrumentTerms>) {
        self.terms = terms
        self.fault = fault
        self.kind = kind
        random = DeterministicRandom(seed: fault.seed)
    }

    /// True in `value` of a thousand cases.
    mutating func strikes() -> Bool { random.chance(UInt64(max(0, min(fault.value, 1_000))), in: 1_000) }
}
