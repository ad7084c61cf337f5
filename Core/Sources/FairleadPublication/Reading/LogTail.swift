import FairleadJournal

/// The last lines of one file of a log.
struct LogTail {
    /// Without their line feeds, the oldest first.
    var lines: [ArraySlice<UInt8>]
    /// The file begins with the first of them.
    var isWhole: Bool
    /// Bytes stand behind the last line feed.
    var hasHalfLine: Bool

    /// The whole lines of a file's last `byteLimit` bytes; nil where there is no such file. A line that is being
    /// written is looked at once more before it is told as half a line.
    static func read(_ disk: any Disk, _ name: String, byteLimit: Int) throws(DiskError) -> LogTail? {
        do throws(DiskError) {
            let tail = try once(disk, name, byteLimit)
            return tail.hasHalfLine ? try once(disk, name, byteLimit) : tail
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    private static func once(_ disk: any Disk, _ name: String, _ byteLimit: Int) throws(DiskError) -> LogTail {
        let size = try disk.size(of: name)
        let start = max(0, size - byteLimit)
        let bytes = try disk.read(name, from: start, count: size - start)
        var tail = LogTail(lines: [], isWhole: start == 0, hasHalfLine: false)
        // Where it begins in the midst of the file the first line may be cut.
        var begin = 0
        if start > 0 {
            guard let first = bytes.firstIndex(of: 0x0A) else { return tail }
            begin = first + 1
        }
        while let end = bytes[begin...].firstIndex(of: 0x0A) {
            tail.lines.append(bytes[begin..<end])
            begin = end + 1
        }
        tail.hasHalfLine = begin < bytes.count
        return tail
    }

    /// "fills.jsonl line 7"; counted from the end where the beginning was not read.
    func place(_ index: Int, _ name: String) -> String {
        isWhole ? "\(name) line \(index + 1)" : "\(name) line \(lines.count - index) from the end"
    }
}
