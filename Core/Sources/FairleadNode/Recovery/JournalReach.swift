public import FairleadConfiguration
public import FairleadJournal
public import FairleadModel

/// How far back a journal's readers can see: retention removes the oldest market data, and with it the means to compute
/// again what happened then. The orders lane is kept longer, and names outlive both.
public struct JournalReach: Hashable, Sendable {
    /// Replays can begin here: the first record, or the oldest snapshot that can be used.
    public var sequence: UInt64
    /// The engine's time there.
    public var time: Timestamp
    /// True while nothing was removed.
    public var isWhole: Bool

    /// Looks at the journal, stopped or being written.
    public init(_ disk: any Disk) throws(NodeError) {
        let first = try NodeError.journaling { () throws(JournalError) in
            var reader = try JournalReader(disk)
            return (reader.firstRetained, try reader.next()?.time)
        }
        (sequence, time, isWhole) = (first.0, first.1 ?? .never, first.0 <= 1)
        if isWhole { return }
        var before = UInt64.max
        while true {
            let limit = before
            let found = try NodeError.journaling { () throws(JournalError) in
                try SnapshotStore(disk).newest(stateVersion: Fold.stateVersion, before: limit)
            }
            guard let identity = found.snapshot?.identity else { break }
            (sequence, time, before) = (identity.sequence, identity.time, identity.sequence)
        }
    }

    /// The configuration that the journal begins with, whatever was removed since: all of a journal is of one set of
    /// instruments. Throws `.noConfiguration` where none is left.
    public static func configuration(_ disk: any Disk) throws(NodeError) -> ResolvedConfiguration {
        var history = try NodeError.journaling { () throws(JournalError) in try JournalHistory(disk) }
        while true {
            let record: JournalRecord?
            do throws(JournalError) { record = try history.next() } catch { throw .journal(error) }
            guard let record else { throw .noConfiguration }
            if case .configuration(let found) = record.body { return try Fold.decode(found) }
        }
    }

    /// Gives each text of the orders lane, archives included, oldest first, with the sequence of its record.
    public static func forEachText(
        _ disk: any Disk,
        _ body: (TextRecord, UInt64) -> Void
    ) throws(NodeError) {
        var history = try NodeError.journaling { () throws(JournalError) in try JournalHistory(disk) }
        while true {
            let record: JournalRecord?
            do throws(JournalError) { record = try history.next() } catch { throw .journal(error) }
            guard let record else { return }
            if case .text(let text) = record.body { body(text, record.sequence) }
        }
    }
}
