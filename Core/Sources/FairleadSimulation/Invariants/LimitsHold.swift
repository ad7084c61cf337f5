import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-13: what risk lets pass is within the largest order in force at its decision: that of the configuration, also
/// right after a reload, or that which a person has set for a while, to its nanosecond. And nothing passes of a
/// strategy that a person has disabled.
///
/// What is in force is kept here by what the engine said when an override was set and removed; when one ends is told by
/// the clock alone.
final class LimitsHold: Invariant {
    /// Of the turn before: a reload takes effect within one.
    private var before: Money?
    private var overrides: [LimitOverride] = []
    /// Removed or replaced in this life: a crash may take that back.
    private var removed: [LimitOverride] = []
    private var isDisabled = false
    /// The row of the decision that is being told.
    private var row: RiskRow?

    var id: String { "S-13" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let last = before
        before = simulation.configuration.engine.risk.maximumOrderNotional
        for index in notices.indices {
            let entry = notices[index]
            switch entry.notice {
            case .riskChanged(let change): note(change)
            case .riskRow(let told): if told.rule == .maxOrderNotional { row = told }
            case .riskDecided(let record):
                defer { row = nil }
                if record.isReducing { continue }
                try judge(record, at: entry.time, [last, before], simulation)
            default: continue
            }
        }
    }

    private func judge(
        _ record: RiskDecision,
        at time: Timestamp,
        _ configured: [Money?],
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let isApproved = record.approvedQuantity > .zero
        if isDisabled, isApproved, !record.number.isInternal {
            throw Violation(id, "signal \(record.number) passed, and its strategy is disabled")
        }
        let own = value(for: record.instrument, at: time)
        let limits = own.map { [$0] } ?? configured.compactMap { $0?.raw8 }
        guard let limit = limits.max() else { return }
        if let row, row.isOverride != (own != nil) || !limits.contains(row.threshold) {
            let found = "\(row.threshold)\(row.isOverride ? " of an override" : "")"
            throw Violation(id, "signal \(record.number) was judged by \(found); \(limits) is in force")
        }
        guard let market = simulation.withEngine({ $0.marketRow(record.instrument) }) else { return }
        let terms = simulation.configuration.engine.instruments[Int(record.instrument.index)].terms
        let worth = terms.notional(market.bid, record.approvedQuantity)
        // Judged by the present price; the decision was by the limit or the far touch.
        if worth.raw8 > limit + limit / 5 {
            throw Violation(id, "signal \(record.number): \(worth.raw8) approved, \(limit) is the limit")
        }
    }

    /// The narrowest override of the largest order that holds at this moment.
    private func value(for instrument: InstrumentHandle, at time: Timestamp) -> Int64? {
        let held = overrides.filter { $0.since <= time && time < $0.until }
        return (held.first { $0.instrument == instrument } ?? held.first { $0.instrument == .none })?.value
    }

    private func note(_ change: RiskChange) {
        switch change.kind {
        case .strategyDisabled: if change.strategy == Simulation.strategy { isDisabled = true }
        case .strategyEnabled: if change.strategy == Simulation.strategy { isDisabled = false }
        case .replaced, .removed:
            guard change.limit == .orderNotional else { return }
            removed += overrides.filter { $0.number == change.number }
            overrides.removeAll { $0.number == change.number }
        case .overridden:
            guard change.limit == .orderNotional else { return }
            let order = RiskOrder(
                .overrideLimit,
                limit: .orderNotional,
                value: change.value,
                instrument: change.instrument,
                until: change.until,
                number: change.number
            )
            overrides.append(LimitOverride(order, since: change.since))
        // Its end is known from the beginning, and is not taken from the engine.
        case .expired, .refused: break
        }
    }

    /// An override whose removal the journal lost holds again; one whose removal it kept must not.
    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        before = nil
        let kept = Set(story.overridesRemoved.map(\.number))
        overrides += removed.filter { !kept.contains($0.number) }
        removed.removeAll()
    }

    /// What a crash took back with the journal's end is no longer in force, nor is what a fresh journal begins without.
    func started(_ simulation: borrowing Simulation) throws(Violation) {
        var standing: [LimitOverride] = []
        _ = simulation.withEngine { engine in
            engine.forEachOverride { if $0.limit == .orderNotional { standing.append($0) } }
        }
        let known = overrides
        for row in standing where !known.contains(where: { $0.number == row.number && $0.value == row.value }) {
            throw Violation(id, "an override of \(row.value) stands after a start, and nobody has set it")
        }
        overrides = standing
        isDisabled = simulation.withEngine { $0.isDisabled(Simulation.strategy) } ?? false
        row = nil
    }
}
