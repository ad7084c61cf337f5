import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-18: from the moment that a ban is known no request leaves until its end; while throttled, nothing that raises
/// exposure.
final class BansHold: Invariant {
    private var bannedUntil = Timestamp.never
    private var throttledUntil = Timestamp.never
    /// When it was told, by the router's clock: what left in that very pump may have left before.
    private var toldAt = Timestamp.never

    var id: String { "S-18" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .venueChanged(let record) = notices[index].notice else { continue }
            switch record.condition {
            case .banned: bannedUntil = max(bannedUntil, record.until)
            case .throttled: throttledUntil = max(throttledUntil, record.until)
            case .disconnected, .connected, .reconciled, .halted, .resumed: continue
            }
            toldAt = simulation.routerTime
        }
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard let request = PaperRequest(message.frame) else { return }
        let now = simulation.routerTime
        guard now > toldAt else { return }
        if now < bannedUntil { throw Violation(id, "a request left during a ban: \(request)") }
        if case .submit(let order) = request, !order.reduceOnly, now < throttledUntil {
            throw Violation(id, "order \(order.id) left while the venue throttles")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        guard simulation.hasLostPower else { return }
        bannedUntil = .never
        throttledUntil = .never
    }
}
