import FairleadJournal
import Foundation

/// A journal's directory as a whole.
public enum JournalPlace {
    /// Renames a journal that no engine holds to the first free `PATH.N`, and gives that path.
    public static func putAside(_ path: String) throws(LiveError) -> String {
        do {
            let disk = try PosixDisk(path: path, make: false)
            let lock = try disk.lock()
            defer { withExtendedLifetime(lock) {} }
            var number = 1
            while FileManager.default.fileExists(atPath: "\(path).\(number)") { number += 1 }
            try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(number)")
            return "\(path).\(number)"
        } catch {
            throw .place("\(path): \(error)")
        }
    }
}
