import FairleadJournal
import FairleadModel

/// How far a log is stored.
struct LogPlace: Hashable, Sendable {
    /// The lines of every sequence up to here are in the files.
    var through: UInt64 = 0
    /// The sequence of the last line; 0 without one.
    var last: UInt64 = 0
}

/// One log of lines that each belong to a journal sequence: `fills.jsonl`, and put aside by size `fills.1.jsonl`, the
/// newest of them, and so on.
///
/// The lines of one sequence are written together and never parted between files: after a crash at any moment those of
/// the last sequence are cut off and made again, so that each line is there once. Where a file ends depends on the
/// lines alone, so that a log made again is the same, byte for byte.
struct RotatedLog {
    /// The longest run of bytes that is looked at for the last lines: far more than those of one sequence.
    static let tailLimit = 4 << 20

    let log: ExecutionLog
    private let fileBytes: Int
    private let filesKept: Int
    /// Bytes of the newest file that are whole lines.
    private var length = 0
    /// Of the newest file's last line.
    private var last: UInt64 = 0
    private(set) var through: UInt64 = 0
    /// Lines of whole sequences that wait to be written, each with its end in `waiting`.
    private var waiting: [UInt8] = []
    private var ends: [(sequence: UInt64, end: Int)] = []
    /// The sequence whose lines are being taken, and where they begin.
    private var open: UInt64 = 0
    private var openStart = 0

    init(_ log: ExecutionLog, fileBytes: Int, filesKept: Int) {
        self.log = log
        self.fileBytes = fileBytes
        self.filesKept = filesKept
    }

    var place: LogPlace { LogPlace(through: through, last: last) }
    var waitingBytes: Int { waiting.count }

    func fileName(_ number: Int) -> String { log.fileName(number) }

    // MARK: - Opening

    /// Looks at the files and finds how far they are stored; `known` is what the checkpoint says.
    mutating func open(_ disk: any Disk, known: LogPlace) throws(DiskError) {
        forgetWaiting()
        let tail = try Self.tail(disk, fileName(0))
        (length, last) = (tail.length, tail.last)
        if last > known.through {
            // Of the last sequence some lines may be missing.
            (length, last) = (tail.lengthBeforeLast, tail.before)
            through = tail.last - 1
        } else if last == known.last {
            through = known.through
        } else if last > 0 {
            // Somebody took lines away: those of the last one left may be incomplete.
            (length, last) = (tail.lengthBeforeLast, tail.before)
            through = tail.last - 1
        } else {
            // A crash while it was put aside, or somebody took it away.
            let aside = try Self.tail(disk, fileName(1))
            through = aside.last == known.last ? known.through : min(aside.last, known.through)
            last = through == known.through ? known.last : 0
        }
    }

    /// Puts the lines of another journal aside.
    mutating func putAside(_ disk: any Disk) throws(DiskError) {
        forgetWaiting()
        if try Self.tail(disk, fileName(0)).size > 0 { try rotate(disk) }
        (length, last, through) = (0, 0, 0)
    }

    private mutating func forgetWaiting() {
        waiting = []
        ends = []
        openStart = 0
        open = 0
    }

    private struct Tail {
        /// Of the file, and of its whole lines.
        var size = 0
        var length = 0
        /// Of the last line, and of the last line of an earlier sequence; 0 without one.
        var last: UInt64 = 0
        var before: UInt64 = 0
        var lengthBeforeLast = 0
    }

    /// The end of a file. Lines that hold no sequence are not counted in: they will be overwritten.
    private static func tail(_ disk: any Disk, _ name: String) throws(DiskError) -> Tail {
        var tail = Tail()
        do throws(DiskError) { tail.size = try disk.size(of: name) } catch {
            if error.kind == .notFound { return tail }
            throw error
        }
        let start = max(0, tail.size - tailLimit)
        let bytes = try disk.read(name, from: start, count: tail.size - start)
        var end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        while end > 0 {
            let begin = bytes[..<(end - 1)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            // The first line of the stretch may be cut by its beginning.
            if begin == 0, start > 0 { break }
            let sequence = sequence(of: bytes[begin..<(end - 1)])
            if tail.last == 0 {
                guard let sequence else {
                    end = begin
                    continue
                }
                (tail.last, tail.length, tail.lengthBeforeLast) = (sequence, start + end, start + begin)
            } else if sequence == tail.last {
                tail.lengthBeforeLast = start + begin
            } else {
                tail.before = sequence ?? 0
                break
            }
            end = begin
        }
        return tail
    }

    private static func sequence(of line: ArraySlice<UInt8>) -> UInt64? {
        do throws(JSONError) { return try JSONParser.parse(Array(line))["sequence"]?.count } catch { return nil }
    }

    // MARK: - Lines

    /// Takes a line with its line feed, of a sequence that is not below the one before. One that is stored is ignored.
    mutating func append(_ line: [UInt8], sequence: UInt64) {
        guard sequence > through else { return }
        if sequence != open {
            close()
            open = sequence
        }
        waiting += line
    }

    /// The lines of the sequence that was open are whole.
    private mutating func close() {
        if waiting.count > openStart { ends.append((open, waiting.count)) }
        openStart = waiting.count
    }

    /// Everything through `sequence` was given: its lines are whole.
    mutating func close(through sequence: UInt64) { if open <= sequence { close() } }

    /// Everything through `sequence` was given, and is written.
    mutating func settle(through sequence: UInt64) { through = max(through, sequence) }

    /// Writes what is whole. True when the file must be put aside before the rest: the caller notes how far it is,
    /// calls `rotate`, and writes on.
    mutating func write(_ disk: any Disk) throws(DiskError) -> Bool {
        var start = 0
        var done = 0
        var room = 0
        defer {
            waiting.removeFirst(start)
            openStart -= start
            ends.removeFirst(done)
            for index in ends.indices { ends[index].end -= start }
        }
        for (index, group) in ends.enumerated() {
            if length + group.end - start > fileBytes, length + room > 0 {
                if room > 0 { try put(start + room, &start, &done, index, disk) }
                return true
            }
            room = group.end - start
        }
        if room > 0 { try put(start + room, &start, &done, ends.count, disk) }
        return false
    }

    /// Writes the lines from `start` to `end`, which are those of the groups before `index`.
    private mutating func put(
        _ end: Int,
        _ start: inout Int,
        _ done: inout Int,
        _ index: Int,
        _ disk: any Disk
    ) throws(DiskError) {
        let isNew = length == 0
        try disk.extend(log.fileName, from: length, Array(waiting[start..<end]))
        length += end - start
        last = ends[index - 1].sequence
        through = max(through, last)
        (start, done) = (end, index)
        if isNew { try disk.syncDirectory() }
    }

    /// The newest file becomes the first of those put aside. Only those up to the first hole move on: a crash in the
    /// midst of it leaves one, and the next try goes on where it was.
    mutating func rotate(_ disk: any Disk) throws(DiskError) {
        let names = Set(try disk.list())
        var hole = 1
        while hole < filesKept, names.contains(fileName(hole)) { hole += 1 }
        for number in stride(from: hole - 1, through: 0, by: -1) {
            try disk.rename(fileName(number), to: fileName(number + 1))
        }
        // Fewer may be kept than by the run before.
        var number = filesKept + 1
        while names.contains(fileName(number)) {
            try disk.remove(fileName(number))
            number += 1
        }
        length = 0
        try disk.syncDirectory()
    }
}
