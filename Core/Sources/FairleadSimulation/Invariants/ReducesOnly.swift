import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// S-06, S-07: what may only reduce goes against the position, and all that is live of it together is no more than the
/// position has been since the oldest of it was decided: others may have closed a part of it meanwhile. What waits at
/// the venue for its price is one group, counts once, and holds nothing of the position before it is triggered.
final class ReducesOnly: Invariant {
    private var held: [PositionKey: [(time: Timestamp, quantity: Int64)]] = [:]
    /// Longer than any exit is under way.
    private static let memory = TimeSpan.hours(27)

    var id: String { "S-06" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .positionChanged(let record) = notices[index].notice else { continue }
            note(PositionKey(record.instrument, record.positionSide), record.quantity.raw, simulation)
        }
    }

    /// The last value from before the memory stays: it held until the next one.
    private func note(_ key: PositionKey, _ quantity: Int64, _ simulation: borrowing Simulation) {
        var list = held[key] ?? []
        list.append((simulation.routerTime, quantity))
        while list.count > 1, list[1].time < simulation.routerTime + -Self.memory { list.removeFirst() }
        held[key] = list
    }

    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {
        guard case .submit(let order) = message.frame, order.reduceOnly else { return }
        let key = PositionKey(order.instrument, order.positionSide)
        if let position = simulation.position(key) { note(key, position.raw, simulation) }
        var leaves: Int64 = 0
        var waiting: Int64 = 0
        var since = simulation.routerTime + -TimeSpan.seconds(30)
        _ = simulation.withEngine { engine in
            engine.forEachLiveOrder { row in
                let isSame = row.instrument == order.instrument && row.positionSide == order.positionSide
                guard isSame, row.reduceOnly, row.side == order.side else { return }
                if row.isWaiting { waiting = max(waiting, row.leaves.raw) } else { leaves += row.leaves.raw }
            }
            engine.forEachOpenParent { if $0.key == key { since = min(since, $0.acceptedAt) } }
        }
        let list = held[key] ?? []
        let first = list.lastIndex { $0.time <= since } ?? 0
        let most = list[first...].map { order.side == .sell ? $0.quantity : -$0.quantity }.max() ?? 0
        if most <= 0 { throw Violation(id, "\(order.id) reduces to the wrong side: there is nothing to \(order.side)") }
        if max(leaves, waiting, order.quantity.raw) > most {
            throw Violation("S-07", "\(order.id): \(max(leaves, waiting)) would close a position of \(most)")
        }
    }
}
