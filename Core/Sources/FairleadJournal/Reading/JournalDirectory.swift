/// The journal's files in a directory, by their numbers.
struct JournalDirectory {
    struct File: Hashable {
        var number: UInt64
        var name: String
    }

    /// Ascending.
    var segments: [File] = []
    var archives: [File] = []
    /// Numbered by their sequence, ascending.
    var snapshots: [File] = []
    /// Left over from an interrupted replacement.
    var temporaries: [String] = []

    init(_ disk: any Disk) throws(JournalError) {
        let names = try JournalError.wrapping { () throws(DiskError) in try disk.list() }
        for name in names {
            if name.hasSuffix(".tmp") {
                temporaries.append(name)
            } else if let number = JournalFormat.number(of: name, prefix: "journal-", suffix: ".segment") {
                segments.append(File(number: number, name: name))
            } else if let number = JournalFormat.number(of: name, prefix: "journal-", suffix: ".orders") {
                archives.append(File(number: number, name: name))
            } else if let number = JournalFormat.number(of: name, prefix: "snapshot-", suffix: ".state") {
                snapshots.append(File(number: number, name: name))
            }
        }
        segments.sort { $0.number < $1.number }
        archives.sort { $0.number < $1.number }
        snapshots.sort { $0.number < $1.number }
    }

    static func header(_ disk: any Disk, _ file: File) throws(JournalError) -> SegmentHeader.Parsed {
        let bytes = try JournalError.wrapping { () throws(DiskError) in
            try disk.read(file.name, from: 0, count: SegmentHeader.byteCount)
        }
        let parsed = ByteSource.with(bytes) { SegmentHeader.parse($0) }
        switch parsed {
        case .header(let header): return header.number == file.number ? parsed : .damaged
        case .unsupportedVersion(let found):
            throw JournalError.unsupportedVersion(file: file.name, found: found, supported: JournalFormat.version)
        case .blank: return try isBlank(disk, file) ? .blank : .damaged
        case .damaged: return .damaged
        }
    }

    /// True when a whole file is zeros: a header may be lost and the records behind it not.
    private static func isBlank(_ disk: any Disk, _ file: File) throws(JournalError) -> Bool {
        var offset = 0
        while true {
            let start = offset
            let bytes = try JournalError.wrapping { () throws(DiskError) in
                try disk.read(file.name, from: start, count: 1 << 20)
            }
            if bytes.isEmpty { return true }
            guard ByteSource.with(bytes, { Zeros.fill($0, from: 0) }) else { return false }
            offset += bytes.count
        }
    }
}

extension JournalError {
    /// Runs a disk operation and turns its refusal into the journal's error.
    @inline(__always) static func wrapping<Result: ~Copyable>(
        _ body: () throws(DiskError) -> Result
    ) throws(JournalError) -> Result {
        do { return try body() } catch { throw JournalError.disk(error) }
    }
}
