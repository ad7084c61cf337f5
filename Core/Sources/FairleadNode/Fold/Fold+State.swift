import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper

/// The fold as a snapshot: sections of fields, written, read and hashed by one walk.
extension Fold {
    /// The layout of the sections. Count it up when a part visits other fields: older snapshots are then passed over.
    static let stateVersion: UInt32 = 9

    /// True when nothing is under way inside: no refusal untold, no order waiting, no venue event due, no signal's
    /// terms without their event.
    mutating func isSettled() -> Bool {
        if hasEdgeEvents || !queue.isEmpty || !backfill.isEmpty || stagedConfiguration != nil { return false }
        if engine.hasStagedSignal { return false }
        return (venue?.nextTime ?? .distantFuture) > time
    }

    /// The hash of the engine's and the embedded venue's state: what a replay must arrive at.
    mutating func stateHash() -> Digest256 {
        var hasher = StateHasher()
        hasher.beginSection("engine")
        engine.visitState(&hasher)
        if isEmbedded {
            hasher.beginSection("venue")
            venue?.advance(to: time)
            if isVenueDrained() { venue?.visitState(&hasher) }
        }
        return hasher.finish()
    }

    /// Events that are due at this very moment stand outside of the venue's own state.
    private mutating func isVenueDrained() -> Bool { (venue?.nextTime ?? .distantFuture) > time }

    /// The snapshot's bytes. Only when `isSettled`.
    mutating func snapshot(_ identity: SnapshotIdentity) -> [UInt8] {
        precondition(isSettled(), "Invariant: a snapshot is taken when nothing is under way inside")
        var writer = SnapshotWriter()
        writer.beginSection("configuration")
        var text = ContiguousArray(configuration.canonicalText.utf8)
        writer.visit(&text, limit: text.count, blank: 0) { $1.visit(&$0) }
        writer.beginSection("engine")
        engine.visitState(&writer)
        writer.beginSection("edge")
        visitEdge(&writer)
        writer.beginSection("venue")
        venue?.advance(to: time)
        venue?.visitState(&writer)
        writer.beginSection("market")
        market?.visitState(&writer)
        return writer.encoded(identity)
    }

    private mutating func visitEdge<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        egressGuard.visitState(&visitor)
        commandHash.visitState(&visitor)
        names.visitState(&visitor)
        reasons.visitState(&visitor)
        visitor.visit(&epoch)
        visitor.visit(&lastSignal)
        visitor.visit(&time)
        visitor.visit(&tapeOrdinal)
        var bits = operated.rawValue
        visitor.visit(&bits)
        if visitor.isReading { restoreOperated(KillBits(rawValue: bits)) }
    }

    /// The configuration that a snapshot was made under; nil when its text is not one.
    static func configuration(of snapshot: Snapshot) throws(NodeError) -> ResolvedConfiguration {
        guard var reader = snapshot.reader(of: "configuration") else { throw .noConfiguration }
        var text = ContiguousArray<UInt8>()
        reader.visit(&text, limit: JournalFormat.maximumRecordByteCount, blank: 0) { $1.visit(&$0) }
        return try decode(ConfigurationRecord(document: String(decoding: text, as: UTF8.self)))
    }

    /// Reads a snapshot into a new fold of its configuration. False when a section doesn't fit: replay instead.
    mutating func restore(_ snapshot: Snapshot) -> Bool {
        guard var engineReader = snapshot.reader(of: "engine"), var edgeReader = snapshot.reader(of: "edge"),
            var venueReader = snapshot.reader(of: "venue"), var marketReader = snapshot.reader(of: "market")
        else { return false }
        visitEdge(&edgeReader)
        engine.visitState(&engineReader)
        venue?.visitState(&venueReader)
        if isMarketSynthetic {
            makeMarket()
            backfill = []
            market?.visitState(&marketReader)
        }
        return engineReader.isComplete && edgeReader.isComplete && venueReader.isComplete && marketReader.isComplete
    }
}
