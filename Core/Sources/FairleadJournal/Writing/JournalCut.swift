/// Cutting a journal back: how a backtest that was killed resumes from its last complete input.
public enum JournalCut {
    /// Drops everything after the input of this sequence, and the snapshots of later ones. 0 empties the journal.
    ///
    /// Takes the lock, and survives a crash at any point: the journal is then the old one, or an older part of it that
    /// still holds `sequence`, or the result; cutting again finishes it. Throws `.noSuchSequence` when the journal
    /// doesn't reach it, `.notRetained` when it no longer holds it.
    public static func cut(_ disk: any Disk, after sequence: UInt64) throws(JournalError) {
        let lock = try JournalError.wrapping { () throws(DiskError) in try disk.lock() }
        try withExtendedLifetime(lock) { () throws(JournalError) in try cutLocked(disk, sequence) }
    }

    private static func cutLocked(_ disk: any Disk, _ sequence: UInt64) throws(JournalError) {
        var reader = try JournalReader(disk, from: max(sequence, JournalReader.beginning))
        if sequence > 0 {
            var found = false
            while !found, let header = try reader.advance() {
                found = header.type.isInput && header.sequence == sequence
            }
            guard found else { throw .noSuchSequence(sequence) }
        } else if reader.firstRetained > 1 {
            throw .notRetained(first: reader.firstRetained)
        }
        let (file, position) = reader.filePosition
        for snapshot in try JournalDirectory(disk).snapshots where snapshot.number > sequence {
            try JournalError.wrapping { () throws(DiskError) in try disk.remove(snapshot.name) }
        }
        try JournalError.wrapping { () throws(DiskError) in try disk.syncDirectory() }
        try JournalOpening.removeAfter(disk, file.number)
        try JournalError.wrapping { () throws(DiskError) in
            var bytes = try disk.readAll(file.name, limit: 1 << 31)
            guard bytes[position.offset...].contains(where: { $0 != 0 }) else { return }
            for index in position.offset..<bytes.count { bytes[index] = 0 }
            try disk.replace(file.name, bytes)
        }
    }
}
