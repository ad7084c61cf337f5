import FairleadJournal

/// The finished journal of a golden run, and the disk as it was at any byte of its writing: what a crash leaves is a
/// part of it, since a journal only grows.
struct JournalImages {
    struct Record {
        /// Index in `files`.
        var file: Int
        var start: Int
        var end: Int
    }

    private(set) var files: [(name: String, bytes: [UInt8])] = []
    private(set) var records: [Record] = []
    /// Number of records by the bytes of records appended.
    private var counts: [UInt64: Int] = [0: 0]

    init(_ disk: MemoryDisk) throws(JournalError) {
        do throws(DiskError) {
            for name in try disk.list() where name.hasSuffix(".segment") {
                files.append((name, try disk.readAll(name, limit: 1 << 30)))
            }
        } catch {
            throw .disk(error)
        }
        var reader = try JournalReader(disk)
        var total: UInt64 = 0
        while let record = try reader.next() {
            let (name, end) = reader.location
            guard let file = files.firstIndex(where: { $0.name == name }) else { continue }
            let size = (Int(record.header.byteCount) + 7) & ~7
            records.append(Record(file: file, start: end - size, end: end))
            total += UInt64(size)
            counts[total] = records.count
        }
    }

    /// How many records stand when so many bytes of records have been appended.
    func count(stored: UInt64) -> Int {
        guard let count = counts[stored] else {
            preconditionFailure("Invariant: a write stands between two records of the golden journal")
        }
        return count
    }

    /// The files when `count` records and `extra` bytes of the next one were stored.
    func image(after count: Int, extra: Int = 0) -> [(name: String, bytes: [UInt8])] {
        if count == 0, extra == 0 { return [cut(0, at: Self.headerByteCount)] }
        if extra > 0 {
            let next = records[count]
            return files[..<next.file].map { $0 } + [cut(next.file, at: next.start + extra)]
        }
        let last = records[count - 1]
        return files[..<last.file].map { $0 } + [cut(last.file, at: last.end)]
    }

    static let headerByteCount = 128

    /// The next record opens a segment of its own: the files with `bytes` of that segment's header stored.
    func image(enteringAfter count: Int, header bytes: Int) -> [(name: String, bytes: [UInt8])] {
        guard count > 0 else { return [cut(0, at: bytes)] }
        let last = records[count - 1]
        return files[...last.file].map { $0 } + [cut(last.file + 1, at: bytes)]
    }

    func opensSegment(_ index: Int) -> Bool { index == 0 || records[index].file != records[index - 1].file }

    private func cut(_ file: Int, at end: Int) -> (name: String, bytes: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: files[file].bytes.count)
        bytes.replaceSubrange(..<end, with: files[file].bytes[..<end])
        return (files[file].name, bytes)
    }

    static func disk(_ files: [(name: String, bytes: [UInt8])]) -> MemoryDisk {
        let disk = MemoryDisk()
        for file in files { disk.place(file.name, file.bytes) }
        return disk
    }

    // MARK: - What opening makes of a damaged image

    /// Opens the journal as a start does and says how many records it found; nil when what it left on the disk is not
    /// the journal after that many.
    func recovered(
        _ damaged: [(name: String, bytes: [UInt8])],
        expecting expected: ClosedRange<Int>,
        segmentByteCount: Int
    ) throws(JournalError) -> Int? {
        let disk = Self.disk(damaged)
        let options = JournalOptions(
            segmentByteCount: segmentByteCount,
            durability: .disk,
            journalID: JournalID(high: 1, low: 2)
        )
        let writer = try JournalWriter(disk, options: options)
        try writer.close()
        for count in expected.reversed() where isImage(disk, count) { return count }
        return nil
    }

    private func isImage(_ disk: MemoryDisk, _ count: Int) -> Bool {
        let wanted = count == 0 ? [cut(0, at: Self.headerByteCount)] : image(after: count)
        do throws(DiskError) {
            for file in wanted where try disk.readAll(file.name, limit: 1 << 30) != file.bytes { return false }
            // A segment that was made and not begun may stay as the spare one; its header alone may stand as well.
            for name in try disk.list() where !wanted.contains(where: { $0.name == name }) {
                let bytes = try disk.readAll(name, limit: 1 << 30)
                let isBlank = bytes.allSatisfy { $0 == 0 }
                let header = files.first { $0.name == name }.map { Array($0.bytes[..<Self.headerByteCount]) }
                let isHeader =
                    header.map { Array(bytes[..<Self.headerByteCount]) == $0 } == true
                    && bytes[Self.headerByteCount...].allSatisfy { $0 == 0 }
                guard isBlank || isHeader else { return false }
            }
            return true
        } catch {
            return false
        }
    }
}
