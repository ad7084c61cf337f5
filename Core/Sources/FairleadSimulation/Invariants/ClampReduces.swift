import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-14: sent <= approved <= sized <= requested; what Kelly's rule sizes is within `sizing.kelly.max_fraction` of NAV.
final class ClampReduces: Invariant {
    var id: String { "S-14" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            if case .sized(let record) = notices[index].notice {
                let engine = simulation.configuration.engine
                let terms = engine.instruments[Int(record.instrument.index)].terms
                try judge(record, terms, maximumFraction: engine.sizing.kelly.maximumFraction)
            }
            if case .riskDecided(let record) = notices[index].notice, record.approvedQuantity > record.sizedQuantity {
                throw Violation(id, "signal \(record.number) is approved for more than its size")
            }
        }
    }

    func judge(
        _ record: SizingRecord,
        _ terms: InstrumentTerms,
        maximumFraction: Rate
    ) throws(Violation) {
        if record.requestedQuantity > .zero, record.sizedQuantity > record.requestedQuantity {
            throw Violation(id, "signal \(record.number) is sized to more than it asked")
        }
        guard case .kelly = record.requested, record.sizedQuantity > .zero else { return }
        let worth = terms.notional(record.referencePrice, record.sizedQuantity).raw8
        // The record's NAV is rounded down: one of its last digit may be missing.
        let share = Int128(record.nav ?? 0) * Int128(maximumFraction.raw)
        guard record.nav != nil, Int128(worth - 1) * Int128(FixedPoint.one) <= share else {
            throw Violation(id, "signal \(record.number): Kelly's size is worth \(worth), over its share of NAV")
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame else { return }
        guard let exposure = simulation.truth.exposures[order.id.intent], exposure.approved > .zero else { return }
        if order.quantity > exposure.approved {
            throw Violation(id, "order \(order.id) asks \(order.quantity.raw) of \(exposure.approved.raw) approved")
        }
    }
}
