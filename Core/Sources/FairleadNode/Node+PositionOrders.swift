import FairleadEngine
import FairleadJournal
public import FairleadModel

/// A person's decisions about positions.
extension Node {
    /// Decides about a position at the next pump; where a `ticket` is given the answer comes by `takeOperatorReplies`.
    /// False when too many orders wait.
    public mutating func offer(_ order: PositionOrder, ticket: UInt64 = 0) -> Bool {
        guard positionOrders.count < capacities.operators else {
            counters.operatorsRefused += 1
            return false
        }
        positionOrders.append(PositionOrderInput(order: order, ticket: ticket, receivedAt: readClock()))
        return true
    }

    mutating func takePositionOrders() {
        while stepsLeft > 0, !positionOrders.isEmpty {
            let input = positionOrders.removeFirst()
            stepsLeft -= 1
            advance(to: min(input.receivedAt, pumpTime))
            let told = notices.end
            let isTaken = take(input)
            answer(input.ticket, isJournaled: isTaken, noticesFrom: told)
        }
        if !positionOrders.isEmpty { hasMore = true }
    }

    /// False where the journal takes no adoption: entries would follow in a position that is locked again after a
    /// restart. What only closes or stops something is taken all the same.
    private mutating func take(_ input: PositionOrderInput) -> Bool {
        switch input.order.action {
        case .adopt: guard !isJournalLost, journalFault == nil else { return false }
        case .close, .ignore: break
        }
        return step(.positionOrdered(input.order), at: max(input.receivedAt, fold.time))
    }
}

/// A person's decision about a position as it came in.
struct PositionOrderInput {
    var order: PositionOrder
    /// The sender's own number, given back with the answer; 0 where nobody waits for one.
    var ticket: UInt64
    var receivedAt: Timestamp
}
