import FairleadJournal
import FairleadNode
import Foundation

/// A journal's directory as a whole.
public enum JournalPlace {
    /// Renames a journal that no engine holds to the first free `PATH.N`, and gives that path. What stood engaged at
    /// its end waits in its place for the next journal: killed stays killed.
    public static func putAside(_ path: String) throws(LiveError) -> String {
        do {
            let disk = try PosixDisk(path: path, make: false)
            let lock = try disk.lock()
            defer { withExtendedLifetime(lock) {} }
            var number = 1
            while FileManager.default.fileExists(atPath: "\(path).\(number)") { number += 1 }
            // Of a reset that was cut short before anything was moved: what it noted may no longer be so.
            let files = FileManager.default
            if files.fileExists(atPath: successor(of: path)) { try files.removeItem(atPath: successor(of: path)) }
            let engaged = JournalLegacy.engaged(atEndOf: disk)
            if !engaged.isEmpty { try JournalLegacy.note(engaged, on: PosixDisk(path: successor(of: path))) }
            try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(number)")
            try finish(path)
            return "\(path).\(number)"
        } catch {
            throw LiveError(path, error)
        }
    }

    /// Puts the directory that was prepared in the place of one that was put aside: the second half of `putAside`, and
    /// of one that was cut short between the two.
    static func finish(_ path: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: successor(of: path)), !files.fileExists(atPath: path) else { return }
        try files.moveItem(atPath: successor(of: path), toPath: path)
    }

    private static func successor(of path: String) -> String { path + ".next" }
}
