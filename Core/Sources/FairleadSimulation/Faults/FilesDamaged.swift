import FairleadJournal
import FairleadModel

/// D3: while the router is down a bit of its journal or of a snapshot changes.
struct SectorsRot: Fault {
    var name: String { "bit_rot" }
    var row: String { "D3" }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { .pause(&random) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard let (files, end) = simulation.stopForDamage(window) else { return }
        let file = files[Int(window.random.next(below: UInt64(files.count)))]
        // The last record is left alone: its loss can't be told from a write that a crash cut short.
        let limit = file.name == end.file ? end.lastRecord : file.byteCount
        guard limit > 0 else { return }
        let offset = Int(window.random.next(below: UInt64(limit)))
        let mask = UInt8(1) << UInt8(window.random.next(below: 8))
        simulation.disk.damage(file.name) { $0.corrupt(file.name, at: offset, xor: mask) }
        simulation.tellDamage("bit \(mask) of byte \(offset) of \(file.name) has changed")
    }
}

/// D3: while the router is down a file of its journal, or a snapshot, is cut short.
struct FilesShorten: Fault {
    var name: String { "truncation" }
    var row: String { "D3" }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { .pause(&random) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard let (files, _) = simulation.stopForDamage(window) else { return }
        let file = files[Int(window.random.next(below: UInt64(files.count)))]
        guard file.byteCount > 0 else { return }
        // A lone segment without even its header was being made when its maker ended.
        let least = files.count == 1 ? min(256, file.byteCount - 1) : 0
        let count = least + Int(window.random.next(below: UInt64(file.byteCount - least)))
        simulation.disk.damage(file.name) { $0.truncate(file.name, to: count) }
        simulation.tellDamage("\(file.name) is cut to \(count) bytes")
    }
}

/// D3: while the router is down a file of its journal, or a snapshot, is removed.
struct FilesVanish: Fault {
    var name: String { "lost_file" }
    var row: String { "D3" }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape { .pause(&random) }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard let (files, end) = simulation.stopForDamage(window) else { return }
        // A directory without a journal is a new one; the newest segment is missed only by what was made after it: the
        // blank one behind it.
        guard files.count > 1 else { return }
        let lost = files.filter { $0.name != end.file || files.last { $0.isSegment }?.name != end.file }
        guard !lost.isEmpty else { return }
        let file = lost[Int(window.random.next(below: UInt64(lost.count)))]
        simulation.disk.damage(file.name) { $0.vanish(file.name) }
        simulation.tellDamage("\(file.name) is gone")
    }
}

/// A file of the router's directory.
struct StoredFile {
    var name: String
    var byteCount: Int
    var isSegment: Bool { name.hasSuffix(".segment") }
}

/// Where a journal ends.
struct StoredEnd {
    var file = ""
    /// The offset of its last record.
    var lastRecord = 0
    var sequence: UInt64 = 0

    init(_ disk: MemoryDisk) {
        do throws(JournalError) {
            var reader = try JournalReader(disk)
            var place = reader.location
            while let record = try reader.next() {
                (file, lastRecord) = place.file == reader.location.file ? place : (reader.location.file, 0)
                place = reader.location
                if record.header.type.isInput { sequence = record.sequence }
            }
        } catch {
            // Damaged before, and not noticed yet: what is known of it is older than this.
            return
        }
    }
}

extension FaultShape {
    /// How long the router is down.
    fileprivate static func pause(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(value: random.next(in: 100...30_000))
    }
}

extension Simulation {
    /// Ends the router, if it is up, and gives its files and its journal's end as written; nil where it has none.
    fileprivate mutating func stopForDamage(_ window: FaultWindow) -> (files: [StoredFile], end: StoredEnd)? {
        crash(.process, downFor: .milliseconds(window.fault.value))
        guard node == nil, report.violation == nil else { return nil }
        let end = disk.asWritten { StoredEnd($0) }
        let files = disk.withoutFaults { disk -> [StoredFile] in
            do throws(DiskError) {
                let kept = try disk.list().filter { $0.hasPrefix("journal-") || $0.hasPrefix("snapshot-") }
                var files: [StoredFile] = []
                for name in kept { files.append(StoredFile(name: name, byteCount: try disk.size(of: name))) }
                return files
            } catch {
                preconditionFailure("Invariant: a disk without faults is readable: \(error)")
            }
        }
        guard !files.isEmpty, end.sequence > 0 else { return nil }
        sequenceBeforeDamage = end.sequence
        return (files, end)
    }

    fileprivate mutating func tellDamage(_ text: String) {
        trace.note(.text(text), at: now)
        report.damages += 1
    }
}
