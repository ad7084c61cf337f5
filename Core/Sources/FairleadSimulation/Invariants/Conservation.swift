import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-04: each position is the sum of its signed fills and of what a reconciliation set right.
final class Conservation: Invariant {
    private var sums: [PositionKey: Int64] = [:]

    var id: String { "S-04" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        var hasFilled = false
        for index in notices.indices {
            switch notices[index].notice {
            case .filled(let record):
                let execution = record.execution
                let key = PositionKey(execution.instrument, execution.positionSide)
                sums[key, default: 0] += execution.side.sign * execution.quantity.raw
                hasFilled = true
            case .divergence(let record):
                sums[PositionKey(record.instrument, record.positionSide)] = record.venue.raw
                hasFilled = true
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .positionChanged,
                .parentClosed, .levelChanged, .tradingStateChanged, .riskModeChanged, .alarm, .venueChanged,
                .policyComputed, .barClosed, .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
                .positionDecided:
                break
            }
        }
        if hasFilled { try compare(simulation) }
    }

    private func compare(_ simulation: borrowing Simulation) throws(Violation) {
        for index in 0..<simulation.configuration.engine.instruments.count {
            for side in PositionSide.allCases {
                let key = PositionKey(InstrumentHandle(index), side)
                guard let held = simulation.position(key), held.raw != sums[key] ?? 0 else { continue }
                throw Violation(id, "position \(index) \(side) is \(held.raw), its fills sum to \(sums[key] ?? 0)")
            }
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        sums.removeAll(keepingCapacity: true)
        for record in story.fills.values {
            let key = PositionKey(record.execution.instrument, record.execution.positionSide)
            sums[key, default: 0] += record.execution.side.sign * record.execution.quantity.raw
        }
        for (key, amount) in story.adjustments { sums[key, default: 0] += amount }
    }
}
