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

/// S-24 of the logs: each line is the notice of the journal, in its order and there once.
final class LogsAreTheJournal: Invariant {
    var id: String { "S-24" }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.isRouterUp, simulation.report.damages == 0 else { return }
        let through = simulation.published.through
        let expected = simulation.disk.asWritten { Self.told($0, through: through) }
        guard let expected else { return }
        for log in ExecutionLog.allCases {
            let lines = simulation.published.lines(log)
            let wanted = expected[log] ?? []
            let found = lines.suffix(wanted.count)
            if !found.elementsEqual(wanted) {
                let place = zip(found, wanted).prefix { $0 == $1 }.count
                throw Violation(id, "\(log.fileName) differs from the journal at line \(place) of \(wanted.count)")
            }
            if simulation.report.recoveries == 0, expected.isWhole, lines.count != wanted.count {
                throw Violation(id, "\(log.fileName) has \(lines.count) lines, the journal tells \(wanted.count)")
            }
        }
    }

    private struct Told {
        var lines: [ExecutionLog: [String]] = [:]
        var isWhole = true
        subscript(log: ExecutionLog) -> [String]? { lines[log] }
    }

    /// nil where the journal can't be replayed: others judge that.
    private static func told(_ disk: MemoryDisk, through last: UInt64) -> Told? {
        var told = Told()
        do throws(NodeError) {
            let reach = try JournalReach(disk)
            let start = reach.isWhole ? ReplayStart.beginning : .snapshot(before: reach.sequence + 1)
            told.isWhole = reach.isWhole
            var names = RunNames(try JournalReach.configuration(disk).engine.instruments)
            if !reach.isWhole {
                var known = names
                try JournalReach.forEachText(disk) { text, sequence in
                    if sequence <= reach.sequence { known.note(text) }
                }
                names = known
            }
            var replayer = try Replayer(disk, from: start)
            try replayer.run(through: last) { item in
                if case .record(let record) = item { names.note(record) }
                guard case .notice(let entry) = item, let log = ExecutionLog(entry.notice) else { return }
                told.lines[log, default: []].append(Publisher.line(entry, names))
            }
        } catch {
            return nil
        }
        return told
    }
}
