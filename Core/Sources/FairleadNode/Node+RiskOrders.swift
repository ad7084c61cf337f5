import FairleadEngine
import FairleadJournal
public import FairleadModel

/// A person's orders to the risk gateway, with the reason that is journaled before them.
extension Node {
    /// The longest reason, in Unicode scalars.
    public static var reasonLimit: Int { 200 }

    /// Directs the risk gateway at the next pump; where a `ticket` is given the answer comes by `takeOperatorReplies`.
    /// `reason` is kept with an override, whose number is given here. False when too many orders wait.
    public mutating func offer(_ order: RiskOrder, reason: String = "", ticket: UInt64 = 0) -> Bool {
        let length = reason.unicodeScalars.count
        precondition(length <= Self.reasonLimit, "Invariant: a reason is checked before it is offered")
        guard riskOrders.count < capacities.operators else {
            counters.operatorsRefused += 1
            return false
        }
        riskOrders.append(RiskOrderInput(order: order, reason: reason, ticket: ticket, receivedAt: readClock()))
        return true
    }

    /// Why the override of a number was set; nil once it has ended and another one came.
    public func overrideReason(_ number: UInt64) -> String? { fold.reasons[number] }

    mutating func takeRiskOrders() {
        while stepsLeft > 0, !riskOrders.isEmpty {
            let input = riskOrders.removeFirst()
            stepsLeft -= 1
            advance(to: min(input.receivedAt, pumpTime))
            let told = notices.end
            let isTaken = take(input)
            answer(input.ticket, isJournaled: isTaken, noticesFrom: told)
        }
        if !riskOrders.isEmpty { hasMore = true }
    }

    /// False where the journal takes no new override: it would be gone after a restart. What only stops something is
    /// taken all the same.
    private mutating func take(_ input: RiskOrderInput) -> Bool {
        var order = input.order
        let now = max(input.receivedAt, fold.time)
        if order.action == .overrideLimit {
            guard !isJournalLost, journalFault == nil else { return false }
            do throws(JournalError) {
                try referToTape(at: now)
                order.number = journal.sequence + 1
                let text = TextRecord(.overrideReason, key: order.number, text: input.reason)
                _ = try journal.append(.text(text), at: now)
            } catch {
                journalFault = error
                return false
            }
            fold.note(reason: input.reason, of: order.number)
        }
        return step(.riskOrdered(order), at: now)
    }
}

/// A person's order to the risk gateway as it came in.
struct RiskOrderInput {
    var order: RiskOrder
    var reason: String
    /// The sender's own number, given back with the answer; 0 where nobody waits for one.
    var ticket: UInt64
    var receivedAt: Timestamp
}

extension Fold {
    /// Keeps why a limit is overridden, as long as it is.
    mutating func note(reason: String, of number: UInt64) {
        var standing: [UInt64] = []
        engine.forEachOverride { standing.append($0.number) }
        reasons.add(number, reason) { standing.contains($0) }
    }
}
