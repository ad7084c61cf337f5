import FairleadJournal
import FairleadModel

/// A crash at every journal write of a golden run. A life depends on what the venue has seen and on the journal that
/// opening leaves, and on nothing else: each damaged disk is opened by the production code, and lives are shared by
/// those that it makes equal.
struct CrashMatrix {
    typealias Files = [(name: String, bytes: [UInt8])]

    let golden: GoldenLife
    private var verdicts: [MatrixFault.Crash: Violation?] = [:]

    init(golden: GoldenLife) { self.golden = golden }

    private var images: JournalImages { golden.images }

    mutating func run(into report: inout MatrixReport) {
        for (pump, entry) in golden.log.enumerated() {
            // The head is written once, by the first start.
            if pump == 0, !golden.run.coversHead { continue }
            let first = images.count(stored: entry.before)
            let last = images.count(stored: entry.after)
            let writes = entry.writes.map { images.count(stored: $0) }
            for record in first..<last {
                let before = writes.filter { $0 <= record }.count
                judge(MatrixFault.Crash(pump: pump, writes: before, records: record), "before", &report)
                if golden.isDurableOnDisk {
                    tear(pump, before, record, &report)
                    loseSectors(pump, before, record, entry, &report)
                }
                let kind = golden.isDurableOnDisk ? "synced and not sent" : "written and not sent"
                judge(MatrixFault.Crash(pump: pump, writes: before, records: record + 1), kind, &report)
            }
            for (place, records) in writes.enumerated() {
                let crash = MatrixFault.Crash(pump: pump, writes: place + 1, records: records)
                judge(crash, "sent and not answered", &report)
            }
        }
    }

    /// Counts a case and lives it, unless an equal one was lived.
    private mutating func judge(_ crash: MatrixFault.Crash, _ kind: String, _ report: inout MatrixReport) {
        report.count(kind)
        if let known = verdicts[crash] {
            if let violation = known { report.fail(place(crash, kind), violation) }
            return
        }
        var world = MatrixWorld(golden.run, golden.configuration, fault: MatrixFault(crash: crash), images: images)
        let (violation, isCompared) = golden.live(&world)
        report.lives += 1
        if isCompared { report.compared += 1 }
        verdicts[crash] = .some(violation)
        if let violation { report.fail(place(crash, kind), violation) }
    }

    private func place(_ crash: MatrixFault.Crash, _ kind: String) -> String {
        "\(golden.run.name) (\(golden.durability)), \(kind): pump \(crash.pump), \(crash.writes) writes, "
            + "\(crash.records) records"
    }

    // MARK: - Torn

    /// The process dies in the midst of storing the record: at every byte of it, and of the header of a segment that it
    /// opens.
    private mutating func tear(_ pump: Int, _ writes: Int, _ record: Int, _ report: inout MatrixReport) {
        let whole = images.records[record]
        for extra in 1..<whole.end - whole.start {
            let files = images.image(after: record, extra: extra)
            judge(files, record...record + 1, pump, writes, "torn", &report)
        }
        guard images.opensSegment(record) else { return }
        for bytes in 0...JournalImages.headerByteCount {
            let files = images.image(enteringAfter: record, header: bytes)
            judge(files, record...record, pump, writes, "torn segment header", &report)
        }
    }

    private mutating func judge(
        _ files: Files,
        _ expected: ClosedRange<Int>,
        _ pump: Int,
        _ writes: Int,
        _ kind: String,
        _ report: inout MatrixReport
    ) {
        var crash = MatrixFault.Crash(pump: pump, writes: writes, records: expected.lowerBound)
        do throws(JournalError) {
            let size = golden.run.segmentByteCount
            guard let count = try images.recovered(files, expecting: expected, segmentByteCount: size) else {
                report.count(kind)
                report.fail(
                    place(crash, kind),
                    Violation("c", "opening left another journal than any before the crash")
                )
                return
            }
            crash.records = count
            judge(crash, kind, &report)
        } catch {
            report.count(kind)
            report.fail(place(crash, kind), Violation("c", "the journal is refused: \(error)"))
        }
    }

    // MARK: - Sectors

    /// The power goes right after the record was stored: of the unsynced sectors any may be lost.
    private mutating func loseSectors(
        _ pump: Int,
        _ writes: Int,
        _ record: Int,
        _ entry: PumpLog,
        _ report: inout MatrixReport
    ) {
        let synced = images.count(stored: entry.durable)
        let new = images.image(after: record + 1)
        let old = images.image(after: synced)
        let sectors = Self.unsynced(old, new)
        for kept in Self.subsets(sectors.count) {
            var files = new
            for (place, sector) in sectors.enumerated() where !kept(place) {
                Self.lose(sector, in: &files, old)
            }
            let isNone = !sectors.indices.contains { kept($0) }
            judge(files, synced...record + 1, pump, writes, isNone ? "written and not synced" : "sectors", &report)
        }
    }

    private struct Sector {
        var file: Int
        var range: Range<Int>
    }

    private static func unsynced(_ old: Files, _ new: Files) -> [Sector] {
        var found: [Sector] = []
        for (index, file) in new.enumerated() {
            let size = MemoryDisk.sectorByteCount
            for start in stride(from: 0, to: file.bytes.count, by: size) {
                let range = start..<min(start + size, file.bytes.count)
                let isSame =
                    index < old.count
                    ? old[index].bytes[range] == file.bytes[range] : file.bytes[range].allSatisfy { $0 == 0 }
                if !isSame { found.append(Sector(file: index, range: range)) }
            }
        }
        return found
    }

    /// A new segment is made of synced zeros.
    private static func lose(_ sector: Sector, in files: inout Files, _ old: Files) {
        if sector.file < old.count {
            files[sector.file].bytes.replaceSubrange(sector.range, with: old[sector.file].bytes[sector.range])
        } else {
            for index in sector.range { files[sector.file].bytes[index] = 0 }
        }
    }

    /// Every subset of up to four sectors; of more: none, all up to each, all from each, each alone, all but each.
    static func subsets(_ count: Int) -> [(Int) -> Bool] {
        if count <= 4 { return (0..<1 << count).map { mask in { place in mask >> place & 1 == 1 } } }
        var found: [(Int) -> Bool] = [{ _ in false }]
        for chosen in 0..<count {
            found += [{ $0 <= chosen }, { $0 > chosen }, { $0 == chosen }, { $0 != chosen }]
        }
        return found
    }
}
