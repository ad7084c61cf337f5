import FairleadJournal
import FairleadNode
import Foundation
import Glibc

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

    /// Who holds the journal in a directory; nil where nobody does, or none is there. The lock is tried, shared and for
    /// an instant, since nothing else tells it for certain; who holds it is what the kernel lists.
    public static func holder(of path: String) -> JournalHolder? {
        let lock = HomePaths.under(path, "lock")
        guard let file = FileHandle(forReadingAtPath: lock) else { return nil }
        defer { withExtendedLifetime(file) {} }
        guard flock(file.fileDescriptor, LOCK_SH | LOCK_NB) != 0 else {
            _ = flock(file.fileDescriptor, LOCK_UN)
            return nil
        }
        return errno == EWOULDBLOCK ? JournalHolder(process: process(ofLock: lock)) : nil
    }

    /// `1: FLOCK  ADVISORY  WRITE 4711 08:01:393223 0 EOF`: the process, and the file by its number.
    private static func process(ofLock path: String) -> Int32? {
        do {
            let found = try FileManager.default.attributesOfItem(atPath: path)
            guard let number = found[.systemFileNumber] as? NSNumber else { return nil }
            // Its size is not known before it is read.
            let table = try String(contentsOfFile: "/proc/locks", encoding: .utf8)
            for row in table.split(separator: "\n") {
                let words = row.split(separator: " ")
                guard words.count >= 6, words[1] == "FLOCK", words[5].hasSuffix(":\(number.uint64Value)") else {
                    continue
                }
                return Int32(words[4]).flatMap { $0 > 0 ? $0 : nil }
            }
        } catch {
            // Not every system shows it; then the lock alone tells that somebody is there.
        }
        return nil
    }
}

/// The process that holds a journal's lock; nil inside where the system doesn't name it.
public struct JournalHolder: Hashable, Sendable {
    public var process: Int32?
}
