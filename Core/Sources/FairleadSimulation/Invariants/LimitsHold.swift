import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-13: what risk lets pass is within the largest order of the configuration in force, also right after a reload.
final class LimitsHold: Invariant {
    /// Of the turn before: a reload takes effect within one.
    private var before: Money?

    var id: String { "S-13" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let last = before
        before = simulation.configuration.engine.risk.maximumOrderNotional
        guard let last, let present = before else { return }
        let limit = max(last, present)
        for index in notices.indices {
            guard case .riskDecided(let record) = notices[index].notice, !record.isReducing else { continue }
            guard let row = simulation.withEngine({ $0.marketRow(record.instrument) }) else { return }
            let terms = simulation.configuration.engine.instruments[Int(record.instrument.index)].terms
            let worth = terms.notional(row.bid, record.approvedQuantity)
            // Judged by the present price; the decision was by the limit or the far touch.
            if worth.raw8 > limit.raw8 + limit.raw8 / 5 {
                throw Violation(id, "signal \(record.number): \(worth.raw8) approved, \(limit.raw8) is the limit")
            }
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) { before = nil }
}
