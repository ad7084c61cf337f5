public import FairleadJournal
public import FairleadNode

/// How far a rebuild has come.
public struct RebuildProgress: Sendable {
    public var sequence: UInt64
    public var rows: UInt64
}

/// Why a history could not be made again.
public enum RebuildFault: Error, CustomStringConvertible {
    case history(HistoryFault)
    case journal(NodeError)

    public var description: String {
        switch self {
        case .history(let fault): "\(fault)"
        case .journal(let error): "\(error)"
        }
    }
}

/// What a rebuild or a check came to.
public struct RebuildResult: Hashable, Sendable {
    public var storedThrough: UInt64
    public var rows: UInt64
    /// The first input that was there to be told: 1 while the journal is whole.
    public var firstSequence: UInt64
}

/// Makes a history again of its journal, as the live one would have been written.
public enum HistoryRebuild {
    /// Inputs between two looks at the progress.
    static let piece: UInt64 = 50_000

    /// Replays from `replayer`'s place through `last` into a new file at `path`; what stands there is removed first.
    public static func write(
        _ replayer: inout Replayer,
        _ journal: JournalID,
        to path: String,
        through last: UInt64 = .max,
        _ progress: (RebuildProgress) -> Void = { _ in }
    ) throws(RebuildFault) -> RebuildResult {
        var options = HistoryOptions()
        options.isBulk = true
        let writer = HistoryWriter(path: path, options: options)
        let first = replayer.isWhole ? 1 : replayer.appliedThrough + 1
        do throws(HistoryFault) { try HistoryFile.remove(path) } catch { throw .history(error) }
        writer.open(JournalIdentity(id: journal, durableThrough: .max))
        do throws(NodeError) {
            try replayer.show(to: writer, through: last, piece: piece) { sequence in
                progress(RebuildProgress(sequence: sequence, rows: writer.counters.rows))
            }
        } catch {
            throw .journal(error)
        }
        if let fault = writer.fault { throw .history(fault) }
        let result = RebuildResult(
            storedThrough: writer.storedThrough,
            rows: writer.counters.rows,
            firstSequence: first
        )
        do throws(HistoryFault) { try writer.close() } catch { throw .history(error) }
        return result
    }

    /// Puts a finished file in the place of the history. What SQLite kept beside the old one goes first: read into the
    /// new one it would spoil it, and the old one is of no more use.
    public static func swap(_ new: String, into path: String) throws(RebuildFault) {
        do throws(HistoryFault) {
            try HistoryFile.removeCompanions(of: path)
            try HistoryFile.rename(new, path)
        } catch {
            throw .history(error)
        }
    }
}

extension HistoryRebuild {
    /// Removes a file that shall not stay, with what stands beside it.
    public static func remove(_ path: String) throws(HistoryFault) { try HistoryFile.remove(path) }
}
