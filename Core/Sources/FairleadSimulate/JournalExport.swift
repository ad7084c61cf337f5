import FairleadJournal

/// Writes a simulated journal where another process can replay it.
enum JournalExport {
    static func write(_ files: [(name: String, bytes: [UInt8])], to path: String) {
        do throws(DiskError) {
            let disk = try PosixDisk(path: path)
            for file in files { try disk.write(file.name, file.bytes) }
            try disk.syncDirectory()
        } catch {
            Simulate.say("the journal could not be written: \(error)")
        }
    }
}
