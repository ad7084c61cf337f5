/// Why the history can't be used. Never a reason to stop trading: the journal has everything.
public enum HistoryFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no file.
    case missing(path: String)
    /// Of another journal than the one that is followed or read.
    case otherJournal(path: String, found: String)
    /// No database, or one whose content contradicts itself.
    case damaged(path: String, reason: String)
    /// Written by a later version: left as it is.
    case newerSchema(path: String, found: Int, known: Int)
    /// The file was removed or replaced under an open history.
    case removed(path: String)
    /// Another process writes it, or holds a lock.
    case locked(path: String)
    /// No room for more: the disk, or a quota.
    case full(path: String, reason: String)
    /// The system or SQLite refused: a directory that can't be written, an error of the device.
    case refused(path: String, reason: String)
    /// A column holds what no row of ours can hold.
    case unreadable(column: String, reason: String)
    /// More rows of one input than an id has room for.
    case tooManyRows(sequence: UInt64)

    public var description: String {
        switch self {
        case .missing(let path): "no history at \(path)"
        case .otherJournal(let path, let found): "\(path) is the history of journal \(found)"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        case .newerSchema(let path, let found, let known):
            "\(path) was written by a later version (schema \(found), this one knows \(known))"
        case .removed(let path): "\(path) was removed or replaced while it was written"
        case .locked(let path): "\(path) is locked by another process"
        case .full(let path, let reason): "no room for \(path): \(reason)"
        case .refused(let path, let reason): "\(path): \(reason)"
        case .unreadable(let column, let reason): "column \(column): \(reason)"
        case .tooManyRows(let sequence): "more rows of input \(sequence) than an id has room for"
        }
    }

    /// The file itself is at fault: it is put aside and made again.
    var condemnsFile: Bool {
        switch self {
        case .damaged, .unreadable: true
        case .missing, .otherJournal, .newerSchema, .removed, .locked, .full, .refused, .tooManyRows: false
        }
    }
}
