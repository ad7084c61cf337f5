import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-13: the day's loss is measured from NAV at 00:00 UTC, and not from an earlier day's.
final class DayBegins: Invariant {
    private var last: (time: Timestamp, nav: Int64, dayStart: Int64)?

    var id: String { "S-13" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let told = simulation.withEngine { engine -> (time: Timestamp, nav: Int64, dayStart: Int64)? in
            guard let nav = engine.nav, let dayStart = engine.dayStartNav else { return nil }
            return (engine.navTime, nav.raw8, dayStart.raw8)
        }
        guard let now = told ?? nil else { return }
        let before = last
        last = now
        guard let before, now.time.utcDay > before.time.utcDay else { return }
        if now.dayStart == before.dayStart, before.nav != before.dayStart {
            throw Violation(id, "a new day is measured from \(now.dayStart), where NAV was \(before.nav)")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) { last = nil }
}
