import FairleadJournal
import FairleadModel
import FairleadNode

/// From the last fault to the verdict.
extension Simulation {
    /// All faults off: nothing is broken any more, and somebody clears up.
    mutating func becomeQuiet() {
        trace.note(.text("the faults are over"), at: now)
        aiming.removeAll()
        for number in windows.map(\.fault.number) { end(number) }
        wire.bytesUntilCut = .max
        if node == nil { queue.push(.restart, at: now) }
        quietSince = routerTime
        needsPump = true
        run(until: now + .seconds(1))
    }

    /// Trading resumes, then everything that rests is cancelled, and the books must agree within their bounds.
    mutating func liveOn() {
        // A frame that is held back is a fault that lasts until it comes (seed 1750).
        let began = max(now, lastHeldBack)
        var unmet = invariants.filter { $0.bound != nil }
        let longest = unmet.compactMap(\.bound).max() ?? .zero
        operate(OperatorCommand(.resume))
        run(until: now + .seconds(1))
        // One seed in three ends killed: no help from the desk, then, until L-07 has been judged.
        let isKilled = scenario.seed % 3 == 0
        operate(OperatorCommand(isKilled ? .kill : .stopEntries))
        var second: Int64 = isKilled ? -65 : 0
        while report.violation == nil {
            if second > 0, second % 15 == 1 { operate(OperatorCommand(.cancelAllIncludingProtective)) }
            second += 1
            run(until: now + .seconds(1))
            if report.violation != nil { return }
            unmet.removeAll { $0.missing(self) == nil }
            if unmet.isEmpty, invariants.allSatisfy({ $0.bound == nil || $0.missing(self) == nil }) { break }
            let passed = now - began
            for invariant in unmet {
                guard let bound = invariant.bound, passed > bound, let text = invariant.missing(self) else { continue }
                fail(Violation(invariant.id, "\(text), \(passed.milliseconds / 1000) s after the last fault"))
                return
            }
            if passed.nanoseconds > 2 * longest.nanoseconds {
                let texts = invariants.compactMap { $0.bound == nil ? nil : $0.missing(self) }
                fail(Violation("L-01", "never quiet: \(texts.joined(separator: "; "))"))
            }
        }
        report.quietAfter = max(.zero, now - began)
    }

    /// The journal is read as another process would read it, and judged.
    mutating func finish() {
        look()
        report.virtual = now - start
        if let state = node?.stateHash(), let commands = node?.commandHash { finalHashes = (state, commands) }
        let story = disk.asWritten { JournalStory($0) }
        if report.violation == nil {
            for invariant in invariants {
                judge { (simulation) throws(Violation) in try invariant.ended(story, simulation) }
            }
        }
        if let result = story.result {
            report.journalHash = result.journalHash ?? .zero
            report.commandHash = result.commandHash
            report.stateHash = result.stateHash
            report.records = result.sequence
        }
        node?.checkInvariants()
        report.text = trace.text
    }

    /// The journal's files as they stand, for another process to replay.
    public borrowing func journalFiles() -> [(name: String, bytes: [UInt8])] {
        disk.asWritten { files in
            var found: [(name: String, bytes: [UInt8])] = []
            do throws(DiskError) {
                for name in try files.list() { found.append((name, try files.readAll(name, limit: 1 << 30))) }
            } catch {
                preconditionFailure("Invariant: a disk without faults is readable: \(error)")
            }
            return found
        }
    }
}
