import FairleadJournal
import FairleadMarketData
public import FairleadModel
import FairleadNode
import FairleadPaper

/// Where the venue of a simulation stands.
public enum Placement: String, Hashable, Sendable, CaseIterable {
    /// In another process, over bytes.
    case outside
    /// Inside the node.
    case embedded
}

/// Everything that a seed means, drawn up front: what is configured, what the market is like, who asks what when, and
/// what goes wrong when. The rest of the simulation only carries it out, so that a schedule can be made shorter.
public struct Scenario: Sendable {
    public var seed: UInt64
    public var placement: Placement
    /// The safety phase.
    public var length: TimeSpan
    public var start: Timestamp
    /// Changes of the initial documents, by path.
    public var settings: [String: String]
    public var isDurableOnDisk: Bool
    /// Orders meet the levels of books, and the touch where there is none.
    public var hasBooks = false
    /// The longest that a commit of a healthy disk takes.
    public var syncDelay: TimeSpan
    /// How bytes travel while no fault changes it.
    public var wireLatency: TimeSpan
    public var largestPiece: Int
    public var signals: [ScheduledSignal]
    public var operations: [ScheduledOperation]
    public var riskOrders: [ScheduledRiskOrder] = []
    public var decisions: [ScheduledDecision] = []
    public var faults: [ScheduledFault]

    /// What a run of seeds asks for.
    public struct Wishes: Sendable {
        /// Names of the faults that may happen; nil: all.
        public var faults: [String]?
        /// Length of the safety phase; nil: as the seed draws.
        public var minutes: Int64?
        public init(faults: [String]? = nil, minutes: Int64? = nil) {
            self.faults = faults
            self.minutes = minutes
        }
    }

    public init(seed: UInt64, wishes: Wishes = Wishes()) {
        self = ScenarioDraw(seed: seed, wishes: wishes).scenario
    }

    init(
        seed: UInt64,
        placement: Placement,
        length: TimeSpan,
        start: Timestamp,
        settings: [String: String],
        isDurableOnDisk: Bool
    ) {
        self.seed = seed
        self.placement = placement
        self.length = length
        self.start = start
        self.settings = settings
        self.isDurableOnDisk = isDurableOnDisk
        syncDelay = .zero
        wireLatency = .zero
        largestPiece = 0
        signals = []
        operations = []
        faults = []
    }

    /// The schedule as a person reads it: faults, then the counts of the rest.
    public var text: String {
        var lines = faults.map(\.text)
        let people = operations.count + riskOrders.count + decisions.count
        lines.append("\(signals.count) signals, \(people) operations, venue \(placement.rawValue)")
        return lines.joined(separator: "\n")
    }
}
