import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-04: between two listings cash moves by what the fills realised less their fees and by funding, and by nothing
/// else.
final class CashConserved: Invariant {
    private var before: Int64?

    var id: String { "S-04" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let cash = (simulation.withEngine { $0.cash?.raw8 }) ?? nil
        let old = before
        before = cash
        var moved: Int64 = 0
        var fills: Int64 = 0
        for index in notices.indices {
            switch notices[index].notice {
            case .filled(let record):
                moved += record.realized - record.execution.fee
                fills += 1
            // A listing brings the venue's word, and with it transfers.
            case .venueChanged(let record): if record.instrument == .none { return }
            case .divergence: return
            case .funded(let record):
                moved -= record.payment.amount
                fills += 1
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .positionChanged,
                .parentClosed, .levelChanged, .tradingStateChanged, .riskModeChanged, .alarm, .policyComputed,
                .barClosed, .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .progressed, .tradeClosed, .riskChanged,
                .positionDecided:
                break
            }
        }
        guard fills > 0, let old, let cash else { return }
        // Each profit is told with eight decimals, the books have more.
        if abs(cash - old - moved) > 2 * fills + 1 {
            throw Violation(id, "cash moved by \(cash - old), the fills by \(moved) (units of 10^-8)")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) { before = nil }
}
