internal import Foundation
internal import Glibc

/// A database's file and what SQLite keeps beside it.
enum HistoryFile {
    /// What SQLite keeps beside a database.
    static let companions = ["-wal", "-shm", "-journal"]

    /// Files put aside of one kind: the first ones, and the newest in the last place. The journal has what they held.
    static let asideKept = 3

    /// Renames the file and its companions to `PATH.WORD-N` and gives that path.
    static func putAside(_ path: String, as word: String) throws(HistoryFault) -> String {
        var number = 1
        while number < asideKept, FileIdentity("\(path).\(word)-\(number)") != nil { number += 1 }
        let target = "\(path).\(word)-\(number)"
        try remove(target)
        // The file last: while it stands, what stands beside it is its own.
        for suffix in companions where FileIdentity(path + suffix) != nil {
            try rename(path + suffix, target + suffix)
        }
        try rename(path, target)
        return target
    }

    /// Removes a database with all that stands beside it; what is not there is no matter.
    static func remove(_ path: String) throws(HistoryFault) {
        try removeCompanions(of: path)
        try removeFile(path)
    }

    static func removeCompanions(of path: String) throws(HistoryFault) {
        for suffix in companions { try removeFile(path + suffix) }
    }

    private static func removeFile(_ path: String) throws(HistoryFault) {
        guard FileIdentity(path) != nil else { return }
        try HistoryDatabase.guarding(path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// Moves a file; one that stands in its place is gone in the same instant.
    static func rename(_ from: String, _ to: String) throws(HistoryFault) {
        // SAFETY: both paths live for the call, and the system keeps neither.
        guard unsafe Glibc.rename(from, to) == 0 else {
            let reason = String(describing: POSIXErrorCode(rawValue: errno) ?? .EIO)
            throw .refused(path: from, reason: "can't be renamed to \(to) (\(reason))")
        }
    }
}

/// Which file stands at a path: another one after it was removed and made again.
struct FileIdentity: Hashable {
    let device: UInt64
    let node: UInt64

    /// nil where nothing stands there.
    init?(_ path: String) {
        do {
            let found = try FileManager.default.attributesOfItem(atPath: path)
            guard let number = found[.systemFileNumber] as? NSNumber, let system = found[.systemNumber] as? NSNumber
            else { return nil }
            (device, node) = (system.uint64Value, number.uint64Value)
        } catch {
            return nil
        }
    }
}
