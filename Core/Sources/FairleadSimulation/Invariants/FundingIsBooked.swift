import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-04: what we booked as funding are the venue's payments, each once and to the unit: a part of them at any moment,
/// all of them at the end.
final class FundingIsBooked: Invariant {
    private var booked: [ExecutionID: FundingPayment] = [:]

    var id: String { "S-04" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .funded(let record) = notices[index].notice else { continue }
            if booked.updateValue(record.payment, forKey: record.payment.id) != nil {
                throw Violation(id, "payment \(record.payment.id.value) was booked twice")
            }
            try compare(record.payment, simulation)
        }
    }

    private func compare(_ payment: FundingPayment, _ simulation: borrowing Simulation) throws(Violation) {
        let found = simulation.withVenue { venue -> Bool in
            for offset in 0..<venue.ledger.fundingCount {
                if venue.ledger.funding(at: offset) == payment { return true }
            }
            return false
        }
        if found == false { throw Violation(id, "payment \(payment.id.value) was booked, and the venue has none") }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        // A loss of power takes back what was not synced: it is told again.
        booked = story.fundings
        if let twice = story.repeatedFundings.first { throw Violation(id, "payment \(twice.value) is booked twice") }
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        if let twice = story.repeatedFundings.first { throw Violation(id, "payment \(twice.value) is booked twice") }
        let owed = simulation.withVenue { venue -> ExecutionID? in
            for offset in 0..<venue.ledger.fundingCount {
                let payment = venue.ledger.funding(at: offset)
                if story.fundings[payment.id] != payment { return payment.id }
            }
            return nil
        }
        if let owed = owed ?? nil { throw Violation(id, "payment \(owed.value) of the venue was never booked") }
    }
}
