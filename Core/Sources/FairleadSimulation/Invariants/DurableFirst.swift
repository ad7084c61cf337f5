import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-12, S-16: where intents are synced, an order leaves only once the record that caused it is durable: by the
/// committer's word, and every so often by the disk's, as a loss of power would leave it at that moment. Exits may
/// leave while the journal is in trouble.
final class DurableFirst: Invariant {
    /// One order in so many is looked for on the disk: a look costs a copy of it.
    private static let share = 8
    private var causes: [ClientOrderID: UInt64] = [:]
    private var count = 0

    var id: String { "S-12" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .orderChanged(let change) = notices[index].notice, change.to == .submitted else { continue }
            causes[change.id] = notices[index].sequence
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.scenario.isDurableOnDisk else { return }
        guard case .submit(let order) = message.frame, let cause = causes[order.id] else { return }
        if order.reduceOnly, simulation.journalTrouble != nil { return }
        if let durable = simulation.committer?.durableThrough, durable < cause {
            throw Violation(id, "order \(order.id) of record \(cause) left when \(durable) was durable")
        }
        count += 1
        if count % Self.share == 1, !Self.holds(simulation.disk.withoutPower(), cause) {
            throw Violation("S-16", "order \(order.id) left, and its record \(cause) would not survive a loss of power")
        }
    }

    private static func holds(_ disk: MemoryDisk, _ sequence: UInt64) -> Bool {
        do throws(JournalError) {
            var reader = try JournalReader(disk, from: sequence)
            return try reader.next() != nil
        } catch {
            return false
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        causes.removeAll(keepingCapacity: true)
    }
}
