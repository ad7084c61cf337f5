import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-03: what we booked are the venue's executions, each once: a part of them at any moment, all of them at the end;
/// those of our orders as ours, those of another client as another's.
final class FillIntegrity: Invariant {
    private var booked: [ExecutionID: Execution] = [:]
    private var traded: [ExecutionID: PaperExecution] = [:]

    var id: String { "S-03" }

    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {
        for entry in simulation.truth.fresh { traded[entry.execution.executionID] = entry }
    }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .filled(let record) = notices[index].notice else { continue }
            if booked.updateValue(record.execution, forKey: record.execution.executionID) != nil {
                throw Violation(id, "execution \(record.execution.executionID.value) was booked twice")
            }
            try compare(record, simulation)
        }
    }

    private func compare(_ record: FillRecord, _ simulation: borrowing Simulation) throws(Violation) {
        let ours = record.execution
        guard let told = traded[ours.executionID] else {
            throw Violation(id, "execution \(ours.executionID.value) was booked, and the venue has none")
        }
        let theirs = told.execution
        let isSame =
            ours.price == theirs.price && ours.quantity == theirs.quantity && ours.side == theirs.side
            && ours.fee == theirs.fee && ours.instrument == theirs.instrument
            && ours.positionSide == theirs.positionSide
        if !isSame { throw Violation(id, "execution \(ours.executionID.value) differs from the venue's") }
        let isAnothers = told.client != simulation.clientNumber
        if record.isExternal != isAnothers {
            let whose = isAnothers ? "another client's" : "ours"
            throw Violation(id, "execution \(ours.executionID.value) is \(whose), and was booked otherwise")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        // A loss of power takes back what was not synced: it is told again.
        booked.removeAll(keepingCapacity: true)
        try take(story, simulation)
    }

    private func take(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        if let twice = story.repeatedFills.first { throw Violation(id, "execution \(twice.value) is booked twice") }
        for (_, record) in story.fills.sorted(by: { $0.key < $1.key }) {
            booked[record.execution.executionID] = record.execution
            try compare(record, simulation)
        }
    }

    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        try take(story, simulation)
        for number in traded.keys.sorted() where story.fills[number] == nil {
            throw Violation(id, "execution \(number.value) of the venue was never booked")
        }
    }
}
