import FairleadConfiguration
public import FairleadJournal
import FairleadMarketData
public import FairleadModel
import FairleadNode
import FairleadPaper

/// What one seed came to.
public struct SeedReport: Sendable {
    public var seed: UInt64
    public var placement: Placement
    /// Of the resolved configuration's canonical text.
    public var configurationHash: Digest256
    public var signals = 0
    public var signalsUndelivered = 0
    public var operations = 0
    public var faults = 0
    public var parents = 0
    public var orders = 0
    public var fills = 0
    /// Of the account, whoever caused them.
    public var executions = 0
    public var epochs = 0
    public var crashes = 0
    public var refusedStarts = 0
    /// Files of the router that were damaged.
    public var damages = 0
    /// Damaged journals that were put aside for a fresh one.
    public var recoveries = 0
    public var refusedCommits = 0
    public var connections = 0
    public var snapshots = 0
    public var marketEvents = 0
    public var pumps = 0
    public var records: UInt64 = 0
    /// Virtual time, both phases.
    public var virtual = TimeSpan.zero
    /// From the last fault until everything held.
    public var quietAfter = TimeSpan.zero
    /// Over all lives: what a replay of the final journal gives.
    public var journalHash = Digest256.zero
    public var commandHash = Digest256.zero
    public var stateHash = Digest256.zero
    public var violation: Violation?
    public var marks = CoverageMarks()
    /// The last lines of the story.
    public var text = ""

    init(_ scenario: Scenario, _ configuration: ResolvedConfiguration) {
        seed = scenario.seed
        placement = scenario.placement
        configurationHash = ConfigurationRecord(document: configuration.canonicalText).hash
    }

    /// One JSON object.
    public func write(to writer: inout JSONWriter, commit: String) {
        writer.beginObject()
        writer.field("seed", seed)
        writer.field("commit", commit)
        writer.field("configuration_hash", configurationHash.description)
        writer.field("venue", placement.rawValue)
        writer.field("virtual_seconds", virtual.milliseconds / 1000)
        writer.field("quiet_after_seconds", quietAfter.milliseconds / 1000)
        writer.field("signals", signals)
        writer.field("operations", operations)
        writer.field("faults", faults)
        writer.field("parents", parents)
        writer.field("orders", orders)
        writer.field("fills", fills)
        writer.field("epochs", epochs)
        writer.field("crashes", crashes)
        writer.field("refused_starts", refusedStarts)
        writer.field("damages", damages)
        writer.field("recoveries", recoveries)
        writer.field("connections", connections)
        writer.field("snapshots", snapshots)
        writer.field("market_events", marketEvents)
        writer.field("records", records)
        writer.field("journal_hash", journalHash.description)
        writer.field("command_hash", commandHash.description)
        writer.field("state_hash", stateHash.description)
        writer.field("violated", violation?.invariant)
        writer.field("violation", violation?.text)
        writer.key("marks")
        marks.write(to: &writer)
        writer.endObject()
    }
}
