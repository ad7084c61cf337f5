import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPublication

/// S-30: whoever reads a state file at any moment finds a whole document of one cycle, and never an older one than
/// before.
final class PublishedWhole: Invariant {
    var id: String { "S-30" }

    func pumped(_ notices: borrowing ContiguousArray<NoticeEntry>, _ simulation: borrowing Simulation)
        throws(Violation)
    {
        try check(simulation)
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try check(simulation)
    }

    private func check(_ simulation: borrowing Simulation) throws(Violation) {
        if let fault = simulation.published.reader.fault { throw Violation(id, fault) }
    }
}

/// L-11: state files go on two periods after the last fault; a start of the router takes at most 60 s (L-05).
final class PublishedLately: Invariant {
    var id: String { "L-11" }
    var bound: TimeSpan? { .seconds(80) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        guard let sequence = simulation.journalSequence else { return "the router is down" }
        let age = simulation.now - simulation.published.storedAt
        if age.nanoseconds <= 2 * Publisher.period.nanoseconds { return nil }
        let cycle = simulation.published.reader.cycle(0)
        return "the state files stand at cycle \(cycle) since \(age.seconds) s, the journal at \(sequence)"
    }
}

/// S-24 of the logs: each line is the notice of the journal, in its order and there once, and none is missing of what
/// is said to be stored.
final class LogsAreTheJournal: Invariant {
    var id: String { "S-24" }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.isRouterUp, simulation.report.damages == 0 else { return }
        let expected = simulation.disk.asWritten { Self.told($0) }
        guard let expected else { return }
        let isWhole = simulation.report.recoveries == 0 && expected.isWhole
        for log in ExecutionLog.execution {
            let told = expected.lines[log] ?? []
            var found = simulation.published.lines(log)[...]
            // What the journal no longer tells, and what an earlier journal did.
            if !isWhole { found = found.drop { $0 != told.first?.text } }
            // A log may be ahead of the others, whose disk refused.
            let due = told.prefix { $0.sequence <= simulation.published.through }.count
            let place = zip(found, told).prefix { $0 == $1.text }.count
            if place < found.count || place < due {
                let line = found.dropFirst(place).first?.prefix(160) ?? "nothing"
                let wanted = told.dropFirst(place).first?.text.prefix(160) ?? "nothing"
                let counts = "\(log.fileName) has \(found.count) lines, of \(due) that are due"
                throw Violation(id, "\(counts); line \(place) is \(line) for \(wanted)")
            }
        }
    }

    private struct Line {
        var sequence: UInt64
        var text: String
    }

    private struct Told {
        var lines: [ExecutionLog: [Line]] = [:]
        var isWhole = true
    }

    /// nil where the journal can't be replayed: others judge that.
    private static func told(_ disk: MemoryDisk) -> Told? {
        var told = Told()
        do throws(NodeError) {
            let reach = try JournalReach(disk)
            told.isWhole = reach.isWhole
            var names = RunNames(try JournalReach.configuration(disk).engine.instruments)
            if !reach.isWhole {
                var known = names
                try JournalReach.forEachText(disk) { text, sequence in
                    if sequence <= reach.sequence { known.note(text) }
                }
                names = known
            }
            var replayer = try Replayer(disk, from: reach.isWhole ? .beginning : .snapshot(before: reach.sequence + 1))
            try replayer.run { item in
                if case .record(let record) = item { names.note(record) }
                guard case .notice(let entry) = item, let log = ExecutionLog(entry.notice) else { return }
                told.lines[log, default: []].append(Line(sequence: entry.sequence, text: Publisher.line(entry, names)))
            }
        } catch {
            return nil
        }
        return told
    }
}
